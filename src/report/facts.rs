//! What happened, in words: one phrase for each fact of the history.

use crate::history::{
    Fact, How, Intent, RetractedHow, SendHistory, SentAudience, SentContent, Verdict,
};
use crate::terms::SendAddress;

use super::nouns;
use super::words::quoted;

/// What happened.
#[expect(clippy::too_many_lines, reason = "a table: one phrase for each fact")]
pub(super) fn phrase(fact: &Fact) -> String {
    match fact {
        Fact::HistoryOpened { history, appid } => format!("history {history} opened for {appid}"),
        Fact::RunStarted { command, version, actor, commit } => {
            let by = actor.as_ref().map_or_else(String::new, |actor| format!(", by {actor}"));
            let at = commit.as_ref().map_or_else(String::new, |commit| format!(", at {commit}"));
            format!("`qunfa {command}` began{by}{at} (version {version})")
        }
        Fact::ImageUploaded { image, .. } => format!("image {} uploaded", image.short()),
        Fact::MaterialUploaded { material, media_id, .. } => {
            format!("material {} uploaded as {media_id}", material.short())
        }
        Fact::MaterialGone { material, media_id, .. } => {
            let id = media_id.as_ref().map_or_else(String::new, |id| format!(", {id},"));
            format!("material {}{id} is not on the account any more", material.short())
        }
        Fact::TemporaryUploaded { kind, material, media_id, expires_at } => format!(
            "temporary {} {} uploaded as {media_id}, until {}",
            kind.word(),
            material.short(),
            nouns::time(*expires_at)
        ),
        Fact::VideoConverted { video, media_id, expires_at } => format!(
            "video {} can be sent as {media_id}, until {}",
            video.short(),
            nouns::time(*expires_at)
        ),
        Fact::VideoGone { video, media_id } => {
            format!("video {}, {media_id}, is not on the account any more", video.short())
        }
        Fact::DraftSaved { media_id, content, .. } => {
            format!("draft saved as {media_id} (content {})", content.short())
        }
        Fact::DraftAltered { media_id, found } => {
            format!("draft {media_id} is not as it was saved (now {})", found.short())
        }
        Fact::DraftGone { media_id } => format!("draft {media_id} is not on the account any more"),
        Fact::Previewed { content, reviewer, .. } => {
            format!("previewed to {} (content {})", nouns::reviewer(reviewer), content.short())
        }
        Fact::Approved { digest, by, .. } => {
            format!("approved by {by} (digest {})", digest.short())
        }
        Fact::Intent(intent) => format!(
            "about to be sent to {}, not after {} (content {})",
            audience(&intent.audience),
            nouns::time(intent.until),
            intent.content.short()
        ),
        Fact::Attempt { n, .. } => format!("request {n} is about to be made"),
        Fact::AttemptRefused { n, errcode, message } => {
            format!("request {n} refused with {errcode} {}", quoted(message))
        }
        Fact::Accepted { msg_id: Some(id), how: known, .. } => {
            format!("accepted as job {id}: {}", how(*known))
        }
        Fact::Accepted { msg_id: None, how: known, .. } => format!("accepted: {}", how(*known)),
        Fact::Rejected { errcode, message } => {
            format!("refused with {errcode} {}: surely not sent", quoted(message))
        }
        Fact::Status { status } => format!("WeChat said: {}", nouns::job_status(status)),
        Fact::Retracting { article, reason, .. } => {
            format!("about to take back {}: {reason}", retracted(*article))
        }
        Fact::Retracted { article, how: RetractedHow::Answered } => {
            format!("{} was taken back", retracted(*article))
        }
        Fact::Retracted { article, how: RetractedHow::Found } => {
            format!("{} was taken back: WeChat says that the send is deleted", retracted(*article))
        }
        Fact::RetractionRefused { article, errcode, message } => {
            format!("taking back {} was refused with {errcode} {message}", retracted(*article))
        }
        Fact::Unreported { why } => format!("its end will not be reported: {}", quoted(why)),
        Fact::Resolved { verdict, by, evidence, .. } => {
            format!("{by} decided: {} (seen: {})", decision(verdict), quoted(evidence))
        }
    }
}

/// Which send a fact names itself.
pub(super) fn address(fact: &Fact) -> Option<&SendAddress> {
    match fact {
        Fact::DraftSaved { address, .. }
        | Fact::Previewed { address, .. }
        | Fact::Approved { address, .. }
        | Fact::Retracting { address, .. }
        | Fact::Resolved { address, .. } => Some(address),
        Fact::Intent(intent) => {
            let Intent { address, .. } = &**intent;
            Some(address)
        }
        Fact::HistoryOpened { .. }
        | Fact::RunStarted { .. }
        | Fact::ImageUploaded { .. }
        | Fact::MaterialUploaded { .. }
        | Fact::MaterialGone { .. }
        | Fact::TemporaryUploaded { .. }
        | Fact::VideoConverted { .. }
        | Fact::VideoGone { .. }
        | Fact::DraftAltered { .. }
        | Fact::DraftGone { .. }
        | Fact::Attempt { .. }
        | Fact::AttemptRefused { .. }
        | Fact::Accepted { .. }
        | Fact::Rejected { .. }
        | Fact::Status { .. }
        | Fact::Retracted { .. }
        | Fact::RetractionRefused { .. }
        | Fact::Unreported { .. } => None,
    }
}

/// What of a send a fact about a retraction is about.
fn retracted(article: Option<u32>) -> String {
    article.map_or_else(|| "all of it".to_owned(), |n| format!("article {n}"))
}

/// What of a send was taken back, or was asked to be, if anything was.
pub(super) fn taken_back(send: &SendHistory) -> Option<String> {
    let name = |article: Option<u32>| match (article, send.sent_content()) {
        (Some(n), Some(SentContent::News { articles })) => {
            let name = usize::try_from(n).ok().and_then(|n| articles.get(n.checked_sub(1)?));
            name.map_or_else(|| retracted(article), |name| format!("article {n} ({name})"))
        }
        _ => retracted(article),
    };
    let each = send.retractions.iter().map(|retraction| {
        let name = name(retraction.article);
        match (retraction.done, &retraction.refusal, retraction.asked.last()) {
            (Some(at), ..) => format!("{name} taken back at {}", nouns::time(at)),
            (None, Some(refusal), _) => format!(
                "{name} not taken back: refused at {} with {}",
                nouns::time(refusal.at),
                refusal.errcode
            ),
            (None, None, Some(at)) => {
                format!(
                    "{name} perhaps taken back: asked at {}, no answer recorded",
                    nouns::time(*at)
                )
            }
            (None, None, None) => name,
        }
    });
    let each: Vec<String> = each.collect();
    (!each.is_empty()).then(|| each.join("; "))
}

/// Whom a send went to, or was to go to.
pub(super) fn audience(audience: &SentAudience) -> String {
    match audience {
        SentAudience::Everyone { count: Some(count) } => {
            format!("EVERYONE, all {} followers", nouns::number(*count))
        }
        SentAudience::Everyone { count: None } => "EVERYONE (not counted)".to_owned(),
        SentAudience::Tag { name, id, count } => {
            format!("tag {name} (id {id}), {} followers", nouns::number(*count))
        }
        SentAudience::OpenIds { list, parts, count } => {
            let list = format!("list {}, {} people", list.short(), nouns::number(*count));
            if *parts > 1 { format!("{list}, one of {parts} parts") } else { list }
        }
    }
}

/// How we know that there is a job.
pub(super) fn how(how: How) -> &'static str {
    match how {
        How::Answered => "WeChat answered the request",
        How::Duplicate => "a repeat was told that an earlier request had made it",
        How::Foreign => "the first request was told that it exists; compare its content",
        How::Person => "a person said so",
    }
}

/// The stable word of how we know, in JSON.
pub(super) fn how_code(how: How) -> &'static str {
    match how {
        How::Answered => "answered",
        How::Duplicate => "duplicate",
        How::Foreign => "foreign",
        How::Person => "person",
    }
}

fn decision(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Sent { msg_id: Some(id) } => format!("it was sent, as job {id}"),
        Verdict::Sent { msg_id: None } => "it was sent".to_owned(),
        Verdict::NotSent => "it was not sent".to_owned(),
        Verdict::Acknowledged => "its end is known and accepted".to_owned(),
    }
}
