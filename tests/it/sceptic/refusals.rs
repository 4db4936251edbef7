//! Refusals, and what they must not end (R8).

use std::sync::Arc;
use std::time::Duration;

use qunfa::apply::Limits;
use qunfa::history::{Fact, Phase};
use qunfa::sandbox::{Fault, How, RepeatCheck, Rules};
use qunfa::terms::{AccountKind, Generation};

use crate::support::{Scene, limits, spring};

use super::*;

#[tokio::test]
async fn a_refusal_after_a_lost_answer_never_ends_the_intent() {
    // The repeat gets 40007 because the first request used the draft up.
    let rules = Rules { repeat_check: RepeatCheck::Last, ..rules(AccountKind::Service) };
    let scene = Scene::with(spring(), rules).await;
    scene.sandbox.break_next(Fault::next(SENDALL, How::LostAnswer));
    let plan = scene.plan().await;
    let wait = Duration::from_mins(10);
    apply_with(&scene, &plan, Limits { wait, ..limits() }).await;
    let send = send_of(&scene, "spring-2026/sends/launch").await;
    assert!(matches!(send.phase, Phase::Open(_)), "{:?}", send.phase);
    assert!(answers(&scene).contains(&Some(40007)), "{:?}", answers(&scene));
    scene.advance(Duration::from_hours(22));
    let plan = scene.plan().await;
    assert_eq!((steps(&plan).len(), blockers(&plan)), (0, vec!["outcome_unknown"]));
    assert_eq!(scene.sandbox.jobs().len(), 1);
    keeps_its_distance(&scene).await;
}

#[tokio::test]
async fn a_quota_refusal_after_a_lost_answer_is_not_taken_for_not_sent_the_next_day() {
    let rules = Rules { repeat_check: RepeatCheck::Last, ..rules(AccountKind::Subscription) };
    let mut files = everyone();
    files.insert(
        "qunfa.yaml".to_owned(),
        b"version: 1\naccounts: { demo: { kind: subscription, api: sandbox } }\n".to_vec(),
    );
    let scene = Scene::with(files, rules).await;
    scene.sandbox.break_next(Fault::next(SENDALL, How::LostAnswer));
    let plan = scene.plan().await;
    let wait = Duration::from_mins(10);
    apply_with(&scene, &plan, Limits { wait, ..limits() }).await;
    assert!(answers(&scene).contains(&Some(45028)), "{:?}", answers(&scene));
    scene.advance(Duration::from_hours(24));
    scene.apply().await.unwrap();
    assert_eq!(scene.sandbox.jobs().len(), 1, "the right of the next day is not used");
    assert_eq!(blockers(&scene.plan().await), ["outcome_unknown"]);
}

#[tokio::test]
async fn an_expired_token_costs_another_attempt_and_never_a_second_job() {
    let scene = Scene::new(everyone()).await;
    let sandbox = Arc::clone(&scene.sandbox);
    let meddled = Meddled::new(
        &scene,
        |fact| matches!(fact, Fact::Intent(_)),
        move |_| {
            sandbox.expire_tokens();
            Vec::new()
        },
    );
    scene.apply_on(&meddled, &scene.plan().await).await.unwrap();
    assert_eq!(answers(&scene), [Some(42001), Some(0)]);
    assert_eq!(scene.sandbox.jobs().len(), 1);
    keeps_its_distance(&scene).await;
    assert!(scene.plan().await.is_empty());
}

#[tokio::test]
async fn a_surely_refused_send_is_ready_again_under_the_same_key() {
    let scene = Scene::new(everyone()).await;
    scene.sandbox.break_next(Fault::next(SENDALL, How::ErrCode(45011)));
    let plan = scene.plan().await;
    let outcome = apply_with(&scene, &plan, no_wait()).await;
    assert_eq!((outcome.failed, scene.sandbox.jobs().len()), (1, 0));
    assert!(matches!(send_of(&scene, HELLO).await.phase, Phase::Ready));
    scene.apply().await.unwrap();
    let send = send_of(&scene, HELLO).await;
    assert_eq!(send.generation, Generation::FIRST);
    assert!(matches!(send.phase, Phase::Accepted(_)));
    assert_eq!(scene.sandbox.jobs().len(), 1);
}

#[tokio::test]
async fn a_runner_that_waited_never_repeats_under_another_runners_fresh_intent() {
    // A was refused for its pace and waits for its turn. Meanwhile a run that may not wait ends the
    // intent, and one opens the next: A must give that one its 90 s.
    let scene = Scene::new(everyone()).await;
    scene.sandbox.break_next(Fault::next(SENDALL, How::ErrCode(45011)));
    let plan = scene.plan().await;
    let is_attempt = |fact: &Fact| matches!(fact, Fact::Attempt { .. });
    let meddled = Meddled::new(&scene, is_attempt, |ledger| {
        let intent = open_intent(ledger, HELLO);
        let rejected = Fact::Rejected { errcode: 45011, message: "太快".to_owned() };
        vec![(about(HELLO), rejected), (about(HELLO), Fact::Intent(Box::new(intent)))]
    });
    scene.apply_on(&meddled, &plan).await.unwrap();
    keeps_its_distance(&scene).await;
    assert_eq!(scene.sandbox.jobs().len(), 1);
}
