//! `retract`: takes a send back by hand, or some of its articles, without a file that declares it.

use std::time::Duration;

use super::account::OpenAccount;
use super::account_args::RetractArgs;
use super::error::CliError;
use super::exit::Exit;
use super::interrupt;
use super::plan::show;
use super::project::OpenProject;
use super::settings::Surroundings;
use super::ui::Ui;
use crate::apply::{self, Disk, Event, Limits, Outcome, Stage, World};
use crate::content::DesiredRetraction;
use crate::history::{Create, Ledger, Phase, SendHistory, SentContent};
use crate::plan::{self, Plan, Wanted, Why};
use crate::terms::{RetractedArticles, RetractionAddress, RetractionName, SendAddress};

/// The name of a retraction that no file declares.
const BY_HAND: &str = "by-hand";

/// Shows what would be taken back, asks, and does it.
pub(super) async fn run(
    args: &RetractArgs,
    ui: &Ui,
    surroundings: &Surroundings,
) -> Result<Exit, CliError> {
    let project = OpenProject::read(&args.project.path, ui, surroundings, args.project.trust)?;
    let send = args.address.whole();
    let mut found = Vec::new();
    for account in project.accounts(args.account.as_slice())? {
        let account = OpenAccount::open(account, project.place(), Create::Never)?;
        let ledger = account.ledger().await?;
        if went_out(&ledger, &send).next().is_some() {
            found.push((account, ledger));
        }
    }
    let [(account, ledger)] = found.as_slice() else {
        let text = match found.len() {
            0 => format!(
                "nothing of {send} went out; to withhold a send, declare it under `retract` in a \
                 campaign, or write `skip: REASON` in the send"
            ),
            _ => format!("several accounts have sent a {send}: say --account"),
        };
        return Err(CliError::Usage(text));
    };
    let desired = desired(args, &send, ledger)?;
    let (campaigns, elsewhere, retractions, unclear) = (&[], &[], &[], None);
    let wanted = Wanted { account: &account.account, campaigns, elsewhere, retractions, unclear };
    let plan = plan::plan_by_hand(wanted, ledger, &desired, account.clock.now());
    if let Some(needed) = approvals(&plan) {
        return Err(CliError::Refused(format!(
            "the account's policy asks for approvals of a retraction ({needed}): declare it under \
             `retract` in a campaign, and have that approved"
        )));
    }
    show(std::slice::from_ref(&plan), ui.format, ui, account.clock.now())?;
    if !plan.blocked.is_empty() {
        return Ok(Exit::NeedsPerson);
    }
    if plan.is_empty() {
        return Ok(Exit::Done);
    }
    agree(args, ui, &plan)?;
    let wechat = account.connect(project.place()).await?;
    let mut journal = account.journal(surroundings.run("retract")?).await?;
    let wish = interrupt::listen("interrupted: what is under way is finished, nothing new begins");
    let (files, clock) = (&Disk, &*account.clock);
    let world =
        World { account: &account.account, wechat: &wechat, files, clock, interrupt: &wish };
    let limits = Limits { stage: Stage::Send, wait: Duration::ZERO, parallel: 1 };
    let mut reporter = ui.reporter(std::slice::from_ref(&plan));
    // Losing the news loses no truth: the records are the truth.
    let mut tell = |event: Event| drop(reporter.event(&event));
    let outcome = apply::apply(&plan, world, &mut journal, limits, &mut tell).await?;
    Ok(exit(&outcome))
}

/// What a run by hand came to: a step that was not begun was asked for too.
pub(super) fn exit(outcome: &Outcome) -> Exit {
    let unfinished = outcome.failed + outcome.unfinished + outcome.skipped;
    let exit = if unfinished > 0 { Exit::StepFailed } else { Exit::Done };
    if outcome.interrupted { exit.and(Exit::Interrupted) } else { exit }
}

/// The parts of a send that went out, or may have.
fn went_out<'l>(ledger: &'l Ledger, send: &SendAddress) -> impl Iterator<Item = &'l SendHistory> {
    let sends = ledger.sends().map(|(_, history)| history);
    sends.filter(move |history| {
        let is_it = history.address.as_ref().is_some_and(|address| address.whole() == *send);
        is_it && !matches!(history.phase, Phase::Ready)
    })
}

fn desired(
    args: &RetractArgs,
    send: &SendAddress,
    ledger: &Ledger,
) -> Result<DesiredRetraction, CliError> {
    let articles = if args.all {
        RetractedArticles::All
    } else {
        let content = went_out(ledger, send).find_map(SendHistory::sent_content);
        let named = args.articles.iter().map(|written| article(written, content));
        RetractedArticles::Named(named.collect::<Result<_, _>>()?)
    };
    Ok(DesiredRetraction {
        address: RetractionAddress {
            campaign: send.campaign.clone(),
            edition: send.edition.clone(),
            name: RetractionName::new(BY_HAND).expect("the constant is a name"),
        },
        send: send.clone(),
        articles,
        reason: args.reason.clone(),
    })
}

/// An article's name, of a name or of its number from 1.
fn article(written: &str, content: Option<&SentContent>) -> Result<String, CliError> {
    let names = match content {
        Some(SentContent::News { articles }) => articles.as_slice(),
        Some(SentContent::Video | SentContent::Other) | None => &[],
    };
    let Ok(number) = written.parse::<usize>() else { return Ok(written.to_owned()) };
    let name = number.checked_sub(1).and_then(|at| names.get(at));
    if names.iter().any(|known| known == written) && name.is_none_or(|name| name != written) {
        let text = format!(
            "`{written}` is the name of one article and, perhaps, the number of another: declare it \
             under `retract` in a campaign, where it is always a name"
        );
        return Err(CliError::Usage(text));
    }
    name.cloned().ok_or_else(|| {
        let known = if names.is_empty() {
            "the history does not say which articles it had".to_owned()
        } else {
            format!("it had {}: {}", names.len(), names.join(", "))
        };
        CliError::Usage(format!("the send has no article {number}; {known}"))
    })
}

fn approvals(plan: &Plan) -> Option<u32> {
    plan.waiting.iter().find_map(|waiting| match &waiting.why {
        Why::Approval { needed, .. } => Some(*needed),
        _ => None,
    })
}

fn agree(args: &RetractArgs, ui: &Ui, plan: &Plan) -> Result<(), CliError> {
    if args.yes {
        return Ok(());
    }
    if !ui.is_interactive {
        let text = "nobody can be asked here: say --yes to take it back for good";
        return Err(CliError::Usage(text.to_owned()));
    }
    let world = if plan.account.appid.is_sandbox() { "the sandbox" } else { "a REAL account" };
    if ui.confirms(&format!("Take it back on {world}, for good?")) {
        Ok(())
    } else {
        Err(CliError::Refused("nothing was done".to_owned()))
    }
}
