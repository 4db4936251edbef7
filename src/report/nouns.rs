//! How things are named: numbers, times, people, contents and states, in as few words as do.
//!
//! Text that others wrote comes out as they wrote it; the views escape it for their medium.

use crate::plan::{
    Anchor, Audience, Content, Images, Medium, PlannedAccount, Quota, QuotaUse, SendLine, Standing,
    Video, VoiceFile, Window,
};
use crate::terms::{
    AccountKind, AppId, Comments, JobStatus, MsgId, Reviewer, SendAddress, Timestamp,
};

/// Writes a number with a comma between each three digits.
pub(super) fn number(n: u64) -> String {
    let digits = n.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Writes a number with its noun: `1 step`, `13 steps`.
pub(super) fn count(n: usize, one: &str, many: &str) -> String {
    format!("{} {}", number(n as u64), if n == 1 { one } else { many })
}

/// Writes a size in the unit that keeps it short; 1 kB is 1,000 bytes.
pub(super) fn bytes(n: u64) -> String {
    match n {
        0..1_000 => format!("{n} B"),
        1_000..1_000_000 => format!("{} kB", n.div_ceil(1_000)),
        _ => format!("{}.{} MB", n / 1_000_000, n % 1_000_000 / 100_000),
    }
}

/// Names the things of a list: all of them, or the first `few` and how many there are more.
pub(super) fn listed<T: AsRef<str>>(things: &[T], few: usize) -> String {
    let shown = if things.len() > few + 1 { few } else { things.len() };
    let names: Vec<&str> = things[..shown].iter().map(AsRef::as_ref).collect();
    match things.len() - shown {
        0 => names.join(", "),
        more => format!("{} and {} more", names.join(", "), number(more as u64)),
    }
}

/// Counts of several things in one line: `6 images, 1 draft`; those that are zero are left out.
pub(super) fn counts(each: &[(usize, &str, &str)]) -> String {
    let some = each.iter().filter(|(n, ..)| *n > 0);
    some.map(|(n, one, many)| count(*n, one, many)).collect::<Vec<_>>().join(", ")
}

/// The time in Beijing, by which WeChat counts days.
fn beijing(at: Timestamp) -> jiff::civil::DateTime {
    jiff::tz::TimeZone::fixed(jiff::tz::offset(8)).to_datetime(at)
}

/// A clock's face: seconds only where there are some.
fn face(at: jiff::civil::DateTime) -> String {
    let pattern = if at.second() == 0 { "%H:%M" } else { "%H:%M:%S" };
    at.strftime(pattern).to_string()
}

/// A time in Beijing with its offset: `2026-03-01 10:00 +08:00`.
pub(super) fn time(at: Timestamp) -> String {
    let at = beijing(at);
    format!("{} {} +08:00", at.strftime("%Y-%m-%d"), face(at))
}

/// A time in Beijing to the second, for a table whose head names the offset.
pub(super) fn second(at: Timestamp) -> String {
    beijing(at).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// A time of day in Beijing, to the second, for news: `10:00:07`.
pub(super) fn clock(at: Timestamp) -> String {
    beijing(at).strftime("%H:%M:%S").to_string()
}

/// A time in Beijing for programs (RFC 3339): `2026-03-01T10:00:00+08:00`.
pub(super) fn rfc3339(at: Timestamp) -> String {
    at.display_with_offset(jiff::tz::offset(8)).to_string()
}

/// A window: the date of its end only where it is another day.
pub(super) fn window(window: &Window) -> String {
    let until = beijing(window.until);
    match window.from.map(beijing) {
        None => format!("until {}", time(window.until)),
        Some(from) if from.date() == until.date() => {
            format!("{} {} to {} +08:00", from.strftime("%Y-%m-%d"), face(from), face(until))
        }
        Some(from) => {
            format!("{} {} to {}", from.strftime("%Y-%m-%d"), face(from), time(window.until))
        }
    }
}

/// What a window is at `now`: `open now`, `opens in 3 days`, `closed`.
pub(super) fn window_state(window: &Window, now: Timestamp) -> String {
    /// An end that is nearer than this is worth a word, in seconds: one day.
    const SOON_S: i64 = 86_400;
    let left_s = |at: Timestamp| at.as_second() - now.as_second();
    if now >= window.until {
        return "closed".to_owned();
    }
    match window.from {
        Some(from) if now < from => format!("opens in {}", span(left_s(from))),
        _ if left_s(window.until) <= SOON_S => {
            format!("open now, closes in {}", span(left_s(window.until)))
        }
        _ => "open now".to_owned(),
    }
}

/// A length of time in its one or two largest units; never `0 min` for something that is left.
fn span(seconds: i64) -> String {
    let minutes = (seconds.max(0) + 59) / 60;
    let (days, hours, rest) = (minutes / 1_440, minutes / 60, minutes % 60);
    match () {
        () if days >= 2 => format!("{days} days"),
        () if hours >= 1 && rest > 0 => format!("{hours} h {rest} min"),
        () if hours >= 1 => format!("{hours} h"),
        () => format!("{minutes} min"),
    }
}

/// The word that nobody may overlook.
pub(super) fn realm(appid: &AppId) -> &'static str {
    if appid.is_sandbox() { "SANDBOX" } else { "REAL" }
}

/// An account's kind as WeChat calls it.
pub(super) fn kind(kind: AccountKind) -> &'static str {
    match kind {
        AccountKind::Service => "服务号",
        AccountKind::Subscription => "订阅号",
    }
}

/// What stands beside an account's name: its kind, and its followers if they were counted.
pub(super) fn account_facts(account: &PlannedAccount) -> String {
    match account.followers {
        Some(followers) => format!("{}  {} followers", kind(account.kind), number(followers)),
        None => kind(account.kind).to_owned(),
    }
}

/// The place in a history that a view was made from.
pub(super) fn anchor(anchor: &Anchor) -> String {
    match anchor.history {
        Some(_) => format!("history: record {}", number(anchor.seq.0)),
        None => "no history yet".to_owned(),
    }
}

/// A state in the words of a heading.
pub(super) fn standing(standing: Standing) -> &'static str {
    match standing {
        Standing::Planned => "will be sent",
        Standing::Waiting => "waits",
        Standing::Blocked => "BLOCKED",
        Standing::Unknown => "outcome UNKNOWN",
        Standing::Submitted => "submitted",
        Standing::Sent => "sent",
        Standing::Skipped => "skipped",
        Standing::Withheld => "withheld: retracted before it went out",
        Standing::Acknowledged => "closed by a person",
    }
}

/// A state in a sentence, after "which is": `not sent yet`.
pub(super) fn standing_in_words(standing: Standing) -> &'static str {
    match standing {
        Standing::Planned => "not sent yet",
        Standing::Waiting => "waiting itself",
        Standing::Blocked => "blocked",
        Standing::Unknown => "of unknown outcome",
        Standing::Submitted => "submitted and not reported as sent yet",
        Standing::Sent => "sent",
        Standing::Skipped => "skipped by its file",
        Standing::Withheld => "withheld by a retraction",
        Standing::Acknowledged => "closed by a person without having been sent as planned",
    }
}

/// The stable word of a state, in JSON.
pub(super) fn standing_code(standing: Standing) -> &'static str {
    match standing {
        Standing::Planned => "planned",
        Standing::Waiting => "waiting",
        Standing::Blocked => "blocked",
        Standing::Unknown => "unknown",
        Standing::Submitted => "submitted",
        Standing::Sent => "sent",
        Standing::Skipped => "skipped",
        Standing::Withheld => "withheld",
        Standing::Acknowledged => "acknowledged",
    }
}

/// What WeChat says of a job, in a sentence.
pub(super) fn job_status(status: &JobStatus) -> String {
    match status {
        JobStatus::Sent => "sent".to_owned(),
        JobStatus::Sending => "still sending".to_owned(),
        JobStatus::Failed => "failed".to_owned(),
        JobStatus::Deleted => "deleted".to_owned(),
        JobStatus::Other(word) => format!("“{word}”"),
    }
}

/// The stable word of a job's state, in JSON; a word that is new to us comes as WeChat wrote it.
pub(super) fn job_status_code(status: &JobStatus) -> String {
    match status {
        JobStatus::Sent => "sent".to_owned(),
        JobStatus::Sending => "sending".to_owned(),
        JobStatus::Failed => "failed".to_owned(),
        JobStatus::Deleted => "deleted".to_owned(),
        JobStatus::Other(word) => word.clone(),
    }
}

/// A job by its number, if it has one.
pub(super) fn job(msg_id: Option<MsgId>) -> String {
    match msg_id {
        Some(id) => format!("job {id}"),
        None => "its job".to_owned(),
    }
}

/// A reviewer. An openid is a follower's identity, so only its beginning is shown.
pub(super) fn reviewer(reviewer: &Reviewer) -> String {
    /// Enough to tell one reviewer from another.
    const SHOWN: usize = 6;
    match reviewer {
        Reviewer::WxName(name) => name.to_string(),
        Reviewer::OpenId(id) => {
            format!("openid {}…", id.as_str().get(..SHOWN).unwrap_or_default())
        }
    }
}

/// What a send sends, in one line.
pub(super) fn content(content: &Content) -> String {
    match content {
        Content::News(articles) => {
            let titles: Vec<&str> = articles.iter().map(|article| article.title.as_str()).collect();
            match titles.len() {
                1 => titles.join(""),
                n => format!("{}  ({n} articles)", titles.join(" · ")),
            }
        }
        Content::Text(text) => excerpt(text),
        Content::Images(images) => pictures(images),
        Content::Voice(voice) => self::voice(voice),
        Content::Video(video) => self::video(video),
        Content::Card(card) => format!("卡券 {card}"),
    }
}

/// The kind of a content, as its label.
pub(super) fn content_kind(content: &Content) -> &'static str {
    match content {
        Content::News(_) => "news",
        Content::Text(_) => "text",
        Content::Images(_) => "images",
        Content::Voice(_) => "voice",
        Content::Video(_) => "video",
        Content::Card(_) => "card",
    }
}

/// The caption of pictures, and what they are called.
fn pictures(images: &Images) -> String {
    let names: Vec<String> =
        images.pictures.iter().map(|picture| medium(picture, |file| &file.name)).collect();
    let names = listed(&names, 3);
    let shown = match images.caption.as_deref().map(excerpt) {
        Some(caption) => format!("{caption}  ({names})"),
        None => names,
    };
    match images.comments {
        Comments::Closed => shown,
        Comments::Everyone => format!("{shown}, everyone may comment"),
        Comments::Followers => format!("{shown}, followers may comment"),
    }
}

/// A medium by its file's name, or by its id where it has no file here.
pub(super) fn medium<F>(medium: &Medium<F>, name: fn(&F) -> &String) -> String {
    match medium {
        Medium::File(file) => name(file).clone(),
        Medium::OnAccount(id) => format!("media_id {id}"),
    }
}

/// A voice with how long it plays.
fn voice(voice: &Medium<VoiceFile>) -> String {
    let name = medium(voice, |file| &file.name);
    match voice.file() {
        Some(VoiceFile { bytes, duration_ms: Some(ms), .. }) => {
            format!("{name}  ({}.{} s, {})", ms / 1_000, ms % 1_000 / 100, self::bytes(*bytes))
        }
        Some(VoiceFile { bytes, duration_ms: None, .. }) => {
            format!("{name}  ({}, of unknown length)", self::bytes(*bytes))
        }
        None => name,
    }
}

/// A video by its title.
fn video(video: &Video) -> String {
    let name = medium(&video.source, |file| &file.name);
    let size = video.source.file().map_or_else(String::new, |f| format!(", {}", bytes(f.bytes)));
    let shown = match video.description.as_str() {
        "" => video.title.clone(),
        description => format!("{} · {}", video.title, excerpt(description)),
    };
    format!("{shown}  ({name}{size})")
}

/// The stable word of who may comment, in JSON.
pub(super) fn comments_code(comments: Comments) -> &'static str {
    match comments {
        Comments::Closed => "closed",
        Comments::Everyone => "everyone",
        Comments::Followers => "followers",
    }
}

/// The first line of a text, and how long the whole is when there is more.
fn excerpt(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let first = lines.first().copied().unwrap_or_default();
    match lines.len() {
        0 | 1 => first.to_owned(),
        _ => format!("{first} …  ({} characters)", number(text.trim().chars().count() as u64)),
    }
}

/// Whom a send goes to, without the target's name.
pub(super) fn audience(audience: &Audience) -> String {
    match audience {
        Audience::Everyone { count: Some(count) } => {
            format!("EVERYONE, all {} followers", number(*count))
        }
        Audience::Everyone { count: None } => "EVERYONE, every follower (not counted)".to_owned(),
        Audience::Tag { name, seen: Some((id, count)) } => {
            format!("tag {name} (id {id}), {} followers", number(*count))
        }
        Audience::Tag { name, seen: None } => format!("tag {name}, not looked up"),
        Audience::OpenIds { part, parts, people, .. } => {
            let (list, people) = (list(audience), number(u64::from(people.count)));
            match parts {
                0 | 1 => format!("{list}, {people} people"),
                _ => format!("{list}, part {part} of {parts}, {people} people"),
            }
        }
    }
}

/// A list, with what is taken away from it and the share of it that is meant.
fn list(audience: &Audience) -> String {
    let Audience::OpenIds { file, formula, .. } = audience else { return String::new() };
    let without: Vec<&str> = formula.without().collect();
    let without = match without.as_slice() {
        [] => String::new(),
        names => format!(" without {}", names.join(", ")),
    };
    let share = formula.share().map_or_else(String::new, |share| format!(", {share} of it"));
    format!("list {file}{without}{share}")
}

/// Whom several parts of one list go to together; for one line the same as [`audience`].
pub(super) fn audience_of_all(lines: &[&SendLine]) -> String {
    let people = |line: &&SendLine| match &line.audience {
        Audience::OpenIds { people, .. } => Some(u64::from(people.count)),
        Audience::Everyone { .. } | Audience::Tag { .. } => None,
    };
    match lines {
        [] => String::new(),
        [line] => audience(&line.audience),
        [line, ..] => match &line.audience {
            Audience::OpenIds { .. } => {
                let (list, people) = (list(&line.audience), lines.iter().filter_map(people).sum());
                format!("{list}, {} people in {} parts", number(people), lines.len())
            }
            Audience::Everyone { .. } | Audience::Tag { .. } => audience(&line.audience),
        },
    }
}

/// Which numbers of a quota a send would use.
pub(super) fn quota_use(quota: &QuotaUse) -> String {
    let nth = quota.used.saturating_add(1);
    let of = format!("{nth} of {}", quota.limit);
    match quota.quota {
        Quota::SubscriptionDay => format!("{of} today"),
        Quota::EveryoneMonth => format!("{of} to everyone this month"),
        Quota::FollowerMonth => format!("{of} this month for each follower"),
        Quota::ServiceDay => format!("{of} calls today"),
        Quota::RetractionDay => format!("{of} retractions today"),
    }
}

/// What a quota counts, in a sentence.
pub(super) fn quota(quota: Quota) -> &'static str {
    match quota {
        Quota::SubscriptionDay => "sends of a 订阅号 today",
        Quota::EveryoneMonth => "sends to everyone this month",
        Quota::FollowerMonth => "sends to one follower this month",
        Quota::ServiceDay => "calls for mass sends today",
        Quota::RetractionDay => "retractions today",
    }
}

/// The stable word of a quota, in JSON.
pub(super) fn quota_code(quota: Quota) -> &'static str {
    match quota {
        Quota::SubscriptionDay => "subscription_day",
        Quota::EveryoneMonth => "everyone_month",
        Quota::FollowerMonth => "follower_month",
        Quota::ServiceDay => "service_day",
        Quota::RetractionDay => "retraction_day",
    }
}

/// An address as it stands in a sentence: as code, to be copied.
pub(super) fn code(address: &SendAddress) -> String {
    format!("`{address}`")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixtures;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn numbers_and_sizes_are_short() {
        let each = [0, 999, 1_000, 12_480, 2_500_000].map(number);
        assert_eq!(each, ["0", "999", "1,000", "12,480", "2,500,000"]);
        let each = [12, 999, 1_000, 70_001, 1_990_000].map(bytes);
        assert_eq!(each, ["12 B", "999 B", "1 kB", "71 kB", "1.9 MB"]);
        assert_eq!(listed(&["a", "b", "c", "d"], 2), "a, b and 2 more");
        assert_eq!(listed(&["a", "b", "c"], 2), "a, b, c", "one more is named, not counted");
    }

    #[test]
    fn windows_are_read_in_beijing() {
        let check = |from: Option<&str>, until, now, words, state| {
            let window = Window { from: from.map(at), until: at(until) };
            let shown = (super::window(&window), window_state(&window, at(now)));
            assert_eq!((shown.0.as_str(), shown.1.as_str()), (words, state));
        };
        let (from, until) = (Some("2026-03-01T10:00:00+08:00"), "2026-03-01T20:00:00+08:00");
        let words = "2026-03-01 10:00 to 20:00 +08:00";
        check(from, until, "2026-02-26T09:00:00+08:00", words, "opens in 3 days");
        check(from, until, "2026-03-01T07:55:00+08:00", words, "opens in 2 h 5 min");
        check(from, until, "2026-03-01T01:00:00Z", words, "opens in 1 h");
        check(from, until, "2026-03-01T19:59:59+08:00", words, "open now, closes in 1 min");
        check(from, until, until, words, "closed");
        let words = "until 2026-03-01 20:00 +08:00";
        check(None, until, "2026-01-01T00:00:00Z", words, "open now");
        let words = "2026-03-01 10:00 to 2099-12-31 20:00:05 +08:00";
        check(from, "2099-12-31T12:00:05Z", "2026-04-01T00:00:00Z", words, "open now");
    }

    #[test]
    fn a_reviewer_s_openid_is_not_spelled_out() {
        let id = crate::terms::OpenId::new("o6_bmjrPTlm6_2sgVt7hMZOPfL2M").unwrap();
        assert_eq!(reviewer(&Reviewer::OpenId(id)), "openid o6_bmj…");
    }

    #[test]
    fn a_long_text_is_named_by_its_first_line() {
        let text = "\n【服务通知】系统维护\n\n今晚停机。\n".to_owned();
        assert_eq!(content(&Content::Text(text)), "【服务通知】系统维护 …  (17 characters)");
    }

    #[test]
    fn pictures_are_named_by_their_caption_and_files() {
        let check = |count: usize, caption: Option<&str>, comments, expected| {
            let pictures: Vec<_> = (1..=count)
                .map(|n| fixtures::image(&format!("images/穿法{n}.jpg"), 40))
                .map(Medium::File)
                .collect();
            let caption = caption.map(str::to_owned);
            let images = Images { pictures, caption, comments };
            assert_eq!(content(&Content::Images(images)), expected);
        };
        check(1, None, Comments::Closed, "images/穿法1.jpg");
        check(
            2,
            Some("春季两套穿法"),
            Comments::Followers,
            "春季两套穿法  (images/穿法1.jpg, images/穿法2.jpg), followers may comment",
        );
        check(
            20,
            Some("春\n夏"),
            Comments::Everyone,
            "春 …  (3 characters)  (images/穿法1.jpg, images/穿法2.jpg, images/穿法3.jpg and 17 more), \
             everyone may comment",
        );
    }

    #[test]
    fn voices_videos_and_cards_are_named_by_what_a_person_knows() {
        let check = |of: Content, expected: &str| assert_eq!(content(&of), expected);
        let greeting = |duration_ms| {
            Content::Voice(Medium::File(fixtures::voice("audio/问候.mp3", 1_008, duration_ms)))
        };
        check(greeting(Some(1_008)), "audio/问候.mp3  (1.0 s, 2 kB)");
        check(greeting(None), "audio/问候.mp3  (2 kB, of unknown length)");
        let id = crate::terms::MediaId::new("Ab-1").unwrap();
        check(Content::Voice(Medium::OnAccount(id.clone())), "media_id Ab-1");
        let film = fixtures::film("新品短片", "三十秒看完");
        check(Content::Video(film), "新品短片 · 三十秒看完  (film.mp4, 2.5 MB)");
        let film = fixtures::film("新品短片", "");
        check(Content::Video(film.clone()), "新品短片  (film.mp4, 2.5 MB)");
        let source = Medium::OnAccount(id);
        check(Content::Video(Video { source, ..film }), "新品短片  (media_id Ab-1)");
        let card = crate::terms::CardId::new("pFS7Fjg8kV1I").unwrap();
        check(Content::Card(card), "卡券 pFS7Fjg8kV1I");
    }
}
