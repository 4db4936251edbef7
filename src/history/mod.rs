//! What happened so far.
mod record;

mod ledger;

mod journal;
mod memory;
mod sqlite;
mod sqlite_file;
mod store;
mod verify;

pub use journal::{About, Binding, Decided, Journal, JournalError, Run};
pub use ledger::{DamagedHistory, Ledger};
pub use memory::{Ambiguity, MemoryStore};
pub use record::{
    BadRecord, Entry, Fact, How, Intent, IntentRequest, Record, RecordHash, SentAudience, Seq,
    Verdict,
};
pub use sqlite::{SqliteHistory, SqliteStore};
pub use sqlite_file::Create;
pub use store::{Created, Store, StoreError};
pub use verify::{Broken, Verified, verify};
