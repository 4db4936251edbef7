//! The command line, as typed.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use super::account_args::{DoctorArgs, PreviewArgs, QuotaArgs, RetractArgs, SpeedArgs};
use crate::terms::{BadTerm, RetractionAddress, SendAddress};

/// A declarative campaign runner for WeChat Official Accounts (微信公众号).
///
/// `plan` shows what is left to do, `apply` does it and remembers. A mass send (群发) happens exactly
/// once, to the people who were reviewed, or a person is told.
#[derive(Debug, Parser)]
#[command(name = "qunfa", version, max_term_width = 100)]
pub(super) struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub(super) command: Command,
    /// Flags that every command takes.
    #[command(flatten)]
    pub(super) common: Common,
}

/// Flags that every command takes.
#[derive(Debug, Clone, Args)]
pub(super) struct Common {
    /// How to print what was asked for.
    #[arg(long, global = true, value_enum, default_value_t = FormatArg::Human)]
    pub(super) format: FormatArg,
    /// When to use colours.
    #[arg(long, global = true, value_enum, default_value_t = ColorArg::Auto)]
    pub(super) color: ColorArg,
    /// Print no news, only what was asked for.
    #[arg(long, short, global = true)]
    pub(super) quiet: bool,
    /// What to log to stderr, such as `info` or `qunfa=debug`.
    #[arg(long, global = true, value_name = "FILTER")]
    pub(super) log: Option<String>,
}

/// How to print.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum FormatArg {
    /// For people.
    Human,
    /// For programs.
    Json,
    /// For a comment on a pull request.
    Markdown,
}

/// When to use colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum ColorArg {
    /// On a terminal, unless `NO_COLOR` is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Check campaign files, all problems at once; asks nobody.
    Validate(Files),
    /// Show what is left to do, and why; writes nothing.
    Plan(PlanArgs),
    /// Do what is left to do: upload, draft, preview, send, ask how it ended.
    Apply(ApplyArgs),
    /// Show where every send is, from the history.
    Status(Files),
    /// Show an account's tags (标签), and which targets name each; writes nothing.
    ///
    /// Asks the account for its tags and for nothing else. A send to a tag finds it by its name, so
    /// this warns of a name that two tags have, and of a target whose tag the account does not have:
    /// either would block the send. A target that no send goes to is not shown.
    Tags(TagsArgs),
    /// Show what is left of an account's right to send (群发次数) and of its API calls; writes nothing.
    ///
    /// The right to send is what the history knows: how many sends were made this day and month in
    /// Beijing, and what the kind of account leaves. API calls are what WeChat counts, asked for one
    /// by one. The two are not the same: a send is refused with 45028 while calls are left.
    Quota(QuotaArgs),
    /// Show how fast an account's mass sends go out (群发速度), or change it.
    ///
    /// The speed belongs to the whole account: a change holds for every mass send to come, also for
    /// those that others make. It writes no history.
    Speed(SpeedArgs),
    /// Look at everything that a run needs, and say of each thing what to do; changes nothing.
    ///
    /// The files, the secret (never its value), the proxy, the token, the IP allow-list, the clock,
    /// the account's rights, the tags that targets name, what is left of the quotas, and the history.
    /// Exits with 1 when something failed.
    Doctor(DoctorArgs),
    /// Show one send to people whom you name, or to its reviewers (预览), at any time; sends nothing.
    ///
    /// Uploads what the preview needs, saves the draft and delivers it, as `apply --until preview`
    /// does for everything. It waits for no window and no approval. Whoever gets it must follow the
    /// account; by WeChat ID an account has 100 previews a day.
    Preview(PreviewArgs),
    /// Record that you approve a send, as it is now.
    Approve(ApproveArgs),
    /// Take a send back, or some of its articles (删除群发). It cannot be undone.
    Retract(RetractArgs),
    /// Say what a machine must not decide: whether a send went out.
    Resolve(ResolveArgs),
    /// Look at the records.
    #[command(subcommand)]
    History(HistoryCommand),
    /// Write the JSON Schemas of the files.
    Schema(SchemaArgs),
    /// Run the emulated account as a server.
    Sandbox(SandboxArgs),
    /// Explain a code: one of ours (Q0201) or one of WeChat's (45028), in English and Chinese.
    Explain(ExplainArgs),
}

/// Which campaigns.
#[derive(Debug, Clone, Args)]
pub(super) struct Files {
    /// Campaign folders, their files, or folders to search.
    #[arg(default_value = "campaigns", value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,
}

/// `plan`.
#[derive(Debug, Args)]
pub(super) struct PlanArgs {
    /// Which campaigns.
    #[command(flatten)]
    pub(super) files: Files,
    /// Which surroundings are allowed.
    #[command(flatten)]
    pub(super) trust: Trust,
    /// Ask WeChat nothing and read no secret; use what the history knows.
    #[arg(long)]
    pub(super) offline: bool,
    /// What the exit code tells.
    #[command(flatten)]
    pub(super) detailed: Detailed,
    /// Also write the plan as JSON into this file.
    #[arg(long, value_name = "FILE")]
    pub(super) json_into: Option<PathBuf>,
    /// Also write the plan as Markdown into this file.
    #[arg(long, value_name = "FILE")]
    pub(super) markdown_into: Option<PathBuf>,
}

/// `apply`.
#[derive(Debug, Args)]
pub(super) struct ApplyArgs {
    /// Which campaigns.
    #[command(flatten)]
    pub(super) files: Files,
    /// Which surroundings are allowed.
    #[command(flatten)]
    pub(super) trust: Trust,
    /// Do not ask before the first step.
    #[arg(long)]
    pub(super) yes: bool,
    /// The last kind of step to do; below `send`, nothing is sent or settled.
    #[arg(long, value_enum, default_value_t = Until::Send)]
    pub(super) until: Until,
    /// How long to wait in all: for windows, repeats and final states.
    #[arg(long, value_name = "DURATION", default_value = "2m", value_parser = duration)]
    pub(super) wait: jiff::SignedDuration,
    /// Go on only if the plan has this digest.
    #[arg(long, value_name = "DIGEST")]
    pub(super) expect: Option<String>,
    /// What the exit code tells.
    #[command(flatten)]
    pub(super) detailed: Detailed,
    /// How many uploads run side by side.
    #[arg(long, default_value_t = 4, value_parser = clap::value_parser!(u8).range(1..=32))]
    pub(super) parallel: u8,
}

/// What a repository alone must not be able to make the program do.
#[derive(Debug, Clone, Copy, Args)]
pub(super) struct Trust {
    /// Allow secrets that come from a command or a file that `qunfa.yaml` names.
    #[arg(long)]
    pub(super) allow_commands: bool,
}

impl Trust {
    /// What is allowed to a command that has no such flag.
    pub(super) const NONE: Self = Self { allow_commands: false };
}

/// What the exit code tells.
#[derive(Debug, Clone, Copy, Args)]
pub(super) struct Detailed {
    /// Exit with 2 when there are changes, and with 6 when something waits.
    #[arg(long)]
    pub(super) detailed_exitcode: bool,
}

/// The last kind of step to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Until {
    /// Pictures.
    Upload,
    /// Drafts.
    Draft,
    /// Previews.
    Preview,
    /// Everything.
    Send,
}

/// `tags`.
#[derive(Debug, Args)]
pub(super) struct TagsArgs {
    /// Which campaigns.
    #[command(flatten)]
    pub(super) files: Files,
    /// Which surroundings are allowed.
    #[command(flatten)]
    pub(super) trust: Trust,
    /// Ask this account alone, even if no campaign names it; unless given, every account that one does.
    #[arg(long, value_name = "NAME")]
    pub(super) account: Option<String>,
}

/// What a person can approve.
#[derive(Debug, Clone)]
pub(super) enum Approvable {
    /// A send.
    Send(SendAddress),
    /// A retraction.
    Retraction(RetractionAddress),
}

impl std::str::FromStr for Approvable {
    type Err = BadTerm;

    fn from_str(text: &str) -> Result<Self, BadTerm> {
        if text.contains("/retract/") {
            return text.parse().map(Self::Retraction);
        }
        text.parse().map(|address: SendAddress| Self::Send(address.whole()))
    }
}

/// `approve`.
#[derive(Debug, Args)]
pub(super) struct ApproveArgs {
    /// The send, such as `spring-2026/sends/launch`, or the retraction, such as
    /// `fixes/retract/wrong-price`.
    pub(super) address: Approvable,
    /// Which campaigns.
    #[arg(long = "in", default_value = "campaigns", value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,
    /// Which surroundings are allowed.
    #[command(flatten)]
    pub(super) trust: Trust,
    /// The send digest that you saw; asked for on a terminal when it is not given.
    #[arg(long, value_name = "DIGEST")]
    pub(super) expect: Option<String>,
    /// Your name; the CI's or the system's name for you unless given.
    #[arg(long, value_name = "NAME")]
    pub(super) by: Option<String>,
}

/// `resolve`.
#[derive(Debug, Args)]
pub(super) struct ResolveArgs {
    /// The send, such as `spring-2026/sends/launch` or `recall/sends/note#2`.
    pub(super) address: SendAddress,
    /// What you found out.
    #[command(flatten)]
    pub(super) verdict: VerdictArgs,
    /// The number of the job, if the console shows one.
    #[arg(long, requires = "sent", value_name = "NUMBER")]
    pub(super) msg_id: Option<u64>,
    /// What you looked at; written into the history.
    #[arg(long, value_name = "TEXT")]
    pub(super) evidence: Option<String>,
    /// Your name; the CI's or the system's name for you unless given.
    #[arg(long, value_name = "NAME")]
    pub(super) by: Option<String>,
    /// Where `qunfa.yaml` is, or below it.
    #[arg(long = "in", default_value = "campaigns", value_name = "PATH")]
    pub(super) path: PathBuf,
    /// The account, when several have a history of this send.
    #[arg(long, value_name = "NAME")]
    pub(super) account: Option<String>,
    /// Do not ask once more.
    #[arg(long)]
    pub(super) yes: bool,
}

/// What a person found out.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub(super) struct VerdictArgs {
    /// It went out.
    #[arg(long)]
    pub(super) sent: bool,
    /// It did not go out, and may be sent again.
    #[arg(long)]
    pub(super) not_sent: bool,
    /// It is known how it ended; say why that is all right.
    #[arg(long, value_name = "REASON")]
    pub(super) acknowledge: Option<String>,
}

/// `history`.
#[derive(Debug, Subcommand)]
pub(super) enum HistoryCommand {
    /// Show the records, oldest first.
    Show(HistoryArgs),
    /// Prove that no record was changed or removed.
    Verify(HistoryArgs),
    /// Begin a history for an account, and print its id for `qunfa.yaml`.
    New(HistoryNewArgs),
}

/// Which histories.
#[derive(Debug, Args)]
pub(super) struct HistoryArgs {
    /// Where `qunfa.yaml` is, or below it.
    #[arg(default_value = "campaigns", value_name = "PATH")]
    pub(super) path: PathBuf,
    /// Only this account's.
    #[arg(long, value_name = "NAME")]
    pub(super) account: Option<String>,
}

/// `history new`.
#[derive(Debug, Args)]
pub(super) struct HistoryNewArgs {
    /// The account, by its name in `qunfa.yaml`.
    pub(super) account: String,
    /// Where `qunfa.yaml` is, or below it.
    #[arg(long = "in", default_value = "campaigns", value_name = "PATH")]
    pub(super) path: PathBuf,
}

/// `schema`.
#[derive(Debug, Args)]
pub(super) struct SchemaArgs {
    /// The folder to write them into.
    #[arg(default_value = "schema", value_name = "FOLDER")]
    pub(super) folder: PathBuf,
    /// Write nothing; exit with 5 when a file there is stale.
    #[arg(long)]
    pub(super) check: bool,
}

/// `explain`.
#[derive(Debug, Args)]
#[command(after_help = "Example: qunfa explain 45028")]
pub(super) struct ExplainArgs {
    /// The code.
    #[arg(allow_negative_numbers = true, value_name = "CODE")]
    pub(super) code: Option<String>,
    /// Explain every code there is.
    #[arg(long, conflicts_with = "code")]
    pub(super) all: bool,
}

/// `sandbox`.
#[derive(Debug, Args)]
pub(super) struct SandboxArgs {
    /// Where to listen; only on this machine.
    #[arg(long, default_value = "127.0.0.1:8099", value_name = "ADDRESS")]
    pub(super) listen: std::net::SocketAddr,
    /// The account's appid.
    #[arg(long, default_value = "sandbox-demo")]
    pub(super) appid: crate::terms::AppId,
    /// Which kind of account it is.
    #[arg(long, value_enum, default_value_t = KindArg::Service)]
    pub(super) kind: KindArg,
    /// Keep its state in this file; in memory unless given.
    #[arg(long, value_name = "FILE")]
    pub(super) keep: Option<PathBuf>,
    /// Let callers order faults and move the clock.
    #[arg(long)]
    pub(super) control: bool,
}

/// Which kind of account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum KindArg {
    /// 服务号.
    Service,
    /// 订阅号.
    Subscription,
}

/// Reads a time span as people write it.
pub(super) fn duration(text: &str) -> Result<jiff::SignedDuration, String> {
    text.parse()
        .ok()
        .filter(|duration: &jiff::SignedDuration| !duration.is_negative())
        .ok_or_else(|| "write a number and a unit, such as 90s, 2m or 1h30m".to_owned())
}
