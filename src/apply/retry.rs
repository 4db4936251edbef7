//! When a harmless call is made again. Mass sends are never repeated here: only by the protocol.

use std::time::Duration;

use crate::wechat::{Advice, WeChatError};

/// How often a harmless call is made at most.
const TRIES: u32 = 4;

/// How long to wait before try number `next` (from 2), or nothing when it would not help.
pub(super) fn pause_before(next: u32, error: &WeChatError) -> Option<Duration> {
    if next > TRIES {
        return None;
    }
    match error.advice() {
        // 1 s, 2 s, 4 s.
        Advice::Retry => Some(Duration::from_secs(1 << (next - 2))),
        Advice::Wait(pause) => Some(pause),
        Advice::Token | Advice::Stop | Advice::Ask | Advice::Done | Advice::Tomorrow => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wechat::{Call, Certainty, ErrCode, Flaw};

    /// The pauses before each try, until there is none.
    #[track_caller]
    fn check(error: &WeChatError, expected: &[u64]) {
        let pauses = (2..=9).map_while(|next| pause_before(next, error));
        assert_eq!(pauses.map(|pause| pause.as_secs()).collect::<Vec<_>>(), expected);
    }

    fn api(call: Call, code: i64) -> WeChatError {
        WeChatError::Api {
            call, code: ErrCode(code), message: "系统繁忙".to_owned(), rid: None
        }
    }

    #[test]
    fn a_harmless_call_is_made_four_times_with_growing_pauses() {
        check(&api(Call::DraftAdd, -1), &[1, 2, 4]);
        let certainty = Certainty::Unknown;
        check(&WeChatError::Timeout { call: Call::Preview, certainty }, &[1, 2, 4]);
        check(&WeChatError::BadAnswer { call: Call::Tags, flaw: Flaw::NotJson }, &[1, 2, 4]);
    }

    #[test]
    fn a_pause_that_wechat_asks_for_is_kept() {
        check(&api(Call::UploadImage, 45011), &[60, 60, 60]);
    }

    #[test]
    fn what_a_person_or_tomorrow_must_bring_is_not_tried_again() {
        check(&api(Call::DraftAdd, 45166), &[]);
        check(&api(Call::DraftAdd, 45009), &[]);
        check(&api(Call::DraftAdd, 40001), &[]); // the client has asked for a token anew already
    }

    #[test]
    fn a_mass_send_of_unknown_outcome_is_never_repeated_here() {
        let certainty = Certainty::Unknown;
        check(&WeChatError::Timeout { call: Call::SendAll, certainty }, &[]);
        check(&api(Call::SendAll, -1), &[]);
        check(&api(Call::Send, 45065), &[]);
        let (call, flaw) = (Call::SendAll, Flaw::NotJson);
        check(&WeChatError::BadAnswer { call, flaw }, &[]);
    }
}
