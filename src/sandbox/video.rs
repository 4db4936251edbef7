//! Videos that can be sent (群发视频): a temporary video with a title, under an id of its own.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::terms::{MaterialKind, Timestamp};

use super::{
    account::Account,
    media,
    refusal::{Errcode, Refusal},
    wire::Call,
};

/// A video that `media/uploadvideo` made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct MpVideo {
    /// 标题, perhaps empty.
    pub(super) title: String,
    /// 描述, perhaps empty.
    pub(super) description: String,
    /// When it was made: it lives three days from then.
    pub(super) at: Timestamp,
}

/// Answers `media/uploadvideo`: takes a temporary video only, and makes another id of it.
pub(super) fn convert(
    account: &mut Account,
    call: &Call,
    now: Timestamp,
) -> Result<Value, Refusal> {
    let body = call.json()?;
    let from = body.text("media_id")?.ok_or(Errcode::MissingMediaId)?;
    let video = MpVideo {
        title: body.text_or_empty("title")?.to_owned(),
        description: body.text_or_empty("description")?.to_owned(),
        at: now,
    };
    media::temporary(account, from, MaterialKind::Video, now)?;
    let media_id = account.fresh("mpvideo", 64);
    account.state.mp_videos.retain(|_, old| media::is_alive(old.at, now));
    account.state.mp_videos.insert(media_id.clone(), video);
    Ok(json!({ "type": "video", "media_id": media_id, "created_at": now.as_second() }))
}

/// Finds a video that can be sent.
///
/// # Errors
///
/// 40007 for one that has expired, and for any other id: of a temporary or a permanent video too.
pub(super) fn find<'a>(
    account: &'a Account,
    media_id: &str,
    now: Timestamp,
) -> Result<&'a MpVideo, Refusal> {
    let found = account.state.mp_videos.get(media_id);
    let found = found.filter(|video| media::is_alive(video.at, now));
    Ok(found.ok_or(Errcode::InvalidMediaId)?)
}
