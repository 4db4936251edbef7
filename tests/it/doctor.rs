//! `doctor` of the built program: what it finds, what it says to do, and that it changes nothing.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use qunfa::sandbox::{Fault, How, Keep, Rules, Sandbox, SandboxClock};
use qunfa::terms::AccountKind;
use serde_json::Value;

use crate::support::program::{Project, Ran, SECRET, account, line, rules, serve};

const DEMO: &str = "demo: { kind: service, api: sandbox }";
const VIP: &str = "vip: { tag: VIP会员, expect: { at_least: 1, at_most: 9999 } }";
const REAL: &str = "wx1234567890abcdef";

/// The verdict on a check, with its text and its help, of one account.
fn check(ran: &Ran, id: &str) -> (String, String) {
    let json = ran.json("doctor.schema.json");
    let checks = json["checks"].as_array().unwrap();
    let check = checks.iter().find(|check| check["id"] == id).unwrap();
    let text = |name: &str| check[name].as_str().unwrap_or_default().to_owned();
    (text("verdict"), format!("{} / {}", text("text"), text("help")))
}

/// Checks a verdict, and that each text stands in what is said.
#[track_caller]
fn found(ran: &Ran, id: &str, verdict: &str, texts: &[&str]) {
    let (is, said) = check(ran, id);
    assert_eq!(is, verdict, "{id}: {said}");
    for text in texts {
        assert!(said.contains(text), "{id}: no `{text}` in: {said}");
    }
}

#[track_caller]
fn skipped(ran: &Ran, ids: &[&str], needs: &str) {
    for id in ids {
        found(ran, id, "skipped", &[&format!("needs: {needs}")]);
    }
}

#[test]
fn all_is_well_on_the_sandbox_and_nothing_is_written() {
    let project = Project::new(&[DEMO]);
    project.notice("demo", VIP);
    let ran = project.run("doctor").expect(0, &["demo  SANDBOX sandbox-demo  服务号"]);
    insta::assert_snapshot!(ran.out, @r"
    files                                                                                 2 checks: 2 ok

      ok       project       campaigns/qunfa.yaml; looked at: demo
      ok       campaigns     1 without errors

    demo  SANDBOX sandbox-demo  服务号                                       18 checks: 15 ok, 3 skipped

      skipped  secret        an emulated account takes any
      ok       api           emulated in this program; nobody receives anything
      skipped  certificates  plain http, to this machine only
      ok       proxy         none: calls leave from this machine's own address
      ok       address       WeChat answers to it (IP白名单)
      ok       token         obtained
      ok       clock         as WeChat's; up to 120 s are taken
      ok       tags          6 in all
      ok       followers     12480 in all
      ok       sendall       may be called, 100 of 100 times today
      ok       send          may be called, 100 of 100 times today
      ok       targets       1 named by sends, and each is there once
      ok       calls         a tenth of the day or more is left of each
      ok       history       none yet: the first apply begins it
      ok       chain         no records yet
      skipped  writable      there is no history yet
      ok       outcomes      of every send that was begun it is known how it ended
      ok       rights        not used up; sends this month: 0

    20 checks: 17 ok, 3 skipped.
    ");
    assert!(!project.path(".qunfa/history.db").exists(), "a history is begun by apply alone");
    project.run("apply --yes").expect(0, &["sent"]);
    let before = fs::read(project.path(".qunfa/history.db")).unwrap();
    let ran = project.run("doctor demo --format json --json-into 体检.json").expect(0, &[]);
    assert_eq!(ran.json("doctor.schema.json")["healthy"], true);
    found(&ran, "history", "ok", &["history.db"]);
    found(&ran, "chain", "ok", &[" records, unbroken"]);
    found(&ran, "writable", "ok", &[]);
    found(&ran, "rights", "ok", &["sends this month: 1"]);
    assert_eq!(fs::read_to_string(project.path("../体检.json")).unwrap(), ran.out);
    assert_eq!(fs::read(project.path(".qunfa/history.db")).unwrap(), before);
}

#[test]
fn what_cannot_be_meant_is_said() {
    let project = Project::new(&[DEMO]);
    let ran = project.run("doctor demo 别的");
    assert_eq!(ran.out, "");
    ran.expect(64, &["no such account as `别的`; qunfa.yaml has: demo"]);
    project.run("doctor --help").expect(0, &["Example: qunfa doctor shop --format markdown"]);
    let ran = project.run("doctor").expect(0, &["write one: a folder with a campaign.yaml"]);
    assert!(ran.out.contains("warning  campaigns"), "{}", ran.out);
    let ran = project.run("doctor --in 没有 --format json").expect(1, &[]);
    found(&ran, "project", "failed", &["没有"]);
    skipped(&ran, &["campaigns", "accounts"], "qunfa.yaml without errors");
    project.notice("demo", "vip: { tags: VIP会员 }");
    let ran = project.run("doctor --format json").expect(1, &[]);
    found(
        &ran,
        "campaigns",
        "failed",
        &["1 wrong, 0 without errors", "`qunfa validate campaigns`"],
    );
    project.write("qunfa.yaml", "version: 1\naccounts: { demo: { kind: 服务号 } }\n");
    let ran = project.run("doctor --format json").expect(1, &["qunfa.yaml:2:"]);
    found(&ran, "project", "failed", &[]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_is_not_on_the_list_is_told_with_the_way_there() {
    let sandbox = account(REAL, AccountKind::Service).await;
    let project = Project::new(&[&line("shop", "service", REAL, &sandbox)]);
    sandbox.break_next(Fault::next("stable_token", How::WrongAddress));
    let ran = project.run_with("doctor --format json", &[SECRET]).expect(1, &[]);
    let console = "设置与开发 → 开发接口管理 → 基本配置 → IP白名单";
    found(&ran, "address", "failed", &["WeChat saw 127.0.0.1 (40164)", console]);
    skipped(&ran, &["token"], "the address on the allow-list");
    skipped(&ran, &["tags", "followers", "sendall", "targets", "calls"], "a token");
    found(&ran, "clock", "ok", &[]);
    // A real account's history is begun by hand, and nothing is known of its sends before.
    found(&ran, "history", "failed", &["qunfa history new shop"]);
    skipped(&ran, &["outcomes", "rights"], "the account's own history");
    let head = project.run_with("doctor shop", &[SECRET]).out;
    assert!(head.contains("shop  REAL wx1234567890abcdef  服务号"), "{head}");
    let ran = project.run_with("doctor --format json", &[("SHOP_SECRET", "别人的")]);
    found(&ran, "token", "failed", &["40125", "AppSecret"]);
    skipped(&ran, &["address"], "a token, since WeChat judges both together");
    let ran = project.run("doctor --format json").expect(1, &[]);
    found(&ran, "secret", "failed", &["the variable SHOP_SECRET is not set"]);
    skipped(&ran, &["address", "token", "clock", "calls"], "the AppSecret");
    sandbox.stopped().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_right_that_the_account_lacks_is_about_the_account() {
    let sandbox = account("sandbox-shop", AccountKind::Subscription).await;
    let project = Project::new(&[&line("shop", "subscription", "sandbox-shop", &sandbox)]);
    project.notice("shop", VIP);
    for call in ["tags/get", "user/get", "openapi/quota/get"] {
        sandbox.break_next(Fault::next(call, How::ErrCode(48001)));
    }
    let ran = project.run_with("doctor --format json", &[SECRET]).expect(1, &[]);
    for id in ["tags", "followers", "sendall"] {
        found(&ran, id, "failed", &["48001", "已认证"]);
    }
    skipped(&ran, &["targets"], "the account's tags");
    found(&ran, "send", "skipped", &["a 订阅号 sends to no list"]);
    found(&ran, "calls", "ok", &[]);
    sandbox.stopped().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_tag_that_targets_name_is_looked_for() {
    let per_day = [("tags/get".to_owned(), 1), ("user/get".to_owned(), 11)].into();
    let sandbox = serve(Rules { per_day, ..rules("sandbox-shop", AccountKind::Service) }).await;
    let project = Project::new(&[&line("shop", "service", "sandbox-shop", &sandbox)]);
    let gone = "gone: { tag: VIP 会员, expect: { at_least: 1, at_most: 9999 } }";
    let city = "city: { tag: 北京, expect: { at_least: 1, at_most: 9999 } }";
    project.notice("shop", &format!("{VIP}\n{gone}\n{city}"));
    sandbox.set_tag("北京", 207, 3);
    let ran = project.run_with("doctor --format json", &[SECRET]).expect(1, &[]);
    let (missing, twice) = (
        "no tag is named “VIP 会员”, which notice-2026/targets/gone wants",
        "2 tags are named “北京”, which notice-2026/targets/city wants",
    );
    found(&ran, "targets", "failed", &[missing, twice, "`qunfa tags`"]);
    let low = "tags/get (标签) has 0 of 1 left today";
    found(&ran, "calls", "warning", &[low, "midnight in Beijing"]);
    let (_, said) = check(&ran, "calls");
    assert!(!said.contains("user/get"), "10 of 11 are left: {said}");
    sandbox.stopped().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_is_off_stops_a_real_account() {
    let check = async |appid: &str, verdict: &str, texts: &[&str]| {
        let clock = SandboxClock::by_hand("2026-03-01T10:00:00+08:00".parse().unwrap());
        let rules = rules(appid, AccountKind::Service);
        let sandbox = Sandbox::start(rules, Keep::Memory, clock).await.unwrap();
        let project = Project::new(&[&line("shop", "service", appid, &sandbox)]);
        let ran = project.run_with("doctor --format json", &[SECRET]);
        found(&ran, "clock", verdict, texts);
        found(&ran, "tags", "ok", &[]);
        sandbox.stopped().await;
    };
    check(REAL, "failed", &["ahead of WeChat's, and only 120 s are taken", "NTP"]).await;
    check("sandbox-shop", "ok", &["an emulated account's own time is followed"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_send_of_unknown_outcome_is_named() {
    let sandbox = account("sandbox-shop", AccountKind::Subscription).await;
    let project = Project::new(&[&line("shop", "subscription", "sandbox-shop", &sandbox)]);
    project.notice("shop", VIP);
    sandbox.break_next(Fault::next("message/mass/sendall", How::LostAnswer));
    project.run_with("apply --yes --wait 0s", &[SECRET]).expect(5, &[]);
    let ran = project.run_with("doctor --format json", &[SECRET]).expect(0, &[]);
    let texts = ["notice-2026/sends/vip was begun at ", "UNKNOWN: apply can settle it until"];
    found(&ran, "outcomes", "warning", &texts);
    found(&ran, "rights", "warning", &["1 of 1 are used, until "]);
    sandbox.stopped().await;
}

#[test]
fn a_history_is_proved_and_its_lock_is_tried() {
    let project = Project::new(&[DEMO]);
    project.notice("demo", VIP);
    project.run("apply --yes").expect(0, &["sent"]);
    let path = project.path(".qunfa/history.db");
    let mode = |mode| fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
    mode(0o444);
    let ran = project.run("doctor --format json").expect(1, &[]);
    found(&ran, "writable", "failed", &["history.db"]);
    found(&ran, "chain", "ok", &[]);
    mode(0o644);
    let raw = rusqlite::Connection::open(&path).unwrap();
    raw.execute_batch("DROP TRIGGER log_is_never_deleted; DELETE FROM log WHERE seq = 3").unwrap();
    drop(raw);
    let ran = project.run("doctor --format json").expect(1, &[]);
    found(&ran, "history", "failed", &["damaged at record 4"]);
    found(&ran, "chain", "failed", &["BROKEN: record 3 should come next"]);
    skipped(&ran, &["outcomes", "rights"], "the account's own history");
    found(&ran, "token", "ok", &[]);
    fs::write(&path, "不是历史").unwrap();
    let ran = project.run("doctor --format json").expect(1, &[]);
    found(&ran, "history", "failed", &["is not a history of qunfa"]);
    skipped(&ran, &["chain", "writable", "outcomes", "rights"], "a history that can be read");
}

#[test]
fn what_a_real_account_needs_of_its_surroundings_is_told_without_calling_it() {
    let real = format!("shop: {{ kind: service, appid: {REAL}, secret: {{ env: SHOP_SECRET }} }}");
    let project = Project::new(&[&real]);
    let none = [("SSL_CERT_FILE", "/没有"), ("SSL_CERT_DIR", "/没有"), ("CI", "1")];
    let proxy = [("HTTPS_PROXY", "http://me:PLANTED-PASSWORD@127.0.0.1:1")];
    let ran = project.run_with("doctor --format json", &[&none[..], &proxy[..]].concat());
    found(&ran, "certificates", "failed", &["ca-certificates", "SSL_CERT_FILE"]);
    found(&ran, "proxy", "warning", &["HTTPS_PROXY in the environment is not used"]);
    found(&ran, "writable", "failed", &["QUNFA_HISTORY_PERSISTS=1"]);
    skipped(&ran, &["token"], "an API that can be reached");
    assert!(!ran.out.contains("PLANTED"), "{}", ran.out);
    let elsewhere = real.replace("kind: service,", "kind: service, api: \"https://evil.example\",");
    let ran = Project::new(&[&elsewhere]).run_with("doctor --format json", &[SECRET]);
    found(&ran, "api", "failed", &["evil.example is not a host of WeChat's"]);
    skipped(&ran, &["certificates"], "an API that may be called");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_secret_is_ever_printed() {
    let sandbox = account(REAL, AccountKind::Service).await;
    let api = sandbox.base_url();
    let account = |name: &str, appid: &str, secret: &str, more: &str| {
        format!(
            "{name}: {{ kind: service, appid: {appid}, api: \"{api}\", secret: {secret}{more} }}"
        )
    };
    let env = "{ env: SHOP_SECRET }";
    let accounts = [
        account("shop", REAL, env, ""),
        account("filed", "wx1234567890abcde1", "{ file: 秘密.txt }", ""),
        account("told", "wx1234567890abcde2", "{ command: [ echo, PLANTED-COMMAND ] }", ""),
        account("bad", "wx1234567890abcde3", env, ", proxy: { env: BAD_PROXY }"),
        account("closed", "wx1234567890abcde4", env, ", proxy: { env: CLOSED_PROXY }"),
        account("gone", "wx1234567890abcde5", env, ", proxy: { env: NO_PROXY_THERE }"),
    ];
    let project = Project::new(&accounts.each_ref().map(String::as_str));
    project.write("秘密.txt", "PLANTED-FILE\n");
    let variables = [
        SECRET,
        ("BAD_PROXY", "http://me:PLANTED-BAD@:::"),
        ("CLOSED_PROXY", "http://me:PLANTED-CLOSED@127.0.0.1:1"),
        ("ALL_PROXY", "http://me:PLANTED-UNUSED@127.0.0.1:1"),
    ];
    let mut all = String::new();
    for format in ["human", "json", "markdown"] {
        for more in ["", " --allow-commands --log debug --json-into out.json"] {
            sandbox.break_next(Fault::next("tags/get", How::HtmlOk));
            let ran = project.run_with(&format!("doctor --format {format}{more}"), &variables);
            assert_eq!(ran.code, Some(1));
            all.push_str(&ran.out);
            all.push_str(&ran.err);
        }
    }
    all.push_str(&fs::read_to_string(project.path("../out.json")).unwrap());
    for said in
        ["from the variable CLOSED_PROXY", "from the file 秘密.txt", "from the command echo"]
    {
        assert!(all.contains(said), "no `{said}` in {all}");
    }
    assert!(all.contains("the proxy is not an address"), "{all}");
    assert!(all.contains("the variable NO_PROXY_THERE is not set"), "{all}");
    assert!(!all.contains("PLANTED"), "{all}");
    for token in all.split(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '-') {
        assert!(!token.starts_with("98_"), "a token: {token}");
    }
    let json: Value =
        serde_json::from_str(&fs::read_to_string(project.path("../out.json")).unwrap()).unwrap();
    assert_eq!(json["accounts"].as_array().unwrap().len(), 6);
    sandbox.stopped().await;
}
