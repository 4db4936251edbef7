//! What WeChat allows, and what of it is used (WeChat's page 群发次数). Days and months are Beijing's.

use crate::history::{Ledger, Phase, SentAudience};
use crate::terms::{AccountKind, TagId, Timestamp, beijing_date};

use super::step::Audience;

/// 订阅号: one successful send a day.
const SUBSCRIPTION_DAY: u32 = 1;
/// 服务号: sends to everyone, and sends that a follower gets, in a calendar month.
const SERVICE_MONTH: u32 = 4;
/// 服务号: calls a day.
const SERVICE_DAY: u32 = 100;

/// What a send uses of a quota (WeChat's page 群发次数), as far as the history knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QuotaUse {
    /// Which.
    pub quota: Quota,
    /// How many were used before this one.
    pub used: u32,
    /// How many there are.
    pub limit: u32,
}

/// A limit of WeChat's on mass sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Quota {
    /// 订阅号: one send a day (Beijing time).
    SubscriptionDay,
    /// 服务号: four sends to everyone a calendar month.
    EveryoneMonth,
    /// 服务号: each follower gets four a calendar month; shown, since only WeChat can count it.
    FollowerMonth,
    /// 服务号: 100 calls a day.
    ServiceDay,
    /// Ten retractions a day (`message/mass/delete`).
    RetractionDay,
}

/// The sends of one account that count against today's and this month's limits.
#[derive(Debug, Clone)]
pub struct Usage {
    kind: AccountKind,
    now: Timestamp,
    sends: Vec<Counted>,
}

#[derive(Debug, Clone)]
struct Counted {
    at: Timestamp,
    to: To,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum To {
    Everyone,
    /// Its number is not known while nobody could look it up.
    Tag(Option<TagId>),
    OpenIds,
    Unknown,
}

/// How many sends the history knows of, by whom they went to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// To all followers.
    pub everyone: u32,
    /// To a tag, or to a part of a list of openids.
    pub chosen: u32,
    /// To whom is not recorded: a person said that they went out.
    pub unknown: u32,
}

impl Tally {
    /// All of them.
    pub fn all(self) -> u32 {
        self.everyone + self.chosen + self.unknown
    }

    fn of<'a>(sends: impl Iterator<Item = &'a Counted>) -> Self {
        let mut tally = Self::default();
        for send in sends {
            match send.to {
                To::Everyone => tally.everyone += 1,
                To::Tag(_) | To::OpenIds => tally.chosen += 1,
                To::Unknown => tally.unknown += 1,
            }
        }
        tally
    }
}

impl Usage {
    /// Counts what the history knows: accepted sends, and those that may have gone out.
    pub fn of(ledger: &Ledger, kind: AccountKind, now: Timestamp) -> Self {
        let counted = ledger.sends().filter_map(|(_, send)| {
            let (at, intent) = match &send.phase {
                Phase::Ready => return None,
                Phase::Open(open) => (open.at, Some(&open.intent)),
                Phase::Accepted(accepted) => (accepted.at, accepted.intent.as_ref()),
            };
            let to = intent.map_or(To::Unknown, |intent| match intent.audience {
                SentAudience::Everyone { .. } => To::Everyone,
                SentAudience::Tag { id, .. } => To::Tag(Some(id)),
                SentAudience::OpenIds { .. } => To::OpenIds,
            });
            Some(Counted { at, to })
        });
        Self { kind, now, sends: counted.collect() }
    }

    /// Counts a send that the plan makes.
    pub fn add(&mut self, audience: &Audience) {
        self.sends.push(Counted { at: self.now, to: to(audience) });
    }

    /// The sends of today.
    pub fn today(&self) -> Tally {
        Tally::of(self.on_day())
    }

    /// The sends of this calendar month.
    pub fn this_month(&self) -> Tally {
        Tally::of(self.in_month())
    }

    /// What the kind of account may do, and what of it the history knows to be used. What one
    /// follower got only WeChat can count: at least the sends to everyone.
    pub fn rights(&self) -> Vec<QuotaUse> {
        let (today, month) = (self.today().all(), self.this_month());
        let right = |quota, used, limit| QuotaUse { quota, used, limit };
        match self.kind {
            AccountKind::Subscription => {
                vec![right(Quota::SubscriptionDay, today, SUBSCRIPTION_DAY)]
            }
            AccountKind::Service => vec![
                right(Quota::ServiceDay, today, SERVICE_DAY),
                right(Quota::EveryoneMonth, month.everyone + month.unknown, SERVICE_MONTH),
                right(Quota::FollowerMonth, month.everyone, SERVICE_MONTH),
            ],
        }
    }

    fn on_day(&self) -> impl Iterator<Item = &Counted> {
        let today = beijing_date(self.now);
        self.sends.iter().filter(move |send| beijing_date(send.at) == today)
    }

    fn in_month(&self) -> impl Iterator<Item = &Counted> {
        let month = beijing_date(self.now).first_of_month();
        self.sends.iter().filter(move |send| beijing_date(send.at).first_of_month() == month)
    }

    /// The limit that a send to `audience` is nearest to.
    pub fn of_send(&self, audience: &Audience) -> QuotaUse {
        let reaches = |c: &&Counted| match to(audience) {
            To::Everyone => matches!(c.to, To::Everyone | To::Unknown),
            To::Tag(id) => c.to == To::Everyone || c.to == To::Tag(id),
            To::OpenIds | To::Unknown => c.to == To::Everyone,
        };
        let day = count(self.on_day());
        let month = count(self.in_month().filter(reaches));
        let (quota, used, limit) = match (self.kind, audience) {
            (AccountKind::Subscription, _) => (Quota::SubscriptionDay, day, SUBSCRIPTION_DAY),
            (AccountKind::Service, _) if day >= SERVICE_DAY => {
                (Quota::ServiceDay, day, SERVICE_DAY)
            }
            (AccountKind::Service, Audience::Everyone { .. }) => {
                (Quota::EveryoneMonth, month, SERVICE_MONTH)
            }
            (AccountKind::Service, Audience::Tag { .. } | Audience::OpenIds { .. }) => {
                (Quota::FollowerMonth, month, SERVICE_MONTH)
            }
        };
        QuotaUse { quota, used, limit }
    }
}

fn to(audience: &Audience) -> To {
    match audience {
        Audience::Everyone { .. } => To::Everyone,
        Audience::Tag { seen, .. } => To::Tag(seen.map(|(id, _)| id)),
        Audience::OpenIds { .. } => To::OpenIds,
    }
}

fn count<'a>(sends: impl Iterator<Item = &'a Counted>) -> u32 {
    u32::try_from(sends.count()).unwrap_or(u32::MAX)
}

impl QuotaUse {
    /// How many are left.
    pub fn left(&self) -> u32 {
        self.limit.saturating_sub(self.used)
    }

    /// Whether nothing of it is left.
    pub fn is_used_up(&self) -> bool {
        self.used >= self.limit
    }

    /// When it comes back.
    ///
    /// # Panics
    ///
    /// On the last day of the year 9999.
    pub fn back(&self, now: Timestamp) -> Timestamp {
        let today = beijing_date(now);
        let day = match self.quota {
            Quota::SubscriptionDay | Quota::ServiceDay | Quota::RetractionDay => today.tomorrow(),
            Quota::EveryoneMonth | Quota::FollowerMonth => today.last_of_month().tomorrow(),
        };
        let beijing = jiff::tz::TimeZone::fixed(jiff::tz::offset(8));
        day.ok()
            .and_then(|day| beijing.to_timestamp(day.at(0, 0, 0, 0)).ok())
            .expect("tomorrow is before the year 9999")
    }
}
