//! The page's phones: what arrived at whom.

use super::*;
use crate::{sandbox::Originality, terms::JobStatus};

const SEND: &str = "message/mass/send";

fn to(list: &[String], msgtype: &str, branch: Value) -> Value {
    with(json!({ "touser": list, "msgtype": msgtype }), msgtype, branch)
}

async fn page(desk: &Desk, query: &str) -> String {
    let url = format!("{}{query}", desk.sandbox.base_url());
    desk.http.get(url).send().await.unwrap().text().await.unwrap()
}

#[tokio::test]
async fn a_phone_shows_every_type() {
    let desk = Desk::open(service()).await;
    let list = openids(2);
    let voice = part("hello.mp3", "audio/mpeg", mp3(40));
    let voice = desk.file("material/add_material?type=voice", voice).await;
    let film = part("a.mp4", "video/mp4", MP4.to_vec());
    let film = desk.file("media/upload?type=video", film).await;
    let ask = json!({ "media_id": film, "title": "不是这个", "description": "" });
    let video = desk.post("media/uploadvideo", &ask).await["media_id"].clone();
    let mpvideo = json!({ "media_id": video, "title": "<i>视频</i>", "description": "" });
    let picture = json!({ "media_id": desk.cover().await });
    for body in [
        to(&list, "mpnews", json!({ "media_id": desk.draft().await })),
        to(&list, "text", json!({ "content": "明天<b>十点</b>" })),
        to(&list, "image", picture),
        to(&list, "voice", json!({ "media_id": voice })),
    ] {
        desk.check(SEND, &body, 0).await;
    }
    let others = [openids(1).remove(0), openid(&service().appid, 9), openid(&service().appid, 8)];
    desk.check(SEND, &to(&others, "mpvideo", mpvideo), 0).await;
    desk.check(SEND, &to(&others[1..], "wxcard", json!({ "card_id": "pjZ8" })), 0).await;
    assert!(!page(&desk, "").await.contains("class=\"bubble\""), "nothing has arrived yet");
    desk.sandbox.finish_jobs();
    let all = page(&desk, "").await;
    for shown in [
        "春季上新：十二款通勤外套<small>封面：cover.jpg</small>",
        "明天&lt;b&gt;十点&lt;/b&gt;",
        "🖼 图片：cover.jpg",
        "🔊 2″<small>语音：hello.mp3</small>",
        "▶ 视频：&lt;i&gt;视频&lt;/i&gt;",
        "🎫 卡券：pjZ8",
        " · 本月 4/4",
        " · 本月 2/4",
        "<small>已过滤 1</small>", // follower 0 has had four
    ] {
        assert!(all.contains(shown), "{shown}\n{all}");
    }
    let one = page(&desk, &format!("?follower={}", others[1])).await;
    assert!(one.contains("🎫") && one.contains("▶") && !one.contains("🔊"), "{one}");
    assert_eq!(one.matches("class=\"phone\"").count(), 1);
    let first = page(&desk, &format!("?follower={}", list[0])).await;
    assert!(!first.contains("▶"), "a fifth send of the month is filtered");
    assert!(!page(&desk, "?follower=%E8%B0%81").await.contains("class=\"phone\""));
}

#[tokio::test]
async fn what_was_taken_back_stays_on_the_phone_as_deleted() {
    let desk = Desk::open(service()).await;
    let first = article(&desk.cover().await);
    let second = with(first.clone(), "title", json!("第二篇"));
    let draft = desk.post("draft/add", &json!({ "articles": [first, second] })).await;
    let body = to(&openids(2), "mpnews", json!({ "media_id": draft["media_id"] }));
    let msg_id = desk.post(SEND, &body).await["msg_id"].clone();
    desk.sandbox.finish_jobs();
    let delete = json!({ "msg_id": msg_id, "article_idx": 2 });
    desk.check("message/mass/delete", &delete, 0).await;
    let shown = page(&desk, "").await;
    let gone =
        "<div class=\"bubble gone\">第二篇<small>封面：cover.jpg</small><small>已删除</small>";
    assert_eq!(shown.matches(gone).count(), 2, "{shown}");
    assert_eq!(shown.matches("bubble gone").count(), 2);
    assert!(shown.contains("已删除 1 篇"));
}

#[tokio::test]
async fn what_failed_arrives_nowhere_and_previews_do() {
    let rules = Rules { originality: Originality::Forbidden, ..service() };
    let desk = Desk::open(rules).await;
    let news = to(&openids(2), "mpnews", json!({ "media_id": desk.draft().await }));
    desk.check(SEND, &news, 0).await;
    desk.sandbox.end_next_job(&JobStatus::Failed);
    desk.check(SEND, &to(&openids(2), "text", json!({ "content": "失败" })), 0).await;
    desk.sandbox.finish_jobs();
    let text = json!({ "touser": openids(1)[0], "msgtype": "text", "text": { "content": "先看" } });
    desk.check("message/mass/preview", &text, 0).await;
    let shown = page(&desk, "").await;
    assert_eq!(shown.matches("class=\"bubble\"").count(), 1, "{shown}");
    assert!(shown.contains("先看<small>预览</small>") && shown.contains("err(30002)"), "{shown}");
}
