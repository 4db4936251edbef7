//! `qunfa.yaml` and what lies beside it, for commands that work on accounts and on no campaign.

use std::path::{Path, PathBuf};

use super::account::{Place, pick};
use super::args::Trust;
use super::desired;
use super::error::CliError;
use super::settings::Surroundings;
use super::ui::Ui;
use crate::campaign::{Account, Project};

/// A project whose accounts a command works on.
pub(super) struct OpenProject<'a> {
    /// `qunfa.yaml`.
    pub(super) project: Project,
    /// Its folder.
    pub(super) folder: PathBuf,
    surroundings: &'a Surroundings,
    trust: Trust,
}

impl<'a> OpenProject<'a> {
    /// Reads the `qunfa.yaml` that is nearest to `path`, and shows what is wrong with it.
    ///
    /// # Errors
    ///
    /// As [`desired::load_project`].
    pub(super) fn read(
        path: &Path,
        ui: &Ui,
        surroundings: &'a Surroundings,
        trust: Trust,
    ) -> Result<Self, CliError> {
        let (project, folder) = desired::load_project(path, &mut |problems| ui.problems(problems))?;
        Ok(Self { project, folder, surroundings, trust })
    }

    /// Where its files are and what is allowed.
    pub(super) fn place(&self) -> Place<'_> {
        Place {
            folder: &self.folder,
            history: &self.project.history,
            surroundings: self.surroundings,
            trust: self.trust,
        }
    }

    /// The accounts with these names, each once and in this order; all of them for no name.
    ///
    /// # Errors
    ///
    /// [`CliError::Usage`] for a name that no account has.
    pub(super) fn accounts(&self, names: &[String]) -> Result<Vec<&Account>, CliError> {
        if names.is_empty() {
            return pick(&self.project.accounts, None);
        }
        let mut accounts: Vec<&Account> = Vec::new();
        for name in names {
            for account in pick(&self.project.accounts, Some(name))? {
                if !accounts.iter().any(|known| known.appid == account.appid) {
                    accounts.push(account);
                }
            }
        }
        Ok(accounts)
    }
}
