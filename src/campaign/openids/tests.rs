//! Lists of every shape, through one `check`.

use std::io::{self, Cursor, Read, Write as _};
use std::ops::Range;
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::diagnostic::Diagnostic;
use crate::terms::{AppId, CampaignName, Fingerprint, Lots, OpenId};

use super::notes::{self, SHOWN_MAX};
use super::rows::Rows;
use super::{Digest, Formula, ListFile, ListRead, Unread, read_list, read_part};

fn formula(path: &str, column: Option<&str>) -> Formula {
    Formula::of(ListFile::of(Path::new(path), 100).unwrap(), column)
}

type Opened = io::Result<Box<dyn Read + Send>>;

fn opened(bytes: impl Into<Vec<u8>>) -> Opened {
    let bytes: Vec<u8> = bytes.into();
    match bytes.as_slice() {
        b"GONE" => Err(io::ErrorKind::NotFound.into()),
        _ => Ok(Box::new(Cursor::new(bytes))),
    }
}

/// `o0`, `o1` and so on, a line each.
fn counted(numbers: Range<u32>) -> String {
    numbers.map(|n| format!("o{n}")).collect::<Vec<_>>().join("\n") + "\n"
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
    packer.write_all(bytes).unwrap();
    packer.finish().unwrap()
}

fn read(formula: &Formula, bytes: &[u8]) -> Result<(ListRead, Vec<Diagnostic>), Unread> {
    read_list(formula, &|_| opened(bytes), Digest::Unasked)
}

/// Reads a list and writes what was found, then the problems, a line each; packed, it is the same.
fn check(path: &str, text: &str, column: Option<&str>, expected: &str) {
    check_one(path, text.as_bytes(), column, expected);
    let name = format!("`{path}`");
    let packed_path = format!("{path}.gz");
    let expected = expected.replace(&name, &format!("`{packed_path}`"));
    check_one(&packed_path, &packed(text.as_bytes()), column, &expected);
}

fn check_one(path: &str, bytes: &[u8], column: Option<&str>, expected: &str) {
    let formula = formula(path, column);
    let openids = read_part(&formula, (0, 100), &|_| opened(bytes)).unwrap_or_default();
    let problems = match read(&formula, bytes) {
        Ok((list, problems)) => {
            let of = |openid: &OpenId| openid.to_string().into_bytes();
            let all: Vec<Vec<u8>> = openids.iter().map(of).collect();
            let fingerprint = Fingerprint::of_parts(all.iter().map(Vec::as_slice));
            assert_eq!((list.count, list.fingerprint), (all.len() as u64, fingerprint), "{path}");
            problems
        }
        Err(Unread { why: Ok(problem), .. }) => vec![*problem],
        Err(Unread { why: Err(why), .. }) => panic!("{path} {why}"),
    };
    let openids: Vec<&str> = openids.iter().map(OpenId::as_str).collect();
    let mut seen = vec![openids.join(" ")];
    for problem in problems {
        let (line, column) = problem.place().unwrap().line_column();
        seen.push(format!("{} {line}:{column} {}", problem.code.id, problem.message));
    }
    assert_eq!(seen.join("\n"), expected);
}

fn refused(path: &str, bytes: &[u8]) -> String {
    read(&formula(path, None), bytes).unwrap_err().why.unwrap_err()
}

#[test]
fn a_text_has_one_openid_a_line() {
    check("老会员.txt", "# 老会员\r\no6_a\r\n\r\n  o6_b  \r\no6_c", None, "o6_a o6_b o6_c");
}

#[test]
fn a_table_has_a_header() {
    let table = "昵称,openid\n\"王,小\"\"明\"\"\",o6_a\r\n李雷,\"o6_b\"\n\n";
    check("r.csv", table, None, "o6_a o6_b");
    check("r.csv", "粉丝ID,备注\no6_a,\no6_b,老会员\n", Some("粉丝ID"), "o6_a o6_b");
    check("r.csv", "粉丝ID,备注\no6_a,\n", None, "\nQ0415 1:1 `r.csv` has no column `openid`");
    check(
        "r.csv",
        "openid\n\"o6_a\n",
        None,
        "\nQ0416 2:1 `r.csv` is not a CSV file: a quote is not closed",
    );
    check(
        "r.csv",
        "openid\n\"o6\"a\n",
        None,
        "\nQ0416 2:5 `r.csv` is not a CSV file: something follows a closing quote",
    );
}

#[test]
fn each_openid_counts_once() {
    check(
        "r.txt",
        "o6_a\no6_b\no6_a\n",
        None,
        "o6_a o6_b\nQ0414 3:1 `o6_a` stands in the list twice",
    );
}

#[test]
fn lines_that_are_no_openids_are_pointed_at() {
    check("r.txt", "o6_a\n  小明\no6_b\n", None, "o6_a o6_b\nQ0412 2:3 `小明` is not an openid");
    check(
        "r.csv",
        "昵称,openid\n小明\n小红,o6_a\n小刚,o6_b\n",
        None,
        "o6_a o6_b\nQ0412 2:3 an empty field where an openid is wanted",
    );
    let many = "坏\n".repeat(12);
    let (_, problems) = read(&formula("r.txt", None), many.as_bytes()).unwrap();
    assert_eq!(problems.len(), SHOWN_MAX + 1);
    assert_eq!(problems[SHOWN_MAX].message, "`r.txt` has 2 more lines that are no openids");
}

#[test]
fn one_person_is_no_list() {
    check(
        "r.txt",
        "o6_a\n",
        None,
        "o6_a\nQ0413 1:1 `r.txt` has one openid, and a send to a list needs 2",
    );
    check("r.txt", "", None, "\nQ0413 1:1 `r.txt` has no openid, and a send to a list needs 2");
    check(
        "r.txt",
        "o6_a\no6_b\n",
        Some("openid"),
        "\nQ0415 1:1 `r.txt` has no columns, and `openid` is asked for",
    );
}

#[test]
fn a_byte_order_mark_and_every_line_end_are_no_part_of_an_openid() {
    check("r.txt", "\u{feff}o6_a\r\no6_b\r\n", None, "o6_a o6_b");
    check("r.csv", "\u{feff}openid,备注\r\no6_a,一\r\no6_b,", None, "o6_a o6_b");
    check("r.csv", "openid\ro6_a\ro6_b", None, "o6_a o6_b");
    check(
        "r.csv",
        "备注,openid\n\"两\n行\",\"o6_a\"\n一行,错误\n三, o6_b ",
        None,
        "o6_a o6_b\nQ0412 4:4 `错误` is not an openid",
    );
}

#[test]
fn blocks_end_anywhere_and_lists_go_on() {
    let rows = |row: &dyn Fn(u32) -> String| (0..40_000).map(row).collect::<String>();
    let openids: Vec<String> = (0..40_000).map(|n| format!("o{n:09}")).collect();
    let expected = Fingerprint::of_parts(openids.iter().map(String::as_bytes));
    let plain = rows(&|n| format!("o{n:09}\n"));
    let table = format!("a,openid,b\n{}", rows(&|n| format!("一,o{n:09},二\r\n")));
    let quoted = format!("a,openid\r\n{}", rows(&|n| format!("\"{n},\n一\",\"o{n:09}\"\r\n")));
    for (path, text) in [("r.txt", plain), ("r.csv", table), ("q.csv", quoted)] {
        for (path, bytes) in [
            (path.to_owned(), text.clone().into_bytes()),
            (format!("{path}.gz"), packed(text.as_bytes())),
        ] {
            let (list, problems) = read(&formula(&path, None), &bytes).unwrap();
            assert_eq!(
                (list.count, list.fingerprint, problems),
                (40_000, expected, vec![]),
                "{path}"
            );
            let tail = list.parts[3];
            let part = read_part(&formula(&path, None), (tail.first, tail.count), &|_| {
                opened(bytes.as_slice())
            });
            let part: Vec<String> = part.unwrap().iter().map(ToString::to_string).collect();
            assert_eq!(part, openids[30_000..], "{path}");
        }
    }
}

#[test]
fn far_lines_are_shown_each_by_itself() {
    let text = counted(0..30_000) + "o7\n坏\n";
    let (_, problems) = read(&formula("r.txt", None), text.as_bytes()).unwrap();
    let shown = |place: &crate::diagnostic::Place| (place.to_string(), place.file().text.clone());
    let (bad, again) = (&problems[0], &problems[1]);
    assert_eq!(shown(bad.place().unwrap()), ("r.txt:30002:1".into(), "坏".into()));
    assert_eq!(shown(again.place().unwrap()), ("r.txt:30001:1".into(), "o7".into()));
    assert_eq!(shown(&again.also[0].place), ("r.txt:8:1".into(), "o7".into()));
}

#[test]
fn what_cannot_be_read_says_why() {
    assert_eq!(refused("r.txt", b"o6_a\n\xb4\xba\n"), "is not UTF-8 (line 2); save it as UTF-8");
    assert_eq!(
        refused("r.csv", b"openid,b\no6_a,\xb4\n"),
        "is not UTF-8 (line 2); save it as UTF-8"
    );
    assert_eq!(refused("r.csv", b"\xff\xfeo\0p\0"), "is not UTF-8 (line 1); save it as UTF-8");
    assert!(refused("r.txt", b"GONE").starts_with("cannot be read: "), "it was there before");
    assert_eq!(refused("r.txt.gz", b"o6_a\no6_b\n"), "cannot be read: invalid gzip header");
    let mut cut = packed(b"o6_a\no6_b\n");
    cut.truncate(cut.len() - 9);
    assert!(refused("r.txt.gz", &cut).starts_with("cannot be read: "), "a file that was cut short");
    let mut rows = Rows::open_within(Endless, &formula("r.txt", None), 1_000_000).unwrap();
    let mut words = Vec::new();
    let halt = loop {
        match rows.next(&mut words) {
            Ok(goes_on) => assert!(goes_on && words.is_empty()),
            Err(halt) => break halt,
        }
    };
    let file = formula("r.txt.gz", None).file;
    let why = notes::halted(&halt, &file, &|_| opened(b"")).unwrap_err();
    assert_eq!(why, "has more than 2 GiB");
    let long = format!("o6_a\n{}\n", "o".repeat(70_000));
    check("r.txt", &long, None, "\nQ0417 2:1 `r.txt` has a line of more than 64 KiB");
    let open_quote = format!("openid\n\"{}", "o,\n".repeat(100_000));
    check(
        "r.csv",
        &open_quote,
        None,
        "\nQ0416 2:1 `r.csv` is not a CSV file: a quote is not closed",
    );
}

/// Empty lines for ever.
struct Endless;

impl Read for Endless {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        into.fill(b'\n');
        Ok(into.len())
    }
}

#[test]
fn a_list_loses_who_is_in_another_and_keeps_a_slice() {
    let late = counted(0..1_000);
    let recall = counted(500..2_000);
    let open = |path: &Path| {
        opened(if path == Path::new("late.txt") { late.as_bytes() } else { recall.as_bytes() })
    };
    let lots =
        Lots::new(&AppId::new("wx1234567890abcdef").unwrap(), &CampaignName::new("a").unwrap());
    let people = |except: bool, slice: Option<&str>| {
        let mut formula = formula("late.txt", None);
        if except {
            formula.except = vec![("recall".to_owned(), self::formula("recall.txt", None))];
        }
        formula.slice = slice.map(|slice| (slice.parse().unwrap(), lots.clone()));
        let people = read_part(&formula, (0, 9_999), &open).unwrap();
        let (list, problems) = read_list(&formula, &open, Digest::Asked).unwrap();
        let bytes = people.iter().map(|openid| openid.as_str().as_bytes());
        assert_eq!(list.fingerprint, Fingerprint::of_parts(bytes));
        assert_eq!((list.in_file, list.count, problems), (1_000, people.len() as u64, vec![]));
        people
    };
    let left = people(true, None);
    assert_eq!((left.len(), left[0].as_str(), left[499].as_str()), (500, "o0", "o499"));
    let mut halves = people(true, Some("0%..50%"));
    halves.extend(people(true, Some("50%..100%")));
    halves.sort_by_key(|openid| openid.as_str()[1..].parse::<u32>().unwrap());
    assert_eq!(halves, left, "two slices are disjoint, and together everybody");
    assert!((420..580).contains(&people(false, Some("0%..50%")).len()));
}

#[test]
fn too_few_left_says_what_took_them() {
    let open = |path: &Path| {
        opened(if path == Path::new("late.txt") { "o1\no2\no3\no1\n" } else { "o2\no1\no9\n" })
    };
    let mut late = formula("late.txt", None);
    late.except = vec![("recall".to_owned(), formula("recall.txt", None))];
    let message = |formula: &Formula| {
        let (list, problems) = read_list(formula, &open, Digest::Asked).unwrap();
        let digest = "c0ffee";
        assert_ne!(list.sha256.unwrap(), digest);
        problems.last().unwrap().message.clone()
    };
    assert_eq!(
        message(&late),
        "`late.txt` has 3 openids, `recall` takes 2 of them away, one is left, and a send to a list needs 2"
    );
    late.except.clear();
    let lots = Lots::new(&AppId::new("wx1").unwrap(), &CampaignName::new("a").unwrap());
    late.slice = Some(("0%..0.01%".parse().unwrap(), lots));
    assert_eq!(
        message(&late),
        "`late.txt` has 3 openids, 3 are outside of the slice 0%..0.01%, none is left, and a send to a list needs 2"
    );
}

#[test]
fn the_digest_is_of_the_bytes_as_they_are_stored() {
    let sha256 = |path: &str, bytes: &[u8]| {
        let (list, _) = read_list(&formula(path, None), &|_| opened(bytes), Digest::Asked).unwrap();
        list.sha256.unwrap()
    };
    let of = |bytes: &[u8]| crate::terms::hex(&<sha2::Sha256 as sha2::Digest>::digest(bytes));
    let text = b"\xef\xbb\xbfo1\no2\n";
    assert_eq!(sha256("a.txt", text), of(text));
    assert_eq!(sha256("a.txt.gz", &packed(text)), of(&packed(text)));
    let twice = [packed(b"o1\n"), packed(b"o2\n")].concat();
    assert_eq!(sha256("a.txt.gz", &twice), of(&twice), "two members, one list");
}
