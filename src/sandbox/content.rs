//! What a send or a preview says: its type, and the branch of the body that goes with it.

use crate::terms::Fingerprint;

use super::{
    account::Account,
    draft::{self, Article},
    filter,
    markup::{self, Piece},
    refusal::{Errcode, Refusal, refuse},
    wire::Fields,
};

/// Every branch that a body may have; more than one, or the wrong one, is 40008.
const BRANCHES: &[&str] =
    &["mpnews", "text", "voice", "image", "images", "mpvideo", "wxcard", "music"];

/// The content that a request names, before it is known whether it is any good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Named {
    /// The articles of a draft, by its media id.
    News(String),
    /// 文本.
    Text(String),
}

/// Content as it goes out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Ready {
    News { media_id: String, articles: Vec<Article> },
    Text(String),
}

impl Named {
    /// Reads `msgtype` and its branch.
    ///
    /// # Errors
    ///
    /// 40008 when they do not match, 44003 and 44004 when the branch is missing or empty, 45113 for
    /// cards, 45052 for the types that this account does not send.
    pub(super) fn read(body: &Fields) -> Result<Self, Refusal> {
        let (branch, empty) = match body.text_or_empty("msgtype")? {
            "mpnews" => ("mpnews", Errcode::EmptyNews),
            "text" => ("text", Errcode::EmptyText),
            "wxcard" => return refuse(Errcode::CardsUnsupported),
            "voice" | "image" | "mpvideo" => return refuse(Errcode::TypeNotAllowed),
            _ => return refuse(Errcode::InvalidMessageType),
        };
        match body.present(BRANCHES).as_slice() {
            [] => return Err(empty)?,
            [only] if *only == branch => {}
            _ => return refuse(Errcode::InvalidMessageType),
        }
        let fields = Fields::of(body.value(branch).ok_or(empty)?)?;
        let word = if branch == "text" { "content" } else { "media_id" };
        let value = fields.text_or_empty(word)?;
        if value.trim().is_empty() {
            return Err(empty)?;
        }
        Ok(match branch {
            "text" => Self::Text(value.to_owned()),
            _ => Self::News(value.to_owned()),
        })
    }

    /// The word after `msgtype`.
    pub(super) fn msgtype(&self) -> &'static str {
        match self {
            Self::News(_) => "mpnews",
            Self::Text(_) => "text",
        }
    }

    /// What two sends of the same thing have in common.
    pub(super) fn fingerprint(&self) -> Fingerprint {
        let (Self::News(value) | Self::Text(value)) = self;
        Fingerprint::of_parts([self.msgtype().as_bytes(), value.as_bytes()])
    }

    /// Looks the content up and judges it.
    ///
    /// # Errors
    ///
    /// 40007 the draft is gone, 45002 the text is too long, 40066 it links to the outside, 45086
    /// its mini-program link is wrong.
    pub(super) fn ready(&self, account: &Account) -> Result<Ready, Refusal> {
        match self {
            Self::News(media_id) => {
                let articles = draft::find(account, media_id)?.articles.clone();
                Ok(Ready::News { media_id: media_id.clone(), articles })
            }
            Self::Text(text) => {
                if text.chars().count() > account.rules.text_chars_max {
                    return refuse(Errcode::ContentTooLong);
                }
                check_links(text)?;
                Ok(Ready::Text(text.clone()))
            }
        }
    }
}

impl Ready {
    /// Titles, or the text: what people recognise it by.
    pub(super) fn titles(&self) -> Vec<String> {
        match self {
            Self::News { articles, .. } => articles.iter().map(|a| a.title.clone()).collect(),
            Self::Text(text) => vec![text.clone()],
        }
    }
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
