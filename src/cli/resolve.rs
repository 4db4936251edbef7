//! `resolve`: what a machine must not decide. A state without a way out is a bug, and this is the
//! way out.

use super::account::{OpenAccount, Place, pick};
use super::approve::name;
use super::args::{ResolveArgs, Trust};
use super::desired;
use super::error::CliError;
use super::exit::Exit;
use super::settings::Surroundings;
use super::ui::Ui;
use crate::history::{About, Create, Decided, Fact, Ledger, Phase, SendHistory, Verdict};
use crate::plan::{Standing, standing_of};
use crate::report;
use crate::terms::{Effect, MsgId, Timestamp};

/// Shows the evidence, and records the verdict.
pub(super) async fn run(
    args: &ResolveArgs,
    ui: &Ui,
    surroundings: &Surroundings,
) -> Result<Exit, CliError> {
    let (project, folder) =
        desired::load_project(&args.path, &mut |problems| ui.problems(problems))?;
    let trust = Trust { allow_commands: false };
    let place = Place { folder: &folder, history: &project.history, surroundings, trust };
    let mut found = Vec::new();
    for account in pick(&project.accounts, args.account.as_deref())? {
        let opened = OpenAccount::open(account, place, Create::Never).await?;
        let effect = args.address.effect(&account.appid);
        if let Ok(ledger) = opened.ledger().await
            && ledger.send(&effect).is_some()
        {
            found.push((opened, effect));
        }
    }
    let [(account, effect)] = found.as_slice() else {
        let text = match found.len() {
            0 => format!("nothing is recorded of {}", args.address),
            _ => format!("several accounts have a {}: say --account", args.address),
        };
        return Err(CliError::Usage(text));
    };
    resolve(args, ui, surroundings, (account, effect)).await
}

async fn resolve(
    args: &ResolveArgs,
    ui: &Ui,
    surroundings: &Surroundings,
    (account, effect): (&OpenAccount, &Effect),
) -> Result<Exit, CliError> {
    let mut journal = account.journal(surroundings.run("resolve")?).await?;
    let now = account.clock.now();
    let verdict = verdict(args);
    let send = journal.ledger().send(effect).cloned().unwrap_or_default();
    let evidence = report::evidence(&args.address, &send, &ui.style(now));
    ui.news(&evidence);
    if let Some(why_not) = refuse(&verdict, &send, now) {
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
    let still = |ledger: &Ledger| {
        ledger.send(effect).is_some_and(|send| refuse(&verdict, send, now).is_none())
    };
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

/// Why a person's word cannot be taken now: R5 and R7.
fn refuse(verdict: &Verdict, send: &SendHistory, now: Timestamp) -> Option<String> {
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
        (Verdict::Acknowledged, _) => Some("there is nothing to acknowledge".to_owned()),
        (Verdict::Sent { .. } | Verdict::NotSent, Phase::Open(_) | Phase::Ready) => None,
    }
}
