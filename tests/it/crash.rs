//! The promise: whatever is lost or killed, a send has one job, and in the end nothing is left to do.
//!
//! A run without trouble shows which records are written and which calls are made. Then each of them
//! in turn is where a run ends: before the record, after it; before the call took effect, after it.
//! The next run plans and applies again.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use qunfa::apply::Event;
use qunfa::history::{Created, MemoryStore, Phase, Record, Seq, Store, StoreError};
use qunfa::plan::{Blocker, Standing};
use qunfa::sandbox::{Fault, How, Sandbox};
use qunfa::terms::Fingerprint;

use crate::support::{Scene, film, greeting, limits, pictures, spring, text};

/// Where a run dies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Death {
    /// At this write, before it is there.
    BeforeWrite(u64),
    /// At this write, once it is there.
    AfterWrite(u64),
    /// At the first write after the sandbox saw so many calls of this endpoint.
    AfterCall(&'static str, u32),
}

/// A store that a process uses until it dies; what was written stays.
struct Mortal {
    store: MemoryStore,
    sandbox: Arc<Sandbox>,
    death: Death,
    writes: AtomicU64,
    dead: AtomicU64,
}

impl Mortal {
    fn new(scene: &Scene, death: Death) -> Self {
        let (store, sandbox) = (scene.history.clone(), Arc::clone(&scene.sandbox));
        Self { store, sandbox, death, writes: AtomicU64::new(0), dead: AtomicU64::new(0) }
    }

    fn died(&self) -> StoreError {
        self.dead.store(1, Ordering::SeqCst);
        StoreError::Missing { path: "the process was killed".into() }
    }

    fn is_dead(&self) -> bool {
        self.dead.load(Ordering::SeqCst) == 1
    }
}

#[async_trait]
impl Store for Mortal {
    async fn read_after(&self, after: Seq) -> Result<Vec<Record>, StoreError> {
        if self.is_dead() { Err(self.died()) } else { self.store.read_after(after).await }
    }

    async fn create(&self, records: &[Record]) -> Result<Created, StoreError> {
        let n = self.writes.fetch_add(1, Ordering::SeqCst) + 1;
        let was_called = |endpoint: &str, nth: u32| {
            let calls = self.sandbox.calls();
            calls.iter().any(|call| call.endpoint == endpoint && call.nth >= nth)
        };
        match self.death {
            _ if self.is_dead() => Err(self.died()),
            Death::BeforeWrite(at) if n >= at => Err(self.died()),
            Death::AfterWrite(at) if n >= at => {
                let (Created::Written | Created::Taken) = self.store.create(records).await?;
                Err(self.died())
            }
            Death::AfterCall(endpoint, nth) if was_called(endpoint, nth) => Err(self.died()),
            Death::BeforeWrite(_) | Death::AfterWrite(_) | Death::AfterCall(..) => {
                self.store.create(records).await
            }
        }
    }

    async fn put_blob(&self, bytes: &[u8]) -> Result<Fingerprint, StoreError> {
        if self.is_dead() { Err(self.died()) } else { self.store.put_blob(bytes).await }
    }

    async fn blob(&self, name: &Fingerprint) -> Result<Option<Vec<u8>>, StoreError> {
        self.store.blob(name).await
    }
}

/// Runs until a plan is empty, at most three times; then there is exactly one job for each send.
async fn heals(scene: &Scene, jobs: usize, what: &str) {
    for _ in 0..3 {
        let plan = scene.plan().await;
        assert!(plan.blocked.is_empty(), "{what}: a person is needed: {:#?}", plan.blocked);
        if plan.is_empty() {
            break;
        }
        scene.apply_on(&scene.history, &plan).await.unwrap();
    }
    let plan = scene.plan().await;
    assert!(plan.is_empty() && plan.waiting.is_empty(), "{what}: {plan:#?}");
    assert_eq!(scene.sandbox.jobs().len(), jobs, "{what}: jobs");
    let keys: std::collections::BTreeSet<_> =
        scene.sandbox.jobs().into_iter().map(|job| job.client_msg_id).collect();
    assert_eq!(keys.len(), jobs, "{what}: one job for each key");
    for line in &plan.sends {
        assert_eq!(line.standing, Standing::Sent, "{what}");
    }
    for (_, send) in scene.ledger().await.sends() {
        let Phase::Accepted(accepted) = &send.phase else { panic!("{what}: {send:?}") };
        let is_there = scene.sandbox.jobs().iter().any(|job| Some(job.msg_id) == accepted.msg_id);
        assert!(is_there, "{what}: history says accepted, so there is that job");
    }
}

/// How many writes a run without trouble makes, and which calls.
async fn healthy(files: BTreeMap<String, Vec<u8>>) -> (u64, Vec<(&'static str, u32)>) {
    let scene = Scene::new(files).await;
    let mortal = Mortal::new(&scene, Death::BeforeWrite(u64::MAX));
    let plan = scene.plan().await;
    let before = scene.sandbox.calls().len();
    scene.apply_on(&mortal, &plan).await.unwrap();
    let calls = scene.sandbox.calls().split_off(before);
    let calls = calls.into_iter().map(|call| (known(&call.endpoint), call.nth)).collect();
    (mortal.writes.load(Ordering::SeqCst), calls)
}

/// The endpoints that a run calls, by the names that faults are ordered by.
fn known(endpoint: &str) -> &'static str {
    const ENDPOINTS: [&str; 14] = [
        "stable_token",
        "tags/get",
        "media/uploadimg",
        "material/add_material",
        "material/get_material",
        "media/upload",
        "media/uploadvideo",
        "ticket/getticket",
        "draft/add",
        "draft/get",
        "message/mass/preview",
        "message/mass/sendall",
        "message/mass/get",
        "user/get",
    ];
    ENDPOINTS.into_iter().find(|known| *known == endpoint).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_may_die_at_every_record() {
    let fewest = [(spring(), 7), (pictures(), 5), (greeting(), 5), (film(), 6)];
    for (files, fewest) in fewest {
        let (writes, _) = healthy(files.clone()).await;
        assert!(writes >= fewest, "uploads, draft, previews, intent, accepted, status: {writes}");
        dies_at_every_record(&files, writes).await;
    }
}

async fn dies_at_every_record(files: &BTreeMap<String, Vec<u8>>, writes: u64) {
    for at in 1..=writes {
        for death in [Death::BeforeWrite(at), Death::AfterWrite(at)] {
            let scene = Scene::new(files.clone()).await;
            let plan = scene.plan().await;
            let died = scene.apply_on(&Mortal::new(&scene, death), &plan).await;
            assert!(died.is_err(), "{death:?}");
            heals(&scene, 1, &format!("{death:?}")).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_may_die_at_every_call() {
    for files in [spring(), pictures(), greeting(), film()] {
        dies_at_every_call(&files).await;
    }
}

async fn dies_at_every_call(files: &BTreeMap<String, Vec<u8>>) {
    let (_, calls) = healthy(files.clone()).await;
    assert!(calls.iter().any(|(endpoint, _)| *endpoint == "message/mass/sendall"));
    let mut killed = 0;
    for (endpoint, nth) in calls.iter().copied() {
        for how in [How::CutBefore, How::LostAnswer] {
            let scene = Scene::new(files.clone()).await;
            let plan = scene.plan().await;
            let what = format!("killed at {endpoint} number {nth}, {how:?}");
            let seen = seen(&scene, endpoint);
            // Before the plan was made, the tags and the followers were asked for too.
            scene.sandbox.break_next(Fault::nth(endpoint, nth.saturating_sub(seen).max(1), how));
            let mortal = Mortal::new(&scene, Death::AfterCall(endpoint, nth.max(seen + 1)));
            drop(scene.apply_on(&mortal, &plan).await);
            killed += u32::from(mortal.is_dead());
            heals(&scene, 1, &what).await;
        }
    }
    assert!(killed as usize > calls.len(), "most of the {} calls were a last one", calls.len());
}

/// How often an endpoint was called so far.
fn seen(scene: &Scene, endpoint: &str) -> u32 {
    let calls = scene.sandbox.calls();
    u32::try_from(calls.iter().filter(|call| call.endpoint == endpoint).count()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_answer_of_every_call_may_be_lost() {
    for files in [spring(), pictures(), greeting(), film()] {
        loses_every_answer(&files).await;
    }
}

async fn loses_every_answer(files: &BTreeMap<String, Vec<u8>>) {
    let (_, calls) = healthy(files.clone()).await;
    let hows = [
        How::LostAnswer,
        How::CutBefore,
        How::Truncated,
        How::LateStatus(502),
        How::LateErrCode(-1),
        How::HtmlOk,
    ];
    for (endpoint, nth) in calls {
        for how in hows.clone() {
            let scene = Scene::new(files.clone()).await;
            let plan = scene.plan().await;
            let what = format!("{endpoint} number {nth}, {how:?}");
            scene.sandbox.break_next(Fault::next(endpoint, how));
            // The run itself may settle it, or leave it to the next one.
            scene.apply_on(&scene.history, &plan).await.unwrap();
            heals(&scene, 1, &what).await;
        }
    }
}

#[tokio::test]
async fn a_first_answer_that_is_lost_is_settled_by_the_same_request() {
    let scene = Scene::new(spring()).await;
    scene.sandbox.break_next(Fault::next("message/mass/sendall", How::LostAnswer));
    scene.apply().await.unwrap();
    let calls = scene.sandbox.calls();
    let sends = calls.iter().filter(|call| call.endpoint == "message/mass/sendall");
    let codes: Vec<Option<i64>> = sends.map(|call| call.errcode).collect();
    assert_eq!(codes, [None, Some(45065)], "no answer, then: we have that one");
    assert_eq!(scene.sandbox.jobs().len(), 1);
}

#[tokio::test]
async fn after_the_deadline_nothing_is_sent_and_a_person_is_asked() {
    let scene = Scene::new(text("all", "all: { everyone: true }", "")).await;
    scene.sandbox.break_next(Fault::next("message/mass/sendall", How::CutBefore));
    let mortal = Mortal::new(&scene, Death::AfterCall("message/mass/sendall", 1));
    let plan = scene.plan().await;
    drop(scene.apply_on(&mortal, &plan).await);
    scene.advance(Duration::from_hours(22));
    let plan = scene.plan().await;
    assert!(plan.is_empty(), "{plan:#?}");
    assert!(matches!(plan.blocked[0].why, Blocker::OutcomeUnknown { .. }), "{plan:#?}");
    let calls = scene.sandbox.calls().len();
    scene.apply_on(&scene.history, &plan).await.unwrap();
    assert_eq!(scene.sandbox.calls().len(), calls, "nobody is called");
}

#[tokio::test]
async fn a_job_that_cannot_be_recorded_leaves_a_receipt() {
    let scene = Scene::new(text("all", "all: { everyone: true }", "")).await;
    let plan = scene.plan().await;
    let mortal = Mortal::new(&scene, Death::AfterCall("message/mass/sendall", 1));
    let mut told = Vec::new();
    let mut tell = |event: Event| told.push(event);
    let ended = scene.apply_with(&mortal, &plan, limits(), &mut tell).await;
    assert!(ended.is_err(), "{ended:?}");
    let job = scene.sandbox.jobs()[0].msg_id.to_string();
    let is_receipt = |event: &Event| matches!(event, Event::Warning { text } if text.contains("RECEIPT") && text.contains(&job));
    assert!(told.iter().any(is_receipt), "{told:#?}");
    heals(&scene, 1, "after a receipt").await;
}

/// The spring campaign, sent, and then with both of its articles to be taken back.
async fn to_be_taken_back() -> Scene {
    let mut scene = Scene::new(spring()).await;
    scene.apply().await.unwrap();
    let retract =
        "retract: { both: { send: launch, articles: [launch, care], reason: 活动取消 } }\n";
    let file = scene.files.get_mut("spring/campaign.yaml").unwrap();
    file.extend_from_slice(retract.as_bytes());
    scene
}

/// Every article is taken back in the end, and nothing was asked for more often than a death explains.
async fn is_taken_back(scene: &Scene, what: &str) {
    heals(scene, 1, what).await;
    assert_eq!(scene.sandbox.jobs()[0].retracted, [1, 2].into(), "{what}");
    let calls = scene.sandbox.calls();
    let asked = calls.iter().filter(|call| call.endpoint == "message/mass/delete").count();
    assert!((2..=3).contains(&asked), "{what}: asked for {asked} times");
}

#[tokio::test]
async fn a_retraction_heals_wherever_its_run_dies_and_whatever_is_lost() {
    // For each article what is asked for and what came of it; the run's beginning comes with the first.
    let writes = (1..=4).flat_map(|n| [Death::BeforeWrite(n), Death::AfterWrite(n)]);
    let calls = [("message/mass/delete", 1), ("message/mass/delete", 2), ("message/mass/get", 3)];
    let calls = calls.map(|(endpoint, nth)| Death::AfterCall(endpoint, nth));
    for death in writes.chain(calls) {
        let scene = to_be_taken_back().await;
        let plan = scene.plan().await;
        assert_eq!(plan.steps.len(), 2);
        let mortal = Mortal::new(&scene, death);
        scene.apply_on(&mortal, &plan).await.unwrap_err();
        is_taken_back(&scene, &format!("{death:?}")).await;
    }
    let faults = [How::LostAnswer, How::CutBefore, How::LateErrCode(-1), How::Truncated];
    for (how, nth) in faults.iter().flat_map(|how| [(how.clone(), 1), (how.clone(), 2)]) {
        let scene = to_be_taken_back().await;
        scene.sandbox.break_next(Fault::nth("message/mass/delete", nth, how.clone()));
        let plan = scene.plan().await;
        scene.apply_on(&scene.history, &plan).await.unwrap();
        is_taken_back(&scene, &format!("{how:?} of call {nth}")).await;
    }
}
