//! What is left to do.
mod reason;
mod step;

pub use reason::{Blocker, Reason, Why};
pub use step::{
    Action, Anchor, Audience, Blocked, DraftOrder, Kept, Plan, PlannedAccount, PreviewOrder, Quota,
    QuotaUse, SendLine, SendOrder, SettleOrder, Standing, StatusOrder, Step, StepId, Waiting,
};
