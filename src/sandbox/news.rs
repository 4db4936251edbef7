//! Articles by the old way (图文消息素材): ten uploads a day, an id that lives three days and serves any
//! number of sends.

use serde_json::{Value, json};

use crate::terms::{MaterialKind, Timestamp};

use super::{
    account::Account,
    draft::{self, Draft},
    media,
    refusal::{Errcode, Refusal},
    wire::Call,
};

/// Answers `media/uploadnews`: as a draft, but with temporary thumbs for covers.
pub(super) fn upload(account: &mut Account, call: &Call, now: Timestamp) -> Result<Value, Refusal> {
    let body = call.json()?;
    let articles = draft::articles(account, &body, |account, id| {
        media::temporary(account, id, MaterialKind::Thumb, now)
    })?;
    let media_id = account.fresh("news", 64);
    let news = Draft { articles, created_at: now, updated_at: now };
    account.state.news.retain(|_, old| media::is_alive(old.created_at, now));
    account.state.news.insert(media_id.clone(), news);
    Ok(json!({ "type": "news", "media_id": media_id, "created_at": now.as_second() }))
}

/// Finds articles that can be sent: a draft, or what came by the old way and still lives.
///
/// # Errors
///
/// 40007 for anything else.
pub(super) fn find<'a>(
    account: &'a Account,
    media_id: &str,
    now: Timestamp,
) -> Result<&'a Draft, Refusal> {
    let old = account.state.news.get(media_id);
    let old = old.filter(|news| media::is_alive(news.created_at, now));
    let found = account.state.drafts.get(media_id).or(old);
    Ok(found.ok_or(Errcode::InvalidMediaId)?)
}
