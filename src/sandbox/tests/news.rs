//! Articles by the old way, and what the originality check makes of articles.

use super::*;
use crate::sandbox::Originality;

const UPLOAD: &str = "media/uploadnews";
const SENDALL: &str = "message/mass/sendall";

fn send(media_id: &Value, id: &str) -> Value {
    let body = with(text_to_vip(id), "mpnews", json!({ "media_id": media_id }));
    with(with(body, "msgtype", json!("mpnews")), "text", json!(null))
}

async fn thumb(desk: &Desk) -> String {
    desk.file("media/upload?type=thumb", media("a.jpg", JPEG)).await
}

#[tokio::test]
async fn the_old_way_takes_temporary_thumbs() {
    let rules = Rules { token_lives: Duration::from_hours(24 * 30), ..service() };
    let desk = Desk::open(rules).await;
    let thumb = thumb(&desk).await;
    let permanent = desk.file("material/add_material?type=thumb", media("a.jpg", JPEG)).await;
    let image = desk.file("media/upload?type=image", media("a.jpg", JPEG)).await;
    for cover in [permanent, image, desk.cover().await, "没有".to_owned()] {
        desk.check(UPLOAD, &json!({ "articles": [article(&cover)] }), 40007).await;
    }
    desk.check(UPLOAD, &json!({ "articles": [] }), 44003).await;
    let news = desk.post(UPLOAD, &json!({ "articles": [article(&thumb)] })).await;
    assert_eq!((&news["type"], &news["created_at"]), (&json!("news"), &json!(1_772_330_400)));
    let id = &news["media_id"];
    desk.check(SENDALL, &send(id, "a"), 0).await;
    desk.check(SENDALL, &send(id, "b"), 0).await; // a send does not use it up
    let preview = with(send(id, ""), "towxname", json!("reviewer"));
    desk.check("message/mass/preview", &preview, 0).await;
    desk.check("draft/get", &json!({ "media_id": id }), 40007).await;
    assert_eq!(desk.sandbox.jobs()[1].content, ["春季上新：十二款通勤外套"]);
    desk.later(3 * 24 * 3600);
    desk.check(SENDALL, &send(id, "c"), 40007).await;
    desk.check(UPLOAD, &json!({ "articles": [article(&thumb)] }), 40007).await;
}

#[tokio::test]
async fn the_old_way_has_ten_calls_a_day() {
    let desk = Desk::open(service()).await;
    let body = json!({ "articles": [article(&thumb(&desk).await)] });
    for _ in 0..10 {
        desk.check(UPLOAD, &body, 0).await;
    }
    desk.check(UPLOAD, &body, 45009).await;
}

#[tokio::test]
async fn sends_of_one_material_share_their_articles() {
    let desk = Desk::open(service()).await;
    let article = article(&thumb(&desk).await);
    let news = desk.post(UPLOAD, &json!({ "articles": [article, article] })).await;
    let mut ids = Vec::new();
    for id in ["a", "b"] {
        ids.push(desk.post(SENDALL, &send(&news["media_id"], id)).await["msg_id"].clone());
    }
    desk.sandbox.finish_jobs();
    desk.check("message/mass/delete", &json!({ "msg_id": ids[0], "article_idx": 2 }), 0).await;
    let seen = || desk.sandbox.jobs().into_iter().map(|job| job.retracted).collect::<Vec<_>>();
    assert_eq!(seen(), [[2].into(), [2].into()]);
    desk.check("message/mass/delete", &json!({ "msg_id": ids[1], "article_idx": 2 }), 40065).await;
    desk.check("message/mass/delete", &json!({ "msg_id": ids[1], "article_idx": 1 }), 0).await;
    for id in ids {
        let answer = desk.post("message/mass/get", &json!({ "msg_id": id })).await;
        assert_eq!(answer["msg_status"], "DELETE");
    }
    desk.check(SENDALL, &send(&news["media_id"], "c"), 0).await;
    assert_eq!(seen()[2], [1, 2].into());
}

#[tokio::test]
async fn a_reprint_is_stopped_after_it_was_accepted() {
    for (originality, ignores, reason) in [
        (Originality::Original, 0, None),
        (Originality::Reprint, 0, Some("err(30003)")),
        (Originality::Reprint, 1, None),
        (Originality::Forbidden, 0, Some("err(30002)")),
        (Originality::Forbidden, 1, Some("err(30002)")),
        (Originality::CheckFailed, 0, Some("err(30001)")),
        (Originality::CheckFailed, 1, None),
    ] {
        let desk = Desk::open(Rules { originality, ..service() }).await;
        let body = send(&json!(desk.draft().await), "a");
        let body = with(body, "send_ignore_reprint", json!(ignores));
        let msg_id = desk.post(SENDALL, &body).await["msg_id"].clone();
        desk.later(20);
        let answer = desk.post("message/mass/get", &json!({ "msg_id": msg_id })).await;
        let status = if reason.is_some() { "SEND_FAIL" } else { "SEND_SUCCESS" };
        assert_eq!(answer["msg_status"], status, "{originality:?}");
        assert_eq!(desk.sandbox.jobs()[0].reason.as_deref(), reason, "{originality:?}");
        desk.check(SENDALL, &text_to_vip("b"), 0).await;
        assert_eq!(desk.sandbox.jobs()[1].reason, None); // a text is nobody's
    }
}
