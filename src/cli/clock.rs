//! Where the time comes from: this machine, corrected to the account's own time.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use async_trait::async_trait;

use crate::terms::{Clock, Timestamp};

use super::settings;

/// This machine's clock, moved to what an account's `Date` said (R10).
#[derive(Debug, Default)]
pub(super) struct SystemClock {
    ahead_s: AtomicI64,
}

impl SystemClock {
    /// Follows an account whose `Date` was `date` when this clock said `seen_at`.
    pub(super) fn follow(&self, date: Timestamp, seen_at: Timestamp) {
        self.ahead_s.fetch_add(date.duration_since(seen_at).as_secs(), Ordering::SeqCst);
    }
}

#[async_trait]
impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        let ahead = jiff::SignedDuration::from_secs(self.ahead_s.load(Ordering::SeqCst));
        settings::now().checked_add(ahead).unwrap_or_else(|_| settings::now())
    }

    async fn sleep(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }
}
