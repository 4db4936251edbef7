//! Tests from outside, in one binary.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod support;

mod apply;
mod campaigns;
mod cli;
mod crash;
mod diagnostics;
mod doctor;
mod explain;
mod floors;
mod journal;
mod lists;
mod pictures;
mod plan;
mod preview;
mod quota;
mod readme;
mod recordings;
mod records;
mod sceptic;
mod retract;
mod schema;
mod speed;
mod sqlite;
mod stores;
mod tags;
mod traps;
mod verify;
mod withheld;
