//! Pictures to the account, several at a time: harmless to repeat, so a lost answer costs a copy.

use tokio::sync::mpsc::UnboundedSender;

use crate::content::ImageFile;
use crate::history::Fact;
use crate::plan::{Action, Step};
use crate::terms::{Fingerprint, MaterialKind};
use crate::wechat::WeChatError;

use super::event::Event;
use super::perform::Failure;
use super::retry;
use super::world::World;

/// Reads a picture once, compares it with the plan, and uploads those very bytes.
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
            let bytes = read(file, world)?;
            let url = world.wechat.upload_image(&upload_name(file), bytes).await;
            let url = url.map_err(Trouble::WeChat)?;
            Ok((Fact::ImageUploaded { image: file.fingerprint, url }, "uploaded".to_owned()))
        }
        Action::UploadMaterial(file) => {
            let bytes = read(file, world)?;
            let kind = MaterialKind::Image;
            let added = world.wechat.add_material(kind, None, &upload_name(file), bytes).await;
            let media_id = added.map_err(Trouble::WeChat)?.media_id;
            let fact = Fact::MaterialUploaded { kind, material: file.fingerprint, media_id };
            Ok((fact, "uploaded".to_owned()))
        }
        Action::SaveDraft(_)
        | Action::Preview(_)
        | Action::Send(_)
        | Action::Settle(_)
        | Action::CheckStatus(_)
        | Action::Retract(_) => unreachable!("only uploads run side by side"),
    }
}

fn read(file: &ImageFile, world: World<'_>) -> Result<Vec<u8>, Trouble> {
    let bytes = world
        .files
        .read(&file.path)
        .map_err(|error| Trouble::File(format!("cannot read {}: {error}", file.path.display())))?;
    if Fingerprint::of(&bytes) != file.fingerprint {
        let name = file.path.display();
        return Err(Trouble::File(format!("{name} changed since the plan was made; plan again")));
    }
    Ok(bytes)
}

/// ASCII, with the right ending: WeChat answers 41005 to anything else.
fn upload_name(file: &ImageFile) -> String {
    format!("image-{}.{}", file.fingerprint.short(), file.format.extension())
}
