//! The command line of what looks at an account as a whole: `quota`, `speed`,
//! `doctor`; and of what acts on one send: `preview`, `retract`.

use std::path::PathBuf;

use clap::Args;

use super::args::{Trust, duration};
use crate::terms::{OpenId, Reviewer, SendAddress, WxName};

/// Where the project is, and what may be read there.
#[derive(Debug, Clone, Args)]
pub(super) struct ProjectArgs {
    /// Where `qunfa.yaml` is, or below it.
    #[arg(long = "in", default_value = "campaigns", value_name = "PATH")]
    pub(super) path: PathBuf,
    /// Which surroundings are allowed.
    #[command(flatten)]
    pub(super) trust: Trust,
}

/// `quota`.
#[derive(Debug, Args)]
#[command(after_help = "Example: qunfa quota shop --json-into quota.json")]
pub(super) struct QuotaArgs {
    /// The accounts, by their names in `qunfa.yaml`; all of them unless given.
    #[arg(value_name = "ACCOUNT")]
    pub(super) accounts: Vec<String>,
    /// Where the project is.
    #[command(flatten)]
    pub(super) project: ProjectArgs,
    /// Ask WeChat nothing and read no secret; show only what the history knows.
    #[arg(long)]
    pub(super) offline: bool,
    /// Also write it as JSON into this file.
    #[arg(long, value_name = "FILE")]
    pub(super) json_into: Option<PathBuf>,
}

/// `speed`.
#[derive(Debug, Args)]
#[command(after_help = "Example: qunfa speed shop --set 3")]
pub(super) struct SpeedArgs {
    /// The account, by its name in `qunfa.yaml`; all of them unless given.
    #[arg(value_name = "ACCOUNT")]
    pub(super) account: Option<String>,
    /// Where the project is.
    #[command(flatten)]
    pub(super) project: ProjectArgs,
    /// Change it: from 0, the fastest (800,000 followers a minute), to 4 (100,000).
    #[arg(long, requires = "account", value_name = "N", value_parser = clap::value_parser!(u8).range(0..=4))]
    pub(super) set: Option<u8>,
    /// Do not ask before it is changed.
    #[arg(long, requires = "set")]
    pub(super) yes: bool,
}

/// `doctor`.
#[derive(Debug, Args)]
#[command(after_help = "Example: qunfa doctor shop --format markdown")]
pub(super) struct DoctorArgs {
    /// The accounts, by their names in `qunfa.yaml`; all of them unless given.
    #[arg(value_name = "ACCOUNT")]
    pub(super) accounts: Vec<String>,
    /// Where the project is.
    #[command(flatten)]
    pub(super) project: ProjectArgs,
    /// Also write it as JSON into this file.
    #[arg(long, value_name = "FILE")]
    pub(super) json_into: Option<PathBuf>,
}

/// `preview`.
#[derive(Debug, Args)]
#[command(
    after_help = "Example: qunfa preview spring-2026/sends/launch --to wxname:editor-in-chief"
)]
pub(super) struct PreviewArgs {
    /// The send, such as `spring-2026/sends/launch`.
    pub(super) address: SendAddress,
    /// Who gets it: `wxname:NAME`, a WeChat ID (微信号), or `openid:ID`; may be given several times.
    /// The send's own reviewers unless given, also those who have seen it.
    #[arg(long = "to", value_name = "PERSON", value_parser = person)]
    pub(super) to: Vec<Reviewer>,
    /// Which campaigns.
    #[arg(long = "in", default_value = "campaigns", value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,
    /// Which surroundings are allowed.
    #[command(flatten)]
    pub(super) trust: Trust,
    /// How long to wait in all: before a call is made again, and for WeChat to transcode a video.
    #[arg(long, value_name = "DURATION", default_value = "2m", value_parser = duration)]
    pub(super) wait: jiff::SignedDuration,
}

/// Reads a person as the command line names one.
fn person(text: &str) -> Result<Reviewer, String> {
    let read = match text.split_once(':') {
        Some(("wxname", name)) => WxName::new(name).map(Reviewer::WxName),
        Some(("openid", id)) => OpenId::new(id).map(Reviewer::OpenId),
        Some(_) | None => {
            return Err("write `wxname:` and a WeChat ID (微信号), such as \
                        wxname:editor-in-chief, or `openid:` and an openid of this account"
                .to_owned());
        }
    };
    read.map_err(|error| error.to_string())
}

/// `retract`.
#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("what").required(true).multiple(true))]
#[command(
    after_help = "Example: qunfa retract weekly@2026-w47/sends/issue --article calendar --reason 活动价格写错"
)]
pub(super) struct RetractArgs {
    /// The send, such as `weekly@2026-w47/sends/issue`.
    pub(super) address: SendAddress,
    /// Every article of it, or the video.
    #[arg(long, group = "what", conflicts_with = "articles")]
    pub(super) all: bool,
    /// An article of it, by the name that it had when it was sent, or by its number from 1; may be
    /// given several times.
    #[arg(long = "article", group = "what", value_name = "NAME")]
    pub(super) articles: Vec<String>,
    /// Why; written into the history.
    #[arg(long, value_name = "TEXT")]
    pub(super) reason: String,
    /// Where the project is.
    #[command(flatten)]
    pub(super) project: ProjectArgs,
    /// The account, when several have sent it.
    #[arg(long, value_name = "NAME")]
    pub(super) account: Option<String>,
    /// Do not ask once more.
    #[arg(long)]
    pub(super) yes: bool,
}
