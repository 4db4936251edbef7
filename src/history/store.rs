//! Where one account's log is kept: what every store promises, and the rule that each follows.
//!
//! A store can do one thing to a log: create record N, or say that N is taken. From that alone the
//! journal makes everything that the exactly-once protocol asks for, so a store stays small enough
//! to be trusted, and SQLite, PostgreSQL and an object store can make the same promise.

use std::error::Error;
use std::path::PathBuf;

use async_trait::async_trait;

use crate::terms::{Effect, Fingerprint};

use super::{Record, RecordHash, Seq};

/// One account's log, and the blobs that its records name.
///
/// Every write is durable before it returns: a power cut after `Ok` loses nothing.
#[async_trait]
pub trait Store: Send + Sync {
    /// Reads the records after `after`, in order; [`Seq::NONE`] reads all of them.
    ///
    /// Each record is parsed from its stored text and compared with what was stored beside it. That
    /// they follow one another is for the fold to judge, which knows what came before.
    ///
    /// # Errors
    ///
    /// [`StoreError::Damaged`] for a row that is not the record that was written, and
    /// [`StoreError::Unreachable`].
    async fn read_after(&self, after: Seq) -> Result<Vec<Record>, StoreError>;

    /// Writes records at the end of the log: all of them, or none. This is the only write.
    ///
    /// # Errors
    ///
    /// [`StoreError::Ambiguous`] when they may or may not have been written (R6: read the slot),
    /// [`StoreError::NotNext`] and [`StoreError::AlreadyAccepted`] for records that this log must
    /// not hold, and [`StoreError::Unreachable`] when surely nothing was written.
    async fn create(&self, records: &[Record]) -> Result<Created, StoreError>;

    /// Keeps bytes that are too long for a record, or too private: a list of openids.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unreachable`] and [`StoreError::Ambiguous`]; keeping the same bytes again is
    /// harmless.
    async fn put_blob(&self, bytes: &[u8]) -> Result<Fingerprint, StoreError>;

    /// Reads a blob back, and checks that it is what was kept; `None` if it never was.
    ///
    /// # Errors
    ///
    /// [`StoreError::DamagedBlob`] and [`StoreError::Unreachable`].
    async fn blob(&self, fingerprint: &Fingerprint) -> Result<Option<Vec<u8>>, StoreError>;
}

/// What became of a write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Created {
    /// The records are durable.
    Written,
    /// The number belongs to another record, and nothing was written.
    Taken,
}

/// What a store met, in its own words.
pub(super) type Cause = Box<dyn Error + Send + Sync>;

/// Why a store could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Surely nothing was written; trying again later may help.
    #[error("cannot reach the history {place}")]
    Unreachable {
        /// Which store.
        place: String,
        /// What it met.
        source: Cause,
    },
    /// The write may or may not be there (R6).
    #[error("a write to the history {place} may or may not have been made")]
    Ambiguous {
        /// Which store.
        place: String,
        /// What it met.
        source: Cause,
    },
    /// A stored row is not the record that was written.
    #[error("record {seq} of the history is damaged: {why}")]
    Damaged {
        /// Which record.
        seq: Seq,
        /// What is wrong with it.
        why: String,
    },
    /// Stored bytes are not those that were kept.
    #[error("blob {} of the history is damaged", .blob.short())]
    DamagedBlob {
        /// Which bytes.
        blob: Fingerprint,
    },
    /// The store as a whole cannot be read any more.
    #[error("the history {place} is damaged")]
    Corrupt {
        /// Which store.
        place: String,
        /// What it met.
        source: Cause,
    },
    /// A record was to be written that does not follow the last one: the log is not the one that
    /// it was judged from.
    #[error("record {seq} does not follow the history's record {head}")]
    NotNext {
        /// What was to be written.
        seq: Seq,
        /// What it should follow.
        head: Seq,
    },
    /// R7: a send is accepted once, whoever learnt of it first.
    #[error("effect {effect} is already recorded as accepted")]
    AlreadyAccepted {
        /// Which send's part.
        effect: Effect,
    },
    /// There is no file to write to, and none was to be made.
    #[error("there is no history at {}", .path.display())]
    Missing {
        /// Where it should be.
        path: PathBuf,
    },
    /// A file is there, and it is something else, or an emptied history.
    #[error("{} is not a history of qunfa", .path.display())]
    NotAHistory {
        /// Which file.
        path: PathBuf,
    },
    /// A newer qunfa made it.
    #[error("the history {} has format {version}, and this program knows formats up to {known}", .path.display())]
    Newer {
        /// Which file.
        path: PathBuf,
        /// What it says of itself.
        version: u32,
        /// What is known here.
        known: u32,
    },
    /// The file may be read and not written.
    #[error("the history {} is read-only", .path.display())]
    ReadOnly {
        /// Which file.
        path: PathBuf,
    },
    /// Two machines could not lock each other out of the file.
    #[error("the history {} is on a network file system ({kind}), whose locks cannot be trusted", .path.display())]
    NetworkFileSystem {
        /// Which file.
        path: PathBuf,
        /// Such as `nfs4`.
        kind: String,
    },
}

/// Whether the number that a write wants is still free.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Slot {
    Free,
    Taken,
}

/// Judges a write from the head of the log: the one rule that every store follows.
///
/// A taken number is told first, since it is the answer to a repeated write whatever else is wrong.
pub(super) fn judge(records: &[Record], head: Seq, hash: &RecordHash) -> Result<Slot, StoreError> {
    if records.first().is_some_and(|first| first.seq <= head) {
        return Ok(Slot::Taken);
    }
    let (mut last, mut prev) = (head, hash);
    for record in records {
        if record.seq != last.next() || record.prev != *prev {
            return Err(StoreError::NotNext { seq: record.seq, head: last });
        }
        if !record.is_intact() {
            let why = "its hash is not that of its text".to_owned();
            return Err(StoreError::Damaged { seq: record.seq, why });
        }
        (last, prev) = (record.seq, &record.hash);
    }
    Ok(Slot::Free)
}
