//! The protocol's times, to the second.

use super::*;
use crate::history::{BETWEEN_POSTS, FIRST_POST_WITHIN, OpenIntent, SEND_TIMEOUT};

/// An intent of 10:01 with this end.
fn open(until: &str, facts: impl IntoIterator<Item = Told>) -> OpenIntent {
    let mut first = intent();
    if let Fact::Intent(intent) = &mut first.fact {
        intent.until = time(until);
    }
    let ledger = folded(std::iter::once(first).chain(facts)).unwrap();
    match &ledger.send(&effect(LAUNCH)).unwrap().phase {
        Phase::Open(open) => (**open).clone(),
        Phase::Ready | Phase::Accepted(_) => panic!("nothing is open"),
    }
}

#[test]
fn r3_the_deadline_is_21_h_30_min_after_the_intent_or_the_windows_end_less_a_request() {
    let check = |until: &str, in_file: Option<&str>, expected: &str| {
        assert_eq!(open(until, []).deadline(in_file.map(time)), time(expected));
    };
    let (far, near) = ("2026-03-05T20:00:00+08:00", "2026-03-01T20:00:00+08:00");
    check(far, None, "2026-03-02T07:30:30+08:00");
    check(far, Some(far), "2026-03-02T07:30:30+08:00");
    check(far, Some(near), "2026-03-01T19:59:30+08:00");
    check(near, None, "2026-03-01T19:59:30+08:00");
    check(near, Some(far), "2026-03-01T19:59:30+08:00"); // a longer window in the file adds nothing
}

#[test]
fn r3_further_attempts_do_not_move_the_deadline() {
    assert_eq!(open(UNTIL, [attempt(2)]).deadline(None), open(UNTIL, []).deadline(None));
}

#[test]
fn r5_the_fence_is_2_h_35_min_after_the_last_moment_of_any_request() {
    let fence = |until| open(until, []).fence();
    assert_eq!(fence("2026-03-05T20:00:00+08:00"), time("2026-03-02T10:06:00+08:00"));
    assert_eq!(fence("2026-03-01T20:00:00+08:00"), time("2026-03-01T22:35:00+08:00"));
}

#[test]
fn r9_two_requests_are_100_s_apart_and_then_twice_as_long_each_time() {
    assert_eq!((SEND_TIMEOUT.as_secs(), FIRST_POST_WITHIN.as_secs()), (30, 60));
    assert_eq!(BETWEEN_POSTS.as_secs(), 100);
    assert_eq!(open(UNTIL, []).next_attempt_from(), time("2026-03-01T10:02:40+08:00"));
    let repeated = open(UNTIL, [attempt(2)]);
    assert_eq!(repeated.next_attempt_from(), time("2026-03-01T10:05:20+08:00"));
}
