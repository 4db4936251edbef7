//! The WeChat side door: we call (公众号接口).
//!
//! Comes in: an account's [`Settings`], a clock, and what to upload, save, preview, send, retract or
//! look up. Goes out: ids, addresses and numbers that WeChat gave, or a [`WeChatError`] that says
//! three things: what happened, what to do about it ([`Advice`]), and whether the effect may have
//! happened all the same ([`Certainty`]). The last one is what keeps a mass send (群发) from going
//! out twice.
//!
//! How a call goes: take the token, POST raw UTF-8 JSON, and judge the answer by the `errcode` in
//! its JSON, whatever HTTP status and content type came with it. A token that WeChat refuses is
//! renewed once and the call repeated once. A mass send is the exception: it goes out with the
//! token it is given, is never renewed or repeated here, and its body is the recorded one to the
//! letter (R2, R3).
//!
//! What this room does not know: campaigns, plans, the history, how often to try again, and when to
//! wait. It never sleeps. Whatever it says, in errors, `Debug` or help, is free of the token, the
//! AppSecret and the proxy's password.
//!
//! ```
//! use qunfa::terms::{AppId, ClientMsgId, Generation, OnReprint, SendAddress, TagId};
//! use qunfa::wechat::{MassAudience, MassContent, explain, mass_request};
//!
//! let address: SendAddress = "spring-2026/sends/launch".parse().unwrap();
//! let effect = address.effect(&AppId::new("wx1234567890abcdef").unwrap());
//! let request = mass_request(
//!     &MassContent::Text("春季上新".to_owned()),
//!     &MassAudience::Tag(TagId::new(2).unwrap()),
//!     OnReprint::Stop,
//!     &ClientMsgId::new(&effect, Generation::FIRST),
//! );
//! assert!(request.body.starts_with(r#"{"filter":{"is_to_all":false,"tag_id":2},"text""#));
//!
//! assert_eq!(explain(45028).unwrap().meaning.zh, "本期群发次数已用完");
//! ```

mod client;
mod settings;

mod token;

mod audience;
mod people;
mod media;
mod draft;
mod mass;
mod preview;
mod card;
mod account;

mod answer;
mod call;
mod code_table;
mod codes;
mod error;
mod redact;

#[cfg(test)]
mod script;

pub use account::{CallQuota, RateLimit, Speed};
pub use audience::Tag;
pub use call::Call;
pub use card::{CardFields, CardTicket, card_ext};
pub use client::{ServerTime, WeChat};
pub use codes::{Class, CodeFact, Text, explain, facts};
pub use draft::{DraftArticle, SavedArticle};
pub use error::{Advice, Certainty, ErrCode, Flaw, WeChatError};
pub use mass::{Answer, MassAudience, MassContent, Submitted, mass_request};
pub use media::{Material, NO_SUCH_MEDIA, Temporary, VideoDescription};
pub use people::OpenIdPage;
pub use preview::PreviewContent;
pub use settings::{Settings, Timeouts};
pub use token::Token;
