//! Temporary media (临时素材): gone three days after they came (WeChat's page 素材管理).

use serde_json::{Value, json};

use crate::terms::{MaterialKind, Timestamp};

use super::{
    account::{Account, Body, FileSent},
    media::{self, Shelf, Uploaded},
    refusal::{Errcode, Refusal},
    wire::Call,
};

/// Answers `media/upload`: the id of a thumb has a name of its own.
pub(super) fn upload(account: &mut Account, call: &Call, now: Timestamp) -> Result<Value, Refusal> {
    let kind = media::kind(call)?;
    let file = media::admitted(account, &call.media()?, (Shelf::Temporary, kind), now)?;
    let media_id = account.fresh("temporary", 64);
    let name = match kind {
        MaterialKind::Thumb => "thumb_media_id",
        MaterialKind::Image | MaterialKind::Voice | MaterialKind::Video => "media_id",
    };
    let file = Uploaded { media_id: Some(media_id.clone()), ..file };
    account.state.temporary.retain(|_, old| media::is_alive(old.at, now));
    account.state.temporary.insert(media_id.clone(), file);
    Ok(json!({ "type": kind.word(), name: media_id, "created_at": now.as_second() }))
}

/// Answers `media/get`: the bytes, and for a video where it is.
pub(super) fn get(account: &Account, call: &Call, now: Timestamp) -> Result<Body, Refusal> {
    let media_id = call.asked("media_id").ok_or(Errcode::MissingMediaId)?;
    let file = account.state.temporary.get(media_id);
    let file = file.filter(|file| media::is_alive(file.at, now)).ok_or(Errcode::InvalidMediaId)?;
    Ok(match file.kind {
        MaterialKind::Image | MaterialKind::Voice | MaterialKind::Thumb => {
            Body::File(FileSent::of(file))
        }
        MaterialKind::Video => Body::Json(json!({ "video_url": media::video_url(media_id) })),
    })
}
