//! What happened so far.
mod ledger;
mod record;
mod timing;

pub use ledger::{
    AcceptedSend, Approval, Attempt, DamagedHistory, DraftHistory, Ledger, OpenIntent, Phase,
    Refusal, SendHistory,
};
pub use record::{
    BadRecord, Entry, Fact, How, Intent, IntentRequest, Record, RecordHash, SentAudience, Seq,
    Verdict,
};
pub use timing::{BETWEEN_POSTS, DATE_AGE_MAX, FIRST_POST_WITHIN, SEND_TIMEOUT, SKEW_MAX};
