//! `approve`: a person's word for one send, as it is now.

use super::account::OpenAccount;
use super::apply::{DIGITS_MIN, is_digest, too_short};
use super::args::ApproveArgs;
use super::desired;
use super::error::CliError;
use super::exit::Exit;
use super::plan::{Link, place, plan_account, show};
use super::settings::Surroundings;
use super::ui::Ui;
use crate::history::{About, Approval, Create, Decided, Fact, Ledger};
use crate::plan::{Action, Plan, SendLine, Standing, Step, Why};
use crate::terms::{Fingerprint, SendAddress};

/// Records the approval.
pub(super) async fn run(
    args: &ApproveArgs,
    ui: &Ui,
    surroundings: &Surroundings,
) -> Result<Exit, CliError> {
    let loaded = desired::load(&args.paths, &mut |problems| ui.problems(problems))?;
    loaded.show(ui);
    let address = args.address.whole();
    let files = loaded.accounts.iter().find(|files| {
        files.campaigns.iter().any(|c| c.sends.iter().any(|send| send.address == address))
    });
    let Some(files) = files else {
        return Err(CliError::Usage(format!("no sound campaign has a send {address}")));
    };
    let place = place(&loaded, surroundings, args.trust);
    let account = OpenAccount::open(&files.account, place, Create::IfMissing)?;
    let mut plan = plan_account(files, &account, place, Link::Online).await?;
    plan.sends.retain(|line| line.address.whole() == address);
    let digest = digest(&plan)?;
    are_previews_delivered(&plan, &address)?;
    let by = name(args.by.as_deref(), surroundings)?;
    may(&files.account.approvers, &by)?;
    agree(args, ui, &plan, &digest)?;
    account.agree_on_time(place, ui).await?;
    let mut journal = account.journal(surroundings.run("approve")?).await?;
    let is_known = |approval: &Approval| approval.digest == digest && approval.by == by;
    if !is_wanted(&plan, &address, &by) && journal.ledger().approvals(&address).iter().any(is_known)
    {
        ui.print(&format!("{by} has approved {address} already ({}).\n", digest.short()))?;
        return Ok(Exit::Done);
    }
    let (head, _) = journal.ledger().head();
    let still = |ledger: &Ledger| {
        // A new preview or edit in between does not matter: the digest says what is approved.
        ledger.head().0 >= head
    };
    let fact = Fact::Approved { digest, by: by.clone(), address: address.clone() };
    let (Decided::Written | Decided::NoLonger) =
        journal.decide(About::NO_SEND, fact, &still).await?;
    ui.print(&format!("{by} approved {address} ({}).\n", digest.short()))?;
    Ok(Exit::Done)
}

/// An approval counts only after the previews of exactly this content were delivered
/// (ARCHITECTURE.md, promises):
/// an earlier one would be recorded and never count.
fn are_previews_delivered(plan: &Plan, address: &SendAddress) -> Result<(), CliError> {
    let is_preview =
        |step: &Step| matches!(&step.action, Action::Preview(order) if order.address == *address);
    if plan.steps.iter().any(is_preview) {
        let text = "its previews are not delivered yet, and an approval counts only after them: \
                    run `qunfa apply --until preview` first";
        return Err(CliError::Refused(text.to_owned()));
    }
    Ok(())
}

/// Whether the send waits for an approval by this person.
fn is_wanted(plan: &Plan, address: &SendAddress, by: &String) -> bool {
    let address = address.to_string();
    plan.waiting.iter().any(|waiting| match &waiting.why {
        Why::Approval { have, .. } => waiting.address == address && !have.contains(by),
        _ => false,
    })
}

/// The digest of a send that can still be approved.
fn digest(plan: &Plan) -> Result<Fingerprint, CliError> {
    let is_ahead = |line: &&SendLine| match line.standing {
        Standing::Planned | Standing::Waiting | Standing::Blocked => true,
        Standing::Unknown
        | Standing::Submitted
        | Standing::Sent
        | Standing::Skipped
        | Standing::Withheld
        | Standing::Acknowledged => false,
    };
    let Some(line) = plan.sends.iter().find(is_ahead) else {
        return Err(CliError::Refused("it is already on its way, or closed".to_owned()));
    };
    Ok(line.digest)
}

/// The name that the approval is recorded under.
pub(super) fn name(written: Option<&str>, surroundings: &Surroundings) -> Result<String, CliError> {
    let name = written.map(str::to_owned).or_else(|| surroundings.actor.clone());
    name.filter(|name| !name.trim().is_empty())
        .ok_or_else(|| CliError::Usage("who are you? say --by NAME".to_owned()))
}

fn may(approvers: &[String], by: &str) -> Result<(), CliError> {
    if approvers.is_empty() || approvers.iter().any(|approver| approver == by) {
        return Ok(());
    }
    let text = format!("{by} is not among the approvers: {}", approvers.join(", "));
    Err(CliError::Refused(text))
}

fn agree(args: &ApproveArgs, ui: &Ui, plan: &Plan, digest: &Fingerprint) -> Result<(), CliError> {
    let found = digest.to_string();
    match &args.expect {
        Some(expected) if is_digest(expected, &found) => return Ok(()),
        Some(expected) if expected.len() < DIGITS_MIN => return Err(too_short(expected)),
        Some(expected) => {
            let text = format!("its digest is {found}, and not {expected}: it changed");
            return Err(CliError::Refused(text));
        }
        None if !ui.is_interactive => {
            let text = format!(
                "say what you saw: --expect and {DIGITS_MIN} or more digits of the send's digest, \
                 which `qunfa plan` shows"
            );
            return Err(CliError::Usage(text));
        }
        None => {}
    }
    let mut shown = plan.clone();
    shown.steps.clear();
    show(&[shown], crate::report::Format::Human, ui, super::settings::now())?;
    if ui.confirms("Do you approve exactly this?") {
        Ok(())
    } else {
        Err(CliError::Refused("nothing was recorded".to_owned()))
    }
}
