//! Names and ids: text and numbers of a known form.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A word that does not have the form its type asks for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not {expected}")]
pub struct BadTerm {
    text: String,
    expected: &'static str,
}

impl BadTerm {
    pub(super) fn new(text: &str, expected: &'static str) -> Self {
        Self { text: text.to_owned(), expected }
    }
}

/// Defines an id kept as text, with the check that its constructor makes.
macro_rules! text_term {
    ($(#[$doc:meta])* $name:ident, $expected:literal, $check:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            #[doc = concat!("Takes ", $expected, ".")]
            ///
            /// # Errors
            ///
            /// [`BadTerm`] when the text has another form.
            pub fn new(text: impl Into<String>) -> Result<Self, BadTerm> {
                let text = text.into();
                let check: fn(&str) -> bool = $check;
                if check(&text) { Ok(Self(text)) } else { Err(BadTerm::new(&text, $expected)) }
            }

            /// Borrows the text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl TryFrom<String> for $name {
            type Error = BadTerm;

            fn try_from(text: String) -> Result<Self, BadTerm> {
                Self::new(text)
            }
        }

        impl std::str::FromStr for $name {
            type Err = BadTerm;

            fn from_str(text: &str) -> Result<Self, BadTerm> {
                Self::new(text)
            }
        }

        impl From<$name> for String {
            fn from(term: $name) -> String {
                term.0
            }
        }
    };
}

text_term!(
    /// The identity of an official account (公众号). A sandbox's begins with `sandbox-`.
    AppId, "an appid (letters, digits and `-`)",
    |text| !text.is_empty() && text.len() <= 64 && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
);
text_term!(
    /// The name of an account in `qunfa.yaml`: a label for people, never part of an identity.
    AccountName, "a name (lower-case words joined by `-`)", is_name
);
text_term!(
    /// The name of a campaign: one folder, or several with an [`Edition`] each.
    CampaignName, "a name (lower-case words joined by `-`)", is_name
);
text_term!(
    /// The name of a send (群发) within its campaign.
    SendName, "a name (lower-case words joined by `-`)", is_name
);
text_term!(
    /// The name of a retraction (删除群发) within its campaign.
    RetractionName, "a name (lower-case words joined by `-`)", is_name
);
text_term!(
    /// Tells apart the issues of a series, such as `2026-w48`.
    Edition, "an edition (lower-case letters, digits, `-`, `_` and `.`)",
    |text| !text.is_empty() && text.len() <= 64
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-_.".contains(&b))
);
text_term!(
    /// The id of a material (素材) or a draft (草稿); at most 128 characters.
    MediaId, "a media_id (1 to 256 visible ASCII characters)", is_visible_ascii
);
text_term!(
    /// A card (卡券), as the card API numbers it; WeChat sends no cards any more (45113).
    CardId, "a card_id (letters, digits, `-` and `_`, at most 64)",
    |text| !text.is_empty() && text.len() <= 64
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
);
text_term!(
    /// The address of an image that WeChat hosts, as `media/uploadimg` answers it.
    ImageUrl, "an http(s) address", |text| text.starts_with("https://") || text.starts_with("http://")
);
text_term!(
    /// A follower (粉丝) of one account; another account's openid is refused with 40003.
    OpenId, "an openid (letters, digits, `-` and `_`, at most 64)", |text| is_openid(text.as_bytes())
);
text_term!(
    /// A person's WeChat ID (微信号), which `mass/preview` takes as `towxname`.
    WxName, "a WeChat ID (1 to 64 characters without spaces)",
    |text| !text.is_empty() && text.chars().count() <= 64 && !text.chars().any(|c| c.is_whitespace() || c.is_control())
);
text_term!(
    /// The identity of a history, so that an empty or a foreign one is noticed.
    HistoryId, "a history id (32 lower-case hex digits)", |text| is_hex(text, 32)
);
text_term!(
    /// One run of the program: made by chance, written in every record of that run.
    RunId, "a run id (lower-case letters, digits and `-`)",
    |text| !text.is_empty() && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
);

/// Whether bytes have the form of an [`OpenId`], for lists of millions of them.
pub fn is_openid(bytes: &[u8]) -> bool {
    /// 1 for what may not stand in an openid: added up, not asked one by one.
    const FOREIGN: [u8; 256] = {
        let mut foreign = [1; 256];
        let mut byte = 0_u8;
        while byte < 128 {
            if byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_' {
                foreign[byte as usize] = 0;
            }
            byte += 1;
        }
        foreign
    };
    let foreign = bytes.iter().take(64).fold(0, |found, &byte| found | FOREIGN[usize::from(byte)]);
    foreign == 0 && (1..=64).contains(&bytes.len())
}

fn is_name(text: &str) -> bool {
    text.len() <= 64
        && text.split('-').all(|word| {
            !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        })
}

fn is_visible_ascii(text: &str) -> bool {
    (1..=256).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic())
}

pub(super) fn is_hex(text: &str, digits: usize) -> bool {
    text.len() == digits && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

impl AppId {
    /// Whether this account is an emulated one. A real appid has no `-`.
    pub fn is_sandbox(&self) -> bool {
        self.0.starts_with("sandbox-")
    }
}

/// The number of a mass send job (群发任务): above `i32`, below 2³² today.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct MsgId(pub u64);

/// The number of a send's articles, which comments and statistics are asked by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct MsgDataId(pub u64);

impl fmt::Display for MsgId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The number of a tag (标签): always above 0, since 0 is where old code means "everyone".
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub struct TagId(u32);

impl TagId {
    /// Takes a number above 0.
    ///
    /// # Errors
    ///
    /// [`BadTerm`] for 0.
    pub fn new(id: u32) -> Result<Self, BadTerm> {
        if id > 0 { Ok(Self(id)) } else { Err(BadTerm::new("0", "a tag id (a number above 0)")) }
    }

    /// The number itself.
    pub fn get(self) -> u32 {
        self.0
    }
}

impl TryFrom<u32> for TagId {
    type Error = BadTerm;

    fn try_from(id: u32) -> Result<Self, BadTerm> {
        Self::new(id)
    }
}

impl From<TagId> for u32 {
    fn from(id: TagId) -> u32 {
        id.0
    }
}

impl fmt::Display for TagId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_id_is_never_zero() {
        assert!(TagId::new(0).is_err());
        assert!(serde_json::from_str::<TagId>("0").is_err());
    }
}
