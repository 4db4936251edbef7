//! The logs of all accounts in one SQLite file, for one machine.
//!
//! The file refuses by itself to be updated, deleted from or replaced in (`schema.sql`), and each
//! write is on the disk before it returns: `journal_mode=WAL` with `synchronous=FULL`.
//!
//! Each call runs on a thread where blocking is allowed, behind one lock per opened file: a write
//! takes a millisecond, but waiting for another runner's may take seconds, and those must not hold
//! up the uploads that share this program's few threads. SQLite writes one at a time anyway, so
//! more than one connection would win nothing.

use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use rusqlite::{Connection, OptionalExtension, Row, Transaction, TransactionBehavior, params};

use crate::terms::{AppId, Effect, Fingerprint};

use super::sqlite_file::{self, failed};
use super::store::{Slot, judge};
use super::{Create, Created, Fact, Record, RecordHash, Seq, Store, StoreError};

/// A history file: the logs of all accounts.
#[derive(Debug)]
pub struct SqliteHistory {
    file: Arc<OpenFile>,
}

/// One account's log in a history file. Clones share the file; its calls need a Tokio runtime.
#[derive(Debug, Clone)]
pub struct SqliteStore {
    file: Arc<OpenFile>,
    account: AppId,
}

#[derive(Debug)]
struct OpenFile {
    path: PathBuf,
    /// `None` for a history that is missing and was not to be made.
    connection: Option<Mutex<Connection>>,
}

impl SqliteHistory {
    /// Opens the history at `path`, and says what becomes of one that is not there.
    ///
    /// This blocks, for a few milliseconds.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotAHistory`], [`StoreError::Newer`], [`StoreError::NetworkFileSystem`], and
    /// [`StoreError::ReadOnly`] for a file that was to be written ([`Create::IfMissing`]).
    pub fn open(path: &Path, create: Create) -> Result<Self, StoreError> {
        let connection = sqlite_file::open(path, create)?.map(Mutex::new);
        Ok(Self { file: Arc::new(OpenFile { path: path.to_owned(), connection }) })
    }

    /// Takes one account's log, which may still be empty.
    pub fn account(&self, account: &AppId) -> SqliteStore {
        SqliteStore { file: Arc::clone(&self.file), account: account.clone() }
    }

    /// Lists the accounts that have records, in the order of their appids. This blocks.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unreachable`], and [`StoreError::Corrupt`] for an account that is no appid.
    pub fn accounts(&self) -> Result<Vec<AppId>, StoreError> {
        let names: Vec<String> = self.file.read(|connection| {
            let mut select = connection.prepare("SELECT DISTINCT account FROM log ORDER BY 1")?;
            select.query_map([], |row| row.get(0))?.collect()
        })?;
        let corrupt = |error| StoreError::Corrupt { place: self.file.place(), source: error };
        names.into_iter().map(|name| AppId::new(name).map_err(|e| corrupt(e.into()))).collect()
    }
}

impl SqliteStore {
    /// Whether a record could be written now: takes the writers' lock and lets it go again. Nothing
    /// is written. This blocks while another runner writes.
    ///
    /// # Errors
    ///
    /// [`StoreError::Missing`], [`StoreError::ReadOnly`] and [`StoreError::Unreachable`].
    pub fn check_writable(&self) -> Result<(), StoreError> {
        // In a file opened for reading, SQLite takes a reader's lock and says nothing.
        let look = |lock: &Transaction<'_>| match lock.is_readonly("main") {
            Ok(false) => Ok(Created::Taken),
            Ok(true) => Err(StoreError::ReadOnly { path: self.file.path.clone() }),
            Err(error) => Err(self.file.failed(error)),
        };
        let (Created::Written | Created::Taken) = self.file.write(look)?;
        Ok(())
    }
}

impl OpenFile {
    fn place(&self) -> String {
        self.path.display().to_string()
    }

    fn failed(&self, error: rusqlite::Error) -> StoreError {
        failed(&self.path, error)
    }

    /// Runs a query; a missing history answers like an empty one.
    fn read<T: Default>(
        &self,
        query: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, StoreError> {
        let Some(connection) = &self.connection else { return Ok(T::default()) };
        // A panic under the lock rolled its transaction back, so the connection is as good as new.
        let connection = connection.lock().unwrap_or_else(PoisonError::into_inner);
        query(&connection).map_err(|error| self.failed(error))
    }

    /// Runs a change in a transaction that no other writer can come between, and commits it if
    /// `change` says that something was written.
    fn write(
        &self,
        change: impl FnOnce(&Transaction<'_>) -> Result<Created, StoreError>,
    ) -> Result<Created, StoreError> {
        let Some(connection) = &self.connection else {
            return Err(StoreError::Missing { path: self.path.clone() });
        };
        let mut connection = connection.lock().unwrap_or_else(PoisonError::into_inner);
        let transaction = connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(|error| self.failed(error))?;
        let created = change(&transaction)?;
        if created == Created::Written {
            // A commit that fails may still be found in the write-ahead log after a power cut.
            let place = self.place();
            transaction
                .commit()
                .map_err(|error| StoreError::Ambiguous { place, source: error.into() })?;
        }
        Ok(created)
    }
}

/// A row of the log: the text of a record, and what the columns beside it say.
#[derive(Debug, PartialEq, Eq)]
struct LogRow {
    seq: i64,
    prev: String,
    hash: String,
    kind: String,
    effect: Option<String>,
    generation: u32,
    text: String,
}

impl LogRow {
    fn of(record: &Record) -> Self {
        Self {
            seq: seq_column(record.seq),
            prev: record.prev.to_string(),
            hash: record.hash.to_string(),
            kind: record.entry.fact.kind().to_owned(),
            effect: record.entry.effect.map(String::from),
            generation: record.entry.generation.get(),
            text: record.text.clone(),
        }
    }

    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            seq: row.get(0)?,
            prev: row.get(1)?,
            hash: row.get(2)?,
            kind: row.get(3)?,
            effect: row.get(4)?,
            generation: row.get(5)?,
            text: row.get(6)?,
        })
    }

    fn record(&self) -> Result<Record, StoreError> {
        let damaged = |why: String| StoreError::Damaged { seq: Seq(self.seq.unsigned_abs()), why };
        let record = Record::parse(&self.text).map_err(|error| damaged(error.to_string()))?;
        if Self::of(&record) == *self {
            Ok(record)
        } else {
            Err(damaged("its text and what is stored beside it disagree".to_owned()))
        }
    }
}

fn seq_column(seq: Seq) -> i64 {
    i64::try_from(seq.0).expect("no log has 2⁶³ records")
}

/// The last record's number and hash, as the columns say them.
fn head(transaction: &Transaction<'_>, account: &AppId) -> rusqlite::Result<(Seq, RecordHash)> {
    let mut select = transaction
        .prepare_cached("SELECT seq, hash FROM log WHERE account = ?1 ORDER BY seq DESC LIMIT 1")?;
    let read =
        |row: &Row<'_>| Ok((Seq(row.get::<_, i64>(0)?.unsigned_abs()), RecordHash(row.get(1)?)));
    let head = select.query_row([account.as_str()], read).optional()?;
    Ok(head.unwrap_or((Seq::NONE, RecordHash::none())))
}

fn is_accepted(
    transaction: &Transaction<'_>,
    account: &AppId,
    effect: &Effect,
) -> rusqlite::Result<bool> {
    let mut select = transaction.prepare_cached(
        "SELECT 1 FROM log WHERE account = ?1 AND effect = ?2 AND kind = 'accepted'",
    )?;
    select.exists([account.as_str(), &effect.to_string()])
}

fn insert(transaction: &Transaction<'_>, account: &AppId, row: &LogRow) -> rusqlite::Result<()> {
    let LogRow { seq, prev, hash, kind, effect, generation, text } = row;
    let mut insert = transaction.prepare_cached(
        "INSERT INTO log (account, seq, prev, hash, kind, effect, generation, text)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?;
    insert.execute(params![account.as_str(), seq, prev, hash, kind, effect, generation, text])?;
    Ok(())
}

fn stored_blob(connection: &Connection, name: &str) -> rusqlite::Result<Option<Vec<u8>>> {
    let mut select = connection.prepare_cached("SELECT bytes FROM blobs WHERE fingerprint = ?1")?;
    select.query_row([name], |row| row.get(0)).optional()
}

impl SqliteStore {
    /// Does `work` where blocking is allowed.
    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Self) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let this = self.clone();
        match tokio::task::spawn_blocking(move || work(&this)).await {
            Ok(result) => result,
            Err(stopped) => match stopped.try_into_panic() {
                Ok(panic) => resume_unwind(panic),
                // The program is ending; the work may have been done or not.
                Err(ended) => {
                    Err(StoreError::Ambiguous { place: self.file.place(), source: ended.into() })
                }
            },
        }
    }

    fn create_now(&self, records: &[Record]) -> Result<Created, StoreError> {
        let Self { file, account } = self;
        file.write(|transaction| {
            let (head, hash) = head(transaction, account).map_err(|e| file.failed(e))?;
            if judge(records, head, &hash)? == Slot::Taken {
                return Ok(Created::Taken);
            }
            for record in records {
                self.insert_once(transaction, record)?;
            }
            Ok(Created::Written)
        })
    }

    fn insert_once(&self, tx: &Transaction<'_>, record: &Record) -> Result<(), StoreError> {
        let Self { file, account } = self;
        if let (Fact::Accepted { .. }, Some(effect)) = (&record.entry.fact, record.entry.effect)
            && is_accepted(tx, account, &effect).map_err(|e| file.failed(e))?
        {
            return Err(StoreError::AlreadyAccepted { effect });
        }
        insert(tx, account, &LogRow::of(record)).map_err(|e| file.failed(e))
    }

    fn put_blob_now(&self, fingerprint: Fingerprint, bytes: &[u8]) -> Result<Created, StoreError> {
        let file = &self.file;
        let name = fingerprint.to_string();
        file.write(|tx| match stored_blob(tx, &name).map_err(|e| file.failed(e))? {
            Some(kept) if kept == bytes => Ok(Created::Taken),
            Some(_) => Err(StoreError::DamagedBlob { blob: fingerprint }),
            None => {
                let insert = "INSERT INTO blobs (fingerprint, bytes) VALUES (?1, ?2)";
                tx.execute(insert, params![name, bytes]).map_err(|e| file.failed(e))?;
                Ok(Created::Written)
            }
        })
    }
}

#[async_trait]
impl Store for SqliteStore {
    async fn read_after(&self, after: Seq) -> Result<Vec<Record>, StoreError> {
        self.blocking(move |store| {
            let rows: Vec<LogRow> = store.file.read(|connection| {
                let mut select = connection.prepare_cached(
                    "SELECT seq, prev, hash, kind, effect, generation, text
                     FROM log WHERE account = ?1 AND seq > ?2 ORDER BY seq",
                )?;
                let key = params![store.account.as_str(), seq_column(after)];
                select.query_map(key, LogRow::read)?.collect()
            })?;
            rows.iter().map(LogRow::record).collect()
        })
        .await
    }

    async fn create(&self, records: &[Record]) -> Result<Created, StoreError> {
        let records = records.to_vec();
        self.blocking(move |store| store.create_now(&records)).await
    }

    async fn put_blob(&self, bytes: &[u8]) -> Result<Fingerprint, StoreError> {
        let (fingerprint, bytes) = (Fingerprint::of(bytes), bytes.to_vec());
        match self.blocking(move |store| store.put_blob_now(fingerprint, &bytes)).await? {
            Created::Written | Created::Taken => Ok(fingerprint),
        }
    }

    async fn blob(&self, fingerprint: &Fingerprint) -> Result<Option<Vec<u8>>, StoreError> {
        let fingerprint = *fingerprint;
        self.blocking(move |store| {
            let name = fingerprint.to_string();
            let bytes = store.file.read(|connection| stored_blob(connection, &name))?;
            match bytes {
                Some(bytes) if Fingerprint::of(&bytes) != fingerprint => {
                    Err(StoreError::DamagedBlob { blob: fingerprint })
                }
                bytes => Ok(bytes),
            }
        })
        .await
    }
}
