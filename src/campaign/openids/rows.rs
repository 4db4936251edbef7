//! The rows of a list, block by block: where a word stands in place of an openid.

use std::io::{self, Read};
use std::ops::Range;

use memchr::{memchr, memchr_iter, memchr2, memrchr};

use crate::terms::is_openid;

use super::formula::{Formula, ListShape};

/// So much is read at once.
const BLOCK_BYTES: usize = 256 * 1024;
/// The longest line, or row of a table.
pub(super) const LINE_BYTES_MAX: usize = 64 * 1024;
/// The most that a list may have, unpacked or not.
pub(in crate::campaign) const LIST_BYTES_MAX: u64 = 2 * 1024 * 1024 * 1024;
/// The column that is read when none is named.
const COLUMN: &str = "openid";

/// Why a list cannot be read to its end.
#[derive(Debug)]
pub(super) enum Halt {
    /// The file itself.
    Unreadable(io::Error),
    /// More than [`LIST_BYTES_MAX`].
    TooLarge,
    /// More people than anybody could send to.
    TooMany,
    /// Bytes that are no UTF-8, on this line.
    NotUtf8(u64),
    /// A line, or a row, of more than [`LINE_BYTES_MAX`].
    LongLine(Spot),
    /// Not a CSV file, and why.
    BadCsv(Spot, &'static str),
    /// The header has no such column; it has these.
    NoColumn { header: Spot, wanted: String, names: Vec<String> },
    /// A column is asked for, and there are none.
    NoColumns { wanted: String },
}

/// A place in a list: its line, from 1, and the bytes of that line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Spot {
    pub(super) line: u64,
    pub(super) bytes: Range<usize>,
}

/// A word: its bytes in the block that was read last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Word {
    start: u32,
    end: u32,
}

impl Word {
    fn new(bytes: Range<usize>) -> Self {
        let at = |at| u32::try_from(at).expect("a block is smaller than 4 GiB");
        Self { start: at(bytes.start), end: at(bytes.end) }
    }

    fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// Reads a list.
pub(super) struct Rows<R> {
    source: R,
    /// Which column holds the openids; nothing where each line is one.
    column: Option<usize>,
    bytes_max: u64,
    block: Vec<u8>,
    filled: usize,
    used: usize,
    has_ended: bool,
    /// How many bytes were read before the block.
    before: u64,
    /// The number of the block's first line, from 1.
    line: u64,
}

impl<R: Read> Rows<R> {
    /// Begins to read: past a byte order mark, and past a table's header.
    pub(super) fn open(source: R, formula: &Formula) -> Result<Self, Halt> {
        Self::open_within(source, formula, LIST_BYTES_MAX)
    }

    /// The same, with another limit on the bytes of the whole list.
    pub(super) fn open_within(source: R, formula: &Formula, bytes_max: u64) -> Result<Self, Halt> {
        let mut rows = Self {
            bytes_max,
            source,
            column: None,
            block: vec![0; BLOCK_BYTES],
            filled: 0,
            used: 0,
            has_ended: false,
            before: 0,
            line: 1,
        };
        rows.fill()?;
        if rows.block[..rows.filled].starts_with("\u{feff}".as_bytes()) {
            rows.used = "\u{feff}".len();
            rows.advance();
            rows.fill()?;
        }
        match (formula.file.shape, &formula.column) {
            (ListShape::Lines, Some(wanted)) => {
                return Err(Halt::NoColumns { wanted: wanted.clone() });
            }
            (ListShape::Lines, None) => {}
            (ListShape::Table, wanted) => rows.header(wanted.as_deref().unwrap_or(COLUMN))?,
        }
        Ok(rows)
    }

    /// Reads on. False at the end; the words may be none, where a block has only comments.
    pub(super) fn next(&mut self, words: &mut Vec<Word>) -> Result<bool, Halt> {
        words.clear();
        self.advance();
        self.fill()?;
        if self.filled == 0 {
            return Ok(false);
        }
        self.used = match self.column {
            None => self.lines(words)?,
            Some(column) => self.table(column, words)?,
        };
        if self.used == 0 { Err(self.long_line(0)) } else { Ok(true) }
    }

    /// How much of the list the words so far come from.
    pub(super) fn bytes_used(&self) -> u64 {
        self.before + self.used as u64
    }

    /// What it read from.
    pub(super) fn into_source(self) -> R {
        self.source
    }

    /// A word's text.
    pub(super) fn text(&self, word: Word) -> &[u8] {
        &self.block[word.range()]
    }

    /// A word's place.
    pub(super) fn spot(&self, word: Word) -> Spot {
        self.spot_of(word.range())
    }

    fn spot_of(&self, bytes: Range<usize>) -> Spot {
        let before = &self.block[..bytes.start];
        let newlines = memchr_iter(b'\n', before).count();
        let line_start = memrchr(b'\n', before).map_or(0, |at| at + 1);
        Spot {
            line: self.line + newlines as u64,
            bytes: bytes.start - line_start..bytes.end - line_start,
        }
    }

    /// Lets go of what was used.
    fn advance(&mut self) {
        self.line += memchr_iter(b'\n', &self.block[..self.used]).count() as u64;
        self.block.copy_within(self.used..self.filled, 0);
        self.filled -= self.used;
        self.before += self.used as u64;
        self.used = 0;
    }

    /// Fills the block, or reads to the end.
    fn fill(&mut self) -> Result<(), Halt> {
        while !self.has_ended && self.filled < self.block.len() {
            match self.source.read(&mut self.block[self.filled..]) {
                Ok(0) => self.has_ended = true,
                Ok(bytes) => self.filled += bytes,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(Halt::Unreadable(error)),
            }
        }
        if self.before + self.filled as u64 > self.bytes_max {
            return Err(Halt::TooLarge);
        }
        Ok(())
    }

    /// Finds a word in each line, and answers how much was used.
    fn lines(&self, words: &mut Vec<Word>) -> Result<usize, Halt> {
        let text = &self.block[..self.filled];
        let mut start = 0;
        for end in memchr_iter(b'\n', text) {
            self.line(start..end, words)?;
            start = end + 1;
        }
        if self.has_ended && start < text.len() {
            self.line(start..text.len(), words)?;
            start = text.len();
        }
        Ok(start)
    }

    fn line(&self, line: Range<usize>, words: &mut Vec<Word>) -> Result<(), Halt> {
        let text = &self.block[line.clone()];
        let text = text.strip_suffix(b"\r").unwrap_or(text);
        let (Some(first), Some(last)) = (text.first(), text.last()) else { return Ok(()) };
        if text.len() > LINE_BYTES_MAX {
            return Err(self.long_line(line.start));
        }
        if is_openid(&[*first]) && is_openid(&[*last]) {
            words.push(Word::new(line.start..line.start + text.len()));
            return Ok(());
        }
        let Ok(text) = std::str::from_utf8(text) else { return Err(self.not_utf8(line.start)) };
        let word = text.trim();
        if !word.is_empty() && !word.starts_with('#') {
            let start = line.start + (text.len() - text.trim_start().len());
            words.push(Word::new(start..start + word.len()));
        }
        Ok(())
    }

    /// Finds the column's field in each row, and answers how much was used.
    fn table(&self, column: usize, words: &mut Vec<Word>) -> Result<usize, Halt> {
        let mut start = 0;
        while start < self.filled {
            let plain = self.plain_row(start);
            let (row, end) = match plain {
                Some(line) => {
                    let after = (line.end + 1).min(self.filled);
                    (Row::Plain(line), after)
                }
                None => match self.row(start)? {
                    Some((fields, end)) => (Row::Fields(fields), end),
                    None => break,
                },
            };
            if end - start > LINE_BYTES_MAX {
                return Err(self.long_line(start));
            }
            let text = &self.block[start..end];
            if !text.is_ascii() && std::str::from_utf8(text).is_err() {
                return Err(self.not_utf8(start));
            }
            words.extend(self.field_of(row, column).map(Word::new));
            start = end;
        }
        Ok(start)
    }

    /// A row that is one line without quotes, as most are; without its end.
    fn plain_row(&self, start: usize) -> Option<Range<usize>> {
        let text = &self.block[start..self.filled];
        let end = match memchr(b'\n', text) {
            Some(end) => end,
            None if self.has_ended => text.len(),
            None => return None,
        };
        let line = &text[..end];
        match memchr2(b'"', b'\r', line) {
            None => Some(start..start + end),
            Some(at) if at + 1 == end && line[at] == b'\r' && start + end < self.filled => {
                Some(start..start + end)
            }
            Some(_) => None,
        }
    }

    /// One field of a row, trimmed; nothing for an empty line.
    fn field_of(&self, row: Row, column: usize) -> Option<Range<usize>> {
        let field = match row {
            Row::Plain(line) => {
                let text = &self.block[line.clone()];
                let text = text.strip_suffix(b"\r").unwrap_or(text);
                if text.is_empty() {
                    return None;
                }
                nth_field(text, column, line.start)
            }
            Row::Fields(fields) => {
                if fields.len() == 1 && fields[0].is_empty() {
                    return None;
                }
                let end = fields.last().map_or(0..0, |last| last.end..last.end);
                fields.get(column).cloned().unwrap_or(end)
            }
        };
        Some(self.trimmed(field))
    }

    /// A field without its quotes and the spaces around its text.
    fn trimmed(&self, field: Range<usize>) -> Range<usize> {
        let raw = &self.block[field.clone()];
        if is_openid(raw) {
            return field;
        }
        let inner = raw.strip_prefix(b"\"").and_then(|raw| raw.strip_suffix(b"\""));
        let start = field.start + usize::from(inner.is_some());
        let Ok(inner) = std::str::from_utf8(inner.unwrap_or(raw)) else { return field };
        let start = start + (inner.len() - inner.trim_start().len());
        start..start + inner.trim().len()
    }

    /// Reads the names of the columns.
    fn header(&mut self, wanted: &str) -> Result<(), Halt> {
        let (fields, end) = match self.row(0)? {
            Some(row) => row,
            None if self.filled == 0 => (Vec::new(), 0),
            None => return Err(self.long_line(0)),
        };
        let text = &self.block[..self.filled];
        if std::str::from_utf8(&text[..end]).is_err() {
            return Err(self.not_utf8(0));
        }
        let names: Vec<String> = fields.into_iter().map(|field| unquoted(&text[field])).collect();
        self.column = names.iter().position(|name| name.trim() == wanted);
        if self.column.is_none() {
            let line = memchr(b'\n', text).unwrap_or(text.len()).min(LINE_BYTES_MAX);
            let (header, wanted) = (self.spot_of(0..line), wanted.to_owned());
            return Err(Halt::NoColumn { header, wanted, names });
        }
        self.used = end;
        Ok(())
    }

    /// Cuts one row (RFC 4180) into fields, quotes included, and answers where it ends. Nothing when
    /// the block ends before it does.
    fn row(&self, start: usize) -> Result<Option<(Fields, usize)>, Halt> {
        let text = &self.block[..self.filled];
        let mut fields = Vec::new();
        let mut at = start;
        if start == self.filled {
            return Ok(None);
        }
        loop {
            let Some(field) = self.field(at)? else { return Ok(None) };
            at = field.end;
            fields.push(field);
            match (text.get(at), text.get(at + 1)) {
                (Some(b','), _) => at += 1,
                (Some(b'\r'), Some(b'\n')) => return Ok(Some((fields, at + 2))),
                (Some(b'\r'), None) if !self.has_ended => return Ok(None),
                (Some(_), _) => return Ok(Some((fields, at + 1))),
                (None, _) if self.has_ended => return Ok(Some((fields, at))),
                (None, _) => return Ok(None),
            }
        }
    }

    fn field(&self, start: usize) -> Result<Option<Range<usize>>, Halt> {
        let text = &self.block[..self.filled];
        let ends = |byte: u8| byte == b',' || byte == b'\n' || byte == b'\r';
        if text.get(start) != Some(&b'"') {
            let length = text[start..].iter().position(|&byte| ends(byte));
            let end = length.map_or(text.len(), |length| start + length);
            return Ok((length.is_some() || self.has_ended).then_some(start..end));
        }
        let mut at = start + 1;
        loop {
            match (text.get(at), text.get(at + 1)) {
                (Some(b'"'), None) if !self.has_ended => return Ok(None),
                (Some(b'"'), Some(b'"')) => at += 2,
                (Some(b'"'), next) if next.is_none_or(|&byte| ends(byte)) => {
                    return Ok(Some(start..at + 1));
                }
                (Some(b'"'), _) => {
                    return Err(self.bad_csv(at + 1, "something follows a closing quote"));
                }
                (Some(_), _) => at += 1,
                (None, _) if self.has_ended || at - start > LINE_BYTES_MAX => {
                    return Err(self.bad_csv(start, "a quote is not closed"));
                }
                (None, _) => return Ok(None),
            }
        }
    }

    fn bad_csv(&self, at: usize, why: &'static str) -> Halt {
        Halt::BadCsv(self.spot_of(at..at + 1), why)
    }

    fn long_line(&self, start: usize) -> Halt {
        Halt::LongLine(self.spot_of(start..start))
    }

    fn not_utf8(&self, start: usize) -> Halt {
        Halt::NotUtf8(self.spot_of(start..start).line)
    }
}

/// Where the fields of a row are in the block, quotes included.
type Fields = Vec<Range<usize>>;

/// A row of a table.
enum Row {
    /// A line without quotes.
    Plain(Range<usize>),
    /// Its fields.
    Fields(Fields),
}

/// A field of a line without quotes that begins at `start`; empty at the end when there is none.
fn nth_field(line: &[u8], column: usize, start: usize) -> Range<usize> {
    let mut begin = 0;
    let mut commas = memchr_iter(b',', line);
    for _ in 0..column {
        match commas.next() {
            Some(comma) => begin = comma + 1,
            None => return start + line.len()..start + line.len(),
        }
    }
    start + begin..start + commas.next().unwrap_or(line.len())
}

fn unquoted(raw: &[u8]) -> String {
    let raw = String::from_utf8_lossy(raw);
    match raw.strip_prefix('"').and_then(|raw| raw.strip_suffix('"')) {
        Some(inner) => inner.replace("\"\"", "\""),
        None => raw.into_owned(),
    }
}

/// The lines of a list as an editor shows them, a long one cut: to be shown, not judged.
pub(super) struct Lines<R> {
    source: io::BufReader<R>,
    line: Vec<u8>,
    number: u64,
    /// A line was so long that what follows is not looked for.
    is_over: bool,
}

/// Goes on to the next line, over so much at most; whether it got there.
fn skip_line(source: &mut impl io::BufRead) -> Option<bool> {
    const SKIPPED_MAX: u64 = 64 * 1024 * 1024;
    let mut limited = source.take(SKIPPED_MAX);
    io::BufRead::skip_until(&mut limited, b'\n').ok()?;
    Some(limited.limit() > 0)
}

impl<R: Read> Lines<R> {
    pub(super) fn new(source: R) -> Self {
        let source = io::BufReader::with_capacity(BLOCK_BYTES, source);
        Self { source, line: Vec::new(), number: 0, is_over: false }
    }

    /// The number of the line that was read last.
    pub(super) fn number(&self) -> u64 {
        self.number
    }

    /// The next line, without its end and without a byte order mark.
    pub(super) fn next(&mut self) -> Option<&[u8]> {
        use io::BufRead as _;
        self.line.clear();
        if self.is_over {
            return None;
        }
        let most = LINE_BYTES_MAX as u64;
        let bytes = (&mut self.source).take(most).read_until(b'\n', &mut self.line).ok()?;
        if bytes == 0 && self.number > 0 {
            return None;
        }
        self.number += 1;
        if bytes as u64 == most && !self.line.ends_with(b"\n") {
            // Of a line without an end nothing more is shown than of another: its rest is not unpacked.
            self.is_over = !skip_line(&mut self.source)?;
        }
        let line = self.line.strip_suffix(b"\n").unwrap_or(&self.line);
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let mark = "\u{feff}".as_bytes();
        Some(if self.number == 1 { line.strip_prefix(mark).unwrap_or(line) } else { line })
    }
}
