//! One run: uploads side by side, the rest in order.

use std::collections::BTreeSet;

use futures::StreamExt as _;

use crate::history::{About, Journal, JournalError, Phase};
use crate::plan::{Action, Plan, Standing, Step, StepId, standing_of};
use crate::terms::{Effect, SendAddress, Timestamp};

use super::event::{Event, SendEnd};
use super::perform::{Done, Failure};
use super::upload;
use super::world::{Limits, Patience, Stage, World};

/// What a run came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// How each send of the plan stands now.
    pub sends: Vec<SendEnd>,
    /// Steps that failed.
    pub failed: u32,
    /// Steps that were not begun, because of a failed one or of the run's limits.
    pub skipped: u32,
    /// Steps that ran out of the time that the run may wait.
    pub unfinished: u32,
    /// Somebody ended the run.
    pub interrupted: bool,
}

/// Why a run had to stop: without its history nothing may be done.
#[derive(Debug, thiserror::Error)]
pub enum ApplyError {
    /// A record could not be written or read.
    #[error(transparent)]
    Journal(#[from] JournalError),
}

pub(super) struct Run<'a, 'j> {
    pub(super) world: World<'a>,
    pub(super) journal: &'a mut Journal<'j>,
    pub(super) limits: Limits,
    pub(super) patience: Patience,
    pub(super) tell: &'a mut (dyn FnMut(Event) + Send),
    done: BTreeSet<StepId>,
    outcome: Outcome,
}

/// Does what a plan says, in its order, and records each step before the next.
///
/// # Errors
///
/// [`ApplyError`] when the history fails. A step that fails is told of and counted; what needs it is
/// left, and the rest goes on.
pub async fn apply(
    plan: &Plan,
    world: World<'_>,
    journal: &mut Journal<'_>,
    limits: Limits,
    tell: &mut (dyn FnMut(Event) + Send),
) -> Result<Outcome, ApplyError> {
    let patience = Patience::new(world.clock.now(), limits.wait);
    let outcome =
        Outcome { sends: Vec::new(), failed: 0, skipped: 0, unfinished: 0, interrupted: false };
    let done = BTreeSet::new();
    let mut run = Run { world, journal, limits, patience, tell, done, outcome };
    let (run_id, appid) = (run.journal.run().clone(), plan.account.appid.clone());
    (run.tell)(Event::RunStarted { run: run_id, appid, steps: plan.steps.len() });
    run.uploads(&plan.steps).await?;
    for step in plan.steps.iter().filter(|step| !is_upload(&step.action)) {
        run.step(step).await?;
    }
    run.outcome.interrupted = run.world.interrupt.is_made();
    run.outcome.sends = run.ends(plan);
    (run.tell)(Event::RunFinished { sends: run.outcome.sends.clone() });
    Ok(run.outcome)
}

/// Whether a step needs no other, so that it can be done beside its like.
fn is_upload(action: &Action) -> bool {
    matches!(action, Action::UploadImage(_) | Action::UploadMaterial(_))
}

/// The kind of a step.
fn stage(action: &Action) -> Stage {
    match action {
        Action::UploadImage(_) | Action::UploadMaterial(_) | Action::ConvertVideo(_) => {
            Stage::Upload
        }
        Action::SaveDraft(_) => Stage::Draft,
        Action::Preview(_) => Stage::Preview,
        Action::Send(_) | Action::Settle(_) | Action::CheckStatus(_) | Action::Retract(_) => {
            Stage::Send
        }
    }
}

impl Run<'_, '_> {
    async fn uploads(&mut self, steps: &[Step]) -> Result<(), ApplyError> {
        let uploads: Vec<&Step> = steps.iter().filter(|step| is_upload(&step.action)).collect();
        let (sender, mut news) = tokio::sync::mpsc::unbounded_channel();
        let world = self.world;
        let calls = futures::stream::iter(uploads)
            .map(|step| upload::upload(step, world, sender.clone()))
            .buffer_unordered(self.limits.parallel.max(1));
        // What is ready at the same time shares one durable write.
        let mut batches = calls.ready_chunks(self.limits.parallel.max(1));
        while let Some(batch) = batches.next().await {
            while let Ok(event) = news.try_recv() {
                (self.tell)(event);
            }
            let mut facts = Vec::new();
            let mut results = Vec::new();
            for (step, result) in batch {
                match result {
                    Ok((fact, told)) => {
                        facts.push((About::NO_SEND, fact));
                        results.push((step, Ok(Done::Finished(told))));
                    }
                    Err(failure) => results.push((step, Err(failure))),
                }
            }
            if !facts.is_empty() {
                self.journal.note_all(facts).await?;
            }
            for (step, result) in results {
                self.ended(step, result)?;
            }
        }
        Ok(())
    }

    async fn step(&mut self, step: &Step) -> Result<(), ApplyError> {
        if let Some(why) = self.held_back(step) {
            self.outcome.skipped += 1;
            (self.tell)(Event::StepSkipped { id: step.id.clone(), why });
            return Ok(());
        }
        let (id, action) = (step.id.clone(), step.action.word());
        (self.tell)(Event::StepStarted { id, action, address: step.address.clone() });
        let result = self.perform(step).await;
        self.ended(step, result)
    }

    fn held_back(&self, step: &Step) -> Option<String> {
        if self.world.interrupt.is_made() {
            return Some("interrupted".to_owned());
        }
        if stage(&step.action) > self.limits.stage {
            return Some("left for a later run".to_owned());
        }
        let missing = step.after.iter().find(|needed| !self.done.contains(*needed))?;
        Some(format!("needs `{}`", missing.0))
    }

    fn ended(&mut self, step: &Step, result: Result<Done, Failure>) -> Result<(), ApplyError> {
        let id = step.id.clone();
        match result {
            Ok(Done::Finished(result)) => {
                self.done.insert(id.clone());
                (self.tell)(Event::StepFinished { id, result });
            }
            Ok(Done::Unfinished(result)) => {
                self.outcome.unfinished += 1;
                (self.tell)(Event::StepOpen { id, why: result });
            }
            Err(Failure::Step(error)) => {
                self.outcome.failed += 1;
                (self.tell)(Event::StepFailed { id, error });
            }
            Err(Failure::Held(why)) => {
                self.outcome.skipped += 1;
                (self.tell)(Event::StepSkipped { id, why });
            }
            Err(Failure::Interrupted) => {
                self.outcome.skipped += 1;
                (self.tell)(Event::StepSkipped { id, why: "interrupted".to_owned() });
            }
            Err(Failure::Journal(error)) => return Err(error.into()),
        }
        Ok(())
    }

    /// A line for each send: where it is, by the records alone.
    fn ends(&self, plan: &Plan) -> Vec<SendEnd> {
        let appid = &plan.account.appid;
        let mut known: Vec<SendAddress> = plan.sends.iter().map(|l| l.address.clone()).collect();
        for step in &plan.steps {
            if let Action::Settle(order) = &step.action
                && !known.contains(&order.address)
            {
                known.push(order.address.clone());
            }
        }
        let end = |address: SendAddress| {
            let planned = plan.sends.iter().find(|line| line.address == address);
            let (standing, note) =
                self.end(plan, &address.effect(appid), planned.map(|l| l.standing));
            SendEnd { address, standing, note }
        };
        known.into_iter().map(end).collect()
    }

    fn end(&self, plan: &Plan, effect: &Effect, planned: Option<Standing>) -> (Standing, String) {
        let history = self.journal.ledger().send(effect);
        let by_records = history.map_or(Standing::Planned, standing_of);
        let standing = match (by_records, planned) {
            // Nothing happened to it: it stands where the plan put it.
            (Standing::Planned, Some(planned)) => planned,
            (by_records, _) => by_records,
        };
        let note = match history.map(|history| (&history.phase, &history.refusal)) {
            Some((Phase::Accepted(accepted), _)) => {
                accepted.msg_id.map_or_else(String::new, |id| format!("job {id}"))
            }
            Some((Phase::Open(open), _)) => format!("since {}", short_time(open.at)),
            Some((Phase::Ready, Some(refusal))) => {
                format!("refused with {}: {}", refusal.errcode, refusal.message)
            }
            Some((Phase::Ready, None)) | None => why_not(plan, effect),
        };
        (standing, note)
    }
}

/// What the plan says of a send that was not made.
fn why_not(plan: &Plan, effect: &Effect) -> String {
    let line = plan.sends.iter().find(|line| line.address.effect(&plan.account.appid) == *effect);
    let Some(address) = line.map(|line| line.address.to_string()) else { return String::new() };
    let waiting = plan.waiting.iter().find(|waiting| waiting.address == address);
    waiting
        .and_then(|waiting| waiting.until)
        .map_or_else(String::new, |until| format!("run again from {}", short_time(until)))
}

pub(super) fn short_time(at: Timestamp) -> String {
    let beijing = jiff::tz::TimeZone::fixed(jiff::tz::offset(8));
    format!("{} +08:00", beijing.to_datetime(at).strftime("%Y-%m-%d %H:%M:%S"))
}
