//! Which openids came before: a table of keyed hashes.
//!
//! An openid is known by 128 bits of SipHash-1-3 under a fixed key: fixed, since the same files must
//! give the same plan. That two of 20,000,000 openids share their 128 bits has a chance of
//! 20,000,000² / 2¹²⁹, one in 10²⁴, which is taken for never: a machine that forgets a bit by itself
//! is likelier by far. To look for two that do takes 2⁶⁴ tries, and whoever may write the list could
//! leave a person out with less trouble.
//!
//! The table is cut into pages by the first bits of a hash. Each grows by itself, so that growing
//! needs room for one page and not for a second table; and pages hold no more room than they need.

use siphasher::sip128::{Hasher128 as _, SipHasher13};
use std::hash::Hasher as _;

/// Never changed without need: a plan that was reviewed would not come out again if two openids were
/// taken for one under another key.
const KEY: [u8; 16] = *b"qunfa/openids/v1";

const PAGES: usize = 256;
/// A page is at most three quarters full, and grows by an eighth.
const GROWS_BY: usize = 8;
const SLOTS_MIN: usize = 16;

/// What an openid is known by; never 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Mark(u128);

impl Mark {
    pub(super) fn of(openid: &[u8]) -> Self {
        let mut hasher = SipHasher13::new_with_key(&KEY);
        hasher.write(openid);
        Self(hasher.finish128().as_u128().max(1))
    }

    fn page(self) -> usize {
        (self.0 >> 120) as usize
    }

    /// Where it belongs among so many slots.
    fn home(self, slots: usize) -> usize {
        let scaled = (self.0 & u128::from(u64::MAX)) * slots as u128;
        usize::try_from(scaled >> 64).unwrap_or_default() // it is less than `slots`
    }
}

/// A set of openids.
#[derive(Debug)]
pub(super) struct Seen {
    pages: Vec<Page>,
}

#[derive(Debug, Default)]
struct Page {
    /// 0 where there is none.
    slots: Vec<u128>,
    count: usize,
}

impl Seen {
    pub(super) fn new() -> Self {
        Self { pages: (0..PAGES).map(|_| Page::default()).collect() }
    }

    /// Makes room for about so many, before the first.
    pub(super) fn expect(&mut self, count: usize) {
        let each = count / PAGES + 4 * (count / PAGES).isqrt();
        for page in &mut self.pages {
            page.resize((each * 4 / 3 + 1).max(SLOTS_MIN));
        }
    }

    /// Adds one; false when it was there.
    pub(super) fn insert(&mut self, mark: Mark) -> bool {
        self.pages[mark.page()].insert(mark)
    }

    pub(super) fn contains(&self, mark: Mark) -> bool {
        let page = &self.pages[mark.page()];
        !page.slots.is_empty() && page.find(mark).is_ok()
    }

    /// Looks at where many belong at once, so that memory is waited for once and not for each.
    pub(super) fn touch(&self, marks: &[Option<Mark>]) -> u128 {
        marks.iter().flatten().fold(0, |seen, mark| {
            let slots = &self.pages[mark.page()].slots;
            if slots.is_empty() { seen } else { seen ^ slots[mark.home(slots.len())] }
        })
    }
}

impl Page {
    fn insert(&mut self, mark: Mark) -> bool {
        if (self.count + 1) * 4 > self.slots.len() * 3 {
            let slots = self.slots.len();
            self.resize((slots + slots / GROWS_BY).max(SLOTS_MIN));
        }
        match self.find(mark) {
            Ok(()) => false,
            Err(free) => {
                self.slots[free] = mark.0;
                self.count += 1;
                true
            }
        }
    }

    /// Finds a mark, or the slot where it would go. There is always a free one.
    fn find(&self, mark: Mark) -> Result<(), usize> {
        let slots = self.slots.as_slice();
        let mut at = mark.home(slots.len());
        loop {
            match slots[at] {
                0 => return Err(at),
                other if other == mark.0 => return Ok(()),
                _ => at = if at + 1 == slots.len() { 0 } else { at + 1 },
            }
        }
    }

    fn resize(&mut self, slots: usize) {
        let old = std::mem::replace(&mut self.slots, vec![0; slots]);
        for mark in old.into_iter().filter(|mark| *mark != 0) {
            if let Err(free) = self.find(Mark(mark)) {
                self.slots[free] = mark;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_new_once_however_the_pages_grow() {
        let openid = |n: u32| format!("o{n}").into_bytes();
        for expected in [0, 10, 60_000] {
            let mut seen = Seen::new();
            seen.expect(expected);
            for n in 0..50_000 {
                assert!(!seen.contains(Mark::of(&openid(n))));
                assert!(seen.insert(Mark::of(&openid(n))), "{n} is new");
                assert!(!seen.insert(Mark::of(&openid(n / 2))), "{} is not", n / 2);
            }
            assert!((0..50_000).all(|n| seen.contains(Mark::of(&openid(n)))));
        }
    }

    #[test]
    fn marks_are_frozen() {
        let mark = Mark::of(b"o6_bmjrPTlm6_2sgVt7hMZOPfL2M");
        assert_eq!(format!("{:032x}", mark.0), "e322e398c5507dffcd0ff36f5f010fb5");
    }
}
