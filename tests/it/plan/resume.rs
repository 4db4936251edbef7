//! What was begun: settled from its record, asked about until it ends, and never begun again.

use qunfa::history::{Fact, Verdict};
use qunfa::plan::Action;
use qunfa::terms::JobStatus;

use super::check;
use super::stage::{Stage, launch, media, notice, time};
use super::words::lines;

const HELLO: &str = "notice/sends/hello";
const SETTLE: &str = "settle notice/sends/hello: outcome_unknown since 03-02 12:00:00 after 1, \
                      until 03-03 09:29:30\ncheck_status notice/sends/hello: status_unknown\n";

/// The intent is recorded at 03-02 12:00, and nothing after it.
fn lost() -> Stage {
    notice("vip", "").applied_until_lost(HELLO)
}

fn refused(n: u32, errcode: i64) -> Fact {
    Fact::AttemptRefused { n, errcode, message: "系统繁忙".to_owned() }
}

fn ended(status: JobStatus) -> Stage {
    notice("vip", "").applied_until("check_status").tell(HELLO, Fact::Status { status })
}

#[test]
fn an_open_send_is_settled_from_its_record() {
    check(&lost(), SETTLE);
    let again = lost().tell(HELLO, Fact::Attempt { n: 2, token: "cd34".to_owned() });
    check(&again, &SETTLE.replace("after 1", "after 2"));
    check(&lost().at("2026-03-03T09:29:29+08:00"), SETTLE);
}

#[test]
fn r3_a_shorter_window_in_the_file_ends_the_settling_sooner() {
    let shorter = lost().edit("2026-03-08T21", "2026-03-02T21");
    check(&shorter, &SETTLE.replace("03-03 09:29:30", "03-02 20:59:30"));
}

#[test]
fn r4_after_the_deadline_a_person_is_asked_on_every_run() {
    let why = "blocked notice/sends/hello: outcome_unknown since 03-02 12:00:00 after 1, \
               was settled until 03-03 09:29:30, a person may say no from 03-03 12:05:00";
    check(&lost().at("2026-03-03T09:29:30+08:00"), why);
    check(&lost().at("2026-04-03T09:29:30+08:00"), why); // never missed
}

#[test]
fn r8_a_send_whose_every_request_was_refused_is_closed_whenever_that_is() {
    let closes = "settle notice/sends/hello: refused_unclosed with 40001
                  check_status notice/sends/hello: status_unknown";
    let all = lost().tell(HELLO, refused(1, 40001));
    assert_eq!(lines(&all.plan()).join("\n"), closes.replace("                  ", ""));
    let late = all.at("2026-03-04T12:00:00+08:00");
    assert_eq!(lines(&late.plan())[0], "settle notice/sends/hello: refused_unclosed with 40001");
    let attempt = Fact::Attempt { n: 2, token: "cd34".to_owned() };
    let one = lost().tell(HELLO, attempt).tell(HELLO, refused(2, 45028));
    check(&one, &SETTLE.replace("after 1", "after 2"));
}

#[test]
fn r12_an_edit_of_an_open_send_is_blocked_and_the_settling_goes_on() {
    let frozen = "blocked notice/sends/hello: frozen_content_changed";
    let edited = lost().edit("今晚系统维护", "明晚系统维护");
    assert_eq!(lines(&edited.plan()).join("\n"), format!("{SETTLE}{frozen}"));
    let moved = "blocked notice/sends/hello: sent_audience_changed from tag VIP会员 (id 100) \
                 to tag 新客 (id 101)";
    let edited = lost().edit("to: vip", "to: new");
    assert_eq!(lines(&edited.plan()).join("\n"), format!("{SETTLE}{moved}"));
    let draft = launch().applied_until_lost("spring-2026/sends/launch").edit("30 度", "20 度");
    let actions: Vec<_> = draft.plan().steps.iter().map(|step| step.action.word()).collect();
    assert_eq!(actions, ["settle", "check_status"], "neither uploads, draft nor previews");
}

#[test]
fn r13_a_draft_that_is_gone_is_a_persons_business() {
    let address = "spring-2026/sends/launch";
    let stage = launch().applied_until("send");
    let Some(draft) = stage.ledger().send(&super::stage::effect(address)).unwrap().draft.clone()
    else {
        panic!("no draft")
    };
    let gone = stage.tell(address, Fact::DraftGone { media_id: draft.media_id });
    check(&gone, "blocked spring-2026/sends/launch: draft_gone");
    check(&gone.clone().resolve(address, Verdict::Sent { msg_id: None }), "");
    check(
        &gone.resolve(address, Verdict::NotSent),
        "save_draft spring-2026/sends/launch: no_draft
         send spring-2026/sends/launch: not_sent
         check_status spring-2026/sends/launch: status_unknown",
    );
    let other = Fact::DraftGone { media_id: media("another") };
    assert_eq!(launch().applied_until("send").tell(address, other).plan().blocked, []);
}

#[test]
fn r15_what_no_file_names_is_settled_all_the_same() {
    check(&lost().without("notice"), SETTLE);
    let mut other = lost().without("notice");
    other.campaign("next", "", "");
    check(&other, SETTLE);
    let late = other.at("2026-03-04T12:00:00+08:00");
    assert_eq!(late.plan().blocked[0].why.word(), "outcome_unknown");
    let submitted = notice("vip", "").applied_until("check_status").without("notice");
    check(&submitted, "check_status notice/sends/hello: status_unknown");
    check(&ended(JobStatus::Failed).without("notice"), "blocked notice/sends/hello: failed Failed");
    check(&ended(JobStatus::Sent).without("notice"), "");
}

#[test]
fn a_job_is_asked_about_until_it_ends_and_less_often_the_older_it_is() {
    let sending = || ended(JobStatus::Sending);
    let waits = |until: &str| format!("waits notice/sends/hello: sending job 1 until {until}");
    check(&sending(), &waits("03-02 12:01:00"));
    check(
        &sending().at("2026-03-02T12:01:00+08:00"),
        "check_status notice/sends/hello: status_unknown, Sending",
    );
    let later = sending().at("2026-03-02T15:20:00+08:00");
    let again = later.tell(HELLO, Fact::Status { status: JobStatus::Sending });
    check(&again, &waits("03-02 15:40:00")); // a tenth of 3 h 20 min
    let unknown = ended(JobStatus::Other("REVIEWING".to_owned()));
    check(&unknown, &waits("03-02 12:01:00"));
}

#[test]
fn a_send_that_failed_or_was_never_reported_is_a_persons_business() {
    check(&ended(JobStatus::Failed), "blocked notice/sends/hello: failed Failed");
    check(&ended(JobStatus::Deleted), "blocked notice/sends/hello: failed Deleted");
    check(&unreported(), "blocked notice/sends/hello: unreported 七天没有回音");
}

fn unreported() -> Stage {
    let unreported = Fact::Unreported { why: "七天没有回音".to_owned() };
    notice("vip", "").applied_until("check_status").tell(HELLO, unreported)
}

#[test]
fn an_acknowledged_end_is_quiet() {
    let quiet = |stage: Stage| stage.resolve(HELLO, Verdict::Acknowledged);
    check(&quiet(ended(JobStatus::Failed)), "");
    check(&quiet(unreported()), "");
    let unnamed = quiet(ended(JobStatus::Failed)).without("notice");
    check(&unnamed, "");
    assert_eq!(unnamed.plan().kept, [], "what is over and named by nobody is not shown");
}

#[test]
fn sent_content_cannot_change() {
    let sent = || notice("vip", "").applied();
    let changed = "blocked notice/sends/hello: sent_content_changed";
    check(&sent().edit("今晚系统维护", "明晚系统维护"), changed);
    check(
        &sent().edit("to: vip", "to: new"),
        "blocked notice/sends/hello: sent_audience_changed from tag VIP会员 (id 100) \
         to tag 新客 (id 101)",
    );
    check(&sent().edit("03-08T21", "03-09T21"), "");
    check(
        &launch().applied().redraw("spring/images/coat.png").at("2026-03-02T12:00:00+08:00"),
        "blocked spring-2026/sends/launch: sent_content_changed",
    );
}

#[test]
fn a_tag_that_is_gone_or_renumbered_since_is_no_edit_of_a_sent_send() {
    let mut stage = notice("vip", "").applied();
    stage.observed.tags.as_mut().unwrap()[0].id = qunfa::terms::TagId::new(102).unwrap();
    check(&stage, "");
    stage.observed.tags = Some(vec![]);
    check(&stage, "");
    stage.observed.tags = None;
    check(&stage, "");
}

#[test]
fn an_account_may_be_renamed() {
    // The identity is the appid; `demo` is a label.
    check(&notice("vip", "").applied().renamed("shop"), "");
}

#[test]
fn a_person_who_says_it_was_not_sent_begins_the_next_try() {
    let stage = lost().at("2026-03-04T12:00:00+08:00").resolve(HELLO, Verdict::NotSent);
    check(
        &stage,
        "send notice/sends/hello: not_sent
         check_status notice/sends/hello: status_unknown",
    );
    let generation = |stage: &Stage| match &stage.plan().steps[0].action {
        Action::Send(order) => order.generation.get(),
        _ => panic!("a send"),
    };
    assert_eq!((generation(&notice("vip", "")), generation(&stage)), (0, 1));
    let sent = lost().resolve(HELLO, Verdict::Sent { msg_id: None });
    check(&sent, "");
    assert_eq!(sent.now, time("2026-03-02T12:00:00+08:00"));
}
