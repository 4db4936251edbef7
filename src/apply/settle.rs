//! A send of unknown outcome: the recorded request once more, to the letter, until WeChat says that
//! there is a job or that there is surely none (ARCHITECTURE.md, R1 to R11).

use crate::history::{
    About, Decided, FIRST_POST_WITHIN, Fact, How, IntentRequest, Ledger, OpenIntent, Phase,
};
use crate::plan::{SettleOrder, Step};
use crate::terms::{Effect, Generation, MsgDataId, MsgId, RecordedRequest, Timestamp};
use crate::wechat::{Advice, Answer, Call, Certainty, Submitted, Token, WeChatError};

use super::event::Event;
use super::perform::{Done, Failure};
use super::run::{Run, short_time};
use super::world::Waited;

/// How long a request in flight is waited for once somebody wants the run to end: CI systems kill
/// soon after.
const LAST_CALL: std::time::Duration = std::time::Duration::from_secs(6);

impl Run<'_, '_> {
    pub(super) async fn settle(
        &mut self,
        step: &Step,
        order: &SettleOrder,
    ) -> Result<Done, Failure> {
        self.journal.refresh().await?;
        self.settle_effect(step, order.effect, order.until).await
    }

    /// Repeats the recorded request until the outcome is known or the run may not wait longer.
    pub(super) async fn settle_effect(
        &mut self,
        step: &Step,
        effect: Effect,
        until: Option<Timestamp>,
    ) -> Result<Done, Failure> {
        loop {
            let Some(open) = self.open_intent(&effect) else { return Ok(self.settled(&effect)) };
            let deadline = open.deadline(until);
            if self.world.clock.now() >= deadline {
                return self.past_deadline(&effect, &open).await;
            }
            if let Some(ended) = self.wait_for_turn(step, &effect, &open).await? {
                return Ok(ended);
            }
            self.check_clock(step).await?;
            let request = self.recorded(&open).await?;
            let token = self.world.wechat.token().await?;
            if self.world.interrupt.is_made() {
                return Err(Failure::Interrupted);
            }
            let n = open.last_attempt() + 1;
            let attempt = Fact::Attempt { n, token: token.fingerprint() };
            let still = |ledger: &Ledger| is_last_attempt(ledger, &effect, (open.number, n - 1));
            let about = About::send(effect, self.generation(&effect));
            if self.journal.decide(about, attempt, &still).await? == Decided::NoLonger {
                continue;
            }
            // R3 and R9: the deadline and our turn once more, directly before the POST.
            let now = self.world.clock.now();
            if now >= deadline || !self.is_our_turn(&effect, (open.number, n), now) {
                continue;
            }
            if let Some(done) = self.post(step, (effect, n), &request, &token).await? {
                return Ok(done);
            }
        }
    }

    /// R1 and R9: our attempt is the newest of an intent that is still open, and so young that
    /// nobody else's turn can have come.
    fn is_our_turn(&self, effect: &Effect, (number, n): (u32, u32), now: Timestamp) -> bool {
        is_last_attempt(self.journal.ledger(), effect, (number, n))
            && self
                .open_intent(effect)
                .is_some_and(|open| now < open.last_attempt_at() + FIRST_POST_WITHIN)
    }

    /// R9: no two requests for one send are ever on their way together.
    async fn wait_for_turn(
        &mut self,
        step: &Step,
        effect: &Effect,
        open: &OpenIntent,
    ) -> Result<Option<Done>, Failure> {
        let turn = open.next_attempt_from();
        if self.world.clock.now() < turn {
            let (id, why) = (step.id.clone(), "before the recorded request is repeated".to_owned());
            (self.tell)(Event::StepWaiting { id, why, until: turn });
        }
        match self.patience.wait(turn, &self.world).await {
            Waited::Until => Ok(None),
            Waited::Interrupted => Err(Failure::Interrupted),
            Waited::TooLong => {
                if open.others_refused(0) {
                    // Every request was surely refused: the send is ready again for the next plan.
                    self.reject(effect, open).await?;
                    return Err(Failure::Step("every request was refused".to_owned()));
                }
                let when = short_time(turn);
                Ok(Some(Done::Unfinished(format!("its outcome can be settled from {when}"))))
            }
        }
    }

    async fn past_deadline(&mut self, effect: &Effect, open: &OpenIntent) -> Result<Done, Failure> {
        if open.others_refused(0) {
            self.reject(effect, open).await?;
            let text = "every request was refused: it was not sent; run again to send it";
            return Ok(Done::Unfinished(text.to_owned()));
        }
        Err(Failure::Step("whether it went out can only be found out by a person now".to_owned()))
    }

    async fn reject(&mut self, effect: &Effect, open: &OpenIntent) -> Result<(), Failure> {
        let refusal = open.attempts.last().and_then(|attempt| attempt.refused.clone());
        let Some(refusal) = refusal else { return Ok(()) };
        let newest = (open.number, open.last_attempt());
        let still = |ledger: &Ledger| is_closable(ledger, effect, newest);
        let rejected = Fact::Rejected { errcode: refusal.errcode, message: refusal.message };
        let about = About::send(*effect, self.generation(effect));
        // If another run ended it meanwhile, there is nothing to add.
        let (Decided::Written | Decided::NoLonger) =
            self.journal.decide(about, rejected, &still).await?;
        Ok(())
    }

    async fn recorded(&mut self, open: &OpenIntent) -> Result<RecordedRequest, Failure> {
        match &open.intent.request {
            IntentRequest::Inline(request) => Ok(request.clone()),
            IntentRequest::Blob(fingerprint) => {
                let bytes = self.journal.blob(fingerprint).await?;
                let request = bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok());
                request.ok_or_else(|| {
                    Failure::Step(
                        "the recorded list of openids is gone; nothing is sent".to_owned(),
                    )
                })
            }
        }
    }

    /// One POST with exactly this token, and its answer recorded before anything else. Nothing comes
    /// back while the outcome is open.
    pub(super) async fn post(
        &mut self,
        step: &Step,
        (effect, n): (Effect, u32),
        request: &RecordedRequest,
        token: &Token,
    ) -> Result<Option<Done>, Failure> {
        let error = match self.call(request, token).await {
            Ok(submitted) => return self.submitted(&effect, n, submitted).await.map(Some),
            Err(error) => error,
        };
        match error.certainty() {
            Certainty::NotDone => self.refused(&effect, n, &error).await?,
            Certainty::Unknown => {}
        }
        if let Some(open) = self.open_intent(&effect) {
            let pause = open.next_attempt_from().duration_since(self.world.clock.now());
            let after_ms = u64::try_from(pause.as_millis()).unwrap_or(0);
            let (id, error) = (step.id.clone(), error.to_string());
            (self.tell)(Event::StepRetrying { id, error, after_ms });
        }
        Ok(None)
    }

    async fn call(
        &self,
        request: &RecordedRequest,
        token: &Token,
    ) -> Result<Submitted, WeChatError> {
        let timeout = crate::history::SEND_TIMEOUT;
        let call = self.world.wechat.send_mass(request, token, timeout);
        tokio::pin!(call);
        tokio::select! {
            biased;
            answer = &mut call => return answer,
            () = self.world.interrupt.made() => {}
        }
        // Interrupted: the request is on its way, so its answer is waited for, but not for long.
        let call = tokio::time::timeout(LAST_CALL, call).await;
        call.unwrap_or_else(|_| {
            let (call, certainty) = (Call::from(request.endpoint), Certainty::Unknown);
            Err(WeChatError::Timeout { call, certainty })
        })
    }

    async fn submitted(
        &mut self,
        effect: &Effect,
        n: u32,
        submitted: Submitted,
    ) -> Result<Done, Failure> {
        let how = match submitted.how {
            Answer::Accepted => How::Answered,
            Answer::AlreadyAccepted if n == 1 => How::Foreign,
            Answer::AlreadyAccepted => How::Duplicate,
        };
        if how != How::Answered && !self.is_believable(effect, submitted.msg_id).await {
            let text = "WeChat says it has this send, but not as a job that is surely ours";
            return Ok(Done::Unfinished(text.to_owned()));
        }
        if how == How::Foreign {
            let text = "WeChat already had a job under this send's key before our first request: \
                        compare what followers got with the files";
            (self.tell)(Event::Warning { text: text.to_owned() });
        }
        self.accept(effect, (submitted.msg_id, submitted.msg_data_id), how).await?;
        Ok(self.settled(effect))
    }

    /// R11: 45065 counts only with a job that WeChat knows, that no other send of ours holds, and
    /// when nothing was rejected in this generation.
    async fn is_believable(&mut self, effect: &Effect, msg_id: Option<MsgId>) -> bool {
        let Some(msg_id) = msg_id else { return false };
        let ledger = self.journal.ledger();
        let is_others = is_held_by_other(ledger, effect, Some(msg_id));
        let was_rejected = ledger.send(effect).is_some_and(|send| send.refusal.is_some());
        !is_others && !was_rejected && self.world.wechat.mass_get(msg_id).await.is_ok()
    }

    async fn accept(
        &mut self,
        effect: &Effect,
        (msg_id, msg_data_id): (Option<MsgId>, Option<MsgDataId>),
        how: How,
    ) -> Result<(), Failure> {
        let still = |ledger: &Ledger| {
            let is_open = matches!(ledger.send(effect).map(|s| &s.phase), Some(Phase::Open(_)));
            is_open && (how == How::Answered || !is_held_by_other(ledger, effect, msg_id))
        };
        let about = About::send(*effect, self.generation(effect));
        let accepted = Fact::Accepted { msg_id, msg_data_id, how };
        match self.journal.decide(about, accepted, &still).await {
            Ok(Decided::Written) => return Ok(()),
            Ok(Decided::NoLonger) => {}
            Err(error) => {
                // The history failed after the send: what it should say must not be lost.
                let text = format!(
                    "RECEIPT, keep this line: WeChat accepted effect {effect}, generation {}, as job \
                     {}, and the history could not be written",
                    about.generation.get(),
                    job_words(msg_id)
                );
                (self.tell)(Event::Warning { text });
                return Err(error.into());
            }
        }
        // Another run may have recorded the same job: then there is nothing to add (R7). Anything
        // else must not pass without a word.
        let phase = self.journal.ledger().send(effect).map(|send| &send.phase);
        match phase {
            Some(Phase::Accepted(accepted)) if accepted.msg_id == msg_id => Ok(()),
            _ => Err(Failure::Step(format!(
                "WeChat says that it has this send as job {}, and the history says otherwise: look \
                 in the console whether it went out twice",
                job_words(msg_id)
            ))),
        }
    }

    /// A definite "no job was made". It ends the intent only if no other request can have made one.
    async fn refused(
        &mut self,
        effect: &Effect,
        n: u32,
        error: &WeChatError,
    ) -> Result<(), Failure> {
        let (errcode, message) = (error.errcode().unwrap_or(0), error.to_string());
        let about = About::send(*effect, self.generation(effect));
        let heals = matches!(error.advice(), Advice::Token | Advice::Wait(_) | Advice::Retry);
        if !heals {
            let rejected = Fact::Rejected { errcode, message: message.clone() };
            let number = self.open_intent(effect).map_or(0, |open| open.number);
            let still = |ledger: &Ledger| is_closable(ledger, effect, (number, n));
            if still(self.journal.ledger())
                && self.journal.decide(about, rejected, &still).await? == Decided::Written
            {
                return Err(Failure::Step(message));
            }
        }
        self.journal.note(about, Fact::AttemptRefused { n, errcode, message }).await?;
        Ok(())
    }

    fn open_intent(&self, effect: &Effect) -> Option<OpenIntent> {
        match &self.journal.ledger().send(effect)?.phase {
            Phase::Open(open) => Some((**open).clone()),
            Phase::Ready | Phase::Accepted(_) => None,
        }
    }

    fn settled(&self, effect: &Effect) -> Done {
        let phase = self.journal.ledger().send(effect).map(|send| &send.phase);
        match phase {
            Some(Phase::Accepted(accepted)) => Done::Finished(match accepted.msg_id {
                Some(msg_id) => format!("job {msg_id}"),
                None => "it went out, as a person said".to_owned(),
            }),
            Some(Phase::Ready | Phase::Open(_)) | None => {
                Done::Unfinished("it was not sent; run again to send it".to_owned())
            }
        }
    }

    pub(super) fn generation(&self, effect: &Effect) -> Generation {
        self.journal.ledger().send(effect).map_or(Generation::FIRST, |send| send.generation)
    }
}

/// Whether the newest request is this one, of this very intent: another runner may have ended it and
/// opened the next, whose requests are numbered from 1 again.
fn is_last_attempt(ledger: &Ledger, effect: &Effect, newest: (u32, u32)) -> bool {
    match ledger.send(effect).map(|send| &send.phase) {
        Some(Phase::Open(open)) => (open.number, open.last_attempt()) == newest,
        Some(Phase::Ready | Phase::Accepted(_)) | None => false,
    }
}

/// R11: whether a job belongs to another send of this history.
fn is_held_by_other(ledger: &Ledger, effect: &Effect, msg_id: Option<MsgId>) -> bool {
    msg_id.and_then(|msg_id| ledger.job(msg_id)).is_some_and(|holder| holder != effect)
}

/// R8: the newest request was refused, and so was every other one.
fn is_closable(ledger: &Ledger, effect: &Effect, newest: (u32, u32)) -> bool {
    match ledger.send(effect).map(|send| &send.phase) {
        Some(Phase::Open(open)) => {
            is_last_attempt(ledger, effect, newest) && open.others_refused(newest.1)
        }
        Some(Phase::Ready | Phase::Accepted(_)) | None => false,
    }
}

fn job_words(msg_id: Option<MsgId>) -> String {
    msg_id.map_or_else(|| "(no number)".to_owned(), |msg_id| msg_id.to_string())
}
