//! Identities that are computed: of content, of a send, of a request.

use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::name::{AppId, BadTerm, CampaignName, Edition, SendName, is_hex};

/// The BLAKE3 hash of some content: equal fingerprints mean equal bytes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Fingerprint([u8; 32]);

impl Fingerprint {
    /// Hashes bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(*blake3::hash(bytes).as_bytes())
    }

    /// Hashes a sequence of parts, each preceded by its length, so that parts cannot run together.
    pub fn of_parts<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> Self {
        let mut hasher = PartsHasher::default();
        for part in parts {
            hasher.push(part);
        }
        hasher.fingerprint()
    }

    /// The 32 bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The first eight hex digits, for people.
    pub fn short(&self) -> String {
        hex(&self.0[..4])
    }
}

/// Hashes a sequence of parts as they come, however many: what [`Fingerprint::of_parts`] answers for
/// all of them at once.
#[derive(Debug, Clone, Default)]
pub struct PartsHasher {
    hasher: blake3::Hasher,
    /// What is not hashed yet: BLAKE3 is quickest over many kilobytes at once.
    buffer: Vec<u8>,
}

impl PartsHasher {
    const BUFFER_BYTES: usize = 64 * 1024;

    /// Adds the next part.
    pub fn push(&mut self, part: &[u8]) {
        self.buffer.extend_from_slice(&(part.len() as u64).to_be_bytes());
        self.buffer.extend_from_slice(part);
        if self.buffer.len() >= Self::BUFFER_BYTES {
            self.hasher.update(&self.buffer);
            self.buffer.clear();
        }
    }

    /// The fingerprint of the parts so far.
    pub fn fingerprint(&mut self) -> Fingerprint {
        self.hasher.update(&self.buffer);
        self.buffer.clear();
        Fingerprint(*self.hasher.finalize().as_bytes())
    }
}

/// Writes bytes as lower-case hex digits.
pub fn hex(bytes: &[u8]) -> String {
    use fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        write!(text, "{byte:02x}").expect("writing to a String cannot fail");
        text
    })
}

fn unhex32(text: &str, expected: &'static str) -> Result<[u8; 32], BadTerm> {
    let mut bytes = [0; 32];
    if !is_hex(text, 64) {
        return Err(BadTerm::new(text, expected));
    }
    for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks(2)) {
        let pair = std::str::from_utf8(pair).expect("hex digits are ASCII");
        *byte = u8::from_str_radix(pair, 16).expect("checked to be hex above");
    }
    Ok(bytes)
}

/// Gives a 32-byte value its text form: 64 hex digits.
macro_rules! hex_term {
    ($name:ident, $expected:literal) => {
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&hex(&self.0))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), hex(&self.0[..4]))
            }
        }

        impl TryFrom<String> for $name {
            type Error = BadTerm;

            fn try_from(text: String) -> Result<Self, BadTerm> {
                unhex32(&text, $expected).map(Self)
            }
        }

        impl From<$name> for String {
            fn from(term: $name) -> String {
                hex(&term.0)
            }
        }
    };
}

hex_term!(Fingerprint, "a fingerprint (64 lower-case hex digits)");
hex_term!(Effect, "an effect (64 lower-case hex digits)");

/// The identity of one effect that must not happen twice: a part of a send (ARCHITECTURE.md, exactly once).
///
/// It names the send and never its content, so that an article edited after its send can never look
/// like a new send.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Effect([u8; 32]);

impl Effect {
    /// Names part `part` of a send: 0, or the number of a batch of openids from 1.
    ///
    /// SHA-256 over length-prefixed (`send/v1`, appid, campaign, send, edition or nothing, part).
    /// Frozen: a change would let every recorded send go out again.
    pub fn of_send(
        appid: &AppId,
        campaign: &CampaignName,
        send: &SendName,
        edition: Option<&Edition>,
        part: u32,
    ) -> Self {
        let part = part.to_string();
        let words = [
            "send/v1",
            appid.as_str(),
            campaign.as_str(),
            send.as_str(),
            edition.map_or("", Edition::as_str),
            &part,
        ];
        let mut hasher = Sha256::new();
        for word in words {
            hasher.update((word.len() as u64).to_be_bytes());
            hasher.update(word.as_bytes());
        }
        Self(hasher.finalize().into())
    }
}

/// Which try at a send this is: raised only by a person who says "it was not sent" (R5).
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
pub struct Generation(u32);

impl Generation {
    /// Where every send begins.
    pub const FIRST: Self = Self(0);

    /// The generation after this one.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0 + 1)
    }

    /// Counted from 0.
    pub fn get(self) -> u32 {
        self.0
    }
}

/// Our key for a send, which WeChat remembers for 24 hours (防重入): 32 hex digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ClientMsgId(String);

impl ClientMsgId {
    /// The first 32 hex digits of SHA-256(effect, generation): the same on every machine.
    pub fn new(effect: &Effect, generation: Generation) -> Self {
        let mut hasher = Sha256::new();
        hasher.update(effect.0);
        hasher.update(generation.0.to_be_bytes());
        Self(hex(&hasher.finalize()[..16]))
    }

    /// Borrows the text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for ClientMsgId {
    type Error = BadTerm;

    fn try_from(text: String) -> Result<Self, BadTerm> {
        if is_hex(&text, 32) {
            Ok(Self(text))
        } else {
            Err(BadTerm::new(&text, "a clientmsgid of ours (32 lower-case hex digits)"))
        }
    }
}

impl From<ClientMsgId> for String {
    fn from(id: ClientMsgId) -> String {
        id.0
    }
}

#[cfg(test)]
mod tests {
    use super::super::SendAddress;
    use super::*;

    fn address(text: &str) -> SendAddress {
        text.parse().unwrap()
    }

    #[test]
    fn the_effect_and_the_clientmsgid_are_frozen() {
        let appid = AppId::new("wx1234567890abcdef").unwrap();
        let effect = address("spring-2026@2026-w48/sends/launch#3").effect(&appid);
        assert_eq!(
            effect.to_string(),
            "119be2becb9af0d179db479bf7b346c446d9e14e4bee8c51da456595a058c5f2"
        );
        assert_eq!(
            ClientMsgId::new(&effect, Generation::FIRST).as_str(),
            "61c6d1495e5b767f3ce798ecb793ec83"
        );
        assert_eq!(
            ClientMsgId::new(&effect, Generation::FIRST.next()).as_str(),
            "d2904c5a4da92d1da029d5713b9fbd58"
        );
    }

    #[test]
    fn the_fingerprint_of_a_list_is_frozen() {
        let openids: Vec<String> = (0..20_001).map(|n| format!("o{n}")).collect();
        let parts = || openids.iter().map(String::as_bytes);
        let mut hasher = PartsHasher::default();
        parts().for_each(|part| hasher.push(part));
        assert_eq!(hasher.fingerprint(), Fingerprint::of_parts(parts()));
        assert_eq!(
            hasher.fingerprint().to_string(),
            "ba0b964ad8f71d58e9ac4c5115299cec5952581cf41394bae7f827124c292c1e"
        );
        hasher.push(b"");
        assert_ne!(hasher.fingerprint(), Fingerprint::of_parts(parts()), "an empty part is one");
    }

    #[test]
    fn words_cannot_run_together_in_an_effect() {
        let appid = AppId::new("wx1234567890abcdef").unwrap();
        let seen: std::collections::BTreeSet<Effect> =
            ["a/sends/b", "a/sends/b#1", "a@b/sends/c", "ab/sends/c", "a/sends/bc", "a/sends/b#11"]
                .iter()
                .map(|text| address(text).effect(&appid))
                .collect();
        assert_eq!(seen.len(), 6);
    }
}
