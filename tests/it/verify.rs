//! `history verify`: what it proves, and each way in which a log can be broken.

use qunfa::history::{Entry, Record, RecordHash, Seq, verify};

use crate::stores::{appid, binding, chain, opened, uploaded};

fn log() -> Vec<Record> {
    chain(None, [(None, opened()), (None, uploaded("春")), (None, uploaded("夏"))])
}

/// Chains record `at` and all after it anew, with a changed entry, as a forger would.
fn forge(log: &[Record], at: usize, change: impl Fn(Entry) -> Entry) -> Vec<Record> {
    let mut forged = log[..at].to_vec();
    for (number, record) in log.iter().enumerate().skip(at) {
        let entry = record.entry.clone();
        let entry = if number == at { change(entry) } else { entry };
        let prev = forged.last().map_or_else(RecordHash::none, |last: &Record| last.hash.clone());
        forged.push(Record::chain(record.seq, prev, entry));
    }
    forged
}

fn check(log: &[Record], broken: &str) {
    assert_eq!(verify(log).unwrap_err().to_string(), broken);
}

#[test]
fn a_whole_log_says_whose_it_is() {
    let log = log();
    let whole = verify(&log).unwrap();
    assert_eq!((whole.head, &whole.hash), (Seq(3), &log[2].hash));
    assert_eq!(whole.opened, Some((binding().history, appid())));
}

#[test]
fn an_empty_log_is_whole() {
    let whole = verify(&[]).unwrap();
    assert_eq!((whole.head, whole.hash, whole.opened), (Seq::NONE, RecordHash::none(), None));
}

#[test]
fn dropped_moved_and_doubled_records_are_noticed() {
    let log = log();
    let pick = |numbers: &[usize]| numbers.iter().map(|n| log[n - 1].clone()).collect::<Vec<_>>();
    check(&pick(&[2, 3]), "record 1 should come next, and there is record 2");
    check(&pick(&[1, 3]), "record 2 should come next, and there is record 3");
    check(&pick(&[1, 3, 2]), "record 2 should come next, and there is record 3");
    check(&pick(&[1, 2, 2]), "record 3 should come next, and there is record 2");
}

#[test]
fn a_changed_text_is_noticed() {
    let mut log = log();
    log[1].text = log[1].text.replace("by-hand", "by-foot");
    check(&log, "the text of record 2 was changed: its hash is another");
}

#[test]
fn a_changed_record_with_a_hash_of_its_own_is_noticed() {
    let log = log();
    let forged = forge(&log, 1, |entry| Entry { fact: uploaded("秋"), ..entry });
    check(
        &[log[0].clone(), forged[1].clone(), log[2].clone()],
        "record 3 does not name record 2 as the one before it",
    );
}

#[test]
fn a_history_opens_once_and_first() {
    let log = log();
    let late = forge(&log, 2, |entry| Entry { fact: opened(), ..entry });
    check(&late, "record 3 opens the history once more");
    let none = forge(&log, 0, |entry| Entry { fact: uploaded("秋"), ..entry });
    check(&none, "record 1 does not open the history");
}

#[test]
fn time_goes_back_by_two_minutes_at_most() {
    let log = log();
    let dated = |at: &str| {
        let at = at.parse().unwrap();
        forge(&log, 2, |entry| Entry { at, ..entry })
    };
    assert!(verify(&dated("2026-03-01T11:58:00+08:00")).is_ok());
    check(
        &dated("2026-03-01T11:57:59+08:00"),
        "record 3 is of 2026-03-01T03:57:59Z, and the one before it of 2026-03-01T04:00:00Z",
    );
}
