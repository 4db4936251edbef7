//! The page for people at `/`: the account, its tags, and what went out.

use std::{fmt::Write as _, io};

use jiff::tz;

use crate::terms::{AccountKind, Timestamp};

use super::{
    account::Account,
    job::{self, Job, JobAudience},
    phones,
    server::Shared,
};

const HEAD: &str = "<!doctype html>
<html lang=\"zh-CN\"><head><meta charset=\"utf-8\"><title>qunfa sandbox</title>
<meta name=\"viewport\" content=\"width=device-width\">
<style>
  body { max-width: 48rem; margin: 2rem auto; padding: 0 1rem; line-height: 1.6;
         font-family: system-ui, \"PingFang SC\", \"Noto Sans CJK SC\", sans-serif; color: #2b2f36; }
  h1 small { font-size: .6em; color: #07a35a; }
  table { width: 100%; border-collapse: collapse; }
  th, td { padding: .35rem .5rem; border-bottom: 1px solid #e4e7eb; text-align: left;
           vertical-align: top; }
  td { white-space: pre-wrap; }
  td small { color: #7b8088; overflow-wrap: anywhere; }
  td.n { text-align: right; font-variant-numeric: tabular-nums; }
  p.none { color: #7b8088; }";
const BODY: &str = "</style></head><body>
";
const TAIL: &str = "</body></html>\n";

/// Writes the page, with the phone of a follower (by openid) or of some.
pub(super) fn page(shared: &Shared, follower: Option<&str>) -> io::Result<String> {
    let sections = shared.gather(|account, now| vec![section(account, follower, now)])?;
    let now = beijing(shared.now());
    let foot = format!("<p class=\"none\">{now}, by the sandbox's clock</p>\n");
    Ok(format!("{HEAD}{}{BODY}{}{foot}{TAIL}", phones::STYLE, sections.concat()))
}

fn section(account: &Account, follower: Option<&str>, now: Timestamp) -> String {
    let state = &account.state;
    let kind = match account.rules.kind {
        AccountKind::Service => "服务号",
        AccountKind::Subscription => "订阅号",
    };
    let jobs: Vec<Job> = state.jobs.iter().rev().map(|job| job.seen(now)).collect();
    let counts = format!(
        "{} followers · {} drafts · {} materials · {} previews",
        state.followers,
        state.drafts.len(),
        state.materials.len(),
        state.previews.len(),
    );
    let appid = escaped(account.rules.appid.as_str());
    format!(
        "<h1>{appid} <small>SANDBOX · {kind}</small></h1>\n<p>{counts}</p>\n\
         <h2>What went out</h2>\n{}<h2>粉丝收到的消息</h2>\n{}<h2>Tags</h2>\n{}",
        jobs_table(account, &jobs),
        phones::phones(account, follower, now),
        tags_table(account),
    )
}

fn jobs_table(account: &Account, jobs: &[Job]) -> String {
    if jobs.is_empty() {
        return "<p class=\"none\">Nothing yet.</p>\n".to_owned();
    }
    let head = "<tr><th>When</th><th>To</th><th>What</th><th>Recipients</th><th>Status</th></tr>\n";
    let mut rows = String::new();
    for job in jobs {
        let to = match &job.audience {
            JobAudience::Everyone => "everyone".to_owned(),
            JobAudience::Tag(id) => {
                let tag = account.tag(i64::from(*id));
                tag.map_or_else(|| format!("tag {id}"), |tag| tag.name.clone())
            }
            JobAudience::OpenIds(count) => format!("{count} openids"),
        };
        writeln!(
            rows,
            "<tr><td>{}</td><td>{}</td><td>{}</td><td class=\"n\">{}</td><td>{}</td></tr>",
            beijing(job.accepted_at),
            escaped(&to),
            what(job),
            reached(job),
            status(job),
        )
        .expect("writing to a String cannot fail");
    }
    format!("<table>\n{head}{rows}</table>\n")
}

/// How many get it, and how many were filtered out: people who have had their four this month, or
/// do not follow.
fn reached(job: &Job) -> String {
    match job.total.saturating_sub(job.recipients) {
        0 => job.recipients.to_string(),
        filtered => format!("{}<br><small>已过滤 {filtered}</small>", job.recipients),
    }
}

/// WeChat's word, why a job failed, and how much of it was taken back.
fn status(job: &Job) -> String {
    let mut text = escaped(job::word(&job.status));
    if let Some(reason) = &job.reason {
        write!(text, "<br><small>{}</small>", escaped(reason)).expect("a String takes all");
    }
    if !job.retracted.is_empty() {
        write!(text, "<br><small>已删除 {} 篇</small>", job.retracted.len())
            .expect("a String takes all");
    }
    text
}

/// Titles or a text, one a line; of pictures the caption, and small below it their media ids.
fn what(job: &Job) -> String {
    let is_pictures = job.msgtype == "image";
    let lines = job.content.iter().enumerate().map(|(number, line)| match number {
        1.. if is_pictures => format!("<small>图片 {number}: {}</small>", escaped(line)),
        _ => escaped(line),
    });
    lines.collect::<Vec<_>>().join("<br>")
}

fn tags_table(account: &Account) -> String {
    let mut rows = String::from("<tr><th>Tag</th><th>id</th><th>Followers</th></tr>\n");
    for tag in &account.state.tags {
        let name = escaped(&tag.name);
        writeln!(
            rows,
            "<tr><td>{name}</td><td>{}</td><td class=\"n\">{}</td></tr>",
            tag.id, tag.count
        )
        .expect("writing to a String cannot fail");
    }
    format!("<table>\n{rows}</table>\n")
}

pub(super) fn beijing(at: Timestamp) -> String {
    let zone = tz::TimeZone::fixed(tz::offset(8));
    zone.to_datetime(at).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

pub(super) fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_from_a_campaign_is_escaped() {
        assert_eq!(escaped("<b>春季 & '上新'</b>"), "&lt;b&gt;春季 &amp; &#39;上新&#39;&lt;/b&gt;");
    }
}
