//! Whole campaigns against the emulated account.

use std::time::Duration;

use qunfa::apply::{Event, Limits, Stage, World};
use qunfa::plan::{Blocker, Plan, Reason, Standing};
use qunfa::sandbox::SandboxClock;
use qunfa::terms::Comments;
use qunfa::wechat::DraftArticle;

use crate::support::{Scene, limits, noon, spring, text};

fn actions(plan: &Plan) -> Vec<&'static str> {
    plan.steps.iter().map(|step| step.action.word()).collect()
}

#[tokio::test]
async fn a_campaign_goes_out_once_and_then_nothing_is_left_to_do() {
    let scene = Scene::new(spring()).await;
    let plan = scene.plan().await;
    assert_eq!(
        actions(&plan),
        [
            "upload_image",
            "upload_image",
            "upload_material",
            "upload_material",
            "save_draft",
            "preview",
            "preview",
            "send",
            "check_status"
        ]
    );
    let outcome = scene.apply().await.unwrap();
    assert_eq!((outcome.failed, outcome.unfinished, outcome.skipped), (0, 0, 0));
    assert_eq!(outcome.sends[0].standing, Standing::Sent);
    assert_eq!(scene.sandbox.jobs().len(), 1);
    assert_eq!(scene.sandbox.jobs()[0].content, ["春季上新", "面料护理手册"]);
    assert_eq!(scene.sandbox.previews().len(), 2);

    let after = scene.plan().await;
    assert!(after.is_empty() && after.waiting.is_empty() && after.blocked.is_empty(), "{after:#?}");
    let records = scene.ledger().await.head().0;
    scene.apply().await.unwrap();
    assert_eq!(scene.ledger().await.head().0, records, "a run with nothing to do writes nothing");
}

#[tokio::test]
async fn an_edit_before_the_send_updates_the_draft_and_previews_again() {
    let mut scene = Scene::new(spring()).await;
    let plan = scene.plan().await;
    let until_preview = Limits { stage: Stage::Preview, ..limits() };
    scene.apply_with(&scene.history, &plan, until_preview, &mut |_| {}).await.unwrap();
    assert_eq!(actions(&scene.plan().await), ["send", "check_status"]);
    let draft = scene.sandbox.drafts()[0].media_id.clone();

    scene.edit("spring/launch.md", "十二款", "十三款");
    let plan = scene.plan().await;
    assert_eq!(actions(&plan), ["save_draft", "preview", "preview", "send", "check_status"]);
    scene.apply().await.unwrap();
    assert_eq!(scene.sandbox.previews().len(), 4);
    let job = &scene.sandbox.jobs()[0];
    assert!(job.articles[0].content.contains("十三款"), "what was edited goes out");
    assert!(
        scene.sandbox.drafts().is_empty(),
        "{draft} was updated in place and died with the send"
    );
}

#[tokio::test]
async fn an_edit_after_the_send_is_blocked_and_nothing_is_sent() {
    let mut scene = Scene::new(spring()).await;
    scene.apply().await.unwrap();
    scene.edit("spring/launch.md", "十二款", "十三款");
    let plan = scene.plan().await;
    assert!(plan.is_empty());
    assert!(matches!(plan.blocked[0].why, Blocker::SentContentChanged { .. }), "{plan:#?}");
    let outcome = scene.apply().await.unwrap();
    assert_eq!(outcome.sends[0].standing, Standing::Sent);
    assert_eq!(scene.sandbox.jobs().len(), 1);
}

#[tokio::test]
async fn a_draft_that_somebody_changed_on_the_account_is_not_sent_but_saved_again() {
    let scene = Scene::new(spring()).await;
    let until_preview = Limits { stage: Stage::Preview, ..limits() };
    let plan = scene.plan().await;
    scene.apply_with(&scene.history, &plan, until_preview, &mut |_| {}).await.unwrap();
    let wechat = scene.wechat();
    let draft = scene.sandbox.drafts()[0].media_id.clone().try_into().unwrap();
    let saved = wechat.draft_get(&draft).await.unwrap().remove(1);
    let changed = DraftArticle {
        title: "改了标题".to_owned(),
        author: saved.author,
        digest: saved.digest,
        content: saved.content,
        content_source_url: saved.content_source_url,
        thumb_media_id: saved.thumb_media_id.try_into().unwrap(),
        comments: Comments::Closed,
    };
    wechat.draft_update(&draft, 1, &changed).await.unwrap();

    let outcome = scene.apply().await.unwrap();
    assert_eq!((outcome.failed, scene.sandbox.jobs().len()), (1, 0));
    let plan = scene.plan().await;
    assert_eq!(actions(&plan), ["save_draft", "send", "check_status"]);
    assert!(matches!(plan.steps[0].because, Reason::DraftAltered { .. }), "{plan:#?}");
    scene.apply().await.unwrap();
    assert_eq!(scene.sandbox.jobs()[0].content, ["春季上新", "面料护理手册"]);
}

#[tokio::test]
async fn r10_a_clock_that_is_far_off_sends_nothing() {
    let scene = Scene::new(text("all", "all: { everyone: true }", "")).await;
    let plan = scene.plan().await;
    let (campaign, _) = scene.load().0.unwrap();
    let late = SandboxClock::by_hand(noon() + Duration::from_mins(3));
    let wechat = scene.wechat_by(&late);
    let mut journal = scene.journal(&scene.history).await.unwrap();
    let world = World {
        account: &campaign.account,
        wechat: &wechat,
        files: &scene,
        clock: &late,
        interrupt: &scene.interrupt,
    };
    let mut told = Vec::new();
    let mut tell = |event: Event| told.push(event);
    let outcome =
        qunfa::apply::apply(&plan, world, &mut journal, limits(), &mut tell).await.unwrap();
    assert_eq!((outcome.failed, scene.sandbox.jobs().len()), (1, 0));
    let says = |event: &Event| matches!(event, Event::StepFailed { error, .. } if error.contains("180 s off"));
    assert!(told.iter().any(says), "{told:#?}");
}

#[tokio::test]
async fn a_cover_that_somebody_deleted_is_uploaded_again() {
    // Before the draft is made, and before it is updated.
    for stage in [Stage::Upload, Stage::Preview] {
        let mut scene = Scene::new(spring()).await;
        let plan = scene.plan().await;
        let some = Limits { stage, ..limits() };
        scene.apply_with(&scene.history, &plan, some, &mut |_| {}).await.unwrap();
        let cover = scene.sandbox.materials()[0].media_id.clone().unwrap();
        scene.sandbox.remove_material(&cover.try_into().unwrap());
        scene.edit("spring/launch.md", "十二款", "十三款");

        let outcome = scene.apply().await.unwrap();
        assert_eq!((outcome.failed, scene.sandbox.jobs().len()), (1, 0), "{stage:?}");
        let plan = scene.plan().await;
        assert!(plan.blocked.is_empty(), "{stage:?}: {:#?}", plan.blocked);
        assert_eq!(actions(&plan)[..2], ["upload_material", "save_draft"]);
        scene.apply().await.unwrap();
        assert!(scene.sandbox.jobs()[0].articles[0].content.contains("十三款"), "{stage:?}");
    }
}
