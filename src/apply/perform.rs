//! One step: a dull match, and what a step can come to.

use crate::history::JournalError;
use crate::plan::{Action, Step};
use crate::wechat::WeChatError;

use super::run::Run;

/// A step that went as far as it can go now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Done {
    /// It is done; what came of it, in a few words.
    Finished(String),
    /// It would take longer than the run may wait; why.
    Unfinished(String),
}

/// A step that failed.
#[derive(Debug)]
pub(super) enum Failure {
    /// It did not work, for this reason; the run goes on without it.
    Step(String),
    /// It has to wait for time, or for somebody's word, which is no failure: a later run does it.
    Held(String),
    /// Somebody wants the run to end.
    Interrupted,
    /// The history failed: nothing more may be done.
    Journal(JournalError),
}

impl From<JournalError> for Failure {
    fn from(error: JournalError) -> Self {
        Self::Journal(error)
    }
}

impl From<WeChatError> for Failure {
    fn from(error: WeChatError) -> Self {
        Self::Step(error.to_string())
    }
}

impl Run<'_, '_> {
    pub(super) async fn perform(&mut self, step: &Step) -> Result<Done, Failure> {
        match &step.action {
            Action::UploadImage(_) | Action::UploadMaterial(_) => {
                unreachable!("uploads run side by side, before the rest")
            }
            Action::ConvertVideo(order) => self.convert_video(step, order).await,
            Action::SaveDraft(order) => self.save_draft(step, order).await,
            Action::Preview(order) => self.preview(step, order).await,
            Action::Send(order) => self.send(step, order).await,
            Action::Settle(order) => self.settle(step, order).await,
            Action::CheckStatus(order) => self.check_status(step, order).await,
            Action::Retract(order) => self.retract(step, order).await,
        }
    }
}

/// Makes a harmless call, again when that may help. `$call` is evaluated for each try.
macro_rules! harmless {
    ($run:expr, $step:expr, $call:expr) => {{
        let mut tries = 1;
        loop {
            match $call.await {
                Ok(answer) => break Ok(answer),
                Err(error) => {
                    tries += 1;
                    let Some(pause) = crate::apply::retry::pause_before(tries, &error) else {
                        break Err(error);
                    };
                    if !$run.pause($step, &error, pause).await {
                        break Err(error);
                    }
                }
            }
        }
    }};
}
pub(super) use harmless;

impl Run<'_, '_> {
    /// Lets some time pass before a harmless call is made again; false when the run may not wait.
    pub(super) async fn pause(
        &mut self,
        step: &Step,
        error: &WeChatError,
        pause: std::time::Duration,
    ) -> bool {
        let after_ms = u64::try_from(pause.as_millis()).unwrap_or(u64::MAX);
        let (id, error) = (step.id.clone(), error.to_string());
        (self.tell)(super::event::Event::StepRetrying { id, error, after_ms });
        let until = self.world.clock.now() + pause;
        self.patience.wait(until, &self.world).await == super::world::Waited::Until
    }
}
