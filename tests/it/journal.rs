//! The journal: facts and decisions under rivals, lost answers and wrong clocks.

use std::sync::atomic::{AtomicU32, Ordering};

use async_trait::async_trait;
use qunfa::history::{
    About, Ambiguity, Binding, Created, Decided, Fact, Intent, IntentRequest, Journal,
    JournalError, Ledger, MemoryStore, Record, SentAudience, Seq, Store, StoreError, verify,
};
use qunfa::terms::{
    AppId, ClientMsgId, Fingerprint, Generation, MassEndpoint, RecordedRequest, SendAddress, TagId,
};

use crate::stores::{NOON, Stopped, accepted, appid, binding, chain, effect, run, uploaded};

async fn open<'a>(store: &'a dyn Store, name: &str) -> Journal<'a> {
    Journal::open(store, &NOON, run(name), binding()).await.unwrap()
}

fn approved() -> (About, Fact) {
    let address = "spring-2026/sends/launch";
    let fact = Fact::Approved {
        digest: Fingerprint::of("春季上新".as_bytes()),
        by: "张三".to_owned(),
        address: address.parse().unwrap(),
    };
    (About::send(effect(address), Generation::FIRST), fact)
}

/// Who wrote what, in order.
async fn story(store: &dyn Store) -> Vec<String> {
    let log = store.read_after(Seq::NONE).await.unwrap();
    verify(&log).unwrap();
    let line = |record: &Record| format!("{} {}", record.entry.run, record.entry.fact.kind());
    log.iter().map(line).collect()
}

#[tokio::test]
async fn a_run_with_nothing_to_do_writes_nothing() {
    let store = MemoryStore::new();
    let mut journal = open(&store, "idle").await;
    journal.refresh().await.unwrap();
    journal.note_all(vec![]).await.unwrap();
    assert_eq!(story(&store).await, [""; 0]);
}

#[tokio::test]
async fn the_beginning_comes_with_the_first_fact() {
    let store = MemoryStore::new();
    let mut one = open(&store, "one").await;
    let mut two = open(&store, "two").await;
    let facts = ["a", "b"].map(|name| (About::NO_SEND, uploaded(name)));
    one.note_all(facts.to_vec()).await.unwrap();
    two.note(About::NO_SEND, uploaded("c")).await.unwrap();
    one.note(About::NO_SEND, uploaded("d")).await.unwrap();
    assert_eq!(
        story(&store).await,
        [
            "one history_opened",
            "one run_started",
            "one image_uploaded",
            "one image_uploaded",
            "two run_started",
            "two image_uploaded",
            "one image_uploaded",
        ]
    );
    assert_eq!(one.ledger().head().0, Seq(7));
}

#[tokio::test]
async fn a_decision_falls_when_what_it_was_judged_from_changed() {
    let store = MemoryStore::new();
    let mut one = open(&store, "one").await;
    let mut two = open(&store, "two").await;
    one.note(About::NO_SEND, uploaded("a")).await.unwrap();

    let (about, fact) = approved();
    let alone = |ledger: &Ledger| !ledger.run_started(&run("one").id);
    let decided = two.decide(about, fact.clone(), &alone).await.unwrap();
    assert_eq!(decided, Decided::NoLonger);
    // A fact that already happened is written all the same, and so is a decision that still holds.
    two.note(About::NO_SEND, uploaded("b")).await.unwrap();
    let decided = one.decide(about, fact, &|_| true).await.unwrap();
    assert_eq!(decided, Decided::Written);
    assert_eq!(story(&store).await[3..], ["two run_started", "two image_uploaded", "one approved"]);
}

/// Many judged the same head: only one may decide, whatever a rival notes meanwhile.
#[tokio::test(flavor = "multi_thread")]
async fn of_rivals_that_judged_one_head_one_decides() {
    let store = MemoryStore::new();
    open(&store, "first").await.note(About::NO_SEND, uploaded("a")).await.unwrap();
    for round in 0..20 {
        let rivals = (0..8).map(|number| {
            let store = store.clone();
            tokio::spawn(async move {
                let mut journal = open(&store, &format!("rival-{round}-{number}")).await;
                let judged = journal.ledger().head().0;
                let (about, fact) = approved();
                let still = |ledger: &Ledger| ledger.head().0 == judged;
                let decided = journal.decide(about, fact, &still).await.unwrap();
                journal.note(About::NO_SEND, uploaded("n")).await.unwrap();
                (judged, decided, run(&format!("rival-{round}-{number}")).id)
            })
        });
        let mut outcomes = Vec::new();
        for rival in rivals.collect::<Vec<_>>() {
            outcomes.push(rival.await.unwrap());
        }
        let log = store.read_after(Seq::NONE).await.unwrap();
        verify(&log).unwrap();
        for (judged, decided, me) in outcomes {
            let mine: Vec<&Record> = log.iter().filter(|r| r.entry.run == me).collect();
            let kinds: Vec<&str> = mine.iter().map(|r| r.entry.fact.kind()).collect();
            match decided {
                // Exactly on the judged head: its run's start, then the decision.
                Decided::Written => {
                    assert_eq!(kinds, ["run_started", "approved", "image_uploaded"]);
                    assert_eq!(mine[0].seq, judged.next());
                }
                Decided::NoLonger => assert_eq!(kinds, ["run_started", "image_uploaded"]),
            }
        }
    }
}

/// R6: every way to lose the answers of four writes in a row, with and without a rival in between.
#[tokio::test]
async fn no_lost_answer_loses_or_doubles_a_record() {
    use Ambiguity::{NotWritten, WrittenButLost, WrittenLate};
    let ways = [None, Some(WrittenButLost), Some(NotWritten), Some(WrittenLate)];
    for way in 0..4_usize.pow(4) {
        let store = MemoryStore::new();
        for nth in 0..4_u32 {
            if let Some(ambiguity) = ways[way / 4_usize.pow(nth) % 4] {
                store.break_create(u64::from(nth) + 1, ambiguity);
            }
        }
        let mut one = open(&store, "one").await;
        let mut two = open(&store, "two").await;
        one.note(About::NO_SEND, uploaded("a")).await.unwrap();
        let (about, fact) = approved();
        assert_eq!(two.decide(about, fact, &|_| true).await.unwrap(), Decided::Written);
        one.note(About::NO_SEND, uploaded("b")).await.unwrap();
        assert_eq!(
            story(&store).await,
            [
                "one history_opened",
                "one run_started",
                "one image_uploaded",
                "two run_started",
                "two approved",
                "one image_uploaded",
            ],
            "way {way}"
        );
    }
}

#[tokio::test]
async fn a_store_that_never_answers_is_given_up() {
    let store = MemoryStore::new();
    for nth in 1..=20 {
        store.break_create(nth, Ambiguity::NotWritten);
    }
    let mut journal = open(&store, "one").await;
    let given_up = journal.note(About::NO_SEND, uploaded("a")).await.unwrap_err();
    assert!(matches!(given_up, JournalError::Store(StoreError::Ambiguous { .. })), "{given_up}");
    assert_eq!(story(&store).await, [""; 0]);
}

fn intent() -> (About, Fact) {
    let address: SendAddress = "spring-2026/sends/launch".parse().unwrap();
    let effect = address.effect(&appid());
    let client_msg_id = ClientMsgId::new(&effect, Generation::FIRST);
    let body = format!(
        r#"{{"filter":{{"is_to_all":false,"tag_id":101}},"clientmsgid":"{}","msgtype":"text","#,
        client_msg_id.as_str()
    );
    let body = body + r#""text":{"content":"上新了"}}"#;
    let intent = Intent {
        address,
        client_msg_id,
        request: IntentRequest::Inline(RecordedRequest { endpoint: MassEndpoint::SendAll, body }),
        draft: None,
        until: "2026-03-01T20:00:00+08:00".parse().unwrap(),
        content: Fingerprint::of("上新了".as_bytes()),
        digest: Fingerprint::of("VIP会员".as_bytes()),
        audience: SentAudience::Tag {
            name: "VIP会员".to_owned(),
            id: TagId::new(101).unwrap(),
            count: 1200,
        },
        token: "5d41402a".to_owned(),
        what: None,
    };
    (About::send(effect, Generation::FIRST), Fact::Intent(Box::new(intent)))
}

/// Two runs learn at once that a send was accepted: the second finds it in its ledger.
#[tokio::test]
async fn a_second_acceptance_is_refused_and_the_first_one_folded() {
    let store = MemoryStore::new();
    let mut one = open(&store, "one").await;
    let (about, intent) = intent();
    assert_eq!(one.decide(about, intent, &|_| true).await.unwrap(), Decided::Written);
    let mut two = open(&store, "two").await;
    one.note(about, accepted()).await.unwrap();
    let refused = two.note(about, accepted()).await.unwrap_err();
    assert!(matches!(refused, JournalError::NotAllowed { .. }), "{refused}");
    assert_eq!(two.ledger().head(), one.ledger().head());
}

#[tokio::test]
async fn another_accounts_log_is_refused() {
    let store = MemoryStore::new();
    open(&store, "one").await.note(About::NO_SEND, uploaded("a")).await.unwrap();
    let stranger = Binding { appid: AppId::new("sandbox-demo").unwrap(), ..binding() };
    let refused = Journal::open(&store, &NOON, run("two"), stranger).await.err().unwrap();
    assert_eq!(
        refused.to_string(),
        "the history belongs to wx1234567890abcdef, and not to sandbox-demo"
    );
}

#[tokio::test]
async fn a_log_that_does_not_name_its_account_is_refused() {
    let store = MemoryStore::new();
    let log = chain(None, [(None, uploaded("a"))]);
    assert_eq!(store.create(&log).await.unwrap(), Created::Written);
    let refused = Journal::open(&store, &NOON, run("one"), binding()).await.err().unwrap();
    assert!(matches!(refused, JournalError::NoBeginning), "{refused}");
}

/// R10: notes at noon, then at `time`, and says what became of the second.
async fn note_at(time: &'static str) -> Result<String, String> {
    let store = MemoryStore::new();
    open(&store, "one").await.note(About::NO_SEND, uploaded("a")).await.unwrap();
    let clock = Stopped(time);
    let mut journal = Journal::open(&store, &clock, run("two"), binding()).await.unwrap();
    journal.note(About::NO_SEND, uploaded("b")).await.map_err(|error| error.to_string())?;
    Ok(store.read_after(Seq(4)).await.unwrap()[0].entry.at.to_string())
}

#[tokio::test]
async fn time_never_goes_back_in_a_log() {
    let noon = Ok("2026-03-01T04:00:00Z".to_owned());
    assert_eq!(note_at("2026-03-01T12:00:01+08:00").await, Ok("2026-03-01T04:00:01Z".to_owned()));
    assert_eq!(note_at("2026-03-01T11:59:59+08:00").await, noon);
    assert_eq!(note_at("2026-03-01T11:58:00+08:00").await, noon);
    assert_eq!(
        note_at("2026-03-01T11:57:59+08:00").await.unwrap_err(),
        "the clock says 2026-03-01T03:57:59Z, and record 3 of the history is of \
         2026-03-01T04:00:00Z"
    );
}

/// Says that it wrote, and forgets.
struct Forgetful;

#[async_trait]
impl Store for Forgetful {
    async fn read_after(&self, _: Seq) -> Result<Vec<Record>, StoreError> {
        Ok(Vec::new())
    }

    async fn create(&self, _: &[Record]) -> Result<Created, StoreError> {
        Ok(Created::Written)
    }

    async fn put_blob(&self, bytes: &[u8]) -> Result<Fingerprint, StoreError> {
        Ok(Fingerprint::of(bytes))
    }

    async fn blob(&self, _: &Fingerprint) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(None)
    }
}

#[tokio::test]
async fn a_record_that_cannot_be_read_back_is_not_written() {
    let mut journal = open(&Forgetful, "one").await;
    let refused = journal.note(About::NO_SEND, uploaded("a")).await.unwrap_err();
    assert!(matches!(refused, JournalError::NotReadBack { seq: Seq(0) }), "{refused}");
}

/// A decision that may be on its way stays decided: only other records could undo it.
#[tokio::test]
async fn a_lost_answer_does_not_ask_again_whether_the_decision_holds() {
    let store = MemoryStore::new();
    store.break_create(1, Ambiguity::WrittenLate);
    let mut journal = open(&store, "one").await;
    let asked = AtomicU32::new(0);
    let once = |_: &Ledger| asked.fetch_add(1, Ordering::Relaxed) == 0;
    let (about, fact) = approved();
    assert_eq!(journal.decide(about, fact, &once).await.unwrap(), Decided::Written);
    assert_eq!(story(&store).await, ["one history_opened", "one run_started", "one approved"]);
}

/// A busy log over a bad line: before each write a rival comes first, or the write is lost.
struct Busy {
    store: MemoryStore,
    calls: AtomicU32,
}

#[async_trait]
impl Store for Busy {
    async fn read_after(&self, after: Seq) -> Result<Vec<Record>, StoreError> {
        self.store.read_after(after).await
    }

    async fn create(&self, records: &[Record]) -> Result<Created, StoreError> {
        let call = self.calls.fetch_add(1, Ordering::Relaxed);
        match call % 2 {
            _ if call > 40 => {}
            0 => {
                let mut rival = open(&self.store, "rival").await;
                rival.note(About::NO_SEND, uploaded("r")).await.unwrap();
            }
            _ => {
                let (place, source) = ("far away".to_owned(), "cut off".into());
                return Err(StoreError::Ambiguous { place, source });
            }
        }
        self.store.create(records).await
    }

    async fn put_blob(&self, bytes: &[u8]) -> Result<Fingerprint, StoreError> {
        self.store.put_blob(bytes).await
    }

    async fn blob(&self, fingerprint: &Fingerprint) -> Result<Option<Vec<u8>>, StoreError> {
        self.store.blob(fingerprint).await
    }
}

#[tokio::test]
async fn failures_count_against_a_store_only_in_a_row() {
    let busy = Busy { store: MemoryStore::new(), calls: AtomicU32::new(0) };
    let mut journal = open(&busy, "one").await;
    journal.note(About::NO_SEND, uploaded("a")).await.unwrap();
    assert_eq!(
        story(&busy).await.iter().filter(|line| line.starts_with("one")).collect::<Vec<_>>(),
        ["one run_started", "one image_uploaded"]
    );
}
