//! The shared words: small values that are parsed once at the edge and trusted after.
//!
//! Comes in: text from files, answers and records. Goes out: values whose type says what they are,
//! so that a draft's id cannot stand where a message's id is meant. This module knows no other room
//! and does no I/O.
//!
//! ```
//! use qunfa::terms::{AppId, CampaignName, ClientMsgId, Effect, Generation, SendName};
//!
//! let effect = Effect::of_send(
//!     &AppId::new("wx1234567890abcdef").unwrap(),
//!     &CampaignName::new("spring-2026").unwrap(),
//!     &SendName::new("launch").unwrap(),
//!     None,
//!     0,
//! );
//! let id = ClientMsgId::new(&effect, Generation::FIRST);
//! assert_eq!(id.as_str().len(), 32); // the new pages say 32 bytes; a dashed UUID gives 45067
//! ```

use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

pub use jiff::Timestamp;

/// A word that does not have the form its type asks for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not {expected}")]
pub struct BadTerm {
    text: String,
    expected: &'static str,
}

impl BadTerm {
    fn new(text: &str, expected: &'static str) -> Self {
        Self { text: text.to_owned(), expected }
    }
}

/// Defines an id kept as text, with the check that its constructor makes.
macro_rules! text_term {
    ($(#[$doc:meta])* $name:ident, $expected:literal, $check:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            #[doc = concat!("Takes ", $expected, ".")]
            ///
            /// # Errors
            ///
            /// [`BadTerm`] when the text has another form.
            pub fn new(text: impl Into<String>) -> Result<Self, BadTerm> {
                let text = text.into();
                let check: fn(&str) -> bool = $check;
                if check(&text) { Ok(Self(text)) } else { Err(BadTerm::new(&text, $expected)) }
            }

            /// Borrows the text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl TryFrom<String> for $name {
            type Error = BadTerm;

            fn try_from(text: String) -> Result<Self, BadTerm> {
                Self::new(text)
            }
        }

        impl From<$name> for String {
            fn from(term: $name) -> String {
                term.0
            }
        }
    };
}

text_term!(
    /// The identity of an official account (公众号). A sandbox's begins with `sandbox-`.
    AppId, "an appid (letters, digits and `-`)",
    |text| !text.is_empty() && text.len() <= 64 && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
);
text_term!(
    /// The name of an account in `qunfa.yaml`: a label for people, never part of an identity.
    AccountName, "a name (lower-case words joined by `-`)", is_name
);
text_term!(
    /// The name of a campaign: one folder, or several with an [`Edition`] each.
    CampaignName, "a name (lower-case words joined by `-`)", is_name
);
text_term!(
    /// The name of a send (群发) within its campaign.
    SendName, "a name (lower-case words joined by `-`)", is_name
);
text_term!(
    /// Tells apart the issues of a series, such as `2026-w48`.
    Edition, "an edition (lower-case letters, digits, `-`, `_` and `.`)",
    |text| !text.is_empty() && text.len() <= 64
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-_.".contains(&b))
);
text_term!(
    /// The id of a material (素材) or a draft (草稿); at most 128 characters.
    MediaId, "a media_id (1 to 256 visible ASCII characters)", is_visible_ascii
);
text_term!(
    /// The address of an image that WeChat hosts, as `media/uploadimg` answers it.
    ImageUrl, "an http(s) address", |text| text.starts_with("https://") || text.starts_with("http://")
);
text_term!(
    /// A follower (粉丝) of one account; another account's openid is refused with 40003.
    OpenId, "an openid (letters, digits, `-` and `_`, at most 64)",
    |text| !text.is_empty() && text.len() <= 64
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
);
text_term!(
    /// A person's WeChat ID (微信号), which `mass/preview` takes as `towxname`.
    WxName, "a WeChat ID (1 to 64 characters without spaces)",
    |text| !text.is_empty() && text.chars().count() <= 64 && !text.chars().any(|c| c.is_whitespace() || c.is_control())
);
text_term!(
    /// The identity of a history, so that an empty or a foreign one is noticed.
    HistoryId, "a history id (32 lower-case hex digits)", |text| is_hex(text, 32)
);
text_term!(
    /// One run of the program: made by chance, written in every record of that run.
    RunId, "a run id (lower-case letters, digits and `-`)",
    |text| !text.is_empty() && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
);

fn is_name(text: &str) -> bool {
    text.len() <= 64
        && text.split('-').all(|word| {
            !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        })
}

fn is_visible_ascii(text: &str) -> bool {
    (1..=256).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic())
}

fn is_hex(text: &str, digits: usize) -> bool {
    text.len() == digits && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

impl AppId {
    /// Whether this account is an emulated one. A real appid has no `-`.
    pub fn is_sandbox(&self) -> bool {
        self.0.starts_with("sandbox-")
    }
}

/// The number of a mass send job (群发任务): above `i32`, below 2³² today.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct MsgId(pub u64);

/// The number of a send's articles, which comments and statistics are asked by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct MsgDataId(pub u64);

impl fmt::Display for MsgId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The number of a tag (标签): always above 0, since 0 is where old code means "everyone".
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub struct TagId(u32);

impl TagId {
    /// Takes a number above 0.
    ///
    /// # Errors
    ///
    /// [`BadTerm`] for 0.
    pub fn new(id: u32) -> Result<Self, BadTerm> {
        if id > 0 { Ok(Self(id)) } else { Err(BadTerm::new("0", "a tag id (a number above 0)")) }
    }

    /// The number itself.
    pub fn get(self) -> u32 {
        self.0
    }
}

impl TryFrom<u32> for TagId {
    type Error = BadTerm;

    fn try_from(id: u32) -> Result<Self, BadTerm> {
        Self::new(id)
    }
}

impl From<TagId> for u32 {
    fn from(id: TagId) -> u32 {
        id.0
    }
}

impl fmt::Display for TagId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What kind of official account this is; it decides who may send how often (wechat-api 6.6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AccountKind {
    /// 服务号: each follower gets at most four mass sends a calendar month.
    Service,
    /// 订阅号: one mass send a day, never to a list of openids.
    Subscription,
}

/// Who gets a preview (预览) before the send.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Reviewer {
    /// By WeChat ID (微信号): 100 previews a day.
    WxName(WxName),
    /// By openid.
    OpenId(OpenId),
}

impl fmt::Display for Reviewer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::WxName(name) => name.fmt(f),
            Self::OpenId(id) => id.fmt(f),
        }
    }
}

/// What to do when WeChat judges an article to be a reprint (转载): `send_ignore_reprint`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OnReprint {
    /// 0: do not send.
    Stop,
    /// 1: send, with the original's body in place of ours.
    Accept,
}

/// Who may comment (留言) on an article.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Comments {
    /// Nobody.
    Closed,
    /// Everybody.
    Everyone,
    /// Followers only.
    Followers,
}

/// What a permanent material (永久素材) is; the kinds' ids are not interchangeable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MaterialKind {
    /// 图片.
    Image,
}

/// The BLAKE3 hash of some content: equal fingerprints mean equal bytes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Fingerprint([u8; 32]);

impl Fingerprint {
    /// Hashes bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(*blake3::hash(bytes).as_bytes())
    }

    /// Hashes a sequence of parts, each preceded by its length, so that parts cannot run together.
    pub fn of_parts<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> Self {
        let mut hasher = blake3::Hasher::new();
        for part in parts {
            hasher.update(&(part.len() as u64).to_be_bytes());
            hasher.update(part);
        }
        Self(*hasher.finalize().as_bytes())
    }

    /// The 32 bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The first eight hex digits, for people.
    pub fn short(&self) -> String {
        hex(&self.0[..4])
    }
}

/// Writes bytes as lower-case hex digits.
pub fn hex(bytes: &[u8]) -> String {
    use fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        write!(text, "{byte:02x}").expect("writing to a String cannot fail");
        text
    })
}

fn unhex32(text: &str, expected: &'static str) -> Result<[u8; 32], BadTerm> {
    let mut bytes = [0; 32];
    if !is_hex(text, 64) {
        return Err(BadTerm::new(text, expected));
    }
    for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks(2)) {
        let pair = std::str::from_utf8(pair).expect("hex digits are ASCII");
        *byte = u8::from_str_radix(pair, 16).expect("checked to be hex above");
    }
    Ok(bytes)
}

/// Gives a 32-byte value its text form: 64 hex digits.
macro_rules! hex_term {
    ($name:ident, $expected:literal) => {
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&hex(&self.0))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), hex(&self.0[..4]))
            }
        }

        impl TryFrom<String> for $name {
            type Error = BadTerm;

            fn try_from(text: String) -> Result<Self, BadTerm> {
                unhex32(&text, $expected).map(Self)
            }
        }

        impl From<$name> for String {
            fn from(term: $name) -> String {
                hex(&term.0)
            }
        }
    };
}

hex_term!(Fingerprint, "a fingerprint (64 lower-case hex digits)");
hex_term!(Effect, "an effect (64 lower-case hex digits)");

/// The identity of one effect that must not happen twice: a part of a send (history-protocol 2).
///
/// It names the send and never its content, so that an article edited after its send can never look
/// like a new send.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Effect([u8; 32]);

impl Effect {
    /// Names part `part` of a send: 0, or the number of a batch of openids from 1.
    ///
    /// SHA-256 over length-prefixed (`send/v1`, appid, campaign, send, edition or nothing, part).
    /// Frozen: a change would let every recorded send go out again.
    pub fn of_send(
        appid: &AppId,
        campaign: &CampaignName,
        send: &SendName,
        edition: Option<&Edition>,
        part: u32,
    ) -> Self {
        let part = part.to_string();
        let words = [
            "send/v1",
            appid.as_str(),
            campaign.as_str(),
            send.as_str(),
            edition.map_or("", Edition::as_str),
            &part,
        ];
        let mut hasher = Sha256::new();
        for word in words {
            hasher.update((word.len() as u64).to_be_bytes());
            hasher.update(word.as_bytes());
        }
        Self(hasher.finalize().into())
    }
}

/// Which try at a send this is: raised only by a person who says "it was not sent" (R5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Generation(u32);

impl Generation {
    /// Where every send begins.
    pub const FIRST: Self = Self(0);

    /// The generation after this one.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0 + 1)
    }

    /// Counted from 0.
    pub fn get(self) -> u32 {
        self.0
    }
}

/// Our key for a send, which WeChat remembers for 24 hours (防重入): 32 hex digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ClientMsgId(String);

impl ClientMsgId {
    /// The first 32 hex digits of SHA-256(effect, generation): the same on every machine.
    pub fn new(effect: &Effect, generation: Generation) -> Self {
        let mut hasher = Sha256::new();
        hasher.update(effect.0);
        hasher.update(generation.0.to_be_bytes());
        Self(hex(&hasher.finalize()[..16]))
    }

    /// Borrows the text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for ClientMsgId {
    type Error = BadTerm;

    fn try_from(text: String) -> Result<Self, BadTerm> {
        if is_hex(&text, 32) {
            Ok(Self(text))
        } else {
            Err(BadTerm::new(&text, "a clientmsgid of ours (32 lower-case hex digits)"))
        }
    }
}

impl From<ClientMsgId> for String {
    fn from(id: ClientMsgId) -> String {
        id.0
    }
}

/// Where a send stands in the files: `spring-2026/sends/launch`, `weekly@2026-w48/sends/issue#2`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct SendAddress {
    /// The campaign that the send is written in.
    pub campaign: CampaignName,
    /// The campaign's edition, if it is one of a series.
    pub edition: Option<Edition>,
    /// The send's name.
    pub send: SendName,
    /// 0, or the number of a batch of openids from 1.
    pub part: u32,
}

impl SendAddress {
    /// The identity of this send on an account.
    pub fn effect(&self, appid: &AppId) -> Effect {
        Effect::of_send(appid, &self.campaign, &self.send, self.edition.as_ref(), self.part)
    }

    /// The same send without its part.
    #[must_use]
    pub fn whole(&self) -> Self {
        Self { part: 0, ..self.clone() }
    }
}

impl fmt::Display for SendAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.campaign)?;
        if let Some(edition) = &self.edition {
            write!(f, "@{edition}")?;
        }
        write!(f, "/sends/{}", self.send)?;
        if self.part > 0 {
            write!(f, "#{}", self.part)?;
        }
        Ok(())
    }
}

impl std::str::FromStr for SendAddress {
    type Err = BadTerm;

    fn from_str(text: &str) -> Result<Self, BadTerm> {
        let bad =
            || BadTerm::new(text, "the address of a send (CAMPAIGN[@EDITION]/sends/SEND[#PART])");
        let (head, tail) = text.split_once("/sends/").ok_or_else(bad)?;
        let (campaign, edition) = match head.split_once('@') {
            Some((campaign, edition)) => (campaign, Some(Edition::new(edition)?)),
            None => (head, None),
        };
        let (send, part) = match tail.split_once('#') {
            Some((send, part)) => (send, part.parse().map_err(|_| bad())?),
            None => (tail, 0),
        };
        let (campaign, send) = (CampaignName::new(campaign)?, SendName::new(send)?);
        Ok(Self { campaign, edition, send, part })
    }
}

/// A mass send request as it is written in the history, and repeated to the letter (R2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordedRequest {
    /// Which of the two calls it is.
    pub endpoint: MassEndpoint,
    /// The JSON body: raw UTF-8, with its `clientmsgid`.
    pub body: String,
}

/// The two calls that make a mass send job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MassEndpoint {
    /// `message/mass/sendall`: everyone, or a tag.
    SendAll,
    /// `message/mass/send`: a list of 2 to 10,000 openids.
    Send,
}

/// What `message/mass/get` says of a job.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JobStatus {
    /// `SEND_SUCCESS`.
    Sent,
    /// `SENDING`.
    Sending,
    /// `SEND_FAIL`: no reason is given here.
    Failed,
    /// `DELETE`: retracted, or an audience that was filtered to nobody.
    Deleted,
    /// A word that WeChat did not have when this was written, kept as it came.
    Other(String),
}

impl JobStatus {
    /// Whether asking again could bring another answer.
    pub fn is_final(&self) -> bool {
        match self {
            Self::Sent | Self::Failed | Self::Deleted => true,
            Self::Sending | Self::Other(_) => false,
        }
    }
}

/// Where the time comes from, so that tests move it and never wait.
#[async_trait::async_trait]
pub trait Clock: Send + Sync {
    /// The time now.
    fn now(&self) -> Timestamp;

    /// Lets `duration` pass.
    async fn sleep(&self, duration: std::time::Duration);
}

/// The day in Beijing (UTC+8), by which WeChat counts its quotas.
pub fn beijing_date(at: Timestamp) -> jiff::civil::Date {
    jiff::tz::TimeZone::fixed(jiff::tz::offset(8)).to_datetime(at).date()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> SendAddress {
        text.parse().unwrap()
    }

    #[test]
    fn the_effect_and_the_clientmsgid_are_frozen() {
        let appid = AppId::new("wx1234567890abcdef").unwrap();
        let effect = address("spring-2026@2026-w48/sends/launch#3").effect(&appid);
        assert_eq!(
            effect.to_string(),
            "119be2becb9af0d179db479bf7b346c446d9e14e4bee8c51da456595a058c5f2"
        );
        assert_eq!(
            ClientMsgId::new(&effect, Generation::FIRST).as_str(),
            "61c6d1495e5b767f3ce798ecb793ec83"
        );
        assert_eq!(
            ClientMsgId::new(&effect, Generation::FIRST.next()).as_str(),
            "d2904c5a4da92d1da029d5713b9fbd58"
        );
    }

    #[test]
    fn words_cannot_run_together_in_an_effect() {
        let appid = AppId::new("wx1234567890abcdef").unwrap();
        let seen: std::collections::BTreeSet<Effect> =
            ["a/sends/b", "a/sends/b#1", "a@b/sends/c", "ab/sends/c", "a/sends/bc", "a/sends/b#11"]
                .iter()
                .map(|text| address(text).effect(&appid))
                .collect();
        assert_eq!(seen.len(), 6);
    }

    #[test]
    fn addresses_read_back_as_they_are_written() {
        for text in ["spring-2026/sends/launch", "weekly@2026-w48/sends/issue#2"] {
            assert_eq!(address(text).to_string(), text);
        }
        assert!("spring-2026/launch".parse::<SendAddress>().is_err());
        assert!("Spring/sends/launch".parse::<SendAddress>().is_err());
    }

    #[test]
    fn a_tag_id_is_never_zero() {
        assert!(TagId::new(0).is_err());
        assert!(serde_json::from_str::<TagId>("0").is_err());
    }

    #[test]
    fn the_day_turns_in_beijing() {
        let late: Timestamp = "2026-03-01T15:59:59Z".parse().unwrap();
        let early: Timestamp = "2026-03-01T16:00:00Z".parse().unwrap();
        assert_eq!(beijing_date(late).to_string(), "2026-03-01");
        assert_eq!(beijing_date(early).to_string(), "2026-03-02");
    }
}
