//! Q05xx: sends and audiences.

use super::*;

fn check_targets(account: &str, targets: &str, expected: &str) {
    let campaign =
        format!("version: 1\ncampaign: spring\naccount: {account}\ntargets: {{ {targets} }}\n");
    let project = PROJECT.replace("    campaigns: [ campaigns/shop ]\n", "");
    let list: &[(&str, &[u8])] = &[("spring/a.txt", b"o6_a\no6_b\n")];
    compare(&problems_of(&bundle_of(&project, &campaign, list)).1, expected);
}

#[test]
fn nobody_is_reached_by_leaving_something_out() {
    check_targets(
        "demo",
        "vip: {}",
        "Q0501 4 [vip] a target needs exactly one of `tag`, `openids`, `everyone` | write one of them; there is no default",
    );
    check_targets(
        "demo",
        "all: { everyone: false }",
        "Q0502 4 [false] `everyone: false` says whom the target is not for",
    );
    check_targets("demo", "all: { everyone: no }", "Q0502 4 [no]");
    check_targets(
        "demo",
        "all: { everyone: \"true\" }",
        "Q0301 4 [\"true\"] `everyone` is only ever `true`, and this is text",
    );
    check_targets(
        "demo",
        "all: { everyone: true, tag: VIP }",
        "Q0214 4 [everyone] a target with both `tag` and `everyone`",
    );
    check_targets(
        "demo",
        "vip: { tag: VIP, slice: 0%..10% }",
        "Q0515 4 [slice] `slice` beside `tag`: only lists can be cut",
    );
    check_targets(
        "demo",
        "all: { everyone: true, except: [vip] }",
        "Q0515 4 [except] `except` beside `everyone`: only lists can be cut",
    );
}

#[test]
fn a_real_account_wants_to_know_how_many() {
    check_targets("demo", "vip: { tag: VIP会员 }", "");
    check_targets(
        "shop",
        "vip: { tag: VIP会员 }",
        "Q0503 4 [VIP会员] the tag `VIP会员` has no `expect`, and wx1234567890abcdef is a real account",
    );
    check_targets("shop", "vip: { tag: VIP会员, expect: { at_most: 100 } }", "");
    check_targets(
        "shop",
        "vip: { tag: VIP会员, expect: {} }",
        "Q0213 4 [expect] an expectation needs `at_least`, `at_most` or both",
    );
    check_targets(
        "demo",
        "vip: { tag: VIP会员, expect: { at_least: 10, at_most: 9 } }",
        "Q0320 4 [9] at least 10 and at most 9: no number fits",
    );
}

#[test]
fn only_service_accounts_send_to_lists() {
    check_targets("demo", "recall: { openids: a.txt }", "");
    check_targets(
        "daily",
        "recall: { openids: a.txt }",
        "Q0504 4 [a.txt] `daily` is a subscription account, and sends to no list",
    );
}

#[test]
fn a_campaign_lies_where_its_account_allows() {
    let campaign = "version: 1\ncampaign: spring\naccount: shop\n";
    let expected = "Q0219 3 [shop] the account `shop` is not for campaigns in `spring` | its `campaigns` are `campaigns/shop`";
    check(campaign, expected);
    let files: &[(&str, &[u8])] = &[
        ("qunfa.yaml", PROJECT.as_bytes()),
        ("campaigns/shop/spring/campaign.yaml", campaign.as_bytes()),
    ];
    compare(&problems_of(&Bundle::from_files(files)).1, "");
}

#[test]
fn a_send_names_what_exists() {
    check_send(
        &format!("{{ news: [launch], to: vpi, {WINDOW} }}"),
        "Q0202 8 [vpi] there is no target `vpi` | did you mean `vip`? the targets are: `vip`, `all`",
    );
    check_send(
        &format!("{{ news: [launch], to: vip, after: [teaser], {WINDOW} }}"),
        "Q0205 8 [teaser] there is no send `teaser` | the sends are: `first`",
    );
    check_send(
        &format!("{{ news: [launch], to: vip, after: [spring-2026/sends/teaser], {WINDOW} }}"),
        "Q0205 8 [spring-2026/sends/teaser] there is no send `spring-2026/sends/teaser`",
    );
    check_send(
        &format!("{{ news: [launch], {WINDOW} }}"),
        "Q0213 8 [first] a send needs the key `to`",
    );
}

#[test]
fn a_news_send_has_one_to_eight_articles_each_once() {
    check_send(
        &format!("{{ news: [], to: vip, {WINDOW} }}"),
        "Q0506 8 [[]] a news send has 1 to 8 articles, and this one 0",
    );
    check_send(
        &format!("{{ news: [launch, care, launch], to: vip, {WINDOW} }}"),
        "Q0512 8 [launch] the article `launch` stands twice",
    );
    let names: Vec<String> = (1..=9).map(|n| format!("a{n}")).collect();
    let article = "{ title: 春季, cover: images/cover.jpg, body: launch.md }";
    let articles: Vec<String> = names.iter().map(|name| format!("{name}: {article}")).collect();
    check(
        &format!(
            "{HEAD}articles: {{ {} }}\ntargets: {{ vip: {{ tag: VIP }} }}\nsends:\n  first: {{ news: [{}], to: vip, {WINDOW} }}\n",
            articles.join(", "),
            names.join(", ")
        ),
        "Q0506 7 [[a1, a2, a3, a4, a5, a6, a7, a] a news send has 1 to 8 articles, and this one 9",
    );
}

#[test]
fn a_send_of_pictures_has_one_to_twenty_of_them() {
    check_send(&format!("{{ image: images/cover.jpg, to: vip, {WINDOW} }}"), "");
    check_send(
        &format!(
            "{{ images: [images/cover.jpg, images/card.png], caption: 春天的花, comments: followers, to: vip, {WINDOW} }}"
        ),
        "",
    );
    check_send(
        &format!("{{ images: [], to: vip, {WINDOW} }}"),
        "Q0513 8 [[]] a send has 1 to 20 pictures, and this one 0 | name a picture",
    );
    let many = ["images/cover.jpg"; 21].join(", ");
    check_send(
        &format!("{{ images: [{many}], to: vip, {WINDOW} }}"),
        "Q0513 8 [[images/cover.jpg, images/cove] a send has 1 to 20 pictures, and this one 21",
    );
    check_send(
        &format!("{{ images: images/cover.jpg, to: vip, {WINDOW} }}"),
        "Q0301 8 [images/cover.jpg] `images` is a list",
    );
    check_send(
        &format!("{{ images: [images/cover.jpg, launch.md, 封面], to: vip, {WINDOW} }}"),
        "Q0203 8 [封面] there is no media `封面`
        Q0404 8 [launch.md] `launch.md` is not a picture",
    );
    check_send(
        &format!("{{ image: images/cover.jpg, comments: fans, to: vip, {WINDOW} }}"),
        "Q0305 8 [fans] `comments` cannot be `fans`",
    );
}

#[test]
fn captions_and_comments_belong_to_pictures() {
    check_send(
        &format!("{{ text: 春季上新, caption: 春天的花, to: vip, {WINDOW} }}"),
        "Q0514 8 [caption] `caption` belongs to a send of pictures | leave it out; this one sends `text`",
    );
    check_send(
        &format!("{{ news: [launch], comments: followers, to: vip, {WINDOW} }}"),
        "Q0514 8 [comments] `comments` belongs to a send of pictures",
    );
    check_send(
        &format!("{{ text: 春季上新, image: images/cover.jpg, to: vip, {WINDOW} }}"),
        "Q0214 8 [image] a send with both `text` and `image`",
    );
    check_send(
        &format!("{{ card: pFS7Fjg8kV1I, caption: 春天的花, to: vip, {WINDOW} }}"),
        "Q0514 8 [caption] `caption` belongs to a send of pictures | leave it out; this one sends `card`
         Q0523 8 [pFS7Fjg8kV1I] WeChat sends no cards any more",
    );
    check_send(
        &format!("{{ voice: 问候.mp3, video: film, to: vip, {WINDOW} }}"),
        "Q0214 8 [video] a send with both `voice` and `video`
         Q0402 8 [问候.mp3] there is no file `问候.mp3`",
    );
}

#[test]
fn sends_do_not_wait_for_one_another() {
    let sends = |sends: &[(&str, &str)], expected: &str| {
        let sends: Vec<String> = sends
            .iter()
            .map(|(name, after)| {
                format!("  {name}: {{ text: 春季, to: vip, after: {after}, {WINDOW} }}\n")
            })
            .collect();
        check(
            &format!("{HEAD}targets: {{ vip: {{ tag: VIP }} }}\nsends:\n{}", sends.concat()),
            expected,
        );
    };
    sends(&[("a", "[]"), ("b", "[a]"), ("c", "[a, { b: ended }]")], "");
    sends(&[("a", "[a]")], "Q0505 6 [a] sends wait for one another: `a` after `a`");
    sends(
        &[("a", "[c]"), ("b", "{ a: sent }"), ("c", "[spring-2026/sends/b]"), ("d", "[a]")],
        "Q0505 6 [a] sends wait for one another: `a` after `c` after `b` after `a`",
    );
    sends(
        &[("a", "[{ b: done }]"), ("b", "[]")],
        "Q0305 6 [done] `b` cannot be `done` | write one of `sent`, `ended`",
    );
}

#[test]
fn texts_have_something_to_say_and_not_too_much() {
    let text = |text: &str, expected: &str| {
        check_send(&format!("{{ text: \"{text}\", to: all, {WINDOW} }}"), expected);
    };
    text("明天\\n见", "");
    text(" ", "Q0308 8 [\" \"] `text` is empty");
    text(&"春".repeat(600), "");
    text(
        &"春".repeat(601),
        "Q0507 8 [\"春春春春春春春春春春春春春春春春春春春春春春春春春春春春春] a text of 601 characters (1803 bytes) may be refused",
    );
    text(&"春a".repeat(300), "");
    text(
        &"😀".repeat(513),
        "Q0507 8 [\"😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀] a text of 513 characters (2052 bytes) may be refused",
    );
    check_send(&format!("{{ text: 春季, on_reprint: accept, to: all, {WINDOW} }}"), "");
}

#[test]
fn previews_are_at_most_a_hundred_a_day() {
    let preview = |what: &str, n: usize, expected: &str| {
        let reviewers = vec!["{ wxname: a }"; n].join(", ");
        check_send(&format!("{{ {what}, preview: [{reviewers}], to: all, {WINDOW} }}"), expected);
    };
    preview("text: 春季", 100, "");
    preview("text: 春季", 101, "Q0508 8 [a] `first` has more than 100 previews by WeChat ID");
    // Each picture is a preview of its own, and so is the caption.
    let pictures = ["images/cover.jpg"; 20].join(", ");
    let captioned = format!("images: [{pictures}], caption: 春天的花");
    let pictures = format!("images: [{pictures}]");
    preview(&captioned, 4, "");
    preview(&captioned, 5, "Q0508 8 [a] `first` has more than 100 previews by WeChat ID");
    preview(&pictures, 5, "");
    preview(&pictures, 6, "Q0508 8 [a] `first` has more than 100 previews by WeChat ID");
}

#[test]
fn a_policy_bounds_the_window() {
    let project = PROJECT.replace("    campaigns: [ campaigns/shop ]\n", "");
    let window = |account: &str, window: &str, expected: &str| {
        let campaign = format!(
            "version: 1\ncampaign: spring\naccount: {account}\ntargets: {{ all: {{ everyone: true }} }}\n\
             sends: {{ first: {{ text: 春季, to: all, window: {{ {window} }} }} }}\n"
        );
        compare(&problems_of(&bundle_of(&project, &campaign, &[])).1, expected);
    };
    let (week, longer) = (
        "from: 2026-03-01T00:00:00Z, until: 2026-03-08T00:00:00Z",
        "from: 2026-03-01T00:00:00Z, until: 2026-03-08T00:00:01Z",
    );
    window("shop", week, "");
    window("demo", longer, "");
    window("shop", longer, "Q0510 5 [window] the window is longer than `shop` allows (168 hours)");
    window("shop", "until: 2026-03-08T00:00:01Z", "Q0510 5 [window]");
}
