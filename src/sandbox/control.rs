//! What tests of another process use: the state as JSON, the clock's hand, the order book.
//!
//! Looking is always allowed; moving time and ordering faults only where [`Rules::control`]
//! says so.
//!
//! [`Rules::control`]: super::rules::Rules::control

use std::time::Duration;

use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    account::Account,
    endpoint::{Endpoint, Verb},
    fault::{Fault, How},
    job,
    server::Shared,
    wire::Call,
};

/// An ordered fault as JSON: `{"endpoint":"message/mass/sendall","nth":1,"how":"lost_answer"}`,
/// where `how` may also be `{"status":502}`, `{"err_code":-1}` or `{"stall":90}` (seconds).
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Order {
    endpoint: String,
    nth: Option<u32>,
    how: OrderedHow,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum OrderedHow {
    CutBefore,
    LostAnswer,
    Status(u16),
    LateStatus(u16),
    ErrCode(i64),
    LateErrCode(i64),
    Truncated,
    HtmlOk,
    Stall(u64),
    WrongAddress,
    ExpiredToken,
}

impl From<OrderedHow> for How {
    fn from(how: OrderedHow) -> Self {
        match how {
            OrderedHow::CutBefore => Self::CutBefore,
            OrderedHow::LostAnswer => Self::LostAnswer,
            OrderedHow::Status(status) => Self::Status(status),
            OrderedHow::LateStatus(status) => Self::LateStatus(status),
            OrderedHow::ErrCode(code) => Self::ErrCode(code),
            OrderedHow::LateErrCode(code) => Self::LateErrCode(code),
            OrderedHow::Truncated => Self::Truncated,
            OrderedHow::HtmlOk => Self::HtmlOk,
            OrderedHow::Stall(seconds) => Self::Stall(Duration::from_secs(seconds)),
            OrderedHow::WrongAddress => Self::WrongAddress,
            OrderedHow::ExpiredToken => Self::ExpiredToken,
        }
    }
}

/// Answers a request under `/_sandbox/`.
pub(super) fn answer(shared: &Shared, call: &Call, verb: Verb, path: &str) -> (StatusCode, Value) {
    let is_open = shared.accounts.iter().any(|rules| rules.control);
    match (verb, path) {
        (Verb::Get, "/_sandbox/state") => state(shared),
        (Verb::Post, "/_sandbox/advance" | "/_sandbox/fault") if !is_open => {
            (StatusCode::FORBIDDEN, json!({ "problem": "started without controls" }))
        }
        (Verb::Post, "/_sandbox/advance") => advance(shared, call),
        (Verb::Post, "/_sandbox/fault") => fault(shared, call),
        _ => (StatusCode::NOT_FOUND, json!({ "problem": "nothing here" })),
    }
}

fn advance(shared: &Shared, call: &Call) -> (StatusCode, Value) {
    let Some(seconds) = call.asked("seconds").and_then(|seconds| seconds.parse().ok()) else {
        return (StatusCode::BAD_REQUEST, json!({ "problem": "`seconds` is not a whole number" }));
    };
    shared.clock.advance(Duration::from_secs(seconds));
    (StatusCode::OK, json!({ "now": shared.now().to_string() }))
}

fn fault(shared: &Shared, call: &Call) -> (StatusCode, Value) {
    let order: Order = match serde_json::from_slice(&call.body) {
        Ok(order) => order,
        Err(problem) => {
            return (StatusCode::BAD_REQUEST, json!({ "problem": problem.to_string() }));
        }
    };
    let Some(endpoint) = Endpoint::named(&order.endpoint) else {
        return (StatusCode::BAD_REQUEST, json!({ "problem": "no call has this name" }));
    };
    let fault = Fault { endpoint: endpoint.name(), nth: order.nth, how: order.how.into() };
    shared.faults().order(fault);
    (StatusCode::OK, json!({ "ordered": order.endpoint }))
}

fn state(shared: &Shared) -> (StatusCode, Value) {
    let accounts = shared.gather(|account, now| {
        let jobs = account.state.jobs.iter().map(|job| {
            let seen = job.seen(now);
            json!({
                "msg_id": job.msg_id,
                "clientmsgid": job.client_msg_id,
                "endpoint": job.endpoint,
                "audience": job.audience,
                "msgtype": job.msgtype,
                "content": job.content,
                "accepted_at": job.accepted_at,
                "status": job::word(&seen.status),
                "total": job.total,
                "recipients": job.recipients,
            })
        });
        vec![summary(account, &jobs.collect::<Vec<Value>>())]
    });
    match accounts {
        Ok(accounts) => {
            let now = shared.now().to_string();
            (StatusCode::OK, json!({ "now": now, "accounts": accounts }))
        }
        Err(problem) => {
            (StatusCode::INTERNAL_SERVER_ERROR, json!({ "problem": problem.to_string() }))
        }
    }
}

fn summary(account: &Account, jobs: &[Value]) -> Value {
    let state = &account.state;
    json!({
        "appid": account.rules.appid,
        "followers": state.followers,
        "tags": state.tags,
        "images": state.images.len(),
        "materials": state.materials.len(),
        "drafts": state.drafts.len(),
        "previews": state.previews.len(),
        "jobs": jobs,
    })
}
