//! Why: a step's reason, what something waits for, and what stops something.

use crate::campaign::Expect;
use crate::terms::{
    Fingerprint, JobStatus, MediaId, MsgId, RetractionAddress, Reviewer, SendAddress, TagId,
    Timestamp,
};

use super::quota::Quota;
use super::step::Standing;

/// Why a step is in the plan, with the old and the new value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// These bytes are not on the account yet.
    NotUploaded {
        /// Of the bytes.
        new: Fingerprint,
    },
    /// WeChat has made no video to be sent of these bytes, this title and this description yet.
    NotConverted {
        /// Of the three.
        new: Fingerprint,
    },
    /// What is on the account does not last as long as a send by it may be repeated.
    Expiring {
        /// Until when it lasts.
        expires_at: Timestamp,
        /// Of what is renewed.
        new: Fingerprint,
    },
    /// A send was refused since WeChat did not know what is on the account, as was thought.
    RefusedMedia {
        /// WeChat's code.
        errcode: i64,
        /// Of what is renewed.
        new: Fingerprint,
    },
    /// The send has no draft yet.
    NoDraft {
        /// Of the content.
        new: Fingerprint,
    },
    /// The draft has other content than the files.
    DraftChanged {
        /// As it was saved.
        old: Fingerprint,
        /// As the files are.
        new: Fingerprint,
        /// The names of the articles that changed, came or moved.
        articles: Vec<String>,
    },
    /// The draft on the account is not what was saved there.
    DraftAltered {
        /// As it was found.
        old: Fingerprint,
        /// As the files are.
        new: Fingerprint,
    },
    /// This content was not delivered to this reviewer yet.
    NotPreviewed {
        /// To whom.
        reviewer: Reviewer,
        /// Of the content.
        new: Fingerprint,
        /// Of what the draft had before, if it changes.
        old: Option<Fingerprint>,
    },
    /// A person asks for it, whether this reviewer has seen it or not.
    PreviewAsked {
        /// To whom.
        reviewer: Reviewer,
        /// Of the content.
        new: Fingerprint,
    },
    /// Reviewed, in its window, and not sent yet.
    NotSent {
        /// Of the content.
        new: Fingerprint,
    },
    /// WeChat refused it before, surely without sending.
    RefusedBefore {
        /// WeChat's code.
        errcode: i64,
        /// What it said.
        message: String,
        /// When.
        at: Timestamp,
    },
    /// A request was made, or begun, and its answer is not recorded.
    OutcomeUnknown {
        /// When the intent was recorded.
        since: Timestamp,
        /// How many requests there may have been.
        attempts: u32,
        /// Until when it can be settled without a person.
        deadline: Timestamp,
    },
    /// Every request under it was refused, but that was not recorded as its end.
    RefusedUnclosed {
        /// WeChat's code.
        errcode: i64,
    },
    /// WeChat has not said how the job ended.
    StatusUnknown {
        /// What it said last.
        last: Option<JobStatus>,
    },
    /// It is to be taken back, and was not yet.
    NotRetracted {
        /// Why it is to be.
        reason: String,
        /// When WeChat was last asked to, without a recorded answer.
        asked: Option<Timestamp>,
        /// How many of the day's retractions are used before this one.
        used: u32,
        /// How many there are.
        limit: u32,
    },
}

/// What a send waits for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// Its window opens later.
    NotDue,
    /// Its previews are not delivered.
    Preview,
    /// People must approve it.
    Approval {
        /// How many.
        needed: u32,
        /// Who did.
        have: Vec<String>,
        /// Who did, before something changed.
        voided: Vec<String>,
        /// What they approve; nothing while a tag was never looked up, since its number is part of it.
        digest: Option<Fingerprint>,
    },
    /// Another send must be sent first.
    After {
        /// Which.
        send: SendAddress,
        /// Where that one is.
        standing: Standing,
    },
    /// A retraction must be done first.
    AfterRetraction {
        /// Which.
        retraction: RetractionAddress,
    },
    /// The quota is used up until later.
    Quota {
        /// Which.
        quota: Quota,
        /// How many were used.
        used: u32,
        /// How many there are.
        limit: u32,
    },
    /// WeChat is still at work on the job.
    Sending {
        /// The job.
        msg_id: Option<MsgId>,
    },
    /// Another edition of this send has an unknown outcome.
    OtherEdition {
        /// Which.
        send: SendAddress,
    },
}

/// What stops a send until a person deals with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Blocker {
    /// Its window closed before it was sent.
    Missed {
        /// When.
        until: Timestamp,
    },
    /// It was sent, and the files now say something else.
    SentContentChanged {
        /// What went out.
        old: Fingerprint,
        /// What the files say.
        new: Fingerprint,
    },
    /// It was sent, or part of it was, and the files now name other people.
    SentAudienceChanged {
        /// Whom it went to.
        old: String,
        /// Whom the files name.
        new: String,
    },
    /// Its outcome is not known, and the files now say something else (R12).
    FrozenContentChanged {
        /// What was intended.
        old: Fingerprint,
        /// What the files say.
        new: Fingerprint,
    },
    /// Whether it went out can no longer be found out without a person (R4).
    OutcomeUnknown {
        /// When the intent was recorded.
        since: Timestamp,
        /// How many requests there may have been.
        attempts: u32,
        /// When settling ended.
        deadline: Timestamp,
        /// From when a person may say that it was not sent (R5).
        fence: Timestamp,
    },
    /// Its draft vanished: it may have been sent by hand (R13).
    DraftGone {
        /// The draft.
        media_id: MediaId,
    },
    /// The account has no such tag.
    NoSuchTag {
        /// The tag.
        name: String,
        /// The account's tags.
        known: Vec<String>,
    },
    /// The account has the tag twice.
    AmbiguousTag {
        /// The tag.
        name: String,
        /// Its numbers.
        ids: Vec<TagId>,
    },
    /// There are fewer or more people than expected.
    Unexpected {
        /// How many there are.
        count: u64,
        /// How many there should be.
        expect: Expect,
    },
    /// There are more people than the account's policy allows.
    TooMany {
        /// How many there are.
        count: u64,
        /// How many there may be.
        max: u64,
    },
    /// A 订阅号 cannot send to a list of openids.
    OpenIdsOnSubscription,
    /// The quota comes back only after the window.
    QuotaPastWindow {
        /// Which.
        quota: Quota,
        /// How many were used.
        used: u32,
        /// How many there are.
        limit: u32,
        /// When it comes back.
        back: Timestamp,
    },
    /// The same content went to the same people not long ago.
    Twin {
        /// As this.
        of: SendAddress,
        /// When; nothing for one that this very plan sends.
        at: Option<Timestamp>,
    },
    /// A send that it comes after did not end as asked.
    AfterFailed {
        /// Which.
        send: SendAddress,
        /// Where that one is.
        standing: Standing,
    },
    /// An `after` names a send that neither the files nor the history know.
    AfterUnknown {
        /// Which.
        send: SendAddress,
    },
    /// An `after` names a retraction that no file declares.
    AfterRetractionUnknown {
        /// Which.
        retraction: RetractionAddress,
    },
    /// A file of the project has retractions that cannot be read.
    RetractionsUnclear {
        /// The file.
        file: String,
    },
    /// A retraction names a send that nobody knows: it may be meant for this one.
    RetractionOfUnknown {
        /// Which.
        retraction: Box<RetractionAddress>,
        /// The send that it names.
        send: SendAddress,
    },
    /// Its outcome is not known, and a retraction takes it back: settling might send it.
    WithheldUnknown {
        /// When the intent was recorded.
        since: Timestamp,
        /// From when a person may say that it was not sent (R5).
        fence: Timestamp,
    },
    /// Part of it was taken back, so the rest is not sent.
    PartRetracted {
        /// The part.
        part: SendAddress,
    },
    /// A retraction names a send that neither the files nor the history know.
    RetractedUnknown {
        /// Which.
        send: SendAddress,
    },
    /// WeChat takes back articles and videos only.
    NotRetractable {
        /// Which send.
        send: SendAddress,
    },
    /// A retraction names an article that the send did not have.
    RetractedNoArticle {
        /// As the file names it.
        article: String,
        /// What the send had; empty when the history does not say.
        known: Vec<String>,
    },
    /// WeChat takes back what it knows the number of, and the history has none.
    RetractedNoJob {
        /// Which send.
        send: SendAddress,
    },
    /// WeChat refused to take it back.
    RetractionRefused {
        /// Which part of the send.
        send: SendAddress,
        /// WeChat's code.
        errcode: i64,
        /// What it said.
        message: String,
    },
    /// The campaign had an edition when it was sent, and the files write none.
    EditionDropped {
        /// What went out.
        sent: SendAddress,
    },
    /// WeChat took it and then did not send it.
    Failed {
        /// The job.
        msg_id: Option<MsgId>,
        /// What WeChat said.
        status: JobStatus,
    },
    /// Nobody will say how it ended.
    Unreported {
        /// The job.
        msg_id: Option<MsgId>,
        /// Why not.
        why: String,
    },
}

impl Reason {
    /// Its stable word, as JSON and messages name it.
    pub fn word(&self) -> &'static str {
        match self {
            Self::NotUploaded { .. } => "not_uploaded",
            Self::NotConverted { .. } => "not_converted",
            Self::Expiring { .. } => "expiring",
            Self::RefusedMedia { .. } => "refused_media",
            Self::NoDraft { .. } => "no_draft",
            Self::DraftChanged { .. } => "draft_changed",
            Self::DraftAltered { .. } => "draft_altered",
            Self::NotPreviewed { .. } => "not_previewed",
            Self::PreviewAsked { .. } => "preview_asked",
            Self::NotSent { .. } => "not_sent",
            Self::RefusedBefore { .. } => "refused_before",
            Self::OutcomeUnknown { .. } => "outcome_unknown",
            Self::RefusedUnclosed { .. } => "refused_unclosed",
            Self::StatusUnknown { .. } => "status_unknown",
            Self::NotRetracted { .. } => "not_retracted",
        }
    }
}

impl Why {
    /// Its stable word, as JSON and messages name it.
    pub fn word(&self) -> &'static str {
        match self {
            Self::NotDue => "not_due",
            Self::Preview => "preview",
            Self::Approval { .. } => "approval",
            Self::After { .. } => "after",
            Self::AfterRetraction { .. } => "after_retraction",
            Self::Quota { .. } => "quota",
            Self::Sending { .. } => "sending",
            Self::OtherEdition { .. } => "other_edition",
        }
    }
}

impl Blocker {
    /// Its stable word, as JSON and messages name it.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Missed { .. } => "missed",
            Self::SentContentChanged { .. } => "sent_content_changed",
            Self::SentAudienceChanged { .. } => "sent_audience_changed",
            Self::FrozenContentChanged { .. } => "frozen_content_changed",
            Self::OutcomeUnknown { .. } => "outcome_unknown",
            Self::DraftGone { .. } => "draft_gone",
            Self::NoSuchTag { .. } => "no_such_tag",
            Self::AmbiguousTag { .. } => "ambiguous_tag",
            Self::Unexpected { .. } => "unexpected",
            Self::TooMany { .. } => "too_many",
            Self::OpenIdsOnSubscription => "openids_on_subscription",
            Self::QuotaPastWindow { .. } => "quota_past_window",
            Self::Twin { .. } => "twin",
            Self::AfterFailed { .. } => "after_failed",
            Self::AfterUnknown { .. } => "after_unknown",
            Self::AfterRetractionUnknown { .. } => "after_retraction_unknown",
            Self::RetractionsUnclear { .. } => "retractions_unclear",
            Self::RetractionOfUnknown { .. } => "retraction_of_unknown",
            Self::WithheldUnknown { .. } => "withheld_unknown",
            Self::PartRetracted { .. } => "part_retracted",
            Self::RetractedUnknown { .. } => "retracted_unknown",
            Self::NotRetractable { .. } => "not_retractable",
            Self::RetractedNoArticle { .. } => "retracted_no_article",
            Self::RetractedNoJob { .. } => "retracted_no_job",
            Self::RetractionRefused { .. } => "retraction_refused",
            Self::EditionDropped { .. } => "edition_dropped",
            Self::Failed { .. } => "failed",
            Self::Unreported { .. } => "unreported",
        }
    }
}
