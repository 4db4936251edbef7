//! What can go wrong with a call, what to do about it, and what it proves.

use std::fmt;
use std::net::IpAddr;
use std::time::Duration;

use super::call::{Call, Repeat};
use super::codes::{self, CodeFact};

/// WeChat's number for what is wrong (返回码); 0 is success.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ErrCode(pub i64);

impl ErrCode {
    /// Whether WeChat refused the token, so that another one may help.
    pub fn refuses_token(self) -> bool {
        matches!(self.0, 40001 | 40014 | 42001 | 42007)
    }
}

impl fmt::Display for ErrCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What the caller should do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Advice {
    /// Back off with jitter, a few tries, the same request.
    Retry,
    /// Ask for a token again; a mass send goes back to the log for a new attempt first (R3).
    Token,
    /// Let this much time pass, then the same request.
    Wait(Duration),
    /// Fail the step and tell a person what to change; never loop.
    Stop,
    /// The outcome is unknown: settle it (same clientmsgid, or `mass/get`) before anything else.
    Ask,
    /// What was wanted is the case already.
    Done,
    /// A daily quota is used up: not before midnight in Beijing.
    Tomorrow,
}

/// Whether the effect of a failed call may have happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Certainty {
    /// It surely did not.
    NotDone,
    /// Nobody knows.
    Unknown,
}

/// What is wrong with an answer that is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Flaw {
    /// It is not one whole JSON object: probably cut off on its way.
    NotJson,
    /// It is longer than any real answer, the limit in bytes.
    TooLong(usize),
    /// The named field is missing or has an impossible value.
    Field(&'static str),
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotJson => f.write_str("is not one whole JSON object"),
            Self::TooLong(max) => write!(f, "is longer than {max} bytes"),
            Self::Field(name) => write!(f, "has no valid `{name}`"),
        }
    }
}

/// Why a call failed. No text in it holds a token, the AppSecret or the proxy's password.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WeChatError {
    /// WeChat answered with an errcode.
    #[error("{call} was refused with {code}, {}: {message}", codes::meaning(*call, *code))]
    Api {
        /// Which call.
        call: Call,
        /// WeChat's number.
        code: ErrCode,
        /// WeChat's words; decorated and changing, so for people only.
        message: String,
        /// WeChat's name for the request, good for seven days of questions (`openapi/rid/get`).
        rid: Option<String>,
    },
    /// Something between us and WeChat answered: another status, or a page of HTML.
    #[error("{call} was answered by a gateway (HTTP {status}): {excerpt}")]
    Gateway {
        /// Which call.
        call: Call,
        /// The HTTP status.
        status: u16,
        /// How the answer begins.
        excerpt: String,
    },
    /// No answer in time.
    #[error("{call} was not answered in time")]
    Timeout {
        /// Which call.
        call: Call,
        /// `NotDone` when there was not even a connection.
        certainty: Certainty,
    },
    /// No connection, or one that broke.
    #[error("{call} got no answer: {why}")]
    Transport {
        /// Which call.
        call: Call,
        /// What the network says.
        why: String,
        /// `NotDone` when there was not even a connection.
        certainty: Certainty,
    },
    /// An answer that cannot be read.
    #[error("the answer to {call} {flaw}")]
    BadAnswer {
        /// Which call.
        call: Call,
        /// What is wrong with it.
        flaw: Flaw,
    },
    /// A fresh token does not help: WeChat gives out the refused one again, or refuses both.
    #[error(
        "{call} was refused with {code}, and token {fingerprint}, asked for anew, is no better"
    )]
    TokenStuck {
        /// The call that was refused.
        call: Call,
        /// With what.
        code: ErrCode,
        /// Of the token.
        fingerprint: String,
    },
    /// We did not make the call, because what was asked for cannot be right.
    #[error("{call} was not made: {why}")]
    NotMade {
        /// Which call.
        call: Call,
        /// What is wrong.
        why: String,
    },
    /// The client's settings cannot work.
    #[error("cannot talk to WeChat: {why}")]
    Setup {
        /// What is wrong.
        why: String,
    },
}

impl WeChatError {
    /// The call that failed; none when the settings are at fault.
    pub fn call(&self) -> Option<Call> {
        match self {
            Self::Api { call, .. }
            | Self::Gateway { call, .. }
            | Self::Timeout { call, .. }
            | Self::Transport { call, .. }
            | Self::BadAnswer { call, .. }
            | Self::TokenStuck { call, .. }
            | Self::NotMade { call, .. } => Some(*call),
            Self::Setup { .. } => None,
        }
    }

    /// WeChat's number, if it was WeChat who answered.
    pub fn errcode(&self) -> Option<i64> {
        match self {
            Self::Api { code, .. } | Self::TokenStuck { code, .. } => Some(code.0),
            Self::Gateway { .. }
            | Self::Timeout { .. }
            | Self::Transport { .. }
            | Self::BadAnswer { .. }
            | Self::NotMade { .. }
            | Self::Setup { .. } => None,
        }
    }

    /// What to do, judged by the call: for a mass send whatever leaves the outcome open is
    /// [`Advice::Ask`].
    pub fn advice(&self) -> Advice {
        match self {
            Self::Api { call, code, .. } => codes::advice(*call, *code),
            Self::Gateway { call, .. } => repeat(*call, Certainty::Unknown),
            Self::Timeout { call, certainty } | Self::Transport { call, certainty, .. } => {
                repeat(*call, *certainty)
            }
            Self::BadAnswer { call, .. } if call.repeat() == Repeat::AfterAsking => Advice::Ask,
            Self::BadAnswer { flaw: Flaw::NotJson, .. } => Advice::Retry,
            Self::BadAnswer { .. }
            | Self::TokenStuck { .. }
            | Self::NotMade { .. }
            | Self::Setup { .. } => Advice::Stop,
        }
    }

    /// What the failure proves about the call's effect.
    ///
    /// For a mass send only codes that are documented as refusals prove anything. Even they
    /// prove it for this request alone: after an earlier attempt of unknown outcome, 40007 or 45028
    /// may come *because* that one went out (R8).
    pub fn certainty(&self) -> Certainty {
        match self {
            Self::Api { call, code, .. } => codes::certainty(*call, *code),
            Self::Timeout { certainty, .. } | Self::Transport { certainty, .. } => *certainty,
            Self::Gateway { .. } | Self::BadAnswer { .. } => Certainty::Unknown,
            Self::TokenStuck { .. } | Self::NotMade { .. } | Self::Setup { .. } => {
                Certainty::NotDone
            }
        }
    }

    /// What is known of WeChat's number, judged by the call, in both languages.
    pub fn fact(&self) -> Option<&'static CodeFact> {
        codes::fact(self.call()?, ErrCode(self.errcode()?))
    }

    /// What a person should do, where it is known; with the address to allow for 40164.
    pub fn help(&self) -> Option<String> {
        let to_do = self.fact()?.to_do.en;
        Some(match self.refused_address() {
            Some(ip) => format!("WeChat saw the address {ip}; {to_do}"),
            None => to_do.to_owned(),
        })
    }

    /// The address that is missing from the IP allow-list (40164), as WeChat saw it.
    pub fn refused_address(&self) -> Option<IpAddr> {
        match self {
            Self::Api { code: ErrCode(40164), message, .. } => refused_address(message),
            Self::Api { .. }
            | Self::Gateway { .. }
            | Self::Timeout { .. }
            | Self::Transport { .. }
            | Self::BadAnswer { .. }
            | Self::TokenStuck { .. }
            | Self::NotMade { .. }
            | Self::Setup { .. } => None,
        }
    }
}

/// What to do when nothing was heard from WeChat.
fn repeat(call: Call, certainty: Certainty) -> Advice {
    match (certainty, call.repeat()) {
        (Certainty::Unknown, Repeat::AfterAsking) => Advice::Ask,
        (Certainty::Unknown, Repeat::Freely | Repeat::UntilGone) | (Certainty::NotDone, _) => {
            Advice::Retry
        }
    }
}

/// Reads `invalid ip 111.50.94.9 ipv6 ::ffff:111.50.94.9, not in whitelist …`.
fn refused_address(message: &str) -> Option<IpAddr> {
    let (_, tail) = message.split_once("invalid ip ")?;
    let end = tail.find([' ', ',']).unwrap_or(tail.len());
    tail[..end].parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn api(call: Call, code: i64, message: &str) -> WeChatError {
        WeChatError::Api { call, code: ErrCode(code), message: message.to_owned(), rid: None }
    }

    #[test]
    fn the_address_to_allow_is_read_from_40164() {
        let check = |message: &str, expected: Option<&str>| {
            let error = api(Call::StableToken, 40164, message);
            assert_eq!(error.refused_address().map(|ip| ip.to_string()).as_deref(), expected);
            let help = error.help().unwrap();
            assert!(help.contains("IP白名单"), "{help}");
            assert!(help.contains(expected.unwrap_or("")), "{help}");
        };
        check(
            "invalid ip 111.50.94.9 ipv6 ::ffff:111.50.94.9, not in whitelist rid: 64f-1-2",
            Some("111.50.94.9"),
        );
        check("invalid ip 61.172.68.219, not in whitelist hint: [Xx0Ab]", Some("61.172.68.219"));
        check("invalid ip 2408:8756::1", Some("2408:8756::1"));
        check("invalid ip of 某台机器", None);
        check("not in whitelist", None);
        // Another code's words are not about the list.
        let other = api(Call::StableToken, 40013, "invalid ip 111.50.94.9, 不合法的 AppID");
        assert_eq!(other.refused_address(), None);
    }

    #[test]
    fn errors_read_well() {
        let error = api(Call::DraftAdd, 45166, "invalid content hint: [春-1] rid: 5f26-1");
        assert_eq!(
            error.to_string(),
            "draft/add was refused with 45166, article content not allowed: \
             invalid content hint: [春-1] rid: 5f26-1"
        );
        let error = api(Call::DraftAdd, 12345, "什么");
        assert_eq!(
            error.to_string(),
            "draft/add was refused with 12345, which is not documented: 什么"
        );
        let error = WeChatError::BadAnswer { call: Call::DraftAdd, flaw: Flaw::Field("media_id") };
        assert_eq!(error.to_string(), "the answer to draft/add has no valid `media_id`");
    }

    #[test]
    fn silence_is_settled_for_a_send_and_repeated_for_the_rest() {
        let check = |call, certainty, advice| {
            assert_eq!(WeChatError::Timeout { call, certainty }.advice(), advice);
            let why = "断开".to_owned();
            let error = WeChatError::Transport { call, why, certainty };
            assert_eq!((error.advice(), error.certainty()), (advice, certainty));
        };
        check(Call::SendAll, Certainty::Unknown, Advice::Ask);
        check(Call::Send, Certainty::NotDone, Advice::Retry);
        check(Call::DraftAdd, Certainty::Unknown, Advice::Retry);
        let gateway =
            |call| WeChatError::Gateway { call, status: 502, excerpt: String::new() }.advice();
        assert_eq!(gateway(Call::Send), Advice::Ask);
        assert_eq!(gateway(Call::Preview), Advice::Retry);
    }
}
