//! Temporary media: three days, and a store of their own.

use super::*;

const UPLOAD: &str = "media/upload";

#[tokio::test]
async fn a_temporary_medium_has_its_formats_and_limits() {
    let desk = Desk::open(service()).await;
    let image = |size| {
        let mut bytes = PNG.to_vec();
        bytes.resize(size, 0);
        part("a.png", "image/png", bytes)
    };
    for (kind, form, errcode) in [
        ("image", image(2 * 1024 * 1024), 0),
        ("image", image(2 * 1024 * 1024 + 1), 40009),
        ("image", part("a.bmp", "image/bmp", b"BM12".to_vec()), 40137),
        ("voice", part("a.mp3", "audio/mpeg", mp3(3)), 0),
        ("voice", part("a.mp3", "audio/mpeg", mp3(2_297)), 45007),
        ("voice", part("a.wav", "audio/wav", b"RIFF0000WAVE".to_vec()), 40005),
        ("video", part("a.mp4", "video/mp4", MP4.to_vec()), 0),
        ("video", part("a.mp4", "video/mp4", MP4.to_vec()).text("description", "{}"), 41005),
        ("thumb", media("a.jpg", JPEG), 0),
        ("thumb", media("a.png", PNG), 40137),
        ("thumb", media("a.jpg", b""), 44001),
        ("news", media("a.jpg", JPEG), 40004),
    ] {
        let answer = desk.upload(&format!("{UPLOAD}?type={kind}"), form).await;
        assert_eq!(code(&answer), errcode, "{kind} {answer}");
        if errcode == 0 {
            assert_eq!(
                (&answer["type"], &answer["created_at"]),
                (&json!(kind), &json!(1_772_330_400))
            );
            let name = if kind == "thumb" { "thumb_media_id" } else { "media_id" };
            assert_eq!(answer.as_object().unwrap().len(), 3);
            assert_eq!(answer[name].as_str().unwrap().len(), 64);
        }
    }
    assert!(desk.sandbox.materials().is_empty());
}

#[tokio::test]
async fn a_temporary_medium_is_gone_after_three_days() {
    let rules = Rules { token_lives: Duration::from_hours(24 * 30), ..service() };
    let desk = Desk::open(rules).await;
    let image = desk.file("media/upload?type=image", media("a.jpg", JPEG)).await;
    let film = part("a.mp4", "video/mp4", MP4.to_vec());
    let film = desk.file("media/upload?type=video", film).await;
    let permanent = desk.cover().await;
    let get = |id: &str| desk.url(&format!("media/get?media_id={id}"));
    let answer = desk.http.get(get(&image)).send().await.unwrap();
    assert_eq!(answer.headers()["content-type"], "image/jpeg");
    assert_eq!(answer.headers()["content-disposition"], "attachment; filename=\"a.jpg\"");
    assert_eq!(answer.bytes().await.unwrap(), JPEG);
    let answer = desk.get(&format!("media/get?media_id={film}")).await;
    assert!(answer["video_url"].as_str().unwrap().starts_with("http://"));
    assert_eq!(code(&desk.get(&format!("media/get?media_id={permanent}")).await), 40007);
    assert_eq!(code(&desk.get("media/get").await), 41006);

    let send = |id: &str| {
        let body = with(text_to_vip("a"), "text", json!(null));
        with(with(body, "image", json!({ "media_id": id })), "msgtype", json!("image"))
    };
    desk.check("message/mass/sendall", &send(&image), 40128).await;
    desk.check("message/mass/sendall", &send(&film), 40007).await;
    desk.later(3 * 24 * 3600 - 1);
    assert_eq!(desk.sandbox.temporary_media().len(), 2);
    desk.later(1);
    assert_eq!(code(&desk.get(&format!("media/get?media_id={image}")).await), 40007);
    desk.check("message/mass/sendall", &send(&image), 40007).await;
    assert!(desk.sandbox.temporary_media().is_empty());
    desk.check("message/mass/sendall", &send(&permanent), 0).await;
}
