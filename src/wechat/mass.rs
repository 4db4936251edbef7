//! Mass sends (群发): the request, the send, the job's status, and its retraction (删除群发).

use std::time::Duration;

use serde_json::{Map, Value, json};

use super::call::Call;
use super::client::WeChat;
use super::draft::comment_flags;
use super::error::{ErrCode, WeChatError};
use super::token::Token;
use crate::terms::{
    CardId, ClientMsgId, Comments, JobStatus, MassEndpoint, MediaId, MsgDataId, MsgId, OnReprint,
    OpenId, RecordedRequest, TagId,
};

/// WeChat's limits for the openids of one send.
const OPENIDS: std::ops::RangeInclusive<usize> = 2..=10_000;

/// The longest `clientmsgid` that every account takes, in bytes (45067).
const CLIENT_MSG_ID_BYTES_MAX: usize = 32;

/// What a send shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MassContent {
    /// The articles of a draft (图文, `mpnews`).
    News(MediaId),
    /// A text (文本).
    Text(String),
    /// A voice (语音), a permanent material.
    Voice(MediaId),
    /// Pictures (图片), permanent materials, shown together.
    Images {
        /// The pictures in their order; WeChat does not say how many (40215, 45020).
        media_ids: Vec<MediaId>,
        /// What stands beside them (推荐语); WeChat writes 分享图片 when there is none.
        recommend: Option<String>,
        /// Who may comment.
        comments: Comments,
    },
    /// A video (视频, `mpvideo`).
    Video {
        /// What [`WeChat::convert_video`] answered: no other id will do.
        media_id: MediaId,
        /// 标题; written to openids only, elsewhere the conversion's counts.
        title: String,
        /// 简介; written to openids only, as the title.
        description: String,
    },
    /// A card (卡券, `wxcard`); WeChat refuses every one with 45113.
    Card(CardId),
}

impl MassContent {
    /// The `msgtype`, the key of its branch, and the branch. The key is the `msgtype` but for
    /// pictures: `images`, with an `s`.
    fn wire(&self, endpoint: MassEndpoint) -> (&'static str, &'static str, Value) {
        match self {
            Self::News(draft) => ("mpnews", "mpnews", json!({ "media_id": draft.as_str() })),
            Self::Text(text) => ("text", "text", json!({ "content": text })),
            Self::Voice(voice) => ("voice", "voice", json!({ "media_id": voice.as_str() })),
            Self::Images { media_ids, recommend, comments } => {
                let images = images(media_ids, recommend.as_deref(), *comments);
                ("image", "images", images)
            }
            Self::Video { media_id, title, description } => {
                let video = match endpoint {
                    MassEndpoint::SendAll => json!({ "media_id": media_id.as_str() }),
                    MassEndpoint::Send => json!({
                        "media_id": media_id.as_str(),
                        "title": title,
                        "description": description,
                    }),
                };
                ("mpvideo", "mpvideo", video)
            }
            Self::Card(card) => ("wxcard", "wxcard", json!({ "card_id": card.as_str() })),
        }
    }
}

/// The branch of pictures. Without `recommend` WeChat writes its own words.
fn images(media_ids: &[MediaId], recommend: Option<&str>, comments: Comments) -> Value {
    let mut images = Map::new();
    let ids = media_ids.iter().map(MediaId::as_str).collect();
    images.insert("media_ids".to_owned(), ids);
    if let Some(recommend) = recommend {
        images.insert("recommend".to_owned(), recommend.into());
    }
    let (open, fans) = comment_flags(comments);
    images.insert("need_open_comment".to_owned(), open.into());
    images.insert("only_fans_can_comment".to_owned(), fans.into());
    images.into()
}

/// Whom a send is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MassAudience<'a> {
    /// All followers: never a default.
    Everyone,
    /// The followers with a tag.
    Tag(TagId),
    /// A list of 2 to 10,000 (服务号 only).
    OpenIds(&'a [OpenId]),
}

impl MassAudience<'_> {
    /// The call that reaches it, and the field that names it.
    fn wire(&self) -> (MassEndpoint, &'static str, Value) {
        match self {
            Self::Everyone => (MassEndpoint::SendAll, "filter", json!({ "is_to_all": true })),
            Self::Tag(id) => {
                (MassEndpoint::SendAll, "filter", json!({ "is_to_all": false, "tag_id": id.get() }))
            }
            Self::OpenIds(ids) => {
                (MassEndpoint::Send, "touser", ids.iter().map(OpenId::as_str).collect())
            }
        }
    }
}

/// Writes the request of a mass send: what an intent records and every attempt repeats.
///
/// Pure. `is_to_all` and `clientmsgid` are always written, `tag_id` is a number, and
/// `send_ignore_reprint` goes with articles only.
pub fn mass_request(
    content: &MassContent,
    audience: &MassAudience<'_>,
    on_reprint: OnReprint,
    id: &ClientMsgId,
) -> RecordedRequest {
    let (endpoint, to, whom) = audience.wire();
    let (msgtype, key, branch) = content.wire(endpoint);
    let mut body = Map::new();
    body.insert(to.to_owned(), whom);
    body.insert(key.to_owned(), branch);
    body.insert("msgtype".to_owned(), msgtype.into());
    if let MassContent::News(_) = content {
        let ignore = match on_reprint {
            OnReprint::Stop => 0,
            OnReprint::Accept => 1,
        };
        body.insert("send_ignore_reprint".to_owned(), ignore.into());
    }
    body.insert("clientmsgid".to_owned(), id.as_str().into());
    RecordedRequest { endpoint, body: Value::Object(body).to_string() }
}

/// A mass send job that WeChat took on: submitted, not yet sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Submitted {
    /// The job.
    pub msg_id: Option<MsgId>,
    /// Its articles, for comments and statistics; a repeat is not told.
    pub msg_data_id: Option<MsgDataId>,
    /// How WeChat put it.
    pub how: Answer,
}

/// How WeChat said that there is a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Answer {
    /// errcode 0: this request made it.
    Accepted,
    /// 45065: an earlier request with the same `clientmsgid` made it.
    AlreadyAccepted,
}

impl WeChat {
    /// Sends: POSTs the recorded body, to the letter, with this token. Nothing is renewed or
    /// repeated here (R2, R3); a refused token is only remembered, so that the next
    /// [`WeChat::token`] is another.
    ///
    /// # Errors
    ///
    /// Look at [`WeChatError::certainty`] before anything else: `Unknown` means that the send may
    /// be on its way. [`WeChatError::NotMade`] for a body that does not say whom it is for.
    pub async fn send_mass(
        &self,
        request: &RecordedRequest,
        token: &Token,
        timeout: Duration,
    ) -> Result<Submitted, WeChatError> {
        let call = Call::from(request.endpoint);
        last_look(request).map_err(|why| WeChatError::NotMade { call, why: why.to_owned() })?;
        let mut post = self.json_request(call, request.body.clone());
        *post.timeout_mut() = Some(timeout);
        let answer = self.exchange(&self.http.sends, call, post, Some(token)).await?;
        if answer.code.refuses_token() {
            self.refuse_token(token, call, answer.code).await;
        }
        let msg_id = answer.number_if_any("msg_id").map(MsgId);
        let msg_data_id = answer.number_if_any("msg_data_id").map(MsgDataId);
        match (answer.code, msg_id) {
            // An object without errcode and msg_id proves nothing, whatever other calls answer.
            (ErrCode(0), None) if !answer.has("errcode") => Err(answer.bad_field("errcode")),
            (ErrCode(0), _) => Ok(Submitted { msg_id, msg_data_id, how: Answer::Accepted }),
            (ErrCode(45065), Some(_)) => {
                Ok(Submitted { msg_id, msg_data_id, how: Answer::AlreadyAccepted })
            }
            _ => Err(answer.into_error()),
        }
    }

    /// Asks how a job goes: `message/mass/get`. Ask slowly: 60 a minute are shared with sends.
    ///
    /// # Errors
    ///
    /// 40059 for a job that WeChat does not know, or not any more.
    pub async fn mass_get(&self, job: MsgId) -> Result<JobStatus, WeChatError> {
        let body = json!({ "msg_id": job.to_string() });
        let answer = self.post(Call::MassGet, &body).await?;
        let word = answer.text("msg_status")?;
        Ok(match word.as_str() {
            "SEND_SUCCESS" => JobStatus::Sent,
            "SENDING" => JobStatus::Sending,
            "SEND_FAIL" => JobStatus::Failed,
            "DELETE" => JobStatus::Deleted,
            _ => JobStatus::Other(word),
        })
    }

    /// Retracts a job, or one of its articles counted from 1: `message/mass/delete`, 10 a day. Only
    /// articles (图文) and videos of a finished job of the API. Their page stops working, in every
    /// send of the same draft or video; the card stays in followers' chats.
    ///
    /// # Errors
    ///
    /// [`WeChatError::NotMade`] for article 0, which WeChat takes for all of them. 40065 for a job
    /// that is still on its way or deleted already, and whatever leaves the outcome open: then the
    /// advice is [`Advice::Ask`](super::Advice::Ask), by [`WeChat::mass_get`]. 40059 for a job that
    /// WeChat does not know.
    pub async fn mass_delete(&self, job: MsgId, article: Option<u32>) -> Result<(), WeChatError> {
        let call = Call::MassDelete;
        let body = match article {
            None => json!({ "msg_id": job.0 }),
            Some(0) => {
                let why = "articles are counted from 1; 0 would delete all of them".to_owned();
                return Err(WeChatError::NotMade { call, why });
            }
            Some(article) => json!({ "msg_id": job.0, "article_idx": article }),
        };
        self.post(call, &body).await.map(drop)
    }
}

/// The last look at a body before it leaves: it must carry its `clientmsgid` and say whom it is
/// for. A record that was damaged, or written by another program, must not reach everyone.
fn last_look(request: &RecordedRequest) -> Result<(), &'static str> {
    let body: Map<String, Value> =
        serde_json::from_str(&request.body).map_err(|_| "its body is not a JSON object")?;
    match body.get("clientmsgid").and_then(Value::as_str) {
        Some(id) if (1..=CLIENT_MSG_ID_BYTES_MAX).contains(&id.len()) => {}
        _ => return Err("it has no clientmsgid of at most 32 bytes"),
    }
    match request.endpoint {
        MassEndpoint::SendAll => {
            let filter = body.get("filter").and_then(Value::as_object);
            let field = |name| filter.and_then(|filter| filter.get(name));
            let tag = field("tag_id");
            match field("is_to_all").and_then(Value::as_bool) {
                Some(true) if tag.is_none() => Ok(()),
                Some(false) if tag.and_then(Value::as_u64).is_some_and(|id| id > 0) => Ok(()),
                _ => Err("its filter names neither everyone nor a tag"),
            }
        }
        MassEndpoint::Send => match body.get("touser").and_then(Value::as_array) {
            Some(ids) if OPENIDS.contains(&ids.len()) => Ok(()),
            _ => Err("it does not name 2 to 10,000 openids"),
        },
    }
}

#[cfg(test)]
#[path = "mass_tests.rs"]
mod tests;
