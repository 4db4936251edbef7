//! A WeChat of our own: the API of an official account (公众号), emulated over HTTP.
//!
//! Comes in: requests, as any client would send them to `api.weixin.qq.com`. Goes out: the answers
//! that WeChat gives, refusals and all, from an account with followers and tags that remembers what
//! was done to it. It is stricter than WeChat is known to be wherever sources disagree, so that what
//! passes here passes there.
//!
//! What it does not know: the client. They share nothing but [`crate::terms`], so that one mistake
//! cannot hide in both.
//!
//! `account` is the heart, a pure function from state, call and time to an answer; `token`, `media`,
//! `draft`, `mass` and their neighbours are its families of calls. `http` puts it behind a socket
//! and breaks what was ordered to break; `store` keeps it. A call that is not emulated answers 48001,
//! which is what an account sees that does not have the API.
//!
//! ```
//! use qunfa::sandbox::{Keep, Rules, Sandbox, SandboxClock};
//! use qunfa::terms::{AccountKind, AppId};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> std::io::Result<()> {
//! let rules = Rules::new(AppId::new("sandbox-shop").unwrap(), AccountKind::Service);
//! let clock = SandboxClock::by_hand("2026-03-01T10:00:00+08:00".parse().unwrap());
//! let sandbox = Sandbox::start(rules, Keep::Memory, clock).await?;
//!
//! assert_eq!(sandbox.base_url().host_str(), Some("127.0.0.1"));
//! assert!(sandbox.jobs().is_empty()); // nothing was sent yet
//! sandbox.stopped().await;
//! # Ok(())
//! # }
//! ```

mod account;
mod endpoint;
mod refusal;
mod rules;
mod wire;

mod audience;
mod content;
mod derive;
mod draft;
mod filter;
mod format;
mod job;
mod markup;
mod mass;
mod material;
mod media;
mod news;
mod preview;
mod quota;
mod retract;
mod service;
mod sound;
mod temporary;
mod token;
mod video;

mod clock;
mod control;
mod fault;
mod http;
mod page;
mod server;
mod store;

#[cfg(test)]
mod tests;

pub use audience::openid;
pub use clock::SandboxClock;
pub use draft::{Article, DraftSeen};
pub use fault::{CallSeen, Fault, How};
pub use job::{Job, JobAudience};
pub use media::Uploaded;
pub use preview::PreviewSeen;
pub use rules::{
    Cards, Confirmation, FastRepeat, MiniPrograms, Numbers, Originality, RepeatCheck, Rules, Tag,
};
pub use server::Sandbox;
pub use store::Keep;
