//! What a send or a preview says: its type, and the branch of the body that goes with it.

use serde_json::Value;

use crate::terms::{Fingerprint, MaterialKind, Timestamp};

use super::{
    account::Account,
    draft::Article,
    endpoint::Endpoint,
    filter,
    markup::{self, Piece},
    media, news,
    refusal::{Errcode, Refusal, refuse},
    rules::Cards,
    video,
    wire::Fields,
};

/// Every branch that a body may have; more than one, or the wrong one, is 40008.
const BRANCHES: &[&str] =
    &["mpnews", "text", "voice", "image", "images", "mpvideo", "wxcard", "music"];
/// Pictures of one send: what a draft of pictures (图片消息) may have. WeChat states no number for
/// sends, only that there is a wrong one (40215).
const PICTURES_MAX: usize = 20;
/// Characters of a caption (推荐语). WeChat has a code for one that is too long (40193), but no source
/// knows the number: this one is ours, and generous.
const CAPTION_CHARS_MAX: usize = 1_000;
/// The caption that WeChat writes where none was given.
const USUAL_CAPTION: &str = "分享图片";

/// The content that a request names, before it is known whether it is any good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Named {
    /// The articles of a draft, by its media id.
    News(String),
    /// 文本.
    Text(String),
    /// 图片, by the media ids of permanent images, in the order in which they are shown.
    Pictures { media_ids: Vec<String>, caption: String },
    /// 语音, by the media id of a permanent one.
    Voice(String),
    /// 视频, by the id that `media/uploadvideo` gave; sends to a list say its title and description
    /// again.
    Video { media_id: String, words: Option<[String; 2]> },
    /// 卡券.
    Card(String),
}

/// Content as it goes out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Ready {
    News { media_id: String, articles: Vec<Article> },
    Text(String),
    Pictures { media_ids: Vec<String>, caption: String },
    Voice { media_id: String, seconds: u32 },
    Video { media_id: String, title: String },
    Card(String),
}

impl Named {
    /// Reads `msgtype` and its branch, as the call that carries them takes it.
    ///
    /// # Errors
    ///
    /// 40008 when they do not match, 44003, 44004 and 40215 when the branch is missing or empty,
    /// 40215 for too many pictures, 40035 for what is missing beside a video or a card, 87009 for a
    /// card that is not signed.
    pub(super) fn read(endpoint: Endpoint, body: &Fields) -> Result<Self, Refusal> {
        match body.text_or_empty("msgtype")? {
            "mpnews" => {
                let (_, fields) = branch(body, &["mpnews"], Errcode::EmptyNews)?;
                Ok(Self::News(filled(&fields, "media_id", Errcode::EmptyNews)?))
            }
            "text" => {
                let (_, fields) = branch(body, &["text"], Errcode::EmptyText)?;
                Ok(Self::Text(filled(&fields, "content", Errcode::EmptyText)?))
            }
            "image" => {
                // A preview never learned the new form.
                let forms: &[&str] = match endpoint {
                    Endpoint::Preview => &["image"],
                    _ => &["image", "images"],
                };
                match branch(body, forms, Errcode::InvalidImageCount)? {
                    ("images", fields) => pictures(&fields),
                    (_, fields) => one_picture(&fields),
                }
            }
            "voice" => {
                let (_, fields) = branch(body, &["voice"], Errcode::InvalidMessageType)?;
                Ok(Self::Voice(filled(&fields, "media_id", Errcode::InvalidMediaId)?))
            }
            "mpvideo" => {
                let (_, fields) = branch(body, &["mpvideo"], Errcode::InvalidMessageType)?;
                video(endpoint, &fields)
            }
            "wxcard" => {
                let (_, fields) = branch(body, &["wxcard"], Errcode::InvalidMessageType)?;
                card(endpoint, &fields)
            }
            _ => refuse(Errcode::InvalidMessageType),
        }
    }

    /// The word after `msgtype`.
    pub(super) fn msgtype(&self) -> &'static str {
        match self {
            Self::News(_) => "mpnews",
            Self::Text(_) => "text",
            Self::Pictures { .. } => "image",
            Self::Voice(_) => "voice",
            Self::Video { .. } => "mpvideo",
            Self::Card(_) => "wxcard",
        }
    }

    /// What two sends of the same thing have in common.
    pub(super) fn fingerprint(&self) -> Fingerprint {
        let mut parts = vec![self.msgtype().as_bytes()];
        match self {
            Self::News(value) | Self::Text(value) | Self::Voice(value) | Self::Card(value) => {
                parts.push(value.as_bytes());
            }
            Self::Video { media_id, words } => {
                parts.push(media_id.as_bytes());
                parts.extend(words.iter().flatten().map(String::as_bytes));
            }
            Self::Pictures { media_ids, caption } => {
                parts.push(caption.as_bytes());
                parts.extend(media_ids.iter().map(String::as_bytes));
            }
        }
        Fingerprint::of_parts(parts)
    }

    /// Looks the content up and judges it.
    ///
    /// # Errors
    ///
    /// 40007 the draft or a picture is gone, 40128 a picture is a temporary one, 40193 the caption is too long, 45002 the text is too
    /// long, 40066 it links to the outside, 45086 its mini-program link is wrong, 45113 cards are no
    /// longer sent.
    pub(super) fn ready(&self, account: &Account, now: Timestamp) -> Result<Ready, Refusal> {
        match self {
            Self::News(media_id) => {
                let articles = news::find(account, media_id, now)?.articles.clone();
                Ok(Ready::News { media_id: media_id.clone(), articles })
            }
            Self::Text(text) => {
                if text.chars().count() > account.rules.text_chars_max {
                    return refuse(Errcode::ContentTooLong);
                }
                check_links(text)?;
                Ok(Ready::Text(text.clone()))
            }
            Self::Pictures { media_ids, caption } => {
                if caption.chars().count() > CAPTION_CHARS_MAX {
                    return refuse(Errcode::CaptionTooLong);
                }
                for media_id in media_ids {
                    media::permanent(account, media_id, MaterialKind::Image, now)?;
                }
                Ok(Ready::Pictures { media_ids: media_ids.clone(), caption: caption.clone() })
            }
            Self::Voice(media_id) => {
                let file = media::permanent(account, media_id, MaterialKind::Voice, now)?;
                let seconds = file.seconds.unwrap_or(0);
                Ok(Ready::Voice { media_id: media_id.clone(), seconds })
            }
            Self::Video { media_id, words } => {
                let own = &video::find(account, media_id, now)?.title;
                let title = words.as_ref().map_or(own, |[title, _]| title).clone();
                Ok(Ready::Video { media_id: media_id.clone(), title })
            }
            Self::Card(card_id) => match account.rules.cards {
                Cards::Accepted => Ok(Ready::Card(card_id.clone())),
                Cards::Refused => refuse(Errcode::CardsUnsupported),
            },
        }
    }
}

impl Ready {
    /// Titles, the text, a caption and its pictures, or a card's id: what people recognise it by.
    /// Pictures, voices and videos go by their media ids, which the sender knows too.
    pub(super) fn titles(&self) -> Vec<String> {
        match self {
            Self::News { articles, .. } => articles.iter().map(|a| a.title.clone()).collect(),
            Self::Text(text) => vec![text.clone()],
            Self::Pictures { media_ids, caption } => {
                let is_blank = caption.trim().is_empty();
                let mut lines = vec![if is_blank { USUAL_CAPTION } else { caption }.to_owned()];
                lines.extend_from_slice(media_ids);
                lines
            }
            Self::Voice { media_id, .. } => vec![media_id.clone()],
            Self::Video { media_id, title } => vec![title.clone(), media_id.clone()],
            Self::Card(card_id) => vec![card_id.clone()],
        }
    }
}

/// Finds the one branch of a body, which must be one of the forms that go with its type.
fn branch<'a>(
    body: &Fields,
    forms: &[&'a str],
    missing: Errcode,
) -> Result<(&'a str, Fields), Refusal> {
    let present = body.present(BRANCHES);
    let [only] = present.as_slice() else {
        return refuse(if present.is_empty() { missing } else { Errcode::InvalidMessageType });
    };
    let form = forms.iter().find(|form| *form == only).ok_or(Errcode::InvalidMessageType)?;
    Ok((form, Fields::of(body.value(form).ok_or(missing)?)?))
}

/// Reads a text that must say something.
fn filled(fields: &Fields, name: &str, empty: Errcode) -> Result<String, Refusal> {
    let value = fields.text_or_empty(name)?;
    if value.trim().is_empty() { refuse(empty) } else { Ok(value.to_owned()) }
}

/// Reads the new form, `images`: a list of media ids, a caption, and who may comment.
fn pictures(fields: &Fields) -> Result<Named, Refusal> {
    let list = match fields.value("media_ids") {
        None => return refuse(Errcode::InvalidImageCount),
        Some(Value::Array(list)) => list,
        Some(_) => return refuse(Errcode::MalformedJson),
    };
    if !(1..=PICTURES_MAX).contains(&list.len()) {
        return refuse(Errcode::InvalidImageCount);
    }
    let media_ids = list.iter().map(|id| id.as_str().map(str::to_owned));
    let media_ids = media_ids.collect::<Option<_>>().ok_or(Errcode::MalformedJson)?;
    fields.switch("need_open_comment")?;
    fields.switch("only_fans_can_comment")?;
    Ok(Named::Pictures { media_ids, caption: fields.text_or_empty("recommend")?.to_owned() })
}

/// Reads the old form, `image`, which has one media id and no caption.
fn one_picture(fields: &Fields) -> Result<Named, Refusal> {
    let media_id = filled(fields, "media_id", Errcode::InvalidMediaId)?;
    Ok(Named::Pictures { media_ids: vec![media_id], caption: String::new() })
}

/// Reads a video; a send to a list repeats its title and description, which may be empty.
fn video(endpoint: Endpoint, fields: &Fields) -> Result<Named, Refusal> {
    let media_id = filled(fields, "media_id", Errcode::InvalidMediaId)?;
    if endpoint != Endpoint::Send {
        return Ok(Named::Video { media_id, words: None });
    }
    let title = fields.text("title")?.ok_or(Errcode::InvalidArgs)?.to_owned();
    let description = fields.text("description")?.ok_or(Errcode::InvalidArgs)?.to_owned();
    Ok(Named::Video { media_id, words: Some([title, description]) })
}

/// Reads a card; a preview carries its signed particulars.
fn card(endpoint: Endpoint, fields: &Fields) -> Result<Named, Refusal> {
    let card_id = filled(fields, "card_id", Errcode::InvalidArgs)?;
    if endpoint == Endpoint::Preview {
        let signed = fields.text("card_ext")?.ok_or(Errcode::InvalidArgs)?;
        check_signed(&Fields::read(signed.as_bytes())?)?;
    }
    Ok(Named::Card(card_id))
}

/// Checks the shape of `card_ext`: texts, a time in seconds, and an SHA-1 in hex.
fn check_signed(ext: &Fields) -> Result<(), Refusal> {
    for name in ["code", "openid", "nonce_str"] {
        ext.text(name)?;
    }
    let timestamp = ext.text("timestamp")?.ok_or(Errcode::InvalidArgs)?;
    if timestamp.is_empty() || !timestamp.bytes().all(|byte| byte.is_ascii_digit()) {
        return refuse(Errcode::InvalidArgs);
    }
    let signature = ext.text_or_empty("signature")?;
    let is_hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    if signature.len() != 40 || !signature.bytes().all(is_hex) {
        return refuse(Errcode::InvalidSignature);
    }
    Ok(())
}

/// Links in a text go to WeChat's own articles or into a mini program, nowhere else.
fn check_links(text: &str) -> Result<(), Refusal> {
    // A `<` that begins no tag is text, and so is what a cut-off tag leaves.
    for piece in markup::pieces(text).unwrap_or_default() {
        let Piece::Open(tag) = piece else { continue };
        if tag.name != "a" {
            continue;
        }
        if let Some(appid) = tag.attribute("data-miniprogram-appid") {
            let path = tag.attribute("data-miniprogram-path").unwrap_or("");
            if !filter::is_mini_program_appid(appid) || path.is_empty() {
                return refuse(Errcode::InvalidMiniProgramAttribute);
            }
        } else if tag.attribute("href").and_then(filter::path_at_wechat).is_none() {
            return refuse(Errcode::InvalidUrl);
        }
    }
    Ok(())
}
