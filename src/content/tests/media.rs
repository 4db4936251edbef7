//! Voices, videos, cards, and media that are known by an id: found, rendered, told apart.

use std::collections::BTreeSet;

use crate::campaign::{ContentText, Media, MediaSource, MediumText};
use crate::content::{Content, Medium};
use crate::diagnostic::Spanned;
use crate::terms::{CardId, Comments, Fingerprint, MediaId};

use super::{Trial, send};

const AMR: &[u8] = b"#!AMR\n\x04\0\0\0\0\0\0\0\0\0\0\0\0";
const MP4: &[u8] = b"\0\0\0\x14ftypisom\0\0\x02\0mp41";

fn on_account(id: &str) -> MediaSource {
    MediaSource::OnAccount(MediaId::new(id).unwrap())
}

fn file(key: &str) -> MediaSource {
    MediaSource::File(key.to_owned())
}

/// A trial with one more medium, and a second send.
fn trial(media: Option<(MediumText, MediaSource)>, content: ContentText) -> Trial {
    let mut trial = Trial::new("正文");
    trial.file("audio/问候.amr", AMR.to_vec()).file("短片.mp4", MP4.to_vec());
    let place = trial.spanned("launch").place;
    if let Some((medium, source)) = media {
        let name = Spanned::new("named".to_owned(), place.clone());
        let source = Spanned::new(source, place.clone());
        trial.campaign.media.push(Media { name, medium, source });
    }
    trial.campaign.sends.push(send("more", content, &place));
    trial
}

fn word(text: &str) -> Spanned<String> {
    let place = Trial::new("").spanned("launch").place;
    Spanned::new(text.to_owned(), place)
}

fn video(title: &str, description: Option<&str>) -> MediumText {
    MediumText::Video { title: word(title), description: description.map(word) }
}

/// What the second send sends.
#[track_caller]
fn content(trial: &Trial) -> Content {
    let (desired, problems) = trial.render();
    desired.unwrap_or_else(|| panic!("{problems:#?}")).sends[1].content.clone()
}

#[test]
fn a_voice_is_found_by_its_path_and_by_its_name() {
    let by_path = content(&trial(None, ContentText::Voice(word("audio/问候.amr"))));
    let media = Some((MediumText::Voice, file("audio/问候.amr")));
    let by_name = content(&trial(media, ContentText::Voice(word("named"))));
    assert_eq!(by_path.fingerprint(), by_name.fingerprint());
    let Content::Voice(Medium::File(file)) = by_name else { panic!("no voice") };
    assert_eq!((file.name.as_str(), file.duration_ms), ("audio/问候.amr", Some(20)));
}

#[test]
fn a_video_brings_its_title_and_description_rendered() {
    let media = Some((video("{{ season }}新品", Some("{{ brand }}出品")), file("短片.mp4")));
    let Content::Video(film) = content(&trial(media, ContentText::Video(word("named")))) else {
        panic!("no video")
    };
    assert_eq!((film.title.as_str(), film.description.as_str()), ("春季新品", "北风出品"));
    assert_eq!(film.source.file().unwrap().bytes, MP4.len() as u64);
}

#[test]
fn contents_are_told_apart_by_bytes_words_and_ids() {
    let of = |media, text: fn(Spanned<String>) -> ContentText| {
        content(&trial(media, text(word("named")))).fingerprint()
    };
    let (voice, film) = (ContentText::Voice, ContentText::Video);
    let pictures = |picture| ContentText::Images {
        pictures: vec![picture],
        caption: None,
        comments: Comments::Closed,
    };
    let card = |id: &str| {
        let card = word("").map(|_| CardId::new(id).unwrap());
        content(&trial(None, ContentText::Card(card))).fingerprint()
    };
    let seen: Vec<Fingerprint> = vec![
        of(Some((MediumText::Voice, file("audio/问候.amr"))), voice),
        of(Some((MediumText::Voice, on_account("Ab-1"))), voice),
        of(Some((MediumText::Voice, on_account("Ab-2"))), voice),
        of(Some((video("短片", None), file("短片.mp4"))), film),
        of(Some((video("短", Some("片")), file("短片.mp4"))), film),
        of(Some((video("短片", Some("新")), file("短片.mp4"))), film),
        of(Some((video("短片", None), on_account("Ab-1"))), film),
        of(Some((MediumText::Image, on_account("Ab-1"))), pictures),
        of(Some((MediumText::Image, file("images/外套.png"))), pictures),
        card("pA"),
        card("pB"),
    ];
    assert_eq!(seen.iter().collect::<BTreeSet<_>>().len(), seen.len());
}

#[test]
fn a_cover_on_the_account_needs_no_file_and_is_another_article() {
    let plain = trial(None, ContentText::News(vec![word("launch")]));
    let mut known = trial(
        Some((MediumText::Image, on_account("Ab-1"))),
        ContentText::News(vec![word("launch")]),
    );
    known.campaign.articles[0].cover.value = "named".to_owned();
    let (desired, problems) = known.render();
    let desired = desired.unwrap_or_else(|| panic!("{problems:#?}"));
    assert!(desired.images.is_empty(), "nothing is to be uploaded");
    assert_ne!(content(&plain).fingerprint(), content(&known).fingerprint());
}

#[test]
fn what_cannot_be_sent_is_pointed_at() {
    let said = |media, text| trial(media, text).problems();
    let problems = said(None, ContentText::Voice(word("没有.mp3")));
    assert!(problems.contains("Q0811") && problems.contains("there is no voice `没有.mp3`"));
    let problems = said(None, ContentText::Voice(word("短片.mp4")));
    assert!(problems.contains("there is no voice `短片.mp4`"), "{problems}");
    let media = Some((video("短片", None), file("audio/问候.amr")));
    let problems = said(media, ContentText::Video(word("named")));
    assert!(problems.contains("there is no video `audio/问候.amr`"), "{problems}");
    let media = Some((video("{{ '' }}", None), file("短片.mp4")));
    let problems = said(media, ContentText::Video(word("named")));
    assert!(problems.contains("Q0722") && problems.contains("the video's title is empty"));
    // Another kind is the campaign room's to tell: here it leaves no desired state.
    let media = Some((MediumText::Voice, file("audio/问候.amr")));
    let (desired, problems) = trial(media, ContentText::Video(word("named"))).render();
    assert!(desired.is_none() && problems.is_empty(), "{problems:#?}");
}
