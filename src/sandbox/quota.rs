//! Counting calls: by day and, for the mass-send family, by minute.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::terms::{AccountKind, Timestamp, beijing_date};

use super::{
    account::Account,
    endpoint::Endpoint,
    refusal::{Errcode, Refusal, refuse},
    wire::Call,
};

/// Calls of WeChat's that are not emulated. To its caller an account here does not have them (48001).
const BEYOND: &[&str] = &[
    "clear_quota/v2",
    "comment/close",
    "comment/list",
    "comment/open",
    "draft/batchget",
    "freepublish/batchget",
    "freepublish/delete",
    "freepublish/get",
    "freepublish/getarticle",
    "freepublish/submit",
    "openapi/quota/clear",
    "openapi/rid/get",
    "tags/create",
    "tags/delete",
    "tags/members/batchtagging",
    "tags/update",
    "user/info",
];

/// What was used of the account's limits in this day and this minute.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Used {
    day: Option<Date>,
    calls: BTreeMap<String, u32>,
    minute: i64,
    mass_calls: u32,
}

/// Counts a call before it is looked at: a refused one is used up too.
///
/// # Errors
///
/// 45011 too many mass-send calls this minute, 45009 too many of this call today.
pub(super) fn count_call(
    account: &mut Account,
    endpoint: Endpoint,
    now: Timestamp,
) -> Result<(), Refusal> {
    if endpoint.is_mass() {
        count_minute(account, now)?;
    }
    count_today(account, endpoint.counted_as(), limit(account, endpoint), now)
}

/// Counts something that has a limit each Beijing day.
///
/// # Errors
///
/// 45009 when it is used up.
pub(super) fn count_today(
    account: &mut Account,
    name: &str,
    limit: u32,
    now: Timestamp,
) -> Result<(), Refusal> {
    let used = &mut account.state.used;
    let today = Some(beijing_date(now));
    if used.day != today {
        used.day = today;
        used.calls.clear();
    }
    let calls = used.calls.entry(name.to_owned()).or_insert(0);
    if *calls >= limit {
        return refuse(Errcode::DailyQuota);
    }
    *calls += 1;
    Ok(())
}

fn count_minute(account: &mut Account, now: Timestamp) -> Result<(), Refusal> {
    let limit = account.rules.mass_calls_per_minute;
    let used = &mut account.state.used;
    let minute = now.as_second().div_euclid(60);
    if used.minute != minute {
        used.minute = minute;
        used.mass_calls = 0;
    }
    if used.mass_calls >= limit {
        return refuse(Errcode::MinuteQuota);
    }
    used.mass_calls += 1;
    Ok(())
}

fn limit(account: &Account, endpoint: Endpoint) -> u32 {
    let own = account.rules.per_day.get(endpoint.counted_as());
    own.copied().unwrap_or_else(|| endpoint.per_day())
}

/// Forgets today's calls, as `clear_quota` does. What WeChat counts apart from the calls of a path,
/// such as forced renewals of the token, stays counted.
pub(super) fn clear_today(account: &mut Account) {
    account.state.used.calls.retain(|name, _| Endpoint::named(name).is_none());
}

/// The call that a path names, if this account has it.
fn allowed(account: &Account, path: &str) -> Result<Endpoint, Refusal> {
    let is_known = |name: &str| BEYOND.contains(&name);
    match Endpoint::of_path(path) {
        Some(Endpoint::Send) if account.rules.kind == AccountKind::Subscription => {
            refuse(Errcode::ForbiddenCgiPath)
        }
        Some(endpoint) => Ok(endpoint),
        None if path.strip_prefix("/cgi-bin/").is_some_and(is_known) => {
            refuse(Errcode::ForbiddenCgiPath)
        }
        None => refuse(Errcode::UnknownCgiPath),
    }
}

/// Answers `openapi/quota/get`: API calls, never the right to send.
///
/// # Errors
///
/// 76003 not a path alone, 76021 no such path, 76022 one that this account may not call.
pub(super) fn get(account: &Account, call: &Call, now: Timestamp) -> Result<Value, Refusal> {
    let body = call.json()?;
    let path = body.text_or_empty("cgi_path")?;
    if !path.starts_with('/') || path.starts_with("//") || path.contains(['?', '#']) {
        return refuse(Errcode::InvalidCgiPath);
    }
    let endpoint = allowed(account, path)?;
    let daily_limit = limit(account, endpoint);
    let is_today = account.state.used.day == Some(beijing_date(now));
    let calls = account.state.used.calls.get(endpoint.counted_as());
    let used = calls.copied().filter(|_| is_today).unwrap_or(0);
    let per_minute = if endpoint.is_mass() { account.rules.mass_calls_per_minute } else { 5_000 };
    Ok(json!({
        "errcode": 0,
        "errmsg": "ok",
        "quota": { "daily_limit": daily_limit, "used": used, "remain": daily_limit.saturating_sub(used) },
        "rate_limit": { "call_count": per_minute, "refresh_second": 60 },
        "component_rate_limit": { "call_count": 0, "refresh_second": 0 },
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_answered_here_is_not_beyond() {
        let answered: Vec<_> =
            BEYOND.iter().filter(|name| Endpoint::named(name).is_some()).collect();
        assert!(answered.is_empty(), "{answered:?}");
    }
}
