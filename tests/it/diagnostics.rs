//! What a person is told about a campaign that is wrong, as it is drawn.

use qunfa::campaign::{Bundle, check, parse};
use qunfa::report::{Color, render_diagnostics as render};

const PROJECT: &str = "\
version: 1
accounts:
  demo: { kind: service, api: sandbox }
  shop: { kind: service, appid: wx1234567890abcdef, secret: { env: WECHAT_SHOP_SECRET } }
";

/// Draws what is wrong with a campaign: three lines, then `body`.
fn drawn(account: &str, body: &str) -> String {
    drawn_with(PROJECT, &format!("version: 1\ncampaign: spring-2026\naccount: {account}\n{body}"))
}

fn drawn_with(project: &str, campaign: &str) -> String {
    let bundle = Bundle::from_files(&[
        ("qunfa.yaml", project.as_bytes()),
        ("spring/campaign.yaml", campaign.as_bytes()),
        ("spring/launch.md", "# 春季上新".as_bytes()),
        ("spring/images/cover.jpg", b"RIFF\0\0\0\0WEBPVP8 "),
        ("spring/recall.txt", "o6_a\n小明\no6_b\no6_a\n".as_bytes()),
    ]);
    let (campaign, mut problems) = parse(&bundle);
    problems.extend(campaign.iter().flat_map(|campaign| check(campaign, &bundle)));
    render(&problems, Color::Plain)
}

#[test]
fn an_unknown_article() {
    let body = "\
articles: { launch: { title: 春季上新, cover: covers/春.jpg, body: launch.md } }
targets: { vip: { tag: VIP会员 } }
sends:
  first:
    to: vip
    news: [lanuch, 发布]
    window: { until: 2026-03-01T20:00:00+08:00 }
";
    insta::assert_snapshot!(drawn("demo", body), @r"
    error[Q0201]: there is no article `lanuch`
     --> spring/campaign.yaml:9:12
      |
    9 |     news: [lanuch, 发布]
      |            ^^^^^^ unknown article
      |
      = help: did you mean `launch`? the articles are: `launch`

    error[Q0201]: there is no article `发布`
     --> spring/campaign.yaml:9:20
      |
    9 |     news: [lanuch, 发布]
      |                    ^^^^ unknown article
      |
      = help: the articles are: `launch`

    error[Q0402]: there is no file `covers/春.jpg`
     --> spring/campaign.yaml:4:43
      |
    4 | articles: { launch: { title: 春季上新, cover: covers/春.jpg, body: launch.md } }
      |                                               ^^^^^^^^^^^^^ not found
      |
      = help: the path is relative to the campaign's folder, and case matters
    ");
}

#[test]
fn a_misspelt_key() {
    let body = "\
vars: { 季节: 春季 }
send: {}
";
    insta::assert_snapshot!(drawn("demo", body), @r"
    error[Q0215]: `季节` is not a name
     --> spring/campaign.yaml:4:9
      |
    4 | vars: { 季节: 春季 }
      |         ^^^^
      |
      = help: names are lower-case words joined by `_`: `spring_shop`

    error[Q0211]: campaign.yaml has no key `send`
     --> spring/campaign.yaml:5:1
      |
    5 | send: {}
      | ^^^^ unknown key
      |
      = help: did you mean `sends`?
    ");
}

#[test]
fn a_key_written_twice() {
    let body = "\
vars:
  season: 春季
  brand: 北风
  season: 夏季
";
    insta::assert_snapshot!(drawn("demo", body), @r"
    error[Q0104]: `season` is written twice
     --> spring/campaign.yaml:7:3
      |
    5 |   season: 春季
      |   ------ first here
    6 |   brand: 北风
    7 |   season: 夏季
      |   ^^^^^^ again here
      |
      = help: keep one of the two, or give the second a name of its own
    ");
}

#[test]
fn a_word_that_yaml_reads_as_something_else() {
    let body = "\
targets:
  vip: { tag: no }  # 标签 no
";
    insta::assert_snapshot!(drawn("demo", body), @r#"
    error[Q0302]: `tag` is text, and YAML reads `no` as the truth value false
     --> spring/campaign.yaml:5:15
      |
    5 |   vip: { tag: no }  # 标签 no
      |               ^^
      |
      = help: put it in quotes: "no"
    "#);
}

#[test]
fn a_template_without_quotes() {
    let body = "\
articles:
  launch:
    title: {{ season }}上新
";
    insta::assert_snapshot!(drawn("demo", body), @r#"
    error[Q0106]: a key that is itself a list or an object
     --> spring/campaign.yaml:6:13
      |
    6 |     title: {{ season }}上新
      |             ^^^^^^^^^^ not a key
      |
      = help: a value that begins with `{{` or `{%` needs quotes: "{{ … }}"
    "#);
}

#[test]
fn a_window_that_ends_before_it_starts() {
    let body = "\
targets: { all: { everyone: true } }
sends:
  notice:
    text: 停机维护
    to: all
    window:
      from: 2026-03-01T20:00:00+08:00
      until: 2026-03-01T10:00:00+08:00
";
    insta::assert_snapshot!(drawn("demo", body), @r"
    error[Q0319]: the window ends before it starts
      --> spring/campaign.yaml:11:14
       |
    10 |       from: 2026-03-01T20:00:00+08:00
       |             ------------------------- starts here
    11 |       until: 2026-03-01T10:00:00+08:00
       |              ^^^^^^^^^^^^^^^^^^^^^^^^^ ends here
       |
       = help: `until` has to be later than `from`
    ");
}

#[test]
fn a_time_without_an_offset() {
    let body = "\
targets: { all: { everyone: true } }
sends:
  notice: { text: 停机维护, to: all, window: { until: 2026-03-01 20:00 } }
";
    insta::assert_snapshot!(drawn("demo", body), @r"
    error[Q0303]: `until` is a time with an offset, and `2026-03-01 20:00` is not one
     --> spring/campaign.yaml:6:51
      |
    6 |   notice: { text: 停机维护, to: all, window: { until: 2026-03-01 20:00 } }
      |                                                       ^^^^^^^^^^^^^^^^
      |
      = help: in Beijing's time that is 2026-03-01T20:00:00+08:00
    ");
}

#[test]
fn a_target_without_an_audience() {
    let body = "\
targets:
  vip: { expect: { at_least: 1000 } }  # 会员
  all: { everyone: false }
";
    insta::assert_snapshot!(drawn("demo", body), @r"
    error[Q0501]: a target needs exactly one of `tag`, `openids`, `everyone`
     --> spring/campaign.yaml:5:3
      |
    5 |   vip: { expect: { at_least: 1000 } }  # 会员
      |   ^^^
      |
      = help: write one of them; there is no default

    error[Q0502]: `everyone: false` says whom the target is not for
     --> spring/campaign.yaml:6:20
      |
    6 |   all: { everyone: false }
      |                    ^^^^^
      |
      = help: write `everyone: true`, or say whom it is for: `tag: NAME`, `openids: FILE`
    ");
}

#[test]
fn a_tag_on_a_real_account_without_an_expectation() {
    let body = "\
targets:
  vip: { tag: VIP会员 }
";
    insta::assert_snapshot!(drawn("shop", body), @r"
    error[Q0503]: the tag `VIP会员` has no `expect`, and wx1234567890abcdef is a real account
     --> spring/campaign.yaml:5:15
      |
    5 |   vip: { tag: VIP会员 }
      |               ^^^^^^^ how many people?
      |
      = help: write beside it how many there must be: `expect: { at_least: …, at_most: … }`
    ");
}

#[test]
fn sends_that_wait_for_one_another() {
    let body = "\
targets: { all: { everyone: true } }
sends:
  teaser:
    text: 明天见
    to: all
    after: [launch]
    window: { until: 2026-03-01T20:00:00+08:00 }
  launch:
    text: 今天见
    to: all
    after: [teaser]
    window: { until: 2026-03-02T20:00:00+08:00 }
";
    insta::assert_snapshot!(drawn("demo", body), @r"
    error[Q0505]: sends wait for one another: `teaser` after `launch` after `teaser`
      --> spring/campaign.yaml:6:3
       |
     6 |   teaser:
       |   ^^^^^^ waits
    ...
    11 |   launch:
       |   ------ waits too
       |
       = help: take one of the `after` out, so that one of them can be first
    ");
}

#[test]
fn a_long_title_and_a_picture_in_disguise() {
    let body = "\
articles:
  launch:
    title: 春季上新，十二款通勤外套，轻便、防风、好打理，三种天气各有一件，会员先选三天
    cover: images/cover.jpg
    body: lunch.md
";
    insta::assert_snapshot!(drawn("demo", body), @r"
    error[Q0307]: `title` has 38 characters, and WeChat takes 32
     --> spring/campaign.yaml:6:12
      |
    6 |     title: 春季上新，十二款通勤外套，轻便、防风、好打理，三种天气各有一件，会员先选三天
      |            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: shorten it by 6

    error[Q0404]: `images/cover.jpg` is WebP, whatever its ending says
     --> spring/campaign.yaml:7:12
      |
    7 |     cover: images/cover.jpg
      |            ^^^^^^^^^^^^^^^^ not taken by WeChat
      |
      = help: convert it to one of `JPEG`, `PNG`, `GIF`, `BMP`

    error[Q0402]: there is no file `lunch.md`
     --> spring/campaign.yaml:8:11
      |
    8 |     body: lunch.md
      |           ^^^^^^^^ not found
      |
      = help: did you mean `launch.md`?
    ");
}

#[test]
fn a_list_of_openids() {
    let body = "\
targets:
  recall: { openids: recall.txt }
";
    insta::assert_snapshot!(drawn("demo", body), @r"
    error[Q0412]: `小明` is not an openid
     --> spring/recall.txt:2:1
      |
    2 | 小明
      | ^^^^ not an openid
      |
      = help: an openid has letters, digits, `-` and `_`, and belongs to this account

    warning[Q0414]: `o6_a` stands in the list twice
     --> spring/recall.txt:4:1
      |
    1 | o6_a
      | ---- first here
    ...
    4 | o6_a
      | ^^^^ again here
      |
      = help: it is sent to once; leave one of the lines out
    ");
}

#[test]
fn a_secret_in_the_file_is_named_and_not_shown() {
    let project = "\
version: 1
accounts:
  shop: { kind: service, appid: wx1234567890abcdef, secret: 不可告人 }
";
    let shown = drawn_with(project, "version: 1\ncampaign: spring\naccount: shop\n");
    assert!(!shown.contains("不可告人"));
    insta::assert_snapshot!(shown, @r"
    error[Q0311]: `secret` is written into the file itself
    --> qunfa.yaml:3:53
     = help: say where it comes from: { env: NAME }, { file: PATH } or { command: [...] }; if it was ever committed, reset it
    ");
}

#[test]
fn a_voice_where_a_picture_is_wanted_points_at_both_places() {
    let body = "\
media:
  greeting: { voice: { media_id: Ab-1 } }
articles: { launch: { title: 春季上新, cover: greeting, body: launch.md } }
";
    insta::assert_snapshot!(drawn("demo", body), @r"
    error[Q0435]: `greeting` is a voice, and a picture is wanted
     --> spring/campaign.yaml:6:43
      |
    5 |   greeting: { voice: { media_id: Ab-1 } }
      |   -------- a voice, as it is declared here
    6 | articles: { launch: { title: 春季上新, cover: greeting, body: launch.md } }
      |                                               ^^^^^^^^ a picture is wanted here
      |
      = help: name a picture, or a file
    ");
}

#[test]
fn a_bare_video_and_a_card() {
    let body = "\
targets: { vip: { tag: VIP会员 } }
sends:
  film: { video: 短片.mp4, to: vip, window: { until: 2026-03-01T20:00:00+08:00 } }
  coupon: { card: pFS7Fjg8kV1I, to: vip, window: { until: 2026-03-01T20:00:00+08:00 } }
";
    insta::assert_snapshot!(drawn("demo", body), @r"
    error[Q0521]: the video `短片.mp4` has no title
     --> spring/campaign.yaml:6:18
      |
    6 |   film: { video: 短片.mp4, to: vip, window: { until: 2026-03-01T20:00:00+08:00 } }
      |                  ^^^^^^^^
      |
      = help: give it one under `media`: `film: { video: 短片.mp4, title: … }`, and write `video: film` here

    warning[Q0523]: WeChat sends no cards any more, and will refuse `pFS7Fjg8kV1I`
     --> spring/campaign.yaml:7:19
      |
    7 |   coupon: { card: pFS7Fjg8kV1I, to: vip, window: { until: 2026-03-01T20:00:00+08:00 } }
      |                   ^^^^^^^^^^^^ refused with 45113 today
      |
      = help: an article or a text with a link to the coupon reaches people
    ");
}
