//! Mass send jobs (群发任务): they finish later, and `mass/get` says how.

use std::{collections::BTreeSet, time::Duration};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::terms::{JobStatus, MsgDataId, MsgId, Timestamp};

use super::{
    account::Account,
    bubble::Bubble,
    crowd::Crowd,
    draft::Article,
    refusal::{Errcode, Refusal},
    token::later,
    wire::{Call, Fields},
};

/// Whom a job is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JobAudience {
    /// `is_to_all: true`
    Everyone,
    /// The followers who have the tag with this id.
    Tag(u32),
    /// A list of this many openids.
    OpenIds(u32),
}

/// A mass send job as a test sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// What `mass/get` and `mass/delete` ask by.
    pub msg_id: MsgId,
    /// What comments and statistics ask by.
    pub msg_data_id: MsgDataId,
    /// The caller's key, if it gave one.
    pub client_msg_id: Option<String>,
    /// The call that made it: `message/mass/sendall` or `message/mass/send`.
    pub endpoint: String,
    /// Whom it is for.
    pub audience: JobAudience,
    /// `mpnews`, `text`, `image`, `voice`, `mpvideo` or `wxcard`.
    pub msgtype: String,
    /// The articles' titles; the text; the caption and the media ids of its pictures; the media id of
    /// a voice; a video's title and media id; a card's id.
    pub content: Vec<String>,
    /// The articles as they went out; none for a text or for pictures.
    pub articles: Vec<Article>,
    /// When it was accepted.
    pub accepted_at: Timestamp,
    /// What `mass/get` says now.
    pub status: JobStatus,
    /// Why it fails, as WeChat's event says it: `err(30003)`, say. `mass/get` never tells.
    pub reason: Option<String>,
    /// Articles taken back, by their number from 1; a video counts as one.
    pub retracted: BTreeSet<usize>,
    /// Followers under the tag or openids in the list (`TotalCount`).
    pub total: u64,
    /// Those left after filtering (`FilterCount`): followers with four sends this month, and
    /// people who do not follow, get nothing.
    pub recipients: u64,
}

/// A job as the account keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct StoredJob {
    pub(super) msg_id: u64,
    pub(super) msg_data_id: u64,
    pub(super) client_msg_id: Option<String>,
    pub(super) endpoint: String,
    pub(super) audience: JobAudience,
    /// The followers whom it reaches, once it is sent.
    #[serde(default)]
    pub(super) reached: Crowd,
    /// What they see of it.
    #[serde(default)]
    pub(super) bubbles: Vec<Bubble>,
    pub(super) msgtype: String,
    pub(super) content: Vec<String>,
    pub(super) articles: Vec<Article>,
    pub(super) urls: Vec<String>,
    pub(super) accepted_at: Timestamp,
    pub(super) ends_at: Timestamp,
    pub(super) ends_as: JobStatus,
    /// Why it fails, as the event of the job says it.
    #[serde(default)]
    pub(super) reason: Option<String>,
    /// Articles taken back, by their number from 1.
    pub(super) retracted: BTreeSet<usize>,
    pub(super) total: u64,
    pub(super) recipients: u64,
}

impl StoredJob {
    /// What `mass/get` says of it.
    pub(super) fn status(&self, now: Timestamp) -> JobStatus {
        let is_gone = !self.urls.is_empty() && self.retracted.len() == self.urls.len();
        if is_gone {
            JobStatus::Deleted
        } else if now < self.ends_at {
            JobStatus::Sending
        } else {
            self.ends_as.clone()
        }
    }

    /// How a test sees it.
    pub(super) fn seen(&self, now: Timestamp) -> Job {
        Job {
            msg_id: MsgId(self.msg_id),
            msg_data_id: MsgDataId(self.msg_data_id),
            client_msg_id: self.client_msg_id.clone(),
            endpoint: self.endpoint.clone(),
            audience: self.audience.clone(),
            msgtype: self.msgtype.clone(),
            content: self.content.clone(),
            articles: self.articles.clone(),
            accepted_at: self.accepted_at,
            status: self.status(now),
            reason: self.reason.clone(),
            retracted: self.retracted.clone(),
            total: self.total,
            recipients: self.recipients,
        }
    }
}

/// The word WeChat has for a status.
pub(super) fn word(status: &JobStatus) -> &str {
    match status {
        JobStatus::Sent => "SEND_SUCCESS",
        JobStatus::Sending => "SENDING",
        JobStatus::Failed => "SEND_FAIL",
        JobStatus::Deleted => "DELETE",
        JobStatus::Other(word) => word,
    }
}

/// Answers `message/mass/get`; the id may be a number or a string, the answer holds a number.
pub(super) fn get(account: &Account, call: &Call, now: Timestamp) -> Result<Value, Refusal> {
    let body = call.json()?;
    let job = &account.state.jobs[find(account, &body, now)?];
    Ok(json!({ "msg_id": job.msg_id, "msg_status": word(&job.status(now)) }))
}

/// Finds a job by its id, unless it is too old.
pub(super) fn find(account: &Account, body: &Fields, now: Timestamp) -> Result<usize, Refusal> {
    let msg_id = body.number("msg_id")?.ok_or(Errcode::InvalidMsgId)?;
    let known_for: Duration = account.rules.jobs_known_for;
    let is_it = |job: &StoredJob| {
        u64::try_from(msg_id) == Ok(job.msg_id) && now < later(job.accepted_at, known_for)
    };
    Ok(account.state.jobs.iter().position(is_it).ok_or(Errcode::InvalidMsgId)?)
}
