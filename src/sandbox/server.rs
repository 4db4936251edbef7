//! The sandbox as its owner holds it: start and stop, order faults, look at what happened.

use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::{net::TcpListener, sync::watch, task::JoinHandle};
use url::Url;

use crate::terms::{Clock as _, JobStatus, MediaId, Timestamp};

use super::{
    account::Account,
    clock::SandboxClock,
    draft::DraftSeen,
    fault::{CallSeen, Fault, Faults},
    http,
    job::Job,
    media::{self, Uploaded},
    preview::PreviewSeen,
    rules::{Rules, Tag},
    store::{Keep, Store},
};

/// A running sandbox: an HTTP server in this process, for one account or several.
///
/// What a method here does or shows concerns all its accounts. Dropping it stops it too.
pub struct Sandbox {
    shared: Arc<Shared>,
    address: SocketAddr,
    stop: watch::Sender<bool>,
    accepting: JoinHandle<()>,
}

/// What every connection works with.
pub(super) struct Shared {
    pub(super) accounts: Vec<Arc<Rules>>,
    pub(super) store: Arc<Store>,
    pub(super) clock: SandboxClock,
    pub(super) faults: Mutex<Faults>,
    pub(super) seen: Mutex<Vec<CallSeen>>,
}

impl Sandbox {
    /// Starts a sandbox for one account on a free port of 127.0.0.1.
    ///
    /// # Errors
    ///
    /// When the state file cannot be opened or no port is free.
    pub async fn start(rules: Rules, keep: Keep, clock: SandboxClock) -> io::Result<Self> {
        let free = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        Self::listen(free, vec![rules], keep, clock).await
    }

    /// Starts a sandbox for several accounts on a given address.
    ///
    /// # Errors
    ///
    /// When the state file cannot be opened or the address cannot be had.
    ///
    /// # Panics
    ///
    /// Without any account.
    pub async fn listen(
        address: SocketAddr,
        rules: Vec<Rules>,
        keep: Keep,
        clock: SandboxClock,
    ) -> io::Result<Self> {
        assert!(!rules.is_empty(), "a sandbox has at least one account");
        let store = Arc::new(Store::open(&keep)?);
        clock.keep_in(&store)?;
        let accounts: Vec<Arc<Rules>> = rules.into_iter().map(Arc::new).collect();
        for rules in &accounts {
            store.with(rules, &clock, |_, _| ())?; // what is seeded shows before the first call
        }
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        let (faults, seen) = (Mutex::default(), Mutex::default());
        let shared = Arc::new(Shared { accounts, store, clock, faults, seen });
        let (stop, stopping) = watch::channel(false);
        let accepting = tokio::spawn(http::accept(listener, Arc::clone(&shared), stopping));
        Ok(Self { shared, address, stop, accepting })
    }

    /// Where it listens, such as `http://127.0.0.1:40123/`.
    ///
    /// # Panics
    ///
    /// Never: a socket address is a host and a port.
    pub fn base_url(&self) -> Url {
        Url::parse(&format!("http://{}/", self.address)).expect("a socket address is an authority")
    }

    /// Its clock: the tool's own time too, as long as it works on a sandbox.
    pub fn clock(&self) -> SandboxClock {
        self.shared.clock.clone()
    }

    /// Stops it: calls that are being answered are answered, stalled ones are cut.
    pub async fn stopped(self) {
        self.stop.send_replace(true);
        if let Err(problem) = self.accepting.await {
            tracing::warn!(%problem, "the sandbox's server did not end well");
        }
    }

    /// Orders a fault.
    ///
    /// # Panics
    ///
    /// When no call has the name that the fault is for.
    pub fn break_next(&self, fault: Fault) {
        self.shared.faults().order(fault);
    }

    /// Lets every job end now.
    ///
    /// # Panics
    ///
    /// When the state file can no longer be written; so do all that follow.
    pub fn finish_jobs(&self) {
        self.each(|account, now| {
            for job in &mut account.state.jobs {
                job.ends_at = job.ends_at.min(now);
            }
        });
    }

    /// Orders how the next job ends: [`JobStatus::Failed`], say. Several orders are kept in order.
    pub fn end_next_job(&self, status: &JobStatus) {
        self.each(|account, _| account.state.endings.push(status.clone()));
    }

    /// The mass send jobs it made, oldest first.
    pub fn jobs(&self) -> Vec<Job> {
        self.gather(|account, now| account.state.jobs.iter().map(|job| job.seen(now)).collect())
    }

    /// The calls that this process saw, oldest first.
    pub fn calls(&self) -> Vec<CallSeen> {
        self.shared.seen().clone()
    }

    /// The drafts that live.
    pub fn drafts(&self) -> Vec<DraftSeen> {
        self.gather(|account, _| {
            let drafts = account.state.drafts.iter().map(|(media_id, draft)| DraftSeen {
                media_id: media_id.clone(),
                articles: draft.articles.clone(),
                updated_at: draft.updated_at,
            });
            drafts.collect()
        })
    }

    /// The previews that were delivered, oldest first.
    pub fn previews(&self) -> Vec<PreviewSeen> {
        self.gather(|account, _| account.state.previews.clone())
    }

    /// The pictures uploaded for article bodies, oldest first.
    pub fn images(&self) -> Vec<Uploaded> {
        self.gather(|account, _| account.state.images.clone())
    }

    /// The permanent materials that are there.
    pub fn materials(&self) -> Vec<Uploaded> {
        self.gather(|account, _| account.state.materials.values().cloned().collect())
    }

    /// The temporary media that still live.
    pub fn temporary_media(&self) -> Vec<Uploaded> {
        self.gather(|account, now| {
            let files = account.state.temporary.values();
            files.filter(|file| media::is_alive(file.at, now)).cloned().collect()
        })
    }

    /// Makes a tag, or changes the one with this id. The account gets as many followers as the tag
    /// needs; who has which tag may change then.
    pub fn set_tag(&self, name: &str, id: u32, count: u32) {
        self.each(|account, _| {
            let tag = Tag { id, name: name.to_owned(), count };
            account.state.followers = account.state.followers.max(count);
            match account.state.tags.iter_mut().find(|known| known.id == id) {
                Some(known) => *known = tag,
                None => account.state.tags.push(tag),
            }
        });
    }

    /// Takes a draft away, as if somebody had sent it in the console.
    pub fn remove_draft(&self, media_id: &MediaId) {
        self.each(|account, _| drop(account.state.drafts.remove(media_id.as_str())));
    }

    /// Takes a permanent material away, as if somebody had deleted it in the console.
    pub fn remove_material(&self, media_id: &MediaId) {
        self.each(|account, _| drop(account.state.materials.remove(media_id.as_str())));
    }

    /// Lets every token expire now: the next call with one gets 42001.
    pub fn expire_tokens(&self) {
        self.each(|account, now| account.state.tokens.expire(now));
    }

    fn each(&self, work: impl Fn(&mut Account, Timestamp)) {
        self.gather::<()>(|account, now| {
            work(account, now);
            Vec::new()
        });
    }

    fn gather<T>(&self, look: impl Fn(&mut Account, Timestamp) -> Vec<T>) -> Vec<T> {
        self.shared.gather(look).expect("the sandbox's state file can be read and written")
    }
}

impl Shared {
    /// Asks every account in turn.
    pub(super) fn gather<T>(
        &self,
        look: impl Fn(&mut Account, Timestamp) -> Vec<T>,
    ) -> io::Result<Vec<T>> {
        let mut all = Vec::new();
        for rules in &self.accounts {
            all.extend(self.store.with(rules, &self.clock, &look)?);
        }
        Ok(all)
    }

    /// The order book of faults.
    pub(super) fn faults(&self) -> MutexGuard<'_, Faults> {
        self.faults.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The list of calls seen.
    pub(super) fn seen(&self) -> MutexGuard<'_, Vec<CallSeen>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The time now.
    pub(super) fn now(&self) -> Timestamp {
        self.clock.now()
    }
}
