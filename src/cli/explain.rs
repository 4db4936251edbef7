//! `explain`: one code, ours or WeChat's.

use super::error::CliError;
use super::exit::Exit;
use super::ui::Ui;
use crate::diagnostic::Code;
use crate::report::Format;
use crate::{campaign, content, wechat};

/// Every code of ours.
pub(super) fn codes() -> impl Iterator<Item = &'static Code> {
    campaign::CODES.iter().chain(content::CODES).copied().chain([&super::desired::UNREADABLE])
}

/// Prints what a code means and what to do.
pub(super) fn run(code: &str, ui: &Ui) -> Result<Exit, CliError> {
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
        "`{code}` is neither a code of ours (such as Q0201) nor one of WeChat's that is known here"
    )))
}
