//! Drafts (草稿箱): what a mass send of articles (图文) sends.

use serde_json::{Map, Value, json};

use super::answer::number;
use super::call::Call;
use super::client::WeChat;
use super::error::WeChatError;
use crate::terms::{Comments, MediaId};

/// One article as we write it. Lengths are WeChat's to judge (45002–45005, 45110) and the
/// campaign's to check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftArticle {
    /// At most 32 characters.
    pub title: String,
    /// At most 16 characters; may be empty.
    pub author: String,
    /// At most 120 characters; empty lets WeChat take the text's first 54.
    pub digest: String,
    /// HTML, under 20,000 characters and 1 MB with its markup.
    pub content: String,
    /// Where 阅读原文 leads, at most 1 KB; may be empty.
    pub content_source_url: String,
    /// The cover: of a draft a *permanent* image, of [`WeChat::upload_news`] a *temporary* thumb,
    /// else 40007.
    pub thumb_media_id: MediaId,
    /// Who may comment; an account without comments answers 88000.
    pub comments: Comments,
}

/// One article as WeChat kept it: what its filter ate is missing from `content`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedArticle {
    /// 标题.
    pub title: String,
    /// 作者.
    pub author: String,
    /// 摘要.
    pub digest: String,
    /// What survived of the HTML.
    pub content: String,
    /// Where 阅读原文 leads.
    pub content_source_url: String,
    /// The cover's id.
    pub thumb_media_id: String,
    /// Whether there are comments.
    pub need_open_comment: bool,
    /// Whether only followers may comment.
    pub only_fans_can_comment: bool,
    /// A preview address that soon dies.
    pub url: String,
}

impl DraftArticle {
    /// Every field is always written, so that an update clears what is empty now.
    fn json(&self) -> Value {
        let (open, fans) = comment_flags(self.comments);
        json!({
            "title": self.title,
            "author": self.author,
            "digest": self.digest,
            "content": self.content,
            "content_source_url": self.content_source_url,
            "thumb_media_id": self.thumb_media_id.as_str(),
            "need_open_comment": open,
            "only_fans_can_comment": fans,
        })
    }
}

/// `need_open_comment` and `only_fans_can_comment`.
pub(super) fn comment_flags(comments: Comments) -> (u8, u8) {
    match comments {
        Comments::Closed => (0, 0),
        Comments::Everyone => (1, 0),
        Comments::Followers => (1, 1),
    }
}

fn articles_body(articles: &[DraftArticle]) -> Value {
    let articles: Vec<Value> = articles.iter().map(DraftArticle::json).collect();
    json!({ "articles": articles })
}

impl SavedArticle {
    /// Fields that are missing or null are empty: WeChat leaves out what an article does not have.
    fn of(item: &Map<String, Value>) -> Self {
        let text =
            |name: &str| item.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        let flag = |name: &str| item.get(name).and_then(number).is_some_and(|n| n != 0);
        Self {
            title: text("title"),
            author: text("author"),
            digest: text("digest"),
            content: text("content"),
            content_source_url: text("content_source_url"),
            thumb_media_id: text("thumb_media_id"),
            need_open_comment: flag("need_open_comment"),
            only_fans_can_comment: flag("only_fans_can_comment"),
            url: text("url"),
        }
    }
}

impl WeChat {
    /// Saves a new draft of 1 to 8 articles: `draft/add`.
    ///
    /// A lost answer leaves a draft that nobody knows; it does no harm.
    ///
    /// # Errors
    ///
    /// What WeChat says: 40007 for a cover it does not know, 45166 for content it will not have.
    pub async fn draft_add(&self, articles: &[DraftArticle]) -> Result<MediaId, WeChatError> {
        self.post(Call::DraftAdd, &articles_body(articles)).await?.media_id("media_id")
    }

    /// Uploads 1 to 8 articles the old way, 10 calls a day: `media/uploadnews`. The id lives three
    /// days, and so does what it wants as a cover: a *temporary* thumb
    /// ([`WeChat::upload_temporary`]), where a draft wants a permanent image.
    ///
    /// A lost answer leaves articles that nobody knows, and one call less today.
    ///
    /// # Errors
    ///
    /// What WeChat says: 40007 for a permanent cover, 45009 when the day's calls are used up.
    pub async fn upload_news(&self, articles: &[DraftArticle]) -> Result<MediaId, WeChatError> {
        self.post(Call::UploadNews, &articles_body(articles)).await?.media_id("media_id")
    }

    /// Replaces the article at `index`, from 0: `draft/update`. The number of articles is fixed.
    ///
    /// # Errors
    ///
    /// What WeChat says: 40007 for a draft that is gone, 40114 for an index it does not have.
    pub async fn draft_update(
        &self,
        draft: &MediaId,
        index: u32,
        article: &DraftArticle,
    ) -> Result<(), WeChatError> {
        let body =
            json!({ "media_id": draft.as_str(), "index": index, "articles": article.json() });
        self.post(Call::DraftUpdate, &body).await.map(drop)
    }

    /// Reads a draft back: `draft/get`, 500 a day.
    ///
    /// # Errors
    ///
    /// 40007 when the draft is gone: deleted, published or sent.
    pub async fn draft_get(&self, draft: &MediaId) -> Result<Vec<SavedArticle>, WeChatError> {
        let answer = self.post(Call::DraftGet, &json!({ "media_id": draft.as_str() })).await?;
        Ok(answer.objects("news_item")?.into_iter().map(SavedArticle::of).collect())
    }

    /// Deletes a draft, for good: `draft/delete`.
    ///
    /// # Errors
    ///
    /// 40007 when it is gone already; then the advice is [`Advice::Done`](super::Advice::Done).
    pub async fn draft_delete(&self, draft: &MediaId) -> Result<(), WeChatError> {
        let body = json!({ "media_id": draft.as_str() });
        self.post(Call::DraftDelete, &body).await.map(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wechat::Advice;
    use crate::wechat::script::{OK, Reply, Script, TOKEN};

    fn article(comments: Comments) -> DraftArticle {
        DraftArticle {
            title: "春季上新：“轻”".to_owned(),
            author: "编辑部".to_owned(),
            digest: String::new(),
            content: "<p>第一行\n\"二\"</p>".to_owned(),
            content_source_url: "https://example.com/春".to_owned(),
            thumb_media_id: MediaId::new("COVER").unwrap(),
            comments,
        }
    }

    const ARTICLE: &str = "{\"title\":\"春季上新：“轻”\",\"author\":\"编辑部\",\"digest\":\"\",\
        \"content\":\"<p>第一行\\n\\\"二\\\"</p>\",\
        \"content_source_url\":\"https://example.com/春\",\"thumb_media_id\":\"COVER\",\
        \"need_open_comment\":1,\"only_fans_can_comment\":";

    fn draft() -> MediaId {
        MediaId::new("DRAFT").unwrap()
    }

    #[tokio::test]
    async fn a_draft_is_written_in_raw_chinese() {
        let script = Script::start([TOKEN, Reply::json(r#"{"media_id":"DRAFT","item":[]}"#)]).await;
        let articles = [article(Comments::Followers), article(Comments::Everyone)];
        assert_eq!(script.wechat().draft_add(&articles).await.unwrap(), draft());

        let seen = &script.requests()[1];
        assert_eq!(seen.line, "POST /cgi-bin/draft/add?access_token=TOKEN-ONE HTTP/1.1");
        assert_eq!(seen.header("content-type"), Some("application/json; charset=utf-8"));
        assert_eq!(seen.body, format!("{{\"articles\":[{ARTICLE}1}},{ARTICLE}0}}]}}"));
    }

    #[tokio::test]
    async fn articles_may_go_the_old_way() {
        let script = Script::start([
            TOKEN,
            Reply::json(r#"{"type":"news","media_id":"NEWS","created_at":1391857799}"#),
            Reply::json(r#"{"errcode":40007,"errmsg":"invalid media_id"}"#),
        ])
        .await;
        let wechat = script.wechat();
        let articles = [article(Comments::Closed), article(Comments::Followers)];
        let news = wechat.upload_news(&articles).await.unwrap();
        assert_eq!(news.as_str(), "NEWS");
        let seen = &script.requests()[1];
        assert_eq!(seen.line, "POST /cgi-bin/media/uploadnews?access_token=TOKEN-ONE HTTP/1.1");
        let closed = ARTICLE.replace("comment\":1", "comment\":0");
        assert_eq!(seen.body, format!("{{\"articles\":[{closed}0}},{ARTICLE}1}}]}}"));
        // A permanent cover: nothing to wait for.
        let error = wechat.upload_news(&articles).await.unwrap_err();
        assert_eq!((error.errcode(), error.advice()), (Some(40007), Advice::Stop));
    }

    #[tokio::test]
    async fn an_update_holds_one_article_and_no_list() {
        let script = Script::start([TOKEN, OK]).await;
        let article = article(Comments::Everyone);
        script.wechat().draft_update(&draft(), 1, &article).await.unwrap();
        assert_eq!(
            script.requests()[1].body,
            format!("{{\"media_id\":\"DRAFT\",\"index\":1,\"articles\":{ARTICLE}0}}}}")
        );
    }

    #[tokio::test]
    async fn a_draft_is_read_back_with_numbers_as_they_come() {
        let script = Script::start([
            TOKEN,
            Reply::json(
                r#"{"news_item":[{"title":"春","content":"<p>文</p>","need_open_comment":"1",
                "only_fans_can_comment":1,"url":"http://mp.weixin.qq.com/s/x","digest":null,
                "thumb_media_id":"COVER","show_cover_pic":0,"新":[]}],"create_time":1}"#,
            ),
            Reply::json(r#"{"errcode":40007,"errmsg":"invalid media_id"}"#),
        ])
        .await;
        let wechat = script.wechat();
        let saved = SavedArticle {
            title: "春".to_owned(),
            author: String::new(),
            digest: String::new(),
            content: "<p>文</p>".to_owned(),
            content_source_url: String::new(),
            thumb_media_id: "COVER".to_owned(),
            need_open_comment: true,
            only_fans_can_comment: true,
            url: "http://mp.weixin.qq.com/s/x".to_owned(),
        };
        assert_eq!(wechat.draft_get(&draft()).await.unwrap(), [saved]);
        let gone = wechat.draft_get(&draft()).await.unwrap_err();
        assert_eq!((gone.errcode(), gone.advice()), (Some(40007), Advice::Stop));
    }

    #[tokio::test]
    async fn deleting_a_draft_that_is_gone_is_done() {
        let script = Script::start([
            TOKEN,
            OK,
            Reply::json(r#"{"errcode":40007,"errmsg":"invalid media_id"}"#),
        ])
        .await;
        let wechat = script.wechat();
        wechat.draft_delete(&draft()).await.unwrap();
        assert_eq!(wechat.draft_delete(&draft()).await.unwrap_err().advice(), Advice::Done);
        assert_eq!(script.requests()[2].body, r#"{"media_id":"DRAFT"}"#);
    }
}
