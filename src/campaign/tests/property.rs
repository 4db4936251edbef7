//! Documents nobody meant to write: no panic, and never silence.

use proptest::prelude::*;

use super::*;

const WHOLE: &str = "\
version: 1
campaign: spring-2026
account: demo
vars: { season: 春季, list: [一, &a 二, *a] }
mini_programs: { shop: { appid: wx0123456789abcdef, path: p, image: images/card.png } }
media: { cover: { image: images/cover.jpg } }
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

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

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
        let chars: Vec<char> = WHOLE.chars().collect();
        let after = chars.iter().skip(at + cut);
        let text: String = chars[..at].iter().copied().chain(put.chars()).chain(after.copied()).collect();
        read(&text)?;
    }

    /// What is read here without complaint, the other reader of YAML reads as the same document.
    #[test]
    fn two_readers_agree(
        at in 0..WHOLE.chars().count(),
        cut in 0_usize..4,
        put in "[\\[\\]{}:,\"'|>?\\-0-9a-z\n 春]{0,3}",
    ) {
        let chars: Vec<char> = WHOLE.chars().collect();
        let after = chars.iter().skip(at + cut);
        let text: String = chars[..at].iter().copied().chain(put.chars()).chain(after.copied()).collect();
        let (campaign, problems) = parse(&bundle_of(PROJECT, &text, &[]));
        if let (Some(campaign), true) = (campaign, problems.is_empty()) {
            let other: serde_yaml::Value = serde_yaml::from_str(&text)
                .map_err(|error| TestCaseError::fail(format!("{error} in\n{text}")))?;
            prop_assert_eq!(other["campaign"].as_str(), Some(campaign.name.as_str()));
            for send in &campaign.sends {
                prop_assert_eq!(other["sends"][send.name.as_str()]["to"].as_str(), Some(send.to.as_str()));
            }
            for article in &campaign.articles {
                let title = other["articles"][article.name.as_str()]["title"].as_str();
                prop_assert_eq!(title, Some(article.title.as_str()));
            }
        }
    }
}
