//! Sends of pictures (图片消息), whole, against the emulated account.

use std::time::Duration;

use qunfa::apply::{Event, Limits, Stage};
use qunfa::plan::{Blocker, Plan, Standing};
use qunfa::sandbox::{Fault, How};
use qunfa::terms::{Comments, MediaId};
use qunfa::wechat::DraftArticle;

use crate::support::{Scene, limits, pictures, spring};

fn actions(plan: &Plan) -> Vec<&'static str> {
    plan.steps.iter().map(|step| step.action.word()).collect()
}

#[tokio::test]
async fn pictures_go_out_together_and_once() {
    let scene = Scene::new(pictures()).await;
    let plan = scene.plan().await;
    assert_eq!(
        actions(&plan),
        ["upload_material", "upload_material", "preview", "send", "check_status"]
    );
    let outcome = scene.apply().await.unwrap();
    assert_eq!((outcome.failed, outcome.sends[0].standing), (0, Standing::Sent));
    // A preview shows one picture and no caption, so the reviewer got three.
    let previews = scene.sandbox.previews();
    let types: Vec<&str> = previews.iter().map(|preview| preview.msgtype.as_str()).collect();
    assert_eq!(types, ["image", "image", "text"]);
    assert_eq!(previews[2].content, ["春季两套穿法"]);
    let jobs = scene.sandbox.jobs();
    assert_eq!((jobs.len(), jobs[0].msgtype.as_str()), (1, "image"));
    assert_eq!(jobs[0].content[0], "春季两套穿法");

    let after = scene.plan().await;
    assert!(after.is_empty() && after.waiting.is_empty() && after.blocked.is_empty(), "{after:#?}");
    scene.apply().await.unwrap();
    assert_eq!(scene.sandbox.jobs().len(), 1);
}

#[tokio::test]
async fn another_caption_is_shown_again_and_after_the_send_blocked() {
    let mut scene = Scene::new(pictures()).await;
    let until_preview = Limits { stage: Stage::Preview, ..limits() };
    let plan = scene.plan().await;
    scene.apply_with(&scene.history, &plan, until_preview, &mut |_| {}).await.unwrap();
    scene.edit("looks/campaign.yaml", "两套穿法", "两种穿法");
    assert_eq!(actions(&scene.plan().await), ["preview", "send", "check_status"]);
    scene.apply().await.unwrap();
    assert_eq!(scene.sandbox.jobs()[0].content[0], "春季两种穿法");

    scene.edit("looks/campaign.yaml", "comments: followers", "comments: closed");
    let plan = scene.plan().await;
    assert!(plan.is_empty(), "{plan:#?}");
    let why = &plan.blocked[0].why;
    assert!(matches!(why, Blocker::SentContentChanged { .. }), "{why:?}");
}

#[tokio::test]
async fn a_picture_that_somebody_deleted_is_uploaded_again() {
    // Before it is shown, and between that and the send.
    for stage in [Stage::Upload, Stage::Preview] {
        let scene = Scene::new(pictures()).await;
        let plan = scene.plan().await;
        let some = Limits { stage, ..limits() };
        scene.apply_with(&scene.history, &plan, some, &mut |_| {}).await.unwrap();
        delete_a_picture(&scene);

        let outcome = scene.apply().await.unwrap();
        assert_eq!((outcome.failed, scene.sandbox.jobs().len()), (1, 0), "{stage:?}");
        // It was found by looking, so that no request was refused: a refusal would weigh on what a
        // later answer proves (R11).
        let ledger = scene.ledger().await;
        assert!(ledger.sends().all(|(_, send)| send.intents == 0 && send.refusal.is_none()));
        let plan = scene.plan().await;
        assert!(plan.blocked.is_empty(), "{stage:?}: {:#?}", plan.blocked);
        assert_eq!(
            actions(&plan).iter().filter(|action| **action == "upload_material").count(),
            1,
            "{stage:?}: only the one that is gone"
        );
        scene.apply().await.unwrap();
        assert_eq!(scene.sandbox.jobs().len(), 1, "{stage:?}");
        assert!(scene.plan().await.is_empty(), "{stage:?}");
    }
}

fn delete_a_picture(scene: &Scene) {
    let picture = scene.sandbox.materials()[0].media_id.clone().unwrap();
    scene.sandbox.remove_material(&picture.try_into().unwrap());
}

#[tokio::test]
async fn pictures_in_place_of_articles_whose_draft_was_altered_go_out() {
    let mut scene = Scene::new(spring()).await;
    let plan = scene.plan().await;
    let until_preview = Limits { stage: Stage::Preview, ..limits() };
    scene.apply_with(&scene.history, &plan, until_preview, &mut |_| {}).await.unwrap();
    let draft: MediaId = scene.sandbox.drafts()[0].media_id.clone().try_into().unwrap();
    let kept = &scene.wechat().draft_get(&draft).await.unwrap()[0];
    let changed = DraftArticle {
        title: "改过的标题".to_owned(),
        author: kept.author.clone(),
        digest: kept.digest.clone(),
        content: kept.content.clone(),
        content_source_url: kept.content_source_url.clone(),
        thumb_media_id: kept.thumb_media_id.clone().try_into().unwrap(),
        comments: Comments::Closed,
    };
    scene.wechat().draft_update(&draft, 0, &changed).await.unwrap();
    assert_eq!(scene.apply().await.unwrap().failed, 1, "the altered draft is noticed");

    scene.edit("spring/campaign.yaml", "news: [launch, care]", "images: [images/cover.png]");
    let outcome = scene.apply().await.unwrap();
    assert_eq!((outcome.failed, outcome.sends[0].standing), (0, Standing::Sent), "{outcome:#?}");
    assert_eq!(scene.sandbox.jobs()[0].msgtype, "image");
}

#[tokio::test]
async fn a_picture_deleted_at_the_last_moment_is_uploaded_again() {
    // The first request is refused for its pace; the picture goes before the repeat, which is
    // refused for that.
    let scene = Scene::new(pictures()).await;
    scene.sandbox.break_next(Fault::next("message/mass/sendall", How::ErrCode(45011)));
    let plan = scene.plan().await;
    let patient = Limits { wait: Duration::from_mins(10), ..limits() };
    let mut deleted = false;
    let mut tell = |event: Event| {
        if matches!(event, Event::StepRetrying { .. }) && !deleted {
            delete_a_picture(&scene);
            deleted = true;
        }
    };
    scene.apply_with(&scene.history, &plan, patient, &mut tell).await.unwrap();
    assert!(deleted);
    assert_eq!(actions(&scene.plan().await), ["send", "check_status"]);
    assert_eq!(scene.apply().await.unwrap().failed, 1, "it is looked for, and not found");
    assert_eq!(actions(&scene.plan().await)[0], "upload_material");
    scene.apply().await.unwrap();
    assert_eq!(scene.sandbox.jobs().len(), 1);
    assert!(scene.plan().await.is_empty());
}

#[tokio::test]
async fn an_unknown_outcome_is_settled_though_the_picture_is_gone() {
    // R8: a 40007 on the repeat proves nothing about the first request, whose answer was lost.
    let scene = Scene::new(pictures()).await;
    scene.sandbox.break_next(Fault::next("message/mass/sendall", How::LostAnswer));
    let plan = scene.plan().await;
    let no_wait = Limits { wait: Duration::ZERO, ..limits() };
    scene.apply_with(&scene.history, &plan, no_wait, &mut |_| {}).await.unwrap();
    delete_a_picture(&scene);
    assert_eq!(actions(&scene.plan().await), ["settle", "check_status"]);
    scene.apply().await.unwrap();
    assert_eq!(scene.sandbox.jobs().len(), 1);
    assert!(scene.plan().await.is_empty());
}
