//! The sandbox's time: somebody's time and an offset that only grows.
//!
//! Tests take it by hand; a demo lets it go by itself, where waiting 90 seconds moves the offset
//! and takes no time. With a state file the offset is kept there, so that time never goes
//! backwards from one run to the next and every process on the file sees the same.

use std::{
    sync::{
        Arc, OnceLock,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use crate::terms::{Clock, Timestamp};

use super::store::{Keep, Store};

/// The clock of a sandbox, and of whoever works with it. Clones show the same time.
#[derive(Clone)]
pub struct SandboxClock(Arc<Inner>);

struct Inner {
    base: Arc<dyn Clock>,
    offset_ms: AtomicU64,
    kept_in: OnceLock<Arc<Store>>,
}

impl SandboxClock {
    /// A clock that stands at `start` until it is moved: for tests.
    pub fn by_hand(start: Timestamp) -> Self {
        Self::by_itself(Arc::new(Standing(start)))
    }

    /// A clock that goes with `base`: for demos and the `sandbox` command.
    pub fn by_itself(base: Arc<dyn Clock>) -> Self {
        Self(Arc::new(Inner { base, offset_ms: AtomicU64::new(0), kept_in: OnceLock::new() }))
    }

    /// Moves the time forward at once; for a sandbox with a state file, durably.
    pub fn advance(&self, by: Duration) {
        let ms = u64::try_from(by.as_nanos().div_ceil(1_000_000)).unwrap_or(u64::MAX / 4);
        let kept = self.0.kept_in.get().map(|store| store.move_time(ms));
        match kept {
            Some(Ok(offset_ms)) => self.observe(offset_ms),
            Some(Err(problem)) => {
                tracing::warn!(%problem, "the sandbox's time is moved in this process only");
                self.0.offset_ms.fetch_add(ms, Ordering::SeqCst);
            }
            None => {
                self.0.offset_ms.fetch_add(ms, Ordering::SeqCst);
            }
        }
    }

    /// Takes over the time that sandboxes with this state have reached, without starting one. State
    /// that is not there yet has not moved it.
    ///
    /// # Errors
    ///
    /// When the state file cannot be read.
    pub fn resume(&self, keep: &Keep) -> std::io::Result<()> {
        match keep {
            Keep::File(path) if path.try_exists()? => {
                self.observe(Store::open(keep)?.time_moved()?);
                Ok(())
            }
            Keep::File(_) | Keep::Memory => Ok(()),
        }
    }

    /// Takes over an offset that another process may have moved.
    pub(super) fn observe(&self, offset_ms: u64) {
        self.0.offset_ms.fetch_max(offset_ms, Ordering::SeqCst);
    }

    /// Keeps the offset in a state file from now on, and takes over what it holds.
    pub(super) fn keep_in(&self, store: &Arc<Store>) -> std::io::Result<()> {
        if !store.keeps_time() {
            return Ok(());
        }
        let mine = self.0.offset_ms.load(Ordering::SeqCst);
        let held = store.time_moved()?;
        let offset_ms = store.move_time(mine.saturating_sub(held))?;
        self.observe(offset_ms);
        // A clock that serves two files is kept in the first: both still move together.
        drop(self.0.kept_in.set(Arc::clone(store)));
        Ok(())
    }
}

#[async_trait::async_trait]
impl Clock for SandboxClock {
    fn now(&self) -> Timestamp {
        let offset = Duration::from_millis(self.0.offset_ms.load(Ordering::SeqCst));
        self.0.base.now().saturating_add(offset).unwrap_or(Timestamp::MAX)
    }

    async fn sleep(&self, duration: Duration) {
        self.advance(duration);
        tokio::task::yield_now().await;
    }
}

impl std::fmt::Debug for SandboxClock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("SandboxClock").field(&self.now()).finish()
    }
}

/// A time that does not pass.
struct Standing(Timestamp);

#[async_trait::async_trait]
impl Clock for Standing {
    fn now(&self) -> Timestamp {
        self.0
    }

    async fn sleep(&self, _: Duration) {}
}
