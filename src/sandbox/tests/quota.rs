//! How often: rights to send, calls a day, calls a minute.

use super::*;

const SENDALL: &str = "message/mass/sendall";

fn to_everyone(id: &str) -> Value {
    with(text_to_vip(id), "filter", json!({ "is_to_all": true }))
}

async fn renewed(desk: Desk, appid: &str) -> Desk {
    let token = desk.ask_token(appid).await["access_token"].as_str().unwrap().to_owned();
    Desk { token, ..desk }
}

#[tokio::test]
async fn a_subscription_account_has_one_send_a_beijing_day() {
    let clock = SandboxClock::by_hand("2026-03-01T23:58:00+08:00".parse().unwrap());
    let sandbox = Sandbox::start(subscription(), Keep::Memory, clock).await.unwrap();
    let desk = Desk::over(sandbox, "sandbox-daily").await;
    desk.check(SENDALL, &text_to_vip("a"), 0).await;
    desk.check(SENDALL, &to_everyone("b"), 45028).await;
    desk.check(SENDALL, &text_to_vip("c"), 45028).await;
    desk.later(120);
    desk.check(SENDALL, &text_to_vip("c"), 0).await;
}

#[tokio::test]
async fn a_service_account_has_four_sends_to_everyone_a_month() {
    let clock = SandboxClock::by_hand("2026-03-31T23:00:00+08:00".parse().unwrap());
    let sandbox = Sandbox::start(service(), Keep::Memory, clock).await.unwrap();
    let desk = Desk::over(sandbox, "sandbox-shop").await;
    for id in ["一", "二", "三", "四"] {
        desk.check(SENDALL, &to_everyone(id), 0).await;
    }
    desk.check(SENDALL, &to_everyone("五"), 45028).await;
    desk.check(SENDALL, &text_to_vip("六"), 0).await; // accepted, and filtered to nobody
    assert_eq!(desk.sandbox.jobs().pop().unwrap().recipients, 0);
    desk.later(3600);
    desk.check(SENDALL, &to_everyone("五"), 0).await;
    assert_eq!(desk.sandbox.jobs().pop().unwrap().recipients, 12_480);
}

#[tokio::test]
async fn a_follower_gets_four_sends_a_month() {
    let desk = Desk::open(service()).await;
    let list = |from: usize, to: usize, id: &str| {
        json!({
            "touser": openids(10)[from..to], "clientmsgid": id,
            "msgtype": "text", "text": { "content": "春" },
        })
    };
    for id in ["a", "b", "c", "d"] {
        desk.check("message/mass/send", &list(0, 4, id), 0).await;
    }
    desk.check("message/mass/send", &list(2, 8, "e"), 0).await;
    let job = desk.sandbox.jobs().pop().unwrap();
    assert_eq!((job.total, job.recipients), (6, 4));
}

#[tokio::test]
async fn mass_sends_are_a_hundred_calls_a_day_and_sixty_a_minute() {
    let desk = Desk::open(service()).await;
    let refused = with(text_to_vip("a"), "filter", json!({}));
    for _ in 0..60 {
        desk.check(SENDALL, &refused, 40152).await;
    }
    desk.check("message/mass/get", &json!({ "msg_id": 1 }), 45011).await;
    desk.check(SENDALL, &refused, 45011).await;
    desk.later(60);
    for _ in 60..100 {
        desk.check("message/mass/send", &refused, 44005).await;
    }
    desk.check(SENDALL, &refused, 45009).await;
    let ask = json!({ "cgi_path": "/cgi-bin/message/mass/send" });
    let quota = desk.post("openapi/quota/get", &ask).await;
    assert_eq!(quota["quota"], json!({ "daily_limit": 100, "used": 100, "remain": 0 }));
    desk.later(24 * 3600);
    let desk = renewed(desk, "sandbox-shop").await;
    desk.check(SENDALL, &refused, 40152).await;
}

#[tokio::test]
async fn a_limit_can_be_set_and_asked_for() {
    let per_day = [("draft/get".to_owned(), 1)].into();
    let desk = Desk::open(Rules { per_day, ..service() }).await;
    let body = json!({ "media_id": "没有" });
    desk.check("draft/get", &body, 40007).await;
    desk.check("draft/get", &body, 45009).await;
    for (path, errcode) in [
        ("/cgi-bin/draft/get", 0),
        ("cgi-bin/draft/get", 76003),
        ("/cgi-bin/draft/get?a=1", 76003),
        ("/cgi-bin/draft/got", 76021),
    ] {
        desk.check("openapi/quota/get", &json!({ "cgi_path": path }), errcode).await;
    }
}
