//! Sends and previews of voices, videos and cards.

use super::*;
use crate::sandbox::Cards;

const SENDALL: &str = "message/mass/sendall";
const SEND: &str = "message/mass/send";
const PREVIEW: &str = "message/mass/preview";
const CONVERT: &str = "media/uploadvideo";

fn to_vip(msgtype: &str, branch: Value) -> Value {
    let filter = json!({ "is_to_all": false, "tag_id": 100 });
    with(json!({ "filter": filter, "msgtype": msgtype }), msgtype, branch)
}

async fn film(desk: &Desk) -> String {
    desk.file("media/upload?type=video", part("a.mp4", "video/mp4", MP4.to_vec())).await
}

#[tokio::test]
async fn a_voice_is_a_permanent_voice() {
    let desk = Desk::open(service()).await;
    let form = || part("a.mp3", "audio/mpeg", mp3(3));
    let voice = desk.file("material/add_material?type=voice", form()).await;
    let temporary = desk.file("media/upload?type=voice", form()).await;
    let image = desk.cover().await;
    let named = |id: &str| json!({ "media_id": id });
    for (body, errcode) in [
        (to_vip("voice", named(&voice)), 0),
        (to_vip("voice", named(&temporary)), 40128),
        (to_vip("voice", named(&image)), 40007),
        (to_vip("voice", named("没有")), 40007),
        (to_vip("voice", named("")), 40007),
        (to_vip("voice", json!(null)), 40008),
        (with(to_vip("voice", named(&voice)), "msgtype", json!("text")), 40008),
        (with(to_vip("voice", named(&voice)), "image", named(&image)), 40008),
        (to_vip("image", named(&voice)), 40007),
    ] {
        desk.check(SENDALL, &body, errcode).await;
    }
    let preview = with(to_vip("voice", named(&voice)), "towxname", json!("reviewer"));
    desk.check(PREVIEW, &preview, 0).await;
    let job = desk.sandbox.jobs().pop().unwrap();
    assert_eq!((job.msgtype.as_str(), job.content), ("voice", vec![voice.clone()]));
    assert_eq!(desk.sandbox.previews()[0].content, [voice]);
}

#[tokio::test]
async fn a_video_is_made_of_a_temporary_one() {
    let desk = Desk::open(service()).await;
    let temporary = film(&desk).await;
    let form = part("a.mp4", "video/mp4", MP4.to_vec()).text("description", r#"{"title":"春"}"#);
    let permanent = desk.file("material/add_material?type=video", form).await;
    let image = desk.file("media/upload?type=image", media("a.jpg", JPEG)).await;
    let ask = |id: &str| json!({ "media_id": id, "title": "春季上新", "description": "" });
    for (body, errcode) in [
        (ask(&permanent), 40007),
        (ask(&image), 40007),
        (ask("没有"), 40007),
        (json!({ "title": "春季上新" }), 41006),
        (with(ask(&temporary), "title", json!(1)), 47001),
    ] {
        desk.check(CONVERT, &body, errcode).await;
    }
    let answer = desk.post(CONVERT, &ask(&temporary)).await;
    assert_eq!((&answer["type"], &answer["created_at"]), (&json!("video"), &json!(1_772_330_400)));
    let video = answer["media_id"].as_str().unwrap();
    assert_ne!(video, temporary);
    let named = |id: &str| json!({ "media_id": id });
    for (body, errcode) in [
        (to_vip("mpvideo", named(video)), 0),
        (to_vip("mpvideo", named(&temporary)), 40007),
        (to_vip("mpvideo", named(&permanent)), 40007),
        (to_vip("video", named(video)), 40008),
        (with(to_vip("mpvideo", json!(null)), "video", named(video)), 40008),
        (with(to_vip("mpvideo", json!(null)), "voice", named(video)), 40008),
    ] {
        desk.check(SENDALL, &body, errcode).await;
    }
    assert_eq!(desk.sandbox.jobs()[0].content, ["春季上新", video]);
    let list = |branch| with(to_vip("mpvideo", branch), "touser", json!(openids(2)));
    let whole = json!({ "media_id": video, "title": "给会员", "description": "" });
    desk.check(SEND, &list(named(video)), 40035).await;
    desk.check(SEND, &list(with(whole.clone(), "description", json!(null))), 40035).await;
    desk.check(SEND, &list(whole), 0).await;
    assert_eq!(desk.sandbox.jobs()[1].content, ["给会员", video]);
    let other = json!({ "media_id": video, "title": "给会员", "description": "另一段" });
    desk.check(SEND, &list(other.clone()), 0).await;
    desk.check(SEND, &list(other), 45066).await;
    let preview = with(to_vip("mpvideo", named(video)), "touser", json!(openids(1)[0]));
    desk.check(PREVIEW, &preview, 0).await;
}

#[tokio::test]
async fn a_video_can_be_sent_for_three_days() {
    let rules = Rules { token_lives: Duration::from_hours(24 * 30), ..service() };
    let desk = Desk::open(rules).await;
    let temporary = film(&desk).await;
    let ask = json!({ "media_id": temporary, "title": "", "description": "" });
    let answer = desk.post(CONVERT, &ask).await;
    let body = to_vip("mpvideo", json!({ "media_id": answer["media_id"] }));
    desk.later(3 * 24 * 3600);
    desk.check(SENDALL, &body, 40007).await;
    desk.check(CONVERT, &ask, 40007).await;
}

#[tokio::test]
async fn a_preview_of_a_card_is_signed() {
    let desk = Desk::open(service()).await;
    let signature = "f137ab68b7f8112d20ee528ab6074564e2796250";
    let ext =
        json!({ "code": "", "openid": "", "timestamp": "1404896688", "signature": signature });
    let text = |ext: &Value| json!(ext.to_string());
    for (value, errcode) in [
        (text(&ext), 0),
        (json!(null), 40035),
        (ext.clone(), 47001),
        (json!("春"), 47001),
        (text(&with(ext.clone(), "timestamp", json!(1_404_896_688))), 47001),
        (text(&with(ext.clone(), "timestamp", json!(null))), 40035),
        (text(&with(ext.clone(), "timestamp", json!("今天"))), 40035),
        (text(&with(ext.clone(), "signature", json!(null))), 87009),
        (text(&with(ext.clone(), "signature", json!(&signature[1..]))), 87009),
        (text(&with(ext.clone(), "signature", json!(signature.to_uppercase()))), 87009),
    ] {
        let card = with(json!({ "card_id": "pjZ8Yt1X" }), "card_ext", value);
        let body = with(to_vip("wxcard", card), "towxname", json!("reviewer"));
        desk.check(PREVIEW, &body, errcode).await;
    }
    assert_eq!(desk.sandbox.previews()[0].content, ["pjZ8Yt1X"]);
}

#[tokio::test]
async fn cards_go_out_where_the_rules_say_so() {
    let body = to_vip("wxcard", json!({ "card_id": "pjZ8Yt1X" }));
    let desk = Desk::open(service()).await;
    desk.check(SENDALL, &body, 0).await;
    desk.check(SENDALL, &with(body.clone(), "wxcard", json!({})), 40035).await;
    assert_eq!(desk.sandbox.jobs()[0].content, ["pjZ8Yt1X"]);
    let desk = Desk::open(Rules { cards: Cards::Refused, ..service() }).await;
    desk.check(SENDALL, &body, 45113).await;
}
