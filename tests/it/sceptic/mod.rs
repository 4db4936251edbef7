//! What could make a send go out twice, go to the wrong people, get lost without a word, or leave
//! no way out: one promise a test.

mod people;
mod refusals;
mod repeats;
mod runners;
mod time;
mod ways_out;

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::Duration;

use async_trait::async_trait;
use qunfa::apply::Limits;
use qunfa::history::{
    About, BETWEEN_POSTS, Binding, Created, Fact, Intent, Journal, Ledger, MemoryStore, Phase,
    Record, Run, SendHistory, Seq, Store, StoreError, Verdict,
};
use qunfa::plan::Plan;
use qunfa::sandbox::{Rules, SandboxClock, openid};
use qunfa::terms::{
    AccountKind, AppId, Effect, Fingerprint, Generation, HistoryId, RunId, SendAddress, Timestamp,
};

use crate::support::{Scene, limits, text};

pub(super) const SENDALL: &str = "message/mass/sendall";

pub(super) fn appid() -> AppId {
    AppId::new("sandbox-demo").unwrap()
}

pub(super) fn effect(address: &str) -> Effect {
    address.parse::<SendAddress>().unwrap().effect(&appid())
}

pub(super) fn rules(kind: AccountKind) -> Rules {
    Rules::new(appid(), kind)
}

/// A run that never waits.
pub(super) fn no_wait() -> Limits {
    Limits { wait: Duration::ZERO, ..limits() }
}

pub(super) fn everyone() -> BTreeMap<String, Vec<u8>> {
    text("all", "all: { everyone: true }", "")
}

/// A text to a list of 10,002 openids: two parts.
pub(super) fn listed() -> BTreeMap<String, Vec<u8>> {
    let mut files = text("list", "list: { openids: list.txt }, vip: { tag: VIP会员 }", "");
    let ids: Vec<String> = (0..10_002).map(|index| openid(&appid(), index)).collect();
    files.insert("notice/list.txt".to_owned(), ids.join("\n").into_bytes());
    files
}

pub(super) const HELLO: &str = "notice-2026/sends/hello";

pub(super) async fn send_of(scene: &Scene, address: &str) -> SendHistory {
    scene.ledger().await.send(&effect(address)).cloned().unwrap_or_default()
}

pub(super) async fn records(scene: &Scene) -> Vec<Record> {
    scene.history.read_after(Seq::NONE).await.unwrap()
}

/// The answers to the mass sends, in order.
pub(super) fn answers(scene: &Scene) -> Vec<Option<i64>> {
    let calls = scene.sandbox.calls();
    let is_send = |endpoint: &str| endpoint == SENDALL || endpoint == "message/mass/send";
    calls.iter().filter(|call| is_send(&call.endpoint)).map(|call| call.errcode).collect()
}

pub(super) fn blockers(plan: &Plan) -> Vec<&'static str> {
    plan.blocked.iter().map(|blocked| blocked.why.word()).collect()
}

pub(super) fn steps(plan: &Plan) -> Vec<&'static str> {
    plan.steps.iter().map(|step| step.action.word()).collect()
}

pub(super) async fn apply_with(
    scene: &Scene,
    plan: &Plan,
    limits: Limits,
) -> qunfa::apply::Outcome {
    scene.apply_with(&scene.history, plan, limits, &mut |_| {}).await.unwrap()
}

/// Another run: writes facts as if it had lived.
pub(super) async fn colleague(
    store: &MemoryStore,
    clock: &SandboxClock,
    facts: Vec<(About, Fact)>,
) {
    let run = Run {
        id: RunId::new("colleague").unwrap(),
        command: "apply".to_owned(),
        version: "0.0.0".to_owned(),
        actor: Some("李四".to_owned()),
        commit: None,
        nonce_seed: [9; 32],
    };
    let binding = Binding { history: HistoryId::new("7f3c".repeat(8)).unwrap(), appid: appid() };
    let mut journal = Journal::open(store, clock, run, binding).await.unwrap();
    for (about, fact) in facts {
        journal.note(about, fact).await.unwrap();
    }
}

pub(super) fn person(verdict: Verdict, address: &str) -> Fact {
    let (by, evidence) = ("王五".to_owned(), "后台截图".to_owned());
    Fact::Resolved { verdict, by, evidence, address: address.parse().unwrap() }
}

pub(super) type Meddling = Box<dyn FnOnce(&Ledger) -> Vec<(About, Fact)> + Send>;

/// A store in which another run comes first, just before a certain record.
pub(super) struct Meddled<'a> {
    scene: &'a Scene,
    before: fn(&Fact) -> bool,
    meddling: Mutex<Option<Meddling>>,
}

impl<'a> Meddled<'a> {
    pub(super) fn new(
        scene: &'a Scene,
        before: fn(&Fact) -> bool,
        meddling: impl FnOnce(&Ledger) -> Vec<(About, Fact)> + Send + 'static,
    ) -> Self {
        Self { scene, before, meddling: Mutex::new(Some(Box::new(meddling))) }
    }
}

#[async_trait]
impl Store for Meddled<'_> {
    async fn read_after(&self, after: Seq) -> Result<Vec<Record>, StoreError> {
        self.scene.history.read_after(after).await
    }

    async fn create(&self, records: &[Record]) -> Result<Created, StoreError> {
        if records.iter().any(|record| (self.before)(&record.entry.fact)) {
            let meddling = self.meddling.lock().unwrap().take();
            if let Some(meddling) = meddling {
                let facts = meddling(&self.scene.ledger().await);
                colleague(&self.scene.history, &self.scene.clock, facts).await;
            }
        }
        self.scene.history.create(records).await
    }

    async fn put_blob(&self, bytes: &[u8]) -> Result<Fingerprint, StoreError> {
        self.scene.history.put_blob(bytes).await
    }

    async fn blob(&self, name: &Fingerprint) -> Result<Option<Vec<u8>>, StoreError> {
        self.scene.history.blob(name).await
    }
}

/// R9: between an intent or an attempt and the next attempt lie 60 s and the request's time-out.
pub(super) async fn keeps_its_distance(scene: &Scene) {
    let mut last: BTreeMap<Effect, Timestamp> = BTreeMap::new();
    for record in records(scene).await {
        let (entry, effect) = (&record.entry, record.entry.effect);
        if let (Fact::Attempt { n, .. }, Some(effect)) = (&entry.fact, effect) {
            let before = last[&effect];
            assert!(
                entry.at >= before + BETWEEN_POSTS,
                "attempt {n} at {} after {before}",
                entry.at
            );
        }
        if let (Fact::Intent(_) | Fact::Attempt { .. }, Some(effect)) = (&entry.fact, effect) {
            last.insert(effect, entry.at);
        }
    }
}

pub(super) fn open_intent(ledger: &Ledger, address: &str) -> Intent {
    match &ledger.send(&effect(address)).unwrap().phase {
        Phase::Open(open) => open.intent.clone(),
        Phase::Accepted(accepted) => accepted.intent.clone().unwrap(),
        Phase::Ready => panic!("{address} has no intent"),
    }
}

pub(super) fn about(address: &str) -> About {
    About::send(effect(address), Generation::FIRST)
}
