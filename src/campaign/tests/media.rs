//! Voices, videos, thumbs and cards: their kinds, formats, sizes and seconds.

use super::recordings::{Streams, amr, mp3, mp4, wav, wma};
use super::*;
use crate::campaign::{MediaSource, MediumText};

/// Media on line 4, a send of them on line 7.
fn check_media(media: &str, send: &str, files: &[(&str, &[u8])], expected: &str) {
    let body = format!(
        "{HEAD}media: {{ {media} }}\ntargets: {{ vip: {{ tag: VIP会员 }} }}\nsends:\n  \
         hello: {{ {send}, to: vip, {WINDOW} }}\n"
    );
    compare(&problems_of(&bundle_of(PROJECT, &body, files)).1, expected);
}

/// One voice's file, named by the send alone.
fn check_voice(bytes: &[u8], expected: &str) {
    check_media("", "voice: 问候.mp3", &[("spring/问候.mp3", bytes)], expected);
}

#[test]
fn media_are_of_a_kind_and_from_a_file_or_the_account() {
    let media = "greeting: { voice: 问候.mp3 }, film: { video: film.mp4, title: 新品短片, description: 三十秒看完 }, \
                 thumb: { thumb: images/cover.jpg }, logo: { image: { media_id: Ab-1 } }, \
                 hello: { voice: { media_id: Ab-2 } }, trailer: { video: { media_id: Ab-3 }, title: 预告 }, \
                 small: { thumb: { media_id: Ab-4 } }";
    let files: &[(&str, &[u8])] = &[("spring/问候.mp3", &mp3(28)), ("spring/film.mp4", &mp4("一"))];
    for send in ["voice: greeting", "voice: hello", "video: film", "video: trailer", "image: logo"]
    {
        check_media(media, send, files, "");
    }
    let body = format!("{HEAD}media: {{ {media} }}\n");
    let (campaign, _) = problems_of(&bundle_of(PROJECT, &body, files));
    let media = campaign.unwrap().media;
    let MediumText::Video { title, description } = &media[1].medium else { panic!("{media:?}") };
    assert_eq!(
        (title.as_str(), description.as_ref().unwrap().as_str()),
        ("新品短片", "三十秒看完")
    );
    let is_id = |source: &MediaSource, id: &str| matches!(source, MediaSource::OnAccount(known) if known.as_str() == id);
    assert!(is_id(&media[3].source, "Ab-1") && is_id(&media[6].source, "Ab-4"));
}

#[test]
fn a_kind_cannot_stand_for_another() {
    let media = "greeting: { voice: 问候.mp3 }, logo: { image: { media_id: Ab-1 } }";
    let files: &[(&str, &[u8])] = &[("spring/问候.mp3", &mp3(28))];
    check_media(
        media,
        "image: greeting",
        files,
        "Q0435 7 [greeting] `greeting` is a voice, and a picture is wanted | name a picture, or a file",
    );
    check_media(
        media,
        "voice: logo",
        files,
        "Q0435 7 [logo] `logo` is a picture, and a voice is wanted",
    );
    check_media(
        media,
        "video: greeting",
        files,
        "Q0435 7 [greeting] `greeting` is a voice, and a video is wanted | name a video",
    );
    check_media(
        media,
        "voice: greetings",
        files,
        "Q0203 7 [greetings] there is no media `greetings` | did you mean `greeting`?",
    );
    check_media(
        media,
        "voice: images/cover.jpg",
        files,
        "Q0431 7 [images/cover.jpg] `images/cover.jpg` is JPEG, whatever its ending says | convert it to one of `MP3`, `AMR`, `WAV`, `WMA`",
    );
    // Both places are named.
    let body = format!(
        "{HEAD}media: {{ {media} }}\narticles: {{ launch: {{ title: 春, cover: greeting, body: launch.md }} }}\n"
    );
    let (_, problems) = problems_of(&bundle_of(PROJECT, &body, files));
    compare(&problems, "Q0435 5 [greeting] `greeting` is a voice, and a picture is wanted");
    assert_eq!(problems[0].also[0].place.line_column().0, 4);
}

#[test]
fn a_mini_programs_picture_is_an_image_with_a_file() {
    let body = |image: &str| {
        format!(
            "media: {{ logo: {{ image: {{ media_id: Ab-1 }} }}, greeting: {{ voice: {{ media_id: Ab-2 }} }} }}\n\
             mini_programs: {{ shop: {{ appid: wx0123456789abcdef, path: p, image: {image} }} }}\n"
        )
    };
    check_with(&body("logo"), "Q0436 5 [logo] the picture `logo` has no file here | name a file");
    check_with(
        &body("greeting"),
        "Q0435 5 [greeting] `greeting` is a voice, and a picture is wanted",
    );
}

#[test]
fn every_video_has_a_title_and_nothing_else_has_one() {
    let files: &[(&str, &[u8])] = &[("spring/film.mp4", &mp4("一"))];
    let media = |media: &str, expected: &str| check_media(media, "text: 春季", files, expected);
    media("film: { video: film.mp4 }", "Q0521 4 [film] a video needs a title | write beside it");
    media("film: { video: { media_id: Ab-3 } }", "Q0521 4 [film] a video needs a title");
    media("film: { video: film.mp4, title: ' ' }", "Q0308 4 [' '] `title` is empty");
    media(
        "logo: { image: images/cover.jpg, title: 标志 }",
        "Q0522 4 [title] `title` belongs to a video | leave it out; this is media of the kind `image`",
    );
    media(
        "logo: { image: images/cover.jpg, voice: a.mp3 }",
        "Q0214 4 [voice] a piece of media with both `image` and `voice`",
    );
    media("logo: {}", "Q0214 4 [logo] a piece of media needs exactly one of `image`, `voice`");
    media(
        "logo: { image: { media_id: 素材 } }",
        "Q0316 4 [素材] `素材` is not a media_id (1 to 256 visible ASCII characters)",
    );
    media("logo: { image: {} }", "Q0213 4 [image] media on the account needs the key `media_id`");
    check_media(
        "",
        "video: film.mp4",
        files,
        "Q0521 7 [film.mp4] the video `film.mp4` has no title | give it one under `media`: `film: { video: film.mp4, title: … }`",
    );
}

#[test]
fn a_voice_is_short_and_small_and_of_four_formats() {
    for bytes in [mp3(28), amr(50), wav(8_000), wma(2_500, Streams::Sound)] {
        check_voice(&bytes, "");
    }
    // 1,667 frames of 36 ms are 60.012 s.
    check_voice(&mp3(1_666), "");
    check_voice(
        &mp3(1_667),
        "Q0433 7 [问候.mp3] `问候.mp3` plays 60.012 s, and WeChat takes 60 s | cut it",
    );
    check_voice(&amr(3_000), "");
    check_voice(&amr(3_001), "Q0433 7 [问候.mp3] `问候.mp3` plays 60.020 s");
    check_voice(
        &wav(2 * 1024 * 1024),
        "Q0432 7 [问候.mp3] `问候.mp3` has 2097196 bytes, and WeChat takes 2 MB or less | save it with fewer",
    );
    check_voice(
        b"ID3\x04\0\0\0\0\x01\x02",
        "Q0434 7 [问候.mp3] how long `问候.mp3` plays cannot be told from its bytes | listen to it",
    );
    check_voice(
        &wma(2_500, Streams::Pictures),
        "Q0431 7 [问候.mp3] `问候.mp3` is video/x-ms-wmv, whatever its ending says",
    );
    check_voice("你好".as_bytes(), "Q0431 7 [问候.mp3] `问候.mp3` is not a voice");
    check_voice(&mp4(""), "Q0431 7 [问候.mp3] `问候.mp3` is MP4");
}

#[test]
fn a_video_is_an_mp4_and_a_thumb_a_small_jpeg() {
    let large = |mut bytes: Vec<u8>, size: usize| {
        bytes.resize(size, 0);
        bytes
    };
    let video = |bytes: &[u8], expected: &str| {
        let media = "film: { video: film.mp4, title: 新品短片 }";
        check_media(media, "video: film", &[("spring/film.mp4", bytes)], expected);
    };
    video(&mp4("一"), "");
    video(&large(mp4(""), 10 * 1024 * 1024), "");
    video(
        &large(mp4(""), 10 * 1024 * 1024 + 1),
        "Q0432 4 [film.mp4] `film.mp4` has 10485761 bytes, and WeChat takes 10 MB or less",
    );
    video(&mp3(28), "Q0431 4 [film.mp4] `film.mp4` is MP3, whatever its ending says");
    let thumb = |bytes: &[u8], expected: &str| {
        check_media("t: { thumb: 缩略.jpg }", "text: 春", &[("spring/缩略.jpg", bytes)], expected);
    };
    thumb(&large(JPEG.to_vec(), 64 * 1024), "");
    thumb(
        &large(JPEG.to_vec(), 64 * 1024 + 1),
        "Q0432 4 [缩略.jpg] `缩略.jpg` has 65537 bytes, and WeChat takes 64 KB or less",
    );
    thumb(&png(10, 10), "Q0431 4 [缩略.jpg] `缩略.jpg` is PNG");
}

#[test]
fn a_card_is_warned_about() {
    check_send(
        &format!("{{ card: pFS7Fjg8kV1I, to: vip, {WINDOW} }}"),
        "Q0523 8 [pFS7Fjg8kV1I] WeChat sends no cards any more, and will refuse `pFS7Fjg8kV1I` | an article",
    );
    check_send(
        &format!("{{ card: 优惠券, to: vip, {WINDOW} }}"),
        "Q0316 8 [优惠券] `优惠券` is not a card_id",
    );
}
