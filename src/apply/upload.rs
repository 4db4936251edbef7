//! Media to the account, several at a time: harmless to repeat, so a lost answer costs a copy.

use std::path::Path;
use std::time::Duration;

use tokio::sync::mpsc::UnboundedSender;

use crate::content::MaterialFile;
use crate::history::Fact;
use crate::plan::{Action, Step};
use crate::terms::{Fingerprint, MaterialKind, Timestamp};
use crate::wechat::{Temporary, WeChatError};

use super::event::Event;
use super::perform::Failure;
use super::retry;
use super::world::World;

/// How long WeChat keeps a temporary material (WeChat's page 新增临时素材).
const TEMPORARY_LIFE: Duration = Duration::from_hours(3 * 24);

/// Reads a file once, compares it with the plan, and uploads those very bytes.
pub(super) async fn upload<'s>(
    step: &'s Step,
    world: World<'_>,
    news: UnboundedSender<Event>,
) -> (&'s Step, Result<(Fact, String), Failure>) {
    // The receiver outlives every upload; losing news would lose no truth.
    let tell = |event| drop(news.send(event));
    if world.interrupt.is_made() {
        return (step, Err(Failure::Interrupted));
    }
    let (id, action) = (step.id.clone(), step.action.word());
    tell(Event::StepStarted { id, action, address: step.address.clone() });
    let mut tries = 1;
    let result = loop {
        match call(&step.action, world).await {
            Ok(done) => break Ok(done),
            Err(Trouble::File(error)) => break Err(Failure::Step(error)),
            Err(Trouble::WeChat(error)) => {
                tries += 1;
                let Some(pause) = retry::pause_before(tries, &error) else {
                    break Err(error.into());
                };
                let after_ms = u64::try_from(pause.as_millis()).unwrap_or(u64::MAX);
                let (id, error) = (step.id.clone(), error.to_string());
                tell(Event::StepRetrying { id, error, after_ms });
                world.clock.sleep(pause).await;
                if world.interrupt.is_made() {
                    break Err(Failure::Interrupted);
                }
            }
        }
    };
    (step, result)
}

enum Trouble {
    File(String),
    WeChat(WeChatError),
}

async fn call(action: &Action, world: World<'_>) -> Result<(Fact, String), Trouble> {
    match action {
        Action::UploadImage(file) => {
            let bytes = read(&file.path, file.fingerprint, world)?;
            let name = upload_name(MaterialKind::Image, file.fingerprint, file.format.extension());
            let url = world.wechat.upload_image(&name, bytes).await;
            let url = url.map_err(Trouble::WeChat)?;
            Ok((Fact::ImageUploaded { image: file.fingerprint, url }, "uploaded".to_owned()))
        }
        Action::UploadMaterial(file) => {
            let bytes = read(file.path(), file.fingerprint(), world)?;
            Ok((material(file, bytes, world).await?, "uploaded".to_owned()))
        }
        Action::ConvertVideo(_)
        | Action::SaveDraft(_)
        | Action::Preview(_)
        | Action::Send(_)
        | Action::Settle(_)
        | Action::CheckStatus(_)
        | Action::Retract(_) => unreachable!("only uploads run side by side"),
    }
}

/// How long before the call an upload can have begun to live.
const CREATED_WITHIN: Duration = Duration::from_hours(1);

/// Uploads a material: for good, but for a video, which only lasts three days.
async fn material(file: &MaterialFile, bytes: Vec<u8>, world: World<'_>) -> Result<Fact, Trouble> {
    let (kind, material) = (file.kind(), file.fingerprint());
    let name = upload_name(kind, material, file.extension());
    match file {
        MaterialFile::Image(_) | MaterialFile::Voice(_) => {
            let added = world.wechat.add_material(kind, None, &name, bytes).await;
            let media_id = added.map_err(Trouble::WeChat)?.media_id;
            Ok(Fact::MaterialUploaded { kind, material, media_id })
        }
        MaterialFile::Video(_) => {
            let asked_at = world.clock.now();
            let uploaded = world.wechat.upload_temporary(kind, &name, bytes).await;
            let Temporary { media_id, created_at } = uploaded.map_err(Trouble::WeChat)?;
            let expires_at = begins(created_at, asked_at) + TEMPORARY_LIFE;
            Ok(Fact::TemporaryUploaded { kind, material, media_id, expires_at })
        }
    }
}

/// From when a life of three days counts: from before the call, or from when WeChat says, if that is
/// earlier. A time of another hour is a mistake, and would never let the upload be used.
fn begins(created_at: Option<Timestamp>, asked_at: Timestamp) -> Timestamp {
    let is_likely = |at: &Timestamp| *at <= asked_at && *at + CREATED_WITHIN >= asked_at;
    created_at.filter(is_likely).unwrap_or(asked_at)
}

fn read(path: &Path, fingerprint: Fingerprint, world: World<'_>) -> Result<Vec<u8>, Trouble> {
    let name = path.display();
    let bytes = world
        .files
        .read(path)
        .map_err(|error| Trouble::File(format!("cannot read {name}: {error}")))?;
    if Fingerprint::of(&bytes) != fingerprint {
        return Err(Trouble::File(format!("{name} changed since the plan was made; plan again")));
    }
    Ok(bytes)
}

/// ASCII, with the right ending: WeChat answers 41005 to anything else.
fn upload_name(kind: MaterialKind, fingerprint: Fingerprint, extension: &str) -> String {
    format!("{}-{}.{extension}", kind.word(), fingerprint.short())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_life_begins_when_wechat_says_unless_that_cannot_be() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let asked = at("2026-03-01T10:00:00+08:00");
        let earlier = at("2026-03-01T09:59:50+08:00");
        assert_eq!(begins(Some(earlier), asked), earlier);
        for wrong in
            ["1970-01-01T00:00:00Z", "2026-02-27T10:00:00+08:00", "2026-03-01T10:00:30+08:00"]
        {
            assert_eq!(begins(Some(at(wrong)), asked), asked, "{wrong}");
        }
        assert_eq!(begins(None, asked), asked);
    }
}
