//! Plans to show in tests: one of a usual campaign, one with every reason there is.

use std::sync::Arc;

use crate::apply::{Event, SendEnd};
use crate::content::{Article, Body, ImageFile, ImageFormat};
use crate::history::{
    Entry, Fact, How, Intent, IntentRequest, Record, RecordHash, SentAudience, Seq, Verdict,
};
use crate::plan::{
    Action, Anchor, Audience, Blocked, Blocker, Content, DraftOrder, Expect, Kept, Plan,
    PlannedAccount, PreviewOrder, Quota, QuotaUse, Reason, SendLine, SendOrder, SettleOrder,
    Standing, StatusOrder, Step, StepId, Waiting, Why, Window,
};
use crate::terms::{
    AccountKind, AccountName, AppId, ClientMsgId, Comments, Effect, Fingerprint, Generation,
    HistoryId, ImageUrl, JobStatus, MassEndpoint, MaterialKind, MediaId, MsgDataId, MsgId,
    OnReprint, OpenId, RecordedRequest, Reviewer, RunId, SendAddress, TagId, Timestamp, WxName,
};

use super::style::{Color, Style};

pub(super) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub(super) fn address(text: &str) -> SendAddress {
    text.parse().unwrap()
}

/// 80 columns, no colours, a Sunday noon in Beijing.
pub(super) fn style() -> Style {
    Style { color: Color::Plain, width: 80, now: at("2026-03-01T12:00:00+08:00") }
}

pub(super) fn demo() -> PlannedAccount {
    PlannedAccount {
        name: AccountName::new("demo").unwrap(),
        appid: AppId::new("sandbox-demo").unwrap(),
        kind: AccountKind::Service,
        followers: Some(12_480),
    }
}

pub(super) fn shop() -> PlannedAccount {
    PlannedAccount {
        name: AccountName::new("shop").unwrap(),
        appid: AppId::new("wx1234567890abcdef").unwrap(),
        kind: AccountKind::Subscription,
        followers: None,
    }
}

/// A plan in which nothing is left to do.
pub(super) fn empty(account: PlannedAccount) -> Plan {
    let anchor = Anchor {
        history: Some(HistoryId::new("7f3c".repeat(8)).unwrap()),
        seq: Seq(17),
        hash: RecordHash("a5".repeat(32)),
    };
    let (sends, steps, kept) = (Vec::new(), Vec::new(), Vec::new());
    Plan { account, anchor, sends, steps, kept, waiting: Vec::new(), blocked: Vec::new() }
}

pub(super) fn article(title: &str) -> Arc<Article> {
    Arc::new(Article {
        name: "launch".to_owned(),
        title: title.to_owned(),
        author: "编辑部".to_owned(),
        digest: "轻便、防风、好打理。".to_owned(),
        cover: Fingerprint::of("封面".as_bytes()),
        source_url: String::new(),
        comments: Comments::Followers,
        body: Body::of_markup("<p>春季上新</p>"),
    })
}

pub(super) fn news(titles: &[&str]) -> Content {
    Content::News(titles.iter().map(|title| article(title)).collect())
}

pub(super) fn vip() -> Audience {
    let seen = Some((TagId::new(100).unwrap(), 3_210));
    Audience::Tag { name: "VIP会员".to_owned(), seen }
}

/// Part `part` of a list of 3 parts, with `people` openids.
pub(super) fn list(part: u32, people: usize) -> Audience {
    let openid = |n: usize| OpenId::new(format!("o6_bmjrPTlm6_2sgVt7hMZ{n:06}")).unwrap();
    Audience::OpenIds {
        file: "沉睡会员.csv".to_owned(),
        list: Fingerprint::of(b"list"),
        part,
        parts: 3,
        openids: (0..people).map(openid).collect(),
    }
}

/// A send in a window of 2026-03-01, 10:00 to 20:00 in Beijing.
pub(super) fn line(
    text: &str,
    content: Content,
    audience: Audience,
    standing: Standing,
) -> SendLine {
    SendLine {
        address: address(text),
        content,
        audience,
        target: "vip".to_owned(),
        window: Window {
            from: Some(at("2026-03-01T10:00:00+08:00")),
            until: at("2026-03-01T20:00:00+08:00"),
        },
        quota: Some(QuotaUse { quota: Quota::FollowerMonth, used: 0, limit: 4 }),
        digest: Fingerprint::of(text.as_bytes()),
        standing,
    }
}

pub(super) fn step(number: usize, address: &str, action: Action, because: Reason) -> Step {
    let id = StepId(format!("step-{number}"));
    let after = if number > 1 { vec![StepId(format!("step-{}", number - 1))] } else { Vec::new() };
    Step { id, address: address.to_owned(), action, because, after }
}

pub(super) fn image(name: &str, bytes: u64) -> ImageFile {
    ImageFile {
        fingerprint: Fingerprint::of(name.as_bytes()),
        path: name.into(),
        name: name.to_owned(),
        bytes,
        format: ImageFormat::Jpeg,
    }
}

pub(super) fn upload(number: usize, name: &str, bytes: u64) -> Step {
    let file = image(name, bytes);
    let because = Reason::NotUploaded { new: file.fingerprint };
    step(number, name, Action::UploadImage(file), because)
}

pub(super) fn effect(line: &SendLine) -> Effect {
    line.address.effect(&demo().appid)
}

pub(super) fn save_draft(number: usize, line: &SendLine, because: Reason) -> Step {
    let Content::News(articles) = &line.content else { panic!("only news has a draft") };
    let order = DraftOrder {
        address: line.address.clone(),
        effect: effect(line),
        generation: Generation::FIRST,
        articles: articles.clone(),
        content: line.content.fingerprint(),
        update: matches!(because, Reason::DraftChanged { .. })
            .then(|| MediaId::new("draft-1").unwrap()),
        replaces: None,
    };
    step(number, &line.address.to_string(), Action::SaveDraft(order), because)
}

pub(super) fn preview(number: usize, line: &SendLine, reviewer: Reviewer) -> Step {
    let fingerprint = line.content.fingerprint();
    let because = Reason::NotPreviewed { reviewer: reviewer.clone(), new: fingerprint, old: None };
    let (effect, content) = (effect(line), line.content.clone());
    let address = line.address.clone();
    let order = PreviewOrder { address, effect, reviewer, content, fingerprint };
    step(number, &line.address.to_string(), Action::Preview(order), because)
}

pub(super) fn send(number: usize, line: &SendLine, because: Reason) -> Step {
    let order = SendOrder {
        address: line.address.clone(),
        effect: effect(line),
        generation: Generation::FIRST,
        content: line.content.clone(),
        fingerprint: line.content.fingerprint(),
        audience: line.audience.clone(),
        expect: Some(Expect { at_least: Some(1_000), at_most: Some(20_000) }),
        window: line.window,
        on_reprint: OnReprint::Stop,
        reviewers: Vec::new(),
        approvals: 0,
        after: Vec::new(),
        again: None,
        digest: line.digest,
    };
    step(number, &line.address.to_string(), Action::Send(Box::new(order)), because)
}

pub(super) fn settle(number: usize, line: &SendLine, because: Reason) -> Step {
    let (address, effect) = (line.address.clone(), effect(line));
    let order = SettleOrder { address, effect, until: Some(line.window.until) };
    step(number, &line.address.to_string(), Action::Settle(order), because)
}

pub(super) fn check(
    number: usize,
    line: &SendLine,
    msg_id: Option<u64>,
    last: Option<JobStatus>,
) -> Step {
    let (address, effect) = (line.address.clone(), effect(line));
    let order = StatusOrder { address, effect, msg_id: msg_id.map(MsgId) };
    let because = Reason::StatusUnknown { last };
    step(number, &line.address.to_string(), Action::CheckStatus(order), because)
}

pub(super) fn editor() -> Reviewer {
    Reviewer::WxName(WxName::new("editor-in-chief").unwrap())
}

pub(super) fn follower() -> Reviewer {
    Reviewer::OpenId(OpenId::new("o6_bmjrPTlm6_2sgVt7hMZOPfL2M").unwrap())
}

/// The campaign of the README on a new account: everything is still to be done.
pub(super) fn spring() -> Plan {
    let titles = ["春季上新：十二款通勤外套", "一件风衣，怎样穿过五个春天"];
    let launch = line("spring-2026/sends/launch", news(&titles), vip(), Standing::Planned);
    let content = launch.content.fingerprint();
    let images = ["lineup.jpg", "weave.jpg", "labels.png", "rain.jpg", "shop-card.jpg", "buy.png"];
    let mut steps: Vec<Step> = (1..)
        .zip(images)
        .map(|(n, name)| upload(n, &format!("images/{name}"), 70_000 + n as u64 * 1_000))
        .collect();
    let cover = image("images/cover.jpg", 120_500);
    let because = Reason::NotUploaded { new: cover.fingerprint };
    steps.extend([
        step(7, "images/cover.jpg", Action::UploadMaterial(cover), because),
        save_draft(8, &launch, Reason::NoDraft { new: content }),
        preview(9, &launch, editor()),
        preview(10, &launch, follower()),
        send(11, &launch, Reason::NotSent { new: content }),
        check(12, &launch, None, None),
    ]);
    let cover_care = Kept { address: "images/cover-care.jpg".to_owned(), what: "material" };
    Plan { sends: vec![launch], steps, kept: vec![cover_care], ..empty(demo()) }
}

/// A plan with each action, reason, wait and blocker at least once.
pub(super) fn everything() -> Plan {
    let (old, new) = (Fingerprint::of(b"old"), Fingerprint::of(b"new"));
    let text = Content::Text("【服务通知】系统维护\n今晚停机维护。".to_owned());
    let everyone = Audience::Everyone { count: Some(12_480) };
    let all = line("notice/sends/all", text, everyone, Standing::Planned);
    let parts = [
        line("recall/sends/gift#1", news(&["回归礼"]), list(1, 10), Standing::Sent),
        line("recall/sends/gift#2", news(&["回归礼"]), list(2, 10), Standing::Waiting),
        line("recall/sends/gift#3", news(&["回归礼"]), list(3, 5), Standing::Waiting),
    ];
    let issue = line("weekly@2026-w09/sends/issue", news(&["周刊"]), vip(), Standing::Unknown);
    let since = at("2026-03-01T10:00:07+08:00");
    let deadline = at("2026-03-02T07:25:07+08:00");
    let mut reviewed = preview(3, &issue, editor());
    reviewed.because = Reason::NotPreviewed { reviewer: editor(), new, old: Some(old) };
    let message = "has no masssend quota rid: 65f1-`x`".to_owned();
    let refused = Reason::RefusedBefore { errcode: 45_028, message, at: since };
    let unknown = Reason::OutcomeUnknown { since, attempts: 2, deadline };
    let steps = vec![
        upload(1, "images/外套.jpg", 1_250_000),
        save_draft(2, &issue, Reason::DraftChanged { old, new }),
        reviewed,
        send(4, &all, refused),
        settle(5, &issue, unknown),
        settle(6, &issue, Reason::RefusedUnclosed { errcode: 40_007 }),
        check(7, &issue, Some(1_000_000_001), Some(JobStatus::Sending)),
    ];
    let kept = ["a", "b", "c", "d", "e"]
        .map(|name| Kept { address: format!("images/{name}.jpg"), what: "image" });
    let sends = vec![all, parts[0].clone(), parts[1].clone(), parts[2].clone(), issue];
    let (waiting, blocked) = (waits(), blockers());
    Plan { sends, steps, kept: kept.to_vec(), waiting, blocked, ..empty(demo()) }
}

/// Each thing that a send can wait for.
fn waits() -> Vec<Waiting> {
    let until = Some(at("2026-04-01T00:00:00+08:00"));
    let waiting = |until, why| Waiting { address: "recall/sends/gift#2".to_owned(), until, why };
    let approval = |have: &[&str], voided: &[&str]| Why::Approval {
        needed: 2,
        have: have.iter().map(|&name| name.to_owned()).collect(),
        voided: voided.iter().map(|&name| name.to_owned()).collect(),
        digest: Fingerprint::of(b"digest"),
    };
    let send = address("spring-2026/sends/teaser");
    vec![
        waiting(until, Why::NotDue),
        waiting(None, Why::Preview),
        waiting(None, approval(&[], &[])),
        waiting(None, approval(&["zhang.san"], &["李四"])),
        waiting(None, Why::After { send: send.clone(), standing: Standing::Submitted }),
        waiting(until, Why::Quota { quota: Quota::EveryoneMonth, used: 4, limit: 4 }),
        waiting(None, Why::Sending { msg_id: Some(MsgId(1_000_000_001)) }),
        waiting(None, Why::OtherEdition { send }),
    ]
}

/// Each thing that can stop a send.
fn blockers() -> Vec<Blocked> {
    let (old, new) = (Fingerprint::of(b"old"), Fingerprint::of(b"new"));
    let time = at("2026-03-01T10:00:07+08:00");
    let later = at("2026-04-01T00:00:00+08:00");
    let text = str::to_owned;
    let media_id = MediaId::new("draft-1").unwrap();
    let tags = [100, 107].map(|id| TagId::new(id).unwrap()).to_vec();
    let expect = Expect { at_least: Some(1_000), at_most: Some(20_000) };
    let send = address("spring-2026/sends/teaser");
    let sent = address("weekly@2026-w08/sends/issue");
    let msg_id = Some(MsgId(1_000_000_001));
    let known = vec![text("VIP会员"), text("新会员")];
    let (quota, standing) = (Quota::SubscriptionDay, Standing::Blocked);
    [
        Blocker::Missed { until: time },
        Blocker::SentContentChanged { old, new },
        Blocker::SentAudienceChanged { old: text("tag VIP会员"), new: text("tag 新会员") },
        Blocker::FrozenContentChanged { old, new },
        Blocker::OutcomeUnknown { since: time, attempts: 1, deadline: time, fence: later },
        Blocker::DraftGone { media_id },
        Blocker::NoSuchTag { name: text("VIP 会员"), known },
        Blocker::NoSuchTag { name: text("VIP 会员"), known: Vec::new() },
        Blocker::AmbiguousTag { name: text("会员"), ids: tags },
        Blocker::Unexpected { count: 3, expect },
        Blocker::TooMany { count: 3_000_000, max: 2_500_000 },
        Blocker::OpenIdsOnSubscription,
        Blocker::QuotaPastWindow { quota, used: 1, limit: 1, back: later },
        Blocker::Twin { of: send.clone(), at: time },
        Blocker::AfterFailed { send: send.clone(), standing },
        Blocker::AfterUnknown { send },
        Blocker::EditionDropped { sent },
        Blocker::Failed { msg_id, status: JobStatus::Failed },
        Blocker::Unreported { msg_id: None, why: text("not known after 7 days (40059)") },
        Blocker::CountUnknown,
    ]
    .map(|why| Blocked { address: "recall/sends/gift".to_owned(), why })
    .to_vec()
}

/// The history of the spring campaign, up to its being sent after a lost answer, and of another
/// send that a person resolved. Each fact stands in it once at least.
pub(super) fn log() -> Vec<Record> {
    let launch = address("spring-2026/sends/launch");
    let teaser = address("spring-2026/sends/teaser");
    let appid = demo().appid;
    let (of_launch, of_teaser) = (launch.effect(&appid), teaser.effect(&appid));
    let content = Fingerprint::of(b"content");
    let facts = [
        (None, opened(&appid)),
        (None, run_started()),
        (
            None,
            Fact::ImageUploaded {
                image: content,
                url: ImageUrl::new("https://mmbiz.qpic.cn/1").unwrap(),
            },
        ),
        (
            None,
            Fact::MaterialUploaded {
                kind: MaterialKind::Image,
                material: content,
                media_id: media("cover-1"),
            },
        ),
        (Some(of_launch), draft_saved(&launch)),
        (Some(of_launch), Fact::DraftGone { media_id: media("draft-0") }),
        (
            Some(of_launch),
            Fact::Previewed {
                content,
                reviewer: follower(),
                msg_id: None,
                address: launch.clone(),
            },
        ),
        (Some(of_launch), approved(&launch)),
        (Some(of_launch), intent(&launch)),
        (Some(of_launch), Fact::Attempt { n: 2, token: "ab12".to_owned() }),
        (
            Some(of_launch),
            Fact::AttemptRefused {
                n: 2,
                errcode: 45_066,
                message: "clientmsgid size out of limit".to_owned(),
            },
        ),
        (Some(of_launch), Fact::Attempt { n: 3, token: "ab12".to_owned() }),
        (
            Some(of_launch),
            Fact::Accepted {
                msg_id: Some(MsgId(1_000_000_001)),
                msg_data_id: Some(MsgDataId(2_247_483_650)),
                how: How::Duplicate,
            },
        ),
        (Some(of_launch), Fact::Status { status: JobStatus::Sent }),
        (Some(of_teaser), intent(&teaser)),
        (
            Some(of_teaser),
            Fact::Rejected { errcode: 45_028, message: "has no masssend quota".to_owned() },
        ),
        (Some(of_teaser), resolved(&teaser)),
        (Some(of_teaser), Fact::Unreported { why: "not known after 7 days".to_owned() }),
    ];
    chained(facts)
}

fn chained(facts: impl IntoIterator<Item = (Option<Effect>, Fact)>) -> Vec<Record> {
    let (mut seq, mut prev) = (Seq::NONE, RecordHash::none());
    let chain = |(effect, fact): (Option<Effect>, Fact)| {
        seq = seq.next();
        let second = i64::try_from(seq.0).unwrap();
        let entry = Entry {
            at: at("2026-03-01T10:00:00+08:00") + jiff::SignedDuration::from_secs(second),
            run: RunId::new("r-7f3c0a").unwrap(),
            nonce: seq.0.to_string(),
            effect,
            generation: Generation::FIRST,
            fact,
        };
        let record = Record::chain(seq, prev.clone(), entry);
        prev = record.hash.clone();
        record
    };
    facts.into_iter().map(chain).collect()
}

fn media(id: &str) -> MediaId {
    MediaId::new(id).unwrap()
}

fn opened(appid: &AppId) -> Fact {
    let history = HistoryId::new("7f3c".repeat(8)).unwrap();
    Fact::HistoryOpened { history, appid: appid.clone() }
}

fn run_started() -> Fact {
    Fact::RunStarted {
        command: "apply".to_owned(),
        version: "0.1.0".to_owned(),
        actor: Some("张三\u{1b}[31m".to_owned()),
        commit: Some("0a1b2c3".to_owned()),
    }
}

fn draft_saved(address: &SendAddress) -> Fact {
    let (content, read_back) = (Fingerprint::of(b"content"), Fingerprint::of(b"read back"));
    Fact::DraftSaved { media_id: media("draft-1"), content, read_back, address: address.clone() }
}

fn approved(address: &SendAddress) -> Fact {
    let digest = Fingerprint::of(b"digest");
    Fact::Approved { digest, by: "zhang.san".to_owned(), address: address.clone() }
}

fn intent(address: &SendAddress) -> Fact {
    let request = RecordedRequest { endpoint: MassEndpoint::SendAll, body: "{}".to_owned() };
    let (id, count) = (TagId::new(100).unwrap(), 3_210);
    Fact::Intent(Box::new(Intent {
        address: address.clone(),
        client_msg_id: ClientMsgId::new(&address.effect(&demo().appid), Generation::FIRST),
        request: IntentRequest::Inline(request),
        draft: Some(media("draft-1")),
        until: at("2026-03-01T20:00:00+08:00"),
        content: Fingerprint::of(b"content"),
        digest: Fingerprint::of(b"digest"),
        audience: SentAudience::Tag { name: "VIP会员".to_owned(), id, count },
        token: "ab12".to_owned(),
    }))
}

fn resolved(address: &SendAddress) -> Fact {
    Fact::Resolved {
        verdict: Verdict::Sent { msg_id: None },
        by: "li.si".to_owned(),
        evidence: "已群发里有这一条".to_owned(),
        address: address.clone(),
    }
}

/// The news of a run of [`spring`] that an upload's time-out and a refused send trouble.
pub(super) fn news_of_a_run() -> Vec<Event> {
    let id = |number: usize| StepId(format!("step-{number}"));
    let text = str::to_owned;
    let launch = "spring-2026/sends/launch";
    let begun = |number, action, address: &str| Event::StepStarted {
        id: id(number),
        action,
        address: text(address),
    };
    let done = |number, result: &str| Event::StepFinished { id: id(number), result: text(result) };
    let error =
        text("cannot send `spring-2026/sends/launch`: 45028 没有群发配额\u{1b}[2J\nhelp: …");
    let sends = vec![SendEnd {
        address: address(launch),
        standing: Standing::Planned,
        note: text("a step failed"),
    }];
    vec![
        Event::RunStarted { run: RunId::new("r-7f3c0a").unwrap(), appid: demo().appid, steps: 12 },
        begun(1, "upload_image", "images/lineup.jpg"),
        begun(2, "upload_image", "images/weave.jpg"),
        done(1, "71 kB"),
        Event::StepRetrying { id: id(2), error: text("timed out"), after_ms: 1_500 },
        done(2, ""),
        begun(8, "save_draft", launch),
        done(8, "draft-1"),
        Event::Warning { text: text("时钟差 3 秒") },
        begun(9, "preview", launch),
        done(9, ""),
        begun(11, "send", launch),
        Event::StepWaiting {
            id: id(11),
            why: text("the 60 s before a repeat"),
            until: at("2026-03-01T12:01:00+08:00"),
        },
        Event::StepFailed { id: id(11), error },
        Event::StepSkipped { id: id(12), why: text("the send failed") },
        Event::RunFinished { sends },
    ]
}
