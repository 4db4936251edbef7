//! What happened so far.
mod ledger;
mod record;

pub use ledger::{
    AcceptedSend, Approval, Attempt, DamagedHistory, DraftHistory, Ledger, OpenIntent, Phase,
    Refusal, SendHistory,
};
pub use record::{
    BadRecord, Entry, Fact, How, Intent, IntentRequest, Record, RecordHash, SentAudience, Seq,
    Verdict,
};
