//! The numbers and hashes that chain records.

use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::terms::hex;

/// The number of a record in one account's log, from 1 and without gaps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Seq(pub u64);

impl Seq {
    /// The head of an empty log.
    pub const NONE: Self = Self(0);

    /// The next number.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0 + 1)
    }
}

impl fmt::Display for Seq {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// SHA-256 of a record's canonical text: 64 hex digits; all zeros before the first record.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct RecordHash(pub String);

impl RecordHash {
    /// What the first record names as the one before it.
    pub fn none() -> Self {
        Self("0".repeat(64))
    }

    pub(super) fn of(text: &str) -> Self {
        Self(hex(&Sha256::digest(text)))
    }
}

impl fmt::Display for RecordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}
