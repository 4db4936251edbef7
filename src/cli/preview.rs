//! `preview`: shows one send to people, at any time. It sends nothing.

use std::time::Duration;

use super::account::OpenAccount;
use super::account_args::PreviewArgs;
use super::desired::{self, AccountFiles, Loaded};
use super::error::CliError;
use super::exit::Exit;
use super::interrupt;
use super::plan::{place, show};
use super::retract;
use super::settings::Surroundings;
use super::ui::Ui;
use crate::apply::{self, Disk, Event, Limits, Stage, World};
use crate::history::Create;
use crate::plan::{self, Action, NoPreview, Plan, Step};
use crate::report::{self, Format};
use crate::terms::SendAddress;

/// What the first Ctrl-C is answered with.
const ON_INTERRUPT: &str =
    "interrupted: what is under way is finished, nothing new begins; Ctrl-C again leaves at once";

/// How many uploads run side by side.
const PARALLEL: usize = 4;

/// Plans the previews and delivers them. Nobody is asked: they reach only the people named.
pub(super) async fn run(
    args: &PreviewArgs,
    ui: &Ui,
    surroundings: &Surroundings,
) -> Result<Exit, CliError> {
    let loaded = desired::load(&args.paths, &mut |problems| ui.problems(problems))?;
    loaded.show(ui);
    let files = files(&loaded, &args.address.whole(), ui)?;
    let place = place(&loaded, surroundings, args.trust);
    let account = OpenAccount::open(&files.account, place, Create::IfMissing)?;
    let plan = planned(args, files, &account).await?;
    if ui.format == Format::Human {
        show(std::slice::from_ref(&plan), ui.format, ui, account.clock.now())?;
    }
    tell_first(&plan, ui);
    let wechat = account.connect(place).await?;
    let mut journal = account.journal(surroundings.run("preview")?).await?;
    let wish = interrupt::listen(ON_INTERRUPT);
    let (files, clock) = (&Disk, &*account.clock);
    let world =
        World { account: &account.account, wechat: &wechat, files, clock, interrupt: &wish };
    let wait = Duration::try_from(args.wait).unwrap_or(Duration::ZERO);
    let limits = Limits { stage: Stage::Preview, wait, parallel: PARALLEL };
    let mut reporter = ui.reporter(std::slice::from_ref(&plan));
    // Losing the news loses no truth: the records are the truth.
    let mut tell = |event: Event| drop(reporter.event(&event));
    let outcome = apply::apply(&plan, world, &mut journal, limits, &mut tell).await?;
    let exit = retract::exit(&outcome);
    if exit == Exit::Done && ui.format != Format::Json {
        let people = match previews(&plan) {
            1 => "1 person".to_owned(),
            n => format!("{n} people"),
        };
        ui.print(&format!("{} was shown to {people}; nothing was sent.\n", args.address.whole()))?;
    }
    Ok(exit)
}

/// The account whose files have the send.
fn files<'a>(
    loaded: &'a Loaded,
    send: &SendAddress,
    ui: &Ui,
) -> Result<&'a AccountFiles, CliError> {
    let has_it = |files: &&AccountFiles| {
        let mut sends = files.campaigns.iter().flat_map(|campaign| &campaign.sends);
        sends.any(|known| known.address.whole() == *send)
    };
    if let Some(files) = loaded.accounts.iter().find(has_it) {
        return Ok(files);
    }
    let campaigns = loaded.accounts.iter().flat_map(|files| &files.campaigns);
    let known = campaigns.flat_map(|campaign| &campaign.sends).map(|send| send.address.clone());
    let error = refused(&NoPreview::UnknownSend { known: known.collect() }, send);
    if loaded.has_errors() {
        // It may be in a campaign that is wrong, which was shown.
        ui.news(&error.to_string());
        return Err(CliError::BadFiles);
    }
    Err(error)
}

/// Plans by the history alone; nobody is called.
async fn planned(
    args: &PreviewArgs,
    files: &AccountFiles,
    account: &OpenAccount,
) -> Result<Plan, CliError> {
    let ledger = account.ledger().await?;
    let wanted = files.wanted();
    let send = args.address.whole();
    plan::plan_preview(wanted, &ledger, &send, &args.to, account.clock.now())
        .map_err(|why| refused(&why, &send))
}

/// What a person who starts this should know.
fn tell_first(plan: &Plan, ui: &Ui) {
    if !plan.account.appid.is_sandbox() {
        let people = match previews(plan) {
            1 => "1 person gets".to_owned(),
            n => format!("{n} people get"),
        };
        ui.news(&format!("On a REAL account: {people} a preview, and nobody else anything."));
    }
}

fn previews(plan: &Plan) -> usize {
    let is_preview = |step: &&Step| matches!(step.action, Action::Preview(_));
    plan.steps.iter().filter(is_preview).count()
}

/// Why the send is not shown, and what to do.
fn refused(why: &NoPreview, send: &SendAddress) -> CliError {
    CliError::Refused(match why {
        NoPreview::UnknownSend { known } => {
            let text = format!("no sound campaign has a send {send}; {}", there_are(known));
            return CliError::Usage(text);
        }
        NoPreview::Nobody => {
            let text = format!(
                "{send} has no reviewers: say who gets it, such as --to wxname:editor-in-chief"
            );
            return CliError::Usage(text);
        }
        NoPreview::OutcomeUnknown { part, since } => format!(
            "{part} was begun at {}, and whether it went out is not known: till then nothing of it \
             is touched or shown (R12). `qunfa apply` settles it, `qunfa status` says how it stands",
            report::time(*since)
        ),
        NoPreview::Spent { part } => format!(
            "{part} has gone out, and its draft is spent: look at the article itself, or write a \
             send of its own for what should be shown"
        ),
        NoPreview::SentOther { part, old: Some(old), new } => format!(
            "{part} has gone out with other content ({}) than the files have now ({}): put the \
             files back, or write a send of its own for what should be shown",
            old.short(),
            new.short()
        ),
        NoPreview::SentOther { part, old: None, .. } => format!(
            "{part} has gone out, as a person recorded, and the history does not say with what: \
             write a send of its own for what should be shown"
        ),
        NoPreview::DraftGone { part, media_id } => format!(
            "the draft {media_id} of {part} is not on the account any more, and somebody may have \
             sent it by hand: look at 已群发 on mp.weixin.qq.com, and say what you found with \
             `qunfa resolve {part} --sent` or `--not-sent`"
        ),
        NoPreview::UsedUp { wanted, used, limit } => format!(
            "an account has {limit} previews by WeChat ID a day: {used} were delivered today, and \
             this is {wanted} more. Show it by `openid:`, to fewer people, or tomorrow (Beijing \
             time)"
        ),
    })
}

/// The sends that there are, the first few of many.
fn there_are(known: &[SendAddress]) -> String {
    const SHOWN: usize = 12;
    let names: Vec<String> = known.iter().take(SHOWN).map(ToString::to_string).collect();
    match (names.as_slice(), known.len().saturating_sub(SHOWN)) {
        ([], _) => "there is none".to_owned(),
        (names, 0) => format!("there are: {}", names.join(", ")),
        (names, more) => format!("there are {} and {more} more", names.join(", ")),
    }
}
