//! Pictures: those inside articles (`media/uploadimg`) and permanent materials (永久素材).

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::terms::{Fingerprint, Timestamp};

use super::{
    account::Account,
    refusal::{Errcode, Refusal, refuse},
    wire::{Call, Media},
};

/// A picture inside an article stays below this (official: "under 1 MB").
const CONTENT_IMAGE_BYTES: usize = 1024 * 1024;
/// A permanent image may have this many bytes.
const MATERIAL_IMAGE_BYTES: usize = 10 * 1024 * 1024;
/// Images and news that the permanent store holds.
const STORE_MAX: usize = 100_000;

/// A picture that was uploaded: its bytes are not kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Uploaded {
    /// The id of a permanent material; pictures for article bodies have none.
    pub media_id: Option<String>,
    /// Where WeChat would show it.
    pub url: String,
    /// The hash of its bytes.
    pub fingerprint: Fingerprint,
    /// Its size.
    pub bytes: u64,
    /// When it came.
    pub at: Timestamp,
}

/// What a picture is by its first bytes, whatever its name says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Jpeg,
    Png,
    Gif,
    Bmp,
    WebP,
}

impl Format {
    fn of(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [0xff, 0xd8, 0xff, ..] => Some(Self::Jpeg),
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some(Self::Png),
            [b'G', b'I', b'F', b'8', ..] => Some(Self::Gif),
            [b'B', b'M', ..] => Some(Self::Bmp),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(Self::WebP),
            _ => None,
        }
    }

    /// The word after `wx_fmt=` and `mmbiz_`, and in the part's content type.
    fn word(self) -> &'static str {
        match self {
            Self::Jpeg => "jpeg",
            Self::Png => "png",
            Self::Gif => "gif",
            Self::Bmp => "bmp",
            Self::WebP => "webp",
        }
    }

    fn is_named(self, extension: &str) -> bool {
        extension == self.word() || (self == Self::Jpeg && extension == "jpg")
    }
}

/// Answers `media/uploadimg`: jpg and png below 1 MiB; the URL serves in articles only.
pub(super) fn upload_image(
    account: &mut Account,
    call: &Call,
    now: Timestamp,
) -> Result<Value, Refusal> {
    let media = call.media()?;
    let format = checked(&media, &[Format::Jpeg, Format::Png])?;
    if media.bytes.len() >= MATERIAL_IMAGE_BYTES {
        return refuse(Errcode::MediaTooBig);
    }
    if media.bytes.len() >= CONTENT_IMAGE_BYTES {
        return refuse(Errcode::InvalidImageSize);
    }
    let image = uploaded(account, &media, format, now);
    let url = image.url.clone();
    account.state.images.push(image);
    Ok(json!({ "url": url }))
}

/// Answers `material/add_material`, for images: each call adds one, whatever its bytes.
pub(super) fn add_material(
    account: &mut Account,
    call: &Call,
    now: Timestamp,
) -> Result<Value, Refusal> {
    match call.asked("type") {
        Some("image") => {}
        // These exist; this account just does not have them.
        Some("voice" | "video" | "thumb") => return refuse(Errcode::Unauthorized),
        Some(_) | None => return refuse(Errcode::InvalidMediaType),
    }
    let media = call.media()?;
    let format = checked(&media, &[Format::Bmp, Format::Png, Format::Jpeg, Format::Gif])?;
    if media.bytes.len() > MATERIAL_IMAGE_BYTES {
        return refuse(Errcode::InvalidImageSize);
    }
    if account.state.materials.len() >= STORE_MAX {
        return refuse(Errcode::StoreIsFull);
    }
    let media_id = account.fresh("material", 64);
    let mut image = uploaded(account, &media, format, now);
    image.media_id = Some(media_id.clone());
    let url = image.url.clone();
    account.state.materials.insert(media_id.clone(), image);
    Ok(json!({ "media_id": media_id, "url": url, "item": [] }))
}

/// Judges a picture by its bytes, and its name and part type by the same measure.
fn checked(media: &Media<'_>, allowed: &[Format]) -> Result<Format, Refusal> {
    let format = Format::of(media.bytes).ok_or(Errcode::InvalidFileType)?;
    if !allowed.contains(&format) {
        return refuse(Errcode::InvalidImageFormat);
    }
    if !allowed.iter().any(|format| format.is_named(&media.extension)) {
        return refuse(Errcode::UnsupportedFileType);
    }
    let stated = media.content_type.strip_prefix("image/").unwrap_or("");
    if !format.is_named(&media.extension) || !format.is_named(stated) {
        return refuse(Errcode::InvalidFileType);
    }
    Ok(format)
}

fn uploaded(account: &mut Account, media: &Media<'_>, format: Format, now: Timestamp) -> Uploaded {
    let (word, id) = (format.word(), account.fresh("picture", 86));
    Uploaded {
        media_id: None,
        url: format!("http://mmbiz.qpic.cn/mmbiz_{word}/{id}/0?wx_fmt={word}"),
        fingerprint: Fingerprint::of(media.bytes),
        bytes: media.bytes.len() as u64,
        at: now,
    }
}

/// Answers `material/del_material`.
pub(super) fn delete_material(account: &mut Account, call: &Call) -> Result<Value, Refusal> {
    let body = call.json()?;
    let media_id = body.text("media_id")?.ok_or(Errcode::MissingMediaId)?;
    account.state.materials.remove(media_id).ok_or(Errcode::InvalidMediaId)?;
    Ok(json!({ "errcode": 0, "errmsg": "ok" }))
}

/// Answers `material/get_materialcount`.
pub(super) fn count_materials(account: &Account) -> Value {
    json!({
        "voice_count": 0,
        "video_count": 0,
        "image_count": account.state.materials.len(),
        "news_count": 0,
    })
}

/// Whether an address is one that WeChat hosts pictures at: all others are filtered.
pub(super) fn is_hosted(url: &str) -> bool {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    rest.and_then(|rest| rest.split_once('/')).is_some_and(|(host, path)| {
        matches!(host, "mmbiz.qpic.cn" | "mmbiz.qlogo.cn") && !path.is_empty()
    })
}
