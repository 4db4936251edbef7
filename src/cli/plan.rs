//! `plan`: what is left to do, and why. It writes no history.

use std::path::Path;

use super::account::{OpenAccount, Place, now_of};
use super::args::PlanArgs;
use super::desired::{self, AccountFiles, Loaded};
use super::error::CliError;
use super::exit::{Detail, Exit};
use super::observe::{self, Needs};
use super::save;
use super::settings::Surroundings;
use super::ui::Ui;
use crate::history::Create;
use crate::plan::{self, Observed, Plan};
use crate::report::{self, Format};
use crate::terms::Timestamp;

/// Whether WeChat may be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Link {
    /// Yes, for what the plan needs.
    Online,
    /// No, and no secret is read.
    Offline,
}

/// Shows the plan.
pub(super) async fn run(
    args: &PlanArgs,
    ui: &Ui,
    surroundings: &Surroundings,
) -> Result<Exit, CliError> {
    let loaded = desired::load(&args.files.paths, &mut |problems| ui.problems(problems))?;
    loaded.show(ui);
    let link = if args.offline { Link::Offline } else { Link::Online };
    let place = place(&loaded, surroundings, args.trust);
    let mut opened = Vec::new();
    let mut plans = Vec::new();
    for files in &loaded.accounts {
        let account = OpenAccount::open(&files.account, place, Create::Never)?;
        plans.push(plan_account(files, &account, place, link).await?);
        opened.push(account);
    }
    let now = now_of(&opened);
    if !loaded.is_all_wrong() || ui.format == Format::Json {
        show(&plans, ui.format, ui, now)?;
    }
    if let Some(file) = &args.json_into {
        write_into(&plans, Format::Json, ui, now, file)?;
    }
    if let Some(file) = &args.markdown_into {
        write_into(&plans, Format::Markdown, ui, now, file)?;
    }
    let detail = Detail::of(args.detailed);
    let is_pending = plans.iter().any(|plan| !plan.is_empty()) && detail == Detail::Detailed;
    let exit = exit(&plans, &loaded, detail);
    Ok(if is_pending { exit.and(Exit::Pending) } else { exit })
}

/// Where the files are and what is allowed.
pub(super) fn place<'a>(
    loaded: &'a Loaded,
    surroundings: &'a Surroundings,
    trust: super::args::Trust,
) -> Place<'a> {
    Place { folder: &loaded.folder, history: &loaded.project.history, surroundings, trust }
}

/// Plans one account: fold its history, look up what the plan needs, decide.
pub(super) async fn plan_account(
    files: &AccountFiles,
    account: &OpenAccount,
    place: Place<'_>,
    link: Link,
) -> Result<Plan, CliError> {
    let ledger = account.ledger().await?;
    let needs = Needs::of(&files.campaigns, &files.account.appid, &ledger);
    let seen = if link == Link::Offline || needs.is_nothing() {
        Observed::default()
    } else {
        observe::look(&account.connect(place).await?, needs).await?
    };
    let wanted = files.wanted();
    Ok(plan::plan(wanted, &ledger, &seen, account.clock.now()))
}

/// Prints plans to stdout.
pub(super) fn show(
    plans: &[Plan],
    format: Format,
    ui: &Ui,
    now: Timestamp,
) -> Result<(), CliError> {
    ui.view(|out| report::plan(plans, format, &ui.style(now), out))
}

fn write_into(
    plans: &[Plan],
    format: Format,
    ui: &Ui,
    now: Timestamp,
    file: &Path,
) -> Result<(), CliError> {
    let mut text = Vec::new();
    let style = report::Style { color: report::Color::Plain, ..ui.style(now) };
    report::plan(plans, format, &style, &mut text)?;
    save::write(file, &text)
}

/// What plans say of the files and of what a person or time must bring on.
pub(super) fn exit(plans: &[Plan], loaded: &Loaded, detail: Detail) -> Exit {
    let mut exit = if loaded.has_errors() { Exit::BadFiles } else { Exit::Done };
    for plan in plans {
        if !plan.blocked.is_empty() {
            exit = exit.and(Exit::NeedsPerson);
        }
        if detail == Detail::Detailed && !plan.waiting.is_empty() {
            exit = exit.and(Exit::Unfinished);
        }
    }
    exit
}
