//! Where accounts are kept: in memory, or in a SQLite file that several processes share.
//!
//! A call is one transaction: read, answer, write, and durable before the answer goes out. So
//! killing either side proves something.

use std::{
    collections::BTreeMap,
    io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use rusqlite::{Connection, OptionalExtension as _, Transaction, TransactionBehavior};

use crate::terms::{Clock as _, Fingerprint, Timestamp};

use super::{
    account::{Account, State},
    clock::SandboxClock,
    rules::Rules,
};

/// How long one process waits for another's transaction.
const BUSY: Duration = Duration::from_secs(10);
const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS account (appid TEXT PRIMARY KEY, state TEXT NOT NULL) STRICT;
    CREATE TABLE IF NOT EXISTS time (id INTEGER PRIMARY KEY CHECK (id = 1),
                                     offset_ms INTEGER NOT NULL) STRICT;
    CREATE TABLE IF NOT EXISTS file (hash TEXT PRIMARY KEY, bytes BLOB NOT NULL) STRICT;
    INSERT OR IGNORE INTO time VALUES (1, 0);
";

/// Where a sandbox keeps its accounts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Keep {
    /// Gone with the sandbox.
    Memory,
    /// In this SQLite file, which is made where it is missing.
    File(PathBuf),
}

/// The accounts, one transaction at a time.
pub(super) enum Store {
    Memory(Mutex<Memory>),
    File(Mutex<Connection>),
}

/// Accounts by appid, and the files that were uploaded to them.
#[derive(Default)]
pub(super) struct Memory {
    accounts: BTreeMap<String, State>,
    files: BTreeMap<Fingerprint, Vec<u8>>,
}

impl Store {
    /// Opens what a sandbox is to keep its accounts in.
    pub(super) fn open(keep: &Keep) -> io::Result<Self> {
        match keep {
            Keep::Memory => Ok(Self::Memory(Mutex::default())),
            Keep::File(path) => {
                let connection = connect(path).map_err(io::Error::other)?;
                Ok(Self::File(Mutex::new(connection)))
            }
        }
    }

    /// Whether the time is kept here too.
    pub(super) fn keeps_time(&self) -> bool {
        matches!(self, Self::File(_))
    }

    /// How far the kept time is moved, in milliseconds.
    pub(super) fn time_moved(&self) -> io::Result<u64> {
        match self {
            Self::Memory(_) => Ok(0),
            Self::File(connection) => offset_ms(&lock(connection)),
        }
    }

    /// Moves the kept time forward, and returns how far it is moved in all.
    pub(super) fn move_time(&self, by_ms: u64) -> io::Result<u64> {
        let Self::File(connection) = self else { return Ok(0) };
        let by_ms = i64::try_from(by_ms).map_err(io::Error::other)?;
        let moved: i64 = lock(connection)
            .query_row(
                "UPDATE time SET offset_ms = offset_ms + ?1 WHERE id = 1 RETURNING offset_ms",
                [by_ms],
                |row| row.get(0),
            )
            .map_err(io::Error::other)?;
        u64::try_from(moved).map_err(io::Error::other)
    }

    /// Reads an uploaded file; `None` for one that came before files were kept.
    pub(super) fn file(&self, fingerprint: &Fingerprint) -> io::Result<Option<Vec<u8>>> {
        match self {
            Self::Memory(memory) => Ok(lock(memory).files.get(fingerprint).cloned()),
            Self::File(connection) => file(&lock(connection), fingerprint),
        }
    }

    /// Works on an account in one transaction; it is made when it is not there yet.
    pub(super) fn with<T>(
        &self,
        rules: &Arc<Rules>,
        clock: &SandboxClock,
        work: impl FnOnce(&mut Account, Timestamp) -> T,
    ) -> io::Result<T> {
        match self {
            Self::Memory(memory) => {
                let mut memory = lock(memory);
                let mut account = restored(rules, memory.accounts.remove(rules.appid.as_str()));
                let result = work(&mut account, clock.now());
                memory.accounts.insert(rules.appid.as_str().to_owned(), account.state);
                memory.files.extend(account.files);
                Ok(result)
            }
            Self::File(connection) => {
                let mut connection = lock(connection);
                connection
                    .transaction_with_behavior(TransactionBehavior::Immediate)
                    .map_err(io::Error::other)
                    .and_then(|transaction| in_transaction(transaction, rules, clock, work))
            }
        }
    }
}

/// Reads an uploaded file; `None` for one that came before files were kept.
fn file(connection: &Connection, fingerprint: &Fingerprint) -> io::Result<Option<Vec<u8>>> {
    let hash = fingerprint.to_string();
    connection
        .query_row("SELECT bytes FROM file WHERE hash = ?1", [hash], |row| row.get(0))
        .optional()
        .map_err(io::Error::other)
}

fn in_transaction<T>(
    transaction: Transaction<'_>,
    rules: &Arc<Rules>,
    clock: &SandboxClock,
    work: impl FnOnce(&mut Account, Timestamp) -> T,
) -> io::Result<T> {
    let appid = rules.appid.as_str();
    clock.observe(offset_ms(&transaction)?);
    let before: Option<String> = transaction
        .query_row("SELECT state FROM account WHERE appid = ?1", [appid], |row| row.get(0))
        .optional()
        .map_err(io::Error::other)?;
    let state = before.as_deref().map(serde_json::from_str).transpose()?;
    let mut account = restored(rules, state);
    let result = work(&mut account, clock.now());
    let after = serde_json::to_string(&account.state)?;
    if before.as_ref() != Some(&after) {
        transaction
            .execute("INSERT OR REPLACE INTO account VALUES (?1, ?2)", [appid, &after])
            .map_err(io::Error::other)?;
    }
    for (fingerprint, bytes) in &account.files {
        transaction
            .execute("INSERT OR IGNORE INTO file VALUES (?1, ?2)", (fingerprint.to_string(), bytes))
            .map_err(io::Error::other)?;
    }
    transaction.commit().map_err(io::Error::other)?;
    Ok(result)
}

fn offset_ms(connection: &Connection) -> io::Result<u64> {
    let offset_ms: i64 = connection
        .query_row("SELECT offset_ms FROM time WHERE id = 1", [], |row| row.get(0))
        .map_err(io::Error::other)?;
    u64::try_from(offset_ms).map_err(io::Error::other)
}

fn restored(rules: &Arc<Rules>, state: Option<State>) -> Account {
    match state {
        Some(state) => Account { rules: Arc::clone(rules), state, files: Vec::new() },
        None => Account::new(Arc::clone(rules)),
    }
}

fn connect(path: &Path) -> rusqlite::Result<Connection> {
    let connection = Connection::open(path)?;
    connection.busy_timeout(BUSY)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.execute_batch(SCHEMA)?;
    Ok(connection)
}

/// A panic in another call has not left a half-done state behind: a transaction is all or nothing.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
