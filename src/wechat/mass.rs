//! Mass sends (群发): the request, the send, the preview (预览), the job's status.

use std::time::Duration;

use serde_json::{Map, Value, json};

use super::client::WeChat;
use super::error::{Call, ErrCode, WeChatError};
use super::token::Token;
use crate::terms::{
    ClientMsgId, JobStatus, MassEndpoint, MediaId, MsgDataId, MsgId, OnReprint, OpenId,
    RecordedRequest, Reviewer, TagId,
};

/// WeChat's limits for the openids of one send.
const OPENIDS: std::ops::RangeInclusive<usize> = 2..=10_000;

/// The longest `clientmsgid` that every account takes, in bytes (45067).
const CLIENT_MSG_ID_BYTES_MAX: usize = 32;

/// What a send or a preview shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MassContent {
    /// The articles of a draft (图文, `mpnews`).
    News(MediaId),
    /// A text (文本).
    Text(String),
}

impl MassContent {
    /// The `msgtype`, which is also the key of its branch, and the branch.
    fn wire(&self) -> (&'static str, Value) {
        match self {
            Self::News(draft) => ("mpnews", json!({ "media_id": draft.as_str() })),
            Self::Text(text) => ("text", json!({ "content": text })),
        }
    }
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
/// Pure. `is_to_all` and `clientmsgid` are always written, `tag_id` is a number.
pub fn mass_request(
    content: &MassContent,
    audience: &MassAudience<'_>,
    on_reprint: OnReprint,
    id: &ClientMsgId,
) -> RecordedRequest {
    let (endpoint, to, whom) = audience.wire();
    let (msgtype, branch) = content.wire();
    let mut body = Map::new();
    body.insert(to.to_owned(), whom);
    body.insert(msgtype.to_owned(), branch);
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

    /// Shows a reviewer what would be sent: `message/mass/preview`. The person must follow the
    /// account; by WeChat ID (微信号) 100 a day. Costs no send, and leaves the draft alone.
    ///
    /// # Errors
    ///
    /// What WeChat says: 43004 for somebody who does not follow the account.
    pub async fn preview(
        &self,
        to: &Reviewer,
        what: &MassContent,
    ) -> Result<Option<MsgId>, WeChatError> {
        let (to, whom) = match to {
            Reviewer::WxName(name) => ("towxname", name.as_str()),
            Reviewer::OpenId(id) => ("touser", id.as_str()),
        };
        let (msgtype, branch) = what.wire();
        let body = json!({ to: whom, msgtype: branch, "msgtype": msgtype });
        let answer = self.post(Call::Preview, &body).await?;
        Ok(answer.number_if_any("msg_id").map(MsgId))
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
