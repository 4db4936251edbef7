//! Why a command could not run, with the exit code that it means.

use std::path::PathBuf;

use crate::apply::ApplyError;
use crate::history::{JournalError, StoreError};
use crate::wechat::WeChatError;

use super::exit::Exit;

/// Why a command could not run.
#[derive(Debug, thiserror::Error)]
pub(super) enum CliError {
    /// A file could not be read.
    #[error("{0}")]
    Read(#[from] crate::campaign::ReadError),
    /// A file could not be written.
    #[error("cannot write {}: {source}", path.display())]
    Write {
        /// Which.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// The campaign files are wrong; what is wrong was shown.
    #[error("the campaign files are wrong")]
    BadFiles,
    /// A secret is not where it should be.
    #[error("no {what}: {why}")]
    Secret {
        /// Which.
        what: String,
        /// Why not; never the secret.
        why: String,
    },
    /// The system gave no random bytes.
    #[error("the system gives no random bytes: {0}")]
    Chance(String),
    /// The history cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A record could not be read or written.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// A real account's history is not the one that `qunfa.yaml` names.
    #[error("{0}")]
    History(String),
    /// WeChat did not answer as it should.
    #[error(transparent)]
    WeChat(#[from] WeChatError),
    /// The emulated account could not be started from the state that it left.
    #[error("cannot start the sandbox, whose state is in {}: {source}", path.display())]
    SandboxState {
        /// Its file.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// The emulated account could not be started.
    #[error("cannot start the sandbox: {0}")]
    Sandbox(std::io::Error),
    /// This machine's clock is far from WeChat's (R10).
    #[error("this machine's clock is {skew_s} s off WeChat's; set it first")]
    Clock {
        /// How far WeChat's is ahead, in seconds.
        skew_s: i64,
    },
    /// Something is not allowed by the surroundings.
    #[error("{0}")]
    NotAllowed(String),
    /// The command line asks for something that is not there, or not so.
    #[error("{0}")]
    Usage(String),
    /// What a person asked for does not hold: a digest, a fence.
    #[error("{0}")]
    Refused(String),
    /// Output went nowhere.
    #[error("cannot print: {0}")]
    Print(#[from] std::io::Error),
}

impl From<ApplyError> for CliError {
    fn from(error: ApplyError) -> Self {
        match error {
            ApplyError::Journal(error) => Self::Journal(error),
        }
    }
}

impl CliError {
    /// What led to it, from the nearest on; what it says itself is not repeated.
    pub(super) fn causes(&self) -> Vec<String> {
        let mut said = self.to_string();
        let mut causes = Vec::new();
        let mut source = std::error::Error::source(self);
        while let Some(cause) = source {
            let text = cause.to_string();
            if !said.contains(&text) {
                said.push_str(&text);
                causes.push(text);
            }
            source = cause.source();
        }
        causes
    }

    /// What it means for whoever called the program.
    pub(super) fn exit(&self) -> Exit {
        match self {
            Self::BadFiles => Exit::BadFiles,
            Self::Usage(_) => Exit::Usage,
            Self::Refused(_) => Exit::NeedsPerson,
            Self::Read(_)
            | Self::Write { .. }
            | Self::Secret { .. }
            | Self::Chance(_)
            | Self::Store(_)
            | Self::Journal(_)
            | Self::History(_)
            | Self::WeChat(_)
            | Self::SandboxState { .. }
            | Self::Sandbox(_)
            | Self::Clock { .. }
            | Self::NotAllowed(_)
            | Self::Print(_) => Exit::CouldNotRun,
        }
    }
}
