//! A list cut into parts that WeChat takes, known by their fingerprints.

use crate::terms::{Fingerprint, PartsHasher};

/// `message/mass/send` takes at most so many openids in one call.
const PART_MAX: u32 = 10_000;

/// A part of a list: which of its people, and what they are known by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PartFacts {
    /// How many people of the list come before this part.
    pub first: u64,
    /// How many people it has: 2 to 10,000, but for a list of one.
    pub count: u32,
    /// Over its openids in order.
    pub fingerprint: Fingerprint,
}

/// Cuts a list into parts of 2 to 10,000 as it goes by: a last part of one would be refused (错误码
/// 40130), so the part before gives it one of its own.
#[derive(Debug, Default)]
pub(super) struct Cutter {
    list: PartsHasher,
    part: PartsHasher,
    /// How many are in the part that is being filled.
    count: u32,
    /// The last part that was filled without its last openid, and that.
    short: Option<(Fingerprint, Vec<u8>)>,
    /// The first openid of the part that is being filled.
    first: Vec<u8>,
    parts: Vec<PartFacts>,
}

impl Cutter {
    /// Takes the next openid.
    pub(super) fn push(&mut self, openid: &[u8]) {
        if self.count == 0 {
            openid.clone_into(&mut self.first);
        } else if self.count == PART_MAX - 1 {
            self.short = Some((self.part.fingerprint(), openid.to_owned()));
        }
        self.list.push(openid);
        self.part.push(openid);
        self.count += 1;
        if self.count == PART_MAX {
            self.close();
        }
    }

    fn close(&mut self) {
        let first = self.parts.last().map_or(0, |part| part.first + u64::from(part.count));
        let fingerprint = std::mem::take(&mut self.part).fingerprint();
        self.parts.push(PartFacts { first, count: self.count, fingerprint });
        self.count = 0;
    }

    /// Ends the list: its fingerprint and its parts.
    pub(super) fn finish(mut self) -> (Fingerprint, Vec<PartFacts>) {
        if self.count == 1
            && let (Some(before), Some((fingerprint, moved))) =
                (self.parts.last_mut(), self.short.take())
        {
            (before.count, before.fingerprint) = (PART_MAX - 1, fingerprint);
            self.part = PartsHasher::default();
            self.part.push(&moved);
            self.part.push(&self.first);
            self.count = 2;
        }
        if self.count > 0 {
            self.close();
        }
        (self.list.fingerprint(), self.parts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_part_is_ever_a_single_openid() {
        let check = |count: usize, expected: &[u32]| {
            let openids: Vec<String> = (0..count).map(|n| format!("o{n}")).collect();
            let mut cutter = Cutter::default();
            for openid in &openids {
                cutter.push(openid.as_bytes());
            }
            let (list, parts) = cutter.finish();
            let of =
                |openids: &[String]| Fingerprint::of_parts(openids.iter().map(String::as_bytes));
            assert_eq!(list, of(&openids));
            let counts: Vec<u32> = parts.iter().map(|part| part.count).collect();
            assert_eq!(counts, expected);
            let mut rest = openids.as_slice();
            for part in parts {
                assert_eq!(part.first, (count - rest.len()) as u64);
                let (own, others) = rest.split_at(part.count as usize);
                assert_eq!(part.fingerprint, of(own));
                rest = others;
            }
            assert_eq!(rest.len(), 0);
        };
        check(2, &[2]);
        check(10_000, &[10_000]);
        check(10_001, &[9_999, 2]);
        check(10_002, &[10_000, 2]);
        check(20_001, &[10_000, 9_999, 2]);
        check(20_002, &[10_000, 10_000, 2]);
    }
}
