//! Ordered faults: what a client sees, and what happened all the same.

use super::*;
use crate::{
    sandbox::{CallSeen, Fault, How},
    terms::Clock as _,
};

const SENDALL: &str = "message/mass/sendall";

/// Sends a text; what came back, if anything did.
async fn attempt(desk: &Desk) -> Option<(u16, String)> {
    let call = desk.http.post(desk.url(SENDALL)).body(text_to_vip("spring").to_string());
    let answer = call.send().await.ok()?;
    Some((answer.status().as_u16(), answer.text().await.ok()?))
}

#[tokio::test]
async fn a_fault_shows_and_either_worked_or_did_not() {
    let invalid_ip = "invalid ip 127.0.0.1 ipv6 ::ffff:127.0.0.1, not in whitelist rid: ";
    for (how, status, shown, jobs) in [
        (How::CutBefore, None, "", 0),
        (How::LostAnswer, None, "", 1),
        (How::Status(502), Some(502), "<html>", 0),
        (How::LateStatus(504), Some(504), "<html>", 1),
        (How::ErrCode(-1), Some(200), "system error", 0),
        (How::LateErrCode(-1), Some(200), "system error", 1),
        (How::Truncated, Some(200), "{\"errcode\":0,\"errmsg\":\"send job", 1),
        (How::HtmlOk, Some(200), "<html>", 0),
        (How::WrongAddress, Some(200), invalid_ip, 0),
        (How::ExpiredToken, Some(200), "42001", 0),
    ] {
        let desk = Desk::open(service()).await;
        desk.sandbox.break_next(Fault::next(SENDALL, how.clone()));
        let answer = attempt(&desk).await;
        assert_eq!(answer.as_ref().map(|answer| answer.0), status, "{how:?}");
        let body = answer.map_or(String::new(), |answer| answer.1);
        assert!(body.contains(shown), "{how:?} {body}");
        assert_eq!(desk.sandbox.jobs().len(), jobs, "{how:?}");
        desk.later(60);
        let again = code(&desk.send_text("spring").await);
        assert_eq!(again, if jobs == 1 { 45065 } else { 0 }, "{how:?}");
        assert_eq!(desk.sandbox.jobs().len(), 1, "{how:?}");
    }
}

#[tokio::test]
async fn a_truncated_answer_is_no_json() {
    let desk = Desk::open(service()).await;
    desk.sandbox.break_next(Fault::next(SENDALL, How::Truncated));
    let (_, body) = attempt(&desk).await.unwrap();
    assert!(serde_json::from_str::<Value>(&body).is_err(), "{body}");
}

#[tokio::test]
async fn a_stalled_call_is_answered_by_nobody() {
    let desk = Desk::open(service()).await;
    desk.sandbox.break_next(Fault::next(SENDALL, How::Stall(Duration::from_secs(90))));
    let url = desk.url(SENDALL);
    let call = desk.http.post(url).body(text_to_vip("spring").to_string());
    let client = tokio::spawn(call.send());
    while desk.sandbox.jobs().is_empty() || desk.sandbox.calls().len() < 2 {
        tokio::task::yield_now().await;
    }
    assert_eq!(desk.sandbox.clock().now().to_string(), "2026-03-01T02:01:30Z");
    desk.sandbox.stopped().await; // cuts what stalls
    assert!(client.await.unwrap().is_err());
}

#[tokio::test]
async fn the_nth_call_from_now_breaks() {
    let desk = Desk::open(service()).await;
    assert_eq!(code(&desk.get("tags/get").await), 0);
    desk.sandbox.break_next(Fault::nth("tags/get", 2, How::ErrCode(45009)));
    desk.sandbox.break_next(Fault::nth("tags/get", 3, How::ErrCode(48001)));
    let mut codes = Vec::new();
    for _ in 0..4 {
        codes.push(code(&desk.get("tags/get").await));
    }
    assert_eq!(codes, [0, 45009, 48001, 0]);
    assert_eq!(
        desk.sandbox.calls()[3],
        CallSeen { endpoint: "tags/get".to_owned(), nth: 3, errcode: Some(45009) }
    );
}

#[tokio::test]
#[should_panic(expected = "no call is named `message/mass/sendal`")]
async fn a_fault_for_no_call_is_a_mistake_in_the_test() {
    let desk = Desk::open(service()).await;
    desk.sandbox.break_next(Fault::next("message/mass/sendal", How::CutBefore));
}
