//! What `doctor` looks at in an account's history. Nothing is written there, not even a run's
//! introduction.

use std::path::Path;

use super::account::{OpenAccount, Place, refuse_lost_history};
use super::doctor::Findings;
use super::error::CliError;
use super::settings::Surroundings;
use crate::campaign::Account;
use crate::history::{
    Create, Ledger, Phase, Record, SendHistory, Seq, Store as _, StoreError, verify,
};
use crate::plan::{QuotaUse, Standing, Usage, standing_of};
use crate::report;
use crate::terms::Timestamp;

/// Looks at an account's history.
pub(super) async fn examine(
    account: &Account,
    place: Place<'_>,
    surroundings: &Surroundings,
    found: &mut Findings,
) {
    let open = match OpenAccount::open(account, place, Create::Never) {
        Ok(open) => open,
        Err(error) => return unusable(&["chain", "writable", "outcomes", "rights"], &error, found),
    };
    let file = place.folder.join(&place.history.sqlite);
    let records = match open.store.read_after(Seq::NONE).await {
        Ok(records) => records,
        Err(error) => {
            return unusable(&["chain", "writable", "outcomes", "rights"], &error.into(), found);
        }
    };
    let known = identify(&open, &records, &file, found);
    chain(&records, found);
    writable(&open, &file, surroundings, found);
    match known {
        Some(ledger) => {
            outcomes(&ledger, open.clock.now(), found);
            rights(&Usage::of(&ledger, account.kind, open.clock.now()), open.clock.now(), found);
        }
        None => found.skip(&["outcomes", "rights"], "the account's own history"),
    }
}

/// Folds the records, and says whether they are the account's own.
fn identify(
    open: &OpenAccount,
    records: &[Record],
    file: &Path,
    found: &mut Findings,
) -> Option<Ledger> {
    let id = "history";
    let ledger = match Ledger::of(records) {
        Ok(ledger) => ledger,
        Err(damage) => {
            let help = "look at `qunfa history verify`, and take the newest copy that verifies";
            found.fail(id, damage.to_string(), Some(help.to_owned()));
            return None;
        }
    };
    if let Err(error) = open.check_identity(&ledger) {
        found.fail_by(id, &error);
        return None;
    }
    match ledger.opened() {
        Some((history, _)) => found.ok(id, format!("{history} in {}", file.display())),
        None => found.ok(id, "none yet: the first apply begins it"),
    }
    Some(ledger)
}

fn unusable(after: &[&'static str], error: &CliError, found: &mut Findings) {
    found.fail_by("history", error);
    found.skip(after, "a history that can be read");
}

fn chain(records: &[Record], found: &mut Findings) {
    match verify(records) {
        Ok(_) if records.is_empty() => found.ok("chain", "no records yet"),
        Ok(verified) => {
            let hash = verified.hash.0.get(..16).unwrap_or_default();
            found.ok("chain", format!("{} records, unbroken, up to {hash}…", verified.head));
        }
        Err(broken) => {
            let help = "somebody changed it: take the newest copy that `qunfa history verify` \
                        proves, and send nothing before";
            found.fail("chain", format!("BROKEN: {broken}"), Some(help.to_owned()));
        }
    }
}

/// Whether a run could write: the writers' lock is taken, and given back with nothing written.
fn writable(open: &OpenAccount, file: &Path, surroundings: &Surroundings, found: &mut Findings) {
    let id = "writable";
    if !open.account.appid.is_sandbox()
        && let Err(error) = refuse_lost_history(surroundings)
    {
        return found.fail_by(id, &error);
    }
    match open.store.check_writable() {
        Ok(()) => found.ok(id, "yes"),
        Err(StoreError::Missing { .. }) => {
            let folder = file.ancestors().skip(1).find(|folder| folder.is_dir());
            let is_closed =
                |folder: &Path| folder.metadata().is_ok_and(|facts| facts.permissions().readonly());
            match folder.filter(|folder| is_closed(folder)) {
                Some(folder) => {
                    let help = "whoever runs `qunfa apply` has to be able to write there";
                    let text = format!("{} is read-only", folder.display());
                    found.fail(id, text, Some(help.to_owned()));
                }
                None => found.pass_over(id, "there is no history yet"),
            }
        }
        Err(error) => found.fail_by(id, &error.into()),
    }
}

/// Names every send whose end a person or a run must find out.
fn outcomes(ledger: &Ledger, now: Timestamp, found: &mut Findings) {
    let open: Vec<String> = ledger.sends().filter_map(|(_, send)| outcome(send, now)).collect();
    if open.is_empty() {
        return found.ok("outcomes", "of every send that was begun it is known how it ended");
    }
    let help = "`qunfa plan` says of each what can be done, `qunfa apply` settles what a machine \
                may, and `qunfa resolve` takes your word for the rest";
    found.warn("outcomes", open.join("; "), help);
}

fn outcome(send: &SendHistory, now: Timestamp) -> Option<String> {
    let address = send.address.as_ref().map_or_else(|| "a send".to_owned(), ToString::to_string);
    match (standing_of(send), &send.phase) {
        (Standing::Unknown, Phase::Open(open)) => {
            let (begun, deadline) = (report::time(open.at), open.deadline(None));
            let then = if now < deadline {
                format!("apply can settle it until {}", report::time(deadline))
            } else {
                "only a person can say now whether it went out".to_owned()
            };
            Some(format!("{address} was begun at {begun} and its outcome is UNKNOWN: {then}"))
        }
        (Standing::Blocked, _) => {
            Some(format!("{address} was accepted and did not end well, and nobody acknowledged it"))
        }
        (
            Standing::Unknown
            | Standing::Planned
            | Standing::Waiting
            | Standing::Submitted
            | Standing::Sent
            | Standing::Skipped
            | Standing::Withheld
            | Standing::Acknowledged,
            _,
        ) => None,
    }
}

/// What of the right to send is used up, as far as the history knows.
fn rights(usage: &Usage, now: Timestamp, found: &mut Findings) {
    let is_used_up = |right: &&QuotaUse| right.is_used_up();
    let words = |right: &QuotaUse| {
        let back = report::time(right.back(now));
        format!("{} of {} are used, until {back}", right.used, right.limit)
    };
    let used_up: Vec<String> = usage.rights().iter().filter(is_used_up).map(words).collect();
    if used_up.is_empty() {
        let sends = usage.this_month().all();
        return found.ok("rights", format!("not used up; sends this month: {sends}"));
    }
    let help = "`qunfa quota` shows which right to send it is; a send beyond it waits";
    found.warn("rights", used_up.join("; "), help);
}
