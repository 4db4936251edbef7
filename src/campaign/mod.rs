//! The campaign language.
mod bundle;
mod model;

pub use bundle::{Bundle, Entry, MediaFacts, MediaKind, read_openids};
pub use model::{
    Account, After, AfterOutcome, Api, Article, AudienceText, Campaign, ContentText, Expect,
    HistoryPlace, Media, MediaSource, MiniProgram, Policy, Project, ReviewerText, Send, Source,
    Target, Vars, Window,
};
