//! The surroundings, read once: the only place that looks at the environment.

use std::path::{Path, PathBuf};

use jiff::Timestamp;

use crate::campaign::Source;
use crate::history::Run;
use crate::terms::RunId;

use super::args::Trust;
use super::error::CliError;

/// What the environment says, as far as this program cares.
#[derive(Debug, Clone)]
pub(super) struct Surroundings {
    /// In a CI job.
    pub(super) is_ci: bool,
    /// Colours are not wanted.
    pub(super) no_color: bool,
    /// Hosts beyond WeChat's own that an account's `api` may name.
    pub(super) allowed_hosts: Vec<String>,
    /// The history outlives the CI job's machine.
    pub(super) history_persists: bool,
    /// Variables that other programs take a proxy from, and this one does not.
    pub(super) proxies: Vec<&'static str>,
    /// Who started this: the CI's name for them, or the system's.
    pub(super) actor: Option<String>,
    /// The git commit of the files, as the CI names it.
    pub(super) commit: Option<String>,
}

/// Looks up one variable; a value that is no UTF-8 is as good as none.
#[expect(clippy::disallowed_methods, reason = "this module is the one that reads the environment")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// The first of these variables that is set.
fn first_of(names: &[&str]) -> Option<String> {
    names.iter().find_map(|name| variable(name))
}

impl Surroundings {
    /// Reads the environment.
    pub(super) fn read() -> Self {
        let hosts = variable("QUNFA_ALLOW_HOSTS").unwrap_or_default();
        Self {
            is_ci: variable("CI").is_some_and(|ci| ci != "false" && ci != "0"),
            no_color: variable("NO_COLOR").is_some(),
            allowed_hosts: hosts.split([',', ' ']).map(str::to_owned).collect(),
            history_persists: variable("QUNFA_HISTORY_PERSISTS").as_deref() == Some("1"),
            proxies: ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"]
                .into_iter()
                .filter(|name| variable(name).is_some())
                .collect(),
            actor: first_of(&["GITHUB_ACTOR", "GITLAB_USER_LOGIN", "BUILD_USER_ID", "USER"]),
            commit: first_of(&["GITHUB_SHA", "CI_COMMIT_SHA", "GIT_COMMIT"]),
        }
    }

    /// Introduces a run for the history.
    ///
    /// # Errors
    ///
    /// [`CliError::Chance`] when the system gives no random bytes.
    pub(super) fn run(&self, command: &str) -> Result<Run, CliError> {
        let chance: [u8; 32] = chance()?;
        let id = crate::terms::hex(&chance[..8]);
        Ok(Run {
            id: RunId::new(id).expect("hex digits are a run id"),
            command: command.to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            actor: self.actor.clone(),
            commit: self.commit.clone(),
            nonce_seed: chance,
        })
    }
}

/// Bytes that nobody can guess.
///
/// # Errors
///
/// [`CliError::Chance`] when the system gives none.
pub(super) fn chance<const N: usize>() -> Result<[u8; N], CliError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| CliError::Chance(error.to_string()))?;
    Ok(bytes)
}

/// Now, by this machine.
#[expect(clippy::disallowed_methods, reason = "the program's edge, where the time comes in")]
pub(super) fn now() -> Timestamp {
    Timestamp::now()
}

/// Reads a secret from where `qunfa.yaml` says it is. A command or a file is read only when the
/// person who started the program allows it: a pull request must not be able to.
///
/// # Errors
///
/// [`CliError::Secret`], which names where it should be and never what it is.
pub(super) fn secret(
    source: &Source,
    what: &str,
    folder: &Path,
    trust: Trust,
) -> Result<String, CliError> {
    let missing = |why: String| CliError::Secret { what: what.to_owned(), why };
    let text = match source {
        Source::Env(name) => {
            variable(name).ok_or_else(|| missing(format!("the variable {name} is not set")))?
        }
        Source::File(_) | Source::Command(_) if !trust.allow_commands => {
            let why = "it comes from a file or a command: say --allow-commands to read it";
            return Err(missing(why.to_owned()));
        }
        Source::File(file) => {
            let path = folder.join(file);
            let read = std::fs::read_to_string(&path);
            read.map_err(|error| missing(format!("cannot read {}: {error}", path.display())))?
        }
        Source::Command(words) => output_of(words, folder).map_err(missing)?,
    };
    let text = text.trim_end_matches(['\r', '\n']).to_owned();
    if text.is_empty() { Err(missing("it is empty".to_owned())) } else { Ok(text) }
}

fn output_of(words: &[String], folder: &Path) -> Result<String, String> {
    let [program, args @ ..] = words else { return Err("its command is empty".to_owned()) };
    let output = std::process::Command::new(program)
        .args(args)
        .current_dir(folder)
        .stdin(std::process::Stdio::null())
        .output()
        .map_err(|error| format!("cannot run `{program}`: {error}"))?;
    if !output.status.success() {
        return Err(format!("`{program}` failed ({})", output.status));
    }
    String::from_utf8(output.stdout).map_err(|_| format!("`{program}` printed no UTF-8"))
}

/// The tool's own folder beside `qunfa.yaml`.
pub(super) fn own_folder(project_folder: &Path) -> PathBuf {
    project_folder.join(".qunfa")
}
