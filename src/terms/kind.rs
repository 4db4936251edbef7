//! Choices that WeChat gives, and what it says of a job.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::name::{OpenId, WxName};

/// What kind of official account this is; it decides who may send how often (WeChat's page 群发次数).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AccountKind {
    /// 服务号: each follower gets at most four mass sends a calendar month.
    Service,
    /// 订阅号: one mass send a day, never to a list of openids.
    Subscription,
}

/// Who gets a preview (预览) before the send.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Reviewer {
    /// By WeChat ID (微信号): 100 previews a day.
    WxName(WxName),
    /// By openid.
    OpenId(OpenId),
}

impl fmt::Display for Reviewer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::WxName(name) => name.fmt(f),
            Self::OpenId(id) => id.fmt(f),
        }
    }
}

/// What to do when WeChat judges an article to be a reprint (转载): `send_ignore_reprint`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OnReprint {
    /// 0: do not send.
    Stop,
    /// 1: send, with the original's body in place of ours.
    Accept,
}

/// Who may comment (留言) on an article.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Comments {
    /// Nobody.
    Closed,
    /// Everybody.
    Everyone,
    /// Followers only.
    Followers,
}

/// What a piece of media (素材) is, temporary or permanent; the kinds' ids are not interchangeable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MaterialKind {
    /// 图片.
    Image,
    /// 语音: at most 60 s.
    Voice,
    /// 视频.
    Video,
    /// 缩略图: a JPEG of at most 64 kB, the cover of articles that go by `media/uploadnews`.
    Thumb,
}

impl MaterialKind {
    /// The `type` that WeChat's upload calls take.
    pub fn word(self) -> &'static str {
        match self {
            Self::Image => "image",
            Self::Voice => "voice",
            Self::Video => "video",
            Self::Thumb => "thumb",
        }
    }
}

/// What `message/mass/get` says of a job.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JobStatus {
    /// `SEND_SUCCESS`.
    Sent,
    /// `SENDING`.
    Sending,
    /// `SEND_FAIL`: no reason is given here.
    Failed,
    /// `DELETE`: retracted, or an audience that was filtered to nobody.
    Deleted,
    /// A word that WeChat did not have when this was written, kept as it came.
    Other(String),
}

impl JobStatus {
    /// Whether asking again could bring another answer.
    pub fn is_final(&self) -> bool {
        match self {
            Self::Sent | Self::Failed | Self::Deleted => true,
            Self::Sending | Self::Other(_) => false,
        }
    }
}
