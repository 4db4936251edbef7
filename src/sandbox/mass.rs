//! Mass sends (群发): who may send what to whom how often, and never twice by one id
//! (WeChat's page 群发).

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::terms::{AccountKind, Fingerprint, JobStatus, OnReprint, Timestamp, beijing_date};

use super::{
    account::Account,
    audience, bubble,
    content::{Named, Ready},
    crowd::Crowd,
    endpoint::Endpoint,
    job::{JobAudience, StoredJob},
    refusal::{Errcode, Refusal, refuse},
    retract,
    rules::{Confirmation, FastRepeat, RepeatCheck},
    token::later,
    wire::{Call, Fields},
};

/// Ids of jobs made by API begin here: 2³¹ + 10⁹ + 1.
const FIRST_MSG_ID: u64 = 3_147_483_649;
/// Ids of a job's articles begin here: 2³¹ + 10⁸.
const FIRST_MSG_DATA_ID: u64 = 2_247_483_648;
/// Bytes of a clientmsgid, by the new pages; the old ones say 64.
const CLIENT_MSG_ID_BYTES: usize = 32;
/// How long a clientmsgid is remembered, from its job's acceptance.
const REMEMBERED_FOR: Duration = Duration::from_hours(24);
/// A repeat sooner than this after the last request is too fast.
const REPEATS_APART: Duration = Duration::from_mins(1);
/// Openids of one call.
const OPENIDS_MAX: usize = 10_000;
/// Sends that a follower of a 服务号 gets in a calendar month.
pub(super) const PER_FOLLOWER_PER_MONTH: usize = 4;
/// How long the administrator may take to answer.
const ADMINISTRATOR_WAITS: Duration = Duration::from_mins(30);

/// A clientmsgid that made a job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Remembered {
    msg_id: u64,
    accepted_at: Timestamp,
    asked_at: Timestamp,
}

/// Whom a request names, before it is known whether they are there.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Range {
    Everyone,
    Tag(i64),
    OpenIds(Vec<String>),
}

/// The followers that a range comes to.
struct Reach {
    audience: JobAudience,
    followers: Vec<u32>,
    total: u64,
}

/// A request that is well formed.
struct Asked {
    endpoint: Endpoint,
    range: Range,
    named: Named,
    client_msg_id: Option<String>,
    on_reprint: OnReprint,
}

impl Asked {
    fn read(endpoint: Endpoint, body: &Fields) -> Result<Self, Refusal> {
        let range = match endpoint {
            Endpoint::Send => openids(body)?,
            _ => filter(body)?,
        };
        let named = Named::read(endpoint, body)?;
        let on_reprint = match body.switch("send_ignore_reprint")? {
            0 => OnReprint::Stop,
            _ => OnReprint::Accept,
        };
        let client_msg_id = client_msg_id(body)?;
        Ok(Self { endpoint, range, named, client_msg_id, on_reprint })
    }

    /// What the account remembers it by: its clientmsgid, or a digest of range and content.
    fn key(&self) -> String {
        self.client_msg_id.clone().unwrap_or_else(|| {
            let range = format!("{:?}", self.range);
            let content = self.named.fingerprint();
            format!("digest {}", Fingerprint::of_parts([range.as_bytes(), content.as_bytes()]))
        })
    }
}

/// Answers `message/mass/sendall` and `message/mass/send`: errcode 0 means submitted, not sent.
pub(super) fn submit(
    account: &mut Account,
    endpoint: Endpoint,
    call: &Call,
    now: Timestamp,
) -> Result<Value, Refusal> {
    if endpoint == Endpoint::Send && account.rules.kind == AccountKind::Subscription {
        return refuse(Errcode::Unauthorized);
    }
    let asked = Asked::read(endpoint, &call.json()?)?;
    let key = asked.key();
    if account.rules.repeat_check == RepeatCheck::First {
        check_repeat(account, &key, now)?;
    }
    let ready = asked.named.ready(account, now)?;
    let reach = reach(account, &asked.range)?;
    check_right(account, &reach.audience, now)?;
    if account.rules.repeat_check == RepeatCheck::Last {
        check_repeat(account, &key, now)?;
    }
    let job = accepted(account, asked, reach, ready, now);
    let (msg_id, msg_data_id) = (job.msg_id, job.msg_data_id);
    account.state.jobs.push(job);
    let memory = Remembered { msg_id, accepted_at: now, asked_at: now };
    account.state.remembered.insert(key, memory);
    Ok(json!({
        "errcode": 0,
        "errmsg": "send job submission success",
        "msg_id": msg_id,
        "msg_data_id": msg_data_id,
    }))
}

/// Reads `filter`. A missing tag is refused, never read as everyone: that is how sends to
/// everyone happen by accident. So is a tag, or a group (分组) of old, beside `is_to_all`.
fn filter(body: &Fields) -> Result<Range, Refusal> {
    let filter = Fields::of(body.value("filter").ok_or(Errcode::InvalidGroup)?)?;
    let is_to_all = filter.truth("is_to_all")?.unwrap_or(false);
    if is_to_all && filter.value("group_id").is_some() {
        return refuse(Errcode::InvalidArgs);
    }
    match (is_to_all, filter.number("tag_id")?) {
        (true, None) => Ok(Range::Everyone),
        (true, Some(_)) => refuse(Errcode::InvalidArgs),
        (false, None | Some(0)) => refuse(Errcode::InvalidGroup),
        (false, Some(id)) => Ok(Range::Tag(id)),
    }
}

fn openids(body: &Fields) -> Result<Range, Refusal> {
    let list = match body.value("touser") {
        None => return refuse(Errcode::EmptyList),
        Some(Value::Array(list)) => list,
        Some(_) => return refuse(Errcode::InvalidOpenIdList),
    };
    match list.len() {
        0 => return refuse(Errcode::EmptyList),
        1 => return refuse(Errcode::TooFewOpenIds),
        2..=OPENIDS_MAX => {}
        _ => return refuse(Errcode::TooManyOpenIds),
    }
    let openids = list.iter().map(|openid| openid.as_str().map(str::to_owned));
    Ok(Range::OpenIds(openids.collect::<Option<_>>().ok_or(Errcode::InvalidOpenIdList)?))
}

fn client_msg_id(body: &Fields) -> Result<Option<String>, Refusal> {
    let id = body.text_or_empty("clientmsgid")?;
    if id.len() > CLIENT_MSG_ID_BYTES {
        return refuse(Errcode::ClientMsgIdTooLong);
    }
    Ok(Some(id.to_owned()).filter(|id| !id.is_empty()))
}

/// Refuses an id that made a job in the last 24 hours; its content is not compared.
fn check_repeat(account: &mut Account, key: &str, now: Timestamp) -> Result<(), Refusal> {
    let remembered = &mut account.state.remembered;
    remembered.retain(|_, memory| now < later(memory.accepted_at, REMEMBERED_FOR));
    let Some(memory) = remembered.get_mut(key) else { return Ok(()) };
    let is_fast = now < later(memory.asked_at, REPEATS_APART);
    memory.asked_at = now;
    match account.rules.fast_repeat {
        FastRepeat::TooFast if is_fast => refuse(Errcode::RepeatTooFast),
        FastRepeat::TooFast | FastRepeat::Duplicate => Err(Refusal::already_sent(memory.msg_id)),
    }
}

fn reach(account: &Account, range: &Range) -> Result<Reach, Refusal> {
    let followers = account.followers();
    Ok(match range {
        Range::Everyone => Reach {
            audience: JobAudience::Everyone,
            followers: (0..followers.count).collect(),
            total: followers.count.into(),
        },
        Range::Tag(id) => {
            let tag = account.tag(*id).ok_or(Errcode::UnknownTag)?;
            let members: Vec<u32> = followers.with_tag(tag).followers().collect();
            let total = members.len() as u64;
            Reach { audience: JobAudience::Tag(tag.id), followers: members, total }
        }
        Range::OpenIds(openids) => {
            let list: Vec<&str> = openids.iter().map(String::as_str).collect();
            let count = u32::try_from(list.len()).expect("at most 10,000");
            Reach {
                audience: JobAudience::OpenIds(count),
                followers: audience::judged(followers, &list)?.into_iter().collect(),
                total: count.into(),
            }
        }
    })
}

/// Checks the right to send (WeChat's page 群发次数): a 订阅号 has one a day, a 服务号 four to everyone a
/// month; what each follower of a 服务号 has left is a matter of filtering.
fn check_right(account: &Account, audience: &JobAudience, now: Timestamp) -> Result<(), Refusal> {
    let today = beijing_date(now);
    let jobs = account.state.jobs.iter();
    let is_used_up = match account.rules.kind {
        AccountKind::Subscription => {
            jobs.filter(|job| beijing_date(job.accepted_at) == today).count() >= 1
        }
        AccountKind::Service if *audience == JobAudience::Everyone => {
            let to_all = jobs.filter(|job| job.audience == JobAudience::Everyone);
            to_all.filter(|job| is_same_month(job.accepted_at, now)).count()
                >= PER_FOLLOWER_PER_MONTH
        }
        AccountKind::Service => false,
    };
    if is_used_up { refuse(Errcode::NoMassSendQuota) } else { Ok(()) }
}

/// Whether two times are in one calendar month of Beijing's.
pub(super) fn is_same_month(at: Timestamp, now: Timestamp) -> bool {
    beijing_date(at).first_of_month() == beijing_date(now).first_of_month()
}

/// Makes the job, and uses up the draft.
fn accepted(
    account: &mut Account,
    asked: Asked,
    reach: Reach,
    ready: Ready,
    now: Timestamp,
) -> StoredJob {
    let Reach { audience, followers, total } = reach;
    let reached = left_this_month(account, &followers, now);
    let recipients = reached.count();
    let verdict = match ready {
        Ready::News { .. } => account.rules.originality.verdict(asked.on_reprint),
        _ => None,
    };
    let ending = match verdict {
        Some(reason) => Ending {
            at: later(now, account.rules.job_takes),
            status: JobStatus::Failed,
            reason: Some(reason),
        },
        None => ending(account, &audience, recipients, now),
    };
    let bubbles = bubble::of(account, &ready);
    let content = ready.titles();
    let (articles, urls) = match ready {
        Ready::News { media_id, articles } => {
            account.state.drafts.remove(&media_id);
            let urls = retract::urls(&media_id, articles.len());
            (articles, urls)
        }
        Ready::Video { media_id, .. } => (Vec::new(), retract::urls(&media_id, 1)),
        // Materials stay: they serve any number of sends.
        Ready::Text(_) | Ready::Pictures { .. } | Ready::Voice { .. } | Ready::Card(_) => {
            (Vec::new(), Vec::new())
        }
    };
    let number = account.state.jobs.len() as u64;
    let msg_id = FIRST_MSG_ID + number;
    StoredJob {
        msg_id,
        msg_data_id: FIRST_MSG_DATA_ID + number,
        client_msg_id: asked.client_msg_id,
        endpoint: asked.endpoint.name().to_owned(),
        audience,
        reached,
        bubbles,
        msgtype: asked.named.msgtype().to_owned(),
        content,
        retracted: retract::taken_back(account, &urls),
        urls,
        articles,
        accepted_at: now,
        ends_at: ending.at,
        ends_as: ending.status,
        reason: ending.reason.map(str::to_owned),
        total,
        recipients,
    }
}

/// Which of these followers may still get something this month. What was meant for a follower
/// counts, also when its job fails: nobody knows whether WeChat gives it back.
fn left_this_month(account: &Account, followers: &[u32], now: Timestamp) -> Crowd {
    if account.rules.kind == AccountKind::Subscription {
        return followers.iter().copied().collect();
    }
    let mut got = vec![0_usize; account.state.followers as usize];
    for job in account.state.jobs.iter().filter(|job| is_same_month(job.accepted_at, now)) {
        job.reached.iter().for_each(|index| got[index as usize] += 1);
    }
    let has_room = |index: &u32| got[*index as usize] < PER_FOLLOWER_PER_MONTH;
    followers.iter().copied().filter(has_room).collect()
}

/// When, how and why a job ends.
struct Ending {
    at: Timestamp,
    status: JobStatus,
    reason: Option<&'static str>,
}

/// When and how a job ends, which is settled when it is accepted.
fn ending(
    account: &mut Account,
    audience: &JobAudience,
    recipients: u64,
    now: Timestamp,
) -> Ending {
    let takes = account.rules.job_takes;
    let usual = if account.state.endings.is_empty() {
        // An audience that was filtered to nobody shows as DELETE.
        if recipients == 0 { JobStatus::Deleted } else { JobStatus::Sent }
    } else {
        account.state.endings.remove(0)
    };
    let confirmation = match audience {
        JobAudience::Everyone => account.rules.confirmation,
        JobAudience::Tag(_) | JobAudience::OpenIds(_) => Confirmation::NotAsked,
    };
    let (after, status, reason) = match confirmation {
        Confirmation::NotAsked => (takes, usual, None),
        Confirmation::Granted(after) => (after.saturating_add(takes), usual, None),
        Confirmation::Refused(after) => (after, JobStatus::Failed, Some("err(40001)")),
        Confirmation::Unanswered => (ADMINISTRATOR_WAITS, JobStatus::Failed, Some("err(40002)")),
    };
    Ending { at: later(now, after), status, reason }
}
