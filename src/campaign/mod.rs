//! The campaign language.
mod bundle;
mod check;
mod check_project;
mod codes;
mod cycle;
mod find;
mod keys;
mod model;
mod names;
mod openids;
mod parse;
mod paths;
mod pieces;
mod project;
mod reader;
mod scalar;
mod values;
mod yaml;

#[cfg(test)]
mod tests;

pub use bundle::{Bundle, Entry, MediaFacts, MediaKind, read_project};
pub use check::check;
pub use check_project::check_project;
pub use codes::CODES;
pub use find::{ReadError, find_campaigns, find_project};
pub use model::{
    Account, After, AfterOutcome, Api, Article, AudienceText, Campaign, ContentText, Expect,
    HistoryPlace, Media, MediaSource, MiniProgram, Policy, Project, ReviewerText, Send, Source,
    Target, Vars, Window,
};
pub use openids::read_openids;
pub use parse::parse;
pub use project::parse_project;
