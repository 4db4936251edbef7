//! Nothing is hidden, and nothing is stuck.

use std::time::Duration;

use qunfa::apply::{Limits, Stage};
use qunfa::history::{Binding, Fact, Journal, Phase, Run, Verdict};
use qunfa::plan::{Blocker, Standing};
use qunfa::sandbox::{Fault, How, Rules};
use qunfa::terms::{AccountKind, AppId, Generation, HistoryId, JobStatus, RunId};

use crate::support::{Scene, limits, spring, text};

use super::*;

#[tokio::test]
async fn a_send_that_a_person_says_did_not_go_out_is_made_under_a_new_key() {
    let scene = Scene::new(spring()).await;
    let address = "spring-2026/sends/launch";
    scene.sandbox.break_next(Fault::next(SENDALL, How::CutBefore));
    let plan = scene.plan().await;
    apply_with(&scene, &plan, no_wait()).await;
    let spent = send_of(&scene, address).await.draft.unwrap().media_id;
    scene.advance(Duration::from_hours(30));
    assert_eq!(blockers(&scene.plan().await), ["outcome_unknown"]);
    let not_sent = vec![(about(address), person(Verdict::NotSent, address))];
    colleague(&scene.history, &scene.clock, not_sent).await;
    let plan = scene.plan().await;
    assert_eq!(steps(&plan), ["save_draft", "send", "check_status"], "a draft of its own");
    scene.apply().await.unwrap();
    let send = send_of(&scene, address).await;
    let Phase::Accepted(accepted) = send.phase else { panic!("{:?}", send.phase) };
    assert_ne!(send.draft.unwrap().media_id, spent);
    assert_eq!((scene.sandbox.jobs().len(), send.generation), (1, Generation::FIRST.next()));
    let key = accepted.intent.unwrap().client_msg_id;
    assert_eq!(scene.sandbox.jobs()[0].client_msg_id.as_deref(), Some(key.as_str()));
    assert!(scene.plan().await.is_empty());
}

#[tokio::test]
async fn a_draft_that_vanished_waits_for_a_person_and_then_goes_on() {
    let scene = Scene::new(spring()).await;
    let address = "spring-2026/sends/launch";
    let plan = scene.plan().await;
    apply_with(&scene, &plan, Limits { stage: Stage::Preview, ..limits() }).await;
    let draft = send_of(&scene, address).await.draft.unwrap().media_id;
    let plan = scene.plan().await;
    scene.sandbox.remove_draft(&draft);
    assert_eq!(apply_with(&scene, &plan, limits()).await.failed, 1);
    assert_eq!(blockers(&scene.plan().await), ["draft_gone"]);
    let not_sent = vec![(about(address), person(Verdict::NotSent, address))];
    colleague(&scene.history, &scene.clock, not_sent).await;
    scene.apply().await.unwrap();
    assert_eq!(scene.sandbox.jobs().len(), 1);
    assert!(scene.plan().await.is_empty());
}

#[tokio::test]
async fn a_draft_edited_in_the_console_is_not_sent() {
    let scene = Scene::new(spring()).await;
    let plan = scene.plan().await;
    apply_with(&scene, &plan, Limits { stage: Stage::Preview, ..limits() }).await;
    let draft = scene.sandbox.drafts()[0].media_id.clone();
    let mut kept = scene
        .wechat()
        .draft_get(&qunfa::terms::MediaId::new(draft.clone()).unwrap())
        .await
        .unwrap();
    let kept = kept.remove(0);
    let edited = qunfa::wechat::DraftArticle {
        title: "别人的标题".to_owned(),
        author: kept.author,
        digest: kept.digest,
        content: kept.content,
        content_source_url: kept.content_source_url,
        thumb_media_id: qunfa::terms::MediaId::new(kept.thumb_media_id).unwrap(),
        comments: qunfa::terms::Comments::Closed,
    };
    let draft = qunfa::terms::MediaId::new(draft).unwrap();
    scene.wechat().draft_update(&draft, 0, &edited).await.unwrap();
    assert_eq!(scene.apply().await.unwrap().failed, 1);
    assert!(scene.sandbox.jobs().is_empty());
}

#[tokio::test]
async fn what_comes_after_a_failed_send_is_not_sent() {
    let more = "  later:\n    text: 维护结束\n    to: all\n    after: [hello]\n    \
                window: { until: 2099-12-31T21:00:00+08:00 }\n";
    let scene = Scene::new(text("all", "all: { everyone: true }", more)).await;
    scene.sandbox.end_next_job(&JobStatus::Failed);
    let plan = scene.plan().await;
    assert_eq!(steps(&plan), ["send", "check_status", "send", "check_status"]);
    scene.apply().await.unwrap();
    assert_eq!(scene.sandbox.jobs().len(), 1);
    let plan = scene.plan().await;
    assert_eq!(blockers(&plan), ["failed", "after_failed"]);
}

#[tokio::test]
async fn what_comes_after_a_send_still_at_work_waits_and_is_no_failure() {
    let more = "  later:\n    text: 维护结束\n    to: all\n    after: [hello]\n    \
                window: { until: 2099-12-31T21:00:00+08:00 }\n";
    let scene = Scene::new(text("all", "all: { everyone: true }", more)).await;
    let plan = scene.plan().await;
    let outcome = apply_with(&scene, &plan, no_wait()).await;
    assert_eq!((outcome.failed, outcome.unfinished), (0, 0));
    assert_eq!(scene.sandbox.jobs().len(), 1);
    scene.advance(Duration::from_mins(5));
    scene.apply().await.unwrap();
    assert_eq!(scene.sandbox.jobs().len(), 2);
}

#[tokio::test]
async fn a_skip_of_an_open_send_does_not_hide_it() {
    let mut scene = Scene::new(everyone()).await;
    scene.sandbox.break_next(Fault::next(SENDALL, How::LostAnswer));
    let plan = scene.plan().await;
    apply_with(&scene, &plan, no_wait()).await;
    scene.edit("notice/campaign.yaml", "    text:", "    skip: 改期\n    text:");
    assert_eq!(scene.plan().await.sends[0].standing, Standing::Unknown);
    scene.advance(Duration::from_mins(2));
    scene.apply().await.unwrap();
    assert!(matches!(send_of(&scene, HELLO).await.phase, Phase::Accepted(_)));
    assert_eq!(scene.sandbox.jobs().len(), 1);
}

#[tokio::test]
async fn a_reviewer_who_joins_between_two_parts_gets_a_preview() {
    let mut scene = Scene::new(listed()).await;
    scene.sandbox.break_next(Fault::nth("message/mass/send", 2, How::ErrCode(48001)));
    scene.apply().await.unwrap();
    scene.edit(
        "notice/campaign.yaml",
        "    text:",
        "    preview: [ { wxname: editor-in-chief } ]\n    approval: 0\n    text:",
    );
    scene.apply().await.unwrap();
    assert_eq!((scene.sandbox.previews().len(), scene.sandbox.jobs().len()), (1, 2));
    assert!(scene.plan().await.is_empty());
}

#[tokio::test]
async fn a_preview_that_fails_holds_the_send() {
    let rules =
        Rules { strangers: vec!["editor-in-chief".to_owned()], ..rules(AccountKind::Service) };
    let scene = Scene::with(spring(), rules).await;
    let outcome = scene.apply().await.unwrap();
    assert_eq!(outcome.failed, 1);
    assert!(scene.sandbox.jobs().is_empty());
    assert!(matches!(send_of(&scene, "spring-2026/sends/launch").await.phase, Phase::Ready));
}

#[tokio::test]
async fn a_record_that_the_protocol_does_not_allow_is_never_written() {
    let scene = Scene::new(everyone()).await;
    scene.apply().await.unwrap();
    let run = Run {
        id: RunId::new("odd").unwrap(),
        command: "apply".to_owned(),
        version: "0.0.0".to_owned(),
        actor: None,
        commit: None,
        nonce_seed: [3; 32],
    };
    let binding = Binding { history: HistoryId::new("7f3c".repeat(8)).unwrap(), appid: appid() };
    let mut journal = Journal::open(&scene.history, &scene.clock, run, binding).await.unwrap();
    let rejected = Fact::Rejected { errcode: 45028, message: "用完".to_owned() };
    journal.note(about(HELLO), rejected).await.unwrap_err();
    assert_eq!(scene.ledger().await.head(), journal.ledger().head(), "the history can be read");
    assert!(scene.plan().await.is_empty());
}

#[tokio::test]
async fn a_history_of_another_account_is_refused() {
    let scene = Scene::new(everyone()).await;
    let appid = AppId::new("sandbox-other").unwrap();
    let binding = Binding { history: HistoryId::new("7f3c".repeat(8)).unwrap(), appid };
    let run = Run {
        id: RunId::new("other").unwrap(),
        command: "apply".to_owned(),
        version: "0.0.0".to_owned(),
        actor: None,
        commit: None,
        nonce_seed: [4; 32],
    };
    let mut journal = Journal::open(&scene.history, &scene.clock, run, binding).await.unwrap();
    journal.begin().await.unwrap();
    scene.apply_on(&scene.history, &scene.plan().await).await.unwrap_err();
    assert!(scene.sandbox.jobs().is_empty());
}

#[tokio::test]
async fn a_send_given_up_by_every_file_is_still_settled() {
    let mut scene = Scene::new(everyone()).await;
    scene.sandbox.break_next(Fault::next(SENDALL, How::LostAnswer));
    let plan = scene.plan().await;
    apply_with(&scene, &plan, no_wait()).await;
    scene.files = spring();
    let plan = scene.plan().await;
    assert!(steps(&plan).contains(&"settle"), "{:?}", steps(&plan));
    scene.apply().await.unwrap();
    assert!(matches!(send_of(&scene, HELLO).await.phase, Phase::Accepted(_)));
    let blocked: Vec<&Blocker> = plan.blocked.iter().map(|blocked| &blocked.why).collect();
    assert!(blocked.is_empty(), "{blocked:?}");
}
