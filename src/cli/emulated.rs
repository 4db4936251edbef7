//! The emulated account of `api: sandbox`: its time at once, itself when it is first asked.
//!
//! A plan that asks nothing starts no server and makes no state file; but what time it is there
//! decides about windows, so that is known from the beginning.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio::sync::OnceCell;
use url::Url;

use crate::campaign::Account;
use crate::sandbox::{Keep, Rules, Sandbox, SandboxClock};
use crate::terms::{AccountKind, AppId, Clock};

use super::error::CliError;
use super::settings::own_folder;

/// An emulated account in this process; it stops when this is dropped.
pub(super) struct Emulated {
    appid: AppId,
    kind: AccountKind,
    own: PathBuf,
    clock: SandboxClock,
    running: OnceCell<Sandbox>,
}

impl Emulated {
    /// Finds the account's state, if it has any yet, in the project's own folder.
    ///
    /// # Errors
    ///
    /// [`CliError::Sandbox`] when the state file cannot be read.
    pub(super) fn of(
        account: &Account,
        project_folder: &Path,
        base: Arc<dyn Clock>,
    ) -> Result<Self, CliError> {
        let clock = SandboxClock::by_itself(base);
        let emulated = Self {
            appid: account.appid.clone(),
            kind: account.kind,
            own: own_folder(project_folder),
            clock,
            running: OnceCell::new(),
        };
        emulated.clock.resume(&emulated.keep()).map_err(CliError::Sandbox)?;
        Ok(emulated)
    }

    /// Its time, which is the tool's own for this account.
    pub(super) fn clock(&self) -> SandboxClock {
        self.clock.clone()
    }

    /// Where it listens. The first call starts it.
    ///
    /// # Errors
    ///
    /// When the state file cannot be made, or no port is free.
    pub(super) async fn base_url(&self) -> Result<Url, CliError> {
        let sandbox = self.running.get_or_try_init(|| self.start()).await?;
        Ok(sandbox.base_url())
    }

    async fn start(&self) -> Result<Sandbox, CliError> {
        std::fs::create_dir_all(&self.own)
            .map_err(|source| CliError::Write { path: self.own.clone(), source })?;
        let rules = Rules::new(self.appid.clone(), self.kind);
        let started = Sandbox::start(rules, self.keep(), self.clock.clone()).await;
        started.map_err(|source| CliError::SandboxState { path: self.state(), source })
    }

    fn keep(&self) -> Keep {
        Keep::File(self.state())
    }

    fn state(&self) -> PathBuf {
        self.own.join("sandbox.db")
    }
}
