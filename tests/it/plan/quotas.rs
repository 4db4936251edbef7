//! What WeChat allows in a day or a month of Beijing's, told before anything is uploaded.

use std::fmt::Write as _;

use qunfa::plan::{Quota, QuotaUse};

use super::check;
use super::stage::{Stage, notice};

/// So many texts, in a window that ends in May.
fn texts(count: usize, to: &str) -> Stage {
    let sends = (1..=count).fold(String::new(), |mut sends, n| {
        let window = "window: { until: 2026-05-08T21:00:00+08:00 }";
        writeln!(sends, "  s{n}: {{ text: 第{n}条, to: {to}, {window} }}").unwrap();
        sends
    });
    Stage::sends(&sends)
}

/// So many texts that were sent at some time, and one to send at another.
fn one_more(sent: usize, to: &str, then: &str, now: &str) -> Stage {
    let mut stage = texts(sent, to).at(then).applied().at(now);
    let window = "window: { until: 2026-05-08T21:00:00+08:00 }";
    stage.campaign("next", "", &format!("  one: {{ text: 再来一条, to: {to}, {window} }}"));
    stage
}

const SENDS: &str = "send next/sends/one: not_sent\ncheck_status next/sends/one: status_unknown";

#[test]
fn a_service_account_sends_four_times_a_calendar_month_to_everyone() {
    let now = "2026-03-31T23:59:59+08:00";
    let check =
        |sent, then: &str, expected: &str| check(&one_more(sent, "all", then, now), expected);
    check(3, "2026-03-10T12:00:00+08:00", SENDS);
    let waits = "waits next/sends/one: quota EveryoneMonth 4 of 4 until 04-01 00:00:00";
    check(4, "2026-03-10T12:00:00+08:00", waits);
    check(4, "2026-03-01T00:00:00+08:00", waits);
    check(4, "2026-02-28T23:59:59+08:00", SENDS);
}

#[test]
fn the_month_turns_in_beijing() {
    let march = "2026-03-31T15:59:59Z";
    let waits = "waits next/sends/one: quota EveryoneMonth 4 of 4 until 04-01 00:00:00";
    check(&one_more(4, "all", march, march), waits);
    check(&one_more(4, "all", march, "2026-03-31T16:00:00Z"), SENDS);
    let december = "2025-12-31T12:00:00+08:00";
    check(&one_more(4, "all", "2025-03-31T12:00:00+08:00", "2026-03-31T12:00:00+08:00"), SENDS);
    let waits = "waits next/sends/one: quota EveryoneMonth 4 of 4 until 01-01 00:00:00";
    check(&one_more(4, "all", december, december), waits);
}

#[test]
fn a_follower_gets_four_a_month_of_their_tag_and_everyones() {
    let (then, now) = ("2026-03-10T12:00:00+08:00", "2026-03-20T12:00:00+08:00");
    let waits = "waits next/sends/one: quota FollowerMonth 4 of 4 until 04-01 00:00:00";
    check(&one_more(4, "vip", then, now), waits);
    check(&one_more(4, "vip", then, now).edit("再来一条, to: vip", "再来一条, to: new"), SENDS);
    check(&one_more(4, "vip", then, now).edit("再来一条, to: vip", "再来一条, to: all"), SENDS);
    check(&one_more(4, "all", then, now).edit("再来一条, to: all", "再来一条, to: new"), waits);
    check(
        &one_more(4, "all", then, now).edit("再来一条, to: all", "再来一条, to: list"),
        &waits.replace("one:", "one#1:"),
    );
}

#[test]
fn a_subscription_account_sends_once_a_day() {
    let subscription = |then: &str, now: &str| {
        let stage = texts(1, "vip").on_a_subscription();
        let mut stage = stage.at(then).applied().at(now);
        let window = "window: { until: 2026-05-08T21:00:00+08:00 }";
        stage.campaign("next", "", &format!("  one: {{ text: 再来一条, to: new, {window} }}"));
        stage
    };
    let morning = "2026-03-10T00:00:00+08:00";
    let waits = "waits next/sends/one: quota SubscriptionDay 1 of 1 until 03-11 00:00:00";
    check(&subscription(morning, "2026-03-10T23:59:59+08:00"), waits);
    check(&subscription(morning, "2026-03-11T00:00:00+08:00"), SENDS);
}

#[test]
fn what_the_plan_itself_sends_counts() {
    let plan = texts(5, "all").plan();
    let uses: Vec<_> = plan.sends.iter().map(|line| line.quota.unwrap()).collect();
    let (quota, limit) = (Quota::EveryoneMonth, 4);
    assert_eq!(uses, [0, 1, 2, 3, 4].map(|used| QuotaUse { quota, used, limit }));
    let waits = "waits notice/sends/s5: quota EveryoneMonth 4 of 4 until 04-01 00:00:00";
    assert_eq!(super::words::lines(&plan).last().unwrap(), waits);
}

#[test]
fn a_service_account_makes_a_hundred_calls_a_day() {
    let mut stage = texts(100, "vip");
    // A hundred tags: none is sent to twice.
    for n in 1..=100 {
        stage = stage.edit(&format!("第{n}条, to: vip"), &format!("第{n}条, to: t{n}"));
        stage = stage.edit("targets:\n", &format!("targets:\n  t{n}: {{ tag: 标签{n} }}\n"));
        let id = qunfa::terms::TagId::new(200 + n).unwrap();
        let tag = qunfa::plan::SeenTag { name: format!("标签{n}"), id, count: 10 };
        stage.observed.tags.as_mut().unwrap().push(tag);
    }
    let mut stage = stage.applied();
    let window = "window: { until: 2026-05-08T21:00:00+08:00 }";
    stage.campaign("next", "", &format!("  one: {{ text: 再来一条, to: vip, {window} }}"));
    let waits = "waits next/sends/one: quota ServiceDay 100 of 100 until 03-03 00:00:00";
    check(&stage, waits);
}

#[test]
fn a_quota_that_comes_back_only_after_the_window_is_a_persons_business() {
    let (then, now) = ("2026-03-10T12:00:00+08:00", "2026-03-20T12:00:00+08:00");
    let until = |until: &str| {
        let next = "再来一条, to: all, window: { until: ";
        one_more(4, "all", then, now)
            .edit(&format!("{next}2026-05-08T21:00:00+08:00"), &format!("{next}{until}"))
    };
    let blocked =
        "blocked next/sends/one: quota_past_window EveryoneMonth 4 of 4, back 04-01 00:00:00";
    check(&until("2026-03-31T23:00:00+08:00"), blocked);
    check(&until("2026-04-01T00:00:00+08:00"), blocked);
    let waits = "waits next/sends/one: quota EveryoneMonth 4 of 4 until 04-01 00:00:00";
    check(&until("2026-04-01T00:00:01+08:00"), waits);
}

#[test]
fn a_send_of_unknown_outcome_counts() {
    let lost = notice("all", "").applied_until_lost("notice/sends/hello");
    let mut stage = lost.on_a_subscription();
    let window = "window: { until: 2026-03-02T23:00:00+08:00 }";
    stage.campaign("next", "", &format!("  one: {{ text: 再来一条, to: vip, {window} }}"));
    assert_eq!(
        super::words::lines(&stage.plan()).last().unwrap(),
        "blocked next/sends/one: quota_past_window SubscriptionDay 1 of 1, back 03-03 00:00:00"
    );
}
