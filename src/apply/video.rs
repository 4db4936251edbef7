//! Videos: what WeChat makes of an upload, and the id that a send names while it lasts.

use std::time::Duration;

use crate::content::{Medium, Video};
use crate::history::{About, Fact, Temporary};
use crate::plan::{Step, VideoOrder};
use crate::terms::{Fingerprint, MaterialKind, MediaId, Timestamp};
use crate::wechat::{NO_SUCH_MEDIA, WeChatError};

use super::event::Event;
use super::perform::{Done, Failure, harmless};
use super::run::Run;
use super::world::Waited;

/// WeChat's answer while it transcodes a video (WeChat's page 群发视频).
const TRANSCODING: i64 = 46007;

/// Between two rounds of questions about one that is being transcoded.
const ASK_EVERY: Duration = Duration::from_secs(45);

impl Run<'_, '_> {
    /// Has WeChat make a video that can be sent. While it transcodes, it is asked again for as long
    /// as the run may wait.
    pub(super) async fn convert_video(
        &mut self,
        step: &Step,
        order: &VideoOrder,
    ) -> Result<Done, Failure> {
        let (wechat, upload) = (self.world.wechat, order.file.fingerprint);
        let Temporary { media_id: uploaded, expires_at, .. } = self.uploaded(&upload)?;
        let (title, description) = (&order.title, &order.description);
        let media_id = loop {
            let call = harmless!(self, step, wechat.convert_video(&uploaded, title, description));
            match call {
                Ok(media_id) => break media_id,
                Err(error) if error.errcode() == Some(TRANSCODING) => {
                    if let Some(done) = self.transcoding(step).await? {
                        return Ok(done);
                    }
                }
                Err(error) if error.errcode() == Some(NO_SUCH_MEDIA) => {
                    let (kind, media_id) = (MaterialKind::Video, Some(uploaded));
                    let gone = Fact::MaterialGone { kind, material: upload, media_id };
                    self.journal.note(About::NO_SEND, gone).await?;
                    return Err(Failure::Step(gone_text(&error)));
                }
                Err(error) => return Err(error.into()),
            }
        };
        // How long it lasts is not documented; surely no longer than WeChat says of the upload.
        let fact = Fact::VideoConverted { video: order.video, media_id, expires_at };
        self.journal.note(About::NO_SEND, fact).await?;
        Ok(Done::Finished("can be sent".to_owned()))
    }

    fn uploaded(&self, upload: &Fingerprint) -> Result<Temporary, Failure> {
        let now = self.world.clock.now();
        let known = self.journal.ledger().temporary(MaterialKind::Video, upload);
        known.filter(|known| known.lasts_until(now)).cloned().ok_or_else(|| {
            Failure::Step("its upload is not on the account any more; plan again".to_owned())
        })
    }

    /// Lets some time pass, if the run may wait so long; else how the step stands.
    async fn transcoding(&mut self, step: &Step) -> Result<Option<Done>, Failure> {
        let until = self.world.clock.now() + ASK_EVERY;
        let (id, why) = (step.id.clone(), "WeChat is transcoding it".to_owned());
        (self.tell)(Event::StepWaiting { id, why, until });
        match self.patience.wait(until, &self.world).await {
            Waited::Until => Ok(None),
            Waited::TooLong => {
                let why = "WeChat is still transcoding it; run again in a minute";
                Ok(Some(Done::Unfinished(why.to_owned())))
            }
            Waited::Interrupted => Err(Failure::Interrupted),
        }
    }

    /// The id of a video that WeChat knows until `until`.
    pub(super) fn video_of(&self, video: &Video, until: Timestamp) -> Result<MediaId, Failure> {
        if let Medium::OnAccount(media_id) = &video.source {
            return Ok(media_id.clone());
        }
        let known = self.journal.ledger().video(&video.fingerprint());
        let known = known.ok_or("its video is not on the account; plan again");
        let known = known.and_then(|known| {
            let text = "its video does not last until its outcome would be known; plan again";
            known.lasts_until(until).then_some(known).ok_or(text)
        });
        known.map(|known| known.media_id.clone()).map_err(|text| Failure::Step(text.to_owned()))
    }

    /// A preview was told that its video is unknown: it is forgotten, with the upload that it was made
    /// of.
    pub(super) async fn forget_video(
        &mut self,
        video: &Video,
        error: &WeChatError,
    ) -> Result<Failure, Failure> {
        let Medium::File(file) = &video.source else {
            let name = "the video is not on the account any more; name another one under `media`";
            return Ok(Failure::Step(format!("{name}: {error}")));
        };
        let (ledger, video) = (self.journal.ledger(), video.fingerprint());
        let converted = ledger.video(&video).map(|known| known.media_id.clone());
        let (kind, material) = (MaterialKind::Video, file.fingerprint);
        let media_id = ledger.temporary(kind, &material).map(|known| known.media_id.clone());
        let mut gone = vec![(About::NO_SEND, Fact::MaterialGone { kind, material, media_id })];
        if let Some(media_id) = converted {
            gone.push((About::NO_SEND, Fact::VideoGone { video, media_id }));
        }
        self.journal.note_all(gone).await?;
        Ok(Failure::Step(gone_text(error)))
    }
}

fn gone_text(error: &WeChatError) -> String {
    format!("the video is not on the account any more; the next run uploads it again: {error}")
}
