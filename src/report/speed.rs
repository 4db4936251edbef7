//! How fast an account's mass sends go out (群发速度).

use std::io::{self, Write};

use schemars::JsonSchema;
use serde::Serialize;

use crate::plan::PlannedAccount;

use super::json::{self, AskedJson, FORMAT_VERSION};
use super::layout::Page;
use super::style::{Format, Style, Tone};
use super::table::{Row, Side, Table};
use super::{human, markdown, nouns};

/// What each speed means in followers a minute, by WeChat's page 控制群发速度.
const RATES: [u64; 5] = [800_000, 600_000, 450_000, 300_000, 100_000];
/// What WeChat counts in: 万.
const TEN_THOUSAND: u64 = 10_000;

/// The speed of one account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountSpeed {
    /// The account; its followers need not be counted.
    pub account: PlannedAccount,
    /// From 0, the fastest, to 4.
    pub level: u8,
    /// Followers a minute as WeChat says, which need not be what its page says of the level.
    pub real: u64,
    /// The level that it had until just now, if it was changed.
    pub before: Option<u8>,
}

/// Writes the speeds of accounts.
///
/// # Errors
///
/// When `out` cannot be written to.
pub fn speed(
    accounts: &[AccountSpeed],
    format: Format,
    style: &Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    match format {
        Format::Human => write_human(accounts, style, out),
        Format::Json => json::document(&SpeedJson::of(accounts), out),
        Format::Markdown => write_markdown(accounts, out),
    }
}

/// The JSON Schema (2020-12) of the speeds' JSON form.
pub fn speed_schema() -> serde_json::Value {
    schemars::schema_for!(SpeedJson).into()
}

impl AccountSpeed {
    fn rate(&self) -> Option<u64> {
        RATES.get(usize::from(self.level)).copied()
    }

    fn remark(&self) -> String {
        match self.before {
            Some(before) => format!("speed changed from {before} to {}", self.level),
            None => format!("speed {}", self.level),
        }
    }

    /// A line for each level, and for one that the page does not have: level, rate, in 万, remark.
    fn lines(&self) -> Vec<(bool, [String; 3], String)> {
        let line = |level: usize, rate: u64| {
            let is_now = level == usize::from(self.level);
            let remark = if is_now { self.now() } else { String::new() };
            (is_now, [level.to_string(), nouns::number(rate), wan(rate)], remark)
        };
        let mut lines: Vec<_> = (0..).zip(RATES).map(|(level, rate)| line(level, rate)).collect();
        if self.rate().is_none() {
            lines.push(line(self.level.into(), self.real));
        }
        lines
    }

    /// That it is this one, and what WeChat says of it where that is something else.
    fn now(&self) -> String {
        match self.rate() {
            Some(rate) if rate == self.real => "now".to_owned(),
            Some(_) => format!("now; WeChat itself says {}", self.told()),
            None => "now; not in WeChat's table".to_owned(),
        }
    }

    fn told(&self) -> String {
        format!("{} ({})", nouns::number(self.real), wan(self.real))
    }
}

/// A rate as WeChat writes it.
fn wan(rate: u64) -> String {
    if rate.is_multiple_of(TEN_THOUSAND) {
        format!("{} 万/分钟", nouns::number(rate / TEN_THOUSAND))
    } else {
        format!("{} 人/分钟", nouns::number(rate))
    }
}

const HEAD: [(Side, &str); 3] =
    [(Side::Right, "speed"), (Side::Right, "followers a minute"), (Side::Right, "群发速度")];

fn write_human(accounts: &[AccountSpeed], style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let page = &mut Page::new(style, out);
    for known in accounts {
        human::account(page, &known.account, &known.remark())?;
        page.gap()?;
        let row = |(_, cells, remark): (bool, [String; 3], String)| {
            Row::of(cells.into()).remarked(Tone::Good, remark)
        };
        let rows: Vec<Row> = known.lines().into_iter().map(row).collect();
        Table { head: &HEAD, rows: &rows }.write(page)?;
        page.gap()?;
    }
    let help = "`qunfa speed ACCOUNT --set N` changes it, for all mass sends of the account.";
    page.paragraph(0, Tone::Plain, help)
}

fn write_markdown(accounts: &[AccountSpeed], out: &mut dyn Write) -> io::Result<()> {
    for known in accounts {
        markdown::account(&known.account, &known.remark(), out)?;
        markdown::head(&["speed", "followers a minute", "群发速度", ""], out)?;
        for (is_now, cells, remark) in known.lines() {
            let bold = |cell: String| if is_now { format!("**{cell}**") } else { cell };
            let cells: Vec<String> = cells.into_iter().map(bold).chain([remark]).collect();
            markdown::row(&cells, out)?;
        }
        writeln!(out)?;
    }
    Ok(())
}

/// How fast mass sends go out.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "qunfa speed")]
struct SpeedJson {
    /// Fields are added within a version; none changes or goes.
    format_version: u32,
    /// The accounts that were asked.
    accounts: Vec<AskedJson>,
    /// The speed of each.
    speeds: Vec<OneJson>,
}

/// The speed of one account.
#[derive(Serialize, JsonSchema)]
struct OneJson {
    /// The account's appid.
    account: String,
    /// From 0, the fastest, to 4.
    speed: u8,
    /// Followers a minute by WeChat's page; none for a speed that it does not have.
    per_minute: Option<u64>,
    /// Followers a minute as WeChat itself says.
    real_per_minute: u64,
    /// The speed that it had until this run changed it.
    before: Option<u8>,
}

impl SpeedJson {
    fn of(accounts: &[AccountSpeed]) -> Self {
        let one = |known: &AccountSpeed| OneJson {
            account: known.account.appid.to_string(),
            speed: known.level,
            per_minute: known.rate(),
            real_per_minute: known.real,
            before: known.before,
        };
        Self {
            format_version: FORMAT_VERSION,
            accounts: accounts.iter().map(|known| json::asked(&known.account)).collect(),
            speeds: accounts.iter().map(one).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixtures::{demo, shop, style};

    fn accounts() -> [AccountSpeed; 2] {
        let demo = AccountSpeed { account: demo(), level: 1, real: 600_000, before: Some(4) };
        [demo, AccountSpeed { account: shop(), level: 3, real: 150_000, before: None }]
    }

    fn shown(accounts: &[AccountSpeed], format: Format) -> String {
        let mut out = Vec::new();
        speed(accounts, format, &style(), &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_person_sees_what_the_level_means_and_what_wechat_says() {
        insta::assert_snapshot!(shown(&accounts(), Format::Human), @r"
        demo  SANDBOX sandbox-demo  服务号  12,480 followers   speed changed from 4 to 1

          speed  followers a minute    群发速度
              0             800,000  80 万/分钟
              1             600,000  60 万/分钟  now
              2             450,000  45 万/分钟
              3             300,000  30 万/分钟
              4             100,000  10 万/分钟

        shop  REAL wx1234567890abcdef  订阅号                                    speed 3

          speed  followers a minute    群发速度
              0             800,000  80 万/分钟
              1             600,000  60 万/分钟
              2             450,000  45 万/分钟
              3             300,000  30 万/分钟  now; WeChat itself says 150,000 (15 万/
                                                 分钟)
              4             100,000  10 万/分钟

        `qunfa speed ACCOUNT --set N` changes it, for all mass sends of the account.
        ");
    }

    #[test]
    fn a_comment_has_the_same_table() {
        insta::assert_snapshot!(shown(&accounts()[1..], Format::Markdown), @r"
        ### shop · REAL `wx1234567890abcdef` · 订阅号 · speed 3

        | speed | followers a minute | 群发速度 |  |
        | --- | --- | --- | --- |
        | 0 | 800,000 | 80 万/分钟 |  |
        | 1 | 600,000 | 60 万/分钟 |  |
        | 2 | 450,000 | 45 万/分钟 |  |
        | **3** | **300,000** | **30 万/分钟** | now; WeChat itself says 150,000 (15 万/分钟) |
        | 4 | 100,000 | 10 万/分钟 |  |
        ");
    }

    #[test]
    fn a_program_reads_the_same_by_the_schema() {
        let json: serde_json::Value =
            serde_json::from_str(&shown(&accounts(), Format::Json)).unwrap();
        insta::assert_json_snapshot!(json["speeds"], @r#"
        [
          {
            "account": "sandbox-demo",
            "speed": 1,
            "per_minute": 600000,
            "real_per_minute": 600000,
            "before": 4
          },
          {
            "account": "wx1234567890abcdef",
            "speed": 3,
            "per_minute": 300000,
            "real_per_minute": 150000,
            "before": null
          }
        ]
        "#);
        let validator = jsonschema::draft202012::new(&speed_schema()).unwrap();
        let problems: Vec<String> = validator.iter_errors(&json).map(|e| e.to_string()).collect();
        assert_eq!(problems, [""; 0]);
    }

    #[test]
    fn a_speed_that_no_page_has_is_shown_as_it_is() {
        let odd = AccountSpeed { account: demo(), level: 7, real: 12_345, before: None };
        let text = shown(&[odd], Format::Human);
        let line = text.lines().find(|line| line.trim_start().starts_with('7')).unwrap();
        assert_eq!(
            line.split_whitespace().collect::<Vec<_>>().join(" "),
            "7 12,345 12,345 人/分钟 now; not in WeChat's table"
        );
    }
}
