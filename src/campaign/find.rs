//! Finding campaigns and their `qunfa.yaml` on the disk.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs::FileType;
use std::io;
use std::path::{Component, Path, PathBuf};

/// The file that makes a folder a campaign.
pub(super) const CAMPAIGN_FILE: &str = "campaign.yaml";
/// The file that holds the accounts.
pub(super) const PROJECT_FILE: &str = "qunfa.yaml";
const DEPTH_MAX: usize = 32;

/// Why a campaign's files could not be read at all.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The file system said no.
    #[error("cannot read `{}`", path.display())]
    Unreadable {
        /// What was read.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// A path names something that is neither a campaign nor a folder with one.
    #[error("`{}` holds no campaign.yaml", path.display())]
    NoCampaign {
        /// The path, as it was given.
        path: PathBuf,
    },
    /// No `qunfa.yaml` in this folder or above it.
    #[error("there is no qunfa.yaml in `{}` or above it", path.display())]
    NoProject {
        /// Where the search began.
        path: PathBuf,
    },
    /// A `qunfa.yaml` below another one: accounts would depend on where one stands.
    #[error("`{}` stands below another qunfa.yaml, in `{}`", inner.display(), outer.display())]
    NestedProject {
        /// The lower one.
        inner: PathBuf,
        /// The folder of the upper one.
        outer: PathBuf,
    },
    /// One of the two YAML files is too large.
    #[error("`{}` has more than {bytes_max} bytes", path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// The limit.
        bytes_max: usize,
    },
    /// One of the two YAML files is not UTF-8.
    #[error("`{}` is not UTF-8", path.display())]
    NotUtf8 {
        /// The file.
        path: PathBuf,
    },
    /// A folder with too many files to be one campaign's.
    #[error("`{}` and the shared folders hold more than {files_max} files", path.display())]
    TooMany {
        /// The folder.
        path: PathBuf,
        /// The limit.
        files_max: usize,
    },
    /// Folders inside one another beyond reason.
    #[error("`{}` lies more than {levels_max} folders deep", path.display())]
    TooDeep {
        /// The folder.
        path: PathBuf,
        /// The limit.
        levels_max: usize,
    },
}

/// Finds campaigns: each path is a campaign's folder, its `campaign.yaml`, or a folder to search.
///
/// Answers their folders, sorted, without repetition. Files and folders that begin with `.` are
/// skipped, and no links to folders are followed.
///
/// # Errors
///
/// [`ReadError`] when a path holds no campaign, when a folder cannot be read, and when a
/// `qunfa.yaml` stands below another one that was met on the way.
pub fn find_campaigns(paths: &[PathBuf]) -> Result<Vec<PathBuf>, ReadError> {
    let mut found = BTreeSet::new();
    for path in paths {
        let before = found.len();
        let mut here = Vec::new();
        if path.is_dir() {
            search(path, None, 0, &mut here)?;
        } else {
            here.push(campaign_folder(path)?);
        }
        if here.is_empty() && before == found.len() {
            return Err(ReadError::NoCampaign { path: path.clone() });
        }
        found.extend(here);
    }
    let mut seen = BTreeSet::new();
    let mut campaigns = Vec::new();
    for folder in found {
        if seen.insert(real(&folder)?) {
            campaigns.push(folder);
        }
    }
    Ok(campaigns)
}

fn search(
    folder: &Path,
    project: Option<&Path>,
    depth: usize,
    found: &mut Vec<PathBuf>,
) -> Result<(), ReadError> {
    if depth > DEPTH_MAX {
        return Err(ReadError::TooDeep { path: folder.to_owned(), levels_max: DEPTH_MAX });
    }
    let files = listed(folder)?;
    let has = |name: &str| files.iter().any(|file| file.name == name && !file.kind.is_dir());
    let here = has(PROJECT_FILE).then_some(folder);
    if let (Some(outer), Some(inner)) = (project, here) {
        let (inner, outer) = (inner.join(PROJECT_FILE), outer.to_owned());
        return Err(ReadError::NestedProject { inner, outer });
    }
    if has(CAMPAIGN_FILE) {
        found.push(folder.to_owned());
    }
    for file in files.iter().filter(|file| file.kind.is_dir()) {
        search(&folder.join(&file.name), here.or(project), depth + 1, found)?;
    }
    Ok(())
}

/// Finds the nearest `qunfa.yaml` in `start` (a folder) or above it.
///
/// Answers its path, as a person who is where the program was started would write it.
///
/// # Errors
///
/// [`ReadError::NoProject`], and [`ReadError::NestedProject`] when there is another one further up.
pub fn find_project(start: &Path) -> Result<PathBuf, ReadError> {
    let real_start = real(start)?;
    let mut found: Option<(usize, &Path)> = None;
    for (levels, folder) in real_start.ancestors().enumerate() {
        if !folder.join(PROJECT_FILE).is_file() {
            continue;
        }
        if let Some((inner, _)) = found {
            let inner = up(start, inner).join(PROJECT_FILE);
            return Err(ReadError::NestedProject { inner, outer: folder.to_owned() });
        }
        found = Some((levels, folder));
    }
    match found {
        Some((levels, _)) => Ok(up(start, levels).join(PROJECT_FILE)),
        None => Err(ReadError::NoProject { path: start.to_owned() }),
    }
}

/// Goes up from a folder in its written form: `a/b` up one is `a`, up two `.`, up three `..`.
fn up(folder: &Path, levels: usize) -> PathBuf {
    let plain: PathBuf = folder.components().filter(|part| *part != Component::CurDir).collect();
    let mut path = plain;
    for _ in 0..levels {
        match path.components().next_back() {
            Some(Component::Normal(_)) => {
                path.pop();
            }
            _ => path.push(".."),
        }
    }
    path
}

/// The folder of a file, `.` for a bare name.
pub(super) fn parent(file: &Path) -> PathBuf {
    match file.parent() {
        Some(folder) if folder.as_os_str().is_empty() => PathBuf::from("."),
        Some(folder) => folder.to_owned(),
        None => PathBuf::from("."),
    }
}

/// Takes a campaign's folder, or its file, as its folder.
pub(super) fn campaign_folder(path: &Path) -> Result<PathBuf, ReadError> {
    if path.is_dir() && path.join(CAMPAIGN_FILE).is_file() {
        return Ok(path.to_owned());
    }
    if path.is_file() && path.file_name().is_some_and(|name| name == CAMPAIGN_FILE) {
        return Ok(parent(path));
    }
    if !path.exists() {
        let source = io::Error::from(io::ErrorKind::NotFound);
        return Err(ReadError::Unreadable { path: path.to_owned(), source });
    }
    Err(ReadError::NoCampaign { path: path.to_owned() })
}

/// The real path of a folder, without links.
pub(super) fn real(path: &Path) -> Result<PathBuf, ReadError> {
    let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
    std::fs::canonicalize(path)
        .map_err(|source| ReadError::Unreadable { path: path.to_owned(), source })
}

/// One thing in a folder.
pub(super) struct Listed {
    pub(super) name: OsString,
    /// Of the thing itself: a link is a link.
    pub(super) kind: FileType,
}

/// Lists a folder, sorted, without what begins with `.`.
pub(super) fn listed(folder: &Path) -> Result<Vec<Listed>, ReadError> {
    let unreadable = |source| ReadError::Unreadable { path: folder.to_owned(), source };
    let mut files = Vec::new();
    for file in std::fs::read_dir(folder).map_err(unreadable)? {
        let file = file.map_err(unreadable)?;
        let (name, kind) = (file.file_name(), file.file_type().map_err(unreadable)?);
        if !name.as_encoded_bytes().starts_with(b".") {
            files.push(Listed { name, kind });
        }
    }
    files.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(files)
}
