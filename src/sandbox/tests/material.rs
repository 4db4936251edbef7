//! Permanent materials: what the store takes, and what it gives back.

use super::*;
use crate::terms::MaterialKind;

const ADD: &str = "material/add_material";
const GET: &str = "material/get_material";
/// A WAV of one byte 8,000 times a second, for no time at all.
const SILENT_WAV: &[u8] = b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x40\x1f\0\0\x40\x1f\0\0\
    \x01\0\x08\0data\0\0\0\0";

fn voice(frames: usize) -> Form {
    part("a.mp3", "audio/mpeg", mp3(frames))
}

fn video(description: &str) -> Form {
    part("a.mp4", "video/mp4", MP4.to_vec()).text("description", description.to_owned())
}

#[tokio::test]
async fn every_kind_has_its_formats_and_limits() {
    let desk = Desk::open(service()).await;
    let words = r#"{"title":"春季上新","introduction":"外套"}"#;
    let thumb = |size| {
        let mut bytes = JPEG.to_vec();
        bytes.resize(size, 0);
        part("a.jpg", "image/jpeg", bytes)
    };
    let long_video = {
        let mut bytes = MP4.to_vec();
        bytes.resize(10 * 1024 * 1024 + 1, 0);
        part("a.mp4", "video/mp4", bytes).text("description", words)
    };
    for (kind, form, errcode) in [
        ("voice", voice(2_296), 0), // 59.98 s
        ("voice", voice(2_297), 45007),
        ("voice", voice(5_100), 40010),
        ("voice", part("a.amr", "audio/amr", b"#!AMR\n\x7c\x7c".to_vec()), 0),
        (
            "voice",
            part("a.mp3", "audio/mpeg", [mp3(1_200), vec![0; 10], mp3(1_200)].concat()),
            45007,
        ),
        ("voice", part("a.wav", "audio/wav", SILENT_WAV.to_vec()), 40005),
        ("voice", part("a.amr", "audio/amr", b"#!AMR\n".to_vec()), 40005),
        ("voice", part("a.mp3", "audio/mpeg", b"ID3".to_vec()), 40005),
        ("voice", part("a.amr", "audio/amr", mp3(3)), 40005),
        ("voice", part("a.ogg", "audio/ogg", mp3(3)), 40113),
        ("voice", media("a.jpg", JPEG), 40005),
        ("image", voice(3), 40005),
        ("thumb", thumb(64 * 1024), 0),
        ("thumb", thumb(64 * 1024 + 1), 40012),
        ("thumb", media("a.png", PNG), 40137),
        ("video", video(words), 0),
        ("video", video(r#"{"title":"春季上新"}"#), 0),
        ("video", video(r#"{"introduction":"外套"}"#), 45003),
        ("video", video(r#"{"title":1}"#), 47001),
        ("video", video("春季上新"), 47001),
        ("video", video(r#"{"title":"\u6625"}"#), 40033),
        ("video", part("a.mp4", "video/mp4", MP4.to_vec()), 40035),
        ("video", Form::new().text("description", words), 41005),
        ("video", part("a.mp4", "video/mp4", JPEG.to_vec()).text("description", words), 40005),
        ("video", long_video, 40011),
        ("image", media("a.jpg", JPEG).text("description", words), 41005),
    ] {
        let answer = desk.upload(&format!("{ADD}?type={kind}"), form).await;
        assert_eq!(code(&answer), errcode, "{kind} {answer}");
        let has_url = answer.get("url").is_some();
        assert_eq!(has_url, errcode == 0 && kind == "thumb", "{kind} {answer}");
    }
    let counts = desk.get("material/get_materialcount").await;
    assert_eq!(
        counts.to_string(),
        r#"{"voice_count":2,"video_count":2,"image_count":0,"news_count":0}"#
    );
    let kinds = |kind| desk.sandbox.materials().iter().filter(|file| file.kind == kind).count();
    assert_eq!((kinds(MaterialKind::Voice), kinds(MaterialKind::Thumb)), (2, 1));
}

async fn fetched(desk: &Desk, media_id: &str) -> (String, Vec<u8>) {
    let body = json!({ "media_id": media_id }).to_string();
    let answer = desk.http.post(desk.url(GET)).body(body).send().await.unwrap();
    let content_type = answer.headers()["content-type"].to_str().unwrap().to_owned();
    (content_type, answer.bytes().await.unwrap().to_vec())
}

#[tokio::test]
async fn a_material_comes_back_until_it_is_deleted() {
    let folder = tempfile::tempdir().unwrap();
    for keep in [Keep::Memory, Keep::File(folder.path().join("沙盒.db"))] {
        let sandbox = Sandbox::start(service(), keep, clock()).await.unwrap();
        let desk = Desk::over(sandbox, "sandbox-shop").await;
        let image = desk.file("material/add_material?type=image", media("a.png", PNG)).await;
        let sound = desk.file("material/add_material?type=voice", voice(3)).await;
        let words = r#"{"title":"春季上新","introduction":"外套"}"#;
        let film = desk.file("material/add_material?type=video", video(words)).await;
        assert_eq!(fetched(&desk, &image).await, ("image/png".to_owned(), PNG.to_vec()));
        assert_eq!(fetched(&desk, &sound).await, ("audio/mpeg".to_owned(), mp3(3)));
        let answer = desk.post(GET, &json!({ "media_id": film })).await;
        assert_eq!(
            (&answer["title"], &answer["description"]),
            (&json!("春季上新"), &json!("外套"))
        );
        assert!(answer["down_url"].as_str().unwrap().starts_with("http://"));

        let temporary = desk.file("media/upload?type=image", media("a.png", PNG)).await;
        desk.check("material/del_material", &json!({ "media_id": image }), 0).await;
        for (body, errcode) in [
            (json!({ "media_id": image }), 40007),
            (json!({ "media_id": temporary }), 40007),
            (json!({ "media_id": "没有" }), 40007),
            (json!({}), 41006),
        ] {
            desk.check(GET, &body, errcode).await;
        }
    }
}

#[tokio::test]
async fn materials_are_listed_by_kind_the_newest_first() {
    let desk = Desk::open(service()).await;
    let old = desk.cover().await;
    desk.later(1);
    let new = desk.file("material/add_material?type=image", media("b.png", PNG)).await;
    desk.file("material/add_material?type=voice", voice(3)).await;
    let list = "material/batchget_material";
    let ask = json!({ "type": "image", "offset": 0, "count": 20 });
    let all = desk.post(list, &ask).await;
    assert_eq!((&all["total_count"], &all["item_count"]), (&json!(2), &json!(2)));
    assert_eq!(
        (&all["item"][0]["media_id"], &all["item"][0]["name"]),
        (&json!(new), &json!("b.png"))
    );
    let rest = desk.post(list, &with(ask.clone(), "offset", json!(1))).await;
    assert_eq!((&rest["item_count"], &rest["item"][0]["media_id"]), (&json!(1), &json!(old)));
    let news = desk.post(list, &with(ask.clone(), "type", json!("news"))).await;
    assert_eq!(news.to_string(), r#"{"total_count":0,"item_count":0,"item":[]}"#);
    for (field, value, errcode) in [
        ("type", json!("thumb"), 40004),
        ("type", json!(null), 40004),
        ("offset", json!(-1), 40035),
        ("count", json!(0), 40035),
        ("count", json!(21), 40035),
    ] {
        desk.check(list, &with(ask.clone(), field, value), errcode).await;
    }
}

#[tokio::test]
async fn a_cover_is_a_permanent_image() {
    let desk = Desk::open(service()).await;
    let temporary = desk.file("media/upload?type=image", media("a.jpg", JPEG)).await;
    let sound = desk.file("material/add_material?type=voice", voice(3)).await;
    for cover in [temporary, sound] {
        desk.check("draft/add", &json!({ "articles": [article(&cover)] }), 40007).await;
    }
}
