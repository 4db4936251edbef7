//! What is left to do: the heart, and pure.
//!
//! Comes in: what the files want ([`Wanted`]), what happened so far (a
//! [`Ledger`](crate::history::Ledger)), what was looked up on the account ([`Observed`]), and the
//! time. Goes out: a [`Plan`], in which every step has its reason, everything that waits says for
//! what, and everything that is blocked says why. Resuming is planning too: a send that was begun and
//! has no end shows in the ledger, and becomes a step like any other. The same arguments give the
//! same plan. This room asks nobody and writes nothing.
//!
//! [`hold`] is the one rule that says whether a send may go out now. The planner asks it before
//! anything is uploaded, and apply asks it once more under the head that the intent is appended to.
//!
//! ```
//! use qunfa::plan::{Audience, Usage};
//! use qunfa::history::Ledger;
//! use qunfa::terms::AccountKind;
//!
//! let now = "2026-03-01T10:00:00+08:00".parse().unwrap();
//! let usage = Usage::of(&Ledger::new(), AccountKind::Service, now);
//! let month = usage.of_send(&Audience::Everyone { count: Some(12_480) });
//! assert_eq!((month.used, month.limit), (0, 4)); // 服务号: four a calendar month
//! ```
mod step;
mod reason;
mod quota;
mod gate;
mod orders;
mod planner;
mod prepare;
mod preview;
mod media;
mod follow;
mod retract;

// The words of other rooms that a plan is written in, for those who show it and carry it out.
pub use crate::campaign::{Account, Expect, Window};
pub use crate::content::{
    Content, Images, MaterialFile, Medium, Video, VideoFile, VoiceFile, VoiceFormat,
};
pub use gate::{Hold, Surroundings, hold, standing_of};
pub use planner::{Observed, SeenTag, Wanted, plan, plan_by_hand};
pub use preview::{NoPreview, plan_preview};
pub use quota::{Quota, QuotaUse, Tally, Usage};
pub use reason::{Blocker, Reason, Why};
pub use retract::{retraction_approval, retractions_today};
pub use step::{
    Action, AfterOrder, AfterRetraction, Anchor, Audience, Blocked, DraftOrder, Kept, Plan,
    PlannedAccount, PreviewOrder, RetractOrder, RetractionLine, RetractionStanding, SendLine,
    SendOrder, SettleOrder, Standing, StatusOrder, Step, StepId, VideoOrder, Waiting,
};
