//! Media, judged by their bytes before anything is uploaded: formats, sizes, seconds, and whether a
//! name leads to the kind that is wanted.

use crate::diagnostic::{Code, Diagnostic, Place, Spanned};
use crate::terms::{CardId, MaterialKind};

use super::bundle::{Entry, MediaFacts, MediaKind};
use super::check::Check;
use super::codes;
use super::model::MediaSource;
use super::names;
use super::pieces::{is_media_name, other_kind};

/// What WeChat takes of one kind of file.
pub(super) struct Taken {
    /// "a picture".
    what: &'static str,
    format: &'static Code,
    kinds: &'static [MediaKind],
    size: &'static Code,
    bytes_max: u64,
    /// The same for a person.
    limit: &'static str,
    smaller: &'static str,
}

const PICTURE_SMALLER: &str = "make the picture smaller, or save it as a JPEG";
const MIB: u64 = 1024 * 1024;

/// A picture inside of an article (WeChat's page 上传图文消息内的图片).
pub(super) const CARD: Taken = Taken {
    what: "a picture",
    format: &codes::PICTURE_FORMAT,
    kinds: &[MediaKind::Jpeg, MediaKind::Png],
    size: &codes::PICTURE_SIZE,
    bytes_max: MIB - 1,
    limit: "less than 1 MiB",
    smaller: PICTURE_SMALLER,
};
/// A permanent image; this one and those below: WeChat's page 新增永久素材.
const IMAGE: Taken = Taken {
    kinds: &[MediaKind::Jpeg, MediaKind::Png, MediaKind::Gif, MediaKind::Bmp],
    bytes_max: 10 * MIB,
    limit: "10 MB or less",
    ..CARD
};
const VOICE: Taken = Taken {
    what: "a voice",
    format: &codes::MEDIUM_FORMAT,
    kinds: &[MediaKind::Mp3, MediaKind::Amr, MediaKind::Wav, MediaKind::Wma],
    size: &codes::MEDIUM_SIZE,
    bytes_max: 2 * MIB,
    limit: "2 MB or less",
    smaller: "save it with fewer kilobits a second: an MP3 of 64 kbit/s has half a MB a minute",
};
/// A temporary video: WeChat's page 新增临时素材.
const VIDEO: Taken = Taken {
    what: "a video",
    kinds: &[MediaKind::Mp4],
    bytes_max: 10 * MIB,
    limit: "10 MB or less",
    smaller: "save it shorter, smaller, or with fewer kilobits a second",
    ..VOICE
};
const THUMB: Taken = Taken {
    what: "a thumb",
    kinds: &[MediaKind::Jpeg],
    bytes_max: 64 * 1024,
    limit: "64 KB or less",
    smaller: PICTURE_SMALLER,
    ..VOICE
};

/// The longest voice, in milliseconds (45007).
const VOICE_MS_MAX: u64 = 60_000;

impl<'a> Check<'a> {
    /// Judges every declared piece of media that is a file.
    pub(super) fn media(&mut self) {
        for media in &self.campaign.media {
            match &media.source.value {
                MediaSource::File(key) => {
                    self.of_kind(key, &media.source.place, media.medium.kind());
                }
                MediaSource::OnAccount(_) => {}
            }
        }
    }

    /// Judges what stands where one kind is wanted: a file, or the name of a piece of media.
    pub(super) fn used(&mut self, word: &Spanned<String>, wanted: MaterialKind) {
        if !is_media_name(word) {
            return self.of_kind(word, &word.place, wanted);
        }
        let named = self.campaign.media.iter().find(|media| media.name.value == word.value);
        // A name that leads nowhere was noted where it was read.
        if let Some(media) = named.filter(|media| media.medium.kind() != wanted) {
            self.add(other_kind(word, media, wanted));
        }
    }

    fn of_kind(&mut self, key: &str, place: &Place, kind: MaterialKind) {
        match kind {
            MaterialKind::Image => drop(self.medium(key, place, &IMAGE)),
            MaterialKind::Voice => {
                if let Some(facts) = self.medium(key, place, &VOICE) {
                    self.seconds(key, place, facts);
                }
            }
            MaterialKind::Video => drop(self.medium(key, place, &VIDEO)),
            MaterialKind::Thumb => drop(self.medium(key, place, &THUMB)),
        }
    }

    /// Finds a file, judges its format by its bytes, and its size; nothing when WeChat would refuse
    /// it.
    pub(super) fn medium(
        &mut self,
        key: &str,
        place: &Place,
        taken: &Taken,
    ) -> Option<&'a MediaFacts> {
        let facts = match self.file(key, place)? {
            Entry::Media(facts) if taken.kinds.contains(&facts.kind) => facts,
            Entry::Media(facts) => {
                let found = (facts.kind != MediaKind::Other("unknown")).then_some(facts.kind);
                self.wrong_format(key, place, (taken, found));
                return None;
            }
            Entry::Text(_) | Entry::List(_) | Entry::Refused(_) => {
                self.wrong_format(key, place, (taken, None));
                return None;
            }
        };
        if facts.bytes <= taken.bytes_max {
            return Some(facts);
        }
        let message =
            format!("`{key}` has {} bytes, and WeChat takes {}", facts.bytes, taken.limit);
        self.add(
            Diagnostic::error(taken.size, message)
                .at(place.clone(), "too large")
                .help(taken.smaller),
        );
        None
    }

    fn wrong_format(
        &mut self,
        key: &str,
        place: &Place,
        (taken, found): (&Taken, Option<MediaKind>),
    ) {
        let message = match found {
            None => format!("`{key}` is not {}", taken.what),
            Some(found) => format!("`{key}` is {found}, whatever its ending says"),
        };
        let kinds: Vec<String> = taken.kinds.iter().map(ToString::to_string).collect();
        let kinds = names::listed(kinds.iter().map(String::as_str));
        self.add(
            Diagnostic::error(taken.format, message)
                .at(place.clone(), "not taken by WeChat")
                .help(format!("convert it to one of {kinds}")),
        );
    }

    /// WeChat takes a voice of at most a minute.
    fn seconds(&mut self, key: &str, place: &Place, facts: &MediaFacts) {
        let problem = match facts.duration_ms {
            Some(ms) if ms <= VOICE_MS_MAX => return,
            Some(ms) => {
                let (s, ms) = (ms / 1000, ms % 1000);
                let message = format!("`{key}` plays {s}.{ms:03} s, and WeChat takes 60 s");
                Diagnostic::error(&codes::VOICE_LENGTH, message)
                    .at(place.clone(), "too long")
                    .help("cut it, or make several voices of it")
            }
            None => {
                let message = format!("how long `{key}` plays cannot be told from its bytes");
                Diagnostic::warning(&codes::VOICE_UNMEASURED, message)
                    .at(place.clone(), "60 s or less?")
                    .help("listen to it, or save it as an MP3 or AMR file anew")
            }
        };
        self.add(problem);
    }

    /// Whatever the card is, WeChat will not send it.
    pub(super) fn card(&mut self, card: &Spanned<CardId>) {
        let message = format!("WeChat sends no cards any more, and will refuse `{}`", **card);
        self.add(
            Diagnostic::warning(&codes::CARDS_REFUSED, message)
                .at(card.place.clone(), "refused with 45113 today")
                .help("an article or a text with a link to the coupon reaches people"),
        );
    }
}
