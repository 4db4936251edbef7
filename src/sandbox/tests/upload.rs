//! Pictures and how they are wrapped.

use super::*;

async fn check(desk: &Desk, name: &str, form: Form, errcode: i64) {
    let answer = desk.upload(name, form).await;
    assert_eq!(code(&answer), errcode, "{answer}");
}

fn padded(head: &[u8], length: usize) -> Vec<u8> {
    let mut bytes = head.to_vec();
    bytes.resize(length, 0);
    bytes
}

#[tokio::test]
async fn pictures_for_articles_are_small_jpgs_and_pngs() {
    let desk = Desk::open(service()).await;
    let limit = 1024 * 1024;
    for (form, errcode) in [
        (media("a.jpg", JPEG), 0),
        (media("a.JPG", JPEG), 0),
        (media("a.png", PNG), 0),
        (part("a.png", "image/png", padded(PNG, limit - 1)), 0),
        (part("a.png", "image/png", padded(PNG, limit)), 40009),
        (part("a.png", "image/png", padded(PNG, 10 * limit)), 45001),
        (media("a.jpg", b""), 44001),
        (media("a.jpg", b"<html>"), 40005),
        (part("a.gif", "image/gif", b"GIF89a".to_vec()), 40137),
        (part("a.jpg", "image/jpeg", b"RIFF0000WEBP".to_vec()), 40137),
        (media("a.txt", JPEG), 40113),
        (media("a.png", JPEG), 40005),
        (part("a.jpg", "application/octet-stream", JPEG.to_vec()), 40005),
    ] {
        check(&desk, "media/uploadimg", form, errcode).await;
    }
    assert_eq!(desk.sandbox.images().len(), 4);
    assert!(desk.sandbox.images()[0].url.starts_with("http://mmbiz.qpic.cn/mmbiz_jpeg/"));
}

#[tokio::test]
async fn a_picture_is_one_part_with_a_plain_name() {
    let desk = Desk::open(service()).await;
    for (form, errcode) in [
        (media("封面.jpg", JPEG), 41005),
        (media("cover", JPEG), 41005),
        (media(".jpg", JPEG), 41005),
        (Form::new().part("file", Part::bytes(JPEG).file_name("a.jpg")), 41005),
        (Form::new().part("media", Part::bytes(JPEG)), 41005),
        (media("a.jpg", JPEG).text("more", "一"), 41005),
        (Form::new(), 41005),
    ] {
        check(&desk, "media/uploadimg", form, errcode).await;
    }
    let body = "--b\r\nContent-Disposition: form-data; name=\"media\"; \
                filename*=utf-8''%E5%B0%81%E9%9D%A2.jpg\r\nContent-Type: image/jpeg\r\n\r\n\
                x\r\n--b--\r\n";
    for (content_type, errcode) in
        [("multipart/form-data; boundary=b", 41005), ("image/jpeg", 41005)]
    {
        let call = desk.http.post(desk.url("media/uploadimg")).header("content-type", content_type);
        let answer = call.body(body).send().await.unwrap().text().await.unwrap();
        assert_eq!(code(&serde_json::from_str(&answer).unwrap()), errcode);
    }
}

#[tokio::test]
async fn permanent_images_are_counted_and_deleted() {
    let desk = Desk::open(service()).await;
    let name = "material/add_material?type=image";
    let limit = 10 * 1024 * 1024;
    for (name, form, errcode) in [
        (name, media("a.jpg", JPEG), 0),
        (name, media("a.jpg", JPEG), 0),
        (name, part("a.gif", "image/gif", b"GIF89a".to_vec()), 0),
        (name, part("a.bmp", "image/bmp", b"BM12".to_vec()), 0),
        (name, part("a.png", "image/png", padded(PNG, limit)), 0),
        (name, part("a.png", "image/png", padded(PNG, limit + 1)), 40009),
        (name, part("a.webp", "image/webp", b"RIFF0000WEBP".to_vec()), 40137),
        ("material/add_material", media("a.jpg", JPEG), 40004),
        ("material/add_material?type=picture", media("a.jpg", JPEG), 40004),
        (name, part("a.jpg", "image/jpeg", MP4.to_vec()), 40005),
    ] {
        check(&desk, name, form, errcode).await;
    }
    let count = desk.get("material/get_materialcount").await;
    assert_eq!(
        count.to_string(),
        r#"{"voice_count":0,"video_count":0,"image_count":5,"news_count":0}"#
    );
    let media_id = desk.sandbox.materials()[0].media_id.clone().unwrap();
    desk.check("material/del_material", &json!({ "media_id": media_id }), 0).await;
    desk.check("material/del_material", &json!({ "media_id": media_id }), 40007).await;
    desk.check("material/del_material", &json!({}), 41006).await;
    assert_eq!(desk.sandbox.materials().len(), 4);
}
