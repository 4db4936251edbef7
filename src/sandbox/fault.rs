//! Faults to order: what the network and WeChat's gateways do on a bad day.

use std::{collections::BTreeMap, time::Duration};

use super::endpoint::Endpoint;

/// One fault, ordered for one call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The call's name without `/cgi-bin/`, such as `message/mass/sendall`.
    pub endpoint: &'static str,
    /// Which call from now on, 1 for the next; `None` means the next too.
    pub nth: Option<u32>,
    /// What goes wrong.
    pub how: How,
}

impl Fault {
    /// Breaks the next call of an endpoint.
    pub fn next(endpoint: &'static str, how: How) -> Self {
        Self { endpoint, nth: None, how }
    }

    /// Breaks the nth call of an endpoint from now, counted from 1.
    pub fn nth(endpoint: &'static str, nth: u32, how: How) -> Self {
        Self { endpoint, nth: Some(nth), how }
    }
}

/// What goes wrong with a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum How {
    /// The connection closes before anything was done.
    CutBefore,
    /// The call takes effect, and the connection closes without an answer.
    LostAnswer,
    /// A gateway answers with this HTTP status; nothing was done.
    Status(u16),
    /// The call takes effect, and a gateway answers with this HTTP status.
    LateStatus(u16),
    /// An answer with this errcode (-1 for "system busy"); nothing was done.
    ErrCode(i64),
    /// The call takes effect, and the answer is this errcode.
    LateErrCode(i64),
    /// The call takes effect, and half of its JSON arrives.
    Truncated,
    /// An HTML page with status 200, as some proxies give; nothing was done.
    HtmlOk,
    /// The call takes effect and is never answered: the connection closes when the client gives
    /// up. The sandbox's clock goes forward by the duration, so that nobody waits in real time.
    Stall(Duration),
    /// 40164: the caller's address is not on the allow-list (IP白名单).
    WrongAddress,
    /// 42001: the token has expired.
    ExpiredToken,
}

/// A call that the sandbox saw, in order of arrival.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallSeen {
    /// The call's name without `/cgi-bin/`.
    pub endpoint: String,
    /// Which call of this endpoint it was, counted from 1.
    pub nth: u32,
    /// What was answered, 0 for success; `None` when no whole JSON answer went out.
    pub errcode: Option<i64>,
}

/// The faults that are still to come, and how often each call was made.
#[derive(Debug, Default)]
pub(super) struct Faults {
    made: BTreeMap<String, u32>,
    ordered: Vec<(&'static str, u32, How)>,
}

impl Faults {
    /// Takes an order.
    ///
    /// # Panics
    ///
    /// When no call has that name: such a fault would never happen, and its test prove nothing.
    pub(super) fn order(&mut self, fault: Fault) {
        let Fault { endpoint, nth, how } = fault;
        assert!(Endpoint::named(endpoint).is_some(), "no call is named `{endpoint}`");
        let made = self.made.get(endpoint).copied().unwrap_or(0);
        self.ordered.push((endpoint, made + nth.unwrap_or(1).max(1), how));
    }

    /// Counts a call and says whether it is to break.
    pub(super) fn meet(&mut self, endpoint: &str) -> (u32, Option<How>) {
        let made = self.made.entry(endpoint.to_owned()).or_insert(0);
        *made += 1;
        let due = self.ordered.iter().position(|(name, nth, _)| *name == endpoint && nth == made);
        (*made, due.map(|at| self.ordered.remove(at).2))
    }
}
