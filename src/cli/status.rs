//! `status`: where every send is, from the history alone.

use super::account::OpenAccount;
use super::args::{Files, Trust};
use super::desired;
use super::error::CliError;
use super::exit::Exit;
use super::plan::{Link, place, plan_account};
use super::settings::Surroundings;
use super::ui::Ui;
use crate::history::Create;
use crate::report;

/// Shows it. Asks WeChat nothing.
pub(super) async fn run(
    args: &Files,
    ui: &Ui,
    surroundings: &Surroundings,
) -> Result<Exit, CliError> {
    let loaded = desired::load(&args.paths, &mut |problems| ui.problems(problems))?;
    loaded.show(ui);
    let place = place(&loaded, surroundings, Trust::NONE);
    let mut exit = if loaded.has_errors() { Exit::BadFiles } else { Exit::Done };
    for files in &loaded.accounts {
        let account = OpenAccount::open(&files.account, place, Create::Never)?;
        let plan = plan_account(files, &account, place, Link::Offline).await?;
        let ledger = account.ledger().await?;
        let style = ui.style(account.clock.now());
        let known = report::Known { plan: &plan, ledger: &ledger };
        ui.view(|out| report::status(&[known], ui.format, &style, out))?;
        if !plan.blocked.is_empty() {
            exit = exit.and(Exit::NeedsPerson);
        }
    }
    Ok(exit)
}
