//! `qunfa.yaml`.

use super::*;
use crate::campaign::{Api, Source, parse_project};
use crate::diagnostic::{Line, SourceFile};

fn check_project_file(project: &str, expected: &str) -> Vec<Diagnostic> {
    let (_, problems) = parse_project(&SourceFile::new("qunfa.yaml", project));
    compare(&problems, expected);
    problems
}

fn check_account(account: &str, expected: &str) -> Vec<Diagnostic> {
    check_project_file(
        &format!("version: 1\naccounts:\n  shop: {{ kind: service, {account} }}\n"),
        expected,
    )
}

#[test]
fn a_project_without_a_fault() {
    let text = "\
version: 1
accounts:
  demo: { kind: service, api: sandbox }
  shop:
    kind: subscription
    appid: wx1234567890abcdef
    secret: { command: [pass, show, wechat/shop] }
    proxy: { env: WECHAT_PROXY }
    reviewers: [ { wxname: editor-in-chief } ]
    approvers: [ zhang.san, 李四 ]
    policy: { approvals: { everyone: 1, large: 2 }, large: 50000, max_recipients: 2500000, max_window: 7d }
    vars: { brand: 北风 }
    mini_programs: { mall: { appid: wx0123456789abcdef, path: p, image: logo } }
    targets: { recall: { openids: shared/recall.txt } }
    media: { logo: { image: /shared/logo.jpg } }
    campaigns: [ campaigns/shop/ ]
history: { store: sqlite:history.db, id: \"7f3c0000000000000000000000000000\" }
shared: [ shared ]
";
    let (project, problems) = parse_project(&SourceFile::new("qunfa.yaml", text));
    compare(&problems, "");
    let project = project.unwrap();
    assert_eq!(project.history.sqlite, "history.db");
    let [demo, shop] = &project.accounts[..] else { panic!("two accounts") };
    assert_eq!((&demo.api, demo.appid.as_str()), (&Api::Sandbox, "sandbox-demo"));
    assert!(matches!(&shop.api, Api::Url(url) if url.value == "https://api.weixin.qq.com"));
    assert!(
        matches!(&shop.secret.as_ref().unwrap().value, Source::Command(words) if words.len() == 3)
    );
    assert_eq!(shop.policy.approvals_large, 2);
    assert_eq!(shop.policy.max_window_s, Some(604_800));
    assert_eq!(shop.mini_programs[0].image.as_ref().unwrap().value, "/shared/logo.jpg");
    assert_eq!(shop.campaigns.as_ref().unwrap()[0].value, "campaigns/shop");
}

#[test]
fn the_accounts_things_are_the_campaigns_too() {
    let project = PROJECT.replace(
        "  demo: { kind: service, api: sandbox }",
        "  demo: { kind: service, api: sandbox, targets: { vip: { tag: 账号 }, all: { everyone: true } }, media: { logo: { image: shared/logo.jpg } } }",
    );
    let campaign = format!(
        "{HEAD}articles: {{ launch: {{ title: 春季, cover: logo, body: launch.md }} }}\n\
         targets: {{ vip: {{ tag: 活动 }} }}\nsends: {{ first: {{ news: [launch], to: all, {WINDOW} }} }}\n"
    );
    let (campaign, problems) = problems_of(&bundle_of(&project, &campaign, &[]));
    compare(&problems, "");
    let targets = campaign.unwrap().targets;
    let names: Vec<&str> = targets.iter().map(|target| target.name.as_str()).collect();
    assert_eq!(names, ["vip", "all"]);
    assert!(targets[0].audience.place.file().path.ends_with("campaign.yaml"));
}

#[test]
fn a_secret_in_the_file_is_refused_and_never_shown() {
    let secret = "0123456789abcdef0123456789abcdef";
    let appid = "appid: wx1234567890abcdef";
    let files = [
        format!("{appid}, secret: 不可告人"),
        format!("{appid}, secret: {secret}"),
        format!("{appid}, secret: 0123"),
        format!("{appid}, secret: [{secret}]"),
        format!("{appid}, secret: {{ value: 不可告人 }}"),
        format!("{appid}, secret: {{ env: 不可告人, file: 不可告人 }}"),
        format!("{appid}, secret: {{ env: 不可告人 }}"),
        format!("{appid}, secret: {{ env: {} }}", secret.replace('0', "a")),
        format!("{appid}, sercet: 不可告人"),
        format!("{appid}, code: {secret}"),
        format!("{appid}, secret: {secret}, secret: 不可告人"),
        format!("{appid}, secret: \"不可告人"),
    ];
    for account in files {
        let text = format!("version: 1\naccounts:\n  shop: {{ kind: service, {account} }}\n");
        let (_, problems) = parse_project(&SourceFile::new("qunfa.yaml", &*text));
        assert!(problems.iter().any(Diagnostic::is_error), "{text}");
        for problem in &problems {
            assert_eq!(problem.line, Line::Hidden, "{} in {text}", problem.message);
        }
        for problem in &problems {
            let said = format!("{} {:?}", problem.message, problem.help);
            assert!(
                !said.contains("不可告人") && !said.contains("abcdef0123456789abcdef"),
                "{said}"
            );
        }
    }
    check_account(
        &format!("{appid}, secret: 不可告人"),
        "Q0311 3 [secret] `secret` is written into the file itself",
    );
}

#[test]
fn a_secret_below_a_misspelt_key_is_not_shown_either() {
    let text =
        "version: 1\naccounts:\n  shop:\n    kind: service\n    secret:\n      valeu: 不可告人\n";
    let (_, problems) = parse_project(&SourceFile::new("qunfa.yaml", text));
    let on_it =
        |problem: &&Diagnostic| problem.place().is_some_and(|place| place.line_column().0 >= 5);
    assert!(problems.iter().filter(on_it).count() >= 2);
    assert!(problems.iter().filter(on_it).all(|problem| problem.line == Line::Hidden));
}

#[test]
fn an_account_is_real_or_emulated_and_says_so() {
    check_account("api: sandbox", "");
    check_account("api: sandbox, appid: sandbox-other", "");
    check_account(
        "api: sandbox, appid: wx1234567890abcdef",
        "Q0310 3 [wx1234567890abcdef] `wx1234567890abcdef` is no appid for this API",
    );
    let secret = "secret: { env: S }";
    check_account(&format!("appid: wx1234567890abcdef, {secret}"), "");
    check_account(
        &format!("appid: sandbox-shop, {secret}"),
        "Q0310 3 [sandbox-shop] `sandbox-shop` is no appid for this API",
    );
    check_account(&format!("appid: wx1234567890ABCDEF, {secret}"), "Q0310 3 [wx1234567890ABCDEF]");
    check_account(
        "appid: wx1234567890abcdef",
        "Q0313 3 [shop] an account on a real API needs `secret`",
    );
    check_account(
        "approvers: []",
        "Q0313 3 [shop] an account on a real API needs `appid`\nQ0313 3 [shop] an account on a real API needs `secret`",
    );
    check_account("api: \"http://127.0.0.1:8787\", appid: sandbox-shop", "");
    check_account(&format!("api: \"http://[::1]:8787\", appid: wx1234567890abcdef, {secret}"), "");
}

#[test]
fn an_api_is_reached_safely() {
    let api = |api: &str, expected: &str| {
        check_account(
            &format!("appid: wx1234567890abcdef, secret: {{ env: S }}, api: {api}"),
            expected,
        );
    };
    api("https://sh.api.weixin.qq.com", "");
    api(
        "http://api.weixin.qq.com",
        "Q0312 3 [http://api.weixin.qq.com] `http://api.weixin.qq.com` cannot be the address of an API: http is for loopback",
    );
    api("http://127.0.0.1.evil.example", "Q0312 3 [http://127.0.0.1.evil.example]");
    api("ftp://api.weixin.qq.com", "Q0312 3 [ftp://api.weixin.qq.com] ");
    api(
        "https://user:pass@api.weixin.qq.com",
        "Q0312 3 [api] the address of an API holds credentials",
    );
    api("沙盒", "Q0312 3 [沙盒] `沙盒` cannot be the address of an API: it is not a URL");
}

#[test]
fn the_rest_of_a_project() {
    check_project_file("version: 1\n", "Q0213 1 [version: 1] qunfa.yaml needs the key `accounts`");
    check_project_file(
        "accounts: {}\n",
        "Q0216 1 [accounts: {}] the version of the language is missing",
    );
    check_project_file(
        "version: \"1\"\naccounts: {}\nmoved: []\n",
        "Q0212 3 [moved] this version does not know `moved` yet",
    );
    check_project_file(
        "version: 1\naccounts: {}\nshared: [ ../shared ]\n",
        "Q0401 3 [../shared] the path `../shared` leaves its folder",
    );
    let history = |history: &str, expected: &str| {
        check_project_file(&format!("version: 1\naccounts: {{}}\nhistory: {history}\n"), expected);
    };
    history(
        "{ store: history.db }",
        "Q0317 3 [history.db] `history.db` is no place for the history",
    );
    history(
        "{ store: s3://bucket/前缀 }",
        "Q0212 3 [s3://bucket/前缀] this version does not know a history in an object store yet",
    );
    history(
        "{ store: { postgres: { env: A } } }",
        "Q0212 3 [{ postgres: { env: A } }] this version does not know a history in PostgreSQL yet",
    );
    history("{ id: abc }", "Q0316 3 [abc] `abc` is not a history id");
    check_account(
        "api: sandbox, callback: {}",
        "Q0212 3 [callback] this version does not know `callback` yet",
    );
    check_account(
        "api: sandbox, policy: { max_window: 一周 }",
        "Q0304 3 [一周] `max_window` is a duration, and `一周` is not one",
    );
    check_account(
        "api: sandbox, policy: { approvals: { large: 1 } }",
        "Q0213 3 [approvals] approvals for large sends, and nothing says what is large",
    );
    check_account("api: sandbox, vars: { row: 1 }", "Q0221 3 [row] the variable `row` would hide");
    check_account("api: sandbox, kind: 服务号", "Q0104 3 [kind] `kind` is written twice");
    check_project_file(
        "version: 1\naccounts:\n  a: { kind: service, api: sandbox, appid: sandbox-x }\n  b: { kind: 服务号, api: sandbox, appid: sandbox-x }\n",
        "Q0218 4 [b] `a` and `b` are the same account, sandbox-x\nQ0305 4 [服务号] `kind` cannot be `服务号` | write one of `service`, `subscription`",
    );
}
