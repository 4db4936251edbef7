//! Doing what a plan says.
mod event;

pub use event::{Event, SendEnd};
