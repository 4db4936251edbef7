//! `history`: look at the records, prove them, begin them.

use super::account::{OpenAccount, new_history_id, pick};
use super::args::{HistoryArgs, HistoryCommand, HistoryNewArgs, Trust};
use super::error::CliError;
use super::exit::Exit;
use super::project::OpenProject;
use super::settings::Surroundings;
use super::ui::Ui;
use crate::history::{Binding, Create, Journal, Seq, SqliteHistory, Store as _, verify};
use crate::report;

/// Runs one of the sub-commands.
pub(super) async fn run(
    command: &HistoryCommand,
    ui: &Ui,
    surroundings: &Surroundings,
) -> Result<Exit, CliError> {
    match command {
        HistoryCommand::Show(args) => show(args, ui, surroundings).await,
        HistoryCommand::Verify(args) => prove(args, ui, surroundings).await,
        HistoryCommand::New(args) => begin(args, ui, surroundings).await,
    }
}

fn open(
    args: &HistoryArgs,
    ui: &Ui,
    surroundings: &Surroundings,
) -> Result<Vec<OpenAccount>, CliError> {
    let project = OpenProject::read(&args.path, ui, surroundings, Trust::NONE)?;
    let accounts = project.accounts(args.account.as_slice())?.into_iter();
    accounts.map(|account| OpenAccount::open(account, project.place(), Create::Never)).collect()
}

async fn show(args: &HistoryArgs, ui: &Ui, surroundings: &Surroundings) -> Result<Exit, CliError> {
    for account in open(args, ui, surroundings)? {
        let records = account.store.read_after(Seq::NONE).await?;
        let style = ui.style(account.clock.now());
        let appid = &account.account.appid;
        ui.view(|out| report::history(&records, appid, ui.format, &style, out))?;
    }
    Ok(Exit::Done)
}

async fn prove(args: &HistoryArgs, ui: &Ui, surroundings: &Surroundings) -> Result<Exit, CliError> {
    let mut exit = Exit::Done;
    for account in open(args, ui, surroundings)? {
        let appid = &account.account.appid;
        let records = account.store.read_after(Seq::NONE).await?;
        match verify(&records) {
            Ok(_) if records.is_empty() => ui.print(&format!("{appid}: no history yet\n"))?,
            Ok(verified) => {
                let hash = verified.hash.0.get(..16).unwrap_or_default();
                let count = verified.head.0;
                ui.print(&format!("{appid}: {count} records, unbroken, up to {hash}…\n"))?;
            }
            Err(broken) => {
                ui.print(&format!("{appid}: BROKEN: {broken}\n"))?;
                exit = exit.and(Exit::CouldNotRun);
            }
        }
    }
    Ok(exit)
}

/// Begins a history with its first record, which binds its id to the account.
async fn begin(
    args: &HistoryNewArgs,
    ui: &Ui,
    surroundings: &Surroundings,
) -> Result<Exit, CliError> {
    let OpenProject { project, folder, .. } =
        OpenProject::read(&args.path, ui, surroundings, Trust::NONE)?;
    let account = pick(&project.accounts, Some(&args.account))?[0];
    let path = folder.join(&project.history.sqlite);
    let store = SqliteHistory::open(&path, Create::IfMissing)?.account(&account.appid);
    if !store.read_after(Seq::NONE).await?.is_empty() {
        let text = format!("{} has a history at {} already", account.appid, path.display());
        return Err(CliError::History(text));
    }
    let history = match &project.history.id {
        Some(id) => id.value.clone(),
        None => new_history_id()?,
    };
    let clock = super::clock::SystemClock::default();
    let binding = Binding { history: history.clone(), appid: account.appid.clone() };
    let run = surroundings.run("history new")?;
    Journal::open(&store, &clock, run, binding).await?.begin().await?;
    ui.news(&format!(
        "{}: a history begins at {}. Write its id into qunfa.yaml:",
        account.appid,
        path.display()
    ));
    ui.print(&format!("history: {{ id: {history} }}\n"))?;
    Ok(Exit::Done)
}
