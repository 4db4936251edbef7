//! What a person wrote, typed: every value that a problem could be about knows its place.

use std::collections::BTreeMap;

use super::openids::Digest;
use crate::diagnostic::Spanned;
use crate::terms::{
    AccountKind, AccountName, AppId, CampaignName, CardId, Comments, Edition, HistoryId,
    MaterialKind, MediaId, OnReprint, RetractedArticles, RetractionName, SendName, Slice,
    Timestamp,
};

/// Values bound in templates under names of a person's choice.
pub type Vars = BTreeMap<String, serde_json::Value>;

/// `qunfa.yaml`: the accounts, and what they share.
#[derive(Debug, Clone, PartialEq)]
pub struct Project {
    /// In the order of the file.
    pub accounts: Vec<Account>,
    /// Where the history is kept; `sqlite:.qunfa/history.db` unless written.
    pub history: HistoryPlace,
    /// Folders beside `qunfa.yaml` that paths beginning with `/` may name.
    pub shared: Vec<Spanned<String>>,
}

/// Where the history is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryPlace {
    /// The SQLite file, relative to the folder of `qunfa.yaml`.
    pub sqlite: String,
    /// The id that a real account's history must have.
    pub id: Option<Spanned<HistoryId>>,
}

/// One official account (公众号) of `qunfa.yaml`.
#[derive(Debug, Clone, PartialEq)]
pub struct Account {
    /// The label that campaigns name it by.
    pub name: Spanned<AccountName>,
    /// 服务号 or 订阅号.
    pub kind: AccountKind,
    /// Where its API is.
    pub api: Api,
    /// The account's identity; `sandbox-NAME` for an emulated one that writes none.
    pub appid: AppId,
    /// Where the AppSecret comes from; an emulated account needs none.
    pub secret: Option<Spanned<Source>>,
    /// A proxy with a fixed exit address.
    pub proxy: Option<Spanned<Source>>,
    /// Who gets the previews of sends that name nobody. Each text is a template.
    pub reviewers: Vec<Spanned<ReviewerText>>,
    /// Who may approve; empty: anybody.
    pub approvers: Vec<String>,
    /// What the account insists on.
    pub policy: Policy,
    /// Bound in templates; a campaign's own come before them.
    pub vars: Vars,
    /// Mini programs that every campaign of the account may name.
    pub mini_programs: Vec<MiniProgram>,
    /// Targets that every campaign of the account may name.
    pub targets: Vec<Target>,
    /// Media that every campaign of the account may name; paths from the folder of `qunfa.yaml`.
    pub media: Vec<Media>,
    /// The only folders that may name this account, if written.
    pub campaigns: Option<Vec<Spanned<String>>>,
}

/// Where an account's API is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Api {
    /// The emulator in this program, its state kept under `.qunfa/`.
    Sandbox,
    /// A base URL: `https://api.weixin.qq.com`, another host of WeChat's, or a loopback address.
    Url(Spanned<String>),
}

/// Where a secret or a setting comes from; never the file itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// A variable of the environment.
    Env(String),
    /// A file's text, without the newline at its end.
    File(String),
    /// What a command prints.
    Command(Vec<String>),
}

/// What an account insists on, whatever its campaigns say.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Policy {
    /// Approvals that a send to everyone needs.
    pub approvals_everyone: u32,
    /// Approvals that a send to `large` or more people needs.
    pub approvals_large: u32,
    /// Approvals that a retraction needs.
    pub approvals_retract: u32,
    /// From how many people on a send is large.
    pub large: Option<u64>,
    /// Above this many people nothing is sent.
    pub max_recipients: Option<u64>,
    /// The longest window on a real account, in seconds.
    pub max_window_s: Option<u64>,
}

/// A reviewer as written: the text is a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReviewerText {
    /// A WeChat ID (微信号).
    WxName(String),
    /// An openid.
    OpenId(String),
}

/// `campaign.yaml`: one campaign, with the account that it names.
#[derive(Debug, Clone, PartialEq)]
pub struct Campaign {
    /// The account, whole.
    pub account: Account,
    /// Where `account:` is written.
    pub account_ref: Spanned<AccountName>,
    /// Its name.
    pub name: Spanned<CampaignName>,
    /// Which issue of a series it is.
    pub edition: Option<Spanned<Edition>>,
    /// Bound in templates.
    pub vars: Vars,
    /// Mini programs (小程序): the campaign's own, then the account's that it does not redefine.
    pub mini_programs: Vec<MiniProgram>,
    /// Media (素材), likewise.
    pub media: Vec<Media>,
    /// Articles (图文), in the order of the file.
    pub articles: Vec<Article>,
    /// Targets, the campaign's own, then the account's.
    pub targets: Vec<Target>,
    /// Sends (群发), in the order of the file.
    pub sends: Vec<Send>,
    /// Retractions (删除群发), in the order of the file.
    pub retractions: Vec<Retraction>,
    /// Whether each retraction of the file could be read; an error was noted for any that could not.
    pub retractions_are_whole: bool,
}

/// A mini program that articles link to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MiniProgram {
    /// The name that templates use: lower-case words joined by `_`.
    pub name: Spanned<String>,
    /// `wx` and 16 hex digits.
    pub appid: Spanned<String>,
    /// The page, with no leading slash. A template.
    pub path: Spanned<String>,
    /// At most 35 characters. A template.
    pub title: Option<Spanned<String>>,
    /// The card's picture, 1080 × 864 px: the key of a file in the bundle.
    pub image: Option<Spanned<String>>,
}

/// A named piece of media.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Media {
    /// Its name.
    pub name: Spanned<String>,
    /// What it is.
    pub medium: MediumText,
    /// Where it comes from.
    pub source: Spanned<MediaSource>,
}

/// What a piece of media is, as written: its kind decides where it may stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MediumText {
    /// A picture (图片).
    Image,
    /// A voice (语音), at most 60 s.
    Voice,
    /// A video (视频).
    Video {
        /// 标题. A template.
        title: Spanned<String>,
        /// 简介. A template.
        description: Option<Spanned<String>>,
    },
    /// A thumb (缩略图).
    Thumb,
}

impl MediumText {
    /// WeChat's word for it.
    pub fn kind(&self) -> MaterialKind {
        match self {
            Self::Image => MaterialKind::Image,
            Self::Voice => MaterialKind::Voice,
            Self::Video { .. } => MaterialKind::Video,
            Self::Thumb => MaterialKind::Thumb,
        }
    }
}

/// Where a piece of media comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MediaSource {
    /// The key of a file in the bundle.
    File(String),
    /// On the account already, under this id.
    OnAccount(MediaId),
}

/// One article of a draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Article {
    /// Its name.
    pub name: Spanned<String>,
    /// At most 32 characters once rendered. A template.
    pub title: Spanned<String>,
    /// At most 16 characters.
    pub author: Option<Spanned<String>>,
    /// At most 120 characters once rendered. A template.
    pub digest: Option<Spanned<String>>,
    /// The cover: the name of a [`Media`], or the key of a file.
    pub cover: Spanned<String>,
    /// The body: the key of a Markdown or HTML file in the bundle.
    pub body: Spanned<String>,
    /// A built-in theme's name.
    pub theme: Option<Spanned<String>>,
    /// 阅读原文. A template.
    pub source_url: Option<Spanned<String>>,
    /// Who may comment.
    pub comments: Comments,
}

/// Whom a send can go to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// Its name.
    pub name: Spanned<String>,
    /// The people.
    pub audience: Spanned<AudienceText>,
    /// How many people there must be, so that a mistaken tag is noticed.
    pub expect: Option<Spanned<Expect>>,
}

/// An audience as written. There is no default.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AudienceText {
    /// `everyone: true`.
    Everyone,
    /// `tag: NAME`. A template.
    Tag(String),
    /// `openids: FILE`, and what belongs to it.
    OpenIds(ListText),
}

/// A list of openids as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListText {
    /// The key of a list in the bundle.
    pub file: String,
    /// For a table, the column with the openids.
    pub column: Option<String>,
    /// What the file's bytes must come to, in lower-case hex.
    pub sha256: Option<Spanned<String>>,
    /// How many openids the file must have, each counted once.
    pub count: Option<Spanned<u64>>,
    /// The targets whose people are taken away: lists too.
    pub except: Vec<Spanned<String>>,
    /// The share of the people that is meant.
    pub slice: Option<Spanned<Slice>>,
}

impl ListText {
    /// A whole file.
    pub fn of(file: &str) -> Self {
        let (column, sha256, count, slice) = (None, None, None, None);
        Self { file: file.to_owned(), column, sha256, count, except: Vec::new(), slice }
    }

    /// What has to be known of the file.
    pub fn digest(&self) -> Digest {
        if self.sha256.is_some() { Digest::Asked } else { Digest::Unasked }
    }
}

/// Bounds on the number of people, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Expect {
    /// At least so many.
    pub at_least: Option<u64>,
    /// At most so many.
    pub at_most: Option<u64>,
}

/// One intended mass send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Send {
    /// Its name.
    pub name: Spanned<SendName>,
    /// What is sent.
    pub content: ContentText,
    /// The name of a target.
    pub to: Spanned<String>,
    /// Who gets a preview; `None` where the file writes nothing (then the account's reviewers do).
    pub preview: Option<Vec<Spanned<ReviewerText>>>,
    /// How many people must approve, if written.
    pub approval: Option<Spanned<u32>>,
    /// When it may go out.
    pub window: Spanned<Window>,
    /// What to do about a reprint.
    pub on_reprint: OnReprint,
    /// What must have happened before.
    pub after: Vec<After>,
    /// Closes the send without sending, with the reason.
    pub skip: Option<Spanned<String>>,
    /// The address of an equal send: says that the repeat is meant.
    pub again: Option<Spanned<String>>,
}

/// What a send sends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ContentText {
    /// Names of articles, 1 to 8.
    News(Vec<Spanned<String>>),
    /// A text message. A template.
    Text(Spanned<String>),
    /// Pictures (图片消息), 1 to 20.
    Images {
        /// Each the name of a [`Media`], or the key of a file.
        pictures: Vec<Spanned<String>>,
        /// What stands beside them (推荐语). A template.
        caption: Option<Spanned<String>>,
        /// Who may comment.
        comments: Comments,
    },
    /// A voice (语音消息): the name of a [`Media`], or the key of a file.
    Voice(Spanned<String>),
    /// A video (视频消息): the name of a [`Media`], which has its title.
    Video(Spanned<String>),
    /// A card (卡券), by its id.
    Card(Spanned<CardId>),
}

/// A send, or some of its articles, to be taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retraction {
    /// Its name.
    pub name: Spanned<RetractionName>,
    /// The send: a name in this campaign, or an address.
    pub send: Spanned<String>,
    /// What of it.
    pub articles: Spanned<RetractedArticles>,
    /// Why, for those who read the history.
    pub reason: Spanned<String>,
}

/// When a send may go out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// Not before.
    pub from: Option<Timestamp>,
    /// Not at or after.
    pub until: Timestamp,
}

/// One entry of `after`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct After {
    /// The other send: a name in this campaign, or an address. Or a retraction: `retract/NAME`, or
    /// its address.
    pub send: Spanned<String>,
    /// What it must have come to; a retraction must be done.
    pub outcome: AfterOutcome,
}

/// What another send must have come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AfterOutcome {
    /// Every part of it is sent.
    Sent,
    /// It is over, however it ended.
    Ended,
}
