//! `preview`: one send shown to people, at any time, against the emulated account.

use std::collections::BTreeMap;
use std::time::Duration;

use qunfa::apply::{Event, Limits, Outcome, Stage};
use qunfa::history::{About, Fact, Phase, Seq, Store as _, Verdict};
use qunfa::plan::{NoPreview, Plan, Reason};
use qunfa::sandbox::{Fault, How, PreviewSeen, Rules, openid as openid_of};
use qunfa::terms::{
    AccountKind, AppId, Comments, Effect, Generation, MediaId, OpenId, Reviewer, SendAddress,
    WxName,
};
use qunfa::wechat::DraftArticle;

use crate::support::program::{Project, SECRET, account, line};
use crate::support::{Scene, coupon, film, greeting, limits, pictures, png, spring, text};

const LAUNCH: &str = "spring-2026/sends/launch";
const HELLO: &str = "notice-2026/sends/hello";
const OPENID: &str = "o6_bmjrPTlm6_2sgVt7hMZOPfL2M";

fn wxname(name: &str) -> Reviewer {
    Reviewer::WxName(WxName::new(name).unwrap())
}

fn openid(id: &str) -> Reviewer {
    Reviewer::OpenId(OpenId::new(id).unwrap())
}

fn actions(plan: &Plan) -> Vec<&'static str> {
    plan.steps.iter().map(|step| step.action.word()).collect()
}

fn until_preview() -> Limits {
    Limits { stage: Stage::Preview, ..limits() }
}

/// Shows a send as the command does, and says what came of it.
async fn show(scene: &Scene, send: &str, to: &[Reviewer]) -> (Outcome, Vec<Event>) {
    let asked = scene.plan_preview(send, to).await.unwrap();
    let mut events = Vec::new();
    let mut tell = |event| events.push(event);
    let outcome = scene.apply_with(&scene.history, &asked, until_preview(), &mut tell).await;
    (outcome.unwrap(), events)
}

/// Shows a send, which must work.
async fn shown(scene: &Scene, send: &str, to: &[Reviewer]) {
    let (outcome, events) = show(scene, send, to).await;
    let left = outcome.failed + outcome.skipped + outcome.unfinished;
    assert_eq!(left, 0, "{events:#?}");
}

/// Why a send is not shown, and that nobody was asked.
async fn refusal(scene: &Scene, send: &str, to: &[Reviewer]) -> NoPreview {
    let calls = scene.sandbox.calls().len();
    let why = scene.plan_preview(send, to).await.unwrap_err();
    assert_eq!(scene.sandbox.calls().len(), calls);
    *why
}

fn seen(scene: &Scene) -> Vec<(Reviewer, String)> {
    let previews = scene.sandbox.previews();
    previews.into_iter().map(|PreviewSeen { to, msgtype, .. }| (to, msgtype)).collect()
}

async fn note(scene: &Scene, about: About, fact: Fact) {
    scene.journal(&scene.history).await.unwrap().note(about, fact).await.unwrap();
}

fn effect(send: &str) -> Effect {
    send.parse::<SendAddress>().unwrap().effect(&AppId::new("sandbox-demo").unwrap())
}

#[tokio::test]
async fn each_kind_of_content_is_shown_with_what_it_needs_and_no_more() {
    let reader = wxname("duzhe_2026");
    let (material, spring_steps) = (
        "upload_material preview",
        "upload_image upload_image upload_material upload_material save_draft preview",
    );
    let cases: [(_, _, _, &[&str]); 6] = [
        (spring(), LAUNCH, spring_steps, &["mpnews"]),
        (text("vip", "vip: { tag: VIP会员 }", ""), HELLO, "preview", &["text"]),
        (
            pictures(),
            "looks-2026/sends/looks",
            "upload_material upload_material preview",
            &["image", "image", "text"],
        ),
        (greeting(), "greeting-2026/sends/hello", material, &["voice"]),
        (film(), "film-2026/sends/hello", "upload_material convert_video preview", &["mpvideo"]),
        (coupon(), "coupon-2026/sends/hello", "preview", &["wxcard"]),
    ];
    for (files, send, steps, types) in cases {
        let scene = Scene::new(files).await;
        let plan = scene.plan_preview(send, std::slice::from_ref(&reader)).await.unwrap();
        let mut words = actions(&plan);
        words.sort_by_key(|word| steps.find(word));
        assert_eq!(words.join(" "), steps, "{send}");
        assert!(plan.sends.is_empty() && plan.waiting.is_empty() && plan.blocked.is_empty());

        shown(&scene, send, std::slice::from_ref(&reader)).await;
        let got: Vec<_> = types.iter().map(|word| (reader.clone(), (*word).to_owned())).collect();
        assert_eq!(seen(&scene), got, "{send}");
        assert!(scene.sandbox.jobs().is_empty(), "{send}");
        let ledger = scene.ledger().await;
        assert!(ledger.sends().all(|(_, send)| matches!(send.phase, Phase::Ready)), "{send}");

        // And once more, with nothing left to prepare.
        let plan = scene.plan_preview(send, std::slice::from_ref(&reader)).await.unwrap();
        assert_eq!(actions(&plan), ["preview"], "{send}");
        assert_eq!(plan.steps[0].because.word(), "preview_asked");
        shown(&scene, send, std::slice::from_ref(&reader)).await;
        assert_eq!(seen(&scene).len(), 2 * types.len(), "{send}");
    }
}

#[tokio::test]
async fn without_a_name_the_reviewers_get_it_all_again() {
    let scene = Scene::new(spring()).await;
    let to = [wxname("editor-in-chief"), openid(OPENID)];
    for times in 1..=2 {
        shown(&scene, LAUNCH, &[]).await;
        let people: Vec<Reviewer> = seen(&scene).into_iter().map(|(to, _)| to).collect();
        assert_eq!(people, [to.as_slice()].repeat(times).concat());
    }
    // What was shown by hand needs no other preview.
    let plan = scene.plan().await;
    assert_eq!(actions(&plan), ["send", "check_status"]);
}

#[tokio::test]
async fn strangers_to_the_file_count_for_no_reviewer() {
    let scene = Scene::new(spring()).await;
    let twice = [wxname("duzhe_2026"), wxname("duzhe_2026")];
    shown(&scene, LAUNCH, &twice).await;
    assert_eq!(seen(&scene).len(), 1, "each person once");
    let plan = scene.plan().await;
    assert_eq!(actions(&plan), ["preview", "preview", "send", "check_status"]);
}

#[tokio::test]
async fn it_is_shown_while_it_waits_or_is_blocked() {
    let from = "from: 2026-03-01T10:00:00+08:00";
    for (old, new) in [
        (from, "from: 2026-06-01T10:00:00+08:00"),
        ("2099-12-31T20:00:00+08:00", "2026-03-01T12:00:00+08:00"),
        ("approval: 0", "approval: 2"),
        ("at_least: 1000", "at_least: 19999"),
        ("tag: VIP会员", "tag: 没有这个"),
        ("    to: vip\n", "    to: vip\n    skip: 活动取消\n"),
    ] {
        let mut scene = Scene::new(spring()).await;
        scene.edit("spring/campaign.yaml", old, new);
        shown(&scene, LAUNCH, &[wxname("duzhe_2026")]).await;
        assert_eq!(seen(&scene).len(), 1, "{new}");
        assert!(scene.sandbox.jobs().is_empty(), "{new}");
    }
}

#[tokio::test]
async fn what_the_files_have_now_is_shown() {
    let mut scene = Scene::new(spring()).await;
    let reader = [wxname("duzhe_2026")];
    shown(&scene, LAUNCH, &reader).await;
    scene.edit("spring/launch.md", "十二款", "十三款");
    let plan = scene.plan_preview(LAUNCH, &reader).await.unwrap();
    assert_eq!(actions(&plan), ["save_draft", "preview"]);
    assert!(matches!(plan.steps[0].because, Reason::DraftChanged { .. }));
    shown(&scene, LAUNCH, &reader).await;
    assert_eq!(scene.sandbox.drafts().len(), 1, "the draft is changed in place");
}

#[tokio::test]
async fn a_picture_that_changes_after_the_plan_is_not_shown() {
    let mut scene = Scene::new(pictures()).await;
    let plan = scene.plan_preview("looks-2026/sends/looks", &[]).await.unwrap();
    scene.files.insert("looks/images/雨天.png".to_owned(), png("另一张"));
    let outcome = scene.apply_with(&scene.history, &plan, until_preview(), &mut |_| {}).await;
    let Outcome { failed, skipped, .. } = outcome.unwrap();
    assert_eq!((failed, skipped), (1, 1));
    assert!(seen(&scene).is_empty());
}

#[tokio::test]
async fn a_draft_that_somebody_changed_or_deleted_is_not_shown() {
    let scene = Scene::new(spring()).await;
    let reader = [wxname("duzhe_2026")];
    shown(&scene, LAUNCH, &reader).await;
    let draft: MediaId = scene.sandbox.drafts()[0].media_id.clone().try_into().unwrap();
    let wechat = scene.wechat();
    let care = wechat.draft_get(&draft).await.unwrap().pop().unwrap();
    let changed = DraftArticle {
        title: care.title,
        author: care.author,
        digest: care.digest,
        content: "<p>改过</p>".to_owned(),
        content_source_url: care.content_source_url,
        thumb_media_id: care.thumb_media_id.try_into().unwrap(),
        comments: Comments::Closed,
    };
    wechat.draft_update(&draft, 1, &changed).await.unwrap();
    let (outcome, _) = show(&scene, LAUNCH, &reader).await;
    assert_eq!((outcome.failed, seen(&scene).len()), (1, 1));
    let plan = scene.plan_preview(LAUNCH, &reader).await.unwrap();
    assert_eq!(actions(&plan), ["save_draft", "preview"]);
    shown(&scene, LAUNCH, &reader).await;
    assert!(scene.sandbox.drafts()[0].articles[1].content.contains("30 度"));

    scene.sandbox.remove_draft(&draft);
    let (outcome, _) = show(&scene, LAUNCH, &reader).await;
    assert_eq!((outcome.failed, seen(&scene).len()), (1, 2));
    let why = refusal(&scene, LAUNCH, &reader).await;
    assert!(matches!(why, NoPreview::DraftGone { .. }), "{why:?}");
}

#[tokio::test]
async fn an_open_intent_freezes_it() {
    for (files, send, call) in [
        (spring(), LAUNCH, "message/mass/sendall"),
        (text("vip", "vip: { tag: VIP会员 }", ""), HELLO, "message/mass/sendall"),
    ] {
        let scene = Scene::new(files).await;
        // Planned before, it finds out when it runs.
        let early = scene.plan_preview(send, &[wxname("duzhe_2026")]).await.unwrap();
        scene.sandbox.break_next(Fault::next(call, How::LostAnswer));
        let no_wait = Limits { wait: Duration::ZERO, ..limits() };
        let plan = scene.plan().await;
        scene.apply_with(&scene.history, &plan, no_wait, &mut |_| {}).await.unwrap();
        let before = seen(&scene);
        let why = refusal(&scene, send, &[wxname("duzhe_2026")]).await;
        assert!(matches!(why, NoPreview::OutcomeUnknown { .. }), "{why:?}");
        let outcome =
            scene.apply_with(&scene.history, &early, until_preview(), &mut |_| {}).await.unwrap();
        assert!(outcome.skipped > 0);
        assert_eq!(seen(&scene), before, "{send}");
    }
}

#[tokio::test]
async fn articles_that_went_out_have_no_draft_to_show() {
    let mut scene = Scene::new(spring()).await;
    scene.apply().await.unwrap();
    let why = refusal(&scene, LAUNCH, &[]).await;
    assert_eq!(why, NoPreview::Spent { part: LAUNCH.parse().unwrap() });
    scene.edit("spring/launch.md", "十二款", "十三款");
    let why = refusal(&scene, LAUNCH, &[]).await;
    assert!(matches!(why, NoPreview::Spent { .. }), "{why:?}");
}

#[tokio::test]
async fn other_content_that_went_out_is_shown_as_long_as_it_is_the_same() {
    for (files, send, file, old, new) in [
        (text("vip", "vip: { tag: VIP会员 }", ""), HELLO, "notice/campaign.yaml", "今晚", "明晚"),
        (pictures(), "looks-2026/sends/looks", "looks/campaign.yaml", "两套", "三套"),
    ] {
        let mut scene = Scene::new(files).await;
        scene.apply().await.unwrap();
        let before = seen(&scene).len();
        shown(&scene, send, &[wxname("duzhe_2026")]).await;
        assert!(seen(&scene).len() > before);
        scene.edit(file, old, new);
        let why = refusal(&scene, send, &[wxname("duzhe_2026")]).await;
        assert!(matches!(why, NoPreview::SentOther { old: Some(_), .. }), "{why:?}");
        assert_eq!(scene.sandbox.jobs().len(), 1);
    }
}

#[tokio::test]
async fn every_kind_but_articles_can_be_shown_after_it_went_out() {
    for (files, send) in [
        (greeting(), "greeting-2026/sends/hello"),
        (film(), "film-2026/sends/hello"),
        (coupon(), "coupon-2026/sends/hello"),
    ] {
        let scene = Scene::new(files).await;
        scene.apply().await.unwrap();
        assert_eq!(scene.sandbox.jobs().len(), 1, "{send}");
        shown(&scene, send, &[]).await;
        assert_eq!(seen(&scene).len(), 2, "{send}");
        assert_eq!(scene.sandbox.jobs().len(), 1, "{send}");
    }
}

#[tokio::test]
async fn what_a_person_sent_by_hand_is_not_known() {
    let scene = Scene::new(text("vip", "vip: { tag: VIP会员 }", "")).await;
    let resolved = Fact::Resolved {
        verdict: Verdict::Sent { msg_id: None },
        by: "张三".to_owned(),
        evidence: "后台已群发".to_owned(),
        address: HELLO.parse().unwrap(),
    };
    note(&scene, About::send(effect(HELLO), Generation::FIRST), resolved).await;
    let why = refusal(&scene, HELLO, &[wxname("duzhe_2026")]).await;
    assert!(matches!(why, NoPreview::SentOther { old: None, .. }), "{why:?}");
}

/// The spring campaign to a list of two parts.
fn in_parts() -> BTreeMap<String, Vec<u8>> {
    let mut files = spring();
    let appid = AppId::new("sandbox-demo").unwrap();
    let ids: Vec<String> = (0..10_002).map(|index| openid_of(&appid, index)).collect();
    files.insert("spring/people.txt".to_owned(), ids.join("\n").into_bytes());
    let campaign = String::from_utf8(files["spring/campaign.yaml"].clone()).unwrap();
    let target = "vip: { tag: VIP会员, expect: { at_least: 1000, at_most: 20000 } }";
    assert!(campaign.contains(target));
    let campaign = campaign.replace(target, "vip: { openids: people.txt }");
    files.insert("spring/campaign.yaml".to_owned(), campaign.into_bytes());
    files
}

#[tokio::test]
async fn of_a_list_the_first_part_that_is_not_sent_is_shown() {
    let mut scene = Scene::new(in_parts()).await;
    let reader = [wxname("duzhe_2026")];
    let plan = scene.plan_preview(LAUNCH, &reader).await.unwrap();
    assert_eq!(plan.steps.last().unwrap().address, format!("{LAUNCH}#1"));

    // The first part goes out, the second is refused.
    scene.sandbox.break_next(Fault::nth("message/mass/send", 2, How::ErrCode(45028)));
    scene.apply().await.unwrap();
    assert_eq!(scene.sandbox.jobs().len(), 1);
    let plan = scene.plan_preview(LAUNCH, &reader).await.unwrap();
    assert_eq!(plan.steps.last().unwrap().address, format!("{LAUNCH}#2"));
    shown(&scene, LAUNCH, &reader).await;
    scene.edit("spring/launch.md", "十二款", "十三款");
    let why = refusal(&scene, LAUNCH, &reader).await;
    assert!(matches!(why, NoPreview::SentOther { old: Some(_), .. }), "{why:?}");
}

#[tokio::test]
async fn a_hundred_a_day_by_wxname_and_each_picture_is_one() {
    let scene = Scene::new(pictures()).await;
    let send = "looks-2026/sends/looks";
    let previewed = |reviewer, messages| Fact::Previewed {
        content: qunfa::terms::Fingerprint::of("别的".as_bytes()),
        reviewer,
        msg_id: None,
        messages,
        address: send.parse().unwrap(),
    };
    note(&scene, About::NO_SEND, previewed(wxname("bieren"), Some(94))).await;
    note(&scene, About::NO_SEND, previewed(openid(OPENID), Some(50))).await;
    // Two pictures and a caption, to two people.
    let two = [wxname("duzhe_2026"), wxname("duzhe_2027")];
    assert!(scene.plan_preview(send, &two).await.is_ok());
    note(&scene, About::NO_SEND, previewed(wxname("bieren"), None)).await;
    let why = refusal(&scene, send, &two).await;
    assert_eq!(why, NoPreview::UsedUp { wanted: 6, used: 95, limit: 100 });

    shown(&scene, send, &two[..1]).await;
    let why = refusal(&scene, send, &two[1..]).await;
    assert_eq!(why, NoPreview::UsedUp { wanted: 3, used: 98, limit: 100 });
    // An openid is an ordinary call; and tomorrow is another day.
    shown(&scene, send, &[openid(OPENID)]).await;
    scene.advance(Duration::from_hours(12));
    shown(&scene, send, &two).await;
}

#[tokio::test]
async fn a_preview_of_what_was_seen_and_approved_changes_nothing() {
    let mut scene = Scene::new(spring()).await;
    scene.edit("spring/campaign.yaml", "approval: 0", "approval: 1");
    scene.apply().await.unwrap();
    let digest = scene.plan().await.sends[0].digest;
    scene.advance(Duration::from_mins(5));
    let (by, address) = ("王五".to_owned(), LAUNCH.parse().unwrap());
    note(&scene, About::NO_SEND, Fact::Approved { digest, by, address }).await;
    scene.advance(Duration::from_mins(5));

    shown(&scene, LAUNCH, &[wxname("duzhe_2026")]).await;
    assert_eq!(actions(&scene.plan().await), ["send", "check_status"]);

    shown(&scene, LAUNCH, &[]).await;
    assert_eq!(actions(&scene.plan().await), ["send", "check_status"]);
}

#[tokio::test]
async fn one_who_does_not_follow_holds_up_nobody_else() {
    let rules = Rules::new(AppId::new("sandbox-demo").unwrap(), AccountKind::Service);
    let strangers = vec!["mosheng_ren".to_owned()];
    let scene = Scene::with(spring(), Rules { strangers, ..rules }).await;
    let to = [wxname("mosheng_ren"), wxname("duzhe_2026")];
    let (outcome, events) = show(&scene, LAUNCH, &to).await;
    assert_eq!(outcome.failed, 1);
    assert_eq!(seen(&scene), [(to[1].clone(), "mpnews".to_owned())]);
    let is_said = |event: &Event| match event {
        Event::StepFailed { error, .. } => error.contains("43004"),
        _ => false,
    };
    assert!(events.iter().any(is_said), "{events:#?}");
}

#[tokio::test]
async fn a_used_up_quota_is_told_and_not_tried_again() {
    let scene = Scene::new(spring()).await;
    scene.sandbox.break_next(Fault::next("message/mass/preview", How::ErrCode(45009)));
    let (outcome, events) = show(&scene, LAUNCH, &[wxname("duzhe_2026")]).await;
    assert_eq!(outcome.failed, 1);
    let tried = scene.sandbox.calls();
    let tried = tried.iter().filter(|call| call.endpoint == "message/mass/preview").count();
    assert_eq!(tried, 1, "{events:#?}");
}

#[tokio::test]
async fn an_interrupted_run_shows_nothing_more() {
    let scene = Scene::new(spring()).await;
    scene.interrupt.interrupt();
    let (outcome, _) = show(&scene, LAUNCH, &[]).await;
    assert!(outcome.interrupted && outcome.skipped > 0);
    assert!(seen(&scene).is_empty());
}

#[tokio::test]
async fn a_preview_is_recorded_as_one() {
    let scene = Scene::new(pictures()).await;
    shown(&scene, "looks-2026/sends/looks", &[wxname("duzhe_2026")]).await;
    let records = scene.history.read_after(Seq::NONE).await.unwrap();
    let previewed = records.iter().filter_map(|record| match &record.entry.fact {
        Fact::Previewed { reviewer, messages, .. } => Some((reviewer.clone(), *messages)),
        _ => None,
    });
    assert_eq!(previewed.collect::<Vec<_>>(), [(wxname("duzhe_2026"), Some(3))]);
}

#[test]
fn the_command_shows_one_send_and_says_how_it_went() {
    let project = Project::new(&["demo: { kind: service, api: sandbox }"]);
    project.notice("demo", "vip: { tag: VIP会员 }");
    let vip = "notice-2026/sends/vip";
    let to = "--to wxname:editor-in-chief";
    let all = ["was shown to 2 people; nothing was sent.", "to editor-in-chief, as asked"];
    project.run(&format!("preview {vip} {to} --to openid:{OPENID}")).expect(0, &all);
    let ran = project.run(&format!("preview {vip} {to} --format json"));
    let ran = ran.expect(0, &["\"step_finished\"", "\"run_finished\""]);
    assert!(!ran.out.contains("was shown to"), "{}", ran.out);
    project.run("plan").expect(0, &["1 send"]);

    project.run(&format!("preview {vip}")).expect(64, &["has no reviewers: say who gets it"]);
    project
        .run("preview notice-2026/sends/vipp --to wxname:zhubian")
        .expect(64, &["no sound campaign has a send notice-2026/sends/vipp", vip]);
    for wrong in ["editor-in-chief", "phone:1", "wxname:", "openid:中"] {
        project.run(&format!("preview {vip} --to {wrong}")).expect(64, &["--to"]);
    }
    project
        .run(&format!("preview {vip} --to editor-in-chief"))
        .expect(64, &["write `wxname:` and a WeChat ID (微信号)"]);
    // Nobody can be reached by this openid.
    project.run(&format!("preview {vip} --to openid:x")).expect(5, &["40003"]);
}

#[test]
fn the_command_refuses_what_it_cannot_show_truly() {
    let project = Project::new(&["demo: { kind: service, api: sandbox }"]);
    project.notice("demo", "vip: { tag: VIP会员 }");
    let command = "preview notice-2026/sends/vip --to wxname:editor-in-chief";
    project.run("apply --yes").expect(0, &["sent"]);
    project.run(command).expect(0, &["was shown to 1 person; nothing was sent."]);
    let file = "notice/campaign.yaml";
    let text = std::fs::read_to_string(project.path(file)).unwrap();
    project.write(file, &text.replace("今晚", "明晚"));
    project.run(command).expect(4, &["has gone out with other content", "put the files back"]);
    project.write(file, &text.replace("text:", "txt:"));
    project.run(command).expect(3, &["no sound campaign has a send notice-2026/sends/vip"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_command_says_that_an_account_is_real() {
    let sandbox = account("wx1234567890abcdef", AccountKind::Service).await;
    let project = Project::new(&[&line("shop", "service", "wx1234567890abcdef", &sandbox)]);
    project.notice("shop", "vip: { tag: VIP会员, expect: { at_least: 1, at_most: 20000 } }");
    let out = project.run_with("history new shop", &[SECRET]).out;
    let id = out.split_whitespace().find(|word| word.len() == 32).unwrap_or_default().to_owned();
    let text = std::fs::read_to_string(project.path("qunfa.yaml")).unwrap();
    project.write("qunfa.yaml", &format!("{text}history: {{ id: {id} }}\n"));
    let vip = "notice-2026/sends/vip";
    project
        .run_with(&format!("preview {vip} --to wxname:editor-in-chief"), &[SECRET])
        .expect(0, &["On a REAL account: 1 person gets a preview, and nobody else anything."]);
    assert_eq!(sandbox.previews().len(), 1);
    assert!(sandbox.jobs().is_empty());
}
