//! `doctor`: looks at everything that a run needs, and says of each thing how it is. It records
//! nothing, and its calls change nothing.

use std::path::Path;

use super::account::shown;
use super::account_args::DoctorArgs;
use super::desired::{self, Loaded};
use super::error::CliError;
use super::exit::Exit;
use super::project::OpenProject;
use super::settings::{self, Surroundings};
use super::ui::Ui;
use super::{doctor_calls, doctor_history, save, tags};
use crate::campaign::{Account, ReadError};
use crate::report::{self, Check, Format, Health, Verdict};

/// What was found so far, in order.
#[derive(Debug, Default)]
pub(super) struct Findings(Vec<Check>);

impl Findings {
    /// Something is as it should be.
    pub(super) fn ok(&mut self, id: &'static str, text: impl Into<String>) {
        self.add(id, Verdict::Ok, text.into(), None);
    }

    /// Something works, and somebody should look at it.
    pub(super) fn warn(&mut self, id: &'static str, text: impl Into<String>, help: &str) {
        self.add(id, Verdict::Warning, text.into(), Some(help.to_owned()));
    }

    /// A run would stop at something.
    pub(super) fn fail(&mut self, id: &'static str, text: impl Into<String>, help: Option<String>) {
        self.add(id, Verdict::Failed, text.into(), help);
    }

    /// A run would stop at something, for a reason that knows what to do about it.
    pub(super) fn fail_by(&mut self, id: &'static str, error: &CliError) {
        let help = match error {
            CliError::WeChat(error) => error.help(),
            _ => None,
        };
        let causes = error.causes().into_iter().map(|cause| format!("; because {cause}"));
        let text: String = std::iter::once(error.to_string()).chain(causes).collect();
        self.add(id, Verdict::Failed, text, help);
    }

    /// These could not be looked at.
    pub(super) fn skip(&mut self, ids: &[&'static str], needs: &str) {
        for id in ids {
            self.add(id, Verdict::Skipped, format!("needs: {needs}"), None);
        }
    }

    /// This does not matter here.
    pub(super) fn pass_over(&mut self, id: &'static str, why: &str) {
        self.add(id, Verdict::Skipped, why.to_owned(), None);
    }

    fn add(&mut self, id: &'static str, verdict: Verdict, text: String, help: Option<String>) {
        self.0.push(Check { id, verdict, text, help });
    }
}

/// Looks, and shows what was found.
pub(super) async fn run(
    args: &DoctorArgs,
    ui: &Ui,
    surroundings: &Surroundings,
) -> Result<Exit, CliError> {
    let mut health = Health::default();
    let mut found = Findings::default();
    let path = &args.project.path;
    match OpenProject::read(path, ui, surroundings, args.project.trust) {
        Ok(project) => {
            let accounts = project.accounts(&args.accounts)?;
            let names: Vec<&str> = accounts.iter().map(|a| a.name.value.as_str()).collect();
            let file = project.folder.join("qunfa.yaml");
            found.ok("project", format!("{}; looked at: {}", file.display(), names.join(", ")));
            let loaded = campaigns(path, &mut found);
            for account in accounts {
                let checks = examine(account, &project, loaded.as_ref(), surroundings).await;
                health.accounts.push((shown(account), checks.0));
            }
        }
        Err(error) => {
            found.fail_by("project", &error);
            found.skip(&["campaigns", "accounts"], "qunfa.yaml without errors");
        }
    }
    health.project = found.0;
    let style = ui.style(settings::now());
    ui.view(|out| report::doctor(&health, ui.format, &style, out))?;
    if let Some(file) = &args.json_into {
        let mut text = Vec::new();
        report::doctor(&health, Format::Json, &style, &mut text)?;
        save::write(file, &text)?;
    }
    Ok(if health.has_failed() { Exit::CouldNotRun } else { Exit::Done })
}

/// Reads every campaign: what a run would do with them is not asked.
fn campaigns(path: &Path, found: &mut Findings) -> Option<Loaded> {
    let id = "campaigns";
    match desired::load(&[path.to_path_buf()], &mut |_| ()) {
        Ok(loaded) => {
            let sound: usize = loaded.accounts.iter().map(|files| files.campaigns.len()).sum();
            if loaded.has_errors() {
                let text = format!("{} wrong, {sound} without errors", loaded.wrong);
                let help = format!("`qunfa validate {}` shows what is wrong", path.display());
                found.fail(id, text, Some(help));
            } else {
                found.ok(id, format!("{sound} without errors"));
            }
            Some(loaded)
        }
        Err(CliError::Read(error @ ReadError::NoCampaign { .. })) => {
            found.warn(id, error.to_string(), "write one: a folder with a campaign.yaml");
            None
        }
        Err(error) => {
            found.fail_by(id, &error);
            None
        }
    }
}

async fn examine(
    account: &Account,
    project: &OpenProject<'_>,
    loaded: Option<&Loaded>,
    surroundings: &Surroundings,
) -> Findings {
    let mut found = Findings::default();
    let place = project.place();
    let wanted = loaded.map(|loaded| tags::wanted(tags::campaigns(loaded, account)));
    doctor_calls::examine(account, place, wanted.as_ref(), &mut found).await;
    doctor_history::examine(account, place, surroundings, &mut found).await;
    found
}
