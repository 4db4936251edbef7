//! Logs told in a few words, and the one way to fold them.

mod ledger;
mod property;
mod timing;

use super::{
    Entry, Fact, How, Intent, IntentRequest, Ledger, Phase, Record, SendHistory, SentAudience,
    Verdict,
};
use crate::terms::{
    AppId, ClientMsgId, Effect, Fingerprint, Generation, HistoryId, JobStatus, MassEndpoint,
    MediaId, MsgId, RecordedRequest, RunId, SendAddress, TagId, Timestamp,
};

/// When every log begins; each record is a minute after the one before.
pub(super) const BEGINNING: &str = "2026-03-01T10:00:00+08:00";
/// What every intent says.
pub(super) const UNTIL: &str = "2026-03-05T20:00:00+08:00";
/// The send that most tests are about.
const LAUNCH: &str = "spring-2026/sends/launch";

pub(super) fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub(super) fn effect(address: &str) -> Effect {
    let appid = AppId::new("wx1234567890abcdef").unwrap();
    address.parse::<SendAddress>().unwrap().effect(&appid)
}

/// One fact about a send.
#[derive(Debug, Clone)]
pub(super) struct Told {
    address: &'static str,
    generation: u32,
    fact: Fact,
}

impl Told {
    /// About another send.
    pub(super) fn of(self, address: &'static str) -> Self {
        let mut told = Self { address, ..self };
        if let Fact::Intent(intent) = &mut told.fact {
            intent.address = address.parse().unwrap();
        }
        told
    }

    /// In a later try.
    pub(super) fn again(self, generation: u32) -> Self {
        Self { generation, ..self }
    }

    /// As the log of an account that has so many records takes it.
    pub(super) fn after(self, ledger: &Ledger) -> Record {
        let (seq, prev) = ledger.head();
        let minutes = i64::try_from(seq.0).unwrap();
        let generation = (0..self.generation).fold(Generation::FIRST, |g, _| g.next());
        let is_about_a_send = !matches!(self.fact, Fact::HistoryOpened { .. });
        let entry = Entry {
            at: time(BEGINNING) + jiff::SignedDuration::from_mins(minutes),
            run: RunId::new("r-1").unwrap(),
            nonce: seq.0.to_string(),
            effect: is_about_a_send.then(|| effect(self.address)),
            generation,
            fact: self.fact,
        };
        Record::chain(seq.next(), prev, entry)
    }
}

pub(super) fn told(fact: Fact) -> Told {
    Told { address: LAUNCH, generation: 0, fact }
}

pub(super) fn opened() -> Told {
    let history = HistoryId::new("7f3c".repeat(8)).unwrap();
    told(Fact::HistoryOpened { history, appid: AppId::new("wx1234567890abcdef").unwrap() })
}

pub(super) fn draft(media_id: &str) -> Told {
    told(Fact::DraftSaved {
        media_id: MediaId::new(media_id).unwrap(),
        content: Fingerprint::of("春季上新".as_bytes()),
        articles: vec![Fingerprint::of("头条".as_bytes())],
        read_back: Fingerprint::of("读回".as_bytes()),
        address: LAUNCH.parse().unwrap(),
    })
}

pub(super) fn gone(media_id: &str) -> Told {
    told(Fact::DraftGone { media_id: MediaId::new(media_id).unwrap() })
}

pub(super) fn intent() -> Told {
    let body = r#"{"text":{"content":"上新了"}}"#.to_owned();
    told(Fact::Intent(Box::new(Intent {
        address: LAUNCH.parse().unwrap(),
        client_msg_id: ClientMsgId::new(&effect(LAUNCH), Generation::FIRST),
        request: IntentRequest::Inline(RecordedRequest { endpoint: MassEndpoint::SendAll, body }),
        draft: None,
        until: time(UNTIL),
        content: Fingerprint::of("春季上新".as_bytes()),
        digest: Fingerprint::of("摘要".as_bytes()),
        audience: SentAudience::Tag {
            name: "VIP会员".to_owned(),
            id: TagId::new(100).unwrap(),
            count: 3210,
        },
        token: "ab12".to_owned(),
        what: None,
    })))
}

pub(super) fn attempt(n: u32) -> Told {
    told(Fact::Attempt { n, token: "ab12".to_owned() })
}

pub(super) fn refused(n: u32, errcode: i64) -> Told {
    told(Fact::AttemptRefused { n, errcode, message: "系统繁忙".to_owned() })
}

pub(super) fn rejected(errcode: i64) -> Told {
    told(Fact::Rejected { errcode, message: "群发次数已用完".to_owned() })
}

pub(super) fn accepted(job: u64) -> Told {
    told(Fact::Accepted { msg_id: Some(MsgId(job)), msg_data_id: None, how: How::Answered })
}

pub(super) fn status(status: JobStatus) -> Told {
    told(Fact::Status { status })
}

pub(super) fn unreported() -> Told {
    told(Fact::Unreported { why: "七天没有回音".to_owned() })
}

pub(super) fn resolved(verdict: Verdict) -> Told {
    let (by, evidence) = ("张三".to_owned(), "后台「已群发」".to_owned());
    told(Fact::Resolved { verdict, by, evidence, address: LAUNCH.parse().unwrap() })
}

/// Folds an account's log, which opens by itself.
pub(super) fn folded(facts: impl IntoIterator<Item = Told>) -> Result<Ledger, String> {
    let mut ledger = Ledger::new();
    ledger.fold(&opened().after(&ledger)).unwrap();
    for fact in facts {
        fold(&mut ledger, fact)?;
    }
    Ok(ledger)
}

/// Folds one fact; one that is refused leaves the ledger as it was.
pub(super) fn fold(ledger: &mut Ledger, fact: Told) -> Result<(), String> {
    let (before, record) = (format!("{ledger:?}"), fact.after(ledger));
    ledger.fold(&record).map_err(|damaged| {
        assert_eq!(format!("{ledger:?}"), before, "a refused record changes nothing");
        let text = damaged.to_string();
        let head = format!("the history is damaged at record {}: ", record.seq);
        text.strip_prefix(&head).unwrap_or(&text).to_owned()
    })
}

/// A send's state in a line.
pub(super) fn state(ledger: &Ledger, address: &str) -> String {
    ledger.send(&effect(address)).map_or_else(|| "absent".to_owned(), line)
}

fn line(send: &SendHistory) -> String {
    let mut words = vec![format!("try {}", send.generation.get())];
    match &send.phase {
        Phase::Ready => words.push("ready".to_owned()),
        Phase::Open(open) => {
            words.push("open".to_owned());
            words.extend(open.attempts.iter().map(|attempt| match &attempt.refused {
                Some(refusal) => format!("#{} {}", attempt.n, refusal.errcode),
                None => format!("#{} ?", attempt.n),
            }));
        }
        Phase::Accepted(accepted) => {
            words.push(accepted.msg_id.map_or("a job".to_owned(), |id| format!("job {id}")));
            words.extend(accepted.intent.is_none().then(|| "not ours".to_owned()));
            words.extend(accepted.status.iter().map(|(status, _)| format!("{status:?}")));
            words.extend(accepted.unreported.iter().map(|_| "unreported".to_owned()));
        }
    }
    words.extend(
        send.draft
            .iter()
            .map(|draft| format!("{}{}", draft.media_id, if draft.gone { " gone" } else { "" })),
    );
    words.extend(send.refusal.iter().map(|refusal| format!("refused {}", refusal.errcode)));
    words.extend(send.acknowledged.then(|| "acknowledged".to_owned()));
    words.join(", ")
}
