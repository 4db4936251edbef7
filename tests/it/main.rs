//! Tests from outside, in one binary.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod support;

mod apply;
mod crash;
mod floors;
mod journal;
mod plan;
mod records;
mod sqlite;
mod stores;
mod verify;
