//! The retractions of a plan, as each form shows them.

use std::io::{self, Write};

use schemars::JsonSchema;
use serde::Serialize;

use crate::plan::{Plan, RetractionLine, RetractionStanding};
use crate::terms::RetractedArticles;

use super::escape::{markdown, markdown_code};
use super::human::detail;
use super::layout::Page;
use super::style::Tone;

/// What everybody who agrees to a retraction must know (WeChat's page 删除群发).
const CONSEQUENCES: &str = "the page stops working wherever it was shared, the message stays in \
                            followers' chats, and it cannot be undone";

/// One retraction (删除群发).
#[derive(Serialize, JsonSchema)]
pub(super) struct RetractionJson {
    /// The account's appid.
    account: String,
    /// Which: `CAMPAIGN[@EDITION]/retract/NAME`.
    address: String,
    /// The send: `CAMPAIGN[@EDITION]/sends/SEND`.
    send: String,
    /// The articles by name; none: all of them.
    articles: Option<Vec<String>>,
    /// Why.
    reason: String,
    /// Where it is on its way.
    #[schemars(extend("enum" = ["planned", "waiting", "blocked", "withholds", "done"]))]
    standing: &'static str,
    /// The digest that an approval names.
    digest: String,
}

/// A plan's retractions for a program.
pub(super) fn json(plan: &Plan) -> impl Iterator<Item = RetractionJson> {
    plan.retractions.iter().map(|line| RetractionJson {
        account: plan.account.appid.to_string(),
        address: line.address.to_string(),
        send: line.send.to_string(),
        articles: match &line.articles {
            RetractedArticles::All => None,
            RetractedArticles::Named(names) => Some(names.clone()),
        },
        reason: line.reason.clone(),
        standing: standing_code(line.standing),
        digest: line.digest.to_string(),
    })
}

/// Writes a block for each retraction that is not done.
pub(super) fn human(page: &mut Page<'_>, plan: &Plan) -> io::Result<()> {
    for line in shown(plan) {
        page.gap()?;
        let (address, standing) = (line.address.to_string(), standing(line.standing));
        page.heading(2, (Tone::Strong, &address), (tone(line.standing), standing))?;
        detail(page, "of", Tone::Plain, &of(line))?;
        detail(page, "why", Tone::Plain, &line.reason)?;
        if matches!(line.standing, RetractionStanding::Planned | RetractionStanding::Waiting) {
            detail(page, "note", Tone::Plain, CONSEQUENCES)?;
        }
        detail(page, "digest", Tone::Quiet, &line.digest.to_string())?;
    }
    Ok(())
}

/// Writes a line for each retraction that is not done.
pub(super) fn markdown_lines(plan: &Plan, out: &mut dyn Write) -> io::Result<()> {
    for line in shown(plan) {
        writeln!(
            out,
            "- {} · **{}** · {} · {}. {}",
            markdown_code(&line.address.to_string()),
            standing(line.standing),
            markdown(&of(line)),
            markdown(&line.reason),
            match line.standing {
                RetractionStanding::Planned | RetractionStanding::Waiting => {
                    format!("Once done, {CONSEQUENCES}.")
                }
                _ => String::new(),
            }
            .trim_end(),
        )?;
    }
    if shown(plan).next().is_some() { writeln!(out) } else { Ok(()) }
}

/// Those that are done are counted among what is kept.
fn shown(plan: &Plan) -> impl Iterator<Item = &RetractionLine> {
    plan.retractions.iter().filter(|line| line.standing != RetractionStanding::Done)
}

fn of(line: &RetractionLine) -> String {
    match &line.articles {
        RetractedArticles::All => format!("all of {}", line.send),
        RetractedArticles::Named(names) => format!("{} of {}", names.join(", "), line.send),
    }
}

fn standing(standing: RetractionStanding) -> &'static str {
    match standing {
        RetractionStanding::Planned => "will be RETRACTED",
        RetractionStanding::Waiting => "waits",
        RetractionStanding::Blocked => "BLOCKED",
        RetractionStanding::Withholds => "withholds the send",
        RetractionStanding::Done => "done",
    }
}

fn standing_code(standing: RetractionStanding) -> &'static str {
    match standing {
        RetractionStanding::Planned => "planned",
        RetractionStanding::Waiting => "waiting",
        RetractionStanding::Blocked => "blocked",
        RetractionStanding::Withholds => "withholds",
        RetractionStanding::Done => "done",
    }
}

fn tone(standing: RetractionStanding) -> Tone {
    match standing {
        RetractionStanding::Planned | RetractionStanding::Blocked => Tone::Alarm,
        RetractionStanding::Waiting | RetractionStanding::Withholds => Tone::Change,
        RetractionStanding::Done => Tone::Quiet,
    }
}
