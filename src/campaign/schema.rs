//! JSON Schemas of both files, from types that say what a person may write.
//!
//! Editors complete and check with them. These types are never filled in: reading is by hand (see
//! [`super::reader`]), so that every problem has its place; a test holds the keys of both together.
#![expect(dead_code, reason = "the schema is derived from the fields; nothing reads them")]

use std::collections::BTreeMap;

use schemars::generate::SchemaSettings;
use schemars::transform::RecursiveTransform;
use schemars::{JsonSchema, Schema};
use serde_json::{Value, json};

use super::contents::CONTENTS;
use super::schema_media::Media;
/// `0%..10%`, with at most two decimals.
const SLICE: &str = r"^\s*(100(\.00?)?|[0-9]{1,2}(\.[0-9]{1,2})?)%\s*\.\.\s*(100(\.00?)?|[0-9]{1,2}(\.[0-9]{1,2})?)%\s*$";

/// The JSON Schema (2020-12) of `campaign.yaml`.
pub fn campaign_schema() -> Value {
    schema_of::<CampaignFile>()
}

/// The JSON Schema (2020-12) of `qunfa.yaml`.
pub fn project_schema() -> Value {
    schema_of::<ProjectFile>()
}

fn schema_of<T: JsonSchema>() -> Value {
    let settings = SchemaSettings::draft2020_12()
        .with_transform(RecursiveTransform(refuse_null))
        .with_transform(RecursiveTransform(|schema: &mut Schema| {
            schema.remove("default");
        }));
    settings.into_generator().into_root_schema_for::<T>().to_value()
}

/// A key may be left out; it may not stand there with nothing, as `Option` alone would have it.
fn refuse_null(schema: &mut Schema) {
    if let Some(Value::Array(types)) = schema.get_mut("type") {
        types.retain(|name| name != "null");
        if let [one] = &types[..] {
            let one = one.clone();
            schema.insert("type".to_owned(), one);
        }
    }
    let null = json!({ "type": "null" });
    if let Some(Value::Array(any)) = schema.get_mut("anyOf")
        && any.contains(&null)
    {
        any.retain(|branch| *branch != null);
        if let [Value::Object(one)] = &any[..] {
            let one = one.clone();
            schema.remove("anyOf");
            for (key, value) in one {
                schema.insert(key, value);
            }
        }
    }
}

/// The rule of alternatives: one of these keys, and not two.
pub(super) fn exactly_one(keys: &[&str]) -> Value {
    keys.iter().map(|key| json!({ "required": [key] })).collect()
}

/// Names in addresses.
fn dashed() -> Value {
    json!({ "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$", "maxLength": 64 })
}

/// Names in templates.
fn underscored() -> Value {
    json!({ "pattern": "^[a-z][a-z0-9]*(_[a-z0-9]+)*$", "maxLength": 64 })
}

fn free_values() -> Value {
    json!({ "type": ["string", "number", "boolean", "array", "object"] })
}

/// The accounts of a project, and what they share.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, title = "qunfa.yaml")]
struct ProjectFile {
    /// The version of the language: 1.
    #[schemars(extend("const" = 1))]
    version: u32,
    /// Official accounts (公众号) by a name of your choice: lower-case words joined by `-`.
    #[schemars(extend("propertyNames" = dashed()))]
    accounts: BTreeMap<String, Account>,
    /// Where the history is kept.
    history: Option<History>,
    /// Folders beside qunfa.yaml that paths beginning with `/` may name.
    shared: Option<Vec<String>>,
}

/// One official account (公众号).
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Account {
    /// 服务号 or 订阅号: they differ in quotas and in what they may do.
    kind: AccountKind,
    /// `sandbox` (the emulator), or a base URL; `https://api.weixin.qq.com` unless written.
    #[schemars(regex(pattern = r"^(sandbox|https://.+|http://.+)$"))]
    api: Option<String>,
    /// `wx` and 16 hex digits; `sandbox-…` for an emulated account.
    #[schemars(regex(pattern = r"^(wx[0-9a-f]{16}|sandbox-[A-Za-z0-9-]+)$"))]
    appid: Option<String>,
    /// Where the AppSecret comes from. The secret itself never stands in this file.
    secret: Option<Source>,
    /// Where the address of a proxy with a fixed exit comes from, for the IP allow-list.
    proxy: Option<Source>,
    /// Who gets the previews of sends that name nobody.
    reviewers: Option<Vec<Reviewer>>,
    /// Who may approve; anybody unless written.
    approvers: Option<Vec<String>>,
    /// What the account insists on, whatever its campaigns say.
    policy: Option<Policy>,
    /// Bound in templates, under names joined by `_`.
    #[schemars(extend("propertyNames" = underscored(), "additionalProperties" = free_values()))]
    vars: Option<BTreeMap<String, Value>>,
    /// Mini programs that every campaign of the account may name.
    #[schemars(extend("propertyNames" = underscored()))]
    mini_programs: Option<BTreeMap<String, MiniProgram>>,
    /// Targets that every campaign of the account may name.
    #[schemars(extend("propertyNames" = dashed()))]
    targets: Option<BTreeMap<String, Target>>,
    /// Media that every campaign of the account may name.
    #[schemars(extend("propertyNames" = dashed()))]
    media: Option<BTreeMap<String, Media>>,
    /// The only folders whose campaigns may name this account.
    campaigns: Option<Vec<String>>,
}

/// What kind of account it is.
#[derive(JsonSchema)]
#[schemars(rename_all = "lowercase")]
enum AccountKind {
    /// 服务号: each follower gets at most four mass sends a month.
    Service,
    /// 订阅号: one mass send a day.
    Subscription,
}

/// Where a secret or a setting comes from: exactly one of `env`, `file` and `command`.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, extend("oneOf" = exactly_one(&["env", "file", "command"])))]
struct Source {
    /// The name of an environment variable.
    env: Option<String>,
    /// The path of a file that holds nothing else.
    file: Option<String>,
    /// A program and its arguments; what it prints counts.
    #[schemars(length(min = 1))]
    command: Option<Vec<String>>,
}

/// Who gets a preview (预览): exactly one of `wxname` and `openid`.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, extend("oneOf" = exactly_one(&["wxname", "openid"])))]
struct Reviewer {
    /// A WeChat ID (微信号). A template.
    wxname: Option<String>,
    /// A follower's openid. A template.
    openid: Option<String>,
}

/// What an account insists on.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Policy {
    /// How many people must approve.
    approvals: Option<Approvals>,
    /// From how many people on a send is large.
    large: Option<u32>,
    /// Above this many people nothing is sent.
    max_recipients: Option<u32>,
    /// The longest window, such as `7d`.
    #[schemars(regex(pattern = r"^[0-9]+[smhdw]$"))]
    max_window: Option<String>,
}

/// How many people must approve.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Approvals {
    /// For a send to everyone.
    #[schemars(range(max = 100))]
    everyone: Option<u32>,
    /// For a send to `large` or more people.
    #[schemars(range(max = 100))]
    large: Option<u32>,
    /// For a retraction.
    #[schemars(range(max = 100))]
    retract: Option<u32>,
}

/// Where the history is kept.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct History {
    /// `sqlite:PATH`, from the folder of qunfa.yaml; `sqlite:.qunfa/history.db` unless written.
    #[schemars(regex(pattern = r"^sqlite:.+$"))]
    store: Option<String>,
    /// The id that a real account's history must have.
    #[schemars(regex(pattern = r"^[0-9a-f]{32}$"))]
    id: Option<String>,
}

/// One campaign: media, articles, targets and sends.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, title = "campaign.yaml")]
struct CampaignFile {
    /// The version of the language: 1.
    #[schemars(extend("const" = 1))]
    version: u32,
    /// The campaign's name: part of the identity of its sends.
    #[schemars(extend("pattern" = "^[a-z0-9]+(-[a-z0-9]+)*$", "maxLength" = 64))]
    campaign: String,
    /// Which issue of a series it is, such as `2026-w48`.
    #[schemars(extend("pattern" = "^[a-z0-9._-]+$", "maxLength" = 64))]
    edition: Option<String>,
    /// An account of qunfa.yaml.
    #[schemars(extend("pattern" = "^[a-z0-9]+(-[a-z0-9]+)*$", "maxLength" = 64))]
    account: String,
    /// Bound in templates, under names joined by `_`.
    #[schemars(extend("propertyNames" = underscored(), "additionalProperties" = free_values()))]
    vars: Option<BTreeMap<String, Value>>,
    /// Mini programs (小程序) that articles link to, under names joined by `_`.
    #[schemars(extend("propertyNames" = underscored()))]
    mini_programs: Option<BTreeMap<String, MiniProgram>>,
    /// Media (素材). A file's path may also stand where a name of media stands.
    #[schemars(extend("propertyNames" = dashed()))]
    media: Option<BTreeMap<String, Media>>,
    /// Articles (图文).
    #[schemars(extend("propertyNames" = dashed()))]
    articles: Option<BTreeMap<String, Article>>,
    /// Whom sends go to.
    #[schemars(extend("propertyNames" = dashed()))]
    targets: Option<BTreeMap<String, Target>>,
    /// Mass sends (群发).
    #[schemars(extend("propertyNames" = dashed()))]
    sends: Option<BTreeMap<String, Send>>,
    /// Retractions (删除群发) of sends of this account, whichever campaign they are in.
    #[schemars(extend("propertyNames" = dashed()))]
    retract: Option<BTreeMap<String, Retraction>>,
}

/// A mini program (小程序).
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct MiniProgram {
    /// `wx` and 16 hex digits; the mini program is linked (关联) with the account.
    #[schemars(regex(pattern = r"^wx[0-9a-f]{16}$"))]
    appid: String,
    /// A page, with no slash before it. A template.
    #[schemars(regex(pattern = r"^[^/].*$"))]
    path: String,
    /// The card's title, at most 35 characters. A template.
    title: Option<String>,
    /// The card's picture: a JPEG or PNG of 1080 × 864 px, under 1 MiB, or a name of media.
    image: Option<String>,
}

/// One article (图文).
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Article {
    /// At most 32 characters. A template.
    title: String,
    /// At most 16 characters.
    author: Option<String>,
    /// At most 120 characters; shown when the article is sent alone. A template.
    digest: Option<String>,
    /// A name of media, or a picture's file.
    cover: String,
    /// A Markdown or HTML file.
    body: String,
    /// A built-in theme.
    theme: Option<String>,
    /// 阅读原文: where "read more" leads. A template.
    source_url: Option<String>,
    /// Who may comment (留言); `closed` unless written.
    comments: Option<Comments>,
}

/// Who may comment.
#[derive(JsonSchema)]
#[schemars(rename_all = "lowercase")]
enum Comments {
    /// Nobody.
    Closed,
    /// Everybody.
    Everyone,
    /// Followers only.
    Followers,
}

/// Whom a send goes to: exactly one of `tag`, `openids` and `everyone`. There is no default.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, extend(
    "oneOf" = exactly_one(&["tag", "openids", "everyone"]),
    "dependentRequired" = json!({ "except": ["openids"], "slice": ["openids"] })
))]
struct Target {
    /// The followers under a tag (标签), by its name. A template.
    tag: Option<String>,
    /// A list of openids: a .txt file with one a line, or a .csv file with a header; or one of them
    /// packed: .txt.gz, .csv.gz.
    openids: Option<OpenIds>,
    /// Beside `openids`: the targets whose people are taken away; they are lists too.
    except: Option<Vec<String>>,
    /// Beside `openids`: a share of the people, drawn by account, campaign and openid, so that
    /// `0%..10%` and `10%..100%` are disjoint and together everyone.
    #[schemars(regex(pattern = SLICE))]
    slice: Option<String>,
    /// Every follower. Only ever `true`.
    #[schemars(extend("const" = true))]
    everyone: Option<bool>,
    /// How many people there must be. A tag on a real account needs it.
    expect: Option<Expect>,
}

/// A list of openids.
#[derive(JsonSchema)]
#[schemars(untagged)]
enum OpenIds {
    /// The file.
    File(String),
    /// The file, and what is known of it.
    Column(OpenIdColumn),
}

/// A list of openids in a file, and what is known of it.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct OpenIdColumn {
    /// The file.
    file: String,
    /// The column with the openids; `openid` unless written.
    column: Option<String>,
    /// SHA-256 of the file's bytes as they are stored. With it the file may stay out of git.
    #[schemars(regex(pattern = "^[0-9A-Fa-f]{64}$"))]
    sha256: Option<String>,
    /// How many openids the file has, each counted once.
    count: Option<u32>,
}

/// Bounds on the number of people, both included.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, extend("minProperties" = 1))]
struct Expect {
    /// At least so many.
    at_least: Option<u32>,
    /// At most so many.
    at_most: Option<u32>,
}

/// One intended mass send (群发): exactly one of `news`, `text`, `image`, `images`, `voice`, `video`
/// and `card`.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, extend("oneOf" = exactly_one(&CONTENTS)))]
struct Send {
    /// 1 to 8 articles, by name.
    #[schemars(length(min = 1, max = 8))]
    news: Option<Vec<String>>,
    /// A text message. A template.
    text: Option<String>,
    /// A picture: a file, or the name of a piece of media.
    image: Option<String>,
    /// 1 to 20 pictures, shown together: files, or names of media.
    #[schemars(length(min = 1, max = 20))]
    images: Option<Vec<String>>,
    /// A voice: a file, or the name of a piece of media.
    voice: Option<String>,
    /// A video: the name of a piece of media, which has its title.
    video: Option<String>,
    /// A card (卡券), by its id. WeChat refuses every one today (45113).
    #[schemars(regex(pattern = r"^[A-Za-z0-9_-]{1,64}$"))]
    card: Option<String>,
    /// What stands beside the pictures (推荐语). A template.
    caption: Option<String>,
    /// Who may comment on the pictures; `closed` unless written.
    comments: Option<Comments>,
    /// The name of a target.
    to: String,
    /// Who gets a preview first; the account's reviewers unless written.
    preview: Option<Vec<Reviewer>>,
    /// How many distinct people must approve.
    #[schemars(range(max = 100))]
    approval: Option<u32>,
    /// When it may go out.
    window: Window,
    /// What to do when WeChat judges an article to be a reprint; `stop` unless written.
    on_reprint: Option<OnReprint>,
    /// Sends that must be sent before: names, or addresses in other campaigns. `retract/NAME` waits
    /// for a retraction.
    after: Option<After>,
    /// Closes the send without sending, with the reason.
    skip: Option<String>,
    /// The address of an equal send: the repeat is meant.
    #[schemars(regex(pattern = r"^[^/]+/sends/[^/]+$"))]
    again: Option<String>,
}

/// Articles of a send, or a video, to be taken back. Their page stops working; the message stays in
/// followers' chats. It cannot be undone.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Retraction {
    /// The send: a name in this campaign, or an address. One that has not gone out is withheld.
    send: String,
    /// `all`, or articles by the names that they had when they were sent.
    articles: RetractedArticles,
    /// Why, for those who read the history.
    reason: String,
}

/// What of a send is taken back.
#[derive(JsonSchema)]
#[schemars(untagged)]
enum RetractedArticles {
    /// Every article; or the video.
    All(All),
    /// Some articles, by name.
    Named(#[schemars(length(min = 1, max = 8))] Vec<String>),
}

#[derive(JsonSchema)]
#[schemars(rename_all = "lowercase")]
enum All {
    /// Every article; or the video.
    All,
}

/// When a send may go out. Times have an offset: `2026-03-01T10:00:00+08:00`.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Window {
    /// Not before.
    #[schemars(extend("format" = "date-time"))]
    from: Option<String>,
    /// Not at or after.
    #[schemars(extend("format" = "date-time"))]
    until: String,
}

/// What to do about a reprint (转载).
#[derive(JsonSchema)]
#[schemars(rename_all = "lowercase")]
enum OnReprint {
    /// Do not send.
    Stop,
    /// Send, with the original's body in place of ours.
    Accept,
}

/// Sends that come before.
#[derive(JsonSchema)]
#[schemars(untagged)]
enum After {
    /// Each must be sent, or have the outcome that is written.
    Each(Vec<AfterOne>),
    /// The outcome of each.
    Outcomes(BTreeMap<String, Outcome>),
}

/// One send that comes before.
#[derive(JsonSchema)]
#[schemars(untagged)]
enum AfterOne {
    /// It must be sent.
    Sent(String),
    /// It must have this outcome.
    Outcome(BTreeMap<String, Outcome>),
}

/// What another send must have come to.
#[derive(JsonSchema)]
#[schemars(rename_all = "lowercase")]
enum Outcome {
    /// Every part of it is sent.
    Sent,
    /// It is over, however it ended.
    Ended,
}
