//! What every store promises: one suite, run on each of them.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Barrier};

use async_trait::async_trait;
use qunfa::history::{
    About, Binding, Created, Entry, Fact, How, Journal, MemoryStore, Record, RecordHash, Run, Seq,
    SqliteHistory, Store, StoreError, verify,
};
use qunfa::terms::{
    AppId, Clock, Effect, Fingerprint, Generation, HistoryId, ImageUrl, RunId, Timestamp,
};

pub(crate) fn appid() -> AppId {
    AppId::new("wx1234567890abcdef").unwrap()
}

pub(crate) fn effect(address: &str) -> Effect {
    address.parse::<qunfa::terms::SendAddress>().unwrap().effect(&appid())
}

pub(crate) fn uploaded(name: &str) -> Fact {
    Fact::ImageUploaded {
        image: Fingerprint::of(name.as_bytes()),
        url: ImageUrl::new(format!("https://mmbiz.qpic.cn/{name}")).unwrap(),
    }
}

pub(crate) fn binding() -> Binding {
    Binding { history: HistoryId::new("7f3c".repeat(8)).unwrap(), appid: appid() }
}

pub(crate) fn opened() -> Fact {
    let Binding { history, appid } = binding();
    Fact::HistoryOpened { history, appid }
}

pub(crate) fn accepted() -> Fact {
    Fact::Accepted { msg_id: None, msg_data_id: None, how: How::Answered }
}

pub(crate) fn run(name: &str) -> Run {
    Run {
        id: RunId::new(name).unwrap(),
        command: "apply".to_owned(),
        version: "0.1.0".to_owned(),
        actor: Some("张三".to_owned()),
        commit: None,
        nonce_seed: [7; 32],
    }
}

/// A clock that stands still, and lets sleepers on at once.
pub(crate) struct Stopped(pub(crate) &'static str);

#[async_trait]
impl Clock for Stopped {
    fn now(&self) -> Timestamp {
        self.0.parse().unwrap()
    }

    async fn sleep(&self, _: std::time::Duration) {}
}

pub(crate) const NOON: Stopped = Stopped("2026-03-01T12:00:00+08:00");

/// Chains facts to a record, or to nothing.
pub(crate) fn chain(
    after: Option<&Record>,
    facts: impl IntoIterator<Item = (Option<Effect>, Fact)>,
) -> Vec<Record> {
    static NONCES: AtomicU64 = AtomicU64::new(0);
    let (mut seq, mut prev) =
        after.map_or((Seq::NONE, RecordHash::none()), |last| (last.seq, last.hash.clone()));
    let next = |(effect, fact)| {
        let entry = Entry {
            at: NOON.now(),
            run: RunId::new("by-hand").unwrap(),
            nonce: NONCES.fetch_add(1, Ordering::Relaxed).to_string(),
            effect,
            generation: Generation::FIRST,
            fact,
        };
        let record = Record::chain(seq.next(), prev.clone(), entry);
        (seq, prev) = (record.seq, record.hash.clone());
        record
    };
    facts.into_iter().map(next).collect()
}

/// One log, and as many handles on it as there are runners.
pub(crate) enum Place {
    Memory(MemoryStore),
    Sqlite(tempfile::TempDir),
}

impl Place {
    pub(crate) fn memory() -> Self {
        Self::Memory(MemoryStore::new())
    }

    pub(crate) fn sqlite() -> Self {
        Self::Sqlite(tempfile::tempdir().unwrap())
    }

    pub(crate) fn handle(&self) -> Box<dyn Store> {
        self.handle_of(&appid())
    }

    fn handle_of(&self, account: &AppId) -> Box<dyn Store> {
        match self {
            Self::Memory(store) => Box::new(store.clone()),
            Self::Sqlite(folder) => {
                let path = folder.path().join("history.db");
                let history =
                    SqliteHistory::open(&path, qunfa::history::Create::IfMissing).unwrap();
                Box::new(history.account(account))
            }
        }
    }
}

macro_rules! on_every_store {
    ($($story:ident),* $(,)?) => {
        mod memory {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $story() { super::$story(super::Place::memory()).await; })*
        }
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $story() { super::$story(super::Place::sqlite()).await; })*
        }
    };
}

on_every_store!(
    what_is_written_is_read_back_in_order,
    a_slot_has_one_winner,
    a_batch_is_written_whole_or_not_at_all,
    only_what_follows_the_head_is_written,
    a_send_is_accepted_once,
    a_changed_text_is_not_stored,
    blobs_come_back_as_they_were,
    everything_is_there_after_reopening,
    sixteen_runs_lose_and_double_nothing,
    sixteen_runs_survive_lost_answers,
);

async fn what_is_written_is_read_back_in_order(place: Place) {
    let store = place.handle();
    assert_eq!(store.read_after(Seq::NONE).await.unwrap(), []);
    let records = chain(None, [(None, opened()), (None, uploaded("a")), (None, uploaded("b"))]);
    assert_eq!(store.create(&records[..1]).await.unwrap(), Created::Written);
    assert_eq!(store.create(&records[1..]).await.unwrap(), Created::Written);
    assert_eq!(store.create(&[]).await.unwrap(), Created::Written);
    assert_eq!(store.read_after(Seq::NONE).await.unwrap(), records);
    assert_eq!(place.handle().read_after(Seq(2)).await.unwrap(), records[2..]);
    assert_eq!(store.read_after(Seq(3)).await.unwrap(), []);
}

/// 16 writers want each of 40 numbers, all at once.
async fn a_slot_has_one_winner(place: Place) {
    const WRITERS: usize = 16;
    let handles: Vec<Arc<dyn Store>> = (0..WRITERS).map(|_| place.handle().into()).collect();
    let mut last: Option<Record> = None;
    for round in 0..40 {
        let fact = |writer| if round == 0 { opened() } else { uploaded(&format!("{writer}")) };
        let tries: Vec<_> = handles
            .iter()
            .enumerate()
            .map(|(writer, store)| {
                let records = chain(last.as_ref(), [(None, fact(writer))]);
                let store = Arc::clone(store);
                tokio::spawn(async move { (store.create(&records).await.unwrap(), records) })
            })
            .collect();
        let mut winners = Vec::new();
        for done in tries {
            let (created, records) = done.await.unwrap();
            match created {
                Created::Written => winners.extend(records),
                Created::Taken => {}
            }
        }
        assert_eq!(winners.len(), 1, "round {round}");
        last = winners.pop();
        assert_eq!(handles[0].read_after(Seq(round)).await.unwrap().last(), last.as_ref());
    }
    let log = place.handle().read_after(Seq::NONE).await.unwrap();
    assert_eq!(verify(&log).unwrap().head, Seq(40));
}

async fn a_batch_is_written_whole_or_not_at_all(place: Place) {
    let store = place.handle();
    let send = Some(effect("spring-2026/sends/launch"));
    let twice = chain(None, [(None, opened()), (send, accepted()), (send, accepted())]);
    let refused = store.create(&twice).await.unwrap_err();
    assert!(matches!(refused, StoreError::AlreadyAccepted { .. }), "{refused}");
    let gap = chain(None, [(None, opened()), (None, uploaded("a")), (None, uploaded("b"))]);
    let refused = store.create(&[gap[0].clone(), gap[2].clone()]).await.unwrap_err();
    assert!(matches!(refused, StoreError::NotNext { seq: Seq(3), head: Seq(1) }), "{refused}");
    assert_eq!(store.read_after(Seq::NONE).await.unwrap(), []);
}

async fn only_what_follows_the_head_is_written(place: Place) {
    let store = place.handle();
    let ours = chain(None, [(None, opened()), (None, uploaded("a")), (None, uploaded("b"))]);
    let theirs = chain(None, [(None, opened()), (None, uploaded("c"))]);
    assert_eq!(store.create(&ours[..1]).await.unwrap(), Created::Written);
    assert_eq!(store.create(&ours[..1]).await.unwrap(), Created::Taken);
    assert_eq!(store.create(&theirs).await.unwrap(), Created::Taken);
    for strange in [&ours[2..], &theirs[1..]] {
        let refused = store.create(strange).await.unwrap_err();
        assert!(matches!(refused, StoreError::NotNext { head: Seq(1), .. }), "{refused}");
    }
    assert_eq!(store.read_after(Seq::NONE).await.unwrap(), ours[..1]);
}

async fn a_send_is_accepted_once(place: Place) {
    let store = place.handle();
    let (launch, teaser) = (effect("spring/sends/launch"), effect("spring/sends/teaser"));
    let log = chain(None, [(None, opened()), (Some(launch), accepted())]);
    assert_eq!(store.create(&log).await.unwrap(), Created::Written);
    let again = chain(log.last(), [(Some(launch), accepted())]);
    let refused = place.handle().create(&again).await.unwrap_err();
    assert!(
        matches!(refused, StoreError::AlreadyAccepted { effect } if effect == launch),
        "{refused}"
    );
    let other = chain(log.last(), [(Some(teaser), accepted())]);
    assert_eq!(store.create(&other).await.unwrap(), Created::Written);
}

async fn a_changed_text_is_not_stored(place: Place) {
    let store = place.handle();
    let mut records = chain(None, [(None, opened())]);
    records[0].text = records[0].text.replace("by-hand", "by-foot");
    let refused = store.create(&records).await.unwrap_err();
    assert!(matches!(refused, StoreError::Damaged { seq: Seq(1), .. }), "{refused}");
}

async fn blobs_come_back_as_they_were(place: Place) {
    let store = place.handle();
    let list = "o6_bmjrPTlm6\no6_bmjrPTlm7\n# 名单\n".as_bytes();
    let fingerprint = store.put_blob(list).await.unwrap();
    assert_eq!(fingerprint, Fingerprint::of(list));
    assert_eq!(store.put_blob(list).await.unwrap(), fingerprint);
    assert_eq!(place.handle().blob(&fingerprint).await.unwrap().as_deref(), Some(list));
    assert_eq!(store.blob(&Fingerprint::of(b"")).await.unwrap(), None);
    let empty = store.put_blob(b"").await.unwrap();
    assert_eq!(store.blob(&empty).await.unwrap().as_deref(), Some(&b""[..]));
}

async fn everything_is_there_after_reopening(place: Place) {
    let log = chain(None, [(None, opened()), (None, uploaded("春"))]);
    let store = place.handle();
    assert_eq!(store.create(&log).await.unwrap(), Created::Written);
    let blob = store.put_blob("名单".as_bytes()).await.unwrap();
    drop(store);
    let store = place.handle();
    assert_eq!(store.read_after(Seq::NONE).await.unwrap(), log);
    assert!(store.blob(&blob).await.unwrap().is_some());
    let next = chain(log.last(), [(None, uploaded("夏"))]);
    assert_eq!(store.create(&next).await.unwrap(), Created::Written);
}

async fn sixteen_runs_lose_and_double_nothing(place: Place) {
    sixteen_runs(&place, |store| store).await;
}

async fn sixteen_runs_survive_lost_answers(place: Place) {
    sixteen_runs(&place, |store| Box::new(Lossy { store, calls: AtomicU64::new(0) })).await;
}

/// 16 runs note 40 facts each, all at once, each through its own handle.
async fn sixteen_runs(place: &Place, through: fn(Box<dyn Store>) -> Box<dyn Store>) {
    const RUNS: u64 = 16;
    const FACTS: u64 = 40;
    let start = Arc::new(Barrier::new(usize::try_from(RUNS).unwrap()));
    let runs = (0..RUNS).map(|number| {
        let (store, start) = (through(place.handle()), Arc::clone(&start));
        let work = async move {
            let me = run(&format!("run-{number}"));
            let mut journal = Journal::open(&*store, &NOON, me, binding()).await.unwrap();
            for fact in 0..FACTS {
                let fact = uploaded(&format!("{number}-{fact}"));
                journal.note(About::NO_SEND, fact).await.unwrap();
            }
            journal.refresh().await.unwrap();
            journal.ledger().head().0
        };
        // A thread for each run, so that they truly race.
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            start.wait();
            runtime.block_on(work)
        })
    });
    let runs: Vec<_> = runs.collect();
    let heads: Vec<Seq> = runs.into_iter().map(|run| run.join().unwrap()).collect();

    let log = place.handle().read_after(Seq::NONE).await.unwrap();
    let whole = verify(&log).unwrap();
    assert_eq!(whole.head, Seq(1 + RUNS + RUNS * FACTS));
    assert_eq!(heads.iter().max(), Some(&whole.head));
    assert_eq!(log[0].entry.fact, opened());
    for number in 0..RUNS {
        let me = RunId::new(format!("run-{number}")).unwrap();
        let mine: Vec<&Fact> = log[1..]
            .iter()
            .filter(|record| record.entry.run == me)
            .map(|record| &record.entry.fact)
            .filter(|fact| **fact != opened())
            .collect();
        assert!(matches!(mine[0], Fact::RunStarted { .. }));
        let noted: Vec<Fact> =
            (0..FACTS).map(|fact| uploaded(&format!("{number}-{fact}"))).collect();
        assert!(mine[1..].iter().copied().eq(&noted), "run {number}");
    }
}

/// Loses answers: every third write is made and not answered, every fifth is not made either.
struct Lossy {
    store: Box<dyn Store>,
    calls: AtomicU64,
}

#[async_trait]
impl Store for Lossy {
    async fn read_after(&self, after: Seq) -> Result<Vec<Record>, StoreError> {
        self.store.read_after(after).await
    }

    async fn create(&self, records: &[Record]) -> Result<Created, StoreError> {
        let lost =
            || StoreError::Ambiguous { place: "far away".to_owned(), source: "cut off".into() };
        let call = self.calls.fetch_add(1, Ordering::Relaxed);
        if call % 5 == 4 {
            return Err(lost());
        }
        let created = self.store.create(records).await?;
        if call % 3 == 2 { Err(lost()) } else { Ok(created) }
    }

    async fn put_blob(&self, bytes: &[u8]) -> Result<Fingerprint, StoreError> {
        self.store.put_blob(bytes).await
    }

    async fn blob(&self, fingerprint: &Fingerprint) -> Result<Option<Vec<u8>>, StoreError> {
        self.store.blob(fingerprint).await
    }
}

/// One file holds the logs of many accounts.
#[tokio::test]
async fn accounts_in_one_file_do_not_mix() {
    let place = Place::sqlite();
    let other = AppId::new("sandbox-demo").unwrap();
    let (ours, theirs) = (place.handle(), place.handle_of(&other));
    let log = chain(None, [(None, opened()), (None, uploaded("a"))]);
    let send = Some(effect("spring/sends/launch"));
    assert_eq!(ours.create(&log).await.unwrap(), Created::Written);
    assert_eq!(theirs.read_after(Seq::NONE).await.unwrap(), []);
    let their_log = chain(None, [(None, opened()), (send, accepted())]);
    assert_eq!(theirs.create(&their_log).await.unwrap(), Created::Written);
    let accepted_here = chain(log.last(), [(send, accepted())]);
    assert_eq!(ours.create(&accepted_here).await.unwrap(), Created::Written);
    assert_eq!(theirs.read_after(Seq::NONE).await.unwrap(), their_log);
}
