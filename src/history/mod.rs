//! What happened so far.
mod record;

pub use record::{
    BadRecord, Entry, Fact, How, Intent, IntentRequest, Record, RecordHash, SentAudience, Seq,
    Verdict,
};
