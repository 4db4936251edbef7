//! The command line, as typed.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::terms::SendAddress;

/// A declarative campaign runner for WeChat Official Accounts (微信公众号).
///
/// `plan` shows what is left to do, `apply` does it and remembers. A mass send (群发) happens exactly
/// once, to the people who were reviewed, or a person is told.
#[derive(Debug, Parser)]
#[command(name = "qunfa", version, max_term_width = 100)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// Flags that every command takes.
    #[command(flatten)]
    pub common: Common,
}

/// Flags that every command takes.
#[derive(Debug, Clone, Args)]
pub struct Common {
    /// How to print what was asked for.
    #[arg(long, global = true, value_enum, default_value_t = FormatArg::Human)]
    pub format: FormatArg,
    /// When to use colours.
    #[arg(long, global = true, value_enum, default_value_t = ColorArg::Auto)]
    pub color: ColorArg,
    /// Print no news, only what was asked for.
    #[arg(long, short, global = true)]
    pub quiet: bool,
    /// What to log to stderr, such as `info` or `qunfa=debug`.
    #[arg(long, global = true, value_name = "FILTER")]
    pub log: Option<String>,
}

/// How to print.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FormatArg {
    /// For people.
    Human,
    /// For programs.
    Json,
    /// For a comment on a pull request.
    Markdown,
}

/// When to use colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ColorArg {
    /// On a terminal, unless `NO_COLOR` is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Check campaign files, all problems at once; asks nobody.
    Validate(Files),
    /// Show what is left to do, and why; writes nothing.
    Plan(PlanArgs),
    /// Do what is left to do: upload, draft, preview, send, ask how it ended.
    Apply(ApplyArgs),
    /// Show where every send is, from the history.
    Status(Files),
    /// Record that you approve a send, as it is now.
    Approve(ApproveArgs),
    /// Say what a machine must not decide: whether a send went out.
    Resolve(ResolveArgs),
    /// Look at the records.
    #[command(subcommand)]
    History(HistoryCommand),
    /// Write the JSON Schemas of the files.
    Schema(SchemaArgs),
    /// Run the emulated account as a server.
    Sandbox(SandboxArgs),
    /// Explain a code: one of ours (Q0201) or one of WeChat's (45028).
    Explain {
        /// The code.
        code: String,
    },
}

/// Which campaigns.
#[derive(Debug, Clone, Args)]
pub struct Files {
    /// Campaign folders, their files, or folders to search.
    #[arg(default_value = "campaigns", value_name = "PATH")]
    pub paths: Vec<PathBuf>,
}

/// `plan`.
#[derive(Debug, Args)]
pub struct PlanArgs {
    /// Which campaigns.
    #[command(flatten)]
    pub files: Files,
    /// Which surroundings are allowed.
    #[command(flatten)]
    pub trust: Trust,
    /// Ask WeChat nothing and read no secret; use what the history knows.
    #[arg(long)]
    pub offline: bool,
    /// Exit with 2 when there are changes, with 6 when something waits.
    #[arg(long)]
    pub detailed_exitcode: bool,
    /// Also write the plan as JSON into this file.
    #[arg(long, value_name = "FILE")]
    pub json_into: Option<PathBuf>,
    /// Also write the plan as Markdown into this file.
    #[arg(long, value_name = "FILE")]
    pub markdown_into: Option<PathBuf>,
}

/// `apply`.
#[derive(Debug, Args)]
pub struct ApplyArgs {
    /// Which campaigns.
    #[command(flatten)]
    pub files: Files,
    /// Which surroundings are allowed.
    #[command(flatten)]
    pub trust: Trust,
    /// Do not ask before the first step.
    #[arg(long)]
    pub yes: bool,
    /// The last kind of step to do; below `send`, nothing is sent or settled.
    #[arg(long, value_enum, default_value_t = Until::Send)]
    pub until: Until,
    /// How long to wait in all: for windows, repeats and final states.
    #[arg(long, value_name = "DURATION", default_value = "2m")]
    pub wait: jiff::SignedDuration,
    /// Go on only if the plan has this digest.
    #[arg(long, value_name = "DIGEST")]
    pub expect: Option<String>,
    /// Exit with 6 when something waits.
    #[arg(long)]
    pub detailed_exitcode: bool,
    /// How many uploads run side by side.
    #[arg(long, default_value_t = 4, value_parser = clap::value_parser!(u8).range(1..=32))]
    pub parallel: u8,
}

/// What a repository alone must not be able to make the program do (design.md 5).
#[derive(Debug, Clone, Copy, Args)]
pub struct Trust {
    /// Allow secrets that come from a command or a file that `qunfa.yaml` names.
    #[arg(long)]
    pub allow_commands: bool,
}

/// The last kind of step to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Until {
    /// Pictures.
    Upload,
    /// Drafts.
    Draft,
    /// Previews.
    Preview,
    /// Everything.
    Send,
}

/// `approve`.
#[derive(Debug, Args)]
pub struct ApproveArgs {
    /// The send, such as `spring-2026/sends/launch`.
    pub address: SendAddress,
    /// Which campaigns.
    #[arg(long = "in", default_value = "campaigns", value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Which surroundings are allowed.
    #[command(flatten)]
    pub trust: Trust,
    /// The send digest that you saw; asked for on a terminal when it is not given.
    #[arg(long, value_name = "DIGEST")]
    pub expect: Option<String>,
    /// Your name; the CI's or the system's name for you unless given.
    #[arg(long, value_name = "NAME")]
    pub by: Option<String>,
}

/// `resolve`.
#[derive(Debug, Args)]
pub struct ResolveArgs {
    /// The send, such as `spring-2026/sends/launch` or `recall/sends/note#2`.
    pub address: SendAddress,
    /// What you found out.
    #[command(flatten)]
    pub verdict: VerdictArgs,
    /// The number of the job, if the console shows one.
    #[arg(long, requires = "sent", value_name = "NUMBER")]
    pub msg_id: Option<u64>,
    /// What you looked at; written into the history.
    #[arg(long, value_name = "TEXT")]
    pub evidence: Option<String>,
    /// Your name; the CI's or the system's name for you unless given.
    #[arg(long, value_name = "NAME")]
    pub by: Option<String>,
    /// Where `qunfa.yaml` is, or below it.
    #[arg(long = "in", default_value = "campaigns", value_name = "PATH")]
    pub path: PathBuf,
    /// The account, when several have a history of this send.
    #[arg(long, value_name = "NAME")]
    pub account: Option<String>,
    /// Do not ask once more.
    #[arg(long)]
    pub yes: bool,
}

/// What a person found out.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub struct VerdictArgs {
    /// It went out.
    #[arg(long)]
    pub sent: bool,
    /// It did not go out, and may be sent again.
    #[arg(long)]
    pub not_sent: bool,
    /// It is known how it ended; say why that is all right.
    #[arg(long, value_name = "REASON")]
    pub acknowledge: Option<String>,
}

/// `history`.
#[derive(Debug, Subcommand)]
pub enum HistoryCommand {
    /// Show the records, oldest first.
    Show(HistoryArgs),
    /// Prove that no record was changed or removed.
    Verify(HistoryArgs),
    /// Begin a history for an account, and print its id for `qunfa.yaml`.
    New(HistoryNewArgs),
}

/// Which histories.
#[derive(Debug, Args)]
pub struct HistoryArgs {
    /// Where `qunfa.yaml` is, or below it.
    #[arg(default_value = "campaigns", value_name = "PATH")]
    pub path: PathBuf,
    /// Only this account's.
    #[arg(long, value_name = "NAME")]
    pub account: Option<String>,
}

/// `history new`.
#[derive(Debug, Args)]
pub struct HistoryNewArgs {
    /// The account, by its name in `qunfa.yaml`.
    pub account: String,
    /// Where `qunfa.yaml` is, or below it.
    #[arg(long = "in", default_value = "campaigns", value_name = "PATH")]
    pub path: PathBuf,
}

/// `schema`.
#[derive(Debug, Args)]
pub struct SchemaArgs {
    /// The folder to write them into.
    #[arg(default_value = "schema", value_name = "FOLDER")]
    pub folder: PathBuf,
    /// Write nothing; exit with 5 when a file there is stale.
    #[arg(long)]
    pub check: bool,
}

/// `sandbox`.
#[derive(Debug, Args)]
pub struct SandboxArgs {
    /// Where to listen; only on this machine.
    #[arg(long, default_value = "127.0.0.1:8099", value_name = "ADDRESS")]
    pub listen: std::net::SocketAddr,
    /// The account's appid.
    #[arg(long, default_value = "sandbox-demo")]
    pub appid: crate::terms::AppId,
    /// Which kind of account it is.
    #[arg(long, value_enum, default_value_t = KindArg::Service)]
    pub kind: KindArg,
    /// Keep its state in this file; in memory unless given.
    #[arg(long, value_name = "FILE")]
    pub keep: Option<PathBuf>,
    /// Let callers order faults and move the clock.
    #[arg(long)]
    pub control: bool,
}

/// Which kind of account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum KindArg {
    /// 服务号.
    Service,
    /// 订阅号.
    Subscription,
}
