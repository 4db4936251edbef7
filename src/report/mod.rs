//! What a person and a program read.
mod escape;
mod facts;
mod history;
mod human;
mod json;
mod layout;
mod markdown;
mod nouns;
mod outcome;
mod plan;
mod rows;
mod status;
mod style;
mod summary;
mod words;

#[cfg(test)]
mod fixtures;

pub use history::history;
pub use json::plan_schema;
pub use outcome::{Ended, outcome};
pub use plan::plan;
pub use status::{Known, status};
pub use style::{Color, Format, Style};
pub use summary::digest;
