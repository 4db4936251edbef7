//! Drafts: their limits, what survives, and their life.

use super::*;

#[tokio::test]
async fn an_article_keeps_its_limits() {
    let desk = Desk::open(service()).await;
    let good = article(&desk.cover().await);
    let picture = desk.upload("media/uploadimg", media("a.jpg", JPEG)).await["url"].clone();
    for (field, value, errcode) in [
        ("title", json!("春".repeat(32)), 0),
        ("title", json!("春".repeat(33)), 45003),
        ("title", json!("🌸".repeat(17)), 45003),
        ("title", json!(""), 45003),
        ("title", json!(7), 47001),
        ("author", json!("编".repeat(16)), 0),
        ("author", json!("编".repeat(17)), 45110),
        ("digest", json!("摘".repeat(120)), 0),
        ("digest", json!("摘".repeat(121)), 45004),
        ("content", json!("文".repeat(19_999)), 0),
        ("content", json!("文".repeat(20_000)), 45002),
        ("content", json!(" "), 44003),
        ("content", json!(null), 44003),
        ("content", json!("<p style=\"color:red>春</p>"), 45166),
        (
            "content",
            json!("<a data-miniprogram-appid=\"wx1\" data-miniprogram-path=\"p\" href=\"\">买</a>"),
            40166,
        ),
        ("thumb_media_id", json!("没有"), 40007),
        ("thumb_media_id", json!(null), 40007),
        ("thumb_media_id", picture, 40007),
        ("content_source_url", json!("https://example.com/spring"), 0),
        ("content_source_url", json!("example.com"), 41039),
        ("content_source_url", json!(format!("https://example.com/{}", "a".repeat(1024))), 45005),
        ("need_open_comment", json!(1), 0),
        ("need_open_comment", json!("1"), 0),
        ("need_open_comment", json!(2), 40035),
        ("need_open_comment", json!(true), 47001),
        ("article_type", json!("newspic"), 40035),
    ] {
        let article = with(good.clone(), field, value);
        desk.check("draft/add", &json!({ "articles": [article] }), errcode).await;
    }
}

#[tokio::test]
async fn a_draft_has_one_to_eight_articles() {
    let desk = Desk::open(service()).await;
    let article = article(&desk.cover().await);
    for (articles, errcode) in [
        (json!(vec![article.clone(); 8]), 0),
        (json!(vec![article.clone(); 9]), 45008),
        (json!([]), 44003),
        (json!(null), 44003),
        (article, 47001),
    ] {
        desk.check("draft/add", &json!({ "articles": articles }), errcode).await;
    }
    assert_eq!(desk.get("draft/count").await["total_count"], 1);
}

#[tokio::test]
async fn what_survived_is_read_back() {
    let desk = Desk::open(service()).await;
    let content = "<p onclick=\"run()\">春天来了。<img src=\"https://example.com/a.png\"></p>\
                   <script>run()</script>";
    let article = with(article(&desk.cover().await), "content", json!(content));
    let article = with(article, "digest", json!(null));
    let draft = desk.post("draft/add", &json!({ "articles": [article] })).await;
    let body = json!({ "media_id": draft["media_id"] });
    let read = desk.post("draft/get", &body).await;
    let item = &read["news_item"][0];
    assert_eq!(item["content"], "<p>春天来了。</p>");
    assert_eq!(item["digest"], "春天来了。");
    assert_eq!(item["show_cover_pic"], 0);
    assert!(item["url"].as_str().unwrap().starts_with("http://mp.weixin.qq.com/s?"));
    assert_eq!(item["thumb_url"], desk.sandbox.materials()[0].url);
}

#[tokio::test]
async fn one_article_is_updated_and_the_count_stays() {
    let desk = Desk::open(service()).await;
    let first = article(&desk.cover().await);
    let second = with(first.clone(), "title", json!("第二篇"));
    let draft = desk.post("draft/add", &json!({ "articles": [first, second.clone()] })).await;
    let update = json!({
        "media_id": draft["media_id"], "index": 0,
        "articles": with(second.clone(), "title", json!("改过的第一篇")),
    });
    desk.check("draft/update", &update, 0).await;
    let drafts = desk.sandbox.drafts();
    let titles: Vec<&str> = drafts[0].articles.iter().map(|a| a.title.as_str()).collect();
    assert_eq!(titles, ["改过的第一篇", "第二篇"]);
    for (field, value, errcode) in [
        ("index", json!(2), 40114),
        ("index", json!(-1), 40114),
        ("index", json!(null), 40114),
        ("articles", json!([second]), 47001),
        ("articles", json!(null), 44003),
        ("media_id", json!("没有"), 40007),
        ("media_id", json!(null), 41006),
    ] {
        desk.check("draft/update", &with(update.clone(), field, value), errcode).await;
    }
    let body = json!({ "media_id": draft["media_id"] });
    desk.check("draft/delete", &body, 0).await;
    desk.check("draft/delete", &body, 40007).await;
    desk.check("draft/get", &body, 40007).await;
}

#[tokio::test]
async fn only_linked_mini_programs_are_shown() {
    let linked = crate::sandbox::MiniPrograms::Linked(vec!["wx0123456789abcdef".to_owned()]);
    let desk = Desk::open(Rules { mini_programs: linked, ..service() }).await;
    let good = article(&desk.cover().await);
    for (appid, errcode) in [("wx0123456789abcdef", 0), ("wxfedcba9876543210", 40168)] {
        let link = format!(
            "<a data-miniprogram-appid=\"{appid}\" data-miniprogram-path=\"pages/index\" href=\"\">买</a>"
        );
        let article = with(good.clone(), "content", json!(link));
        desk.check("draft/add", &json!({ "articles": [article] }), errcode).await;
    }
}
