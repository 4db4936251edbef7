//! Media that sends need: files to be uploaded, or ids of what is on the account already.

use std::path::{Path, PathBuf};

use crate::terms::{Fingerprint, MaterialKind, MediaId};

use super::desired::ImageFile;

/// A medium of one kind, by what is known of its file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Medium<F> {
    /// Uploaded from its file.
    File(F),
    /// On the account already, under this id.
    OnAccount(MediaId),
}

impl<F> Medium<F> {
    /// The file, if there is one to be uploaded.
    pub fn file(&self) -> Option<&F> {
        match self {
            Self::File(file) => Some(file),
            Self::OnAccount(_) => None,
        }
    }

    /// Its identity: a file counts by its bytes, and what has none by its id.
    pub(super) fn identity(&self, bytes: impl FnOnce(&F) -> Fingerprint) -> Fingerprint {
        match self {
            Self::File(file) => bytes(file),
            Self::OnAccount(id) => {
                Fingerprint::of_parts([b"media_id/v1" as &[u8], id.as_str().as_bytes()])
            }
        }
    }
}

/// A voice on disk, as it was when the campaign was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VoiceFile {
    /// Of its bytes.
    pub fingerprint: Fingerprint,
    /// Where to read it again: relative to where the program was started.
    pub path: PathBuf,
    /// How the campaign names it, such as `audio/greeting.mp3`.
    pub name: String,
    /// Its size.
    pub bytes: u64,
    /// By its content.
    pub format: VoiceFormat,
    /// How long it plays, in milliseconds, where the bytes say so.
    pub duration_ms: Option<u64>,
}

/// What a voice is, judged by its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum VoiceFormat {
    /// MP3.
    Mp3,
    /// AMR, narrow band.
    Amr,
    /// WAV.
    Wav,
    /// WMA.
    Wma,
}

/// A video on disk, MP4 by its content, as it was when the campaign was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VideoFile {
    /// Of its bytes.
    pub fingerprint: Fingerprint,
    /// Where to read it again: relative to where the program was started.
    pub path: PathBuf,
    /// How the campaign names it, such as `film.mp4`.
    pub name: String,
    /// Its size.
    pub bytes: u64,
}

/// A video that is sent (视频消息).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Video {
    /// What it is made of. An id is one that a send may name as it is.
    pub source: Medium<VideoFile>,
    /// 标题.
    pub title: String,
    /// 简介, perhaps empty.
    pub description: String,
}

impl Video {
    /// Of the bytes, the title and the description: what WeChat makes one video of.
    pub fn fingerprint(&self) -> Fingerprint {
        let source = self.source.identity(|file| file.fingerprint);
        let words = [self.title.as_bytes(), self.description.as_bytes()];
        let head = [b"video/v1" as &[u8], source.as_bytes()];
        Fingerprint::of_parts(head.into_iter().chain(words))
    }
}

/// A file that becomes a material: pictures and voices for good, a video for three days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MaterialFile {
    /// A permanent picture.
    Image(ImageFile),
    /// A permanent voice.
    Voice(VoiceFile),
    /// A temporary video: no other can be made into one that is sent.
    Video(VideoFile),
}

impl MaterialFile {
    /// WeChat's word for it.
    pub fn kind(&self) -> MaterialKind {
        match self {
            Self::Image(_) => MaterialKind::Image,
            Self::Voice(_) => MaterialKind::Voice,
            Self::Video(_) => MaterialKind::Video,
        }
    }

    /// Of its bytes.
    pub fn fingerprint(&self) -> Fingerprint {
        match self {
            Self::Image(file) => file.fingerprint,
            Self::Voice(file) => file.fingerprint,
            Self::Video(file) => file.fingerprint,
        }
    }

    /// Where to read it again.
    pub fn path(&self) -> &Path {
        match self {
            Self::Image(file) => &file.path,
            Self::Voice(file) => &file.path,
            Self::Video(file) => &file.path,
        }
    }

    /// How the campaign names it.
    pub fn name(&self) -> &str {
        match self {
            Self::Image(file) => &file.name,
            Self::Voice(file) => &file.name,
            Self::Video(file) => &file.name,
        }
    }

    /// Its size.
    pub fn bytes(&self) -> u64 {
        match self {
            Self::Image(file) => file.bytes,
            Self::Voice(file) => file.bytes,
            Self::Video(file) => file.bytes,
        }
    }

    /// The ending that an upload's file name has: ASCII and right, or WeChat answers 41005.
    pub fn extension(&self) -> &'static str {
        match self {
            Self::Image(file) => file.format.extension(),
            Self::Voice(file) => match file.format {
                VoiceFormat::Mp3 => "mp3",
                VoiceFormat::Amr => "amr",
                VoiceFormat::Wav => "wav",
                VoiceFormat::Wma => "wma",
            },
            Self::Video(_) => "mp4",
        }
    }
}
