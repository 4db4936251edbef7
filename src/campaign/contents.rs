//! What a send sends, as it is written: articles, a text, pictures, a voice, a video or a card.

use crate::diagnostic::{Diagnostic, Spanned};
use crate::terms::{CardId, Comments};

use super::codes;
use super::model::ContentText;
use super::parse::Names;
use super::pieces::is_media_name;
use super::reader::{Field, Object, Reader};
use super::yaml::Kind;

/// Articles of one draft (45008).
const ARTICLES_MAX: usize = 8;
/// Pictures of one send: no page says how many (40215); a picture article takes 20.
const PICTURES_MAX: usize = 20;
/// What a send may be of; the schema says it too.
pub(super) const CONTENTS: [&str; 7] =
    ["news", "text", "image", "images", "voice", "video", "card"];
/// Who may comment, as the files write it.
pub(super) const COMMENTS: [(&str, Comments); 3] = [
    ("closed", Comments::Closed),
    ("everyone", Comments::Everyone),
    ("followers", Comments::Followers),
];

impl Reader<'_> {
    pub(super) fn content(
        &mut self,
        object: &Object<'_>,
        names: &Names<'_>,
    ) -> Option<ContentText> {
        let one = self.one_of(object, &CONTENTS, &codes::EXACTLY_ONE)?;
        if matches!(one.name, "image" | "images") {
            return self.pictures(one, object, names);
        }
        self.nothing_of_pictures(one, object);
        match one.name {
            "text" => self.passage(one).map(ContentText::Text),
            "voice" => self.file_or_name(one, names).map(ContentText::Voice),
            "video" => self.video(one, names).map(ContentText::Video),
            "card" => self.term(one, CardId::new).map(ContentText::Card),
            _ => Some(self.news(one, names)),
        }
    }

    /// Reads the name of a video. A file alone has no title, and every video is sent with one.
    fn video(&mut self, one: Field<'_>, names: &Names<'_>) -> Option<Spanned<String>> {
        let word = self.file_or_name(one, names)?;
        if is_media_name(&word) {
            return Some(word);
        }
        let message = format!("the video `{}` has no title", *word);
        let help = format!(
            "give it one under `media`: `film: {{ video: {}, title: … }}`, and write `video: film` here",
            *word
        );
        self.error(&codes::VIDEO_TITLE, one, message, help);
        None
    }

    /// Notes keys that belong to pictures, in a send of something else.
    fn nothing_of_pictures(&mut self, one: Field<'_>, object: &Object<'_>) {
        for key in ["caption", "comments"].iter().filter_map(|key| object.get(key)) {
            let message = format!("`{}` belongs to a send of pictures", key.name);
            let help = format!("leave it out; this one sends `{}`", one.name);
            let place = self.key_place(key);
            let problem = Diagnostic::error(&codes::ONLY_WITH_PICTURES, message);
            self.problems.push(problem.at(place, "not of this send").help(help));
        }
    }

    /// Reads `image: FILE` or `images: [FILE, …]`, with what stands beside them.
    fn pictures(
        &mut self,
        one: Field<'_>,
        object: &Object<'_>,
        names: &Names<'_>,
    ) -> Option<ContentText> {
        let written = if one.name == "image" { vec![one] } else { self.items(one) };
        if matches!(one.node.kind, Kind::List(_)) && !(1..=PICTURES_MAX).contains(&written.len()) {
            let message =
                format!("a send has 1 to {PICTURES_MAX} pictures, and this one {}", written.len());
            let help = if written.is_empty() { "name a picture" } else { "leave some out" };
            self.error(&codes::PICTURE_COUNT, one, message, help);
        }
        let pictures: Vec<Option<_>> =
            written.into_iter().map(|field| self.file_or_name(field, names)).collect();
        let caption = object.get("caption").map(|field| self.passage(field));
        let comments = object.get("comments").and_then(|field| self.choice(field, &COMMENTS));
        Some(ContentText::Images {
            pictures: pictures.into_iter().collect::<Option<_>>()?,
            caption: match caption {
                Some(caption) => Some(caption?),
                None => None,
            },
            comments: comments.unwrap_or(Comments::Closed),
        })
    }

    fn news(&mut self, one: Field<'_>, names: &Names<'_>) -> ContentText {
        let items = self.items(one);
        let mut articles: Vec<Spanned<String>> = Vec::new();
        for item in items {
            let Some(name) = self.text(item) else { continue };
            self.known(&name, &names.articles, &codes::UNKNOWN_ARTICLE);
            if let Some(first) = articles.iter().find(|first| first.value == name.value) {
                let message = format!("the article `{}` stands twice in one send", *name);
                let diagnostic = Diagnostic::error(&codes::ARTICLE_TWICE, message)
                    .at(name.place.clone(), "again here")
                    .also(first.place.clone(), "first here")
                    .help("leave one of them out");
                self.problems.push(diagnostic);
            }
            articles.push(name);
        }
        if let Kind::List(written) = &one.node.kind
            && !(1..=ARTICLES_MAX).contains(&written.len())
        {
            let message = format!(
                "a news send has 1 to {ARTICLES_MAX} articles, and this one {}",
                written.len()
            );
            let help = "split it into several sends, or leave some out";
            let help = if written.is_empty() { "name an article" } else { help };
            self.error(&codes::ARTICLE_COUNT, one, message, help);
        }
        ContentText::News(articles)
    }
}
