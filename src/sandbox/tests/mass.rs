//! Mass sends: to whom, of what, and what becomes of the job.

use super::*;
use crate::{
    sandbox::{Confirmation, JobAudience},
    terms::JobStatus,
};

const SENDALL: &str = "message/mass/sendall";

#[tokio::test]
async fn an_audience_is_never_guessed() {
    let desk = Desk::open(service()).await;
    for (filter, errcode) in [
        (json!(null), 40152),
        (json!({}), 40152),
        (json!({ "is_to_all": false }), 40152),
        (json!({ "is_to_all": false, "group_id": "100" }), 40152),
        (json!({ "is_to_all": false, "tag_id": 0 }), 40152),
        (json!({ "is_to_all": false, "tag_id": "" }), 47001),
        (json!({ "is_to_all": false, "tag_id": 999 }), 45159),
        (json!({ "is_to_all": false, "tag_id": -1 }), 45159),
        (json!({ "is_to_all": "false", "tag_id": 100 }), 47001),
        (json!({ "is_to_all": true, "tag_id": 100 }), 40035),
        (json!({ "is_to_all": true, "group_id": 100 }), 40035),
        (json!(100), 47001),
    ] {
        desk.check(SENDALL, &with(text_to_vip("a"), "filter", filter), errcode).await;
    }
    assert!(desk.sandbox.jobs().is_empty());
    for (filter, audience, recipients) in [
        (json!({ "is_to_all": false, "tag_id": 100 }), JobAudience::Tag(100), 3_210),
        (json!({ "is_to_all": false, "tag_id": "101" }), JobAudience::Tag(101), 1_024),
        (json!({ "tag_id": 102 }), JobAudience::Tag(102), 58),
        (json!({ "is_to_all": true, "group_id": null }), JobAudience::Everyone, 12_480),
    ] {
        let id = recipients.to_string();
        desk.check(SENDALL, &with(text_to_vip(&id), "filter", filter), 0).await;
        let job = desk.sandbox.jobs().pop().unwrap();
        assert_eq!((job.audience, job.recipients), (audience, recipients));
    }
}

#[tokio::test]
async fn a_type_and_its_branch_belong_together() {
    let desk = Desk::open(service()).await;
    let outside = "<a href=\"https://example.com\">看</a>";
    let inside = "<a href=\"https://mp.weixin.qq.com/s/abc\">看</a> 1 < 2";
    let bad_app = "<a href=\"\" data-miniprogram-appid=\"wx1\" data-miniprogram-path=\"p\">买</a>";
    for (fields, errcode) in [
        (json!({ "msgtype": "text" }), 44004),
        (json!({ "msgtype": "text", "text": {} }), 44004),
        (json!({ "msgtype": "text", "text": { "content": "\n" } }), 44004),
        (json!({ "msgtype": "text", "text": "春" }), 47001),
        (json!({ "msgtype": "text", "text": { "content": "字".repeat(601) } }), 45002),
        (json!({ "msgtype": "text", "text": { "content": outside } }), 40066),
        (json!({ "msgtype": "text", "text": { "content": bad_app } }), 45086),
        (json!({ "msgtype": "text", "mpnews": { "media_id": "a" } }), 40008),
        (json!({ "msgtype": "mpnews" }), 44003),
        (json!({ "msgtype": "mpnews", "mpnews": { "media_id": "没有" } }), 40007),
        (json!({ "msgtype": "mpnews", "news": { "media_id": "a" } }), 44003),
        (
            json!({ "msgtype": "mpnews", "mpnews": { "media_id": "a" }, "text": { "content": "春" } }),
            40008,
        ),
        (json!({ "msgtype": "news", "mpnews": { "media_id": "a" } }), 40008),
        (json!({ "text": { "content": "春" } }), 40008),
        (json!({ "msgtype": "music", "music": { "media_id": "a" } }), 40008),
        (
            json!({ "msgtype": "text", "text": { "content": "春" }, "send_ignore_reprint": 2 }),
            40035,
        ),
        (json!({ "msgtype": "text", "text": { "content": inside } }), 0),
    ] {
        let body = with(fields, "filter", json!({ "is_to_all": false, "tag_id": 100 }));
        desk.check(SENDALL, &body, errcode).await;
    }
}

#[tokio::test]
async fn a_list_has_two_to_ten_thousand_openids() {
    let desk = Desk::open(service()).await;
    let good = json!({ "msgtype": "text", "text": { "content": "春" } });
    let mut foreign = openids(2);
    foreign.push("oV5CrjpxgaGXNHIQigzNlgLTnwic".to_owned());
    for (list, errcode) in [
        (json!(null), 44005),
        (json!([]), 44005),
        (json!(openids(1)), 40130),
        (json!(openids(10_001)), 45019),
        (json!(openids(1)[0]), 40031),
        (json!([1, 2]), 40031),
        (json!(foreign), 40003),
        (json!(openids(10_000)), 0),
    ] {
        desk.check("message/mass/send", &with(good.clone(), "touser", list), errcode).await;
    }
    let mut list = openids(3);
    list.push(list[0].clone()); // twice
    list.push(openid(&service().appid, 12_480)); // not a follower (any more)
    let body = with(with(good, "touser", json!(list)), "clientmsgid", json!("b"));
    desk.check("message/mass/send", &body, 0).await;
    let job = desk.sandbox.jobs().pop().unwrap();
    assert_eq!((job.audience, job.total, job.recipients), (JobAudience::OpenIds(5), 5, 3));
}

#[tokio::test]
async fn a_subscription_account_sends_to_no_list() {
    let sandbox = Sandbox::start(subscription(), Keep::Memory, clock()).await.unwrap();
    let desk = Desk::over(sandbox, "sandbox-daily").await;
    let body = json!({ "touser": openids(2), "msgtype": "text", "text": { "content": "春" } });
    desk.check("message/mass/send", &body, 48001).await;
}

#[tokio::test]
async fn a_draft_dies_when_its_job_is_accepted() {
    let desk = Desk::open(service()).await;
    let media_id = desk.draft().await;
    let body = json!({
        "filter": { "is_to_all": false, "tag_id": 100 },
        "mpnews": { "media_id": media_id },
        "msgtype": "mpnews", "send_ignore_reprint": 0, "clientmsgid": "launch",
    });
    let answer = desk.post(SENDALL, &body).await;
    assert_eq!(
        answer.to_string(),
        r#"{"errcode":0,"errmsg":"send job submission success","msg_id":3147483649,"msg_data_id":2247483648}"#
    );
    assert!(desk.sandbox.drafts().is_empty());
    desk.check("draft/get", &json!({ "media_id": media_id }), 40007).await;
    desk.check(SENDALL, &with(body, "clientmsgid", json!("other")), 40007).await;
    let job = desk.sandbox.jobs().pop().unwrap();
    assert_eq!(job.content, ["春季上新：十二款通勤外套"]);
    assert_eq!(job.client_msg_id.as_deref(), Some("launch"));
}

async fn status(desk: &Desk, msg_id: &Value) -> String {
    let answer = desk.post("message/mass/get", &json!({ "msg_id": msg_id })).await;
    answer["msg_status"].as_str().map_or_else(|| code(&answer).to_string(), str::to_owned)
}

#[tokio::test]
async fn a_job_finishes_later() {
    let desk = Desk::open(service()).await;
    let msg_id = desk.send_text("a").await["msg_id"].clone();
    assert_eq!(status(&desk, &msg_id).await, "SENDING");
    desk.later(19);
    assert_eq!(status(&desk, &json!(msg_id.to_string())).await, "SENDING");
    desk.later(1);
    assert_eq!(status(&desk, &msg_id).await, "SEND_SUCCESS");
    assert_eq!(status(&desk, &json!(1)).await, "40059");
    desk.later(30 * 24 * 3600);
    desk.sandbox.expire_tokens();
    let token = desk.ask_token("sandbox-shop").await["access_token"].as_str().unwrap().to_owned();
    assert_eq!(status(&Desk { token, ..desk }, &msg_id).await, "40059");
}

#[tokio::test]
async fn a_job_ends_as_ordered() {
    let desk = Desk::open(service()).await;
    desk.sandbox.end_next_job(&JobStatus::Failed);
    let failed = desk.send_text("a").await["msg_id"].clone();
    let sent = desk.send_text("b").await["msg_id"].clone();
    desk.sandbox.set_tag("星标组", 100, 0);
    let nobody = desk.send_text("c").await["msg_id"].clone();
    assert_eq!(status(&desk, &failed).await, "SENDING");
    desk.sandbox.finish_jobs();
    assert_eq!(status(&desk, &failed).await, "SEND_FAIL");
    assert_eq!(status(&desk, &sent).await, "SEND_SUCCESS");
    assert_eq!(status(&desk, &nobody).await, "DELETE");
}

#[tokio::test]
async fn the_administrator_is_asked_about_everyone() {
    let minutes = |count| Duration::from_mins(count);
    for (confirmation, after, expected) in [
        (Confirmation::Granted(minutes(5)), 5 * 60 + 20, "SEND_SUCCESS"),
        (Confirmation::Refused(minutes(5)), 5 * 60, "SEND_FAIL"),
        (Confirmation::Unanswered, 30 * 60, "SEND_FAIL"),
    ] {
        let desk = Desk::open(Rules { confirmation, ..service() }).await;
        let body = with(text_to_vip("a"), "filter", json!({ "is_to_all": true }));
        let msg_id = desk.post(SENDALL, &body).await["msg_id"].clone();
        desk.later(after - 1);
        assert_eq!(status(&desk, &msg_id).await, "SENDING");
        desk.later(1);
        assert_eq!(status(&desk, &msg_id).await, expected);
    }
}

#[tokio::test]
async fn a_finished_send_of_articles_is_retracted() {
    let desk = Desk::open(service()).await;
    let media_id = desk.draft().await;
    let body = with(text_to_vip("a"), "mpnews", json!({ "media_id": media_id }));
    let body = with(with(body, "msgtype", json!("mpnews")), "text", json!(null));
    let msg_id = desk.post(SENDALL, &body).await["msg_id"].clone();
    let text_id = desk.send_text("b").await["msg_id"].clone();
    let delete = json!({ "msg_id": msg_id });
    desk.check("message/mass/delete", &delete, 40065).await;
    desk.sandbox.finish_jobs();
    desk.check("message/mass/delete", &json!({ "msg_id": text_id }), 40008).await;
    desk.check("message/mass/delete", &with(delete.clone(), "article_idx", json!(2)), 40060).await;
    desk.check("message/mass/delete", &json!({ "url": "http://mp.weixin.qq.com/s/x" }), 40059)
        .await;
    desk.check("message/mass/delete", &delete, 0).await;
    assert_eq!(status(&desk, &msg_id).await, "DELETE");
    desk.check("message/mass/delete", &delete, 40065).await;
}

fn pictures_to_vip(images: &Value) -> Value {
    let filter = json!({ "is_to_all": false, "tag_id": 100 });
    json!({ "filter": filter, "images": images, "msgtype": "image" })
}

#[tokio::test]
async fn pictures_go_out_under_their_caption() {
    let desk = Desk::open(service()).await;
    let (coat, scarf) = (desk.cover().await, desk.cover().await);
    let (caption, usual) = ("春季上新：<b>外套</b>与围巾 🌸", "分享图片");
    let long = "字".repeat(1_000);
    let full = vec![coat.as_str(); 20];
    let both = json!({
        "media_ids": [scarf, coat], "recommend": caption,
        "need_open_comment": 1, "only_fans_can_comment": 0,
    });
    for (images, expected) in [
        (both, vec![caption, &scarf, &coat]),
        (json!({ "media_ids": [coat] }), vec![usual, &coat]),
        (json!({ "media_ids": [coat], "recommend": long }), vec![&long, &coat]),
        (json!({ "media_ids": full, "recommend": "" }), [&[usual], full.as_slice()].concat()),
    ] {
        let id = json!(desk.sandbox.jobs().len().to_string());
        desk.check(SENDALL, &with(pictures_to_vip(&images), "clientmsgid", id), 0).await;
        let job = desk.sandbox.jobs().pop().unwrap();
        assert_eq!((job.msgtype.as_str(), job.recipients), ("image", 3_210));
        assert_eq!(job.content, expected);
        assert!(job.articles.is_empty());
    }
    let old = json!({ "touser": openids(2), "image": { "media_id": scarf }, "msgtype": "image" });
    desk.check("message/mass/send", &old, 0).await;
    assert_eq!(desk.sandbox.jobs().pop().unwrap().content, [usual, &scarf]);
    assert_eq!(desk.sandbox.materials().len(), 2); // a send uses up no material

    let page = desk.http.get(desk.sandbox.base_url()).send().await.unwrap().text().await.unwrap();
    let what = format!(
        "春季上新：&lt;b&gt;外套&lt;/b&gt;与围巾 🌸<br><small>图片 1: {scarf}</small><br>\
         <small>图片 2: {coat}</small></td>"
    );
    assert!(page.contains(&what), "{page}");
}

#[tokio::test]
async fn pictures_are_permanent_images_of_this_account() {
    let desk = Desk::open(service()).await;
    let (draft, picture) = (desk.draft().await, desk.cover().await);
    let gone = desk.cover().await;
    desk.check("material/del_material", &json!({ "media_id": gone }), 0).await;
    let inside = desk.upload("media/uploadimg", media("a.jpg", JPEG)).await["url"].clone();
    for (images, errcode) in [
        (json!({}), 40215),
        (json!({ "media_ids": null, "recommend": "春" }), 40215),
        (json!({ "media_ids": [] }), 40215),
        (json!({ "media_ids": vec![&picture; 21] }), 40215),
        (json!({ "media_id": picture }), 40215),
        (json!({ "media_ids": picture }), 47001),
        (json!({ "media_ids": [1] }), 47001),
        (json!([picture]), 47001),
        (json!({ "media_ids": ["没有"] }), 40007),
        (json!({ "media_ids": [""] }), 40007),
        (json!({ "media_ids": [draft] }), 40007),
        (json!({ "media_ids": [inside] }), 40007),
        (json!({ "media_ids": [picture, gone] }), 40007),
        (json!({ "media_ids": [picture], "recommend": "字".repeat(1_001) }), 40193),
        (json!({ "media_ids": [picture], "recommend": ["春"] }), 47001),
        (json!({ "media_ids": [picture], "need_open_comment": 2 }), 40035),
        (json!({ "media_ids": [picture], "only_fans_can_comment": 2 }), 40035),
    ] {
        desk.check(SENDALL, &pictures_to_vip(&images), errcode).await;
    }
    let good = pictures_to_vip(&json!({ "media_ids": [picture] }));
    let one = json!({ "media_id": picture });
    let only = |branch: &str, value| with(pictures_to_vip(&json!(null)), branch, value);
    for (body, errcode) in [
        (only("image", json!({ "media_id": draft })), 40007),
        (only("image", json!({ "media_id": "" })), 40007),
        (only("image", json!({ "media_ids": [picture] })), 40007),
        (only("image", json!(null)), 40215),
        (only("mpnews", one.clone()), 40008),
        (with(good.clone(), "image", one.clone()), 40008),
        (with(good.clone(), "msgtype", json!("images")), 40008),
        (with(good.clone(), "msgtype", json!("text")), 40008),
        (with(only("image", one), "msgtype", json!("mpnews")), 40008),
    ] {
        desk.check(SENDALL, &body, errcode).await;
    }
    assert!(desk.sandbox.jobs().is_empty());
}

#[tokio::test]
async fn pictures_are_sent_once_and_never_retracted() {
    let desk = Desk::open(service()).await;
    let (coat, scarf) = (desk.cover().await, desk.cover().await);
    let images = json!({ "media_ids": [coat, scarf], "recommend": "春季上新" });
    let named = with(pictures_to_vip(&images), "clientmsgid", json!("spring"));
    let first = desk.post(SENDALL, &named).await;
    desk.later(60);
    let again = desk.post(SENDALL, &named).await;
    assert_eq!((code(&again), &again["msg_id"]), (45065, &first["msg_id"]));
    desk.check("message/mass/delete", &json!({ "msg_id": first["msg_id"] }), 40008).await;

    // Without an id the pictures, their order and their caption stand for it.
    desk.check(SENDALL, &pictures_to_vip(&images), 0).await;
    for other in [
        json!({ "media_ids": [scarf, coat], "recommend": "春季上新" }),
        json!({ "media_ids": [coat, scarf], "recommend": "春季上新！" }),
        json!({ "media_ids": [coat], "recommend": "春季上新" }),
    ] {
        desk.check(SENDALL, &pictures_to_vip(&other), 0).await;
    }
    desk.later(60);
    desk.check(SENDALL, &pictures_to_vip(&images), 45065).await;
    assert_eq!(desk.sandbox.jobs().len(), 5);
}
