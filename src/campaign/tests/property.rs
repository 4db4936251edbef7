//! Documents nobody meant to write: no panic, and never silence.

use proptest::prelude::*;

use super::*;

const WHOLE: &str = "\
version: 1
campaign: spring-2026
account: demo
vars: { season: 春季, list: [一, &a 二, *a] }
mini_programs: { shop: { appid: wx0123456789abcdef, path: p, image: images/card.png } }
media:
  cover: { image: images/cover.jpg }
  film: { video: { media_id: Ab-1 }, title: 新品短片, description: 三十秒看完 }
articles:
  launch: { title: \"{{ season }}上新\", cover: cover, body: launch.md, comments: followers }
targets:
  vip: { tag: VIP会员, expect: { at_least: 1, at_most: 9 } }
  list: { openids: { file: recall.csv, column: openid } }
sends:
  teaser:
    text: |
      明天见
    to: vip
    window: { until: 2026-03-01T20:00:00+08:00 }
  film:
    video: film
    to: vip
    window: { until: 2026-03-01T20:00:00+08:00 }
  launch:
    news: [launch]
    to: list
    preview: [ { wxname: reviewer } ]
    window: { from: 2026-03-01T10:00:00+08:00, until: 2026-03-01T20:00:00+08:00 }
    after: [teaser]
";

/// Reads a campaign file, and says whether silence would be wrong.
fn read(campaign: &str) -> Result<(), TestCaseError> {
    let list: &[(&str, &[u8])] = &[("spring/recall.csv", b"openid\no6_a\no6_b\n")];
    let (campaign, problems) = problems_of(&bundle_of(PROJECT, campaign, list));
    prop_assert!(campaign.is_some() || problems.iter().any(Diagnostic::is_error), "silence");
    for problem in &problems {
        let place = problem.place().expect("every problem has a place");
        prop_assert!(place.span().end <= place.file().text.len());
    }
    Ok(())
}

#[test]
fn the_whole_document_has_no_fault() {
    let list: &[(&str, &[u8])] = &[("spring/recall.csv", b"openid\no6_a\no6_b\n")];
    compare(&problems_of(&bundle_of(PROJECT, WHOLE, list)).1, "");
}

/// The whole document with `cut` characters replaced.
fn mutant(at: usize, cut: usize, put: &str) -> String {
    let before = WHOLE.chars().take(at);
    before.chain(put.chars()).chain(WHOLE.chars().skip(at + cut)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_truncated_document(end in 0..WHOLE.chars().count()) {
        read(&WHOLE.chars().take(end).collect::<String>())?;
    }

    #[test]
    fn a_mutated_document(
        at in 0..WHOLE.chars().count(),
        cut in 0_usize..6,
        put in "[\\[\\]{}:,\"'|>?&*!%@`~#\\-0-9a-z\n\t 春]{0,4}",
    ) {
        read(&mutant(at, cut, &put))?;
    }

    /// What is read here without complaint is the same document to the other reader of YAML, if
    /// that one reads it at all: it is stricter about `:` inside of braces.
    #[test]
    fn two_readers_agree(
        at in 0..WHOLE.chars().count(),
        cut in 0_usize..4,
        put in "[\\[\\]{}:,\"'|>?\\-0-9a-z\n 春]{0,3}",
    ) {
        let text = mutant(at, cut, &put);
        let (campaign, problems) = parse(&bundle_of(PROJECT, &text, &[]));
        let other = serde_yaml::from_str::<serde_yaml::Value>(&text);
        if let (Some(campaign), Ok(other), true) = (campaign, other, problems.is_empty()) {
            prop_assert_eq!(other["campaign"].as_str(), Some(campaign.name.as_str()));
            for send in &campaign.sends {
                let to = other["sends"][send.name.as_str()]["to"].as_str();
                prop_assert_eq!(to, Some(send.to.as_str()));
            }
            for article in &campaign.articles {
                let title = other["articles"][article.name.as_str()]["title"].as_str();
                prop_assert_eq!(title, Some(article.title.as_str()));
            }
        }
    }
}
