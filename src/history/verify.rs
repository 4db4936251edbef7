//! Proves that a log is whole: every link from the first record on.

use crate::terms::{AppId, HistoryId, Timestamp};

use super::journal::CLOCK_SLACK;
use super::{Fact, Record, RecordHash, Seq};

/// A log whose every link holds.
///
/// It proves that nothing between the first record and `head` was changed, dropped or put in. That
/// nothing was cut off at the end only an anchor kept elsewhere can prove: compare `head` with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// The last record's number, which is also how many there are.
    pub head: Seq,
    /// The last record's hash.
    pub hash: RecordHash,
    /// Which history it is and whose, if it has begun.
    pub opened: Option<(HistoryId, AppId)>,
}

/// Where a log is not what was written, or what must not have been.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    /// A record is missing, doubled or out of order.
    #[error("record {expected} should come next, and there is record {found}")]
    Number {
        /// What should be there.
        expected: Seq,
        /// What is there.
        found: Seq,
    },
    /// A record's text was changed.
    #[error("the text of record {seq} was changed: its hash is another")]
    Text {
        /// Which record.
        seq: Seq,
    },
    /// A record is chained to another one than the one before it.
    #[error("record {seq} does not name record {} as the one before it", .seq.0 - 1)]
    Link {
        /// Which record.
        seq: Seq,
    },
    /// The log does not begin by saying which history it is.
    #[error("record 1 does not open the history")]
    NotOpened,
    /// It says again which history it is.
    #[error("record {seq} opens the history once more")]
    OpenedAgain {
        /// Which record.
        seq: Seq,
    },
    /// A record is more than two minutes earlier than the one before it (R10).
    #[error("record {seq} is of {at}, and the one before it of {before}")]
    Time {
        /// Which record.
        seq: Seq,
        /// Its time.
        at: Timestamp,
        /// The time of the record before it.
        before: Timestamp,
    },
}

/// Checks every link of a whole log, from the first record on.
///
/// # Errors
///
/// The first place where it is broken.
pub fn verify(records: &[Record]) -> Result<Verified, Broken> {
    let mut so_far = Verified { head: Seq::NONE, hash: RecordHash::none(), opened: None };
    let mut before: Option<Timestamp> = None;
    for record in records {
        so_far = follow(so_far, record)?;
        let at = record.entry.at;
        match before {
            Some(before) if before.duration_since(at) > CLOCK_SLACK => {
                return Err(Broken::Time { seq: record.seq, at, before });
            }
            _ => before = Some(at),
        }
    }
    Ok(so_far)
}

fn follow(so_far: Verified, record: &Record) -> Result<Verified, Broken> {
    let (seq, expected) = (record.seq, so_far.head.next());
    if seq != expected {
        return Err(Broken::Number { expected, found: seq });
    }
    if !record.is_intact() {
        return Err(Broken::Text { seq });
    }
    if record.prev != so_far.hash {
        return Err(Broken::Link { seq });
    }
    let opened = match (&record.entry.fact, so_far.opened) {
        (Fact::HistoryOpened { history, appid }, None) => (history.clone(), appid.clone()),
        (Fact::HistoryOpened { .. }, Some(_)) => return Err(Broken::OpenedAgain { seq }),
        (_, None) => return Err(Broken::NotOpened),
        (_, Some(opened)) => opened,
    };
    Ok(Verified { head: seq, hash: record.hash.clone(), opened: Some(opened) })
}
