//! Makes, opens and brings up to date the file of a SQLite history.
//!
//! A new file is made under another name, filled, synced, and only then given its own name, so that
//! nobody ever meets half a history; of two runners that make one at once, the second uses the
//! first one's. A file that is there is never taken for a new history, even when it is empty: an
//! emptied history would let every recorded send go out again.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags, TransactionBehavior};

use super::StoreError;

/// Whether a history that is not there is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Create {
    /// Makes the file, and the folders that it lies in.
    IfMissing,
    /// Makes nothing: a missing history reads as an empty one, and refuses to be written.
    Never,
}

/// Marks a SQLite file as ours: `qunf`.
const APPLICATION_ID: u32 = u32::from_be_bytes(*b"qunf");

/// What makes each format from the one before; a new format adds one, and none is ever changed.
const MIGRATIONS: [&str; 1] = [include_str!("schema.sql")];

/// How long a writer waits for others; one write takes about a millisecond.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

/// Opens the history at `path`; `None` if it is missing and stays so.
pub(super) fn open(path: &Path, create: Create) -> Result<Option<Connection>, StoreError> {
    let fail = |error| io_failed(path, error);
    match (path.try_exists().map_err(fail)?, create) {
        (true, _) => refuse_network(path)?,
        (false, Create::Never) => return Ok(None),
        (false, Create::IfMissing) => make(path)?,
    }
    // Asked of the file itself too, since to an administrator no file looks read-only.
    let locked = fs::metadata(path).map_err(fail)?.permissions().readonly();
    let access =
        if locked { OpenFlags::SQLITE_OPEN_READ_ONLY } else { OpenFlags::SQLITE_OPEN_READ_WRITE };
    let fail = |error| failed(path, error);
    let mut connection = connect(path, access).map_err(fail)?;
    identify(path, &connection)?;
    match (connection.is_readonly("main").map_err(fail)?, create) {
        (true, Create::IfMissing) => return Err(StoreError::ReadOnly { path: path.to_owned() }),
        (true, Create::Never) => {}
        (false, _) => migrate(&mut connection).map_err(fail)?,
    }
    Ok(Some(connection))
}

/// Says what a failure of SQLite means for its caller.
pub(super) fn failed(path: &Path, error: rusqlite::Error) -> StoreError {
    let place = path.display().to_string();
    match error.sqlite_error_code() {
        Some(ErrorCode::ReadOnly) => StoreError::ReadOnly { path: path.to_owned() },
        Some(ErrorCode::NotADatabase) => StoreError::NotAHistory { path: path.to_owned() },
        Some(ErrorCode::DatabaseCorrupt) => StoreError::Corrupt { place, source: error.into() },
        _ => StoreError::Unreachable { place, source: error.into() },
    }
}

fn io_failed(path: &Path, error: io::Error) -> StoreError {
    StoreError::Unreachable { place: path.display().to_string(), source: error.into() }
}

fn connect(path: &Path, access: OpenFlags) -> rusqlite::Result<Connection> {
    let connection = Connection::open_with_flags(path, access | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    // NORMAL may lose the last commits at a power cut; fullfsync is for macOS, whose plain fsync
    // leaves bytes in the drive.
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "fullfsync", true)?;
    connection.pragma_update(None, "checkpoint_fullfsync", true)?;
    connection.pragma_update(None, "recursive_triggers", true)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    Ok(connection)
}

/// Lets only a history pass, and only in a format that is known here.
fn identify(path: &Path, connection: &Connection) -> Result<(), StoreError> {
    let fail = |error| failed(path, error);
    if pragma(connection, "application_id").map_err(fail)? != APPLICATION_ID {
        return Err(StoreError::NotAHistory { path: path.to_owned() });
    }
    let version = pragma(connection, "user_version").map_err(fail)?;
    if version > newest() {
        return Err(StoreError::Newer { path: path.to_owned(), version, known: newest() });
    }
    Ok(())
}

fn pragma(connection: &Connection, name: &str) -> rusqlite::Result<u32> {
    connection.pragma_query_value(None, name, |row| row.get(0))
}

fn newest() -> u32 {
    u32::try_from(MIGRATIONS.len()).expect("there are few formats")
}

/// Brings a file to the newest format, in one transaction.
fn migrate(connection: &mut Connection) -> rusqlite::Result<()> {
    if pragma(connection, "user_version")? == newest() {
        return Ok(());
    }
    let change = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Another runner may have done it while this one waited for the lock.
    for migration in MIGRATIONS.iter().skip(pragma(&change, "user_version")? as usize) {
        change.execute_batch(migration)?;
    }
    change.pragma_update(None, "application_id", APPLICATION_ID)?;
    change.pragma_update(None, "user_version", newest())?;
    change.commit()
}

/// Makes a history that is whole and durable as soon as it has its name.
fn make(path: &Path) -> Result<(), StoreError> {
    let fail = |error| io_failed(path, error);
    let folder = folder_of(path);
    make_folders(folder).map_err(fail)?;
    refuse_network(path)?;
    // Only its owner may read it (0600): that is what `tempfile` gives, and SQLite gives the same
    // to the files that it puts beside it.
    let draft = tempfile::Builder::new().prefix(".history-").tempfile_in(folder).map_err(fail)?;
    let fill = || {
        let mut connection = Connection::open(draft.path())?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        migrate(&mut connection)?;
        connection.close().map_err(|(_, error)| error)
    };
    fill().map_err(|error| failed(path, error))?;
    draft.as_file().sync_all().map_err(fail)?;
    match draft.persist_noclobber(path) {
        Ok(_) => {}
        Err(taken) if taken.error.kind() == io::ErrorKind::AlreadyExists => {}
        Err(other) => return Err(fail(other.error)),
    }
    sync_folder(folder).map_err(fail)
}

fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    }
}

/// Makes the folders down to `folder`, each one durable in the one above it.
fn make_folders(folder: &Path) -> io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    let above = folder_of(folder);
    make_folders(above)?;
    match fs::create_dir(folder) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => sync_folder(above),
    }
}

fn sync_folder(folder: &Path) -> io::Result<()> {
    // A folder cannot be opened as a file on Windows, which keeps names durable by itself.
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

/// File systems whose locks and shared memory do not hold between machines, as Linux names them.
///
/// 9p and virtiofs are missing on purpose: they are how a virtual machine sees its host's disk.
const NETWORK_KINDS: [&str; 19] = [
    "afs",
    "beegfs",
    "ceph",
    "cifs",
    "coda",
    "fuse.ceph",
    "fuse.gcsfuse",
    "fuse.glusterfs",
    "fuse.rclone",
    "fuse.s3fs",
    "fuse.sshfs",
    "glusterfs",
    "gpfs",
    "lustre",
    "ncpfs",
    "nfs",
    "nfs4",
    "smb3",
    "smbfs",
];

fn refuse_network(path: &Path) -> Result<(), StoreError> {
    // Elsewhere than on Linux there is no such table, and the file is trusted to be local.
    let Ok(mounts) = fs::read_to_string("/proc/self/mountinfo") else { return Ok(()) };
    let place = fs::canonicalize(path).or_else(|_| fs::canonicalize(folder_of(path)));
    match place.ok().and_then(|place| file_system(&mounts, &place)) {
        Some(kind) if NETWORK_KINDS.contains(&kind.as_str()) => {
            Err(StoreError::NetworkFileSystem { path: path.to_owned(), kind })
        }
        _ => Ok(()),
    }
}

/// Finds the kind of file system under a path without links, from the text of
/// [mountinfo](https://docs.kernel.org/filesystems/proc.html#proc-pid-mountinfo-information-about-mounts).
fn file_system(mounts: &str, place: &Path) -> Option<String> {
    let mount = |line: &str| {
        let (before, after) = line.split_once(" - ")?;
        let point = PathBuf::from(unescape(before.split(' ').nth(4)?));
        let kind = after.split(' ').next()?.to_owned();
        place.starts_with(&point).then(|| (point.components().count(), kind))
    };
    // Of equally long ones the last lies on top; `max_by_key` takes the last.
    let deepest = mounts.lines().filter_map(mount).max_by_key(|(depth, _)| *depth);
    deepest.map(|(_, kind)| kind)
}

/// Undoes the kernel's `\040` for a space, and its like.
fn unescape(text: &str) -> String {
    [("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")]
        .iter()
        .fold(text.to_owned(), |text, (escape, plain)| text.replace(escape, plain))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOUNTS: &str = "\
27 1 254:0 / / rw,relatime - ext4 /dev/vda rw
31 27 0:40 / /srv rw,relatime shared:7 master:1 - nfs4 nas:/export rw,vers=4.2
32 31 0:41 / /srv/local\\040disk rw - xfs /dev/vdb rw
33 27 0:42 / /home rw - ext4 /dev/vdc rw
34 27 0:43 / /home rw - fuse.sshfs someone@host: rw
";

    fn check(place: &str, kind: &str) {
        assert_eq!(file_system(MOUNTS, Path::new(place)).as_deref(), Some(kind), "{place}");
    }

    #[test]
    fn the_deepest_and_topmost_mount_counts() {
        check("/var/lib/群发/history.db", "ext4");
        check("/srv/群发/history.db", "nfs4");
        check("/srv2/history.db", "ext4");
        check("/srv/local disk/history.db", "xfs");
        check("/home/history.db", "fuse.sshfs");
        assert_eq!(file_system("", Path::new("/")), None);
    }

    #[test]
    fn this_machines_table_is_understood() {
        if let Ok(mounts) = fs::read_to_string("/proc/self/mountinfo") {
            assert!(file_system(&mounts, Path::new("/")).is_some());
        }
    }
}
