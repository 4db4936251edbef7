//! Never the wrong people (R14).

use qunfa::history::Phase;
use qunfa::sandbox::{Fault, How, openid};

use crate::support::{Scene, limits, text};

use super::*;

#[tokio::test]
async fn a_list_that_went_out_does_not_go_to_a_tag_as_well() {
    let mut scene = Scene::new(listed()).await;
    scene.apply().await.unwrap();
    assert_eq!(scene.sandbox.jobs().len(), 2);
    scene.edit("notice/campaign.yaml", "to: list", "to: vip");
    let plan = scene.plan().await;
    assert_eq!((steps(&plan).len(), blockers(&plan)), (0, vec!["sent_audience_changed"]));
    scene.apply().await.unwrap();
    assert_eq!(scene.sandbox.jobs().len(), 2);
}

#[tokio::test]
async fn a_list_edited_between_its_parts_is_blocked() {
    let mut scene = Scene::new(listed()).await;
    scene.sandbox.break_next(Fault::nth("message/mass/send", 2, How::ErrCode(48001)));
    scene.apply().await.unwrap();
    assert_eq!(scene.sandbox.jobs().len(), 1);
    let ids: Vec<String> = (2..10_004).map(|index| openid(&appid(), index)).collect();
    scene.files.insert("notice/list.txt".to_owned(), ids.join("\n").into_bytes());
    let plan = scene.plan().await;
    assert!(!steps(&plan).contains(&"send"), "{:?}", steps(&plan));
    assert_eq!(blockers(&plan), ["sent_audience_changed", "sent_audience_changed"]);
}

#[tokio::test]
async fn the_parts_of_a_list_all_get_the_same_content() {
    let mut scene = Scene::new(listed()).await;
    scene.sandbox.break_next(Fault::nth("message/mass/send", 2, How::ErrCode(48001)));
    scene.apply().await.unwrap();
    scene.edit("notice/campaign.yaml", "今晚", "明晚");
    let plan = scene.plan().await;
    assert_eq!(blockers(&plan), ["sent_content_changed", "sent_content_changed"]);
    scene.apply().await.unwrap();
    assert_eq!(scene.sandbox.jobs().len(), 1);
    scene.edit("notice/campaign.yaml", "明晚", "今晚");
    scene.apply().await.unwrap();
    assert_eq!(scene.sandbox.jobs().len(), 2, "as it was, it goes on with the next part");
}

#[tokio::test]
async fn two_commits_at_once_do_not_send_to_a_list_and_to_a_tag() {
    let mut scene = Scene::new(listed()).await;
    scene.edit("notice/campaign.yaml", "to: list", "to: vip");
    let to_tag = scene.plan().await;
    scene.edit("notice/campaign.yaml", "to: vip", "to: list");
    scene.apply().await.unwrap();
    let outcome = apply_with(&scene, &to_tag, limits()).await;
    assert_eq!((outcome.failed, scene.sandbox.jobs().len()), (1, 2));
}

#[tokio::test]
async fn a_tag_with_another_number_since_the_plan_gets_nothing() {
    let scene = Scene::new(text("vip", "vip: { tag: VIP会员 }", "")).await;
    let plan = scene.plan().await;
    scene.sandbox.set_tag("从前的会员", 100, 3_210);
    scene.sandbox.set_tag("VIP会员", 105, 12);
    let outcome = apply_with(&scene, &plan, limits()).await;
    assert_eq!(outcome.failed, 1);
    assert!(scene.sandbox.jobs().is_empty());
    assert!(matches!(send_of(&scene, HELLO).await.phase, Phase::Ready));
}

#[tokio::test]
async fn a_tag_made_anew_after_the_send_troubles_nobody() {
    let scene = Scene::new(text("vip", "vip: { tag: VIP会员 }", "")).await;
    scene.apply().await.unwrap();
    scene.sandbox.set_tag("从前的会员", 100, 3_210);
    scene.sandbox.set_tag("VIP会员", 105, 12);
    let plan = scene.plan().await;
    assert!(plan.is_empty() && plan.blocked.is_empty(), "{plan:#?}");
}

#[tokio::test]
async fn a_tag_that_shrank_since_the_plan_gets_nothing() {
    let files = text("vip", "vip: { tag: VIP会员, expect: { at_least: 1000 } }", "");
    let scene = Scene::new(files).await;
    let plan = scene.plan().await;
    scene.sandbox.set_tag("VIP会员", 100, 999);
    assert_eq!(apply_with(&scene, &plan, limits()).await.failed, 1);
    assert!(scene.sandbox.jobs().is_empty());
}

#[tokio::test]
async fn a_send_and_its_twin_do_not_both_go_out() {
    let more = "  again:\n    text: 今晚系统维护\n    to: all\n    \
                window: { until: 2099-12-31T21:00:00+08:00 }\n";
    let scene = Scene::new(text("all", "all: { everyone: true }", more)).await;
    scene.apply().await.unwrap();
    assert_eq!(scene.sandbox.jobs().len(), 1);
    assert_eq!(blockers(&scene.plan().await), ["twin"]);
}
