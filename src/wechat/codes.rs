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
mod tests {
    use std::collections::BTreeSet;
    use std::ops::RangeInclusive;

    use super::*;

    /// Every code that WeChat's pages name for the calls of an official account's campaigns.
    const PAGES: &[RangeInclusive<i64>] = &[
        -1..=-1,
        40001..=40014,
        40031..=40033,
        40035..=40035,
        40038..=40039,
        40048..=40048,
        40059..=40060,
        40062..=40063,
        40065..=40066,
        40068..=40068,
        40097..=40097,
        40113..=40114,
        40118..=40118,
        40121..=40121,
        40125..=40126,
        40128..=40128,
        40130..=40130,
        40132..=40132,
        40137..=40137,
        40152..=40152,
        40155..=40155,
        40160..=40161,
        40164..=40166,
        40168..=40168,
        40192..=40194,
        40201..=40204,
        40213..=40215,
        40229..=40229,
        41001..=41006,
        41009..=41011,
        41026..=41026,
        41039..=41039,
        42001..=42001,
        42007..=42007,
        42010..=42010,
        43001..=43004,
        43019..=43019,
        44001..=44007,
        45001..=45009,
        45011..=45011,
        45019..=45020,
        45028..=45028,
        45034..=45035,
        45040..=45040,
        45047..=45047,
        45052..=45052,
        45056..=45062,
        45064..=45068,
        45074..=45074,
        45083..=45086,
        45101..=45104,
        45110..=45110,
        45113..=45113,
        45157..=45159,
        45161..=45162,
        45166..=45166,
        45168..=45169,
        45171..=45171,
        45501..=45501,
        46001..=46001,
        46007..=46007,
        47001..=47002,
        48001..=48006,
        48008..=48010,
        48013..=48016,
        48021..=48022,
        50001..=50005,
        53404..=53406,
        53503..=53505,
        53600..=53600,
        61003..=61004,
        61007..=61007,
        61016..=61016,
        61451..=61451,
        61500..=61501,
        61503..=61503,
        76001..=76004,
        76021..=76022,
        87009..=87009,
        87014..=87014,
        88000..=88011,
        89501..=89507,
        9_001_001..=9_001_001,
        9_500_001..=9_500_002,
        268_487_001..=268_487_002,
        268_488_001..=268_488_001,
    ];

    #[test]
    fn the_table_has_every_documented_code_once() {
        let pages: BTreeSet<i64> = PAGES.iter().cloned().flatten().collect();
        let table: BTreeSet<i64> = CODES.iter().map(|fact| fact.code).collect();
        assert_eq!(pages.difference(&table).collect::<Vec<_>>(), Vec::<&i64>::new());
        assert_eq!(table.difference(&pages).collect::<Vec<_>>(), Vec::<&i64>::new());
        assert_eq!(CODES.len(), table.len());
    }

    #[test]
    fn every_fact_is_told_in_both_languages() {
        for fact in CODES {
            for text in [fact.meaning, fact.to_do] {
                assert!(text.en.starts_with(|c: char| c.is_ascii_alphabetic()), "{}", fact.code);
                assert!(!text.en.ends_with('.'), "{}", fact.code);
                assert!(text.zh.chars().any(|c| c >= '\u{4e00}'), "{}", fact.code);
            }
        }
    }

    #[test]
    fn a_mass_send_is_judged_line_by_line_as_the_pages_say() {
        use Advice::{Ask, Stop, Token, Tomorrow, Wait};
        use Certainty::{NotDone, Unknown};
        let check = |codes: &[i64], certainty: Certainty, advice: Option<Advice>| {
            for &code in codes {
                for call in [Call::SendAll, Call::Send] {
                    assert_eq!(super::certainty(call, ErrCode(code)), certainty, "{code}");
                    let wanted = advice.unwrap_or_else(|| super::advice(call, ErrCode(code)));
                    assert_eq!(super::advice(call, ErrCode(code)), wanted, "{code}");
                }
            }
        };
        check(&[45065], Unknown, Some(Ask)); // only without a msg_id is it an error
        check(&[45066], Unknown, Some(Wait(MINUTE)));
        check(&[-1, 89504, 89505], Unknown, Some(Ask));
        check(&[40001, 40014, 42001], NotDone, Some(Token));
        check(&[40007, 40008, 40128, 44003, 44004], NotDone, Some(Stop));
        check(&[44005, 40130, 40031, 40032, 45019, 40152, 45159], NotDone, Some(Stop));
        check(&[40003, 43004, 43019, 40193, 40194], NotDone, Some(Stop));
        check(&[40066, 45086, 45166, 45168, 40126, 45002], NotDone, Some(Stop));
        check(&[42010], NotDone, Some(Wait(3 * MINUTE)));
        check(&[45009], NotDone, Some(Tomorrow));
        check(&[45011], NotDone, Some(Wait(MINUTE)));
        check(&[45028], NotDone, Some(Stop));
        check(&[44007], Unknown, Some(Ask));
        check(&[45052, 48008, 45162, 45062, 45067, 45113], NotDone, Some(Stop));
        check(&[48001, 48003, 48021, 48022], NotDone, Some(Stop));
        check(&[268_488_001], Unknown, Some(Ask));
        // Possible everywhere.
        check(&[42007], NotDone, Some(Token));
        check(&[41001, 40013, 40164, 43001, 43002, 43003, 44002, 47001], NotDone, Some(Stop));
        check(&[40033, 47002, 48004, 50002, 50004, 45102, 45103, 45501], NotDone, Some(Stop));
        check(&[268_487_001, 268_487_002], Unknown, Some(Ask));
        // What is not documented for mass sends proves nothing.
        check(&[99999, 0, 1, 40037, 43017, 40059, 45060, 53600, 61503, 88000], Unknown, Some(Ask));
    }

    #[test]
    fn the_same_code_asks_for_other_things_elsewhere() {
        let check = |call, code, expected| {
            assert_eq!(advice(call, ErrCode(code)), expected, "{call} {code}");
        };
        check(Call::StableToken, 40001, Advice::Stop);
        check(Call::StableToken, 42001, Advice::Stop);
        check(Call::StableToken, 45011, Advice::Wait(MINUTE));
        check(Call::StableToken, -1, Advice::Retry);
        check(Call::DraftAdd, 40001, Advice::Token);
        check(Call::DraftAdd, -1, Advice::Retry);
        check(Call::DraftAdd, 45065, Advice::Stop);
        check(Call::DraftAdd, 12345, Advice::Stop);
        check(Call::DraftAdd, 268_487_001, Advice::Retry);
        check(Call::DraftDelete, 40007, Advice::Done);
        check(Call::DraftGet, 40007, Advice::Stop);
        check(Call::MaterialDelete, 40007, Advice::Done);
        check(Call::MassDelete, 40065, Advice::Ask);
        check(Call::MassDelete, 40059, Advice::Stop);
        check(Call::MassDelete, 40060, Advice::Stop);
        check(Call::MassDelete, 40204, Advice::Stop);
        check(Call::MassDelete, 45009, Advice::Tomorrow);
        check(Call::MassDelete, -1, Advice::Ask);
        check(Call::ConvertVideo, 46007, Advice::Wait(Duration::from_secs(45)));
        check(Call::ConvertVideo, 40007, Advice::Stop);
        check(Call::UploadNews, 45009, Advice::Tomorrow);
        check(Call::UploadTemporary, 45007, Advice::Stop);
        check(Call::UploadImage, 45009, Advice::Tomorrow);
        check(Call::MassGet, 89504, Advice::Ask);
        check(Call::StableToken, 89501, Advice::Stop);
        assert!(meaning(Call::StableToken, ErrCode(40001)).contains("AppSecret"));
        assert_eq!(certainty(Call::DraftAdd, ErrCode(-1)), Certainty::Unknown);
        assert_eq!(certainty(Call::DraftAdd, ErrCode(45166)), Certainty::NotDone);
    }
}
