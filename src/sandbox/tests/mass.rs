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
        (json!(100), 47001),
    ] {
        desk.check(SENDALL, &with(text_to_vip("a"), "filter", filter), errcode).await;
    }
    assert!(desk.sandbox.jobs().is_empty());
    for (filter, audience, recipients) in [
        (json!({ "is_to_all": false, "tag_id": 100 }), JobAudience::Tag(100), 3_210),
        (json!({ "is_to_all": false, "tag_id": "101" }), JobAudience::Tag(101), 1_024),
        (json!({ "tag_id": 102 }), JobAudience::Tag(102), 58),
        (json!({ "is_to_all": true }), JobAudience::Everyone, 12_480),
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
        (json!({ "msgtype": "wxcard", "wxcard": { "card_id": "a" } }), 45113),
        (json!({ "msgtype": "voice", "voice": { "media_id": "a" } }), 45052),
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
