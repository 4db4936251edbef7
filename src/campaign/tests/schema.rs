//! The schemas, and that they say what the decoder does.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::campaign::keys::{self, Shape};
use crate::campaign::{campaign_schema, project_schema};

/// What a schema says of a document: nothing, or its first complaint.
fn complaint(schema: &Value, yaml: &str) -> Option<String> {
    let document: Value = serde_yaml::from_str(yaml).unwrap();
    let validator = jsonschema::options().should_validate_formats(true).build(schema).unwrap();
    validator
        .iter_errors(&document)
        .next()
        .map(|error| format!("{}: {error}", error.instance_path()))
}

fn check_campaign(more: &str, fits: Result<(), &str>) {
    let yaml = format!("version: 1\ncampaign: spring-2026\naccount: demo\n{more}");
    let said = complaint(&campaign_schema(), &yaml);
    match fits {
        Ok(()) => assert_eq!(said, None),
        Err(part) => assert!(said.as_ref().is_some_and(|said| said.contains(part)), "{said:?}"),
    }
}

#[test]
fn the_decoder_and_the_schema_have_the_same_keys() {
    let (project, campaign) = (project_schema(), campaign_schema());
    let check = |root: &Value, name: &str, shape: &Shape| {
        let object = if name.is_empty() { root } else { &root["$defs"][name] };
        assert_eq!(object["additionalProperties"], false, "{name} is closed");
        let keys: BTreeSet<&str> =
            object["properties"].as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(keys, shape.keys.iter().copied().collect(), "{}", shape.what);
    };
    check(&project, "", &keys::PROJECT);
    check(&project, "Account", &keys::ACCOUNT);
    check(&project, "Policy", &keys::POLICY);
    check(&project, "Approvals", &keys::APPROVALS);
    check(&project, "History", &keys::HISTORY);
    check(&project, "Source", &keys::SOURCE);
    check(&campaign, "", &keys::CAMPAIGN);
    check(&campaign, "Window", &keys::WINDOW);
    check(&campaign, "Send", &keys::SEND);
    check(&campaign, "Article", &keys::ARTICLE);
    for both in [&project, &campaign] {
        check(both, "MiniProgram", &keys::MINI_PROGRAM);
        check(both, "Media", &keys::MEDIA);
        check(both, "Target", &keys::TARGET);
        check(both, "OpenIdColumn", &keys::OPENIDS);
        check(both, "Expect", &keys::EXPECT);
        check(both, "Reviewer", &keys::REVIEWER);
    }
}

#[test]
fn the_schemas_are_schemas_and_refuse_null() {
    for schema in [campaign_schema(), project_schema()] {
        assert!(jsonschema::meta::is_valid(&schema));
        assert!(!schema.to_string().contains("null"), "{schema:#}");
    }
}

#[test]
fn the_examples_fit() {
    let examples = [
        include_str!("../../../campaigns/spring/campaign.yaml"),
        include_str!("../../../campaigns/notice/campaign.yaml"),
    ];
    for example in examples {
        assert_eq!(complaint(&campaign_schema(), example), None);
    }
    let project = include_str!("../../../campaigns/qunfa.yaml");
    assert_eq!(complaint(&project_schema(), project), None);
}

#[test]
fn campaigns_that_fit_and_that_do_not() {
    let window = "window: { until: 2026-03-01T20:00:00+08:00 }";
    check_campaign("", Ok(()));
    check_campaign("vars: { season: 春季, list: [1, 二] }\n", Ok(()));
    check_campaign("vars: { season: }\n", Err("/vars/season"));
    check_campaign("编辑: 王\n", Err("编辑"));
    check_campaign("media: { 封面: { image: a.jpg } }\n", Err("/media"));
    let send = |send: &str, fits| check_campaign(&format!("sends: {{ a: {{ {send} }} }}\n"), fits);
    send(&format!("text: 春季, to: all, {window}, after: [b, {{ c: ended }}]"), Ok(()));
    send(&format!("text: 春季, to: all, {window}, after: {{ c: ended }}"), Ok(()));
    send(&format!("text: 春季, news: [a], to: all, {window}"), Err("/sends/a"));
    send(&format!("to: all, {window}"), Err("/sends/a"));
    send(&format!("news: [], to: all, {window}"), Err("/sends/a/news"));
    send("text: 春季, to: all, window: {}", Err("until"));
    send("text: 春季, to: all, window: { until: 2026-03-01 }", Err("date-time"));
    let target =
        |target: &str, fits| check_campaign(&format!("targets: {{ a: {{ {target} }} }}\n"), fits);
    target("tag: VIP会员, expect: { at_least: 1 }", Ok(()));
    target("openids: { file: a.csv, column: 粉丝 }", Ok(()));
    target("openids: a.csv", Ok(()));
    target("everyone: false", Err("true"));
    target("", Err("/targets/a"));
}

#[test]
fn media_that_fit_and_that_do_not() {
    let media =
        |media: &str, fits| check_campaign(&format!("media: {{ a: {{ {media} }} }}\n"), fits);
    media("image: a.jpg", Ok(()));
    media("voice: { media_id: Ab-1 }", Ok(()));
    media("video: film.mp4, title: 新品短片", Ok(()));
    media("video: film.mp4, title: 新品短片, description: 三十秒", Ok(()));
    media("thumb: a.jpg", Ok(()));
    media("video: film.mp4", Err("title"));
    media("image: a.jpg, title: 标志", Err("video"));
    media("image: a.jpg, voice: a.mp3", Err("/media/a"));
    media("image: { media_id: 素材 }", Err("/media/a"));
    media("", Err("/media/a"));
}
