//! One account, opened: its history, its clock, and where wanted its API.

use std::path::Path;
use std::sync::Arc;

use secrecy::SecretString;
use url::Url;

use crate::campaign::{Account, Api, HistoryPlace};
use crate::history::{
    Binding, Create, Journal, Ledger, Run, SKEW_MAX, Seq, SqliteHistory, SqliteStore, Store,
};
use crate::plan::PlannedAccount;
use crate::terms::{Clock, HistoryId, hex};
use crate::wechat::{Settings, Timeouts, WeChat};

use super::args::Trust;
use super::clock::SystemClock;
use super::emulated::Emulated;
use super::error::CliError;
use super::settings::{self, Surroundings, chance, secret};
use super::ui::Ui;

/// WeChat's own hosts (WeChat's page 接口域名): all others need the surroundings' word.
const WECHAT_HOSTS: [&str; 5] = [
    "api.weixin.qq.com",
    "api2.weixin.qq.com",
    "sh.api.weixin.qq.com",
    "sz.api.weixin.qq.com",
    "hk.api.weixin.qq.com",
];

/// An account that a command works on.
pub(super) struct OpenAccount {
    /// As the files describe it.
    pub(super) account: Account,
    /// Its log.
    pub(super) store: SqliteStore,
    /// Its time.
    pub(super) clock: Arc<dyn Clock>,
    line: Line,
    history: HistoryPlace,
}

/// The way to an account's API, which needs no history.
pub(super) struct Line {
    account: Account,
    clock: Arc<dyn Clock>,
    behind: Behind,
}

/// What answers for an account.
enum Behind {
    /// The emulator, in this process.
    Emulated(Emulated),
    /// A server at this address, whose time this clock follows: so all runners have one time.
    Server(String, Arc<SystemClock>),
}

/// Where the files and the surroundings are.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    /// The folder of `qunfa.yaml`.
    pub(super) folder: &'a Path,
    /// What it says of the history.
    pub(super) history: &'a HistoryPlace,
    /// The environment.
    pub(super) surroundings: &'a Surroundings,
    /// What the person who started this allows.
    pub(super) trust: Trust,
}

impl OpenAccount {
    /// Opens an account's history, and learns what time it is there. Nobody is called.
    ///
    /// # Errors
    ///
    /// When the history or the sandbox's state cannot be used.
    pub(super) fn open(
        account: &Account,
        place: Place<'_>,
        create: Create,
    ) -> Result<Self, CliError> {
        if !account.appid.is_sandbox() && create == Create::IfMissing {
            refuse_lost_history(place.surroundings)?;
        }
        let path = place.folder.join(&place.history.sqlite);
        // A real account's history is begun by `history new`, never by the way.
        let create = if account.appid.is_sandbox() { create } else { Create::Never };
        let store = SqliteHistory::open(&path, create)?.account(&account.appid);
        let line = Line::of(account, place.folder)?;
        let (account, clock) = (account.clone(), Arc::clone(&line.clock));
        Ok(Self { account, store, clock, line, history: place.history.clone() })
    }

    /// How views name it; its followers are not counted.
    pub(super) fn shown(&self) -> PlannedAccount {
        shown(&self.account)
    }

    /// Connects to the account's API; for one elsewhere this reads its secret.
    ///
    /// # Errors
    ///
    /// As [`Line::client`], and what the first call meets.
    pub(super) async fn connect(&self, place: Place<'_>) -> Result<WeChat, CliError> {
        let read = |source, what: &str| secret(source, what, place.folder, place.trust);
        let secret = match &self.account.secret {
            Some(source) => read(&source.value, "AppSecret")?,
            None => "sandbox".to_owned(),
        };
        let proxy = self.account.proxy.as_ref().map(|source| read(&source.value, "proxy"));
        let keys = Keys { secret: secret.into(), proxy: proxy.transpose()?.map(Into::into) };
        let wechat = self.line.client(place, keys).await?;
        if let Behind::Server(_, clock) = &self.line.behind {
            wechat.token().await?;
            self.follow(&wechat, clock)?;
        }
        Ok(wechat)
    }

    /// R10, for a command that records a person's word and need not call WeChat: asks a real account
    /// for its time all the same, so that a wrong clock cannot spoil the history.
    ///
    /// # Errors
    ///
    /// [`CliError::Clock`]. Whatever else stands in the way is told, and this machine's time is used.
    pub(super) async fn agree_on_time(&self, place: Place<'_>, ui: &Ui) -> Result<(), CliError> {
        if self.account.appid.is_sandbox() {
            return Ok(());
        }
        match self.connect(place).await {
            Ok(_) => Ok(()),
            Err(error @ CliError::Clock { .. }) => Err(error),
            Err(error) => {
                ui.news(&format!(
                    "this machine's time is used, since WeChat was not asked: {error}"
                ));
                Ok(())
            }
        }
    }

    /// R10: from here on this run's time is WeChat's. A real machine whose clock is far off is
    /// stopped: its windows would open and close at the wrong time.
    fn follow(&self, wechat: &WeChat, clock: &SystemClock) -> Result<(), CliError> {
        let Some(time) = wechat.server_time() else { return Ok(()) };
        let skew = time.date.duration_since(time.seen_at);
        let most = jiff::SignedDuration::try_from(SKEW_MAX).unwrap_or(jiff::SignedDuration::MAX);
        if !self.account.appid.is_sandbox() && skew.abs() > most {
            return Err(CliError::Clock { skew_s: skew.as_secs() });
        }
        clock.follow(time.date, time.seen_at);
        Ok(())
    }

    /// Folds the account's log, and refuses one that is not the one that `qunfa.yaml` names.
    ///
    /// # Errors
    ///
    /// [`CliError::History`], and what reading meets.
    pub(super) async fn ledger(&self) -> Result<Ledger, CliError> {
        let records = self.store.read_after(Seq::NONE).await?;
        let ledger = Ledger::of(&records).map_err(crate::history::JournalError::from)?;
        self.check_identity(&ledger)?;
        Ok(ledger)
    }

    /// Opens the journal: the one door for writing.
    ///
    /// # Errors
    ///
    /// As [`Self::ledger`].
    pub(super) async fn journal(&self, run: Run) -> Result<Journal<'_>, CliError> {
        let history = match &self.history.id {
            Some(id) => id.value.clone(),
            None => new_history_id()?,
        };
        let binding = Binding { history, appid: self.account.appid.clone() };
        let journal = Journal::open(&self.store, &*self.clock, run, binding).await?;
        self.check_identity(journal.ledger())?;
        Ok(journal)
    }

    /// On a real account an absent, an empty or another history is refused: it would not know what
    /// was sent (ARCHITECTURE.md, promises).
    ///
    /// # Errors
    ///
    /// [`CliError::History`].
    pub(super) fn check_identity(&self, ledger: &Ledger) -> Result<(), CliError> {
        let appid = &self.account.appid;
        let found = ledger.opened();
        if let Some((_, bound)) = found.filter(|(_, bound)| bound != appid) {
            let text = format!("the history belongs to {bound}, and not to {appid}");
            return Err(CliError::History(text));
        }
        if appid.is_sandbox() {
            return Ok(());
        }
        let name = &self.account.name.value;
        let text = match (found, &self.history.id) {
            (None, _) => format!(
                "there is no history of {name} ({appid}) here; if nothing was ever sent with qunfa, \
                 begin one: qunfa history new {name}"
            ),
            (Some(_), None) => format!(
                "qunfa.yaml does not say which history is {name}'s; write its id there: \
                 qunfa history new {name} printed it, and qunfa history show does"
            ),
            (Some((id, _)), Some(wanted)) if *id != wanted.value => {
                format!("the history here is {id}, and qunfa.yaml wants {}", wanted.value)
            }
            (Some(_), Some(_)) => return Ok(()),
        };
        Err(CliError::History(text))
    }
}

/// What opens an account's API.
pub(super) struct Keys {
    /// Its AppSecret.
    pub(super) secret: SecretString,
    /// The way out, if it has one of its own.
    pub(super) proxy: Option<SecretString>,
}

impl Line {
    /// Finds the way. Nobody is called.
    ///
    /// # Errors
    ///
    /// When the sandbox's state cannot be used.
    pub(super) fn of(account: &Account, folder: &Path) -> Result<Self, CliError> {
        let system = Arc::new(SystemClock::default());
        let (behind, clock): (_, Arc<dyn Clock>) = match &account.api {
            Api::Sandbox => {
                let emulated = Emulated::of(account, folder, system)?;
                let clock = Arc::new(emulated.clock());
                (Behind::Emulated(emulated), clock)
            }
            Api::Url(url) => (Behind::Server(url.value.clone(), Arc::clone(&system)), system),
        };
        Ok(Self { account: account.clone(), clock, behind })
    }

    /// Makes a client, and starts the emulator where that is what answers. Nothing is called yet.
    ///
    /// # Errors
    ///
    /// [`CliError::NotAllowed`] for a host that the repository alone may not choose, and
    /// [`CliError::WeChat`] for settings that cannot work.
    pub(super) async fn client(&self, place: Place<'_>, keys: Keys) -> Result<WeChat, CliError> {
        let base_url = match &self.behind {
            Behind::Emulated(emulated) => emulated.base_url().await?,
            Behind::Server(url, _) => allowed(url, place.surroundings)?,
        };
        let settings = Settings {
            appid: self.account.appid.clone(),
            secret: keys.secret,
            base_url,
            proxy: keys.proxy,
            timeouts: Timeouts::default(),
        };
        Ok(WeChat::new(settings, Arc::clone(&self.clock))?)
    }
}

/// A history id that no other has.
///
/// # Errors
///
/// [`CliError::Chance`].
pub(super) fn new_history_id() -> Result<HistoryId, CliError> {
    let bytes: [u8; 16] = chance()?;
    Ok(HistoryId::new(hex(&bytes)).expect("16 bytes are 32 hex digits"))
}

/// A CI job's machine forgets: a history on it would not know tomorrow what went out today.
///
/// # Errors
///
/// [`CliError::History`] where that may happen.
pub(super) fn refuse_lost_history(surroundings: &Surroundings) -> Result<(), CliError> {
    if surroundings.is_ci && !surroundings.history_persists {
        let text = "this looks like a CI job, whose machine may forget the history; keep the file \
                    somewhere that lasts and say so with QUNFA_HISTORY_PERSISTS=1";
        return Err(CliError::History(text.to_owned()));
    }
    Ok(())
}

/// An address that may be called. A pull request must not be able to send the AppSecret elsewhere.
fn allowed(url: &str, surroundings: &Surroundings) -> Result<Url, CliError> {
    let url: Url = url
        .parse()
        .map_err(|error| CliError::NotAllowed(format!("`{url}` is no address: {error}")))?;
    let host = url.host_str().unwrap_or_default();
    let is_loopback = matches!(host, "localhost" | "127.0.0.1" | "[::1]");
    let is_allowed = surroundings.allowed_hosts.iter().any(|allowed| allowed == host);
    if WECHAT_HOSTS.contains(&host) || is_loopback || is_allowed {
        return Ok(url);
    }
    let text =
        format!("{host} is not a host of WeChat's; if it is yours, set QUNFA_ALLOW_HOSTS={host}");
    Err(CliError::NotAllowed(text))
}

/// How views name an account; its followers are not counted.
pub(super) fn shown(account: &Account) -> PlannedAccount {
    PlannedAccount {
        name: account.name.value.clone(),
        appid: account.appid.clone(),
        kind: account.kind,
        followers: None,
    }
}

/// The account with this name, or all of them.
///
/// # Errors
///
/// [`CliError::Usage`], which says which accounts there are.
pub(super) fn pick<'a>(
    accounts: &'a [Account],
    name: Option<&str>,
) -> Result<Vec<&'a Account>, CliError> {
    let picked: Vec<&Account> = accounts
        .iter()
        .filter(|account| name.is_none_or(|name| account.name.value.as_str() == name))
        .collect();
    if picked.is_empty() {
        let names: Vec<String> = accounts.iter().map(|a| a.name.value.to_string()).collect();
        let text = match name {
            Some(name) => {
                let names = names.join(", ");
                format!("there is no such account as `{name}`; qunfa.yaml has: {names}")
            }
            None => "qunfa.yaml names no account".to_owned(),
        };
        return Err(CliError::Usage(text));
    }
    Ok(picked)
}

/// Whose history a sandbox's `now` is used for when no account is open.
pub(super) fn now_of(opened: &[OpenAccount]) -> crate::terms::Timestamp {
    opened.first().map_or_else(settings::now, |account| account.clock.now())
}
