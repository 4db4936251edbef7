//! Sends of voices, videos and cards (语音、视频、卡券), whole, against the emulated account.

use std::collections::BTreeMap;
use std::time::Duration;

use qunfa::apply::{Event, Limits, Stage};
use qunfa::history::{Fact, IntentRequest, Seq, Store};
use qunfa::plan::{Plan, Standing};
use qunfa::sandbox::{Cards, Fault, How, Rules, openid};
use qunfa::terms::{AccountKind, AppId, RecordedRequest};

use crate::support::{Scene, coupon, film, greeting, limits, mp3};

fn actions(plan: &Plan) -> Vec<&'static str> {
    plan.steps.iter().map(|step| step.action.word()).collect()
}

/// Applies the scene's plan as far as `stage`.
async fn apply_until(scene: &Scene, stage: Stage) {
    let plan = scene.plan().await;
    let some = Limits { stage, ..limits() };
    scene.apply_with(&scene.history, &plan, some, &mut |_| {}).await.unwrap();
}

/// Whether anything that could have made a job was recorded.
async fn has_intent(scene: &Scene) -> bool {
    let records = scene.history.read_after(Seq::NONE).await.unwrap();
    records.iter().any(|record| matches!(record.entry.fact, Fact::Intent(_)))
}

/// The request of the one send that went out.
async fn request(scene: &Scene) -> serde_json::Value {
    let records = scene.history.read_after(Seq::NONE).await.unwrap();
    let intent = records.iter().find_map(|record| match &record.entry.fact {
        Fact::Intent(intent) => Some(intent.request.clone()),
        _ => None,
    });
    let IntentRequest::Inline(request) = intent.unwrap() else {
        panic!("a list's request is a blob")
    };
    serde_json::from_str(&request.body).unwrap()
}

#[tokio::test]
async fn a_voice_goes_out_once() {
    let scene = Scene::new(greeting()).await;
    assert_eq!(
        actions(&scene.plan().await),
        ["upload_material", "preview", "send", "check_status"]
    );
    let outcome = scene.apply().await.unwrap();
    assert_eq!((outcome.failed, outcome.sends[0].standing), (0, Standing::Sent));
    assert_eq!(scene.sandbox.previews()[0].msgtype, "voice");
    let jobs = scene.sandbox.jobs();
    assert_eq!((jobs.len(), jobs[0].msgtype.as_str()), (1, "voice"));
    assert_eq!(request(&scene).await["msgtype"], "voice");
    assert!(scene.plan().await.is_empty());
    scene.apply().await.unwrap();
    assert_eq!(scene.sandbox.jobs().len(), 1);
}

#[tokio::test]
async fn a_video_is_converted_shown_and_sent_once() {
    let scene = Scene::new(film()).await;
    assert_eq!(
        actions(&scene.plan().await),
        ["upload_material", "convert_video", "preview", "send", "check_status"]
    );
    let outcome = scene.apply().await.unwrap();
    assert_eq!((outcome.failed, outcome.sends[0].standing), (0, Standing::Sent));
    assert_eq!(scene.sandbox.previews()[0].msgtype, "mpvideo");
    assert_eq!(scene.sandbox.jobs()[0].msgtype, "mpvideo");
    // To a tag the conversion's title counts; the request has the id alone.
    let request = request(&scene).await;
    assert_eq!(request["mpvideo"].as_object().unwrap().len(), 1, "{request}");
    assert!(scene.plan().await.is_empty());
    scene.apply().await.unwrap();
    assert_eq!(scene.sandbox.jobs().len(), 1);
}

#[tokio::test]
async fn a_list_gets_title_and_description_in_the_request() {
    let mut scene = Scene::new(film()).await;
    let appid = AppId::new("sandbox-demo").unwrap();
    let openids: Vec<String> = (0..2).map(|n| openid(&appid, n)).collect();
    scene.files.insert("film/list.txt".to_owned(), openids.join("\n").into_bytes());
    scene.edit("film/campaign.yaml", "tag: VIP会员", "openids: list.txt");
    let outcome = scene.apply().await.unwrap();
    assert_eq!(outcome.sends[0].standing, Standing::Sent, "{outcome:#?}");
    let records = scene.history.read_after(Seq::NONE).await.unwrap();
    let blob = records.iter().find_map(|record| match &record.entry.fact {
        Fact::Intent(intent) => match intent.request {
            IntentRequest::Blob(blob) => Some(blob),
            IntentRequest::Inline(_) => None,
        },
        _ => None,
    });
    let bytes = scene.history.blob(&blob.unwrap()).await.unwrap().unwrap();
    let request: RecordedRequest = serde_json::from_slice(&bytes).unwrap();
    let body: serde_json::Value = serde_json::from_str(&request.body).unwrap();
    assert_eq!(body["mpvideo"]["title"], "春季新品短片");
    assert_eq!(body["mpvideo"]["description"], "三十秒看完");
}

#[tokio::test]
async fn a_video_that_expires_before_its_send_is_renewed_and_not_shown_again() {
    let scene = Scene::new(film()).await;
    apply_until(&scene, Stage::Preview).await;
    scene.advance(Duration::from_hours(47));
    assert_eq!(actions(&scene.plan().await), ["send", "check_status"]);
    scene.advance(Duration::from_hours(2));
    let plan = scene.plan().await;
    assert_eq!(actions(&plan), ["upload_material", "convert_video", "send", "check_status"]);
    assert_eq!(plan.steps[0].because.word(), "expiring");
    scene.apply().await.unwrap();
    assert_eq!((scene.sandbox.jobs().len(), scene.sandbox.previews().len()), (1, 1));
}

#[tokio::test]
async fn a_plan_that_lay_too_long_sends_no_video_that_would_expire() {
    let scene = Scene::new(film()).await;
    apply_until(&scene, Stage::Preview).await;
    let plan = scene.plan().await;
    // It still lasts for a day less three hours: less than a lost answer may be settled for.
    scene.advance(Duration::from_hours(51));
    let mut told = Vec::new();
    let mut tell = |event: Event| told.push(event);
    let outcome = scene.apply_with(&scene.history, &plan, limits(), &mut tell).await.unwrap();
    assert_eq!((outcome.failed, scene.sandbox.jobs().len()), (1, 0));
    let says = |text: &str| {
        told.iter()
            .any(|event| matches!(event, Event::StepFailed { error, .. } if error.contains(text)))
    };
    assert!(says("plan again"), "{told:#?}");
    assert!(!has_intent(&scene).await, "nothing was begun");
    scene.apply().await.unwrap();
    assert_eq!(scene.sandbox.jobs().len(), 1);
}

#[tokio::test]
async fn a_send_that_waits_renews_its_video_and_then_has_nothing_to_do() {
    let mut files = film();
    let campaign = String::from_utf8(files["film/campaign.yaml"].clone()).unwrap();
    let campaign = campaign.replace("2026-03-01T10:00", "2026-04-01T10:00");
    files.insert("film/campaign.yaml".to_owned(), campaign.into_bytes());
    let scene = Scene::new(files).await;
    scene.apply().await.unwrap();
    assert!(scene.plan().await.is_empty());
    scene.advance(Duration::from_hours(60));
    assert_eq!(actions(&scene.plan().await), ["upload_material", "convert_video"]);
    scene.apply().await.unwrap();
    let plan = scene.plan().await;
    assert!(plan.is_empty() && plan.waiting.len() == 1, "{plan:#?}");
    assert_eq!(scene.sandbox.previews().len(), 1);
}

#[tokio::test]
async fn a_video_that_is_being_transcoded_is_waited_for() {
    let scene = Scene::new(film()).await;
    // More often than any harmless call is made again.
    for nth in 1..=6 {
        scene.sandbox.break_next(Fault::nth("media/uploadvideo", nth, How::ErrCode(46_007)));
    }
    let outcome = scene.apply().await.unwrap();
    assert_eq!((outcome.failed, outcome.sends[0].standing), (0, Standing::Sent));

    // And no longer than the run may wait.
    let scene = Scene::new(film()).await;
    for nth in 1..=3 {
        scene.sandbox.break_next(Fault::nth("media/uploadvideo", nth, How::ErrCode(46_007)));
    }
    let plan = scene.plan().await;
    let hasty = Limits { wait: Duration::from_mins(1), ..limits() };
    let outcome = scene.apply_with(&scene.history, &plan, hasty, &mut |_| {}).await.unwrap();
    assert_eq!((outcome.failed, outcome.unfinished, scene.sandbox.jobs().len()), (0, 1, 0));
    assert_eq!(actions(&scene.plan().await)[0], "convert_video", "the upload is not made again");
    scene.apply().await.unwrap();
    scene.apply().await.unwrap();
    assert_eq!(scene.sandbox.jobs().len(), 1);
}

#[tokio::test]
async fn a_video_that_a_preview_does_not_find_is_forgotten_and_made_again() {
    for endpoint in ["message/mass/preview", "media/uploadvideo"] {
        let scene = Scene::new(film()).await;
        scene.sandbox.break_next(Fault::next(endpoint, How::ErrCode(40_007)));
        let outcome = scene.apply().await.unwrap();
        assert_eq!((outcome.failed, scene.sandbox.jobs().len()), (1, 0), "{endpoint}");
        assert_eq!(
            actions(&scene.plan().await),
            ["upload_material", "convert_video", "preview", "send", "check_status"],
            "{endpoint}"
        );
        scene.apply().await.unwrap();
        assert_eq!(scene.sandbox.jobs().len(), 1, "{endpoint}");
    }
}

#[tokio::test]
async fn a_send_refused_for_an_unknown_video_makes_another() {
    let scene = Scene::new(film()).await;
    apply_until(&scene, Stage::Preview).await;
    scene.advance(Duration::from_secs(1));
    scene.sandbox.break_next(Fault::next("message/mass/sendall", How::ErrCode(40_007)));
    scene.apply().await.unwrap();
    assert_eq!(scene.sandbox.jobs().len(), 0);
    scene.advance(Duration::from_secs(1));
    let plan = scene.plan().await;
    assert_eq!(actions(&plan)[..2], ["upload_material", "convert_video"]);
    assert_eq!(plan.steps[0].because.word(), "refused_media");
    scene.apply().await.unwrap();
    assert_eq!(scene.sandbox.jobs().len(), 1);
}

#[tokio::test]
async fn a_voice_that_somebody_deleted_is_uploaded_again() {
    let scene = Scene::new(greeting()).await;
    apply_until(&scene, Stage::Preview).await;
    let voice = scene.sandbox.materials()[0].media_id.clone().unwrap();
    scene.sandbox.remove_material(&voice.try_into().unwrap());
    let outcome = scene.apply().await.unwrap();
    assert_eq!((outcome.failed, scene.sandbox.jobs().len()), (1, 0));
    assert!(!has_intent(&scene).await, "it was looked up before");
    assert_eq!(actions(&scene.plan().await)[0], "upload_material");
    scene.apply().await.unwrap();
    assert_eq!(scene.sandbox.jobs().len(), 1);
}

#[tokio::test]
async fn media_of_the_account_are_sent_by_their_ids_and_missed_when_they_are_gone() {
    let first = Scene::new(greeting()).await;
    apply_until(&first, Stage::Upload).await;
    let voice = first.sandbox.materials()[0].media_id.clone().unwrap();
    let mut scene = first;
    scene.edit(
        "greeting/campaign.yaml",
        "voice: 问候.mp3",
        &format!("voice: {{ media_id: {voice} }}"),
    );
    assert_eq!(actions(&scene.plan().await), ["preview", "send", "check_status"]);
    scene.sandbox.remove_material(&voice.clone().try_into().unwrap());
    let mut told = Vec::new();
    let plan = scene.plan().await;
    let mut tell = |event: Event| told.push(event);
    scene.apply_with(&scene.history, &plan, limits(), &mut tell).await.unwrap();
    let said = format!("{told:?}");
    assert!(said.contains("name another id under `media`"), "{said}");
    assert_eq!(scene.sandbox.jobs().len(), 0);
    assert!(!has_intent(&scene).await);
}

#[tokio::test]
async fn another_title_is_converted_anew_and_after_the_send_blocked() {
    let mut scene = Scene::new(film()).await;
    apply_until(&scene, Stage::Preview).await;
    scene.edit("film/campaign.yaml", "新品短片", "上新短片");
    assert_eq!(actions(&scene.plan().await), ["convert_video", "preview", "send", "check_status"]);
    scene.apply().await.unwrap();
    scene.edit("film/campaign.yaml", "上新短片", "新品短片");
    let plan = scene.plan().await;
    assert!(plan.is_empty(), "{plan:#?}");
    assert_eq!(plan.blocked[0].why.word(), "sent_content_changed");
}

/// Runs the coupon on an account that does or does not take cards; what was told.
async fn coupon_on(cards: Cards) -> (Scene, String) {
    let appid = AppId::new("sandbox-demo").unwrap();
    let rules = Rules { cards, ..Rules::new(appid, AccountKind::Service) };
    let scene = Scene::with(coupon(), rules).await;
    let mut told = Vec::new();
    let plan = scene.plan().await;
    let mut tell = |event: Event| told.push(event);
    scene.apply_with(&scene.history, &plan, limits(), &mut tell).await.unwrap();
    (scene, format!("{told:?}"))
}

#[tokio::test]
async fn a_card_is_shown_signed_and_goes_out_where_cards_do() {
    let (scene, said) = coupon_on(Cards::Accepted).await;
    assert_eq!(scene.sandbox.previews()[0].msgtype, "wxcard");
    assert_eq!(scene.sandbox.jobs()[0].msgtype, "wxcard");
    assert!(scene.plan().await.is_empty());
    // What signs it stands in no record and in no news.
    let records = scene.history.read_after(Seq::NONE).await.unwrap();
    let records: String = records.iter().map(|record| record.text.as_str()).collect();
    assert!(!said.contains("signature") && !records.contains("signature"));
}

#[tokio::test]
async fn a_card_that_wechat_refuses_goes_to_nobody() {
    let (scene, said) = coupon_on(Cards::Refused).await;
    assert!(said.contains("45113"), "{said}");
    assert_eq!(scene.sandbox.jobs().len(), 0);
    assert!(!has_intent(&scene).await);
}

#[tokio::test]
async fn a_voice_of_more_than_a_minute_is_not_planned() {
    let files = |frames| -> BTreeMap<String, Vec<u8>> {
        let mut files = greeting();
        files.insert("greeting/问候.mp3".to_owned(), mp3(frames));
        files
    };
    let check = |scene: Scene, code: Option<&str>| {
        let (_, problems) = scene.load();
        assert_eq!(problems.first().map(|problem| problem.code.id), code, "{problems:#?}");
    };
    check(Scene::new(files(1_666)).await, None);
    check(Scene::new(files(1_667)).await, Some("Q0433"));
}
