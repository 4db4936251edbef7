//! qunfa (群发): a declarative campaign runner for WeChat Official Accounts (微信公众号).
//!
//! A person writes a campaign in YAML; the program works out what is left to do, does it, and
//! remembers. A mass send happens exactly once, to the people who were reviewed, or a person is told.

pub mod diagnostic;
pub mod terms;

pub mod apply;
pub mod campaign;
pub mod content;
pub mod history;
pub mod plan;
pub mod report;
