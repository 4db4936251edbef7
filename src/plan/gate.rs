//! Whether a send may go out now. The planner asks before anything is uploaded, and apply asks once
//! more under the very head that the intent is appended to (R14): one rule, spelled once.

use std::time::Duration;

use crate::campaign::{Account, AfterOutcome};
use crate::history::{Ledger, Phase, SendHistory, SentAudience};
use crate::terms::{AccountKind, Effect, JobStatus, RetractionAddress, TagId, Timestamp};

use super::orders;
use super::quota::Usage;
use super::reason::{Blocker, Why};
use super::retract::is_taken_back;
use super::step::{AfterOrder, Audience, SendOrder, Standing};

/// For so long the same content to the same people is taken for a mistake (ARCHITECTURE.md, promises).
const TWIN_WITHIN: Duration = Duration::from_hours(90 * 24);

/// What is known while a send is judged.
#[derive(Debug, Clone, Copy)]
pub struct Surroundings<'a> {
    /// The account and its policy.
    pub account: &'a Account,
    /// What happened so far.
    pub ledger: &'a Ledger,
    /// What of the quotas is used.
    pub usage: &'a Usage,
    /// Now.
    pub now: Timestamp,
}

/// Why a send may not go out now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Hold {
    /// Time, or somebody's word, brings it on.
    Wait {
        /// Until when, where that is known.
        until: Option<Timestamp>,
        /// For what.
        why: Why,
    },
    /// A person must deal with it.
    Block(Blocker),
}

/// Judges one send: the first thing that holds it, the gravest first.
pub fn hold(order: &SendOrder, around: Surroundings<'_>) -> Option<Hold> {
    blocker(order, around)
        .map(Hold::Block)
        .or_else(|| wait_for_others(order, around))
        .or_else(|| wait_for_previews(order, around))
        .or_else(|| hold_once_shown(order, around))
}

/// What holds a send still once the sends before it and its previews are through, which a plan can
/// bring on itself.
pub(super) fn hold_once_shown(order: &SendOrder, around: Surroundings<'_>) -> Option<Hold> {
    if let Some(why) = approval(order, around) {
        return Some(Hold::Wait { until: None, why });
    }
    let from = order.window.from.filter(|from| around.now < *from)?;
    Some(Hold::Wait { until: Some(from), why: Why::NotDue })
}

fn blocker(order: &SendOrder, around: Surroundings<'_>) -> Option<Blocker> {
    missed(order, around)
        .or_else(|| people(order, around.account))
        .or_else(|| edition_dropped(order, around.ledger))
        .or_else(|| fixed_by_other_part(order, around.ledger))
        .or_else(|| part_retracted(order, around.ledger))
        .or_else(|| twin(order, around))
        .or_else(|| quota_past_window(order, around))
        .or_else(|| after_failed(order, around.ledger))
        .or_else(|| after_retraction_unknown(order))
}

fn missed(order: &SendOrder, around: Surroundings<'_>) -> Option<Blocker> {
    let until = order.window.until;
    (around.now >= until).then_some(Blocker::Missed { until })
}

/// The bounds on the number of people, and what the account's kind may do.
fn people(order: &SendOrder, account: &Account) -> Option<Blocker> {
    if account.kind == AccountKind::Subscription
        && matches!(order.audience, Audience::OpenIds { .. })
    {
        return Some(Blocker::OpenIdsOnSubscription);
    }
    // Whoever was not counted, offline, is counted before the send; it is not guessed at here.
    let count = order.recipients?;
    if let Some(expect) = order.expect
        && (expect.at_least.is_some_and(|least| count < least)
            || expect.at_most.is_some_and(|most| count > most))
    {
        return Some(Blocker::Unexpected { count, expect });
    }
    let max = account.policy.max_recipients?;
    (count > max).then_some(Blocker::TooMany { count, max })
}

fn edition_dropped(order: &SendOrder, ledger: &Ledger) -> Option<Blocker> {
    if order.address.edition.is_some() {
        return None;
    }
    let sent = ledger.sends().find_map(|(_, send)| {
        let address = send.address.as_ref()?;
        let same = address.campaign == order.address.campaign && address.send == order.address.send;
        let went_out = matches!(send.phase, Phase::Open(_) | Phase::Accepted(_));
        (same && went_out && address.edition.is_some()).then(|| address.whole())
    })?;
    Some(Blocker::EditionDropped { sent })
}

/// Once a part of a send may have gone out, its content and its people are fixed (ARCHITECTURE.md, promises). Asked
/// of every part, since a list that becomes a tag is another part, and so another effect.
fn fixed_by_other_part(order: &SendOrder, ledger: &Ledger) -> Option<Blocker> {
    let whole = order.address.whole();
    ledger.sends().filter(|(effect, _)| **effect != order.effect).find_map(|(_, send)| {
        let address = send.address.as_ref().filter(|address| address.whole() == whole)?;
        let intent = match &send.phase {
            Phase::Ready => return None,
            Phase::Open(open) => Some(&open.intent),
            Phase::Accepted(accepted) => accepted.intent.as_ref(),
        };
        let Some(intent) = intent else {
            // A person's word alone: it was a part of some list, or no list.
            let (old, new) =
                (format!("whom {address} went to"), orders::audience_words(&order.audience));
            let is_other_kind = (address.part == 0) != (order.address.part == 0);
            return is_other_kind.then_some(Blocker::SentAudienceChanged { old, new });
        };
        if !is_same_audience(&intent.audience, &order.audience) {
            let old = orders::sent_audience_words(&intent.audience);
            let new = orders::audience_words(&order.audience);
            return Some(Blocker::SentAudienceChanged { old, new });
        }
        let (old, new) = (intent.content, order.fingerprint);
        (old != new).then_some(Blocker::SentContentChanged { old, new })
    })
}

/// What was taken back of one part is not sent to the others.
fn part_retracted(order: &SendOrder, ledger: &Ledger) -> Option<Blocker> {
    let whole = order.address.whole();
    let mut others = ledger.sends().filter(|(effect, _)| **effect != order.effect);
    others.find_map(|(_, send)| {
        let part = send.address.as_ref().filter(|address| address.whole() == whole)?;
        // One that WeChat surely refused left everything as it was.
        let is_touched = send.retractions.iter().any(|known| known.refusal.is_none());
        is_touched.then(|| Blocker::PartRetracted { part: part.clone() })
    })
}

fn after_retraction_unknown(order: &SendOrder) -> Option<Blocker> {
    let unknown = order.after_retractions.iter().find(|after| after.of.is_none())?;
    Some(Blocker::AfterRetractionUnknown { retraction: unknown.address.clone() })
}

/// The retractions that must be done first and are not yet.
pub(super) fn undone<'a>(
    order: &'a SendOrder,
    ledger: &Ledger,
) -> impl Iterator<Item = &'a RetractionAddress> {
    order.after_retractions.iter().filter_map(|after| {
        let (send, articles) = after.of.as_ref()?;
        (!is_taken_back(ledger, send, articles)).then_some(&after.address)
    })
}

fn twin(order: &SendOrder, around: Surroundings<'_>) -> Option<Blocker> {
    around.ledger.sends().find_map(|(effect, send)| {
        let (at, intent) = match &send.phase {
            Phase::Ready => return None,
            Phase::Open(open) => (open.at, &open.intent),
            Phase::Accepted(accepted) => (accepted.at, accepted.intent.as_ref()?),
        };
        let of = intent.address.whole();
        let equal = *effect != order.effect
            && of != order.address.whole()
            && intent.content == order.fingerprint
            && is_same_audience(&intent.audience, &order.audience)
            && around.now < at + TWIN_WITHIN
            && order.again.as_ref() != Some(&of);
        equal.then_some(Blocker::Twin { of, at: Some(at) })
    })
}

/// Whether a recorded audience is the one that is meant now. A tag is the same by its name or by its
/// number: one that was made anew on the account is no edit of the files.
pub(super) fn is_same_audience(sent: &SentAudience, meant: &Audience) -> bool {
    match (sent, meant) {
        (SentAudience::Everyone { .. }, Audience::Everyone { .. }) => true,
        (SentAudience::Tag { name, id, .. }, Audience::Tag { name: meant, seen }) => {
            name == meant || seen.is_some_and(|(seen, _): (TagId, u64)| seen == *id)
        }
        (SentAudience::OpenIds { list, .. }, Audience::OpenIds { list: meant, .. }) => {
            list == meant
        }
        _ => false,
    }
}

fn quota_past_window(order: &SendOrder, around: Surroundings<'_>) -> Option<Blocker> {
    let used = around.usage.of_send(&order.audience);
    let back = used.back(around.now);
    let (quota, limit) = (used.quota, used.limit);
    (used.is_used_up() && back >= order.window.until).then_some(Blocker::QuotaPastWindow {
        quota,
        used: used.used,
        limit,
        back,
    })
}

fn after_failed(order: &SendOrder, ledger: &Ledger) -> Option<Blocker> {
    order.after.iter().find_map(|after| match progress(after, ledger) {
        Progress::Unknown => Some(Blocker::AfterUnknown { send: after.send.clone() }),
        Progress::Failed(standing) => {
            Some(Blocker::AfterFailed { send: after.send.clone(), standing })
        }
        Progress::Done | Progress::Under(_) => None,
    })
}

fn wait_for_others(order: &SendOrder, around: Surroundings<'_>) -> Option<Hold> {
    let waits = |until, why| Some(Hold::Wait { until, why });
    if let Some(send) = other_edition(order, around.ledger) {
        return waits(None, Why::OtherEdition { send });
    }
    let used = around.usage.of_send(&order.audience);
    if used.is_used_up() {
        let (quota, limit) = (used.quota, used.limit);
        let why = Why::Quota { quota, used: used.used, limit };
        return waits(Some(used.back(around.now)), why);
    }
    if let Some((after, standing)) = under_way(order, around.ledger).next() {
        return waits(None, Why::After { send: after.send.clone(), standing });
    }
    let retraction = undone(order, around.ledger).next()?.clone();
    waits(None, Why::AfterRetraction { retraction })
}

/// The sends that must come to something first and have not yet, with where they are.
pub(super) fn under_way<'a>(
    order: &'a SendOrder,
    ledger: &Ledger,
) -> impl Iterator<Item = (&'a AfterOrder, Standing)> {
    order.after.iter().filter_map(|after| match progress(after, ledger) {
        Progress::Under(standing) => Some((after, standing)),
        Progress::Done | Progress::Failed(_) | Progress::Unknown => None,
    })
}

fn wait_for_previews(order: &SendOrder, around: Surroundings<'_>) -> Option<Hold> {
    let is_shown = shown_at(order, around.ledger).is_some();
    (!is_shown).then_some(Hold::Wait { until: None, why: Why::Preview })
}

/// When the last preview of exactly this content was delivered; the beginning of time when nobody
/// must see it, nothing while somebody has not.
fn shown_at(order: &SendOrder, ledger: &Ledger) -> Option<Timestamp> {
    let mut shown = order.reviewers.iter().map(|r| ledger.previewed(&order.fingerprint, r));
    shown.try_fold(Timestamp::MIN, |last, at| Some(last.max(at?)))
}

fn other_edition(order: &SendOrder, ledger: &Ledger) -> Option<crate::terms::SendAddress> {
    ledger.sends().find_map(|(_, send)| {
        let address = send.address.as_ref()?;
        let other = address.campaign == order.address.campaign
            && address.send == order.address.send
            && address.edition != order.address.edition;
        (other && matches!(send.phase, Phase::Open(_))).then(|| address.whole())
    })
}

/// An approval counts when it names this very digest, is of a person who may, and came after the
/// previews of this content were delivered.
fn approval(order: &SendOrder, around: Surroundings<'_>) -> Option<Why> {
    let needed = approvals_needed(order, around.account);
    let shown = shown_at(order, around.ledger);
    let (mut have, mut voided) = (Vec::new(), Vec::new());
    for approval in around.ledger.approvals(&order.address) {
        let may =
            around.account.approvers.is_empty() || around.account.approvers.contains(&approval.by);
        let counts = may
            && approval.digest == order.digest
            && shown.is_some_and(|shown| approval.at >= shown);
        let list = if counts { &mut have } else { &mut voided };
        if !list.contains(&approval.by) {
            list.push(approval.by.clone());
        }
    }
    voided.retain(|by| !have.contains(by));
    let enough = u32::try_from(have.len()).is_ok_and(|have| have >= needed);
    let is_known = !matches!(order.audience, Audience::Tag { seen: None, .. });
    let digest = is_known.then_some(order.digest);
    (!enough).then_some(Why::Approval { needed, have, voided, digest })
}

pub(super) fn approvals_needed(order: &SendOrder, account: &Account) -> u32 {
    let policy = &account.policy;
    let is_large = matches!((order.recipients, policy.large), (Some(n), Some(large)) if n >= large);
    let everyone = match order.audience {
        Audience::Everyone { .. } => policy.approvals_everyone,
        Audience::Tag { .. } | Audience::OpenIds { .. } => 0,
    };
    let large = if is_large { policy.approvals_large } else { 0 };
    order.approvals.max(everyone).max(large)
}

/// How far another send is from what it must come to.
enum Progress {
    /// It came to that.
    Done,
    /// It never will.
    Failed(Standing),
    /// Not yet.
    Under(Standing),
    /// Neither the files nor the history know it.
    Unknown,
}

fn progress(after: &AfterOrder, ledger: &Ledger) -> Progress {
    let standing = |effect| match ledger.send(effect).map_or(Standing::Planned, standing_of) {
        Standing::Planned if after.skipped => Standing::Skipped,
        Standing::Planned if after.missed => Standing::Blocked,
        standing => standing,
    };
    let standings: Vec<Standing> = after.effects.iter().map(standing).collect();
    let is_unsent_end =
        |s: &&Standing| matches!(s, Standing::Blocked | Standing::Acknowledged | Standing::Skipped);
    let is_under_way = |s: &&Standing| **s != Standing::Sent && !is_unsent_end(s);
    let unsent = standings.iter().find(is_unsent_end);
    match (after.outcome, unsent, standings.iter().find(is_under_way)) {
        // Other campaigns have it, and nothing happened to it yet.
        _ if standings.is_empty() && after.elsewhere => Progress::Under(Standing::Planned),
        _ if standings.is_empty() => Progress::Unknown,
        (AfterOutcome::Sent, Some(standing), _) => Progress::Failed(*standing),
        (_, _, Some(standing)) => Progress::Under(*standing),
        (AfterOutcome::Ended, ..) | (AfterOutcome::Sent, None, None) => Progress::Done,
    }
}

/// Whether a part of a send is sent, or will never be.
pub(super) fn is_over(ledger: &Ledger, effect: &Effect) -> bool {
    match ledger.send(effect).map(standing_of) {
        Some(Standing::Sent | Standing::Blocked | Standing::Acknowledged) => true,
        Some(_) | None => false,
    }
}

/// Where a send is, by its records alone.
pub fn standing_of(send: &SendHistory) -> Standing {
    match &send.phase {
        Phase::Ready => Standing::Planned,
        Phase::Open(_) => Standing::Unknown,
        Phase::Accepted(accepted) => match (&accepted.status, &accepted.unreported) {
            (Some((JobStatus::Sent, _)), _) => Standing::Sent,
            (Some((JobStatus::Deleted, _)), _) if send.is_retracted(None) => Standing::Sent,
            (Some((JobStatus::Failed | JobStatus::Deleted, _)), _) | (_, Some(_)) => {
                if send.acknowledged { Standing::Acknowledged } else { Standing::Blocked }
            }
            (Some((JobStatus::Sending | JobStatus::Other(_), _)) | None, None) => {
                Standing::Submitted
            }
        },
    }
}
