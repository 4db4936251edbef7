//! The news of a run. Records are the truth; losing an event loses nothing.

use crate::plan::{Standing, StepId};
use crate::terms::{AppId, RunId, SendAddress, Timestamp};

/// Something that a person who watches would like to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// The run begins.
    RunStarted {
        /// Which run.
        run: RunId,
        /// On which account.
        appid: AppId,
        /// How many steps it has.
        steps: usize,
    },
    /// A step begins.
    StepStarted {
        /// Which.
        id: StepId,
        /// Its action's word.
        action: &'static str,
        /// What it is about.
        address: String,
    },
    /// A harmless call failed and is made again.
    StepRetrying {
        /// Which.
        id: StepId,
        /// What went wrong.
        error: String,
        /// After how long, in milliseconds.
        after_ms: u64,
    },
    /// A step lets time pass: the 60 s before a repeat, or the job at work.
    StepWaiting {
        /// Which.
        id: StepId,
        /// For what.
        why: String,
        /// Until when.
        until: Timestamp,
    },
    /// A step is done.
    StepFinished {
        /// Which.
        id: StepId,
        /// What came of it, in a few words: an id, a count, a state.
        result: String,
    },
    /// A step failed.
    StepFailed {
        /// Which.
        id: StepId,
        /// What went wrong, and what to do.
        error: String,
    },
    /// A step was begun and is not over: a later run goes on with it.
    StepOpen {
        /// Which.
        id: StepId,
        /// Why it is not over, and from when it can go on.
        why: String,
    },
    /// A step was not begun.
    StepSkipped {
        /// Which.
        id: StepId,
        /// Why not.
        why: String,
    },
    /// Something that a person should read.
    Warning {
        /// What.
        text: String,
    },
    /// The run ends.
    RunFinished {
        /// How each send of the plan ended up.
        sends: Vec<SendEnd>,
    },
}

/// How one send stands at the end of a run: *sent*, *submitted*, or *NOT sent* and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SendEnd {
    /// Which.
    pub address: SendAddress,
    /// Where it is.
    pub standing: Standing,
    /// What a person should know of it.
    pub note: String,
}
