//! A plan in numbers.

use schemars::JsonSchema;
use serde::Serialize;

use crate::plan::{Action, Audience, Plan};
use crate::terms::Fingerprint;

use super::nouns;

/// How many of each thing a plan has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, JsonSchema)]
pub(super) struct Summary {
    /// Steps in all.
    steps: usize,
    /// Pictures for the bodies of articles.
    upload_image: usize,
    /// Covers, and pictures, voices and videos that are sent by themselves.
    upload_material: usize,
    /// Videos that WeChat makes of uploaded ones.
    convert_video: usize,
    /// Drafts that are added or updated.
    save_draft: usize,
    /// Previews to reviewers.
    preview: usize,
    /// Mass sends, each part of a list counted.
    send: usize,
    /// Sends of unknown outcome that are settled.
    settle: usize,
    /// Jobs that are asked about.
    check_status: usize,
    /// Sends and articles that are taken back.
    retract: usize,
    /// What is already as it should be.
    kept: usize,
    /// What waits for time or for somebody's word.
    waiting: usize,
    /// What needs a person.
    blocked: usize,
}

impl Summary {
    /// Counts what several plans have together.
    pub(super) fn of(plans: &[Plan]) -> Self {
        let mut sum = Self::default();
        for plan in plans {
            sum.steps += plan.steps.len();
            sum.kept += plan.kept.len();
            sum.waiting += plan.waiting.len();
            sum.blocked += plan.blocked.len();
            for step in &plan.steps {
                *match step.action {
                    Action::UploadImage(_) => &mut sum.upload_image,
                    Action::UploadMaterial(_) => &mut sum.upload_material,
                    Action::ConvertVideo(_) => &mut sum.convert_video,
                    Action::SaveDraft(_) => &mut sum.save_draft,
                    Action::Preview(_) => &mut sum.preview,
                    Action::Send(_) => &mut sum.send,
                    Action::Settle(_) => &mut sum.settle,
                    Action::CheckStatus(_) => &mut sum.check_status,
                    Action::Retract(_) => &mut sum.retract,
                } += 1;
            }
        }
        sum
    }

    /// Whether there is nothing that a digest could hold fast: no step, and nothing that waits.
    pub(super) fn intends_nothing(&self) -> bool {
        self.steps == 0 && self.waiting == 0
    }

    /// The plan in one line.
    pub(super) fn sentence(&self) -> String {
        if self.steps == 0 {
            return self.nothing_to_do();
        }
        let actions = nouns::counts(&[
            (self.upload_image, "image", "images"),
            (self.upload_material, "material", "materials"),
            (self.convert_video, "video", "videos"),
            (self.save_draft, "draft", "drafts"),
            (self.preview, "preview", "previews"),
            (self.send, "send", "sends"),
            (self.settle, "settling", "settlings"),
            (self.check_status, "status check", "status checks"),
            (self.retract, "retraction", "retractions"),
        ]);
        format!(
            "Plan: {} ({actions}) · {} kept · {} waiting · {} blocked.",
            nouns::count(self.steps, "step", "steps"),
            nouns::number(self.kept as u64),
            nouns::number(self.waiting as u64),
            nouns::number(self.blocked as u64)
        )
    }

    fn nothing_to_do(&self) -> String {
        let waits = match self.waiting {
            0 => None,
            1 => Some("1 send waits".to_owned()),
            n => Some(format!("{} sends wait", nouns::number(n as u64))),
        };
        let blocked = match self.blocked {
            0 => None,
            1 => Some("1 is blocked until a person acts".to_owned()),
            n => Some(format!("{} are blocked until a person acts", nouns::number(n as u64))),
        };
        match (waits, blocked) {
            (None, None) => "Nothing to do: everything is as the files say.".to_owned(),
            (Some(one), None) | (None, Some(one)) => format!("Nothing to do now: {one}."),
            (Some(waits), Some(blocked)) => format!("Nothing to do now: {waits}, {blocked}."),
        }
    }
}

/// Whether the plans name no send and no retraction, so that their digest is over nothing: previews by
/// hand.
pub(super) fn names_nothing(plans: &[Plan]) -> bool {
    plans.iter().all(|plan| plan.sends.is_empty() && plan.retractions.is_empty())
}

/// How many followers the plans reach with a send to everyone, if they make one: the sends, and the
/// people where they were counted.
pub(super) fn everyone(plans: &[Plan]) -> Option<(usize, Option<u64>)> {
    let counts = plans.iter().flat_map(|plan| &plan.steps).filter_map(|step| match &step.action {
        Action::Send(order) => match order.audience {
            Audience::Everyone { count } => Some(count),
            Audience::Tag { .. } | Audience::OpenIds { .. } => None,
        },
        Action::UploadImage(_)
        | Action::UploadMaterial(_)
        | Action::ConvertVideo(_)
        | Action::SaveDraft(_)
        | Action::Preview(_)
        | Action::Settle(_)
        | Action::CheckStatus(_)
        | Action::Retract(_) => None,
    });
    counts.fold(None, |sum, count| {
        let (sends, people) = sum.unwrap_or((0, Some(0)));
        Some((sends + 1, people.zip(count).map(|(people, count)| people + count)))
    })
}

/// The digest of what is intended, which `qunfa apply --expect` insists on: the one plan's own, or
/// for several accounts the fingerprint over theirs, in order of appid.
pub fn digest(plans: &[Plan]) -> Fingerprint {
    if let [plan] = plans {
        return plan.digest();
    }
    let mut each: Vec<_> = plans.iter().map(|plan| (&plan.account.appid, plan.digest())).collect();
    each.sort();
    let parts =
        each.iter().flat_map(|(appid, digest)| [appid.as_str().as_bytes(), digest.as_bytes()]);
    Fingerprint::of_parts(std::iter::once(b"plans/v1" as &[u8]).chain(parts))
}
