//! Reads the people of a list: all of them to be counted and known, or one part to be sent to.

use std::ops::ControlFlow;

use crate::diagnostic::Diagnostic;
use crate::terms::{Fingerprint, OpenId};

use super::super::codes;
use super::formula::{Formula, ListFile};
use super::notes::{self, Notes};
use super::parts::{Cutter, PartFacts};
use super::walk::{Stop, Walked, Wanted, walk};

pub use super::walk::{Digest, Open};

/// A send to a list has at least so many people (40130).
const OPENIDS_MIN: u64 = 2;

/// What a list is known by: everything but its people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListRead {
    /// How many openids the file has, each once.
    pub in_file: u64,
    /// How many people are left.
    pub count: u64,
    /// Over the openids that are left, in the order of the file.
    pub fingerprint: Fingerprint,
    /// Each of 2 to 10,000 openids, one after the other.
    pub parts: Vec<PartFacts>,
    /// SHA-256 of the file's bytes as they are stored, in hex, if it was asked for.
    pub sha256: Option<String>,
}

/// A list that could not be read to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unread {
    /// Which file.
    pub file: ListFile,
    /// Where in it, when a line of it is to blame; and else a fragment such as "is not UTF-8".
    pub why: Result<Box<Diagnostic>, String>,
}

impl Unread {
    fn of(stop: &Stop, open: Open<'_>) -> Self {
        Self { why: notes::halted(&stop.halt, &stop.file, open), file: stop.file.clone() }
    }
}

/// Reads a list once, in memory for 16 bytes an openid: each openid counts once, in the order of the
/// file. `digest` asks for that of its bytes too.
///
/// Lines that are no openids are errors, repeated ones warnings, and fewer than two people an error:
/// at most ten of a kind are named one by one, with the line shown.
///
/// # Errors
///
/// [`Unread`] when the list, or one that it takes away, cannot be read to its end.
pub fn read_list(
    formula: &Formula,
    open: Open<'_>,
    digest: Digest,
) -> Result<(ListRead, Vec<Diagnostic>), Unread> {
    let (mut cutter, mut notes) = (Cutter::default(), Notes::default());
    let wanted = Wanted { notes: Some(&mut notes), digest };
    let walked = walk(formula, open, wanted, &mut |openid, _| {
        cutter.push(openid);
        ControlFlow::Continue(())
    });
    let walked = walked.map_err(|stop| Unread::of(&stop, open))?;
    let (fingerprint, parts) = cutter.finish();
    let count = parts.iter().map(|part| u64::from(part.count)).sum();
    let mut problems = notes.problems(formula, open);
    if count < OPENIDS_MIN && !notes.has_bad() {
        problems.push(too_few(formula, &walked, count, open));
    }
    let (in_file, sha256) = (walked.in_file, walked.sha256);
    Ok((ListRead { in_file, count, fingerprint, parts, sha256 }, problems))
}

/// Reads the people of one part again: `count` of those who are left, after the `first`.
///
/// # Errors
///
/// [`Unread`] when the list, or one that it takes away, cannot be read so far.
pub fn read_part(
    formula: &Formula,
    (first, count): (u64, u32),
    open: Open<'_>,
) -> Result<Vec<OpenId>, Unread> {
    let (mut before, mut people) = (0, Vec::new());
    let walked = walk(formula, open, Wanted::PEOPLE, &mut |openid, _| {
        if before < first {
            before += 1;
            return ControlFlow::Continue(());
        }
        let openid = std::str::from_utf8(openid).ok().and_then(|text| OpenId::new(text).ok());
        people.extend(openid);
        if people.len() < count as usize {
            ControlFlow::Continue(())
        } else {
            ControlFlow::Break(())
        }
    });
    walked.map_err(|stop| Unread::of(&stop, open))?;
    Ok(people)
}

fn too_few(formula: &Formula, walked: &Walked, count: u64, open: Open<'_>) -> Diagnostic {
    let name = formula.file.name();
    let mut message = format!("`{name}` has {}", counted(walked.in_file));
    let names = formula.except.iter().map(|(name, _)| name);
    let taken: Vec<String> = names
        .zip(&walked.taken)
        .map(|(name, taken)| format!("`{name}` takes {taken} of them away"))
        .collect();
    let outside = formula
        .slice
        .as_ref()
        .map(|(slice, _)| format!("{} are outside of the slice {slice}", walked.outside));
    let cuts: Vec<String> = taken.into_iter().chain(outside).collect();
    if !cuts.is_empty() {
        message = format!("{message}, {}, {} left", cuts.join(", "), is_or_are(count));
    }
    let help = if cuts.is_empty() || walked.in_file < OPENIDS_MIN {
        "add people, or use a preview to reach one"
    } else {
        "take less away, or use a preview to reach one"
    };
    Diagnostic::error(
        &codes::TOO_FEW,
        format!("{message}, and a send to a list needs {OPENIDS_MIN}"),
    )
    .at(notes::beginning(&formula.file, open), "")
    .help(help)
}

fn counted(openids: u64) -> String {
    match openids {
        0 => "no openid".to_owned(),
        1 => "one openid".to_owned(),
        n => format!("{n} openids"),
    }
}

fn is_or_are(count: u64) -> String {
    match count {
        0 => "none is".to_owned(),
        1 => "one is".to_owned(),
        n => format!("{n} are"),
    }
}
