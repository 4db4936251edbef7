//! What a run is given: nothing here is reached for.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::plan::Account;
use crate::terms::{Clock, Timestamp};
use crate::wechat::WeChat;

/// What a run acts on and with.
#[derive(Clone, Copy)]
pub struct World<'a> {
    /// The account as the files describe it: its policy is asked again before a send.
    pub account: &'a Account,
    /// Its API.
    pub wechat: &'a WeChat,
    /// Where pictures and lists are read from.
    pub files: &'a dyn Files,
    /// Now, and sleep.
    pub clock: &'a dyn Clock,
    /// Whether somebody wants it to end.
    pub interrupt: &'a Interrupt,
}

/// Reads files again, just before they are used: a picture to be uploaded, a list to be sent to.
pub trait Files: Send + Sync {
    /// All of a file.
    ///
    /// # Errors
    ///
    /// When it is gone or cannot be read.
    fn read(&self, path: &Path) -> io::Result<Vec<u8>>;

    /// Opens a file that may be long: a list of openids, just before a part of it is sent to.
    ///
    /// # Errors
    ///
    /// As [`Self::read`].
    fn open(&self, path: &Path) -> io::Result<Box<dyn io::Read + Send>> {
        Ok(Box::new(io::Cursor::new(self.read(path)?)))
    }
}

/// The files of this machine.
#[derive(Debug, Clone, Copy)]
pub struct Disk;

impl Files for Disk {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        std::fs::read(path)
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn io::Read + Send>> {
        Ok(Box::new(std::fs::File::open(path)?))
    }
}

/// How far a run goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The last kind of step that is done.
    pub stage: Stage,
    /// All waiting of the run together: for windows, repeats and final states.
    pub wait: Duration,
    /// How many uploads run side by side.
    pub parallel: usize,
}

/// The kinds of steps, in the order in which a send needs them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Pictures.
    Upload,
    /// Drafts.
    Draft,
    /// Previews.
    Preview,
    /// Sends, settling, and asking how they ended.
    Send,
}

/// Somebody's wish that the run ends: the call in flight is finished and recorded, nothing new is
/// started.
#[derive(Debug, Clone, Default)]
pub struct Interrupt(Arc<Wish>);

#[derive(Debug, Default)]
struct Wish {
    is_made: AtomicBool,
    told: tokio::sync::Notify,
}

impl Interrupt {
    /// Makes the wish.
    pub fn interrupt(&self) {
        self.0.is_made.store(true, Ordering::SeqCst);
        self.0.told.notify_waiters();
    }

    /// Whether it was made.
    pub fn is_made(&self) -> bool {
        self.0.is_made.load(Ordering::SeqCst)
    }

    /// Waits until it is made.
    pub async fn made(&self) {
        let told = self.0.told.notified();
        tokio::pin!(told);
        told.as_mut().enable();
        if !self.is_made() {
            told.await;
        }
    }
}

/// All the waiting that a run may still do.
#[derive(Debug, Clone, Copy)]
pub(super) struct Patience {
    ends: Timestamp,
}

/// What came of a wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Waited {
    /// The time has come.
    Until,
    /// It would take longer than the run may wait.
    TooLong,
    /// Somebody wants the run to end.
    Interrupted,
}

impl Patience {
    pub(super) fn new(now: Timestamp, wait: Duration) -> Self {
        Self { ends: now + wait }
    }

    /// Waits until `until`, if the run may wait so long.
    pub(super) async fn wait(self, until: Timestamp, world: &World<'_>) -> Waited {
        loop {
            let now = world.clock.now();
            if world.interrupt.is_made() {
                return Waited::Interrupted;
            }
            if now >= until {
                return Waited::Until;
            }
            if until > self.ends {
                return Waited::TooLong;
            }
            let left = Duration::try_from(until.duration_since(now)).unwrap_or(Duration::ZERO);
            tokio::select! {
                () = world.clock.sleep(left) => {}
                () = world.interrupt.made() => {}
            }
        }
    }
}
