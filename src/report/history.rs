//! `history show`: what happened, record by record.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use crate::history::Record;
use crate::terms::{AppId, Effect, SendAddress};

use super::json::FORMAT_VERSION;
use super::layout::{Page, column, pad, width};
use super::style::{Format, Style, Tone};
use super::{escape, facts, human, json, markdown, nouns};

/// So much of a run's id tells it from another.
const RUN_COLUMNS_MAX: usize = 12;

/// Writes records of one account's history: number, time, run, what happened, and to which send.
/// As JSON it is one object a line, the first with the `format_version`.
///
/// What an attempt or a status is about is known from records before it, so `records` should reach
/// back to the beginning of the sends that it shows; where it does not, the effect is named.
///
/// # Errors
///
/// When `out` cannot be written to.
pub fn history(
    records: &[Record],
    appid: &AppId,
    format: Format,
    style: &Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let lines = lines(records);
    match format {
        Format::Human => write_human(&lines, appid, style, out),
        Format::Json => write_json(&lines, appid, out),
        Format::Markdown => write_markdown(&lines, appid, out),
    }
}

/// One record, ready to be shown.
struct Line<'a> {
    record: &'a Record,
    /// The send that it is about, if it is about one.
    about: Option<String>,
    what: String,
}

fn lines(records: &[Record]) -> Vec<Line<'_>> {
    let mut addresses: BTreeMap<Effect, SendAddress> = BTreeMap::new();
    let line = |record: &'_ Record| {
        let entry = &record.entry;
        let own = facts::address(&entry.fact);
        if let (Some(effect), Some(address)) = (entry.effect, own) {
            addresses.insert(effect, address.clone());
        }
        let of_effect = entry.effect.map(|effect| match addresses.get(&effect) {
            Some(address) => address.to_string(),
            None => format!("effect {}", &effect.to_string()[..8]),
        });
        own.map(ToString::to_string).or(of_effect)
    };
    let about: Vec<Option<String>> = records.iter().map(line).collect();
    let with = |(record, about): (_, _)| {
        let record: &Record = record;
        Line { record, about, what: facts::phrase(&record.entry.fact) }
    };
    records.iter().zip(about).map(with).collect()
}

fn run(line: &Line<'_>) -> String {
    line.record.entry.run.as_str().chars().take(RUN_COLUMNS_MAX).collect()
}

fn write_human(
    lines: &[Line<'_>],
    appid: &AppId,
    style: &Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let page = &mut Page::new(style, out);
    let realm = nouns::realm(appid);
    let records = nouns::count(lines.len(), "record", "records");
    page.heading(
        0,
        (if appid.is_sandbox() { Tone::Hint } else { Tone::Alarm }, &format!("{realm} {appid}")),
        (Tone::Quiet, &format!("{records}, times in Beijing (+08:00)")),
    )?;
    if !lines.is_empty() {
        page.gap()?;
    }
    let numbers: Vec<String> = lines.iter().map(|line| line.record.seq.0.to_string()).collect();
    let runs: Vec<String> = lines.iter().map(run).collect();
    let number_columns = column(numbers.iter().map(String::as_str), usize::MAX).max(3);
    let run_columns = column(runs.iter().map(String::as_str), usize::MAX);
    for ((line, number), run) in lines.iter().zip(&numbers).zip(&runs) {
        let number = human::pad_left(number, number_columns);
        let time = nouns::second(line.record.entry.at);
        let before = format!("{number}  {time}  {}", pad(run, run_columns));
        let lead = style.paint(Tone::Quiet, &before);
        let what = escape::terminal(&line.what);
        let text = match &line.about {
            Some(about) => format!("{}: {what}", escape::terminal(about)),
            None => what,
        };
        page.row((width(&before), &lead), (0, ""), (Tone::Plain, &text))?;
    }
    Ok(())
}

fn write_markdown(lines: &[Line<'_>], appid: &AppId, out: &mut dyn Write) -> io::Result<()> {
    let realm = nouns::realm(appid);
    writeln!(out, "### history · {realm} {}\n", escape::markdown_code(appid.as_str()))?;
    markdown::head(&["record", "time (+08:00)", "run", "send", "what happened"], out)?;
    for line in lines {
        let about = line.about.as_deref().map(escape::markdown_code);
        let cells = [
            line.record.seq.0.to_string(),
            nouns::second(line.record.entry.at),
            escape::markdown_code(&run(line)),
            about.unwrap_or_default(),
            escape::markdown(&line.what),
        ];
        markdown::row(&cells, out)?;
    }
    Ok(())
}

/// The first line.
#[derive(Serialize)]
struct HeadJson<'a> {
    r#type: &'static str,
    format_version: u32,
    appid: &'a str,
    sandbox: bool,
}

/// A record. The whole of it, to the letter, is what `history export` writes.
#[derive(Serialize)]
struct RecordJson<'a> {
    r#type: &'static str,
    seq: u64,
    at: String,
    run: &'a str,
    kind: &'static str,
    address: Option<&'a str>,
    effect: Option<String>,
    generation: u32,
    text: &'a str,
    hash: &'a str,
}

fn write_json(lines: &[Line<'_>], appid: &AppId, out: &mut dyn Write) -> io::Result<()> {
    let head = HeadJson {
        r#type: "history",
        format_version: FORMAT_VERSION,
        appid: appid.as_str(),
        sandbox: appid.is_sandbox(),
    };
    json::line(&head, out)?;
    for line in lines {
        let entry = &line.record.entry;
        let record = RecordJson {
            r#type: "record",
            seq: line.record.seq.0,
            at: nouns::rfc3339(entry.at),
            run: entry.run.as_str(),
            kind: entry.fact.kind(),
            address: line.about.as_deref(),
            effect: entry.effect.map(|effect| effect.to_string()),
            generation: entry.generation.get(),
            text: &line.what,
            hash: &line.record.hash.0,
        };
        json::line(&record, out)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixtures::{demo, log, style};

    fn shown(format: Format) -> String {
        let mut out = Vec::new();
        history(&log(), &demo().appid, format, &style(), &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_person_reads_what_happened() {
        insta::assert_snapshot!(shown(Format::Human), @r"
        SANDBOX sandbox-demo                       21 records, times in Beijing (+08:00)

          1  2026-03-01 10:00:01  r-7f3c0a  history 7f3c7f3c7f3c7f3c7f3c7f3c7f3c7f3c
                                            opened for sandbox-demo
          2  2026-03-01 10:00:02  r-7f3c0a  `qunfa apply` began, by 张三\u{1b}[31m, at
                                            0a1b2c3 (version 0.1.0)
          3  2026-03-01 10:00:03  r-7f3c0a  image 3fba5250 uploaded
          4  2026-03-01 10:00:04  r-7f3c0a  material 3fba5250 uploaded as cover-1
          5  2026-03-01 10:00:05  r-7f3c0a  spring-2026/sends/launch: draft saved as
                                            draft-1 (content 3fba5250)
          6  2026-03-01 10:00:06  r-7f3c0a  spring-2026/sends/launch: draft draft-0 is
                                            not on the account any more
          7  2026-03-01 10:00:07  r-7f3c0a  spring-2026/sends/launch: previewed to
                                            openid o6_bmj… (content 3fba5250)
          8  2026-03-01 10:00:08  r-7f3c0a  spring-2026/sends/launch: approved by
                                            zhang.san (digest 5ad6fa89)
          9  2026-03-01 10:00:09  r-7f3c0a  spring-2026/sends/launch: about to be sent
                                            to tag VIP会员 (id 100), 3,210 followers,
                                            not after 2026-03-01 20:00 +08:00 (content
                                            3fba5250)
         10  2026-03-01 10:00:10  r-7f3c0a  spring-2026/sends/launch: request 2 is about
                                            to be made
         11  2026-03-01 10:00:11  r-7f3c0a  spring-2026/sends/launch: request 2 refused
                                            with 45066 “clientmsgid size out of limit”
         12  2026-03-01 10:00:12  r-7f3c0a  spring-2026/sends/launch: request 3 is about
                                            to be made
         13  2026-03-01 10:00:13  r-7f3c0a  spring-2026/sends/launch: accepted as job
                                            1000000001: a repeat was told that an
                                            earlier request had made it
         14  2026-03-01 10:00:14  r-7f3c0a  spring-2026/sends/launch: WeChat said: sent
         15  2026-03-01 10:00:15  r-7f3c0a  spring-2026/sends/teaser: about to be sent
                                            to tag VIP会员 (id 100), 3,210 followers,
                                            not after 2026-03-01 20:00 +08:00 (content
                                            3fba5250)
         16  2026-03-01 10:00:16  r-7f3c0a  spring-2026/sends/teaser: refused with 45028
                                            “has no masssend quota”: surely not sent
         17  2026-03-01 10:00:17  r-7f3c0a  spring-2026/sends/teaser: li.si decided: it
                                            was sent (seen: “已群发里有这一条”)
         18  2026-03-01 10:00:18  r-7f3c0a  spring-2026/sends/teaser: its end will not
                                            be reported: “not known after 7 days”
         19  2026-03-01 10:00:19  r-7f3c0a  temporary video a1df755f uploaded as film-1,
                                            until 2026-03-04 10:00 +08:00
         20  2026-03-01 10:00:20  r-7f3c0a  video 3fba5250 can be sent as video-1, until
                                            2026-03-04 10:00 +08:00
         21  2026-03-01 10:00:21  r-7f3c0a  video 3fba5250, video-1, is not on the
                                            account any more
        ");
    }

    #[test]
    fn a_table_for_a_job_summary() {
        let text = shown(Format::Markdown);
        let row = text.lines().find(|row| row.starts_with("| 8 |")).unwrap();
        insta::assert_snapshot!(row, @r"| 8 | 2026-03-01 10:00:08 | `r-7f3c0a` | `spring-2026/sends/launch` | approved by zhang\.san (digest 5ad6fa89) |");
    }

    #[test]
    fn one_object_a_line_and_no_openid() {
        let text = shown(Format::Json);
        let lines: Vec<serde_json::Value> =
            text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(lines[0]["format_version"], 1);
        assert_eq!(lines.len(), log().len() + 1);
        assert_eq!(lines[1]["kind"], "history_opened");
        assert!(!text.contains("o6_bmjrP"));
        insta::assert_snapshot!(text.lines().nth(10).unwrap(), @r#"{"type":"record","seq":10,"at":"2026-03-01T10:00:10+08:00","run":"r-7f3c0a","kind":"attempt","address":"spring-2026/sends/launch","effect":"de1c4a684cf195dce0973e2890ac5adfd811e17b64da8816a9a6c4c42160f4d5","generation":0,"text":"request 2 is about to be made","hash":"aa492fab1fa9ee04eb9854c6af940dd3c660220f1edefabfb7fca2f0821a5f45"}"#);
    }

    #[test]
    fn a_later_part_of_a_history_names_the_effect() {
        let all = log();
        let mut out = Vec::new();
        let style = style();
        history(&all[10..11], &demo().appid, Format::Human, &style, &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(text.contains("effect "), "{text}");
    }
}
