//! Q01xx and Q02xx: YAML, names and structure.

use super::*;
use crate::campaign::{AudienceText, ContentText, MediaSource};
use crate::terms::{AccountKind, Comments, OnReprint};

#[test]
fn a_campaign_without_a_fault() {
    let campaign = format!(
        "{HEAD}\
edition: 2026-w48
vars: {{ season: 春季, coupon: {{ code: SPRING26, off: 20, only: [一, 二] }} }}
mini_programs:
  shop: {{ appid: wx0123456789abcdef, path: pages/index/index, title: 春季上新, image: images/card.png }}
media:
  cover: {{ image: ./images/cover.jpg }}
  logo: {{ image: /shared/logo.jpg }}
articles:
  launch:
    title: \"{{{{ season }}}}上新\"
    author: 编辑部
    digest: 轻便、防风、好打理。
    cover: cover
    body: launch.md
    theme: default
    source_url: https://example.com/spring
    comments: followers
targets:
  vip: {{ tag: VIP会员, expect: {{ at_least: 1000, at_most: 20000 }} }}
  all: {{ everyone: true }}
sends:
  teaser: {{ text: 明天见, to: all, {WINDOW} }}
  launch:
    news: [launch]
    to: vip
    preview: [ {{ wxname: reviewer }}, {{ openid: o6_bmjrPTlm6_2sgVt7hMZOPfL2M }} ]
    approval: 1
    window: {{ from: 2026-03-01T10:00:00+08:00, until: 2026-03-01T20:00:00+08:00 }}
    on_reprint: accept
    after: [teaser, {{ other/sends/news: ended }}]
    skip: 法务取消
    again: spring-2025/sends/launch
"
    );
    let bundle = bundle_of(PROJECT, &campaign, &[]);
    let (campaign, problems) = problems_of(&bundle);
    compare(&problems, "");
    let campaign = campaign.unwrap();
    assert_eq!(campaign.account.appid.as_str(), "sandbox-demo");
    assert_eq!(campaign.account.kind, AccountKind::Service);
    assert_eq!(campaign.edition.unwrap().as_str(), "2026-w48");
    assert_eq!(campaign.vars["coupon"]["off"], 20);
    assert_eq!(campaign.mini_programs[0].image.as_ref().unwrap().value, "images/card.png");
    assert_eq!(campaign.media[0].source.value, MediaSource::File("images/cover.jpg".to_owned()));
    assert_eq!(campaign.articles[0].comments, Comments::Followers);
    assert_eq!(campaign.targets[0].expect.as_ref().unwrap().at_most, Some(20_000));
    assert_eq!(campaign.targets[1].audience.value, AudienceText::Everyone);
    let [teaser, launch] = &campaign.sends[..] else { panic!("two sends") };
    assert_eq!(teaser.on_reprint, OnReprint::Stop);
    assert_eq!(teaser.preview, None);
    assert!(matches!(&launch.content, ContentText::News(names) if names[0].value == "launch"));
    assert_eq!(launch.after.len(), 2);
    assert_eq!(launch.window.from.unwrap().to_string(), "2026-03-01T02:00:00Z");
    assert_eq!(launch.name.place.line_column(), (26, 3));
}

#[test]
fn all_problems_come_at_once_in_the_order_of_the_file() {
    check(
        "version: 2
campaign: Spring
account: domo
articles:
  launch: { titel: 春季上新, cover: 封面, body: ../launch.md }
sends:
  first: { news: [发布, lanuch], to: vpi, window: { until: 明天 } }
",
        "Q0216 1 [2] this program knows version 1
         Q0316 2 [Spring] `Spring` is not a name
         Q0204 3 [domo] qunfa.yaml has no account `domo` | did you mean `demo`? the accounts are: `demo`, `shop`, `daily`
         Q0211 5 [titel] an article has no key `titel` | did you mean `title`?
         Q0401 5 [../launch.md] the path `../launch.md` leaves its folder
         Q0201 7 [发布] there is no article `发布` | the articles are: `launch`
         Q0201 7 [lanuch] there is no article `lanuch` | did you mean `launch`?
         Q0303 7 [明天] `until` is a time with an offset, and `明天` is not one",
    );
}

#[test]
fn yaml_that_cannot_be_read_is_one_problem() {
    check(&format!("{HEAD}vars: {{ season: [春季 }}\n"), "Q0101 4 [] not valid YAML");
    check("", "Q0108 1 [] the file is empty");
    check(&format!("{HEAD}vars:\n  season: 春\u{2028}季\n"), "Q0107 5 [ ] an invisible line break");
    check("- 春季\n", "Q0301 1 [- 春季] `campaign.yaml` is an object, and this is a list");
}

#[test]
fn a_key_written_twice() {
    check_with(
        "vars: { season: 春季, season: 夏季 }\n",
        "Q0104 4 [season] `season` is written twice",
    );
}

#[test]
fn unknown_keys_are_never_skipped() {
    check_send(
        &format!("{{ news: [launch], to: vip, aproval: 1, 审批: 1, {WINDOW} }}"),
        "Q0211 8 [aproval] a send has no key `aproval` | did you mean `approval`?
         Q0211 8 [审批] a send has no key `审批` | the keys are: `news`, `text`",
    );
}

#[test]
fn keys_of_a_later_version_are_called_that() {
    check_with("each: {}\n", "Q0212 4 [each] this version does not know `each` yet");
}

#[test]
fn names_have_one_form() {
    check_with(
        "media: { Cover: { image: images/cover.jpg }, 封面: { image: images/cover.jpg }, no: { image: images/cover.jpg } }\n",
        "Q0215 4 [Cover] `Cover` is not a name
         Q0215 4 [封面] `封面` is not a name
         Q0302 4 [no] the name `no`, which YAML reads as the truth value false | put it in quotes",
    );
    check_with(
        "vars: { 2nd: 1, spring-shop: 1, spring_shop: 1 }\n",
        "Q0215 4 [2nd] `2nd` is not a name\nQ0215 4 [spring-shop] `spring-shop` is not a name",
    );
    check_with("vars: { campaign: 1 }\n", "Q0221 4 [campaign] the variable `campaign` would hide");
}

#[test]
fn exactly_one_of_several() {
    check_send(
        &format!("{{ news: [launch], text: 春季, to: vip, {WINDOW} }}"),
        "Q0214 8 [text] a send with both `news` and `text`",
    );
    check_send(
        &format!("{{ to: vip, {WINDOW} }}"),
        "Q0214 8 [first] a send needs exactly one of `news`, `text`",
    );
    check_send(
        &format!(
            "{{ news: [launch], to: vip, preview: [ {{ wxname: a, openid: b }}, {{}} ], {WINDOW} }}"
        ),
        "Q0214 8 [openid] a reviewer with both `wxname` and `openid`\nQ0214 8 [{}] a reviewer needs exactly one of",
    );
}

#[test]
fn unknown_media_and_files_are_told_apart() {
    check(
        &format!(
            "{HEAD}media: {{ cover: {{ image: images/cover.jpg }} }}
articles:
  a: {{ title: 一, cover: covre, body: launch.md }}
  b: {{ title: 二, cover: covre.jpg, body: launch.md }}
mini_programs: {{ shop: {{ appid: wx0123456789abcdef, path: p, image: crad }} }}
"
        ),
        "Q0203 6 [covre] there is no media `covre` | did you mean `cover`?
         Q0203 8 [crad] there is no media `crad`
         Q0402 7 [covre.jpg] there is no file `covre.jpg`",
    );
}

fn campaign(text: &str) -> Campaign {
    problems_of(&bundle_of(PROJECT, text, &[])).0.unwrap()
}

#[test]
fn campaigns_of_a_project_are_told_apart() {
    let plain =
        |name: &str| campaign(&format!("version: 1\ncampaign: {name}\naccount: demo\n{REST}"));
    let edition = |edition: &str| {
        campaign(&format!(
            "version: 1\ncampaign: weekly\nedition: {edition}\naccount: demo\n{REST}"
        ))
    };
    compare(&check_project(&[plain("a"), plain("b"), edition("w1"), edition("w2")]), "");
    compare(&check_project(&[plain("a"), plain("a")]), "Q0217 2 [a] there are two campaigns `a`");
    compare(
        &check_project(&[edition("w1"), edition("w1")]),
        "Q0217 3 [w1] there are two campaigns `weekly@w1`",
    );
    compare(
        &check_project(&[edition("w1"), plain("weekly")]),
        "Q0220 2 [weekly] other folders share the name `weekly`",
    );
}

#[test]
fn addresses_lead_to_sends_of_the_same_account() {
    let waits = |name: &str, account: &str, more: &str| {
        campaign(&format!(
            "version: 1\ncampaign: {name}\naccount: {account}\ntargets: {{ all: {{ everyone: true }} }}\n\
             sends: {{ first: {{ text: 春季, to: all, {WINDOW}, {more} }} }}\n"
        ))
    };
    let first = waits("a", "demo", "skip: 不发");
    compare(&check_project(&[first.clone(), waits("b", "demo", "after: [a/sends/first]")]), "");
    compare(
        &check_project(&[first.clone(), waits("b", "demo", "after: [a/sends/frist]")]),
        "Q0205 5 [a/sends/frist] there is no send `a/sends/frist` | did you mean `first`?",
    );
    compare(
        &check_project(&[first.clone(), waits("b", "demo", "after: [c/sends/first]")]),
        "Q0205 5 [c/sends/first] no campaign among the files has the send `c/sends/first`",
    );
    compare(&check_project(&[first.clone(), waits("b", "demo", "again: a/sends/gone")]), "");
    compare(
        &check_project(&[first, waits("b", "daily", "after: [a/sends/first]")]),
        "Q0511 5 [a/sends/first] `a/sends/first` goes out on another account, sandbox-demo",
    );
    compare(
        &check_project(&[
            waits("a", "demo", "after: [b/sends/first]"),
            waits("b", "demo", "after: [a/sends/first]"),
        ]),
        "Q0505 5 [first] sends wait for one another: `a/sends/first` after `b/sends/first` after `a/sends/first`",
    );
}
