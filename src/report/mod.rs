//! What a person and a program get to see.

mod diagnostics;

pub use diagnostics::{Color, render, to_json};
