//! qunfa (群发): a declarative campaign runner for WeChat Official Accounts (微信公众号).
//!
//! A person writes a campaign in YAML; the program works out what is left to do, does it, and
//! remembers. A mass send happens exactly once, to the people who were reviewed, or a person is told.
//!
//! ```text
//!  campaigns/spring/   campaign.yaml  launch.md  images/       a person writes what should be true
//!        │
//!  cli ──┤  one file per command; the only room that knows every room
//!        ▼
//!  campaign   bytes              ─▶ Campaign     typed; every value knows its place in the file
//!  content    Campaign           ─▶ Desired      articles rendered, images found, all fingerprinted
//!  history    records            ─▶ Ledger       what happened so far, folded into answers
//!  plan       Desired+Ledger+now ─▶ Plan         steps, each with its reason         ◀ the heart, pure
//!  apply      Plan               ─▶ Outcome      note the intent, act, note the fact, tell
//!  report     Plan, Event, …     ─▶ text         human, JSON, Markdown
//!                 side doors:  wechat (we call)   sandbox (a WeChat of our own)
//!                 ground:      terms (the shared words)   diagnostic (a problem with a place)
//! ```

pub mod terms;
pub mod diagnostic;

pub mod campaign;
pub mod content;
pub mod history;
pub mod plan;
pub mod wechat;
pub mod apply;
pub mod report;
pub mod sandbox;
pub mod cli;
