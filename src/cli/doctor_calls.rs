//! What `doctor` looks at on the way to WeChat, from the secret to the account's rights.

use std::collections::{BTreeMap, BTreeSet};

use jiff::SignedDuration;

use super::account::{Keys, Line, Place};
use super::doctor::Findings;
use super::error::CliError;
use super::quota;
use super::settings::secret;
use crate::campaign::{Account, Api, Source};
use crate::history::SKEW_MAX;
use crate::report::{CallTold, CallUse};
use crate::terms::AccountKind;
use crate::wechat::{Call, Tag, WeChat, WeChatError};

/// Where the allow-list (IP白名单) is in WeChat's console.
const ALLOW_LIST: &str = "设置与开发 → 开发接口管理 → 基本配置 → IP白名单";
/// Where an account's rights are in WeChat's console.
const RIGHTS: &str = "only verified accounts (已认证) have it, and a verification ends after a \
                      year: look at 设置与开发 → 接口权限 in the console";
/// What an account must answer for these to be looked at.
const AFTER_TOKEN: [&str; 6] = ["tags", "followers", "sendall", "send", "targets", "calls"];

/// Each wanted tag, with the targets that name it.
type Wanted = BTreeMap<String, BTreeSet<String>>;

/// Looks at the way to an account's API, and at what the account may do.
pub(super) async fn examine(
    account: &Account,
    place: Place<'_>,
    wanted: Option<&Wanted>,
    found: &mut Findings,
) {
    let secret = secret_of(account, place, found);
    let line = match Line::of(account, place.folder) {
        Ok(line) => Some(line),
        Err(error) => {
            found.fail_by("api", &error);
            None
        }
    };
    let is_reachable = match &line {
        Some(line) => reachable(account, line, place, found).await,
        None => false,
    };
    let proxy = proxy_of(account, place, found);
    let wechat = match (line.as_ref().filter(|_| is_reachable), secret, proxy) {
        (None, ..) => Err("an API that can be reached"),
        (_, None, _) => Err("the AppSecret"),
        (_, _, Err(())) => Err("the proxy"),
        (Some(line), Some(secret), Ok(proxy)) => {
            let keys = Keys { secret: secret.into(), proxy: proxy.map(Into::into) };
            client(account, line, place, keys, found).await.ok_or("the proxy")
        }
    };
    let wechat = match wechat {
        Ok(wechat) => wechat,
        Err(needs) => {
            found.skip(&["address", "token", "clock"], needs);
            return found.skip(&AFTER_TOKEN, needs);
        }
    };
    let has_token = token(&wechat, found).await;
    clock(&wechat, account, found);
    if has_token {
        rights(&wechat, account, wanted, found).await;
    } else {
        found.skip(&AFTER_TOKEN, "a token");
    }
}

/// Where a secret comes from, never what it is: of a command only its program is named.
fn place_of(source: &Source) -> String {
    match source {
        Source::Env(name) => format!("from the variable {name}"),
        Source::File(file) => format!("from the file {file}"),
        Source::Command(words) => {
            format!("from the command {}", words.first().map_or("", String::as_str))
        }
    }
}

fn secret_of(account: &Account, place: Place<'_>, found: &mut Findings) -> Option<String> {
    let Some(source) = &account.secret else {
        found.pass_over("secret", "an emulated account takes any");
        return Some("sandbox".to_owned());
    };
    match secret(&source.value, "AppSecret", place.folder, place.trust) {
        Ok(secret) => {
            found.ok("secret", place_of(&source.value));
            Some(secret)
        }
        Err(error) => {
            found.fail_by("secret", &error);
            None
        }
    }
}

/// Whether the API's host may be called, and over https could be: a client is made that calls
/// nobody, with neither secret nor proxy, so that only these two can be at fault.
async fn reachable(account: &Account, line: &Line, place: Place<'_>, found: &mut Findings) -> bool {
    let keys = Keys { secret: "none is needed to call nobody".into(), proxy: None };
    let made = match line.client(place, keys).await {
        Ok(_) => Ok(()),
        Err(CliError::WeChat(error)) => Err(error),
        Err(error) => {
            found.fail_by("api", &error);
            found.skip(&["certificates"], "an API that may be called");
            return false;
        }
    };
    match &account.api {
        Api::Sandbox => found.ok("api", "emulated in this program; nobody receives anything"),
        Api::Url(url) => found.ok("api", url.value.clone()),
    }
    let is_https = matches!(&account.api, Api::Url(url) if url.value.starts_with("https:"));
    match &made {
        Ok(()) if is_https => found.ok("certificates", "the system's root certificates are used"),
        Ok(()) => found.pass_over("certificates", "plain http, to this machine only"),
        Err(error) => {
            let help = "install the system's root certificates (often a package called \
                        ca-certificates), or name a file of them in SSL_CERT_FILE";
            found.fail("certificates", error.to_string(), Some(help.to_owned()));
        }
    }
    made.is_ok()
}

/// The proxy, if the account has one; `Err` when it should have, and its address is not there.
fn proxy_of(
    account: &Account,
    place: Place<'_>,
    found: &mut Findings,
) -> Result<Option<String>, ()> {
    let Some(source) = &account.proxy else {
        let unused = place.surroundings.proxies.join(", ");
        if unused.is_empty() || account.api == Api::Sandbox {
            found.ok("proxy", "none: calls leave from this machine's own address");
        } else {
            let text = format!("none, and {unused} in the environment is not used");
            let help = "if calls must take it, write `proxy: { env: … }` into the account";
            found.warn("proxy", text, help);
        }
        return Ok(None);
    };
    // That it is there is told once a client could be made with it.
    secret(&source.value, "proxy", place.folder, place.trust).map(Some).map_err(|error| {
        found.fail_by("proxy", &error);
    })
}

/// The client that is used; only the proxy's address can still be at fault.
async fn client(
    account: &Account,
    line: &Line,
    place: Place<'_>,
    keys: Keys,
    found: &mut Findings,
) -> Option<WeChat> {
    match line.client(place, keys).await {
        Ok(wechat) => {
            if let Some(source) = &account.proxy {
                found.ok("proxy", place_of(&source.value));
            }
            Some(wechat)
        }
        Err(error) => {
            found.fail_by("proxy", &error);
            None
        }
    }
}

/// Asks for a token: WeChat judges the caller's address by the way.
async fn token(wechat: &WeChat, found: &mut Findings) -> bool {
    let Err(error) = wechat.token().await else {
        found.ok("address", "WeChat answers to it (IP白名单)");
        found.ok("token", "obtained");
        return true;
    };
    if error.errcode() == Some(40164) {
        let seen = error.refused_address().map(|ip| ip.to_string());
        let seen = seen.as_deref().unwrap_or("an address that it does not name");
        let text = format!("not on the allow-list: WeChat saw {seen} (40164)");
        found.fail("address", text, Some(format!("add it in the console: {ALLOW_LIST}")));
        found.skip(&["token"], "the address on the allow-list");
    } else {
        found.skip(&["address"], "a token, since WeChat judges both together");
        found.fail_by("token", &error.into());
    }
    false
}

fn clock(wechat: &WeChat, account: &Account, found: &mut Findings) {
    let Some(time) = wechat.server_time() else {
        return found.skip(&["clock"], "an answer of WeChat's");
    };
    let skew = time.date.duration_since(time.seen_at);
    let most = SignedDuration::try_from(SKEW_MAX).unwrap_or(SignedDuration::MAX);
    let text = match skew.as_secs() {
        -1..=1 => "as WeChat's".to_owned(),
        s if s < 0 => format!("{} s ahead of WeChat's", -s),
        s => format!("{s} s behind WeChat's"),
    };
    if skew.abs() <= most {
        found.ok("clock", format!("{text}; up to {} s are taken", most.as_secs()));
    } else if account.appid.is_sandbox() {
        found.ok("clock", format!("{text}; an emulated account's own time is followed"));
    } else {
        let text = format!("{text}, and only {} s are taken", most.as_secs());
        let help = "set this machine's clock, best by NTP: windows would open at the wrong time";
        found.fail("clock", text, Some(help.to_owned()));
    }
}

async fn rights(wechat: &WeChat, account: &Account, wanted: Option<&Wanted>, found: &mut Findings) {
    let tags = wechat.tags().await;
    match &tags {
        Ok(tags) => found.ok("tags", format!("{} in all", tags.len())),
        Err(error) => refused("tags", error, found),
    }
    match wechat.follower_total().await {
        Ok(total) => found.ok("followers", format!("{total} in all")),
        Err(error) => refused("followers", &error, found),
    }
    may_call(wechat, ("sendall", Call::SendAll), found).await;
    match account.kind {
        AccountKind::Service => may_call(wechat, ("send", Call::Send), found).await,
        AccountKind::Subscription => {
            found.pass_over("send", "a 订阅号 sends to no list of openids");
        }
    }
    match (wanted, &tags) {
        (None, _) => found.skip(&["targets"], "campaigns that can be read"),
        (_, Err(_)) => found.skip(&["targets"], "the account's tags"),
        (Some(wanted), Ok(tags)) => targets(wanted, tags, found),
    }
    match quota::calls(wechat).await {
        Ok(calls) => calls_left(&calls, found),
        Err(error) => refused("calls", &error, found),
    }
}

/// A call that was refused; 48001 is about the account.
fn refused(id: &'static str, error: &WeChatError, found: &mut Findings) {
    if error.errcode() == Some(48001) {
        found.fail(id, "the account has no right to this (48001)", Some(RIGHTS.to_owned()));
    } else {
        found.fail_by(id, &CliError::WeChat(error.clone()));
    }
}

/// Whether the account has a call that must not be made to find out.
async fn may_call(wechat: &WeChat, (id, call): (&'static str, Call), found: &mut Findings) {
    match quota::told(wechat, call).await {
        Ok(CallTold::Counted { left, limit, .. }) => {
            found.ok(id, format!("may be called, {left} of {limit} times today"));
        }
        Ok(CallTold::NoRight { code }) => {
            let text = format!("the account has no right to {call} ({code})");
            found.fail(id, text, Some(RIGHTS.to_owned()));
        }
        Ok(CallTold::UnknownPath) => {
            found.warn(id, format!("WeChat does not know {call} (76021)"), "look at the base URL");
        }
        Err(error) => refused(id, &error, found),
    }
}

/// A send by a tag's name is blocked when none has it, or several.
fn targets(wanted: &Wanted, tags: &[Tag], found: &mut Findings) {
    let listed =
        |targets: &BTreeSet<String>| targets.iter().cloned().collect::<Vec<_>>().join(", ");
    let mut wrong = Vec::new();
    for (name, targets) in wanted {
        let by = listed(targets);
        match tags.iter().filter(|tag| tag.name == *name).count() {
            1 => {}
            0 => wrong.push(format!("no tag is named “{name}”, which {by} wants")),
            n => wrong.push(format!("{n} tags are named “{name}”, which {by} wants")),
        }
    }
    match (wanted.len(), wrong.is_empty()) {
        (0, _) => found.ok("targets", "no send goes to a tag"),
        (n, true) => found.ok("targets", format!("{n} named by sends, and each is there once")),
        (_, false) => {
            let help = "`qunfa tags` shows both sides; rename the tag in the console, or mend the \
                        target";
            found.fail("targets", wrong.join("; "), Some(help.to_owned()));
        }
    }
}

fn calls_left(calls: &[CallUse], found: &mut Findings) {
    let low: Vec<String> = calls.iter().filter_map(low).collect();
    if low.is_empty() {
        found.ok("calls", "a tenth of the day or more is left of each");
    } else {
        let help = "counts begin anew at midnight in Beijing; `qunfa quota` shows all of them";
        found.warn("calls", low.join("; "), help);
    }
}

fn low(call: &CallUse) -> Option<String> {
    match call.told {
        CallTold::Counted { left, limit, .. } if call.told.is_low() => {
            Some(format!("{} ({}) has {left} of {limit} left today", call.path, call.title))
        }
        CallTold::Counted { .. } | CallTold::NoRight { .. } | CallTold::UnknownPath => None,
    }
}
