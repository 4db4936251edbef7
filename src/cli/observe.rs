//! Looks up on the account what a plan needs to know: tags, and how many followers there are.

use crate::content::{Desired, DesiredAudience, DesiredSend};
use crate::history::{Ledger, Phase};
use crate::plan::{Observed, SeenTag};
use crate::terms::{AppId, TagId};
use crate::wechat::{WeChat, WeChatError};

/// What a plan needs to have looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Needs {
    tags: bool,
    followers: bool,
}

impl Needs {
    /// What the sends that are still to be made need; nothing when all is done.
    pub(super) fn of(campaigns: &[Desired], appid: &AppId, ledger: &Ledger) -> Self {
        let is_open = |send: &&DesiredSend| {
            let history = ledger.send(&send.address.effect(appid));
            send.skip.is_none() && history.is_none_or(|h| matches!(h.phase, Phase::Ready))
        };
        let sends: Vec<_> = campaigns.iter().flat_map(|c| &c.sends).filter(is_open).collect();
        Self {
            tags: sends.iter().any(|send| matches!(send.audience, DesiredAudience::Tag(_))),
            followers: sends.iter().any(|send| send.audience == DesiredAudience::Everyone),
        }
    }

    /// Whether nothing needs to be looked up.
    pub(super) fn is_nothing(self) -> bool {
        !self.tags && !self.followers
    }
}

/// Looks it up.
///
/// # Errors
///
/// Whatever WeChat answers.
pub(super) async fn look(wechat: &WeChat, needs: Needs) -> Result<Observed, WeChatError> {
    let mut seen = Observed::default();
    if needs.tags {
        let tags = wechat.tags().await?;
        // A tag whose number is no tag's number (0 is where old code means "everyone") is no tag.
        let tag = |tag: crate::wechat::Tag| {
            let id = TagId::new(tag.id).ok()?;
            Some(SeenTag { name: tag.name, id, count: tag.count })
        };
        seen.tags = Some(tags.into_iter().filter_map(tag).collect());
    }
    if needs.followers {
        seen.followers = Some(wechat.follower_total().await?);
    }
    Ok(seen)
}
