//! The tags (标签) of an account beside the targets that name them.
//!
//! A send names its tag by name and WeChat takes a number, so two things stop it: a name that two
//! tags have, and a name that none has. Both stand here before a plan is blocked by them.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use serde::Serialize;

use crate::plan::{PlannedAccount, SeenTag};

use super::json::{self, AskedJson, FORMAT_VERSION};
use super::layout::{Page, column, pad, width};
use super::style::{Format, Style, Tone};
use super::{escape, human, markdown, nouns, words};

/// A name that fills more columns has its followers and targets on the line below.
const NAME_COLUMNS_MAX: usize = 30;
/// How many columns a number of followers may need at most.
const FOLLOWERS_COLUMNS_MAX: usize = 20;

/// The tags of one account, and who wants which.
#[derive(Debug, Clone)]
pub struct AccountTags {
    /// The account; its followers need not be counted.
    pub account: PlannedAccount,
    /// Its tags, in the order that WeChat tells them.
    pub tags: Vec<SeenTag>,
    /// What the campaign files name: each tag with the addresses of the targets that name it.
    pub wanted: BTreeMap<String, BTreeSet<String>>,
}

/// Writes the tags of accounts, and what the campaign files name of them.
///
/// # Errors
///
/// When `out` cannot be written to.
pub fn tags(
    accounts: &[AccountTags],
    format: Format,
    style: &Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    match format {
        Format::Human => write_human(accounts, style, out),
        Format::Json => json::document(&TagsJson::of(accounts), out),
        Format::Markdown => write_markdown(accounts, out),
    }
}

/// What would block a send, each in a sentence that a terminal can be given.
pub fn tag_warnings(accounts: &[AccountTags]) -> Vec<String> {
    let mut warnings = Vec::new();
    for known in accounts {
        let account = known.account.name.as_str();
        for (name, ids) in known.shared() {
            let (tags, ids) = (nouns::count(ids.len(), "tag", "tags"), ids.join(", "));
            warnings.push(format!(
                "{account} has {tags} named {}: {ids}; a send to this name is blocked",
                words::quoted(name)
            ));
        }
        for (name, targets) in known.missing() {
            let verb = if targets.len() == 1 { "names" } else { "name" };
            let (name, targets) = (words::quoted(name), listed(targets));
            warnings.push(format!("{account} has no tag {name}, which {targets} {verb}"));
        }
    }
    warnings.iter().map(|warning| escape::terminal(warning)).collect()
}

/// One row of the table: a tag of the account, or one that only the files know.
struct Row<'a> {
    tag: Option<&'a SeenTag>,
    name: &'a str,
    alarm: Option<String>,
    targets: Option<&'a BTreeSet<String>>,
}

impl AccountTags {
    /// How many tags have this name.
    fn named(&self, name: &str) -> usize {
        self.tags.iter().filter(|tag| tag.name == name).count()
    }

    /// Names that several tags have, with their numbers.
    fn shared(&self) -> BTreeMap<&str, Vec<String>> {
        let mut ids = BTreeMap::<&str, Vec<String>>::new();
        for tag in &self.tags {
            ids.entry(&tag.name).or_default().push(format!("id {}", tag.id));
        }
        ids.retain(|_, ids| ids.len() > 1);
        ids
    }

    /// Names that targets want and no tag has.
    fn missing(&self) -> impl Iterator<Item = (&str, &BTreeSet<String>)> {
        let wanted = self.wanted.iter().filter(|(name, _)| self.named(name) == 0);
        wanted.map(|(name, targets)| (name.as_str(), targets))
    }

    fn row<'a>(&'a self, tag: &'a SeenTag) -> Row<'a> {
        let many = self.named(&tag.name);
        let alarm = (many > 1).then(|| format!("AMBIGUOUS: {many} tags have this name"));
        Row { tag: Some(tag), name: &tag.name, alarm, targets: self.wanted.get(&tag.name) }
    }

    /// The table: what the account has, then what it lacks.
    fn rows(&self) -> Vec<Row<'_>> {
        let of_tag = |tag| self.row(tag);
        let of_missing = |(name, targets)| {
            let alarm = Some("NO SUCH TAG".to_owned());
            Row { tag: None, name, alarm, targets: Some(targets) }
        };
        self.tags.iter().map(of_tag).chain(self.missing().map(of_missing)).collect()
    }
}

impl Row<'_> {
    fn id(&self) -> String {
        self.tag.map_or_else(|| "–".to_owned(), |tag| tag.id.to_string())
    }

    fn followers(&self) -> String {
        self.tag.map_or_else(|| "–".to_owned(), |tag| nouns::number(tag.count))
    }

    fn targets(&self) -> String {
        self.targets.map(listed).unwrap_or_default()
    }

    /// The last column: what is wrong, and the targets.
    fn text(&self) -> (Tone, String) {
        let targets = self.targets();
        match &self.alarm {
            Some(alarm) if targets.is_empty() => (Tone::Alarm, alarm.clone()),
            Some(alarm) => (Tone::Alarm, format!("{alarm}; {targets}")),
            None => (Tone::Plain, targets),
        }
    }
}

/// All of them: whoever mends a target has to find each.
fn listed(targets: &BTreeSet<String>) -> String {
    targets.iter().map(String::as_str).collect::<Vec<_>>().join(", ")
}

/// All accounts in one line: `6 tags: 1 named by a target, 2 share a name.`
fn tally(accounts: &[AccountTags]) -> String {
    let sum = |count: &dyn Fn(&AccountTags) -> usize| accounts.iter().map(count).sum::<usize>();
    let named =
        sum(&|known| known.tags.iter().filter(|tag| known.wanted.contains_key(&tag.name)).count());
    let shared = sum(&|known| known.shared().values().map(Vec::len).sum());
    let each = [
        (named, "named by a target", "named by targets"),
        (shared, "shares a name", "share a name"),
        (sum(&|known| known.missing().count()), "more missing", "more missing"),
    ];
    let tags = nouns::count(sum(&|known| known.tags.len()), "tag", "tags");
    match nouns::counts(&each) {
        counts if counts.is_empty() => format!("{tags}, none named by a target."),
        counts => format!("{tags}: {counts}."),
    }
}

fn remark(known: &AccountTags) -> String {
    nouns::count(known.tags.len(), "tag", "tags")
}

/// How wide the columns of one account's table are.
struct Columns {
    id: usize,
    name: usize,
    followers: usize,
}

impl Columns {
    fn of(rows: &[Row<'_>]) -> Self {
        let widest = |cells: Vec<String>, head: &str, most: usize| {
            column(cells.iter().map(String::as_str).chain([head]), most)
        };
        let names = rows.iter().map(|row| escape::terminal(row.name)).collect();
        let followers = rows.iter().map(Row::followers).collect();
        Self {
            id: widest(rows.iter().map(Row::id).collect(), "id", NAME_COLUMNS_MAX),
            name: widest(names, "name", NAME_COLUMNS_MAX),
            followers: widest(followers, "followers", FOLLOWERS_COLUMNS_MAX),
        }
    }

    /// Where the column of followers begins.
    fn lead(&self) -> usize {
        2 + self.id + 2 + self.name + 2
    }
}

fn write_human(accounts: &[AccountTags], style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let page = &mut Page::new(style, out);
    for known in accounts {
        human::account(page, &known.account, &remark(known))?;
        page.gap()?;
        let rows = known.rows();
        if !rows.is_empty() {
            let columns = Columns::of(&rows);
            table_head(page, &columns)?;
            for row in &rows {
                table_row(page, &columns, row)?;
            }
            page.gap()?;
        }
    }
    page.paragraph(0, Tone::Strong, &tally(accounts))
}

fn table_head(page: &mut Page<'_>, columns: &Columns) -> io::Result<()> {
    let (id, name) = (human::pad_left("id", columns.id), pad("name", columns.name));
    let followers = human::pad_left("followers", columns.followers);
    let head = format!("  {id}  {name}  {followers}  targets");
    let head = page.style().paint(Tone::Quiet, &head);
    page.line(&head)
}

fn table_row(page: &mut Page<'_>, columns: &Columns, row: &Row<'_>) -> io::Result<()> {
    let style = page.style();
    let (name, (tone, text)) = (escape::terminal(row.name), row.text());
    let id = style.paint(Tone::Quiet, &human::pad_left(&row.id(), columns.id));
    let painted = style.paint(Tone::Strong, &name);
    let space = " ".repeat(columns.name.saturating_sub(width(&name)));
    let mut lead = format!("  {id}  {painted}{space}  ");
    if width(&name) > columns.name {
        page.line(&lead)?;
        lead = " ".repeat(columns.lead());
    }
    let followers = human::pad_left(&row.followers(), columns.followers);
    let text = escape::terminal(&text);
    page.row((columns.lead(), &lead), (columns.followers, &followers), (tone, &text))
}

fn write_markdown(accounts: &[AccountTags], out: &mut dyn Write) -> io::Result<()> {
    for known in accounts {
        markdown::account(&known.account, &remark(known), out)?;
        let rows = known.rows();
        if rows.is_empty() {
            continue;
        }
        markdown::head(&["id", "name", "followers", "targets"], out)?;
        for row in &rows {
            let code = |target: &String| escape::markdown_code(target);
            let targets = row.targets.into_iter().flatten().map(code);
            let alarm = row.alarm.iter().map(|alarm| format!("⚠️ **{alarm}**"));
            let text: Vec<String> = alarm.chain(targets).collect();
            let name = escape::markdown_text(row.name);
            markdown::row(&[row.id(), name, row.followers(), text.join("<br>")], out)?;
        }
        writeln!(out)?;
    }
    writeln!(out, "**{}**", tally(accounts))
}

/// The tags of accounts.
#[derive(Serialize)]
struct TagsJson<'a> {
    format_version: u32,
    accounts: Vec<AskedJson>,
    tags: Vec<TagJson<'a>>,
    missing: Vec<MissingJson<'a>>,
}

/// A tag that an account has.
#[derive(Serialize)]
struct TagJson<'a> {
    /// The account's appid.
    account: String,
    id: u32,
    name: &'a str,
    followers: u64,
    /// Whether another tag of the account has this name, so that a send by it is blocked.
    ambiguous: bool,
    /// The addresses of the targets that name it.
    targets: Vec<&'a str>,
}

/// A tag that targets name and the account does not have.
#[derive(Serialize)]
struct MissingJson<'a> {
    /// The account's appid.
    account: String,
    name: &'a str,
    targets: Vec<&'a str>,
}

impl<'a> TagsJson<'a> {
    fn of(accounts: &'a [AccountTags]) -> Self {
        let mut all = Self {
            format_version: FORMAT_VERSION,
            accounts: accounts.iter().map(|known| json::asked(&known.account)).collect(),
            tags: Vec::new(),
            missing: Vec::new(),
        };
        for known in accounts {
            let account = || known.account.appid.to_string();
            for Row { tag, name, targets, .. } in known.rows() {
                let targets = targets.into_iter().flatten().map(String::as_str).collect();
                match tag {
                    Some(tag) => all.tags.push(TagJson {
                        account: account(),
                        id: tag.id.get(),
                        name,
                        followers: tag.count,
                        ambiguous: known.named(name) > 1,
                        targets,
                    }),
                    None => all.missing.push(MissingJson { account: account(), name, targets }),
                }
            }
        }
        all
    }
}

#[cfg(test)]
#[path = "tags_tests.rs"]
mod tests;
