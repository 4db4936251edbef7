//! A send that comes after another: in the same plan, later, or never.

use qunfa::history::{Fact, Verdict};
use qunfa::terms::JobStatus;

use super::check;
use super::stage::Stage;
use super::words::standings;

const WINDOW: &str = "window: { until: 2026-03-08T21:00:00+08:00 }";
const TEASER: &str = "notice/sends/teaser";
const LAUNCH: &str = "notice/sends/launch";

/// `launch` stands first and comes after `teaser`.
fn both(after: &str, teaser: &str) -> Stage {
    Stage::sends(&format!(
        "  launch: {{ text: 上新了, to: vip, after: {after}, {WINDOW} }}\n  \
         teaser: {{ text: 明天见, to: vip, {WINDOW}{teaser} }}"
    ))
}

fn sends(name: &str) -> String {
    format!("send {name}: not_sent\ncheck_status {name}: status_unknown")
}

#[test]
fn both_are_planned_together_in_the_order_of_after_and_shown_in_that_of_the_files() {
    let stage = both("[teaser]", "");
    check(&stage, &format!("{}\n{}", sends(TEASER), sends(LAUNCH)));
    let plan = stage.plan();
    assert_eq!(plan.steps[2].after, [plan.steps[1].id.clone()], "after it is known to be sent");
    let order: Vec<_> = standings(&plan).into_iter().map(|(address, _)| address).collect();
    assert_eq!(order, [LAUNCH, TEASER]);
}

#[test]
fn it_waits_while_the_other_is_under_way() {
    let sending = Fact::Status { status: JobStatus::Sending };
    let stage = both("[teaser]", "").applied_until("check_status").tell(TEASER, sending);
    check(
        &stage,
        "waits notice/sends/teaser: sending job 1 until 03-02 12:01:00
         waits notice/sends/launch: after notice/sends/teaser, Submitted",
    );
}

#[test]
fn accepted_is_not_yet_sent() {
    let stage = both("[teaser]", "").applied_until("check_status");
    let status = "check_status notice/sends/teaser: status_unknown";
    check(&stage, &format!("{status}\n{}", sends(LAUNCH)));
    let plan = stage.plan();
    assert_eq!(plan.steps[1].after, [plan.steps[0].id.clone()]);
}

#[test]
fn it_is_blocked_when_the_other_will_never_be_sent_unless_an_end_is_enough() {
    let failed = |after: &str| {
        let failed = Fact::Status { status: JobStatus::Failed };
        both(after, "").applied_until("check_status").tell(TEASER, failed)
    };
    let why = "blocked notice/sends/launch: after_failed notice/sends/teaser, Blocked";
    let other = "blocked notice/sends/teaser: failed Failed";
    check(&failed("[teaser]"), &format!("{other}\n{why}"));
    check(&failed("[{ teaser: ended }]"), &format!("{}\n{other}", sends(LAUNCH)));
    let why = why.replace("Blocked", "Acknowledged");
    let quiet = |after: &str| failed(after).resolve(TEASER, Verdict::Acknowledged);
    check(&quiet("[teaser]"), &why);
    check(&quiet("[{ teaser: ended }]"), &sends(LAUNCH));
}

#[test]
fn a_skipped_or_missed_send_is_never_sent() {
    let blocked = |standing: &str| {
        format!("blocked notice/sends/launch: after_failed notice/sends/teaser, {standing}")
    };
    check(&both("[teaser]", ", skip: 法务叫停"), &blocked("Skipped"));
    check(&both("[{ teaser: ended }]", ", skip: 法务叫停"), &sends(LAUNCH));
    let missed = |after: &str| {
        let late = both(after, "").edit(
            "teaser: { text: 明天见, to: vip, window: { until: 2026-03-08",
            "teaser: { text: 明天见, to: vip, window: { until: 2026-03-01",
        );
        late.at("2026-03-02T12:00:00+08:00")
    };
    let other = "blocked notice/sends/teaser: missed at 03-01 21:00:00";
    check(&missed("[teaser]"), &format!("{other}\n{}", blocked("Blocked")));
    check(&missed("[{ teaser: ended }]"), &format!("{}\n{other}", sends(LAUNCH)));
}

#[test]
fn it_waits_for_one_that_is_blocked_or_waits_itself_and_says_so() {
    let stage = both("[teaser]", "").edit("明天见, to: vip", "明天见, to: new");
    let mut lost = stage.clone();
    lost.observed.tags.as_mut().unwrap().pop();
    check(
        &lost,
        "waits notice/sends/launch: after notice/sends/teaser, Blocked
         blocked notice/sends/teaser: no_such_tag 新客, knows VIP会员",
    );
    check(
        &both("[teaser]", ", approval: 1"),
        "waits notice/sends/teaser: approval of 1, has [], void []
         waits notice/sends/launch: after notice/sends/teaser, Waiting",
    );
}

#[test]
fn what_else_holds_it_holds_it_still_when_the_other_goes_first() {
    let stage = both("[teaser], approval: 1", "");
    let waits = "waits notice/sends/launch: approval of 1, has [], void []";
    check(&stage, &format!("{}\n{waits}", sends(TEASER)));
    check(&stage.approve(LAUNCH, "张三"), &format!("{}\n{}", sends(TEASER), sends(LAUNCH)));
    let later = both("[teaser]", "").edit(
        "after: [teaser], window: {",
        "after: [teaser], window: { from: 2026-03-03T10:00:00+08:00,",
    );
    let waits = "waits notice/sends/launch: not_due until 03-03 10:00:00";
    check(&later, &format!("{}\n{waits}", sends(TEASER)));
}

#[test]
fn it_comes_after_several_of_which_one_is_over() {
    let stage = Stage::sends(&format!(
        "  first: {{ text: 预告, to: vip, {WINDOW}, skip: 法务叫停 }}\n  \
         teaser: {{ text: 明天见, to: vip, {WINDOW} }}\n  \
         launch: {{ text: 上新了, to: vip, after: [{{ first: ended }}, teaser], {WINDOW} }}"
    ));
    check(&stage, &format!("{}\n{}", sends(TEASER), sends(LAUNCH)));
}

#[test]
fn another_campaigns_send_is_found_in_the_files_or_in_the_history() {
    let mut stage = both("[teaser]", "").without("notice");
    let after =
        |after: &str| format!("  launch: {{ text: 上新了, to: vip, after: [{after}], {WINDOW} }}");
    stage.campaign("spring", "", &after("early/sends/teaser"));
    check(&stage, "blocked spring/sends/launch: after_unknown early/sends/teaser");
    stage.elsewhere = vec!["early/sends/teaser".parse().unwrap()];
    check(&stage, "waits spring/sends/launch: after early/sends/teaser, Planned");
    stage.elsewhere.clear();
    stage.campaign("early", "", &format!("  teaser: {{ text: 明天见, to: vip, {WINDOW} }}"));
    let launch = sends("spring/sends/launch");
    check(&stage, &format!("{}\n{launch}", sends("early/sends/teaser")));
    let sent = stage
        .applied_until("check_status")
        .tell("early/sends/teaser", Fact::Status { status: JobStatus::Sent });
    check(&sent.without("early"), &launch);
}

#[test]
fn a_list_is_sent_when_every_part_is_whether_or_not_a_file_has_it() {
    let mut stage = both("[teaser]", "").without("notice");
    stage.file("list.txt", super::lists::people(20_001).as_bytes());
    stage.campaign("early", "", &format!("  teaser: {{ text: 明天见, to: list, {WINDOW} }}"));
    let one = stage.applied_until_part("early/sends/teaser#2");
    let mut alone = one.clone().without("early");
    alone.campaign(
        "spring",
        "",
        &format!("  launch: {{ text: 上新了, to: vip, after: [early/sends/teaser], {WINDOW} }}"),
    );
    check(&alone, "waits spring/sends/launch: after early/sends/teaser, Planned");
}

#[test]
fn an_end_means_that_every_part_is_over() {
    let mut stage = both("[{ teaser: ended }]", "").edit("明天见, to: vip", "明天见, to: list");
    stage.file("list.txt", super::lists::people(20_001).as_bytes());
    let failed = Fact::Status { status: JobStatus::Failed };
    let stage = stage.applied_until("check_status").tell("notice/sends/teaser#1", failed);
    let plan = stage.plan();
    let launch = plan.steps.iter().find(|step| step.address == LAUNCH).unwrap();
    let after: Vec<_> = launch.after.iter().map(|id| id.0.as_str()).collect();
    assert_eq!(after, ["status notice/sends/teaser#2", "status notice/sends/teaser#3"]);
}
