//! The files of a campaign, as they were read.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic, SourceFile};
use crate::terms::{Fingerprint, OpenId};

/// The files of a campaign.
#[derive(Debug)]
pub struct Bundle {
    entries: BTreeMap<String, Entry>,
}

/// One file.
#[derive(Debug)]
pub enum Entry {
    /// A text, whole.
    Text(Arc<SourceFile>),
    /// Something else, as facts.
    Media(MediaFacts),
    /// A file that is not read, and why.
    Refused(String),
}

/// What is known of a picture.
#[derive(Debug)]
pub struct MediaFacts {
    /// Where to read it.
    pub path: PathBuf,
    /// Its size.
    pub bytes: u64,
    /// Of its bytes.
    pub fingerprint: Fingerprint,
    /// By its bytes.
    pub kind: MediaKind,
    /// Width and height.
    pub pixels: Option<(u32, u32)>,
}

/// What a file is, by its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MediaKind {
    /// JPEG.
    Jpeg,
    /// PNG.
    Png,
    /// GIF.
    Gif,
    /// WebP.
    Webp,
    /// BMP.
    Bmp,
    /// Something else.
    Other(&'static str),
}

impl Bundle {
    /// Makes a bundle of files.
    pub fn from_files(files: &[(&str, &[u8])]) -> Self {
        let home = files
            .iter()
            .find_map(|(path, _)| path.strip_suffix("campaign.yaml"))
            .unwrap_or("")
            .to_owned();
        let entries = files.iter().map(|(path, bytes)| {
            let key = path.strip_prefix(&home).map_or_else(|| format!("/{path}"), str::to_owned);
            (key, entry(path, bytes))
        });
        Self { entries: entries.collect() }
    }

    /// A file by its key.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries.get(key)
    }

    /// All keys.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.entries.keys().map(String::as_str)
    }
}

fn entry(path: &str, bytes: &[u8]) -> Entry {
    let kind = match infer::get(bytes).map(|kind| kind.extension()) {
        Some("jpg") => MediaKind::Jpeg,
        Some("png") => MediaKind::Png,
        Some("gif") => MediaKind::Gif,
        Some("webp") => MediaKind::Webp,
        Some("bmp") => MediaKind::Bmp,
        Some(other) if other != "html" => MediaKind::Other(other),
        Some(_) | None => match std::str::from_utf8(bytes) {
            Ok(text) => return Entry::Text(SourceFile::new(path, text)),
            Err(_) => MediaKind::Other("unknown"),
        },
    };
    let pixels = imagesize::blob_size(bytes).ok();
    let pixels =
        pixels.and_then(|size| Some((size.width.try_into().ok()?, size.height.try_into().ok()?)));
    Entry::Media(MediaFacts {
        path: PathBuf::from(path),
        bytes: bytes.len() as u64,
        fingerprint: Fingerprint::of(bytes),
        kind,
        pixels,
    })
}

static BAD: Code = Code { id: "Q0599", title: "bad openid", explanation: "" };

/// Reads a list of openids.
pub fn read_openids(file: &SourceFile, _column: Option<&str>) -> (Vec<OpenId>, Vec<Diagnostic>) {
    let (mut ids, mut problems) = (Vec::new(), Vec::new());
    let mut seen = std::collections::BTreeSet::new();
    for line in file.text.lines().filter(|line| !line.is_empty()) {
        match OpenId::new(line) {
            Ok(id) => {
                if seen.insert(id.clone()) {
                    ids.push(id);
                }
            }
            Err(bad) => problems.push(Diagnostic::error(&BAD, bad.to_string())),
        }
    }
    (ids, problems)
}
