//! What is wrong with a list's lines, gathered as they go by and told with the lines shown.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Place, SourceFile};

use super::super::{codes, names};
use super::formula::{Formula, ListFile};
use super::rows::{Halt, LINE_BYTES_MAX, LIST_BYTES_MAX, Rows, Spot};
use super::walk::{Digest, OPENIDS_MAX, Open, Source};

/// Of one kind of problem, so many are shown one by one.
pub(super) const SHOWN_MAX: usize = 10;
/// Two lines at most so far apart are shown together.
const TOGETHER_LINES: u64 = 100;

/// Some words of one kind: the first of them, and how many there were.
#[derive(Debug, Default)]
struct Words {
    first: Vec<(Spot, String)>,
    count: u64,
}

impl Words {
    fn add(&mut self, text: &str, spot: impl FnOnce() -> Spot) {
        self.count += 1;
        if self.first.len() <= SHOWN_MAX {
            self.first.push((spot(), text.to_owned()));
        }
    }

    /// The first that is not shown itself, and how many there are with it.
    fn more(&self) -> Option<(&Spot, u64)> {
        self.first.get(SHOWN_MAX).map(|(spot, _)| (spot, self.count - SHOWN_MAX as u64))
    }
}

/// What is wrong with the lines of one list.
#[derive(Debug, Default)]
pub(super) struct Notes {
    bad: Words,
    repeated: Words,
}

impl Notes {
    /// Notes a word that is no openid.
    pub(super) fn bad(&mut self, text: &str, spot: impl FnOnce() -> Spot) {
        self.bad.add(text, spot);
    }

    /// Notes an openid that came before.
    pub(super) fn repeated(&mut self, openid: &[u8], spot: impl FnOnce() -> Spot) {
        self.repeated.add(std::str::from_utf8(openid).unwrap_or_default(), spot);
    }

    /// Whether a line is no openid.
    pub(super) fn has_bad(&self) -> bool {
        self.bad.count > 0
    }

    /// Says what is wrong. The list is read again, up to the last line that is shown.
    pub(super) fn problems(&self, formula: &Formula, open: Open<'_>) -> Vec<Diagnostic> {
        let before: Vec<Option<Spot>> = self.first_of_repeated(formula, open);
        let spots = self.bad.first.iter().chain(&self.repeated.first).map(|(spot, _)| spot);
        let mut wanted: Vec<RangeInclusive<u64>> =
            spots.chain(before.iter().flatten()).map(|spot| spot.line..=spot.line).collect();
        let pairs = self.repeated.first.iter().zip(&before);
        wanted.extend(pairs.filter_map(|((again, _), first)| together(first.as_ref()?, again)));
        let shown = Excerpts::read(&formula.file, open, &wanted);
        let mut problems = self.bad_problems(&formula.file, &shown);
        problems.extend(self.repeated_problems(&formula.file, &shown, &before));
        problems
    }

    fn bad_problems(&self, file: &ListFile, shown: &Excerpts) -> Vec<Diagnostic> {
        let mut problems: Vec<Diagnostic> = Vec::new();
        for (spot, text) in self.bad.first.iter().take(SHOWN_MAX) {
            let message = match text.as_str() {
                "" => "an empty field where an openid is wanted".to_owned(),
                text => format!("`{}` is not an openid", shortened(text)),
            };
            let diagnostic = Diagnostic::error(&codes::BAD_OPENID, message)
                .at(shown.place(spot), "not an openid")
                .help("an openid has letters, digits, `-` and `_`, and belongs to this account");
            problems.push(diagnostic);
        }
        if let Some((spot, more)) = self.bad.more() {
            let message = format!("`{}` has {more} more lines that are no openids", file.name());
            let place = shown.place(spot);
            problems.push(Diagnostic::error(&codes::BAD_OPENID, message).at(place, "the next one"));
        }
        problems
    }

    fn repeated_problems(
        &self,
        file: &ListFile,
        shown: &Excerpts,
        before: &[Option<Spot>],
    ) -> Vec<Diagnostic> {
        let mut problems: Vec<Diagnostic> = Vec::new();
        for ((spot, text), first) in self.repeated.first.iter().zip(before) {
            let message = format!("`{text}` stands in the list twice");
            let mut problem = Diagnostic::warning(&codes::REPEATED, message)
                .help("it is sent to once; leave one of the lines out");
            problem = match first {
                Some(first) => {
                    let (first, again) = shown.places(first, spot);
                    problem.at(again, "again here").also(first, "first here")
                }
                None => problem.at(shown.place(spot), "again here"),
            };
            problems.push(problem);
        }
        if let Some((spot, more)) = self.repeated.more() {
            let message = format!("`{}` has {more} more repeated openids", file.name());
            let place = shown.place(spot);
            problems.push(Diagnostic::warning(&codes::REPEATED, message).at(place, "the next one"));
        }
        problems
    }

    /// Finds where the repeated openids that are shown stood first.
    fn first_of_repeated(&self, formula: &Formula, open: Open<'_>) -> Vec<Option<Spot>> {
        let wanted = &self.repeated.first[..self.repeated.first.len().min(SHOWN_MAX)];
        let mut found = vec![None; wanted.len()];
        if wanted.is_empty() {
            return found;
        }
        let Ok(source) = Source::open(&formula.file, open, Digest::Unasked) else { return found };
        let Ok(mut rows) = Rows::open(source, formula) else { return found };
        let mut words = Vec::new();
        while found.contains(&None) && matches!(rows.next(&mut words), Ok(true)) {
            for &word in &words {
                let text = rows.text(word);
                for ((_, openid), found) in wanted.iter().zip(&mut found) {
                    if found.is_none() && openid.as_bytes() == text {
                        *found = Some(rows.spot(word));
                    }
                }
            }
        }
        found
    }
}

/// The lines from one spot to another, if they are near.
fn together(first: &Spot, again: &Spot) -> Option<RangeInclusive<u64>> {
    (again.line.saturating_sub(first.line) <= TOGETHER_LINES).then_some(first.line..=again.line)
}

/// Says why a list cannot be read, where that is about one of its lines; and else a fragment such
/// as "is not UTF-8".
pub(super) fn halted(
    halt: &Halt,
    file: &ListFile,
    open: Open<'_>,
) -> Result<Box<Diagnostic>, String> {
    let name = file.name();
    let at = |spot: &Spot| Excerpts::read(file, open, &[spot.line..=spot.line]).place(spot);
    Ok(Box::new(match halt {
        Halt::Unreadable(error) => return Err(format!("cannot be read: {error}")),
        Halt::TooLarge => return Err(format!("has more than {} GiB", LIST_BYTES_MAX >> 30)),
        Halt::TooMany => return Err(format!("has more than {OPENIDS_MAX} openids; split it")),
        Halt::NotUtf8(line) => {
            return Err(format!("is not UTF-8 (line {line}); save it as UTF-8"));
        }
        Halt::LongLine(spot) => {
            let message = format!("`{name}` has a line of more than {} KiB", LINE_BYTES_MAX / 1024);
            Diagnostic::error(&codes::LONG_LINE, message)
                .at(at(spot), "begins here")
                .help("write one openid a line, or a row of a table on a line of its own")
        }
        Halt::BadCsv(spot, why) => {
            let message = format!("`{name}` is not a CSV file: {why}");
            Diagnostic::error(&codes::BAD_CSV, message)
                .at(at(spot), "here")
                .help("inside quotes, a quote is written twice")
        }
        Halt::NoColumn { header, wanted, names } => {
            let shown: Vec<String> = names.iter().map(|name| shortened(name)).collect();
            let help = format!(
                "the first line names the columns: {}; say which one holds the openids with `column`",
                names::listed(shown.iter().map(String::as_str))
            );
            Diagnostic::error(&codes::NO_COLUMN, format!("`{name}` has no column `{wanted}`"))
                .at(at(header), "")
                .help(help)
        }
        Halt::NoColumns { wanted } => {
            let message = format!("`{name}` has no columns, and `{wanted}` is asked for");
            Diagnostic::error(&codes::NO_COLUMN, message)
                .at(at(&BEGINNING), "one openid a line")
                .help("leave `column` out, or use a .csv file")
        }
    }))
}

/// The beginning of a list.
pub(super) const BEGINNING: Spot = Spot { line: 1, bytes: 0..0 };

/// Points at the beginning of a list.
pub(super) fn beginning(file: &ListFile, open: Open<'_>) -> Place {
    Excerpts::read(file, open, &[1..=1]).place(&BEGINNING)
}

fn shortened(text: &str) -> String {
    const CHARS_MAX: usize = 40;
    match text.char_indices().nth(CHARS_MAX) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// The few lines of a list that are shown.
struct Excerpts {
    name: String,
    lines: BTreeMap<u64, String>,
}

impl Excerpts {
    /// Reads lines again, as far as the last of them. What cannot be read any more is not shown.
    fn read(file: &ListFile, open: Open<'_>, wanted: &[RangeInclusive<u64>]) -> Self {
        let mut excerpts = Self { name: file.name(), lines: BTreeMap::new() };
        let last = wanted.iter().map(|lines| *lines.end()).max();
        let (Some(last), Ok(source)) = (last, Source::open(file, open, Digest::Unasked)) else {
            return excerpts;
        };
        let mut lines = super::rows::Lines::new(source);
        while lines.number() < last {
            let number = lines.number() + 1;
            let Some(line) = lines.next() else { break };
            if wanted.iter().any(|wanted| wanted.contains(&number)) {
                excerpts.lines.insert(number, String::from_utf8_lossy(line).into_owned());
            }
        }
        excerpts
    }

    fn of(&self, lines: RangeInclusive<u64>) -> Arc<SourceFile> {
        let first = usize::try_from(*lines.start()).unwrap_or(usize::MAX);
        let text: Vec<&str> = self.lines.range(lines).map(|(_, line)| line.as_str()).collect();
        SourceFile::excerpt(self.name.clone(), first, text.join("\n"))
    }

    fn place(&self, spot: &Spot) -> Place {
        Place::new(&self.of(spot.line..=spot.line), spot.bytes.clone())
    }

    /// Two places, in one excerpt when they are near.
    fn places(&self, first: &Spot, again: &Spot) -> (Place, Place) {
        let Some(lines) = together(first, again) else {
            return (self.place(first), self.place(again));
        };
        let file = self.of(lines);
        let last = file.text.rfind('\n').map_or(0, |newline| newline + 1);
        let again = if first.line == again.line { 0 } else { last } + again.bytes.start
            ..last + again.bytes.end;
        (Place::new(&file, first.bytes.clone()), Place::new(&file, again))
    }
}
