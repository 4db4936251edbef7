//! Where each send is: its standing, its job, when, how we know, and to how many people.

use std::collections::BTreeSet;
use std::io::{self, Write};

use serde::Serialize;

use crate::history::{AcceptedSend, Ledger, OpenIntent, Phase, SendHistory};
use crate::plan::{Plan, SendLine, Standing};
use crate::terms::{Effect, SendAddress};

use super::json::{self, AccountJson, BlockedJson, FORMAT_VERSION, WaitingJson};
use super::layout::Page;
use super::style::{Format, Style, Tone};
use super::{escape, facts, human, markdown, nouns, words};

/// What is known of one account.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    /// A plan made just now: the sends of the files, what waits and what is blocked.
    pub plan: &'a Plan,
    /// What happened.
    pub ledger: &'a Ledger,
}

/// Writes where each send is: those of the plan, and those that only the history still knows and
/// whose end is open (R15).
///
/// # Errors
///
/// When `out` cannot be written to.
pub fn status(
    accounts: &[Known<'_>],
    format: Format,
    style: &Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    match format {
        Format::Human => write_human(accounts, style, out),
        Format::Json => json::document(&StatusJson::of(accounts), out),
        Format::Markdown => write_markdown(accounts, out),
    }
}

/// One part of one send, with what happened to it.
struct Send<'a> {
    address: &'a SendAddress,
    standing: Standing,
    /// How the files have it, if they still name it.
    line: Option<&'a SendLine>,
    past: Option<&'a SendHistory>,
}

fn sends<'a>(known: &Known<'a>) -> Vec<Send<'a>> {
    let appid = &known.plan.account.appid;
    let of_line = |line: &'a SendLine| {
        let past = known.ledger.send(&line.address.effect(appid));
        Send { address: &line.address, standing: line.standing, line: Some(line), past }
    };
    let mut sends: Vec<Send<'_>> = known.plan.sends.iter().map(of_line).collect();
    let named: BTreeSet<Effect> = sends.iter().map(|send| send.address.effect(appid)).collect();
    for (effect, past) in known.ledger.sends() {
        if !named.contains(effect)
            && let Some(address) = &past.address
            && let Some(standing) = open_standing(past)
        {
            sends.push(Send { address, standing, line: None, past: Some(past) });
        }
    }
    sends
}

/// Where a send is that no file names any more, unless it is over.
fn open_standing(past: &SendHistory) -> Option<Standing> {
    match &past.phase {
        Phase::Ready => None,
        Phase::Open(_) => Some(Standing::Unknown),
        Phase::Accepted(accepted) => {
            let is_over = past.acknowledged
                || accepted.unreported.is_some()
                || accepted.status.as_ref().is_some_and(|(status, _)| status.is_final());
            (!is_over).then_some(Standing::Submitted)
        }
    }
}

impl Send<'_> {
    /// What is known of it, each with its label.
    fn facts(&self) -> Vec<(&'static str, String)> {
        let mut facts = Vec::new();
        if let Some(line) = self.line {
            facts.push((nouns::content_kind(&line.content), nouns::content(&line.content)));
        }
        if let Some(audience) = self.audience() {
            facts.push(("to", audience));
        }
        match self.past.map(|past| &past.phase) {
            Some(Phase::Accepted(accepted)) => facts.extend(of_accepted(accepted)),
            Some(Phase::Open(open)) => facts.push(("begun", of_open(open))),
            Some(Phase::Ready) | None => facts.extend(self.of_ready()),
        }
        facts.extend(self.past.and_then(facts::taken_back).map(|text| ("back", text)));
        facts
    }

    /// Whom it went to as recorded, or whom the files name.
    fn audience(&self) -> Option<String> {
        let recorded = match self.past.map(|past| &past.phase) {
            Some(Phase::Accepted(accepted)) => accepted.intent.as_ref(),
            Some(Phase::Open(open)) => Some(&open.intent),
            Some(Phase::Ready) | None => None,
        };
        match (recorded, self.line) {
            (Some(intent), _) => Some(facts::audience(&intent.audience)),
            (None, Some(line)) => Some(nouns::audience(&line.audience)),
            (None, None) => None,
        }
    }

    fn of_ready(&self) -> Vec<(&'static str, String)> {
        let mut facts = Vec::new();
        if let Some(line) = self.line {
            facts.push(("when", nouns::window(&line.window)));
        }
        if let Some(draft) = self.past.and_then(|past| past.draft.as_ref()) {
            let gone = if draft.gone { ", not on the account any more" } else { "" };
            let content = draft.content.short();
            facts.push(("draft", format!("{} (content {content}){gone}", draft.media_id)));
        }
        if let Some(refusal) = self.past.and_then(|past| past.refusal.as_ref()) {
            let (at, said) = (nouns::time(refusal.at), words::quoted(&refusal.message));
            facts.push(("refused", format!("at {at} with {} {said}", refusal.errcode)));
        }
        facts
    }
}

fn of_accepted(accepted: &AcceptedSend) -> Vec<(&'static str, String)> {
    let job = match (accepted.msg_id, accepted.msg_data_id) {
        (Some(job), Some(articles)) => format!("{job} (articles {})", articles.0),
        (Some(job), None) => job.to_string(),
        (None, _) => "its number is not known".to_owned(),
    };
    let mut when = format!("accepted at {}", nouns::time(accepted.at));
    if let Some((status, at)) = &accepted.status {
        when = format!("{when}; {} at {}", nouns::job_status(status), nouns::time(*at));
    }
    let mut facts =
        vec![("job", job), ("when", when), ("how", facts::how(accepted.how).to_owned())];
    if let Some(why) = &accepted.unreported {
        facts.push(("end", format!("will not be reported: {}", words::quoted(why))));
    }
    facts
}

fn of_open(open: &OpenIntent) -> String {
    let requests = nouns::count(open.attempts.len(), "request", "requests");
    let last = nouns::time(open.last_attempt_at());
    format!("at {}; {requests}, the last at {last}; no answer recorded", nouns::time(open.at))
}

/// The sends of all accounts in one line: `1 sent, 2 wait`.
fn tally(sends: &[Send<'_>]) -> String {
    let with = |standing| sends.iter().filter(|send| send.standing == standing).count();
    let each = [
        (with(Standing::Sent), "sent", "sent"),
        (with(Standing::Submitted), "submitted", "submitted"),
        (with(Standing::Planned), "not sent yet", "not sent yet"),
        (with(Standing::Waiting), "waits", "wait"),
        (with(Standing::Blocked), "blocked", "blocked"),
        (with(Standing::Unknown), "of unknown outcome", "of unknown outcome"),
        (with(Standing::Skipped), "skipped", "skipped"),
        (with(Standing::Withheld), "withheld", "withheld"),
        (with(Standing::Acknowledged), "closed by a person", "closed by a person"),
    ];
    match sends.len() {
        0 => "No sends.".to_owned(),
        n => format!("{}: {}.", nouns::count(n, "send", "sends"), nouns::counts(&each)),
    }
}

fn tone(standing: Standing) -> Tone {
    match standing {
        Standing::Sent => Tone::Good,
        Standing::Planned | Standing::Waiting | Standing::Submitted => Tone::Change,
        Standing::Blocked | Standing::Unknown => Tone::Alarm,
        Standing::Skipped | Standing::Withheld | Standing::Acknowledged => Tone::Quiet,
    }
}

fn write_human(accounts: &[Known<'_>], style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let page = &mut Page::new(style, out);
    let mut all = Vec::new();
    for known in accounts {
        human::account(page, &known.plan.account, &nouns::anchor(&known.plan.anchor))?;
        for send in sends(known) {
            page.gap()?;
            let address = send.address.to_string();
            let standing = nouns::standing(send.standing);
            page.heading(2, (Tone::Strong, &address), (tone(send.standing), standing))?;
            for (label, fact) in send.facts() {
                human::detail(page, label, Tone::Plain, &fact)?;
            }
            all.push(send);
        }
        human::waiting(page, known.plan)?;
        human::blocked(page, known.plan)?;
        page.gap()?;
    }
    page.paragraph(0, Tone::Strong, &tally(&all))
}

fn write_markdown(accounts: &[Known<'_>], out: &mut dyn Write) -> io::Result<()> {
    let mut all = Vec::new();
    for known in accounts {
        markdown::account(&known.plan.account, &nouns::anchor(&known.plan.anchor), out)?;
        let sends = sends(known);
        if !sends.is_empty() {
            markdown::head(&["send", "", "what is known"], out)?;
        }
        for send in &sends {
            let facts: Vec<String> = send
                .facts()
                .iter()
                .map(|(label, fact)| format!("{label}: {}", escape::markdown(fact)))
                .collect();
            let cells = [
                escape::markdown_code(&send.address.to_string()),
                format!("**{}**", nouns::standing(send.standing)),
                facts.join("<br>"),
            ];
            markdown::row(&cells, out)?;
        }
        writeln!(out)?;
        markdown::stopped(known.plan, out)?;
        all.extend(sends);
    }
    writeln!(out, "**{}**", tally(&all))
}

/// Where each send is.
#[derive(Serialize)]
struct StatusJson {
    format_version: u32,
    accounts: Vec<AccountJson>,
    sends: Vec<SendJson>,
    waiting: Vec<WaitingJson>,
    blocked: Vec<BlockedJson>,
}

/// One part of one send.
#[derive(Serialize)]
struct SendJson {
    /// The account's appid.
    account: String,
    address: String,
    standing: &'static str,
    /// Whether the files planned still name it.
    in_files: bool,
    /// Whom it went to, or would go to, in words.
    audience: Option<String>,
    job: Option<JobJson>,
    open: Option<OpenJson>,
}

/// A job that WeChat has.
#[derive(Serialize)]
struct JobJson {
    msg_id: Option<u64>,
    msg_data_id: Option<u64>,
    accepted_at: String,
    how: &'static str,
    status: Option<String>,
    status_at: Option<String>,
    unreported: Option<String>,
}

/// A request without a recorded answer.
#[derive(Serialize)]
struct OpenJson {
    since: String,
    requests: usize,
    last_request_at: String,
}

impl StatusJson {
    fn of(accounts: &[Known<'_>]) -> Self {
        let (mut waits, mut stops, mut all) = (Vec::new(), Vec::new(), Vec::new());
        for known in accounts {
            let appid = known.plan.account.appid.to_string();
            let waiting = |waiting| json::waiting(appid.clone(), waiting);
            let blocked = |blocked| json::blocked(appid.clone(), blocked);
            all.extend(sends(known).iter().map(|send| send_json(appid.clone(), send)));
            waits.extend(known.plan.waiting.iter().map(waiting));
            stops.extend(known.plan.blocked.iter().map(blocked));
        }
        let accounts = accounts.iter().map(|known| json::account(known.plan)).collect();
        let format_version = FORMAT_VERSION;
        Self { format_version, accounts, sends: all, waiting: waits, blocked: stops }
    }
}

fn send_json(account: String, send: &Send<'_>) -> SendJson {
    let (job, open) = match send.past.map(|past| &past.phase) {
        Some(Phase::Accepted(accepted)) => (Some(job_json(accepted)), None),
        Some(Phase::Open(open)) => (None, Some(open_json(open))),
        Some(Phase::Ready) | None => (None, None),
    };
    SendJson {
        account,
        address: send.address.to_string(),
        standing: nouns::standing_code(send.standing),
        in_files: send.line.is_some(),
        audience: send.audience(),
        job,
        open,
    }
}

fn job_json(accepted: &AcceptedSend) -> JobJson {
    let (status, status_at) = accepted.status.clone().unzip();
    JobJson {
        msg_id: accepted.msg_id.map(|id| id.0),
        msg_data_id: accepted.msg_data_id.map(|id| id.0),
        accepted_at: nouns::rfc3339(accepted.at),
        how: facts::how_code(accepted.how),
        status: status.as_ref().map(nouns::job_status_code),
        status_at: status_at.map(nouns::rfc3339),
        unreported: accepted.unreported.clone(),
    }
}

fn open_json(open: &OpenIntent) -> OpenJson {
    OpenJson {
        since: nouns::rfc3339(open.at),
        requests: open.attempts.len(),
        last_request_at: nouns::rfc3339(open.last_attempt_at()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixtures::{demo, empty, everything, line, log, news, style, vip};

    fn shown(format: Format) -> String {
        let title = news(&["春季上新：十二款通勤外套"]);
        let launch = line("spring-2026/sends/launch", title.clone(), vip(), Standing::Sent);
        let next = line("spring-2026/sends/next", title, vip(), Standing::Waiting);
        let waiting = everything().waiting.drain(..1).collect();
        let plan = Plan { sends: vec![launch, next], waiting, ..empty(demo()) };
        // Up to the teaser's intent, whose outcome is open and which no file names.
        let ledger = Ledger::of(&log()[..15]).unwrap();
        let mut out = Vec::new();
        status(&[Known { plan: &plan, ledger: &ledger }], format, &style(), &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_person_sees_where_each_send_is() {
        insta::assert_snapshot!(shown(Format::Human), @r"
        demo  SANDBOX sandbox-demo  服务号  12,480 followers          history: record 17

          spring-2026/sends/launch                                                  sent
            news    春季上新：十二款通勤外套
            to      tag VIP会员 (id 100), 3,210 followers
            job     1000000001 (articles 2247483650)
            when    accepted at 2026-03-01 10:00:13 +08:00; sent at
                    2026-03-01 10:00:14 +08:00
            how     a repeat was told that an earlier request had made it

          spring-2026/sends/next                                                   waits
            news    春季上新：十二款通勤外套
            to      tag VIP会员 (id 100), 3,210 followers
            when    2026-03-01 10:00 to 20:00 +08:00

          spring-2026/sends/teaser                                       outcome UNKNOWN
            to      tag VIP会员 (id 100), 3,210 followers
            begun   at 2026-03-01 10:00:15 +08:00; 1 request, the last at
                    2026-03-01 10:00:15 +08:00; no answer recorded

          waiting
            recall/sends/gift#2
              Its window opens at 2026-04-01 00:00 +08:00.
              help: `qunfa apply` sends it when it runs at 2026-04-01 00:00 +08:00 or
                    later

        3 sends: 1 sent, 1 waits, 1 of unknown outcome.
        ");
    }

    #[test]
    fn a_job_summary_has_a_table() {
        insta::assert_snapshot!(shown(Format::Markdown), @r"
        ### demo · SANDBOX `sandbox-demo` · 服务号 · 12,480 followers · history: record 17

        | send |  | what is known |
        | --- | --- | --- |
        | `spring-2026/sends/launch` | **sent** | news: 春季上新：十二款通勤外套<br>to: tag VIP会员 (id 100), 3,210 followers<br>job: 1000000001 (articles 2247483650)<br>when: accepted at 2026-03-01 10:00:13 +08:00; sent at 2026-03-01 10:00:14 +08:00<br>how: a repeat was told that an earlier request had made it |
        | `spring-2026/sends/next` | **waits** | news: 春季上新：十二款通勤外套<br>to: tag VIP会员 (id 100), 3,210 followers<br>when: 2026-03-01 10:00 to 20:00 +08:00 |
        | `spring-2026/sends/teaser` | **outcome UNKNOWN** | to: tag VIP会员 (id 100), 3,210 followers<br>begun: at 2026-03-01 10:00:15 +08:00; 1 request, the last at 2026-03-01 10:00:15 +08:00; no answer recorded |

        **Waiting**:

        - `recall/sends/gift#2`: Its window opens at 2026-04-01 00:00 +08:00.  
          *Help:* `qunfa apply` sends it when it runs at 2026-04-01 00:00 +08:00 or later

        **3 sends: 1 sent, 1 waits, 1 of unknown outcome.**
        ");
    }

    #[test]
    fn a_program_finds_the_job_and_what_is_open() {
        let json: serde_json::Value = serde_json::from_str(&shown(Format::Json)).unwrap();
        assert_eq!(json["sends"][0]["job"]["msg_id"], 1_000_000_001);
        assert_eq!(json["sends"][0]["job"]["how"], "duplicate");
        assert_eq!(json["sends"][2]["address"], "spring-2026/sends/teaser");
        assert_eq!(json["sends"][2]["in_files"], false);
        assert_eq!(json["sends"][2]["open"]["requests"], 1);
    }
}
