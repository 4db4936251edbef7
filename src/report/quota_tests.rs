//! The quotas of accounts, as a person, a comment and a program see them.

use super::*;
use crate::history::Ledger;
use crate::plan::Audience;
use crate::report::Color;
use crate::report::fixtures::{at, demo, shop, style};
use crate::terms::TagId;

fn counted(used: u64, limit: u64) -> CallTold {
    let left = limit.saturating_sub(used);
    CallTold::Counted { used, limit, left, rate: Some((60, 60)) }
}

/// A 服务号 that sent thrice and has few calls left, and a 订阅号 that has sent today.
fn accounts() -> [AccountQuota; 2] {
    let now = style().now;
    let mut service = Usage::of(&Ledger::new(), demo().kind, now);
    service.add(&Audience::Everyone { count: Some(12_480) });
    let vip = Audience::Tag { name: "VIP会员".to_owned(), seen: None };
    service.add(&vip);
    let seen = Some((TagId::new(101).unwrap(), 12_480));
    service.add(&Audience::Tag { name: "北京".to_owned(), seen });
    let mut subscription = Usage::of(&Ledger::new(), shop().kind, now);
    subscription.add(&vip);
    let call = |path, title, told| CallUse { path, title, told };
    let calls = vec![
        call("message/mass/sendall", "群发", counted(3, 100)),
        call("message/mass/send", "按列表群发", CallTold::NoRight { code: 76022 }),
        call("message/mass/delete", "删除群发", counted(10, 10)),
        call("draft/add", "新建草稿", counted(901, 1_000)),
        call("media/uploadnews", "图文素材", CallTold::UnknownPath),
        call("user/get", "关注者", counted(1, 500_000)),
    ];
    [
        AccountQuota { account: demo(), usage: Ok(service), calls: Some(calls) },
        AccountQuota { account: shop(), usage: Ok(subscription), calls: None },
    ]
}

fn shown_in(accounts: &[AccountQuota], format: Format, style: &Style) -> String {
    let mut out = Vec::new();
    quota(accounts, format, style, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn shown(format: Format) -> String {
    shown_in(&accounts(), format, &style())
}

#[test]
fn a_person_sees_numbers_under_numbers() {
    insta::assert_snapshot!(shown(Format::Human), @r"
    demo  SANDBOX sandbox-demo  服务号  12,480 followers          3 sends this month

      sends in the history  today  this month
      to everyone               1           1
      to a tag or a list        2           2

      right to send (群发次数)          used  limit  left
      calls for mass sends today           3    100    97
      sends to everyone this month         1      4     3
      sends to one follower this month   ≥ 1      4   ≤ 3  only WeChat counts what
                                                           one follower got
      mass send calls a minute             –     60     –

      API calls today       (接口调用额度)  used    limit     left
      message/mass/sendall  群发               3      100       97
      message/mass/send     按列表群发         –        –        –  no right to call
                                                                    it (76022)
      message/mass/delete   删除群发          10       10        0  LOW
      draft/add             新建草稿         901    1,000       99  LOW
      media/uploadnews      图文素材           –        –        –  no such path
                                                                    (76021)
      user/get              关注者             1  500,000  499,999

    shop  REAL wx1234567890abcdef  订阅号                          1 send this month

      sends in the history  today  this month
      to everyone               0           0
      to a tag or a list        1           1

      right to send (群发次数)  used  limit  left
      sends of a 订阅号 today      1      1     0  back at 2026-03-02 00:00 +08:00
      mass send calls a minute     –     60     –

    The quota of API calls is not the right to send: a send can be refused with
    45028 while there are calls left. No call tells how many sends are; those made
    in the console (mp.weixin.qq.com) count too, and no history has them.
    ");
}

#[test]
fn a_comment_has_tables() {
    insta::assert_snapshot!(shown(Format::Markdown), @r"
    ### demo · SANDBOX `sandbox-demo` · 服务号 · 12,480 followers · 3 sends this month

    | sends in the history | today | this month |
    | --- | --- | --- |
    | to everyone | 1 | 1 |
    | to a tag or a list | 2 | 2 |

    | right to send (群发次数) | used | limit | left |  |
    | --- | --- | --- | --- | --- |
    | calls for mass sends today | 3 | 100 | 97 |  |
    | sends to everyone this month | 1 | 4 | 3 |  |
    | sends to one follower this month | ≥ 1 | 4 | ≤ 3 | only WeChat counts what one follower got |
    | mass send calls a minute | – | 60 | – |  |

    | API call today | 接口 | used | limit | left |  |
    | --- | --- | --- | --- | --- | --- |
    | `message/mass/sendall` | 群发 | 3 | 100 | 97 |  |
    | `message/mass/send` | 按列表群发 | – | – | – | no right to call it (76022) |
    | `message/mass/delete` | 删除群发 | 10 | 10 | 0 | LOW |
    | `draft/add` | 新建草稿 | 901 | 1,000 | 99 | LOW |
    | `media/uploadnews` | 图文素材 | – | – | – | no such path (76021) |
    | `user/get` | 关注者 | 1 | 500,000 | 499,999 |  |

    ### shop · REAL `wx1234567890abcdef` · 订阅号 · 1 send this month

    | sends in the history | today | this month |
    | --- | --- | --- |
    | to everyone | 0 | 0 |
    | to a tag or a list | 1 | 1 |

    | right to send (群发次数) | used | limit | left |  |
    | --- | --- | --- | --- | --- |
    | sends of a 订阅号 today | 1 | 1 | 0 | back at 2026-03-02 00:00 +08:00 |
    | mass send calls a minute | – | 60 | – |  |

    **The quota of API calls is not the right to send: a send can be refused with 45028 while there are calls left. No call tells how many sends are; those made in the console (mp.weixin.qq.com) count too, and no history has them.**
    ");
}

#[test]
fn a_program_reads_the_same_by_the_schema() {
    let text = shown(Format::Json);
    let json: serde_json::Value = serde_json::from_str(&text).unwrap();
    insta::assert_json_snapshot!(json["rights"], @r#"
    [
      {
        "account": "sandbox-demo",
        "quota": "service_day",
        "used": 3,
        "limit": 100,
        "left": 97,
        "back": "2026-03-02T00:00:00+08:00"
      },
      {
        "account": "sandbox-demo",
        "quota": "everyone_month",
        "used": 1,
        "limit": 4,
        "left": 3,
        "back": "2026-04-01T00:00:00+08:00"
      },
      {
        "account": "sandbox-demo",
        "quota": "follower_month",
        "used": 1,
        "limit": 4,
        "left": 3,
        "back": "2026-04-01T00:00:00+08:00"
      },
      {
        "account": "wx1234567890abcdef",
        "quota": "subscription_day",
        "used": 1,
        "limit": 1,
        "left": 0,
        "back": "2026-03-02T00:00:00+08:00"
      }
    ]
    "#);
    insta::assert_json_snapshot!(json["calls"][1], @r#"
    {
      "account": "sandbox-demo",
      "path": "message/mass/send",
      "told": "no_right",
      "used": null,
      "limit": null,
      "left": null,
      "rate": null,
      "errcode": 76022
    }
    "#);
    assert_eq!(json["sends"][0]["this_month"]["chosen"], 2);
    assert_eq!(json["calls"][3]["left"], 99);
    let validator = jsonschema::draft202012::new(&quota_schema()).unwrap();
    let problems: Vec<String> = validator.iter_errors(&json).map(|e| e.to_string()).collect();
    assert_eq!(problems, [""; 0]);
}

#[test]
fn wide_text_moves_no_column() {
    for width in [60, 80, 120] {
        let text = shown_in(&accounts(), Format::Human, &Style { width, ..style() });
        let ends = |line: &str| {
            line.find(" 100 ").or(line.find(" 1,000 ")).map(|at| {
                let number = &line[at + 1..];
                super::super::layout::width(&line[..at + 1 + number.find(' ').unwrap()])
            })
        };
        let calls = text.lines().skip_while(|line| !line.contains("API calls today"));
        let ends: Vec<usize> = calls.filter_map(ends).collect();
        assert_eq!(ends.len(), 2, "{text}");
        assert_eq!(ends[0], ends[1], "{text}");
    }
}

#[test]
fn a_history_that_cannot_be_used_is_told_and_hides_nothing_else() {
    let [first, _] = accounts();
    let broken = AccountQuota { usage: Err("坏了\u{1b}[31m".to_owned()), ..first };
    let text = shown_in(std::slice::from_ref(&broken), Format::Human, &style());
    assert!(text.contains("history NOT USABLE") && text.contains(r"坏了\u{1b}[31m"), "{text}");
    assert!(text.contains("message/mass/sendall"), "{text}");
    let json = shown_in(&[broken], Format::Json, &style());
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["troubles"][0]["text"], "坏了\u{1b}[31m");
    assert_eq!(json["rights"], serde_json::json!([]));
}

#[test]
fn colours_are_accents_and_days_are_beijings() {
    let accounts = accounts();
    let painted = shown_in(&accounts, Format::Human, &Style { color: Color::Ansi, ..style() });
    let plain = shown_in(&accounts, Format::Human, &style());
    assert_eq!(anstream::adapter::strip_str(&painted).to_string(), plain);
    assert!(plain.contains("back at 2026-03-02 00:00 +08:00"), "{plain}");
    let late = Style { now: at("2026-03-31T23:59:00+08:00"), ..style() };
    let text = shown_in(&accounts, Format::Json, &late);
    assert!(text.contains(r#""back": "2026-04-01T00:00:00+08:00""#), "{text}");
}
