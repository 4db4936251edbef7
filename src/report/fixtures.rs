//! Plans to show in tests: one of a usual campaign, one with every reason there is.

use std::sync::Arc;

use crate::content::{Article, Body, ImageFile, ImageFormat};
use crate::history::{RecordHash, Seq};
use crate::plan::{
    Action, Anchor, Audience, Blocked, Blocker, Content, DraftOrder, Expect, Kept, Plan,
    PlannedAccount, PreviewOrder, Quota, QuotaUse, Reason, SendLine, SendOrder, SettleOrder,
    Standing, StatusOrder, Step, StepId, Waiting, Why, Window,
};
use crate::terms::{
    AccountKind, AccountName, AppId, Comments, Effect, Fingerprint, Generation, HistoryId,
    JobStatus, MediaId, MsgId, OnReprint, OpenId, Reviewer, SendAddress, TagId, Timestamp, WxName,
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
        recipients: line.audience.count(),
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
        save_draft(
            2,
            &issue,
            Reason::DraftChanged { old, new, articles: vec!["calendar".to_owned()] },
        ),
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
