//! Previews (预览) of one send that a person asks for, at any time: before its window, before its
//! approvals, and to people whom no file names.
//!
//! Only what the preview needs is planned: uploads, the draft, the previews. A preview costs no send
//! and leaves the draft alone; by WeChat ID an account has 100 a day, where each picture and each
//! caption is one (WeChat's page 预览接口). What is intended and not known to be over is frozen, and is
//! not shown (R12).

use crate::content::{Content, DesiredSend};
use crate::history::{Ledger, Phase};
use crate::terms::{Fingerprint, MediaId, Reviewer, SendAddress, Timestamp, beijing_date};

use super::orders;
use super::planner::{Observed, Planner, Wanted};
use super::reason::Reason;
use super::step::{Action, Plan, PreviewOrder, SendOrder, Step, StepId};

/// Previews by WeChat ID that an account may ask for in a day.
const BY_WXNAME_DAY: u32 = 100;

/// Why a send is not shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoPreview {
    /// No campaign has it.
    UnknownSend {
        /// The sends that there are.
        known: Vec<SendAddress>,
    },
    /// Nobody was named, and the send has no reviewers.
    Nobody,
    /// Whether it went out is not known, and till then nothing of it is touched (R12).
    OutcomeUnknown {
        /// Which part of it.
        part: SendAddress,
        /// Since when.
        since: Timestamp,
    },
    /// Its articles went out, and with them the draft that a preview would show.
    Spent {
        /// Which part of it.
        part: SendAddress,
    },
    /// Something else went out than the files say now.
    SentOther {
        /// Which part of it.
        part: SendAddress,
        /// What went out; nothing when only a person knows.
        old: Option<Fingerprint>,
        /// What the files say.
        new: Fingerprint,
    },
    /// Its draft vanished: it may have been sent by hand (R13).
    DraftGone {
        /// Which part of it.
        part: SendAddress,
        /// The draft.
        media_id: MediaId,
    },
    /// The day's previews by WeChat ID do not suffice.
    UsedUp {
        /// How many messages it would be.
        wanted: u32,
        /// How many there were today, as far as the history knows.
        used: u32,
        /// How many there may be.
        limit: u32,
    },
}

/// Plans to show one send, as the files have it now, to these people, each once and whether they have
/// seen it or not; without any, to its own reviewers. Of a list in parts the first part that is not
/// sent is shown.
///
/// # Errors
///
/// [`NoPreview`] says why it cannot be shown; nothing is uploaded then.
pub fn plan_preview(
    wanted: Wanted<'_>,
    ledger: &Ledger,
    address: &SendAddress,
    to: &[Reviewer],
    now: Timestamp,
) -> Result<Plan, Box<NoPreview>> {
    let whole = address.whole();
    let mut sends = wanted
        .campaigns
        .iter()
        .flat_map(|campaign| campaign.sends.iter().map(move |s| (campaign, s)));
    let Some((campaign, send)) = sends.find(|(_, send)| send.address.whole() == whole) else {
        let known = wanted.campaigns.iter().flat_map(|campaign| &campaign.sends);
        let known = known.map(|send| send.address.clone()).collect();
        return Err(Box::new(NoPreview::UnknownSend { known }));
    };
    let to = distinct(if to.is_empty() { &send.reviewers } else { to });
    if to.is_empty() {
        return Err(Box::new(NoPreview::Nobody));
    }
    let observed = Observed::default();
    let mut planner = Planner::new(wanted, ledger, &observed, now);
    let shown = part_to_show(&planner, send)?;
    suffices(ledger, &shown.order.content, &to, now)?;
    let after = planner.content(campaign, &shown.order);
    for (n, reviewer) in (1..).zip(&to) {
        planner.add(shown.step(n, reviewer, &after));
    }
    Ok(planner.plan)
}

fn distinct(to: &[Reviewer]) -> Vec<Reviewer> {
    let mut distinct = Vec::new();
    for reviewer in to {
        if !distinct.contains(reviewer) {
            distinct.push(reviewer.clone());
        }
    }
    distinct
}

/// The part whose content is shown.
struct Shown {
    order: SendOrder,
    /// It went out already.
    is_sent: bool,
}

/// Which part is shown.
fn part_to_show(planner: &Planner<'_>, send: &DesiredSend) -> Result<Shown, Box<NoPreview>> {
    let audiences = orders::audiences(send, planner.observed, planner.ledger);
    let audiences = audiences.unwrap_or_else(|unresolved| vec![unresolved.audience]);
    let parts: Vec<SendOrder> =
        audiences.into_iter().map(|audience| orders::of(planner, send, audience)).collect();
    let ahead = parts.iter().find(|part| matches!(planner.phase(part), Phase::Ready));
    went_out(planner.ledger, send, ahead)?;
    if let Some(part) = ahead {
        let history = planner.ledger.send(&part.effect);
        let draft = history.and_then(|history| history.draft.as_ref());
        return match draft.filter(|draft| draft.gone) {
            Some(draft) => {
                let (part, media_id) = (part.address.clone(), draft.media_id.clone());
                Err(Box::new(NoPreview::DraftGone { part, media_id }))
            }
            None => Ok(Shown { order: part.clone(), is_sent: false }),
        };
    }
    let part = parts.into_iter().next().expect("a send has a part");
    match part.content {
        Content::News(_) => Err(Box::new(NoPreview::Spent { part: part.address })),
        Content::Text(_)
        | Content::Images(_)
        | Content::Voice(_)
        | Content::Video(_)
        | Content::Card(_) => Ok(Shown { order: part, is_sent: true }),
    }
}

/// Whether what went out, or may have, leaves the rest to be shown. Asked of every part that is
/// recorded, those too that no file has any more.
fn went_out(
    ledger: &Ledger,
    send: &DesiredSend,
    ahead: Option<&SendOrder>,
) -> Result<(), Box<NoPreview>> {
    let (whole, new) = (send.address.whole(), send.content.fingerprint());
    let parts: Vec<_> = ledger
        .sends()
        .filter_map(|(_, history)| Some((history.address.as_ref()?, &history.phase)))
        .filter(|(address, _)| address.whole() == whole)
        .collect();
    for (part, phase) in &parts {
        if let Phase::Open(open) = phase {
            let (part, since) = ((*part).clone(), open.at);
            return Err(Box::new(NoPreview::OutcomeUnknown { part, since }));
        }
    }
    for (part, phase) in parts {
        let Phase::Accepted(accepted) = phase else { continue };
        let (part, old) = (part.clone(), accepted.intent.as_ref().map(|intent| intent.content));
        match (ahead, old, &send.content) {
            (None, _, Content::News(_)) => return Err(Box::new(NoPreview::Spent { part })),
            (_, Some(old), _) if old == new => {}
            // A person's word alone says nothing of the content, and holds up no other part.
            (Some(_), None, _) => {}
            (_, old, _) => return Err(Box::new(NoPreview::SentOther { part, old, new })),
        }
    }
    Ok(())
}

/// Whether the day's previews by WeChat ID suffice.
fn suffices(
    ledger: &Ledger,
    content: &Content,
    to: &[Reviewer],
    now: Timestamp,
) -> Result<(), Box<NoPreview>> {
    let by_wxname = to.iter().filter(|reviewer| matches!(reviewer, Reviewer::WxName(_))).count();
    let by_wxname = u32::try_from(by_wxname).unwrap_or(u32::MAX);
    let wanted = by_wxname.saturating_mul(messages(content));
    let (used, limit) = (ledger.previews_by_wxname(beijing_date(now)), BY_WXNAME_DAY);
    if wanted > 0 && used.saturating_add(wanted) > limit {
        return Err(Box::new(NoPreview::UsedUp { wanted, used, limit }));
    }
    Ok(())
}

/// How many messages a preview is: it shows one picture, or the caption.
fn messages(content: &Content) -> u32 {
    match content {
        Content::Images(images) => {
            let messages = images.pictures.len() + usize::from(images.caption.is_some());
            u32::try_from(messages).unwrap_or(u32::MAX)
        }
        Content::News(_)
        | Content::Text(_)
        | Content::Voice(_)
        | Content::Video(_)
        | Content::Card(_) => 1,
    }
}

impl Shown {
    fn step(&self, n: u32, reviewer: &Reviewer, after: &[StepId]) -> Step {
        let (order, reviewer) = (&self.order, reviewer.clone());
        let because = Reason::PreviewAsked { reviewer: reviewer.clone(), new: order.fingerprint };
        let preview = PreviewOrder {
            address: order.address.clone(),
            effect: order.effect,
            reviewer,
            content: order.content.clone(),
            fingerprint: order.fingerprint,
            is_sent: self.is_sent,
        };
        Step {
            // An openid is nobody else's business: the name has a number.
            id: StepId::of("preview", &format!("{} {n}", order.address)),
            address: order.address.to_string(),
            action: Action::Preview(preview),
            because,
            after: after.to_vec(),
        }
    }
}
