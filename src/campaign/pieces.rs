//! What a campaign and its account may both have: media, mini programs and targets.

use crate::diagnostic::{Diagnostic, Spanned};
use crate::terms::{MaterialKind, MediaId, Slice};

use super::codes;
use super::keys;
use super::model::{
    AudienceText, Expect, ListText, Media, MediaSource, MediumText, MiniProgram, Target,
};
use super::names;
use super::reader::{Field, Join, Object, Reader};
use super::scalar::Meaning;
use super::values::{Base, is_template};
use super::yaml::Kind;

/// The longest title of a mini program (WeChat's page 图文插入小程序).
const MINI_PROGRAM_TITLE_CHARS_MAX: usize = 35;

/// The media that a picture's name may mean.
#[derive(Clone, Copy)]
pub(super) struct Pictures<'a> {
    pub(super) media: &'a [Media],
    /// Every name that is declared, that of a broken entry too; `None`: not known.
    pub(super) known: Option<&'a [&'a str]>,
}

/// What a piece of media may be; the schema says it too.
pub(super) const MEDIA: [&str; 4] = ["image", "voice", "video", "thumb"];

/// Says that media of another kind stands where one kind is wanted.
pub(super) fn other_kind(
    word: &Spanned<String>,
    found: &Media,
    wanted: MaterialKind,
) -> Diagnostic {
    // A video's file alone has no title.
    let or_file = if wanted == MaterialKind::Video { "" } else { ", or a file" };
    let (is, wanted) = (kind_words(found.medium.kind()), kind_words(wanted));
    Diagnostic::error(&codes::OTHER_KIND, format!("`{}` is {is}, and {wanted} is wanted", **word))
        .at(word.place.clone(), format!("{wanted} is wanted here"))
        .also(found.name.place.clone(), format!("{is}, as it is declared here"))
        .help(format!("name {wanted}{or_file}"))
}

/// A kind of media, in a sentence.
pub(super) fn kind_words(kind: MaterialKind) -> &'static str {
    match kind {
        MaterialKind::Image => "a picture",
        MaterialKind::Voice => "a voice",
        MaterialKind::Video => "a video",
        MaterialKind::Thumb => "a thumb",
    }
}

/// Whether a word names a piece of media, rather than a file: files have a `.` or a `/`.
pub(super) fn is_media_name(word: &str) -> bool {
    !word.contains(['.', '/', '\\'])
}

impl Reader<'_> {
    /// Reads `media`.
    pub(super) fn media(&mut self, field: Option<Field<'_>>, base: Base) -> Vec<Media> {
        let entries = field.map(|field| self.entries(field, Join::Dash)).unwrap_or_default();
        entries.into_iter().filter_map(|entry| self.medium(entry, base)).collect()
    }

    fn medium(&mut self, entry: Field<'_>, base: Base) -> Option<Media> {
        let object = self.object(entry, &keys::MEDIA)?;
        let one = self.one_of(&object, &MEDIA, &codes::EXACTLY_ONE)?;
        let source = self.media_source(one, base);
        let medium = match one.name {
            "video" => self.video_text(&object),
            kind => {
                self.nothing_of_videos(one, &object);
                Some(match kind {
                    "image" => MediumText::Image,
                    "voice" => MediumText::Voice,
                    _ => MediumText::Thumb,
                })
            }
        };
        Some(Media { name: self.named(entry), medium: medium?, source: source? })
    }

    /// Reads a file's path, or `{ media_id: … }` of something that is on the account already.
    fn media_source(&mut self, field: Field<'_>, base: Base) -> Option<Spanned<MediaSource>> {
        if !matches!(field.node.kind, Kind::Map(_)) {
            return Some(self.path(field, base)?.map(MediaSource::File));
        }
        let object = self.object(field, &keys::ON_ACCOUNT)?;
        let id = self.need(&object, "media_id")?;
        Some(self.term(id, MediaId::new)?.map(MediaSource::OnAccount))
    }

    fn video_text(&mut self, object: &Object<'_>) -> Option<MediumText> {
        let description = object.get("description").map(|field| self.passage(field));
        let Some(title) = object.get("title") else {
            let help = "write beside it `title: …`, and `description: …` if there is more to say";
            self.missing(object, &codes::VIDEO_TITLE, "a video needs a title", help);
            return None;
        };
        let title = self.text(title)?;
        let description = match description {
            Some(description) => Some(description?),
            None => None,
        };
        Some(MediumText::Video { title, description })
    }

    /// Notes keys that belong to a video, in media of another kind.
    fn nothing_of_videos(&mut self, one: Field<'_>, object: &Object<'_>) {
        for key in ["title", "description"].iter().filter_map(|key| object.get(key)) {
            let message = format!("`{}` belongs to a video", key.name);
            let help = format!("leave it out; this is media of the kind `{}`", one.name);
            let problem = Diagnostic::error(&codes::ONLY_WITH_VIDEO, message);
            self.problems.push(problem.at(self.key_place(key), "not of this kind").help(help));
        }
    }

    /// Reads `mini_programs`; an `image` may name one of the `pictures`.
    pub(super) fn mini_programs(
        &mut self,
        field: Option<Field<'_>>,
        base: Base,
        pictures: Pictures<'_>,
    ) -> Vec<MiniProgram> {
        let entries = field.map(|field| self.entries(field, Join::Underscore)).unwrap_or_default();
        entries.into_iter().filter_map(|entry| self.mini_program(entry, base, pictures)).collect()
    }

    fn mini_program(
        &mut self,
        entry: Field<'_>,
        base: Base,
        pictures: Pictures<'_>,
    ) -> Option<MiniProgram> {
        let object = self.object(entry, &keys::MINI_PROGRAM)?;
        let title = object.get("title").and_then(|field| {
            let title = self.text(field)?;
            self.limit(field, &title, MINI_PROGRAM_TITLE_CHARS_MAX);
            Some(title)
        });
        let image = object.get("image").and_then(|field| self.picture(field, base, pictures));
        let appid = self.need(&object, "appid").and_then(|field| self.mini_program_appid(field));
        let path = self.need(&object, "path").and_then(|field| self.page(field));
        Some(MiniProgram { name: self.named(entry), appid: appid?, path: path?, title, image })
    }

    fn mini_program_appid(&mut self, field: Field<'_>) -> Option<Spanned<String>> {
        let appid = self.text(field)?;
        if !is_real_appid(&appid) {
            let message = format!("`{}` is not the appid of a mini program", *appid);
            let help =
                "it is `wx` and 16 lower-case hex digits; `gh_…` is the original id, not the appid";
            self.error(&codes::MINI_PROGRAM_APPID, field, message, help);
        }
        Some(appid)
    }

    fn page(&mut self, field: Field<'_>) -> Option<Spanned<String>> {
        let path = self.text(field)?;
        if path.starts_with('/') {
            let message = format!("the page `{}` begins with a slash", *path);
            let help = format!("write `{}`", path.trim_start_matches('/'));
            self.error(&codes::PAGE_PATH, field, message, help);
        }
        Some(path)
    }

    /// Reads a file's path or the name of a piece of media, as the key of the file.
    fn picture(
        &mut self,
        field: Field<'_>,
        base: Base,
        pictures: Pictures<'_>,
    ) -> Option<Spanned<String>> {
        let word = self.text(field)?;
        if !is_media_name(&word) {
            return self.path(field, base);
        }
        let found = pictures.media.iter().find(|media| *media.name == *word);
        if let (None, Some(known)) = (found, pictures.known)
            && !known.contains(&word.as_str())
        {
            self.unknown_media(field, &word, known);
        }
        let found = found?;
        match (found.medium.kind(), &found.source.value) {
            (MaterialKind::Image, MediaSource::File(key)) => Some(word.map(|_| key.clone())),
            (MaterialKind::Image, MediaSource::OnAccount(_)) => {
                let message = format!("the picture `{}` has no file here", *word);
                let diagnostic = Diagnostic::error(&codes::NO_FILE_HERE, message)
                    .at(word.place.clone(), "is uploaded as part of each article")
                    .also(found.source.place.clone(), "known by its id alone")
                    .help("name a file; an id on the account serves for covers and sends");
                self.problems.push(diagnostic);
                None
            }
            (MaterialKind::Voice | MaterialKind::Video | MaterialKind::Thumb, _) => {
                self.problems.push(other_kind(&word, found, MaterialKind::Image));
                None
            }
        }
    }

    /// Notes a word that names no media.
    pub(super) fn unknown_media(&mut self, field: Field<'_>, word: &str, known: &[&str]) {
        let message = format!("there is no media `{word}`");
        let help =
            format!("{}; a file is written with its ending", names::help(word, "media", known));
        self.error(&codes::UNKNOWN_MEDIA, field, message, help);
    }

    /// Reads `targets`.
    pub(super) fn targets(&mut self, field: Option<Field<'_>>, base: Base) -> Vec<Target> {
        let entries = field.map(|field| self.entries(field, Join::Dash)).unwrap_or_default();
        entries.into_iter().filter_map(|entry| self.target(entry, base)).collect()
    }

    fn target(&mut self, entry: Field<'_>, base: Base) -> Option<Target> {
        let object = self.object(entry, &keys::TARGET)?;
        let expect = object.get("expect").and_then(|field| self.expect(field));
        let one = self.one_of(&object, &["tag", "openids", "everyone"], &codes::NO_AUDIENCE)?;
        if one.name != "openids" {
            for cut in ["except", "slice"].iter().filter_map(|key| object.get(key)) {
                self.no_list(one, cut);
            }
        }
        let audience = match one.name {
            "tag" => self.text(one)?.map(AudienceText::Tag),
            "openids" => self.openids(one, &object, base)?,
            _ => self.everyone(one)?,
        };
        Some(Target { name: self.named(entry), audience, expect })
    }

    fn everyone(&mut self, field: Field<'_>) -> Option<Spanned<AudienceText>> {
        let meaning = match &field.node.kind {
            Kind::Plain(plain) => Meaning::of(plain),
            _ => Meaning::Text,
        };
        let help = "write `everyone: true`, or say whom it is for: `tag: NAME`, `openids: FILE`";
        match meaning {
            Meaning::Truth(true) => {
                Some(Spanned::new(AudienceText::Everyone, self.key_place(field)))
            }
            Meaning::Truth(false) | Meaning::Disputed("the truth value false") => {
                let message = "`everyone: false` says whom the target is not for";
                self.error(&codes::EVERYONE_FALSE, field, message, help);
                None
            }
            _ => {
                self.wrong_type(field, "only ever `true`", help.to_owned());
                None
            }
        }
    }

    /// Notes that a tag, or everyone, is to be cut like a list.
    fn no_list(&mut self, one: Field<'_>, cut: Field<'_>) {
        let message = format!("`{}` beside `{}`: only lists can be cut", cut.name, one.name);
        let diagnostic = Diagnostic::error(&codes::NO_LIST, message)
            .at(self.key_place(cut), "only beside `openids`")
            .also(self.key_place(one), "no list")
            .help("WeChat sends to a tag, or to everyone, as a whole; name a list of openids");
        self.problems.push(diagnostic);
    }

    fn openids(
        &mut self,
        field: Field<'_>,
        target: &Object<'_>,
        base: Base,
    ) -> Option<Spanned<AudienceText>> {
        let mut list = ListText::of("");
        let file = match &field.node.kind {
            Kind::Map(_) => {
                let object = self.object(field, &keys::OPENIDS)?;
                let column = object.get("column").and_then(|column| self.text(column));
                list.column = column.map(|column| column.value);
                list.sha256 = object.get("sha256").and_then(|field| self.sha256(field));
                list.count = object.get("count").and_then(|f| self.number(f, u64::from(u32::MAX)));
                self.need(&object, "file")?
            }
            _ => field,
        };
        let except = target.get("except").map(|field| self.items(field)).unwrap_or_default();
        list.except = except.into_iter().filter_map(|name| self.text(name)).collect();
        list.slice = match target.get("slice") {
            Some(field) => Some(self.slice(field)?),
            None => None,
        };
        let file = self.path(file, base)?;
        Some(file.map(|file| AudienceText::OpenIds(ListText { file, ..list })))
    }

    fn sha256(&mut self, field: Field<'_>) -> Option<Spanned<String>> {
        let text = self.text(field)?;
        if text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Some(text.map(|text| text.to_ascii_lowercase()));
        }
        let message = format!("`{}` is no SHA-256", *text);
        let help = "it has 64 hex digits: `sha256sum FILE` prints it";
        self.error(&codes::BAD_TERM, field, message, help);
        None
    }

    fn slice(&mut self, field: Field<'_>) -> Option<Spanned<Slice>> {
        let text = self.text(field)?;
        if let Ok(slice) = text.parse() {
            return Some(text.map(|_| slice));
        }
        let message = format!("`{}` is no slice", *text);
        let help = "write FROM%..UNTIL%, the lower first, from 0% to 100% with at most two \
                    decimals: `0%..10%`, and `10%..100%` for the rest";
        self.error(&codes::BAD_SLICE, field, message, help);
        None
    }

    fn expect(&mut self, field: Field<'_>) -> Option<Spanned<Expect>> {
        let object = self.object(field, &keys::EXPECT)?;
        let at_least = self.bound(&object, "at_least");
        let at_most = self.bound(&object, "at_most");
        if object.get("at_least").is_none() && object.get("at_most").is_none() {
            let message = "an expectation needs `at_least`, `at_most` or both";
            self.missing(
                &object,
                &codes::MISSING_KEY,
                message,
                "write how many people there must be",
            );
        }
        if let (Some(least), Some(most)) = (&at_least, &at_most)
            && least.value > most.value
        {
            let message = format!("at least {} and at most {}: no number fits", **least, **most);
            let diagnostic = Diagnostic::error(&codes::EXPECT_REVERSED, message)
                .at(most.place.clone(), "less than the other")
                .also(least.place.clone(), "")
                .help("swap the two numbers");
            self.problems.push(diagnostic);
        }
        let (at_least, at_most) = (at_least.map(|n| n.value), at_most.map(|n| n.value));
        Some(Spanned::new(Expect { at_least, at_most }, self.key_place(field)))
    }

    fn bound(&mut self, object: &Object<'_>, key: &str) -> Option<Spanned<u64>> {
        object.get(key).and_then(|field| self.number(field, u64::from(u32::MAX)))
    }

    /// The name of an entry, at its key.
    pub(super) fn named(&self, entry: Field<'_>) -> Spanned<String> {
        Spanned::new(entry.name.to_owned(), self.key_place(entry))
    }

    /// Notes a text that is too long for WeChat; a template is measured once it is rendered.
    ///
    /// Counts UTF-16 units, the strict side of "characters" (WeChat's page 新建草稿).
    pub(super) fn limit(&mut self, field: Field<'_>, text: &str, chars_max: usize) {
        let chars = text.encode_utf16().count();
        if chars > chars_max && !is_template(text) {
            let message =
                format!("`{}` has {chars} characters, and WeChat takes {chars_max}", field.name);
            let help = format!("shorten it by {}", chars - chars_max);
            self.error(&codes::TOO_LONG, field, message, help);
        }
    }
}

/// Whether a text is the appid of a real account or mini program: `wx` and 16 hex digits.
pub(crate) fn is_real_appid(text: &str) -> bool {
    text.strip_prefix("wx").is_some_and(|hex| {
        hex.len() == 16 && hex.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
    })
}
