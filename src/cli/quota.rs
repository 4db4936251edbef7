//! `quota`: what is left of the right to send and of API calls. It writes no history.

use futures::{StreamExt as _, TryStreamExt as _, stream};

use super::account::{OpenAccount, Place, now_of};
use super::account_args::QuotaArgs;
use super::error::CliError;
use super::exit::Exit;
use super::plan::Link;
use super::project::OpenProject;
use super::save;
use super::settings::Surroundings;
use super::ui::Ui;
use crate::history::Create;
use crate::plan::Usage;
use crate::report::{self, AccountQuota, CallTold, CallUse, Format};
use crate::wechat::{Call, WeChat, WeChatError};

/// The calls whose quota may run out on a campaign, and what each is called in Chinese.
const CALLS: [(Call, &str); 18] = [
    (Call::SendAll, "群发"),
    (Call::Send, "按列表群发"),
    (Call::Preview, "预览"),
    (Call::MassGet, "查询群发状态"),
    (Call::MassDelete, "删除群发"),
    (Call::UploadImage, "正文图片"),
    (Call::AddMaterial, "永久素材"),
    (Call::UploadTemporary, "临时素材"),
    (Call::ConvertVideo, "群发视频"),
    (Call::UploadNews, "图文素材"),
    (Call::DraftAdd, "新建草稿"),
    (Call::DraftUpdate, "修改草稿"),
    (Call::DraftGet, "获取草稿"),
    (Call::DraftDelete, "删除草稿"),
    (Call::Tags, "标签"),
    (Call::TagMembers, "标签下粉丝"),
    (Call::Followers, "关注者"),
    (Call::StableToken, "接口调用凭据"),
];
/// So many are asked for side by side.
const SIDE_BY_SIDE: usize = 4;

/// Shows them. Asks WeChat for the quotas of calls, and for nothing else.
pub(super) async fn run(
    args: &QuotaArgs,
    ui: &Ui,
    surroundings: &Surroundings,
) -> Result<Exit, CliError> {
    let project = &args.project;
    let project = OpenProject::read(&project.path, ui, surroundings, project.trust)?;
    let link = if args.offline { Link::Offline } else { Link::Online };
    let (mut opened, mut known) = (Vec::new(), Vec::new());
    for account in project.accounts(&args.accounts)? {
        let open = OpenAccount::open(account, project.place(), Create::Never)?;
        known.push(look(&open, project.place(), link).await?);
        opened.push(open);
    }
    let style = ui.style(now_of(&opened));
    ui.view(|out| report::quota(&known, ui.format, &style, out))?;
    if let Some(file) = &args.json_into {
        let mut text = Vec::new();
        report::quota(&known, Format::Json, &style, &mut text)?;
        save::write(file, &text)?;
    }
    let is_whole = known.iter().all(|known| known.usage.is_ok());
    Ok(if is_whole { Exit::Done } else { Exit::CouldNotRun })
}

async fn look(open: &OpenAccount, place: Place<'_>, link: Link) -> Result<AccountQuota, CliError> {
    let calls = match link {
        Link::Offline => None,
        Link::Online => Some(calls(&open.connect(place).await?).await?),
    };
    let usage = |ledger| Usage::of(&ledger, open.account.kind, open.clock.now());
    let usage = open.ledger().await.map(usage).map_err(|error| error.to_string());
    Ok(AccountQuota { account: open.shown(), usage, calls })
}

/// Asks how often each call may be made.
///
/// # Errors
///
/// What WeChat says, but for a call that the account does not have.
pub(super) async fn calls(wechat: &WeChat) -> Result<Vec<CallUse>, WeChatError> {
    let one = |(call, title)| async move {
        let told = told(wechat, call).await?;
        Ok(CallUse { path: call.path(), title, told })
    };
    stream::iter(CALLS).map(one).buffered(SIDE_BY_SIDE).try_collect().await
}

/// Asks how often one call may be made.
///
/// # Errors
///
/// As [`calls`].
pub(super) async fn told(wechat: &WeChat, call: Call) -> Result<CallTold, WeChatError> {
    match wechat.call_quota(&format!("/cgi-bin/{call}")).await {
        Ok(quota) => Ok(CallTold::Counted {
            used: quota.used,
            limit: quota.daily_limit,
            left: quota.remain,
            rate: quota.per_minute.map(|rate| (rate.calls, rate.seconds)),
        }),
        Err(error) => match error.errcode() {
            Some(code @ (48001 | 76022)) => Ok(CallTold::NoRight { code }),
            Some(76021) => Ok(CallTold::UnknownPath),
            _ => Err(error),
        },
    }
}
