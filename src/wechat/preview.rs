//! Previews (预览): one reviewer sees what would be sent.

use serde_json::{Value, json};

use super::call::Call;
use super::client::WeChat;
use super::error::WeChatError;
use crate::terms::{CardId, MediaId, MsgId, Reviewer};

/// What a preview shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PreviewContent {
    /// The articles of a draft (图文, `mpnews`); the draft stays.
    News(MediaId),
    /// A text (文本).
    Text(String),
    /// A voice (语音).
    Voice(MediaId),
    /// One picture (图片): a preview shows no more than one.
    Image(MediaId),
    /// A video (视频, `mpvideo`), by the id that a send would name.
    Video(MediaId),
    /// A card (卡券, `wxcard`).
    Card {
        /// Which.
        card_id: CardId,
        /// Its signed particulars, JSON in a string: [`card_ext`](super::card_ext).
        card_ext: Option<String>,
    },
}

impl PreviewContent {
    /// The `msgtype`, which is also the key of its branch, and the branch.
    fn wire(&self) -> (&'static str, Value) {
        let media = |id: &MediaId| json!({ "media_id": id.as_str() });
        match self {
            Self::News(draft) => ("mpnews", media(draft)),
            Self::Text(text) => ("text", json!({ "content": text })),
            Self::Voice(voice) => ("voice", media(voice)),
            Self::Image(image) => ("image", media(image)),
            Self::Video(video) => ("mpvideo", media(video)),
            Self::Card { card_id, card_ext: None } => {
                ("wxcard", json!({ "card_id": card_id.as_str() }))
            }
            Self::Card { card_id, card_ext: Some(card_ext) } => {
                ("wxcard", json!({ "card_id": card_id.as_str(), "card_ext": card_ext }))
            }
        }
    }
}

impl WeChat {
    /// Shows a reviewer what would be sent: `message/mass/preview`. The person must follow the
    /// account; by WeChat ID (微信号) 100 a day. Costs no send, and leaves the draft alone.
    ///
    /// # Errors
    ///
    /// What WeChat says: 43004 for somebody who does not follow the account.
    pub async fn preview(
        &self,
        to: &Reviewer,
        what: &PreviewContent,
    ) -> Result<Option<MsgId>, WeChatError> {
        let (to, whom) = match to {
            Reviewer::WxName(name) => ("towxname", name.as_str()),
            Reviewer::OpenId(id) => ("touser", id.as_str()),
        };
        let (msgtype, branch) = what.wire();
        let body = json!({ to: whom, msgtype: branch, "msgtype": msgtype });
        let answer = self.post(Call::Preview, &body).await?;
        Ok(answer.number_if_any("msg_id").map(MsgId))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::terms::{OpenId, WxName};
    use crate::wechat::script::{Reply, Script, TOKEN};

    fn media() -> MediaId {
        MediaId::new("MEDIA").unwrap()
    }

    /// Shows it to one person by WeChat ID and to one by openid, and compares both bodies.
    async fn check(what: PreviewContent, expected: &str) {
        for (to, head) in [
            (Reviewer::WxName(WxName::new("主编").unwrap()), r#"{"towxname":"主编","#),
            (Reviewer::OpenId(OpenId::new("oA").unwrap()), r#"{"touser":"oA","#),
        ] {
            let reply = Reply::json(r#"{"errcode":0,"errmsg":"preview success","msg_id":"34182"}"#);
            let script = Script::start([TOKEN, reply]).await;
            let msg_id = script.wechat().preview(&to, &what).await.unwrap();
            assert_eq!(msg_id, Some(MsgId(34182)));
            let seen = &script.requests()[1];
            assert_eq!(seen.body, format!("{head}{expected}"));
            let line = "POST /cgi-bin/message/mass/preview?access_token=TOKEN-ONE HTTP/1.1";
            assert_eq!(seen.line, line);
        }
    }

    #[tokio::test]
    async fn a_preview_names_one_person_and_shows_any_type() {
        let draft = MediaId::new("DRAFT").unwrap();
        check(PreviewContent::News(draft), r#""mpnews":{"media_id":"DRAFT"},"msgtype":"mpnews"}"#)
            .await;
        check(
            PreviewContent::Text("春季上新：\"轻\"\n🎏".to_owned()),
            r#""text":{"content":"春季上新：\"轻\"\n🎏"},"msgtype":"text"}"#,
        )
        .await;
        check(PreviewContent::Voice(media()), r#""voice":{"media_id":"MEDIA"},"msgtype":"voice"}"#)
            .await;
        // One picture, by the old form: `images` is for sends.
        check(PreviewContent::Image(media()), r#""image":{"media_id":"MEDIA"},"msgtype":"image"}"#)
            .await;
        check(
            PreviewContent::Video(media()),
            r#""mpvideo":{"media_id":"MEDIA"},"msgtype":"mpvideo"}"#,
        )
        .await;
    }

    #[tokio::test]
    async fn the_particulars_of_a_card_are_json_in_a_string() {
        let card_id = CardId::new("pFS7Fjg8kV1I").unwrap();
        check(
            PreviewContent::Card { card_id: card_id.clone(), card_ext: None },
            r#""wxcard":{"card_id":"pFS7Fjg8kV1I"},"msgtype":"wxcard"}"#,
        )
        .await;
        let card_ext = Some(r#"{"code":"春","timestamp":"1402057159"}"#.to_owned());
        check(
            PreviewContent::Card { card_id, card_ext },
            r#""wxcard":{"card_id":"pFS7Fjg8kV1I","card_ext":"{\"code\":\"春\",\"timestamp\":\"1402057159\"}"},"msgtype":"wxcard"}"#,
        )
        .await;
    }
}
