//! What happened so far, folded into answers.
//!
//! A record is judged before it is taken: one that the protocol does not allow where it stands is a
//! damaged history, never a new state.

use std::collections::{BTreeMap, BTreeSet};

use crate::terms::{
    AppId, Effect, Fingerprint, HistoryId, ImageUrl, MaterialKind, MediaId, MsgId, Reviewer, RunId,
    SendAddress, TagId, Timestamp, beijing_date,
};

use super::record::{Entry, Fact, How, Record, RecordHash, SentAudience, Seq};
use super::send_history::{Approval, Phase, SendHistory};
use super::temporary::Temporary;

/// A record that cannot stand where it stands.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the history is damaged at record {seq}: {what}")]
pub struct DamagedHistory {
    seq: u64,
    what: &'static str,
}

/// What happened on one account so far.
#[derive(Debug, Clone, Default)]
pub struct Ledger {
    head: Option<(Seq, RecordHash)>,
    last_at: Option<Timestamp>,
    opened: Option<(HistoryId, AppId)>,
    runs: BTreeSet<RunId>,
    images: BTreeMap<Fingerprint, ImageUrl>,
    materials: BTreeMap<(MaterialKind, Fingerprint), MediaId>,
    temporaries: BTreeMap<(MaterialKind, Fingerprint), Temporary>,
    videos: BTreeMap<Fingerprint, Temporary>,
    previews: BTreeMap<Fingerprint, BTreeMap<Reviewer, Timestamp>>,
    previews_by_wxname: BTreeMap<jiff::civil::Date, u32>,
    approvals: BTreeMap<SendAddress, Vec<Approval>>,
    sends: BTreeMap<Effect, SendHistory>,
    jobs: BTreeMap<MsgId, Effect>,
    tags: BTreeMap<String, (TagId, u64)>,
}

impl Ledger {
    /// A ledger in which nothing has happened.
    pub fn new() -> Self {
        Self::default()
    }

    /// Folds a whole log.
    ///
    /// # Errors
    ///
    /// [`DamagedHistory`] at the first record that cannot stand where it stands.
    pub fn of<'a>(records: impl IntoIterator<Item = &'a Record>) -> Result<Self, DamagedHistory> {
        records.into_iter().try_fold(Self::new(), |mut ledger, record| {
            ledger.fold(record)?;
            Ok(ledger)
        })
    }

    /// The newest record's number and hash; number 0 and zeros when there is none.
    pub fn head(&self) -> (Seq, RecordHash) {
        self.head.clone().unwrap_or_else(|| (Seq::NONE, RecordHash::none()))
    }

    /// When the newest record was written.
    pub fn last_at(&self) -> Option<Timestamp> {
        self.last_at
    }

    /// The history's id and the account that it is bound to.
    pub fn opened(&self) -> Option<&(HistoryId, AppId)> {
        self.opened.as_ref()
    }

    /// Whether this run has introduced itself.
    pub fn run_started(&self, run: &RunId) -> bool {
        self.runs.contains(run)
    }

    /// Where a content image is on the account.
    pub fn image(&self, image: &Fingerprint) -> Option<&ImageUrl> {
        self.images.get(image)
    }

    /// Every content image on the account.
    pub fn images(&self) -> &BTreeMap<Fingerprint, ImageUrl> {
        &self.images
    }

    /// A permanent material's id.
    pub fn material(&self, kind: MaterialKind, material: &Fingerprint) -> Option<&MediaId> {
        self.materials.get(&(kind, *material))
    }

    /// A temporary material, expired or not.
    pub fn temporary(&self, kind: MaterialKind, material: &Fingerprint) -> Option<&Temporary> {
        self.temporaries.get(&(kind, *material))
    }

    /// A video that can be sent, expired or not, by its bytes, title and description.
    pub fn video(&self, video: &Fingerprint) -> Option<&Temporary> {
        self.videos.get(video)
    }

    /// When this content was delivered to a reviewer.
    pub fn previewed(&self, content: &Fingerprint, reviewer: &Reviewer) -> Option<Timestamp> {
        self.previews.get(content)?.get(reviewer).copied()
    }

    /// How many messages were previews by WeChat ID (微信号) on a day in Beijing.
    pub fn previews_by_wxname(&self, day: jiff::civil::Date) -> u32 {
        self.previews_by_wxname.get(&day).copied().unwrap_or(0)
    }

    /// Every approval of a send, in order, those of other digests too.
    pub fn approvals(&self, address: &SendAddress) -> &[Approval] {
        self.approvals.get(&address.whole()).map_or(&[], Vec::as_slice)
    }

    /// What happened to one part of a send, if anything did.
    pub fn send(&self, effect: &Effect) -> Option<&SendHistory> {
        self.sends.get(effect)
    }

    /// Every send that something happened to (R15).
    pub fn sends(&self) -> impl Iterator<Item = (&Effect, &SendHistory)> {
        self.sends.iter()
    }

    /// Which send a job belongs to (R11).
    pub fn job(&self, msg_id: MsgId) -> Option<&Effect> {
        self.jobs.get(&msg_id)
    }

    /// The id and count that a tag had when it was last sent to.
    pub fn tag(&self, name: &str) -> Option<(TagId, u64)> {
        self.tags.get(name).copied()
    }

    /// Takes one more record.
    ///
    /// # Errors
    ///
    /// [`DamagedHistory`] when it does not follow the record before, or the protocol does not allow
    /// it there; the ledger is then as it was.
    pub fn fold(&mut self, record: &Record) -> Result<(), DamagedHistory> {
        let damaged = |what| DamagedHistory { seq: record.seq.0, what };
        let (seq, hash) = self.head();
        if record.seq != seq.next() {
            return Err(damaged("its number does not follow"));
        }
        if record.prev != hash {
            return Err(damaged("it is not chained to the record before"));
        }
        self.take(&record.entry).map_err(damaged)?;
        self.head = Some((record.seq, record.hash.clone()));
        self.last_at = Some(record.entry.at);
        Ok(())
    }

    /// Whether an entry may follow now: asked before writing, since no record can be taken back.
    ///
    /// # Errors
    ///
    /// Why it may not.
    pub fn allows(&self, entry: &Entry) -> Result<(), &'static str> {
        match entry.effect {
            Some(effect) => self.of_send_with(effect, entry).map(drop),
            None => Ok(()),
        }
    }

    fn take(&mut self, entry: &Entry) -> Result<(), &'static str> {
        if self.head.is_none() != matches!(entry.fact, Fact::HistoryOpened { .. }) {
            return Err("a history is opened once, by its first record");
        }
        match &entry.fact {
            Fact::HistoryOpened { history, appid } => {
                self.opened = Some((history.clone(), appid.clone()));
            }
            Fact::RunStarted { .. } => {
                self.runs.insert(entry.run.clone());
            }
            Fact::ImageUploaded { image, url } => {
                self.images.insert(*image, url.clone());
            }
            Fact::MaterialUploaded { kind, material, media_id } => {
                self.materials.insert((*kind, *material), media_id.clone());
            }
            Fact::MaterialGone { kind, material, media_id } => {
                let key = (*kind, *material);
                // Another run may have uploaded it again meanwhile.
                let is_newer = |known: &MediaId| media_id.as_ref().is_some_and(|id| id != known);
                if !self.materials.get(&key).is_some_and(is_newer) {
                    self.materials.remove(&key);
                }
                if !self.temporaries.get(&key).is_some_and(|known| is_newer(&known.media_id)) {
                    self.temporaries.remove(&key);
                }
            }
            Fact::TemporaryUploaded { kind, material, media_id, expires_at } => {
                let known = temporary(media_id, entry.at, *expires_at);
                self.temporaries.insert((*kind, *material), known);
            }
            Fact::VideoConverted { video, media_id, expires_at } => {
                self.videos.insert(*video, temporary(media_id, entry.at, *expires_at));
            }
            Fact::VideoGone { video, media_id } => {
                if self.videos.get(video).is_some_and(|known| known.media_id == *media_id) {
                    self.videos.remove(video);
                }
            }
            Fact::Previewed { content, reviewer, messages, .. } => {
                if let Reviewer::WxName(_) = reviewer {
                    let day = self.previews_by_wxname.entry(beijing_date(entry.at)).or_default();
                    *day = day.saturating_add(messages.unwrap_or(1));
                }
                // The first time counts: who has seen exactly this has seen it.
                let shown = self.previews.entry(*content).or_default();
                shown.entry(reviewer.clone()).or_insert(entry.at);
            }
            Fact::Approved { digest, by, address } => {
                let approval = Approval { digest: *digest, by: by.clone(), at: entry.at };
                self.approvals.entry(address.whole()).or_default().push(approval);
            }
            Fact::DraftSaved { .. }
            | Fact::DraftAltered { .. }
            | Fact::DraftGone { .. }
            | Fact::Intent(_)
            | Fact::Attempt { .. }
            | Fact::AttemptRefused { .. }
            | Fact::Accepted { .. }
            | Fact::Rejected { .. }
            | Fact::Status { .. }
            | Fact::Retracting { .. }
            | Fact::Retracted { .. }
            | Fact::RetractionRefused { .. }
            | Fact::Unreported { .. }
            | Fact::Resolved { .. } => self.take_of_send(entry)?,
        }
        Ok(())
    }

    fn take_of_send(&mut self, entry: &Entry) -> Result<(), &'static str> {
        let effect = entry.effect.ok_or("it names no send")?;
        let send = self.of_send_with(effect, entry)?;
        if let Phase::Accepted(accepted) = &send.phase
            && let Some(msg_id) = accepted.msg_id
        {
            // A person may have given the number to another send before.
            self.jobs.entry(msg_id).or_insert(effect);
        }
        if let Fact::Intent(intent) = &entry.fact
            && let SentAudience::Tag { name, id, count } = &intent.audience
        {
            self.tags.insert(name.clone(), (*id, *count));
        }
        self.sends.insert(effect, send);
        Ok(())
    }

    /// A send as it is after an entry; judged on a copy, so that a refused one leaves nothing behind.
    fn of_send_with(&self, effect: Effect, entry: &Entry) -> Result<SendHistory, &'static str> {
        // R11. An answer of 0 is a job of ours, whoever else was thought to hold its number.
        if let Fact::Accepted { msg_id: Some(msg_id), how, .. } = entry.fact
            && matches!(how, How::Duplicate | How::Foreign)
            && self.jobs.get(&msg_id).is_some_and(|other| *other != effect)
        {
            return Err("another send holds this job");
        }
        let mut send = self.sends.get(&effect).cloned().unwrap_or_default();
        send.take(entry)?;
        Ok(send)
    }
}

fn temporary(media_id: &MediaId, at: Timestamp, expires_at: Timestamp) -> Temporary {
    Temporary { media_id: media_id.clone(), at, expires_at }
}
