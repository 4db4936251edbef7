//! What WeChat allows, and what of it is used (WeChat's page 群发次数). Days and months are Beijing's.

use crate::history::{Ledger, Phase, SentAudience};
use crate::terms::{AccountKind, TagId, Timestamp, beijing_date};

use super::step::{Audience, Quota, QuotaUse};

/// 订阅号: one successful send a day.
const SUBSCRIPTION_DAY: u32 = 1;
/// 服务号: sends to everyone, and sends that a follower gets, in a calendar month.
const SERVICE_MONTH: u32 = 4;
/// 服务号: calls a day.
const SERVICE_DAY: u32 = 100;

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

    /// The limit that a send to `audience` is nearest to.
    pub fn of_send(&self, audience: &Audience) -> QuotaUse {
        let today = beijing_date(self.now);
        let on_day = |c: &&Counted| beijing_date(c.at) == today;
        let in_month = |c: &&Counted| {
            let date = beijing_date(c.at);
            (date.year(), date.month()) == (today.year(), today.month())
        };
        let reaches = |c: &&Counted| match to(audience) {
            To::Everyone => matches!(c.to, To::Everyone | To::Unknown),
            To::Tag(id) => c.to == To::Everyone || c.to == To::Tag(id),
            To::OpenIds | To::Unknown => c.to == To::Everyone,
        };
        let day = count(self.sends.iter().filter(on_day));
        let month = count(self.sends.iter().filter(in_month).filter(reaches));
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
