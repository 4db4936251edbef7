//! What is left to do.
mod reason;
mod step;

// The words of other rooms that a plan is written in, for those who show it.
pub use crate::campaign::{Expect, Window};
pub use crate::content::Content;
pub use reason::{Blocker, Reason, Why};
pub use step::{
    Action, Anchor, Audience, Blocked, DraftOrder, Kept, Plan, PlannedAccount, PreviewOrder, Quota,
    QuotaUse, SendLine, SendOrder, SettleOrder, Standing, StatusOrder, Step, StepId, Waiting,
};
