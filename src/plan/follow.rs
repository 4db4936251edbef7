//! What is left to do for a send that was begun: settle it, ask how it ended, or show that it is over.

use crate::history::{Intent, OpenIntent, Phase, SendHistory, SentAudience};
use crate::terms::{Effect, SendAddress, Timestamp};

use super::gate::{is_same_audience, standing_of};
use super::orders;
use super::planner::Planner;
use super::reason::{Blocker, Reason, Why};
use super::step::{Action, Audience, SendOrder, SettleOrder, Standing, StatusOrder, Step, StepId};

impl Planner<'_> {
    /// R12: an edit of a send whose outcome is not known is shown, and the settling goes on.
    pub(super) fn frozen(&mut self, order: &SendOrder, open: &OpenIntent) {
        let (old, new) = (open.intent.content, order.fingerprint);
        if old == new {
            self.sent_audience(order, &open.intent);
        } else {
            self.block(&order.address, Blocker::FrozenContentChanged { old, new });
        }
    }

    pub(super) fn sent_content(&mut self, order: &SendOrder, history: &SendHistory) {
        let Phase::Accepted(accepted) = &history.phase else { return };
        let Some(intent) = &accepted.intent else { return };
        let (old, new) = (intent.content, order.fingerprint);
        if old == new {
            self.sent_audience(order, intent);
        } else {
            self.block(&order.address, Blocker::SentContentChanged { old, new });
        }
    }

    fn sent_audience(&mut self, order: &SendOrder, intent: &Intent) {
        // A tag that the account numbered anew since is no edit of the files.
        let is_same_name = matches!(
            (&intent.audience, &order.audience),
            (SentAudience::Tag { name, .. }, Audience::Tag { name: meant, .. }) if name == meant
        );
        if !is_same_name && !is_same_audience(&intent.audience, &order.audience) {
            let old = orders::sent_audience_words(&intent.audience);
            let new = orders::audience_words(&order.audience);
            self.block(&order.address, Blocker::SentAudienceChanged { old, new });
        }
    }

    /// A send of unknown outcome: settled from its record while WeChat remembers it.
    pub(super) fn open(
        &mut self,
        address: &SendAddress,
        effect: Effect,
        open: &OpenIntent,
        until: Option<Timestamp>,
    ) {
        let deadline = open.deadline(until);
        let (since, attempts) = (open.at, open.last_attempt());
        let refused = open.attempts.last().and_then(|attempt| attempt.refused.as_ref());
        let all_refused = refused.filter(|_| open.others_refused(open.last_attempt()));
        let because = match all_refused {
            Some(refusal) => Reason::RefusedUnclosed { errcode: refusal.errcode },
            None if self.now >= deadline => {
                let fence = open.fence();
                let why = Blocker::OutcomeUnknown { since, attempts, deadline, fence };
                return self.block(address, why);
            }
            None => Reason::OutcomeUnknown { since, attempts, deadline },
        };
        let order = SettleOrder { address: address.clone(), effect, until };
        let id = self.add(Step {
            id: StepId::of("settle", address),
            address: address.to_string(),
            action: Action::Settle(order),
            because,
            after: Vec::new(),
        });
        self.status_step(address, effect, None, vec![id]);
    }

    /// A send with a job: asked about until WeChat says how it ended.
    pub(super) fn accepted(
        &mut self,
        address: &SendAddress,
        effect: Effect,
        history: &SendHistory,
    ) {
        let Phase::Accepted(accepted) = &history.phase else { return };
        let (msg_id, status) = (accepted.msg_id, accepted.status.clone());
        match (standing_of(history), status, &accepted.unreported) {
            // What went out and no longer is what the files say is blocked, not kept.
            (Standing::Sent | Standing::Acknowledged, ..) if self.is_blocked(address) => {}
            (Standing::Sent | Standing::Acknowledged, ..) => self.keep(address, "send"),
            (Standing::Blocked, _, Some(why)) => {
                let why = why.clone();
                self.block(address, Blocker::Unreported { msg_id, why });
            }
            (Standing::Blocked, Some((status, _)), None) => {
                self.block(address, Blocker::Failed { msg_id, status });
            }
            (_, status, _) => {
                let asked = status.as_ref().map(|(_, at)| *at);
                match orders::ask_again_at(accepted.at, asked).filter(|at| self.now < *at) {
                    Some(until) => self.wait(address, Some(until), Why::Sending { msg_id }),
                    None => self.status_step(address, effect, Some(history), Vec::new()),
                }
            }
        }
    }

    /// R15: what the history left open and no file of this plan names.
    pub(super) fn left_open(&mut self) {
        let ledger = self.ledger;
        for (effect, history) in ledger.sends() {
            let Some(address) = history.address.as_ref().filter(|_| !self.seen.contains(effect))
            else {
                continue;
            };
            match &history.phase {
                Phase::Ready => {}
                Phase::Open(open) if self.is_withheld(address) => self.withheld_open(address, open),
                Phase::Open(open) => self.open(address, *effect, open, None),
                Phase::Accepted(_)
                    if matches!(standing_of(history), Standing::Sent | Standing::Acknowledged) => {}
                Phase::Accepted(_) => self.accepted(address, *effect, history),
            }
        }
    }

    pub(super) fn status_step(
        &mut self,
        address: &SendAddress,
        effect: Effect,
        history: Option<&SendHistory>,
        after: Vec<StepId>,
    ) {
        let accepted = history.and_then(|history| match &history.phase {
            Phase::Accepted(accepted) => Some(accepted),
            Phase::Ready | Phase::Open(_) => None,
        });
        let msg_id = accepted.and_then(|accepted| accepted.msg_id);
        let last = accepted.and_then(|accepted| accepted.status.clone()).map(|(status, _)| status);
        let order = StatusOrder { address: address.clone(), effect, msg_id };
        let because = Reason::StatusUnknown { last };
        let id = self.add(Step {
            id: StepId::of("status", address),
            address: address.to_string(),
            action: Action::CheckStatus(order),
            because,
            after,
        });
        self.outcome.insert(effect, id);
    }
}
