//! A log in memory, for tests and rehearsals, with a write that can be made to go wrong.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;

use crate::terms::{Effect, Fingerprint};

use super::store::{Slot, judge};
use super::{Created, Fact, Record, RecordHash, Seq, Store, StoreError};

/// One account's log in memory. Clones share it, as processes share a file.
///
/// It keeps texts and parses them on reading, so that a test on it meets the stored format too.
#[derive(Debug, Clone, Default)]
pub struct MemoryStore {
    shared: Arc<Mutex<Shared>>,
}

#[derive(Debug, Default)]
struct Shared {
    rows: Vec<(String, RecordHash)>,
    accepted: BTreeSet<Effect>,
    blobs: BTreeMap<Fingerprint, Vec<u8>>,
    creates: u64,
    faults: BTreeMap<u64, Ambiguity>,
    late: Option<Vec<Record>>,
}

/// What becomes of a write whose answer is lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ambiguity {
    /// The records are there.
    WrittenButLost,
    /// They are not.
    NotWritten,
    /// They are not yet: they arrive just before the next write.
    WrittenLate,
}

impl MemoryStore {
    /// Makes an empty log.
    pub fn new() -> Self {
        Self::default()
    }

    /// Loses the answer to the `nth` [`create`](Store::create) from now, 1 being the next.
    pub fn break_create(&self, nth: u64, ambiguity: Ambiguity) {
        let mut shared = self.lock();
        let call = shared.creates + nth;
        shared.faults.insert(call, ambiguity);
    }

    fn lock(&self) -> MutexGuard<'_, Shared> {
        // Whoever panicked while holding the lock had not begun to change a row.
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Shared {
    fn head(&self) -> (Seq, RecordHash) {
        let hash = self.rows.last().map_or_else(RecordHash::none, |(_, hash)| hash.clone());
        (Seq(self.rows.len() as u64), hash)
    }

    fn create(&mut self, records: &[Record]) -> Result<Created, StoreError> {
        let (head, hash) = self.head();
        if judge(records, head, &hash)? == Slot::Taken {
            return Ok(Created::Taken);
        }
        let mut accepted = self.accepted.clone();
        for record in records {
            if let (Fact::Accepted { .. }, Some(effect)) = (&record.entry.fact, record.entry.effect)
                && !accepted.insert(effect)
            {
                return Err(StoreError::AlreadyAccepted { effect });
            }
        }
        self.accepted = accepted;
        self.rows.extend(records.iter().map(|record| (record.text.clone(), record.hash.clone())));
        Ok(Created::Written)
    }

    fn create_and_lose(
        &mut self,
        records: &[Record],
        ambiguity: Ambiguity,
    ) -> Result<Created, StoreError> {
        match ambiguity {
            Ambiguity::WrittenButLost => {
                let _unheard = self.create(records);
            }
            Ambiguity::NotWritten => {}
            Ambiguity::WrittenLate => self.late = Some(records.to_vec()),
        }
        Err(StoreError::Ambiguous { place: "in memory".to_owned(), source: "lost answer".into() })
    }
}

#[async_trait]
impl Store for MemoryStore {
    async fn read_after(&self, after: Seq) -> Result<Vec<Record>, StoreError> {
        let shared = self.lock();
        let numbered = (1..).map(Seq).zip(&shared.rows).filter(|(seq, _)| *seq > after);
        let read = |(seq, (text, hash)): (Seq, &(String, RecordHash))| {
            let damaged = |why: String| StoreError::Damaged { seq, why };
            let record = Record::parse(text).map_err(|error| damaged(error.to_string()))?;
            if record.seq == seq && record.hash == *hash {
                Ok(record)
            } else {
                Err(damaged("it is not the record that was written".to_owned()))
            }
        };
        numbered.map(read).collect()
    }

    async fn create(&self, records: &[Record]) -> Result<Created, StoreError> {
        let mut shared = self.lock();
        if let Some(late) = shared.late.take() {
            let _unheard = shared.create(&late);
        }
        shared.creates += 1;
        let call = shared.creates;
        match shared.faults.remove(&call) {
            Some(ambiguity) => shared.create_and_lose(records, ambiguity),
            None => shared.create(records),
        }
    }

    async fn put_blob(&self, bytes: &[u8]) -> Result<Fingerprint, StoreError> {
        let fingerprint = Fingerprint::of(bytes);
        self.lock().blobs.insert(fingerprint, bytes.to_vec());
        Ok(fingerprint)
    }

    async fn blob(&self, fingerprint: &Fingerprint) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.lock().blobs.get(fingerprint).cloned())
    }
}
