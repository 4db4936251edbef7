//! Tokens: the two worlds of `stable_token` and `token` (WeChat's page 接口调用凭据).

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::terms::{AppId, Timestamp};

use super::{
    account::Account,
    derive, quota,
    refusal::{Errcode, Refusal, refuse},
    wire::Call,
};

/// How long the old token works beside the new one.
const OVERLAP: Duration = Duration::from_mins(5);
/// Forced renewals of the stable token a day.
const FORCED_PER_DAY: u32 = 20;
/// A forced renewal sooner than this after the last does not renew.
const FORCED_APART: Duration = Duration::from_secs(30);
/// Dead tokens that are remembered, to tell an expired one (42001) from an unknown one (40001).
const REMEMBERED: usize = 16;
/// Letters after the dot-less head of a token.
const TOKEN_CHARS: usize = 128;

/// The tokens that an account gave out.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Tokens {
    given: Vec<Token>,
    stable: Option<String>,
    plain: Option<String>,
    forced_at: Option<Timestamp>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Token {
    value: String,
    expires_at: Timestamp,
    voided_at: Option<Timestamp>,
}

impl Tokens {
    fn find(&self, value: Option<&str>) -> Option<&Token> {
        self.given.iter().find(|token| Some(token.value.as_str()) == value)
    }

    fn void(&mut self, value: Option<&str>, at: Timestamp) {
        for token in self.given.iter_mut().filter(|token| Some(token.value.as_str()) == value) {
            token.voided_at = Some(token.voided_at.map_or(at, |earlier| earlier.min(at)));
        }
    }

    /// Lets every token expire now.
    pub(super) fn expire(&mut self, now: Timestamp) {
        for token in &mut self.given {
            token.expires_at = token.expires_at.min(now);
        }
    }
}

/// Whether a token looks like one that this account gave out.
pub(super) fn is_of(appid: &AppId, token: &str) -> bool {
    token.starts_with(&mark(appid))
}

fn mark(appid: &AppId) -> String {
    format!("98_{}", derive::letters(&["token mark", appid.as_str()], 12))
}

/// Checks the token in the query.
///
/// # Errors
///
/// 41001 none in the query, 42001 expired, 40001 unknown or replaced.
pub(super) fn check(account: &Account, call: &Call, now: Timestamp) -> Result<(), Refusal> {
    let value = call.asked("access_token").ok_or(Errcode::MissingToken)?;
    let token = account.state.tokens.find(Some(value)).ok_or(Errcode::InvalidCredential)?;
    if token.voided_at.is_some_and(|at| at <= now) {
        return refuse(Errcode::InvalidCredential);
    }
    if token.expires_at <= now {
        return refuse(Errcode::ExpiredToken);
    }
    Ok(())
}

/// Answers `token`: each call gives a new one, and the one before lives five minutes more.
pub(super) fn plain(account: &mut Account, call: &Call, now: Timestamp) -> Result<Value, Refusal> {
    if call.asked("grant_type") != Some("client_credential") {
        return refuse(Errcode::InvalidGrantType);
    }
    check_secret(account, call.asked("appid"), call.asked("secret"))?;
    let before = account.state.tokens.plain.take();
    account.state.tokens.void(before.as_deref(), later(now, OVERLAP));
    let value = give(account, now);
    account.state.tokens.plain = Some(value.clone());
    Ok(answer(account, &value, now))
}

/// Answers `stable_token`: in normal mode the same token with what is left of its life, and a new
/// one in the last five minutes.
pub(super) fn stable(account: &mut Account, call: &Call, now: Timestamp) -> Result<Value, Refusal> {
    let body = call.json()?;
    if body.text_or_empty("grant_type")? != "client_credential" {
        return refuse(Errcode::InvalidGrantType);
    }
    let [appid, secret] = [body.text_or_empty("appid")?, body.text_or_empty("secret")?];
    let given = |text| Some(text).filter(|text: &&str| !text.is_empty());
    check_secret(account, given(appid), given(secret))?;
    if body.truth("force_refresh")? == Some(true) {
        force(account, now)?;
    }
    let current = account.state.tokens.stable.clone();
    let value = match current.filter(|value| is_fresh(&account.state.tokens, value, now)) {
        Some(value) => value,
        None => give_stable(account, now),
    };
    Ok(answer(account, &value, now))
}

/// Voids the stable token, unless the last time was less than 30 s ago.
fn force(account: &mut Account, now: Timestamp) -> Result<(), Refusal> {
    let last = account.state.tokens.forced_at;
    if last.is_some_and(|at| now < later(at, FORCED_APART)) {
        return Ok(());
    }
    quota::count_today(account, "stable_token by force", FORCED_PER_DAY, now)?;
    let tokens = &mut account.state.tokens;
    tokens.forced_at = Some(now);
    if let Some(current) = tokens.stable.take() {
        tokens.void(Some(&current), now);
    }
    Ok(())
}

fn is_fresh(tokens: &Tokens, value: &str, now: Timestamp) -> bool {
    tokens.find(Some(value)).is_some_and(|token| later(now, OVERLAP) < token.expires_at)
}

fn check_secret(
    account: &Account,
    appid: Option<&str>,
    secret: Option<&str>,
) -> Result<(), Refusal> {
    if appid.ok_or(Errcode::MissingAppId)? != account.rules.appid.as_str() {
        return refuse(Errcode::InvalidAppId);
    }
    let secret = secret.ok_or(Errcode::MissingSecret)?;
    match &account.rules.secret {
        Some(right) if right != secret => refuse(Errcode::InvalidAppSecret),
        Some(_) | None => Ok(()),
    }
}

fn give_stable(account: &mut Account, now: Timestamp) -> String {
    let value = give(account, now);
    account.state.tokens.stable = Some(value.clone());
    value
}

fn give(account: &mut Account, now: Timestamp) -> String {
    let value = format!("{}{}", mark(&account.rules.appid), account.fresh("token", TOKEN_CHARS));
    let expires_at = later(now, account.rules.token_lives);
    let given = &mut account.state.tokens.given;
    given.push(Token { value: value.clone(), expires_at, voided_at: None });
    let surplus = given.len().saturating_sub(REMEMBERED);
    given.drain(..surplus);
    value
}

fn answer(account: &Account, value: &str, now: Timestamp) -> Value {
    let token = account.state.tokens.find(Some(value)).expect("it was just given or found");
    let left = token.expires_at.duration_since(now).as_secs();
    json!({ "access_token": value, "expires_in": left })
}

/// A time after another; the end of time where there is none.
pub(super) fn later(at: Timestamp, by: Duration) -> Timestamp {
    at.saturating_add(by).unwrap_or(Timestamp::MAX)
}
