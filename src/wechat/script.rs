//! For this room's tests: a WeChat that follows a script, one connection for each answer.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use super::client::WeChat;
use super::settings::{Settings, Timeouts};
use crate::terms::{AppId, Clock, Timestamp};

/// The answer that most scripts begin with.
pub(super) const TOKEN: Reply = Reply::json(r#"{"access_token":"TOKEN-ONE","expires_in":7200}"#);

/// WeChat's usual success.
pub(super) const OK: Reply = Reply::json(r#"{"errcode":0,"errmsg":"ok"}"#);

/// What the script answers to one request.
#[derive(Debug, Clone)]
pub(super) enum Reply {
    /// A whole answer: status line and further headers, then the body.
    Whole(&'static str, &'static str),
    /// Bytes as they are, then the connection ends.
    Raw(Vec<u8>),
    /// Nothing, and the connection ends.
    Drop,
    /// Nothing, and the connection stays.
    Hang,
}

impl Reply {
    /// 200, with the content type that WeChat often sends.
    pub(super) const fn json(body: &'static str) -> Self {
        Self::Whole("200 OK\r\nContent-Type: text/plain", body)
    }
}

/// A request as it came.
#[derive(Debug, Clone)]
pub(super) struct Seen {
    pub(super) line: String,
    headers: String,
    pub(super) body: String,
}

impl Seen {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.lines().filter_map(|line| line.split_once(": "));
        headers.find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }
}

/// A clock that stands until it is moved.
#[derive(Debug)]
pub(super) struct Stopped(Mutex<Timestamp>);

impl Stopped {
    pub(super) fn advance(&self, secs: i64) {
        let mut now = self.0.lock().unwrap();
        *now += jiff::SignedDuration::from_secs(secs);
    }
}

#[async_trait::async_trait]
impl Clock for Stopped {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap()
    }

    async fn sleep(&self, _: Duration) {
        unreachable!("the client never sleeps")
    }
}

/// The scripted server.
pub(super) struct Script {
    base: String,
    requests: Arc<Mutex<Vec<Seen>>>,
    pub(super) clock: Arc<Stopped>,
    server: JoinHandle<()>,
}

impl Drop for Script {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Script {
    /// Listens, and answers in this order.
    pub(super) async fn start(replies: impl IntoIterator<Item = Reply>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let requests = Arc::default();
        let replies = replies.into_iter().collect();
        let server = tokio::spawn(serve(listener, replies, Arc::clone(&requests)));
        let clock = Stopped(Mutex::new("2026-03-01T02:00:00Z".parse().unwrap()));
        Self { base, requests, clock: Arc::new(clock), server }
    }

    /// A client of this server.
    pub(super) fn wechat(&self) -> WeChat {
        WeChat::new(settings(&self.base), Arc::clone(&self.clock) as Arc<dyn Clock>).unwrap()
    }

    /// Where it listens.
    pub(super) fn base_url(&self) -> &str {
        &self.base
    }

    /// What came so far.
    pub(super) fn requests(&self) -> Vec<Seen> {
        self.requests.lock().unwrap().clone()
    }
}

/// Settings with a secret that no output may show.
pub(super) fn settings(base: &str) -> Settings {
    Settings {
        appid: AppId::new("wx1234567890abcdef").unwrap(),
        secret: "PLANTED-SECRET".into(),
        base_url: base.parse().unwrap(),
        proxy: None,
        timeouts: Timeouts::default(),
    }
}

async fn serve(listener: TcpListener, replies: Vec<Reply>, requests: Arc<Mutex<Vec<Seen>>>) {
    let mut kept = Vec::new();
    for reply in replies {
        let (mut stream, _) = listener.accept().await.unwrap();
        let seen = read(&mut stream).await;
        requests.lock().unwrap().push(seen);
        match reply {
            Reply::Whole(head, body) => {
                let length = body.len();
                let text = format!(
                    "HTTP/1.1 {head}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
                );
                stream.write_all(text.as_bytes()).await.unwrap();
            }
            // The client may have heard enough before the end.
            Reply::Raw(bytes) => drop(stream.write_all(&bytes).await),
            Reply::Drop => {}
            Reply::Hang => kept.push(stream),
        }
    }
    // What comes after the end is counted, and gets no answer.
    loop {
        let (mut stream, _) = listener.accept().await.unwrap();
        let seen = read(&mut stream).await;
        requests.lock().unwrap().push(seen);
    }
}

async fn read(stream: &mut TcpStream) -> Seen {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(at) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break at;
        }
        assert_ne!(stream.read_buf(&mut bytes).await.unwrap(), 0, "the request broke off");
    };
    let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
    let (line, headers) = head.split_once("\r\n").unwrap();
    let mut seen = Seen { line: line.to_owned(), headers: headers.to_owned(), body: String::new() };
    let length = seen.header("content-length").map_or(0, |n| n.parse().unwrap());
    while bytes.len() < end + 4 + length {
        assert_ne!(stream.read_buf(&mut bytes).await.unwrap(), 0, "the body broke off");
    }
    // Uploads of the tests may hold any bytes; what is compared is text.
    seen.body = String::from_utf8_lossy(&bytes[end + 4..]).into_owned();
    seen
}
