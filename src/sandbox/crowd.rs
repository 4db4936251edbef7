//! A set of followers in little room: one bit each, four to a hex digit.

use serde::{Deserialize, Serialize};

use crate::terms::hex;

/// The followers whom a job reaches, by their indexes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(super) struct Crowd(Vec<u8>);

impl Crowd {
    /// Whether this follower is among them.
    pub(super) fn contains(&self, index: u32) -> bool {
        let byte = self.0.get(index as usize / 8).copied().unwrap_or(0);
        byte >> (index % 8) & 1 == 1
    }

    /// All of them, by index.
    pub(super) fn iter(&self) -> impl Iterator<Item = u32> {
        (0..).zip(&self.0).flat_map(|(place, byte): (u32, &u8)| {
            (0..8).filter(move |bit| byte >> bit & 1 == 1).map(move |bit| place * 8 + bit)
        })
    }

    /// How many they are.
    pub(super) fn count(&self) -> u64 {
        self.0.iter().map(|byte| u64::from(byte.count_ones())).sum()
    }
}

impl FromIterator<u32> for Crowd {
    fn from_iter<I: IntoIterator<Item = u32>>(indexes: I) -> Self {
        let mut bytes = Vec::new();
        for index in indexes {
            let place = index as usize / 8;
            if bytes.len() <= place {
                bytes.resize(place + 1, 0);
            }
            bytes[place] |= 1 << (index % 8);
        }
        Self(bytes)
    }
}

/// What stands in the state is not such a set.
#[derive(Debug, thiserror::Error)]
#[error("a set of followers is an even number of hex digits")]
pub(super) struct NotACrowd;

impl TryFrom<String> for Crowd {
    type Error = NotACrowd;

    fn try_from(text: String) -> Result<Self, NotACrowd> {
        let byte = |pair: &[u8]| {
            let pair = std::str::from_utf8(pair).ok().filter(|pair| pair.len() == 2);
            pair.and_then(|pair| u8::from_str_radix(pair, 16).ok()).ok_or(NotACrowd)
        };
        text.as_bytes().chunks(2).map(byte).collect::<Result<_, _>>().map(Self)
    }
}

impl From<Crowd> for String {
    fn from(crowd: Crowd) -> Self {
        hex(&crowd.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crowd_is_kept_as_it_was() {
        let crowd: Crowd = [12_479, 0, 9, 9].into_iter().collect();
        assert_eq!(crowd.iter().collect::<Vec<_>>(), [0, 9, 12_479]);
        assert_eq!(crowd.count(), 3);
        assert!(crowd.contains(9) && !crowd.contains(8) && !crowd.contains(99_999));
        let text = String::from(crowd.clone());
        assert_eq!(&text[..6], "010200");
        assert_eq!(Crowd::try_from(text).unwrap(), crowd);
        for bad in ["0", "春天", "zz"] {
            assert!(Crowd::try_from(bad.to_owned()).is_err(), "{bad}");
        }
    }
}
