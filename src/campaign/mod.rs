//! The campaign language.
mod model;

pub use model::{
    Account, After, AfterOutcome, Api, Article, AudienceText, Campaign, ContentText, Expect,
    HistoryPlace, Media, MediaSource, MiniProgram, Policy, Project, ReviewerText, Send, Source,
    Target, Vars, Window,
};
