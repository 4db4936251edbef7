//! Lists of people: cut into parts, sent part by part, and fixed by the first of them.

use std::fmt::Write as _;

use qunfa::history::Verdict;
use qunfa::plan::Audience;

use super::check;
use super::stage::{Stage, launch, notice};

/// So many people, a line each.
pub(super) fn people(count: u32) -> String {
    (0..count).fold(String::new(), |mut lines, n| {
        writeln!(lines, "o{n}").unwrap();
        lines
    })
}

/// A text to 20,001 people: three parts.
fn many() -> Stage {
    let mut stage = notice("list", "");
    stage.file("list.txt", people(20_001).as_bytes());
    stage
}

fn sends(part: u32) -> String {
    format!(
        "send notice/sends/hello#{part}: not_sent\n\
         check_status notice/sends/hello#{part}: status_unknown\n"
    )
}

#[test]
fn a_list_goes_out_in_parts_of_2_to_10_000_one_after_the_other() {
    let stage = many();
    check(&stage, &[sends(1), sends(2), sends(3)].concat());
    let plan = stage.plan();
    let count = |audience: &Audience| match audience {
        Audience::OpenIds { people, part, parts, .. } => (people.count, *part, *parts),
        Audience::Everyone { .. } | Audience::Tag { .. } => panic!("a list"),
    };
    let parts: Vec<_> = plan.sends.iter().map(|line| count(&line.audience)).collect();
    assert_eq!(parts, [(10_000, 1, 3), (9_999, 2, 3), (2, 3, 3)]);
    assert_eq!(plan.steps[2].after, [plan.steps[0].id.clone()], "part 2 after part 1");
    assert_eq!(plan.sends[0].digest, plan.sends[2].digest, "one approval is for all parts");
}

#[test]
fn a_draft_is_made_just_before_each_part_and_previewed_once() {
    let list = |stage: Stage| {
        let mut stage = stage.edit(
            "{ tag: VIP会员, expect: { at_least: 1000, at_most: 20000 } }",
            "{ openids: /shared/list.txt, expect: { at_least: 20001 } }",
        );
        stage.file("list.txt", people(20_001).as_bytes());
        stage
    };
    let draft = |part| format!("save_draft spring-2026/sends/launch#{part}: no_draft\n");
    let sends = |part| sends(part).replace("notice/sends/hello", "spring-2026/sends/launch");
    let uploads = "upload_image spring-2026/images/coat.png: not_uploaded
        upload_image spring-2026/images/card.png: not_uploaded
        upload_material spring-2026/images/cover.png: not_uploaded
        upload_material spring-2026/images/care.png: not_uploaded\n";
    let previews = "preview spring-2026/sends/launch#1: not_previewed to editor-in-chief
        preview spring-2026/sends/launch#1: not_previewed to o6_bmjrPTlm6_2sgVt7hMZOPfL2M\n";
    let first = [uploads, &draft(1), previews].concat();
    check(
        &list(launch()),
        &[first.clone(), sends(1), draft(2), sends(2), draft(3), sends(3)].concat(),
    );
    let waits =
        |part| format!("waits spring-2026/sends/launch#{part}: not_due until 03-01 10:00:00\n");
    let early = list(launch()).at("2026-03-01T09:00:00+08:00");
    check(&early, &[first, waits(1), waits(2), waits(3)].concat());
}

#[test]
fn an_interrupted_list_goes_on_with_the_next_part_only() {
    let one = many().applied_until_part("notice/sends/hello#2");
    check(&one, &[sends(2), sends(3)].concat());
    let two = one.applied_until_lost("notice/sends/hello#2");
    let settle = "settle notice/sends/hello#2: outcome_unknown since 03-02 12:00:00 after 1, \
                  until 03-03 09:29:30\n";
    let status = "check_status notice/sends/hello#2: status_unknown\n";
    check(&two, &[settle, status, &sends(3)].concat());
}

#[test]
fn a_list_that_changed_after_a_part_went_out_is_blocked() {
    let mut stage = many().applied_until_part("notice/sends/hello#2");
    stage.file("list.txt", people(20_002).as_bytes());
    let from = "a list of openids (3 parts";
    let to = "shared/list.txt (3 parts";
    let blocked = |part| {
        format!("blocked notice/sends/hello#{part}: sent_audience_changed from {from} to {to}\n")
    };
    check(&stage, &[blocked(1), blocked(2), blocked(3)].concat());
}

#[test]
fn a_list_cannot_become_a_tag_once_a_part_went_out_nor_a_tag_a_list() {
    let stage = many().applied_until_part("notice/sends/hello#2").edit("to: list", "to: vip");
    check(
        &stage,
        "blocked notice/sends/hello: sent_audience_changed from a list of openids (3 parts \
         to tag VIP会员 (id 100)",
    );
    let sent = Verdict::Sent { msg_id: None };
    let stage = many().resolve("notice/sends/hello#1", sent);
    check(&stage, &[sends(2), sends(3)].concat());
    check(
        &stage.edit("to: list", "to: vip"),
        "blocked notice/sends/hello: sent_audience_changed from whom notice/sends/hello#1 went to \
         to tag VIP会员 (id 100)",
    );
    let stage = notice("vip", "").applied().edit("to: vip", "to: list");
    check(
        &stage,
        "blocked notice/sends/hello#1: sent_audience_changed from tag VIP会员 (id 100) \
         to shared/list.txt (1 parts",
    );
}

#[test]
fn the_same_people_in_another_file_are_the_same_list() {
    let mut stage = many().applied_until_part("notice/sends/hello#2");
    stage.file("again.txt", [people(20_001), "o7\n".to_owned()].concat().as_bytes());
    check(&stage.edit("/shared/list.txt", "/shared/again.txt"), &[sends(2), sends(3)].concat());
}
