//! Previews (预览): one person sees the content, nothing is used up.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::terms::{OpenId, Reviewer, Timestamp, WxName};

use super::{
    account::Account,
    audience::Standing,
    content::Named,
    endpoint::Endpoint,
    quota,
    refusal::{Errcode, Refusal, refuse},
    wire::{Call, Fields},
};

/// Previews by WeChat ID (`towxname`) a day.
const BY_WXNAME_PER_DAY: u32 = 100;
/// The first preview's `msg_id`, as in WeChat's own sample.
const FIRST_PREVIEW_ID: usize = 34_182;

/// A preview that was delivered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreviewSeen {
    /// Who got it.
    pub to: Reviewer,
    /// `mpnews`, `text`, `image`, `voice`, `mpvideo` or `wxcard`.
    pub msgtype: String,
    /// What [`Job::content`](super::Job::content) would say.
    pub content: Vec<String>,
    /// When.
    pub at: Timestamp,
}

/// Answers `message/mass/preview`; a repeat delivers a second copy.
pub(super) fn preview(
    account: &mut Account,
    call: &Call,
    now: Timestamp,
) -> Result<Value, Refusal> {
    let body = call.json()?;
    let named = Named::read(Endpoint::Preview, &body)?;
    let to = reviewer(account, &body)?;
    let msgtype = named.msgtype().to_owned();
    let ready = named.ready(account, now)?;
    if matches!(to, Reviewer::WxName(_)) {
        quota::count_today(account, "preview by towxname", BY_WXNAME_PER_DAY, now)?;
    }
    let msg_id = FIRST_PREVIEW_ID + account.state.previews.len();
    account.state.previews.push(PreviewSeen { to, msgtype, content: ready.titles(), at: now });
    Ok(json!({ "errcode": 0, "errmsg": "preview success", "msg_id": msg_id }))
}

/// Reads who gets it: `towxname` wins over `touser`.
fn reviewer(account: &Account, body: &Fields) -> Result<Reviewer, Refusal> {
    let name = body.text_or_empty("towxname")?;
    if !name.is_empty() {
        let known = WxName::new(name).ok().filter(|name| is_wechat_id(name.as_str()));
        let known = known.ok_or(Errcode::InvalidWeChatId)?;
        if account.rules.strangers.iter().any(|stranger| stranger == name) {
            return refuse(Errcode::NotAFollower);
        }
        return Ok(Reviewer::WxName(known));
    }
    // A list, which the sends take, is no openid.
    let Some(Value::String(openid)) = body.value("touser") else {
        return refuse(Errcode::InvalidOpenId);
    };
    match account.followers().standing(openid) {
        Standing::Follower(_) => {
            Ok(Reviewer::OpenId(OpenId::new(openid).map_err(|_| Errcode::InvalidOpenId)?))
        }
        Standing::Stranger => refuse(Errcode::NotAFollower),
        Standing::Invalid => refuse(Errcode::InvalidOpenId),
    }
}

/// A WeChat ID (微信号) has 6 to 20 letters, digits, `_` and `-`, and begins with a letter.
fn is_wechat_id(text: &str) -> bool {
    (6..=20).contains(&text.len())
        && text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
}
