//! What a plan says.

use std::sync::Arc;

use crate::campaign::{AfterOutcome, Expect, Formula, Open, PartFacts, Window, read_part};
use crate::content::{Article, Content, ImageFile, MaterialFile, VideoFile};
use crate::history::{RecordHash, Seq};
use crate::terms::{
    AccountKind, AccountName, AppId, Effect, Fingerprint, Generation, HistoryId, MediaId, MsgId,
    OnReprint, OpenId, RetractedArticles, RetractionAddress, Reviewer, SendAddress, TagId,
    Timestamp,
};

use super::quota::QuotaUse;
use super::reason::{Blocker, Reason, Why};

/// What is left to do on one account, decided to the last choice.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The account.
    pub account: PlannedAccount,
    /// The record that the plan was made from.
    pub anchor: Anchor,
    /// Every send of the campaigns planned, in the order of the files, part by part.
    pub sends: Vec<SendLine>,
    /// Every retraction of the campaigns planned, in the order of the files.
    pub retractions: Vec<RetractionLine>,
    /// What to do, in order.
    pub steps: Vec<Step>,
    /// What is already as it should be.
    pub kept: Vec<Kept>,
    /// What only time or somebody's word can bring on.
    pub waiting: Vec<Waiting>,
    /// What a person must deal with.
    pub blocked: Vec<Blocked>,
}

/// The account of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedAccount {
    /// Its label in the files.
    pub name: AccountName,
    /// Its identity.
    pub appid: AppId,
    /// 服务号 or 订阅号.
    pub kind: AccountKind,
    /// How many followers it has, if they were counted.
    pub followers: Option<u64>,
}

/// A place in a history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anchor {
    /// The history; none yet when nothing was ever done.
    pub history: Option<HistoryId>,
    /// The newest record's number.
    pub seq: Seq,
    /// The newest record's hash.
    pub hash: RecordHash,
}

/// One send's part, as a person wants to see it.
#[derive(Debug, Clone)]
pub struct SendLine {
    /// Which.
    pub address: SendAddress,
    /// What it sends.
    pub content: Content,
    /// Whom it is for.
    pub audience: Audience,
    /// The target's name in the files.
    pub target: String,
    /// When it may go out.
    pub window: Window,
    /// What it uses up.
    pub quota: Option<QuotaUse>,
    /// The send digest, which an approval names.
    pub digest: Fingerprint,
    /// Where it is on its way.
    pub standing: Standing,
}

/// Where a send is on its way, in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// The plan sends it.
    Planned,
    /// Time or somebody's word is needed.
    Waiting,
    /// A person must act.
    Blocked,
    /// Whether it went out is not known yet.
    Unknown,
    /// WeChat took it and is at work.
    Submitted,
    /// WeChat says that it is sent.
    Sent,
    /// Closed without sending, by the file.
    Skipped,
    /// Not sent, since a retraction takes it back before it went out.
    Withheld,
    /// It ended otherwise, and a person said that they know.
    Acknowledged,
}

/// One retraction (删除群发), as a person wants to see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RetractionLine {
    /// Which.
    pub address: RetractionAddress,
    /// The send.
    pub send: SendAddress,
    /// What of it.
    pub articles: RetractedArticles,
    /// Why.
    pub reason: String,
    /// What an approval of it names: the send and the articles.
    pub digest: Fingerprint,
    /// Where it is on its way.
    pub standing: RetractionStanding,
}

/// Where a retraction is on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RetractionStanding {
    /// The plan does it.
    Planned,
    /// Time or somebody's word is needed.
    Waiting,
    /// A person must act.
    Blocked,
    /// The send has not gone out, and does not.
    Withholds,
    /// Nothing is left to take back.
    Done,
}

/// Whom a send goes to, looked up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Audience {
    /// Every follower: only ever written out.
    Everyone {
        /// How many there are, if they were counted.
        count: Option<u64>,
    },
    /// The followers with a tag.
    Tag {
        /// Its name.
        name: String,
        /// Its number and how many followers have it; nothing when it was never looked up.
        seen: Option<(TagId, u64)>,
    },
    /// One part of a list.
    OpenIds {
        /// The file.
        file: String,
        /// Of the whole list.
        list: Fingerprint,
        /// Which part, from 1.
        part: u32,
        /// How many parts there are.
        parts: u32,
        /// Which of its people, and what they are known by.
        people: PartFacts,
        /// How to read them again.
        formula: Arc<Formula>,
    },
}

impl Audience {
    /// Whether both are written as the same people, however many there are.
    pub fn is_of_same_people(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Everyone { .. }, Self::Everyone { .. }) => true,
            (Self::Tag { name, .. }, Self::Tag { name: other, .. }) => name == other,
            (Self::OpenIds { list, .. }, Self::OpenIds { list: other, .. }) => list == other,
            (Self::Everyone { .. } | Self::Tag { .. } | Self::OpenIds { .. }, _) => false,
        }
    }

    /// Reads the people of a part of a list again; nobody for everyone and for a tag, whom WeChat
    /// knows. This is the only way to them, so that nobody is sent to who was not planned.
    ///
    /// # Errors
    ///
    /// Says that the list cannot be read, or has other people in this part than were planned.
    pub fn openids_again(&self, open: Open<'_>) -> Result<Vec<OpenId>, String> {
        let Self::OpenIds { file, people, formula, .. } = self else { return Ok(Vec::new()) };
        let found = read_part(formula, (people.first, people.count), open).map_err(|unread| {
            let why = unread.why.map_or_else(|why| why, |problem| problem.message);
            format!("the list {} {why}; plan again", unread.file.name())
        })?;
        let bytes = found.iter().map(|openid| openid.as_str().as_bytes());
        if found.len() == people.count as usize
            && Fingerprint::of_parts(bytes) == people.fingerprint
        {
            Ok(found)
        } else {
            Err(format!("the list {file} changed since the plan was made; plan again"))
        }
    }

    /// How many people, where it is known.
    pub fn count(&self) -> Option<u64> {
        match self {
            Self::Everyone { count } => *count,
            Self::Tag { seen, .. } => seen.map(|(_, count)| count),
            Self::OpenIds { people, .. } => Some(u64::from(people.count)),
        }
    }
}

/// Names a step within its plan.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StepId(pub String);

impl StepId {
    /// Names what is done and what it is about.
    pub(super) fn of(what: &str, address: &impl std::fmt::Display) -> Self {
        Self(format!("{what} {address}"))
    }
}

/// One thing to do.
#[derive(Debug, Clone)]
pub struct Step {
    /// Its name in the plan.
    pub id: StepId,
    /// What it is about.
    pub address: String,
    /// What to do.
    pub action: Action,
    /// Why.
    pub because: Reason,
    /// What must have succeeded before.
    pub after: Vec<StepId>,
}

/// What a step does.
#[derive(Debug, Clone)]
pub enum Action {
    /// `media/uploadimg`.
    UploadImage(ImageFile),
    /// `material/add_material`: a cover, a picture or a voice; `media/upload`: a video, which lasts
    /// three days.
    UploadMaterial(MaterialFile),
    /// `media/uploadvideo`: makes a video that can be sent of an uploaded one.
    ConvertVideo(VideoOrder),
    /// `draft/add`, or `draft/update` of each article, then read back.
    SaveDraft(DraftOrder),
    /// `message/mass/preview`.
    Preview(PreviewOrder),
    /// `message/mass/sendall` or `send`, for the first time.
    Send(Box<SendOrder>),
    /// The recorded request once more, or the end of a refused one.
    Settle(SettleOrder),
    /// `message/mass/get`.
    CheckStatus(StatusOrder),
    /// `message/mass/delete`.
    Retract(RetractOrder),
}

impl Action {
    /// The word that JSON, history and people use for it.
    pub fn word(&self) -> &'static str {
        match self {
            Self::UploadImage(_) => "upload_image",
            Self::UploadMaterial(_) => "upload_material",
            Self::ConvertVideo(_) => "convert_video",
            Self::SaveDraft(_) => "save_draft",
            Self::Preview(_) => "preview",
            Self::Send(_) => "send",
            Self::Settle(_) => "settle",
            Self::CheckStatus(_) => "check_status",
            Self::Retract(_) => "retract",
        }
    }
}

/// A video to be made of an uploaded one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VideoOrder {
    /// The file, which is uploaded before.
    pub file: VideoFile,
    /// 标题.
    pub title: String,
    /// 简介, perhaps empty.
    pub description: String,
    /// Of the bytes, the title and the description.
    pub video: Fingerprint,
}

/// A draft to be saved.
#[derive(Debug, Clone)]
pub struct DraftOrder {
    /// Of which send's part.
    pub address: SendAddress,
    /// Its identity.
    pub effect: Effect,
    /// Which try it is for.
    pub generation: Generation,
    /// The articles, in order.
    pub articles: Vec<Arc<Article>>,
    /// Of them all.
    pub content: Fingerprint,
    /// The draft to update in place; none: a new one.
    pub update: Option<MediaId>,
    /// A draft that has another number of articles and is deleted once the new one is there.
    pub replaces: Option<MediaId>,
}

/// A preview to be delivered.
#[derive(Debug, Clone)]
pub struct PreviewOrder {
    /// Of which send.
    pub address: SendAddress,
    /// Its identity: where the draft is found.
    pub effect: Effect,
    /// To whom.
    pub reviewer: Reviewer,
    /// What.
    pub content: Content,
    /// Of the content.
    pub fingerprint: Fingerprint,
    /// It went out already, so nothing of it is frozen; never articles, whose draft is spent.
    pub is_sent: bool,
}

/// A mass send to be made.
#[derive(Debug, Clone)]
pub struct SendOrder {
    /// Which.
    pub address: SendAddress,
    /// Its identity.
    pub effect: Effect,
    /// Which try.
    pub generation: Generation,
    /// What.
    pub content: Content,
    /// Of the content.
    pub fingerprint: Fingerprint,
    /// To whom.
    pub audience: Audience,
    /// How many people the whole send is for, all its parts together, where it is known.
    pub recipients: Option<u64>,
    /// How many people there must be.
    pub expect: Option<Expect>,
    /// When.
    pub window: Window,
    /// What to do about a reprint.
    pub on_reprint: OnReprint,
    /// Who must have seen it.
    pub reviewers: Vec<Reviewer>,
    /// How many people must have approved it, before the account's policy is asked.
    pub approvals: u32,
    /// What must have been sent before.
    pub after: Vec<AfterOrder>,
    /// What must have been retracted before.
    pub after_retractions: Vec<AfterRetraction>,
    /// The equal send whose repeat is meant.
    pub again: Option<SendAddress>,
    /// The send digest.
    pub digest: Fingerprint,
}

/// Another send that must have come to something first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AfterOrder {
    /// Which.
    pub send: SendAddress,
    /// What it must have come to.
    pub outcome: AfterOutcome,
    /// Its parts; none when neither the files nor the history know it.
    pub effects: Vec<Effect>,
    /// Its file closes it without sending.
    pub skipped: bool,
    /// Its window is over.
    pub missed: bool,
    /// Campaigns that this plan leaves out write it.
    pub elsewhere: bool,
}

/// A retraction that must be done first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AfterRetraction {
    /// Which.
    pub address: RetractionAddress,
    /// What it takes back; none when no file of the project declares it.
    pub of: Option<(SendAddress, RetractedArticles)>,
}

/// A send's part, or one article of it, to be taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RetractOrder {
    /// The retraction that asks for it.
    pub address: RetractionAddress,
    /// Which send's part.
    pub send: SendAddress,
    /// Its identity.
    pub effect: Effect,
    /// Which article, from 1, and its name; none: all of them.
    pub article: Option<(u32, String)>,
    /// Why.
    pub reason: String,
    /// What an approval names.
    pub digest: Fingerprint,
}

/// A send of unknown outcome, to be settled from its record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettleOrder {
    /// Which.
    pub address: SendAddress,
    /// Its identity.
    pub effect: Effect,
    /// The file's `until`, if a file still names it.
    pub until: Option<Timestamp>,
}

/// A job to be asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusOrder {
    /// Of which send.
    pub address: SendAddress,
    /// Its identity.
    pub effect: Effect,
    /// The job; a job that the plan's own send makes has no number yet.
    pub msg_id: Option<MsgId>,
}

/// Something that is as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// What.
    pub address: String,
    /// What it is: `image`, `material`, `video`, `draft`, `preview`, `send`, `retraction`.
    pub what: &'static str,
}

/// Something that time or somebody's word brings on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// What waits.
    pub address: String,
    /// Until when, where that is known.
    pub until: Option<Timestamp>,
    /// For what.
    pub why: Why,
}

/// Something that a person must deal with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blocked {
    /// What.
    pub address: String,
    /// Why.
    pub why: Blocker,
}

impl Plan {
    /// Whether nothing is left to do now.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// The digest over the sends and retractions intended: identity, content, audience, window and flags; not times,
    /// counts, uploads already done, or the history's length (ARCHITECTURE.md, promises).
    pub fn digest(&self) -> Fingerprint {
        let intended = |line: &&SendLine| match line.standing {
            Standing::Planned | Standing::Waiting | Standing::Unknown => true,
            Standing::Blocked
            | Standing::Submitted
            | Standing::Sent
            | Standing::Skipped
            | Standing::Withheld
            | Standing::Acknowledged => false,
        };
        let is_ahead = |line: &&RetractionLine| {
            use RetractionStanding::{Planned, Waiting};
            matches!(line.standing, Planned | Waiting)
        };
        let sends = self.sends.iter().filter(intended).map(|line| &line.digest);
        let retractions = self.retractions.iter().filter(is_ahead).map(|line| &line.digest);
        let parts = sends.chain(retractions).map(|digest| digest.as_bytes() as &[u8]);
        Fingerprint::of_parts(std::iter::once(b"plan/v1" as &[u8]).chain(parts))
    }
}
