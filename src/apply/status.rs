//! Asking WeChat how a job ended, for as long as the run may wait.

use std::time::Duration;

use crate::history::{About, AcceptedSend, Fact, Phase};
use crate::plan::{StatusOrder, Step};
use crate::terms::{JobStatus, MsgId};

use super::event::Event;
use super::perform::{Done, Failure, harmless};
use super::run::{Run, short_time};
use super::world::Waited;

/// WeChat's answer for a job that it does not know, or no longer (WeChat's page 查询群发状态).
const NO_SUCH_JOB: i64 = 40059;

/// A job without an end for so long will not get one.
const UNREPORTED_AFTER: Duration = Duration::from_hours(7 * 24);

/// Between two questions about a job that was just made.
const ASK_EVERY: Duration = Duration::from_secs(10);

impl Run<'_, '_> {
    pub(super) async fn check_status(
        &mut self,
        step: &Step,
        order: &StatusOrder,
    ) -> Result<Done, Failure> {
        let Some(accepted) = self.accepted(order) else {
            return Ok(Done::Unfinished("there is no job to ask about".to_owned()));
        };
        let Some(msg_id) = accepted.msg_id else {
            return self.unreported(order, "the job's number is not known").await;
        };
        self.ask_until_final(step, order, (msg_id, &accepted)).await
    }

    async fn ask_until_final(
        &mut self,
        step: &Step,
        order: &StatusOrder,
        (msg_id, accepted): (MsgId, &AcceptedSend),
    ) -> Result<Done, Failure> {
        let wechat = self.world.wechat;
        loop {
            let status = match harmless!(self, step, wechat.mass_get(msg_id)) {
                Ok(status) => status,
                Err(error) if error.errcode() == Some(NO_SUCH_JOB) => {
                    return self.unreported(order, "WeChat does not know the job any more").await;
                }
                Err(error) => return Err(error.into()),
            };
            if status.is_final() {
                let told = words(&status);
                self.note_status(order, status).await?;
                return Ok(Done::Finished(told));
            }
            let now = self.world.clock.now();
            if now >= accepted.at + UNREPORTED_AFTER {
                return self.unreported(order, "WeChat gave no end to the job for 7 days").await;
            }
            let (id, until) = (step.id.clone(), now + ASK_EVERY);
            (self.tell)(Event::StepWaiting { id, why: format!("job {msg_id} is at work"), until });
            if self.patience.wait(until, &self.world).await != Waited::Until {
                self.note_status(order, status).await?;
                let since = short_time(accepted.at);
                return Ok(Done::Finished(format!(
                    "WeChat is at work on job {msg_id} since {since}"
                )));
            }
        }
    }

    async fn note_status(&mut self, order: &StatusOrder, status: JobStatus) -> Result<(), Failure> {
        self.note_of(order, Fact::Status { status }).await
    }

    async fn unreported(&mut self, order: &StatusOrder, why: &str) -> Result<Done, Failure> {
        self.note_of(order, Fact::Unreported { why: why.to_owned() }).await?;
        Ok(Done::Finished(why.to_owned()))
    }

    async fn note_of(&mut self, order: &StatusOrder, fact: Fact) -> Result<(), Failure> {
        let history = self.journal.ledger().send(&order.effect);
        let generation = history.map(|history| history.generation).unwrap_or_default();
        self.journal.note(About::send(order.effect, generation), fact).await?;
        Ok(())
    }

    fn accepted(&self, order: &StatusOrder) -> Option<AcceptedSend> {
        match &self.journal.ledger().send(&order.effect)?.phase {
            Phase::Accepted(accepted) => Some((**accepted).clone()),
            Phase::Ready | Phase::Open(_) => None,
        }
    }
}

fn words(status: &JobStatus) -> String {
    match status {
        JobStatus::Sent => "sent".to_owned(),
        JobStatus::Sending => "at work".to_owned(),
        JobStatus::Failed => "WeChat took it and did not send it".to_owned(),
        JobStatus::Deleted => "retracted, or nobody was left to send it to".to_owned(),
        JobStatus::Other(word) => word.clone(),
    }
}
