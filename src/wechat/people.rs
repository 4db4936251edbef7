//! Who is there: followers (粉丝) by openid, all of them or those with a tag, page by page.
//!
//! Both calls answer 10,000 at most and end in ways of their own: the last page of all followers
//! still names a next one, that of a tag's does not. A page whose numbers do not agree is no page.

use serde_json::{Value, json};

use super::answer::WireAnswer;
use super::call::Call;
use super::client::WeChat;
use super::error::WeChatError;
use crate::terms::{OpenId, TagId};

/// How many openids a whole page of all followers holds (WeChat's page 获取关注者列表).
const PAGE: usize = 10_000;

/// Some of the openids, in WeChat's order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenIdPage {
    /// At most 10,000.
    pub openids: Vec<OpenId>,
    /// What the next page begins after; none on the last page.
    pub next: Option<OpenId>,
    /// How many there are on all pages, if WeChat says so.
    pub total: Option<u64>,
}

impl WeChat {
    /// Lists followers after `next`, from the first without one: `user/get`, 500 calls a day.
    ///
    /// # Errors
    ///
    /// What WeChat says; [`WeChatError::BadAnswer`] for a page that does not hold what it counts,
    /// or leads back to itself.
    pub async fn followers_page(&self, next: Option<&OpenId>) -> Result<OpenIdPage, WeChatError> {
        let call = Call::Followers;
        let request = self.request(call, &[("next_openid", after(next))]);
        let answer = self.call(call, request).await?;
        let mut page = read(&answer, next)?;
        // Even the last page names its last follower.
        if page.openids.len() < PAGE {
            page.next = None;
        }
        Ok(page)
    }

    /// Lists the followers with a tag after `next`, from the first without one: `user/tag/get`.
    ///
    /// # Errors
    ///
    /// 45159 for a tag that does not exist, else as [`WeChat::followers_page`].
    pub async fn tag_members_page(
        &self,
        tag: TagId,
        next: Option<&OpenId>,
    ) -> Result<OpenIdPage, WeChatError> {
        // `tagid` here, `tag_id` in `sendall`.
        let body = json!({ "tagid": tag.get(), "next_openid": after(next) });
        read(&self.post(Call::TagMembers, &body).await?, next)
    }
}

/// The openid that a page begins after, as WeChat writes the beginning.
fn after(next: Option<&OpenId>) -> &str {
    next.map_or("", OpenId::as_str)
}

/// Reads a page. The one past the end has no `data`; an empty page, and an empty `next_openid`, are
/// the end.
fn read(answer: &WireAnswer, asked: Option<&OpenId>) -> Result<OpenIdPage, WeChatError> {
    let openids = match answer.field("data") {
        None | Some(Value::Null) => Vec::new(),
        Some(data) => openids(data).ok_or_else(|| answer.bad_field("data"))?,
    };
    // Who is missing here would be missing from the audience, and nobody would know.
    if answer.number("count")? != openids.len() as u64 {
        return Err(answer.bad_field("count"));
    }
    let next = match answer.field("next_openid").and_then(Value::as_str) {
        Some(next) if !next.is_empty() && !openids.is_empty() => {
            Some(OpenId::new(next).map_err(|_| answer.bad_field("next_openid"))?)
        }
        Some(_) | None => None,
    };
    if next.is_some() && next.as_ref() == asked {
        return Err(answer.bad_field("next_openid"));
    }
    Ok(OpenIdPage { openids, next, total: answer.number_if_any("total") })
}

/// All of `data.openid`, or none when one of them is no openid.
fn openids(data: &Value) -> Option<Vec<OpenId>> {
    let list = data.get("openid")?.as_array()?;
    list.iter().map(|id| OpenId::new(id.as_str()?).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wechat::script::{Reply, Script, TOKEN};

    fn openid(text: &str) -> OpenId {
        OpenId::new(text).unwrap()
    }

    /// A page in short: `oA oB, then oB, of 23000`.
    fn shown(page: Result<OpenIdPage, WeChatError>) -> String {
        match page {
            Ok(OpenIdPage { openids, next, total }) => {
                let ids = openids.iter().map(OpenId::as_str).collect::<Vec<_>>().join(" ");
                let next = next.map_or("end".to_owned(), |next| next.to_string());
                format!("{ids}, then {next}, of {total:?}")
            }
            Err(error) => error.to_string(),
        }
    }

    async fn check_tag(next: Option<&str>, reply: &'static str, expected: &str) {
        let script = Script::start([TOKEN, Reply::json(reply)]).await;
        let next = next.map(openid);
        let tag = TagId::new(134).unwrap();
        let page = script.wechat().tag_members_page(tag, next.as_ref()).await;
        assert_eq!(shown(page), expected, "{reply}");
        let (seen, next) = (&script.requests()[1], after(next.as_ref()));
        assert_eq!(seen.line, "POST /cgi-bin/user/tag/get?access_token=TOKEN-ONE HTTP/1.1");
        assert_eq!(seen.body, format!(r#"{{"tagid":134,"next_openid":"{next}"}}"#));
    }

    #[tokio::test]
    async fn the_pages_of_a_tag_end_with_an_empty_one() {
        check_tag(
            None,
            r#"{"count":2,"data":{"openid":["oA-1","oB_2"]},"next_openid":"oB_2","新":1}"#,
            "oA-1 oB_2, then oB_2, of None",
        )
        .await;
        check_tag(
            Some("oB_2"),
            r#"{"count":"1","data":{"openid":["oC"]},"next_openid":""}"#,
            "oC, then end, of None",
        )
        .await;
        check_tag(Some("oB_2"), r#"{"count":0}"#, ", then end, of None").await;
        check_tag(
            Some("oB_2"),
            r#"{"count":0,"data":{"openid":[]},"next_openid":"oB_2"}"#,
            ", then end, of None",
        )
        .await;
        check_tag(
            None,
            r#"{"errcode":45159,"errmsg":"标签不存在"}"#,
            "user/tag/get was refused with 45159, the tag does not exist: 标签不存在",
        )
        .await;
    }

    #[tokio::test]
    async fn a_page_that_does_not_hold_what_it_counts_is_no_page() {
        let bad = |field: &str| format!("the answer to user/tag/get has no valid `{field}`");
        check_tag(None, r#"{"count":2,"data":{"openid":["oA"]}}"#, &bad("count")).await;
        check_tag(None, r#"{"count":1,"next_openid":"oA"}"#, &bad("count")).await;
        check_tag(None, "{}", &bad("count")).await;
        check_tag(None, r#"{"count":1,"data":{"openid":["甲"]}}"#, &bad("data")).await;
        check_tag(None, r#"{"count":1,"data":{"openid":[7]}}"#, &bad("data")).await;
        check_tag(None, r#"{"count":1,"data":[]}"#, &bad("data")).await;
        check_tag(
            Some("oA"),
            r#"{"count":1,"data":{"openid":["oA"]},"next_openid":"oA"}"#,
            &bad("next_openid"),
        )
        .await;
        check_tag(
            None,
            r#"{"count":1,"data":{"openid":["oA"]},"next_openid":"下一页"}"#,
            &bad("next_openid"),
        )
        .await;
    }

    async fn followers(next: Option<&OpenId>, reply: &'static str) -> (String, String) {
        let script = Script::start([TOKEN, Reply::json(reply)]).await;
        let page = script.wechat().followers_page(next).await;
        (script.requests()[1].line.clone(), shown(page))
    }

    #[tokio::test]
    async fn the_last_page_of_followers_is_one_that_is_not_full() {
        let (line, page) = followers(
            None,
            r#"{"total":"2","count":2,"data":{"openid":["oA","oB"]},"next_openid":"oB"}"#,
        )
        .await;
        assert_eq!(line, "GET /cgi-bin/user/get?next_openid=&access_token=TOKEN-ONE HTTP/1.1");
        assert_eq!(page, "oA oB, then end, of Some(2)");

        let (line, page) =
            followers(Some(&openid("oB_2")), r#"{"total":2,"count":0,"next_openid":""}"#).await;
        assert_eq!(line, "GET /cgi-bin/user/get?next_openid=oB_2&access_token=TOKEN-ONE HTTP/1.1");
        assert_eq!(page, ", then end, of Some(2)");
    }

    #[tokio::test]
    async fn a_full_page_of_followers_is_followed_by_another() {
        let ids: Vec<String> = (1..=PAGE).map(|n| format!("o{n}")).collect();
        let full = json!({
            "total": 23_000, "count": PAGE, "data": { "openid": ids }, "next_openid": "o10000",
        });
        let reply: &'static str = Box::leak(full.to_string().into_boxed_str());
        let script = Script::start([TOKEN, Reply::json(reply)]).await;
        let page = script.wechat().followers_page(None).await.unwrap();
        assert_eq!((page.openids.len(), page.total), (PAGE, Some(23_000)));
        assert_eq!(page.next, Some(openid("o10000")));
    }
}
