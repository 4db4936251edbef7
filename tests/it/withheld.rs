//! Retractions of the built program: what they withhold, whichever campaign declares them and however
//! narrow a path is given; and the command that takes back by hand.

use std::fs;

use crate::support::program::Project;

const DEMO: &str = "demo: { kind: service, api: sandbox }";

/// A campaign that sends a text to everyone, and another that takes it back.
fn stopped(retract: &str) -> Project {
    let project = Project::new(&[DEMO]);
    project.notice("demo", "all: { everyone: true }");
    let head = "version: 1\ncampaign: stop\naccount: demo\n";
    project.write("stop/campaign.yaml", &format!("{head}retract:\n  wrong: {retract}\n"));
    project
}

const STOP: &str = "{ send: notice-2026/sends/all, articles: all, reason: 写错了 }";

#[test]
fn a_narrow_path_does_not_lose_what_another_campaign_withholds() {
    let project = stopped(STOP);
    for args in ["plan", "plan campaigns/notice"] {
        project.run(args).expect(0, &["withheld"]);
    }
    for path in ["notice", "./notice", "notice/campaign.yaml", "."] {
        let ran = project.run_inside(&format!("plan {path}")).expect(0, &["withheld"]);
        assert!(!ran.out.contains("will be sent"), "{path}: {}", ran.out);
    }
    project.run_inside("apply notice --yes").expect(0, &["withheld"]);
    project.run("status").expect(0, &["withheld"]);
}

#[test]
fn a_retraction_that_cannot_be_read_withholds_everything() {
    let unreadable = [
        "{ send: notice-2026/sends/all, articles: all }",
        "{ send: notice-2026/sends/all, articles: everything, reason: 写错了 }",
        "{ send: [, articles: all }",
        "[]",
    ];
    for retract in unreadable {
        let project = stopped(retract);
        for ran in [project.run_inside("apply notice --yes"), project.run("apply --yes")] {
            let ran = ran.expect(3, &["Q0111", "the retractions of"]);
            assert!(!ran.err.contains("begins"), "{retract}: {}", ran.err);
        }
    }
    let project = stopped(STOP);
    let mut bytes = fs::read(project.path("stop/campaign.yaml")).unwrap();
    let at = bytes.iter().rposition(|byte| *byte > 0x7f).unwrap();
    bytes[at] = 0xff;
    fs::write(project.path("stop/campaign.yaml"), bytes).unwrap();
    project.run("apply campaigns/notice --yes").expect(3, &["Q0111"]);
}

#[test]
fn a_retraction_of_what_nobody_knows_holds_every_send() {
    let project = stopped(&STOP.replace("sends/all", "sends/al"));
    for ran in [project.run_inside("apply notice --yes"), project.run("apply --yes")] {
        assert!(!ran.err.contains("begins"), "{}", ran.err);
        assert_ne!(ran.code, Some(0), "{}", ran.out);
    }
}

#[test]
fn a_broken_campaign_that_takes_nothing_back_holds_up_nobody() {
    let project = stopped(STOP);
    project.write("stop/campaign.yaml", "version: 1\ncampaign: [\n");
    project.run_inside("apply notice --yes").expect(0, &["sent"]);
}

#[test]
fn an_article_is_taken_back_by_hand_and_by_its_number() {
    let project = Project::new(&[DEMO]);
    let head = "version: 1\ncampaign: week\naccount: demo\ntargets: { vip: { tag: VIP会员 } }\n";
    let article = |name: &str, title: &str| {
        format!("  \"{name}\": {{ title: {title}, cover: a.png, body: a.md }}\n")
    };
    let sends = "sends:\n  issue:\n    news: [\"2\", care]\n    to: vip\n    preview: []\n    \
                 window: { until: 2099-12-31T21:00:00+08:00 }\n";
    let articles = [article("2", "头条"), article("care", "护理")].concat();
    project.write("week/campaign.yaml", &format!("{head}articles:\n{articles}{sends}"));
    project.write("week/a.md", "正文。\n");
    fs::write(project.path("week/a.png"), crate::support::png("封面")).unwrap();
    project.run("apply --yes").expect(0, &["sent"]);

    let retract = |args: &str| project.run(&format!("retract week/sends/issue {args} --yes"));
    retract("--article 2 --reason 写错").expect(64, &["the name of one article"]);
    retract("--article 3 --reason 写错").expect(64, &["no article 3", "it had 2: 2, care"]);
    retract("--reason 写错").expect(64, &["--all|--article <NAME>"]);
    let ran = project.run("retract week/sends/other --all --reason 写错 --yes");
    ran.expect(64, &["nothing of week/sends/other went out"]);
    project.run("retract week/sends/issue --all --reason 写错").expect(64, &["say --yes"]);
    retract("--article care --reason 写错").expect(0, &["article 2 (care)", "done: taken back"]);
    retract("--article care --reason 写错").expect(0, &["Nothing to do"]);
    project.run("status").expect(0, &["article 2 (care) taken back at "]);
}

#[test]
fn a_retraction_is_approved_by_its_address_and_digest() {
    let account = "demo: { kind: service, api: sandbox, approvers: [zhang.san], \
                   policy: { approvals: { retract: 1 } } }";
    let project = Project::new(&[account]);
    let head = "version: 1\ncampaign: week\naccount: demo\ntargets: { vip: { tag: VIP会员 } }\n";
    let rest = "articles:\n  care: { title: 护理, cover: a.png, body: a.md }\nsends:\n  issue:\n    \
                news: [care]\n    to: vip\n    preview: []\n    \
                window: { until: 2099-12-31T21:00:00+08:00 }\n";
    project.write("week/campaign.yaml", &format!("{head}{rest}"));
    project.write("week/a.md", "正文。\n");
    fs::write(project.path("week/a.png"), crate::support::png("封面")).unwrap();
    project.run("apply --yes").expect(0, &["sent"]);
    let retract = "retract:\n  wrong: { send: issue, articles: [care], reason: 写错了 }\n";
    project.write("week/campaign.yaml", &format!("{head}{rest}{retract}"));
    let json = project.run("plan --format json").expect(0, &[]).json("plan.schema.json");
    assert_eq!(json["retractions"][0]["standing"], "waiting");
    let digest = json["retractions"][0]["digest"].as_str().unwrap().to_owned();

    let by_hand = project.run("retract week/sends/issue --all --reason 写错 --yes");
    by_hand.expect(4, &["asks for approvals of a retraction (1)"]);
    let approve = |rest: &str| project.run(&format!("approve week/retract/wrong {rest}"));
    approve("--by li.si --expect 0000000000000000").expect(4, &["li.si is not among"]);
    approve("--by zhang.san --expect 0000000000000000").expect(4, &["its digest is"]);
    approve(&format!("--by zhang.san --expect {digest}")).expect(0, &["zhang.san approved"]);
    project.run("apply --yes").expect(0, &["done: taken back"]);
    project.run("plan").expect(0, &["Nothing to do"]);
}
