//! How long `plan` takes: the whole program on one campaign, and its parts on a long history.
//!
//! Each figure stands beside a bound that is measured in the same run: a program that does nothing,
//! and this one when it only explains a code.

mod support;

use std::fs;
use std::hint::black_box;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, Throughput};
use qunfa::campaign::{self, Bundle, Campaign};
use qunfa::content::{self, Desired};
use qunfa::history::{
    Create, Created, Ledger, MemoryStore, Record, Seq, SqliteHistory, SqliteStore, Store, verify,
};
use qunfa::plan::{self, Observed, SeenTag, Wanted};
use qunfa::terms::{AppId, TagId, Timestamp};
use tokio::runtime::{Builder, Runtime};

use support::log;

/// What `plan` of one campaign with nothing to do may take, as a whole process.
const BAR: Duration = Duration::from_millis(15);

/// 1,111 sends of nine records, and the record before them.
const SENDS: u64 = 1_111;

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    processes(&mut criterion);
    histories(&mut criterion);
    criterion.final_summary();
}

/// The example campaigns in a folder of their own, and the program in it.
struct Stage {
    folder: tempfile::TempDir,
}

impl Stage {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder for the campaigns");
        let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("campaigns");
        copy(&examples, &folder.path().join("campaigns"));
        Self { folder }
    }

    /// Gives the campaigns' account a history.
    fn remember(&self, records: &[Record]) {
        sqlite(&self.folder.path().join("campaigns/.qunfa/history.db"), records);
    }

    fn qunfa(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_qunfa"));
        command.args(args).env_clear().env("HOME", self.folder.path());
        command.current_dir(self.folder.path());
        command
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder can be made");
    for entry in fs::read_dir(from).expect("a folder can be read").flatten() {
        let name = entry.file_name();
        if entry.path().is_file() {
            fs::copy(entry.path(), to.join(name)).expect("a file can be copied");
        } else if name != ".qunfa" {
            copy(&entry.path(), &to.join(name));
        }
    }
}

/// Runs a program to its end.
fn run(mut command: Command) {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let status = command.status().expect("the program can be started");
    assert!(status.success(), "{command:?} ended with {status}");
}

#[expect(clippy::print_stdout, reason = "a bench tells its ratio beside criterion's figures")]
fn processes(criterion: &mut Criterion) {
    const PLAN: [&str; 2] = ["plan", "campaigns/spring"];
    let (fresh, sent, old) = (Stage::new(), Stage::new(), Stage::new());
    run(sent.qunfa(&["apply", "campaigns/spring", "--yes"]));
    old.remember(&log::of_sends(&appid(), SENDS));
    let mut group = criterion.benchmark_group("process");
    group.sample_size(50);
    let nothing = timed(&mut group, "a program that does nothing", || Command::new("true"));
    let start = timed(&mut group, "explain", || fresh.qunfa(&["explain", "Q0101"]));
    let plan = timed(&mut group, "plan, nothing to do", || sent.qunfa(&PLAN));
    timed(&mut group, "plan, nothing sent yet", || fresh.qunfa(&PLAN));
    timed(&mut group, "plan, 10,000 records", || old.qunfa(&PLAN));
    group.finish();
    if let (Some(nothing), Some(start), Some(plan)) = (nothing, start, plan) {
        let times = |bound: Duration| plan.as_secs_f64() / bound.as_secs_f64();
        let (of_start, of_nothing) = (times(start), times(nothing));
        println!(
            "plan of one campaign, nothing to do, whole process: {plan:.2?} (bar {BAR:?}): \
             {of_start:.1} × `qunfa explain`, {of_nothing:.1} × `true`\n"
        );
    }
}

/// Writes a history file, and returns the log in it.
fn sqlite(path: &Path, records: &[Record]) -> SqliteStore {
    let history = SqliteHistory::open(path, Create::IfMissing).expect("a history can be made");
    let store = history.account(&appid());
    let created = runtime().block_on(store.create(records)).expect("records can be written");
    assert_eq!(created, Created::Written);
    store
}

fn runtime() -> Runtime {
    Builder::new_current_thread().build().expect("a runtime can be made")
}

/// Whose history it is: the account of the example campaigns.
fn appid() -> AppId {
    AppId::new("sandbox-demo").expect("an appid")
}

/// Measures runs of a program, and returns their mean; nothing when the filter leaves it out.
#[expect(clippy::disallowed_methods, reason = "a benchmark's business is the time")]
fn timed(
    group: &mut BenchmarkGroup<'_, WallTime>,
    name: &str,
    command: impl Fn() -> Command,
) -> Option<Duration> {
    let (mut runs, mut total) = (0_u32, Duration::ZERO);
    group.bench_function(name, |bencher| {
        bencher.iter_custom(|rounds| {
            let began = Instant::now();
            (0..rounds).for_each(|_| run(command()));
            let took = began.elapsed();
            runs += u32::try_from(rounds).expect("a program is run a few thousand times");
            total += took;
            took
        });
    });
    (runs > 0).then(|| total / runs)
}

fn histories(criterion: &mut Criterion) {
    let records = log::of_sends(&appid(), SENDS);
    let folder = tempfile::tempdir().expect("a folder for the history");
    let file = sqlite(&folder.path().join("history.db"), &records);
    let memory = MemoryStore::new();
    let runtime = runtime();
    let created = runtime.block_on(memory.create(&records)).expect("memory can be written");
    assert_eq!(created, Created::Written);
    let read = |store: &dyn Store| {
        let records = runtime.block_on(store.read_after(Seq::NONE)).expect("it can be read");
        verify(&records).expect("it is unbroken").head
    };
    let ledger = Ledger::of(&records).expect("the log is allowed");
    let (campaign, desired) = spring();
    let mut group = criterion.benchmark_group("10,000 records");
    group.throughput(Throughput::Elements(records.len() as u64)).sample_size(20);
    group.bench_function("read and verify, SQLite", |b| b.iter(|| read(&file)));
    group.bench_function("read and verify, memory", |b| b.iter(|| read(&memory)));
    group.bench_function("verify", |b| b.iter(|| verify(&records)));
    group.bench_function("fold", |b| b.iter(|| Ledger::of(black_box(&records))));
    group.finish();
    let campaigns = std::slice::from_ref(&desired);
    let wanted = Wanted {
        account: &campaign.account,
        campaigns,
        elsewhere: &[],
        retractions: &[],
        unclear: None,
    };
    let observed = seen();
    let now: Timestamp = "2026-03-02T12:00:00+08:00".parse().expect("a time");
    assert_eq!(plan::plan(wanted, &ledger, &observed, now).blocked, []);
    criterion.bench_function("10,000 records/plan one campaign", |b| {
        b.iter(|| plan::plan(black_box(wanted), &ledger, &observed, now));
    });
}

/// The example campaign, as the program reads it.
fn spring() -> (Campaign, Desired) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("campaigns/spring");
    let bundle = Bundle::read(&folder).expect("the example can be read");
    let campaign = campaign::parse(&bundle).0.expect("the example is a campaign");
    let desired = content::render(&campaign, &bundle).0.expect("the example is sound");
    (campaign, desired)
}

/// What the account of the example answers.
fn seen() -> Observed {
    let id = TagId::new(101).expect("a tag's number");
    let tag = SeenTag { name: "VIP会员".to_owned(), id, count: 12_480 };
    Observed { tags: Some(vec![tag]), followers: Some(50_000) }
}
