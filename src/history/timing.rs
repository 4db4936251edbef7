//! The protocol's times: until when a send of unknown outcome is settled, and from when a person may
//! say that it was not sent.

use std::time::Duration;

use crate::terms::Timestamp;

use super::send_history::OpenIntent;

/// How long a mass send request may take before it is given up; its outcome is then unknown.
pub const SEND_TIMEOUT: Duration = Duration::from_secs(30);

/// Within this time of its intent the first POST must be made (R9).
pub const FIRST_POST_WITHIN: Duration = Duration::from_mins(1);

/// Between the first two POSTs for one send (R9): the time within which the first is made, its
/// time-out, and 10 s for clocks that follow WeChat's `Date` to the second. So no two are ever on
/// their way together.
pub const BETWEEN_POSTS: Duration = Duration::from_secs(60 + SEND_TIMEOUT.as_secs() + 10);

/// Each further POST is twice as long in coming, up to this many times twice.
const DOUBLINGS_MAX: u32 = 5;

/// From the intent on, how long a repeat is safe: WeChat remembers a clientmsgid for 24 hours, less
/// the 2 h 05 min that a token in some sleeper's hand can live, less 25 min for clocks (R3).
pub const REPEAT_WITHIN: Duration = Duration::from_mins(21 * 60 + 30);

/// How long a token lives at most, with the overlap at its renewal.
const TOKEN_LIFE: Duration = Duration::from_mins(2 * 60 + 5);

/// How long an administrator's confirmation can be pending.
const CONFIRMATION: Duration = Duration::from_mins(30);

/// How far our clock may be from WeChat's `Date` (R10).
pub const SKEW_MAX: Duration = Duration::from_mins(2);

/// How old the newest `Date` may be before an intent or a POST (R10).
pub const DATE_AGE_MAX: Duration = Duration::from_mins(1);

impl OpenIntent {
    /// The last moment at which a POST may begin (R3); after it nothing is sent automatically (R4).
    pub fn deadline(&self, until_in_file: Option<Timestamp>) -> Timestamp {
        let until = until_in_file.map_or(self.intent.until, |until| until.min(self.intent.until));
        (self.at + REPEAT_WITHIN).min(until) - SEND_TIMEOUT
    }

    /// From when on no token and no confirmation from before can be alive (R5).
    pub fn fence(&self) -> Timestamp {
        (self.at + REPEAT_WITHIN).min(self.intent.until) + TOKEN_LIFE + CONFIRMATION
    }

    /// When the newest POST was recorded.
    pub fn last_attempt_at(&self) -> Timestamp {
        self.attempts.last().map_or(self.at, |attempt| attempt.at)
    }

    /// From when on another POST may be made (R9): each takes twice as long in coming as the one
    /// before, so that an account that refuses for hours is not asked every minute.
    pub fn next_attempt_from(&self) -> Timestamp {
        let doublings = self.last_attempt().saturating_sub(1).min(DOUBLINGS_MAX);
        self.last_attempt_at() + BETWEEN_POSTS * 2_u32.pow(doublings)
    }
}
