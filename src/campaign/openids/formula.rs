//! What a target says of its people, resolved to files: enough to read them, now or again.

use std::path::{Path, PathBuf};

use crate::terms::{Lots, Slice};

/// A file with openids: where it is and how it is to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListFile {
    /// Where its bytes are, as a person knows it.
    pub path: PathBuf,
    /// How it is written.
    pub shape: ListShape,
    /// Whether it is packed with gzip.
    pub is_packed: bool,
    /// How many bytes it had when it was found.
    pub bytes: u64,
}

/// How a list is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListShape {
    /// One openid a line; empty lines and lines that begin with `#` are skipped.
    Lines,
    /// CSV (RFC 4180) whose first line names the columns.
    Table,
}

impl ListFile {
    /// Takes a file by its ending: `.txt`, `.csv`, `.txt.gz` or `.csv.gz`.
    pub fn of(path: &Path, bytes: u64) -> Option<Self> {
        let name = path.file_name()?.to_str()?.to_ascii_lowercase();
        let (bare, is_packed) = match name.strip_suffix(".gz") {
            Some(bare) => (bare, true),
            None => (name.as_str(), false),
        };
        let shape = match bare.rsplit_once('.')?.1 {
            "txt" => ListShape::Lines,
            "csv" => ListShape::Table,
            _ => return None,
        };
        Some(Self { path: path.to_owned(), shape, is_packed, bytes })
    }

    /// The path as it is shown.
    pub fn name(&self) -> String {
        self.path.to_string_lossy().into_owned()
    }
}

/// Whom a list comes to: everyone in a file, without whom other lists come to, and of those a slice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Formula {
    /// The file.
    pub file: ListFile,
    /// For a table, the column with the openids, where one is written.
    pub column: Option<String>,
    /// Whose people are taken away, by the names of their targets.
    pub except: Vec<(String, Formula)>,
    /// The share of the rest that is meant, where it is not all of it.
    pub slice: Option<(Slice, Lots)>,
}

impl Formula {
    /// The names of the targets whose people are taken away.
    pub fn without(&self) -> impl Iterator<Item = &str> {
        self.except.iter().map(|(name, _)| name.as_str())
    }

    /// The share of the rest that is meant, where it is not all of it: `0%..10%`.
    pub fn share(&self) -> Option<String> {
        self.slice.as_ref().map(|(slice, _)| slice.to_string())
    }

    /// Everyone in a file.
    pub fn of(file: ListFile, column: Option<&str>) -> Self {
        Self { file, column: column.map(str::to_owned), except: Vec::new(), slice: None }
    }
}
