//! A person's word: how many must give it, who may, for what, and when it counts.

use super::check;
use super::stage::{Stage, launch, notice};

const HELLO: &str = "notice/sends/hello";
const SENDS: &str = "send notice/sends/hello: not_sent
                     check_status notice/sends/hello: status_unknown";

fn waits(rest: &str) -> String {
    format!("waits {HELLO}: approval of {rest}")
}

#[test]
fn a_send_waits_for_as_many_people_as_it_asks_for() {
    let stage = notice("vip", ", approval: 2");
    check(&stage, &waits("2, has [], void []"));
    let one = stage.approve(HELLO, "zhang.san");
    check(&one, &waits("2, has [zhang.san], void []"));
    let again = one.clone().approve(HELLO, "zhang.san");
    check(&again, &waits("2, has [zhang.san], void []"));
    check(&one.approve(HELLO, "li.si"), SENDS);
}

#[test]
fn a_send_with_previews_needs_one_unless_it_says_otherwise() {
    let preview = ", preview: [ { wxname: 主编 } ]";
    let shown = "preview notice/sends/hello: not_previewed to 主编";
    let stage = notice("vip", preview);
    check(&stage, &format!("{shown}\n{}", waits("1, has [], void []")));
    check(&notice("vip", &format!("{preview}, approval: 0")), &format!("{shown}\n{SENDS}"));
    check(&notice("vip", ""), SENDS);
}

#[test]
fn policy_asks_for_sends_to_everyone_and_for_large_ones() {
    let policy = |written: &str, to: &str| {
        notice(to, "").account(&format!("kind: service, policy: {{ {written} }}"))
    };
    let needs_two = waits("2, has [], void []");
    check(&policy("approvals: { everyone: 2 }", "all"), &needs_two);
    check(&policy("approvals: { everyone: 2 }", "vip"), SENDS);
    check(&policy("approvals: { large: 2 }, large: 3210", "vip"), &needs_two);
    check(&policy("approvals: { large: 2 }, large: 3211", "vip"), SENDS);
    check(&policy("approvals: { everyone: 1, large: 2 }, large: 5000", "all"), &needs_two);
}

#[test]
fn only_approvers_count() {
    let stage = notice("vip", ", approval: 1").account("kind: service, approvers: [ li.si ]");
    let stranger = stage.clone().approve(HELLO, "zhang.san");
    check(&stranger, &waits("1, has [], void [zhang.san]"));
    check(&stage.approve(HELLO, "li.si"), SENDS);
}

#[test]
fn only_a_word_after_the_previews_counts() {
    let stage = notice("vip", ", preview: [ { wxname: 主编 } ], approval: 1");
    let early = stage.clone().approve(HELLO, "zhang.san").at("2026-03-02T13:00:00+08:00");
    let void = waits("1, has [], void [zhang.san]");
    check(&early, &format!("preview {HELLO}: not_previewed to 主编\n{void}"));
    check(&early.applied_until("send"), &void);
    check(&stage.applied().approve(HELLO, "zhang.san"), SENDS);
}

#[test]
fn a_change_voids_what_was_approved_and_says_whose_word() {
    let approved = || notice("vip", ", approval: 1, on_reprint: stop").approve(HELLO, "zhang.san");
    check(&approved(), SENDS);
    let void = waits("1, has [], void [zhang.san]");
    check(&approved().edit("今晚系统维护", "明晚系统维护"), &void);
    check(&approved().edit("to: vip", "to: new"), &void);
    check(&approved().edit("03-08T21", "03-08T22"), &void);
    check(&approved().edit("03-02T09", "03-02T08"), &void);
    check(&approved().edit("on_reprint: stop", "on_reprint: accept"), &void);
    check(&approved().edit("今晚系统维护", "明晚").edit("明晚", "今晚系统维护"), SENDS);
}

#[test]
fn another_id_under_the_approved_name_of_a_tag_voids_the_approval() {
    let mut stage = notice("vip", ", approval: 1").approve(HELLO, "zhang.san");
    let tags: &mut Vec<_> = stage.observed.tags.as_mut().unwrap();
    tags[0].count += 1;
    check(&stage, SENDS);
    stage.observed.tags.as_mut().unwrap()[0].id = qunfa::terms::TagId::new(102).unwrap();
    check(&stage, &waits("1, has [], void [zhang.san]"));
}

#[test]
fn what_waits_for_a_word_is_made_ready() {
    let stage: Stage = launch().edit("approval: 0", "approval: 1").applied();
    check(&stage, "waits spring-2026/sends/launch: approval of 1, has [], void []");
    assert!(stage.ledger().send(&super::stage::effect("spring-2026/sends/launch")).is_some());
}
