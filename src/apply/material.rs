//! Materials as the account has them now: looked up, and forgotten when they are gone.
//!
//! Somebody may delete a picture in the console. A send that finds out by its own refusal has spent an
//! intent, and a refusal in its history (R11); so everything that is sent by its id is looked up
//! directly before the intent (R14), as a draft is.

use std::sync::Arc;

use crate::content::{Article, Images};
use crate::history::{About, Fact};
use crate::plan::Step;
use crate::terms::{Fingerprint, MaterialKind, MediaId};

use super::perform::{Failure, harmless};
use super::run::Run;

/// A file that lies on the account under an id of its own.
pub(super) struct Needed {
    kind: MaterialKind,
    fingerprint: Fingerprint,
    /// How a person knows it.
    name: String,
}

impl Needed {
    /// The pictures of a send, in their order.
    pub(super) fn pictures(images: &Images) -> Vec<Self> {
        let needed = |name: &str, fingerprint| {
            let (kind, name) = (MaterialKind::Image, format!("the picture {name}"));
            Self { kind, fingerprint, name }
        };
        images.pictures.iter().map(|file| needed(&file.name, file.fingerprint)).collect()
    }

    /// The covers of articles, in their order.
    pub(super) fn covers(articles: &[Arc<Article>]) -> Vec<Self> {
        let needed = |article: &Arc<Article>| Self {
            kind: MaterialKind::Image,
            fingerprint: article.cover,
            name: format!("the cover of `{}`", article.title),
        };
        articles.iter().map(needed).collect()
    }
}

impl Run<'_, '_> {
    /// The ids of materials, in their order.
    pub(super) fn media_of(&self, needed: &[Needed]) -> Result<Vec<MediaId>, Failure> {
        let ledger = self.journal.ledger();
        let id = |needed: &Needed| {
            let known = ledger.material(needed.kind, &needed.fingerprint).cloned();
            let text = || format!("{} is not on the account; plan again", needed.name);
            known.ok_or_else(|| Failure::Step(text()))
        };
        needed.iter().map(id).collect()
    }

    /// Looks each material up. One that the account does not have is recorded as gone, so that the
    /// next run uploads it again, and fails the step.
    pub(super) async fn look_up(&mut self, step: &Step, needed: &[Needed]) -> Result<(), Failure> {
        let wechat = self.world.wechat;
        let (mut gone, mut names) = (Vec::new(), Vec::new());
        for (needed, media_id) in needed.iter().zip(self.media_of(needed)?) {
            let Needed { kind, fingerprint: material, .. } = *needed;
            if !harmless!(self, step, wechat.has_material(&media_id))? {
                let media_id = Some(media_id);
                gone.push((About::NO_SEND, Fact::MaterialGone { kind, material, media_id }));
                names.push(needed.name.as_str());
            }
        }
        if gone.is_empty() {
            return Ok(());
        }
        let text = format!(
            "not on the account any more: {}; the next run uploads it again",
            names.join(", ")
        );
        self.journal.note_all(gone).await?;
        Err(Failure::Step(text))
    }
}
