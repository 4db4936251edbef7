//! The SQLite file itself: what it refuses, what it notices, and how it comes to be.

use std::fs;
use std::path::{Path, PathBuf};

use qunfa::history::{Create, Created, Record, Seq, SqliteHistory, Store, StoreError, verify};
use qunfa::terms::AppId;
use rusqlite::Connection;
use tempfile::TempDir;

use crate::stores::{accepted, appid, chain, effect, opened, uploaded};

/// A file with three records and a blob.
struct Written {
    folder: TempDir,
    log: Vec<Record>,
}

impl Written {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let send = Some(effect("spring/sends/launch"));
        let log = chain(None, [(None, opened()), (send, accepted()), (None, uploaded("春"))]);
        let written = Self { folder, log };
        let store = written.open().account(&appid());
        assert_eq!(store.create(&written.log).await.unwrap(), Created::Written);
        store.put_blob("名单".as_bytes()).await.unwrap();
        written
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("history.db")
    }

    fn open(&self) -> SqliteHistory {
        SqliteHistory::open(&self.path(), Create::IfMissing).unwrap()
    }

    /// The file as another program sees it.
    fn raw(&self) -> Connection {
        Connection::open(self.path()).unwrap()
    }

    async fn read(&self) -> Result<Vec<Record>, StoreError> {
        self.open().account(&appid()).read_after(Seq::NONE).await
    }
}

/// Tries a statement from another program, and says how the file refuses it.
async fn refusal(sql: &str) -> String {
    let written = Written::new().await;
    let refused = written.raw().execute(sql, []).unwrap_err().to_string();
    assert_eq!(written.read().await.unwrap(), written.log, "{sql}");
    refused
}

const COLUMNS: &str = "(account, seq, prev, hash, kind, effect, generation, text)";

#[tokio::test]
async fn nothing_is_updated_or_deleted() {
    for (sql, refused) in [
        ("UPDATE log SET text = '改'", "a history is never updated"),
        ("UPDATE OR REPLACE log SET seq = 1", "a history is never updated"),
        ("DELETE FROM log", "nothing is deleted from a history"),
        ("DELETE FROM log WHERE seq = 3", "nothing is deleted from a history"),
        ("UPDATE blobs SET bytes = x''", "a blob is never updated"),
        ("DELETE FROM blobs", "no blob is deleted from a history"),
        ("REPLACE INTO blobs SELECT fingerprint, x'00' FROM blobs", "a blob is kept once"),
    ] {
        assert_eq!(refusal(sql).await, refused, "{sql}");
    }
}

/// Each row would push another one out: by its number, by its hash, by its effect.
#[tokio::test]
async fn nothing_is_replaced() {
    let same_number = "account, seq, prev, hash, kind, effect, generation, '改'";
    let same_hash = "account, seq + 1, hash, hash, kind, effect, generation, text";
    let same_effect = "account, 4, (SELECT hash FROM log WHERE seq = 3),
        'ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
        kind, effect, generation, text";
    for verb in ["INSERT", "INSERT OR REPLACE", "INSERT OR IGNORE", "INSERT OR FAIL"] {
        for (row, from) in [(same_number, 3), (same_hash, 3), (same_effect, 2)] {
            let sql = format!("{verb} INTO log {COLUMNS} SELECT {row} FROM log WHERE seq = {from}");
            assert_eq!(refusal(&sql).await, "a history only grows at its end", "{sql}");
        }
    }
    let upsert = format!(
        "INSERT INTO log {COLUMNS} SELECT {same_number} FROM log WHERE seq = 3
         ON CONFLICT DO UPDATE SET text = excluded.text"
    );
    assert_eq!(refusal(&upsert).await, "a history only grows at its end");
}

/// Takes the guards away, changes something, and says how reading or verifying notices it.
async fn tampering(sql: &str) -> String {
    let written = Written::new().await;
    let guards = "DROP TRIGGER log_is_never_updated; DROP TRIGGER log_is_never_deleted;
        DROP TRIGGER log_grows_at_its_end;";
    written.raw().execute_batch(&format!("{guards}{sql}")).unwrap();
    match written.read().await {
        Ok(log) => verify(&log).unwrap_err().to_string(),
        Err(error) => error.to_string(),
    }
}

#[tokio::test]
async fn tampering_on_the_disk_is_noticed() {
    let disagree = |seq| {
        format!(
            "record {seq} of the history is damaged: its text and what is stored beside it disagree"
        )
    };
    for (sql, noticed) in [
        ("UPDATE log SET text = replace(text, 'by-hand', 'by-foot') WHERE seq = 2", disagree(2)),
        ("UPDATE log SET text = text || ' ' WHERE seq = 2", disagree(2)),
        ("UPDATE log SET kind = 'rejected' WHERE seq = 2", disagree(2)),
        ("UPDATE log SET effect = NULL WHERE seq = 2", disagree(2)),
        ("UPDATE log SET generation = 1 WHERE seq = 3", disagree(3)),
        ("UPDATE log SET seq = 7 WHERE seq = 3", disagree(7)),
        (
            "DELETE FROM log WHERE seq = 2",
            "record 2 should come next, and there is record 3".into(),
        ),
    ] {
        assert_eq!(tampering(sql).await, noticed, "{sql}");
    }
    let garbled = tampering("UPDATE log SET text = '改' WHERE seq = 2").await;
    assert!(garbled.starts_with("record 2 of the history is damaged: not a record"), "{garbled}");
}

/// What a power cut would leave: the files as they are while the history is still open.
#[tokio::test]
async fn what_was_written_survives_a_crash() {
    let written = Written::new().await;
    let history = written.open();
    let store = history.account(&appid());
    let next = chain(written.log.last(), [(None, uploaded("夏"))]);
    assert_eq!(store.create(&next).await.unwrap(), Created::Written);
    let after = tempfile::tempdir().unwrap();
    for name in ["history.db", "history.db-wal"] {
        fs::copy(written.folder.path().join(name), after.path().join(name)).unwrap();
    }
    let found = SqliteHistory::open(&after.path().join("history.db"), Create::Never).unwrap();
    let log = found.account(&appid()).read_after(Seq::NONE).await.unwrap();
    assert_eq!(log, [written.log, next].concat());
}

#[tokio::test]
async fn a_changed_blob_is_noticed() {
    let written = Written::new().await;
    let raw = written.raw();
    raw.execute_batch("DROP TRIGGER blobs_are_never_updated; UPDATE blobs SET bytes = x'00'")
        .unwrap();
    let store = written.open().account(&appid());
    let name = qunfa::terms::Fingerprint::of("名单".as_bytes());
    let damaged = format!("blob {} of the history is damaged", name.short());
    assert_eq!(store.blob(&name).await.unwrap_err().to_string(), damaged);
    assert_eq!(store.put_blob("名单".as_bytes()).await.unwrap_err().to_string(), damaged);
}

#[tokio::test]
async fn a_missing_history_reads_as_empty_and_is_not_made() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("history.db");
    let history = SqliteHistory::open(&path, Create::Never).unwrap();
    let store = history.account(&appid());
    assert_eq!(history.accounts().unwrap(), []);
    assert_eq!(store.read_after(Seq::NONE).await.unwrap(), []);
    let name = qunfa::terms::Fingerprint::of(b"");
    assert_eq!(store.blob(&name).await.unwrap(), None);
    let refused = store.create(&chain(None, [(None, opened())])).await.unwrap_err();
    assert_eq!(refused.to_string(), format!("there is no history at {}", path.display()));
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 0);
}

#[tokio::test]
async fn the_accounts_of_a_file_are_listed() {
    let written = Written::new().await;
    let history = written.open();
    let other = AppId::new("sandbox-demo").unwrap();
    let log = chain(None, [(None, opened())]);
    assert_eq!(history.account(&other).create(&log).await.unwrap(), Created::Written);
    assert_eq!(history.accounts().unwrap(), [other, appid()]);
}

#[cfg(unix)]
#[test]
fn a_new_file_is_its_owners_alone_and_leaves_nothing_beside_it() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a/.qunfa/history.db");
    drop(SqliteHistory::open(&path, Create::IfMissing).unwrap());
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
    let raw = Connection::open(&path).unwrap();
    let mode = raw.pragma_query_value(None, "journal_mode", |row| row.get::<_, String>(0));
    assert_eq!(mode.unwrap(), "wal");
}

#[test]
fn two_runners_that_make_one_file_at_once_share_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("history.db");
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| SqliteHistory::open(&path, Create::IfMissing).unwrap());
        }
    });
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);
}

/// Opens what lies at a path, both ways, and says how it is refused.
fn refused_opening(path: &Path) -> String {
    let ways = [Create::IfMissing, Create::Never];
    let errors = ways.map(|way| SqliteHistory::open(path, way).unwrap_err().to_string());
    assert_eq!(errors[0], errors[1]);
    errors[0].replace(&path.display().to_string(), "history.db")
}

#[tokio::test]
async fn only_a_history_of_a_known_format_is_opened() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("history.db");
    // An emptied file, a text, and another program's database.
    fs::write(&path, "").unwrap();
    assert_eq!(refused_opening(&path), "history.db is not a history of qunfa");
    fs::write(&path, "群发".repeat(1000)).unwrap();
    assert_eq!(refused_opening(&path), "history.db is not a history of qunfa");
    fs::remove_file(&path).unwrap();
    Connection::open(&path).unwrap().execute_batch("CREATE TABLE log (seq INTEGER)").unwrap();
    assert_eq!(refused_opening(&path), "history.db is not a history of qunfa");

    let written = Written::new().await;
    written.raw().pragma_update(None, "user_version", 2).unwrap();
    assert_eq!(
        refused_opening(&written.path()),
        "the history history.db has format 2, and this program knows formats up to 1"
    );
}

#[tokio::test]
async fn a_read_only_history_is_read_and_not_written() {
    let written = Written::new().await;
    let mut permissions = fs::metadata(written.path()).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(written.path(), permissions).unwrap();
    let read_only = format!("the history {} is read-only", written.path().display());

    let refused = SqliteHistory::open(&written.path(), Create::IfMissing).unwrap_err();
    assert_eq!(refused.to_string(), read_only);
    let history = SqliteHistory::open(&written.path(), Create::Never).unwrap();
    let store = history.account(&appid());
    assert_eq!(store.read_after(Seq::NONE).await.unwrap(), written.log);
    let next = chain(written.log.last(), [(None, uploaded("夏"))]);
    assert_eq!(store.create(&next).await.unwrap_err().to_string(), read_only);
}
