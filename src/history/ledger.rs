//! What happened so far, folded into answers.
//!
//! A record is judged before it is taken: one that the protocol does not allow where it stands is a
//! damaged history, never a new state.

use std::collections::{BTreeMap, BTreeSet};

use crate::terms::{
    AppId, Effect, Fingerprint, Generation, HistoryId, ImageUrl, JobStatus, MaterialKind, MediaId,
    MsgDataId, MsgId, Reviewer, RunId, SendAddress, TagId, Timestamp,
};

use super::record::{Entry, Fact, How, Intent, Record, RecordHash, SentAudience, Seq, Verdict};

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
    previews: BTreeMap<Fingerprint, BTreeMap<Reviewer, Timestamp>>,
    approvals: BTreeMap<SendAddress, Vec<Approval>>,
    sends: BTreeMap<Effect, SendHistory>,
    jobs: BTreeMap<MsgId, Effect>,
    tags: BTreeMap<String, (TagId, u64)>,
}

/// What happened to one part of one send.
#[derive(Debug, Clone, Default)]
pub struct SendHistory {
    /// Where it stood in the files.
    pub address: Option<SendAddress>,
    /// Which try this is.
    pub generation: Generation,
    /// Its draft, of this generation.
    pub draft: Option<DraftHistory>,
    /// Where it is on its way.
    pub phase: Phase,
    /// How many intents it had, over all generations.
    pub intents: u32,
    /// The newest refusal of this generation, if there was one (R11).
    pub refusal: Option<Refusal>,
    /// A person knows of how it ended.
    pub acknowledged: bool,
}

/// Where a send is on its way (history-protocol 3).
#[derive(Debug, Clone, Default)]
pub enum Phase {
    /// Nothing was asked of WeChat that could have made a job.
    #[default]
    Ready,
    /// An intent is open: a job may exist.
    Open(Box<OpenIntent>),
    /// There is a job, and there will never be another (R7).
    Accepted(Box<AcceptedSend>),
}

/// An intent whose outcome is not recorded.
#[derive(Debug, Clone)]
pub struct OpenIntent {
    /// Which of the send's intents, over all generations: what holds of one says nothing of the next.
    pub number: u32,
    /// What was intended.
    pub intent: Intent,
    /// When: t0 of the protocol.
    pub at: Timestamp,
    /// Each POST that was or may have been made.
    pub attempts: Vec<Attempt>,
}

/// One POST that was or may have been made.
#[derive(Debug, Clone)]
pub struct Attempt {
    /// Its number, from 1.
    pub n: u32,
    /// When it was recorded, before it was made.
    pub at: Timestamp,
    /// By whom.
    pub run: RunId,
    /// The definite "no job was made" that it got, if it got one.
    pub refused: Option<Refusal>,
}

/// A definite "no job was made".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// WeChat's code.
    pub errcode: i64,
    /// What it said.
    pub message: String,
    /// When it was recorded.
    pub at: Timestamp,
}

/// A send that has a job.
#[derive(Debug, Clone)]
pub struct AcceptedSend {
    /// What was intended; a send made by hand in the console has none of ours.
    pub intent: Option<Intent>,
    /// When it was recorded.
    pub at: Timestamp,
    /// The job.
    pub msg_id: Option<MsgId>,
    /// The number of its articles.
    pub msg_data_id: Option<MsgDataId>,
    /// How we know.
    pub how: How,
    /// What WeChat said last, and when.
    pub status: Option<(JobStatus, Timestamp)>,
    /// Why nobody will ever say how it ended.
    pub unreported: Option<String>,
}

/// A draft as it was last saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftHistory {
    /// Its id.
    pub media_id: MediaId,
    /// Of the content that was meant.
    pub content: Fingerprint,
    /// Of each article of it, in order.
    pub articles: Vec<Fingerprint>,
    /// Of what WeChat kept of it.
    pub read_back: Fingerprint,
    /// Whether it was found gone (R13).
    pub gone: bool,
}

/// A person's word for a send digest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approval {
    /// The send digest that they saw.
    pub digest: Fingerprint,
    /// Who.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

impl OpenIntent {
    /// Whether every POST but number `n` got a definite "no job was made" (R8).
    pub fn others_refused(&self, n: u32) -> bool {
        self.attempts.iter().filter(|other| other.n != n).all(|other| other.refused.is_some())
    }

    /// The number of the newest POST: 1 is the intent's own.
    pub fn last_attempt(&self) -> u32 {
        self.attempts.last().map_or(0, |attempt| attempt.n)
    }
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

    /// When this content was delivered to a reviewer.
    pub fn previewed(&self, content: &Fingerprint, reviewer: &Reviewer) -> Option<Timestamp> {
        self.previews.get(content)?.get(reviewer).copied()
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
        match &entry.fact {
            Fact::HistoryOpened { history, appid } => {
                if self.head.is_some() {
                    return Err("a history is opened once, by its first record");
                }
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
            Fact::Previewed { content, reviewer, .. } => {
                self.previews.entry(*content).or_default().insert(reviewer.clone(), entry.at);
            }
            Fact::Approved { digest, by, address } => {
                let approval = Approval { digest: *digest, by: by.clone(), at: entry.at };
                self.approvals.entry(address.whole()).or_default().push(approval);
            }
            Fact::DraftSaved { .. }
            | Fact::DraftGone { .. }
            | Fact::Intent(_)
            | Fact::Attempt { .. }
            | Fact::AttemptRefused { .. }
            | Fact::Accepted { .. }
            | Fact::Rejected { .. }
            | Fact::Status { .. }
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

impl SendHistory {
    fn take(&mut self, entry: &Entry) -> Result<(), &'static str> {
        let is_late = entry.generation != self.generation;
        match &entry.fact {
            Fact::DraftSaved { media_id, content, articles, read_back, address } => {
                self.address = Some(address.clone());
                if !is_late && matches!(self.phase, Phase::Ready) {
                    let (media_id, articles) = (media_id.clone(), articles.clone());
                    let (content, read_back, gone) = (*content, *read_back, false);
                    self.draft =
                        Some(DraftHistory { media_id, content, articles, read_back, gone });
                }
            }
            Fact::DraftGone { media_id } => {
                if let Some(draft) = self.draft.as_mut().filter(|d| d.media_id == *media_id) {
                    draft.gone = true;
                }
            }
            Fact::Intent(_) | Fact::Attempt { .. } | Fact::Rejected { .. } if is_late => {
                return Err("it is of another generation than the send");
            }
            Fact::Intent(intent) => self.open(intent, entry)?,
            Fact::Attempt { n, .. } => {
                let open = self.open_intent()?;
                if *n != open.last_attempt() + 1 {
                    return Err("its attempt's number does not follow");
                }
                let (at, run) = (entry.at, entry.run.clone());
                open.attempts.push(Attempt { n: *n, at, run, refused: None });
            }
            Fact::AttemptRefused { n, errcode, message } => {
                // A fact that already happened: it may come after another runner's end of it.
                if let Phase::Open(open) = &mut self.phase
                    && !is_late
                    && let Some(attempt) = open.attempts.iter_mut().find(|attempt| attempt.n == *n)
                {
                    attempt.refused = Some(refusal(*errcode, message, entry.at));
                }
            }
            Fact::Accepted { msg_id, msg_data_id, how } => {
                self.accept(*msg_id, *msg_data_id, *how, entry.at)?;
            }
            Fact::Rejected { errcode, message } => {
                let open = self.open_intent()?;
                if !open.others_refused(open.last_attempt()) {
                    return Err("a refusal ends an intent only when no other attempt is open (R8)");
                }
                self.refusal = Some(refusal(*errcode, message, entry.at));
                self.phase = Phase::Ready;
            }
            Fact::Status { status } => {
                self.accepted()?.status = Some((status.clone(), entry.at));
            }
            Fact::Unreported { why } => self.accepted()?.unreported = Some(why.clone()),
            Fact::Resolved { verdict, address, .. } => {
                self.address = Some(address.clone());
                self.resolve(verdict, entry.at)?;
            }
            Fact::HistoryOpened { .. }
            | Fact::RunStarted { .. }
            | Fact::ImageUploaded { .. }
            | Fact::MaterialUploaded { .. }
            | Fact::Previewed { .. }
            | Fact::Approved { .. } => {}
        }
        Ok(())
    }

    fn open(&mut self, intent: &Intent, entry: &Entry) -> Result<(), &'static str> {
        match &self.phase {
            Phase::Ready => {}
            Phase::Open(_) => return Err("an intent of this send is already open"),
            Phase::Accepted(_) => return Err("the send was already accepted (R7)"),
        }
        let first = Attempt { n: 1, at: entry.at, run: entry.run.clone(), refused: None };
        self.address = Some(intent.address.clone());
        self.intents += 1;
        self.phase = Phase::Open(Box::new(OpenIntent {
            number: self.intents,
            intent: intent.clone(),
            at: entry.at,
            attempts: vec![first],
        }));
        Ok(())
    }

    fn open_intent(&mut self) -> Result<&mut OpenIntent, &'static str> {
        match &mut self.phase {
            Phase::Open(open) => Ok(open),
            Phase::Ready | Phase::Accepted(_) => Err("no intent of this send is open"),
        }
    }

    fn accepted(&mut self) -> Result<&mut AcceptedSend, &'static str> {
        match &mut self.phase {
            Phase::Accepted(accepted) => Ok(accepted),
            Phase::Ready | Phase::Open(_) => Err("the send has no job"),
        }
    }

    fn accept(
        &mut self,
        msg_id: Option<MsgId>,
        msg_data_id: Option<MsgDataId>,
        how: How,
        at: Timestamp,
    ) -> Result<(), &'static str> {
        let intent = match &self.phase {
            Phase::Open(open) => Some(open.intent.clone()),
            Phase::Ready if how == How::Person => None,
            Phase::Ready => return Err("a send is accepted under an intent"),
            Phase::Accepted(_) => return Err("the send was already accepted (R7)"),
        };
        self.phase = Phase::Accepted(Box::new(AcceptedSend {
            intent,
            at,
            msg_id,
            msg_data_id,
            how,
            status: None,
            unreported: None,
        }));
        Ok(())
    }

    fn resolve(&mut self, verdict: &Verdict, at: Timestamp) -> Result<(), &'static str> {
        match verdict {
            Verdict::Sent { msg_id } => {
                self.accept(*msg_id, None, How::Person, at)?;
                // Without a job's number nobody can be asked: the person's word is the end of it.
                if msg_id.is_none() {
                    self.accepted()?.status = Some((JobStatus::Sent, at));
                }
            }
            Verdict::NotSent => {
                if matches!(self.phase, Phase::Accepted(_)) {
                    return Err("the send was already accepted (R7)");
                }
                self.generation = self.generation.next();
                (self.draft, self.refusal, self.phase) = (None, None, Phase::Ready);
            }
            Verdict::Acknowledged => self.acknowledged = true,
        }
        Ok(())
    }
}

fn refusal(errcode: i64, message: &str, at: Timestamp) -> Refusal {
    Refusal { errcode, message: message.to_owned(), at }
}
