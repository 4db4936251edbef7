//! How a run ended: a line for each send, so that "exit 0" is never read as "it went out".

use std::io::{self, Write};

use serde::Serialize;

use crate::apply::SendEnd;
use crate::plan::{Plan, Standing};
use crate::terms::Timestamp;

use super::json::{self, AccountJson, FORMAT_VERSION};
use super::layout::{Page, column, pad, width};
use super::style::{Format, Style, Tone};
use super::{blockers, escape, human, markdown, nouns, words};

/// An address that is wider than this has its text on the line below.
const ADDRESS_COLUMNS_MAX: usize = 36;

/// What a run on one account came to.
#[derive(Debug, Clone, Copy)]
pub struct Ended<'a> {
    /// The plan that was applied: what waits and what is blocked stands in it.
    pub plan: &'a Plan,
    /// How each send ended up, as the run told it.
    pub sends: &'a [SendEnd],
}

/// Writes the lines that `apply` ends with: for each send *sent*, *submitted*, or *NOT SENT YET*,
/// what it waits for, and when to run again.
///
/// # Errors
///
/// When `out` cannot be written to.
pub fn outcome(
    accounts: &[Ended<'_>],
    format: Format,
    style: &Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    match format {
        Format::Human => human(accounts, style, out),
        Format::Json => json::document(&OutcomeJson::of(accounts), out),
        Format::Markdown => markdown(accounts, out),
    }
}

/// What is said of one send.
struct Verdict {
    word: &'static str,
    tone: Tone,
    address: String,
    /// What a person should know of it.
    note: String,
    /// What to do next, if anything.
    next: Option<String>,
    /// When, where that is known.
    again_at: Option<Timestamp>,
}

impl Verdict {
    fn of(end: &SendEnd, plan: &Plan) -> Self {
        let (word, tone) = word(end.standing);
        let address = end.address.to_string();
        let waiting: Vec<_> = plan.waiting.iter().filter(|w| w.address == address).collect();
        let blocked = plan.blocked.iter().find(|blocked| blocked.address == address);
        let mut again_at = None;
        let (why, next) = match end.standing {
            Standing::Waiting => {
                // The latest of several times is the first at which nothing is left to wait for.
                again_at = waiting.iter().filter_map(|waiting| waiting.until).max();
                let each: Vec<String> = waiting.iter().map(|waiting| words::why(waiting)).collect();
                let help = waiting.first().map(|waiting| words::why_help(waiting));
                (Some(each.join(" ")), Some(help.unwrap_or_else(again)))
            }
            Standing::Blocked => {
                let why = blocked.map(|blocked| blockers::why(&blocked.why));
                (why, blocked.map(blockers::help))
            }
            Standing::Planned => (None, Some(again())),
            Standing::Unknown => {
                (None, Some("run `qunfa apply` again: it finds out without sending twice".into()))
            }
            Standing::Submitted => {
                (None, Some("run `qunfa apply` again to learn how it ends".to_owned()))
            }
            Standing::Sent | Standing::Skipped | Standing::Withheld | Standing::Acknowledged => {
                (None, None)
            }
        };
        let note = if end.note.is_empty() { why.unwrap_or_default() } else { end.note.clone() };
        Self { word, tone, address, note, next, again_at }
    }
}

fn again() -> String {
    "run `qunfa apply` again".to_owned()
}

/// The word that a line begins with. Only what WeChat reported as sent is called sent.
fn word(standing: Standing) -> (&'static str, Tone) {
    match standing {
        Standing::Sent => ("sent", Tone::Good),
        Standing::Submitted => ("submitted", Tone::Change),
        Standing::Planned | Standing::Waiting => ("NOT SENT YET", Tone::Change),
        Standing::Blocked => ("BLOCKED", Tone::Alarm),
        Standing::Unknown => ("UNKNOWN", Tone::Alarm),
        Standing::Skipped => ("skipped", Tone::Quiet),
        Standing::Withheld => ("withheld", Tone::Quiet),
        Standing::Acknowledged => ("closed", Tone::Quiet),
    }
}

fn human(accounts: &[Ended<'_>], style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let page = &mut Page::new(style, out);
    for (n, ended) in accounts.iter().enumerate() {
        if n > 0 {
            page.gap()?;
        }
        human::account(page, &ended.plan.account, "")?;
        let verdicts: Vec<Verdict> =
            ended.sends.iter().map(|end| Verdict::of(end, ended.plan)).collect();
        if verdicts.is_empty() && ended.plan.retractions.is_empty() {
            page.paragraph(2, Tone::Quiet, "no sends")?;
        }
        let word_columns = column(verdicts.iter().map(|verdict| verdict.word), usize::MAX);
        let names = verdicts.iter().map(|verdict| verdict.address.as_str());
        let name_columns = column(names, ADDRESS_COLUMNS_MAX);
        for verdict in &verdicts {
            let word = pad(verdict.word, word_columns);
            let lead = format!("  {}  ", style.paint(verdict.tone, &word));
            let (note, indent) = (escape::terminal(&verdict.note), width(&word) + 4);
            let name = (name_columns, verdict.address.as_str());
            page.row((indent, &lead), name, (Tone::Plain, &note))?;
            if let Some(next) = &verdict.next {
                let label = format!("{}  next: ", " ".repeat(indent));
                page.beside(&label, Tone::Plain, &escape::terminal(next))?;
            }
        }
    }
    Ok(())
}

fn markdown(accounts: &[Ended<'_>], out: &mut dyn Write) -> io::Result<()> {
    for Ended { plan, sends } in accounts {
        markdown::account(&plan.account, "", out)?;
        if sends.is_empty() && plan.retractions.is_empty() {
            writeln!(out, "no sends\n")?;
            continue;
        }
        markdown::head(&["", "send", "", "next"], out)?;
        for end in *sends {
            let verdict = Verdict::of(end, plan);
            let address = escape::markdown_code(&verdict.address);
            let cells = [
                format!("**{}**", verdict.word),
                address,
                escape::markdown(&verdict.note),
                verdict.next.as_deref().map(escape::markdown).unwrap_or_default(),
            ];
            markdown::row(&cells, out)?;
        }
        writeln!(out)?;
    }
    Ok(())
}

/// How a run ended.
#[derive(Serialize)]
struct OutcomeJson {
    format_version: u32,
    accounts: Vec<AccountJson>,
    sends: Vec<EndJson>,
}

/// How one send ended up.
#[derive(Serialize)]
struct EndJson {
    /// The account's appid.
    account: String,
    address: String,
    standing: &'static str,
    note: String,
    next: Option<String>,
    again_at: Option<String>,
}

impl OutcomeJson {
    fn of(accounts: &[Ended<'_>]) -> Self {
        let ends = |ended: &Ended<'_>| {
            let json = |end: &SendEnd| {
                let verdict = Verdict::of(end, ended.plan);
                EndJson {
                    account: ended.plan.account.appid.to_string(),
                    address: verdict.address,
                    standing: nouns::standing_code(end.standing),
                    note: verdict.note,
                    next: verdict.next,
                    again_at: verdict.again_at.map(nouns::rfc3339),
                }
            };
            ended.sends.iter().map(json).collect::<Vec<_>>()
        };
        Self {
            format_version: FORMAT_VERSION,
            accounts: accounts.iter().map(|ended| json::account(ended.plan)).collect(),
            sends: accounts.iter().flat_map(ends).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::{Blocked, Blocker, Quota, Waiting, Why};
    use crate::report::fixtures::{address, at, demo, empty, shop, style};

    fn ends() -> (Plan, Vec<SendEnd>) {
        let end = |text: &str, standing, note: &str| SendEnd {
            address: address(text),
            standing,
            note: note.to_owned(),
        };
        let until = at("2026-04-01T00:00:00+08:00");
        let quota = Why::Quota { quota: Quota::EveryoneMonth, used: 4, limit: 4 };
        let waiting =
            Waiting { address: "notice/sends/all".to_owned(), until: Some(until), why: quota };
        let missed = Blocker::Missed { until: at("2026-03-01T10:00:00+08:00") };
        let blocked = Blocked { address: "recall/sends/gift".to_owned(), why: missed };
        let plan = Plan { waiting: vec![waiting], blocked: vec![blocked], ..empty(demo()) };
        let sends = vec![
            end("spring-2026/sends/launch", Standing::Sent, "job 1000000001, 3,210 followers"),
            end("spring-2026/sends/teaser", Standing::Submitted, "job 1000000002"),
            end("notice/sends/all", Standing::Waiting, ""),
            end("recall/sends/gift", Standing::Blocked, ""),
            end("recall/sends/thanks", Standing::Unknown, "no answer within 10 s"),
            end("recall/sends/late", Standing::Planned, "a step before it failed"),
            end("recall/sends/old", Standing::Skipped, "法务取消\u{1b}[2J"),
        ];
        (plan, sends)
    }

    fn shown(format: Format) -> String {
        let (plan, sends) = ends();
        let nothing = empty(shop());
        let accounts = [Ended { plan: &plan, sends: &sends }, Ended { plan: &nothing, sends: &[] }];
        let mut out = Vec::new();
        outcome(&accounts, format, &style(), &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn each_send_has_its_line() {
        insta::assert_snapshot!(shown(Format::Human), @r"
        demo  SANDBOX sandbox-demo  服务号  12,480 followers
          sent          spring-2026/sends/launch  job 1000000001, 3,210 followers
          submitted     spring-2026/sends/teaser  job 1000000002
                          next: run `qunfa apply` again to learn how it ends
          NOT SENT YET  notice/sends/all
                          The quota is used up: 4 of 4 sends to everyone this month. It
                          is back at 2026-04-01 00:00 +08:00.
                          next: `qunfa apply` sends it when it runs at
                                2026-04-01 00:00 +08:00 or later
          BLOCKED       recall/sends/gift
                          Its window closed at 2026-03-01 10:00 +08:00 and it was not
                          sent.
                          next: to send it after all, write a later `until` in its
                                `window`; to close it, write `skip: REASON`; to keep it
                                as it is,
                                `qunfa resolve recall/sends/gift --acknowledge REASON`
          UNKNOWN       recall/sends/thanks       no answer within 10 s
                          next: run `qunfa apply` again: it finds out without sending
                                twice
          NOT SENT YET  recall/sends/late         a step before it failed
                          next: run `qunfa apply` again
          skipped       recall/sends/old          法务取消\u{1b}[2J

        shop  REAL wx1234567890abcdef  订阅号
          no sends
        ");
    }

    #[test]
    fn a_job_summary_has_a_table() {
        insta::assert_snapshot!(shown(Format::Markdown), @r"
        ### demo · SANDBOX `sandbox-demo` · 服务号 · 12,480 followers

        |  | send |  | next |
        | --- | --- | --- | --- |
        | **sent** | `spring-2026/sends/launch` | job 1000000001, 3,210 followers |  |
        | **submitted** | `spring-2026/sends/teaser` | job 1000000002 | run `qunfa apply` again to learn how it ends |
        | **NOT SENT YET** | `notice/sends/all` | The quota is used up: 4 of 4 sends to everyone this month. It is back at 2026-04-01 00:00 +08:00. | `qunfa apply` sends it when it runs at 2026-04-01 00:00 +08:00 or later |
        | **BLOCKED** | `recall/sends/gift` | Its window closed at 2026-03-01 10:00 +08:00 and it was not sent. | to send it after all, write a later `until` in its `window`; to close it, write `skip: REASON`; to keep it as it is, `qunfa resolve recall/sends/gift --acknowledge REASON` |
        | **UNKNOWN** | `recall/sends/thanks` | no answer within 10 s | run `qunfa apply` again: it finds out without sending twice |
        | **NOT SENT YET** | `recall/sends/late` | a step before it failed | run `qunfa apply` again |
        | **skipped** | `recall/sends/old` | 法务取消\\u\{1b\}\[2J |  |

        ### shop · REAL `wx1234567890abcdef` · 订阅号

        no sends
        ");
    }

    #[test]
    fn a_program_learns_when_to_run_again() {
        let json: serde_json::Value = serde_json::from_str(&shown(Format::Json)).unwrap();
        assert_eq!(json["format_version"], 1);
        assert_eq!(json["accounts"][0]["sandbox"], true);
        assert_eq!(json["sends"][2]["standing"], "waiting");
        assert_eq!(json["sends"][2]["again_at"], "2026-04-01T00:00:00+08:00");
        assert_eq!(json["sends"][0]["next"], serde_json::Value::Null);
    }
}
