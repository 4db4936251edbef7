//! `apply`: the main path.

use std::time::Duration;

use super::account::{OpenAccount, Place};
use super::args::{ApplyArgs, Until};
use super::desired::{self, AccountFiles, Loaded};
use super::error::CliError;
use super::exit::Exit;
use super::interrupt;
use super::plan::{Link, place, plan_account, show};
use super::settings::Surroundings;
use super::ui::Ui;
use crate::apply::{self, Disk, Event, Limits, Outcome, Stage, World};
use crate::history::Create;
use crate::plan::{Plan, Standing};
use crate::report;

/// An account and what is left to do on it.
struct Work<'a> {
    files: &'a AccountFiles,
    account: OpenAccount,
    plan: Plan,
}

/// Plans, asks, and does.
pub async fn run(args: &ApplyArgs, ui: &Ui, surroundings: &Surroundings) -> Result<Exit, CliError> {
    let loaded = desired::load(&args.files.paths, &mut |problems| ui.problems(problems))?;
    ui.problems(&loaded.diagnostics);
    let place = place(&loaded, surroundings, args.trust);
    let mut works = Vec::new();
    for files in &loaded.accounts {
        let account = OpenAccount::open(&files.account, place, Create::IfMissing)?;
        let plan = plan_account(files, &account, place, Link::Online).await?;
        works.push(Work { files, account, plan });
    }
    let plans: Vec<Plan> = works.iter().map(|work| work.plan.clone()).collect();
    let now = works.first().map_or_else(super::settings::now, |work| work.account.clock.now());
    if ui.format == report::Format::Human {
        show(&plans, ui.format, ui, now)?;
    }
    expect_digest(&plans, args.expect.as_deref())?;
    let mut exit = standing_exit(&plans, &loaded, args.detailed_exitcode);
    if plans.iter().all(Plan::is_empty) {
        if ui.format != report::Format::Human {
            show(&plans, ui.format, ui, now)?;
        }
        return Ok(exit);
    }
    agree(args, ui, &plans)?;
    let wish = interrupt::listen();
    for work in &works {
        if work.plan.is_empty() || wish.is_made() {
            continue;
        }
        let done = carry_out(work, place, args, (ui, surroundings, &wish)).await?;
        exit = exit.and(done);
    }
    Ok(if wish.is_made() { exit.and(Exit::Interrupted) } else { exit })
}

/// `--yes`, or a person's yes; without a terminal nothing is ever asked.
fn agree(args: &ApplyArgs, ui: &Ui, plans: &[Plan]) -> Result<(), CliError> {
    if args.yes {
        return Ok(());
    }
    if !ui.is_interactive {
        let text = "nobody can be asked here: say --yes when the plan has been reviewed";
        return Err(CliError::Usage(text.to_owned()));
    }
    let sends: usize = plans
        .iter()
        .flat_map(|plan| &plan.sends)
        .filter(|line| line.standing == Standing::Planned)
        .count();
    let real = plans.iter().any(|plan| !plan.account.appid.is_sandbox());
    let world = if real { "on a REAL account" } else { "on the sandbox" };
    if ui.confirms(&format!("Go on, with {sends} sends {world}?")) {
        Ok(())
    } else {
        Err(CliError::Refused("nothing was done".to_owned()))
    }
}

fn expect_digest(plans: &[Plan], expected: Option<&str>) -> Result<(), CliError> {
    let digest = report::digest(plans).to_string();
    match expected {
        Some(expected) if !is_digest(expected, &digest) => {
            let text = format!(
                "the plan's digest is {digest}, and not {expected}: something changed since it was \
                 reviewed"
            );
            Err(CliError::Refused(text))
        }
        Some(_) | None => Ok(()),
    }
}

/// A digest, or at least its first eight digits.
pub fn is_digest(written: &str, digest: &str) -> bool {
    written.len() >= 8 && digest.starts_with(written)
}

async fn carry_out(
    work: &Work<'_>,
    place: Place<'_>,
    args: &ApplyArgs,
    (ui, surroundings, wish): (&Ui, &Surroundings, &apply::Interrupt),
) -> Result<Exit, CliError> {
    let wechat = work.account.connect(place).await?;
    let mut journal = work.account.journal(surroundings.run("apply")?).await?;
    let world = World {
        account: &work.files.account,
        wechat: &wechat,
        files: &Disk,
        clock: &*work.account.clock,
        interrupt: wish,
    };
    let mut reporter = ui.reporter(std::slice::from_ref(&work.plan));
    // Losing the news loses no truth: the records are the truth.
    let mut tell = |event: Event| drop(reporter.event(&event));
    let limits = limits(args);
    let outcome = apply::apply(&work.plan, world, &mut journal, limits, &mut tell).await?;
    drop(reporter);
    ends(work, &outcome, ui)?;
    Ok(outcome_exit(&outcome, args.detailed_exitcode))
}

fn limits(args: &ApplyArgs) -> Limits {
    Limits {
        stage: match args.until {
            Until::Upload => Stage::Upload,
            Until::Draft => Stage::Draft,
            Until::Preview => Stage::Preview,
            Until::Send => Stage::Send,
        },
        wait: Duration::try_from(args.wait).unwrap_or(Duration::ZERO),
        parallel: usize::from(args.parallel),
    }
}

fn ends(work: &Work<'_>, outcome: &Outcome, ui: &Ui) -> Result<(), CliError> {
    if ui.format == report::Format::Json {
        return Ok(()); // the last event says it
    }
    let ended = report::Ended { plan: &work.plan, sends: &outcome.sends };
    let mut text = Vec::new();
    report::outcome(&[ended], ui.format, &ui.style(work.account.clock.now()), &mut text)?;
    ui.print(&String::from_utf8_lossy(&text))
}

fn standing_exit(plans: &[Plan], loaded: &Loaded, is_detailed: bool) -> Exit {
    let mut exit = if loaded.has_errors() { Exit::BadFiles } else { Exit::Done };
    for plan in plans {
        if !plan.blocked.is_empty() {
            exit = exit.and(Exit::NeedsPerson);
        }
        if is_detailed && !plan.waiting.is_empty() {
            exit = exit.and(Exit::Unfinished);
        }
    }
    exit
}

fn outcome_exit(outcome: &Outcome, is_detailed: bool) -> Exit {
    let mut exit = Exit::Done;
    if outcome.failed > 0 || outcome.unfinished > 0 {
        exit = exit.and(Exit::StepFailed);
    }
    for end in &outcome.sends {
        exit = exit.and(match end.standing {
            Standing::Blocked => Exit::NeedsPerson,
            Standing::Unknown => Exit::StepFailed,
            Standing::Submitted | Standing::Waiting if is_detailed => Exit::Unfinished,
            Standing::Submitted
            | Standing::Waiting
            | Standing::Planned
            | Standing::Sent
            | Standing::Skipped
            | Standing::Acknowledged => Exit::Done,
        });
    }
    if outcome.interrupted { exit.and(Exit::Interrupted) } else { exit }
}
