//! Long lists on the emulated account: sent in parts, read again just before, and never otherwise
//! than they were planned.

use std::collections::BTreeMap;
use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use qunfa::apply::{Event, Interrupt};
use qunfa::history::{IntentRequest, Phase, Store as _};
use qunfa::sandbox::{JobAudience, Rules, openid};
use qunfa::terms::{AccountKind, AppId, RecordedRequest};

use crate::support::{Scene, limits, text};

const PEOPLE: u32 = 25_001;

fn people(count: u32) -> Vec<String> {
    let appid = AppId::new("sandbox-demo").unwrap();
    (0..count).map(|index| openid(&appid, index)).collect()
}

fn campaign(file: &str, bytes: Vec<u8>) -> BTreeMap<String, Vec<u8>> {
    let mut files = text("list", &format!("list: {{ openids: {file} }}"), "");
    files.insert(format!("notice/{file}"), bytes);
    files
}

fn lines(people: &[String]) -> Vec<u8> {
    people.join("\n").into_bytes()
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
    packer.write_all(bytes).unwrap();
    packer.finish().unwrap()
}

async fn scene(files: BTreeMap<String, Vec<u8>>) -> Scene {
    let rules = Rules::new(AppId::new("sandbox-demo").unwrap(), AccountKind::Service);
    Scene::with(files, Rules { followers: 30_000, ..rules }).await
}

/// Everybody to whom a recorded request went, in the order of the parts: each part has one job, and
/// the account reached everybody of it.
async fn reached(scene: &Scene) -> Vec<String> {
    let (ledger, jobs) = (scene.ledger().await, scene.sandbox.jobs());
    let mut sends: Vec<_> = ledger.sends().map(|(_, send)| send).collect();
    sends.sort_by_key(|send| send.address.as_ref().unwrap().part);
    let mut people = Vec::new();
    for send in &sends {
        let Phase::Accepted(accepted) = &send.phase else { panic!("{send:?}") };
        let intent = accepted.intent.as_ref().unwrap();
        let key = Some(intent.client_msg_id.as_str());
        let own: Vec<_> = jobs.iter().filter(|job| job.client_msg_id.as_deref() == key).collect();
        let [job] = own[..] else { panic!("{} jobs of {:?}", own.len(), send.address) };
        let IntentRequest::Blob(name) = intent.request else { panic!("a list is kept apart") };
        let request = scene.history.blob(&name).await.unwrap().unwrap();
        let request: RecordedRequest = serde_json::from_slice(&request).unwrap();
        let body: serde_json::Value = serde_json::from_str(&request.body).unwrap();
        let to: Vec<String> = serde_json::from_value(body["touser"].clone()).unwrap();
        assert_eq!(job.audience, JobAudience::OpenIds(u32::try_from(to.len()).unwrap()));
        assert_eq!(job.recipients, to.len() as u64, "each of them follows, and got it");
        people.extend(to);
    }
    assert_eq!(jobs.len(), sends.len(), "no job but these");
    people
}

/// Applies until so many sends of this run are made, and no further.
async fn apply_sends(scene: &mut Scene, sends: u32) {
    scene.interrupt = Interrupt::default();
    let plan = scene.plan().await;
    let (wish, mut made) = (scene.interrupt.clone(), 0);
    let mut sending = false;
    let mut tell = |event: Event| match event {
        Event::StepStarted { action, .. } => sending = action == "send",
        Event::StepFinished { .. } if sending => {
            made += 1;
            if made == sends {
                wish.interrupt();
            }
        }
        _ => {}
    };
    scene.apply_with(&scene.history, &plan, limits(), &mut tell).await.unwrap();
    scene.interrupt = Interrupt::default();
}

#[tokio::test]
async fn a_list_interrupted_after_each_part_goes_on_with_the_rest() {
    let everybody = people(PEOPLE);
    for parts in 1..=3 {
        let mut scene = scene(campaign("list.txt", lines(&everybody))).await;
        let counts: Vec<Option<u64>> =
            scene.plan().await.sends.iter().map(|line| line.audience.count()).collect();
        assert_eq!(counts, [10_000, 10_000, 5_001].map(Some));
        apply_sends(&mut scene, parts).await;
        assert_eq!(scene.sandbox.jobs().len(), parts as usize);
        assert_eq!(reached(&scene).await, everybody[..(parts as usize * 10_000).min(25_001)]);
        scene.apply().await.unwrap();
        assert!(scene.plan().await.is_empty());
        assert_eq!(scene.sandbox.jobs().len(), 3);
        assert!(reached(&scene).await == everybody, "after {parts}: each once, in order");
    }
}

#[tokio::test]
async fn a_packed_table_with_repetitions_reaches_each_person_once() {
    let everybody = people(10_001);
    let table = format!("王小明,{}\r\n", everybody.join("\r\n王小明,"));
    let table = format!("昵称,openid\r\n{table}{table}");
    let scene = scene(campaign("list.csv.gz", packed(table.as_bytes()))).await;
    scene.apply().await.unwrap();
    assert!(scene.plan().await.is_empty());
    let counts: Vec<u64> = scene.sandbox.jobs().iter().map(|job| job.total).collect();
    assert_eq!(counts, [9_999, 2], "never a part of one");
    assert!(reached(&scene).await == everybody);
}

#[tokio::test]
async fn nobody_is_sent_to_who_was_not_planned() {
    let mut everybody = people(10_002);
    let mut scene = scene(campaign("list.txt", lines(&everybody))).await;
    let plan = scene.plan().await;
    everybody.swap(3, 10_001);
    scene.files.insert("notice/list.txt".to_owned(), lines(&everybody));
    let mut told = Vec::new();
    let outcome =
        scene.apply_with(&scene.history, &plan, limits(), &mut |event| told.push(event)).await;
    assert!(outcome.unwrap().failed > 0);
    let is_told = |event: &Event| {
        matches!(event, Event::StepFailed { error, .. }
            if error == "the list notice/list.txt changed since the plan was made; plan again")
    };
    assert!(told.iter().any(is_told), "{told:#?}");
    assert_eq!(scene.sandbox.jobs().len(), 0);
    assert_eq!(scene.ledger().await.sends().count(), 0, "not even an intent");
    scene.apply().await.unwrap();
    assert!(reached(&scene).await == everybody, "planned again, it goes out as it is now");
}

#[tokio::test]
async fn a_list_that_became_shorter_is_not_sent_to() {
    let everybody = people(10_002);
    let mut scene = scene(campaign("list.txt", lines(&everybody))).await;
    let plan = scene.plan().await;
    scene.files.insert("notice/list.txt".to_owned(), lines(&everybody[..9_000]));
    let outcome = scene.apply_with(&scene.history, &plan, limits(), &mut |_| {}).await.unwrap();
    assert!(outcome.failed > 0);
    assert_eq!((scene.sandbox.jobs().len(), scene.ledger().await.sends().count()), (0, 0));
}

#[tokio::test]
async fn two_slices_and_an_exception_share_the_followers_out() {
    let everybody = people(6_000);
    let targets = "late: { openids: list.txt, except: [ first ] }, \
                   first: { openids: list.txt, slice: 0%..12.5% }";
    let mut all = Vec::new();
    for to in ["first", "late"] {
        let mut files = text(to, targets, "");
        files.insert("notice/list.txt".to_owned(), lines(&everybody));
        let scene = scene(files).await;
        scene.apply().await.unwrap();
        let people = reached(&scene).await;
        let share = if to == "first" { 600..900 } else { 5_100..5_400 };
        assert!(share.contains(&people.len()), "{to}: {}", people.len());
        all.extend(people);
    }
    all.sort();
    let mut expected = everybody;
    expected.sort();
    assert!(all == expected, "each is in exactly one");
}
