//! What is written: numbered, chained, dated facts.

use serde::{Deserialize, Serialize};

use crate::terms::{
    AppId, ClientMsgId, Effect, Fingerprint, Generation, HistoryId, ImageUrl, JobStatus,
    MaterialKind, MediaId, MsgDataId, MsgId, RecordedRequest, Reviewer, RunId, SendAddress, TagId,
    Timestamp,
};

pub use super::seq::{RecordHash, Seq};

/// What a writer wants recorded; the log gives it a number and a hash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// When, by the runner's clock corrected to WeChat's.
    pub at: Timestamp,
    /// Which run.
    pub run: RunId,
    /// Made by chance for each append, so that a writer knows its own record again (R6).
    pub nonce: String,
    /// Which send's part it is about, if it is about one.
    pub effect: Option<Effect>,
    /// Of the effect.
    pub generation: Generation,
    /// What happened.
    pub fact: Fact,
}

/// One record of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Its number.
    pub seq: Seq,
    /// The hash of the record before it.
    pub prev: RecordHash,
    /// Its own.
    pub hash: RecordHash,
    /// The canonical text that the hash is over: JSON of [`Entry`] with `v`, `seq` and `prev`.
    pub text: String,
    /// What it says.
    pub entry: Entry,
}

/// The version of the record format.
const RECORD_VERSION: u32 = 1;

/// A record as text. The fields of [`Entry`] are written out, since serde reads a flattened struct by
/// way of a buffer.
#[derive(Serialize, Deserialize)]
struct Canonical {
    v: u32,
    seq: Seq,
    prev: RecordHash,
    at: Timestamp,
    run: RunId,
    nonce: String,
    effect: Option<Effect>,
    generation: Generation,
    fact: Fact,
}

impl Canonical {
    fn new(seq: Seq, prev: RecordHash, entry: Entry) -> Self {
        let Entry { at, run, nonce, effect, generation, fact } = entry;
        Self { v: RECORD_VERSION, seq, prev, at, run, nonce, effect, generation, fact }
    }

    fn text(&self) -> String {
        serde_json::to_string(self).expect("records have string keys only")
    }

    /// The record that has this text.
    fn record(self, text: String) -> Record {
        let Self { seq, prev, at, run, nonce, effect, generation, fact, .. } = self;
        let entry = Entry { at, run, nonce, effect, generation, fact };
        Record { seq, prev, hash: RecordHash::of(&text), text, entry }
    }
}

impl Record {
    /// Gives an entry its number and chains it to the record before.
    pub fn chain(seq: Seq, prev: RecordHash, entry: Entry) -> Self {
        let canonical = Canonical::new(seq, prev, entry);
        let text = canonical.text();
        canonical.record(text)
    }

    /// Reads a record back from its canonical text; the hash is computed anew.
    ///
    /// # Errors
    ///
    /// When the text is no record, or of a newer version.
    pub fn parse(text: &str) -> Result<Self, BadRecord> {
        let canonical: Canonical =
            serde_json::from_str(text).map_err(|e| BadRecord(e.to_string()))?;
        if canonical.v != RECORD_VERSION {
            return Err(BadRecord(format!("version {} is not known here", canonical.v)));
        }
        Ok(canonical.record(text.to_owned()))
    }

    /// Whether its hash is that of its text.
    pub fn is_intact(&self) -> bool {
        self.hash == RecordHash::of(&self.text)
    }
}

/// A stored text that is no record.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a record: {0}")]
pub struct BadRecord(String);

/// What happened (ARCHITECTURE.md, exactly once). Fingerprints, never openids; never a secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", content = "body")]
pub enum Fact {
    /// The first record: binds the history's id to the account.
    HistoryOpened {
        /// The history.
        history: HistoryId,
        /// The account.
        appid: AppId,
    },
    /// Before a run's first other record.
    RunStarted {
        /// `apply`, `approve`, `resolve`.
        command: String,
        /// The program's version.
        version: String,
        /// The person or the CI job, as the surroundings name them.
        actor: Option<String>,
        /// The git commit of the files, where it is known.
        commit: Option<String>,
    },
    /// A content image is on the account.
    ImageUploaded {
        /// Of its bytes.
        image: Fingerprint,
        /// Where it is.
        url: ImageUrl,
    },
    /// A permanent material is on the account.
    MaterialUploaded {
        /// What it is.
        kind: MaterialKind,
        /// Of its bytes.
        material: Fingerprint,
        /// Its id.
        media_id: MediaId,
    },
    /// A recorded material is not on the account any more: it is uploaded again.
    MaterialGone {
        /// What it was.
        kind: MaterialKind,
        /// Of its bytes.
        material: Fingerprint,
        /// The id that is unknown now; a newer one stays. Records of old name none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        media_id: Option<MediaId>,
    },
    /// A temporary material is on the account, for three days.
    TemporaryUploaded {
        /// What it is.
        kind: MaterialKind,
        /// Of its bytes.
        material: Fingerprint,
        /// Its id.
        media_id: MediaId,
        /// From when on WeChat does not know it any more.
        expires_at: Timestamp,
    },
    /// WeChat made a video that can be sent of a temporary one.
    VideoConverted {
        /// Of the bytes, the title and the description.
        video: Fingerprint,
        /// The id that a send names.
        media_id: MediaId,
        /// From when on WeChat does not know it any more.
        expires_at: Timestamp,
    },
    /// A recorded video is not known to WeChat any more: it is converted again.
    VideoGone {
        /// Of the bytes, the title and the description.
        video: Fingerprint,
        /// The id that is unknown now; a newer one stays.
        media_id: MediaId,
    },
    /// The draft of a send's part was added or updated, and read back.
    DraftSaved {
        /// Its id.
        media_id: MediaId,
        /// Of the content that was meant.
        content: Fingerprint,
        /// Of each article of it, in order.
        articles: Vec<Fingerprint>,
        /// Of what WeChat kept of it, normalised.
        read_back: Fingerprint,
        /// Which send, for people.
        address: SendAddress,
    },
    /// A recorded draft is not what was read back when it was saved: somebody changed it on the
    /// account, or an update of ours was cut off (R14).
    DraftAltered {
        /// Its id.
        media_id: MediaId,
        /// Of what is there, normalised.
        found: Fingerprint,
    },
    /// A recorded draft is not on the account any more (R13).
    DraftGone {
        /// Its id.
        media_id: MediaId,
    },
    /// A preview was delivered.
    Previewed {
        /// Of the content.
        content: Fingerprint,
        /// To whom.
        reviewer: Reviewer,
        /// WeChat's number for it.
        msg_id: Option<MsgId>,
        /// How many messages it took, where more than one: each is a preview to WeChat. Records of
        /// old name none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        messages: Option<u32>,
        /// Which send, for people.
        address: SendAddress,
    },
    /// A person approved a send.
    Approved {
        /// The send digest: identity, content, audience, window, flags.
        digest: Fingerprint,
        /// Who.
        by: String,
        /// Which send.
        address: SendAddress,
    },
    /// Before the first POST: from here the answer may be "sent".
    Intent(Box<Intent>),
    /// Before each further POST.
    Attempt {
        /// From 2.
        n: u32,
        /// Of the token that it will use, never the token.
        token: String,
    },
    /// A POST was answered with a definite "no job was made", and the intent stays open.
    AttemptRefused {
        /// Which POST: 1 is the intent's own.
        n: u32,
        /// WeChat's code.
        errcode: i64,
        /// What WeChat said, without secrets.
        message: String,
    },
    /// There is a job (R7: final).
    Accepted {
        /// Its number; a person may not know it.
        msg_id: Option<MsgId>,
        /// The number of its articles.
        msg_data_id: Option<MsgDataId>,
        /// How we know.
        how: How,
    },
    /// The intent is closed: no POST under it made a job (R8).
    Rejected {
        /// WeChat's code.
        errcode: i64,
        /// What WeChat said, without secrets.
        message: String,
    },
    /// What WeChat says of the job.
    Status {
        /// Its word.
        status: JobStatus,
    },
    /// Before WeChat is asked to take back a send, or one of its articles (删除群发): one of ten calls
    /// a day, and its outcome is open until the next record of it.
    Retracting {
        /// Which article, from 1; none: all of them.
        article: Option<u32>,
        /// Why.
        reason: String,
        /// Which send, for people.
        address: SendAddress,
    },
    /// It was taken back, for good.
    Retracted {
        /// Which article, from 1; none: all of them.
        article: Option<u32>,
        /// How we know.
        how: RetractedHow,
    },
    /// WeChat surely did not take it back.
    RetractionRefused {
        /// Which article, from 1; none: all of them.
        article: Option<u32>,
        /// WeChat's code.
        errcode: i64,
        /// What WeChat said, without secrets.
        message: String,
    },
    /// WeChat no longer knows the job, or never gave an end to it: final, and shown.
    Unreported {
        /// Why we stopped asking.
        why: String,
    },
    /// A person decided.
    Resolved {
        /// What.
        verdict: Verdict,
        /// Who.
        by: String,
        /// What they looked at.
        evidence: String,
        /// Which send.
        address: SendAddress,
    },
}

impl Fact {
    /// Its word in the stored text, by which stores index it.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::HistoryOpened { .. } => "history_opened",
            Self::RunStarted { .. } => "run_started",
            Self::ImageUploaded { .. } => "image_uploaded",
            Self::MaterialUploaded { .. } => "material_uploaded",
            Self::MaterialGone { .. } => "material_gone",
            Self::TemporaryUploaded { .. } => "temporary_uploaded",
            Self::VideoConverted { .. } => "video_converted",
            Self::VideoGone { .. } => "video_gone",
            Self::DraftSaved { .. } => "draft_saved",
            Self::DraftAltered { .. } => "draft_altered",
            Self::DraftGone { .. } => "draft_gone",
            Self::Previewed { .. } => "previewed",
            Self::Approved { .. } => "approved",
            Self::Intent(_) => "intent",
            Self::Attempt { .. } => "attempt",
            Self::AttemptRefused { .. } => "attempt_refused",
            Self::Accepted { .. } => "accepted",
            Self::Rejected { .. } => "rejected",
            Self::Status { .. } => "status",
            Self::Retracting { .. } => "retracting",
            Self::Retracted { .. } => "retracted",
            Self::RetractionRefused { .. } => "retraction_refused",
            Self::Unreported { .. } => "unreported",
            Self::Resolved { .. } => "resolved",
        }
    }
}

/// Everything about a send that must not change until its outcome is known (R2, R12).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Intent {
    /// Which send, for people, and for runs whose files no longer name it (R15).
    pub address: SendAddress,
    /// Our key for it.
    pub client_msg_id: ClientMsgId,
    /// The request, to the letter.
    pub request: IntentRequest,
    /// The draft that it sends, if it sends one.
    pub draft: Option<MediaId>,
    /// Not to be sent at or after this.
    pub until: Timestamp,
    /// Of the content.
    pub content: Fingerprint,
    /// The send digest.
    pub digest: Fingerprint,
    /// Whom it is for.
    pub audience: SentAudience,
    /// Of the token that the first POST will use, never the token.
    pub token: String,
    /// What kind of message it is: a retraction goes by it. Records of old do not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub what: Option<SentContent>,
}

/// What a send sends, as far as a retraction has to know it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SentContent {
    /// Articles (图文), by the names that they had in the files, in order.
    News {
        /// The names.
        articles: Vec<String>,
    },
    /// A video (视频).
    Video,
    /// A text, pictures, a voice or a card: what WeChat does not take back.
    Other,
}

/// How we know that something was retracted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RetractedHow {
    /// The call was answered with 0.
    Answered,
    /// WeChat said so of the job when it was asked.
    Found,
}

/// The request of an intent: a list of openids stays out of the records.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IntentRequest {
    /// The whole request.
    Inline(RecordedRequest),
    /// The request's bytes are a blob of the store under this fingerprint.
    Blob(Fingerprint),
}

/// Whom a send went to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SentAudience {
    /// Every follower: `is_to_all`.
    Everyone {
        /// How many there were, if it was looked up.
        count: Option<u64>,
    },
    /// The followers with a tag.
    Tag {
        /// As the file writes it.
        name: String,
        /// As the account numbers it.
        id: TagId,
        /// How many there were.
        count: u64,
    },
    /// One part of a list.
    OpenIds {
        /// Of the whole list, repetitions gone; fixed by the first part (ARCHITECTURE.md, promises).
        list: Fingerprint,
        /// How many parts the list has.
        parts: u32,
        /// How many people are in this one.
        count: u64,
    },
}

/// How we know that there is a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// The POST was answered with 0.
    Answered,
    /// 45065 on a repeat: an earlier POST of ours had made it.
    Duplicate,
    /// 45065 on the first POST: somebody used our key, so the content should be compared.
    Foreign,
    /// A person said so.
    Person,
}

/// What a person decided about a send.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It went out.
    Sent {
        /// The job, if they know it.
        msg_id: Option<MsgId>,
    },
    /// It did not go out: a new generation begins.
    NotSent,
    /// It is known and needs no more exit 4.
    Acknowledged,
}
