//! Media (素材): pictures inside articles, permanent materials (永久素材), and temporary media
//! (临时素材) that live three days.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::terms::{Fingerprint, MaterialKind, Timestamp};

use super::{
    account::Account,
    derive,
    format::{self, Format},
    refusal::{Errcode, Refusal, refuse},
    token::later,
    wire::{Call, Media},
};

/// A picture inside an article stays below this (official: "under 1 MB").
const CONTENT_IMAGE_BYTES: usize = 1024 * 1024;
/// A picture inside an article that is larger than this is refused by another code.
const UPLOAD_BYTES: usize = 10 * 1024 * 1024;
/// A permanent image may have this many bytes.
const MATERIAL_IMAGE_BYTES: usize = 10 * 1024 * 1024;
/// A temporary image may have this many: WeChat's page says 10 MB and, below, 2 MB.
const TEMPORARY_IMAGE_BYTES: usize = 2 * 1024 * 1024;
const VOICE_BYTES: usize = 2 * 1024 * 1024;
const VIDEO_BYTES: usize = 10 * 1024 * 1024;
const THUMB_BYTES: usize = 64 * 1024;
/// How long temporary media live.
pub(super) const TEMPORARY_LIVES: Duration = Duration::from_hours(3 * 24);

/// A file that was uploaded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Uploaded {
    /// Its id; pictures for article bodies have none.
    pub media_id: Option<String>,
    /// What it is.
    #[serde(default = "image")]
    pub kind: MaterialKind,
    /// The name of its file.
    #[serde(default)]
    pub name: String,
    /// Where WeChat would show it.
    pub url: String,
    /// The hash of its bytes.
    pub fingerprint: Fingerprint,
    /// Its size.
    pub bytes: u64,
    /// How long a voice lasts, rounded up.
    #[serde(default)]
    pub seconds: Option<u32>,
    /// 标题 of a permanent video.
    #[serde(default)]
    pub title: String,
    /// 简介 of a permanent video.
    #[serde(default)]
    pub introduction: String,
    /// When it came.
    pub at: Timestamp,
}

/// What materials were before they had a kind.
fn image() -> MaterialKind {
    MaterialKind::Image
}

/// The two stores of files that have an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shelf {
    Permanent,
    Temporary,
}

impl Shelf {
    fn formats(self, kind: MaterialKind) -> &'static [Format] {
        match (self, kind) {
            (Self::Permanent, MaterialKind::Image) => {
                &[Format::Bmp, Format::Png, Format::Jpeg, Format::Gif]
            }
            (Self::Temporary, MaterialKind::Image) => &[Format::Png, Format::Jpeg, Format::Gif],
            (Self::Permanent, MaterialKind::Voice) => {
                &[Format::Mp3, Format::Wma, Format::Wav, Format::Amr]
            }
            (Self::Temporary, MaterialKind::Voice) => &[Format::Amr, Format::Mp3],
            (_, MaterialKind::Video) => &[Format::Mp4],
            (_, MaterialKind::Thumb) => &[Format::Jpeg],
        }
    }

    /// The largest file, and the code for a larger one.
    fn limit(self, kind: MaterialKind) -> (usize, Errcode) {
        match (self, kind) {
            (Self::Permanent, MaterialKind::Image) => {
                (MATERIAL_IMAGE_BYTES, Errcode::InvalidImageSize)
            }
            (Self::Temporary, MaterialKind::Image) => {
                (TEMPORARY_IMAGE_BYTES, Errcode::InvalidImageSize)
            }
            (_, MaterialKind::Voice) => (VOICE_BYTES, Errcode::InvalidVoiceSize),
            (_, MaterialKind::Video) => (VIDEO_BYTES, Errcode::InvalidVideoSize),
            (_, MaterialKind::Thumb) => (THUMB_BYTES, Errcode::InvalidThumbSize),
        }
    }
}

/// Answers `media/uploadimg`: jpg and png below 1 MiB; the URL serves in articles only.
pub(super) fn upload_image(
    account: &mut Account,
    call: &Call,
    now: Timestamp,
) -> Result<Value, Refusal> {
    let media = call.media()?;
    let format = format::checked(&media, &[Format::Jpeg, Format::Png])?;
    if media.bytes.len() >= UPLOAD_BYTES {
        return refuse(Errcode::MediaTooBig);
    }
    if media.bytes.len() >= CONTENT_IMAGE_BYTES {
        return refuse(Errcode::InvalidImageSize);
    }
    let image = uploaded(account, &media, (MaterialKind::Image, format), now);
    let url = image.url.clone();
    account.state.images.push(image);
    Ok(json!({ "url": url }))
}

/// Reads which kind of file an upload brings.
pub(super) fn kind(call: &Call) -> Result<MaterialKind, Refusal> {
    match call.asked("type") {
        Some("image") => Ok(MaterialKind::Image),
        Some("voice") => Ok(MaterialKind::Voice),
        Some("video") => Ok(MaterialKind::Video),
        Some("thumb") => Ok(MaterialKind::Thumb),
        Some(_) | None => refuse(Errcode::InvalidMediaType),
    }
}

/// Judges a file for a shelf, and keeps the bytes that `get` gives back.
///
/// # Errors
///
/// The codes of [`format::checked`] and [`format::seconds`], and 40009 to 40012 for a file that is
/// too large.
pub(super) fn admitted(
    account: &mut Account,
    media: &Media<'_>,
    (shelf, kind): (Shelf, MaterialKind),
    now: Timestamp,
) -> Result<Uploaded, Refusal> {
    let format = format::checked(media, shelf.formats(kind))?;
    let (bytes_max, code) = shelf.limit(kind);
    if media.bytes.len() > bytes_max {
        return refuse(code);
    }
    let seconds = format::seconds(kind, format, media.bytes)?;
    let file = Uploaded { seconds, ..uploaded(account, media, (kind, format), now) };
    // A video never comes back as bytes, and there may be ten megabytes of it.
    if kind != MaterialKind::Video {
        account.files.push((file.fingerprint, media.bytes.to_vec()));
    }
    Ok(file)
}

fn uploaded(
    account: &mut Account,
    media: &Media<'_>,
    (kind, format): (MaterialKind, Format),
    now: Timestamp,
) -> Uploaded {
    let (word, id) = (format.word(), account.fresh("picture", 86));
    Uploaded {
        media_id: None,
        kind,
        name: media.name.clone(),
        url: format!("http://mmbiz.qpic.cn/mmbiz_{word}/{id}/0?wx_fmt={word}"),
        fingerprint: Fingerprint::of(media.bytes),
        bytes: media.bytes.len() as u64,
        seconds: None,
        title: String::new(),
        introduction: String::new(),
        at: now,
    }
}

/// Finds a permanent material of a kind.
///
/// # Errors
///
/// 40128 for a temporary medium of that kind, 40007 for anything else that is not one.
pub(super) fn permanent<'a>(
    account: &'a Account,
    media_id: &str,
    kind: MaterialKind,
    now: Timestamp,
) -> Result<&'a Uploaded, Refusal> {
    let is_it = |file: &&Uploaded| file.kind == kind;
    match account.state.materials.get(media_id).filter(is_it) {
        Some(file) => Ok(file),
        None if temporary(account, media_id, kind, now).is_ok() => refuse(Errcode::NotAMaterial),
        None => refuse(Errcode::InvalidMediaId),
    }
}

/// Finds a temporary medium of a kind that still lives.
///
/// # Errors
///
/// 40007 for anything else, a permanent material too.
pub(super) fn temporary<'a>(
    account: &'a Account,
    media_id: &str,
    kind: MaterialKind,
    now: Timestamp,
) -> Result<&'a Uploaded, Refusal> {
    let is_it = |file: &&Uploaded| file.kind == kind && is_alive(file.at, now);
    let found = account.state.temporary.get(media_id).filter(is_it);
    Ok(found.ok_or(Errcode::InvalidMediaId)?)
}

/// Whether something temporary that came at a time is still there.
pub(super) fn is_alive(at: Timestamp, now: Timestamp) -> bool {
    now < later(at, TEMPORARY_LIVES)
}

/// Where a video can be fetched.
pub(super) fn video_url(media_id: &str) -> String {
    format!("http://mp.weixin.qq.com/mp/video?vid={}", derive::letters(&["video", media_id], 22))
}

/// Whether an address is one that WeChat hosts pictures at: all others are filtered.
pub(super) fn is_hosted(url: &str) -> bool {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    rest.and_then(|rest| rest.split_once('/')).is_some_and(|(host, path)| {
        matches!(host, "mmbiz.qpic.cn" | "mmbiz.qlogo.cn") && !path.is_empty()
    })
}
