//! The client: how one call goes to WeChat and comes back.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use reqwest::header::{CONTENT_TYPE, DATE, HeaderMap, HeaderValue};
use reqwest::{Client, Request, Response};
use secrecy::SecretString;
use serde_json::Value;
use url::Url;

use super::answer::{self, WireAnswer};
use super::call::Call;
use super::card::CardTicket;
use super::error::{Certainty, Flaw, WeChatError};
use super::redact::{Secrets, root};
use super::settings::{Http, Settings, Timeouts};
use super::token::{Token, Tokens};
use crate::terms::{AppId, Clock, Timestamp};

/// Longer than any answer: 10,000 openids are some 300 KB, a draft of eight articles under 8 MB.
const ANSWER_BYTES_MAX: usize = 8 * 1024 * 1024;

/// What WeChat says the time is, and when it said so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ServerTime {
    /// The `Date` of an answer, in whole seconds.
    pub date: Timestamp,
    /// When that answer came, by our clock.
    pub seen_at: Timestamp,
}

/// A client for one official account (公众号). Cheap calls may run side by side.
pub struct WeChat {
    appid: AppId,
    pub(super) secret: SecretString,
    secrets: Secrets,
    base: Url,
    timeouts: Timeouts,
    pub(super) http: Http,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) tokens: tokio::sync::Mutex<Tokens>,
    pub(super) card_ticket: tokio::sync::Mutex<Option<CardTicket>>,
    server_time: Mutex<Option<ServerTime>>,
}

impl fmt::Debug for WeChat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "WeChat({} at {})", self.appid, self.base)
    }
}

impl WeChat {
    /// Makes a client. Nothing is called yet.
    ///
    /// # Errors
    ///
    /// [`WeChatError::Setup`] when the settings cannot work.
    pub fn new(settings: Settings, clock: Arc<dyn Clock>) -> Result<Self, WeChatError> {
        Ok(Self {
            http: Http::new(&settings)?,
            secrets: Secrets::of(&settings),
            appid: settings.appid,
            secret: settings.secret,
            base: settings.base_url,
            timeouts: settings.timeouts,
            clock,
            tokens: tokio::sync::Mutex::default(),
            card_ticket: tokio::sync::Mutex::default(),
            server_time: Mutex::new(None),
        })
    }

    /// Whose client this is.
    pub fn appid(&self) -> &AppId {
        &self.appid
    }

    /// How long it waits.
    pub fn timeouts(&self) -> Timeouts {
        self.timeouts
    }

    /// The newest `Date` that came with an answer of WeChat's (R10).
    pub fn server_time(&self) -> Option<ServerTime> {
        *self.server_time.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Posts JSON, with one renewal of the token.
    pub(super) async fn post(&self, call: Call, body: &Value) -> Result<WireAnswer, WeChatError> {
        self.call(call, self.json_request(call, body.to_string())).await
    }

    /// Makes a call that may be repeated: when WeChat refuses the token, once more with another.
    pub(super) async fn call(
        &self,
        call: Call,
        request: Request,
    ) -> Result<WireAnswer, WeChatError> {
        let token = self.token().await?;
        let first = again(&request);
        let answer = self.exchange(&self.http.calls, call, first, Some(&token)).await?;
        if !answer.code.refuses_token() {
            return answer.accepted();
        }
        self.refuse_token(&token, call, answer.code).await;
        let token = self.token().await?;
        let answer = self.exchange(&self.http.calls, call, request, Some(&token)).await?;
        if !answer.code.refuses_token() {
            return answer.accepted();
        }
        self.refuse_token(&token, call, answer.code).await;
        let fingerprint = token.fingerprint();
        Err(WeChatError::TokenStuck { call, code: answer.code, fingerprint })
    }

    /// A request without its token and, so far, without a body.
    pub(super) fn request(&self, call: Call, query: &[(&str, &str)]) -> Request {
        let mut url = self.base.clone();
        url.set_path(&format!("{}/cgi-bin/{call}", self.base.path().trim_end_matches('/')));
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        Request::new(call.method(), url)
    }

    /// A request with a JSON body, taken to the letter. `serde_json` writes raw UTF-8; `\uXXXX`
    /// would be refused with 40033, or shown to readers.
    pub(super) fn json_request(&self, call: Call, body: String) -> Request {
        let mut request = self.request(call, &[]);
        let json = HeaderValue::from_static("application/json; charset=utf-8");
        request.headers_mut().insert(CONTENT_TYPE, json);
        *request.body_mut() = Some(body.into());
        request
    }

    /// One request, one answer. The answer may hold any errcode.
    pub(super) async fn exchange(
        &self,
        client: &Client,
        call: Call,
        mut request: Request,
        token: Option<&Token>,
    ) -> Result<WireAnswer, WeChatError> {
        if let Some(token) = token {
            request.url_mut().query_pairs_mut().append_pair("access_token", token.expose());
        }
        let broken = |error| self.transport_error(call, error, token);
        let response = client.execute(request).await.map_err(broken)?;
        let (seen_at, date) = (self.clock.now(), date(response.headers()));
        let status = response.status().as_u16();
        let Some(body) = read_limited(response, call).await.map_err(broken)? else {
            let flaw = Flaw::TooLong(ANSWER_BYTES_MAX);
            return Err(WeChatError::BadAnswer { call, flaw });
        };
        let answer = WireAnswer::read(call, status, &body, |text| self.secrets.cut(text, token))?;
        if let Some(date) = date {
            self.note_time(ServerTime { date, seen_at });
        }
        Ok(answer)
    }

    /// Keeps the newest time. Gateways are not asked: only answers of WeChat's get here.
    fn note_time(&self, time: ServerTime) {
        let mut newest = self.server_time.lock().unwrap_or_else(PoisonError::into_inner);
        if newest.is_none_or(|known| known.seen_at <= time.seen_at) {
            *newest = Some(time);
        }
    }

    /// What the network's failure means. Only without a connection is it sure that nothing left.
    fn transport_error(
        &self,
        call: Call,
        error: reqwest::Error,
        token: Option<&Token>,
    ) -> WeChatError {
        let certainty = if error.is_connect() { Certainty::NotDone } else { Certainty::Unknown };
        if error.is_timeout() {
            return WeChatError::Timeout { call, certainty };
        }
        // Its address holds the token, so only the host is named.
        let why = match root(&error.without_url()) {
            why if certainty == Certainty::NotDone => {
                format!("cannot connect to {}: {why}", self.base.host_str().unwrap_or("WeChat"))
            }
            why => why,
        };
        let why = self.secrets.cut(&why, token);
        WeChatError::Transport { call, why, certainty }
    }
}

/// The same request once more; every body of ours lies in memory.
fn again(request: &Request) -> Request {
    request.try_clone().expect("bodies in memory can be cloned")
}

/// Reads a body, or none when it is too long. Counted after decompression. Of a file only the
/// beginning is read: that it is there is all we ask.
async fn read_limited(
    mut response: Response,
    call: Call,
) -> Result<Option<Vec<u8>>, reqwest::Error> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        if body.len() + chunk.len() > ANSWER_BYTES_MAX {
            return Ok(None);
        }
        body.extend_from_slice(&chunk);
        if answer::is_file(call, &body) {
            break;
        }
    }
    Ok(Some(body))
}

fn date(headers: &HeaderMap) -> Option<Timestamp> {
    let text = headers.get(DATE)?.to_str().ok()?;
    jiff::fmt::rfc2822::parse(text).ok().map(|date| date.timestamp())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::terms::MsgId;
    use crate::wechat::Advice;
    use crate::wechat::script::{Reply, Script, TOKEN, settings};

    async fn check(reply: Reply, expected: &str, advice: Advice) {
        let script = Script::start([TOKEN, reply]).await;
        let wechat = script.wechat();
        let error = wechat.mass_get(MsgId(1)).await.unwrap_err();
        let all = format!("{error} {error:?} {:?} {wechat:?}", error.help());
        assert!(!all.contains("TOKEN-ONE") && !all.contains("PLANTED"), "{all}");
        assert!(error.to_string().starts_with(expected), "{error}");
        assert_eq!(error.advice(), advice);
    }

    #[tokio::test]
    async fn failures_on_the_way_are_told_without_secrets() {
        let retry = Advice::Retry;
        let gateway = "message/mass/get was answered by a gateway (HTTP";
        check(
            Reply::Whole("502 Bad Gateway", "/x?access_token=TOKEN-ONE 坏了"),
            &format!("{gateway} 502): /x?access_token=*** 坏了"),
            retry,
        )
        .await;
        check(Reply::Whole("302 Found\r\nLocation: /", ""), &format!("{gateway} 302)"), retry)
            .await;
        check(Reply::Drop, "message/mass/get got no answer:", retry).await;
        check(
            Reply::Raw(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{".into()),
            "message/mass/get got no answer:",
            retry,
        )
        .await;
        check(
            Reply::json(r#"{"errcode":48001,"errmsg":"PLANTED-SECRET 与 TOKEN-ONE"}"#),
            "message/mass/get was refused with 48001, the account does not have this right: \
             *** 与 ***",
            Advice::Stop,
        )
        .await;
    }

    #[tokio::test]
    async fn an_endless_answer_is_not_read_to_its_end() {
        let mut endless = b"HTTP/1.1 200 OK\r\n\r\n{\"errmsg\":\"".to_vec();
        endless.resize(ANSWER_BYTES_MAX + 100, b'x');
        check(
            Reply::Raw(endless),
            "the answer to message/mass/get is longer than 8388608 bytes",
            Advice::Stop,
        )
        .await;
    }

    #[tokio::test]
    async fn silence_has_an_end() {
        let script = Script::start([Reply::Hang]).await;
        let base = script.base_url();
        let short = Timeouts { total: Duration::from_millis(50), ..Timeouts::default() };
        let settings = Settings { timeouts: short, ..settings(base) };
        let wechat = WeChat::new(settings, script.clock.clone()).unwrap();
        let error = wechat.token().await.unwrap_err();
        let (call, certainty) = (Call::StableToken, Certainty::Unknown);
        assert_eq!(error, WeChatError::Timeout { call, certainty });
    }

    #[tokio::test]
    async fn a_base_address_may_have_a_path() {
        let script = Script::start([TOKEN]).await;
        let settings = settings(&format!("{}/沙盒/", script.base_url()));
        WeChat::new(settings, script.clock.clone()).unwrap().token().await.unwrap();
        let line = &script.requests()[0].line;
        assert_eq!(line, "POST /%E6%B2%99%E7%9B%92/cgi-bin/stable_token HTTP/1.1");
    }
}
