//! An emulated account: its state, and the one function that answers a call.
//!
//! No I/O, no clock, no chance: the same state, call and time give the same answer and state.

use std::{collections::BTreeMap, sync::Arc};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::terms::{Fingerprint, JobStatus, Timestamp};

use super::{
    audience::{self, Followers},
    derive,
    draft::{self, Draft},
    endpoint::{Endpoint, Verb},
    job::{self, StoredJob},
    mass::{self, Remembered},
    material,
    media::{self, Uploaded},
    news,
    preview::{self, PreviewSeen},
    quota::{self, Used},
    refusal::{Errcode, Refusal, refuse},
    retract,
    rules::{Numbers, Rules, Tag},
    service::{self, Service},
    temporary,
    token::{self, Tokens},
    video::{self, MpVideo},
    wire::Call,
};

/// An account, ready to answer.
#[derive(Debug, Clone)]
pub(super) struct Account {
    /// How it behaves; never stored.
    pub(super) rules: Arc<Rules>,
    /// What happened to it.
    pub(super) state: State,
    /// Files that came with this call, for whoever keeps the account to keep too.
    pub(super) files: Vec<(Fingerprint, Vec<u8>)>,
}

/// Everything an account remembers: one JSON document in the state file.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct State {
    /// How many ids were made; the seed of the next.
    pub(super) made: u64,
    pub(super) followers: u32,
    pub(super) tags: Vec<Tag>,
    pub(super) tokens: Tokens,
    pub(super) used: Used,
    pub(super) service: Service,
    pub(super) images: Vec<Uploaded>,
    /// By media id.
    pub(super) materials: BTreeMap<String, Uploaded>,
    /// By media id; those that have expired may still be among them.
    pub(super) temporary: BTreeMap<String, Uploaded>,
    /// By the media id that can be sent; those that have expired may still be among them.
    pub(super) mp_videos: BTreeMap<String, MpVideo>,
    /// Articles by the old way, by media id; those that have expired may still be among them.
    pub(super) news: BTreeMap<String, Draft>,
    /// By media id.
    pub(super) drafts: BTreeMap<String, Draft>,
    pub(super) previews: Vec<PreviewSeen>,
    pub(super) jobs: Vec<StoredJob>,
    /// By clientmsgid, or by a digest of range and content.
    pub(super) remembered: BTreeMap<String, Remembered>,
    /// How the next jobs end, when that was ordered.
    pub(super) endings: Vec<JobStatus>,
}

/// What goes back to the caller, always with HTTP status 200.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Answer {
    /// 0 for success, also where the body has no `errcode` at all.
    pub(super) errcode: i64,
    /// What it says.
    pub(super) body: Body,
}

/// The body of an answer.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Body {
    /// As nearly always.
    Json(Value),
    /// A picture or a voice, for the calls that give one back.
    File(FileSent),
}

/// A file that goes out; its bytes are with whoever keeps the account.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct FileSent {
    /// The hash of its bytes.
    pub(super) fingerprint: Fingerprint,
    /// Its name, in ASCII.
    pub(super) name: String,
}

impl FileSent {
    /// Sends a file as it came.
    pub(super) fn of(file: &Uploaded) -> Self {
        Self { fingerprint: file.fingerprint, name: file.name.clone() }
    }
}

impl Account {
    /// A fresh account, with what its rules seed.
    pub(super) fn new(rules: Arc<Rules>) -> Self {
        let followers = rules.tags.iter().map(|tag| tag.count).fold(rules.followers, u32::max);
        let state = State { followers, tags: rules.tags.clone(), ..State::default() };
        Self { rules, state, files: Vec::new() }
    }

    /// The followers, as a function of their number.
    pub(super) fn followers(&self) -> Followers<'_> {
        Followers { appid: &self.rules.appid, count: self.state.followers }
    }

    /// Finds a tag by the id that a request gave.
    pub(super) fn tag(&self, id: i64) -> Option<&Tag> {
        self.state.tags.iter().find(|tag| i64::from(tag.id) == id)
    }

    /// Makes an id of `count` letters that no other call gets.
    pub(super) fn fresh(&mut self, kind: &str, count: usize) -> String {
        self.state.made += 1;
        let words = [kind, self.rules.appid.as_str(), &self.state.made.to_string()];
        derive::letters(&words, count)
    }
}

/// Answers a call, and changes the account as WeChat would.
pub(super) fn call(account: &mut Account, call: &Call, now: Timestamp) -> Answer {
    match answer(account, call, now) {
        Ok(mut body) => {
            if let (Numbers::AsStrings, Body::Json(body)) = (account.rules.numbers, &mut body) {
                write_numbers_as_strings(body);
            }
            Answer { errcode: 0, body }
        }
        Err(refusal) => refused(&refusal, account.state.made, now),
    }
}

/// The answer that carries a refusal, decorated as WeChat decorates it.
pub(super) fn refused(refusal: &Refusal, salt: u64, now: Timestamp) -> Answer {
    let seconds = now.as_second();
    let noise = Fingerprint::of(format!("{seconds} {salt}").as_bytes()).to_string();
    let rid = format!("{seconds:08x}-{}-{}", &noise[..8], &noise[8..16]);
    let mut body = json!({
        "errcode": refusal.code,
        "errmsg": format!("{} rid: {rid}", refusal.text),
    });
    if let Some(msg_id) = refusal.msg_id {
        body["msg_id"] = msg_id.into();
    }
    Answer { errcode: refusal.code, body: Body::Json(body) }
}

fn answer(account: &mut Account, call: &Call, now: Timestamp) -> Result<Body, Refusal> {
    let Some(endpoint) = call.endpoint() else {
        token::check(account, call, now)?;
        return refuse(unknown(&call.path));
    };
    match (endpoint.verb(), call.verb) {
        (Verb::Get, Verb::Post | Verb::Other) => return refuse(Errcode::NeedsGet),
        (Verb::Post, Verb::Get | Verb::Other) => return refuse(Errcode::NeedsPost),
        _ => {}
    }
    if !endpoint.makes_tokens() {
        token::check(account, call, now)?;
    }
    quota::count_call(account, endpoint, now)?;
    match endpoint {
        Endpoint::GetMaterial => material::get(account, call),
        Endpoint::GetTemporary => temporary::get(account, call, now),
        other => told(account, other, call, now).map(Body::Json),
    }
}

/// Answers a call whose answer is JSON.
fn told(
    account: &mut Account,
    endpoint: Endpoint,
    call: &Call,
    now: Timestamp,
) -> Result<Value, Refusal> {
    match endpoint {
        Endpoint::Token => token::plain(account, call, now),
        Endpoint::StableToken => token::stable(account, call, now),
        Endpoint::UploadImage => media::upload_image(account, call, now),
        Endpoint::AddMaterial => material::add(account, call, now),
        Endpoint::DeleteMaterial => material::delete(account, call),
        Endpoint::CountMaterials => Ok(material::counts(account)),
        Endpoint::ListMaterials => material::list(account, call),
        Endpoint::UploadTemporary => temporary::upload(account, call, now),
        Endpoint::UploadVideo => video::convert(account, call, now),
        Endpoint::UploadNews => news::upload(account, call, now),
        // Answered above, with a file.
        Endpoint::GetMaterial | Endpoint::GetTemporary => refuse(Errcode::SystemError),
        Endpoint::AddDraft => draft::add(account, call, now),
        Endpoint::UpdateDraft => draft::update(account, call, now),
        Endpoint::GetDraft => draft::get(account, call),
        Endpoint::DeleteDraft => draft::delete(account, call),
        Endpoint::CountDrafts => Ok(draft::count(account)),
        Endpoint::SendAll | Endpoint::Send => mass::submit(account, endpoint, call, now),
        Endpoint::Preview => preview::preview(account, call, now),
        Endpoint::GetJob => job::get(account, call, now),
        Endpoint::DeleteJob => retract::delete(account, call, now),
        Endpoint::Tags => Ok(audience::tags(account)),
        Endpoint::Followers => audience::followers(account, call),
        Endpoint::TagMembers => audience::tag_members(account, call),
        Endpoint::Quota => quota::get(account, call, now),
        Endpoint::ClearQuota => service::clear_quota(account, call, now),
        Endpoint::GetSpeed => service::speed(account, call),
        Endpoint::SetSpeed => service::set_speed(account, call),
        Endpoint::ApiAddresses | Endpoint::CallbackAddresses => Ok(service::addresses()),
        Endpoint::Ticket => service::ticket(account, call, now),
    }
}

/// The code for a call that is not emulated: what an account sees that does not have the API
/// (48001), or 45103 for the calls that nobody has any more.
fn unknown(path: &str) -> Errcode {
    match path {
        "/cgi-bin/material/add_news" | "/cgi-bin/material/update_news" => Errcode::ApiUnsupported,
        _ => Errcode::Unauthorized,
    }
}

fn write_numbers_as_strings(body: &mut Value) {
    for name in ["msg_id", "msg_data_id", "expires_in"] {
        if let Some(number) = body.get(name).and_then(Value::as_u64) {
            body[name] = number.to_string().into();
        }
    }
}
