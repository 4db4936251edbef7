//! Retractions (删除群发): what of them is left to do, and what they withhold.
//!
//! A retraction of a send that has not gone out withholds it. One that has is taken back part by part
//! and article by article, each once: `message/mass/delete` cannot be undone, has ten calls a day, and
//! takes articles and videos of finished jobs only (WeChat's page 删除群发). Asked twice it does no
//! harm, so a lost answer is simply followed by another call; the history says what was asked.

use crate::campaign::Account;
use crate::content::DesiredRetraction;
use crate::history::{How, Ledger, OpenIntent, Phase, Retraction, SendHistory, SentContent};
use crate::terms::{
    Effect, Fingerprint, JobStatus, RetractedArticles, SendAddress, Timestamp, beijing_date,
};

use super::gate::standing_of;
use super::orders;
use super::planner::Planner;
use super::quota::{Quota, QuotaUse};
use super::reason::{Blocker, Reason, Why};
use super::step::{
    Action, Blocked, RetractOrder, RetractionLine, RetractionStanding, Standing, Step, StepId,
    Waiting,
};

/// Retractions that an account may ask for in a day.
const RETRACTION_DAY: u32 = 10;
/// WeChat's answer when the day's calls are used up: tomorrow it may be asked again.
const CALLS_USED_UP: i64 = 45009;

impl Planner<'_> {
    /// Plans the retractions of the campaigns, before the sends that may come after them.
    pub(super) fn retractions(&mut self) {
        let campaigns = self.wanted.campaigns;
        for retraction in campaigns.iter().flat_map(|campaign| &campaign.retractions) {
            self.retraction(retraction);
        }
    }

    /// Plans one retraction.
    pub(super) fn retraction(&mut self, wanted: &DesiredRetraction) {
        let parts = parts_of(self.ledger, &wanted.send);
        let went_out: Vec<_> = parts
            .into_iter()
            .filter(|(_, _, history)| !matches!(history.phase, Phase::Ready))
            .collect();
        let standing = if went_out.is_empty() {
            self.nothing_went_out(wanted)
        } else {
            went_out
                .iter()
                .map(|(effect, send, history)| self.retract_part(wanted, (*effect, send, history)))
                .max_by_key(|standing| gravity(*standing))
                .unwrap_or(RetractionStanding::Done)
        };
        if standing == RetractionStanding::Done {
            self.keep(&wanted.address, "retraction");
        }
        self.plan.retractions.push(RetractionLine {
            address: wanted.address.clone(),
            send: wanted.send.clone(),
            articles: wanted.articles.clone(),
            reason: wanted.reason.clone(),
            digest: self.retraction_digest(wanted),
            standing,
        });
    }

    /// Whether the files or the history know a send.
    fn is_known(&self, send: &SendAddress) -> bool {
        let mut written = self.wanted.campaigns.iter().flat_map(|campaign| &campaign.sends);
        written.any(|known| known.address == *send)
            || self.wanted.elsewhere.contains(send)
            || self.ledger.sends().any(|(_, known)| is_of(known, send))
    }

    /// Why no send may go out before somebody has corrected a file: a retraction that cannot be read,
    /// or whose send nobody knows, may be meant for any of them.
    pub(super) fn retraction_in_doubt(&self) -> Option<Blocker> {
        if let Some(file) = self.wanted.unclear {
            return Some(Blocker::RetractionsUnclear { file: file.display().to_string() });
        }
        let own = self.wanted.campaigns.iter().flat_map(|campaign| &campaign.retractions);
        let mut all = own.chain(self.wanted.retractions);
        let lost = all.find(|retraction| !self.is_known(&retraction.send))?;
        let (retraction, send) = (Box::new(lost.address.clone()), lost.send.clone());
        Some(Blocker::RetractionOfUnknown { retraction, send })
    }

    /// A send of unknown outcome that is to be taken back: a repeat of the request, which settles
    /// others, could be what makes it go out.
    pub(super) fn withheld_open(&mut self, address: &SendAddress, open: &OpenIntent) {
        let (since, fence) = (open.at, open.fence());
        self.block(address, Blocker::WithheldUnknown { since, fence });
    }

    fn nothing_went_out(&mut self, wanted: &DesiredRetraction) -> RetractionStanding {
        if self.is_known(&wanted.send) {
            return RetractionStanding::Withholds;
        }
        let send = wanted.send.clone();
        self.block_retraction(wanted, Blocker::RetractedUnknown { send })
    }

    /// Plans what is left of one part of a send that went out, or may have.
    fn retract_part(
        &mut self,
        wanted: &DesiredRetraction,
        (effect, send, history): (Effect, &SendAddress, &SendHistory),
    ) -> RetractionStanding {
        let articles = match articles(wanted, history) {
            Ok(articles) => articles,
            Err(why) => return self.block_retraction(wanted, why),
        };
        let left: Vec<_> = articles
            .into_iter()
            .filter(|article| !history.is_retracted(article.as_ref().map(|(n, _)| *n)))
            .collect();
        let Phase::Accepted(accepted) = &history.phase else {
            let why = Why::After { send: send.clone(), standing: Standing::Unknown };
            return self.wait_to_retract(wanted, None, why);
        };
        if left.is_empty() {
            return RetractionStanding::Done;
        }
        // Nothing of it can be seen, or can be any more.
        if let Some((JobStatus::Failed | JobStatus::Deleted, _)) = accepted.status {
            return RetractionStanding::Done;
        }
        if accepted.msg_id.is_none() {
            return self.block_retraction(wanted, Blocker::RetractedNoJob { send: send.clone() });
        }
        let mut needs = Vec::new();
        if standing_of(history) == Standing::Submitted {
            let asked = accepted.status.as_ref().map(|(_, at)| *at);
            if let Some(until) =
                orders::ask_again_at(accepted.at, asked).filter(|until| self.now < *until)
            {
                let why = Why::After { send: send.clone(), standing: Standing::Submitted };
                return self.wait_to_retract(wanted, Some(until), why);
            }
            self.status_step(send, effect, Some(history), Vec::new());
            needs.extend(self.outcome.get(&effect).cloned());
        }
        let each = left.into_iter().map(|article| {
            self.retract_step(wanted, (effect, send, history), article, needs.clone())
        });
        each.max_by_key(|standing| gravity(*standing)).unwrap_or(RetractionStanding::Done)
    }

    fn retract_step(
        &mut self,
        wanted: &DesiredRetraction,
        (effect, send, history): (Effect, &SendAddress, &SendHistory),
        article: Option<(u32, String)>,
        after: Vec<StepId>,
    ) -> RetractionStanding {
        let known = history.retraction(article.as_ref().map(|(n, _)| *n));
        match refused(known, send, self.now).filter(|_| !self.by_hand) {
            Some(Refused::Blocked(why)) => return self.block_retraction(wanted, why),
            Some(Refused::ForToday) => {
                let limit = RETRACTION_DAY;
                let quota = QuotaUse { quota: Quota::RetractionDay, used: limit, limit };
                let why = Why::Quota { quota: quota.quota, used: limit, limit };
                return self.wait_to_retract(wanted, Some(quota.back(self.now)), why);
            }
            None => {}
        }
        let digest = self.retraction_digest(wanted);
        if let Some(why) =
            retraction_approval(digest, &wanted.send, self.wanted.account, self.ledger)
        {
            return self.wait_to_retract(wanted, None, why);
        }
        let planned = self.plan.steps.iter().filter(|s| matches!(s.action, Action::Retract(_)));
        let planned = u32::try_from(planned.count()).unwrap_or(u32::MAX);
        let mut quota = retractions_today(self.ledger, self.now);
        quota.used = quota.used.saturating_add(planned);
        if quota.is_used_up() {
            let until = Some(quota.back(self.now));
            let QuotaUse { quota, used, limit } = quota;
            return self.wait_to_retract(wanted, until, Why::Quota { quota, used, limit });
        }
        let what = match &article {
            Some((n, _)) => format!("retract {n} of"),
            None => "retract".to_owned(),
        };
        let asked = known.and_then(|known| known.asked.last().copied());
        self.add(Step {
            id: StepId::of(&what, send),
            address: wanted.address.to_string(),
            action: Action::Retract(RetractOrder {
                address: wanted.address.clone(),
                send: send.clone(),
                effect,
                article,
                reason: wanted.reason.clone(),
                digest,
            }),
            because: Reason::NotRetracted {
                reason: wanted.reason.clone(),
                asked,
                used: quota.used,
                limit: quota.limit,
            },
            after,
        });
        RetractionStanding::Planned
    }

    fn wait_to_retract(
        &mut self,
        wanted: &DesiredRetraction,
        until: Option<Timestamp>,
        why: Why,
    ) -> RetractionStanding {
        let waiting = Waiting { address: wanted.address.to_string(), until, why };
        if !self.plan.waiting.contains(&waiting) {
            self.plan.waiting.push(waiting);
        }
        RetractionStanding::Waiting
    }

    fn block_retraction(&mut self, wanted: &DesiredRetraction, why: Blocker) -> RetractionStanding {
        let blocked = Blocked { address: wanted.address.to_string(), why };
        if !self.plan.blocked.contains(&blocked) {
            self.plan.blocked.push(blocked);
        }
        RetractionStanding::Blocked
    }

    /// What an approval names: the send as it was tried, what of it, and why; never how often it was
    /// asked for.
    fn retraction_digest(&self, wanted: &DesiredRetraction) -> Fingerprint {
        let effect = wanted.send.effect(&self.wanted.account.appid).to_string();
        let named: Vec<&str> = match &wanted.articles {
            RetractedArticles::All => vec!["all"],
            RetractedArticles::Named(names) => {
                std::iter::once("named").chain(names.iter().map(String::as_str)).collect()
            }
        };
        let tries: Vec<String> = parts_of(self.ledger, &wanted.send)
            .iter()
            .map(|(_, _, history)| history.generation.get().to_string())
            .collect();
        let tries = tries.join(",");
        let words = [effect.as_str(), wanted.reason.as_str(), tries.as_str()];
        let words = words.into_iter().chain(named).map(str::as_bytes);
        Fingerprint::of_parts(std::iter::once(b"retraction-digest/v1" as &[u8]).chain(words))
    }

    /// Whether a send must not go out, since a file takes it back.
    pub(super) fn is_withheld(&self, send: &SendAddress) -> bool {
        let whole = send.whole();
        let mut own = self.wanted.campaigns.iter().flat_map(|campaign| &campaign.retractions);
        own.any(|retraction| retraction.send == whole)
            || self.wanted.retractions.iter().any(|retraction| retraction.send == whole)
    }
}

/// The gravest of several says where the whole is.
fn gravity(standing: RetractionStanding) -> u8 {
    match standing {
        RetractionStanding::Done => 0,
        RetractionStanding::Withholds => 1,
        RetractionStanding::Planned => 2,
        RetractionStanding::Waiting => 3,
        RetractionStanding::Blocked => 4,
    }
}

fn is_of(history: &SendHistory, send: &SendAddress) -> bool {
    history.address.as_ref().is_some_and(|address| address.whole() == *send)
}

/// The recorded parts of a send, in their order.
fn parts_of<'l>(
    ledger: &'l Ledger,
    send: &SendAddress,
) -> Vec<(Effect, &'l SendAddress, &'l SendHistory)> {
    let of = |(effect, history): (&Effect, &'l SendHistory)| {
        let address = history.address.as_ref().filter(|_| is_of(history, send))?;
        Some((*effect, address, history))
    };
    let mut parts: Vec<_> = ledger.sends().filter_map(of).collect();
    parts.sort_by_key(|(_, address, _)| address.part);
    parts
}

/// What one part has of the articles that are meant: each by its number, or all at once.
fn articles(
    wanted: &DesiredRetraction,
    history: &SendHistory,
) -> Result<Vec<Option<(u32, String)>>, Blocker> {
    let sent = match history.sent_content() {
        // A job that others made, or that a person found, may have other articles than ours.
        Some(SentContent::News { articles }) if is_ours(history) => articles.as_slice(),
        Some(SentContent::News { .. } | SentContent::Video) | None => &[],
        Some(SentContent::Other) => {
            return Err(Blocker::NotRetractable { send: wanted.send.clone() });
        }
    };
    let RetractedArticles::Named(names) = &wanted.articles else { return Ok(vec![None]) };
    let number = |name: &String| {
        let found = (1_u32..).zip(sent).find(|(_, sent)| *sent == name);
        let unknown =
            || Blocker::RetractedNoArticle { article: name.clone(), known: sent.to_vec() };
        found.map(|(n, _)| Some((n, name.clone()))).ok_or_else(unknown)
    };
    names.iter().map(number).collect()
}

/// Whether the job is surely the one of our request.
fn is_ours(history: &SendHistory) -> bool {
    match &history.phase {
        Phase::Accepted(accepted) => matches!(accepted.how, How::Answered | How::Duplicate),
        Phase::Ready | Phase::Open(_) => true,
    }
}

/// A definite no stands until a person deals with it, but for one of yesterday about the day's calls.
fn refused(known: Option<&Retraction>, send: &SendAddress, now: Timestamp) -> Option<Refused> {
    let refusal = known?.refusal.as_ref()?;
    if refusal.errcode == CALLS_USED_UP {
        return (beijing_date(refusal.at) == beijing_date(now)).then_some(Refused::ForToday);
    }
    let (errcode, message) = (refusal.errcode, refusal.message.clone());
    let send = send.clone();
    Some(Refused::Blocked(Blocker::RetractionRefused { send, errcode, message }))
}

/// What a definite no leaves open.
enum Refused {
    /// A person must deal with it.
    Blocked(Blocker),
    /// The day's calls are used up, as WeChat counts them.
    ForToday,
}

/// What of the day's ten calls is used, answered or not.
pub fn retractions_today(ledger: &Ledger, now: Timestamp) -> QuotaUse {
    let today = beijing_date(now);
    let asked = ledger.sends().flat_map(|(_, send)| &send.retractions).flat_map(|r| &r.asked);
    let used = asked.filter(|at| beijing_date(**at) == today).count();
    let used = u32::try_from(used).unwrap_or(u32::MAX);
    QuotaUse { quota: Quota::RetractionDay, used, limit: RETRACTION_DAY }
}

/// The people who must still agree to a retraction.
pub fn retraction_approval(
    digest: Fingerprint,
    send: &SendAddress,
    account: &Account,
    ledger: &Ledger,
) -> Option<Why> {
    let needed = account.policy.approvals_retract;
    let may = |by: &String| account.approvers.is_empty() || account.approvers.contains(by);
    let mut have: Vec<String> = Vec::new();
    for approval in ledger.approvals(send) {
        if approval.digest == digest && may(&approval.by) && !have.contains(&approval.by) {
            have.push(approval.by.clone());
        }
    }
    let enough = u32::try_from(have.len()).is_ok_and(|have| have >= needed);
    let (voided, digest) = (Vec::new(), Some(digest));
    (!enough).then_some(Why::Approval { needed, have, voided, digest })
}

/// Whether nothing is left of a send, or of some of its articles, that could be taken back.
pub(super) fn is_taken_back(
    ledger: &Ledger,
    send: &SendAddress,
    articles: &RetractedArticles,
) -> bool {
    let parts = parts_of(ledger, send);
    parts.iter().all(|(_, _, history)| match &history.phase {
        Phase::Ready => true,
        Phase::Open(_) => false,
        Phase::Accepted(accepted) => {
            let is_nothing =
                matches!(accepted.status, Some((JobStatus::Failed | JobStatus::Deleted, _)));
            is_nothing || all_retracted(history, articles)
        }
    })
}

fn all_retracted(history: &SendHistory, articles: &RetractedArticles) -> bool {
    let RetractedArticles::Named(names) = articles else { return history.is_retracted(None) };
    let Some(SentContent::News { articles: sent }) = history.sent_content() else {
        return history.is_retracted(None);
    };
    names.iter().all(|name| {
        let number = (1_u32..).zip(sent).find(|(_, sent)| *sent == name);
        number.is_some_and(|(n, _)| history.is_retracted(Some(n)))
    })
}
