//! Q03xx: values.

use super::*;

fn check_article(article: &str, expected: &str) {
    check(
        &format!(
            "{HEAD}articles:\n  launch: {{ cover: images/cover.jpg, body: launch.md, {article} }}\n"
        ),
        expected,
    );
}

#[test]
fn text_that_yaml_reads_as_something_else_needs_quotes() {
    for (word, read_as) in [
        ("no", "the truth value false"),
        ("yes", "the truth value true"),
        ("on", "the truth value true"),
        ("0123", "an octal number"),
        ("1e5", "a floating-point number"),
        ("12:30", "a number in base 60"),
        ("2026", "the number 2026"),
        ("true", "the truth value true"),
        ("~", "nothing (null)"),
    ] {
        let expected = format!(
            "Q0302 5 [{word}] `title` is text, and YAML reads `{word}` as {read_as} | put it in quotes: \"{word}\""
        );
        check_article(&format!("title: {word}"), &expected);
        check_article(&format!("title: \"{word}\""), "");
    }
    check(&format!("{HEAD}targets:\n  vip:\n    tag:\n"), "Q0302 6 [tag] `tag` has no value");
    check_with(
        "vars: { a: no, b: 0123, c: \"no\", d: 12, e: }\n",
        "Q0302 4 [no] some readers of YAML see the truth value false in `no`\nQ0302 4 [0123] some readers of YAML see an octal number\nQ0302 4 [e] `e` has no value",
    );
}

#[test]
fn the_wrong_kind_of_value() {
    check_article("title: [春季]", "Q0301 5 [[春季]] `title` is text, and this is a list");
    check_send(
        &format!("{{ news: launch, to: vip, {WINDOW} }}"),
        "Q0301 8 [launch] `news` is a list, and this is text | write it as a list: `news: [ … ]`",
    );
    check_send(
        &format!("{{ news: [launch], to: vip, approval: \"1\", {WINDOW} }}"),
        "Q0301 8 [\"1\"] `approval` is a whole number, and this is text",
    );
    check_send(
        &format!("{{ news: [launch], to: vip, approval: 01, {WINDOW} }}"),
        "Q0301 8 [01] `approval` is a whole number, and this is an octal number",
    );
    check_send(
        &format!("{{ news: [launch], to: vip, approval: 1000, {WINDOW} }}"),
        "Q0306 8 [1000] `approval` is at most 100",
    );
    check_with("media: 封面\n", "Q0301 4 [封面] `media` is an object, and this is text");
}

#[test]
fn lengths_are_wechats() {
    let chars = |n| "春".repeat(n);
    check_article(&format!("title: {}", chars(32)), "");
    check_article(
        &format!("title: {}", chars(33)),
        "Q0307 5 [春春春春春春春春春春春春春春春春春春春春春春春春春春春春春春] `title` has 33 characters, and WeChat takes 32 | shorten it by 1",
    );
    check_article(
        &format!("title: {}😀", chars(31)),
        "Q0307 5 [春春春春春春春春春春春春春春春春春春春春春春春春春春春春春春] `title` has 33 characters",
    );
    check_article(&format!("title: \"{{{{ season }}}}{}\"", chars(40)), "");
    check_article(
        &format!("title: 一, author: {}", chars(17)),
        "Q0307 5 [春春春春春春春春春春春春春春春春春] `author` has 17 characters, and WeChat takes 16",
    );
    check_article(
        &format!("title: 一, digest: {}", chars(121)),
        "Q0307 5 [春春春春春春春春春春春春春春春春春春春春春春春春春春春春春春] `digest` has 121 characters, and WeChat takes 120",
    );
    check_article(
        &format!("title: 一, source_url: https://example.com/{}", "a".repeat(1024)),
        "Q0307 5 [https://example.com/aaaaaaaaaa] `source_url` has 1044 bytes",
    );
    check_article(
        "title: 一, source_url: example.com",
        "Q0318 5 [example.com] `example.com` is not a web address",
    );
    check_article("title: \"  \"", "Q0308 5 [\"  \"] `title` is empty");
    check_article("title: \"春\\n季\"", "Q0309 5 [\"春\\n季\"] `title` holds a line break");
    check_article(
        "title: 一, comments: nobody",
        "Q0305 5 [nobody] `comments` cannot be `nobody` | write one of `closed`, `everyone`, `followers`",
    );
    check_article(
        "title: 一, theme: my.css",
        "Q0212 5 [my.css] this version does not know a theme of your own",
    );
}

#[test]
fn times_have_an_offset() {
    let window = |window: &str, expected: &str| {
        check_send(&format!("{{ news: [launch], to: vip, window: {{ {window} }} }}"), expected);
    };
    window("until: 2026-03-01T20:00:00Z", "");
    window("until: 2026-03-01T20:00:00.5+08:00", "");
    window(
        "until: 2026-03-01T20:00:00",
        "Q0303 8 [2026-03-01T20:00:00] `until` is a time with an offset, and `2026-03-01T20:00:00` is not one | in Beijing's time that is 2026-03-01T20:00:00+08:00",
    );
    window(
        "until: 2026-03-01 20:00",
        "Q0303 8 [2026-03-01 20:00] `until` is a time with an offset, and `2026-03-01 20:00` is not one | in Beijing's time that is 2026-03-01T20:00:00+08:00",
    );
    window(
        "until: 2026-03-01",
        "Q0303 8 [2026-03-01] `until` is a time with an offset, and `2026-03-01` is not one | in Beijing's time that is 2026-03-01T00:00:00+08:00",
    );
    window("until: 2026-02-30T20:00:00+08:00", "Q0303 8 [2026-02-30T20:00:00+08:00]");
    window(
        "until: 2026-03-01T20:00+09",
        "Q0303 8 [2026-03-01T20:00+09] `until` is a time with an offset, and `2026-03-01T20:00+09` is not one | write it like",
    );
    window(
        "from: 2026-03-01T20:00:00+08:00, until: 2026-03-01T20:00:00+08:00",
        "Q0319 8 [2026-03-01T20:00:00+08:00] the window ends before it starts",
    );
    window(
        "from: 2026-03-01T10:00:00+08:00, until: 2026-03-01T02:00:00Z",
        "Q0319 8 [2026-03-01T02:00:00Z] the window ends before it starts",
    );
    window("from: 2026-03-01T10:00:00+08:00", "Q0509 8 [window] a window needs `until`");
    check_send("{ news: [launch], to: vip }", "Q0509 8 [first] a send needs a `window`");
}

#[test]
fn mini_programs_are_addressed_exactly() {
    let shop = |shop: &str, expected: &str| {
        check_with(&format!("mini_programs: {{ shop: {{ {shop} }} }}\n"), expected);
    };
    shop(
        "appid: gh_0123456789ab, path: pages/index",
        "Q0314 4 [gh_0123456789ab] `gh_0123456789ab` is not the appid of a mini program",
    );
    shop(
        "appid: wx0123456789abcdef, path: /pages/index",
        "Q0315 4 [/pages/index] the page `/pages/index` begins with a slash | write `pages/index`",
    );
    shop(
        &format!("appid: wx0123456789abcdef, path: p, title: {}", "春".repeat(36)),
        "Q0307 4 [春春春春春春春春春春春春春春春春春春春春春春春春春春春春春春] `title` has 36 characters, and WeChat takes 35",
    );
    shop("path: p", "Q0213 4 [shop] a mini program needs the key `appid`");
}

#[test]
fn terms_have_their_form() {
    check(
        "version: 1\ncampaign: spring\naccount: demo\nedition: 2026/48\nsends: {}\n",
        "Q0316 4 [2026/48] `2026/48` is not an edition",
    );
    let preview = |preview: &str, expected: &str| {
        check_send(
            &format!("{{ news: [launch], to: vip, preview: [ {{ {preview} }} ], {WINDOW} }}"),
            expected,
        );
    };
    preview("openid: 小明", "Q0316 8 [小明] `小明` is not an openid");
    preview(
        "wxname: 13800138000",
        "Q0302 8 [13800138000] `wxname` is text, and YAML reads `13800138000` as the number",
    );
    preview("wxname: \"{{ reviewer }}\"", "");
    check_send(
        &format!("{{ news: [launch], to: vip, again: launch, {WINDOW} }}"),
        "Q0316 8 [launch] `launch` is not the address of a send",
    );
    check_send(
        &format!("{{ news: [launch], to: vip, after: [春季], {WINDOW} }}"),
        "Q0316 8 [春季] `春季` names no send",
    );
}
