//! The campaign language: what a person writes, read whole and checked, with every problem at its
//! place.
//!
//! Comes in: the folder of a campaign, with the nearest `qunfa.yaml` above it, as a [`Bundle`]. Goes
//! out: a typed [`Campaign`] whose values know where they were written, and [`Diagnostic`]s: all of
//! them at once, none hidden by an earlier one, each with a [`Code`](crate::diagnostic::Code) that
//! [`CODES`] explains.
//!
//! A file goes through four hands. `yaml` refuses what readers of YAML disagree about and makes a
//! tree that knows its bytes; `reader` takes objects, lists and words off that tree, never guesses,
//! and notes what is wrong; `project` and `parse` say which keys mean what, and [`check()`] judges
//! what needs more than one value: files, audiences, windows, order. `keys` is the one list of keys
//! that the decoder and the JSON Schemas share.
//!
//! Nothing outside of `bundle` and `find` touches a disk, and neither follows a link out of the
//! campaign's folder. This room does not know what WeChat has, what was sent before, or how a
//! template renders: lengths of templates, and pictures inside of articles, are the content room's.
//! A secret is only ever named here, and a line that might hold one is never shown.
//!
//! ```
//! use qunfa::campaign::{Bundle, check, parse};
//!
//! let bundle = Bundle::from_files(&[
//!     ("qunfa.yaml", b"version: 1\naccounts: { demo: { kind: service, api: sandbox } }\n"),
//!     ("spring/campaign.yaml", "\
//! version: 1
//! campaign: spring-2026
//! account: demo
//! targets: { vip: { tag: VIP会员 } }
//! sends:
//!   launch: { text: 春季上新, to: vpi, window: { until: 2026-03-01T20:00:00+08:00 } }
//! ".as_bytes()),
//! ]);
//! let (campaign, problems) = parse(&bundle);
//! assert_eq!(problems[0].message, "there is no target `vpi`");
//! assert_eq!(problems[0].help.as_deref(), Some("did you mean `vip`? the targets are: `vip`"));
//! assert_eq!(problems[0].place().unwrap().to_string(), "spring/campaign.yaml:6:29");
//! assert!(check(&campaign.unwrap(), &bundle).is_empty());
//! ```
//!
//! [`Diagnostic`]: crate::diagnostic::Diagnostic

mod model;

mod bundle;
mod duration;
mod find;
mod paths;

mod scalar;
mod yaml;

mod keys;
mod names;
mod reader;
mod values;

mod parse;
mod contents;
mod pieces;
mod retractions;
mod project;

mod check;
mod check_media;
mod check_project;
mod cycle;
mod openids;
mod people;

mod codes;
mod schema;
mod schema_media;

#[cfg(test)]
mod tests;

pub use bundle::{Bundle, Entry, MediaFacts, MediaKind, ReadOnce, read_project};
pub use check::check;
pub use check_project::check_project;
pub use codes::CODES;
pub use find::{ReadError, find_campaigns, find_project};
pub use model::{
    Account, After, AfterOutcome, Api, Article, AudienceText, Campaign, ContentText, Expect,
    HistoryPlace, ListText, Media, MediaSource, MediumText, MiniProgram, Policy, Project,
    Retraction, ReviewerText, Send, Source, Target, Vars, Window,
};
pub use openids::{
    Digest, Formula, ListFile, ListRead, ListShape, Open, PartFacts, Unread, read_list, read_part,
};
pub use parse::parse;
pub use people::formula;
pub(crate) use pieces::is_real_appid;
pub use project::parse_project;
pub use schema::{campaign_schema, project_schema};
