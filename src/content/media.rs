//! Media by their names or paths: found among the campaign's, then in the bundle.

use crate::campaign::{Bundle, Entry, Media, MediaFacts, MediaKind, MediaSource, MediumText};
use crate::diagnostic::{Diagnostic, Place, Spanned};
use crate::terms::MaterialKind;

use super::codes::{MEDIUM_FILE, VIDEO_TITLE};
use super::desired::ImageFile;
use super::image;
use super::medium::{Medium, Video, VideoFile, VoiceFile, VoiceFormat};
use super::render::Job;

/// Where a word leads: to a file by its key, or to what is on the account.
struct Found<'a> {
    source: Medium<&'a str>,
    /// Where the file is written.
    place: &'a Place,
    media: Option<&'a Media>,
}

impl Job<'_> {
    /// Finds a picture that becomes a permanent material: a cover, or one that is sent by itself.
    pub(super) fn material(&mut self, word: &Spanned<String>) -> Option<Medium<ImageFile>> {
        let found = found(self.campaign.media.as_slice(), word, MaterialKind::Image)?;
        let key = match found.source {
            Medium::OnAccount(id) => return Some(Medium::OnAccount(id)),
            Medium::File(key) => key,
        };
        match image::find(self.bundle, key, image::Use::Cover) {
            Ok((file, _)) => Some(Medium::File(file)),
            Err(trouble) => {
                self.problems.push(trouble.tell(key, found.place.clone()));
                None
            }
        }
    }

    /// Finds a voice.
    pub(super) fn voice(&mut self, word: &Spanned<String>) -> Option<Medium<VoiceFile>> {
        let found = found(self.campaign.media.as_slice(), word, MaterialKind::Voice)?;
        let key = match found.source {
            Medium::OnAccount(id) => return Some(Medium::OnAccount(id)),
            Medium::File(key) => key,
        };
        let facts = facts(self.bundle, key);
        let format = facts.and_then(|facts| voice_format(facts.kind));
        let Some((facts, format)) = facts.zip(format) else {
            return self.no_file(("voice", key), found.place);
        };
        Some(Medium::File(VoiceFile {
            fingerprint: facts.fingerprint,
            path: facts.path.clone(),
            name: key.to_owned(),
            bytes: facts.bytes,
            format,
            duration_ms: facts.duration_ms,
        }))
    }

    /// Finds a video, with its title and description rendered.
    pub(super) fn video(&mut self, word: &Spanned<String>) -> Option<Video> {
        let found = found(self.campaign.media.as_slice(), word, MaterialKind::Video)?;
        // A bare file has no title: `campaign` tells.
        let Some(MediumText::Video { title, description }) = found.media.map(|m| &m.medium) else {
            return None;
        };
        let text = self.templates.field(title, &mut self.problems)?;
        if text.trim().is_empty() {
            let problem = Diagnostic::error(&VIDEO_TITLE, "the video's title is empty");
            self.problems.push(problem.at(title.place.clone(), "comes to nothing"));
        }
        let description = match description {
            Some(description) => self.templates.field(description, &mut self.problems)?,
            None => String::new(),
        };
        let source = match found.source {
            Medium::OnAccount(id) => Medium::OnAccount(id),
            Medium::File(key) => {
                let is_video = |facts: &&MediaFacts| facts.kind == MediaKind::Mp4;
                let Some(facts) = facts(self.bundle, key).filter(is_video) else {
                    return self.no_file(("video", key), found.place);
                };
                Medium::File(VideoFile {
                    fingerprint: facts.fingerprint,
                    path: facts.path.clone(),
                    name: key.to_owned(),
                    bytes: facts.bytes,
                })
            }
        };
        Some(Video { source, title: text, description })
    }

    fn no_file<T>(&mut self, (what, key): (&str, &str), place: &Place) -> Option<T> {
        let problem = Diagnostic::error(&MEDIUM_FILE, format!("there is no {what} `{key}`"));
        self.problems.push(problem.at(place.clone(), "no such file, or of another format"));
        None
    }
}

/// Follows a word; one that leads to another kind is `campaign`'s to tell.
fn found<'w>(
    media: &'w [Media],
    word: &'w Spanned<String>,
    wanted: MaterialKind,
) -> Option<Found<'w>> {
    let Some(media) = media.iter().find(|media| media.name.value == word.value) else {
        let source = Medium::File(word.value.as_str());
        return Some(Found { source, place: &word.place, media: None });
    };
    let source = match &media.source.value {
        MediaSource::File(key) => Medium::File(key.as_str()),
        MediaSource::OnAccount(id) => Medium::OnAccount(id.clone()),
    };
    let is_wanted = media.medium.kind() == wanted;
    is_wanted.then_some(Found { source, place: &media.source.place, media: Some(media) })
}

fn facts<'b>(bundle: &'b Bundle, key: &str) -> Option<&'b MediaFacts> {
    match bundle.entry(key)? {
        Entry::Media(facts) => Some(facts),
        Entry::Text(_) | Entry::List(_) | Entry::Refused(_) => None,
    }
}

fn voice_format(kind: MediaKind) -> Option<VoiceFormat> {
    match kind {
        MediaKind::Mp3 => Some(VoiceFormat::Mp3),
        MediaKind::Amr => Some(VoiceFormat::Amr),
        MediaKind::Wav => Some(VoiceFormat::Wav),
        MediaKind::Wma => Some(VoiceFormat::Wma),
        MediaKind::Jpeg
        | MediaKind::Png
        | MediaKind::Gif
        | MediaKind::Webp
        | MediaKind::Bmp
        | MediaKind::Mp4
        | MediaKind::Other(_) => None,
    }
}
