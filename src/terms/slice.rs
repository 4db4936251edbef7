//! A slice of a list: a share of its people by lot, the same whenever it is drawn.

use std::fmt;

use super::name::{AppId, BadTerm, CampaignName};

/// So many lots there are: a slice is written to a hundredth of a percent.
const LOTS: u16 = 10_000;
const EXPECTED: &str =
    "a slice (`FROM%..UNTIL%`, such as `0%..10%`, from 0 to 100 with at most two decimals)";

/// A share of the people: those with a lot from one bound up to, and without, the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slice {
    from: u16,
    until: u16,
}

impl Slice {
    /// Whether a lot is in this slice.
    pub fn holds(self, lot: u16) -> bool {
        (self.from..self.until).contains(&lot)
    }
}

impl std::str::FromStr for Slice {
    type Err = BadTerm;

    fn from_str(text: &str) -> Result<Self, BadTerm> {
        let bad = || BadTerm::new(text, EXPECTED);
        let (from, until) = text.split_once("..").ok_or_else(bad)?;
        let bound = |text: &str| percent(text.trim()).ok_or_else(bad);
        let slice = Self { from: bound(from)?, until: bound(until)? };
        if slice.from < slice.until { Ok(slice) } else { Err(bad()) }
    }
}

/// Hundredths of a percent.
fn percent(text: &str) -> Option<u16> {
    let number = text.strip_suffix('%')?;
    let (whole, decimals) = number.split_once('.').map_or((number, "0"), |parts| parts);
    let are_digits = |text: &str, most: usize| {
        (1..=most).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())
    };
    if !are_digits(whole, 3) || !are_digits(decimals, 2) {
        return None;
    }
    let tens = if decimals.len() == 1 { 10 } else { 1 };
    let lot = whole.parse::<u16>().ok()? * 100 + decimals.parse::<u16>().ok()? * tens;
    (lot <= LOTS).then_some(lot)
}

impl fmt::Display for Slice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bound = |lot: u16| match lot % 100 {
            0 => format!("{}%", lot / 100),
            part => format!("{}.{}%", lot / 100, format!("{part:02}").trim_end_matches('0')),
        };
        f.pad(&format!("{}..{}", bound(self.from), bound(self.until)))
    }
}

/// Gives each follower of an account a lot for one campaign.
///
/// The lot is BLAKE3 of the openid, keyed by the account and the campaign, scaled to 0 to 9,999.
/// Frozen: under another rule somebody could be in two slices that were disjoint, or in none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lots {
    key: [u8; 32],
}

impl Lots {
    /// Of one campaign on one account; every edition of it has the same.
    pub fn new(appid: &AppId, campaign: &CampaignName) -> Self {
        let mut hasher = blake3::Hasher::new_derive_key("qunfa slice/v1");
        for word in [appid.as_str(), campaign.as_str()] {
            hasher.update(&(word.len() as u64).to_be_bytes());
            hasher.update(word.as_bytes());
        }
        Self { key: *hasher.finalize().as_bytes() }
    }

    /// The lot of a follower.
    pub fn of(&self, openid: &[u8]) -> u16 {
        let hash = blake3::keyed_hash(&self.key, openid);
        let first = hash.as_bytes().iter().take(8);
        let number = first.fold(0_u64, |number, &byte| number << 8 | u64::from(byte));
        let scaled = (u128::from(number) * u128::from(LOTS)) >> 64;
        u16::try_from(scaled).unwrap_or(LOTS - 1) // it is less than 10,000
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lots(appid: &str, campaign: &str) -> Lots {
        Lots::new(&AppId::new(appid).unwrap(), &CampaignName::new(campaign).unwrap())
    }

    #[test]
    fn lots_are_frozen() {
        let lots = lots("wx1234567890abcdef", "spring-2026");
        let drawn: Vec<u16> = ["o6_bmjrPTlm6_2sgVt7hMZOPfL2M", "o6_a", "o6_b"]
            .iter()
            .map(|openid| lots.of(openid.as_bytes()))
            .collect();
        assert_eq!(drawn, [4_418, 3_826, 7_822]);
    }

    #[test]
    fn slices_are_disjoint_and_together_everybody() {
        let (spring, autumn) = (lots("sandbox-demo", "spring"), lots("sandbox-demo", "autumn"));
        let slices: Vec<Slice> = ["0%..10%", "10%..10.01%", "10.01%..55.5%", "55.5%..100%"]
            .map(|s| s.parse().unwrap())
            .into();
        let mut counts = [0; 4];
        let mut same = 0;
        for n in 0..20_000 {
            let openid = format!("o{n}");
            let lot = spring.of(openid.as_bytes());
            let held: Vec<usize> = (0..4).filter(|&at| slices[at].holds(lot)).collect();
            assert_eq!(held.len(), 1, "{openid} is in exactly one");
            counts[held[0]] += 1;
            same += u32::from(lot == autumn.of(openid.as_bytes()));
        }
        assert!((1_800..2_200).contains(&counts[0]), "{counts:?}");
        assert!((8_800..9_400).contains(&counts[2]), "{counts:?}");
        assert!(same < 20, "another campaign draws anew: {same}");
    }

    #[test]
    fn a_slice_is_written_in_percent() {
        let check = |text: &str, expected: Option<&str>| {
            let slice = text.parse::<Slice>().ok().map(|slice| slice.to_string());
            assert_eq!(slice.as_deref(), expected, "{text}");
        };
        check("0%..10%", Some("0%..10%"));
        check("0% .. 0.50%", Some("0%..0.5%"));
        check("99.99%..100.00%", Some("99.99%..100%"));
        for bad in [
            "10%",
            "0..10",
            "0%..0%",
            "20%..10%",
            "0%..100.01%",
            "-1%..5%",
            "0%..1.005%",
            "0%...5%",
            "0%..10%..20%",
            "..10%",
            "0%..+5%",
            "0%..1e1%",
            "0%..1.%",
            "",
        ] {
            check(bad, None);
        }
    }
}
