//! What the records say, folded. Stands in for the whole ledger until it is merged.

use std::collections::BTreeSet;

use crate::terms::RunId;

use super::{Record, RecordHash, Seq};

/// What happened so far.
#[derive(Debug)]
pub struct Ledger {
    head: (Seq, RecordHash),
    runs: BTreeSet<RunId>,
}

impl Default for Ledger {
    fn default() -> Self {
        Self::new()
    }
}

/// A record that cannot come next.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("record {0} does not follow")]
pub struct DamagedHistory(Seq);

impl Ledger {
    /// Nothing happened yet.
    pub fn new() -> Self {
        Self { head: (Seq::NONE, RecordHash::none()), runs: BTreeSet::new() }
    }

    /// Takes in the next record.
    pub fn fold(&mut self, record: &Record) -> Result<(), DamagedHistory> {
        if record.seq != self.head.0.next() || record.prev != self.head.1 {
            return Err(DamagedHistory(record.seq));
        }
        self.head = (record.seq, record.hash.clone());
        self.runs.insert(record.entry.run.clone());
        Ok(())
    }

    /// The last record's number and hash.
    pub fn head(&self) -> (Seq, RecordHash) {
        self.head.clone()
    }

    /// Whether a run has written anything.
    pub fn run_started(&self, run: &RunId) -> bool {
        self.runs.contains(run)
    }
}
