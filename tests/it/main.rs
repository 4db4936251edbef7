//! Tests from outside, in one binary.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod support;

mod apply;
mod campaigns;
mod cli;
mod crash;
mod diagnostics;
mod floors;
mod journal;
mod lists;
mod pictures;
mod plan;
mod readme;
mod records;
mod sceptic;
mod schema;
mod sqlite;
mod stores;
mod tags;
mod verify;
