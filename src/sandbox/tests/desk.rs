//! The desk that every test works at: a sandbox, a client, and things to send.

use std::time::Duration;

use reqwest::{
    Client, Method,
    multipart::{Form, Part},
};
use serde_json::{Value, json};

use crate::{
    sandbox::{Keep, Rules, Sandbox, SandboxClock, openid},
    terms::{AccountKind, AppId},
};

/// A JPEG, as far as its first bytes say.
pub(super) const JPEG: &[u8] = &[0xff, 0xd8, 0xff, 0xe0, 1, 2, 3];
/// A PNG, as far as its first bytes say.
pub(super) const PNG: &[u8] = b"\x89PNG\r\n\x1a\n123";

/// An MP4, as far as its first bytes say.
pub(super) const MP4: &[u8] = b"\0\0\0\x18ftypmp42\0\0\0\0";

/// A silent MP3 of so many frames, each about 26 ms.
pub(super) fn mp3(frames: usize) -> Vec<u8> {
    let mut frame = vec![0xff, 0xfb, 0x90, 0x00]; // MPEG 1, 128 kbit/s, 44.1 kHz
    frame.resize(417, 0);
    frame.repeat(frames)
}

/// The rules most tests begin with.
pub(super) fn service() -> Rules {
    Rules::new(AppId::new("sandbox-shop").unwrap(), AccountKind::Service)
}

pub(super) fn subscription() -> Rules {
    Rules::new(AppId::new("sandbox-daily").unwrap(), AccountKind::Subscription)
}

pub(super) fn clock() -> SandboxClock {
    SandboxClock::by_hand("2026-03-01T10:00:00+08:00".parse().unwrap())
}

/// The openids of followers 0 to `count` of [`service`].
pub(super) fn openids(count: u32) -> Vec<String> {
    (0..count).map(|index| openid(&service().appid, index)).collect()
}

/// A sandbox, and a client that knows nothing of it but its address and a token.
pub(super) struct Desk {
    pub(super) sandbox: Sandbox,
    pub(super) http: Client,
    pub(super) token: String,
}

impl Desk {
    pub(super) async fn open(rules: Rules) -> Self {
        Self::over(Sandbox::start(rules, Keep::Memory, clock()).await.unwrap(), "sandbox-shop")
            .await
    }

    /// Opens a desk at a running sandbox.
    pub(super) async fn over(sandbox: Sandbox, appid: &str) -> Self {
        let http = Client::builder().no_proxy().build().unwrap();
        let mut desk = Self { sandbox, http, token: String::new() };
        desk.token = desk.ask_token(appid).await["access_token"].as_str().unwrap_or("").to_owned();
        desk
    }

    pub(super) async fn ask_token(&self, appid: &str) -> Value {
        let body = json!({ "grant_type": "client_credential", "appid": appid, "secret": "秘密" });
        self.post("stable_token", &body).await
    }

    pub(super) fn url(&self, name: &str) -> String {
        let sign = if name.contains('?') { '&' } else { '?' };
        format!("{}cgi-bin/{name}{sign}access_token={}", self.sandbox.base_url(), self.token)
    }

    pub(super) async fn raw(&self, method: Method, url: &str, body: String) -> Value {
        let answer = self.http.request(method, url).body(body).send().await.unwrap();
        assert_eq!(answer.status(), 200);
        serde_json::from_str(&answer.text().await.unwrap()).unwrap()
    }

    pub(super) async fn post(&self, name: &str, body: &Value) -> Value {
        self.raw(Method::POST, &self.url(name), body.to_string()).await
    }

    pub(super) async fn get(&self, name: &str) -> Value {
        self.raw(Method::GET, &self.url(name), String::new()).await
    }

    pub(super) async fn upload(&self, name: &str, form: Form) -> Value {
        let answer = self.http.post(self.url(name)).multipart(form).send().await.unwrap();
        serde_json::from_str(&answer.text().await.unwrap()).unwrap()
    }

    /// Uploads a cover, and returns its media id.
    pub(super) async fn cover(&self) -> String {
        let answer =
            self.upload("material/add_material?type=image", media("cover.jpg", JPEG)).await;
        answer["media_id"].as_str().unwrap().to_owned()
    }

    /// Uploads a file to `material/add_material` or `media/upload`, and returns its id.
    pub(super) async fn file(&self, name: &str, form: Form) -> String {
        let answer = self.upload(name, form).await;
        let id = answer.get("thumb_media_id").unwrap_or(&answer["media_id"]);
        id.as_str().unwrap_or_else(|| panic!("{answer}")).to_owned()
    }

    /// Saves a draft of one article, and returns its media id.
    pub(super) async fn draft(&self) -> String {
        let cover = self.cover().await;
        let answer = self.post("draft/add", &json!({ "articles": [article(&cover)] })).await;
        answer["media_id"].as_str().unwrap().to_owned()
    }

    /// Sends a text to the tag VIP会员 under a clientmsgid.
    pub(super) async fn send_text(&self, id: &str) -> Value {
        self.post("message/mass/sendall", &text_to_vip(id)).await
    }

    pub(super) fn later(&self, seconds: u64) {
        self.sandbox.clock().advance(Duration::from_secs(seconds));
    }

    /// Posts a body and compares the errcode.
    pub(super) async fn check(&self, name: &str, body: &Value, errcode: i64) {
        let answer = self.post(name, body).await;
        assert_eq!(code(&answer), errcode, "{name} {body}\n{answer}");
    }
}

/// An answer's errcode; success may have none.
pub(super) fn code(answer: &Value) -> i64 {
    answer.get("errcode").map_or(0, |code| code.as_i64().unwrap())
}

/// A form with the one part that WeChat wants.
pub(super) fn media(name: &str, bytes: &'static [u8]) -> Form {
    let mime = if name.ends_with("png") { "image/png" } else { "image/jpeg" };
    part(name, mime, bytes.to_vec())
}

pub(super) fn part(name: &str, mime: &str, bytes: Vec<u8>) -> Form {
    let part = Part::bytes(bytes).file_name(name.to_owned()).mime_str(mime).unwrap();
    Form::new().part("media", part)
}

pub(super) fn article(cover: &str) -> Value {
    json!({
        "title": "春季上新：十二款通勤外套",
        "author": "编辑部",
        "digest": "轻便、防风、好打理。",
        "content": "<p>春天来了。</p>",
        "thumb_media_id": cover,
    })
}

pub(super) fn text_to_vip(id: &str) -> Value {
    json!({
        "filter": { "is_to_all": false, "tag_id": 100 },
        "text": { "content": "明天十点开始。" },
        "msgtype": "text",
        "clientmsgid": id,
    })
}

/// The same object with one field replaced, or taken away by `null`.
pub(super) fn with(mut body: Value, field: &str, value: Value) -> Value {
    body[field] = value;
    body
}
