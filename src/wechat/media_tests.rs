use std::time::Duration;

use super::*;
use crate::wechat::Advice;
use crate::wechat::script::{OK, Reply, Script, TOKEN};

#[tokio::test]
async fn an_image_goes_as_one_part_with_an_ascii_name() {
    let script =
        Script::start([TOKEN, Reply::json(r#"{"url":"http://mmbiz.qpic.cn/春/0?wx_fmt=jpeg"}"#)])
            .await;
    let url = script.wechat().upload_image("image-1.jpg", "图片".as_bytes()).await.unwrap();
    assert_eq!(url.as_str(), "http://mmbiz.qpic.cn/春/0?wx_fmt=jpeg");

    let seen = &script.requests()[1];
    assert_eq!(seen.line, "POST /cgi-bin/media/uploadimg?access_token=TOKEN-ONE HTTP/1.1");
    let boundary = Fingerprint::of("图片".as_bytes()).to_string();
    assert_eq!(
        seen.body,
        format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"media\"; \
             filename=\"image-1.jpg\"\r\nContent-Type: image/jpeg\r\n\r\n图片\r\n\
             --{boundary}--\r\n"
        )
    );
    assert_eq!(seen.header("content-length"), Some(seen.body.len().to_string().as_str()));
    assert_eq!(
        seen.header("content-type"),
        Some(format!("multipart/form-data; boundary={boundary}").as_str())
    );
    assert_eq!(seen.header("transfer-encoding"), None);
}

#[tokio::test]
async fn a_material_has_an_id_and_perhaps_an_address() {
    let script = Script::start([
        TOKEN,
        Reply::json(r#"{"media_id":"M-1","url":"http://mmbiz.qpic.cn/m","item":[]}"#),
        Reply::json(r#"{"media_id":"M-2"}"#),
        Reply::json(r#"{"errcode":0}"#),
    ])
    .await;
    let wechat = script.wechat();
    let add = || wechat.add_material(MaterialKind::Image, None, "cover-1.png", "封面");
    let first = add().await.unwrap();
    assert_eq!(first.media_id.as_str(), "M-1");
    assert_eq!(first.url.unwrap().as_str(), "http://mmbiz.qpic.cn/m");
    assert_eq!(add().await.unwrap().url, None);
    assert_eq!(
        add().await.unwrap_err().to_string(),
        "the answer to material/add_material has no valid `media_id`"
    );
    assert_eq!(
        script.requests()[1].line,
        "POST /cgi-bin/material/add_material?type=image&access_token=TOKEN-ONE HTTP/1.1"
    );
}

#[tokio::test]
async fn an_upload_is_repeated_whole_with_a_renewed_token() {
    let script = Script::start([
        TOKEN,
        Reply::json(r#"{"errcode":42001,"errmsg":"access_token expired"}"#),
        Reply::json(r#"{"access_token":"TOKEN-TWO","expires_in":7200}"#),
        Reply::json(r#"{"url":"http://mmbiz.qpic.cn/a"}"#),
    ])
    .await;
    script.wechat().upload_image("image-1.png", [0, 159, 146, 150]).await.unwrap();
    let seen = script.requests();
    assert_eq!(seen[1].body, seen[3].body);
    assert!(seen[3].line.contains("access_token=TOKEN-TWO"));
}

#[tokio::test]
async fn names_that_wechat_would_stumble_over_are_not_sent() {
    let script = Script::start([]).await;
    let wechat = script.wechat();
    for name in ["封面.jpg", "a\".jpg", "a.webp", ".jpg", "jpg", "a b.png", "a\r\n.png"] {
        let error = wechat.upload_image(name, []).await.unwrap_err();
        assert!(matches!(error, WeChatError::NotMade { .. }), "{name}: {error}");
    }
    assert!(script.requests().is_empty());
}

/// Uploads for three days, and compares the whole form.
async fn check_temporary(
    kind: MaterialKind,
    (name, content_type): (&str, &str),
    reply: &'static str,
    expected: Result<(&str, Option<&str>), &str>,
) {
    let script = Script::start([TOKEN, Reply::json(reply)]).await;
    let kept = script.wechat().upload_temporary(kind, name, "春之声").await;
    let shown = kept.map(|kept| (kept.media_id, kept.created_at.map(|at| at.to_string())));
    let expected = expected.map(|(id, at)| (MediaId::new(id).unwrap(), at.map(str::to_owned)));
    assert_eq!(shown.map_err(|error| error.to_string()), expected.map_err(str::to_owned));
    let (seen, kind) = (&script.requests()[1], kind.word());
    let line = format!("POST /cgi-bin/media/upload?type={kind}&access_token=TOKEN-ONE HTTP/1.1");
    assert_eq!(seen.line, line);
    let boundary = Fingerprint::of("春之声".as_bytes()).to_string();
    assert_eq!(
        seen.body,
        format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"media\"; \
             filename=\"{name}\"\r\nContent-Type: {content_type}\r\n\r\n春之声\r\n\
             --{boundary}--\r\n"
        )
    );
}

#[tokio::test]
async fn temporary_media_live_from_a_given_second() {
    let reply = r#"{"type":"voice","media_id":"V-1","created_at":1491038160}"#;
    let kept = Ok(("V-1", Some("2017-04-01T09:16:00Z")));
    for name in [
        ("song.mp3", "audio/mpeg"),
        ("a.amr", "audio/amr"),
        ("a.wav", "audio/wav"),
        ("a.wma", "audio/x-ms-wma"),
    ] {
        check_temporary(MaterialKind::Voice, name, reply, kept).await;
    }
    check_temporary(
        MaterialKind::Video,
        ("clip-1.mp4", "video/mp4"),
        r#"{"type":"video","media_id":"V-2","created_at":"1491038160"}"#,
        Ok(("V-2", Some("2017-04-01T09:16:00Z"))),
    )
    .await;
    check_temporary(
        MaterialKind::Image,
        ("a.gif", "image/gif"),
        r#"{"media_id":"I-1","created_at":"昨天"}"#,
        Ok(("I-1", None)),
    )
    .await;
}

#[tokio::test]
async fn the_id_of_a_thumb_has_a_name_of_its_own() {
    check_temporary(
        MaterialKind::Thumb,
        ("thumb.jpg", "image/jpeg"),
        r#"{"type":"thumb","thumb_media_id":"T-1","media_id":"OTHER","created_at":1491038160}"#,
        Ok(("T-1", Some("2017-04-01T09:16:00Z"))),
    )
    .await;
    check_temporary(
        MaterialKind::Thumb,
        ("thumb.jpg", "image/jpeg"),
        r#"{"type":"thumb","media_id":"T-1"}"#,
        Err("the answer to media/upload has no valid `thumb_media_id`"),
    )
    .await;
    check_temporary(
        MaterialKind::Image,
        ("a.png", "image/png"),
        r#"{"thumb_media_id":"T-1"}"#,
        Err("the answer to media/upload has no valid `media_id`"),
    )
    .await;
}

#[tokio::test]
async fn a_permanent_video_has_its_description_in_a_second_part() {
    let script = Script::start([TOKEN, Reply::json(r#"{"media_id":"V-9"}"#)]).await;
    let about = VideoDescription {
        title: "春季\"上新\"".to_owned(),
        introduction: "第一行\n第二行🌸".to_owned(),
    };
    let added = script
        .wechat()
        .add_material(MaterialKind::Video, Some(&about), "clip-1.mp4", "影")
        .await
        .unwrap();
    assert_eq!((added.media_id.as_str(), added.url), ("V-9", None));
    let seen = &script.requests()[1];
    assert_eq!(
        seen.line,
        "POST /cgi-bin/material/add_material?type=video&access_token=TOKEN-ONE HTTP/1.1"
    );
    let json = r#"{"title":"春季\"上新\"","introduction":"第一行\n第二行🌸"}"#;
    let boundary = Fingerprint::of_parts(["影".as_bytes(), json.as_bytes()]).to_string();
    assert_eq!(
        seen.body,
        format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"media\"; \
             filename=\"clip-1.mp4\"\r\nContent-Type: video/mp4\r\n\r\n影\r\n\
             --{boundary}\r\nContent-Disposition: form-data; name=\"description\"\r\n\r\n\
             {json}\r\n--{boundary}--\r\n"
        )
    );
    assert_eq!(seen.header("content-length"), Some(seen.body.len().to_string().as_str()));
}

#[tokio::test]
async fn a_description_is_for_videos_and_an_ending_for_its_kind() {
    let script = Script::start([]).await;
    let wechat = script.wechat();
    let about = VideoDescription { title: "春".to_owned(), introduction: String::new() };
    let check = async |kind, about: Option<&VideoDescription>, name: &str, expected: &str| {
        let error = wechat.add_material(kind, about, name, "影").await.unwrap_err();
        assert_eq!(error.to_string(), format!("material/add_material was not made: {expected}"));
    };
    let need = "a permanent video needs a title and an introduction";
    check(MaterialKind::Video, None, "a.mp4", need).await;
    let only = "only a video has a title and an introduction";
    check(MaterialKind::Image, Some(&about), "a.jpg", only).await;
    let mp4 = "`a.mp3` is not a plain name ending in .mp4";
    check(MaterialKind::Video, Some(&about), "a.mp3", mp4).await;
    let jpg = "`a.png` is not a plain name ending in .jpg or .jpeg";
    check(MaterialKind::Thumb, None, "a.png", jpg).await;
    let voice = "`a.mp4` is not a plain name ending in .mp3, .amr, .wav or .wma";
    check(MaterialKind::Voice, None, "a.mp4", voice).await;
    assert!(wechat.upload_image("a.mp4", "影").await.is_err());
    assert!(script.requests().is_empty());
}

#[tokio::test]
async fn a_video_is_converted_once_it_is_transcoded() {
    let script = Script::start([
        TOKEN,
        Reply::json(r#"{"errcode":46007,"errmsg":"file being transcoded 转码中"}"#),
        Reply::json(r#"{"type":"video","media_id":"SEND-ME","created_at":1398848981}"#),
    ])
    .await;
    let (wechat, video) = (script.wechat(), MediaId::new("TEMP").unwrap());
    let convert = || wechat.convert_video(&video, "春季\"上新\"", "");
    let error = convert().await.unwrap_err();
    assert_eq!(error.advice(), Advice::Wait(Duration::from_secs(45)));
    assert_eq!(convert().await.unwrap().as_str(), "SEND-ME");
    let seen = &script.requests()[2];
    assert_eq!(seen.line, "POST /cgi-bin/media/uploadvideo?access_token=TOKEN-ONE HTTP/1.1");
    assert_eq!(seen.body, r#"{"media_id":"TEMP","title":"春季\"上新\"","description":""}"#);
}

#[tokio::test]
async fn deleting_a_material_that_is_gone_is_done() {
    let script = Script::start([
        TOKEN,
        OK,
        Reply::json(r#"{"errcode":40007,"errmsg":"invalid media_id"}"#),
        Reply::json(r#"{"errcode":48005,"errmsg":"自动回复正在使用"}"#),
    ])
    .await;
    let (wechat, material) = (script.wechat(), MediaId::new("M-1").unwrap());
    wechat.material_delete(&material).await.unwrap();
    let advice = async || wechat.material_delete(&material).await.unwrap_err().advice();
    assert_eq!(advice().await, Advice::Done);
    assert_eq!(advice().await, Advice::Stop);
    let seen = &script.requests()[1];
    assert_eq!(seen.line, "POST /cgi-bin/material/del_material?access_token=TOKEN-ONE HTTP/1.1");
    assert_eq!(seen.body, r#"{"media_id":"M-1"}"#);
}

#[tokio::test]
async fn a_material_is_looked_up_by_the_beginning_of_its_file() {
    let mut endless =
        b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n\xff\xd8\xff\xe0".to_vec();
    endless.resize(9 * 1024 * 1024, b'x');
    let script = Script::start([
        TOKEN,
        Reply::Raw(endless),
        Reply::json(r#"{"title":"新品","description":"","down_url":"http://v.qq.com/x"}"#),
        Reply::json(r#"{"errcode":40007,"errmsg":"invalid media_id"}"#),
        Reply::json("<html>维护中</html>"),
    ])
    .await;
    let (wechat, material) = (script.wechat(), MediaId::new("M-1").unwrap());
    assert_eq!(wechat.has_material(&material).await, Ok(true));
    assert_eq!(wechat.has_material(&material).await, Ok(true), "a video");
    assert_eq!(wechat.has_material(&material).await, Ok(false));
    wechat.has_material(&material).await.unwrap_err();
    let seen = &script.requests()[1];
    assert_eq!(seen.line, "POST /cgi-bin/material/get_material?access_token=TOKEN-ONE HTTP/1.1");
    assert_eq!(seen.body, r#"{"media_id":"M-1"}"#);
}
