//! Why, in sentences: a step's reason, and what a send waits for.
//!
//! One exhaustive `match` for each, so that a new variant cannot be without words; what stops a
//! send is in `blockers`. Commands and
//! addresses stand between backticks; text that others wrote stands between “ and ”, as they wrote
//! it, and is escaped by the view.

use crate::plan::{Expect, Reason, Waiting, Why};
use crate::terms::{Fingerprint, SendAddress};

use super::nouns;

/// Why a step is in the plan.
pub(super) fn reason(reason: &Reason) -> String {
    match reason {
        Reason::NotUploaded { .. } => "not on the account yet".to_owned(),
        Reason::NotConverted { .. } => "no video that can be sent yet".to_owned(),
        Reason::Expiring { expires_at, .. } => format!(
            "the one on the account lasts until {}, too short for a send by it; renewed",
            nouns::time(*expires_at)
        ),
        Reason::RefusedMedia { errcode, .. } => {
            format!("a send of it was refused ({errcode}): WeChat does not know it; renewed")
        }
        Reason::NoDraft { new } => format!("no draft yet ({})", new.short()),
        Reason::DraftChanged { old, new, articles } => {
            let names = articles.iter().map(|name| quoted_name(name)).collect::<Vec<_>>();
            let names = if names.is_empty() { "it".to_owned() } else { names.join(", ") };
            format!("{names} changed, from {} to {}", old.short(), new.short())
        }
        Reason::DraftAltered { old, new } => format!(
            "somebody changed it on the account ({}), saved again as reviewed ({})",
            old.short(),
            new.short()
        ),
        Reason::NotPreviewed { reviewer, old: None, .. } => {
            let reviewer = quoted_name(&nouns::reviewer(reviewer));
            format!("to {reviewer}, who has not seen it yet")
        }
        Reason::NotPreviewed { reviewer, new, old: Some(old) } => {
            let reviewer = quoted_name(&nouns::reviewer(reviewer));
            format!("to {reviewer}: changed from {} to {}", old.short(), new.short())
        }
        Reason::PreviewAsked { reviewer, .. } => {
            format!("to {}, as asked", quoted_name(&nouns::reviewer(reviewer)))
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
        Reason::NotRetracted { reason, asked, used, limit } => {
            let again = asked.map_or_else(String::new, |at| {
                format!("; asked for at {}, and the answer is not recorded", nouns::time(at))
            });
            let nth = used.saturating_add(1);
            format!("{}; {nth} of {limit} retractions today{again}", quoted(reason))
        }
    }
}

/// The old and the new value of a reason, where it has them.
pub(super) fn reason_values(reason: &Reason) -> (Option<String>, Option<String>) {
    let text = |f: &Fingerprint| Some(f.to_string());
    match reason {
        Reason::NotUploaded { new }
        | Reason::NotConverted { new }
        | Reason::NoDraft { new }
        | Reason::PreviewAsked { new, .. }
        | Reason::NotSent { new } => (None, text(new)),
        Reason::Expiring { expires_at, new } => (Some(nouns::rfc3339(*expires_at)), text(new)),
        Reason::RefusedMedia { errcode, new } => (Some(errcode.to_string()), text(new)),
        Reason::DraftChanged { old, new, .. } | Reason::DraftAltered { old, new } => {
            (text(old), text(new))
        }
        Reason::NotPreviewed { old, new, .. } => (old.as_ref().and_then(text), text(new)),
        Reason::RefusedBefore { errcode, .. } | Reason::RefusedUnclosed { errcode } => {
            (Some(errcode.to_string()), None)
        }
        Reason::OutcomeUnknown { since, .. } => (Some(nouns::rfc3339(*since)), None),
        Reason::StatusUnknown { last } => (last.as_ref().map(nouns::job_status_code), None),
        Reason::NotRetracted { asked, .. } => (asked.map(nouns::rfc3339), None),
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
        Why::AfterRetraction { retraction } => {
            format!("It comes after `{retraction}`, which is not done yet.")
        }
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
        Some(until) => {
            format!("`qunfa apply` sends it when it runs at {} or later", nouns::time(until))
        }
        None => "`qunfa apply` sends it when it runs later".to_owned(),
    };
    match &waiting.why {
        Why::NotDue | Why::Quota { .. } => at_that_time,
        Why::Preview => {
            "`qunfa apply` delivers them. A reviewer must follow the account; one that \
                         cannot be reached is taken out of `preview`"
                .to_owned()
        }
        Why::Approval { digest: None, .. } => {
            "plan without `--offline`: what is to be approved names the tag's number".to_owned()
        }
        Why::Approval { digest: Some(digest), .. } => {
            // So many digits are enough for `approve`, and fit on a line.
            let digest = digest.to_string();
            let digits = digest.get(..16).unwrap_or(&digest);
            format!("look at the previews, then `qunfa approve {address} --expect {digits}`")
        }
        Why::AfterRetraction { .. } => "`qunfa apply` goes on once that one is done".to_owned(),
        Why::After { .. } => {
            "`qunfa apply` goes on once that one is sent; `qunfa status` shows it".to_owned()
        }
        Why::Sending { .. } => match waiting.until {
            Some(until) => format!(
                "nothing to do: `qunfa apply` asks again from {} on, and `qunfa status` shows the \
                 answer",
                nouns::time(until)
            ),
            None => "nothing to do: `qunfa apply` asks again, and `qunfa status` shows the answer"
                .to_owned(),
        },
        Why::OtherEdition { .. } => {
            "`qunfa apply` settles that one first; `qunfa status` says what a person can do"
                .to_owned()
        }
    }
}

/// Text that others wrote, as part of a sentence.
pub(super) fn quoted(text: &str) -> String {
    format!("“{}”", quoted_name(text))
}

/// A name that others chose: without backticks, which would begin a command.
pub(super) fn quoted_name(text: &str) -> String {
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
    let needed = nouns::count(needed as usize, "approval", "approvals");
    let have = match have.len() {
        0 => "has none".to_owned(),
        n => format!("has {n}, of {}", names(have)),
    };
    match voided {
        [] => format!("It needs {needed} and {have}."),
        _ => {
            format!("It needs {needed} and {have}. It changed after {} approved it.", names(voided))
        }
    }
}

/// How many requests were made.
pub(super) fn requests(n: u32) -> String {
    nouns::count(n as usize, "request made", "requests made")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Step;
    use crate::report::fixtures::{everything, spring};

    #[test]
    fn each_step_says_why() {
        let because = |step: &Step| format!("{}: {}", step.because.word(), reason(&step.because));
        let (everything, spring) = (everything().steps, spring().steps);
        let all: Vec<String> = everything.iter().chain(&spring[7..]).map(because).collect();
        insta::assert_snapshot!(all.join("\n"), @r"
        not_uploaded: not on the account yet
        draft_changed: calendar changed, from 96a42572 to b20ab0a0
        not_previewed: to editor-in-chief: changed from 96a42572 to b20ab0a0
        refused_before: refused at 2026-03-01 10:00:07 +08:00 with 45028 “has no masssend quota rid: 65f1-'x'”, surely not sent; once more
        outcome_unknown: begun at 2026-03-01 10:00:07 +08:00, 2 requests made, and the answer is not recorded; can be settled until 2026-03-02 07:25:07 +08:00
        refused_unclosed: every request was refused (40007) and that end is not recorded yet
        status_unknown: WeChat last said: still sending
        no_draft: no draft yet (bcef620e)
        not_previewed: to editor-in-chief, who has not seen it yet
        not_previewed: to openid o6_bmj…, who has not seen it yet
        not_sent: in its window, not sent yet
        status_unknown: its end is not known yet
        ");
    }

    #[test]
    fn each_wait_says_what_for_and_what_brings_it_on() {
        let said = |waiting: &Waiting| {
            format!("{}: {}\n  {}", waiting.why.word(), why(waiting), why_help(waiting))
        };
        let all: Vec<String> = everything().waiting.iter().map(said).collect();
        insta::assert_snapshot!(all.join("\n"), @r"
        not_due: Its window opens at 2026-04-01 00:00 +08:00.
          `qunfa apply` sends it when it runs at 2026-04-01 00:00 +08:00 or later
        preview: Its previews are not delivered yet.
          `qunfa apply` delivers them. A reviewer must follow the account; one that cannot be reached is taken out of `preview`
        approval: It needs 2 approvals and has none.
          look at the previews, then `qunfa approve recall/sends/gift#2 --expect 5ad6fa89f3736df9`
        approval: It needs 2 approvals and has 1, of zhang.san. It changed after 李四 approved it.
          look at the previews, then `qunfa approve recall/sends/gift#2 --expect 5ad6fa89f3736df9`
        after: It comes after `spring-2026/sends/teaser`, which is submitted and not reported as sent yet.
          `qunfa apply` goes on once that one is sent; `qunfa status` shows it
        quota: The quota is used up: 4 of 4 sends to everyone this month. It is back at 2026-04-01 00:00 +08:00.
          `qunfa apply` sends it when it runs at 2026-04-01 00:00 +08:00 or later
        sending: WeChat is still at work on job 1000000001.
          nothing to do: `qunfa apply` asks again, and `qunfa status` shows the answer
        other_edition: Whether `spring-2026/sends/teaser` went out is not known yet.
          `qunfa apply` settles that one first; `qunfa status` says what a person can do
        ");
    }
}
