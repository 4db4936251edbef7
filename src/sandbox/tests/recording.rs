//! Voices, temporary media, videos that can be sent, and cards in previews.

use super::*;

const MP3: &[u8] = b"ID3\x04";
const AMR: &[u8] = b"#!AMR\n";
const MP4: &[u8] = b"\0\0\0\x14ftypisom";

fn long(head: &[u8], length: usize) -> Vec<u8> {
    let mut bytes = head.to_vec();
    bytes.resize(length, 0);
    bytes
}

async fn id_of(desk: &Desk, name: &str, form: Form) -> String {
    let answer = desk.upload(name, form).await;
    answer["media_id"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned()
}

fn to_vip(msgtype: &str, branch: &Value) -> Value {
    let filter = json!({ "is_to_all": false, "tag_id": 100 });
    json!({ "filter": filter, "msgtype": msgtype, msgtype: branch, "clientmsgid": msgtype })
}

#[tokio::test]
async fn uploads_are_judged_by_their_bytes_kind_by_kind() {
    let desk = Desk::open(service()).await;
    let mib = 1024 * 1024;
    let (temporary, permanent) = ("media/upload?type=", "material/add_material?type=");
    for (call, kind, (name, mime, bytes), errcode) in [
        (temporary, "voice", ("a.mp3", "audio/mpeg", MP3.to_vec()), 0),
        (temporary, "voice", ("a.amr", "audio/amr", AMR.to_vec()), 0),
        (temporary, "voice", ("a.wav", "audio/wav", b"RIFF0000WAVE".to_vec()), 40005),
        (temporary, "voice", ("a.mp3", "audio/mpeg", long(MP3, 2 * mib + 1)), 40010),
        (temporary, "video", ("a.mp4", "video/mp4", long(MP4, 10 * mib)), 0),
        (temporary, "video", ("a.mp4", "video/mp4", long(MP4, 10 * mib + 1)), 40011),
        (temporary, "video", ("a.mp3", "audio/mpeg", MP3.to_vec()), 40005),
        (temporary, "thumb", ("a.jpg", "image/jpeg", long(JPEG, 64 * 1024)), 0),
        (temporary, "thumb", ("a.jpg", "image/jpeg", long(JPEG, 64 * 1024 + 1)), 40012),
        (temporary, "image", ("a.png", "image/png", PNG.to_vec()), 0),
        (temporary, "music", ("a.mp3", "audio/mpeg", MP3.to_vec()), 40004),
        (permanent, "voice", ("a.wav", "audio/wav", b"RIFF0000WAVE".to_vec()), 0),
        (permanent, "voice", ("a.wma", "audio/x-ms-wma", b"\x30\x26\xb2\x75".to_vec()), 0),
        (permanent, "voice", ("a.mp3", "audio/amr", MP3.to_vec()), 40005),
        (permanent, "voice", ("a.amr", "audio/mpeg", MP3.to_vec()), 40005),
        (permanent, "voice", ("a.mp3", "audio/mpeg", long(MP3, 2 * mib + 1)), 40010),
    ] {
        let answer = desk.upload(&format!("{call}{kind}"), part(name, mime, bytes)).await;
        assert_eq!(code(&answer), errcode, "{call}{kind} {name}: {answer}");
    }
    let answer = desk.upload("media/upload?type=thumb", media("a.jpg", JPEG)).await;
    assert!(answer["media_id"].is_null() && answer["thumb_media_id"].is_string(), "{answer}");
    let count = desk.get("material/get_materialcount").await;
    assert_eq!((&count["voice_count"], &count["image_count"]), (&json!(2), &json!(0)));
}

#[tokio::test]
async fn a_video_is_sent_by_the_id_that_the_conversion_gave_and_for_three_days() {
    let mut desk = Desk::open(service()).await;
    let form = || part("a.mp4", "video/mp4", MP4.to_vec());
    let uploaded = id_of(&desk, "media/upload?type=video", form()).await;
    let picture = id_of(&desk, "media/upload?type=image", media("a.jpg", JPEG)).await;
    let convert = |id: &str| json!({ "media_id": id, "title": "短片", "description": "三十秒" });
    desk.check("media/uploadvideo", &convert(&picture), 40007).await;
    desk.check("media/uploadvideo", &convert(&desk.cover().await), 40007).await;
    desk.check("media/uploadvideo", &json!({}), 41006).await;
    let converted = desk.post("media/uploadvideo", &convert(&uploaded)).await;
    assert_eq!(converted["type"], "video");
    let video = json!({ "media_id": converted["media_id"] });
    let raw = json!({ "media_id": uploaded });
    desk.check("message/mass/sendall", &to_vip("mpvideo", &raw), 40007).await;
    let body = json!({ "towxname": "editor-in-chief", "msgtype": "mpvideo", "mpvideo": video });
    desk.check("message/mass/preview", &body, 0).await;
    assert_eq!(desk.sandbox.previews()[0].content, ["短片", "三十秒"]);
    desk.check("message/mass/sendall", &to_vip("mpvideo", &video), 0).await;
    assert_eq!(desk.sandbox.jobs()[0].msgtype, "mpvideo");

    desk.later(3 * 24 * 3600);
    desk.token = desk.ask_token("sandbox-shop").await["access_token"].as_str().unwrap().to_owned();
    desk.check("message/mass/preview", &body, 40007).await;
    desk.check("media/uploadvideo", &convert(&uploaded), 40007).await;
}

#[tokio::test]
async fn a_voice_is_permanent_and_stands_for_no_picture() {
    let desk = Desk::open(service()).await;
    let form = part("a.mp3", "audio/mpeg", MP3.to_vec());
    let voice = id_of(&desk, "material/add_material?type=voice", form).await;
    let branch = json!({ "media_id": voice });
    desk.check("material/get_material", &branch, 0).await;
    desk.check("message/mass/sendall", &to_vip("image", &branch), 40007).await;
    let picture = json!({ "media_id": desk.cover().await });
    desk.check("message/mass/sendall", &to_vip("voice", &picture), 40007).await;
    desk.check("message/mass/sendall", &to_vip("voice", &branch), 0).await;
    desk.check("material/del_material", &branch, 0).await;
    desk.check("material/get_material", &branch, 40007).await;
    desk.check("material/get_material", &json!({}), 41006).await;
}

#[tokio::test]
async fn a_card_is_shown_to_one_and_sent_to_nobody() {
    let desk = Desk::open(service()).await;
    let ticket = desk.get("ticket/getticket?type=wx_card").await;
    assert_eq!(ticket["expires_in"], 7200);
    assert_eq!(code(&desk.get("ticket/getticket?type=jsapi").await), 40035);
    let shown =
        |card: Value| json!({ "towxname": "editor-in-chief", "msgtype": "wxcard", "wxcard": card });
    for (card, errcode) in [
        (json!({ "card_id": "pA", "card_ext": "{\"code\":\"\"}" }), 0),
        (json!({ "card_id": "pA" }), 0),
        (json!({ "card_id": "pA", "card_ext": "{" }), 40035),
        (json!({ "card_ext": "{}" }), 40035),
    ] {
        desk.check("message/mass/preview", &shown(card), errcode).await;
    }
    let branch = json!({ "card_id": "pA" });
    desk.check("message/mass/sendall", &to_vip("wxcard", &branch), 45113).await;
}
