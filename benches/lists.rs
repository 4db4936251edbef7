//! How long a list of ten million openids takes to be read, checked, freed of repetitions, cut and
//! known by its fingerprint; beside `sort -u`, which only does the third of these, on the same file
//! in the same run. And how much memory: each program is a process of its own, whose peak the kernel
//! keeps (`VmHWM`).

use std::fs::{self, File};
use std::hint::black_box;
use std::io::{BufWriter, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use qunfa::campaign::{Digest, Formula, ListFile, read_list};

const OPENIDS: u64 = 10_000_000;
/// Every so many lines one comes again.
const REPEATED_EACH: u64 = 1_000;
const ROUNDS: usize = 3;
/// What the plan of such a list may take of memory, and how much faster than `sort -u` it is.
const MEMORY_MIB_MAX: u64 = 256;
const FASTER: f64 = 4.0;

/// Given to this program when it is its own child: the list to read.
const CHILD: &str = "--read-list";

fn main() {
    let mut args = std::env::args().skip_while(|arg| arg != CHILD);
    match (args.next(), args.next()) {
        (Some(_), Some(path)) => child(Path::new(&path)),
        _ => parent(),
    }
}

/// Reads the list once, and says how many there are and what memory it took.
#[expect(clippy::print_stdout, reason = "the parent reads it")]
fn child(path: &Path) {
    let bytes = fs::metadata(path).expect("the list is there").len();
    let file = ListFile::of(path, bytes).expect("it ends in .txt");
    let open = |path: &Path| Ok(Box::new(File::open(path)?) as _);
    let (read, _) = read_list(&Formula::of(file, None), &open, Digest::Unasked).expect("readable");
    black_box(&read.parts);
    println!("{} {} {}", read.count, read.parts.len(), peak_kib());
}

/// The most memory that this process had, in KiB.
fn peak_kib() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().strip_suffix(" kB")?.parse().ok()).unwrap_or_default()
}

#[expect(clippy::print_stdout, reason = "a bench tells its figures")]
fn parent() {
    let folder = tempfile::tempdir().expect("a folder for the list");
    let (list, sorted) = (folder.path().join("list.txt"), folder.path().join("sorted.txt"));
    write(&list);
    let (ours, said) = fastest(|| {
        let program = std::env::current_exe().expect("this program has a path");
        let mut command = Command::new(program);
        command.arg(CHILD).arg(&list);
        command
    });
    let sort = |locale: Option<&str>| {
        fastest(|| {
            let mut command = Command::new("sort");
            command.arg("-u").arg("-o").arg(&sorted).arg(&list);
            if let Some(locale) = locale {
                command.env("LC_ALL", locale);
            }
            command
        })
        .0
    };
    let (c, default) = (sort(Some("C")), sort(None));
    let numbers: Vec<u64> = said.split_whitespace().filter_map(|word| word.parse().ok()).collect();
    let [count, parts, peak_kib] = numbers[..] else { panic!("the child said {said}") };
    assert_eq!(count, OPENIDS, "each counts once");
    assert_eq!(parts, OPENIDS / 10_000);
    let times = |other: Duration| other.as_secs_f64() / ours.as_secs_f64();
    let mib = peak_kib / 1024;
    println!("{OPENIDS} openids and {} repeated, best of {ROUNDS}:", OPENIDS / REPEATED_EACH);
    println!(
        "  read, checked, each once, cut   {ours:.2?}, at most {mib} MiB (bar {MEMORY_MIB_MAX})"
    );
    println!("  sort -u, LC_ALL=C               {c:.2?}, {:.1} × (bar {FASTER})", times(c));
    println!("  sort -u, as it comes            {default:.2?}, {:.1} ×", times(default));
}

/// Writes the list: openids as they look, in no order.
fn write(path: &Path) {
    let mut file = BufWriter::with_capacity(1 << 20, File::create(path).expect("a new file"));
    let mut line = String::new();
    for n in 0..OPENIDS {
        openid(n, &mut line);
        writeln!(file, "{line}").expect("room for the list");
        if n % REPEATED_EACH == REPEATED_EACH - 1 {
            openid(scrambled(n) % n, &mut line);
            writeln!(file, "{line}").expect("room for the list");
        }
    }
    file.flush().expect("room for the list");
}

/// An openid of 28 characters for each number: `o6_bmj`, then 66 bits of letters in which the number
/// is, scrambled, whole.
fn openid(n: u64, into: &mut String) {
    const LETTERS: &[u8; 64] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
    into.clear();
    into.push_str("o6_bmj");
    let (first, second) = (scrambled(n), scrambled(scrambled(n) ^ 0x5151));
    for at in 0..22 {
        let (word, at) = if at < 11 { (first, at) } else { (second, at - 11) };
        into.push(char::from(LETTERS[(word >> (6 * at) & 63) as usize]));
    }
}

/// Another number for each number (`SplitMix64`).
fn scrambled(n: u64) -> u64 {
    let n = n.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let n = (n ^ n >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let n = (n ^ n >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    n ^ n >> 31
}

/// Runs a program a few times; the shortest, and what it said.
#[expect(clippy::disallowed_methods, reason = "a benchmark's business is the time")]
fn fastest(command: impl Fn() -> Command) -> (Duration, String) {
    let runs = (0..ROUNDS).map(|_| {
        let began = Instant::now();
        let output = command().stderr(Stdio::inherit()).output().expect("it can be started");
        assert!(output.status.success(), "{}", output.status);
        (began.elapsed(), String::from_utf8_lossy(&output.stdout).into_owned())
    });
    runs.min_by_key(|(took, _)| *took).expect("there is a run")
}
