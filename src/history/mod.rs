//! What happened so far: an append-only, hash-chained log for each official account (公众号).
//!
//! Comes in: [`Fact`]s, each with what it is about. Goes out: the [`Ledger`], which answers what
//! happened, and which is nothing but the fold of the log. A [`Store`] keeps the log and can do one
//! thing to it: create record N, or say that N is taken. The [`Journal`] is the one door for
//! writing: it numbers, dates and chains, tries again when others came first or an answer was lost,
//! and reads back what it wrote. This room knows no campaign, no plan and no WeChat.
//!
//! ```
//! use qunfa::history::{About, Binding, Fact, Journal, MemoryStore, Run, Seq, Store, verify};
//! use qunfa::terms::{AppId, Clock, Fingerprint, HistoryId, ImageUrl, RunId, Timestamp};
//!
//! struct Noon;
//!
//! #[async_trait::async_trait]
//! impl Clock for Noon {
//!     fn now(&self) -> Timestamp {
//!         "2026-03-01T12:00:00+08:00".parse().unwrap()
//!     }
//!     async fn sleep(&self, _: std::time::Duration) {}
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let store = MemoryStore::new();
//! let run = Run {
//!     id: RunId::new("run-1")?,
//!     command: "apply".to_owned(),
//!     version: "0.1.0".to_owned(),
//!     actor: Some("张三".to_owned()),
//!     commit: None,
//!     nonce_seed: [7; 32],
//! };
//! let binding = Binding {
//!     history: HistoryId::new("7f3c".repeat(8))?,
//!     appid: AppId::new("wx1234567890abcdef")?,
//! };
//! let mut journal = Journal::open(&store, &Noon, run, binding).await?;
//! let image = Fingerprint::of("春季上新".as_bytes());
//! let url = ImageUrl::new("https://mmbiz.qpic.cn/mmbiz_png/x/0")?;
//! journal.note(About::NO_SEND, Fact::ImageUploaded { image, url }).await?;
//!
//! let log = store.read_after(Seq::NONE).await?;
//! let kinds: Vec<&str> = log.iter().map(|record| record.entry.fact.kind()).collect();
//! assert_eq!(kinds, ["history_opened", "run_started", "image_uploaded"]);
//! assert_eq!(verify(&log)?.head, Seq(3));
//! # Ok(())
//! # }
//! ```
mod seq;
mod record;
mod send_history;
mod ledger;
mod temporary;
mod timing;
mod store;
mod memory;
mod sqlite;
mod sqlite_file;
mod journal;
mod verify;

#[cfg(test)]
mod tests;

pub use journal::{About, Binding, Decided, Journal, JournalError, Run};
pub use ledger::{DamagedHistory, Ledger};
pub use memory::{Ambiguity, MemoryStore};
pub use record::{
    BadRecord, Entry, Fact, How, Intent, IntentRequest, Record, RecordHash, RetractedHow,
    SentAudience, SentContent, Seq, Verdict,
};
pub use send_history::{
    AcceptedSend, Approval, Attempt, DraftHistory, OpenIntent, Phase, Refusal, Retraction,
    SendHistory,
};
pub use sqlite::{SqliteHistory, SqliteStore};
pub use sqlite_file::Create;
pub use store::{Created, Store, StoreError};
pub use temporary::Temporary;
pub use timing::{
    BETWEEN_POSTS, DATE_AGE_MAX, FIRST_POST_WITHIN, REPEAT_WITHIN, SEND_TIMEOUT, SKEW_MAX,
};
pub use verify::{Broken, Verified, verify};
