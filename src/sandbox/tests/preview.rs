//! Previews: who gets them, and that nothing is used up.

use super::*;
use crate::terms::{Reviewer, WxName};

const PREVIEW: &str = "message/mass/preview";

#[tokio::test]
async fn a_preview_finds_its_reviewer() {
    let rules = Rules { strangers: vec!["stranger".to_owned()], ..service() };
    let desk = Desk::open(rules).await;
    let follower = "o6_bmjrPTlm6_2sgVt7hMZOPfL2M";
    let gone = openid(&service().appid, 12_480);
    for (to, errcode) in [
        (json!({ "touser": follower }), 0),
        (json!({ "touser": gone }), 43004),
        (json!({ "touser": "oV5CrjpxgaGXNHIQigzNlgLTnwic" }), 40003),
        (json!({ "touser": [follower] }), 40003),
        (json!({}), 40003),
        (json!({ "towxname": "editor-in-chief" }), 0),
        (json!({ "towxname": "editor-in-chief", "touser": "谁" }), 0),
        (json!({ "towxname": "stranger", "touser": follower }), 43004),
        (json!({ "towxname": "主编" }), 40132),
        (json!({ "towxname": "abc" }), 40132),
    ] {
        let body = with(with(to, "msgtype", json!("text")), "text", json!({ "content": "春" }));
        desk.check(PREVIEW, &body, errcode).await;
    }
    assert_eq!(desk.sandbox.previews().len(), 3);
}

#[tokio::test]
async fn a_preview_leaves_draft_and_quota_alone() {
    let desk = Desk::open(service()).await;
    let media_id = desk.draft().await;
    let body = json!({
        "towxname": "reviewer", "mpnews": { "media_id": media_id }, "msgtype": "mpnews",
    });
    let answer = desk.post(PREVIEW, &body).await;
    assert_eq!(answer.to_string(), r#"{"errcode":0,"errmsg":"preview success","msg_id":34182}"#);
    desk.check(PREVIEW, &body, 0).await;
    assert_eq!(desk.sandbox.drafts().len(), 1);
    assert!(desk.sandbox.jobs().is_empty());
    let preview = desk.sandbox.previews().pop().unwrap();
    assert_eq!(preview.to, Reviewer::WxName(WxName::new("reviewer").unwrap()));
    assert_eq!(preview.content, ["春季上新：十二款通勤外套"]);
    desk.check(PREVIEW, &with(body, "mpnews", json!({ "media_id": "没有" })), 40007).await;
}

#[tokio::test]
async fn a_hundred_previews_a_day_go_by_wechat_id() {
    let desk = Desk::open(Rules { mass_calls_per_minute: 1_000, ..service() }).await;
    let text = json!({ "msgtype": "text", "text": { "content": "春" } });
    let by_name = with(text.clone(), "towxname", json!("reviewer"));
    for _ in 0..100 {
        desk.check(PREVIEW, &by_name, 0).await;
    }
    desk.check(PREVIEW, &by_name, 45009).await;
    desk.check(PREVIEW, &with(text, "touser", json!(openids(1)[0])), 0).await;
}

#[tokio::test]
async fn a_preview_shows_one_picture() {
    let desk = Desk::open(service()).await;
    let (draft, picture) = (desk.draft().await, desk.cover().await);
    let images = json!({ "media_ids": [picture], "recommend": "春季上新" });
    for (branch, value, errcode) in [
        ("image", json!({ "media_id": picture }), 0),
        ("image", json!({ "media_id": draft }), 40007),
        ("image", json!({ "media_id": "没有" }), 40007),
        ("image", json!({}), 40007),
        ("image", json!(null), 40215),
        ("images", images, 40008),
        ("text", json!({ "content": "春" }), 40008),
    ] {
        let body = json!({ "towxname": "reviewer", "msgtype": "image" });
        desk.check(PREVIEW, &with(body, branch, value), errcode).await;
    }
    let previews = desk.sandbox.previews();
    assert_eq!(previews.len(), 1);
    assert_eq!(previews[0].msgtype, "image");
    assert_eq!(previews[0].content, ["分享图片", &picture]);
    assert_eq!(desk.sandbox.materials().len(), 2);
}
