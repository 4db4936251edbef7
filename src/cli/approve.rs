//! `approve`: a person's word for one send, as it is now.

use super::account::OpenAccount;
use super::apply::{DIGITS_MIN, is_digest, too_short};
use super::args::{Approvable, ApproveArgs};
use super::desired;
use super::error::CliError;
use super::exit::Exit;
use super::plan::{Link, place, plan_account, show};
use super::settings::Surroundings;
use super::ui::Ui;
use crate::content::Desired;
use crate::history::{About, Approval, Create, Decided, Fact, Ledger};
use crate::plan::{Action, Plan, RetractionStanding, SendLine, Standing, Step, Why};
use crate::terms::{Fingerprint, SendAddress};

/// Records the approval.
pub(super) async fn run(
    args: &ApproveArgs,
    ui: &Ui,
    surroundings: &Surroundings,
) -> Result<Exit, CliError> {
    let loaded = desired::load(&args.paths, &mut |problems| ui.problems(problems))?;
    loaded.show(ui);
    let is_declared = |campaign: &Desired| match &args.address {
        Approvable::Send(address) => campaign.sends.iter().any(|send| send.address == *address),
        Approvable::Retraction(address) => {
            campaign.retractions.iter().any(|retraction| retraction.address == *address)
        }
    };
    let files = loaded.accounts.iter().find(|files| files.campaigns.iter().any(is_declared));
    let Some(files) = files else {
        let text = match &args.address {
            Approvable::Send(address) => format!("no sound campaign has a send {address}"),
            Approvable::Retraction(address) => {
                format!("no sound campaign has a retraction {address}")
            }
        };
        return Err(CliError::Usage(text));
    };
    let place = place(&loaded, surroundings, args.trust);
    let account = OpenAccount::open(&files.account, place, Create::IfMissing)?;
    let mut plan = plan_account(files, &account, place, Link::Online).await?;
    let Word { address, of, digest } = match &args.address {
        Approvable::Send(address) => {
            plan.sends.retain(|line| line.address.whole() == *address);
            plan.retractions.clear();
            are_previews_delivered(&plan, address)?;
            Word { address: address.to_string(), of: address.clone(), digest: digest(&plan)? }
        }
        Approvable::Retraction(address) => {
            plan.sends.clear();
            plan.retractions.retain(|line| line.address == *address);
            let (of, digest) = retraction(&plan)?;
            Word { address: address.to_string(), of, digest }
        }
    };
    let by = name(args.by.as_deref(), surroundings)?;
    may(&files.account.approvers, &by)?;
    agree(args, ui, &plan, &digest)?;
    account.agree_on_time(place, ui).await?;
    let mut journal = account.journal(surroundings.run("approve")?).await?;
    let is_known = |approval: &Approval| approval.digest == digest && approval.by == by;
    if !is_wanted(&plan, &address, &by) && journal.ledger().approvals(&of).iter().any(is_known) {
        ui.print(&format!("{by} has approved {address} already ({}).\n", digest.short()))?;
        return Ok(Exit::Done);
    }
    let (head, _) = journal.ledger().head();
    let still = |ledger: &Ledger| {
        // A new preview or edit in between does not matter: the digest says what is approved.
        ledger.head().0 >= head
    };
    let fact = Fact::Approved { digest, by: by.clone(), address: of };
    let (Decided::Written | Decided::NoLonger) =
        journal.decide(About::NO_SEND, fact, &still).await?;
    ui.print(&format!("{by} approved {address} ({}).\n", digest.short()))?;
    Ok(Exit::Done)
}

/// What is approved.
struct Word {
    /// As the person wrote it.
    address: String,
    /// The send that it is about, under which it is recorded.
    of: SendAddress,
    /// What exactly.
    digest: Fingerprint,
}

/// The send and the digest of a retraction that can still be approved.
fn retraction(plan: &Plan) -> Result<(SendAddress, Fingerprint), CliError> {
    let line = plan.retractions.first().filter(|line| match line.standing {
        RetractionStanding::Planned | RetractionStanding::Waiting | RetractionStanding::Blocked => {
            true
        }
        RetractionStanding::Withholds | RetractionStanding::Done => false,
    });
    let line =
        line.ok_or_else(|| CliError::Refused("nothing of it is left to take back".to_owned()))?;
    Ok((line.send.clone(), line.digest))
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
fn is_wanted(plan: &Plan, address: &str, by: &String) -> bool {
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
