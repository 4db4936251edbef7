//! Tokens, verbs and bodies: what stands before every call.

use super::*;

fn token_of(answer: &Value) -> (&str, u64) {
    (answer["access_token"].as_str().unwrap(), answer["expires_in"].as_u64().unwrap())
}

async fn alive(desk: &Desk, token: &str) -> i64 {
    let url = format!("{}cgi-bin/tags/get?access_token={token}", desk.sandbox.base_url());
    code(&desk.raw(Method::GET, &url, String::new()).await)
}

#[tokio::test]
async fn the_stable_token_stays_until_its_last_five_minutes() {
    let desk = Desk::open(service()).await;
    let first = desk.ask_token("sandbox-shop").await;
    let (first, left) = token_of(&first);
    assert_eq!((first, left), (desk.token.as_str(), 7200));

    desk.later(6_899);
    let same = desk.ask_token("sandbox-shop").await;
    assert_eq!(token_of(&same), (first, 301));

    desk.later(1);
    let second = desk.ask_token("sandbox-shop").await;
    let (second, left) = token_of(&second);
    assert_ne!(second, first);
    assert_eq!(left, 7200);
    assert_eq!([alive(&desk, first).await, alive(&desk, second).await], [0, 0]);

    desk.later(300);
    assert_eq!([alive(&desk, first).await, alive(&desk, second).await], [42001, 0]);
}

#[tokio::test]
async fn a_forced_token_voids_the_one_before() {
    let desk = Desk::open(service()).await;
    let body = json!({
        "grant_type": "client_credential", "appid": "sandbox-shop", "secret": "s",
        "force_refresh": true,
    });
    let forced = desk.post("stable_token", &body).await;
    let (forced, _) = token_of(&forced);
    assert_eq!([alive(&desk, &desk.token).await, alive(&desk, forced).await], [40001, 0]);
    let too_soon = desk.post("stable_token", &body).await;
    assert_eq!(token_of(&too_soon).0, forced);
    for _ in 1..20 {
        desk.later(30);
        desk.check("stable_token", &body, 0).await;
    }
    desk.later(30);
    desk.check("stable_token", &body, 45009).await;
}

#[tokio::test]
async fn the_plain_token_is_a_world_of_its_own() {
    let desk = Desk::open(service()).await;
    let ask = "token?grant_type=client_credential&appid=sandbox-shop&secret=s";
    let [first, second] = [desk.get(ask).await, desk.get(ask).await];
    let ((first, _), (second, _)) = (token_of(&first), token_of(&second));
    assert_ne!(first, second);
    assert_eq!([alive(&desk, first).await, alive(&desk, second).await], [0, 0]);
    desk.later(300);
    assert_eq!([alive(&desk, first).await, alive(&desk, second).await], [40001, 0]);
    assert_eq!(alive(&desk, &desk.token).await, 0);
}

#[tokio::test]
async fn wrong_credentials_are_refused() {
    let desk = Desk::open(Rules { secret: Some("对的".to_owned()), ..service() }).await;
    let right = json!({
        "grant_type": "client_credential", "appid": "sandbox-shop", "secret": "对的",
    });
    desk.check("stable_token", &right, 0).await;
    for (field, value, errcode) in [
        ("grant_type", json!("password"), 40002),
        ("appid", json!("wx1234567890abcdef"), 40013),
        ("appid", json!(""), 41002),
        ("secret", json!("错的"), 40125),
        ("secret", json!(null), 41004),
        ("force_refresh", json!("true"), 47001),
    ] {
        desk.check("stable_token", &with(right.clone(), field, value), errcode).await;
    }
}

#[tokio::test]
async fn a_token_stands_in_the_query_or_nowhere() {
    let desk = Desk::open(service()).await;
    let base = desk.sandbox.base_url();
    let url = format!("{base}cgi-bin/draft/count");
    let answer = desk.raw(Method::GET, &url, String::new()).await;
    assert_eq!(code(&answer), 41001);
    let body = json!({ "access_token": desk.token, "media_id": "x" }).to_string();
    let answer = desk.raw(Method::POST, &format!("{base}cgi-bin/draft/get"), body).await;
    assert_eq!(code(&answer), 41001);
    assert_eq!(alive(&desk, "98_nobody").await, 40001);
    desk.sandbox.expire_tokens();
    assert_eq!(alive(&desk, &desk.token).await, 42001);
    assert_ne!(token_of(&desk.ask_token("sandbox-shop").await).0, desk.token);
}

#[tokio::test]
async fn verbs_and_bodies_are_taken_to_the_letter() {
    let desk = Desk::open(service()).await;
    let draft = r#"{"articles":[{"title":"春""#;
    for (method, name, body, errcode) in [
        (Method::POST, "tags/get", "{}", 43001),
        (Method::GET, "draft/add", "", 43002),
        (Method::PUT, "draft/add", "{}", 43002),
        (Method::POST, "draft/add", "", 44002),
        (Method::POST, "draft/add", draft, 47001),
        (Method::POST, "draft/add", "[]", 47001),
        (Method::POST, "draft/add", r#"{"articles":[{"title":"\u6625"}]}"#, 40033),
        (Method::POST, "draft/add", r#"{"articles":"春"}"#, 47001),
        (Method::POST, "freepublish/submit", "{}", 48001),
        (Method::POST, "material/add_news", "{}", 45103),
        (Method::POST, "no/such/call", "{}", 48001),
    ] {
        let answer = desk.raw(method, &desk.url(name), body.to_owned()).await;
        assert_eq!(code(&answer), errcode, "{name} {body}");
    }
}

#[tokio::test]
async fn an_answer_looks_like_wechats() {
    let desk = Desk::open(service()).await;
    let url = desk.url("draft/get");
    let answer = desk.http.post(url).body(r#"{"media_id":"没有"}"#).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["content-type"], "text/plain");
    assert_eq!(answer.headers()["date"], "Sun, 01 Mar 2026 02:00:00 GMT");
    let body: Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
    insta::assert_snapshot!(
        body,
        @r#"{"errcode":40007,"errmsg":"invalid media_id rid: 69a39da0-e0f87fb2-7c04373d"}"#
    );
    desk.later(90);
    let answer = desk.http.get(desk.url("tags/get")).send().await.unwrap();
    assert_eq!(answer.headers()["date"], "Sun, 01 Mar 2026 02:01:30 GMT");
}

#[tokio::test]
async fn numbers_come_as_strings_where_the_rules_say_so() {
    let rules = Rules { numbers: crate::sandbox::Numbers::AsStrings, ..service() };
    let desk = Desk::open(rules).await;
    assert_eq!(desk.ask_token("sandbox-shop").await["expires_in"], "7200");
    let answer = desk.send_text("a").await;
    assert_eq!(answer["msg_id"], "3147483649");
    assert_eq!(answer["msg_data_id"], "2247483648");
}
