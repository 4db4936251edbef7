//! Followers and tags, worked out from an index: no list is kept, however many there are.
//!
//! Follower `i` of an account has an openid that spells `i`, masked by the account's appid, and
//! enough hash behind it that nobody meets one by accident. Which followers have a tag is a
//! permutation of the indexes, seeded by the tag's id: the first `count` have it.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::terms::AppId;

use super::{
    account::Account,
    derive,
    refusal::{Errcode, Refusal, refuse},
    rules::Tag,
    wire::Call,
};

/// What every openid of a sandbox account begins with; another beginning is another account's.
const PREFIX: &str = "o6_bmj";
/// The follower whom WeChat's own examples name.
const FIRST_FOLLOWER: &str = "o6_bmjrPTlm6_2sgVt7hMZOPfL2M";
/// Letters of an openid.
const OPENID_CHARS: usize = 28;
/// The most that one page of followers holds.
const PAGE: u32 = 10_000;

/// The openid of follower `index` of a sandbox account, counted from 0.
///
/// Follower 0 is `o6_bmjrPTlm6_2sgVt7hMZOPfL2M`, as in WeChat's examples.
pub fn openid(appid: &AppId, index: u32) -> String {
    if index == 0 {
        return FIRST_FOLLOWER.to_owned();
    }
    let head = derive::five_letters(index ^ mask(appid));
    let tail = derive::letters(
        &["openid", appid.as_str(), &index.to_string()],
        OPENID_CHARS - PREFIX.len() - head.len(),
    );
    format!("{PREFIX}{head}{tail}")
}

fn mask(appid: &AppId) -> u32 {
    derive::number(&["openid mask", appid.as_str()]) & 0x3fff_ffff
}

/// How an openid stands to the account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// The follower with this index.
    Follower(u32),
    /// One of this account's openids, of somebody who does not follow (any more).
    Stranger,
    /// Not an openid of this account: 40003.
    Invalid,
}

/// The account's followers.
#[derive(Debug, Clone, Copy)]
pub(super) struct Followers<'a> {
    pub(super) appid: &'a AppId,
    pub(super) count: u32,
}

impl Followers<'_> {
    /// Judges an openid.
    pub(super) fn standing(&self, text: &str) -> Standing {
        let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        if text.len() != OPENID_CHARS || !text.starts_with(PREFIX) || !text.bytes().all(is_letter) {
            return Standing::Invalid;
        }
        let index = match text {
            FIRST_FOLLOWER => Some(0),
            _ => derive::of_five_letters(&text[PREFIX.len()..PREFIX.len() + 5])
                .map(|number| number ^ mask(self.appid)),
        };
        match index {
            Some(index) if index < self.count && openid(self.appid, index) == text => {
                Standing::Follower(index)
            }
            _ => Standing::Stranger,
        }
    }

    /// The followers who have a tag, as a permutation that can be asked both ways.
    pub(super) fn with_tag(&self, tag: &Tag) -> Members {
        let modulus = u64::from(self.count.max(1));
        let seed = tag.id.to_string();
        let start = u64::from(derive::number(&["tag step", self.appid.as_str(), &seed]));
        let steps = start..=start + modulus; // one of them is 1 more than a multiple
        let step = steps.into_iter().find(|step| gcd(*step, modulus) == 1).unwrap_or(1);
        Members {
            modulus,
            step: step % modulus,
            shift: u64::from(derive::number(&["tag shift", self.appid.as_str(), &seed])) % modulus,
            count: tag.count.min(self.count),
        }
    }
}

/// Which followers have one tag: member `k` is follower `(step × k + shift) mod followers`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Members {
    modulus: u64,
    step: u64,
    shift: u64,
    count: u32,
}

impl Members {
    /// The index of the follower who is member `k`.
    fn follower(&self, k: u32) -> u32 {
        let index = (self.step * u64::from(k) + self.shift) % self.modulus;
        u32::try_from(index).expect("below the number of followers, a u32")
    }

    /// All members' indexes.
    pub(super) fn followers(self) -> impl Iterator<Item = u32> {
        (0..self.count).map(move |k| self.follower(k))
    }

    /// Where a follower stands among the members, if there.
    fn position(&self, index: u32) -> Option<u32> {
        self.followers().position(|member| member == index).and_then(|k| u32::try_from(k).ok())
    }
}

fn gcd(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { gcd(b, a % b) }
}

/// Answers `tags/get`.
pub(super) fn tags(account: &Account) -> Value {
    let tags = account.state.tags.iter();
    json!({ "tags": tags.map(|tag| json!({ "id": tag.id, "name": tag.name, "count": tag.count }))
        .collect::<Vec<_>>() })
}

/// Answers `user/get`: all followers, by pages of 10,000.
pub(super) fn followers(account: &Account, call: &Call) -> Result<Value, Refusal> {
    let followers = account.followers();
    let from = match call.asked("next_openid") {
        None => 0,
        Some(last) => match followers.standing(last) {
            Standing::Follower(index) => index + 1,
            Standing::Stranger | Standing::Invalid => return refuse(Errcode::InvalidOpenId),
        },
    };
    let to = followers.count.min(from.saturating_add(PAGE));
    let mut page = page((from..to).map(|index| openid(followers.appid, index)));
    page["total"] = followers.count.into();
    Ok(page)
}

/// Answers `user/tag/get`: the followers who have a tag, by pages of 10,000.
pub(super) fn tag_members(account: &Account, call: &Call) -> Result<Value, Refusal> {
    let body = call.json()?;
    let id = body.number("tagid")?.ok_or(Errcode::UnknownTag)?;
    let tag = account.tag(id).ok_or(Errcode::UnknownTag)?;
    let followers = account.followers();
    let members = followers.with_tag(tag);
    let from = match body.text_or_empty("next_openid")? {
        "" => 0,
        last => match followers.standing(last) {
            Standing::Follower(index) => members.position(index).ok_or(Errcode::InvalidOpenId)? + 1,
            Standing::Stranger | Standing::Invalid => return refuse(Errcode::InvalidOpenId),
        },
    };
    let to = members.count.min(from.saturating_add(PAGE));
    Ok(page((from..to).map(|k| openid(followers.appid, members.follower(k)))))
}

/// A page of openids: an empty one has no `data`.
fn page(openids: impl Iterator<Item = String>) -> Value {
    let openids: Vec<String> = openids.collect();
    match openids.last().cloned() {
        None => json!({ "count": 0, "next_openid": "" }),
        Some(last) => json!({
            "count": openids.len(), "data": { "openid": openids }, "next_openid": last,
        }),
    }
}

/// How a list of openids falls on the account's followers; those who do not follow are left out.
///
/// # Errors
///
/// 40003 when one is not an openid of this account.
pub(super) fn judged(followers: Followers<'_>, openids: &[&str]) -> Result<BTreeSet<u32>, Refusal> {
    let mut reached = BTreeSet::new();
    for openid in openids {
        match followers.standing(openid) {
            Standing::Follower(index) => drop(reached.insert(index)),
            Standing::Stranger => {}
            Standing::Invalid => return refuse(Errcode::InvalidOpenId),
        }
    }
    Ok(reached)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shop() -> AppId {
        AppId::new("sandbox-shop").unwrap()
    }

    #[test]
    fn an_openid_says_who_it_is() {
        let appid = shop();
        let followers = Followers { appid: &appid, count: 12_480 };
        let check = |text: &str, expected| assert_eq!(followers.standing(text), expected, "{text}");
        check("o6_bmjrPTlm6_2sgVt7hMZOPfL2M", Standing::Follower(0));
        check(&openid(&appid, 1), Standing::Follower(1));
        check(&openid(&appid, 12_479), Standing::Follower(12_479));
        check(&openid(&appid, 12_480), Standing::Stranger);
        check(&openid(&AppId::new("sandbox-demo").unwrap(), 7), Standing::Stranger);
        check("oV5CrjpxgaGXNHIQigzNlgLTnwic", Standing::Invalid);
        check("o6_bmjrPTlm6_2sgVt7hMZOPfL2", Standing::Invalid);
        check("o6_bmj粉丝粉丝粉丝粉1234", Standing::Invalid);
    }

    #[test]
    fn a_tag_has_exactly_as_many_followers_as_it_says() {
        let appid = shop();
        let followers = Followers { appid: &appid, count: 12_480 };
        for count in [0, 1, 58, 3_210, 12_480] {
            let tag = Tag { id: 100, name: "VIP会员".to_owned(), count };
            let members: BTreeSet<u32> = followers.with_tag(&tag).followers().collect();
            assert_eq!(members.len(), count as usize);
            assert!(members.iter().all(|index| *index < 12_480));
        }
    }

    #[test]
    fn tags_overlap_without_being_the_same() {
        let appid = shop();
        let followers = Followers { appid: &appid, count: 12_480 };
        let members = |id| -> BTreeSet<u32> {
            let tag = Tag { id, name: "北京".to_owned(), count: 3_000 };
            followers.with_tag(&tag).followers().collect()
        };
        let shared = members(100).intersection(&members(101)).count();
        assert!((1..3_000).contains(&shared), "{shared}");
    }
}
