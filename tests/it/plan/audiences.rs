//! Whom a send may go to: looked up, counted, and never guessed.

use qunfa::plan::{Audience, SeenTag};
use qunfa::terms::TagId;

use super::check;
use super::stage::{Stage, launch, notice};

const SENDS: &str = "send notice/sends/hello: not_sent
                     check_status notice/sends/hello: status_unknown";

fn blocked(why: &str) -> String {
    format!("blocked notice/sends/hello: {why}")
}

fn tagged(tags: &[(&str, u32)]) -> Stage {
    let mut stage = notice("vip", "");
    let tag = |(name, id): &(&str, u32)| SeenTag {
        name: (*name).to_owned(),
        id: TagId::new(*id).unwrap(),
        count: 3_210,
    };
    stage.observed.tags = Some(tags.iter().map(tag).collect());
    stage
}

#[test]
fn a_tag_is_found_by_its_name_and_shown_with_its_id_and_count() {
    let stage = notice("vip", "");
    check(&stage, SENDS);
    let seen = Some((TagId::new(100).unwrap(), 3_210));
    assert_eq!(stage.plan().sends[0].audience, Audience::Tag { name: "VIP会员".to_owned(), seen });
}

#[test]
fn a_tag_that_is_not_there_or_there_twice_is_blocked() {
    check(&tagged(&[("新客", 7)]), &blocked("no_such_tag VIP会员, knows 新客"));
    check(&tagged(&[("VIP会员", 7), ("VIP会员", 9)]), &blocked("ambiguous_tag VIP会员: 7, 9"));
}

#[test]
fn offline_a_tag_is_what_the_history_knows_or_stays_unknown() {
    let mut known = Stage::sends(
        "  first: { text: 今晚维护, to: vip, window: { until: 2026-03-08T21:00:00+08:00 } }",
    )
    .applied();
    known.campaign(
        "later",
        "",
        "  hello: { text: 明晚维护, to: vip, window: { until: 2026-03-08T21:00:00+08:00 } }",
    );
    known.observed = qunfa::plan::Observed::default();
    let audience = |stage: &Stage| {
        let line = stage.plan().sends.into_iter().find(|l| l.address.send.as_str() == "hello");
        line.unwrap().audience
    };
    let seen = Some((TagId::new(100).unwrap(), 3_210));
    assert_eq!(audience(&known), Audience::Tag { name: "VIP会员".to_owned(), seen });
    let mut unknown = notice("vip", "");
    unknown.observed = qunfa::plan::Observed::default();
    assert_eq!(audience(&unknown), Audience::Tag { name: "VIP会员".to_owned(), seen: None });
}

#[test]
fn an_expectation_of_how_many_people_is_held() {
    let expect = |expect: &str| {
        notice("vip", "").edit("{ tag: VIP会员 }", &format!("{{ tag: VIP会员, expect: {expect} }}"))
    };
    check(&expect("{ at_least: 3210, at_most: 3210 }"), SENDS);
    check(&expect("{ at_least: 3211 }"), &blocked("unexpected 3210, not Some(3211) to None"));
    check(&expect("{ at_most: 3209 }"), &blocked("unexpected 3210, not None to Some(3209)"));
}

#[test]
fn an_account_has_a_greatest_number_of_recipients() {
    let most = |max: u32, to: &str| {
        notice(to, "").account(&format!("kind: service, policy: {{ max_recipients: {max} }}"))
    };
    check(&most(3_210, "vip"), SENDS);
    check(&most(3_209, "vip"), &blocked("too_many 3210 of 3209"));
    check(&most(12_479, "all"), &blocked("too_many 12480 of 12479"));
    let mut uncounted = most(12_480, "all");
    uncounted.observed.followers = None;
    check(&uncounted, SENDS); // offline: counted before the send
}

#[test]
fn a_subscription_account_sends_to_no_list() {
    // The files' own check refuses it too; a plan does not rest on that.
    let stage = notice("list", "").on_a_subscription();
    check(&stage, "blocked notice/sends/hello#1: openids_on_subscription");
    check(&notice("vip", "").on_a_subscription(), SENDS);
}

#[test]
fn a_blocked_send_uploads_nothing() {
    check(
        &launch().edit("at_least: 1000", "at_least: 4000"),
        "blocked spring-2026/sends/launch: unexpected 3210, not Some(4000) to Some(20000)",
    );
}

#[test]
fn a_blocked_send_holds_up_no_other() {
    let window = "window: { until: 2026-03-08T21:00:00+08:00 }";
    let mut stage = Stage::sends(&format!(
        "  lost: {{ text: 找不到人, to: new, {window} }}\n  hello: {{ text: 今晚维护, to: vip, {window} }}"
    ));
    stage.observed.tags.as_mut().unwrap().pop();
    check(&stage, &format!("{SENDS}\nblocked notice/sends/lost: no_such_tag 新客, knows VIP会员"));
}
