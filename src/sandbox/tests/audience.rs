//! Tags and followers, as WeChat lists them.

use super::*;

async fn everyone(desk: &Desk) -> Vec<String> {
    let mut all = Vec::new();
    let mut next = String::new();
    loop {
        let page = desk.get(&format!("user/get?next_openid={next}")).await;
        assert_eq!(page["total"], 12_480);
        let Some(openids) = page["data"]["openid"].as_array() else { return all };
        assert_eq!(page["count"], openids.len());
        all.extend(openids.iter().map(|openid| openid.as_str().unwrap().to_owned()));
        page["next_openid"].as_str().unwrap().clone_into(&mut next);
    }
}

#[tokio::test]
async fn tags_have_names_and_counts() {
    let desk = Desk::open(service()).await;
    desk.sandbox.set_tag("广州", 105, 77);
    desk.sandbox.set_tag("VIP会员", 100, 3_000);
    let tags = desk.get("tags/get").await["tags"].clone();
    assert_eq!(tags[0], json!({ "id": 2, "name": "星标组", "count": 0 }));
    assert_eq!(tags[1], json!({ "id": 100, "name": "VIP会员", "count": 3_000 }));
    assert_eq!(tags[6], json!({ "id": 105, "name": "广州", "count": 77 }));
}

#[tokio::test]
async fn followers_come_in_pages() {
    let desk = Desk::open(service()).await;
    let all = everyone(&desk).await;
    let distinct: std::collections::BTreeSet<&String> = all.iter().collect();
    assert_eq!((all.len(), distinct.len()), (12_480, 12_480));
    assert_eq!(all[0], "o6_bmjrPTlm6_2sgVt7hMZOPfL2M");
    assert_eq!(all[..9], openids(9)[..]);
    assert_eq!(code(&desk.get("user/get?next_openid=nobody").await), 40003);
}

#[tokio::test]
async fn a_tags_followers_are_followers() {
    let desk = Desk::open(service()).await;
    let page = desk.post("user/tag/get", &json!({ "tagid": 102, "next_openid": "" })).await;
    let members = page["data"]["openid"].as_array().unwrap();
    assert_eq!((page["count"].as_u64(), members.len()), (Some(58), 58));
    let list = json!({
        "touser": members, "msgtype": "text", "text": { "content": "春" },
    });
    desk.check("message/mass/send", &list, 0).await;
    assert_eq!(desk.sandbox.jobs()[0].recipients, 58);
    let rest = json!({ "tagid": "102", "next_openid": page["next_openid"] });
    assert_eq!(desk.post("user/tag/get", &rest).await, json!({ "count": 0, "next_openid": "" }));
    desk.check("user/tag/get", &json!({ "tagid": 999 }), 45159).await;
    desk.check("user/tag/get", &json!({ "tag_id": 102 }), 45159).await;
}
