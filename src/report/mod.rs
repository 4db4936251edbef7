//! What a person and a program read: plans, outcomes, standings, histories, and the news of a run.
//!
//! Comes in: a [`Plan`](crate::plan::Plan), what a run told
//! ([`Event`](crate::apply::Event), [`SendEnd`](crate::apply::SendEnd)), the
//! [`Ledger`](crate::history::Ledger) and its records; and a [`Style`], which knows the time.
//! Goes out: text into a `Write` that is given. Each view has three forms that say the same: for a
//! person at a terminal, for a program (JSON, with a `format_version`), and for a comment on a pull
//! request (Markdown).
//!
//! - [`plan()`]: what goes to whom, how many, when, what it uses of the quota, and why each step.
//! - [`outcome()`]: the lines that `apply` ends with: *sent*, *submitted*, *NOT SENT YET*.
//! - [`status()`]: where each send is, its job, and how we know.
//! - [`history()`]: what happened, record by record.
//! - [`tags()`]: an account's tags, and which targets name each.
//! - [`quota()`]: what is left of the right to send and of API calls; [`speed()`]: how fast sends go.
//! - [`doctor()`]: whether everything that a run needs is there.
//! - [`codes()`]: every code that is known, WeChat's and ours.
//! - [`Reporter`]: the news as it comes: [`Plain`] lines, [`Progress`] on a terminal, [`Json`].
//!
//! Every view names the account's appid, and says SANDBOX or REAL. Text that others wrote, a title
//! or an answer of WeChat's, is escaped for its medium, and nothing is cut: what a person cannot see
//! they cannot review. No view shows a secret or an openid. Times are Beijing's, with their offset.
//!
//! The room decides nothing: it does not plan, judge or look anything up, and it prints nowhere by
//! itself. What is wrong in a campaign file is shown here too, under the file's own lines.
//!
//! ```
//! use qunfa::history::{RecordHash, Seq};
//! use qunfa::plan::{Anchor, Plan, PlannedAccount};
//! use qunfa::report::{Color, Format, Style, plan};
//! use qunfa::terms::{AccountKind, AccountName, AppId};
//!
//! let nothing = Plan {
//!     account: PlannedAccount {
//!         name: AccountName::new("demo").unwrap(),
//!         appid: AppId::new("sandbox-demo").unwrap(),
//!         kind: AccountKind::Service,
//!         followers: Some(12_480),
//!     },
//!     anchor: Anchor { history: None, seq: Seq::NONE, hash: RecordHash::none() },
//!     sends: Vec::new(),
//!     retractions: Vec::new(),
//!     steps: Vec::new(),
//!     kept: Vec::new(),
//!     waiting: Vec::new(),
//!     blocked: Vec::new(),
//! };
//! let now = "2026-03-01T12:00:00+08:00".parse().unwrap();
//! let style = Style { color: Color::Plain, width: 80, now };
//! let mut out = Vec::new();
//! plan(&[nothing], Format::Human, &style, &mut out)?;
//! let text = String::from_utf8(out).unwrap();
//! assert!(text.starts_with("demo  SANDBOX sandbox-demo  服务号  12,480 followers"));
//! assert!(text.ends_with("Nothing to do: everything is as the files say.\n"));
//! # Ok::<(), std::io::Error>(())
//! ```

mod diagnostics;
mod style;

mod escape;
mod layout;
mod table;

mod blockers;
mod facts;
mod nouns;
mod words;

mod human;
mod json;
mod markdown;
mod plan;
mod content_json;
mod plan_json;
mod rows;
mod retractions;
mod summary;

mod history;
mod evidence;
mod outcome;
mod status;
mod tags;
mod quota;
mod speed;
mod doctor;
mod codes;

mod progress;
mod reporter;

#[cfg(test)]
mod fixtures;

pub use codes::{Both, CodeTable, OwnCode, WeChatCode, codes, codes_schema};
pub use diagnostics::{render as render_diagnostics, to_json as diagnostics_json};
pub use doctor::{Check, Health, Verdict, doctor, doctor_schema};
pub use evidence::{evidence, time};
pub use history::history;
pub use outcome::{Ended, outcome};
pub use plan::plan;
pub use plan_json::plan_schema;
pub use progress::Progress;
pub use quota::{AccountQuota, CallTold, CallUse, quota, quota_schema};
pub use reporter::{Json, Plain, Reporter};
pub use speed::{AccountSpeed, speed, speed_schema};
pub use status::{Known, status};
pub use style::{Color, Format, Style};
pub use summary::digest;
pub use tags::{AccountTags, tag_warnings, tags};
