//! What stops a send, in sentences: why, why that matters, and what a person can do.
//!
//! Two exhaustive tables, so that no state is without a way out: a blocker that nobody can lift
//! would be a bug. The commands are whole, to be copied.

use crate::plan::{Blocked, Blocker};
use crate::terms::{JobStatus, TagId};

use super::nouns::{self, time};
use super::words::{expectation, quoted, quoted_name, requests};

/// How many names a sentence lists.
const NAMES_SHOWN: usize = 8;

/// What stops a send, and why that matters.
#[expect(clippy::too_many_lines, reason = "a table: one sentence for each variant")]
pub(super) fn why(blocker: &Blocker) -> String {
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
        Blocker::Twin { of, at: Some(at) } => format!(
            "{} sent the same content to the same people at {}.",
            nouns::code(of),
            time(*at)
        ),
        Blocker::Twin { of, at: None } => {
            format!("{} of this plan sends the same content to the same people.", nouns::code(of))
        }
        Blocker::AfterFailed { send, standing } => format!(
            "It comes after {}, which is {} and will not be sent without a person.",
            nouns::code(send),
            nouns::standing_in_words(*standing)
        ),
        Blocker::AfterUnknown { send } => format!(
            "It comes after {}, which neither the files nor the history know.",
            nouns::code(send)
        ),
        Blocker::AfterRetractionUnknown { retraction } => {
            format!("It comes after `{retraction}`, which no sound file of the project declares.")
        }
        Blocker::RetractionsUnclear { file } => format!(
            "The retractions of {} cannot be read, and one of them may take this send back.",
            quoted(file)
        ),
        Blocker::RetractionOfUnknown { retraction, send } => format!(
            "`{retraction}` takes back {}, which neither the files nor the history know. Until that is \
             corrected nothing is sent: it may be meant for this one.",
            nouns::code(send)
        ),
        Blocker::WithheldUnknown { since, .. } => format!(
            "It was begun at {}, no answer is recorded, and a retraction takes it back. To ask WeChat \
             once more could be what sends it.",
            time(*since)
        ),
        Blocker::PartRetracted { part } => format!(
            "{} was taken back, or was to be; the rest of the list does not get it.",
            nouns::code(part)
        ),
        Blocker::RetractedUnknown { send } => {
            format!("Neither the files nor the history know {}.", nouns::code(send))
        }
        Blocker::NotRetractable { send } => format!(
            "{} was no article and no video, and WeChat takes nothing else back.",
            nouns::code(send)
        ),
        Blocker::RetractedNoArticle { article, known } if known.is_empty() => format!(
            "It names the article {}, and the history does not say which articles were sent.",
            quoted(article)
        ),
        Blocker::RetractedNoArticle { article, known } => {
            let known: Vec<String> = known.iter().map(|name| quoted(name)).collect();
            let known = nouns::listed(&known, NAMES_SHOWN);
            format!("What was sent had no article {}. It had {known}.", quoted(article))
        }
        Blocker::RetractedNoJob { send } => format!(
            "The history has no job number for {}, and WeChat takes back by number.",
            nouns::code(send)
        ),
        Blocker::RetractionRefused { send, errcode, message } => format!(
            "WeChat refused to take back {}, with {errcode} {}.",
            nouns::code(send),
            quoted(message)
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
    }
}

/// What a person can do about it.
#[expect(clippy::too_many_lines, reason = "a table: one way out for each variant")]
pub(super) fn help(blocked: &Blocked) -> String {
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
        Blocker::FrozenContentChanged { .. } => {
            "take the edit back and let `qunfa apply` find out; `qunfa status` shows where it is"
                .to_owned()
        }
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
        Blocker::AfterFailed { .. } => {
            "deal with that one first (`qunfa status`), or take it out of `after`; where only the \
             order matters, write `ended` for it"
                .to_owned()
        }
        Blocker::AfterUnknown { .. } => {
            "correct the name in `after`, or plan the campaign that has the send as well".to_owned()
        }
        Blocker::AfterRetractionUnknown { .. } => {
            "correct the name in `after`, or declare it under `retract`".to_owned()
        }
        Blocker::RetractionsUnclear { .. } => {
            "correct that file; `qunfa validate` says what is wrong".to_owned()
        }
        Blocker::RetractionOfUnknown { .. } => {
            "correct `send` in that retraction, or take it out".to_owned()
        }
        Blocker::WithheldUnknown { fence, .. } => format!(
            "look at 已群发 on mp.weixin.qq.com. If it is there, `qunfa resolve {address} --sent`, and \
             the next `qunfa apply` takes it back; if not, from {} on `qunfa resolve {address} \
             --not-sent`. To let it be settled after all, take the retraction out",
            time(*fence)
        ),
        Blocker::PartRetracted { .. } => {
            "to close the rest, write `skip: REASON` in the send; a corrected one is a new edition"
                .to_owned()
        }
        Blocker::RetractedUnknown { .. } => {
            "correct `send` in the retraction: the address as `qunfa history show` has it"
                .to_owned()
        }
        Blocker::NotRetractable { .. } => {
            "take the retraction out; followers keep what they got".to_owned()
        }
        Blocker::RetractedNoArticle { known, .. } if known.is_empty() => {
            "take all of it back (`articles: all`, `--all`), or delete the article under 已群发 on mp.weixin.qq.com"
                .to_owned()
        }
        Blocker::RetractedNoArticle { .. } => {
            "name the article as the send did, or take all of it back (`articles: all`, `--all`)"
                .to_owned()
        }
        Blocker::RetractedNoJob { .. } => {
            "delete it under 已群发 on mp.weixin.qq.com, and take the retraction out".to_owned()
        }
        Blocker::RetractionRefused { send, errcode, .. } => format!(
            "`qunfa explain {errcode}` says what it means; to try once more,              `qunfa retract {}`; or delete it under 已群发 on mp.weixin.qq.com and take the              retraction out",
            send.whole()
        ),
        Blocker::EditionDropped { sent } => match &sent.edition {
            Some(edition) => {
                format!("write `edition: {edition}` again, or another edition for another send")
            }
            None => "write the campaign's `edition` again".to_owned(),
        },
        Blocker::Failed { .. } => format!(
            "look at 已群发 on mp.weixin.qq.com for the reason. To send it again, write it under \
             another name with `again: {}`; to close it, {acknowledge}",
            address.split('#').next().unwrap_or_default()
        ),
        Blocker::Unreported { .. } => format!(
            "look at 已群发 on mp.weixin.qq.com, then {acknowledge} with what you saw there"
        ),
    }
}

fn said(status: &JobStatus) -> String {
    format!("it says {}", quoted_name(&nouns::job_status(status)))
}

fn people(n: u64) -> String {
    if n == 1 { "1 person".to_owned() } else { format!("{} people", nouns::number(n)) }
}

fn tag_ids(ids: &[TagId]) -> String {
    let ids: Vec<String> = ids.iter().map(|id| format!("id {id}")).collect();
    ids.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixtures::everything;

    #[test]
    fn each_blocker_says_why_and_what_a_person_can_do() {
        let said = |blocked: &Blocked| {
            format!("{}: {}\n  {}", blocked.why.word(), why(&blocked.why), help(blocked))
        };
        let all: Vec<String> = everything().blocked.iter().map(said).collect();
        insta::assert_snapshot!(all.join("\n"), @r"
        missed: Its window closed at 2026-03-01 10:00:07 +08:00 and it was not sent.
          to send it after all, write a later `until` in its `window`; to close it, write `skip: REASON`; to keep it as it is, `qunfa resolve recall/sends/gift --acknowledge REASON`
        sent_content_changed: It was sent with content 96a42572, and the files now have b20ab0a0. What was sent cannot change.
          take the edit back, or give the campaign another `edition`: a new edition is a new send, to people who may have got this one
        sent_audience_changed: It went to “tag VIP会员”, and the files now name “tag 新会员”. Who got it cannot change.
          name the people of before again; for the others, give the campaign another `edition` with a list that leaves out whom this one reached
        frozen_content_changed: Whether content 96a42572 went out is not known yet, and the files now have b20ab0a0. Until it is known nothing of the send may change.
          take the edit back and let `qunfa apply` find out; `qunfa status` shows where it is
        outcome_unknown: It was begun at 2026-03-01 10:00:07 +08:00, 1 request made, and no answer is recorded. Since 2026-03-01 10:00:07 +08:00 WeChat can no longer be asked safely: a repeat could be a second send.
          look at 已群发 on mp.weixin.qq.com. If it is there, `qunfa resolve recall/sends/gift --sent`; if not, from 2026-04-01 00:00 +08:00 on `qunfa resolve recall/sends/gift --not-sent`, and the next `qunfa apply` sends it
        draft_gone: Its draft `draft-1` is not on the account any more. Somebody may have sent it by hand.
          look at 已群发 on mp.weixin.qq.com. If it is there, `qunfa resolve recall/sends/gift --sent`; if not, `qunfa resolve recall/sends/gift --not-sent`, and the next `qunfa apply` makes a new draft
        no_such_tag: The account has no tag “VIP 会员”. It has “VIP会员”, “新会员”.
          write the tag as the account does (`qunfa plan` without `--offline` asks again), or add it on mp.weixin.qq.com
        no_such_tag: The account has no tag “VIP 会员”, and no other tag either.
          write the tag as the account does (`qunfa plan` without `--offline` asks again), or add it on mp.weixin.qq.com
        ambiguous_tag: The account has 2 tags named “会员”: id 100, id 107. Which one is meant cannot be told.
          rename or delete one of them on mp.weixin.qq.com
        unexpected: It would reach 3 people, and the file expects 1,000 to 20,000.
          if the target is right, correct `expect` in the file and have it reviewed; if not, correct the target
        too_many: It would reach 3,000,000 people, and the account's policy allows 2,500,000.
          narrow the target, or raise `max_recipients` in the account's `policy` and have it reviewed
        openids_on_subscription: WeChat lets a 订阅号 send to everyone or to a tag, and never to a list of openids.
          write a `tag`, or send from a 服务号
        quota_past_window: The quota is used up (1 of 1 sends of a 订阅号 today) and is back at 2026-04-01 00:00 +08:00, after the window has closed.
          write an `until` after 2026-04-01 00:00 +08:00 in its `window`, or take another send of the period out
        twin: `spring-2026/sends/teaser` sent the same content to the same people at 2026-03-01 10:00:07 +08:00.
          if the repeat is meant, write `again: spring-2026/sends/teaser` in the send; if not, take the send out
        after_failed: It comes after `spring-2026/sends/teaser`, which is blocked and will not be sent without a person.
          deal with that one first (`qunfa status`), or take it out of `after`; where only the order matters, write `ended` for it
        after_unknown: It comes after `spring-2026/sends/teaser`, which neither the files nor the history know.
          correct the name in `after`, or plan the campaign that has the send as well
        edition_dropped: `weekly@2026-w08/sends/issue` went out, and the campaign now has no `edition`: it would look like another send.
          write `edition: 2026-w08` again, or another edition for another send
        failed: WeChat took job 1000000001 and then did not send it: it says failed.
          look at 已群发 on mp.weixin.qq.com for the reason. To send it again, write it under another name with `again: recall/sends/gift`; to close it, `qunfa resolve recall/sends/gift --acknowledge REASON`
        unreported: How its job ended will not be reported: “not known after 7 days (40059)”.
          look at 已群发 on mp.weixin.qq.com, then `qunfa resolve recall/sends/gift --acknowledge REASON` with what you saw there
        ");
    }
}
