use std::time::Duration;

use super::*;
use crate::terms::{Clock as _, Effect, Generation, MaterialKind, Timestamp};
use crate::wechat::script::{Reply, Script, Stopped, TOKEN};
use crate::wechat::{Advice, Certainty, ServerTime, Settings, Timeouts};

const SECOND: Duration = Duration::from_secs(1);

fn id() -> ClientMsgId {
    let effect = Effect::try_from("5f".repeat(32)).unwrap();
    ClientMsgId::new(&effect, Generation::FIRST)
}

fn news() -> MassContent {
    MassContent::News(MediaId::new("DRAFT").unwrap())
}

fn text() -> MassContent {
    MassContent::Text("春季上新：\"轻\"\n🎏".to_owned())
}

fn request() -> RecordedRequest {
    let vip = MassAudience::Tag(TagId::new(2).unwrap());
    mass_request(&news(), &vip, OnReprint::Stop, &id())
}

/// Compares the whole body of a request to everyone, to a tag and to a list.
fn check_bodies(content: &MassContent, on_reprint: OnReprint, [all, list]: [&str; 2]) {
    let openids = ["oA-1", "oB_2"].map(|id| OpenId::new(id).unwrap());
    let tag = MassAudience::Tag(TagId::new(134).unwrap());
    for (audience, endpoint, whom, expected) in [
        (MassAudience::Everyone, MassEndpoint::SendAll, r#""filter":{"is_to_all":true}"#, all),
        (tag, MassEndpoint::SendAll, r#""filter":{"is_to_all":false,"tag_id":134}"#, all),
        (MassAudience::OpenIds(&openids), MassEndpoint::Send, r#""touser":["oA-1","oB_2"]"#, list),
    ] {
        let request = mass_request(content, &audience, on_reprint, &id());
        let expected = format!(r#"{{{whom},{expected},"clientmsgid":"{}"}}"#, id().as_str());
        assert_eq!((request.endpoint, request.body.as_str()), (endpoint, expected.as_str()));
        assert_eq!(last_look(&request), Ok(()));
    }
}

#[test]
fn articles_say_what_to_do_about_a_reprint() {
    let stop = r#""mpnews":{"media_id":"DRAFT"},"msgtype":"mpnews","send_ignore_reprint":0"#;
    check_bodies(&news(), OnReprint::Stop, [stop; 2]);
    let accept = r#""mpnews":{"media_id":"DRAFT"},"msgtype":"mpnews","send_ignore_reprint":1"#;
    check_bodies(&news(), OnReprint::Accept, [accept; 2]);
}

#[test]
fn every_other_type_is_written_in_one_way_only() {
    let check = |content: &MassContent, bodies| {
        check_bodies(content, OnReprint::Stop, bodies);
        check_bodies(content, OnReprint::Accept, bodies);
    };
    let media = |id: &str| MediaId::new(id).unwrap();
    check(&text(), [r#""text":{"content":"春季上新：\"轻\"\n🎏"},"msgtype":"text""#; 2]);
    check(
        &MassContent::Voice(media("VOICE")),
        [r#""voice":{"media_id":"VOICE"},"msgtype":"voice""#; 2],
    );
    // The key has an `s`, the type has none.
    let images = |recommend: Option<&str>, comments| MassContent::Images {
        media_ids: vec![media("ONE"), media("TWO")],
        recommend: recommend.map(str::to_owned),
        comments,
    };
    check(
        &images(Some("春天的\"花\"🌸"), Comments::Followers),
        [r#""images":{"media_ids":["ONE","TWO"],"recommend":"春天的\"花\"🌸","need_open_comment":1,"only_fans_can_comment":1},"msgtype":"image""#;
            2],
    );
    check(
        &images(None, Comments::Closed),
        [r#""images":{"media_ids":["ONE","TWO"],"need_open_comment":0,"only_fans_can_comment":0},"msgtype":"image""#;
            2],
    );
    check(
        &MassContent::Card(CardId::new("pFS7Fjg8kV1I").unwrap()),
        [r#""wxcard":{"card_id":"pFS7Fjg8kV1I"},"msgtype":"wxcard""#; 2],
    );
}

#[test]
fn a_video_has_its_title_written_to_openids_only() {
    let video = MassContent::Video {
        media_id: MediaId::new("VIDEO").unwrap(),
        title: "春季上新".to_owned(),
        description: "第一行\n\"二\"".to_owned(),
    };
    let bodies = [
        r#""mpvideo":{"media_id":"VIDEO"},"msgtype":"mpvideo""#,
        r#""mpvideo":{"media_id":"VIDEO","title":"春季上新","description":"第一行\n\"二\""},"msgtype":"mpvideo""#,
    ];
    check_bodies(&video, OnReprint::Stop, bodies);
    check_bodies(&video, OnReprint::Accept, bodies);
}

#[tokio::test]
async fn a_body_that_does_not_say_whom_it_is_for_never_leaves() {
    let script = Script::start([TOKEN]).await;
    let wechat = script.wechat();
    let token = wechat.token().await.unwrap();
    for (endpoint, body) in [
        (MassEndpoint::SendAll, r#"{"filter":{},"clientmsgid":"a"}"#),
        (MassEndpoint::SendAll, r#"{"clientmsgid":"a"}"#),
        (MassEndpoint::SendAll, r#"{"filter":{"tag_id":2},"clientmsgid":"a"}"#),
        (MassEndpoint::SendAll, r#"{"filter":{"is_to_all":false},"clientmsgid":"a"}"#),
        (MassEndpoint::SendAll, r#"{"filter":{"is_to_all":false,"tag_id":0},"clientmsgid":"a"}"#),
        (MassEndpoint::SendAll, r#"{"filter":{"is_to_all":false,"tag_id":"2"},"clientmsgid":"a"}"#),
        (MassEndpoint::SendAll, r#"{"filter":{"is_to_all":true,"tag_id":2},"clientmsgid":"a"}"#),
        (MassEndpoint::SendAll, r#"{"filter":{"is_to_all":1},"clientmsgid":"a"}"#),
        (MassEndpoint::SendAll, r#"{"filter":{"is_to_all":true}}"#),
        (MassEndpoint::SendAll, r#"{"filter":{"is_to_all":true},"clientmsgid":""}"#),
        (
            MassEndpoint::SendAll,
            r#"{"filter":{"is_to_all":true},"clientmsgid":"123e4567-e89b-12d3-a456-426614174000"}"#,
        ),
        (MassEndpoint::Send, r#"{"touser":["oA"],"clientmsgid":"a"}"#),
        (MassEndpoint::Send, r#"{"filter":{"is_to_all":true},"clientmsgid":"a"}"#),
        (MassEndpoint::SendAll, "春"),
    ] {
        let request = RecordedRequest { endpoint, body: body.to_owned() };
        let error = wechat.send_mass(&request, &token, SECOND).await.unwrap_err();
        assert!(matches!(error, WeChatError::NotMade { .. }), "{body}: {error}");
        assert_eq!((error.advice(), error.certainty()), (Advice::Stop, Certainty::NotDone));
    }
    assert_eq!(script.requests().len(), 1);
}

/// Sends once, and compares what came of it.
async fn check(reply: Reply, expected: &str) {
    let script = Script::start([TOKEN, reply]).await;
    let wechat = script.wechat();
    let token = wechat.token().await.unwrap();
    let timeout = Duration::from_millis(200);
    let shown = match wechat.send_mass(&request(), &token, timeout).await {
        Ok(job) => {
            let (id, data) = (job.msg_id.map(|id| id.0), job.msg_data_id.map(|id| id.0));
            format!("{:?} {id:?} {data:?}", job.how)
        }
        Err(error) => {
            let all = format!("{error} {error:?} {:?}", error.help());
            assert!(!all.contains("TOKEN-ONE") && !all.contains("PLANTED"), "{all}");
            format!("{:?} {:?} {:?}", error.certainty(), error.advice(), error.errcode())
        }
    };
    assert_eq!(shown, expected);
    let requests = script.requests();
    assert_eq!(requests.len(), 2, "one POST and no more");
    assert_eq!(requests[1].body, request().body);
    assert_eq!(
        requests[1].line,
        "POST /cgi-bin/message/mass/sendall?access_token=TOKEN-ONE HTTP/1.1"
    );
}

#[tokio::test]
async fn a_job_is_taken_on() {
    check(
        Reply::json(
            r#"{"errcode":0,"errmsg":"send job submission success","msg_id":3147494552,"msg_data_id":2247483648}"#,
        ),
        "Accepted Some(3147494552) Some(2247483648)",
    )
    .await;
    check(
        Reply::json(r#"{"errcode":"0","msg_id":"3147494552","msg_data_id":"2247483648","类":1}"#),
        "Accepted Some(3147494552) Some(2247483648)",
    )
    .await;
    check(Reply::json(r#"{"msg_id":34182}"#), "Accepted Some(34182) None").await;
    check(Reply::json(r#"{"errcode":0}"#), "Accepted None None").await;
    check(
        Reply::Whole("502 Bad Gateway", r#"{"errcode":0,"msg_id":34182}"#),
        "Accepted Some(34182) None",
    )
    .await;
}

#[tokio::test]
async fn a_job_of_an_earlier_request_is_good_news() {
    check(
        Reply::json(r#"{"errcode":45065,"errmsg":"clientmsgid exist","msg_id":3147494552}"#),
        "AlreadyAccepted Some(3147494552) None",
    )
    .await;
    check(
        Reply::json(r#"{"errcode":45065,"errmsg":"clientmsgid exist"}"#),
        "Unknown Ask Some(45065)",
    )
    .await;
}

#[tokio::test]
async fn a_refusal_is_told_from_an_unknown_outcome() {
    check(Reply::json(r#"{"errcode":45028,"errmsg":"没有了"}"#), "NotDone Stop Some(45028)").await;
    check(Reply::json(r#"{"errcode":"45166","errmsg":""}"#), "NotDone Stop Some(45166)").await;
    check(Reply::json(r#"{"errcode":45066}"#), "Unknown Wait(60s) Some(45066)").await;
    check(Reply::json(r#"{"errcode":-1}"#), "Unknown Ask Some(-1)").await;
    check(Reply::json(r#"{"errcode":31415}"#), "Unknown Ask Some(31415)").await;
}

#[tokio::test]
async fn whatever_is_no_answer_leaves_the_outcome_unknown() {
    let unknown = "Unknown Ask None";
    check(Reply::json("{}"), unknown).await;
    check(Reply::json(r#"{"errcode":0,"msg_"#), unknown).await;
    check(Reply::json(r#"{"errcode":"好"}"#), unknown).await;
    check(Reply::json("<html>TOKEN-ONE 系统繁忙</html>"), unknown).await;
    check(Reply::Whole("502 Bad Gateway", "<html>TOKEN-ONE</html>"), unknown).await;
    check(Reply::Whole("504 Gateway Timeout", ""), unknown).await;
    check(Reply::Whole("404 Not Found", "{\"message\":\"PLANTED-SECRET\"}"), unknown).await;
    check(Reply::Whole("307 Temporary Redirect\r\nLocation: http://127.0.0.1:1/", ""), unknown)
        .await;
    check(Reply::Raw(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{\"errcode\"".into()), unknown)
        .await;
    check(Reply::Raw(b"junk".into()), unknown).await;
    check(Reply::Drop, unknown).await;
    check(Reply::Hang, unknown).await;
}

#[tokio::test]
async fn a_send_that_never_left_is_surely_not_done() {
    let script = Script::start([TOKEN]).await;
    let token = script.wechat().token().await.unwrap();
    // Nobody listens on a port that was just given back.
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    for (base, proxy) in [
        (format!("http://{free}"), None),
        ("https://api.example.invalid".to_owned(), Some(format!("http://me:PLANTED@{free}"))),
    ] {
        let settings = Settings {
            appid: script.wechat().appid().clone(),
            secret: "PLANTED-SECRET".into(),
            base_url: base.parse().unwrap(),
            proxy: proxy.map(Into::into),
            timeouts: Timeouts::default(),
        };
        let Ok(wechat) = WeChat::new(settings, script.clock.clone()) else {
            assert!(base.starts_with("https"), "only https needs root certificates");
            continue;
        };
        let error = wechat.send_mass(&request(), &token, SECOND).await.unwrap_err();
        assert!(matches!(error, WeChatError::Transport { .. }), "{error:?}");
        assert_eq!((error.advice(), error.certainty()), (Advice::Retry, Certainty::NotDone));
        let all = format!("{error} {error:?} {wechat:?}");
        assert!(!all.contains("TOKEN-ONE") && !all.contains("PLANTED"), "{all}");
    }
}

#[test]
fn calls_may_run_in_tasks_of_their_own() {
    fn check<T: Send>(_: T) {}
    let (wechat, token): (Option<WeChat>, Option<Token>) = (None, None);
    if let (Some(wechat), Some(token)) = (wechat, token) {
        check(wechat.send_mass(&request(), &token, SECOND));
        check(wechat.upload_image("image-1.jpg", Vec::new()));
        check(wechat.upload_temporary(MaterialKind::Voice, "song.mp3", Vec::new()));
        check(wechat.mass_delete(MsgId(1), None));
        check(wechat.followers_page(None));
        check(wechat.card_ticket());
        check(wechat.call_quota("/cgi-bin/message/mass/send"));
        check(wechat.tags());
    }
}

#[tokio::test]
async fn a_send_never_renews_its_token_but_the_next_token_is_another() {
    let script = Script::start([
        TOKEN,
        Reply::json(r#"{"errcode":40001,"errmsg":"TOKEN-ONE is not latest rid: 5f-1"}"#),
        Reply::json(r#"{"access_token":"TOKEN-TWO","expires_in":7200}"#),
    ])
    .await;
    let wechat = script.wechat();
    let token = wechat.token().await.unwrap();
    let error = wechat.send_mass(&request(), &token, SECOND).await.unwrap_err();
    assert_eq!((error.advice(), error.certainty()), (Advice::Token, Certainty::NotDone));
    assert_eq!(
        error,
        WeChatError::Api {
            call: Call::SendAll,
            code: ErrCode(40001),
            message: "*** is not latest rid: 5f-1".to_owned(),
            rid: Some("5f-1".to_owned()),
        }
    );
    assert_eq!(script.requests().len(), 2, "nothing was renewed or repeated");
    let next = wechat.token().await.unwrap();
    assert_ne!(next.fingerprint(), token.fingerprint());
}

#[tokio::test]
async fn a_job_is_asked_for_by_a_string() {
    let check = |reply: &'static str, expected: Result<JobStatus, &'static str>| async move {
        let script = Script::start([TOKEN, Reply::json(reply)]).await;
        let status = script.wechat().mass_get(MsgId(3_147_483_649)).await;
        assert_eq!(status.map_err(|error| error.to_string()), expected.map_err(str::to_owned));
        assert_eq!(script.requests()[1].body, r#"{"msg_id":"3147483649"}"#);
    };
    check(r#"{"msg_id":201053012,"msg_status":"SEND_SUCCESS"}"#, Ok(JobStatus::Sent)).await;
    check(r#"{"msg_id":"1","msg_status":"SENDING"}"#, Ok(JobStatus::Sending)).await;
    check(r#"{"msg_status":"SEND_FAIL"}"#, Ok(JobStatus::Failed)).await;
    check(r#"{"msg_status":"DELETE"}"#, Ok(JobStatus::Deleted)).await;
    check(r#"{"msg_status":"审核中"}"#, Ok(JobStatus::Other("审核中".to_owned()))).await;
    check(
        r#"{"errcode":40059,"errmsg":"invalid msg id"}"#,
        Err("message/mass/get was refused with 40059, msg_id unknown or too old: invalid msg id"),
    )
    .await;
    check("{}", Err("the answer to message/mass/get has no valid `msg_status`")).await;
}

/// Retracts once; `Err` holds the errcode, the advice and the certainty.
async fn check_delete(article: Option<u32>, reply: Reply, expected: &str, body: &str) {
    let script = Script::start([TOKEN, reply]).await;
    let shown = match script.wechat().mass_delete(MsgId(3_147_483_649), article).await {
        Ok(()) => "deleted".to_owned(),
        Err(error) => {
            format!("{:?} {:?} {:?}", error.errcode(), error.advice(), error.certainty())
        }
    };
    assert_eq!(shown, expected);
    let requests = script.requests();
    assert_eq!(requests.len(), 2, "one POST and no more");
    assert_eq!(
        requests[1].line,
        "POST /cgi-bin/message/mass/delete?access_token=TOKEN-ONE HTTP/1.1"
    );
    assert_eq!(requests[1].body, body);
}

#[tokio::test]
async fn a_job_is_retracted_by_a_number() {
    let all = r#"{"msg_id":3147483649}"#;
    check_delete(None, Reply::json(r#"{"errcode":0,"errmsg":"ok"}"#), "deleted", all).await;
    let second = r#"{"msg_id":3147483649,"article_idx":2}"#;
    check_delete(Some(2), Reply::json(r#"{"errcode":0}"#), "deleted", second).await;
    let check = async |reply, expected: &str| check_delete(None, reply, expected, all).await;
    check(Reply::json(r#"{"errcode":40065,"errmsg":"群发状态不允许"}"#), "Some(40065) Ask NotDone")
        .await;
    check(Reply::json(r#"{"errcode":40059}"#), "Some(40059) Stop NotDone").await;
    // Whatever leaves it open is asked for: only ten a day, and a repeat answers something else.
    check(Reply::json(r#"{"errcode":-1,"errmsg":"系统繁忙"}"#), "Some(-1) Ask Unknown").await;
    check(Reply::Drop, "None Ask Unknown").await;
    check(Reply::json(r#"{"errcode":0,"#), "None Ask Unknown").await;
    check(Reply::Whole("504 Gateway Timeout", "<html>"), "None Ask Unknown").await;
}

#[tokio::test]
async fn article_zero_is_not_all_of_them() {
    let script = Script::start([]).await;
    let error = script.wechat().mass_delete(MsgId(1), Some(0)).await.unwrap_err();
    assert_eq!((error.advice(), error.certainty()), (Advice::Stop, Certainty::NotDone));
    assert_eq!(
        error.to_string(),
        "message/mass/delete was not made: articles are counted from 1; 0 would delete all of them"
    );
    assert!(script.requests().is_empty());
}

#[tokio::test]
async fn the_newest_date_is_kept_and_gateways_are_not_asked() {
    let dated = |date, body| Reply::Whole(date, body);
    let script = Script::start([
        TOKEN,
        dated("200 OK\r\nDate: Sun, 01 Mar 2026 02:00:07 GMT", r#"{"msg_status":"SENDING"}"#),
        dated("502 Bad Gateway\r\nDate: Sun, 01 Mar 2026 09:00:00 GMT", "<html>"),
        dated("200 OK\r\nDate: 昨天", r#"{"msg_status":"SENDING"}"#),
        dated("200 OK\r\nDate: Sun, 01 Mar 2026 02:01:05 GMT", r#"{"errcode":40059}"#),
    ])
    .await;
    let wechat = script.wechat();
    assert_eq!(wechat.server_time(), None);
    let mut seen = Vec::new();
    for _ in 0..4 {
        let _ = wechat.mass_get(MsgId(1)).await;
        seen.push(wechat.server_time().unwrap());
        script.clock.advance(60);
    }
    let at = |text: &str| text.parse::<Timestamp>().unwrap();
    let first =
        ServerTime { date: at("2026-03-01T02:00:07Z"), seen_at: at("2026-03-01T02:00:00Z") };
    let last = ServerTime { date: at("2026-03-01T02:01:05Z"), seen_at: at("2026-03-01T02:03:00Z") };
    assert_eq!(seen, [first, first, first, last]);
    assert_eq!(Stopped::now(&script.clock), at("2026-03-01T02:04:00Z"));
}
