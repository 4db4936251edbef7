//! What a send sends, in a plan's JSON.

use schemars::JsonSchema;
use serde::Serialize;

use crate::plan::{Content, Medium, Video, VoiceFile};

use super::nouns;

/// What a send sends.
#[derive(Serialize, JsonSchema)]
pub(super) struct ContentJson {
    /// 图文消息 (`news`), 文本消息 (`text`), 图片消息 (`images`), 语音消息 (`voice`), 视频消息 (`video`) or
    /// 卡券 (`card`).
    #[schemars(extend("enum" = ["news", "text", "images", "voice", "video", "card"]))]
    kind: &'static str,
    /// The articles of `news`, in order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    articles: Vec<ArticleJson>,
    /// The whole text of `text`.
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    /// The files of `images`, in order; `media_id …` for one that is known by its id alone.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    pictures: Vec<String>,
    /// What stands beside the pictures.
    #[serde(skip_serializing_if = "Option::is_none")]
    caption: Option<String>,
    /// Who may comment on the pictures.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("enum" = ["closed", "everyone", "followers"]))]
    comments: Option<&'static str>,
    /// What `voice` plays.
    #[serde(skip_serializing_if = "Option::is_none")]
    voice: Option<VoiceJson>,
    /// What `video` shows.
    #[serde(skip_serializing_if = "Option::is_none")]
    video: Option<VideoJson>,
    /// The id of `card`.
    #[serde(skip_serializing_if = "Option::is_none")]
    card: Option<String>,
    /// Of the content; media count by their bytes, and by their ids only where they have no file.
    fingerprint: String,
}

/// An article.
#[derive(Serialize, JsonSchema)]
struct ArticleJson {
    /// Its name in the file.
    name: String,
    /// Its title.
    title: String,
}

/// A voice: a `file`, or the `media_id` of one on the account.
#[derive(Serialize, JsonSchema)]
struct VoiceJson {
    /// The file.
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<String>,
    /// Its id, where it has no file.
    #[serde(skip_serializing_if = "Option::is_none")]
    media_id: Option<String>,
    /// The file's size.
    #[serde(skip_serializing_if = "Option::is_none")]
    bytes: Option<u64>,
    /// How long it plays, where its bytes say so.
    #[serde(skip_serializing_if = "Option::is_none")]
    duration_ms: Option<u64>,
}

/// A video: a `file`, or the `media_id` of one on the account.
#[derive(Serialize, JsonSchema)]
struct VideoJson {
    /// 标题.
    title: String,
    /// 简介, perhaps empty.
    description: String,
    /// The file.
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<String>,
    /// Its id, where it has no file.
    #[serde(skip_serializing_if = "Option::is_none")]
    media_id: Option<String>,
    /// The file's size.
    #[serde(skip_serializing_if = "Option::is_none")]
    bytes: Option<u64>,
}

/// Writes what a send sends.
pub(super) fn content_json(content: &Content) -> ContentJson {
    let plain = ContentJson {
        kind: nouns::content_kind(content),
        articles: Vec::new(),
        text: None,
        pictures: Vec::new(),
        caption: None,
        comments: None,
        voice: None,
        video: None,
        card: None,
        fingerprint: content.fingerprint().to_string(),
    };
    match content {
        Content::News(articles) => {
            let json =
                |name: &str, title: &str| ArticleJson { name: name.into(), title: title.into() };
            let articles = articles.iter().map(|a| json(&a.name, &a.title)).collect();
            ContentJson { articles, ..plain }
        }
        Content::Text(text) => ContentJson { text: Some(text.clone()), ..plain },
        Content::Images(images) => ContentJson {
            pictures: images.pictures.iter().map(|p| nouns::medium(p, |file| &file.name)).collect(),
            caption: images.caption.clone(),
            comments: Some(nouns::comments_code(images.comments)),
            ..plain
        },
        Content::Voice(voice) => ContentJson { voice: Some(voice_json(voice)), ..plain },
        Content::Video(video) => ContentJson { video: Some(video_json(video)), ..plain },
        Content::Card(card) => ContentJson { card: Some(card.to_string()), ..plain },
    }
}

fn voice_json(voice: &Medium<VoiceFile>) -> VoiceJson {
    let file = voice.file();
    VoiceJson {
        file: file.map(|file| file.name.clone()),
        media_id: media_id(voice),
        bytes: file.map(|file| file.bytes),
        duration_ms: file.and_then(|file| file.duration_ms),
    }
}

fn video_json(video: &Video) -> VideoJson {
    let file = video.source.file();
    VideoJson {
        title: video.title.clone(),
        description: video.description.clone(),
        file: file.map(|file| file.name.clone()),
        media_id: media_id(&video.source),
        bytes: file.map(|file| file.bytes),
    }
}

fn media_id<F>(medium: &Medium<F>) -> Option<String> {
    match medium {
        Medium::File(_) => None,
        Medium::OnAccount(id) => Some(id.to_string()),
    }
}
