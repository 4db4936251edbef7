//! Drafts (草稿): one to eight articles that a send uses up (WeChat's page 草稿箱).

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::terms::{MaterialKind, Timestamp};

use super::{
    account::Account,
    derive, filter, markup,
    media::Uploaded,
    refusal::{Errcode, Refusal, refuse},
    wire::{Call, Fields},
};

/// Lengths are counted in UTF-16 units, the strict side: whether an emoji counts one or two is
/// not known.
const TITLE_MAX: usize = 32;
const AUTHOR_MAX: usize = 16;
const DIGEST_MAX: usize = 120;
/// Content stays below this, markup and all; it never comes near the other limit of 1 MB.
const CONTENT_BELOW: usize = 20_000;
const SOURCE_URL_BYTES: usize = 1024;
/// Articles of a draft.
const ARTICLES_MAX: usize = 8;
/// What stands for a digest that was not written.
const DERIVED_DIGEST_CHARS: usize = 54;

/// A draft as the account keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Draft {
    pub(super) articles: Vec<Article>,
    pub(super) created_at: Timestamp,
    pub(super) updated_at: Timestamp,
}

/// An article as WeChat keeps it: what survived its filter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Article {
    /// 标题.
    pub title: String,
    /// 作者.
    pub author: String,
    /// 摘要; the beginning of the text when none was written.
    pub digest: String,
    /// The HTML that survived.
    pub content: String,
    /// 阅读原文.
    pub content_source_url: String,
    /// The cover's media id.
    pub thumb_media_id: String,
    /// The cover's address.
    pub thumb_url: String,
    /// 1 when comments (留言) are open.
    pub need_open_comment: u8,
    /// 1 when only followers may comment.
    pub only_fans_can_comment: u8,
}

/// A draft as a test sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftSeen {
    /// Its id.
    pub media_id: String,
    /// Its articles, in order.
    pub articles: Vec<Article>,
    /// When it was added or last updated.
    pub updated_at: Timestamp,
}

/// Answers `draft/add`: not idempotent, as in life.
pub(super) fn add(account: &mut Account, call: &Call, now: Timestamp) -> Result<Value, Refusal> {
    let articles = articles(account, &call.json()?, permanent_image)?;
    let media_id = account.fresh("draft", 64);
    let item: Vec<Value> =
        (0..articles.len()).map(|index| json!({ "index": index, "ad_count": 0 })).collect();
    let draft = Draft { articles, created_at: now, updated_at: now };
    account.state.drafts.insert(media_id.clone(), draft);
    Ok(json!({ "media_id": media_id, "item": item }))
}

/// Reads one to eight articles, whose covers are where `cover` looks.
pub(super) fn articles(
    account: &Account,
    body: &Fields,
    cover: impl for<'a> Fn(&'a Account, &str) -> Result<&'a Uploaded, Refusal>,
) -> Result<Vec<Article>, Refusal> {
    let articles = match body.value("articles") {
        None => return refuse(Errcode::EmptyNews),
        Some(Value::Array(articles)) => articles,
        Some(_) => return refuse(Errcode::MalformedJson),
    };
    if articles.is_empty() {
        return refuse(Errcode::EmptyNews);
    }
    if articles.len() > ARTICLES_MAX {
        return refuse(Errcode::TooManyArticles);
    }
    articles.iter().map(|article| admitted(account, article, &cover)).collect()
}

/// Answers `draft/update`: one article by its index from 0; the number of articles stays.
pub(super) fn update(account: &mut Account, call: &Call, now: Timestamp) -> Result<Value, Refusal> {
    let body = call.json()?;
    let media_id = media_id(&body)?;
    let count = find(account, media_id)?.articles.len();
    let index = body.number("index")?.and_then(|index| usize::try_from(index).ok());
    let index = index.filter(|index| *index < count).ok_or(Errcode::InvalidIndex)?;
    let article = body.value("articles").ok_or(Errcode::EmptyNews)?;
    let article = admitted(account, article, permanent_image)?;
    let draft = account.state.drafts.get_mut(media_id).ok_or(Errcode::InvalidMediaId)?;
    draft.articles[index] = article;
    draft.updated_at = now;
    Ok(json!({ "errcode": 0, "errmsg": "ok" }))
}

/// Answers `draft/get`: what survived.
pub(super) fn get(account: &Account, call: &Call) -> Result<Value, Refusal> {
    let body = call.json()?;
    let media_id = media_id(&body)?;
    let draft = find(account, media_id)?;
    let items: Vec<Value> =
        draft.articles.iter().zip(1_usize..).map(|(a, idx)| shown(a, media_id, idx)).collect();
    Ok(json!({
        "news_item": items,
        "create_time": draft.created_at.as_second(),
        "update_time": draft.updated_at.as_second(),
    }))
}

fn shown(article: &Article, media_id: &str, idx: usize) -> Value {
    let key = derive::letters(&["preview link", media_id, &idx.to_string()], 43);
    json!({
        "title": article.title,
        "author": article.author,
        "digest": article.digest,
        "content": article.content,
        "content_source_url": article.content_source_url,
        "thumb_media_id": article.thumb_media_id,
        "show_cover_pic": 0,
        "url": format!("http://mp.weixin.qq.com/s?__biz=sandbox&idx={idx}&tempkey={key}"),
        "thumb_url": article.thumb_url,
        "need_open_comment": article.need_open_comment,
        "only_fans_can_comment": article.only_fans_can_comment,
    })
}

/// Answers `draft/delete`.
pub(super) fn delete(account: &mut Account, call: &Call) -> Result<Value, Refusal> {
    let body = call.json()?;
    account.state.drafts.remove(media_id(&body)?).ok_or(Errcode::InvalidMediaId)?;
    Ok(json!({ "errcode": 0, "errmsg": "ok" }))
}

/// Answers `draft/count`.
pub(super) fn count(account: &Account) -> Value {
    json!({ "total_count": account.state.drafts.len() })
}

/// Finds a living draft.
///
/// # Errors
///
/// 40007 for one that was sent, deleted or never there.
pub(super) fn find<'a>(account: &'a Account, media_id: &str) -> Result<&'a Draft, Refusal> {
    Ok(account.state.drafts.get(media_id).ok_or(Errcode::InvalidMediaId)?)
}

fn media_id(body: &Fields) -> Result<&str, Refusal> {
    Ok(body.text("media_id")?.ok_or(Errcode::MissingMediaId)?)
}

/// Finds a draft's cover: a permanent image, and 40007 for anything else.
fn permanent_image<'a>(account: &'a Account, media_id: &str) -> Result<&'a Uploaded, Refusal> {
    let found = account.state.materials.get(media_id);
    let found = found.filter(|file| file.kind == MaterialKind::Image);
    Ok(found.ok_or(Errcode::InvalidMediaId)?)
}

/// Judges an article and filters its content.
fn admitted(
    account: &Account,
    article: &Value,
    cover: impl for<'a> Fn(&'a Account, &str) -> Result<&'a Uploaded, Refusal>,
) -> Result<Article, Refusal> {
    let fields = Fields::of(article)?;
    if fields.text("article_type")?.is_some_and(|kind| kind != "news") {
        return refuse(Errcode::InvalidArgs); // 图片消息 (newspic) is not emulated
    }
    let title = limited(&fields, "title", TITLE_MAX, Errcode::BadTitleLength)?;
    if title.trim().is_empty() {
        return refuse(Errcode::BadTitleLength);
    }
    let cover_id = fields.text_or_empty("thumb_media_id")?;
    let cover = cover(account, cover_id)?;
    let content = content(account, &fields)?;
    let digest = limited(&fields, "digest", DIGEST_MAX, Errcode::DigestTooLong)?;
    let digest = match digest.as_str() {
        "" => markup::text(&content).chars().take(DERIVED_DIGEST_CHARS).collect(),
        _ => digest,
    };
    Ok(Article {
        title,
        author: limited(&fields, "author", AUTHOR_MAX, Errcode::AuthorTooLong)?,
        digest,
        content,
        content_source_url: source_url(&fields)?,
        thumb_media_id: cover_id.to_owned(),
        thumb_url: cover.url.clone(),
        need_open_comment: fields.switch("need_open_comment")?,
        only_fans_can_comment: fields.switch("only_fans_can_comment")?,
    })
}

fn limited(fields: &Fields, name: &str, max: usize, code: Errcode) -> Result<String, Refusal> {
    let text = fields.text_or_empty(name)?;
    if text.encode_utf16().count() > max {
        return refuse(code);
    }
    Ok(text.to_owned())
}

fn content(account: &Account, fields: &Fields) -> Result<String, Refusal> {
    let content = fields.text_or_empty("content")?;
    if content.trim().is_empty() {
        return refuse(Errcode::EmptyNews);
    }
    if content.encode_utf16().count() >= CONTENT_BELOW {
        return refuse(Errcode::ContentTooLong);
    }
    filter::filtered(content, &account.rules.mini_programs)
}

fn source_url(fields: &Fields) -> Result<String, Refusal> {
    let url = fields.text_or_empty("content_source_url")?;
    if url.len() > SOURCE_URL_BYTES {
        return refuse(Errcode::UrlTooLong);
    }
    let is_web = url.starts_with("https://") || url.starts_with("http://");
    if !url.is_empty() && !is_web {
        return refuse(Errcode::InvalidSourceUrl);
    }
    Ok(url.to_owned())
}
