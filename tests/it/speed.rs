//! `speed` of the built program: looking at it, and changing it for the whole account.

use qunfa::sandbox::{Fault, How};
use qunfa::terms::AccountKind;

use crate::support::program::{Project, SECRET, account, line};

const DEMO: &str = "demo: { kind: service, api: sandbox }";
const DAILY: &str = "daily: { kind: subscription, api: sandbox }";

#[test]
fn the_speed_is_shown_and_changed() {
    let project = Project::new(&[DEMO, DAILY]);
    let ran = project.run("speed demo --set 3 --yes").expect(0, &[]);
    insta::assert_snapshot!(ran.out, @r"
    demo  SANDBOX sandbox-demo  服务号                                         speed changed from 0 to 3

      speed  followers a minute    群发速度
          0             800,000  80 万/分钟
          1             600,000  60 万/分钟
          2             450,000  45 万/分钟
          3             300,000  30 万/分钟  now
          4             100,000  10 万/分钟

    `qunfa speed ACCOUNT --set N` changes it, for all mass sends of the account.
    ");
    let json = project.run("speed --format json").expect(0, &[]).json("speed.schema.json");
    assert_eq!(json["speeds"][0]["speed"], 3);
    assert_eq!(json["speeds"][1]["speed"], 0, "another account has its own");
    let again = project.run("speed demo --set 3 --yes --format json").json("speed.schema.json");
    assert!(again["speeds"][0]["before"].is_null(), "nothing is set that is so already: {again}");
    assert!(!project.path(".qunfa/history.db").exists(), "it records nothing");
}

#[test]
fn a_change_is_agreed_to_by_a_person_or_not_made() {
    let project = Project::new(&[DEMO]);
    let ran = project.run("speed demo --set 4");
    assert_eq!(ran.out, "");
    ran.expect(64, &["nobody can be asked here: say --yes"]);
    assert!(!project.path(".qunfa").exists(), "nobody was asked for anything");
    project.run("speed --format markdown").expect(0, &["| **0** | **800,000** |"]);
}

#[test]
fn what_cannot_be_meant_is_refused_before_anything_is_called() {
    let project = Project::new(&[DEMO]);
    project.run("speed demo --set 5 --yes").expect(64, &["5 is not in 0..=4"]);
    project.run("speed demo --set 快 --yes").expect(64, &["invalid value '快'"]);
    project.run("speed --set 1 --yes").expect(64, &["<ACCOUNT>"]);
    project.run("speed demo --yes").expect(64, &["--set <N>"]);
    project.run("speed 别的 --set 1 --yes").expect(64, &["no such account as `别的`"]);
    assert!(!project.path(".qunfa").exists());
    project.run("speed --help").expect(0, &["Example: qunfa speed shop --set 3"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_administrators_word_may_be_awaited() {
    let sandbox = account("wx1234567890abcdef", AccountKind::Service).await;
    let line = line("shop", "service", "wx1234567890abcdef", &sandbox);
    let project = Project::new(&[&line]);
    for code in [89504, 89505] {
        sandbox.break_next(Fault::next("message/mass/speed/set", How::ErrCode(code)));
        let ran = project.run_with("speed shop --set 2 --yes", &[SECRET]);
        ran.expect(4, &["waits for an administrator", &code.to_string()]);
    }
    sandbox.break_next(Fault::next("message/mass/speed/get", How::ErrCode(48001)));
    project.run_with("speed", &[SECRET]).expect(1, &["48001"]);
    let ran = project.run_with("speed", &[SECRET]).expect(0, &["REAL wx1234567890abcdef"]);
    assert!(ran.out.contains("      0             800,000  80 万/分钟  now"), "{}", ran.out);
    sandbox.stopped().await;
}
