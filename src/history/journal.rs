//! The one door for writing: numbers, dates and chains what happened, and reads it back.
//!
//! Whatever a store answers to a write, the log says what happened. So after every try the journal
//! reads what is new, folds it, and looks for its own nonce (R1, R6): found, the write is made, even
//! if its answer was lost or it arrived late; not found, another's record took the number or
//! nothing was written, and it tries again at the new head.

use std::time::Duration;

use jiff::SignedDuration;
use sha2::{Digest, Sha256};

use crate::terms::{
    AppId, Clock, Effect, Fingerprint, Generation, HistoryId, RunId, Timestamp, hex,
};

use super::store::Created;
use super::{DamagedHistory, Entry, Fact, Ledger, Record, Seq, Store, StoreError};

/// How far clocks may be apart (R10): the protocol stops a run whose skew is greater.
pub(super) const CLOCK_SLACK: SignedDuration = SignedDuration::from_mins(2);

/// How often others may take the number first. Each time one of them got on, so this many for one
/// write means that something writes without end.
const COLLISIONS_MAX: u32 = 10_000;

/// How often in a row the store may fail to answer.
const TROUBLES_MAX: u32 = 8;

/// How long to wait after the second failure in a row; doubled after each further one, 25 s in all.
const PAUSE: Duration = Duration::from_millis(200);

/// Who writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// Made by chance for this run.
    pub id: RunId,
    /// `apply`, `approve`, `resolve`.
    pub command: String,
    /// The program's version.
    pub version: String,
    /// The person or the CI job, as the surroundings name them.
    pub actor: Option<String>,
    /// The git commit of the files, where it is known.
    pub commit: Option<String>,
    /// Made by chance for this run; nonces are drawn from it.
    pub nonce_seed: [u8; 32],
}

/// What the first record of a log ties together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binding {
    /// The identity that a new history gets; one that has begun keeps its own.
    pub history: HistoryId,
    /// The account, which a history that has begun must name.
    pub appid: AppId,
}

/// What a fact is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct About {
    /// Which send's part, if it is about one.
    pub effect: Option<Effect>,
    /// Of the effect.
    pub generation: Generation,
}

impl About {
    /// No send: an upload, say.
    pub const NO_SEND: Self = Self { effect: None, generation: Generation::FIRST };

    /// One generation of a send's part.
    pub fn send(effect: Effect, generation: Generation) -> Self {
        Self { effect: Some(effect), generation }
    }
}

/// What became of a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Decided {
    /// It is durable, and was read back.
    Written,
    /// What it was judged from does not hold any more, and it was not written.
    NoLonger,
}

/// Why something could not be recorded.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// The store failed. After a write, the record may be there or not.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The log is not what this program writes.
    #[error(transparent)]
    Damaged(#[from] DamagedHistory),
    /// An account is its appid, and this is another's log.
    #[error("the history belongs to {found}, and not to {expected}")]
    OtherAccount {
        /// Whose it should be.
        expected: AppId,
        /// Whose it is.
        found: AppId,
    },
    /// The log does not begin by saying whose it is.
    #[error("the history does not begin by naming its account")]
    NoBeginning,
    /// The clock is behind what is recorded (R10).
    #[error("the clock says {now}, and record {seq} of the history is of {last}")]
    ClockBehind {
        /// What the clock says.
        now: Timestamp,
        /// The last record's time.
        last: Timestamp,
        /// The last record.
        seq: Seq,
    },
    /// R1: the store says that a record is there, and does not show it.
    #[error("the history says that there are records after {seq}, and does not show them")]
    NotReadBack {
        /// The last record that it shows.
        seq: Seq,
    },
    /// The protocol does not allow the record now, and it was not written: once there, it would
    /// spoil the history for good.
    #[error("not recorded, because {what}")]
    NotAllowed {
        /// Why not.
        what: &'static str,
    },
    /// Others wrote first, every time.
    #[error("gave up writing to the history after others came first {COLLISIONS_MAX} times")]
    Crowded,
}

/// Writes what one run does to one account's log, and keeps the fold of all that is in it.
pub struct Journal<'a> {
    store: &'a dyn Store,
    clock: &'a dyn Clock,
    run: Run,
    binding: Binding,
    ledger: Ledger,
    /// The newest folded record's time.
    last: Option<Timestamp>,
    /// How many nonces were drawn.
    drawn: u64,
}

/// What must hold of the ledger for an entry to be written.
type Still<'a> = &'a (dyn Fn(&Ledger) -> bool + Sync);

/// How one try to write ended, as the log tells it.
enum Try {
    Written,
    /// Another's records are in the way.
    Taken,
    /// The store did not answer, and nothing is there, or nothing could be read.
    Failed(StoreError),
}

impl<'a> Journal<'a> {
    /// Reads the whole log and writes nothing: a run with nothing to do leaves no trace.
    ///
    /// # Errors
    ///
    /// [`JournalError::OtherAccount`] for another account's log, and what reading and folding meet.
    pub async fn open(
        store: &'a dyn Store,
        clock: &'a dyn Clock,
        run: Run,
        binding: Binding,
    ) -> Result<Self, JournalError> {
        let ledger = Ledger::new();
        let mut journal = Self { store, clock, run, binding, ledger, last: None, drawn: 0 };
        journal.refresh().await?;
        Ok(journal)
    }

    /// What happened so far, as far as this journal has read.
    pub fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// Which run writes here.
    pub fn run(&self) -> &RunId {
        &self.run.id
    }

    /// Begins an empty log with its first records: whose it is, and which run says so.
    ///
    /// # Errors
    ///
    /// As [`Journal::note_all`]; a log that has begun is left as it is.
    pub async fn begin(&mut self) -> Result<(), JournalError> {
        let is_empty = |ledger: &Ledger| ledger.head().0 == Seq::NONE;
        let (Decided::Written | Decided::NoLonger) = self.append(&[], &is_empty).await?;
        Ok(())
    }

    /// Keeps bytes that a record names by their fingerprint: durable before the record is.
    ///
    /// # Errors
    ///
    /// What writing meets.
    pub async fn put_blob(&self, bytes: &[u8]) -> Result<Fingerprint, JournalError> {
        Ok(self.store.put_blob(bytes).await?)
    }

    /// The bytes that a record names.
    ///
    /// # Errors
    ///
    /// What reading meets; bytes that do not have the fingerprint are never given out.
    pub async fn blob(&self, name: &Fingerprint) -> Result<Option<Vec<u8>>, JournalError> {
        Ok(self.store.blob(name).await?)
    }

    /// Reads and folds what others wrote.
    ///
    /// # Errors
    ///
    /// As [`Journal::open`].
    pub async fn refresh(&mut self) -> Result<(), JournalError> {
        self.fold_news("").await.map(|_| ())
    }

    /// Records a fact that already happened, wherever the head is.
    ///
    /// # Errors
    ///
    /// As [`Journal::note_all`].
    pub async fn note(&mut self, about: About, fact: Fact) -> Result<(), JournalError> {
        self.note_all(vec![(about, fact)]).await
    }

    /// Records facts that already happened, wherever the head is, in one durable write.
    ///
    /// Others' records are folded and do not stop it; a store that does not answer is asked nine
    /// times within 25 s, its own waiting aside.
    ///
    /// # Errors
    ///
    /// [`JournalError::NotAllowed`] when another run was the first to record that a send was
    /// accepted, say: the ledger then shows it, and none of `facts` is written.
    /// [`JournalError::ClockBehind`], and what reading, writing and folding meet: then a receipt has
    /// to take the record's place.
    pub async fn note_all(&mut self, facts: Vec<(About, Fact)>) -> Result<(), JournalError> {
        if facts.is_empty() {
            return Ok(());
        }
        match self.append(&facts, &|_| true).await? {
            Decided::Written => Ok(()),
            Decided::NoLonger => unreachable!("facts are written without a condition"),
        }
    }

    /// Records a decision, on a head of which `still` holds.
    ///
    /// `still` is asked of every ledger that the record could follow on, so that what it looked at
    /// cannot have changed when the record becomes durable (R14).
    ///
    /// # Errors
    ///
    /// [`JournalError::ClockBehind`], and what reading, writing and folding meet. After an error
    /// the decision may have been recorded, so it must not be acted on: the next run settles it.
    pub async fn decide(
        &mut self,
        about: About,
        fact: Fact,
        still: &(dyn Fn(&Ledger) -> bool + Sync),
    ) -> Result<Decided, JournalError> {
        self.append(&[(about, fact)], still).await
    }

    async fn append(
        &mut self,
        facts: &[(About, Fact)],
        still: Still<'_>,
    ) -> Result<Decided, JournalError> {
        // One nonce for all tries: whichever of them arrives, it is this write, and since no number
        // is left before it was seen to be taken by another, only one of them can.
        let nonce = self.draw_nonce();
        let (mut collisions, mut troubles) = (0, 0);
        // Asked anew only of another head: a try at this one may yet arrive, so it stays decided.
        let mut holds = still(&self.ledger);
        while holds {
            match self.attempt(&nonce, facts).await? {
                Try::Written => return Ok(Decided::Written),
                Try::Taken if collisions == COLLISIONS_MAX => return Err(JournalError::Crowded),
                Try::Taken => {
                    // The store answers, so the next failure is a first one again.
                    (collisions, troubles) = (collisions + 1, 0);
                    holds = still(&self.ledger);
                }
                Try::Failed(error) if troubles == TROUBLES_MAX => return Err(error.into()),
                Try::Failed(_) => {
                    troubles += 1;
                    self.pause(troubles).await;
                }
            }
        }
        Ok(Decided::NoLonger)
    }

    /// Tries once at the head as it is known, and reads what came of it.
    async fn attempt(&mut self, nonce: &str, facts: &[(About, Fact)]) -> Result<Try, JournalError> {
        let head = self.ledger.head().0;
        let batch = self.batch(nonce, facts)?;
        let trouble = match self.store.create(&batch).await {
            Ok(Created::Written | Created::Taken) => None,
            Err(error) if is_passing(&error) => Some(error),
            Err(error) => {
                self.refresh().await?;
                return Err(error.into());
            }
        };
        match self.fold_news(nonce).await {
            Ok(Own::Found) => Ok(Try::Written),
            Ok(Own::NotFound) if self.ledger.head().0 > head => Ok(Try::Taken),
            Ok(Own::NotFound) => match trouble {
                Some(error) => Ok(Try::Failed(error)),
                None => Err(JournalError::NotReadBack { seq: head }),
            },
            Err(JournalError::Store(error)) if is_passing(&error) => Ok(Try::Failed(error)),
            Err(error) => Err(error),
        }
    }

    async fn pause(&self, troubles: u32) {
        // The first time nothing is waited for: R6 reads the slot, and tries an empty one again.
        if let Some(doublings) = troubles.checked_sub(2) {
            self.clock.sleep(PAUSE * 2_u32.pow(doublings)).await;
        }
    }

    /// Makes the next records: the facts, and before them what has to come first.
    fn batch(&self, nonce: &str, facts: &[(About, Fact)]) -> Result<Vec<Record>, JournalError> {
        let at = self.time()?;
        let (mut seq, mut prev) = self.ledger.head();
        let mut records = Vec::new();
        for (about, fact) in self.preamble().into_iter().chain(facts.iter().cloned()) {
            let entry = Entry {
                at,
                run: self.run.id.clone(),
                nonce: nonce.to_owned(),
                effect: about.effect,
                generation: about.generation,
                fact,
            };
            self.ledger.allows(&entry).map_err(|what| JournalError::NotAllowed { what })?;
            let record = Record::chain(seq.next(), prev, entry);
            (seq, prev) = (record.seq, record.hash.clone());
            records.push(record);
        }
        Ok(records)
    }

    fn preamble(&self) -> Vec<(About, Fact)> {
        let mut facts = Vec::new();
        if self.ledger.head().0 == Seq::NONE {
            let Binding { history, appid } = self.binding.clone();
            facts.push((About::NO_SEND, Fact::HistoryOpened { history, appid }));
        }
        if !self.ledger.run_started(&self.run.id) {
            let Run { command, version, actor, commit, .. } = self.run.clone();
            facts.push((About::NO_SEND, Fact::RunStarted { command, version, actor, commit }));
        }
        facts
    }

    /// The time for the next records: never before the last one's (R10).
    fn time(&self) -> Result<Timestamp, JournalError> {
        let now = self.clock.now();
        match self.last {
            Some(last) if last.duration_since(now) > CLOCK_SLACK => {
                Err(JournalError::ClockBehind { now, last, seq: self.ledger.head().0 })
            }
            Some(last) => Ok(now.max(last)),
            None => Ok(now),
        }
    }

    /// Folds what is new, and says whether this run's write with `nonce` is in it.
    async fn fold_news(&mut self, nonce: &str) -> Result<Own, JournalError> {
        let news = self.store.read_after(self.ledger.head().0).await?;
        let mut own = Own::NotFound;
        for record in &news {
            self.check_beginning(record)?;
            self.ledger.fold(record)?;
            self.last = Some(record.entry.at);
            if record.entry.nonce == nonce && record.entry.run == self.run.id {
                own = Own::Found;
            }
        }
        Ok(own)
    }

    fn check_beginning(&self, record: &Record) -> Result<(), JournalError> {
        match &record.entry.fact {
            Fact::HistoryOpened { appid, .. } if *appid != self.binding.appid => {
                let (expected, found) = (self.binding.appid.clone(), appid.clone());
                Err(JournalError::OtherAccount { expected, found })
            }
            Fact::HistoryOpened { .. } => Ok(()),
            _ if record.seq == Seq::NONE.next() => Err(JournalError::NoBeginning),
            _ => Ok(()),
        }
    }

    fn draw_nonce(&mut self) -> String {
        self.drawn += 1;
        let mut hasher = Sha256::new();
        hasher.update(self.run.nonce_seed);
        hasher.update(self.drawn.to_be_bytes());
        hex(&hasher.finalize()[..16])
    }
}

/// Whether a write is among the records that were read.
enum Own {
    Found,
    NotFound,
}

/// Whether asking the store again may help.
fn is_passing(error: &StoreError) -> bool {
    match error {
        StoreError::Unreachable { .. } | StoreError::Ambiguous { .. } => true,
        StoreError::Damaged { .. }
        | StoreError::DamagedBlob { .. }
        | StoreError::Corrupt { .. }
        | StoreError::NotNext { .. }
        | StoreError::AlreadyAccepted { .. }
        | StoreError::Missing { .. }
        | StoreError::NotAHistory { .. }
        | StoreError::Newer { .. }
        | StoreError::ReadOnly { .. }
        | StoreError::NetworkFileSystem { .. } => false,
    }
}
