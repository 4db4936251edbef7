//! Whether everything that a run needs is there: a line for each thing that was looked at.

use std::io::{self, Write};

use schemars::JsonSchema;
use serde::Serialize;

use crate::plan::PlannedAccount;

use super::json::{self, AskedJson, FORMAT_VERSION};
use super::layout::{Page, column, pad, width};
use super::style::{Format, Style, Tone};
use super::{escape, human, markdown, nouns};

/// What was looked at, and what was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Health {
    /// What all accounts share: the files.
    pub project: Vec<Check>,
    /// Each account with what belongs to it.
    pub accounts: Vec<(PlannedAccount, Vec<Check>)>,
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// A stable word for it.
    pub id: &'static str,
    /// How it is.
    pub verdict: Verdict,
    /// What was found; of a skipped one, what it needs.
    pub text: String,
    /// What a person can do.
    pub help: Option<String>,
}

/// How something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// As it should be.
    Ok,
    /// It works, and somebody should look at it.
    Warning,
    /// A run would stop at it.
    Failed,
    /// It could not be looked at, or does not matter here.
    Skipped,
}

impl Health {
    /// Whether something would stop a run.
    pub fn has_failed(&self) -> bool {
        self.all().any(|check| check.verdict == Verdict::Failed)
    }

    fn all(&self) -> impl Iterator<Item = &Check> {
        self.project.iter().chain(self.accounts.iter().flat_map(|(_, checks)| checks))
    }

    fn tally(&self) -> String {
        tally(self.all())
    }
}

impl Verdict {
    /// The stable word of it, in JSON.
    fn code(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warning => "warning",
            Self::Failed => "failed",
            Self::Skipped => "skipped",
        }
    }

    /// As a person reads it: what stops a run can be seen without colours.
    fn word(self) -> &'static str {
        match self {
            Self::Failed => "FAILED",
            Self::Ok | Self::Warning | Self::Skipped => self.code(),
        }
    }

    fn tone(self) -> Tone {
        match self {
            Self::Ok => Tone::Good,
            Self::Warning => Tone::Change,
            Self::Failed => Tone::Alarm,
            Self::Skipped => Tone::Quiet,
        }
    }

    fn sign(self) -> &'static str {
        match self {
            Self::Ok => "✅",
            Self::Warning => "⚠️",
            Self::Failed => "❌",
            Self::Skipped => "–",
        }
    }
}

/// Writes what was found.
///
/// # Errors
///
/// When `out` cannot be written to.
pub fn doctor(
    health: &Health,
    format: Format,
    style: &Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    match format {
        Format::Human => write_human(health, style, out),
        Format::Json => json::document(&DoctorJson::of(health), out),
        Format::Markdown => write_markdown(health, out),
    }
}

/// The JSON Schema (2020-12) of the JSON form.
pub fn doctor_schema() -> serde_json::Value {
    schemars::schema_for!(DoctorJson<'_>).into()
}

/// Checks in numbers: `12 checks: 10 ok, 1 failed, 1 skipped`.
fn tally<'a>(checks: impl Iterator<Item = &'a Check>) -> String {
    let verdicts: Vec<Verdict> = checks.map(|check| check.verdict).collect();
    let count = |wanted| verdicts.iter().filter(|verdict| **verdict == wanted).count();
    let each = [
        (count(Verdict::Ok), "ok", "ok"),
        (count(Verdict::Warning), "warning", "warnings"),
        (count(Verdict::Failed), "FAILED", "FAILED"),
        (count(Verdict::Skipped), "skipped", "skipped"),
    ];
    format!("{}: {}", nouns::count(verdicts.len(), "check", "checks"), nouns::counts(&each))
}

fn write_human(health: &Health, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let page = &mut Page::new(style, out);
    let name = column(health.all().map(|check| check.id), usize::MAX);
    let remark = tally(health.project.iter());
    page.heading(0, (Tone::Strong, "files"), (Tone::Quiet, &remark))?;
    page.gap()?;
    health.project.iter().try_for_each(|check| write_check(page, name, check))?;
    page.gap()?;
    for (account, checks) in &health.accounts {
        human::account(page, account, &tally(checks.iter()))?;
        page.gap()?;
        checks.iter().try_for_each(|check| write_check(page, name, check))?;
        page.gap()?;
    }
    let tone = if health.has_failed() { Tone::Alarm } else { Tone::Strong };
    page.paragraph(0, tone, &format!("{}.", health.tally()))
}

fn write_check(page: &mut Page<'_>, columns: usize, check: &Check) -> io::Result<()> {
    /// As wide as the widest verdict.
    const VERDICT_COLUMNS: usize = 7;
    let style = page.style();
    let word = pad(check.verdict.word(), VERDICT_COLUMNS);
    let lead = format!("  {}  ", style.paint(check.verdict.tone(), &word));
    let tone = if check.verdict == Verdict::Skipped { Tone::Quiet } else { Tone::Plain };
    let text = escape::terminal(&check.text);
    let indent = VERDICT_COLUMNS + 4;
    page.row((indent, &lead), (columns, check.id), (tone, &text))?;
    match &check.help {
        Some(help) => {
            let label = format!("{}help: ", " ".repeat(indent + columns + 2));
            debug_assert!(width(&label) > indent, "the help stands below its text");
            page.beside(&label, Tone::Plain, &escape::terminal(help))
        }
        None => Ok(()),
    }
}

fn write_markdown(health: &Health, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "### files · {}\n", tally(health.project.iter()))?;
    markdown_table(&health.project, out)?;
    for (account, checks) in &health.accounts {
        markdown::account(account, &tally(checks.iter()), out)?;
        markdown_table(checks, out)?;
    }
    writeln!(out, "**{}.**", health.tally())
}

fn markdown_table(checks: &[Check], out: &mut dyn Write) -> io::Result<()> {
    markdown::head(&["", "check", "found", "what to do"], out)?;
    for check in checks {
        let verdict = format!("{} {}", check.verdict.sign(), check.verdict.word());
        let help = check.help.as_deref().map(escape::markdown).unwrap_or_default();
        let id = escape::markdown_code(check.id);
        markdown::row(&[verdict, id, escape::markdown(&check.text), help], out)?;
    }
    writeln!(out)
}

/// Whether everything that a run needs is there.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "qunfa doctor")]
struct DoctorJson<'a> {
    /// Fields are added within a version; none changes or goes.
    format_version: u32,
    /// Whether nothing failed.
    healthy: bool,
    /// The accounts that were looked at.
    accounts: Vec<AskedJson>,
    /// What was looked at, in order.
    checks: Vec<CheckJson<'a>>,
}

/// One thing that was looked at.
#[derive(Serialize, JsonSchema)]
struct CheckJson<'a> {
    /// The account's appid; none for what all accounts share.
    account: Option<String>,
    /// A stable word for it. More words may come within a version.
    id: &'static str,
    /// How it is.
    #[schemars(extend("enum" = ["ok", "warning", "failed", "skipped"]))]
    verdict: &'static str,
    /// What was found; of a skipped one, what it needs.
    text: &'a str,
    /// What a person can do.
    help: Option<&'a str>,
}

impl<'a> DoctorJson<'a> {
    fn of(health: &'a Health) -> Self {
        let json = |account: Option<&PlannedAccount>, check: &'a Check| CheckJson {
            account: account.map(|account| account.appid.to_string()),
            id: check.id,
            verdict: check.verdict.code(),
            text: &check.text,
            help: check.help.as_deref(),
        };
        let project = health.project.iter().map(|check| json(None, check));
        let of_account = |(account, checks): &'a (PlannedAccount, Vec<Check>)| {
            checks.iter().map(move |check| json(Some(account), check))
        };
        Self {
            format_version: FORMAT_VERSION,
            healthy: !health.has_failed(),
            accounts: health.accounts.iter().map(|(account, _)| json::asked(account)).collect(),
            checks: project.chain(health.accounts.iter().flat_map(of_account)).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Color;
    use crate::report::fixtures::{demo, shop, style};

    fn check(id: &'static str, verdict: Verdict, text: &str, help: Option<&str>) -> Check {
        Check { id, verdict, text: text.to_owned(), help: help.map(str::to_owned) }
    }

    fn health() -> Health {
        let allow = "add 61.172.68.219 at 设置与开发 → 开发接口管理 → 基本配置 → IP白名单";
        let secret = "from the variable WECHAT_SHOP_SECRET";
        let vip = "1 tag, “VIP 会员”, does not exist: spring-2026/targets/vip";
        Health {
            project: vec![check("project", Verdict::Ok, "campaigns/qunfa.yaml: 2 accounts", None)],
            accounts: vec![
                (
                    shop(),
                    vec![
                        check("secret", Verdict::Ok, secret, None),
                        check("address", Verdict::Failed, "WeChat saw 61.172.68.219", Some(allow)),
                        check("clock", Verdict::Skipped, "needs: an answer of WeChat's", None),
                    ],
                ),
                (demo(), vec![check("targets", Verdict::Warning, vip, Some("make it"))]),
            ],
        }
    }

    fn shown(health: &Health, format: Format, style: &Style) -> String {
        let mut out = Vec::new();
        doctor(health, format, style, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_person_sees_what_is_wrong_and_what_to_do() {
        insta::assert_snapshot!(shown(&health(), Format::Human, &style()), @r"
        files                                                              1 check: 1 ok

          ok       project  campaigns/qunfa.yaml: 2 accounts

        shop  REAL wx1234567890abcdef  订阅号        3 checks: 1 ok, 1 FAILED, 1 skipped

          ok       secret   from the variable WECHAT_SHOP_SECRET
          FAILED   address  WeChat saw 61.172.68.219
                            help: add 61.172.68.219 at 设置与开发 → 开发接口管理 → 基本
                                  配置 → IP白名单
          skipped  clock    needs: an answer of WeChat's

        demo  SANDBOX sandbox-demo  服务号  12,480 followers          1 check: 1 warning

          warning  targets  1 tag, “VIP 会员”, does not exist: spring-2026/targets/vip
                            help: make it

        5 checks: 2 ok, 1 warning, 1 FAILED, 1 skipped.
        ");
    }

    #[test]
    fn a_comment_has_a_table() {
        insta::assert_snapshot!(shown(&health(), Format::Markdown, &style()), @r"
        ### files · 1 check: 1 ok

        |  | check | found | what to do |
        | --- | --- | --- | --- |
        | ✅ ok | `project` | campaigns/qunfa\.yaml: 2 accounts |  |

        ### shop · REAL `wx1234567890abcdef` · 订阅号 · 3 checks: 1 ok, 1 FAILED, 1 skipped

        |  | check | found | what to do |
        | --- | --- | --- | --- |
        | ✅ ok | `secret` | from the variable WECHAT\_SHOP\_SECRET |  |
        | ❌ FAILED | `address` | WeChat saw 61.172.68.219 | add 61.172.68.219 at 设置与开发 → 开发接口管理 → 基本配置 → IP白名单 |
        | – skipped | `clock` | needs: an answer of WeChat's |  |

        ### demo · SANDBOX `sandbox-demo` · 服务号 · 12,480 followers · 1 check: 1 warning

        |  | check | found | what to do |
        | --- | --- | --- | --- |
        | ⚠️ warning | `targets` | 1 tag, “VIP 会员”, does not exist: spring-2026/targets/vip | make it |

        **5 checks: 2 ok, 1 warning, 1 FAILED, 1 skipped.**
        ");
    }

    #[test]
    fn a_program_reads_the_same_by_the_schema() {
        let text = shown(&health(), Format::Json, &style());
        let json: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(json["healthy"], false);
        insta::assert_json_snapshot!(json["checks"][2], @r#"
        {
          "account": "wx1234567890abcdef",
          "id": "address",
          "verdict": "failed",
          "text": "WeChat saw 61.172.68.219",
          "help": "add 61.172.68.219 at 设置与开发 → 开发接口管理 → 基本配置 → IP白名单"
        }
        "#);
        let validator = jsonschema::draft202012::new(&doctor_schema()).unwrap();
        let problems: Vec<String> = validator.iter_errors(&json).map(|e| e.to_string()).collect();
        assert_eq!(problems, [""; 0]);
    }

    #[test]
    fn foreign_text_moves_nothing_and_colours_are_accents() {
        let hostile = check("history", Verdict::Failed, "坏\u{1b}[2J", Some("看\u{202e}这里"));
        let health = Health { project: vec![hostile], ..health() };
        let plain = shown(&health, Format::Human, &style());
        assert!(plain.contains(r"坏\u{1b}[2J") && plain.contains(r"看\u{202e}这里"), "{plain}");
        let painted = shown(&health, Format::Human, &Style { color: Color::Ansi, ..style() });
        assert_eq!(anstream::adapter::strip_str(&painted).to_string(), plain);
    }
}
