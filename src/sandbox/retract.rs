//! Taking a send back (删除群发): its pages stop working, its cards stay in the chats.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::terms::{JobStatus, Timestamp};

use super::{
    account::Account,
    derive, job,
    refusal::{Errcode, Refusal, refuse},
    wire::{Call, Fields},
};

/// The addresses of a material's articles, which every send of it shares.
pub(super) fn urls(media_id: &str, count: usize) -> Vec<String> {
    let url = |idx: usize| {
        let words = ["article", media_id, &idx.to_string()];
        format!("http://mp.weixin.qq.com/s/{}", derive::letters(&words, 22))
    };
    (1..=count).map(url).collect()
}

/// Which of these addresses were taken back already, by an earlier send of the same material.
pub(super) fn taken_back(account: &Account, urls: &[String]) -> BTreeSet<usize> {
    let gone: BTreeSet<&String> = account
        .state
        .jobs
        .iter()
        .flat_map(|job| job.retracted.iter().filter_map(|idx| job.urls.get(idx - 1)))
        .collect();
    (1..).zip(urls).filter(|(_, url)| gone.contains(url)).map(|(idx, _)| idx).collect()
}

/// Answers `message/mass/delete`: finished sends of articles and videos only.
pub(super) fn delete(account: &mut Account, call: &Call, now: Timestamp) -> Result<Value, Refusal> {
    let body = call.json()?;
    let (at, by_url) = match body.value("msg_id") {
        // Only a number will do, unlike in `mass/get`.
        Some(Value::String(_)) => return refuse(Errcode::MalformedJson),
        Some(_) => (job::find(account, &body, now)?, None),
        None => find_by_url(account, &body)?,
    };
    let job = &account.state.jobs[at];
    if !matches!(job.msgtype.as_str(), "mpnews" | "mpvideo") {
        return refuse(Errcode::InvalidMessageType);
    }
    let count = job.urls.len();
    let idx = usize::try_from(body.number("article_idx")?.unwrap_or(0)).ok();
    let idx = idx.filter(|idx| *idx <= count).ok_or(Errcode::InvalidArticleIndex)?;
    let wanted = match (by_url, idx) {
        (None, 0) => 1..=count,
        (Some(idx), _) | (None, idx) => idx..=idx,
    };
    if job.status(now) != JobStatus::Sent || wanted.clone().all(|idx| job.retracted.contains(&idx))
    {
        return refuse(Errcode::InvalidMsgStatus);
    }
    let gone: Vec<String> = wanted.map(|idx| job.urls[idx - 1].clone()).collect();
    for job in &mut account.state.jobs {
        let shared = (1..).zip(&job.urls).filter(|(_, url)| gone.contains(url));
        job.retracted.extend(shared.map(|(idx, _)| idx));
    }
    Ok(json!({ "errcode": 0, "errmsg": "ok" }))
}

/// Finds the first job with an article at this address, and the article's number.
fn find_by_url(account: &Account, body: &Fields) -> Result<(usize, Option<usize>), Refusal> {
    let url = body.text_or_empty("url")?;
    let place = |job: &job::StoredJob| job.urls.iter().position(|known| known == url);
    let mut places = account.state.jobs.iter().enumerate();
    let found = places.find_map(|(at, job)| place(job).map(|index| (at, Some(index + 1))));
    Ok(found.ok_or(Errcode::InvalidMsgId)?)
}
