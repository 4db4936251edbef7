//! What is left to do.
mod follow;
mod gate;
mod orders;
mod planner;
mod prepare;
mod quota;
mod reason;
mod step;

pub use gate::{Hold, Surroundings, hold, standing_of};
pub use planner::{Observed, SeenTag, Wanted, plan};
pub use quota::Usage;
pub use reason::{Blocker, Reason, Why};
pub use step::{
    Action, AfterOrder, Anchor, Audience, Blocked, DraftOrder, Kept, Plan, PlannedAccount,
    PreviewOrder, Quota, QuotaUse, SendLine, SendOrder, SettleOrder, Standing, StatusOrder, Step,
    StepId, Waiting,
};
