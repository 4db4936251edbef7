//! Goes through a list once, and hands on each person who is left.

use std::io::{self, Read};
use std::ops::ControlFlow;
use std::path::Path;

use flate2::read::MultiGzDecoder;
use sha2::{Digest as _, Sha256};

use crate::terms::{hex, is_openid};

use super::formula::{Formula, ListFile};
use super::notes::Notes;
use super::rows::{Halt, Rows, Word};
use super::seen::{Mark, Seen};

/// So many openids are looked up together.
const TOGETHER: usize = 512;
/// The longest list: eight times as many as an account may send to in a month (100 calls a day).
pub(super) const OPENIDS_MAX: u64 = 24_000_000;

/// Opens a file to be read from its beginning.
pub type Open<'a> = &'a dyn Fn(&Path) -> io::Result<Box<dyn Read + Send>>;

/// What a walk came to.
#[derive(Debug, Default)]
pub(super) struct Walked {
    /// How many there are in the file, each once.
    pub(super) in_file: u64,
    /// How many of them each list of the formula took away.
    pub(super) taken: Vec<u64>,
    /// How many of the rest are outside of the slice.
    pub(super) outside: u64,
    /// Of the file's bytes, if it was asked for and the walk went to the end.
    pub(super) sha256: Option<String>,
}

/// A list that cannot be read, and why.
#[derive(Debug)]
pub(super) struct Stop {
    pub(super) file: ListFile,
    pub(super) halt: Halt,
}

/// Whether the digest of a list's bytes is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Digest {
    /// SHA-256, over every byte that is stored.
    Asked,
    /// None.
    Unasked,
}

/// What is wanted besides the people.
pub(super) struct Wanted<'n> {
    /// What is wrong with the list's own lines; nothing of the lists that it takes away.
    pub(super) notes: Option<&'n mut Notes>,
    /// The digest of its bytes.
    pub(super) digest: Digest,
}

impl Wanted<'_> {
    /// The people alone.
    pub(super) const PEOPLE: Self = Self { notes: None, digest: Digest::Unasked };
}

/// Hands each person who is left to `sink`, in the order of the file, until that breaks off.
pub(super) fn walk(
    formula: &Formula,
    open: Open<'_>,
    mut wanted: Wanted<'_>,
    sink: &mut dyn FnMut(&[u8], Mark) -> ControlFlow<()>,
) -> Result<Walked, Stop> {
    let stop = |halt| Stop { file: formula.file.clone(), halt };
    let mut taken = Vec::new();
    for (_, formula) in &formula.except {
        let mut people = Seen::new();
        walk(formula, open, Wanted::PEOPLE, &mut |_, mark| {
            people.insert(mark);
            ControlFlow::Continue(())
        })?;
        taken.push(people);
    }
    let mut walked = Walked { taken: vec![0; taken.len()], ..Walked::default() };
    let source = Source::open(&formula.file, open, wanted.digest).map_err(stop)?;
    let mut rows = Rows::open(source, formula).map_err(stop)?;
    let (mut seen, mut words, mut marks) = (Seen::new(), Vec::new(), Vec::new());
    while rows.next(&mut words).map_err(stop)? {
        if walked.in_file == 0 && !formula.file.is_packed {
            seen.expect(expected(&formula.file, &rows, words.len()));
        }
        for words in words.chunks(TOGETHER) {
            marks.clear();
            marks.extend(words.iter().map(|word| {
                let text = rows.text(*word);
                is_person(text).then(|| Mark::of(text))
            }));
            std::hint::black_box(seen.touch(&marks));
            for (&word, mark) in words.iter().zip(&marks) {
                let Some(mark) = *mark else {
                    bad(&rows, word, wanted.notes.as_deref_mut()).map_err(stop)?;
                    continue;
                };
                if !seen.insert(mark) {
                    if let Some(notes) = wanted.notes.as_deref_mut() {
                        notes.repeated(rows.text(word), || rows.spot(word));
                    }
                    continue;
                }
                walked.in_file += 1;
                let text = rows.text(word);
                if walked.is_left(formula, &taken, text, mark) && sink(text, mark).is_break() {
                    return Ok(walked);
                }
            }
        }
        if walked.in_file > OPENIDS_MAX {
            return Err(stop(Halt::TooMany));
        }
    }
    walked.sha256 = rows.into_source().sha256().map_err(stop)?;
    Ok(walked)
}

impl Walked {
    /// Whether somebody stays, and if not, counts what took them away.
    fn is_left(&mut self, formula: &Formula, taken: &[Seen], openid: &[u8], mark: Mark) -> bool {
        if let Some(at) = taken.iter().position(|people| people.contains(mark)) {
            self.taken[at] += 1;
            return false;
        }
        let Some((slice, lots)) = &formula.slice else { return true };
        let is_held = slice.holds(lots.of(openid));
        self.outside += u64::from(!is_held);
        is_held
    }
}

/// Whether a word is an openid, and not the heading of a table that was saved as a text.
fn is_person(text: &[u8]) -> bool {
    is_openid(text) && !text.eq_ignore_ascii_case(b"openid")
}

/// How many words the whole file has, if it goes on as it begins.
fn expected<R: Read>(file: &ListFile, rows: &Rows<R>, words: usize) -> usize {
    let words = file.bytes.saturating_mul(words as u64) / rows.bytes_used().max(1);
    usize::try_from(words.min(OPENIDS_MAX)).unwrap_or_default()
}

fn bad<R: Read>(rows: &Rows<R>, word: Word, notes: Option<&mut Notes>) -> Result<(), Halt> {
    let Ok(text) = std::str::from_utf8(rows.text(word)) else {
        return Err(Halt::NotUtf8(rows.spot(word).line));
    };
    if let Some(notes) = notes {
        notes.bad(text, || rows.spot(word));
    }
    Ok(())
}

/// A list's bytes, unpacked where they are packed.
pub(super) enum Source {
    Bare(Digesting),
    Packed(Box<MultiGzDecoder<Digesting>>),
}

/// Bytes as they are stored, and their digest.
pub(super) struct Digesting {
    source: Box<dyn Read + Send>,
    hasher: Option<Sha256>,
}

impl Source {
    pub(super) fn open(file: &ListFile, open: Open<'_>, digest: Digest) -> Result<Self, Halt> {
        let source = open(&file.path).map_err(Halt::Unreadable)?;
        let hasher = match digest {
            Digest::Asked => Some(Sha256::new()),
            Digest::Unasked => None,
        };
        let stored = Digesting { source, hasher };
        Ok(if file.is_packed {
            Self::Packed(Box::new(MultiGzDecoder::new(stored)))
        } else {
            Self::Bare(stored)
        })
    }

    /// The digest of all that is stored, if it was asked for.
    fn sha256(self) -> Result<Option<String>, Halt> {
        let mut stored = match self {
            Self::Bare(stored) => stored,
            Self::Packed(packed) => packed.into_inner(),
        };
        io::copy(&mut stored, &mut io::sink()).map_err(Halt::Unreadable)?;
        Ok(stored.hasher.map(|hasher| hex(&hasher.finalize())))
    }
}

impl Read for Source {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Bare(stored) => stored.read(into),
            Self::Packed(packed) => packed.read(into),
        }
    }
}

impl Read for Digesting {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let bytes = self.source.read(into)?;
        if let Some(hasher) = &mut self.hasher {
            hasher.update(&into[..bytes]);
        }
        Ok(bytes)
    }
}
