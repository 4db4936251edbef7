//! The sandbox over HTTP: connections, faults, and the way from a request to its account.
//!
//! The accept loop is our own, since a cut connection must really be cut: a service that fails
//! closes its connection without a byte of answer.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    body::{Body as HttpBody, to_bytes},
    http::{HeaderValue, Method, Request, Response, StatusCode, header, request::Parts},
};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::{
    net::{TcpListener, TcpStream},
    sync::watch,
    task::JoinSet,
};

use crate::terms::Timestamp;

use super::{
    account::{self, Account, Answer, Body},
    control,
    endpoint::{Endpoint, Verb},
    fault::{CallSeen, How},
    format, page,
    refusal::{Errcode, Refusal},
    rules::Rules,
    server::Shared,
    token,
    wire::Call,
};

/// The largest request: a permanent image and what multipart puts around it.
const BODY_BYTES_MAX: usize = 12 * 1024 * 1024;
const PLAIN: &str = "text/plain";
const HTML: &str = "text/html; charset=utf-8";
/// Half of a gateway's page, or all of what a proxy says with status 200.
const GATEWAY_PAGE: &str =
    "<html><head><title>Bad Gateway</title></head><body><h1>nginx</h1></body></html>";

/// A connection to close without an answer.
#[derive(Debug, thiserror::Error)]
#[error("the connection is cut")]
struct Cut;

/// Takes connections until it is told to stop, then lets the open ones end.
pub(super) async fn accept(
    listener: TcpListener,
    shared: Arc<Shared>,
    mut stopping: watch::Receiver<bool>,
) {
    let mut connections = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = stop(&mut stopping) => break,
        };
        match accepted {
            Ok((stream, _)) => {
                connections.spawn(serve(stream, Arc::clone(&shared), stopping.clone()));
                while connections.try_join_next().is_some() {} // forget those that ended
            }
            Err(problem) => tracing::warn!(%problem, "the sandbox cannot take a connection"),
        }
    }
    drop(listener);
    while connections.join_next().await.is_some() {}
}

/// Waits until the sandbox is stopped or dropped.
async fn stop(stopping: &mut watch::Receiver<bool>) {
    // An error means that the sandbox was dropped, which stops it too.
    drop(stopping.wait_for(|stopped| *stopped).await);
}

async fn serve(stream: TcpStream, shared: Arc<Shared>, mut stopping: watch::Receiver<bool>) {
    let until = stopping.clone();
    let service = service_fn(move |request| respond(Arc::clone(&shared), request, until.clone()));
    let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    let mut connection = std::pin::pin!(connection);
    let result = tokio::select! {
        result = connection.as_mut() => result,
        () = stop(&mut stopping) => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(problem) = result {
        tracing::debug!(%problem, "a connection to the sandbox ended early");
    }
}

async fn respond(
    shared: Arc<Shared>,
    request: Request<Incoming>,
    stopping: watch::Receiver<bool>,
) -> Result<Response<HttpBody>, Cut> {
    let (head, body) = request.into_parts();
    let body = to_bytes(HttpBody::new(body), BODY_BYTES_MAX).await.map_err(|_| Cut)?;
    let call = call(&head, body.into());
    let state = Arc::clone(&shared);
    let mut response = if call.path.starts_with("/cgi-bin/") {
        api(shared, call, stopping).await?
    } else {
        let answered = tokio::task::spawn_blocking(move || beside_the_api(&shared, &call));
        answered.await.map_err(|_| Cut)?
    };
    response.headers_mut().insert(header::DATE, date(state.now()));
    Ok(response)
}

fn call(head: &Parts, body: Vec<u8>) -> Call {
    let query = url::form_urlencoded::parse(head.uri.query().unwrap_or("").as_bytes());
    let content_type = head.headers.get(header::CONTENT_TYPE);
    Call {
        verb: match head.method {
            Method::GET => Verb::Get,
            Method::POST => Verb::Post,
            _ => Verb::Other,
        },
        path: head.uri.path().to_owned(),
        query: query.into_owned().collect::<BTreeMap<_, _>>(),
        content_type: content_type.and_then(|v| v.to_str().ok()).unwrap_or("").to_owned(),
        has_length: head.headers.contains_key(header::CONTENT_LENGTH),
        body,
    }
}

/// An answer with all its bytes.
struct Whole {
    errcode: i64,
    content_type: &'static str,
    /// For a file that is to be saved under its name.
    name: Option<String>,
    bytes: Vec<u8>,
}

impl Whole {
    /// Finds the bytes of an answer. A file that is not there is gone: 40007.
    fn of(answer: Answer, shared: &Shared) -> std::io::Result<Self> {
        let Answer { errcode, body } = answer;
        let file = match body {
            Body::Json(body) => {
                let bytes = body.to_string().into_bytes();
                return Ok(Self { errcode, content_type: PLAIN, name: None, bytes });
            }
            Body::File(file) => file,
        };
        let Some(bytes) = shared.store.file(&file.fingerprint)? else {
            let gone = account::refused(&Errcode::InvalidMediaId.into(), 0, shared.now());
            return Self::of(gone, shared);
        };
        let content_type = format::content_type(&bytes);
        Ok(Self { errcode, content_type, name: Some(file.name), bytes })
    }

    fn response(self) -> Response<HttpBody> {
        let mut response = response(StatusCode::OK, self.content_type, self.bytes);
        let disposition = self.name.map(|name| format!("attachment; filename=\"{name}\""));
        let disposition = disposition.and_then(|text| HeaderValue::try_from(text).ok());
        if let Some(disposition) = disposition {
            response.headers_mut().insert(header::CONTENT_DISPOSITION, disposition);
        }
        response
    }
}

/// What goes out after a call.
enum Outgoing {
    Answer(Whole),
    Raw(StatusCode, &'static str, Vec<u8>),
    Nothing,
    Silence,
}

/// Answers a call of WeChat's API, or breaks it as ordered.
async fn api(
    shared: Arc<Shared>,
    call: Call,
    mut stopping: watch::Receiver<bool>,
) -> Result<Response<HttpBody>, Cut> {
    let name = call.path.trim_start_matches("/cgi-bin/").to_owned();
    let (nth, fault) = shared.faults().meet(&name);
    let outgoing = match fault {
        None => Outgoing::Answer(performed(&shared, call).await?),
        Some(how) => broken(&shared, call, how).await?,
    };
    let errcode = match &outgoing {
        Outgoing::Answer(answer) => Some(answer.errcode),
        Outgoing::Raw(..) | Outgoing::Nothing | Outgoing::Silence => None,
    };
    shared.seen().push(CallSeen { endpoint: name, nth, errcode });
    match outgoing {
        Outgoing::Answer(answer) => Ok(answer.response()),
        Outgoing::Raw(status, content_type, body) => Ok(response(status, content_type, body)),
        Outgoing::Nothing => Err(Cut),
        Outgoing::Silence => {
            stop(&mut stopping).await;
            Err(Cut)
        }
    }
}

/// Lets a call go wrong.
async fn broken(shared: &Arc<Shared>, call: Call, how: How) -> Result<Outgoing, Cut> {
    let answer = match how {
        How::CutBefore
        | How::Status(_)
        | How::ErrCode(_)
        | How::HtmlOk
        | How::WrongAddress
        | How::ExpiredToken => None,
        How::LostAnswer
        | How::LateStatus(_)
        | How::LateErrCode(_)
        | How::Truncated
        | How::Stall(_) => Some(performed(shared, call).await?),
    };
    let refused = |refusal| {
        let answer = account::refused(&refusal, 0, shared.now());
        Whole::of(answer, shared).map(Outgoing::Answer).map_err(|_| Cut)
    };
    Ok(match how {
        How::CutBefore | How::LostAnswer => Outgoing::Nothing,
        How::Status(status) | How::LateStatus(status) => {
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY);
            Outgoing::Raw(status, HTML, GATEWAY_PAGE.into())
        }
        How::ErrCode(code) | How::LateErrCode(code) => refused(Refusal::numbered(code))?,
        How::Truncated => {
            let mut half = answer.map_or(Vec::new(), |answer| answer.bytes);
            half.truncate(half.len() / 2);
            Outgoing::Raw(StatusCode::OK, PLAIN, half)
        }
        How::HtmlOk => Outgoing::Raw(StatusCode::OK, HTML, GATEWAY_PAGE.into()),
        How::Stall(by) => {
            shared.clock.advance(by);
            Outgoing::Silence
        }
        How::WrongAddress => refused(Refusal::wrong_address("127.0.0.1"))?,
        How::ExpiredToken => refused(Errcode::ExpiredToken.into())?,
    })
}

/// Does a call's work in one transaction; its answer is durable when this returns.
async fn performed(shared: &Arc<Shared>, call: Call) -> Result<Whole, Cut> {
    let shared = Arc::clone(shared);
    let answered = tokio::task::spawn_blocking(move || {
        let rules = account_of(&shared.accounts, &call);
        let work = |account: &mut Account, now| account::call(account, &call, now);
        let answer = shared.store.with(rules, &shared.clock, work);
        answer.and_then(|answer| Whole::of(answer, &shared)).or_else(|problem| {
            tracing::warn!(%problem, "the sandbox cannot work on its state");
            Whole::of(account::refused(&Errcode::SystemError.into(), 0, shared.now()), &shared)
        })
    });
    answered.await.map_err(|_| Cut)?.map_err(|_| Cut)
}

/// Finds whose call this is: by its token, or by the appid that asks for one. A call of nobody's is
/// answered by the first account, which refuses it.
fn account_of<'a>(accounts: &'a [Arc<Rules>], call: &Call) -> &'a Arc<Rules> {
    let token = call.asked("access_token").filter(|_| !asks_for_token(call));
    let body: Value = match token {
        Some(_) => Value::Null,
        None => serde_json::from_slice(&call.body).unwrap_or_default(),
    };
    let appid = call.asked("appid").or_else(|| body.get("appid")?.as_str());
    let is_it = |rules: &&Arc<Rules>| match token {
        Some(token) => token::is_of(&rules.appid, token),
        None => appid == Some(rules.appid.as_str()),
    };
    accounts.iter().find(is_it).unwrap_or(&accounts[0])
}

fn asks_for_token(call: &Call) -> bool {
    call.endpoint().is_some_and(Endpoint::makes_tokens)
}

/// Answers what is not WeChat's: the page for people, and the controls for tests.
fn beside_the_api(shared: &Shared, call: &Call) -> Response<HttpBody> {
    match (call.verb, call.path.as_str()) {
        (Verb::Get, "/") => match page::page(shared, call.asked("follower")) {
            Ok(page) => response(StatusCode::OK, HTML, page),
            Err(problem) => response(StatusCode::INTERNAL_SERVER_ERROR, PLAIN, problem.to_string()),
        },
        (verb, path) => {
            let (status, body) = control::answer(shared, call, verb, path);
            response(status, "application/json", body.to_string())
        }
    }
}

fn response(
    status: StatusCode,
    content_type: &'static str,
    body: impl Into<HttpBody>,
) -> Response<HttpBody> {
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    let content_type = HeaderValue::from_static(content_type);
    response.headers_mut().insert(header::CONTENT_TYPE, content_type);
    response
}

/// The `Date` header of a moment: RFC 9110's only format.
fn date(at: Timestamp) -> HeaderValue {
    let text = at.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
    HeaderValue::from_str(&text).expect("letters, digits, colons and spaces")
}
