//! What is left of an account's quotas: the right to send (群发次数), as far as the history knows it,
//! and the calls of the API (接口调用额度), as WeChat counts them.
//!
//! They are two things. WeChat tells nobody what is left of the right to send, and a send can be
//! refused with 45028 while there are calls left for hundreds.

use std::io::{self, Write};

use schemars::JsonSchema;
use serde::Serialize;

use crate::plan::{PlannedAccount, Quota, QuotaUse, Tally, Usage};
use crate::terms::Timestamp;

use super::json::{self, AskedJson, FORMAT_VERSION};
use super::layout::Page;
use super::style::{Format, Style, Tone};
use super::table::{Row, Side, Table};
use super::{escape, human, markdown, nouns};

/// All mass-send calls together, a minute (WeChat's page 群发; 45011 beyond).
const CALLS_A_MINUTE: u64 = 60;
/// What nobody may take the one for the other.
const WARNING: &str = "The quota of API calls is not the right to send: a send can be refused with \
                       45028 while there are calls left. No call tells how many sends are; those \
                       made in the console (mp.weixin.qq.com) count too, and no history has them.";

/// The quotas of one account.
#[derive(Debug, Clone)]
pub struct AccountQuota {
    /// The account; its followers need not be counted.
    pub account: PlannedAccount,
    /// What the history knows of sends, or why it cannot be used.
    pub usage: Result<Usage, String>,
    /// What WeChat says of calls; `None` when it was not asked.
    pub calls: Option<Vec<CallUse>>,
}

/// What is used of one call's daily quota.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallUse {
    /// Such as `message/mass/sendall`.
    pub path: &'static str,
    /// What it does, in Chinese.
    pub title: &'static str,
    /// What WeChat says.
    pub told: CallTold,
}

/// What WeChat says of a call's quota.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallTold {
    /// So many.
    Counted {
        /// Today.
        used: u64,
        /// A day.
        limit: u64,
        /// Today, still.
        left: u64,
        /// So many in so many seconds, if there is such a limit.
        rate: Option<(u64, u64)>,
    },
    /// The account may not call it: 48001 or 76022.
    NoRight {
        /// WeChat's number.
        code: i64,
    },
    /// WeChat does not know the path: 76021.
    UnknownPath,
}

impl CallTold {
    /// Whether less than a tenth of the day's calls is left.
    pub fn is_low(self) -> bool {
        match self {
            Self::Counted { limit, left, .. } => left.saturating_mul(10) < limit,
            Self::NoRight { .. } | Self::UnknownPath => false,
        }
    }
}

/// Writes the quotas of accounts.
///
/// # Errors
///
/// When `out` cannot be written to.
pub fn quota(
    accounts: &[AccountQuota],
    format: Format,
    style: &Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    match format {
        Format::Human => write_human(accounts, style, out),
        Format::Json => json::document(&QuotaJson::of(accounts, style.now), out),
        Format::Markdown => write_markdown(accounts, style, out),
    }
}

/// The JSON Schema (2020-12) of the quotas' JSON form.
pub fn quota_schema() -> serde_json::Value {
    schemars::schema_for!(QuotaJson<'_>).into()
}

/// The sends that the history knows, a line for each kind of audience.
fn sends(usage: &Usage) -> Vec<[String; 3]> {
    let (today, month) = (usage.today(), usage.this_month());
    let line = |what: &str, count: fn(Tally) -> u32| {
        [what.to_owned(), number(count(today)), number(count(month))]
    };
    let mut lines = vec![
        line("to everyone", |tally| tally.everyone),
        line("to a tag or a list", |tally| tally.chosen),
    ];
    if month.unknown > 0 {
        lines.push(line("to somebody, not recorded", |tally| tally.unknown));
    }
    lines
}

/// One line of what the kind of account may still do: name, used, limit, left, remark.
fn right(right: &QuotaUse, now: Timestamp) -> ([String; 4], Option<String>) {
    let what = nouns::quota(right.quota).to_owned();
    let limit = number(right.limit);
    let (used, left) = (number(right.used), number(right.left()));
    match right.quota {
        Quota::FollowerMonth => {
            let cells = [what, format!("≥ {used}"), limit, format!("≤ {left}")];
            (cells, Some("only WeChat counts what one follower got".to_owned()))
        }
        Quota::SubscriptionDay
        | Quota::EveryoneMonth
        | Quota::ServiceDay
        | Quota::RetractionDay => {
            let back = || format!("back at {}", nouns::time(right.back(now)));
            ([what, used, limit, left], right.is_used_up().then(back))
        }
    }
}

/// What is the same for every account: calls a minute, which nobody tells.
fn per_minute() -> [String; 4] {
    let none = || "–".to_owned();
    ["mass send calls a minute".to_owned(), none(), nouns::number(CALLS_A_MINUTE), none()]
}

/// The numbers of a call, or why there are none.
fn call(told: CallTold) -> ([String; 3], Tone, String) {
    let none = || "–".to_owned();
    match told {
        CallTold::Counted { used, limit, left, rate: _ } => {
            let numbers = [used, limit, left].map(nouns::number);
            let low = if told.is_low() { "LOW" } else { "" };
            (numbers, Tone::Alarm, low.to_owned())
        }
        CallTold::NoRight { code } => {
            ([none(), none(), none()], Tone::Change, format!("no right to call it ({code})"))
        }
        CallTold::UnknownPath => {
            ([none(), none(), none()], Tone::Change, "no such path (76021)".to_owned())
        }
    }
}

fn number(n: u32) -> String {
    nouns::number(n.into())
}

fn remark(known: &AccountQuota) -> String {
    match &known.usage {
        Ok(usage) => {
            let sends = usage.this_month().all() as usize;
            format!("{} this month", nouns::count(sends, "send", "sends"))
        }
        Err(_) => "history NOT USABLE".to_owned(),
    }
}

const SENDS_HEAD: [(Side, &str); 3] =
    [(Side::Left, "sends in the history"), (Side::Right, "today"), (Side::Right, "this month")];
const RIGHTS_HEAD: [(Side, &str); 4] = [
    (Side::Left, "right to send (群发次数)"),
    (Side::Right, "used"),
    (Side::Right, "limit"),
    (Side::Right, "left"),
];
const CALLS_HEAD: [(Side, &str); 5] = [
    (Side::Left, "API calls today"),
    (Side::Left, "(接口调用额度)"),
    (Side::Right, "used"),
    (Side::Right, "limit"),
    (Side::Right, "left"),
];

fn write_human(accounts: &[AccountQuota], style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let page = &mut Page::new(style, out);
    for known in accounts {
        human::account(page, &known.account, &remark(known))?;
        page.gap()?;
        match &known.usage {
            Ok(usage) => usage_tables(page, usage)?,
            Err(why) => page.paragraph(2, Tone::Alarm, &escape::terminal(why))?,
        }
        page.gap()?;
        if let Some(calls) = &known.calls {
            calls_table(page, calls)?;
            page.gap()?;
        }
    }
    page.paragraph(0, Tone::Strong, WARNING)
}

fn usage_tables(page: &mut Page<'_>, usage: &Usage) -> io::Result<()> {
    let rows: Vec<Row> = sends(usage).into_iter().map(|cells| Row::of(cells.into())).collect();
    Table { head: &SENDS_HEAD, rows: &rows }.write(page)?;
    page.gap()?;
    let now = page.style().now;
    let row = |quota: &QuotaUse| {
        let (cells, remark) = right(quota, now);
        let tone = if quota.is_used_up() { Tone::Alarm } else { Tone::Quiet };
        Row::of(cells.into()).remarked(tone, remark.unwrap_or_default())
    };
    let mut rows: Vec<Row> = usage.rights().iter().map(row).collect();
    rows.push(Row::of(per_minute().into()));
    Table { head: &RIGHTS_HEAD, rows: &rows }.write(page)
}

fn calls_table(page: &mut Page<'_>, calls: &[CallUse]) -> io::Result<()> {
    let row = |each: &CallUse| {
        let (numbers, tone, remark) = call(each.told);
        let names = [each.path.to_owned(), each.title.to_owned()];
        Row::of(names.into_iter().chain(numbers).collect()).remarked(tone, remark)
    };
    let rows: Vec<Row> = calls.iter().map(row).collect();
    Table { head: &CALLS_HEAD, rows: &rows }.write(page)
}

fn write_markdown(accounts: &[AccountQuota], style: &Style, out: &mut dyn Write) -> io::Result<()> {
    for known in accounts {
        markdown::account(&known.account, &remark(known), out)?;
        match &known.usage {
            Ok(usage) => usage_markdown(usage, style.now, out)?,
            Err(why) => writeln!(out, "⚠️ **{}**\n", escape::markdown(why))?,
        }
        if let Some(calls) = &known.calls {
            markdown::head(&["API call today", "接口", "used", "limit", "left", ""], out)?;
            for each in calls {
                let (numbers, _, remark) = call(each.told);
                let mut cells = vec![escape::markdown_code(each.path), each.title.to_owned()];
                cells.extend(numbers);
                cells.push(escape::markdown_text(&remark));
                markdown::row(&cells, out)?;
            }
            writeln!(out)?;
        }
    }
    writeln!(out, "**{WARNING}**")
}

fn usage_markdown(usage: &Usage, now: Timestamp, out: &mut dyn Write) -> io::Result<()> {
    markdown::head(&["sends in the history", "today", "this month"], out)?;
    sends(usage).iter().try_for_each(|cells| markdown::row(cells, out))?;
    writeln!(out)?;
    markdown::head(&["right to send (群发次数)", "used", "limit", "left", ""], out)?;
    for quota in usage.rights() {
        let (cells, remark) = right(&quota, now);
        let cells: Vec<String> = cells.into_iter().chain([remark.unwrap_or_default()]).collect();
        markdown::row(&cells, out)?;
    }
    let cells: Vec<String> = per_minute().into_iter().chain([String::new()]).collect();
    markdown::row(&cells, out)?;
    writeln!(out)
}

/// The quotas of accounts.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "qunfa quota")]
struct QuotaJson<'a> {
    /// Fields are added within a version; none changes or goes.
    format_version: u32,
    /// The accounts that were asked about.
    accounts: Vec<AskedJson>,
    /// The sends that the history of each account knows; none of an account whose history cannot
    /// be used.
    sends: Vec<SendsJson>,
    /// What the kind of each account may still do, as far as its history knows.
    rights: Vec<RightJson>,
    /// What WeChat says of API calls; never of the right to send. None when it was not asked.
    calls: Vec<CallJson>,
    /// Histories that cannot be used.
    troubles: Vec<TroubleJson<'a>>,
}

/// The sends of an account, in Beijing's day and month.
#[derive(Serialize, JsonSchema)]
struct SendsJson {
    /// The account's appid.
    account: String,
    today: TallyJson,
    this_month: TallyJson,
}

/// How many sends, those whose outcome is not known among them.
#[derive(Serialize, JsonSchema)]
struct TallyJson {
    /// To all followers.
    everyone: u32,
    /// To a tag, or to a part of a list of openids.
    chosen: u32,
    /// To whom the history does not say: a person's word for a send.
    unknown: u32,
}

/// A limit on sends.
#[derive(Serialize, JsonSchema)]
struct RightJson {
    /// The account's appid.
    account: String,
    /// Which limit.
    #[schemars(extend("enum" = ["subscription_day", "service_day", "everyone_month", "follower_month"]))]
    quota: &'static str,
    /// So many at least: the console's sends are not in the history, and what one follower got only
    /// WeChat counts.
    used: u32,
    limit: u32,
    /// So many at most.
    left: u32,
    /// When it comes back (RFC 3339).
    back: String,
}

/// What WeChat says of one call.
#[derive(Serialize, JsonSchema)]
struct CallJson {
    /// The account's appid.
    account: String,
    /// Such as `message/mass/sendall`.
    path: &'static str,
    /// Whether there are numbers.
    #[schemars(extend("enum" = ["counted", "no_right", "unknown_path"]))]
    told: &'static str,
    used: Option<u64>,
    limit: Option<u64>,
    left: Option<u64>,
    /// The limit in a short while, if there is one.
    rate: Option<RateJson>,
    /// WeChat's number where there is no right, or no such path.
    errcode: Option<i64>,
}

/// So many calls in so many seconds.
#[derive(Serialize, JsonSchema)]
struct RateJson {
    calls: u64,
    seconds: u64,
}

/// A history that cannot be used.
#[derive(Serialize, JsonSchema)]
struct TroubleJson<'a> {
    /// The account's appid.
    account: String,
    /// Why not.
    text: &'a str,
}

impl<'a> QuotaJson<'a> {
    fn of(accounts: &'a [AccountQuota], now: Timestamp) -> Self {
        let mut all = Self {
            format_version: FORMAT_VERSION,
            accounts: accounts.iter().map(|known| json::asked(&known.account)).collect(),
            sends: Vec::new(),
            rights: Vec::new(),
            calls: Vec::new(),
            troubles: Vec::new(),
        };
        for known in accounts {
            let account = known.account.appid.to_string();
            match &known.usage {
                Ok(usage) => {
                    all.sends.push(sends_json(account.clone(), usage));
                    let rights = usage.rights().into_iter();
                    all.rights.extend(rights.map(|right| right_json(account.clone(), right, now)));
                }
                Err(text) => all.troubles.push(TroubleJson { account: account.clone(), text }),
            }
            let calls = known.calls.iter().flatten();
            all.calls.extend(calls.map(|call| call_json(account.clone(), call)));
        }
        all
    }
}

fn sends_json(account: String, usage: &Usage) -> SendsJson {
    let json = |Tally { everyone, chosen, unknown }| TallyJson { everyone, chosen, unknown };
    SendsJson { account, today: json(usage.today()), this_month: json(usage.this_month()) }
}

fn right_json(account: String, right: QuotaUse, now: Timestamp) -> RightJson {
    RightJson {
        account,
        quota: nouns::quota_code(right.quota),
        used: right.used,
        limit: right.limit,
        left: right.left(),
        back: nouns::rfc3339(right.back(now)),
    }
}

fn call_json(account: String, call: &CallUse) -> CallJson {
    let (used, limit, left, rate, errcode) = (None, None, None, None, None);
    let bare =
        CallJson { account, path: call.path, told: "counted", used, limit, left, rate, errcode };
    match call.told {
        CallTold::Counted { used, limit, left, rate } => {
            let rate = rate.map(|(calls, seconds)| RateJson { calls, seconds });
            CallJson { used: Some(used), limit: Some(limit), left: Some(left), rate, ..bare }
        }
        CallTold::NoRight { code } => CallJson { told: "no_right", errcode: Some(code), ..bare },
        CallTold::UnknownPath => CallJson { told: "unknown_path", errcode: Some(76021), ..bare },
    }
}

#[cfg(test)]
#[path = "quota_tests.rs"]
mod tests;
