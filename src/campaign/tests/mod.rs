//! The room's tests: short campaigns, and what is said about them.

mod bundle;
mod files;
mod media;
mod project;
mod property;
mod retractions;
pub(in crate::campaign) mod recordings;
mod schema;
mod sends;
mod structure;
mod values;
mod yaml;

use super::{Bundle, Campaign, check as check_campaign, check_project, parse};
use crate::diagnostic::Diagnostic;

/// The accounts of every test: an emulated one, and a real one.
const PROJECT: &str = "\
version: 1
accounts:
  demo: { kind: service, api: sandbox }
  shop:
    kind: service
    appid: wx1234567890abcdef
    secret: { env: WECHAT_SHOP_SECRET }
    policy: { max_window: 7d }
    campaigns: [ campaigns/shop ]
  daily: { kind: subscription, api: sandbox }
shared: [ shared ]
";

/// How every campaign of the tests begins: three lines.
const HEAD: &str = "version: 1\ncampaign: spring-2026\naccount: demo\n";

/// The rest of a campaign without a fault.
const REST: &str = "\
articles:
  launch: { title: 春季上新, cover: images/cover.jpg, body: launch.md }
targets: { vip: { tag: VIP会员 }, all: { everyone: true } }
sends:
  first: { news: [launch], to: vip, window: { until: 2026-03-01T20:00:00+08:00 } }
";

const JPEG: &[u8] = b"\xff\xd8\xff\xe0\0\x10JFIF\0";

/// The head of a PNG of some size.
fn png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
    bytes.extend(width.to_be_bytes());
    bytes.extend(height.to_be_bytes());
    bytes.extend(b"\x08\x02\0\0\0");
    bytes
}

/// A campaign with the files that the tests name.
fn bundle_of(project: &str, campaign: &str, more: &[(&str, &[u8])]) -> Bundle {
    let card = png(1080, 864);
    let mut files: Vec<(&str, &[u8])> = vec![
        ("qunfa.yaml", project.as_bytes()),
        ("spring/campaign.yaml", campaign.as_bytes()),
        ("spring/launch.md", "# 春季上新".as_bytes()),
        ("spring/images/cover.jpg", JPEG),
        ("spring/images/card.png", &card),
        ("shared/logo.jpg", JPEG),
        ("private/key.txt", b"o6_a\no6_b\n"),
    ];
    files.extend(more);
    Bundle::from_files(&files)
}

/// Reads and checks a campaign, like a command does.
fn problems_of(bundle: &Bundle) -> (Option<Campaign>, Vec<Diagnostic>) {
    let (campaign, mut problems) = parse(bundle);
    if let Some(campaign) = &campaign {
        problems.extend(check_campaign(campaign, bundle));
    }
    (campaign, problems)
}

/// Writes problems a line each: code, line, the text under the caret, what is wrong and what to do.
fn shown(problems: &[Diagnostic]) -> String {
    let line = |problem: &Diagnostic| {
        let place = problem.place().expect("every problem has a place");
        let (line, under) = (place.line_column().0, &place.file().text[place.span()]);
        let under: String = under.chars().take(30).collect();
        let help = problem.help.as_deref().unwrap_or_default();
        format!("{} {line} [{under}] {} | {help}", problem.code.id, problem.message)
    };
    problems.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// Compares what is said about a campaign with what should be: each expected line is the beginning
/// of a line that is said.
fn compare(problems: &[Diagnostic], expected: &str) {
    let seen = shown(problems);
    let expected: Vec<&str> =
        expected.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let fits = seen.lines().count() == expected.len()
        && seen.lines().zip(&expected).all(|(seen, expected)| seen.starts_with(expected));
    assert!(fits, "said:\n{seen}\n\nexpected:\n{}", expected.join("\n"));
}

/// Checks a whole campaign file.
fn check(campaign: &str, expected: &str) {
    let bundle = bundle_of(PROJECT, campaign, &[]);
    compare(&problems_of(&bundle).1, expected);
}

/// Checks what stands after [`HEAD`], and before [`REST`] when that has none of its keys.
fn check_with(body: &str, expected: &str) {
    check(&format!("{HEAD}{body}{REST}"), expected);
}

/// Checks one send: line 8, after two articles and the targets.
fn check_send(send: &str, expected: &str) {
    let campaign = format!(
        "{HEAD}articles: {{ launch: {{ title: 春季上新, cover: images/cover.jpg, body: launch.md }},\n  \
         care: {{ title: 洗护, cover: images/cover.jpg, body: launch.md }} }}\n\
         targets: {{ vip: {{ tag: VIP会员 }}, all: {{ everyone: true }} }}\nsends:\n  first: {send}\n"
    );
    check(&campaign, expected);
}

const WINDOW: &str = "window: { until: 2026-03-01T20:00:00+08:00 }";
