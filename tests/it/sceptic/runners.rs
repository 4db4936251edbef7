//! Two runners on one history.

use std::sync::Mutex;
use std::time::Duration;

use async_trait::async_trait;
use qunfa::apply::{Limits, Stage};
use qunfa::history::{
    About, Ambiguity, Create, Created, Fact, Intent, Ledger, MemoryStore, Phase, Record, Seq,
    SqliteHistory, Store, StoreError,
};
use qunfa::plan::{Plan, Standing};
use qunfa::sandbox::{Fault, How, RepeatCheck, Rules};
use qunfa::terms::{AccountKind, Fingerprint, Reviewer, SendAddress, WxName};

use crate::support::{Scene, limits, spring};

use super::*;

#[tokio::test]
async fn a_quota_that_another_run_used_up_meanwhile_holds_the_send() {
    let mut files = everyone();
    files.insert(
        "qunfa.yaml".to_owned(),
        b"version: 1\naccounts: { demo: { kind: subscription, api: sandbox } }\n".to_vec(),
    );
    let scene = Scene::with(files, rules(AccountKind::Subscription)).await;
    let donor = Scene::with(scene.files.clone(), rules(AccountKind::Subscription)).await;
    donor.apply().await.unwrap();
    let intent = open_intent(&donor.ledger().await, HELLO);
    let plan = scene.plan().await;
    let other = "spring-2026/sends/launch";
    let meddled = Meddled::new(
        &scene,
        |fact| matches!(fact, Fact::Intent(_)),
        move |_| {
            let (address, content) = (other.parse().unwrap(), Fingerprint::of("别的".as_bytes()));
            vec![(about(other), Fact::Intent(Box::new(Intent { address, content, ..intent })))]
        },
    );
    let outcome = scene.apply_on(&meddled, &plan).await.unwrap();
    assert_eq!((outcome.failed, outcome.skipped), (0, 2), "it waits, and nothing failed");
    assert!(scene.sandbox.jobs().is_empty());
    assert!(matches!(send_of(&scene, HELLO).await.phase, Phase::Ready));
}

#[tokio::test]
async fn a_draft_that_another_run_changed_meanwhile_is_not_sent_as_the_old_one() {
    let scene = Scene::new(spring()).await;
    let address = "spring-2026/sends/launch";
    let plan = scene.plan().await;
    let meddled = Meddled::new(
        &scene,
        |fact| matches!(fact, Fact::Intent(_)),
        move |ledger| {
            let draft = ledger.send(&effect(address)).unwrap().draft.clone().unwrap();
            let saved = Fact::DraftSaved {
                media_id: draft.media_id,
                content: Fingerprint::of("十三款".as_bytes()),
                articles: draft.articles,
                read_back: Fingerprint::of("十三款 ".as_bytes()),
                address: address.parse().unwrap(),
            };
            vec![(about(address), saved)]
        },
    );
    let outcome = scene.apply_on(&meddled, &plan).await.unwrap();
    assert_eq!((outcome.failed, scene.sandbox.jobs().len()), (1, 0));
}

/// The spring campaign up to its previews, the plan that sends it, and the plan of an edit, which saves
/// the draft again. The files are as before the edit.
async fn edited_after_its_previews() -> (Scene, Plan, Plan) {
    let mut scene = Scene::new(spring()).await;
    let plan = scene.plan().await;
    apply_with(&scene, &plan, Limits { stage: Stage::Preview, ..limits() }).await;
    let older = scene.plan().await;
    scene.edit("spring/launch.md", "十二款", "十三款");
    let newer = scene.plan().await;
    assert_eq!(steps(&newer)[0], "save_draft");
    scene.edit("spring/launch.md", "十三款", "十二款");
    (scene, older, newer)
}

#[tokio::test]
async fn an_intent_that_comes_before_the_first_update_leaves_the_draft_alone() {
    let donor = Scene::new(spring()).await;
    donor.apply().await.unwrap();
    let address = "spring-2026/sends/launch";
    let intent = open_intent(&donor.ledger().await, address);
    let (scene, _, newer) = edited_after_its_previews().await;
    let meddled = Meddled::new(
        &scene,
        |fact| matches!(fact, Fact::DraftAltered { .. }),
        move |_| vec![(about(address), Fact::Intent(Box::new(intent)))],
    );
    scene.apply_on(&meddled, &newer).await.unwrap();
    let calls = scene.sandbox.calls();
    assert!(!calls.iter().any(|call| call.endpoint == "draft/update"), "{calls:?}");
}

#[tokio::test]
async fn a_draft_that_is_being_updated_is_sent_by_nobody() {
    // The run that edits dies between two updates; the other had planned before.
    let (scene, older, newer) = edited_after_its_previews().await;
    scene.sandbox.break_next(Fault::nth("draft/update", 2, How::ErrCode(45009)));
    apply_with(&scene, &newer, Limits { stage: Stage::Draft, ..limits() }).await;
    apply_with(&scene, &older, limits()).await;
    assert!(scene.sandbox.jobs().is_empty(), "half of the edit is in the draft");
    assert!(!matches!(
        scene.ledger().await.send(&effect("spring-2026/sends/launch")).unwrap().phase,
        Phase::Open(_)
    ));
    scene.apply().await.unwrap();
    let job = &scene.sandbox.jobs()[0];
    assert!(job.articles[0].content.contains("十二款"));
}

#[tokio::test]
async fn a_draft_whose_send_is_open_elsewhere_is_left_alone() {
    let (scene, older, newer) = edited_after_its_previews().await;
    scene.sandbox.break_next(Fault::next(SENDALL, How::CutBefore));
    apply_with(&scene, &older, no_wait()).await;
    assert!(matches!(send_of(&scene, "spring-2026/sends/launch").await.phase, Phase::Open(_)));
    apply_with(&scene, &newer, no_wait()).await;
    scene.apply().await.unwrap();
    let job = &scene.sandbox.jobs()[0];
    assert!(job.articles[0].content.contains("十二款"), "what was intended and reviewed goes out");
}

#[tokio::test]
async fn a_colleagues_preview_of_the_same_before_the_intent_changes_nothing() {
    let mut scene = Scene::new(spring()).await;
    scene.edit("spring/campaign.yaml", "approval: 0", "approval: 1");
    scene.apply().await.unwrap();
    let digest = scene.plan().await.sends[0].digest;
    let address: SendAddress = "spring-2026/sends/launch".parse().unwrap();
    let approved = Fact::Approved { digest, by: "王五".to_owned(), address: address.clone() };
    scene.advance(Duration::from_mins(5));
    colleague(&scene.history, &scene.clock, vec![(About::NO_SEND, approved)]).await;
    scene.advance(Duration::from_mins(5));
    let plan = scene.plan().await;
    assert!(steps(&plan).contains(&"send"), "{plan:#?}");
    let content = match &plan.steps[0].action {
        qunfa::plan::Action::Send(order) => order.fingerprint,
        other => panic!("{other:?}"),
    };
    let meddled = Meddled::new(
        &scene,
        |fact| matches!(fact, Fact::Intent(_)),
        move |_| {
            let reviewer = Reviewer::WxName(WxName::new("editor-in-chief").unwrap());
            let (msg_id, messages) = (None, None);
            let shown = Fact::Previewed { content, reviewer, msg_id, messages, address };
            vec![(About::NO_SEND, shown)]
        },
    );
    let outcome = scene.apply_on(&meddled, &plan).await.unwrap();
    assert_eq!((outcome.failed, outcome.skipped), (0, 0), "it was approved as it is");
    assert_eq!(scene.sandbox.jobs().len(), 1);
}

/// A store that lets others run before each of its answers, as a seed has it.
struct Yielding<'a> {
    store: &'a MemoryStore,
    seed: Mutex<u64>,
}

impl Yielding<'_> {
    async fn give_way(&self) {
        let times = {
            let mut seed = self.seed.lock().unwrap();
            *seed = seed
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (*seed >> 33) % 40
        };
        for _ in 0..times {
            tokio::task::yield_now().await;
        }
    }
}

#[async_trait]
impl Store for Yielding<'_> {
    async fn read_after(&self, after: Seq) -> Result<Vec<Record>, StoreError> {
        self.give_way().await;
        self.store.read_after(after).await
    }

    async fn create(&self, records: &[Record]) -> Result<Created, StoreError> {
        self.give_way().await;
        let created = self.store.create(records).await;
        self.give_way().await;
        created
    }

    async fn put_blob(&self, bytes: &[u8]) -> Result<Fingerprint, StoreError> {
        self.store.put_blob(bytes).await
    }

    async fn blob(&self, name: &Fingerprint) -> Result<Option<Vec<u8>>, StoreError> {
        self.store.blob(name).await
    }
}

async fn two_runners(seed: u64, how: Option<How>) {
    let what = format!("seed {seed}, {how:?}");
    let scene = Scene::new(spring()).await;
    if let Some(how) = how {
        scene.sandbox.break_next(Fault::nth(SENDALL, 1 + u32::from(seed.is_multiple_of(3)), how));
    }
    let [one, other] =
        [seed, !seed].map(|seed| Yielding { store: &scene.history, seed: Mutex::new(seed) });
    let plan = scene.plan().await;
    let (first, second) = tokio::join!(scene.apply_on(&one, &plan), scene.apply_on(&other, &plan));
    first.unwrap();
    second.unwrap();
    for _ in 0..3 {
        scene.apply().await.unwrap();
    }
    let plan = scene.plan().await;
    assert!(plan.is_empty() && plan.blocked.is_empty(), "{what}: {plan:#?}");
    assert_eq!(scene.sandbox.jobs().len(), 1, "{what}");
    assert_eq!(plan.sends[0].standing, Standing::Sent, "{what}");
    keeps_its_distance(&scene).await;
}

#[tokio::test]
async fn two_runners_at_once_make_one_job() {
    let hows = [
        None,
        Some(How::LostAnswer),
        Some(How::CutBefore),
        Some(How::ExpiredToken),
        Some(How::ErrCode(45011)),
    ];
    for seed in 0..4 {
        for how in hows.clone() {
            two_runners(seed, how).await;
        }
    }
}

#[tokio::test]
async fn two_runners_at_once_send_each_part_of_a_list_once() {
    for seed in 0..4 {
        let scene = Scene::new(listed()).await;
        scene.sandbox.break_next(Fault::next("message/mass/send", How::LostAnswer));
        let [one, other] =
            [seed, !seed].map(|seed| Yielding { store: &scene.history, seed: Mutex::new(seed) });
        let plan = scene.plan().await;
        let runs = tokio::join!(scene.apply_on(&one, &plan), scene.apply_on(&other, &plan));
        runs.0.unwrap();
        runs.1.unwrap();
        for _ in 0..3 {
            scene.apply().await.unwrap();
        }
        let plan = scene.plan().await;
        assert!(plan.is_empty() && plan.blocked.is_empty(), "seed {seed}: {plan:#?}");
        let reached: Vec<u64> = scene.sandbox.jobs().iter().map(|job| job.total).collect();
        assert_eq!(reached, [10_000, 2], "seed {seed}");
        keeps_its_distance(&scene).await;
    }
}

#[tokio::test]
async fn two_runners_never_take_a_refused_repeat_for_not_sent() {
    for seed in 0..6 {
        let rules = Rules { repeat_check: RepeatCheck::Last, ..rules(AccountKind::Service) };
        let scene = Scene::with(spring(), rules).await;
        scene.sandbox.break_next(Fault::next(SENDALL, How::LostAnswer));
        let [one, other] =
            [seed, !seed].map(|seed| Yielding { store: &scene.history, seed: Mutex::new(seed) });
        let plan = scene.plan().await;
        let runs = tokio::join!(scene.apply_on(&one, &plan), scene.apply_on(&other, &plan));
        runs.0.unwrap();
        runs.1.unwrap();
        scene.advance(Duration::from_hours(48));
        scene.apply().await.unwrap();
        assert_eq!(scene.sandbox.jobs().len(), 1, "seed {seed}");
        let open = send_of(&scene, "spring-2026/sends/launch").await.phase;
        assert!(matches!(open, Phase::Open(_)), "seed {seed}: {open:?}");
        assert_eq!(blockers(&scene.plan().await), ["outcome_unknown"], "seed {seed}");
    }
}

#[tokio::test]
async fn two_processes_on_one_file_make_one_job() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("history.db");
    let scene = Scene::new(spring()).await;
    let plan = scene.plan().await;
    scene.sandbox.break_next(Fault::next(SENDALL, How::LostAnswer));
    let [one, other] = [Create::IfMissing, Create::IfMissing]
        .map(|create| SqliteHistory::open(&path, create).unwrap().account(&appid()));
    let runs = tokio::join!(scene.apply_on(&one, &plan), scene.apply_on(&other, &plan));
    runs.0.unwrap();
    runs.1.unwrap();
    assert_eq!(scene.sandbox.jobs().len(), 1);
    let ledger = Ledger::of(&one.read_after(Seq::NONE).await.unwrap()).unwrap();
    let send = ledger.send(&effect("spring-2026/sends/launch")).unwrap();
    assert!(matches!(send.phase, Phase::Accepted(_)), "{:?}", send.phase);
}

#[tokio::test]
async fn a_write_whose_answer_is_lost_costs_no_send_and_makes_no_second() {
    let hows = [Ambiguity::WrittenButLost, Ambiguity::NotWritten, Ambiguity::WrittenLate];
    for (nth, how) in (1..=9).flat_map(|nth| hows.map(|how| (nth, how))) {
        let scene = Scene::new(spring()).await;
        scene.history.break_create(nth, how);
        scene.apply().await.unwrap();
        let what = format!("write {nth}, {how:?}");
        assert_eq!(scene.sandbox.jobs().len(), 1, "{what}");
        assert!(scene.plan().await.is_empty(), "{what}");
        keeps_its_distance(&scene).await;
    }
}
