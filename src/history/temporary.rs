//! What is on the account for three days only.

use crate::terms::{MediaId, Timestamp};

/// A temporary material, or a video that was made of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Temporary {
    /// Its id.
    pub media_id: MediaId,
    /// When it was recorded.
    pub at: Timestamp,
    /// From when on WeChat does not know it any more.
    pub expires_at: Timestamp,
}

impl Temporary {
    /// Whether WeChat still knows it then.
    pub fn lasts_until(&self, at: Timestamp) -> bool {
        at < self.expires_at
    }
}
