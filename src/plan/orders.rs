//! From a send as the files want it to an order that can be judged and carried out.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use crate::campaign::PartFacts;
use crate::content::{Desired, DesiredAudience, DesiredSend};
use crate::history::{Intent, Ledger, Phase, SendHistory, SentAudience};
use crate::terms::{
    AppId, Effect, Fingerprint, OnReprint, RetractionAddress, SendAddress, TagId, Timestamp,
};

use super::planner::{Observed, Planner};
use super::reason::Blocker;
use super::step::{AfterOrder, AfterRetraction, Audience, SendOrder};

/// How long a job is left alone before it is asked about again.
const ASK_AGAIN: Duration = Duration::from_mins(1);

/// An audience that the account does not have as it is written.
pub(super) struct Unresolved {
    /// As the history knows it.
    pub(super) audience: Audience,
    /// What is wrong with it.
    pub(super) why: Blocker,
}

/// The audience of each part, or the audience as far as it is known and what is wrong with it.
pub(super) fn audiences(
    send: &DesiredSend,
    observed: &Observed,
    ledger: &Ledger,
) -> Result<Vec<Audience>, Box<Unresolved>> {
    match &send.audience {
        DesiredAudience::Everyone => Ok(vec![Audience::Everyone { count: observed.followers }]),
        DesiredAudience::Tag(name) => match tag(name, observed, ledger) {
            Ok(seen) => Ok(vec![Audience::Tag { name: name.clone(), seen }]),
            Err(why) => {
                let audience = Audience::Tag { name: name.clone(), seen: ledger.tag(name) };
                Err(Box::new(Unresolved { audience, why }))
            }
        },
        DesiredAudience::OpenIds(list) => {
            let parts = u32::try_from(list.parts.len()).expect("a list has fewer than 2³² parts");
            let part = |(at, people): (u32, &PartFacts)| Audience::OpenIds {
                file: list.file.clone(),
                list: list.fingerprint,
                part: at,
                parts,
                people: *people,
                formula: Arc::clone(&list.formula),
            };
            Ok((1..).zip(&list.parts).map(part).collect())
        }
    }
}

/// Looks a tag up by its name: on the account, or offline in what the history knows.
fn tag(name: &str, observed: &Observed, ledger: &Ledger) -> Result<Option<(TagId, u64)>, Blocker> {
    let Some(tags) = &observed.tags else { return Ok(ledger.tag(name)) };
    let found: Vec<_> = tags.iter().filter(|tag| tag.name == name).collect();
    match found.as_slice() {
        [tag] => Ok(Some((tag.id, tag.count))),
        [] => {
            let known = tags.iter().map(|tag| tag.name.clone()).collect();
            Err(Blocker::NoSuchTag { name: name.to_owned(), known })
        }
        several => {
            let ids = several.iter().map(|tag| tag.id).collect();
            Err(Blocker::AmbiguousTag { name: name.to_owned(), ids })
        }
    }
}

/// One part's order.
pub(super) fn of(planner: &Planner<'_>, send: &DesiredSend, audience: Audience) -> SendOrder {
    let part = match &audience {
        Audience::OpenIds { part, .. } => *part,
        Audience::Everyone { .. } | Audience::Tag { .. } => 0,
    };
    let appid = &planner.wanted.account.appid;
    let address = SendAddress { part, ..send.address.clone() };
    let effect = address.effect(appid);
    let fingerprint = send.content.fingerprint();
    let recipients = match &send.audience {
        DesiredAudience::OpenIds(list) => Some(list.count()),
        DesiredAudience::Everyone | DesiredAudience::Tag(_) => audience.count(),
    };
    let reviewers = send.reviewers.clone();
    let approvals = send.approvals.unwrap_or(u32::from(!reviewers.is_empty()));
    let digest = digest(appid, send, &fingerprint, &audience);
    SendOrder {
        effect,
        generation: planner.generation(&effect),
        content: send.content.clone(),
        fingerprint,
        recipients,
        audience,
        expect: send.expect,
        window: send.window,
        on_reprint: send.on_reprint,
        reviewers,
        approvals,
        after: send.after.iter().map(|after| self::after(planner, after)).collect(),
        after_retractions: after_retractions(planner, send),
        again: send.again.clone(),
        digest,
        address,
    }
}

/// The send digest, which an approval names: identity, content, audience, window, flags.
fn digest(
    appid: &AppId,
    send: &DesiredSend,
    content: &Fingerprint,
    audience: &Audience,
) -> Fingerprint {
    let effect = send.address.whole().effect(appid).to_string();
    let audience = match audience {
        Audience::Everyone { .. } => "everyone".to_owned(),
        Audience::Tag { name, seen } => {
            format!("tag {} {name}", seen.map_or(0, |(id, _)| id.get()))
        }
        Audience::OpenIds { list, .. } => format!("openids {list}"),
    };
    let from = send.window.from.map_or_else(String::new, |from| from.to_string());
    let until = send.window.until.to_string();
    let on_reprint = match send.on_reprint {
        OnReprint::Stop => "stop",
        OnReprint::Accept => "accept",
    };
    let words = [&effect, &audience, &from, &until, on_reprint];
    let words = words.into_iter().map(str::as_bytes);
    Fingerprint::of_parts([b"send-digest/v1" as &[u8], content.as_bytes()].into_iter().chain(words))
}

fn after(planner: &Planner<'_>, after: &crate::content::DesiredAfter) -> AfterOrder {
    let appid = &planner.wanted.account.appid;
    let mut sends = planner.wanted.campaigns.iter().flat_map(|campaign| &campaign.sends);
    let written = sends.find(|send| send.address == after.send);
    let effects = match written {
        Some(send) => effects(appid, send),
        None => known_effects(appid, planner.ledger, &after.send),
    };
    AfterOrder {
        send: after.send.clone(),
        outcome: after.outcome,
        effects,
        skipped: written.is_some_and(|send| send.skip.is_some())
            || planner.is_withheld(&after.send),
        missed: written.is_some_and(|send| planner.now >= send.window.until),
        elsewhere: planner.wanted.elsewhere.contains(&after.send),
    }
}

fn after_retractions(planner: &Planner<'_>, send: &DesiredSend) -> Vec<AfterRetraction> {
    let own = planner.wanted.campaigns.iter().flat_map(|campaign| &campaign.retractions);
    let all: Vec<_> = own.chain(planner.wanted.retractions).collect();
    let after = |address: &RetractionAddress| {
        let found = all.iter().find(|retraction| retraction.address == *address);
        let of = found.map(|found| (found.send.clone(), found.articles.clone()));
        AfterRetraction { address: address.clone(), of }
    };
    send.after_retractions.iter().map(after).collect()
}

fn effects(appid: &AppId, send: &DesiredSend) -> Vec<Effect> {
    let part = |part| SendAddress { part, ..send.address.clone() }.effect(appid);
    match &send.audience {
        DesiredAudience::Everyone | DesiredAudience::Tag(_) => vec![part(0)],
        DesiredAudience::OpenIds(list) => (1..).zip(&list.parts).map(|(at, _)| part(at)).collect(),
    }
}

/// The parts of a send that no file of this plan has: those that are recorded, and, of a list, those
/// that its first part promised.
fn known_effects(appid: &AppId, ledger: &Ledger, address: &SendAddress) -> Vec<Effect> {
    let of = |(effect, send): (&Effect, &SendHistory)| {
        send.address.as_ref().filter(|known| known.whole() == *address)?;
        let parts = match intent(send).map(|intent| &intent.audience) {
            Some(SentAudience::OpenIds { parts, .. }) => *parts,
            Some(SentAudience::Everyone { .. } | SentAudience::Tag { .. }) | None => 0,
        };
        let promised =
            (1..=parts).map(|part| SendAddress { part, ..address.clone() }.effect(appid));
        Some(promised.chain(std::iter::once(*effect)).collect::<Vec<_>>())
    };
    let effects: BTreeSet<Effect> = ledger.sends().filter_map(of).flatten().collect();
    effects.into_iter().collect()
}

/// What was intended under a send that went out or may have, where it was ours.
pub(super) fn intent(send: &SendHistory) -> Option<&Intent> {
    match &send.phase {
        Phase::Ready => None,
        Phase::Open(open) => Some(&open.intent),
        Phase::Accepted(accepted) => accepted.intent.as_ref(),
    }
}

/// Every send, each after those that it comes after; ties in the order of the files. What stands in
/// a circle (an error of the files, found before) keeps its order.
pub(super) fn in_order_of_after(campaigns: &[Desired]) -> Vec<(&Desired, &DesiredSend)> {
    let mut left: Vec<(&Desired, &DesiredSend)> =
        campaigns.iter().flat_map(|c| c.sends.iter().map(move |send| (c, send))).collect();
    let mut ordered = Vec::with_capacity(left.len());
    while !left.is_empty() {
        let waits = |send: &DesiredSend| {
            send.after.iter().any(|after| left.iter().any(|(_, l)| l.address == after.send))
        };
        let next = left.iter().position(|(_, send)| !waits(send)).unwrap_or(0);
        ordered.push(left.remove(next));
    }
    ordered
}

/// When a job should be asked about again; at once when it never was.
pub(super) fn ask_again_at(accepted: Timestamp, asked: Option<Timestamp>) -> Option<Timestamp> {
    // The longer it takes, the less often: a tenth of its age, and at least a minute.
    let asked = asked?;
    let age = Duration::try_from(asked.duration_since(accepted)).unwrap_or(Duration::ZERO);
    Some(asked + ASK_AGAIN.max(age / 10))
}

/// Whom a plan's send is for, in a few words.
pub(super) fn audience_words(audience: &Audience) -> String {
    match audience {
        Audience::Everyone { .. } => "everyone".to_owned(),
        Audience::Tag { name, seen: Some((id, _)) } => format!("tag {name} (id {id})"),
        Audience::Tag { name, seen: None } => format!("tag {name}"),
        Audience::OpenIds { file, list, parts, .. } => {
            format!("{file} ({parts} parts, list {})", list.short())
        }
    }
}

/// Whom a recorded send went to, in a few words.
pub(super) fn sent_audience_words(audience: &SentAudience) -> String {
    match audience {
        SentAudience::Everyone { .. } => "everyone".to_owned(),
        SentAudience::Tag { name, id, .. } => format!("tag {name} (id {id})"),
        SentAudience::OpenIds { list, parts, .. } => {
            format!("a list of openids ({parts} parts, list {})", list.short())
        }
    }
}
