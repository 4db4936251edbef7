//! What WeChat's numbers (返回码) mean and ask for, looked up in the [table](super::code_table).

use std::time::Duration;

use super::call::{Call, Repeat};
use super::code_table::CODES;
use super::error::{Advice, Certainty, ErrCode};

/// A text in both languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Text {
    /// English.
    pub en: &'static str,
    /// 中文.
    pub zh: &'static str,
}

/// What kind of trouble a code tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Class {
    /// T: passes by itself.
    Transient,
    /// K: the access token.
    Token,
    /// Q: quota or pace.
    Quota,
    /// P: the account's rights, or its administrator.
    Permission,
    /// I: a mistake in the program, or a wrong file in the campaign.
    Input,
    /// D: it was asked for before.
    Duplicate,
    /// C: WeChat will not have this content.
    Content,
    /// G: the id is unknown, used up or expired.
    Gone,
}

impl Class {
    /// The letter for short.
    pub fn letter(self) -> char {
        match self {
            Self::Transient => 'T',
            Self::Token => 'K',
            Self::Quota => 'Q',
            Self::Permission => 'P',
            Self::Input => 'I',
            Self::Duplicate => 'D',
            Self::Content => 'C',
            Self::Gone => 'G',
        }
    }

    /// A word for it.
    pub fn name(self) -> Text {
        let (en, zh) = match self {
            Self::Transient => ("transient", "暂时"),
            Self::Token => ("token", "凭据"),
            Self::Quota => ("quota", "额度"),
            Self::Permission => ("permission", "权限"),
            Self::Input => ("input", "参数"),
            Self::Duplicate => ("duplicate", "重复"),
            Self::Content => ("content", "内容"),
            Self::Gone => ("gone", "失效"),
        };
        Text { en, zh }
    }
}

/// What is known of one code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CodeFact {
    /// The code.
    pub code: i64,
    /// What it means.
    pub meaning: Text,
    /// Its kind.
    pub class: Class,
    /// What to do in general; [`WeChatError::advice`](super::WeChatError::advice) knows the call.
    pub action: Advice,
    /// What it proves when it answers a mass send.
    pub on_send: Certainty,
    /// What a person should do.
    pub to_do: Text,
}

/// What is known of a code; nothing for one that is not in the table.
///
/// ```
/// let fact = qunfa::wechat::explain(40164).unwrap();
/// assert_eq!(fact.meaning.zh, "调用接口的 IP 不在白名单中");
/// assert_eq!(fact.class.letter(), 'P');
/// ```
pub fn explain(code: i64) -> Option<&'static CodeFact> {
    CODES.iter().find(|fact| fact.code == code)
}

/// Everything that is known, by subject.
pub fn facts() -> &'static [CodeFact] {
    CODES
}

/// The fact that a code stands for when it answers this call: to the token call, 40001 speaks of
/// the AppSecret.
pub(super) fn fact(call: Call, code: ErrCode) -> Option<&'static CodeFact> {
    match (call, code.0) {
        (Call::StableToken, 40001) => explain(40125),
        (_, code) => explain(code),
    }
}

/// What an error calls the code.
pub(super) fn meaning(call: Call, code: ErrCode) -> &'static str {
    fact(call, code).map_or("which is not documented", |fact| fact.meaning.en)
}

/// What to do when this call is answered with this code.
pub(super) fn advice(call: Call, code: ErrCode) -> Advice {
    let action = fact(call, code).map(|fact| fact.action);
    match (call, code.0) {
        // No other token can help the call that makes tokens.
        (Call::StableToken, _) if code.refuses_token() => Advice::Stop,
        (_, 40007) if call.repeat() == Repeat::UntilGone => Advice::Done,
        // The administrator's tap is awaited: the job may go on, so ask again and never send anew.
        // So it is with a job that cannot be retracted yet, or is so already: `mass/get` knows.
        (Call::MassGet, 89501..=89505) | (Call::MassDelete, 40065) => Advice::Ask,
        (Call::SendAll | Call::Send, 45066) => Advice::Wait(MINUTE),
        (_, _) if call.repeat() == Repeat::AfterAsking && is_open(call, code) => Advice::Ask,
        // Only a mass send can be done already; elsewhere the code makes no sense.
        (_, 45065) => Advice::Stop,
        _ => action.unwrap_or(Advice::Stop),
    }
}

/// What the code proves about this call's effect. For a mass send, a code that
/// is not documented proves nothing.
pub(super) fn certainty(call: Call, code: ErrCode) -> Certainty {
    match fact(call, code) {
        Some(fact) if call.is_mass_send() => fact.on_send,
        None if call.is_mass_send() => Certainty::Unknown,
        Some(CodeFact { class: Class::Transient, .. }) => Certainty::Unknown,
        Some(_) | None => Certainty::NotDone,
    }
}

/// Whether the code leaves open what became of the call.
fn is_open(call: Call, code: ErrCode) -> bool {
    certainty(call, code) == Certainty::Unknown
}

pub(super) const MINUTE: Duration = Duration::from_mins(1);

#[cfg(test)]
#[path = "codes_tests.rs"]
mod tests;
