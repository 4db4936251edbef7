//! Materials as the account has them now: looked up, and forgotten when they are gone.
//!
//! Somebody may delete a picture in the console. A send that finds out by its own refusal has spent an
//! intent, and a refusal in its history (R11); so everything that is sent by its id is looked up
//! directly before the intent (R14), as a draft is.

use std::sync::Arc;

use crate::content::{Article, Content, ImageFile, Medium};
use crate::history::{About, Fact};
use crate::plan::Step;
use crate::terms::{Fingerprint, MaterialKind, MediaId};

use super::perform::{Failure, harmless};
use super::run::Run;

/// A permanent material that is named by its id.
pub(super) struct Needed {
    kind: MaterialKind,
    medium: Medium<Fingerprint>,
    /// How a person knows it.
    name: String,
}

impl Needed {
    /// The pictures or the voice of a send, in their order.
    pub(super) fn of(content: &Content) -> Vec<Self> {
        match content {
            Content::Images(images) => {
                let picture = |picture: &Medium<ImageFile>| {
                    Self::one(MaterialKind::Image, picture, |f| (f.fingerprint, &f.name))
                };
                images.pictures.iter().map(picture).collect()
            }
            Content::Voice(voice) => {
                vec![Self::one(MaterialKind::Voice, voice, |f| (f.fingerprint, &f.name))]
            }
            // Articles are sent as a draft, a video lasts three days; both are looked at elsewhere.
            Content::News(_) | Content::Text(_) | Content::Video(_) | Content::Card(_) => {
                Vec::new()
            }
        }
    }

    fn one<F>(
        kind: MaterialKind,
        medium: &Medium<F>,
        facts: impl FnOnce(&F) -> (Fingerprint, &String),
    ) -> Self {
        let what = if kind == MaterialKind::Voice { "voice" } else { "picture" };
        let (medium, name) = match medium {
            Medium::File(file) => {
                let (fingerprint, name) = facts(file);
                (Medium::File(fingerprint), name.clone())
            }
            Medium::OnAccount(id) => (Medium::OnAccount(id.clone()), id.to_string()),
        };
        Self { kind, medium, name: format!("the {what} {name}") }
    }

    /// The covers of articles, in their order.
    pub(super) fn covers(articles: &[Arc<Article>]) -> Vec<Self> {
        let needed = |article: &Arc<Article>| Self {
            kind: MaterialKind::Image,
            medium: article.cover.clone(),
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
            let known = match &needed.medium {
                Medium::File(fingerprint) => ledger.material(needed.kind, fingerprint).cloned(),
                Medium::OnAccount(id) => Some(id.clone()),
            };
            let text = || format!("{} is not on the account; plan again", needed.name);
            known.ok_or_else(|| Failure::Step(text()))
        };
        needed.iter().map(id).collect()
    }

    /// Looks each material up. One that the account does not have is recorded as gone, so that the
    /// next run uploads it again, and fails the step.
    pub(super) async fn look_up(&mut self, step: &Step, needed: &[Needed]) -> Result<(), Failure> {
        let wechat = self.world.wechat;
        let (mut gone, mut again, mut lost) = (Vec::new(), Vec::new(), Vec::new());
        for (needed, media_id) in needed.iter().zip(self.media_of(needed)?) {
            if harmless!(self, step, wechat.has_material(&media_id))? {
                continue;
            }
            match needed.medium {
                Medium::File(material) => {
                    let (kind, media_id) = (needed.kind, Some(media_id));
                    gone.push((About::NO_SEND, Fact::MaterialGone { kind, material, media_id }));
                    again.push(needed.name.as_str());
                }
                Medium::OnAccount(_) => lost.push(needed.name.as_str()),
            }
        }
        if gone.is_empty() && lost.is_empty() {
            return Ok(());
        }
        let text = |names: &[&str], then: &str| {
            let names = names.join(", ");
            (!names.is_empty()).then(|| format!("not on the account any more: {names}; {then}"))
        };
        let texts = [
            text(&again, "the next run uploads it again"),
            text(&lost, "name another id under `media`, or a file"),
        ];
        let text = texts.into_iter().flatten().collect::<Vec<_>>().join(". ");
        self.journal.note_all(gone).await?;
        Err(Failure::Step(text))
    }
}
