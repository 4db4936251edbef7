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
