//! The first POST of a send: everything looked at once more, the intent, the call, the fact.

use crate::content::Content;
use crate::history::{
    About, DATE_AGE_MAX, Decided, DraftHistory, FIRST_POST_WITHIN, Fact, Intent, IntentRequest,
    Ledger, Phase, REPEAT_WITHIN, SEND_TIMEOUT, SKEW_MAX, SentAudience, SentContent,
};
use crate::plan::{self, Audience, Hold, SendOrder, Step, Surroundings, Usage};
use crate::terms::{ClientMsgId, Effect, MediaId, OpenId, RecordedRequest, TagId, Timestamp};
use crate::wechat::{MassAudience, MassContent, mass_request};

use super::material::Needed;
use super::perform::{Done, Failure, harmless};
use super::run::Run;

impl Run<'_, '_> {
    pub(super) async fn send(&mut self, step: &Step, order: &SendOrder) -> Result<Done, Failure> {
        self.journal.refresh().await?;
        // Before anything that grows old: a long list takes a while.
        let files = self.world.files;
        let openids = order.audience.openids_again(&|path| files.open(path));
        let openids = openids.map_err(Failure::Step)?;
        self.look_up(step, &Needed::of(&order.content)).await?;
        let order = self.look_again(step, order).await?;
        let draft = self.draft_to_send(step, &order).await?;
        self.check_clock(step).await?;
        // R3: the token first, then the deadline, then the POST with that very token.
        let token = self.world.wechat.token().await?;
        let media_id = draft.as_ref().map(|draft| draft.media_id.clone());
        let (intent, request) =
            self.intent((&order, &openids), media_id, &token.fingerprint()).await?;
        let about = About::send(order.effect, order.generation);
        let (account, now) = (self.world.account, self.world.clock.now());
        let seen = Seen { account, draft: draft.as_ref(), now };
        let still = |ledger: &Ledger| held(&order, ledger, seen).is_none();
        if let Some(why) = held(&order, self.journal.ledger(), seen) {
            return Err(why);
        }
        if self.world.interrupt.is_made() {
            return Err(Failure::Interrupted);
        }
        match self.journal.decide(about, Fact::Intent(Box::new(intent)), &still).await? {
            Decided::Written => {}
            Decided::NoLonger => {
                let text = "another run changed what it depends on; plan again";
                let why = held(&order, self.journal.ledger(), seen);
                return Err(why.unwrap_or_else(|| Failure::Step(text.to_owned())));
            }
        }
        // R1 and R9: the intent is ours, durable and read back, and less than a minute old.
        let opened = self.open_since(&order.effect)?;
        let now = self.world.clock.now();
        if now >= opened.deadline || now >= opened.at + FIRST_POST_WITHIN {
            return self.settle_effect(step, order.effect, Some(order.window.until)).await;
        }
        match self.post(step, (order.effect, 1), &request, &token).await? {
            Some(done) => Ok(done),
            None => self.settle_effect(step, order.effect, Some(order.window.until)).await,
        }
    }

    /// R14: people are counted again, and a tag must still be the one that was reviewed.
    async fn look_again(&mut self, step: &Step, order: &SendOrder) -> Result<SendOrder, Failure> {
        let wechat = self.world.wechat;
        let mut fresh = order.clone();
        match &order.audience {
            Audience::Everyone { .. } => {
                let total = harmless!(self, step, wechat.follower_total())?;
                fresh.audience = Audience::Everyone { count: Some(total) };
                fresh.recipients = Some(total);
            }
            Audience::Tag { name, seen } => {
                let tags = harmless!(self, step, wechat.tags())?;
                let mut named = tags.iter().filter(|tag| tag.name == *name);
                let (Some(tag), None) = (named.next(), named.next()) else {
                    let text = format!("the account has no tag {name}, or several; plan again");
                    return Err(Failure::Step(text));
                };
                let id = TagId::new(tag.id).map_err(|error| Failure::Step(error.to_string()))?;
                if seen.map(|(seen, _)| seen) != Some(id) {
                    let text = format!("tag {name} has another number ({id}) than was planned");
                    return Err(Failure::Step(text));
                }
                fresh.audience = Audience::Tag { name: name.clone(), seen: Some((id, tag.count)) };
                fresh.recipients = Some(tag.count);
            }
            Audience::OpenIds { .. } => {} // its people are read again
        }
        Ok(fresh)
    }

    /// R14: the draft must be there, and be what was read back when it was saved and reviewed.
    async fn draft_to_send(
        &mut self,
        step: &Step,
        order: &SendOrder,
    ) -> Result<Option<DraftHistory>, Failure> {
        let Content::News(_) = order.content else { return Ok(None) };
        let of = (order.effect, order.generation);
        self.draft_as_saved(step, of, &order.fingerprint).await.map(Some)
    }

    /// R10: WeChat's `Date` is at most a minute old, and our clock agrees with it.
    pub(super) async fn check_clock(&mut self, step: &Step) -> Result<(), Failure> {
        let wechat = self.world.wechat;
        let is_fresh = |now: Timestamp| {
            // One from later means that our clock was set back since.
            let is_young = |seen_at| seen_at <= now && now < seen_at + DATE_AGE_MAX;
            wechat.server_time().is_some_and(|time| is_young(time.seen_at))
        };
        if !is_fresh(self.world.clock.now()) {
            harmless!(self, step, wechat.tags())?;
        }
        let Some(time) = wechat.server_time() else {
            return Err(Failure::Step("WeChat's answers carry no date".to_owned()));
        };
        let skew = time.date.duration_since(time.seen_at).abs();
        if skew > SKEW_MAX.try_into().expect("two minutes are a signed duration") {
            let seconds = skew.as_secs();
            let text = format!("this machine's clock is {seconds} s off WeChat's; set it first");
            return Err(Failure::Step(text));
        }
        Ok(())
    }

    /// Everything that will be repeated to the letter; a list of openids goes to a blob first.
    async fn intent(
        &mut self,
        (order, openids): (&SendOrder, &[OpenId]),
        draft: Option<MediaId>,
        token: &str,
    ) -> Result<(Intent, RecordedRequest), Failure> {
        let client_msg_id = ClientMsgId::new(&order.effect, order.generation);
        let content = match (&order.content, &draft) {
            (Content::Text(text), _) => MassContent::Text(text.clone()),
            (Content::News(_), Some(draft)) => MassContent::News(draft.clone()),
            (Content::News(_), None) => unreachable!("articles are sent as a draft"),
            (Content::Images(images), _) => MassContent::Images {
                media_ids: self.media_of(&Needed::of(&order.content))?,
                recommend: images.caption.clone(),
                comments: images.comments,
            },
            (Content::Voice(_), _) => {
                let mut ids = self.media_of(&Needed::of(&order.content))?;
                MassContent::Voice(ids.pop().expect("a send of a voice needs one"))
            }
            (Content::Video(video), _) => {
                // Whatever becomes of the request, it may be repeated for so long.
                let until = (self.world.clock.now() + REPEAT_WITHIN).min(order.window.until);
                MassContent::Video {
                    media_id: self.video_of(video, until)?,
                    title: video.title.clone(),
                    description: video.description.clone(),
                }
            }
            (Content::Card(card), _) => MassContent::Card(card.clone()),
        };
        let (audience, sent) = match &order.audience {
            Audience::Everyone { count } => {
                (MassAudience::Everyone, SentAudience::Everyone { count: *count })
            }
            Audience::Tag { name, seen: Some((id, count)) } => {
                let sent = SentAudience::Tag { name: name.clone(), id: *id, count: *count };
                (MassAudience::Tag(*id), sent)
            }
            Audience::Tag { seen: None, .. } => unreachable!("looked up just before"),
            Audience::OpenIds { list, parts, .. } => {
                let count = openids.len() as u64;
                let sent = SentAudience::OpenIds { list: *list, parts: *parts, count };
                (MassAudience::OpenIds(openids), sent)
            }
        };
        let request = mass_request(&content, &audience, order.on_reprint, &client_msg_id);
        let recorded = match &order.audience {
            Audience::OpenIds { .. } => {
                let bytes = serde_json::to_vec(&request).expect("a request has string keys only");
                IntentRequest::Blob(self.journal.put_blob(&bytes).await?)
            }
            Audience::Everyone { .. } | Audience::Tag { .. } => {
                IntentRequest::Inline(request.clone())
            }
        };
        let intent = Intent {
            address: order.address.clone(),
            client_msg_id,
            request: recorded,
            draft,
            until: order.window.until,
            content: order.fingerprint,
            digest: order.digest,
            audience: sent,
            token: token.to_owned(),
            what: Some(sent_content(&order.content)),
        };
        Ok((intent, request))
    }

    fn open_since(&self, effect: &Effect) -> Result<OpenSince, Failure> {
        match self.journal.ledger().send(effect).map(|send| &send.phase) {
            Some(Phase::Open(open)) => Ok(OpenSince { at: open.at, deadline: open.deadline(None) }),
            Some(Phase::Ready | Phase::Accepted(_)) | None => {
                Err(Failure::Step("its intent was closed by another run".to_owned()))
            }
        }
    }
}

/// What a retraction will have to know.
fn sent_content(content: &Content) -> SentContent {
    match content {
        Content::News(articles) => SentContent::News {
            articles: articles.iter().map(|article| article.name.clone()).collect(),
        },
        Content::Video(_) => SentContent::Video,
        Content::Text(_) | Content::Images(_) | Content::Voice(_) | Content::Card(_) => {
            SentContent::Other
        }
    }
}

struct OpenSince {
    at: Timestamp,
    deadline: Timestamp,
}

/// What was looked at before an intent.
#[derive(Clone, Copy)]
struct Seen<'a> {
    account: &'a plan::Account,
    /// The draft that was compared with the account; none for anything else.
    draft: Option<&'a DraftHistory>,
    now: Timestamp,
}

/// Why a send may not get an intent under this head; the quota is folded from it too.
fn held(order: &SendOrder, ledger: &Ledger, seen: Seen<'_>) -> Option<Failure> {
    let stop = |why: &str| Some(Failure::Step(why.to_owned()));
    let Seen { account, draft, now } = seen;
    let history = ledger.send(&order.effect);
    let is_ready = history.is_none_or(|history| {
        matches!(history.phase, Phase::Ready)
            && history.generation == order.generation
            && history.draft.as_ref().is_none_or(|draft| is_fit(draft, &order.content))
            // What another run saved since is neither compared nor, perhaps, reviewed.
            && (draft.is_none() || history.draft.as_ref() == draft)
    });
    if !is_ready {
        return stop("another run has it in hand; plan again");
    }
    // An intent without time for its POST would have an outcome that only a person can tell.
    if now >= order.window.until - SEND_TIMEOUT {
        return stop("its window closes before a request could be answered");
    }
    let usage = Usage::of(ledger, account.kind, now);
    let around = Surroundings { account, ledger, usage: &usage, now };
    plan::hold(order, around).map(|hold| match hold {
        Hold::Wait { why, .. } => Failure::Held(format!("it must wait now: {}", why.word())),
        Hold::Block(why) => Failure::Step(format!("it is blocked now: {}", why.word())),
    })
}

/// Whether what is known of a draft lets this content go. One that is gone may have been sent by hand
/// (R13), whatever is sent now; one that was altered matters only to what sends it.
fn is_fit(draft: &DraftHistory, content: &Content) -> bool {
    match content {
        Content::News(_) => draft.is_as_saved(),
        Content::Text(_)
        | Content::Images(_)
        | Content::Voice(_)
        | Content::Video(_)
        | Content::Card(_) => !draft.gone,
    }
}
