//! Taking sends back: which, when, and how much of them.

use super::*;
use crate::sandbox::{Fault, How};

const DELETE: &str = "message/mass/delete";
const SENDALL: &str = "message/mass/sendall";

fn send(msgtype: &str, media_id: &Value) -> Value {
    let body = with(text_to_vip(msgtype), msgtype, json!({ "media_id": media_id }));
    with(with(body, "msgtype", json!(msgtype)), "text", json!(null))
}

async fn status(desk: &Desk, msg_id: &Value) -> Value {
    desk.post("message/mass/get", &json!({ "msg_id": msg_id })).await["msg_status"].clone()
}

/// Sends two articles, and returns the job's id.
async fn two_articles(desk: &Desk) -> Value {
    let article = article(&desk.cover().await);
    let draft = desk.post("draft/add", &json!({ "articles": [article, article] })).await;
    let msg_id = desk.post(SENDALL, &send("mpnews", &draft["media_id"])).await["msg_id"].clone();
    desk.sandbox.finish_jobs();
    msg_id
}

#[tokio::test]
async fn articles_go_one_by_one_or_all_at_once() {
    let desk = Desk::open(service()).await;
    let msg_id = two_articles(&desk).await;
    for (field, value, errcode) in [
        ("msg_id", json!(msg_id.to_string()), 47001),
        ("msg_id", json!(1), 40059),
        ("article_idx", json!(3), 40060),
        ("article_idx", json!(-1), 40060),
        ("article_idx", json!(1), 0),
        ("article_idx", json!(1), 40065),
    ] {
        desk.check(DELETE, &with(json!({ "msg_id": msg_id }), field, value), errcode).await;
    }
    assert_eq!(status(&desk, &msg_id).await, "SEND_SUCCESS");
    desk.check(DELETE, &json!({ "msg_id": msg_id, "article_idx": 0 }), 0).await;
    assert_eq!(status(&desk, &msg_id).await, "DELETE");
    desk.check(DELETE, &json!({ "msg_id": msg_id }), 40065).await;
}

#[tokio::test]
async fn ten_calls_a_day() {
    let desk = Desk::open(service()).await;
    for _ in 0..10 {
        desk.check(DELETE, &json!({ "msg_id": 1 }), 40059).await;
    }
    desk.check(DELETE, &json!({ "msg_id": 1 }), 45009).await;
}

#[tokio::test]
async fn a_video_is_taken_back_and_a_voice_is_not() {
    let desk = Desk::open(service()).await;
    let film = part("a.mp4", "video/mp4", MP4.to_vec());
    let film = desk.file("media/upload?type=video", film).await;
    let ask = json!({ "media_id": film, "title": "春季上新", "description": "" });
    let video = desk.post("media/uploadvideo", &ask).await["media_id"].clone();
    let video = desk.post(SENDALL, &send("mpvideo", &video)).await["msg_id"].clone();
    let form = part("a.mp3", "audio/mpeg", mp3(3));
    let voice = json!(desk.file("material/add_material?type=voice", form).await);
    let voice = desk.post(SENDALL, &send("voice", &voice)).await["msg_id"].clone();
    desk.check(DELETE, &json!({ "msg_id": video }), 40065).await; // not finished
    desk.sandbox.finish_jobs();
    desk.check(DELETE, &json!({ "msg_id": voice }), 40008).await;
    desk.check(DELETE, &json!({ "msg_id": video, "article_idx": 2 }), 40060).await;
    desk.check(DELETE, &json!({ "msg_id": video }), 0).await;
    assert_eq!(status(&desk, &video).await, "DELETE");
    assert_eq!(status(&desk, &voice).await, "SEND_SUCCESS");
}

#[tokio::test]
async fn refusals_of_other_accounts_can_be_ordered() {
    let desk = Desk::open(service()).await;
    for code in [42010, 44007, 45028, 46007, 48022, 40204] {
        desk.sandbox.break_next(Fault::next("message/mass/send", How::ErrCode(code)));
        desk.check("message/mass/send", &json!({}), code).await;
    }
}
