//! What happened so far: numbered records, written before and after every act, folded into answers.
//!
//! Comes in: facts, through the [`Journal`]. Goes out: a [`Ledger`], which tells the planner what is
//! already there, which send may go out, and which one is of unknown outcome. A record says what was
//! intended before the call and what came of it after; the only write creates record N, so two runs
//! cannot both decide. This room knows neither files nor WeChat nor people.
//!
//! ```
//! use qunfa::history::{Entry, Fact, Ledger, Phase, Record, RecordHash, Seq};
//! use qunfa::terms::{AppId, Fingerprint, Generation, RunId};
//!
//! let entry = Entry {
//!     at: "2026-03-01T10:00:00+08:00".parse().unwrap(),
//!     run: RunId::new("run-1").unwrap(),
//!     nonce: "one".to_owned(),
//!     effect: None,
//!     generation: Generation::FIRST,
//!     fact: Fact::ImageUploaded {
//!         image: Fingerprint::of("一张图".as_bytes()),
//!         url: "https://mmbiz.qpic.cn/1".to_owned().try_into().unwrap(),
//!     },
//! };
//! let record = Record::chain(Seq::NONE.next(), RecordHash::none(), entry);
//! let ledger = Ledger::of([&record]).unwrap();
//! assert!(ledger.image(&Fingerprint::of("一张图".as_bytes())).is_some());
//! ```
mod journal;
mod ledger;
mod memory;
mod record;
mod sqlite;
mod sqlite_file;
mod store;
mod timing;
mod verify;

pub use journal::{About, Binding, Decided, Journal, JournalError, Run};
pub use ledger::{
    AcceptedSend, Approval, Attempt, DamagedHistory, DraftHistory, Ledger, OpenIntent, Phase,
    Refusal, SendHistory,
};
pub use memory::{Ambiguity, MemoryStore};
pub use record::{
    BadRecord, Entry, Fact, How, Intent, IntentRequest, Record, RecordHash, SentAudience, Seq,
    Verdict,
};
pub use sqlite::{SqliteHistory, SqliteStore};
pub use sqlite_file::Create;
pub use store::{Created, Store, StoreError};
pub use timing::{BETWEEN_POSTS, DATE_AGE_MAX, FIRST_POST_WITHIN, SEND_TIMEOUT, SKEW_MAX};
pub use verify::{Broken, Verified, verify};
