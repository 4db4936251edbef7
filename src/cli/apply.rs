//! `apply`: the main path.

use std::time::Duration;

use super::account::{OpenAccount, Place};
use super::args::{ApplyArgs, Until};
use super::desired::{self, AccountFiles};
use super::error::CliError;
use super::exit::{Detail, Exit};
use super::interrupt;
use super::plan::{self, Link, place, plan_account, show};
use super::settings::Surroundings;
use super::ui::Ui;
use crate::apply::{self, Disk, Event, Interrupt, Limits, Outcome, SendEnd, Stage, World};
use crate::history::{Create, Journal};
use crate::plan::{Plan, RetractionLine, RetractionStanding, SendLine, Standing, Why};
use crate::report::{self, Format};
use crate::terms::Timestamp;
use crate::wechat::WeChat;

/// What the first Ctrl-C is answered with.
const ON_INTERRUPT: &str =
    "interrupted: what is under way is finished, nothing new begins; Ctrl-C again leaves at once";

/// An account and what is left to do on it.
struct Work<'a> {
    files: &'a AccountFiles,
    account: OpenAccount,
    plan: Plan,
}

/// How a command carries out plans.
struct How<'a> {
    place: Place<'a>,
    ui: &'a Ui,
    wish: &'a Interrupt,
    limits: Limits,
}

/// Plans, asks, and does.
pub(super) async fn run(
    args: &ApplyArgs,
    ui: &Ui,
    surroundings: &Surroundings,
) -> Result<Exit, CliError> {
    let loaded = desired::load(&args.files.paths, &mut |problems| ui.problems(problems))?;
    loaded.show(ui);
    let place = place(&loaded, surroundings, args.trust);
    let mut works = Vec::new();
    for files in &loaded.accounts {
        let account = OpenAccount::open(&files.account, place, Create::IfMissing)?;
        let plan = plan_account(files, &account, place, Link::Online).await?;
        works.push(Work { files, account, plan });
    }
    let mut plans: Vec<Plan> = works.iter().map(|work| work.plan.clone()).collect();
    let now = works.first().map_or_else(super::settings::now, |work| work.account.clock.now());
    let limits = limits(args);
    let is_idle = works.iter().all(|work| work.plan.is_empty() && !work.opens_soon(limits.wait));
    let has_view = !loaded.is_all_wrong() || ui.format == Format::Json;
    if has_view && (is_idle || ui.format == Format::Human) {
        show(&plans, ui.format, ui, now)?;
    }
    expect_digest(&plans, args.expect.as_deref())?;
    let detail = Detail::of(args.detailed);
    if is_idle {
        for plan in &plans {
            show_unsent(plan, ui, now)?;
        }
        return Ok(plan::exit(&plans, &loaded, detail));
    }
    agree(args, ui, &plans)?;
    let wish = interrupt::listen(ON_INTERRUPT);
    let how = How { place, ui, wish: &wish, limits };
    let mut exit = Exit::Done;
    for (work, plan) in works.into_iter().zip(&mut plans) {
        let done = carry_out(work, &how, surroundings, detail).await?;
        (exit, *plan) = (exit.and(done.0), done.1);
    }
    let exit = exit.and(plan::exit(&plans, &loaded, detail));
    Ok(if wish.is_made() { exit.and(Exit::Interrupted) } else { exit })
}

impl Work<'_> {
    /// When the next window opens that the run may wait for.
    fn opens_by(&self, ends: Timestamp) -> Option<Timestamp> {
        let waiting = self.plan.waiting.iter().filter(|waiting| waiting.why == Why::NotDue);
        waiting.filter_map(|waiting| waiting.until).filter(|until| *until <= ends).min()
    }

    fn opens_soon(&self, wait: Duration) -> bool {
        self.opens_by(self.account.clock.now() + wait).is_some()
    }
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
    let lines = plans.iter().flat_map(|plan| &plan.sends);
    let sends = lines.filter(|line| line.standing == Standing::Planned).count();
    let is_real = plans.iter().any(|plan| !plan.account.appid.is_sandbox());
    let world = if is_real { "on a REAL account" } else { "on the sandbox" };
    let sends = if sends == 1 { "1 send".to_owned() } else { format!("{sends} sends") };
    let retractions = plans.iter().flat_map(|plan| &plan.retractions);
    let planned = |line: &&RetractionLine| line.standing == RetractionStanding::Planned;
    let retractions = match retractions.filter(planned).count() {
        0 => String::new(),
        1 => " and 1 retraction".to_owned(),
        n => format!(" and {n} retractions"),
    };
    if ui.confirms(&format!("Go on, with {sends}{retractions} {world}?")) {
        Ok(())
    } else {
        Err(CliError::Refused("nothing was done".to_owned()))
    }
}

fn expect_digest(plans: &[Plan], expected: Option<&str>) -> Result<(), CliError> {
    let digest = report::digest(plans).to_string();
    match expected {
        Some(expected) if expected.len() < DIGITS_MIN => Err(too_short(expected)),
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

/// A digest is written whole, or at least these many digits of it: what a person can compare, and
/// more than somebody who wants two contents to look alike could search through cheaply.
pub(super) const DIGITS_MIN: usize = 16;

/// Whether this is the digest, or enough of its beginning.
pub(super) fn is_digest(written: &str, digest: &str) -> bool {
    written.len() >= DIGITS_MIN && digest.starts_with(written)
}

/// Says how a digest is written.
pub(super) fn too_short(written: &str) -> CliError {
    CliError::Usage(format!("`{written}` is no digest: write at least {DIGITS_MIN} digits of it"))
}

/// Does what is left to do on one account; where a window opens within the run's patience, waits for
/// it and plans again. Answers with what came of it, and with the newest plan.
async fn carry_out(
    mut work: Work<'_>,
    how: &How<'_>,
    surroundings: &Surroundings,
    detail: Detail,
) -> Result<(Exit, Plan), CliError> {
    let wechat = work.account.connect(how.place).await?;
    let run = surroundings.run("apply")?;
    let mut journal = work.account.journal(run.clone()).await?;
    let ends = work.account.clock.now() + how.limits.wait;
    let mut exit = Exit::Done;
    loop {
        if !work.plan.is_empty() && !how.wish.is_made() {
            let outcome = once(&work, how, (&wechat, &mut journal), ends).await?;
            exit = exit.and(outcome_exit(&outcome, detail));
            show_ends(&work, &outcome, how.ui)?;
        }
        let Some(opens) = work.opens_by(ends).filter(|_| how.limits.stage == Stage::Send) else {
            break;
        };
        how.ui.news(&format!("waiting until {} for a window to open", report::time(opens)));
        if !wait_until(opens, &work.account, how.wish).await {
            break;
        }
        work.plan = plan_account(work.files, &work.account, how.place, Link::Online).await?;
    }
    Ok((exit, work.plan))
}

/// Whether the time came before somebody wanted the run to end.
async fn wait_until(until: Timestamp, account: &OpenAccount, wish: &Interrupt) -> bool {
    while account.clock.now() < until && !wish.is_made() {
        let left = until.duration_since(account.clock.now());
        tokio::select! {
            () = account.clock.sleep(Duration::try_from(left).unwrap_or(Duration::ZERO)) => {}
            () = wish.made() => {}
        }
    }
    !wish.is_made()
}

async fn once(
    work: &Work<'_>,
    how: &How<'_>,
    (wechat, journal): (&WeChat, &mut Journal<'_>),
    ends: Timestamp,
) -> Result<Outcome, CliError> {
    let clock = &*work.account.clock;
    let world =
        World { account: &work.files.account, wechat, files: &Disk, clock, interrupt: how.wish };
    let wait = Duration::try_from(ends.duration_since(clock.now())).unwrap_or(Duration::ZERO);
    let limits = Limits { wait, ..how.limits };
    let mut reporter = how.ui.reporter(std::slice::from_ref(&work.plan));
    // Losing the news loses no truth: the records are the truth.
    let mut tell = |event: Event| drop(reporter.event(&event));
    Ok(apply::apply(&work.plan, world, journal, limits, &mut tell).await?)
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

fn show_ends(work: &Work<'_>, outcome: &Outcome, ui: &Ui) -> Result<(), CliError> {
    if ui.format == Format::Json {
        return Ok(()); // the last event says it
    }
    print_ends(&work.plan, &outcome.sends, ui, work.account.clock.now())
}

/// A run with nothing to do says too which sends did not go out: exit 0 alone never means that they
/// did.
fn show_unsent(plan: &Plan, ui: &Ui, now: Timestamp) -> Result<(), CliError> {
    let is_open = |line: &&SendLine| match line.standing {
        Standing::Sent | Standing::Skipped | Standing::Acknowledged => false,
        Standing::Planned
        | Standing::Withheld
        | Standing::Waiting
        | Standing::Blocked
        | Standing::Unknown
        | Standing::Submitted => true,
    };
    let end = |line: &SendLine| SendEnd {
        address: line.address.clone(),
        standing: line.standing,
        note: String::new(),
    };
    let sends: Vec<SendEnd> = plan.sends.iter().filter(is_open).map(end).collect();
    if sends.is_empty() || ui.format == Format::Json {
        return Ok(());
    }
    ui.print("\n")?;
    print_ends(plan, &sends, ui, now)
}

fn print_ends(plan: &Plan, sends: &[SendEnd], ui: &Ui, now: Timestamp) -> Result<(), CliError> {
    let ended = [report::Ended { plan, sends }];
    ui.view(|out| report::outcome(&ended, ui.format, &ui.style(now), out))
}

fn outcome_exit(outcome: &Outcome, detail: Detail) -> Exit {
    let mut exit = Exit::Done;
    if outcome.failed > 0 || outcome.unfinished > 0 {
        exit = exit.and(Exit::StepFailed);
    }
    for end in &outcome.sends {
        exit = exit.and(match end.standing {
            Standing::Blocked => Exit::NeedsPerson,
            Standing::Unknown => Exit::StepFailed,
            Standing::Submitted if detail == Detail::Detailed => Exit::Unfinished,
            Standing::Submitted
            | Standing::Waiting
            | Standing::Planned
            | Standing::Sent
            | Standing::Skipped
            | Standing::Withheld
            | Standing::Acknowledged => Exit::Done,
        });
    }
    if outcome.interrupted { exit.and(Exit::Interrupted) } else { exit }
}
