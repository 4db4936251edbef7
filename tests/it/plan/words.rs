//! A plan in lines that a test can hold: every step, then what waits, then what is blocked.

use qunfa::plan::{Action, Blocker, Plan, Quota, Reason, Standing, Step, Why};
use qunfa::terms::{Timestamp, beijing_date};

/// The whole plan, a line each. Fingerprints are left out: equal ones are tested where it matters.
pub(crate) fn lines(plan: &Plan) -> Vec<String> {
    let steps = plan.steps.iter().map(step);
    let waiting = plan.waiting.iter().map(|waiting| {
        let until = waiting.until.map(|until| format!(" until {}", hour(until)));
        format!("waits {}: {}{}", waiting.address, why(&waiting.why), until.unwrap_or_default())
    });
    let blocked = plan.blocked.iter();
    let blocked = blocked.map(|b| format!("blocked {}: {}", b.address, blocker(&b.why)));
    steps.chain(waiting).chain(blocked).collect()
}

fn step(step: &Step) -> String {
    let more = match &step.action {
        Action::SaveDraft(order) => match (&order.update, &order.replaces) {
            (Some(_), _) => " in place",
            (None, Some(_)) => " anew",
            (None, None) => "",
        },
        Action::UploadImage(_)
        | Action::UploadMaterial(_)
        | Action::ConvertVideo(_)
        | Action::Preview(_)
        | Action::Send(_)
        | Action::Settle(_)
        | Action::CheckStatus(_)
        | Action::Retract(_) => "",
    };
    format!("{} {}{more}: {}", step.action.word(), step.address, reason(&step.because))
}

fn reason(reason: &Reason) -> String {
    let more = match reason {
        Reason::NotUploaded { .. }
        | Reason::NotConverted { .. }
        | Reason::NoDraft { .. }
        | Reason::NotSent { .. } => String::new(),
        Reason::Expiring { expires_at, .. } => format!(" at {}", hour(*expires_at)),
        Reason::DraftChanged { articles, old, new } => {
            assert_ne!(old, new);
            if articles.is_empty() { String::new() } else { format!(" in {}", articles.join(", ")) }
        }
        Reason::DraftAltered { old, new } => {
            assert_ne!(old, new);
            String::new()
        }
        Reason::NotPreviewed { reviewer, old, .. } => {
            let again = if old.is_some() { " again" } else { "" };
            format!(" to {reviewer}{again}")
        }
        Reason::PreviewAsked { reviewer, .. } => format!(" to {reviewer}"),
        Reason::RefusedBefore { errcode, message, .. } => format!(" with {errcode} {message}"),
        Reason::OutcomeUnknown { since, attempts, deadline } => {
            format!(" since {} after {attempts}, until {}", hour(*since), hour(*deadline))
        }
        Reason::RefusedUnclosed { errcode } | Reason::RefusedMedia { errcode, .. } => {
            format!(" with {errcode}")
        }
        Reason::StatusUnknown { last } => {
            last.as_ref().map(|last| format!(", {last:?}")).unwrap_or_default()
        }
        Reason::NotRetracted { reason, used, limit, .. } => {
            format!(" ({reason}), {used} of {limit}")
        }
    };
    format!("{}{more}", reason.word())
}

fn why(why: &Why) -> String {
    let more = match why {
        Why::NotDue | Why::Preview => String::new(),
        Why::Approval { needed, have, voided, .. } => {
            let (have, voided) = (have.join(", "), voided.join(", "));
            format!(" of {needed}, has [{have}], void [{voided}]")
        }
        Why::After { send, standing } => format!(" {send}, {standing:?}"),
        Why::AfterRetraction { retraction } => format!(" {retraction}"),
        Why::Quota { quota, used, limit } => quota_words(*quota, *used, *limit),
        Why::Sending { msg_id } => format!(" job {}", u8::from(msg_id.is_some())),
        Why::OtherEdition { send } => format!(" {send}"),
    };
    format!("{}{more}", why.word())
}

fn blocker(blocker: &Blocker) -> String {
    let more = match blocker {
        Blocker::Missed { until } => format!(" at {}", hour(*until)),
        Blocker::SentContentChanged { old, new } | Blocker::FrozenContentChanged { old, new } => {
            assert_ne!(old, new);
            String::new()
        }
        Blocker::SentAudienceChanged { old, new } => {
            let without_list = |text: &str| text.split(", list ").next().unwrap_or("").to_owned();
            format!(" from {} to {}", without_list(old), without_list(new))
        }
        Blocker::OutcomeUnknown { since, attempts, deadline, fence } => format!(
            " since {} after {attempts}, was settled until {}, a person may say no from {}",
            hour(*since),
            hour(*deadline),
            hour(*fence)
        ),
        Blocker::DraftGone { .. } | Blocker::OpenIdsOnSubscription => String::new(),
        Blocker::NoSuchTag { name, known } => format!(" {name}, knows {}", known.join(", ")),
        Blocker::AmbiguousTag { name, ids } => {
            let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
            format!(" {name}: {}", ids.join(", "))
        }
        Blocker::Unexpected { count, expect } => {
            format!(" {count}, not {:?} to {:?}", expect.at_least, expect.at_most)
        }
        Blocker::TooMany { count, max } => format!(" {count} of {max}"),
        Blocker::QuotaPastWindow { quota, used, limit, back } => {
            format!("{}, back {}", quota_words(*quota, *used, *limit), hour(*back))
        }
        Blocker::Twin { of, at: Some(at) } => format!(" of {of} on {}", beijing_date(*at)),
        Blocker::Twin { of, at: None } => format!(" of {of} in this plan"),
        Blocker::AfterFailed { send, standing } => format!(" {send}, {standing:?}"),
        Blocker::AfterRetractionUnknown { retraction } => format!(" {retraction}"),
        Blocker::AfterUnknown { send }
        | Blocker::PartRetracted { part: send }
        | Blocker::RetractedUnknown { send }
        | Blocker::NotRetractable { send }
        | Blocker::RetractedNoJob { send } => format!(" {send}"),
        Blocker::RetractionsUnclear { file } => format!(" {file}"),
        Blocker::RetractionOfUnknown { retraction, send } => format!(" {retraction} of {send}"),
        Blocker::WithheldUnknown { fence, .. } => {
            format!(", a person may say no from {}", hour(*fence))
        }
        Blocker::RetractedNoArticle { article, known } => {
            format!(" {article}, knows {}", known.join(", "))
        }
        Blocker::RetractionRefused { send, errcode, .. } => format!(" {send}, {errcode}"),
        Blocker::EditionDropped { sent } => format!(" after {sent}"),
        Blocker::Failed { status, .. } => format!(" {status:?}"),
        Blocker::Unreported { why, .. } => format!(" {why}"),
    };
    format!("{}{more}", blocker.word())
}

fn quota_words(quota: Quota, used: u32, limit: u32) -> String {
    format!(" {quota:?} {used} of {limit}")
}

/// A time as people in Beijing say it.
fn hour(at: Timestamp) -> String {
    let beijing = jiff::tz::TimeZone::fixed(jiff::tz::offset(8));
    beijing.to_datetime(at).strftime("%m-%d %H:%M:%S").to_string()
}

/// Where each send stands, in the order of the files.
pub(crate) fn standings(plan: &Plan) -> Vec<(String, Standing)> {
    plan.sends.iter().map(|line| (line.address.to_string(), line.standing)).collect()
}
