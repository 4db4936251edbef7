//! What happened to one part of one send: its states, and which record may come in which of them
//! (ARCHITECTURE.md, exactly once).

use crate::terms::{
    Fingerprint, Generation, JobStatus, MediaId, MsgDataId, MsgId, RunId, SendAddress, Timestamp,
};

use super::record::{Entry, Fact, How, Intent, SentContent, Verdict};

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
    /// What of it was to be taken back.
    pub retractions: Vec<Retraction>,
}

/// A send, or one of its articles, that was to be taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retraction {
    /// Which article, from 1; none: all of them.
    pub article: Option<u32>,
    /// Each time WeChat was, or may have been, asked to.
    pub asked: Vec<Timestamp>,
    /// How many of them have no recorded answer.
    pub unanswered: u32,
    /// When it was done.
    pub done: Option<Timestamp>,
    /// The newest answer that it surely was not, if nothing came after it.
    pub refusal: Option<Refusal>,
}

/// Where a send is on its way (ARCHITECTURE.md, exactly once).
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
    /// What was found in its place, if that was not what was saved (R14).
    pub altered: Option<Fingerprint>,
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

impl DraftHistory {
    /// Whether nothing was found to have happened to it since.
    pub fn is_as_saved(&self) -> bool {
        self.altered.is_none() && !self.gone
    }
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

impl SendHistory {
    pub(super) fn take(&mut self, entry: &Entry) -> Result<(), &'static str> {
        let is_late = entry.generation != self.generation;
        match &entry.fact {
            Fact::DraftSaved { .. } | Fact::DraftAltered { .. } | Fact::DraftGone { .. } => {
                self.take_draft(entry);
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
                let known = &mut self.accepted()?.status;
                // An end that another run recorded meanwhile is not undone by an older answer, and what
                // was sent stays sent when it is deleted later.
                let was_sent = matches!(known, Some((JobStatus::Sent, _)));
                let is_open = known.as_ref().is_none_or(|(known, _)| !known.is_final());
                if is_open || (status.is_final() && !was_sent) {
                    *known = Some((status.clone(), entry.at));
                }
            }
            Fact::Retracting { .. } | Fact::Retracted { .. } | Fact::RetractionRefused { .. } => {
                self.take_retraction(entry)?;
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
            | Fact::MaterialGone { .. }
            | Fact::TemporaryUploaded { .. }
            | Fact::VideoConverted { .. }
            | Fact::VideoGone { .. }
            | Fact::Previewed { .. }
            | Fact::Approved { .. } => {}
        }
        Ok(())
    }

    fn take_draft(&mut self, entry: &Entry) {
        match &entry.fact {
            Fact::DraftSaved { media_id, content, articles, read_back, address } => {
                self.address = Some(address.clone());
                if entry.generation == self.generation && matches!(self.phase, Phase::Ready) {
                    self.draft = Some(DraftHistory {
                        media_id: media_id.clone(),
                        content: *content,
                        articles: articles.clone(),
                        read_back: *read_back,
                        altered: None,
                        gone: false,
                    });
                }
            }
            Fact::DraftAltered { media_id, found } => {
                if let Some(draft) = self.draft.as_mut().filter(|d| d.media_id == *media_id) {
                    draft.altered = Some(*found);
                }
            }
            Fact::DraftGone { media_id } => {
                if let Some(draft) = self.draft.as_mut().filter(|d| d.media_id == *media_id) {
                    draft.gone = true;
                }
            }
            _ => unreachable!("called with facts about drafts"),
        }
    }

    fn take_retraction(&mut self, entry: &Entry) -> Result<(), &'static str> {
        self.accepted()?;
        let at = entry.at;
        match &entry.fact {
            Fact::Retracting { article, .. } => {
                let retraction = self.retraction_of(*article);
                retraction.asked.push(at);
                retraction.unanswered += 1;
                retraction.refusal = None;
            }
            Fact::Retracted { article, .. } => {
                let retraction = self.retraction_of(*article);
                retraction.done.get_or_insert(at);
                retraction.refusal = None;
            }
            Fact::RetractionRefused { article, errcode, message } => {
                let retraction = self.retraction_of(*article);
                retraction.unanswered = retraction.unanswered.saturating_sub(1);
                if retraction.done.is_none() {
                    retraction.refusal = Some(refusal(*errcode, message, at));
                }
            }
            _ => unreachable!("called with facts about retractions"),
        }
        Ok(())
    }

    fn retraction_of(&mut self, article: Option<u32>) -> &mut Retraction {
        let at = self.retractions.iter().position(|known| known.article == article);
        let at = at.unwrap_or_else(|| {
            let (asked, unanswered, done, refusal) = (Vec::new(), 0, None, None);
            self.retractions.push(Retraction { article, asked, unanswered, done, refusal });
            self.retractions.len() - 1
        });
        &mut self.retractions[at]
    }

    /// What is known of the retraction of an article, or of all of them.
    pub fn retraction(&self, article: Option<u32>) -> Option<&Retraction> {
        self.retractions.iter().find(|known| known.article == article)
    }

    /// Whether an article, or all of them, was taken back: by itself, or with the others.
    pub fn is_retracted(&self, article: Option<u32>) -> bool {
        let is_done = |article| self.retraction(article).is_some_and(|known| known.done.is_some());
        if is_done(None) || is_done(article) {
            return true;
        }
        let articles = match self.sent_content() {
            Some(SentContent::News { articles }) => articles.len(),
            Some(SentContent::Video | SentContent::Other) | None => 0,
        };
        article.is_none() && articles > 0 && (1_u32..).take(articles).all(|n| is_done(Some(n)))
    }

    /// What kind of message went out, where the history says it.
    pub fn sent_content(&self) -> Option<&SentContent> {
        match &self.phase {
            Phase::Ready => None,
            Phase::Open(open) => open.intent.what.as_ref(),
            Phase::Accepted(accepted) => accepted.intent.as_ref()?.what.as_ref(),
        }
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
                let (address, generation) = (self.address.take(), self.generation.next());
                *self = Self { address, generation, ..Self::default() };
            }
            Verdict::Acknowledged => self.acknowledged = true,
        }
        Ok(())
    }
}

fn refusal(errcode: i64, message: &str, at: Timestamp) -> Refusal {
    Refusal { errcode, message: message.to_owned(), at }
}
