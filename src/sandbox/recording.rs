//! Voices, temporary media, videos that can be sent, and the ticket that signs cards.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::terms::{Fingerprint, Timestamp};

use super::{
    account::Account,
    media::Uploaded,
    refusal::{Errcode, Refusal, refuse},
    wire::{Call, Media},
};

/// How long a temporary medium is known, and a video that was made of one.
const TEMPORARY_LIVES: Duration = Duration::from_hours(3 * 24);
/// Voices that the permanent store holds.
const VOICES_MAX: usize = 1_000;
const MIB: usize = 1024 * 1024;

/// A temporary medium (临时素材): its bytes are not kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Temporary {
    kind: String,
    at: Timestamp,
}

/// A video that can be sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Video {
    pub(super) title: String,
    pub(super) description: String,
    at: Timestamp,
}

/// What a file is by its first bytes, whatever its name says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Jpeg,
    Png,
    Gif,
    Mp3,
    Amr,
    Wav,
    Wma,
    Mp4,
}

impl Format {
    fn of(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [0xff, 0xd8, 0xff, ..] => Some(Self::Jpeg),
            [0x89, b'P', b'N', b'G', ..] => Some(Self::Png),
            [b'G', b'I', b'F', b'8', ..] => Some(Self::Gif),
            [b'I', b'D', b'3', ..] | [0xff, 0xf2 | 0xf3 | 0xfa | 0xfb, ..] => Some(Self::Mp3),
            [b'#', b'!', b'A', b'M', b'R', b'\n', ..] => Some(Self::Amr),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'A', b'V', b'E', ..] => Some(Self::Wav),
            [0x30, 0x26, 0xb2, 0x75, ..] => Some(Self::Wma),
            [_, _, _, _, b'f', b't', b'y', b'p', ..] => Some(Self::Mp4),
            _ => None,
        }
    }

    /// The endings and the content types that go with it.
    fn names(self) -> (&'static [&'static str], &'static [&'static str]) {
        match self {
            Self::Jpeg => (&["jpg", "jpeg"], &["image/jpeg"]),
            Self::Png => (&["png"], &["image/png"]),
            Self::Gif => (&["gif"], &["image/gif"]),
            Self::Mp3 => (&["mp3"], &["audio/mpeg", "audio/mp3"]),
            Self::Amr => (&["amr"], &["audio/amr"]),
            Self::Wav => (&["wav"], &["audio/wav", "audio/x-wav"]),
            Self::Wma => (&["wma"], &["audio/x-ms-wma"]),
            Self::Mp4 => (&["mp4"], &["video/mp4"]),
        }
    }
}

/// Answers `media/upload`: known for three days.
pub(super) fn upload_temporary(
    account: &mut Account,
    call: &Call,
    now: Timestamp,
) -> Result<Value, Refusal> {
    let (kind, allowed, bytes_max, too_large) = match call.asked("type") {
        Some(kind @ "image") => {
            let pictures: &[Format] = &[Format::Png, Format::Jpeg, Format::Gif];
            (kind, pictures, 10 * MIB, Errcode::InvalidImageSize)
        }
        Some(kind @ "voice") => {
            let voices: &[Format] = &[Format::Amr, Format::Mp3];
            (kind, voices, 2 * MIB, Errcode::InvalidVoiceSize)
        }
        Some(kind @ "video") => {
            let videos: &[Format] = &[Format::Mp4];
            (kind, videos, 10 * MIB, Errcode::InvalidVideoSize)
        }
        Some(kind @ "thumb") => {
            let thumbs: &[Format] = &[Format::Jpeg];
            (kind, thumbs, 64 * 1024, Errcode::InvalidThumbSize)
        }
        Some(_) | None => return refuse(Errcode::InvalidMediaType),
    };
    checked(&call.media()?, allowed, (bytes_max, too_large))?;
    let media_id = account.fresh("temporary", 64);
    let temporary = Temporary { kind: kind.to_owned(), at: now };
    account.state.temporaries.insert(media_id.clone(), temporary);
    let name = if kind == "thumb" { "thumb_media_id" } else { "media_id" };
    Ok(json!({ "type": kind, name: media_id, "created_at": now.as_second() }))
}

/// Answers `material/add_material` for a voice.
pub(super) fn add_voice(
    account: &mut Account,
    call: &Call,
    now: Timestamp,
) -> Result<Value, Refusal> {
    let media = call.media()?;
    let allowed = [Format::Mp3, Format::Wma, Format::Wav, Format::Amr];
    checked(&media, &allowed, (2 * MIB, Errcode::InvalidVoiceSize))?;
    if account.state.voices.len() >= VOICES_MAX {
        return refuse(Errcode::StoreIsFull);
    }
    let media_id = account.fresh("voice", 64);
    let voice = Uploaded {
        media_id: Some(media_id.clone()),
        url: String::new(),
        fingerprint: Fingerprint::of(media.bytes),
        bytes: media.bytes.len() as u64,
        at: now,
    };
    account.state.voices.insert(media_id.clone(), voice);
    Ok(json!({ "media_id": media_id, "item": [] }))
}

/// Judges a file by its bytes, and its name and part type by the same measure.
fn checked(
    media: &Media<'_>,
    allowed: &[Format],
    (bytes_max, too_large): (usize, Errcode),
) -> Result<(), Refusal> {
    let format = Format::of(media.bytes).filter(|format| allowed.contains(format));
    let (endings, types) = format.ok_or(Errcode::InvalidFileType)?.names();
    if !endings.contains(&media.extension.as_str()) || !types.contains(&media.content_type) {
        return refuse(Errcode::InvalidFileType);
    }
    if media.bytes.len() > bytes_max { refuse(too_large) } else { Ok(()) }
}

/// Answers `media/uploadvideo`: of a temporary video alone, while it is known.
pub(super) fn convert_video(
    account: &mut Account,
    call: &Call,
    now: Timestamp,
) -> Result<Value, Refusal> {
    let body = call.json()?;
    let uploaded = body.text("media_id")?.ok_or(Errcode::MissingMediaId)?;
    let known = account.state.temporaries.get(uploaded).filter(|known| known.kind == "video");
    // A video lives as long as what it was made of.
    let at = known.filter(|known| now < known.at + TEMPORARY_LIVES).map(|known| known.at);
    let at = at.ok_or(Errcode::InvalidMediaId)?;
    let (title, description) = (body.text_or_empty("title")?, body.text_or_empty("description")?);
    let video = Video { title: title.to_owned(), description: description.to_owned(), at };
    let media_id = account.fresh("video", 64);
    account.state.videos.insert(media_id.clone(), video);
    Ok(json!({ "type": "video", "media_id": media_id, "created_at": now.as_second() }))
}

/// Finds a video that can still be sent.
pub(super) fn video(account: &Account, media_id: &str, now: Timestamp) -> Result<Video, Refusal> {
    let known = account.state.videos.get(media_id);
    let known = known.filter(|known| now < known.at + TEMPORARY_LIVES);
    Ok(known.ok_or(Errcode::InvalidMediaId)?.clone())
}

/// Answers `material/get_material`. The account keeps no bytes, so it answers as for a video: with
/// words and an address.
pub(super) fn get_material(account: &Account, call: &Call) -> Result<Value, Refusal> {
    let body = call.json()?;
    let media_id = body.text("media_id")?.ok_or(Errcode::MissingMediaId)?;
    let known = account.state.materials.get(media_id);
    let known = known.or_else(|| account.state.voices.get(media_id));
    let url = &known.ok_or(Errcode::InvalidMediaId)?.url;
    Ok(json!({ "title": "", "description": "", "down_url": url }))
}

/// Answers `ticket/getticket`, for cards.
pub(super) fn card_ticket(account: &mut Account, call: &Call) -> Result<Value, Refusal> {
    if call.asked("type") != Some("wx_card") {
        return refuse(Errcode::InvalidArgs);
    }
    let ticket = account.fresh("ticket", 86);
    Ok(json!({ "errcode": 0, "errmsg": "ok", "ticket": ticket, "expires_in": 7_200 }))
}
