//! What a file is by its bytes, whatever its name says, and which files each store takes.

use crate::terms::MaterialKind;

use super::{
    refusal::{Errcode, Refusal, refuse},
    sound,
    wire::Media,
};

/// A voice lasts at most this long.
const VOICE_MS_MAX: u64 = 60_000;

/// What a file is by its first bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Jpeg,
    Png,
    Gif,
    Bmp,
    WebP,
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
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some(Self::Png),
            [b'G', b'I', b'F', b'8', ..] => Some(Self::Gif),
            [b'B', b'M', ..] => Some(Self::Bmp),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(Self::WebP),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'A', b'V', b'E', ..] => Some(Self::Wav),
            [b'#', b'!', b'A', b'M', b'R', ..] => Some(Self::Amr),
            [_, _, _, _, b'f', b't', b'y', b'p', brand @ ..] => {
                let is_other = brand.starts_with(b"qt  ") || brand.starts_with(b"M4A ");
                (!is_other).then_some(Self::Mp4)
            }
            [b'I', b'D', b'3', ..] => Some(Self::Mp3),
            _ if bytes.starts_with(&sound::ASF) => Some(Self::Wma),
            _ => sound::mp3_frame(bytes).map(|_| Self::Mp3),
        }
    }

    /// The word after `wx_fmt=` and `mmbiz_`.
    pub(super) fn word(self) -> &'static str {
        self.names()[0]
    }

    /// The endings that a file of this format may have.
    fn names(self) -> &'static [&'static str] {
        match self {
            Self::Jpeg => &["jpeg", "jpg"],
            Self::Png => &["png"],
            Self::Gif => &["gif"],
            Self::Bmp => &["bmp"],
            Self::WebP => &["webp"],
            Self::Mp3 => &["mp3"],
            Self::Amr => &["amr"],
            Self::Wav => &["wav"],
            Self::Wma => &["wma"],
            Self::Mp4 => &["mp4"],
        }
    }

    /// The types that a part with a file of this format may state; the first is ours.
    fn content_types(self) -> &'static [&'static str] {
        match self {
            Self::Jpeg => &["image/jpeg", "image/jpg"],
            Self::Png => &["image/png"],
            Self::Gif => &["image/gif"],
            Self::Bmp => &["image/bmp"],
            Self::WebP => &["image/webp"],
            Self::Mp3 => &["audio/mpeg", "audio/mp3"],
            Self::Amr => &["audio/amr"],
            Self::Wav => &["audio/wav", "audio/x-wav"],
            Self::Wma => &["audio/x-ms-wma"],
            Self::Mp4 => &["video/mp4"],
        }
    }

    /// The type of an answer that holds such a file.
    pub(super) fn content_type(self) -> &'static str {
        self.content_types()[0]
    }

    fn is_picture(self) -> bool {
        self.content_type().starts_with("image/")
    }

    /// How long it lasts, for a voice.
    fn ms(self, bytes: &[u8]) -> Option<u64> {
        match self {
            Self::Mp3 => sound::mp3_ms(bytes),
            Self::Amr => sound::amr_ms(bytes),
            Self::Wav => sound::wav_ms(bytes),
            Self::Wma => sound::wma_ms(bytes),
            Self::Jpeg | Self::Png | Self::Gif | Self::Bmp | Self::WebP | Self::Mp4 => None,
        }
    }
}

/// The content type that a file goes out with.
pub(super) fn content_type(bytes: &[u8]) -> &'static str {
    Format::of(bytes).map_or("application/octet-stream", Format::content_type)
}

/// Judges a file by its bytes, and its name and part type by the same measure.
///
/// # Errors
///
/// 40137 for a picture of another format, 40113 for an ending of another format, 40005 when it is
/// nothing known or the three do not agree.
pub(super) fn checked(media: &Media<'_>, allowed: &[Format]) -> Result<Format, Refusal> {
    let format = Format::of(media.bytes).ok_or(Errcode::InvalidFileType)?;
    if !allowed.contains(&format) {
        let wants_picture = allowed.iter().any(|format| format.is_picture());
        let is_other_picture = wants_picture && format.is_picture();
        let code =
            if is_other_picture { Errcode::InvalidImageFormat } else { Errcode::InvalidFileType };
        return refuse(code);
    }
    let extension = media.extension.as_str();
    if !allowed.iter().any(|format| format.names().contains(&extension)) {
        return refuse(Errcode::UnsupportedFileType);
    }
    let is_stated = format.content_types().contains(&media.content_type);
    if !format.names().contains(&extension) || !is_stated {
        return refuse(Errcode::InvalidFileType);
    }
    Ok(format)
}

/// Measures a voice in seconds, rounded up; other kinds have no length here.
///
/// # Errors
///
/// 45007 a voice lasts longer than 60 s, 40005 one that cannot be read or holds nothing.
pub(super) fn seconds(
    kind: MaterialKind,
    format: Format,
    bytes: &[u8],
) -> Result<Option<u32>, Refusal> {
    if kind != MaterialKind::Voice {
        return Ok(None);
    }
    let ms = format.ms(bytes).filter(|ms| *ms > 0).ok_or(Errcode::InvalidFileType)?;
    if ms > VOICE_MS_MAX {
        return refuse(Errcode::VoiceTooLong);
    }
    Ok(u32::try_from(ms.div_ceil(1_000)).ok())
}
