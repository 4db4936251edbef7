//! The clientmsgid: a send that is repeated makes no second job.

use super::*;
use crate::sandbox::{FastRepeat, RepeatCheck};

#[tokio::test]
async fn an_id_is_remembered_for_a_day() {
    let desk = Desk::open(service()).await;
    let first = desk.send_text("spring").await;
    assert_eq!(code(&first), 0);

    desk.later(59);
    assert_eq!(code(&desk.send_text("spring").await), 45066);
    desk.later(59);
    assert_eq!(code(&desk.send_text("spring").await), 45066); // counted from the last request
    desk.later(60);
    let again = desk.send_text("spring").await;
    assert_eq!(code(&again), 45065);
    assert_eq!(again["msg_id"], first["msg_id"]);
    assert_eq!(again.get("msg_data_id"), None);
    assert_eq!(desk.sandbox.jobs().len(), 1);
}

#[tokio::test]
async fn an_id_is_forgotten_after_a_day() {
    let desk = Desk::open(Rules { token_lives: Duration::from_hours(48), ..service() }).await;
    desk.send_text("spring").await;
    desk.later(24 * 3600 - 1);
    assert_eq!(code(&desk.send_text("spring").await), 45065);
    desk.later(1);
    assert_eq!(code(&desk.send_text("spring").await), 0);
    assert_eq!(desk.sandbox.jobs().len(), 2);
}

#[tokio::test]
async fn the_content_is_not_compared() {
    let rules = Rules { fast_repeat: FastRepeat::Duplicate, ..service() };
    let desk = Desk::open(rules).await;
    desk.send_text("spring").await;
    let other = with(text_to_vip("spring"), "text", json!({ "content": "别的内容" }));
    desk.check("message/mass/sendall", &other, 45065).await;
    assert_eq!(code(&desk.send_text("autumn").await), 0);
    assert_eq!(desk.sandbox.jobs().len(), 2);
}

#[tokio::test]
async fn without_an_id_range_and_content_stand_for_it() {
    let desk = Desk::open(Rules { fast_repeat: FastRepeat::Duplicate, ..service() }).await;
    let body = with(text_to_vip(""), "clientmsgid", json!(null));
    let to_beijing = json!({ "is_to_all": false, "tag_id": 101 });
    desk.check("message/mass/sendall", &body, 0).await;
    desk.check("message/mass/sendall", &body, 45065).await;
    desk.check("message/mass/sendall", &with(body, "filter", to_beijing), 0).await;
}

#[tokio::test]
async fn an_id_has_at_most_32_bytes() {
    let desk = Desk::open(service()).await;
    assert_eq!(code(&desk.send_text(&"a".repeat(32)).await), 0);
    assert_eq!(code(&desk.send_text(&"a".repeat(33)).await), 45067);
    assert_eq!(code(&desk.send_text(&"春".repeat(11)).await), 45067);
}

#[tokio::test]
async fn a_refused_send_leaves_its_id_free() {
    let desk = Desk::open(service()).await;
    let unknown = with(text_to_vip("spring"), "filter", json!({ "tag_id": 999 }));
    desk.check("message/mass/sendall", &unknown, 45159).await;
    assert_eq!(code(&desk.send_text("spring").await), 0);
}

#[tokio::test]
async fn a_late_look_at_the_id_finds_the_draft_spent() {
    for (repeat_check, errcode) in [(RepeatCheck::First, 45065), (RepeatCheck::Last, 40007)] {
        let desk = Desk::open(Rules { repeat_check, ..service() }).await;
        let media_id = desk.draft().await;
        let body = json!({
            "filter": { "is_to_all": true }, "clientmsgid": "launch",
            "mpnews": { "media_id": media_id }, "msgtype": "mpnews",
        });
        desk.check("message/mass/sendall", &body, 0).await;
        desk.later(60);
        desk.check("message/mass/sendall", &body, errcode).await;
        assert_eq!(desk.sandbox.jobs().len(), 1);
    }
}
