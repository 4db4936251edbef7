//! What is kept, and what people and other processes can look at and move.

use super::*;
use crate::{sandbox::store::Store, terms::Clock as _};

fn file() -> (tempfile::TempDir, Keep) {
    let folder = tempfile::tempdir().unwrap();
    let keep = Keep::File(folder.path().join("沙盒.db"));
    (folder, keep)
}

#[tokio::test]
async fn two_sandboxes_on_one_file_are_one_account() {
    let (_folder, keep) = file();
    let first = Sandbox::start(service(), keep.clone(), clock()).await.unwrap();
    let second = Sandbox::start(service(), keep, clock()).await.unwrap();
    let [first, second] =
        [Desk::over(first, "sandbox-shop").await, Desk::over(second, "sandbox-shop").await];
    assert_eq!(first.token, second.token);
    let media_id = first.draft().await;
    second.check("draft/get", &json!({ "media_id": media_id }), 0).await;
    assert_eq!(code(&first.send_text("spring").await), 0);
    first.later(60);
    assert_eq!(code(&second.send_text("spring").await), 45065);
    assert_eq!(first.sandbox.jobs(), second.sandbox.jobs());
    assert_eq!(first.sandbox.clock().now(), second.sandbox.clock().now());
}

#[tokio::test]
async fn the_time_of_a_state_file_is_known_without_a_sandbox() {
    let (_folder, keep) = file();
    let before = clock();
    before.resume(&keep).unwrap();
    assert_eq!(before.now(), clock().now());
    let Keep::File(path) = &keep else { panic!("it is a file") };
    assert!(!path.exists(), "looking makes no state");
    let sandbox = Sandbox::start(service(), keep.clone(), before).await.unwrap();
    sandbox.clock().advance(Duration::from_secs(90));
    let after = clock();
    after.resume(&keep).unwrap();
    assert_eq!(after.now(), sandbox.clock().now());
}

#[tokio::test]
async fn racing_calls_make_one_job() {
    let (_folder, keep) = file();
    let first = Sandbox::start(service(), keep.clone(), clock()).await.unwrap();
    let second = Sandbox::start(service(), keep, clock()).await.unwrap();
    let [first, second] =
        [Desk::over(first, "sandbox-shop").await, Desk::over(second, "sandbox-shop").await];
    let (a, b, c) = tokio::join!(
        first.send_text("spring"),
        second.send_text("spring"),
        first.send_text("spring")
    );
    let mut codes = [&a, &b, &c].map(code);
    codes.sort_unstable();
    assert_eq!(codes, [0, 45066, 45066]);
    assert_eq!(second.sandbox.jobs().len(), 1);
}

#[tokio::test]
async fn an_account_outlives_its_sandbox_and_time_goes_on() {
    let (_folder, keep) = file();
    let desk = Sandbox::start(service(), keep.clone(), clock()).await.unwrap();
    let desk = Desk::over(desk, "sandbox-shop").await;
    desk.send_text("spring").await;
    desk.sandbox.clock().sleep(Duration::from_millis(90_001)).await;
    desk.sandbox.stopped().await;

    let sandbox = Sandbox::start(service(), keep, clock()).await.unwrap();
    assert_eq!(sandbox.clock().now().to_string(), "2026-03-01T02:01:30.001Z");
    assert_eq!(sandbox.jobs().len(), 1);
    assert_eq!(sandbox.jobs()[0].status, crate::terms::JobStatus::Sent);
}

#[tokio::test]
async fn a_state_file_does_not_grow_by_the_videos() {
    let (folder, keep) = file();
    let desk = Sandbox::start(service(), keep, clock()).await.unwrap();
    let desk = Desk::over(desk, "sandbox-shop").await;
    let mut film = MP4.to_vec();
    film.resize(4 * 1024 * 1024, 0);
    desk.file("media/upload?type=video", part("a.mp4", "video/mp4", film)).await;
    desk.sandbox.stopped().await;
    let files = std::fs::read_dir(folder.path()).unwrap();
    let bytes: u64 = files.map(|file| file.unwrap().metadata().unwrap().len()).sum();
    assert!(bytes < 1024 * 1024, "{bytes}");
}

#[test]
fn many_processes_may_begin_on_one_file() {
    let (_folder, keep) = file();
    let opened: Vec<bool> = std::thread::scope(|scope| {
        let open = || scope.spawn(|| Store::open(&keep).is_ok());
        let threads: Vec<_> = (0..16).map(|_| open()).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(opened, [true; 16]);
}

#[tokio::test]
async fn a_clock_that_goes_by_itself_is_only_pushed_on() {
    let base = clock();
    let clock = SandboxClock::by_itself(std::sync::Arc::new(base.clone()));
    base.advance(Duration::from_secs(5));
    clock.sleep(Duration::from_mins(1)).await;
    base.advance(Duration::from_secs(5));
    assert_eq!(clock.now().to_string(), "2026-03-01T02:01:10Z");
    assert_eq!(base.now().to_string(), "2026-03-01T02:00:10Z");
}

#[tokio::test]
async fn accounts_of_one_sandbox_keep_apart() {
    let address = ([127, 0, 0, 1], 0).into();
    let rules = vec![service(), subscription()];
    let sandbox = Sandbox::listen(address, rules, Keep::Memory, clock()).await.unwrap();
    let mut desk = Desk::over(sandbox, "sandbox-daily").await;
    desk.check("message/mass/sendall", &text_to_vip("a"), 0).await;
    desk.check("message/mass/sendall", &text_to_vip("b"), 45028).await;
    desk.token = desk.ask_token("sandbox-shop").await["access_token"].as_str().unwrap().to_owned();
    desk.check("message/mass/sendall", &text_to_vip("b"), 0).await;
    assert_eq!(code(&desk.ask_token("sandbox-other").await), 40013);
}

#[tokio::test]
async fn the_page_shows_what_went_out() {
    let desk = Desk::open(service()).await;
    let body = with(text_to_vip("a"), "text", json!({ "content": "<b>明天</b>十点" }));
    desk.check("message/mass/sendall", &body, 0).await;
    let page = desk.http.get(desk.sandbox.base_url()).send().await.unwrap().text().await.unwrap();
    for shown in ["sandbox-shop", "SANDBOX", "VIP会员", "&lt;b&gt;明天&lt;/b&gt;十点", "SENDING"]
    {
        assert!(page.contains(shown), "{shown}");
    }
    assert!(!page.contains("<b>明天"));
}

async fn control(desk: &Desk, path: &str, body: Value) -> (u16, Value) {
    let url = format!("{}_sandbox/{path}", desk.sandbox.base_url());
    let answer = desk.http.post(url).body(body.to_string()).send().await.unwrap();
    (answer.status().as_u16(), serde_json::from_str(&answer.text().await.unwrap()).unwrap())
}

#[tokio::test]
async fn another_process_moves_time_and_orders_faults() {
    let desk = Desk::open(Rules { control: true, ..service() }).await;
    let (status, body) = control(&desk, "advance?seconds=90", json!(null)).await;
    assert_eq!((status, body), (200, json!({ "now": "2026-03-01T02:01:30Z" })));
    let order = json!({ "endpoint": "tags/get", "nth": 2, "how": { "err_code": 45009 } });
    assert_eq!(control(&desk, "fault", order).await.0, 200);
    assert_eq!(code(&desk.get("tags/get").await), 0);
    assert_eq!(code(&desk.get("tags/get").await), 45009);
    for bad in [
        json!({ "endpoint": "tags/got", "how": "cut_before" }),
        json!({ "endpoint": "tags/get", "how": "春" }),
        json!({ "endpoint": "tags/get", "how": "cut_before", "when": "now" }),
    ] {
        assert_eq!(control(&desk, "fault", bad).await.0, 400);
    }
    desk.send_text("spring").await;
    let url = format!("{}_sandbox/state", desk.sandbox.base_url());
    let state = desk.raw(Method::GET, &url, String::new()).await;
    let job = &state["accounts"][0]["jobs"][0];
    assert_eq!((&job["clientmsgid"], &job["recipients"]), (&json!("spring"), &json!(3_210)));
}

#[tokio::test]
async fn controls_are_off_unless_asked_for() {
    let desk = Desk::open(service()).await;
    assert_eq!(control(&desk, "advance?seconds=90", json!(null)).await.0, 403);
    let order = json!({ "endpoint": "tags/get", "how": "cut_before" });
    assert_eq!(control(&desk, "fault", order).await.0, 403);
    assert_eq!(control(&desk, "nothing", json!(null)).await.0, 404);
}
