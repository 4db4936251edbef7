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
            ui.print(&format!("{campaigns} campaigns and {sends} sends are sound.\n"))?;
        }
    }
    Ok(if loaded.has_errors() { Exit::BadFiles } else { Exit::Done })
}
