//! Why, in sentences: a step's reason, what a send waits for, what stops it, and what to do.
//!
//! One exhaustive `match` for each, so that a new variant cannot be without words. Commands and
//! addresses stand between backticks; text that others wrote stands between “ and ”, as they wrote
//! it, and is escaped by the view.

use crate::plan::{Blocked, Blocker, Expect, Reason, Waiting, Why};
use crate::terms::{Fingerprint, JobStatus, SendAddress, TagId};

use super::nouns;

/// How many names a sentence lists.
const NAMES_SHOWN: usize = 8;

/// The stable word of a reason, in JSON.
pub(super) fn reason_code(reason: &Reason) -> &'static str {
    match reason {
        Reason::NotUploaded { .. } => "not_uploaded",
        Reason::NoDraft { .. } => "no_draft",
        Reason::DraftChanged { .. } => "draft_changed",
        Reason::NotPreviewed { .. } => "not_previewed",
        Reason::NotSent { .. } => "not_sent",
        Reason::RefusedBefore { .. } => "refused_before",
        Reason::OutcomeUnknown { .. } => "outcome_unknown",
        Reason::RefusedUnclosed { .. } => "refused_unclosed",
        Reason::StatusUnknown { .. } => "status_unknown",
    }
}

/// Why a step is in the plan.
pub(super) fn reason(reason: &Reason) -> String {
    match reason {
        Reason::NotUploaded { .. } => "not on the account yet".to_owned(),
        Reason::NoDraft { new } => format!("no draft yet ({})", new.short()),
        Reason::DraftChanged { old, new } => {
            format!("changed from {} to {}", old.short(), new.short())
        }
        Reason::NotPreviewed { reviewer, old: None, .. } => {
            let reviewer = quoted_name(&nouns::reviewer(reviewer));
            format!("to {reviewer}, who has not seen it yet")
        }
        Reason::NotPreviewed { reviewer, new, old: Some(old) } => {
            let reviewer = quoted_name(&nouns::reviewer(reviewer));
            format!("to {reviewer}: changed from {} to {}", old.short(), new.short())
        }
        Reason::NotSent { .. } => "in its window, not sent yet".to_owned(),
        Reason::RefusedBefore { errcode, message, at } => format!(
            "refused at {} with {errcode} {}, surely not sent; once more",
            nouns::time(*at),
            quoted(message)
        ),
        Reason::OutcomeUnknown { since, attempts, deadline } => format!(
            "begun at {}, {}, and the answer is not recorded; can be settled until {}",
            nouns::time(*since),
            requests(*attempts),
            nouns::time(*deadline)
        ),
        Reason::RefusedUnclosed { errcode } => {
            format!("every request was refused ({errcode}) and that end is not recorded yet")
        }
        Reason::StatusUnknown { last: None } => "its end is not known yet".to_owned(),
        Reason::StatusUnknown { last: Some(last) } => {
            format!("WeChat last said: {}", quoted_name(&nouns::job_status(last)))
        }
    }
}

/// The old and the new value of a reason, where it has them.
pub(super) fn reason_values(reason: &Reason) -> (Option<String>, Option<String>) {
    let text = |f: &Fingerprint| Some(f.to_string());
    match reason {
        Reason::NotUploaded { new } | Reason::NoDraft { new } | Reason::NotSent { new } => {
            (None, text(new))
        }
        Reason::DraftChanged { old, new } => (text(old), text(new)),
        Reason::NotPreviewed { old, new, .. } => (old.as_ref().and_then(text), text(new)),
        Reason::RefusedBefore { errcode, .. } | Reason::RefusedUnclosed { errcode } => {
            (Some(errcode.to_string()), None)
        }
        Reason::OutcomeUnknown { since, .. } => (Some(nouns::rfc3339(*since)), None),
        Reason::StatusUnknown { last } => (last.as_ref().map(nouns::job_status_code), None),
    }
}

/// The stable word of what a send waits for, in JSON.
pub(super) fn why_code(why: &Why) -> &'static str {
    match why {
        Why::NotDue => "not_due",
        Why::Preview => "preview",
        Why::Approval { .. } => "approval",
        Why::After { .. } => "after",
        Why::Quota { .. } => "quota",
        Why::Sending { .. } => "sending",
        Why::OtherEdition { .. } => "other_edition",
    }
}

/// What a send waits for.
pub(super) fn why(waiting: &Waiting) -> String {
    let until = waiting.until.map(nouns::time);
    match &waiting.why {
        Why::NotDue => match until {
            Some(until) => format!("Its window opens at {until}."),
            None => "Its window has not opened yet.".to_owned(),
        },
        Why::Preview => "Its previews are not delivered yet.".to_owned(),
        Why::Approval { needed, have, voided, .. } => approvals(*needed, have, voided),
        Why::After { send, standing } => format!(
            "It comes after {}, which is {}.",
            nouns::code(send),
            nouns::standing_in_words(*standing)
        ),
        Why::Quota { quota, used, limit } => {
            let back = until.map_or_else(String::new, |until| format!(" It is back at {until}."));
            format!("The quota is used up: {used} of {limit} {}.{back}", nouns::quota(*quota))
        }
        Why::Sending { msg_id } => format!("WeChat is still at work on {}.", nouns::job(*msg_id)),
        Why::OtherEdition { send } => {
            format!("Whether {} went out is not known yet.", nouns::code(send))
        }
    }
}

/// What brings a waiting send on.
pub(super) fn why_help(waiting: &Waiting) -> String {
    let address = &waiting.address;
    let at_that_time = match waiting.until {
        Some(until) => format!("`qunfa apply` sends it when it runs at {} or later", time(until)),
        None => "`qunfa apply` sends it when it runs later".to_owned(),
    };
    match &waiting.why {
        Why::NotDue | Why::Quota { .. } => at_that_time,
        Why::Preview => {
            "`qunfa apply` delivers them. A reviewer must follow the account; one that \
                         cannot be reached is taken out of `preview`"
                .to_owned()
        }
        Why::Approval { digest, .. } => {
            format!("look at the previews, then `qunfa approve {address} --expect {digest}`")
        }
        Why::After { send, .. } => {
            format!("`qunfa apply` goes on once that one is sent; `qunfa status {send}` shows it")
        }
        Why::Sending { .. } => format!(
            "nothing to do: `qunfa apply` asks again, and `qunfa status {address}` shows the answer"
        ),
        Why::OtherEdition { send } => format!(
            "`qunfa apply` settles that one first; `qunfa status {send}` says what a person can do"
        ),
    }
}

/// The stable word of what stops a send, in JSON.
pub(super) fn blocker_code(blocker: &Blocker) -> &'static str {
    match blocker {
        Blocker::Missed { .. } => "missed",
        Blocker::SentContentChanged { .. } => "sent_content_changed",
        Blocker::SentAudienceChanged { .. } => "sent_audience_changed",
        Blocker::FrozenContentChanged { .. } => "frozen_content_changed",
        Blocker::OutcomeUnknown { .. } => "outcome_unknown",
        Blocker::DraftGone { .. } => "draft_gone",
        Blocker::NoSuchTag { .. } => "no_such_tag",
        Blocker::AmbiguousTag { .. } => "ambiguous_tag",
        Blocker::Unexpected { .. } => "unexpected",
        Blocker::TooMany { .. } => "too_many",
        Blocker::OpenIdsOnSubscription => "openids_on_subscription",
        Blocker::QuotaPastWindow { .. } => "quota_past_window",
        Blocker::Twin { .. } => "twin",
        Blocker::AfterFailed { .. } => "after_failed",
        Blocker::AfterUnknown { .. } => "after_unknown",
        Blocker::EditionDropped { .. } => "edition_dropped",
        Blocker::Failed { .. } => "failed",
        Blocker::Unreported { .. } => "unreported",
        Blocker::CountUnknown => "count_unknown",
    }
}

/// What stops a send, and why that matters.
#[expect(clippy::too_many_lines, reason = "a table: one sentence for each variant")]
pub(super) fn blocker(blocker: &Blocker) -> String {
    match blocker {
        Blocker::Missed { until } => {
            format!("Its window closed at {} and it was not sent.", time(*until))
        }
        Blocker::SentContentChanged { old, new } => format!(
            "It was sent with content {}, and the files now have {}. What was sent cannot change.",
            old.short(),
            new.short()
        ),
        Blocker::SentAudienceChanged { old, new } => format!(
            "It went to {}, and the files now name {}. Who got it cannot change.",
            quoted(old),
            quoted(new)
        ),
        Blocker::FrozenContentChanged { old, new } => format!(
            "Whether content {} went out is not known yet, and the files now have {}. Until it is \
             known nothing of the send may change.",
            old.short(),
            new.short()
        ),
        Blocker::OutcomeUnknown { since, attempts, deadline, .. } => format!(
            "It was begun at {}, {}, and no answer is recorded. Since {} WeChat can no longer be \
             asked safely: a repeat could be a second send.",
            time(*since),
            requests(*attempts),
            time(*deadline)
        ),
        Blocker::DraftGone { media_id } => format!(
            "Its draft `{media_id}` is not on the account any more. Somebody may have sent it by \
             hand."
        ),
        Blocker::NoSuchTag { name, known } if known.is_empty() => {
            format!("The account has no tag {}, and no other tag either.", quoted(name))
        }
        Blocker::NoSuchTag { name, known } => {
            let known: Vec<String> = known.iter().map(|name| quoted(name)).collect();
            let known = nouns::listed(&known, NAMES_SHOWN);
            format!("The account has no tag {}. It has {known}.", quoted(name))
        }
        Blocker::AmbiguousTag { name, ids } => format!(
            "The account has {} tags named {}: {}. Which one is meant cannot be told.",
            ids.len(),
            quoted(name),
            tag_ids(ids)
        ),
        Blocker::Unexpected { count, expect } => format!(
            "It would reach {}, and the file expects {}.",
            people(*count),
            expectation(expect)
        ),
        Blocker::TooMany { count, max } => format!(
            "It would reach {}, and the account's policy allows {}.",
            people(*count),
            nouns::number(*max)
        ),
        Blocker::OpenIdsOnSubscription => {
            "WeChat lets a 订阅号 send to everyone or to a tag, and never to a list of openids."
                .to_owned()
        }
        Blocker::QuotaPastWindow { quota, used, limit, back } => format!(
            "The quota is used up ({used} of {limit} {}) and is back at {}, after the window has \
             closed.",
            nouns::quota(*quota),
            time(*back)
        ),
        Blocker::Twin { of, at } => format!(
            "{} sent the same content to the same people at {}.",
            nouns::code(of),
            time(*at)
        ),
        Blocker::AfterFailed { send, standing } => format!(
            "It comes after {}, which is {} and will not be sent without a person.",
            nouns::code(send),
            nouns::standing_in_words(*standing)
        ),
        Blocker::AfterUnknown { send } => format!(
            "It comes after {}, which neither the files nor the history know.",
            nouns::code(send)
        ),
        Blocker::EditionDropped { sent } => format!(
            "{} went out, and the campaign now has no `edition`: it would look like another send.",
            nouns::code(sent)
        ),
        Blocker::Failed { msg_id, status } => format!(
            "WeChat took {} and then did not send it: {}.",
            nouns::job(*msg_id),
            said(status)
        ),
        Blocker::Unreported { msg_id, why } => {
            format!("How {} ended will not be reported: {}.", nouns::job(*msg_id), quoted(why))
        }
        Blocker::CountUnknown => {
            "How many followers the account has is needed for its checks and could not be counted."
                .to_owned()
        }
    }
}

/// What a person can do about it.
#[expect(clippy::too_many_lines, reason = "a table: one way out for each variant")]
pub(super) fn blocker_help(blocked: &Blocked) -> String {
    let address = &blocked.address;
    let acknowledge = format!("`qunfa resolve {address} --acknowledge REASON`");
    match &blocked.why {
        Blocker::Missed { .. } => format!(
            "to send it after all, write a later `until` in its `window`; to close it, write \
             `skip: REASON`; to keep it as it is, {acknowledge}"
        ),
        Blocker::SentContentChanged { .. } => {
            "take the edit back, or give the campaign another `edition`: a new edition is a new \
             send, to people who may have got this one"
                .to_owned()
        }
        Blocker::SentAudienceChanged { .. } => {
            "name the people of before again; for the others, give the campaign another `edition` \
             with a list that leaves out whom this one reached"
                .to_owned()
        }
        Blocker::FrozenContentChanged { .. } => format!(
            "take the edit back and let `qunfa apply` find out; `qunfa status {address}` shows \
             where it is"
        ),
        Blocker::OutcomeUnknown { fence, .. } => format!(
            "look at 已群发 on mp.weixin.qq.com. If it is there, `qunfa resolve {address} --sent`; \
             if not, from {} on `qunfa resolve {address} --not-sent`, and the next \
             `qunfa apply` sends it",
            time(*fence)
        ),
        Blocker::DraftGone { .. } => format!(
            "look at 已群发 on mp.weixin.qq.com. If it is there, `qunfa resolve {address} --sent`; \
             if not, `qunfa resolve {address} --not-sent`, and the next `qunfa apply` makes a new \
             draft"
        ),
        Blocker::NoSuchTag { .. } => "write the tag as the account does (`qunfa plan` without \
                                      `--offline` asks again), or add it on mp.weixin.qq.com"
            .to_owned(),
        Blocker::AmbiguousTag { .. } => {
            "rename or delete one of them on mp.weixin.qq.com".to_owned()
        }
        Blocker::Unexpected { .. } => {
            "if the target is right, correct `expect` in the file and have it reviewed; if not, \
             correct the target"
                .to_owned()
        }
        Blocker::TooMany { .. } => "narrow the target, or raise `max_recipients` in the account's \
                                    `policy` and have it reviewed"
            .to_owned(),
        Blocker::OpenIdsOnSubscription => "write a `tag`, or send from a 服务号".to_owned(),
        Blocker::QuotaPastWindow { back, .. } => format!(
            "write an `until` after {} in its `window`, or take another send of the period out",
            time(*back)
        ),
        Blocker::Twin { of, .. } => format!(
            "if the repeat is meant, write `again: {of}` in the send; if not, take the send out"
        ),
        Blocker::AfterFailed { send, .. } => format!(
            "deal with that one first (`qunfa status {send}`), or take it out of `after`; where \
             only the order matters, write `ended` for it"
        ),
        Blocker::AfterUnknown { .. } => {
            "correct the name in `after`, or plan the campaign that has the send as well".to_owned()
        }
        Blocker::EditionDropped { sent } => match &sent.edition {
            Some(edition) => {
                format!("write `edition: {edition}` again, or another edition for another send")
            }
            None => "write the campaign's `edition` again".to_owned(),
        },
        Blocker::Failed { .. } => format!(
            "look at 已群发 on mp.weixin.qq.com for the reason. To send it again, give the \
             campaign another `edition`; to close it, {acknowledge}"
        ),
        Blocker::Unreported { .. } => format!(
            "look at 已群发 on mp.weixin.qq.com, then {acknowledge} with what you saw there"
        ),
        Blocker::CountUnknown => "run `qunfa plan` without `--offline` and with the account's \
                                  credentials"
            .to_owned(),
    }
}

/// Text that others wrote, as part of a sentence.
pub(super) fn quoted(text: &str) -> String {
    format!("“{}”", quoted_name(text))
}

/// A name that others chose: without backticks, which would begin a command.
fn quoted_name(text: &str) -> String {
    text.replace('`', "'")
}

/// How many people a range allows.
pub(super) fn expectation(expect: &Expect) -> String {
    match (expect.at_least.map(nouns::number), expect.at_most.map(nouns::number)) {
        (Some(least), Some(most)) => format!("{least} to {most}"),
        (Some(least), None) => format!("at least {least}"),
        (None, Some(most)) => format!("at most {most}"),
        (None, None) => "any number".to_owned(),
    }
}

/// Names sends in a sentence.
pub(super) fn addresses<'a>(sends: impl IntoIterator<Item = &'a SendAddress>) -> String {
    sends.into_iter().map(nouns::code).collect::<Vec<_>>().join(", ")
}

fn approvals(needed: u32, have: &[String], voided: &[String]) -> String {
    let names = |people: &[String]| {
        people.iter().map(|name| quoted_name(name)).collect::<Vec<_>>().join(", ")
    };
    let mut text = match needed {
        1 => "It needs 1 approval".to_owned(),
        n => format!("It needs {n} approvals"),
    };
    match have.len() {
        0 => text.push_str(" and has none."),
        n => text.push_str(&format!(" and has {n}, of {}.", names(have))),
    }
    if !voided.is_empty() {
        text.push_str(&format!(" It changed after {} approved it.", names(voided)));
    }
    text
}

fn said(status: &JobStatus) -> String {
    format!("it says {}", quoted_name(&nouns::job_status(status)))
}

fn requests(n: u32) -> String {
    nouns::count(n as usize, "request made", "requests made")
}

fn people(n: u64) -> String {
    if n == 1 { "1 person".to_owned() } else { format!("{} people", nouns::number(n)) }
}

fn tag_ids(ids: &[TagId]) -> String {
    let ids: Vec<String> = ids.iter().map(|id| format!("id {id}")).collect();
    ids.join(", ")
}

fn time(at: crate::terms::Timestamp) -> String {
    nouns::time(at)
}
