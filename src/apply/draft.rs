//! Drafts: saved, read back, compared.

use std::sync::Arc;

use crate::content::{self, Article, Medium};
use crate::history::{About, Decided, DraftHistory, Fact, Ledger, Phase};
use crate::plan::{DraftOrder, Step};
use crate::terms::{Effect, Fingerprint, Generation, MaterialKind, MediaId};
use crate::wechat::{DraftArticle, NO_SUCH_MEDIA, SavedArticle, WeChatError};

use super::event::Event;
use super::material::Needed;
use super::perform::{Done, Failure, harmless};
use super::run::Run;

impl Run<'_, '_> {
    pub(super) async fn save_draft(
        &mut self,
        step: &Step,
        order: &DraftOrder,
    ) -> Result<Done, Failure> {
        self.unfrozen(order.effect, order.generation).await?;
        let articles: Vec<DraftArticle> =
            order.articles.iter().map(|article| self.wire_article(article)).collect();
        let wechat = self.world.wechat;
        let media_id = match &order.update {
            Some(draft) => {
                self.begin_update(order, draft).await?;
                self.update_draft(step, order, (draft, &articles)).await?;
                draft.clone()
            }
            None => match harmless!(self, step, wechat.draft_add(&articles)) {
                Ok(media_id) => media_id,
                Err(error) => return Err(self.cover_failure(step, order, error).await),
            },
        };
        let kept = harmless!(self, step, wechat.draft_get(&media_id))?;
        self.compare(&articles, &kept)?;
        let fact = Fact::DraftSaved {
            media_id: media_id.clone(),
            content: order.content,
            articles: order.articles.iter().map(|article| article.fingerprint()).collect(),
            read_back: read_back(&kept),
            address: order.address.clone(),
        };
        self.journal.note(About::send(order.effect, order.generation), fact).await?;
        if let Some(old) =
            order.replaces.as_ref().filter(|_| self.is_free(order.effect, order.generation))
        {
            // 40007 is as good: it is gone. Anything else leaves an orphan, which harms nobody.
            if let Err(error) = wechat.draft_delete(old).await {
                let text = format!("the former draft {old} is left on the account: {error}");
                (self.tell)(Event::Warning { text });
            }
        }
        Ok(Done::Finished("saved, and read back".to_owned()))
    }

    /// The draft of this content, as the records have it.
    pub(super) fn saved_draft(
        &self,
        effect: &Effect,
        content: &Fingerprint,
    ) -> Result<DraftHistory, Failure> {
        let history = self.journal.ledger().send(effect);
        history
            .and_then(|history| history.draft.as_ref())
            .filter(|draft| draft.content == *content && draft.is_as_saved())
            .cloned()
            .ok_or_else(|| Failure::Step("its draft changed meanwhile; plan again".to_owned()))
    }

    /// Looks whether that draft is there, and is what was read back when it was saved; records it
    /// otherwise.
    pub(super) async fn draft_as_saved(
        &mut self,
        step: &Step,
        (effect, generation): (Effect, Generation),
        content: &Fingerprint,
    ) -> Result<DraftHistory, Failure> {
        let draft = self.saved_draft(&effect, content)?;
        let wechat = self.world.wechat;
        match harmless!(self, step, wechat.draft_get(&draft.media_id)) {
            Ok(kept) if read_back(&kept) == draft.read_back => Ok(draft),
            Ok(kept) => {
                let (media_id, found) = (draft.media_id, read_back(&kept));
                let text = format!(
                    "the draft {media_id} is not as it was reviewed; the next run saves it again"
                );
                let about = About::send(effect, generation);
                self.journal.note(about, Fact::DraftAltered { media_id, found }).await?;
                Err(Failure::Step(text))
            }
            Err(error) if error.errcode() == Some(NO_SUCH_MEDIA) => {
                // It dies with its send, and another run may just have made that.
                self.unfrozen(effect, generation).await?;
                let media_id = draft.media_id;
                let text = format!("the draft {media_id} is gone; it may have been sent by hand");
                let about = About::send(effect, generation);
                self.journal.note(about, Fact::DraftGone { media_id }).await?;
                Err(Failure::Step(text))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// R12: from an intent on, nobody touches the draft. Another run may have come first.
    pub(super) async fn unfrozen(
        &mut self,
        effect: Effect,
        generation: Generation,
    ) -> Result<(), Failure> {
        self.journal.refresh().await?;
        if self.is_free(effect, generation) {
            return Ok(());
        }
        Err(Failure::Held("another run has the send in hand".to_owned()))
    }

    /// Whether nobody has begun to send it.
    fn is_free(&self, effect: Effect, generation: Generation) -> bool {
        is_free(self.journal.ledger(), &effect, generation)
    }

    /// R12: an update takes a while, and an intent may come between its calls. So it is on record
    /// before the first of them that the draft is not as saved, decided from a head at which the send
    /// is free: from there no run sends the draft before it is read back, and a run that dies here
    /// leaves it to be saved again.
    async fn begin_update(&mut self, order: &DraftOrder, draft: &MediaId) -> Result<(), Failure> {
        let (effect, generation) = (order.effect, order.generation);
        let still = |ledger: &Ledger| is_free(ledger, &effect, generation);
        let found = Fingerprint::of_parts([b"being updated" as &[u8], draft.as_str().as_bytes()]);
        let fact = Fact::DraftAltered { media_id: draft.clone(), found };
        match self.journal.decide(About::send(effect, generation), fact, &still).await? {
            Decided::Written => Ok(()),
            Decided::NoLonger => Err(Failure::Held("another run has the send in hand".to_owned())),
        }
    }

    async fn update_draft(
        &mut self,
        step: &Step,
        order: &DraftOrder,
        (draft, articles): (&MediaId, &[DraftArticle]),
    ) -> Result<(), Failure> {
        let wechat = self.world.wechat;
        for (index, article) in (0_u32..).zip(articles) {
            let updated = harmless!(self, step, wechat.draft_update(draft, index, article));
            if let Err(error) = updated {
                return Err(self.draft_failure(step, order, (draft, error)).await);
            }
        }
        Ok(())
    }

    /// R13: a draft that is gone without our doing is recorded, and a person is asked.
    async fn draft_failure(
        &mut self,
        step: &Step,
        order: &DraftOrder,
        (draft, error): (&MediaId, WeChatError),
    ) -> Failure {
        if error.errcode() != Some(NO_SUCH_MEDIA) {
            return error.into();
        }
        // One code for two things: the draft is gone, or a cover is.
        let wechat = self.world.wechat;
        match harmless!(self, step, wechat.draft_get(draft)) {
            Ok(_) => return self.cover_failure(step, order, error).await,
            Err(error) if error.errcode() == Some(NO_SUCH_MEDIA) => {}
            Err(error) => return error.into(),
        }
        // It dies with its send, and another run may just have made that.
        if let Err(held) = self.unfrozen(order.effect, order.generation).await {
            return held;
        }
        let gone = Fact::DraftGone { media_id: draft.clone() };
        match self.journal.note(About::send(order.effect, order.generation), gone).await {
            Ok(()) => Failure::Step(format!("the draft {draft} is gone: {error}")),
            Err(error) => error.into(),
        }
    }

    /// A cover that somebody deleted on the account is forgotten, so that the next run uploads it
    /// again.
    async fn cover_failure(
        &mut self,
        step: &Step,
        order: &DraftOrder,
        error: WeChatError,
    ) -> Failure {
        self.deleted_or(step, &Needed::covers(&order.articles), error).await
    }

    /// What a failure was about: a 40007 does not say which material is gone, if one is.
    pub(super) async fn deleted_or(
        &mut self,
        step: &Step,
        needed: &[Needed],
        error: WeChatError,
    ) -> Failure {
        if error.errcode() != Some(NO_SUCH_MEDIA) {
            return error.into();
        }
        match self.look_up(step, needed).await {
            Ok(()) => error.into(),
            Err(failure) => failure,
        }
    }

    /// What WeChat dropped of what followers should see stops the send; another form of it is only
    /// told.
    fn compare(&mut self, meant: &[DraftArticle], kept: &[SavedArticle]) -> Result<(), Failure> {
        if meant.len() != kept.len() {
            let text = format!("{} articles were saved, {} read back", meant.len(), kept.len());
            return Err(Failure::Step(text));
        }
        for (meant, kept) in meant.iter().zip(kept) {
            let mut missing = content::missing(&meant.content, &kept.content);
            let fields = [
                ("title", &meant.title, &kept.title),
                ("cover", &meant.thumb_media_id.to_string(), &kept.thumb_media_id),
            ];
            let differing = fields.iter().filter(|(_, meant, kept)| meant != kept);
            missing.extend(differing.map(|(field, ..)| format!("the {field}")));
            if !missing.is_empty() {
                let (title, missing) = (&meant.title, missing.join(", "));
                return Err(Failure::Step(format!("WeChat dropped of `{title}`: {missing}")));
            }
            let told = [
                ("author", &meant.author, &kept.author),
                ("digest", &meant.digest, &kept.digest),
                ("source_url", &meant.content_source_url, &kept.content_source_url),
            ];
            for (field, meant_text, kept) in told {
                if meant_text != kept {
                    let text = format!("WeChat changed the {field} of `{}`", meant.title);
                    (self.tell)(Event::Warning { text });
                }
            }
        }
        Ok(())
    }

    fn wire_article(&self, article: &Arc<Article>) -> DraftArticle {
        let ledger = self.journal.ledger();
        let cover = match &article.cover {
            Medium::File(cover) => ledger.material(MaterialKind::Image, cover),
            Medium::OnAccount(media_id) => Some(media_id),
        };
        DraftArticle {
            title: article.title.clone(),
            author: article.author.clone(),
            digest: article.digest.clone(),
            content: article.html(ledger.images()),
            content_source_url: article.source_url.clone(),
            thumb_media_id: cover.expect("the cover's upload comes before the draft").clone(),
            comments: article.comments,
        }
    }
}

/// Whether nobody has begun to send it, by these records.
fn is_free(ledger: &Ledger, effect: &Effect, generation: Generation) -> bool {
    ledger
        .send(effect)
        .is_none_or(|send| matches!(send.phase, Phase::Ready) && send.generation == generation)
}

/// Of what WeChat keeps of a draft: equal as long as nobody touches it.
fn read_back(kept: &[SavedArticle]) -> Fingerprint {
    let parts = kept.iter().flat_map(|article| {
        [
            &article.title,
            &article.author,
            &article.digest,
            &article.content,
            &article.content_source_url,
            &article.thumb_media_id,
        ]
    });
    Fingerprint::of_parts(parts.map(String::as_bytes))
}
