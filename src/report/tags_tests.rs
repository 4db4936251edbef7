//! The tags of accounts, as a person, a comment and a program see them.

use super::*;
use crate::report::Color;
use crate::report::fixtures::{demo, shop, style};
use crate::terms::TagId;

fn tag(id: u32, name: &str, count: u64) -> SeenTag {
    SeenTag { name: name.to_owned(), id: TagId::new(id).unwrap(), count }
}

/// A name that two tags have, a name that none has, a tag of two targets, an account without tags.
fn accounts() -> [AccountTags; 2] {
    let wanted = [
        ("VIP会员", vec!["recall/targets/老客", "spring-2026/targets/vip"]),
        ("VIP 会员", vec!["notice-2026/targets/members"]),
        ("北京", vec!["spring-2026/targets/city"]),
    ];
    let set = |targets: Vec<&str>| targets.into_iter().map(str::to_owned).collect();
    let wanted = wanted.map(|(name, targets)| (name.to_owned(), set(targets)));
    let tags = vec![
        tag(2, "星标组", 0),
        tag(100, "VIP会员", 3_210),
        tag(101, "北京", 12_480),
        tag(107, "北京", 3),
    ];
    let account = PlannedAccount { followers: None, ..demo() };
    let demo = AccountTags { account, tags, wanted: wanted.into() };
    [demo, AccountTags { account: shop(), tags: Vec::new(), wanted: BTreeMap::new() }]
}

fn shown_in(accounts: &[AccountTags], format: Format, style: &Style) -> String {
    let mut out = Vec::new();
    tags(accounts, format, style, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn shown(format: Format) -> String {
    shown_in(&accounts(), format, &style())
}

#[test]
fn a_person_sees_who_wants_which_tag() {
    insta::assert_snapshot!(shown(Format::Human), @r"
    demo  SANDBOX sandbox-demo  服务号                                        4 tags

       id  name      followers  targets
        2  星标组            0
      100  VIP会员       3,210  recall/targets/老客, spring-2026/targets/vip
      101  北京         12,480  AMBIGUOUS: 2 tags have this name;
                                spring-2026/targets/city
      107  北京              3  AMBIGUOUS: 2 tags have this name;
                                spring-2026/targets/city
        –  VIP 会员          –  NO SUCH TAG; notice-2026/targets/members

    shop  REAL wx1234567890abcdef  订阅号                                     0 tags

    4 tags: 3 named by targets, 2 share a name, 1 more missing.
    ");
}

#[test]
fn a_comment_has_a_table() {
    insta::assert_snapshot!(shown(Format::Markdown), @r"
    ### demo · SANDBOX `sandbox-demo` · 服务号 · 4 tags

    | id | name | followers | targets |
    | --- | --- | --- | --- |
    | 2 | 星标组 | 0 |  |
    | 100 | VIP会员 | 3,210 | `recall/targets/老客`<br>`spring-2026/targets/vip` |
    | 101 | 北京 | 12,480 | ⚠️ **AMBIGUOUS: 2 tags have this name**<br>`spring-2026/targets/city` |
    | 107 | 北京 | 3 | ⚠️ **AMBIGUOUS: 2 tags have this name**<br>`spring-2026/targets/city` |
    | – | VIP 会员 | – | ⚠️ **NO SUCH TAG**<br>`notice-2026/targets/members` |

    ### shop · REAL `wx1234567890abcdef` · 订阅号 · 0 tags

    **4 tags: 3 named by targets, 2 share a name, 1 more missing.**
    ");
}

#[test]
fn a_program_reads_the_same() {
    insta::assert_snapshot!(shown(Format::Json), @r#"
    {
      "format_version": 1,
      "accounts": [
        {
          "name": "demo",
          "appid": "sandbox-demo",
          "sandbox": true,
          "kind": "service"
        },
        {
          "name": "shop",
          "appid": "wx1234567890abcdef",
          "sandbox": false,
          "kind": "subscription"
        }
      ],
      "tags": [
        {
          "account": "sandbox-demo",
          "id": 2,
          "name": "星标组",
          "followers": 0,
          "ambiguous": false,
          "targets": []
        },
        {
          "account": "sandbox-demo",
          "id": 100,
          "name": "VIP会员",
          "followers": 3210,
          "ambiguous": false,
          "targets": [
            "recall/targets/老客",
            "spring-2026/targets/vip"
          ]
        },
        {
          "account": "sandbox-demo",
          "id": 101,
          "name": "北京",
          "followers": 12480,
          "ambiguous": true,
          "targets": [
            "spring-2026/targets/city"
          ]
        },
        {
          "account": "sandbox-demo",
          "id": 107,
          "name": "北京",
          "followers": 3,
          "ambiguous": true,
          "targets": [
            "spring-2026/targets/city"
          ]
        }
      ],
      "missing": [
        {
          "account": "sandbox-demo",
          "name": "VIP 会员",
          "targets": [
            "notice-2026/targets/members"
          ]
        }
      ]
    }
    "#);
}

#[test]
fn what_would_block_a_send_is_said_in_sentences() {
    insta::assert_snapshot!(tag_warnings(&accounts()).join("\n"), @r"
    demo has 2 tags named “北京”: id 101, id 107; a send to this name is blocked
    demo has no tag “VIP 会员”, which notice-2026/targets/members names
    ");
}

#[test]
fn a_long_name_stands_alone_and_foreign_text_moves_nothing() {
    let long = "二〇二六年春季上新活动已购买两次以上的老客户\u{1b}[2J";
    let [mut known, _] = accounts();
    known.tags = vec![tag(110, long, 7), tag(111, "上海", 8)];
    known.wanted = BTreeMap::new();
    insta::assert_snapshot!(shown_in(&[known], Format::Human, &style()), @r"
    demo  SANDBOX sandbox-demo  服务号                                        2 tags

       id  name  followers  targets
      110  二〇二六年春季上新活动已购买两次以上的老客户\u{1b}[2J
                         7
      111  上海          8

    2 tags, none named by a target.
    ");
    let colours = Style { color: Color::Ansi, ..style() };
    let painted = shown_in(&accounts(), Format::Human, &colours);
    assert_eq!(console::strip_ansi_codes(&painted), shown(Format::Human));
}
