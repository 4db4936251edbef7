//! The known traps of WeChat's mass sends, by number: each that a file can express is found by
//! `validate` or `plan`, before anything is uploaded.
//!
//! What no file can express is held elsewhere:
//!
//! | trap | test |
//! |---|---|
//! | 3: a thumb's id is called `thumb_media_id` | `src/wechat/media_tests.rs`, `the_id_of_a_thumb_…` |
//! | 6: a time-out is no failure | `tests/it/sceptic/repeats.rs` |
//! | 9: two programs with one token | `src/wechat/token.rs`, `a_refused_token_is_renewed_once_…` |
//! | 10: 40164 after moving | `src/wechat/token.rs`, `a_wrong_secret_or_address_stops_at_once` |
//! | 11: a branch and its `msgtype` | `src/wechat/mass_tests.rs`, `every_other_type_is_written_…` |
//! | 20, 22: callbacks | none are received: `mass/get` is asked instead |

use qunfa::plan::{Blocker, Plan, Quota, Standing, Why};
use qunfa::sandbox::Rules;
use qunfa::terms::{AccountKind, AppId, JobStatus};

use crate::support::{Scene, pictures, spring, text};

/// The codes that a scene's files get, each with its place; the card's picture of one pixel aside.
fn told(scene: &Scene) -> Vec<String> {
    let (_, problems) = scene.load();
    let line = |problem: &qunfa::diagnostic::Diagnostic| {
        let drawn = qunfa::report::render_diagnostics(
            std::slice::from_ref(problem),
            qunfa::report::Color::Plain,
        );
        let place = drawn.lines().find_map(|line| line.trim().strip_prefix("--> ")).unwrap();
        format!("{} {place}", problem.code.id)
    };
    problems.iter().filter(|problem| problem.code.id != "Q0406").map(line).collect()
}

#[track_caller]
fn check(scene: &Scene, expected: &[&str]) {
    assert_eq!(told(scene), expected);
}

async fn edited(file: &str, from: &str, to: &str) -> Scene {
    let mut scene = Scene::new(spring()).await;
    scene.edit(file, from, to);
    scene
}

async fn saying(words: &str) -> Scene {
    let mut scene = Scene::new(text("all", "all: { everyone: true }", "")).await;
    scene.edit("notice/campaign.yaml", "text: 今晚系统维护", &format!("text: '{words}'"));
    scene
}

fn words(plan: &Plan) -> Vec<&'static str> {
    plan.steps.iter().map(|step| step.action.word()).collect()
}

/// 1: Chinese goes out as Chinese, not as `\uXXXX`.
#[tokio::test]
async fn trap_01_escapes_in_json() {
    let scene = Scene::new(text("all", "all: { everyone: true }", "")).await;
    scene.apply().await.unwrap();
    assert_eq!(scene.sandbox.jobs()[0].content, ["今晚系统维护"]);
}

/// 2: an id works in one place only: a voice is no cover.
#[tokio::test]
async fn trap_02_an_id_of_the_wrong_kind() {
    let mut scene = edited(CAMPAIGN, "cover: images/care.png", "cover: greeting").await;
    scene.edit(
        CAMPAIGN,
        "targets:",
        "media: { greeting: { voice: { media_id: Ab-1 } } }\ntargets:",
    );
    check(&scene, &["Q0435 spring/campaign.yaml:9:33"]);
}

const CAMPAIGN: &str = "spring/campaign.yaml";
const BODY: &str = "spring/care.md";

/// 4: a file's name in Chinese never reaches WeChat, which would not find the file.
#[tokio::test]
async fn trap_04_a_file_name_in_chinese() {
    let scene = Scene::new(pictures()).await;
    scene.apply().await.unwrap();
    assert_eq!(scene.sandbox.jobs().len(), 1);
}

/// 5: a picture of another site vanishes without a word, and so does one in `data-src`.
#[tokio::test]
async fn trap_05_external_images() {
    let scene = edited(BODY, "30 度", "![x](https://example.com/a.png) 30 度").await;
    check(&scene, &["Q0802 spring/care.md:3:6"]);
    let scene = edited(BODY, "30 度", "<img data-src=\"images/care.png\"> 30 度").await;
    check(&scene, &["Q0801 spring/care.md:3:1"]);
}

/// 7: a `clientmsgid` has 32 characters, for a dashed UUID is too long.
#[tokio::test]
async fn trap_07_a_long_clientmsgid() {
    let scene = Scene::new(spring()).await;
    scene.apply().await.unwrap();
    let key = scene.sandbox.jobs()[0].client_msg_id.clone().unwrap();
    assert!(key.len() == 32 && key.bytes().all(|b| b.is_ascii_hexdigit()), "{key}");
}

/// 8: an errcode of 0 says that a send was taken, not that it went out.
#[tokio::test]
async fn trap_08_accepted_is_not_sent() {
    let scene = Scene::new(text("all", "all: { everyone: true }", "")).await;
    scene.sandbox.end_next_job(&JobStatus::Failed);
    scene.apply().await.unwrap();
    let plan = scene.plan().await;
    assert!(matches!(plan.blocked[0].why, Blocker::Failed { .. }), "{:?}", plan.blocked);
}

/// 12: the right to send is used up; waiting for a minute would not bring it back.
#[tokio::test]
async fn trap_12_quota_used_up() {
    let window = "window: { until: 2099-12-31T21:00:00+08:00 }";
    let more =
        [2, 3, 4, 5].map(|n| format!("  s{n}: {{ text: 第{n}条, to: all, {window} }}\n")).concat();
    let scene = Scene::new(text("all", "all: { everyone: true }", &more)).await;
    let plan = scene.plan().await;
    let quota = Quota::EveryoneMonth;
    assert_eq!(plan.waiting[0].why, Why::Quota { quota, used: 4, limit: 4 });
    assert_eq!(plan.sends[4].standing, Standing::Waiting);
}

/// 13: a 订阅号 has no right to send to a list of openids, whatever the code does.
#[tokio::test]
async fn trap_13_a_list_on_a_subscription_account() {
    let rules = Rules::new(AppId::new("sandbox-demo").unwrap(), AccountKind::Subscription);
    let mut scene = Scene::with(text("list", "list: { openids: a.txt }", ""), rules).await;
    scene.edit("qunfa.yaml", "kind: service", "kind: subscription");
    scene.files.insert("notice/a.txt".to_owned(), b"o6_a\no6_b\n".to_vec());
    check(&scene, &["Q0504 notice/campaign.yaml:4:29"]);
}

/// 14: a draft is gone once it is sent, so two sends of one article have a draft each.
#[tokio::test]
async fn trap_14_a_sent_draft() {
    let second = "sends:\n  second:\n    news: [launch, care]\n    to: beijing\n    \
                  window: { until: 2099-12-31T20:00:00+08:00 }\n";
    let mut scene = edited(CAMPAIGN, "sends:\n", second).await;
    scene.edit(CAMPAIGN, "targets:\n", "targets:\n  beijing: { tag: 北京 }\n");
    let plan = scene.plan().await;
    let drafts = words(&plan).iter().filter(|word| **word == "save_draft").count();
    assert_eq!(drafts, 2, "{:?}", words(&plan));
}

/// 15: `accept` sends a reprint with the original's text, and the plan says so.
#[tokio::test]
async fn trap_15_a_reprint_has_the_originals_text() {
    let scene = edited(CAMPAIGN, "    approval: 0\n", "    approval: 0\n    on_reprint: accept\n");
    let drawn = drawn(&scene.await.plan().await);
    assert!(drawn.contains("as a reprint, with the original's text"), "{drawn}");
}

/// 16: the number of a tag is called `tag_id` here and `tagid` there; files name it by its name.
#[tokio::test]
async fn trap_16_the_number_of_a_tag() {
    let scene = edited(CAMPAIGN, "tag: VIP会员", "tag_id: 2").await;
    check(&scene, &["Q0501 spring/campaign.yaml:11:3", "Q0211 spring/campaign.yaml:11:10"]);
}

/// 17: titles had 64 characters once, and have 32; a digest has 120, an article 20,000 with its
/// styles.
#[tokio::test]
async fn trap_17_old_limits() {
    let title = format!("title: {}", "春".repeat(33));
    let scene = edited(CAMPAIGN, "title: 面料护理手册", &title).await;
    check(&scene, &["Q0307 spring/campaign.yaml:9:18", "Q0701 spring/campaign.yaml:9:18"]);
    let digest = format!("digest: {}", "春".repeat(121));
    let scene = edited(CAMPAIGN, "digest: 轻便防风", &digest).await;
    check(&scene, &["Q0307 spring/campaign.yaml:8:59", "Q0703 spring/campaign.yaml:8:59"]);
    let scene = edited(BODY, "30 度", &"春".repeat(20_000)).await;
    check(&scene, &["Q0704 spring/campaign.yaml:9:56"]);
}

/// 18: markup of mini programs copied from old pages is refused, so none is passed on.
#[tokio::test]
async fn trap_18_mini_program_markup() {
    let old = "<mp-common-miniprogram data-progarm-imageurl=\"a\"></mp-common-miniprogram> 30 度";
    check(&edited(BODY, "30 度", old).await, &["Q0709 spring/care.md:3:1"]);
    let link = "<a data-miniprogram-appid=\"wx0123456789abcdef\" href=\"#\">买</a> 30 度";
    check(&edited(BODY, "30 度", link).await, &["Q0709 spring/care.md:3:4"]);
    let scene = edited(CAMPAIGN, "path: pages/", "path: /pages/").await;
    check(&scene, &["Q0315 spring/campaign.yaml:6:44", "Q0708 spring/launch.md:7:4"]);
}

/// 19: a text that links to another site is refused; one that links to an article is not.
#[tokio::test]
async fn trap_19_an_external_link_in_a_text() {
    let refused = ["Q0723 notice/campaign.yaml:7:11"];
    check(&saying("<a href=\"https://example.com/\">看</a>").await, &refused);
    check(&saying("<a>看</a>").await, &refused);
    check(&saying("<a href=\"http://mp.weixin.qq.com/s/a\">看</a> 3 < 5").await, &[]);
    let program = |appid: &str, path: &str| {
        let program =
            format!("data-miniprogram-appid=\"{appid}\" data-miniprogram-path=\"{path}\"");
        format!("<a href=\"https://example.com/\" {program}>看</a>")
    };
    check(&saying(&program("wx0123456789abcdef", "pages/a")).await, &[]);
    check(&saying(&program("gh_0123456789ab", "pages/a")).await, &refused);
    check(&saying(&program("wx0123456789abcdef", "")).await, &refused);
}

/// 21: a send to everyone may wait for a tap on a phone and then fail; a real account's plan says so.
#[tokio::test]
async fn trap_21_the_administrators_tap() {
    let scene = Scene::new(text("all", "all: { everyone: true }", "")).await;
    let mut plan = scene.plan().await;
    assert!(!drawn(&plan).contains("API群发保护"), "an emulated account waits for nobody");
    plan.account.appid = AppId::new("wx0123456789abcdef").unwrap();
    let drawn = drawn(&plan);
    assert!(drawn.contains("under API群发保护"), "{drawn}");
}

fn drawn(plan: &Plan) -> String {
    use qunfa::report::{Color, Format, Style};
    let style = Style { color: Color::Plain, width: 200, now: crate::support::noon() };
    let mut out = Vec::new();
    qunfa::report::plan(std::slice::from_ref(plan), Format::Human, &style, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}
