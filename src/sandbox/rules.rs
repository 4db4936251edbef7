//! What a sandbox account is like: all of it has a default, and a test changes one thing.

use std::{collections::BTreeMap, time::Duration};

use serde::{Deserialize, Serialize};

use crate::terms::{AccountKind, AppId, OnReprint};

/// How an emulated account behaves.
///
/// [`Rules::new`] follows the safe reading wherever WeChat's own behaviour is known;
/// the enums below are the places where it is not, or where accounts differ.
#[derive(Debug, Clone)]
pub struct Rules {
    /// The account's identity; a sandbox's begins with `sandbox-`.
    pub appid: AppId,
    /// Decides the rights to send (WeChat's page 群发次数).
    pub kind: AccountKind,
    /// The AppSecret that the token calls ask for; `None` takes any that is not empty.
    pub secret: Option<String>,
    /// Followers (粉丝) of a fresh account.
    pub followers: u32,
    /// Tags (标签) of a fresh account.
    pub tags: Vec<Tag>,
    /// How long a mass send job says `SENDING`; 20 s.
    pub job_takes: Duration,
    /// After this, `mass/get` says 40059 ("unknown and old ids"); 30 days.
    pub jobs_known_for: Duration,
    /// Life of a token; 7,200 s.
    pub token_lives: Duration,
    /// What a repeat of a clientmsgid within 60 s gets.
    pub fast_repeat: FastRepeat,
    /// When a clientmsgid is looked up.
    pub repeat_check: RepeatCheck,
    /// What comes of sends to everyone under API群发保护.
    pub confirmation: Confirmation,
    /// Which mini programs are linked (关联) with the account.
    pub mini_programs: MiniPrograms,
    /// What becomes of sends and previews of cards (卡券).
    pub cards: Cards,
    /// What the originality check (原创校验) finds in every article that is sent.
    pub originality: Originality,
    /// WeChat IDs of people who do not follow the account (43004); all others do.
    pub strangers: Vec<String>,
    /// How numbers are written in answers.
    pub numbers: Numbers,
    /// Daily limits that differ from a new account's, by the call's name (`draft/add`).
    pub per_day: BTreeMap<String, u32>,
    /// Calls of the mass-send family a minute; 60.
    pub mass_calls_per_minute: u32,
    /// Length of a text send in characters; 600, since no source knows the true limit.
    pub text_chars_max: usize,
    /// Whether `/_sandbox/advance` and `/_sandbox/fault` obey: for tests of another process.
    pub control: bool,
}

impl Rules {
    /// Rules of a verified account with 12,480 followers and some tags.
    pub fn new(appid: AppId, kind: AccountKind) -> Self {
        Self {
            appid,
            kind,
            secret: None,
            followers: 12_480,
            tags: seeded_tags(),
            job_takes: Duration::from_secs(20),
            jobs_known_for: Duration::from_hours(30 * 24),
            token_lives: Duration::from_hours(2),
            fast_repeat: FastRepeat::TooFast,
            repeat_check: RepeatCheck::First,
            confirmation: Confirmation::NotAsked,
            mini_programs: MiniPrograms::Any,
            cards: Cards::Accepted,
            originality: Originality::Original,
            strangers: Vec::new(),
            numbers: Numbers::AsNumbers,
            per_day: BTreeMap::new(),
            mass_calls_per_minute: 60,
            text_chars_max: 600,
            control: false,
        }
    }
}

fn seeded_tags() -> Vec<Tag> {
    let seeds = [
        (2, "星标组", 0),
        (100, "VIP会员", 3_210),
        (101, "北京", 1_024),
        (102, "新关注", 58),
        (103, "已购春季", 256),
        (104, "上海", 2_048),
    ];
    seeds.map(|(id, name, count)| Tag { id, name: name.to_owned(), count }).to_vec()
}

/// A tag (标签) of the account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tag {
    /// What `sendall` takes as `tag_id`.
    pub id: u32,
    /// What people call it.
    pub name: String,
    /// How many followers have it.
    pub count: u32,
}

/// What a clientmsgid gets that comes again within 60 s of its last request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FastRepeat {
    /// 45066; after 60 s of silence 45065.
    TooFast,
    /// 45065 at once.
    Duplicate,
}

/// When a clientmsgid is looked up; no source knows which is true.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RepeatCheck {
    /// Before anything that the first send changed: a repeat is always 45065 or 45066.
    First,
    /// After the draft and the right to send: a repeat gets 40007 (the spent draft) or 45028
    /// *because* the first send went out.
    Last,
}

/// API群发保护: a send to everyone may wait for the administrator's tap on the phone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Confirmation {
    /// Switched off.
    NotAsked,
    /// The administrator agrees after this time.
    Granted(Duration),
    /// The administrator refuses after this time: `err(40001)`.
    Refused(Duration),
    /// Nobody answers for 30 minutes: `err(40002)`.
    Unanswered,
}

/// Which mini programs (小程序) an article may show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MiniPrograms {
    /// Every well-formed appid counts as linked.
    Any,
    /// Only these; others are refused with 40168.
    Linked(Vec<String>),
}

/// Whether cards go out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cards {
    /// As the table of parameters still says.
    Accepted,
    /// 45113, as WeChat's page of sends says today.
    Refused,
}

/// What the originality check (原创校验) says; the call is accepted all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Originality {
    /// Nothing like it was found: sent.
    Original,
    /// A reprint (转载) that its author allows: sent with `send_ignore_reprint` 1, else
    /// `err(30003)`.
    Reprint,
    /// A reprint that its author forbids: `err(30002)`.
    Forbidden,
    /// The check itself failed: sent with `send_ignore_reprint` 1, else `err(30001)`.
    CheckFailed,
}

impl Originality {
    /// Why articles do not go out, as the event of the job says it.
    pub(super) fn verdict(self, on_reprint: OnReprint) -> Option<&'static str> {
        match self {
            Self::Original => None,
            Self::Forbidden => Some("err(30002)"),
            Self::Reprint | Self::CheckFailed if on_reprint == OnReprint::Accept => None,
            Self::Reprint => Some("err(30003)"),
            Self::CheckFailed => Some("err(30001)"),
        }
    }
}

/// How an answer writes `msg_id`, `msg_data_id` and `expires_in`: clients must read both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Numbers {
    /// `3147483649`
    AsNumbers,
    /// `"3147483649"`
    AsStrings,
}
