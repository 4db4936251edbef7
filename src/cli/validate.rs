//! `validate`: every problem of the files, and nothing else.

use super::args::Files;
use super::desired;
use super::error::CliError;
use super::exit::Exit;
use super::ui::Ui;
use crate::report::{self, Format};

/// Reads, parses, checks and renders; asks nobody and writes nothing.
pub(super) fn run(args: &Files, ui: &Ui) -> Result<Exit, CliError> {
    let loaded = desired::load(&args.paths, &mut |problems| ui.problems(problems))?;
    match ui.format {
        Format::Json => {
            let problems = report::diagnostics_json(&loaded.diagnostics);
            ui.print(&format!("{problems:#}\n"))?;
        }
        Format::Human | Format::Markdown => {
            ui.problems(&loaded.diagnostics);
            let campaigns: usize = loaded.accounts.iter().map(|a| a.campaigns.len()).sum();
            let sends: usize =
                loaded.accounts.iter().flat_map(|a| &a.campaigns).map(|c| c.sends.len()).sum();
            let sound =
                format!("{} and {} are sound", count(campaigns, "campaign"), count(sends, "send"));
            ui.print(&match loaded.wrong {
                0 => format!("{sound}.\n"),
                1 => format!("{sound}; 1 campaign is not.\n"),
                wrong => format!("{sound}; {wrong} campaigns are not.\n"),
            })?;
        }
    }
    Ok(if loaded.has_errors() { Exit::BadFiles } else { Exit::Done })
}

fn count(n: usize, one: &str) -> String {
    format!("{n} {one}{}", if n == 1 { "" } else { "s" })
}
