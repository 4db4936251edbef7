//! Every state and arrow of the protocol's section 3, and every record that it does not allow.

use super::*;
use crate::history::{DamagedHistory, RecordHash, Seq};

/// Folds facts, and compares the launch's state, or why the last fact is refused.
#[track_caller]
fn check<const N: usize>(facts: [Told; N], expected: &str) {
    let state = folded(facts).map_or_else(|refused| refused, |l| state(&l, LAUNCH));
    assert_eq!(state, expected);
}

/// The same, from the state that an intent opened.
#[track_caller]
fn check_open<const N: usize>(facts: [Told; N], expected: &str) {
    let facts = std::iter::once(intent()).chain(facts);
    let state = folded(facts).map_or_else(|refused| refused, |l| state(&l, LAUNCH));
    assert_eq!(state, expected);
}

const TEASER: &str = "spring-2026/sends/teaser";

#[test]
fn a_send_goes_from_its_draft_over_an_intent_to_a_job_and_its_end() {
    check([], "absent");
    check([draft("d-1")], "try 0, ready, d-1");
    check([draft("d-1"), intent()], "try 0, open, #1 ?, d-1");
    check_open([accepted(7)], "try 0, job 7");
    check_open([accepted(7), status(JobStatus::Sending)], "try 0, job 7, Sending");
    check_open([accepted(7), status(JobStatus::Sent)], "try 0, job 7, Sent");
    check_open([accepted(7), status(JobStatus::Failed)], "try 0, job 7, Failed");
    check_open([accepted(7), status(JobStatus::Deleted)], "try 0, job 7, Deleted");
    check_open([accepted(7), unreported()], "try 0, job 7, unreported");
    check_open(
        [accepted(7), unreported(), resolved(Verdict::Acknowledged)],
        "try 0, job 7, unreported, acknowledged",
    );
}

#[test]
fn what_is_deleted_after_it_was_sent_was_sent() {
    let sent = || status(JobStatus::Sent);
    check_open([accepted(7), sent(), status(JobStatus::Deleted)], "try 0, job 7, Sent");
}

#[test]
fn a_final_word_is_not_undone_by_an_older_answer() {
    check_open(
        [accepted(7), status(JobStatus::Sent), status(JobStatus::Sending)],
        "try 0, job 7, Sent",
    );
}

#[test]
fn an_unknown_outcome_stays_open_over_further_attempts() {
    check_open([attempt(2)], "try 0, open, #1 ?, #2 ?");
    check_open([refused(1, 45066), attempt(2)], "try 0, open, #1 45066, #2 ?");
    check_open([attempt(2), refused(2, -1)], "try 0, open, #1 ?, #2 -1");
    check_open([attempt(2), accepted(7)], "try 0, job 7");
}

#[test]
fn a_sure_refusal_ends_an_intent_and_the_same_try_may_open_another() {
    check_open([rejected(45028)], "try 0, ready, refused 45028");
    check_open([rejected(45028), intent()], "try 0, open, #1 ?, refused 45028");
    check_open([refused(1, 45066), attempt(2), rejected(45028)], "try 0, ready, refused 45028");
    check(
        [draft("d-1"), intent(), rejected(45028)],
        "try 0, ready, d-1, refused 45028", // the draft was not spent
    );
}

#[test]
fn r7_accepted_is_final() {
    check_open([accepted(7), accepted(7)], "the send was already accepted (R7)");
    check_open([accepted(7), accepted(8)], "the send was already accepted (R7)");
    check_open([accepted(7), intent()], "the send was already accepted (R7)");
    check_open([accepted(7), attempt(2)], "no intent of this send is open");
    check_open([accepted(7), rejected(45028)], "no intent of this send is open");
    let (sent, not_sent) = (Verdict::Sent { msg_id: None }, Verdict::NotSent);
    check_open([accepted(7), resolved(sent)], "the send was already accepted (R7)");
    check_open([accepted(7), resolved(not_sent)], "the send was already accepted (R7)");
}

#[test]
fn r8_a_refusal_ends_nothing_while_another_request_is_unknown() {
    let why = "a refusal ends an intent only when no other attempt is open (R8)";
    check_open([attempt(2), rejected(45028)], why);
    check_open([attempt(2), refused(2, 45028), attempt(3), rejected(45028)], why);
    check_open([attempt(2), refused(1, -1), rejected(45028)], "try 0, ready, refused 45028");
}

#[test]
fn r11_a_job_belongs_to_one_send() {
    let teaser = || [intent().of(TEASER), accepted(7).of(TEASER)];
    let [first, second] = teaser();
    // An answer of 0 is a job of ours, whoever was thought to hold its number; a repeat's is judged.
    check([first, second, intent(), accepted(7)], "try 0, job 7");
    let [first, second] = teaser();
    let ledger = folded([first, second, intent(), accepted(8)]).unwrap();
    assert_eq!(ledger.job(MsgId(7)), Some(&effect(TEASER)));
    assert_eq!(ledger.job(MsgId(8)), Some(&effect(LAUNCH)));
}

#[test]
fn r11_a_person_cannot_take_a_job_from_the_send_that_holds_it() {
    let sent = Verdict::Sent { msg_id: Some(MsgId(7)) };
    let log = [intent().of(TEASER), accepted(7).of(TEASER), intent(), resolved(sent)];
    assert_eq!(folded(log).unwrap().job(MsgId(7)), Some(&effect(TEASER)));
}

#[test]
fn r5_a_person_begins_the_next_try_with_nothing_of_the_one_before() {
    let not_sent = || resolved(Verdict::NotSent);
    check_open([not_sent()], "try 1, ready");
    check([draft("d-1"), gone("d-1"), not_sent()], "try 1, ready");
    check_open([rejected(45028), intent(), not_sent()], "try 1, ready");
    check_open([not_sent(), intent().again(1)], "try 1, open, #1 ?");
    check_open([not_sent(), intent().again(1), not_sent().again(1)], "try 2, ready");
    check_open([resolved(Verdict::Acknowledged), not_sent()], "try 1, ready");
}

#[test]
fn a_persons_word_that_it_was_sent_is_the_end_of_it() {
    let sent = |msg_id: Option<u64>| resolved(Verdict::Sent { msg_id: msg_id.map(MsgId) });
    check_open([sent(Some(7))], "try 0, job 7");
    check_open([sent(None)], "try 0, a job, Sent"); // nobody else can be asked
    check([draft("d-1"), gone("d-1"), sent(None)], "try 0, a job, not ours, Sent, d-1 gone");
}

#[test]
fn a_record_of_another_try_decides_nothing() {
    let late = "it is of another generation than the send";
    let not_sent = || resolved(Verdict::NotSent);
    check_open([not_sent(), intent()], late);
    check_open([not_sent(), intent().again(1), attempt(2)], late);
    check_open([not_sent(), intent().again(1), rejected(45028)], late);
    check_open([attempt(2).again(1)], late);
    check([intent().again(1)], late);
    check_open([not_sent(), accepted(7)], "a send is accepted under an intent");
    check_open([not_sent(), draft("d-1")], "try 1, ready");
    check_open([not_sent(), intent().again(1), refused(1, -1)], "try 1, open, #1 ?");
}

#[test]
fn what_does_not_follow_is_refused() {
    check_open([intent()], "an intent of this send is already open");
    check([attempt(1)], "no intent of this send is open");
    check([rejected(45028)], "no intent of this send is open");
    check([accepted(7)], "a send is accepted under an intent");
    check([status(JobStatus::Sent)], "the send has no job");
    check([unreported()], "the send has no job");
    check_open([status(JobStatus::Sent)], "the send has no job");
    let n = "its attempt's number does not follow";
    check_open([attempt(1)], n);
    check_open([attempt(3)], n);
    check_open([attempt(2), attempt(2)], n);
}

#[test]
fn a_fact_that_comes_after_another_runs_end_is_harmless() {
    check([refused(1, -1)], "try 0, ready");
    check_open([refused(2, -1)], "try 0, open, #1 ?");
    check_open([accepted(7), refused(1, -1)], "try 0, job 7");
    check_open([rejected(45028), refused(1, -1)], "try 0, ready, refused 45028");
    check_open([draft("d-9")], "try 0, open, #1 ?");
    check_open([accepted(7), draft("d-9")], "try 0, job 7");
}

#[test]
fn r13_a_draft_that_is_gone_is_remembered_until_another_is_saved() {
    check([draft("d-1"), gone("d-1")], "try 0, ready, d-1 gone");
    check([draft("d-1"), gone("d-2")], "try 0, ready, d-1");
    check([draft("d-1"), draft("d-2"), gone("d-1")], "try 0, ready, d-2");
    check([gone("d-1")], "try 0, ready");
}

#[test]
fn a_history_is_opened_once_and_first() {
    check([opened()], "a history is opened once, by its first record");
    let mut empty = Ledger::new();
    let refused = fold(&mut empty, draft("d-1")).unwrap_err();
    assert_eq!(refused, "a history is opened once, by its first record");
    assert_eq!(empty.opened(), None);
}

#[test]
fn a_record_that_is_not_the_next_is_refused() {
    let mut ledger = folded([draft("d-1")]).unwrap();
    let (before, next) = (format!("{ledger:?}"), intent().after(&ledger));
    let mut check = |record: Record, expected: &str| {
        let damaged: DamagedHistory = ledger.fold(&record).unwrap_err();
        assert_eq!(damaged.to_string(), expected);
        assert_eq!(format!("{ledger:?}"), before);
    };
    let moved = Record { seq: Seq(4), ..next.clone() };
    check(moved, "the history is damaged at record 4: its number does not follow");
    let repeated = Record { seq: Seq(2), ..next.clone() };
    check(repeated, "the history is damaged at record 2: its number does not follow");
    let unchained = Record { prev: RecordHash::none(), ..next.clone() };
    check(unchained, "the history is damaged at record 3: it is not chained to the record before");
    let nameless = Record { entry: Entry { effect: None, ..next.entry.clone() }, ..next };
    check(nameless, "the history is damaged at record 3: it names no send");
}

#[test]
fn facts_about_the_account_are_answered_by_what_they_are_about() {
    let ledger = folded([intent()]).unwrap();
    assert_eq!(ledger.tag("VIP会员"), Some((TagId::new(100).unwrap(), 3210)));
    assert_eq!(ledger.tag("新客"), None);
    assert_eq!(ledger.head().0, Seq(2));
    assert_eq!(ledger.last_at(), Some(time(BEGINNING) + jiff::SignedDuration::from_mins(1)));
    assert_eq!(ledger.opened().unwrap().1.as_str(), "wx1234567890abcdef");
}
