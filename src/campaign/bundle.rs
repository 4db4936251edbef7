//! A campaign's files: the only place in this room that touches a disk.
//!
//! Everything a campaign may name is read here once, under limits, and nothing else: no link that
//! leaves the folder is followed, whatever the campaign says.

use std::collections::BTreeMap;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use crate::diagnostic::{Diagnostic, SourceFile};
use crate::terms::Fingerprint;

use super::duration;
use super::find::{self, CAMPAIGN_FILE, PROJECT_FILE, ReadError};
use super::openids::{Digest, Formula, LIST_BYTES_MAX, ListFile, ListRead, Unread, read_list};
use super::paths;
use super::project::parse_project;
use super::yaml::YAML_BYTES_MAX;

const TEXT_BYTES_MAX: usize = 4 * 1024 * 1024;
/// WeChat's largest medium has 10 MB; this leaves room to say so.
const MEDIA_BYTES_MAX: usize = 64 * 1024 * 1024;
const DEPTH_MAX: usize = 16;
const FILES_MAX: usize = 10_000;

/// `qunfa.yaml`, one `campaign.yaml`, and every file of its folder and of the shared folders.
#[derive(Debug)]
pub struct Bundle {
    project: Arc<SourceFile>,
    campaign: Arc<SourceFile>,
    project_folder: PathBuf,
    /// The campaign's folder, from the folder of `qunfa.yaml`, with `/` between.
    pub(super) campaign_folder: String,
    /// Folders that keys beginning with `/` may lie in.
    pub(super) shared: Vec<String>,
    entries: BTreeMap<String, Entry>,
    /// The bytes of lists that are in memory, for tests.
    memory: BTreeMap<PathBuf, Arc<[u8]>>,
    /// What was read of lists, so that each is read once.
    lists: Mutex<Vec<(Formula, Digest, Arc<ReadOnce>)>>,
}

/// What came of reading a list.
pub type ReadOnce = Result<(ListRead, Vec<Diagnostic>), Unread>;

/// One file of a bundle.
#[derive(Debug)]
pub enum Entry {
    /// A text (Markdown, HTML, CSS, YAML), whole.
    Text(Arc<SourceFile>),
    /// A list of openids, which is read as a stream ([`Bundle::list`]).
    List(ListFile),
    /// Anything else.
    Media(MediaFacts),
    /// Not read, and why: a fragment such as "is not UTF-8".
    Refused(String),
}

/// What is known of a file that is not text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MediaFacts {
    /// Where its bytes are.
    pub path: PathBuf,
    /// How many.
    pub bytes: u64,
    /// Their hash.
    pub fingerprint: Fingerprint,
    /// What they are, whatever the file's ending says.
    pub kind: MediaKind,
    /// Width and height, for a picture whose header says them.
    pub pixels: Option<(u32, u32)>,
    /// How long it plays, in milliseconds, for a recording that says so.
    pub duration_ms: Option<u64>,
}

/// What the bytes of a file are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MediaKind {
    /// `image/jpeg`.
    Jpeg,
    /// `image/png`.
    Png,
    /// `image/gif`.
    Gif,
    /// `image/webp`, which WeChat does not take.
    Webp,
    /// `image/bmp`.
    Bmp,
    /// `audio/mpeg`.
    Mp3,
    /// `audio/amr`.
    Amr,
    /// `audio/wav`.
    Wav,
    /// `audio/x-ms-wma`: ASF without a picture.
    Wma,
    /// `video/mp4`.
    Mp4,
    /// Another media type, or `unknown`.
    Other(&'static str),
}

impl std::fmt::Display for MediaKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(match self {
            Self::Jpeg => "JPEG",
            Self::Png => "PNG",
            Self::Gif => "GIF",
            Self::Webp => "WebP",
            Self::Bmp => "BMP",
            Self::Mp3 => "MP3",
            Self::Amr => "AMR",
            Self::Wav => "WAV",
            Self::Wma => "WMA",
            Self::Mp4 => "MP4",
            Self::Other(name) => name,
        })
    }
}

impl MediaKind {
    fn of(bytes: &[u8]) -> Self {
        // infer is asked first: imagesize alone takes an mp4 for a picture.
        match infer::get(bytes).map(|kind| kind.mime_type()) {
            Some("image/jpeg") => Self::Jpeg,
            Some("image/png") => Self::Png,
            Some("image/gif") => Self::Gif,
            Some("image/webp") => Self::Webp,
            Some("image/bmp") => Self::Bmp,
            Some("audio/mpeg") => Self::Mp3,
            Some("audio/amr") => Self::Amr,
            Some("audio/x-wav") => Self::Wav,
            Some("video/mp4") => Self::Mp4,
            // The container of both WMV and WMA.
            Some("video/x-ms-wmv") if duration::asf(bytes).is_some_and(|asf| !asf.has_video) => {
                Self::Wma
            }
            Some(other) => Self::Other(other),
            None => Self::Other("unknown"),
        }
    }

    fn is_picture(self) -> bool {
        matches!(self, Self::Jpeg | Self::Png | Self::Gif | Self::Webp | Self::Bmp)
    }
}

impl MediaFacts {
    fn of(path: PathBuf, bytes: &[u8]) -> Self {
        let kind = MediaKind::of(bytes);
        let pixels = kind.is_picture().then(|| imagesize::blob_size(bytes).ok()).flatten();
        let pixels = pixels.and_then(|size| {
            Some((u32::try_from(size.width).ok()?, u32::try_from(size.height).ok()?))
        });
        let (fingerprint, duration_ms) = (Fingerprint::of(bytes), duration::of(kind, bytes));
        Self { path, bytes: bytes.len() as u64, fingerprint, kind, pixels, duration_ms }
    }
}

impl Bundle {
    /// Reads a campaign's folder, given as the folder or its `campaign.yaml`, and what it shares.
    ///
    /// # Errors
    ///
    /// [`ReadError`] when there is no campaign or no `qunfa.yaml` above it, when two `qunfa.yaml`
    /// stand above one another, and when one of the two files, or a folder, cannot be read. What is
    /// wrong with any other file is an [`Entry::Refused`].
    pub fn read(campaign: &Path) -> Result<Self, ReadError> {
        let mut bundle = Self::read_bare(campaign)?;
        let folder = find::campaign_folder(campaign)?;
        let mut files = Walk { entries: BTreeMap::new() };
        files.folder(&folder, &find::real(&folder)?, "", 0)?;
        for own in [CAMPAIGN_FILE, PROJECT_FILE] {
            files.entries.remove(own); // they are read already, and nothing names them
        }
        let real_project = find::real(&bundle.project_folder)?;
        for shared in &bundle.shared {
            files.shared(&bundle.project_folder, &real_project, shared)?;
        }
        bundle.entries = files.entries;
        Ok(bundle)
    }

    /// Reads the two YAML files alone: enough to parse the campaign, and neither to check nor to
    /// render it.
    ///
    /// # Errors
    ///
    /// As [`Self::read`].
    pub fn read_bare(campaign: &Path) -> Result<Self, ReadError> {
        let folder = find::campaign_folder(campaign)?;
        let project_file = find::find_project(&folder)?;
        let project_folder = find::parent(&project_file);
        let project = read_yaml(&project_file)?;
        let campaign = read_yaml(&folder.join(CAMPAIGN_FILE))?;
        let campaign_folder = find::real(&folder)?
            .strip_prefix(find::real(&project_folder)?)
            .map(|path| slashes(path).unwrap_or_default())
            .unwrap_or_default();
        Ok(Self {
            shared: shared_folders(&project),
            project,
            campaign,
            project_folder,
            campaign_folder,
            entries: BTreeMap::new(),
            memory: BTreeMap::new(),
            lists: Mutex::default(),
        })
    }

    /// Makes a bundle of files in memory, for tests: `qunfa.yaml`, a `FOLDER/campaign.yaml` (the
    /// first one counts) and others, with paths from the folder of `qunfa.yaml`.
    ///
    /// # Panics
    ///
    /// When one of the two YAML files is missing or not UTF-8.
    pub fn from_files(files: &[(&str, &[u8])]) -> Self {
        let yaml = |path: &str| {
            let (path, bytes) = files.iter().find(|(name, _)| *name == path)?;
            Some(SourceFile::new(*path, text_of(bytes.to_vec()).ok()?))
        };
        let campaign_path = files
            .iter()
            .map(|(path, _)| *path)
            .find(|path| path.rsplit('/').next() == Some(CAMPAIGN_FILE))
            .expect("the files hold a campaign.yaml");
        let campaign_folder =
            campaign_path.strip_suffix(CAMPAIGN_FILE).unwrap_or_default().trim_end_matches('/');
        let project = yaml(PROJECT_FILE).expect("the files hold a qunfa.yaml in UTF-8");
        let shared = shared_folders(&project);
        let (mut entries, mut memory) = (BTreeMap::new(), BTreeMap::new());
        let own = [campaign_path, PROJECT_FILE];
        for (path, bytes) in files.iter().filter(|(path, _)| !own.contains(path)) {
            let entry = || match ListFile::of(Path::new(path), bytes.len() as u64) {
                Some(list) => Entry::List(list),
                None => judge(path, Path::new(path), bytes.to_vec()),
            };
            if ListFile::of(Path::new(path), 0).is_some() {
                memory.insert(PathBuf::from(path), (*bytes).into());
            }
            if let Some(key) = below(path, campaign_folder) {
                entries.insert(key.to_owned(), entry());
            }
            if shared.iter().any(|shared| paths::lies_in(path, shared)) {
                entries.insert(format!("/{path}"), entry());
            }
        }
        Self {
            project,
            campaign: yaml(campaign_path).expect("campaign.yaml is UTF-8"),
            project_folder: PathBuf::from("."),
            campaign_folder: campaign_folder.to_owned(),
            shared,
            entries,
            memory,
            lists: Mutex::default(),
        }
    }

    /// Reads a list, or answers what was read of it before. `digest` asks for that of its bytes too.
    pub fn list(&self, formula: &Formula, digest: Digest) -> Arc<ReadOnce> {
        let mut lists = self.lists.lock().unwrap_or_else(PoisonError::into_inner);
        let known = lists.iter().find(|(f, d, _)| f == formula && *d == digest);
        if let Some((_, _, read)) = known {
            return Arc::clone(read);
        }
        let read = Arc::new(read_list(formula, &|path| self.open(path), digest));
        lists.push((formula.clone(), digest, Arc::clone(&read)));
        read
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn Read + Send>> {
        Ok(match self.memory.get(path) {
            Some(bytes) => Box::new(io::Cursor::new(Arc::clone(bytes))),
            None => Box::new(std::fs::File::open(path)?),
        })
    }

    /// Where a file with this key is to be put.
    pub(super) fn path_of(&self, key: &str) -> PathBuf {
        match key.strip_prefix('/') {
            Some(key) => self.project_folder.join(key),
            None => self.project_folder.join(&self.campaign_folder).join(key),
        }
    }

    /// `qunfa.yaml`.
    pub fn project(&self) -> &Arc<SourceFile> {
        &self.project
    }

    /// `campaign.yaml`.
    pub fn campaign(&self) -> &Arc<SourceFile> {
        &self.campaign
    }

    /// Finds a file: `images/cover.jpg` from the campaign's folder, or `/shared/logo.png` from the
    /// folder of `qunfa.yaml`.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries.get(key)
    }

    /// The keys of all files, in order.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.entries.keys().map(String::as_str)
    }

    /// The folder of `qunfa.yaml`, beside which the tool keeps its own files.
    pub fn project_folder(&self) -> &Path {
        &self.project_folder
    }
}

/// Reads `qunfa.yaml` alone.
///
/// # Errors
///
/// [`ReadError`] when it cannot be read, is too large, or is not UTF-8.
pub fn read_project(path: &Path) -> Result<Arc<SourceFile>, ReadError> {
    read_yaml(path)
}

fn read_yaml(path: &Path) -> Result<Arc<SourceFile>, ReadError> {
    let unreadable = |source| ReadError::Unreadable { path: path.to_owned(), source };
    let size = std::fs::metadata(path).map_err(unreadable)?.len();
    if size > YAML_BYTES_MAX as u64 {
        return Err(ReadError::TooLarge { path: path.to_owned(), bytes_max: YAML_BYTES_MAX });
    }
    let bytes = std::fs::read(path).map_err(unreadable)?;
    let text = text_of(bytes).map_err(|_| ReadError::NotUtf8 { path: path.to_owned() })?;
    Ok(SourceFile::new(path.to_string_lossy(), text))
}

/// Takes bytes as text, without one byte order mark.
fn text_of(bytes: Vec<u8>) -> Result<String, std::string::FromUtf8Error> {
    let mut text = String::from_utf8(bytes)?;
    if text.starts_with('\u{feff}') {
        text.drain(..'\u{feff}'.len_utf8());
    }
    Ok(text)
}

fn shared_folders(project: &Arc<SourceFile>) -> Vec<String> {
    let (project, _) = parse_project(project);
    project.map(|p| p.shared.into_iter().map(|folder| folder.value).collect()).unwrap_or_default()
}

fn below<'p>(path: &'p str, folder: &str) -> Option<&'p str> {
    if folder.is_empty() { Some(path) } else { path.strip_prefix(folder)?.strip_prefix('/') }
}

/// Gathers the files of folders.
struct Walk {
    entries: BTreeMap<String, Entry>,
}

impl Walk {
    /// Reads a shared folder, unless it leaves the project.
    fn shared(
        &mut self,
        project: &Path,
        real_project: &Path,
        shared: &str,
    ) -> Result<(), ReadError> {
        let folder = project.join(shared);
        if !folder.is_dir() {
            return Ok(()); // a path that names a file in it says so
        }
        let real = find::real(&folder)?;
        if real.starts_with(real_project) {
            self.folder(&folder, &real, &format!("/{shared}/"), 0)?;
        }
        Ok(())
    }

    /// Reads the files of `folder`; `root` is the real folder that nothing may leave.
    fn folder(
        &mut self,
        folder: &Path,
        root: &Path,
        prefix: &str,
        depth: usize,
    ) -> Result<(), ReadError> {
        for file in find::listed(folder)? {
            let Some(name) = file.name.to_str() else { continue }; // no path in YAML can name it
            let key = format!("{prefix}{name}");
            let path = folder.join(name);
            if file.kind.is_dir() {
                if depth >= DEPTH_MAX {
                    return Err(ReadError::TooDeep { path, levels_max: DEPTH_MAX });
                }
                self.folder(&path, root, &format!("{key}/"), depth + 1)?;
                continue;
            }
            if name == PROJECT_FILE && (depth > 0 || !prefix.is_empty()) {
                return Err(ReadError::NestedProject { inner: path, outer: root.to_owned() });
            }
            if self.entries.len() >= FILES_MAX {
                return Err(ReadError::TooMany { path: folder.to_owned(), files_max: FILES_MAX });
            }
            let entry = read_entry(&key, &path, root);
            self.entries.insert(key, entry);
        }
        Ok(())
    }
}

/// Reads one file, or says why not.
fn read_entry(key: &str, path: &Path, root: &Path) -> Entry {
    let refused = |why: String| Entry::Refused(why);
    let real = match std::fs::canonicalize(path) {
        Ok(real) => real,
        Err(error) => return refused(format!("cannot be read: {error}")),
    };
    if !real.starts_with(root) {
        return refused("is a link that leaves its folder".to_owned());
    }
    match std::fs::metadata(&real) {
        Ok(facts) if !facts.is_file() => refused("is not an ordinary file".to_owned()),
        Ok(facts) if facts.len() > bytes_max(key) => refused(too_large(key)),
        Ok(facts) => match ListFile::of(path, facts.len()) {
            Some(list) => Entry::List(list),
            None => match std::fs::read(&real) {
                Ok(bytes) => judge(key, path, bytes),
                Err(error) => refused(format!("cannot be read: {error}")),
            },
        },
        Err(error) => refused(format!("cannot be read: {error}")),
    }
}

/// A file's ending in lower case, without the dot.
pub(super) fn ending(key: &str) -> String {
    key.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default()
}

fn bytes_max(key: &str) -> u64 {
    if ListFile::of(Path::new(key), 0).is_some() {
        return LIST_BYTES_MAX;
    }
    let bytes_max = match ending(key).as_str() {
        "yaml" | "yml" => YAML_BYTES_MAX,
        "md" | "markdown" | "html" | "htm" | "css" => TEXT_BYTES_MAX,
        _ => MEDIA_BYTES_MAX,
    };
    bytes_max as u64
}

fn too_large(key: &str) -> String {
    format!("has more than {} MiB", bytes_max(key) / (1024 * 1024))
}

/// Takes a file's bytes as text or as media, by its ending.
fn judge(key: &str, path: &Path, bytes: Vec<u8>) -> Entry {
    const TEXTS: [&str; 7] = ["yaml", "yml", "md", "markdown", "html", "htm", "css"];
    if bytes.len() as u64 > bytes_max(key) {
        return Entry::Refused(too_large(key));
    }
    if !TEXTS.contains(&ending(key).as_str()) {
        return Entry::Media(MediaFacts::of(path.to_owned(), &bytes));
    }
    match text_of(bytes) {
        Ok(text) => Entry::Text(SourceFile::new(path.to_string_lossy(), text)),
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            Entry::Refused(format!("is not UTF-8 (byte {at}); save it as UTF-8"))
        }
    }
}

fn slashes(path: &Path) -> Option<String> {
    let words: Option<Vec<&str>> = path.iter().map(|word| word.to_str()).collect();
    Some(words?.join("/"))
}
