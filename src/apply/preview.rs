//! Previews: a reviewer gets exactly what is going to be sent.

use crate::content::Content;
use crate::history::{About, Fact};
use crate::plan::{PreviewOrder, Step, StepId};
use crate::terms::{CardId, Fingerprint, MediaId, RunId, Timestamp};
use crate::wechat::{CardFields, NO_SUCH_MEDIA, PreviewContent, WeChatError, card_ext};

use super::material::Needed;
use super::perform::{Done, Failure, harmless};
use super::run::Run;

impl Run<'_, '_> {
    pub(super) async fn preview(
        &mut self,
        step: &Step,
        order: &PreviewOrder,
    ) -> Result<Done, Failure> {
        let generation = self.generation(&order.effect);
        if !order.is_sent {
            self.unfrozen(order.effect, generation).await?;
        }
        let shown = self.shown(step, order).await?;
        let wechat = self.world.wechat;
        let mut msg_id = None;
        for what in &shown {
            msg_id = match harmless!(self, step, wechat.preview(&order.reviewer, what)) {
                Ok(msg_id) => msg_id,
                Err(error) => return Err(self.preview_failure(step, order, error).await),
            };
        }
        let fact = Fact::Previewed {
            content: order.fingerprint,
            reviewer: order.reviewer.clone(),
            msg_id,
            messages: u32::try_from(shown.len()).ok().filter(|messages| *messages > 1),
            address: order.address.clone(),
        };
        self.journal.note(About::NO_SEND, fact).await?;
        // The step names its reviewer already, and an openid is nobody else's business.
        Ok(Done::Finished("shown".to_owned()))
    }

    /// What a reviewer gets, one message after the other.
    async fn shown(
        &mut self,
        step: &Step,
        order: &PreviewOrder,
    ) -> Result<Vec<PreviewContent>, Failure> {
        Ok(match &order.content {
            Content::News(_) => vec![PreviewContent::News(self.draft_of(step, order).await?)],
            Content::Text(text) => vec![PreviewContent::Text(text.clone())],
            // A preview shows one picture and no caption: a reviewer gets each, then the caption.
            Content::Images(images) => {
                let pictures = self.media_of(&Needed::of(&order.content))?;
                let pictures = pictures.into_iter().map(PreviewContent::Image);
                let caption = images.caption.clone().map(PreviewContent::Text);
                pictures.chain(caption).collect()
            }
            Content::Voice(_) => {
                let voice = self.media_of(&Needed::of(&order.content))?;
                voice.into_iter().map(PreviewContent::Voice).collect()
            }
            Content::Video(video) => {
                let now = self.world.clock.now();
                vec![PreviewContent::Video(self.video_of(video, now)?)]
            }
            Content::Card(card) => vec![self.card(step, card).await?],
        })
    }

    /// A draft that this run did not just save is looked at first: what is shown is what is recorded
    /// as shown.
    async fn draft_of(&mut self, step: &Step, order: &PreviewOrder) -> Result<MediaId, Failure> {
        let draft = if step.after.is_empty() {
            let of = (order.effect, self.generation(&order.effect));
            self.draft_as_saved(step, of, &order.fingerprint).await?
        } else {
            self.saved_draft(&order.effect, &order.fingerprint)?
        };
        Ok(draft.media_id)
    }

    /// A card with its signed particulars; they name no person and no code.
    async fn card(&mut self, step: &Step, card: &CardId) -> Result<PreviewContent, Failure> {
        let wechat = self.world.wechat;
        let ticket = harmless!(self, step, wechat.card_ticket())?;
        let now = self.world.clock.now();
        let nonce_str = nonce(self.journal.run(), &step.id, now);
        let card_ext =
            card_ext(&ticket, card, now, &CardFields { nonce_str, ..CardFields::default() });
        Ok(PreviewContent::Card { card_id: card.clone(), card_ext: Some(card_ext) })
    }

    /// What a failure was about: a 40007 does not say what is gone, if something is.
    async fn preview_failure(
        &mut self,
        step: &Step,
        order: &PreviewOrder,
        error: WeChatError,
    ) -> Failure {
        match &order.content {
            Content::Video(video) if error.errcode() == Some(NO_SUCH_MEDIA) => {
                self.forget_video(video, &error).await.unwrap_or_else(|failure| failure)
            }
            _ => self.deleted_or(step, &Needed::of(&order.content), error).await,
        }
    }
}

/// A word that no other signature of a card has: the run's name was made by chance.
fn nonce(run: &RunId, step: &StepId, at: Timestamp) -> String {
    let (at, words) = (at.to_string(), [run.as_str(), step.0.as_str()]);
    let parts = words.into_iter().chain([at.as_str()]).map(str::as_bytes);
    Fingerprint::of_parts(parts).to_string()[..32].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nonce_is_of_its_run_step_and_time_alone() {
        let of = |run: &str, step: &str, at: &str| {
            nonce(&RunId::new(run).unwrap(), &StepId(step.to_owned()), at.parse().unwrap())
        };
        let (noon, later) = ("2026-03-01T12:00:00+08:00", "2026-03-01T12:00:01+08:00");
        let first = of("r-1", "preview 优惠 1", noon);
        assert_eq!(first.len(), 32, "what WeChat's examples have at most");
        assert_eq!(first, of("r-1", "preview 优惠 1", noon));
        for other in [
            of("r-2", "preview 优惠 1", noon),
            of("r-1", "preview 优惠 2", noon),
            of("r-1", "preview 优惠 1", later),
        ] {
            assert_ne!(first, other);
        }
    }
}
