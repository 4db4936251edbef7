//! What belongs to the account as a whole: how fast it sends (群发速度), how often its counts may be
//! cleared (清空 api 的调用quota), the ticket of cards, and where the servers are.

use std::time::Duration;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::terms::{Timestamp, beijing_date};

use super::{
    account::Account,
    quota,
    refusal::{Errcode, Refusal, refuse},
    token::later,
    wire::Call,
};

/// 万/分钟 of the speeds 0 to 4 (WeChat's page 群发速度).
const REAL_SPEEDS: [u32; 5] = [80, 60, 45, 30, 10];
/// How often counts may be cleared in a calendar month.
const CLEARED_PER_MONTH: u32 = 10;
/// Life of a ticket.
const TICKET_LIVES: Duration = Duration::from_hours(2);
/// Letters of a ticket.
const TICKET_CHARS: usize = 86;
/// Where this emulator listens, and nobody calls back from elsewhere.
const HERE: &str = "127.0.0.1";

/// What an account keeps of all this.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Service {
    /// From 0, the fastest, to 4.
    speed: u8,
    /// The first day of the month that `cleared` counts in.
    month: Option<Date>,
    cleared: u32,
    ticket: Option<Ticket>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Ticket {
    value: String,
    expires_at: Timestamp,
}

/// Answers `message/mass/speed/get`.
pub(super) fn speed(account: &Account, call: &Call) -> Result<Value, Refusal> {
    call.json()?;
    let speed = account.state.service.speed;
    Ok(json!({ "speed": speed, "realspeed": REAL_SPEEDS[usize::from(speed)] }))
}

/// Answers `message/mass/speed/set`.
///
/// # Errors
///
/// 45084 no `speed`, 45083 one that is not 0 to 4.
pub(super) fn set_speed(account: &mut Account, call: &Call) -> Result<Value, Refusal> {
    let speed = call.json()?.number("speed")?.ok_or(Errcode::MissingSpeed)?;
    let known = u8::try_from(speed).ok().filter(|speed| usize::from(*speed) < REAL_SPEEDS.len());
    account.state.service.speed = known.ok_or(Errcode::InvalidSpeed)?;
    Ok(ok())
}

/// Answers `clear_quota`: what was called today counts as not called.
///
/// # Errors
///
/// 41002 no `appid`, 40013 another account's, 48006 the tenth time this month is over.
pub(super) fn clear_quota(
    account: &mut Account,
    call: &Call,
    now: Timestamp,
) -> Result<Value, Refusal> {
    let body = call.json()?;
    if body.text("appid")?.ok_or(Errcode::MissingAppId)? != account.rules.appid.as_str() {
        return refuse(Errcode::InvalidAppId);
    }
    let month = Some(beijing_date(now).first_of_month());
    let service = &mut account.state.service;
    if service.month != month {
        (service.month, service.cleared) = (month, 0);
    }
    if service.cleared >= CLEARED_PER_MONTH {
        return refuse(Errcode::ClearedTooOften);
    }
    service.cleared += 1;
    quota::clear_today(account);
    Ok(ok())
}

/// Answers `ticket/getticket` for cards (`wx_card`): the same ticket for as long as it lives.
///
/// # Errors
///
/// 48001 for the tickets of web pages, 40035 for any other type or none.
pub(super) fn ticket(account: &mut Account, call: &Call, now: Timestamp) -> Result<Value, Refusal> {
    match call.asked("type") {
        Some("wx_card") => {}
        Some("jsapi") => return refuse(Errcode::Unauthorized),
        Some(_) | None => return refuse(Errcode::InvalidArgs),
    }
    let living = account.state.service.ticket.clone().filter(|ticket| now < ticket.expires_at);
    let ticket = living.unwrap_or_else(|| Ticket {
        value: account.fresh("ticket", TICKET_CHARS),
        expires_at: later(now, TICKET_LIVES),
    });
    account.state.service.ticket = Some(ticket.clone());
    let left = ticket.expires_at.duration_since(now).as_secs();
    Ok(json!({ "errcode": 0, "errmsg": "ok", "ticket": ticket.value, "expires_in": left }))
}

/// Answers `get_api_domain_ip` and `getcallbackip`.
pub(super) fn addresses() -> Value {
    json!({ "ip_list": [HERE] })
}

fn ok() -> Value {
    json!({ "errcode": 0, "errmsg": "ok" })
}
