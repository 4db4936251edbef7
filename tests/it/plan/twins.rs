//! The same thing to the same people again, and the issues of a series.

use qunfa::history::Verdict;

use super::check;
use super::stage::{Stage, notice};

const WINDOW: &str = "window: { until: 2026-12-08T21:00:00+08:00 }";

/// `hello` was sent; another campaign has a send of its own.
fn next(send: &str) -> Stage {
    let mut stage = notice("vip", "").applied();
    stage.campaign("next", "", &format!("  one: {{ {send}, {WINDOW} }}"));
    stage
}

const SENDS: &str = "send next/sends/one: not_sent\ncheck_status next/sends/one: status_unknown";
const TWIN: &str = "blocked next/sends/one: twin of notice/sends/hello on 2026-03-02";

#[test]
fn a_twin_is_blocked_for_90_days() {
    let twin = || next("text: 今晚系统维护, to: vip");
    check(&twin(), TWIN);
    check(&twin().at("2026-05-31T11:59:59+08:00"), TWIN);
    check(&twin().at("2026-05-31T12:00:00+08:00"), SENDS);
    check(&next("text: 明晚系统维护, to: vip"), SENDS);
    check(&next("text: 今晚系统维护, to: new"), SENDS);
}

#[test]
fn a_twin_that_is_meant_says_so() {
    check(&next("text: 今晚系统维护, to: vip, again: notice/sends/hello"), SENDS);
    check(&next("text: 今晚系统维护, to: vip, again: notice/sends/other"), TWIN);
}

#[test]
fn of_two_twins_in_one_plan_the_second_is_blocked() {
    let mut stage = notice("vip", "");
    stage.campaign("next", "", &format!("  one: {{ text: 今晚系统维护, to: vip, {WINDOW} }}"));
    let second = "blocked notice/sends/hello: twin of next/sends/one in this plan";
    check(&stage, &format!("{SENDS}\n{second}"));
}

#[test]
fn a_twin_of_a_send_that_may_have_gone_out_is_blocked_too() {
    let mut stage = notice("vip", "").applied_until_lost("notice/sends/hello");
    stage.campaign("next", "", &format!("  one: {{ text: 今晚系统维护, to: vip, {WINDOW} }}"));
    let settle = "settle notice/sends/hello: outcome_unknown since 03-02 12:00:00 after 1, \
                  until 03-03 09:29:30\ncheck_status notice/sends/hello: status_unknown\n";
    check(&stage, &[settle, TWIN].concat());
    let not_sent = stage.resolve("notice/sends/hello", Verdict::NotSent).without("notice");
    check(&not_sent, SENDS);
}

fn issue(edition: &str, text: &str) -> Stage {
    let mut stage = Stage::sends("").without("notice");
    stage.campaign("weekly", edition, &format!("  issue: {{ text: {text}, to: vip, {WINDOW} }}"));
    stage
}

#[test]
fn an_edition_is_a_send_of_its_own() {
    let mut stage = issue("edition: w47", "第一期").applied();
    stage.campaign(
        "weekly",
        "edition: w48",
        &format!("  issue: {{ text: 第二期, to: vip, {WINDOW} }}"),
    );
    check(
        &stage,
        "send weekly@w48/sends/issue: not_sent
         check_status weekly@w48/sends/issue: status_unknown",
    );
}

#[test]
fn an_edition_that_went_out_cannot_be_dropped() {
    let sent = issue("edition: w47", "第一期").applied();
    let dropped = sent.clone().edit("edition: w47\n", "\n");
    check(&dropped, "blocked weekly/sends/issue: edition_dropped after weekly@w47/sends/issue");
    let unsent = issue("edition: w47", "第一期").edit("edition: w47\n", "\n");
    let sends =
        "send weekly/sends/issue: not_sent\ncheck_status weekly/sends/issue: status_unknown";
    check(&unsent, sends);
}

#[test]
fn an_edition_waits_while_another_is_unknown() {
    let mut stage = issue("edition: w47", "第一期").applied_until_lost("weekly@w47/sends/issue");
    stage.campaign(
        "weekly",
        "edition: w48",
        &format!("  issue: {{ text: 第二期, to: vip, {WINDOW} }}"),
    );
    let plan = super::words::lines(&stage.plan());
    assert_eq!(
        plan.last().unwrap(),
        "waits weekly@w48/sends/issue: other_edition weekly@w47/sends/issue"
    );
    assert!(!plan.iter().any(|line| line.starts_with("send ")), "{plan:#?}");
}
