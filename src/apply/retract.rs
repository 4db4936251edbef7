//! Taking back a send, or one article of it (`message/mass/delete`): asked for once, and asked about
//! before it is asked for again.
//!
//! Unlike a send, a retraction that is made twice harms nobody but the day's ten calls. What counts is
//! that the right thing is taken back, that it was agreed to, and that each call is on record before it
//! is made.

use crate::history::{About, Decided, Fact, Ledger, Phase, RetractedHow};
use crate::plan::{RetractOrder, Step, retraction_approval, retractions_today};
use crate::terms::{JobStatus, MsgId};
use crate::wechat::{Certainty, WeChatError};

use super::perform::{Done, Failure, harmless};
use super::run::Run;

/// WeChat's answer for a job that it does not know, or no longer.
const NO_SUCH_JOB: i64 = 40059;
/// WeChat's answer to more than 60 calls a minute.
const TOO_FAST: i64 = 45011;
/// WeChat's answer for a job on its way, or for what is taken back already.
const WRONG_STATUS: i64 = 40065;

impl Run<'_, '_> {
    pub(super) async fn retract(
        &mut self,
        step: &Step,
        order: &RetractOrder,
    ) -> Result<Done, Failure> {
        self.journal.refresh().await?;
        let article = order.article.as_ref().map(|(n, _)| *n);
        let Some(msg_id) = job(self.journal.ledger(), order) else {
            return Err(Failure::Step("there is no job that could be taken back".to_owned()));
        };
        if is_done(self.journal.ledger(), order) {
            return Ok(Done::Finished("taken back already".to_owned()));
        }
        let wechat = self.world.wechat;
        match harmless!(self, step, wechat.mass_get(msg_id)) {
            Ok(JobStatus::Deleted) if self.is_told_by_deleted(order) => {
                return self.note_retracted(order, RetractedHow::Found).await;
            }
            Ok(JobStatus::Sent | JobStatus::Deleted) => {}
            Ok(JobStatus::Failed) => {
                self.journal.note(self.about(order), failed()).await?;
                return Ok(Done::Finished(
                    "WeChat did not send it: nothing to take back".to_owned(),
                ));
            }
            Ok(JobStatus::Sending | JobStatus::Other(_)) => {
                return Ok(Done::Unfinished("WeChat is still at work on the job".to_owned()));
            }
            // Too old to be told of; its retraction says by itself whether it is too old for that.
            Err(error) if error.errcode() == Some(NO_SUCH_JOB) => {}
            Err(error) => return Err(error.into()),
        }
        if self.world.interrupt.is_made() {
            return Err(Failure::Interrupted);
        }
        let (account, now) = (self.world.account, self.world.clock.now());
        let still = |ledger: &Ledger| {
            let whole = order.send.whole();
            job(ledger, order) == Some(msg_id)
                && !is_done(ledger, order)
                && retraction_approval(order.digest, &whole, account, ledger).is_none()
                && !retractions_today(ledger, now).is_used_up()
        };
        let fact =
            Fact::Retracting { article, reason: order.reason.clone(), address: order.send.clone() };
        if !still(self.journal.ledger())
            || self.journal.decide(self.about(order), fact, &still).await? == Decided::NoLonger
        {
            return Err(Failure::Step("what it depends on changed; plan again".to_owned()));
        }
        // Folded anew by the decision: another run may have asked since.
        let is_open = was_asked(self.journal.ledger(), order);
        match wechat.mass_delete(msg_id, article).await {
            Ok(()) => self.note_retracted(order, RetractedHow::Answered).await,
            // Its job is finished; of an article that was asked for before without a recorded answer,
            // this says that the former call did it.
            Err(error) if error.errcode() == Some(WRONG_STATUS) && is_open && article.is_some() => {
                self.note_retracted(order, RetractedHow::Found).await
            }
            Err(error) => self.not_retracted(step, order, (msg_id, error)).await,
        }
    }

    /// What an error proves. A job that is deleted already is told by its status alone.
    async fn not_retracted(
        &mut self,
        step: &Step,
        order: &RetractOrder,
        (msg_id, error): (MsgId, WeChatError),
    ) -> Result<Done, Failure> {
        let wechat = self.world.wechat;
        let status = harmless!(self, step, wechat.mass_get(msg_id));
        if status == Ok(JobStatus::Deleted) && self.is_told_by_deleted(order) {
            return self.note_retracted(order, RetractedHow::Found).await;
        }
        // A minute's pace says nothing about the next minute.
        if let (Some(errcode), Certainty::NotDone) = (error.errcode(), error.certainty())
            && errcode != TOO_FAST
        {
            let (article, message) = (order.article.as_ref().map(|(n, _)| *n), error.to_string());
            let fact = Fact::RetractionRefused { article, errcode, message };
            self.journal.note(self.about(order), fact).await?;
        }
        Err(error.into())
    }

    async fn note_retracted(
        &mut self,
        order: &RetractOrder,
        how: RetractedHow,
    ) -> Result<Done, Failure> {
        let article = order.article.as_ref().map(|(n, _)| *n);
        self.journal.note(self.about(order), Fact::Retracted { article, how }).await?;
        Ok(Done::Finished("taken back".to_owned()))
    }

    /// Whether a deleted job means that what is meant is taken back: of one article, only when no other
    /// was asked for, since nobody knows when WeChat calls a job of several deleted.
    fn is_told_by_deleted(&self, order: &RetractOrder) -> bool {
        let article = order.article.as_ref().map(|(n, _)| *n);
        let history = self.journal.ledger().send(&order.effect);
        let mut others = history.iter().flat_map(|send| &send.retractions);
        article.is_none() || !others.any(|known| known.article != article)
    }

    fn about(&self, order: &RetractOrder) -> About {
        About::send(order.effect, self.generation(&order.effect))
    }
}

/// What WeChat says of a job that it did not send.
fn failed() -> Fact {
    Fact::Status { status: JobStatus::Failed }
}

/// Whether WeChat was, or may have been, asked before this, and the answer is not recorded.
fn was_asked(ledger: &Ledger, order: &RetractOrder) -> bool {
    let article = order.article.as_ref().map(|(n, _)| *n);
    let known = ledger.send(&order.effect).and_then(|send| send.retraction(article));
    known.is_some_and(|known| known.unanswered > 1)
}

/// The job of a send that WeChat took.
fn job(ledger: &Ledger, order: &RetractOrder) -> Option<MsgId> {
    match &ledger.send(&order.effect)?.phase {
        Phase::Accepted(accepted) => accepted.msg_id,
        Phase::Ready | Phase::Open(_) => None,
    }
}

fn is_done(ledger: &Ledger, order: &RetractOrder) -> bool {
    let article = order.article.as_ref().map(|(n, _)| *n);
    ledger.send(&order.effect).is_some_and(|send| send.is_retracted(article))
}
