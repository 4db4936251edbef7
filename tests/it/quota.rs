//! `quota` of the built program: what the history knows, and what WeChat counts.

use std::fs;

use qunfa::sandbox::{Fault, How};
use qunfa::terms::AccountKind;

use crate::support::program::{Project, SECRET, account, line};

const DEMO: &str = "demo: { kind: service, api: sandbox }";
const DAILY: &str = "daily: { kind: subscription, api: sandbox }";
const TARGETS: &str =
    "all: { everyone: true }\nvip: { tag: VIP会员, expect: { at_least: 1, at_most: 9999 } }";

#[test]
fn what_was_sent_is_used_of_the_right_and_of_the_calls() {
    let project = Project::new(&[DEMO, DAILY]);
    project.notice("demo", TARGETS);
    project.run("apply --yes").expect(0, &["sent  notice-2026/sends/all"]);
    let before = fs::read(project.path(".qunfa/history.db")).unwrap();
    let ran = project.run("quota demo --offline").expect(0, &[]);
    insta::assert_snapshot!(ran.out, @r"
    demo  SANDBOX sandbox-demo  服务号                                                2 sends this month

      sends in the history  today  this month
      to everyone               1           1
      to a tag or a list        1           1

      right to send (群发次数)          used  limit  left
      calls for mass sends today           2    100    98
      sends to everyone this month         1      4     3
      sends to one follower this month   ≥ 1      4   ≤ 3  only WeChat counts what one follower got
      mass send calls a minute             –     60     –

    The quota of API calls is not the right to send: a send can be refused with 45028 while there are
    calls left. No call tells how many sends are; those made in the console (mp.weixin.qq.com) count
    too, and no history has them.
    ");
    project.run("quota").expect(
        0,
        &[
            "  API calls today        (接口调用额度)  used    limit     left\n",
            "  message/mass/sendall   群发               2      100       98\n",
            "  message/mass/delete    删除群发           0       10       10\n",
        ],
    );
    assert_eq!(fs::read(project.path(".qunfa/history.db")).unwrap(), before, "it records nothing");
    let json = project.run("quota --format json --json-into 额度.json").json("quota.schema.json");
    assert_eq!(json["accounts"][1]["kind"], "subscription");
    assert_eq!(json["sends"][0]["today"]["everyone"], 1);
    assert_eq!(json["sends"][1]["this_month"]["chosen"], 0);
    let saved = fs::read_to_string(project.path("../额度.json")).unwrap();
    assert_eq!(
        serde_json::from_str::<serde_json::Value>(&saved).unwrap()["rights"],
        json["rights"]
    );
    // 订阅号 have no sends to lists: that is their kind, and no error.
    let calls = json["calls"].as_array().unwrap();
    let call = |account: &str, path: &str| {
        calls.iter().find(|call| call["account"] == account && call["path"] == path).unwrap()
    };
    assert_eq!(call("sandbox-daily", "message/mass/send")["errcode"], 76022);
    assert_eq!(call("sandbox-daily", "message/mass/sendall")["left"], 100);
    assert_eq!(call("sandbox-demo", "message/mass/sendall")["left"], 98);
}

#[test]
fn offline_nobody_is_asked_and_no_secret_read() {
    let real = "shop: { kind: service, appid: wx1234567890abcdef, secret: { env: SHOP_SECRET } }";
    let project = Project::new(&[DEMO, real]);
    let ran = project.run("quota demo --offline --format markdown").expect(0, &["0 sends"]);
    assert!(!ran.out.contains("sendall"), "{}", ran.out);
    assert!(!project.path(".qunfa").exists(), "no sandbox was started");
    // A real account has no history yet: what its kind may do is not guessed from that.
    project
        .run("quota shop --offline")
        .expect(1, &["history NOT USABLE", "qunfa history new shop"]);
    project.run("quota shop").expect(1, &["the variable SHOP_SECRET is not set"]);
}

#[test]
fn an_account_must_be_there() {
    let project = Project::new(&[DEMO, DAILY]);
    let ran = project.run("quota demo 别的");
    assert_eq!(ran.out, "");
    ran.expect(64, &["there is no such account as `别的`; qunfa.yaml has: demo, daily"]);
    project.run("quota --in nowhere").expect(1, &["nowhere"]);
    project.write("qunfa.yaml", "version: 1\naccounts: {}\n");
    project.run("quota").expect(64, &["qunfa.yaml names no account"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_the_account_does_not_have_hides_no_other() {
    let sandbox = account("sandbox-shop", AccountKind::Service).await;
    let project = Project::new(&[&line("shop", "service", "sandbox-shop", &sandbox)]);
    sandbox.break_next(Fault::next("openapi/quota/get", How::ErrCode(48001)));
    let ran = project.run_with("quota --format json", &[SECRET]).expect(0, &[]);
    let json = ran.json("quota.schema.json");
    let told = |told: &str| {
        let calls = json["calls"].as_array().unwrap().iter();
        calls
            .filter(|call| call["told"] == told)
            .map(|call| call["errcode"].clone())
            .collect::<Vec<_>>()
    };
    assert!(told("no_right").contains(&48001.into()), "{:?}", told("no_right"));
    assert!(told("counted").len() >= 12, "{json}");
    sandbox.break_next(Fault::next("openapi/quota/get", How::ErrCode(45009)));
    let ran = project.run_with("quota", &[SECRET]);
    assert!(!format!("{}{}", ran.out, ran.err).contains("PLANTED"));
    ran.expect(1, &["45009"]);
    sandbox.stopped().await;
}
