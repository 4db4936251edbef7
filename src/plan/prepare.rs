//! What must be on the account before a send: its pictures, its draft, its previews.

use std::sync::Arc;

use crate::content::{Article, Content, Desired, ImageFile, MaterialFile, Medium};
use crate::history::DraftHistory;
use crate::terms::{Fingerprint, Reviewer};

use super::media::address;
use super::planner::{Planner, article_fingerprints};
use super::reason::Reason;
use super::step::{Action, DraftOrder, PreviewOrder, SendOrder, Step, StepId};

impl Planner<'_> {
    /// Plans what a send needs; answers with the steps that the send must come after.
    pub(super) fn prepare(&mut self, campaign: &Desired, order: &SendOrder) -> Vec<StepId> {
        let mut needs = self.content(campaign, order);
        // One that the part before has planned already is waited for, and not planned again.
        let previews = self.previews(order, &needs);
        needs.extend(previews);
        if order.address.part > 1 {
            // A later part goes out after the one before, and its draft is made just before it.
            needs.extend(self.part_before(order));
        }
        needs
    }

    /// Plans what must be there of a send's content before anybody sees it.
    pub(super) fn content(&mut self, campaign: &Desired, order: &SendOrder) -> Vec<StepId> {
        match &order.content {
            Content::News(articles) => self.draft(campaign, order, articles),
            Content::Text(_) | Content::Card(_) => Vec::new(),
            Content::Images(images) => self.sent_pictures(campaign, &images.pictures),
            Content::Voice(voice) => self.sent_voice(campaign, voice),
            Content::Video(video) => self.sent_video(campaign, order, video),
        }
    }

    fn draft(
        &mut self,
        campaign: &Desired,
        order: &SendOrder,
        articles: &[Arc<Article>],
    ) -> Vec<StepId> {
        let uploads = self.pictures(campaign, articles);
        let saved = self.ledger.send(&order.effect).and_then(|send| send.draft.as_ref());
        let marks = article_fingerprints(&order.content);
        let new = order.fingerprint;
        let because = match saved {
            Some(DraftHistory { altered: Some(old), .. }) => {
                Reason::DraftAltered { old: *old, new }
            }
            Some(draft) if draft.content == order.fingerprint => {
                self.keep(&order.address, "draft");
                return Vec::new();
            }
            Some(draft) => Reason::DraftChanged {
                old: draft.content,
                new: order.fingerprint,
                articles: changed(articles, &draft.articles),
            },
            None => Reason::NoDraft { new: order.fingerprint },
        };
        let same_length = saved.filter(|draft| draft.articles.len() == marks.len());
        let other_length = saved.filter(|draft| draft.articles.len() != marks.len());
        let draft = DraftOrder {
            address: order.address.clone(),
            effect: order.effect,
            generation: order.generation,
            articles: articles.to_vec(),
            content: order.fingerprint,
            update: same_length.map(|draft| draft.media_id.clone()),
            replaces: other_length.map(|draft| draft.media_id.clone()),
        };
        vec![self.add(Step {
            id: StepId::of("draft", &order.address),
            address: order.address.to_string(),
            action: Action::SaveDraft(draft),
            because,
            after: uploads,
        })]
    }

    /// Every picture of the articles once: covers as material, the others as content images.
    fn pictures(&mut self, campaign: &Desired, articles: &[Arc<Article>]) -> Vec<StepId> {
        let mut needs = Vec::new();
        let mut need = |step: StepId| {
            if !needs.contains(&step) {
                needs.push(step);
            }
        };
        for article in articles {
            for image in article.images() {
                let file = file(campaign, &image);
                match self.ledger.image(&image) {
                    Some(_) => self.keep(&address(campaign, &file.name), "image"),
                    None => need(self.upload(campaign, Action::UploadImage(file.clone()))),
                }
            }
            if let Medium::File(cover) = &article.cover {
                let cover = MaterialFile::Image(file(campaign, cover).clone());
                self.material(campaign, cover).into_iter().for_each(&mut need);
            }
        }
        needs
    }

    fn previews(&mut self, order: &SendOrder, draft: &[StepId]) -> Vec<StepId> {
        let mut needs = Vec::new();
        let history = self.ledger.send(&order.effect);
        let old = history.and_then(|history| history.draft.as_ref()).map(|draft| draft.content);
        for (n, reviewer) in (1..).zip(&order.reviewers) {
            // Neither name shows the reviewer: an openid is nobody else's business.
            let id = StepId::of("preview", &format!("{} {n}", order.address));
            if self.ledger.previewed(&order.fingerprint, reviewer).is_some() {
                self.keep(&format!("{}, preview {n}", order.address), "preview");
                continue;
            }
            if let Some(planned) = self.planned_preview(order, reviewer) {
                needs.push(planned);
                continue;
            }
            let because = Reason::NotPreviewed {
                reviewer: reviewer.clone(),
                new: order.fingerprint,
                old: old.filter(|old| *old != order.fingerprint),
            };
            let preview = PreviewOrder {
                address: order.address.clone(),
                effect: order.effect,
                reviewer: reviewer.clone(),
                content: order.content.clone(),
                fingerprint: order.fingerprint,
                is_sent: false,
            };
            needs.push(self.add(Step {
                id,
                address: order.address.to_string(),
                action: Action::Preview(preview),
                because,
                after: draft.to_vec(),
            }));
        }
        needs
    }

    /// The step that shows this content to this reviewer, if an earlier send or part has it.
    fn planned_preview(&self, order: &SendOrder, reviewer: &Reviewer) -> Option<StepId> {
        let shows = |step: &&Step| match &step.action {
            Action::Preview(preview) => {
                preview.fingerprint == order.fingerprint && preview.reviewer == *reviewer
            }
            _ => false,
        };
        self.plan.steps.iter().find(shows).map(|step| step.id.clone())
    }
}

fn file<'a>(campaign: &'a Desired, image: &Fingerprint) -> &'a ImageFile {
    campaign.images.get(image).expect("the content room finds every picture that it places")
}

/// The names of the articles that are not at their place with the same content.
fn changed(articles: &[Arc<Article>], saved: &[Fingerprint]) -> Vec<String> {
    let differs = |(at, article): (usize, &Arc<Article>)| {
        (saved.get(at) != Some(&article.fingerprint())).then(|| article.name.clone())
    };
    articles.iter().enumerate().filter_map(differs).collect()
}
