//! `tags`: which tags (标签) an account has, and which targets name each. It writes no history.

use std::collections::{BTreeMap, BTreeSet};

use super::account::{OpenAccount, Place, now_of, pick};
use super::args::TagsArgs;
use super::desired::{self, Loaded};
use super::error::CliError;
use super::exit::Exit;
use super::plan::place;
use super::settings::Surroundings;
use super::ui::Ui;
use crate::campaign::Account;
use crate::content::{Desired, DesiredAudience, DesiredSend};
use crate::history::Create;
use crate::plan::SeenTag;
use crate::report::{self, AccountTags, Format};
use crate::terms::TagId;
use crate::wechat::Tag;

/// Shows them. Asks WeChat for the tags, and for nothing else.
pub(super) async fn run(
    args: &TagsArgs,
    ui: &Ui,
    surroundings: &Surroundings,
) -> Result<Exit, CliError> {
    let loaded = desired::load(&args.files.paths, &mut |problems| ui.problems(problems))?;
    loaded.show(ui);
    let place = place(&loaded, surroundings, args.trust);
    let (mut opened, mut known) = (Vec::new(), Vec::new());
    for account in accounts(&loaded, args.account.as_deref())? {
        let open = OpenAccount::open(account, place, Create::Never)?;
        known.push(look(&open, place, campaigns(&loaded, account)).await?);
        opened.push(open);
    }
    // When every campaign is wrong no account is named, and a view would show that as if all were well.
    if !known.is_empty() || !loaded.has_errors() || ui.format == Format::Json {
        let style = ui.style(now_of(&opened));
        ui.view(|out| report::tags(&known, ui.format, &style, out))?;
    }
    for warning in report::tag_warnings(&known) {
        ui.news(&format!("warning: {warning}"));
    }
    Ok(if loaded.has_errors() { Exit::BadFiles } else { Exit::Done })
}

/// The account with this name, whoever names it, or every account that the campaigns name.
fn accounts<'a>(loaded: &'a Loaded, name: Option<&str>) -> Result<Vec<&'a Account>, CliError> {
    match name {
        Some(_) => pick(&loaded.project.accounts, name),
        None => Ok(loaded.accounts.iter().map(|files| &files.account).collect()),
    }
}

/// The campaigns that are for an account.
pub(super) fn campaigns<'a>(loaded: &'a Loaded, account: &Account) -> &'a [Desired] {
    let mut files = loaded.accounts.iter();
    let files = files.find(|files| files.account.appid == account.appid);
    files.map_or(&[], |files| &files.campaigns)
}

async fn look(
    open: &OpenAccount,
    place: Place<'_>,
    campaigns: &[Desired],
) -> Result<AccountTags, CliError> {
    let tags = open.connect(place).await?.tags().await?;
    Ok(AccountTags {
        account: open.shown(),
        tags: tags.into_iter().filter_map(seen).collect(),
        wanted: wanted(campaigns),
    })
}

/// A tag as a plan would see it: one whose number is no tag's number is no tag.
fn seen(tag: Tag) -> Option<SeenTag> {
    let id = TagId::new(tag.id).ok()?;
    Some(SeenTag { name: tag.name, id, count: tag.count })
}

/// Each tag that a send goes to, its name as rendered, with the targets that name it.
pub(super) fn wanted(campaigns: &[Desired]) -> BTreeMap<String, BTreeSet<String>> {
    let mut wanted = BTreeMap::<String, BTreeSet<String>>::new();
    for (campaign, send) in campaigns.iter().flat_map(|c| c.sends.iter().map(move |s| (c, s))) {
        if let DesiredAudience::Tag(name) = &send.audience {
            wanted.entry(name.clone()).or_default().insert(address(campaign, send));
        }
    }
    wanted
}

/// A target's address: `spring-2026/targets/vip`.
fn address(campaign: &Desired, send: &DesiredSend) -> String {
    let (name, target) = (&campaign.campaign, &send.target);
    match &campaign.edition {
        Some(edition) => format!("{name}@{edition}/targets/{target}"),
        None => format!("{name}/targets/{target}"),
    }
}
