//! What the JSON forms of all views share: the version, the writing, the accounts, and what stops
//! something.
//!
//! The plan's types do not derive `Serialize`: what is written keeps its meaning within a
//! `format_version`, however the types move.

use std::io::{self, Write};

use schemars::JsonSchema;
use serde::Serialize;

use crate::plan::{Blocked, Plan, PlannedAccount, Waiting};
use crate::terms::AccountKind;

use super::{blockers, escape, nouns, words};

/// The version of every JSON form. Fields are added within a version; none changes or goes.
pub(super) const FORMAT_VERSION: u32 = 1;

/// Writes a value as an indented JSON document with a newline at its end.
pub(super) fn document(value: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    let text = serde_json::to_string_pretty(value).map_err(io::Error::other)?;
    writeln!(out, "{}", escape::json(&text))
}

/// Writes a value as one line of JSON.
pub(super) fn line(value: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    let text = serde_json::to_string(value).map_err(io::Error::other)?;
    writeln!(out, "{}", escape::json(&text))
}

/// An official account.
#[derive(Serialize, JsonSchema)]
pub(super) struct AccountJson {
    /// Its label in the files.
    name: String,
    /// Its identity, by which everything else here names it.
    appid: String,
    /// Whether it is an emulated one, which reaches nobody.
    sandbox: bool,
    /// 服务号 (`service`) or 订阅号 (`subscription`).
    #[schemars(extend("enum" = ["service", "subscription"]))]
    kind: &'static str,
    /// How many followers it has, if they were counted.
    followers: Option<u64>,
    /// The place in its history that the plan was made from.
    history: AnchorJson,
}

/// An account that was asked. Not the plan's form of it, which has a place in a history.
#[derive(Serialize, JsonSchema)]
pub(super) struct AskedJson {
    /// Its label in the files.
    name: String,
    /// Its identity, by which everything else here names it.
    appid: String,
    /// Whether it is an emulated one, which reaches nobody.
    sandbox: bool,
    /// 服务号 (`service`) or 订阅号 (`subscription`).
    #[schemars(extend("enum" = ["service", "subscription"]))]
    kind: &'static str,
}

/// A place in a history.
#[derive(Serialize, JsonSchema)]
pub(super) struct AnchorJson {
    /// The history; none yet where nothing was ever done.
    id: Option<String>,
    /// The newest record's number, 0 for none.
    seq: u64,
    /// The newest record's hash, zeros for none.
    hash: String,
}

/// An account that was asked.
pub(super) fn asked(account: &PlannedAccount) -> AskedJson {
    AskedJson {
        name: account.name.to_string(),
        appid: account.appid.to_string(),
        sandbox: account.appid.is_sandbox(),
        kind: kind(account.kind),
    }
}

fn kind(kind: AccountKind) -> &'static str {
    match kind {
        AccountKind::Service => "service",
        AccountKind::Subscription => "subscription",
    }
}

/// The account of a plan.
pub(super) fn account(plan: &Plan) -> AccountJson {
    let account = &plan.account;
    AccountJson {
        name: account.name.to_string(),
        appid: account.appid.to_string(),
        sandbox: account.appid.is_sandbox(),
        kind: kind(account.kind),
        followers: account.followers,
        history: anchor(plan),
    }
}

/// The place in the history that a plan was made from.
pub(super) fn anchor(plan: &Plan) -> AnchorJson {
    let anchor = &plan.anchor;
    AnchorJson {
        id: anchor.history.as_ref().map(ToString::to_string),
        seq: anchor.seq.0,
        hash: anchor.hash.0.clone(),
    }
}

/// Something that time or somebody's word brings on.
#[derive(Serialize, JsonSchema)]
pub(super) struct WaitingJson {
    /// The account's appid.
    account: String,
    /// What waits.
    address: String,
    /// Until when (RFC 3339), where it is known.
    until: Option<String>,
    /// For what.
    why: WhyJson,
    /// What brings it on.
    help: String,
}

/// Something that a person must deal with.
#[derive(Serialize, JsonSchema)]
pub(super) struct BlockedJson {
    /// The account's appid.
    account: String,
    /// What.
    address: String,
    /// Why.
    why: WhyJson,
    /// What a person can do.
    help: String,
}

/// Why something waits or is blocked.
#[derive(Serialize, JsonSchema)]
struct WhyJson {
    /// A stable word. More words may come within a version.
    code: &'static str,
    /// In a sentence.
    text: String,
}

/// Something that waits, of an account.
pub(super) fn waiting(account: String, waiting: &Waiting) -> WaitingJson {
    WaitingJson {
        account,
        address: waiting.address.clone(),
        until: waiting.until.map(nouns::rfc3339),
        why: WhyJson { code: waiting.why.word(), text: words::why(waiting) },
        help: words::why_help(waiting),
    }
}

/// Something that is blocked, of an account.
pub(super) fn blocked(account: String, blocked: &Blocked) -> BlockedJson {
    BlockedJson {
        account,
        address: blocked.address.clone(),
        why: WhyJson { code: blocked.why.word(), text: blockers::why(&blocked.why) },
        help: blockers::help(blocked),
    }
}
