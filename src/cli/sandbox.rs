//! `sandbox`: the emulated account as a server, for other programs and for looking at.

use std::sync::Arc;

use super::args::{KindArg, SandboxArgs};
use super::clock::SystemClock;
use super::error::CliError;
use super::exit::Exit;
use super::interrupt;
use super::ui::Ui;
use crate::sandbox::{Keep, Rules, Sandbox, SandboxClock};
use crate::terms::AccountKind;

/// Serves until somebody ends it.
pub(super) async fn run(args: &SandboxArgs, ui: &Ui) -> Result<Exit, CliError> {
    if !args.listen.ip().is_loopback() {
        let text = "an emulated account checks no secret: it listens on this machine only";
        return Err(CliError::NotAllowed(text.to_owned()));
    }
    if !args.appid.is_sandbox() {
        return Err(CliError::Usage("a sandbox's appid begins with `sandbox-`".to_owned()));
    }
    let kind = match args.kind {
        KindArg::Service => AccountKind::Service,
        KindArg::Subscription => AccountKind::Subscription,
    };
    let rules = Rules { control: args.control, ..Rules::new(args.appid.clone(), kind) };
    let keep = args.keep.clone().map_or(Keep::Memory, Keep::File);
    let clock = SandboxClock::by_itself(Arc::new(SystemClock::default()));
    let wish = interrupt::listen("ended");
    let sandbox = Sandbox::listen(args.listen, vec![rules], keep, clock).await;
    let sandbox = sandbox.map_err(CliError::Sandbox)?;
    ui.print(&format!("{} {}\n", args.appid, sandbox.base_url()))?;
    ui.news("Use this address as an account's `api`; look at it in a browser; end it with Ctrl-C.");
    wish.made().await;
    sandbox.stopped().await;
    Ok(Exit::Done)
}
