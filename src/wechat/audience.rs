//! How many are there: tags (标签) with their counts, and the total of followers (粉丝).

use serde_json::Value;

use super::answer::number;
use super::call::Call;
use super::client::WeChat;
use super::error::WeChatError;

/// A tag of the account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag {
    /// What `sendall` wants as `tag_id`; WeChat's own tags are 0, 1 and 2.
    pub id: u32,
    /// At most 30 characters.
    pub name: String,
    /// How many followers have it.
    pub count: u64,
}

impl WeChat {
    /// Lists the account's tags, at most 100 of its own: `tags/get`.
    ///
    /// # Errors
    ///
    /// What WeChat says: 48001 for an account without this right.
    pub async fn tags(&self) -> Result<Vec<Tag>, WeChatError> {
        let answer = self.call(Call::Tags, self.request(Call::Tags, &[])).await?;
        let tags = answer.objects("tags")?.into_iter().map(|tag| {
            let number = |name| tag.get(name).and_then(number);
            Some(Tag {
                id: number("id")?.try_into().ok()?,
                name: tag.get("name").and_then(Value::as_str)?.to_owned(),
                count: number("count")?,
            })
        });
        // A tag that cannot be read might be the one a send means.
        tags.collect::<Option<_>>().ok_or_else(|| answer.bad_field("tags"))
    }

    /// Counts the account's followers: `total` of `user/get`, 500 calls a day.
    ///
    /// # Errors
    ///
    /// What WeChat says.
    pub async fn follower_total(&self) -> Result<u64, WeChatError> {
        let request = self.request(Call::Followers, &[("next_openid", "")]);
        self.call(Call::Followers, request).await?.number("total")
    }
}

#[cfg(test)]
mod tests {
    use crate::wechat::script::{Reply, Script, TOKEN};

    async fn check(reply: &'static str, expected: Result<&[(u32, &str, u64)], &str>) {
        let script = Script::start([TOKEN, Reply::json(reply)]).await;
        let tags = script.wechat().tags().await.map_err(|error| error.to_string());
        let tags = tags.map(|tags| {
            tags.into_iter().map(|tag| (tag.id, tag.name, tag.count)).collect::<Vec<_>>()
        });
        let expected = expected.map_err(str::to_owned).map(|tags| {
            tags.iter().map(|&(id, name, count)| (id, name.to_owned(), count)).collect()
        });
        assert_eq!(tags, expected);
        let line = &script.requests()[1].line;
        assert_eq!(line, "GET /cgi-bin/tags/get?access_token=TOKEN-ONE HTTP/1.1");
    }

    #[tokio::test]
    async fn tags_have_names_numbers_and_counts() {
        check(
            r#"{"tags":[{"id":2,"name":"星标组","count":0},{"id":"100","name":"VIP会员","count":"42"}]}"#,
            Ok(&[(2, "星标组", 0), (100, "VIP会员", 42)]),
        )
        .await;
        check(r#"{"tags":[]}"#, Ok(&[])).await;
    }

    #[tokio::test]
    async fn a_tag_that_cannot_be_read_is_not_skipped() {
        let bad = "the answer to tags/get has no valid `tags`";
        check(r#"{"tags":[{"id":2,"name":"星标组"}]}"#, Err(bad)).await;
        check(r#"{"tags":[7]}"#, Err(bad)).await;
        check("{}", Err(bad)).await;
    }

    #[tokio::test]
    async fn followers_are_counted_by_the_total() {
        let script = Script::start([
            TOKEN,
            Reply::json(r#"{"total":"23000","count":10000,"data":{"openid":["甲"]}}"#),
        ])
        .await;
        assert_eq!(script.wechat().follower_total().await.unwrap(), 23000);
        assert_eq!(
            script.requests()[1].line,
            "GET /cgi-bin/user/get?next_openid=&access_token=TOKEN-ONE HTTP/1.1"
        );
    }
}
