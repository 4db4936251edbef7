//! Media that are sent by their ids: pictures and voices are permanent, a video is uploaded for three
//! days, converted, and renewed in time.

use std::time::Duration;

use crate::content::{Desired, ImageFile, MaterialFile, Medium, Video, VideoFile, VoiceFile};
use crate::history::{REPEAT_WITHIN, Temporary};
use crate::terms::{Fingerprint, MaterialKind, Timestamp};

use super::planner::Planner;
use super::reason::Reason;
use super::step::{Action, SendOrder, Step, StepId, VideoOrder};

/// A temporary id is used while it lasts longer than a send by it can be repeated, and while a run may
/// wait before.
const RESERVE: Duration = Duration::from_secs(REPEAT_WITHIN.as_secs() + 150 * 60);

/// WeChat's answer to a send that names what it does not know (any more).
const NO_SUCH_MEDIA: i64 = 40007;

impl Planner<'_> {
    /// Pictures that are sent by themselves, each once.
    pub(super) fn sent_pictures(
        &mut self,
        campaign: &Desired,
        pictures: &[Medium<ImageFile>],
    ) -> Vec<StepId> {
        let mut needs = Vec::new();
        for file in pictures.iter().filter_map(Medium::file) {
            let step = self.material(campaign, MaterialFile::Image(file.clone()));
            needs.extend(step.filter(|step| !needs.contains(step)));
        }
        needs
    }

    /// A voice, once.
    pub(super) fn sent_voice(
        &mut self,
        campaign: &Desired,
        voice: &Medium<VoiceFile>,
    ) -> Vec<StepId> {
        let file = voice.file().cloned().map(MaterialFile::Voice);
        file.and_then(|file| self.material(campaign, file)).into_iter().collect()
    }

    /// A video: its upload for three days, and what WeChat makes of it.
    pub(super) fn sent_video(
        &mut self,
        campaign: &Desired,
        order: &SendOrder,
        video: &Video,
    ) -> Vec<StepId> {
        let Medium::File(file) = &video.source else { return Vec::new() };
        let (address, new) = (address(campaign, &file.name), video.fingerprint());
        let known = self.ledger.video(&new);
        let because = match known {
            Some(known) if self.is_good(known, order) => {
                self.keep(&address, "video");
                return Vec::new();
            }
            Some(Temporary { expires_at, .. }) => self.renewed(*expires_at, new),
            None => Reason::NotConverted { new },
        };
        let after = self.temporary(campaign, order, file).into_iter().collect();
        let (title, description) = (video.title.clone(), video.description.clone());
        let video = VideoOrder { file: file.clone(), title, description, video: new };
        let action = Action::ConvertVideo(video);
        let id = StepId::of(action.word(), &new);
        vec![self.add(Step { id, address, action, because, after })]
    }

    fn temporary(
        &mut self,
        campaign: &Desired,
        order: &SendOrder,
        file: &VideoFile,
    ) -> Option<StepId> {
        let new = file.fingerprint;
        let because = match self.ledger.temporary(MaterialKind::Video, &new) {
            Some(known) if self.is_good(known, order) => {
                self.keep(&address(campaign, &file.name), "material");
                return None;
            }
            Some(Temporary { expires_at, .. }) => self.renewed(*expires_at, new),
            None => Reason::NotUploaded { new },
        };
        let action = Action::UploadMaterial(MaterialFile::Video(file.clone()));
        Some(self.upload_because(campaign, action, because))
    }

    /// Whether an id lasts long enough, and no refusal of this send came after it.
    fn is_good(&self, known: &Temporary, order: &SendOrder) -> bool {
        let refusal = self.ledger.send(&order.effect).and_then(|send| send.refusal.as_ref());
        let is_refused = refusal
            .is_some_and(|refusal| refusal.errcode == NO_SUCH_MEDIA && known.at < refusal.at);
        known.lasts_until(self.now + RESERVE) && !is_refused
    }

    fn renewed(&self, expires_at: Timestamp, new: Fingerprint) -> Reason {
        if expires_at <= self.now + RESERVE {
            Reason::Expiring { expires_at, new }
        } else {
            Reason::RefusedMedia { errcode: NO_SUCH_MEDIA, new }
        }
    }

    /// A permanent material.
    pub(super) fn material(&mut self, campaign: &Desired, file: MaterialFile) -> Option<StepId> {
        if self.ledger.material(file.kind(), &file.fingerprint()).is_some() {
            self.keep(&address(campaign, file.name()), "material");
            return None;
        }
        Some(self.upload(campaign, Action::UploadMaterial(file)))
    }

    pub(super) fn upload(&mut self, campaign: &Desired, action: Action) -> StepId {
        let new = match &action {
            Action::UploadImage(file) => file.fingerprint,
            Action::UploadMaterial(file) => file.fingerprint(),
            _ => unreachable!("called with uploads"),
        };
        self.upload_because(campaign, action, Reason::NotUploaded { new })
    }

    /// The same bytes are uploaded once, whatever name or campaign they are in: the step is named by
    /// them.
    fn upload_because(&mut self, campaign: &Desired, action: Action, because: Reason) -> StepId {
        let (name, of) = match &action {
            Action::UploadImage(file) => (file.name.as_str(), file.fingerprint),
            Action::UploadMaterial(file) => (file.name(), file.fingerprint()),
            _ => unreachable!("called with uploads"),
        };
        let (id, address) = (StepId::of(action.word(), &of), address(campaign, name));
        self.add(Step { id, address, action, because, after: vec![] })
    }
}

/// How a person knows a file of a campaign.
pub(super) fn address(campaign: &Desired, name: &str) -> String {
    format!("{}/{}", campaign.campaign, name.trim_start_matches('/'))
}
