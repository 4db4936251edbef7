//! The shared words: small values that are parsed once at the edge and trusted after.
//!
//! Comes in: text from files, answers and records. Goes out: values whose type says what they are,
//! so that a draft's id cannot stand where a message's id is meant. This module knows no other room
//! and does no I/O.
//!
//! ```
//! use qunfa::terms::{AppId, CampaignName, ClientMsgId, Effect, Generation, SendName};
//!
//! let effect = Effect::of_send(
//!     &AppId::new("wx1234567890abcdef").unwrap(),
//!     &CampaignName::new("spring-2026").unwrap(),
//!     &SendName::new("launch").unwrap(),
//!     None,
//!     0,
//! );
//! let id = ClientMsgId::new(&effect, Generation::FIRST);
//! assert_eq!(id.as_str().len(), 32); // the new pages say 32 bytes; a dashed UUID gives 45067
//! ```
mod hash;
mod kind;
mod name;
mod send;
mod slice;
mod time;

pub use hash::{ClientMsgId, Effect, Fingerprint, Generation, PartsHasher, hex};
pub use kind::{AccountKind, Comments, JobStatus, MaterialKind, OnReprint, Reviewer};
pub use name::{
    AccountName, AppId, BadTerm, CampaignName, CardId, Edition, HistoryId, ImageUrl, MediaId,
    MsgDataId, MsgId, OpenId, RetractionName, RunId, SendName, TagId, WxName, is_openid,
};
pub use send::{MassEndpoint, RecordedRequest, RetractedArticles, RetractionAddress, SendAddress};
pub use slice::{Lots, Slice};
pub use time::{Clock, Timestamp, beijing_date};
