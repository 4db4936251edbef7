//! Works out what is left to do: for every send of the files in turn, then for what the history left
//! open without them (R15). Pure, and the same for the same arguments.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::campaign::Account;
use crate::content::{Content, Desired, DesiredRetraction, DesiredSend};
use crate::history::{Ledger, Phase};
use crate::terms::{
    Effect, Fingerprint, Generation, RetractionAddress, SendAddress, TagId, Timestamp,
};

use super::gate::{
    Hold, Surroundings, hold, hold_once_shown, is_over, standing_of, under_way, undone,
};
use super::orders;
use super::quota::Usage;
use super::reason::{Blocker, Reason, Why};
use super::step::{
    Action, Anchor, Blocked, Kept, Plan, PlannedAccount, RetractionStanding, SendLine, SendOrder,
    Standing, Step, StepId, Waiting,
};

/// What one account's files want.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// The account.
    pub account: &'a Account,
    /// Its campaigns that are planned.
    pub campaigns: &'a [Desired],
    /// Sends of the project's other campaigns, which `after` may name.
    pub elsewhere: &'a [SendAddress],
    /// Every retraction that the project declares on this account, planned here or not: each
    /// withholds a send that has not gone out.
    pub retractions: &'a [DesiredRetraction],
    /// A file of the project with retractions that cannot be read: until they can, nothing is sent.
    pub unclear: Option<&'a Path>,
}

/// What was looked up on the account before planning.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Observed {
    /// Its tags; nothing when they were not looked up.
    pub tags: Option<Vec<SeenTag>>,
    /// How many followers it has.
    pub followers: Option<u64>,
}

/// A tag as the account has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenTag {
    /// Its name.
    pub name: String,
    /// Its number.
    pub id: TagId,
    /// How many followers have it.
    pub count: u64,
}

/// Plans one account.
pub fn plan(wanted: Wanted<'_>, ledger: &Ledger, observed: &Observed, now: Timestamp) -> Plan {
    let mut planner = Planner::new(wanted, ledger, observed, now);
    planner.retractions();
    for send in orders::in_order_of_after(wanted.campaigns) {
        planner.send(send.0, send.1);
    }
    planner.left_open();
    planner.in_order_of_files(wanted.campaigns);
    planner.plan
}

/// Plans one retraction that no file declares; what WeChat refused before is tried once more.
pub fn plan_by_hand(
    wanted: Wanted<'_>,
    ledger: &Ledger,
    retraction: &DesiredRetraction,
    now: Timestamp,
) -> Plan {
    let observed = Observed::default();
    let mut planner = Planner::new(wanted, ledger, &observed, now);
    planner.by_hand = true;
    planner.retraction(retraction);
    planner.plan
}

pub(super) struct Planner<'a> {
    pub(super) wanted: Wanted<'a>,
    pub(super) ledger: &'a Ledger,
    pub(super) observed: &'a Observed,
    pub(super) now: Timestamp,
    pub(super) plan: Plan,
    usage: Usage,
    /// A person asks for one thing, and not the files for everything.
    pub(super) by_hand: bool,
    /// Every part that a file names.
    pub(super) seen: BTreeSet<Effect>,
    /// The step after which a send's outcome is known.
    pub(super) outcome: BTreeMap<Effect, StepId>,
}

impl<'a> Planner<'a> {
    pub(super) fn new(
        wanted: Wanted<'a>,
        ledger: &'a Ledger,
        seen: &'a Observed,
        now: Timestamp,
    ) -> Self {
        let account = wanted.account;
        let (seq, hash) = ledger.head();
        let history = ledger.opened().map(|(history, _)| history.clone());
        let plan = Plan {
            account: PlannedAccount {
                name: account.name.value.clone(),
                appid: account.appid.clone(),
                kind: account.kind,
                followers: seen.followers,
            },
            anchor: Anchor { history, seq, hash },
            sends: Vec::new(),
            retractions: Vec::new(),
            steps: Vec::new(),
            kept: Vec::new(),
            waiting: Vec::new(),
            blocked: Vec::new(),
        };
        Self {
            wanted,
            ledger,
            observed: seen,
            now,
            plan,
            by_hand: false,
            usage: Usage::of(ledger, account.kind, now),
            seen: BTreeSet::new(),
            outcome: BTreeMap::new(),
        }
    }

    /// Plans every part of one send.
    fn send(&mut self, campaign: &Desired, send: &DesiredSend) {
        let audiences = match orders::audiences(send, self.observed, self.ledger) {
            Ok(audiences) => audiences,
            Err(unresolved) => {
                let order = orders::of(self, send, unresolved.audience);
                let is_withheld = self.is_withheld(&order.address);
                let is_ready = matches!(self.phase(&order), Phase::Ready);
                if send.skip.is_some() || is_withheld || !is_ready {
                    // It is closed, or may have gone out: that the tag is gone does not matter.
                    return self.part(campaign, send, &order);
                }
                self.seen.insert(order.effect);
                self.line(send, &order, Standing::Blocked);
                return self.block(&send.address, unresolved.why);
            }
        };
        for audience in audiences {
            let order = orders::of(self, send, audience);
            self.part(campaign, send, &order);
        }
    }

    pub(super) fn phase(&self, order: &SendOrder) -> &'a Phase {
        const READY: &Phase = &Phase::Ready;
        self.ledger.send(&order.effect).map_or(READY, |send| &send.phase)
    }

    fn part(&mut self, campaign: &Desired, send: &DesiredSend, order: &SendOrder) {
        self.seen.insert(order.effect);
        match self.phase(order) {
            Phase::Ready if send.skip.is_some() => {
                self.line(send, order, Standing::Skipped);
                self.keep(&order.address, "send");
            }
            Phase::Ready if self.is_withheld(&order.address) => {
                self.line(send, order, Standing::Withheld);
                self.keep(&order.address, "send");
            }
            Phase::Ready => self.ready(campaign, send, order),
            Phase::Open(open) if self.is_withheld(&order.address) => {
                self.withheld_open(&order.address, open);
                self.line(send, order, Standing::Blocked);
            }
            Phase::Open(open) => {
                self.frozen(order, open);
                self.open(&order.address, order.effect, open, Some(order.window.until));
                let standing = self.standing(&order.address, Standing::Unknown);
                self.line(send, order, standing);
            }
            Phase::Accepted(_) => {
                let history = self.ledger.send(&order.effect).expect("its phase was found");
                self.sent_content(order, history);
                self.accepted(&order.address, order.effect, history);
                let standing = self.standing(&order.address, standing_of(history));
                self.line(send, order, standing);
            }
        }
    }

    /// A send that was not made: what must be there first, and then the send itself.
    fn ready(&mut self, campaign: &Desired, send: &DesiredSend, order: &SendOrder) {
        let history = self.ledger.send(&order.effect);
        if let Some(draft) = history.and_then(|h| h.draft.as_ref()).filter(|draft| draft.gone) {
            let media_id = draft.media_id.clone();
            self.block(&order.address, Blocker::DraftGone { media_id });
            return self.line(send, order, Standing::Blocked);
        }
        if let Some(why) = self.retraction_in_doubt() {
            self.block(&order.address, why);
            return self.line(send, order, Standing::Blocked);
        }
        if let Some(of) = self.twin_in_plan(order) {
            self.block(&order.address, Blocker::Twin { of, at: None });
            return self.line(send, order, Standing::Blocked);
        }
        let quota = Some(self.usage.of_send(&order.audience));
        let standing = match hold(order, self.around()) {
            None => self.prepare_and_send(campaign, order, Vec::new()),
            Some(Hold::Block(Blocker::Missed { .. }))
                if history.is_some_and(|h| h.acknowledged) =>
            {
                self.keep(&order.address, "send");
                Standing::Acknowledged
            }
            Some(Hold::Block(why)) => {
                self.block(&order.address, why);
                Standing::Blocked
            }
            Some(Hold::Wait { until, why }) => match why {
                Why::Preview => self.prepare_and_send(campaign, order, Vec::new()),
                Why::After { .. } | Why::AfterRetraction { .. } => {
                    self.after_others(campaign, order, why)
                }
                // Nothing is uploaded for what may never be sent.
                Why::Quota { .. } | Why::OtherEdition { .. } => {
                    self.wait(&order.address, until, why);
                    Standing::Waiting
                }
                Why::NotDue | Why::Approval { .. } | Why::Sending { .. } => {
                    self.prepare_and_wait(campaign, order, (until, why))
                }
            },
        };
        self.line(send, order, standing);
        if let Some(line) = self.plan.sends.last_mut() {
            line.quota = quota;
        }
        if standing == Standing::Planned {
            self.usage.add(&order.audience);
        }
    }

    /// Another send that this plan makes, of the same content to the same people.
    fn twin_in_plan(&self, order: &SendOrder) -> Option<SendAddress> {
        let whole = order.address.whole();
        let is_twin = |line: &&SendLine| {
            line.standing == Standing::Planned
                && line.address.whole() != whole
                && order.again.as_ref() != Some(&line.address.whole())
                && line.audience.is_of_same_people(&order.audience)
                && line.content.fingerprint() == order.fingerprint
        };
        self.plan.sends.iter().find(is_twin).map(|line| line.address.whole())
    }

    fn around(&self) -> Surroundings<'_> {
        let (account, ledger, usage) = (self.wanted.account, self.ledger, &self.usage);
        Surroundings { account, ledger, usage, now: self.now }
    }

    /// Sends after what the plan does itself, unless something would still hold the send then.
    fn prepare_and_send(
        &mut self,
        campaign: &Desired,
        order: &SendOrder,
        mut needs: Vec<StepId>,
    ) -> Standing {
        if let Some(Hold::Wait { until, why }) = hold_once_shown(order, self.around()) {
            return self.prepare_and_wait(campaign, order, (until, why));
        }
        needs.extend(self.prepare(campaign, order));
        self.send_step(order, needs);
        Standing::Planned
    }

    fn prepare_and_wait(
        &mut self,
        campaign: &Desired,
        order: &SendOrder,
        (until, why): (Option<Timestamp>, Why),
    ) -> Standing {
        // The draft of a later part is made just before it goes out.
        if order.address.part <= 1 {
            self.prepare(campaign, order);
        }
        self.wait(&order.address, until, why);
        Standing::Waiting
    }

    /// Sends that come first and end in this very plan are waited for there.
    fn after_others(&mut self, campaign: &Desired, order: &SendOrder, why: Why) -> Standing {
        let mut needs = Vec::new();
        for retraction in undone(order, self.ledger) {
            let steps: Vec<StepId> = self.retract_steps(retraction).collect();
            let is_planned = self.plan.retractions.iter().any(|line| {
                line.address == *retraction && line.standing == RetractionStanding::Planned
            });
            if !is_planned {
                let why = Why::AfterRetraction { retraction: retraction.clone() };
                return self.prepare_and_wait(campaign, order, (None, why));
            }
            needs.extend(steps);
        }
        for (after, _) in under_way(order, self.ledger) {
            if after.effects.is_empty() {
                return self.prepare_and_wait(campaign, order, (None, why));
            }
            for effect in &after.effects {
                match self.outcome.get(effect) {
                    Some(step) => needs.push(step.clone()),
                    None if is_over(self.ledger, effect) => {}
                    None => {
                        let why = self.where_it_is(&after.send).unwrap_or(why);
                        return self.prepare_and_wait(campaign, order, (None, why));
                    }
                }
            }
        }
        self.prepare_and_send(campaign, order, needs)
    }

    /// The steps of this plan that belong to a retraction.
    fn retract_steps(&self, of: &RetractionAddress) -> impl Iterator<Item = StepId> {
        self.plan.steps.iter().filter_map(move |step| match &step.action {
            Action::Retract(order) if order.address == *of => Some(step.id.clone()),
            _ => None,
        })
    }

    /// Where this plan leaves another send: planned before those that come after it.
    fn where_it_is(&self, send: &SendAddress) -> Option<Why> {
        let mut lines = self.plan.sends.iter().filter(|line| line.address.whole() == *send);
        let line = lines.find(|line| line.standing != Standing::Sent)?;
        Some(Why::After { send: send.clone(), standing: line.standing })
    }

    /// The step that sends the part before, if the plan has it.
    pub(super) fn part_before(&self, order: &SendOrder) -> Option<StepId> {
        let part = order.address.part.checked_sub(1)?;
        let id = StepId::of("send", &SendAddress { part, ..order.address.clone() });
        self.plan.steps.iter().any(|step| step.id == id).then_some(id)
    }

    fn send_step(&mut self, order: &SendOrder, after: Vec<StepId>) {
        let history = self.ledger.send(&order.effect);
        let because = match history.and_then(|history| history.refusal.as_ref()) {
            Some(refusal) => Reason::RefusedBefore {
                errcode: refusal.errcode,
                message: refusal.message.clone(),
                at: refusal.at,
            },
            None => Reason::NotSent { new: order.fingerprint },
        };
        let send = self.add(Step {
            id: StepId::of("send", &order.address),
            address: order.address.to_string(),
            action: Action::Send(Box::new(order.clone())),
            because,
            after,
        });
        self.status_step(&order.address, order.effect, None, vec![send]);
    }

    /// Sends were planned in the order of `after`; a person reads them in the order of the files.
    fn in_order_of_files(&mut self, campaigns: &[Desired]) {
        let order: Vec<SendAddress> =
            campaigns.iter().flat_map(|c| &c.sends).map(|send| send.address.whole()).collect();
        self.plan.sends.sort_by_key(|line| order.iter().position(|a| *a == line.address.whole()));
    }

    fn standing(&self, address: &SendAddress, otherwise: Standing) -> Standing {
        if self.is_blocked(address) { Standing::Blocked } else { otherwise }
    }

    pub(super) fn is_blocked(&self, address: &SendAddress) -> bool {
        self.plan.blocked.iter().any(|blocked| blocked.address == address.to_string())
    }

    fn line(&mut self, send: &DesiredSend, order: &SendOrder, standing: Standing) {
        self.plan.sends.push(SendLine {
            address: order.address.clone(),
            content: order.content.clone(),
            audience: order.audience.clone(),
            target: send.target.clone(),
            window: order.window,
            quota: None,
            digest: order.digest,
            standing,
        });
    }

    /// Adds a step, once.
    pub(super) fn add(&mut self, step: Step) -> StepId {
        let id = step.id.clone();
        if !self.plan.steps.iter().any(|known| known.id == id) {
            self.plan.steps.push(step);
        }
        id
    }

    pub(super) fn keep(&mut self, address: &impl std::fmt::Display, what: &'static str) {
        let kept = Kept { address: address.to_string(), what };
        if !self.plan.kept.contains(&kept) {
            self.plan.kept.push(kept);
        }
    }

    pub(super) fn wait(&mut self, address: &SendAddress, until: Option<Timestamp>, why: Why) {
        self.plan.waiting.push(Waiting { address: address.to_string(), until, why });
    }

    pub(super) fn block(&mut self, address: &SendAddress, why: Blocker) {
        self.plan.blocked.push(Blocked { address: address.to_string(), why });
    }

    /// The generation that a send's part is in.
    pub(super) fn generation(&self, effect: &Effect) -> Generation {
        self.ledger.send(effect).map_or(Generation::FIRST, |send| send.generation)
    }
}

/// Of a content's articles, in order; none for anything else.
pub(super) fn article_fingerprints(content: &Content) -> Vec<Fingerprint> {
    match content {
        Content::News(articles) => articles.iter().map(|article| article.fingerprint()).collect(),
        Content::Text(_)
        | Content::Images(_)
        | Content::Voice(_)
        | Content::Video(_)
        | Content::Card(_) => Vec::new(),
    }
}
