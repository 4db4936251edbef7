//! What a person and a program read.
mod diagnostics;
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

pub use diagnostics::{render as render_diagnostics, to_json as diagnostics_json};
pub use json::plan_schema;
pub use plan::plan;
pub use style::{Color, Format, Style};
pub use summary::digest;
