//! What a send sends, in a plan's JSON.

use schemars::JsonSchema;
use serde::Serialize;

use crate::plan::Content;

use super::nouns;

/// What a send sends.
#[derive(Serialize, JsonSchema)]
pub(super) struct ContentJson {
    /// 图文消息 (`news`), 文本消息 (`text`) or 图片消息 (`images`).
    #[schemars(extend("enum" = ["news", "text", "images"]))]
    kind: &'static str,
    /// The articles of `news`, in order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    articles: Vec<ArticleJson>,
    /// The whole text of `text`.
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    /// The files of `images`, in order.
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
    /// Of the content; pictures count by their bytes.
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

/// Writes what a send sends.
pub(super) fn content_json(content: &Content) -> ContentJson {
    let plain = ContentJson {
        kind: nouns::content_kind(content),
        articles: Vec::new(),
        text: None,
        pictures: Vec::new(),
        caption: None,
        comments: None,
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
            pictures: images.pictures.iter().map(|file| file.name.clone()).collect(),
            caption: images.caption.clone(),
            comments: Some(nouns::comments_code(images.comments)),
            ..plain
        },
    }
}
