//! What belongs to the account as a whole: speed, quotas of calls, the ticket, addresses.

use super::*;

const QUOTA: &str = "openapi/quota/get";
const CLEAR: &str = "clear_quota";
const TICKET: &str = "ticket/getticket?type=wx_card";

/// How many calls of a path are used today.
async fn used(desk: &Desk, name: &str) -> u64 {
    let body = json!({ "cgi_path": format!("/cgi-bin/{name}") });
    desk.post(QUOTA, &body).await["quota"]["used"].as_u64().unwrap()
}

#[tokio::test]
async fn the_speed_is_set_and_kept() {
    let folder = tempfile::tempdir().unwrap();
    let keep = || Keep::File(folder.path().join("沙盒.db"));
    let sandbox = Sandbox::start(service(), keep(), clock()).await.unwrap();
    let desk = Desk::over(sandbox, "sandbox-shop").await;
    let (get, set) = ("message/mass/speed/get", "message/mass/speed/set");
    for (speed, real) in [(0, 80), (1, 60), (2, 45), (3, 30), (4, 10)] {
        desk.check(set, &json!({ "speed": speed }), 0).await;
        let told = json!({ "speed": speed, "realspeed": real });
        assert_eq!(desk.post(get, &json!({})).await, told);
    }
    for (body, errcode) in [
        (json!({ "speed": 5 }), 45083),
        (json!({ "speed": -1 }), 45083),
        (json!({ "speed": 256 }), 45083),
        (json!({}), 45084),
        (json!({ "speed": null }), 45084),
        (json!({ "speed": "快" }), 47001),
        (json!({ "speed": 2.5 }), 47001),
    ] {
        desk.check(set, &body, errcode).await;
    }
    assert_eq!(code(&desk.get(get).await), 43002, "one SDK asks by GET");
    assert_eq!(code(&desk.raw(Method::POST, &desk.url(get), String::new()).await), 44002);
    desk.sandbox.stopped().await;
    let desk =
        Desk::over(Sandbox::start(service(), keep(), clock()).await.unwrap(), "sandbox-shop").await;
    assert_eq!(desk.post(get, &json!({})).await["speed"], 4);
}

#[tokio::test]
async fn calls_of_a_path_are_counted_each_beijing_day() {
    let clock = SandboxClock::by_hand("2026-03-01T23:59:00+08:00".parse().unwrap());
    let sandbox = Sandbox::start(service(), Keep::Memory, clock).await.unwrap();
    let desk = Desk::over(sandbox, "sandbox-shop").await;
    assert_eq!(used(&desk, "draft/add").await, 0);
    desk.draft().await;
    desk.check("draft/add", &json!({ "articles": [] }), 44003).await;
    assert_eq!(used(&desk, "draft/add").await, 2, "a refused call is used up too");
    assert_eq!(used(&desk, "material/add_material").await, 1);
    assert_eq!(used(&desk, QUOTA).await, 4, "this one too");
    desk.later(60);
    assert_eq!(used(&desk, "draft/add").await, 0);
    let body = json!({ "cgi_path": "/cgi-bin/message/mass/delete" });
    let quota = &desk.post(QUOTA, &body).await;
    assert_eq!(quota["quota"], json!({ "daily_limit": 10, "used": 0, "remain": 10 }));
    assert_eq!(quota["rate_limit"], json!({ "call_count": 60, "refresh_second": 60 }));
}

#[tokio::test]
async fn a_path_is_judged_before_its_quota_is_told() {
    let check = async |desk: &Desk, path: &str, errcode| {
        desk.check(QUOTA, &json!({ "cgi_path": path }), errcode).await;
    };
    let desk = Desk::open(service()).await;
    check(&desk, "/cgi-bin/message/mass/send", 0).await;
    check(&desk, "cgi-bin/message/mass/send", 76003).await;
    check(&desk, "https://api.weixin.qq.com/cgi-bin/message/mass/send", 76003).await;
    check(&desk, "//api.weixin.qq.com/cgi-bin/message/mass/send", 76003).await;
    check(&desk, "/cgi-bin/message/mass/send?a=1", 76003).await;
    check(&desk, "", 76003).await;
    desk.check(QUOTA, &json!({}), 76003).await;
    check(&desk, "/cgi-bin/message/mass/群发", 76021).await;
    check(&desk, "/message/mass/send", 76021).await;
    check(&desk, "/cgi-bin/freepublish/submit", 76022).await;
    let sandbox = Sandbox::start(subscription(), Keep::Memory, clock()).await.unwrap();
    let desk = Desk::over(sandbox, "sandbox-daily").await;
    check(&desk, "/cgi-bin/message/mass/sendall", 0).await;
    check(&desk, "/cgi-bin/message/mass/send", 76022).await;
}

#[tokio::test]
async fn counts_are_cleared_ten_times_a_month() {
    let clock = SandboxClock::by_hand("2026-03-31T12:00:00+08:00".parse().unwrap());
    let rules = Rules { per_day: [("draft/get".to_owned(), 1)].into(), ..service() };
    let desk =
        Desk::over(Sandbox::start(rules, Keep::Memory, clock).await.unwrap(), "sandbox-shop").await;
    let (own, none) = (json!({ "appid": "sandbox-shop" }), json!({ "media_id": "没有" }));
    desk.check(CLEAR, &json!({ "appid": "sandbox-别的" }), 40013).await;
    desk.check(CLEAR, &json!({}), 41002).await;
    for _ in 0..10 {
        desk.check("draft/get", &none, 40007).await;
        desk.check("draft/get", &none, 45009).await;
        desk.check(CLEAR, &own, 0).await;
        assert_eq!(used(&desk, "draft/get").await, 0);
    }
    desk.check("draft/get", &none, 40007).await;
    desk.check(CLEAR, &own, 48006).await;
    desk.check("draft/get", &none, 45009).await;
    desk.later(3600);
    desk.check(CLEAR, &own, 48006).await;
    desk.later(11 * 3600); // April begins in Beijing
    let token = desk.ask_token("sandbox-shop").await["access_token"].as_str().unwrap().to_owned();
    let desk = Desk { token, ..desk };
    desk.check(CLEAR, &own, 0).await;
}

#[tokio::test]
async fn clearing_gives_no_right_to_send_back() {
    let sandbox = Sandbox::start(subscription(), Keep::Memory, clock()).await.unwrap();
    let desk = Desk::over(sandbox, "sandbox-daily").await;
    desk.check("message/mass/sendall", &text_to_vip("春"), 0).await;
    desk.check(CLEAR, &json!({ "appid": "sandbox-daily" }), 0).await;
    assert_eq!(used(&desk, "message/mass/sendall").await, 0);
    desk.check("message/mass/sendall", &text_to_vip("夏"), 45028).await;
}

#[tokio::test]
async fn a_ticket_lives_two_hours() {
    let desk = Desk::open(Rules { token_lives: Duration::from_hours(5), ..service() }).await;
    let first = desk.get(TICKET).await;
    assert_eq!((code(&first), &first["expires_in"]), (0, &json!(7200)));
    desk.later(7199);
    let again = desk.get(TICKET).await;
    assert_eq!((&again["ticket"], &again["expires_in"]), (&first["ticket"], &json!(1)));
    desk.later(1);
    let new = desk.get(TICKET).await;
    assert!(new["ticket"] != first["ticket"] && new["expires_in"] == 7200, "{new}");
    assert_eq!(code(&desk.get("ticket/getticket").await), 40035);
    assert_eq!(code(&desk.get("ticket/getticket?type=卡券").await), 40035);
    assert_eq!(code(&desk.get("ticket/getticket?type=jsapi").await), 48001);
    assert_eq!(code(&desk.post(TICKET, &json!({})).await), 43001);
}

#[tokio::test]
async fn the_servers_are_where_the_sandbox_is() {
    let desk = Desk::open(service()).await;
    let here = json!({ "ip_list": [desk.sandbox.base_url().host_str().unwrap()] });
    assert_eq!(desk.get("get_api_domain_ip").await, here);
    assert_eq!(desk.get("getcallbackip").await, here);
    assert_eq!(code(&desk.post("getcallbackip", &json!({})).await), 43001);
}
