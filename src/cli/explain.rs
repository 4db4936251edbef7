//! `explain`: one code, ours or WeChat's, or all of them.

use super::args::ExplainArgs;
use super::error::CliError;
use super::exit::Exit;
use super::settings;
use super::ui::Ui;
use crate::diagnostic::Code;
use crate::report::{self, Both, CodeTable, Format, OwnCode, WeChatCode};
use crate::{campaign, content, wechat};

/// Every code of ours.
pub(super) fn codes() -> impl Iterator<Item = &'static Code> {
    let own = [&super::desired::UNREADABLE, &super::desired::UNCLEAR_RETRACTIONS];
    campaign::CODES.iter().chain(content::CODES).copied().chain(own)
}

/// Prints what a code means and what to do, or the whole table.
pub(super) fn run(args: &ExplainArgs, ui: &Ui) -> Result<Exit, CliError> {
    match &args.code {
        Some(code) => one(code, ui),
        None if args.all => {
            let style = ui.style(settings::now());
            ui.view(|out| report::codes(&table(), ui.format, &style, out))?;
            Ok(Exit::Done)
        }
        None => Err(CliError::Usage(
            "say which code: one of ours, as in `qunfa explain Q0201`, or one of WeChat's, as in \
             `qunfa explain 45028`; `qunfa explain --all` shows every code there is"
                .to_owned(),
        )),
    }
}

/// Every code that is known.
fn table() -> CodeTable {
    let both = |text: wechat::Text| Both { en: text.en, zh: text.zh };
    let wechat = wechat::facts().iter().map(|fact| WeChatCode {
        code: fact.code,
        class: both(fact.class.name()),
        meaning: both(fact.meaning),
        to_do: both(fact.to_do),
    });
    let mut own: Vec<OwnCode> = codes()
        .map(|Code { id, title, explanation }| OwnCode { code: id, title, explanation })
        .collect();
    own.sort_by_key(|code| code.code);
    CodeTable { wechat: wechat.collect(), own }
}

fn one(code: &str, ui: &Ui) -> Result<Exit, CliError> {
    let wanted = code.trim().to_ascii_uppercase();
    if let Some(code) = codes().find(|known| known.id == wanted) {
        let text = match ui.format {
            Format::Json => {
                let Code { id, title, explanation } = code;
                format!(
                    "{:#}\n",
                    serde_json::json!({ "code": id, "title": title, "explanation": explanation })
                )
            }
            Format::Human | Format::Markdown => {
                format!("{}: {}\n\n{}\n", code.id, code.title, code.explanation.trim())
            }
        };
        ui.print(&text)?;
        return Ok(Exit::Done);
    }
    if let Some(fact) = wanted.parse().ok().and_then(wechat::explain) {
        let text = match ui.format {
            Format::Json => {
                let json = serde_json::json!({
                    "code": fact.code,
                    "meaning": { "en": fact.meaning.en, "zh": fact.meaning.zh },
                    "to_do": { "en": fact.to_do.en, "zh": fact.to_do.zh },
                });
                format!("{json:#}\n")
            }
            Format::Human | Format::Markdown => format!(
                "WeChat {}: {}\n{}\n\n{}\n{}\n",
                fact.code, fact.meaning.en, fact.meaning.zh, fact.to_do.en, fact.to_do.zh
            ),
        };
        ui.print(&text)?;
        return Ok(Exit::Done);
    }
    Err(CliError::Usage(format!(
        "`{code}` is neither a code of ours (such as Q0201) nor one of WeChat's that is known here; \
         `qunfa explain --all` shows every code there is"
    )))
}
