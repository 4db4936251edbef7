//! Whole campaigns against the emulated account.

use qunfa::plan::{Blocker, Plan, Standing};

use crate::support::{Scene, spring};

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
    let until_preview =
        qunfa::apply::Limits { stage: qunfa::apply::Stage::Preview, ..crate::support::limits() };
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
