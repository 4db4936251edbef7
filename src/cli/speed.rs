//! `speed`: how fast mass sends go out, and changing it. It writes no history.

use super::account::{OpenAccount, now_of};
use super::account_args::SpeedArgs;
use super::error::CliError;
use super::exit::Exit;
use super::project::OpenProject;
use super::settings::Surroundings;
use super::ui::Ui;
use crate::history::Create;
use crate::plan::PlannedAccount;
use crate::report::{self, AccountSpeed};
use crate::wechat::{WeChat, WeChatError};

/// Shows it, once it is changed if that is wanted.
pub(super) async fn run(
    args: &SpeedArgs,
    ui: &Ui,
    surroundings: &Surroundings,
) -> Result<Exit, CliError> {
    if args.set.is_some() && !args.yes && !ui.is_interactive {
        let text = "nobody can be asked here: say --yes to change the speed of the whole account";
        return Err(CliError::Usage(text.to_owned()));
    }
    let project = &args.project;
    let project = OpenProject::read(&project.path, ui, surroundings, project.trust)?;
    let (mut opened, mut known) = (Vec::new(), Vec::new());
    for account in project.accounts(args.account.as_slice())? {
        let open = OpenAccount::open(account, project.place(), Create::Never)?;
        let wechat = open.connect(project.place()).await?;
        let mut speed = look(&wechat, open.shown()).await?;
        if let Some(level) = args.set.filter(|level| *level != speed.level) {
            agree(args, ui, &speed, level)?;
            wechat.set_speed(level).await.map_err(not_set)?;
            let before = Some(speed.level);
            speed = AccountSpeed { before, ..look(&wechat, open.shown()).await? };
        }
        known.push(speed);
        opened.push(open);
    }
    let style = ui.style(now_of(&opened));
    ui.view(|out| report::speed(&known, ui.format, &style, out))?;
    Ok(Exit::Done)
}

async fn look(wechat: &WeChat, account: PlannedAccount) -> Result<AccountSpeed, WeChatError> {
    let speed = wechat.speed().await?;
    Ok(AccountSpeed { account, level: speed.level, real: speed.per_minute, before: None })
}

fn agree(args: &SpeedArgs, ui: &Ui, now: &AccountSpeed, level: u8) -> Result<(), CliError> {
    let (account, before) = (&now.account, now.level);
    let world = if account.appid.is_sandbox() { "SANDBOX" } else { "REAL" };
    let question = format!(
        "Change the speed of {} ({world} {}) from {before} to {level}, for all its mass sends?",
        account.name, account.appid
    );
    if args.yes || ui.confirms(&question) {
        return Ok(());
    }
    Err(CliError::Refused("nothing was changed".to_owned()))
}

/// An administrator's word is awaited: that is no failure, and asking again does not bring it on.
fn not_set(error: WeChatError) -> CliError {
    match error.errcode() {
        Some(code @ 89501..=89505) => CliError::Refused(format!(
            "not changed yet: WeChat waits for an administrator of the account to confirm it on the \
             phone ({code}); then look again: qunfa speed"
        )),
        _ => error.into(),
    }
}
