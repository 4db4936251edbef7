//! Doing what a plan says: note the intent, act, note the fact, tell.
//!
//! Comes in: a [`Plan`](crate::plan::Plan), the [`World`] to act on, and the journal to write in.
//! Goes out: an [`Outcome`], with [`Event`]s on the way. Nothing is decided here that a plan could
//! decide; what is left is whether a harmless call is made again, and the protocol of the one call
//! that must never be made twice. This room does not know where files come from, what a person
//! sees, or how a campaign is written.
mod event;
mod world;
mod run;
mod perform;
mod upload;
mod draft;
mod preview;
mod video;
mod material;
mod send;
mod settle;
mod status;
mod retract;
mod retry;

pub use event::{Event, SendEnd};
pub use run::{ApplyError, Outcome, apply};
pub use world::{Disk, Files, Interrupt, Limits, Stage, World};
