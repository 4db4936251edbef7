//! Retractions (删除群发), whole, against the emulated account.

use std::time::Duration;

use qunfa::apply::{Limits, Stage};
use qunfa::history::{Fact, Phase, RetractedHow, Seq, Store as _};
use qunfa::plan::{Blocker, Plan, RetractionStanding, Standing, Why};
use qunfa::sandbox::{Fault, How};
use qunfa::terms::JobStatus;

use crate::support::{Scene, limits, spring, text};

const CARE: &str = "\
retract:
  wrong-care: { send: launch, articles: [care], reason: 水温写错了 }
";
const ALL: &str = "\
retract:
  everything: { send: spring-2026/sends/launch, articles: all, reason: 活动取消 }
";

fn actions(plan: &Plan) -> Vec<&'static str> {
    plan.steps.iter().map(|step| step.action.word()).collect()
}

/// The spring campaign, sent, and then with more in its file.
async fn sent_then(more: &str) -> Scene {
    let mut scene = Scene::new(spring()).await;
    scene.apply().await.unwrap();
    assert_eq!(scene.sandbox.jobs()[0].status, JobStatus::Sent);
    declare(&mut scene, more);
    scene
}

fn declare(scene: &mut Scene, more: &str) {
    let file = scene.files.get_mut("spring/campaign.yaml").unwrap();
    file.extend_from_slice(more.as_bytes());
}

/// How often WeChat was asked to take something back.
fn deletions(scene: &Scene) -> usize {
    let calls = scene.sandbox.calls();
    calls.iter().filter(|call| call.endpoint == "message/mass/delete").count()
}

#[tokio::test]
async fn an_article_is_taken_back_once() {
    let scene = sent_then(CARE).await;
    let plan = scene.plan().await;
    assert_eq!(actions(&plan), ["retract"], "{:?}", plan.blocked);
    assert_eq!(plan.retractions[0].standing, RetractionStanding::Planned);
    assert_eq!(scene.apply().await.unwrap().failed, 0);
    assert_eq!(scene.sandbox.jobs()[0].retracted, [2].into());

    let plan = scene.plan().await;
    assert!(plan.is_empty() && plan.waiting.is_empty() && plan.blocked.is_empty(), "{plan:#?}");
    assert_eq!(plan.retractions[0].standing, RetractionStanding::Done);
    assert_eq!(plan.sends[0].standing, Standing::Sent);
    scene.apply().await.unwrap();
    assert_eq!(deletions(&scene), 1);
}

#[tokio::test]
async fn all_of_a_send_is_taken_back_with_one_call() {
    let scene = sent_then(ALL).await;
    scene.apply().await.unwrap();
    assert_eq!(scene.sandbox.jobs()[0].status, JobStatus::Deleted);
    assert_eq!(deletions(&scene), 1);
    assert!(scene.plan().await.is_empty());
}

#[tokio::test]
async fn a_send_that_has_not_gone_out_is_withheld() {
    let mut scene = Scene::new(spring()).await;
    declare(&mut scene, CARE);
    let plan = scene.plan().await;
    assert!(plan.is_empty() && plan.blocked.is_empty(), "{plan:#?}");
    assert_eq!(plan.sends[0].standing, Standing::Withheld);
    assert_eq!(plan.retractions[0].standing, RetractionStanding::Withholds);
    scene.apply().await.unwrap();
    assert!(scene.sandbox.jobs().is_empty());
}

#[tokio::test]
async fn a_request_of_unknown_outcome_is_not_repeated_for_what_is_to_be_taken_back() {
    let mut scene = Scene::new(spring()).await;
    scene.sandbox.break_next(Fault::next("message/mass/sendall", How::CutBefore));
    let plan = scene.plan().await;
    let no_wait = Limits { wait: Duration::ZERO, ..limits() };
    scene.apply_with(&scene.history, &plan, no_wait, &mut |_| {}).await.unwrap();
    declare(&mut scene, ALL);
    let plan = scene.plan().await;
    assert!(plan.is_empty(), "{:#?}", plan.steps);
    let why = &plan.blocked[0].why;
    assert!(matches!(why, Blocker::WithheldUnknown { .. }), "{why:?}");
    scene.advance(Duration::from_mins(30));
    scene.apply().await.unwrap();
    assert!(scene.sandbox.jobs().is_empty(), "settling would have sent it");

    // Without the retraction it is settled, and can be taken back then.
    let without = scene.files["spring/campaign.yaml"].len() - ALL.len();
    scene.files.get_mut("spring/campaign.yaml").unwrap().truncate(without);
    scene.apply().await.unwrap();
    scene.advance(Duration::from_mins(5));
    scene.apply().await.unwrap();
    declare(&mut scene, ALL);
    scene.apply().await.unwrap();
    assert_eq!(scene.sandbox.jobs()[0].status, JobStatus::Deleted);
    assert!(scene.plan().await.is_empty());
}

#[tokio::test]
async fn nothing_goes_out_while_a_retraction_names_what_nobody_knows() {
    let mut scene = Scene::new(spring()).await;
    declare(&mut scene, &ALL.replace("sends/launch", "sends/lanch"));
    let plan = scene.plan().await;
    assert!(plan.is_empty(), "{:#?}", plan.steps);
    assert_eq!(plan.sends[0].standing, Standing::Blocked);
    let words: Vec<&str> = plan.blocked.iter().map(|blocked| blocked.why.word()).collect();
    assert_eq!(words, ["retracted_unknown", "retraction_of_unknown"]);
}

#[tokio::test]
async fn what_is_deleted_later_was_sent_all_the_same() {
    let scene = sent_then(ALL).await;
    scene.apply().await.unwrap();
    let effect = *scene.ledger().await.sends().next().unwrap().0;
    let mut journal = scene.journal(&scene.history).await.unwrap();
    let about = qunfa::history::About::send(effect, qunfa::terms::Generation::FIRST);
    journal.note(about, Fact::Status { status: JobStatus::Deleted }).await.unwrap();
    let plan = scene.plan().await;
    assert!(plan.is_empty() && plan.blocked.is_empty(), "{:?}", plan.blocked);
    assert_eq!(plan.sends[0].standing, Standing::Sent);
}

#[tokio::test]
async fn passing_refusals_are_tried_again() {
    let scene = sent_then(CARE).await;
    scene.sandbox.break_next(Fault::next("message/mass/delete", How::ErrCode(45011)));
    scene.apply().await.unwrap();
    assert_eq!(actions(&scene.plan().await), ["retract"]);
    scene.sandbox.break_next(Fault::next("message/mass/delete", How::ErrCode(45009)));
    scene.apply().await.unwrap();
    let plan = scene.plan().await;
    assert!(plan.is_empty() && plan.blocked.is_empty(), "{plan:#?}");
    assert!(matches!(plan.waiting[0].why, Why::Quota { .. }));
    scene.advance(Duration::from_hours(24));
    scene.apply().await.unwrap();
    assert_eq!(scene.sandbox.jobs()[0].retracted, [2].into());
}

#[tokio::test]
async fn a_lost_answer_is_asked_about_and_not_feared() {
    for (how, article) in [(How::LostAnswer, CARE), (How::CutBefore, CARE), (How::LostAnswer, ALL)]
    {
        let scene = sent_then(article).await;
        scene.sandbox.break_next(Fault::next("message/mass/delete", how.clone()));
        scene.apply().await.unwrap();
        scene.apply().await.unwrap();
        assert!(scene.plan().await.is_empty(), "{how:?}: {:#?}", scene.plan().await);
        assert!(!scene.sandbox.jobs()[0].retracted.is_empty(), "{how:?}");
    }
}

#[tokio::test]
async fn what_was_taken_back_by_hand_is_found() {
    let scene = sent_then(ALL).await;
    let job = scene.sandbox.jobs()[0].msg_id;
    scene.wechat().mass_delete(job, None).await.unwrap();
    scene.apply().await.unwrap();
    assert_eq!(deletions(&scene), 1, "it was asked about first");
    let records = scene.history.read_after(Seq::NONE).await.unwrap();
    let how = records.iter().find_map(|record| match &record.entry.fact {
        Fact::Retracted { how, .. } => Some(*how),
        _ => None,
    });
    assert_eq!(how, Some(RetractedHow::Found));
}

#[tokio::test]
async fn a_refusal_stands_until_a_person_deals_with_it() {
    let scene = sent_then(CARE).await;
    scene.sandbox.break_next(Fault::next("message/mass/delete", How::ErrCode(40204)));
    assert_eq!(scene.apply().await.unwrap().failed, 1);
    let plan = scene.plan().await;
    assert!(plan.is_empty());
    let why = &plan.blocked[0].why;
    assert!(matches!(why, Blocker::RetractionRefused { errcode: 40204, .. }), "{why:?}");
    scene.apply().await.unwrap();
    assert!(scene.sandbox.jobs()[0].retracted.is_empty());
}

#[tokio::test]
async fn ten_a_day_and_the_rest_tomorrow() {
    let scene = sent_then(CARE).await;
    let effect = scene.plan().await.sends[0].address.effect(&scene.plan().await.account.appid);
    let mut journal = scene.journal(&scene.history).await.unwrap();
    for _ in 0..10 {
        let (article, reason) = (Some(1), "试过".to_owned());
        let address = scene.plan().await.sends[0].address.clone();
        let about = qunfa::history::About::send(effect, qunfa::terms::Generation::FIRST);
        journal.note(about, Fact::Retracting { article, reason, address }).await.unwrap();
    }
    let plan = scene.plan().await;
    assert!(plan.is_empty(), "{:#?}", plan.steps);
    let why = &plan.waiting[0].why;
    assert!(matches!(why, Why::Quota { used: 10, limit: 10, .. }), "{why:?}");
    scene.advance(Duration::from_hours(24));
    assert_eq!(actions(&scene.plan().await), ["retract"]);
}

#[tokio::test]
async fn a_text_cannot_be_taken_back() {
    let mut scene = Scene::new(text("vip", "vip: { tag: VIP会员 }", "")).await;
    scene.apply().await.unwrap();
    let more = "retract: { sorry: { send: hello, articles: all, reason: 写错了 } }\n";
    let file = scene.files.get_mut("notice/campaign.yaml").unwrap();
    file.extend_from_slice(more.as_bytes());
    let plan = scene.plan().await;
    assert!(plan.is_empty());
    let why = &plan.blocked[0].why;
    assert!(matches!(why, Blocker::NotRetractable { .. }), "{why:?}");
}

#[tokio::test]
async fn names_are_those_of_the_send() {
    for (more, expected) in [
        (CARE.replace("[care]", "[calendar]"), "retracted_no_article"),
        (CARE.replace("send: launch", "send: winter/sends/launch"), "retracted_unknown"),
    ] {
        let scene = sent_then(&more).await;
        let plan = scene.plan().await;
        assert!(plan.is_empty());
        assert_eq!(plan.blocked[0].why.word(), expected);
    }
}

#[tokio::test]
async fn a_correction_goes_out_after_the_retraction() {
    let mut scene = sent_then(CARE).await;
    let again = "  corrected:\n    news: [care]\n    to: vip\n    preview: []\n    \
                 after: [retract/wrong-care]\n    \
                 window: { until: 2099-12-31T20:00:00+08:00 }\nretract:";
    scene.edit("spring/campaign.yaml", "retract:", again);
    let plan = scene.plan().await;
    let retract = plan.steps.iter().find(|step| step.action.word() == "retract").unwrap();
    let send = plan.steps.iter().find(|step| step.action.word() == "send").unwrap();
    assert!(send.after.contains(&retract.id), "{send:#?}");

    scene.sandbox.break_next(Fault::next("message/mass/delete", How::ErrCode(-1)));
    scene.apply().await.unwrap();
    assert_eq!(scene.sandbox.jobs().len(), 1, "nothing goes out while it is not done");
    scene.apply().await.unwrap();
    assert_eq!(scene.sandbox.jobs().len(), 2);
    assert!(scene.plan().await.is_empty());
}

#[tokio::test]
async fn a_policy_asks_for_a_persons_word() {
    let mut scene = sent_then(CARE).await;
    scene.edit(
        "qunfa.yaml",
        "api: sandbox }",
        "api: sandbox, approvers: [zhang.san], policy: { approvals: { retract: 1 } } }",
    );
    let plan = scene.plan().await;
    assert!(plan.is_empty(), "{:#?}", plan.steps);
    assert!(matches!(plan.waiting[0].why, Why::Approval { needed: 1, .. }));
    let line = &plan.retractions[0];
    let (digest, address) = (line.digest, line.send.clone());
    for by in ["li.si", "zhang.san"] {
        assert!(scene.plan().await.is_empty());
        let fact = Fact::Approved { digest, by: by.to_owned(), address: address.clone() };
        let mut journal = scene.journal(&scene.history).await.unwrap();
        journal.note(qunfa::history::About::NO_SEND, fact).await.unwrap();
    }
    assert_eq!(actions(&scene.plan().await), ["retract"]);
    scene.apply().await.unwrap();
    assert_eq!(scene.sandbox.jobs()[0].retracted, [2].into());
}

#[tokio::test]
async fn a_run_that_stops_before_sends_takes_nothing_back() {
    let scene = sent_then(CARE).await;
    let plan = scene.plan().await;
    let until_preview = Limits { stage: Stage::Preview, ..limits() };
    scene.apply_with(&scene.history, &plan, until_preview, &mut |_| {}).await.unwrap();
    assert!(scene.sandbox.jobs()[0].retracted.is_empty());
    let ledger = scene.ledger().await;
    let (_, send) = ledger.sends().next().unwrap();
    assert!(matches!(send.phase, Phase::Accepted(_)) && send.retractions.is_empty());
}
