//! What a person and a program read.
mod escape;
mod human;
mod json;
mod layout;
mod markdown;
mod nouns;
mod plan;
mod rows;
mod style;
mod summary;
mod words;

#[cfg(test)]
mod fixtures;

pub use json::plan_schema;
pub use plan::plan;
pub use style::{Color, Format, Style};
pub use summary::digest;
