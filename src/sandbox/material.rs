//! Permanent materials (永久素材): kept until they are deleted (WeChat's page 素材管理).

use serde_json::{Value, json};

use crate::terms::{MaterialKind, Timestamp};

use super::{
    account::{Account, Body, FileSent},
    media::{self, Shelf, Uploaded},
    refusal::{Errcode, Refusal, refuse},
    wire::{Call, Fields},
};

/// Images that the store holds.
const IMAGES_MAX: usize = 100_000;
/// Voices, videos and thumbs that it holds, of each.
const OTHERS_MAX: usize = 1_000;
/// Materials of one page of `batchget_material`.
const PAGE_MAX: usize = 20;

/// Answers `material/add_material`: each call adds one, whatever its bytes.
pub(super) fn add(account: &mut Account, call: &Call, now: Timestamp) -> Result<Value, Refusal> {
    let kind = media::kind(call)?;
    let (media, words) = match kind {
        MaterialKind::Video => call.described_media().map(|(media, words)| (media, Some(words)))?,
        MaterialKind::Image | MaterialKind::Voice | MaterialKind::Thumb => (call.media()?, None),
    };
    let (title, introduction) = match words {
        Some(words) => described(&words)?,
        None => (String::new(), String::new()),
    };
    let file = media::admitted(account, &media, (Shelf::Permanent, kind), now)?;
    let room = if kind == MaterialKind::Image { IMAGES_MAX } else { OTHERS_MAX };
    if count(account, kind) >= room {
        return refuse(Errcode::StoreIsFull);
    }
    let media_id = account.fresh("material", 64);
    let file = Uploaded { media_id: Some(media_id.clone()), title, introduction, ..file };
    let mut answer = json!({ "media_id": media_id });
    if matches!(kind, MaterialKind::Image | MaterialKind::Thumb) {
        answer["url"] = file.url.clone().into();
    }
    answer["item"] = json!([]);
    account.state.materials.insert(media_id, file);
    Ok(answer)
}

/// Reads the title and introduction of a video; the title may not be empty.
fn described(words: &Fields) -> Result<(String, String), Refusal> {
    let title = words.text_or_empty("title")?;
    if title.trim().is_empty() {
        return refuse(Errcode::BadTitleLength);
    }
    Ok((title.to_owned(), words.text_or_empty("introduction")?.to_owned()))
}

/// Answers `material/get_material`: the bytes of a picture or a voice, and where a video is.
pub(super) fn get(account: &Account, call: &Call) -> Result<Body, Refusal> {
    let body = call.json()?;
    let file = account.state.materials.get(media_id(&body)?).ok_or(Errcode::InvalidMediaId)?;
    Ok(match file.kind {
        MaterialKind::Image | MaterialKind::Voice | MaterialKind::Thumb => {
            Body::File(FileSent::of(file))
        }
        MaterialKind::Video => Body::Json(json!({
            "title": file.title,
            "description": file.introduction,
            "down_url": media::video_url(file.media_id.as_deref().unwrap_or_default()),
        })),
    })
}

/// Answers `material/del_material`.
pub(super) fn delete(account: &mut Account, call: &Call) -> Result<Value, Refusal> {
    let body = call.json()?;
    account.state.materials.remove(media_id(&body)?).ok_or(Errcode::InvalidMediaId)?;
    Ok(json!({ "errcode": 0, "errmsg": "ok" }))
}

fn media_id(body: &Fields) -> Result<&str, Refusal> {
    Ok(body.text("media_id")?.ok_or(Errcode::MissingMediaId)?)
}

fn count(account: &Account, kind: MaterialKind) -> usize {
    account.state.materials.values().filter(|file| file.kind == kind).count()
}

/// Answers `material/get_materialcount`, which has no place for thumbs.
pub(super) fn counts(account: &Account) -> Value {
    json!({
        "voice_count": count(account, MaterialKind::Voice),
        "video_count": count(account, MaterialKind::Video),
        "image_count": count(account, MaterialKind::Image),
        "news_count": 0,
    })
}

/// Answers `material/batchget_material`: the newest first. News (图文) are drafts now: there are none.
pub(super) fn list(account: &Account, call: &Call) -> Result<Value, Refusal> {
    let body = call.json()?;
    let kind = match body.text_or_empty("type")? {
        "image" => Some(MaterialKind::Image),
        "voice" => Some(MaterialKind::Voice),
        "video" => Some(MaterialKind::Video),
        "news" => None,
        _ => return refuse(Errcode::InvalidMediaType),
    };
    let offset = body.number("offset")?.and_then(|offset| usize::try_from(offset).ok());
    let count = body.number("count")?.and_then(|count| usize::try_from(count).ok());
    let count = count.filter(|count| (1..=PAGE_MAX).contains(count)).ok_or(Errcode::InvalidArgs)?;
    let mut files: Vec<&Uploaded> =
        account.state.materials.values().filter(|file| Some(file.kind) == kind).collect();
    files.sort_by_key(|file| std::cmp::Reverse(file.at));
    let page = files.iter().skip(offset.ok_or(Errcode::InvalidArgs)?).take(count);
    let items: Vec<Value> = page.map(|file| item(file)).collect();
    Ok(json!({ "total_count": files.len(), "item_count": items.len(), "item": items }))
}

fn item(file: &Uploaded) -> Value {
    let mut item = json!({
        "media_id": file.media_id,
        "name": file.name,
        "update_time": file.at.as_second(),
    });
    if file.kind == MaterialKind::Image {
        item["url"] = file.url.clone().into();
    }
    item
}
