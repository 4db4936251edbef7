//! Arguments in, exit code out.

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser as _;

use super::args::{Cli, Command};
use super::error::CliError;
use super::exit::Exit;
use super::settings::Surroundings;
use super::ui::Ui;
use super::{
    apply, approve, doctor, explain, history, plan, preview, quota, resolve, retract, sandbox,
    schema, speed, status, tags, validate,
};

/// Runs one command.
pub fn run(args: impl IntoIterator<Item = impl Into<OsString> + Clone>) -> ExitCode {
    let cli = match Cli::try_parse_from(args) {
        Ok(cli) => cli,
        Err(error) => {
            let is_help = !error.use_stderr();
            drop(error.print());
            return if is_help { Exit::Done } else { Exit::Usage }.into();
        }
    };
    let surroundings = Surroundings::read();
    let ui = Ui::new(&cli.common, &surroundings);
    log(cli.common.log.as_deref());
    let exit = match runtime() {
        Ok(runtime) => runtime.block_on(command(&cli.command, &ui, &surroundings)),
        Err(error) => Err(CliError::Print(error)),
    };
    exit.unwrap_or_else(|error| {
        ui.error(&error);
        error.exit()
    })
    .into()
}

fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()
}

async fn command(command: &Command, ui: &Ui, env: &Surroundings) -> Result<Exit, CliError> {
    match command {
        Command::Validate(args) => validate::run(args, ui),
        Command::Plan(args) => plan::run(args, ui, env).await,
        Command::Apply(args) => apply::run(args, ui, env).await,
        Command::Status(args) => status::run(args, ui, env).await,
        Command::Tags(args) => tags::run(args, ui, env).await,
        Command::Quota(args) => quota::run(args, ui, env).await,
        Command::Speed(args) => speed::run(args, ui, env).await,
        Command::Doctor(args) => doctor::run(args, ui, env).await,
        Command::Preview(args) => preview::run(args, ui, env).await,
        Command::Approve(args) => approve::run(args, ui, env).await,
        Command::Retract(args) => retract::run(args, ui, env).await,
        Command::Resolve(args) => resolve::run(args, ui, env).await,
        Command::History(args) => history::run(args, ui, env).await,
        Command::Schema(args) => schema::run(args, ui),
        Command::Sandbox(args) => sandbox::run(args, ui).await,
        Command::Explain(args) => explain::run(args, ui),
    }
}

/// Logs go to stderr, and only when asked for. The HTTP libraries' own debug lines carry addresses
/// with tokens, and the HTML parsers theirs tell every letter, so they never speak below `info`.
fn log(filter: Option<&str>) {
    let Some(filter) = filter else { return };
    let quiet = ["hyper", "hyper_util", "reqwest", "h2", "rustls", "html5ever", "selectors"];
    let directives = format!("{filter},{}", quiet.map(|name| format!("{name}=info")).join(","));
    let filter = tracing_subscriber::EnvFilter::new(directives);
    drop(tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).try_init());
}
