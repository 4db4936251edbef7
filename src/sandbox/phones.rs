//! Followers' phones on the page for people: what arrived at each, the oldest first.

use std::{collections::BTreeSet, fmt::Write as _};

use crate::terms::{AccountKind, JobStatus, Reviewer, Timestamp};

use super::{
    account::Account,
    audience::{Standing, openid},
    bubble::Bubble,
    job::StoredJob,
    mass::{self, PER_FOLLOWER_PER_MONTH},
    page::{beijing, escaped},
};

/// Phones that are shown when nobody asks for one.
const PHONES: usize = 6;
/// Of each job at most so many of them.
const PHONES_OF_A_JOB: usize = 3;

/// Styles of the phones.
pub(super) const STYLE: &str = "
  .phones { display: flex; flex-wrap: wrap; gap: 1rem; align-items: flex-start; }
  .phone { width: 14rem; padding: .6rem; border-radius: 1rem; background: #ededed; }
  .phone h3 { margin: 0; font-size: .75rem; overflow-wrap: anywhere; font-weight: normal; }
  .phone time { display: block; text-align: center; font-size: .7rem; color: #7b8088; }
  .bubble { margin: .3rem 0; padding: .4rem .6rem; border-radius: .4rem; background: #fff;
            white-space: pre-wrap; overflow-wrap: anywhere; }
  .bubble small { display: block; color: #7b8088; }
  .gone { color: #7b8088; text-decoration: line-through; }
";

/// Shows some phones, or the one of the follower who was asked for.
pub(super) fn phones(account: &Account, asked: Option<&str>, now: Timestamp) -> String {
    let owners = match asked {
        Some(openid) => match account.followers().standing(openid) {
            Standing::Follower(index) => BTreeSet::from([index]),
            Standing::Stranger | Standing::Invalid => BTreeSet::new(),
        },
        None => interesting(account),
    };
    if owners.is_empty() {
        return "<p class=\"none\">还没有粉丝收到消息。</p>\n".to_owned();
    }
    let phones: String = owners.iter().map(|index| phone(account, *index, now)).collect();
    let hint = "看某一位粉丝：/?follower=OPENID";
    format!("<div class=\"phones\">\n{phones}</div>\n<p class=\"none\">{hint}</p>\n")
}

/// Followers who got something: a few of each job, beginning with the newest, and of previews.
fn interesting(account: &Account) -> BTreeSet<u32> {
    let previewed = account.state.previews.iter().rev().filter_map(|preview| match &preview.to {
        Reviewer::OpenId(openid) => match account.followers().standing(openid.as_str()) {
            Standing::Follower(index) => Some(index),
            Standing::Stranger | Standing::Invalid => None,
        },
        Reviewer::WxName(_) => None,
    });
    let jobs = account.state.jobs.iter().rev();
    let reached = jobs.flat_map(|job| job.reached.iter().take(PHONES_OF_A_JOB));
    let mut owners = BTreeSet::new();
    for index in reached.chain(previewed) {
        if owners.len() == PHONES {
            break;
        }
        owners.insert(index);
    }
    owners
}

fn phone(account: &Account, index: u32, now: Timestamp) -> String {
    let openid = openid(&account.rules.appid, index);
    let jobs = account.state.jobs.iter().filter(|job| job.reached.contains(index));
    let arrived = jobs.clone().filter(|job| has_arrived(job, now));
    let mut chat: Vec<(Timestamp, String)> =
        arrived.map(|job| (job.ends_at, bubbles(job))).collect();
    let is_mine = |to: &Reviewer| matches!(to, Reviewer::OpenId(id) if id.as_str() == openid);
    let previews = account.state.previews.iter().filter(|preview| is_mine(&preview.to));
    chat.extend(previews.map(|preview| {
        let lines = escaped(&preview.content.join("\n"));
        (preview.at, format!("<div class=\"bubble\">{lines}<small>预览</small></div>\n"))
    }));
    chat.sort_by_key(|(at, _)| *at);
    let mut phone = format!("<div class=\"phone\"><h3>{}{}</h3>\n", escaped(&openid), {
        let got = jobs.filter(|job| mass::is_same_month(job.accepted_at, now)).count();
        match account.rules.kind {
            AccountKind::Service => format!(" · 本月 {got}/{PER_FOLLOWER_PER_MONTH}"),
            AccountKind::Subscription => format!(" · 本月 {got}"),
        }
    });
    for (at, bubbles) in chat {
        write!(phone, "<time>{}</time>\n{bubbles}", beijing(at))
            .expect("writing to a String cannot fail");
    }
    phone.push_str("</div>\n");
    phone
}

/// Whether a job is in the chats: it went out, and may have been taken back since.
fn has_arrived(job: &StoredJob, now: Timestamp) -> bool {
    job.ends_as == JobStatus::Sent && now >= job.ends_at
}

/// What a job left in a chat. What was taken back stays there, and opens no more.
fn bubbles(job: &StoredJob) -> String {
    let shown = (1..).zip(&job.bubbles).map(|(number, bubble)| {
        let is_gone = job.retracted.contains(&number);
        let (class, note) =
            if is_gone { ("bubble gone", "<small>已删除</small>") } else { ("bubble", "") };
        format!("<div class=\"{class}\">{}{note}</div>\n", inside(bubble))
    });
    shown.collect()
}

fn inside(bubble: &Bubble) -> String {
    match bubble {
        Bubble::Article { title, cover } => {
            format!("{}<small>封面：{}</small>", escaped(title), escaped(cover))
        }
        Bubble::Text(text) => escaped(text),
        Bubble::Picture(name) => format!("🖼 图片：{}", escaped(name)),
        Bubble::Voice { name, seconds } => {
            format!("🔊 {seconds}″<small>语音：{}</small>", escaped(name))
        }
        Bubble::Video(title) => format!("▶ 视频：{}", escaped(title)),
        Bubble::Card(card_id) => format!("🎫 卡券：{}", escaped(card_id)),
    }
}
