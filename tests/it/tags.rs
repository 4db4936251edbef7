//! `tags` of the built program: what the account has beside what the files name.

use std::fs;
use std::path::Path;
use std::process::Command;

const PROJECT: &str = "version: 1\naccounts:\n  demo: { kind: service, api: sandbox }\n  other: \
                       { kind: subscription, api: sandbox }\n";
const RECALL: &str = "\
version: 1
campaign: recall
edition: 2026-3
account: demo
vars: { tier: VIP }
targets:
  members: { tag: \"{{ tier }}会员\", expect: EXPECT }
  again: { tag: VIP会员, expect: EXPECT }
  gone: { tag: VIP 会员, expect: EXPECT }
  city: { tag: 北京, expect: EXPECT }
sends:
  one: { text: 一, to: members, window: WINDOW }
  two: { text: 二, to: again, window: WINDOW }
  three: { text: 三, to: gone, window: WINDOW }
  four: { text: 四, to: city, window: WINDOW }
";
const EXPECT: &str = "{ at_least: 1, at_most: 20000 }";
const WINDOW: &str = "{ from: 2026-01-01T09:00:00+08:00, until: 2099-12-31T21:00:00+08:00 }";

/// A project with one campaign, and nothing done yet.
fn project() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir_all(folder.path().join("campaigns/recall")).unwrap();
    fs::write(folder.path().join("campaigns/qunfa.yaml"), PROJECT).unwrap();
    let campaign = folder.path().join("campaigns/recall/campaign.yaml");
    fs::write(campaign, RECALL.replace("WINDOW", WINDOW).replace("EXPECT", EXPECT)).unwrap();
    folder
}

/// The exit code, stdout and stderr.
fn run(folder: &Path, args: &str) -> (Option<i32>, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_qunfa"));
    command.args(args.split_whitespace()).current_dir(folder).env_clear();
    let output = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

#[test]
fn the_tags_stand_beside_the_targets_that_name_them() {
    let folder = project();
    let (code, out, err) = run(folder.path(), "tags");
    assert_eq!(code, Some(0), "{err}");
    insta::assert_snapshot!(out, @r"
    demo  SANDBOX sandbox-demo  服务号                                                            6 tags

       id  name      followers  targets
        2  星标组            0
      100  VIP会员       3,210  recall@2026-3/targets/again, recall@2026-3/targets/members
      101  北京          1,024  recall@2026-3/targets/city
      102  新关注           58
      103  已购春季        256
      104  上海          2,048
        –  VIP 会员          –  NO SUCH TAG; recall@2026-3/targets/gone

    6 tags: 2 named by targets, 1 more missing.
    ");
    insta::assert_snapshot!(err, @r"warning: demo has no tag “VIP 会员”, which recall@2026-3/targets/gone names");
    let history = folder.path().join("campaigns/.qunfa/history.db");
    assert!(!history.exists(), "it records nothing");
}

#[test]
fn a_name_that_two_tags_have_is_told_before_it_blocks_a_send() {
    let folder = project();
    run(folder.path(), "tags");
    // Somebody renames a tag in the console.
    let state = folder.path().join("campaigns/.qunfa/sandbox.db");
    let state = rusqlite::Connection::open(state).unwrap();
    let rename = "UPDATE account SET state = replace(state, '上海', '北京')";
    assert_eq!(state.execute(rename, []).unwrap(), 1);
    let (code, out, err) = run(folder.path(), "tags --format json");
    assert_eq!(code, Some(0), "{err}");
    assert!(err.contains("warning: demo has 2 tags named “北京”: id "), "{err}");
    assert!(out.starts_with("{\n  \"format_version\": 1,"), "{out}");
    let json: serde_json::Value = serde_json::from_str(&out).unwrap();
    let tags = json["tags"].as_array().unwrap().iter();
    let ambiguous: Vec<_> = tags.filter(|tag| tag["ambiguous"] == true).collect();
    assert_eq!(ambiguous.len(), 2);
    for tag in ambiguous {
        assert_eq!(tag["name"], "北京");
        assert_eq!(tag["targets"][0], "recall@2026-3/targets/city");
    }
    let (_, plan, _) = run(folder.path(), "plan");
    assert!(plan.contains("2 tags named “北京”"), "the plan is blocked by it: {plan}");
}

#[test]
fn an_account_is_picked_by_its_name() {
    let folder = project();
    let (code, out, _) =
        run(folder.path(), "tags campaigns/recall --account other --format markdown");
    assert_eq!(code, Some(0));
    assert!(out.starts_with("### other · SANDBOX `sandbox-other` · 订阅号 · 6 tags\n"), "{out}");
    assert!(out.ends_with("**6 tags, none named by a target.**\n"), "{out}");
    let (code, out, err) = run(folder.path(), "tags --account 别的");
    assert_eq!((code, out.as_str()), (Some(64), ""));
    assert!(
        err.contains("there is no such account as `别的`; qunfa.yaml has: demo, other"),
        "{err}"
    );
}

#[test]
fn an_account_that_cannot_be_asked_is_1() {
    let folder = project();
    let real =
        "  demo: { kind: service, appid: wx1234567890abcdef, secret: { env: SHOP_SECRET } }\n";
    fs::write(folder.path().join("campaigns/qunfa.yaml"), format!("version: 1\naccounts:\n{real}"))
        .unwrap();
    let (code, out, err) = run(folder.path(), "tags");
    assert_eq!((code, out.as_str()), (Some(1), ""), "{err}");
    assert!(err.contains("the variable SHOP_SECRET is not set"), "{err}");
}
