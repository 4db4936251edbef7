//! Answers that say that it was sent before (R11).

use std::time::Duration;

use qunfa::history::{How as Told, MemoryStore, Phase, Verdict};
use qunfa::sandbox::{Fault, How};
use qunfa::terms::MsgId;

use crate::support::Scene;

use super::*;

#[tokio::test]
async fn a_lost_history_sends_nothing_again_within_the_day() {
    let mut scene = Scene::new(everyone()).await;
    scene.apply().await.unwrap();
    scene.history = MemoryStore::new();
    scene.advance(Duration::from_hours(20));
    scene.apply().await.unwrap();
    assert_eq!(answers(&scene), [Some(0), Some(45065)]);
    assert_eq!(scene.sandbox.jobs().len(), 1);
    let Phase::Accepted(accepted) = send_of(&scene, HELLO).await.phase else { panic!() };
    assert_eq!(accepted.how, Told::Foreign);
}

#[tokio::test]
async fn a_mistyped_job_number_does_not_spoil_the_history() {
    // A person said `--sent --msg-id` with a number that WeChat then gives to another send.
    let scene = Scene::new(everyone()).await;
    let other = "spring-2026/sends/launch";
    let verdict = Verdict::Sent { msg_id: Some(MsgId(3_147_483_649)) };
    colleague(&scene.history, &scene.clock, vec![(about(other), person(verdict, other))]).await;
    scene.apply().await.unwrap();
    assert_eq!(scene.sandbox.jobs().len(), 1);
    let Phase::Accepted(accepted) = send_of(&scene, HELLO).await.phase else { panic!() };
    assert_eq!(
        accepted.how,
        Told::Answered,
        "WeChat said 0: whoever holds the number, it went out"
    );
}

#[tokio::test]
async fn a_repeat_that_names_another_sends_job_is_not_believed() {
    let scene = Scene::new(everyone()).await;
    let other = "spring-2026/sends/launch";
    let verdict = Verdict::Sent { msg_id: Some(MsgId(3_147_483_649)) };
    colleague(&scene.history, &scene.clock, vec![(about(other), person(verdict, other))]).await;
    scene.sandbox.break_next(Fault::next(SENDALL, How::LostAnswer));
    scene.apply().await.unwrap();
    assert_eq!(answers(&scene), [None, Some(45065)]);
    assert!(matches!(send_of(&scene, HELLO).await.phase, Phase::Open(_)));
}
