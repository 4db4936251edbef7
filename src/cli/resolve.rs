//! `resolve`: what a machine must not decide. A state without a way out is a bug, and this is the
//! way out.

use super::account::{OpenAccount, Place};
use super::approve::name;
use super::args::{ResolveArgs, Trust};
use super::desired::{self, AccountFiles, Loaded};
use super::error::CliError;
use super::exit::Exit;
use super::plan::{Link, plan_account};
use super::project::OpenProject;
use super::settings::Surroundings;
use super::ui::Ui;
use crate::history::{About, Create, Decided, Fact, Ledger, Phase, SendHistory, Verdict};
use crate::plan::{Blocked, Blocker, Standing, standing_of};
use crate::report;
use crate::terms::{Effect, MsgId, Timestamp};

/// Shows the evidence, and records the verdict.
pub(super) async fn run(
    args: &ResolveArgs,
    ui: &Ui,
    surroundings: &Surroundings,
) -> Result<Exit, CliError> {
    let project = OpenProject::read(&args.path, ui, surroundings, Trust::NONE)?;
    let place = project.place();
    let loaded = match args.verdict.acknowledge {
        Some(_) => Some(desired::load(std::slice::from_ref(&args.path), &mut |_| ())?),
        None => None,
    };
    let create = if loaded.is_some() { Create::IfMissing } else { Create::Never };
    let (mut found, mut trouble) = (Vec::new(), None);
    for account in project.accounts(args.account.as_slice())? {
        let account = OpenAccount::open(account, place, create)?;
        let effect = args.address.effect(&account.account.appid);
        let ledger = match account.ledger().await {
            Ok(ledger) => ledger,
            Err(error) => {
                trouble = Some(error);
                continue;
            }
        };
        let window = window(args, &account, place, loaded.as_ref()).await?;
        if ledger.send(&effect).is_some() || window == Window::Missed {
            found.push(Found { account, effect, window });
        }
    }
    if let (true, Some(trouble)) = (found.is_empty(), trouble) {
        return Err(trouble);
    }
    let [found] = found.as_slice() else {
        let text = match found.len() {
            0 => format!("nothing is recorded of {}", args.address),
            _ => format!("several accounts have a {}: say --account", args.address),
        };
        return Err(CliError::Usage(text));
    };
    found.account.agree_on_time(place, ui).await?;
    resolve(args, ui, surroundings, found).await
}

/// A send that a person may know more about.
struct Found {
    account: OpenAccount,
    effect: Effect,
    window: Window,
}

/// Whether the files say that the send was missed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Window {
    /// It closed before the send was made.
    Missed,
    /// Anything else.
    Other,
}

/// Asks the files and the history; WeChat need not be asked.
async fn window(
    args: &ResolveArgs,
    account: &OpenAccount,
    place: Place<'_>,
    loaded: Option<&Loaded>,
) -> Result<Window, CliError> {
    let of_account = |files: &&AccountFiles| files.account.appid == account.account.appid;
    let Some(files) = loaded.and_then(|loaded| loaded.accounts.iter().find(of_account)) else {
        return Ok(Window::Other);
    };
    let plan = plan_account(files, account, place, Link::Offline).await?;
    let address = args.address.to_string();
    let is_missed = |blocked: &Blocked| {
        blocked.address == address && matches!(blocked.why, Blocker::Missed { .. })
    };
    Ok(if plan.blocked.iter().any(is_missed) { Window::Missed } else { Window::Other })
}

async fn resolve(
    args: &ResolveArgs,
    ui: &Ui,
    surroundings: &Surroundings,
    Found { account, effect, window }: &Found,
) -> Result<Exit, CliError> {
    let mut journal = account.journal(surroundings.run("resolve")?).await?;
    let now = account.clock.now();
    let verdict = verdict(args);
    let send = journal.ledger().send(effect).cloned().unwrap_or_default();
    let evidence = report::evidence(&args.address, &send, &ui.style(now));
    ui.news(&evidence);
    let refusal = |ledger: &Ledger| {
        let send = ledger.send(effect).cloned().unwrap_or_default();
        others_job(&verdict, effect, ledger).or_else(|| refuse(&verdict, &send, *window, now))
    };
    if let Some(why_not) = refusal(journal.ledger()) {
        return Err(CliError::Refused(why_not));
    }
    let by = name(args.by.as_deref(), surroundings)?;
    if !args.yes && !ui.is_interactive {
        return Err(CliError::Usage("nobody can be asked here: say --yes".to_owned()));
    }
    if !args.yes && !ui.confirms(&format!("Record, as {by}, that {}?", words(&verdict))) {
        return Err(CliError::Refused("nothing was recorded".to_owned()));
    }
    let fact = Fact::Resolved {
        verdict: verdict.clone(),
        by: by.clone(),
        evidence: args.evidence.clone().or(args.verdict.acknowledge.clone()).unwrap_or_default(),
        address: args.address.clone(),
    };
    let still = |ledger: &Ledger| refusal(ledger).is_none();
    match journal.decide(About::send(*effect, send.generation), fact, &still).await? {
        Decided::Written => {
            ui.print(&format!("{by} recorded that {}: {}.\n", words(&verdict), args.address))?;
            Ok(Exit::Done)
        }
        Decided::NoLonger => {
            Err(CliError::Refused("another run changed it meanwhile; look again".to_owned()))
        }
    }
}

fn verdict(args: &ResolveArgs) -> Verdict {
    if args.verdict.sent {
        Verdict::Sent { msg_id: args.msg_id.map(MsgId) }
    } else if args.verdict.not_sent {
        Verdict::NotSent
    } else {
        Verdict::Acknowledged
    }
}

fn words(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Sent { msg_id: Some(msg_id) } => format!("it went out as job {msg_id}"),
        Verdict::Sent { msg_id: None } => "it went out".to_owned(),
        Verdict::NotSent => "it did not go out, and may be sent again".to_owned(),
        Verdict::Acknowledged => "it is known how it ended".to_owned(),
    }
}

/// R11: a job belongs to one send, and a number is easily mistyped.
fn others_job(verdict: &Verdict, effect: &Effect, ledger: &Ledger) -> Option<String> {
    let Verdict::Sent { msg_id: Some(msg_id) } = verdict else { return None };
    let holder = ledger.job(*msg_id).filter(|holder| *holder != effect)?;
    let address = ledger.send(holder).and_then(|send| send.address.as_ref());
    let whose = address.map_or_else(|| "another send".to_owned(), ToString::to_string);
    Some(format!("job {msg_id} is {whose}'s; look at the number again"))
}

/// Why a person's word cannot be taken now: R5 and R7.
fn refuse(verdict: &Verdict, send: &SendHistory, window: Window, now: Timestamp) -> Option<String> {
    let gone = send.draft.as_ref().is_some_and(|draft| draft.gone);
    match (verdict, &send.phase) {
        (Verdict::Sent { .. } | Verdict::NotSent, Phase::Accepted(_)) => {
            Some("WeChat accepted it; that is final".to_owned())
        }
        (Verdict::NotSent, Phase::Open(open)) if now < open.fence() => Some(format!(
            "until {} a request that was made may still make it go out; say it then (R5)",
            report::time(open.fence())
        )),
        (Verdict::Sent { .. } | Verdict::NotSent, Phase::Ready) if !gone => {
            Some("nothing about it is unknown: it was not sent".to_owned())
        }
        (Verdict::Acknowledged, _) if standing_of(send) == Standing::Blocked => None,
        (Verdict::Acknowledged, Phase::Ready) if window == Window::Missed => None,
        (Verdict::Acknowledged, _) => Some(
            "it has no bad end to acknowledge; what holds it up is in the files: see `qunfa plan`"
                .to_owned(),
        ),
        (Verdict::Sent { .. } | Verdict::NotSent, Phase::Open(_) | Phase::Ready) => None,
    }
}
