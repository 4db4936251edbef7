//! Windows, deadlines, interrupts, and runs that stall (R3, R4, R9).

use std::time::Duration;

use async_trait::async_trait;
use qunfa::apply::{Event, Interrupt};
use qunfa::history::{Created, Fact, Phase, Record, Seq, Store, StoreError};
use qunfa::sandbox::{Fault, How};
use qunfa::terms::Fingerprint;

use crate::support::{Scene, limits};

use super::*;

#[tokio::test]
async fn no_intent_is_opened_that_its_window_leaves_no_time_to_post() {
    let mut scene = Scene::new(everyone()).await;
    scene.edit("notice/campaign.yaml", "2099-12-31T21:00:00", "2026-03-02T12:00:20");
    scene.apply().await.unwrap();
    assert!(scene.sandbox.jobs().is_empty());
    let phase = send_of(&scene, HELLO).await.phase;
    assert!(matches!(phase, Phase::Ready), "nobody has to find out what surely did not happen");
    scene.advance(Duration::from_mins(1));
    assert_eq!(blockers(&scene.plan().await), ["missed"]);
}

#[tokio::test]
async fn a_window_that_ends_while_settling_needs_a_person_and_is_never_missed() {
    let mut scene = Scene::new(everyone()).await;
    scene.edit("notice/campaign.yaml", "2099-12-31T21:00:00", "2026-03-02T12:10:00");
    scene.sandbox.break_next(Fault::next(SENDALL, How::CutBefore));
    let plan = scene.plan().await;
    apply_with(&scene, &plan, no_wait()).await;
    scene.advance(Duration::from_mins(10));
    let plan = scene.plan().await;
    assert_eq!((steps(&plan).len(), blockers(&plan)), (0, vec!["outcome_unknown"]));
    scene.apply().await.unwrap();
    assert!(scene.sandbox.jobs().is_empty());
}

#[tokio::test]
async fn an_until_that_was_brought_forward_ends_the_repeats() {
    let mut scene = Scene::new(everyone()).await;
    scene.sandbox.break_next(Fault::next(SENDALL, How::CutBefore));
    let plan = scene.plan().await;
    apply_with(&scene, &plan, no_wait()).await;
    scene.edit("notice/campaign.yaml", "2099-12-31T21:00:00", "2026-03-02T12:01:00");
    scene.advance(Duration::from_mins(2));
    scene.apply().await.unwrap();
    assert!(scene.sandbox.jobs().is_empty(), "R3: the file's `until` counts too");
    assert_eq!(blockers(&scene.plan().await), ["outcome_unknown"]);
}

#[tokio::test]
async fn whoever_interrupts_before_the_intent_is_obeyed() {
    let scene = Scene::new(everyone()).await;
    let plan = scene.plan().await;
    let wish: Interrupt = scene.interrupt.clone();
    let mut tell = |event: Event| {
        if matches!(event, Event::StepStarted { action: "send", .. }) {
            wish.interrupt();
        }
    };
    let outcome = scene.apply_with(&scene.history, &plan, limits(), &mut tell).await.unwrap();
    assert!(outcome.interrupted);
    assert!(scene.sandbox.jobs().is_empty(), "nothing new is started");
    assert!(matches!(send_of(&scene, HELLO).await.phase, Phase::Ready));
}

#[tokio::test]
async fn whoever_interrupts_between_two_requests_is_obeyed() {
    let scene = Scene::new(everyone()).await;
    scene.sandbox.break_next(Fault::next(SENDALL, How::CutBefore));
    let plan = scene.plan().await;
    let wish: Interrupt = scene.interrupt.clone();
    let mut tell = |event: Event| {
        if matches!(event, Event::StepWaiting { .. }) {
            wish.interrupt();
        }
    };
    scene.apply_with(&scene.history, &plan, limits(), &mut tell).await.unwrap();
    assert_eq!(answers(&scene), [None]);
    let Phase::Open(open) = send_of(&scene, HELLO).await.phase else { panic!() };
    assert_eq!(open.attempts.len(), 1);
}

#[tokio::test]
async fn a_run_that_stalled_after_its_attempt_leaves_the_request_to_the_next_turn() {
    // Its record took so long that another run's turn has come: no request may follow it now.
    let scene = Scene::new(everyone()).await;
    scene.sandbox.break_next(Fault::next(SENDALL, How::CutBefore));
    let plan = scene.plan().await;
    apply_with(&scene, &plan, no_wait()).await;
    let slow = Slow { scene: &scene, at: |fact| matches!(fact, Fact::Attempt { n: 2, .. }) };
    let plan = scene.plan().await;
    scene.apply_on(&slow, &plan).await.unwrap();
    let Phase::Accepted(_) = send_of(&scene, HELLO).await.phase else { panic!() };
    let attempts = records(&scene).await;
    let attempts = attempts.iter().filter(|r| matches!(r.entry.fact, Fact::Attempt { .. })).count();
    assert_eq!((attempts, answers(&scene)), (2, vec![None, Some(0)]), "the slow one is not used");
}

/// A store that takes two minutes over certain records.
struct Slow<'a> {
    scene: &'a Scene,
    at: fn(&Fact) -> bool,
}

#[async_trait]
impl Store for Slow<'_> {
    async fn read_after(&self, after: Seq) -> Result<Vec<Record>, StoreError> {
        self.scene.history.read_after(after).await
    }

    async fn create(&self, records: &[Record]) -> Result<Created, StoreError> {
        let created = self.scene.history.create(records).await;
        if records.iter().any(|record| (self.at)(&record.entry.fact)) {
            self.scene.advance(Duration::from_mins(2));
        }
        created
    }

    async fn put_blob(&self, bytes: &[u8]) -> Result<Fingerprint, StoreError> {
        self.scene.history.put_blob(bytes).await
    }

    async fn blob(&self, name: &Fingerprint) -> Result<Option<Vec<u8>>, StoreError> {
        self.scene.history.blob(name).await
    }
}

#[tokio::test]
async fn a_run_that_stalled_after_its_intent_leaves_the_first_request_too() {
    let scene = Scene::new(everyone()).await;
    let plan = scene.plan().await;
    let slow = Slow { scene: &scene, at: |fact| matches!(fact, Fact::Intent(_)) };
    scene.apply_on(&slow, &plan).await.unwrap();
    assert_eq!(answers(&scene), [Some(0)]);
    let Phase::Accepted(_) = send_of(&scene, HELLO).await.phase else { panic!() };
    let log = records(&scene).await;
    assert!(log.iter().any(|r| matches!(r.entry.fact, Fact::Attempt { n: 2, .. })));
    keeps_its_distance(&scene).await;
}
