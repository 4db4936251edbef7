//! `schema`: the JSON Schemas of the files that people write and programs read.

use super::args::SchemaArgs;
use super::error::CliError;
use super::exit::Exit;
use super::save;
use super::ui::Ui;
use crate::{campaign, report};

/// Every schema, by its file's name.
pub fn all() -> [(&'static str, String); 7] {
    let text = |schema: serde_json::Value| format!("{schema:#}\n");
    [
        ("campaign.schema.json", text(campaign::campaign_schema())),
        ("project.schema.json", text(campaign::project_schema())),
        ("plan.schema.json", text(report::plan_schema())),
        ("doctor.schema.json", text(report::doctor_schema())),
        ("explain.schema.json", text(report::codes_schema())),
        ("quota.schema.json", text(report::quota_schema())),
        ("speed.schema.json", text(report::speed_schema())),
    ]
}

/// Writes them, or says which are stale.
pub(super) fn run(args: &SchemaArgs, ui: &Ui) -> Result<Exit, CliError> {
    let mut exit = Exit::Done;
    for (name, text) in all() {
        let path = args.folder.join(name);
        let is_fresh = std::fs::read_to_string(&path).is_ok_and(|found| found == text);
        let word = match (is_fresh, args.check) {
            (true, _) => "up to date",
            (false, true) => {
                exit = exit.and(Exit::StepFailed);
                "stale"
            }
            (false, false) => {
                save::write(&path, text.as_bytes())?;
                "written"
            }
        };
        ui.print(&format!("{}: {word}\n", path.display()))?;
    }
    Ok(exit)
}
