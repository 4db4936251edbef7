//! The rooms of `ARCHITECTURE.md` and what each may name: walls that a compiler does not hold.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// What each room may name of ours. A room missing here may not exist.
const FLOORS: &[(&str, &[&str])] = &[
    ("terms", &[]),
    ("diagnostic", &[]),
    ("campaign", &["terms", "diagnostic"]),
    ("content", &["terms", "diagnostic", "campaign"]),
    ("history", &["terms"]),
    ("plan", &["terms", "diagnostic", "campaign", "content", "history"]),
    ("wechat", &["terms"]),
    ("sandbox", &["terms"]),
    ("apply", &["terms", "content", "plan", "history", "wechat"]),
    ("report", &["terms", "diagnostic", "plan", "history", "apply"]),
    (
        "cli",
        &[
            "terms",
            "diagnostic",
            "campaign",
            "content",
            "history",
            "plan",
            "wechat",
            "sandbox",
            "apply",
            "report",
        ],
    ),
];

/// Files that only compute: no I/O, no clock, no waiting.
const PURE: &[&str] = &[
    "src/terms",
    "src/diagnostic.rs",
    "src/campaign",
    "src/content",
    "src/plan",
    "src/history/record.rs",
    "src/history/ledger.rs",
    "src/history/timing.rs",
    "src/sandbox/account.rs",
    "src/apply/retry.rs",
];

/// The two files of a pure room that read the disk: which campaigns there are, and what is in one.
const READS_THE_DISK: &[&str] = &["src/campaign/find.rs", "src/campaign/bundle.rs"];

/// Words that do I/O, look at a clock, or wait.
const IMPURE: &[&str] = &[
    "std::fs",
    "std::env",
    "std::net",
    "std::process",
    "tokio::",
    "SystemTime",
    "Instant::",
    "Timestamp::now",
    "println!",
    "eprintln!",
    ".await",
];

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(sources(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}

fn src() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// Rooms' own tests and their fixtures: compiled for tests only, and free to name what they like.
const FOR_TESTS: &[&str] = &["/tests/", "/fixtures/", "/script.rs", "_tests.rs", "/tests.rs"];

/// A file's path as people write it, and its code without its tests.
fn code() -> BTreeMap<String, String> {
    let read = |path: PathBuf| {
        let name = path.strip_prefix(src().parent().unwrap()).unwrap();
        let name = name.to_str().unwrap().replace('\\', "/");
        let text = fs::read_to_string(&path).unwrap();
        let code = text.split("#[cfg(test)]\nmod ").next().unwrap().to_owned();
        (name, code)
    };
    let for_tests = |name: &str| FOR_TESTS.iter().any(|part| name.contains(part));
    sources(&src()).into_iter().map(read).filter(|(name, _)| !for_tests(name)).collect()
}

fn room(name: &str) -> &str {
    let inside = name.strip_prefix("src/").unwrap();
    inside.split(['/', '.']).next().unwrap()
}

/// Lines of code: what is said in comments and examples is no use of a room.
fn lines(code: &str) -> impl Iterator<Item = (usize, &str)> {
    (1..).zip(code.lines()).filter(|(_, line)| !line.trim_start().starts_with("//"))
}

/// The rooms after `crate::`: one, or several in braces.
fn names(rest: &str) -> Vec<&str> {
    let first = |text: &str| -> usize {
        text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len())
    };
    match rest.strip_prefix('{') {
        Some(inside) => inside
            .split('}')
            .next()
            .unwrap()
            .split(',')
            .map(str::trim)
            .filter(|name| !name.is_empty())
            .map(|name| &name[..first(name)])
            .collect(),
        None => vec![&rest[..first(rest)]],
    }
}

#[test]
fn every_room_names_only_what_is_below_it() {
    let mut wrong = Vec::new();
    for (name, code) in code() {
        let here = room(&name);
        if here == "lib" || here == "main" {
            continue;
        }
        let Some((_, may)) = FLOORS.iter().find(|(room, _)| *room == here) else {
            wrong.push(format!("{name}: the room `{here}` is not in the table of floors"));
            continue;
        };
        for (number, line) in lines(&code) {
            for named in
                line.match_indices("crate::").flat_map(|(at, word)| names(&line[at + word.len()..]))
            {
                if named != here && !may.contains(&named) {
                    wrong.push(format!("{name}:{number}: `{here}` may not name `{named}`"));
                }
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "move the line to the room whose subject it is:\n{}",
        wrong.join("\n")
    );
}

#[test]
fn what_only_computes_does_nothing_else() {
    let mut wrong = Vec::new();
    for (name, code) in code() {
        let is_pure = PURE.iter().any(|pure| name.starts_with(pure));
        if !is_pure || READS_THE_DISK.contains(&name.as_str()) {
            continue;
        }
        for (number, line) in lines(&code) {
            if let Some(word) = IMPURE.iter().find(|word| line.contains(**word)) {
                wrong.push(format!("{name}:{number}: `{word}`"));
            }
        }
    }
    assert!(wrong.is_empty(), "pass it in as an argument:\n{}", wrong.join("\n"));
}

#[test]
fn a_door_opens_with_an_essay_and_holds_no_logic() {
    let mut wrong = Vec::new();
    for (name, code) in code().into_iter().filter(|(name, _)| name.ends_with("/mod.rs")) {
        let is_room = name.matches('/').count() == 2;
        let essay = code.lines().take_while(|line| line.starts_with("//!")).count();
        if is_room && essay < 5 {
            wrong.push(format!("{name}: says what comes in and what goes out in {essay} lines"));
        }
        let logic = |line: &str| line.contains("fn ") || line.starts_with("impl");
        if let Some((number, _)) = lines(&code).find(|(_, line)| logic(line)) {
            wrong.push(format!("{name}:{number}: logic in a door"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn files_stay_readable() {
    let long: Vec<String> = code()
        .into_iter()
        .filter(|(_, code)| code.lines().count() > 500)
        .map(|(name, code)| format!("{name}: {} lines", code.lines().count()))
        .collect();
    assert!(long.is_empty(), "probably two subjects each: {long:?}");
}
