//! Lists of openids: `.txt` with one a line, or `.csv` with a header.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Place, SourceFile};
use crate::terms::OpenId;

use super::bundle::ending;
use super::codes;
use super::names;

/// The column that is read when none is named.
const COLUMN: &str = "openid";
/// A send to a list has at least so many people (40130).
const OPENIDS_MIN: usize = 2;
/// Of one kind of problem, so many are shown one by one.
const SHOWN_MAX: usize = 10;

/// Reads a list of openids: each once, in the order of the file.
///
/// A `.csv` file names its columns in the first line; `column`, or else `openid`, is read. Any other
/// file has one openid a line; empty lines and lines that begin with `#` are skipped. Lines that are
/// no openid are errors, repeated ones warnings.
pub fn read_openids(
    file: &Arc<SourceFile>,
    column: Option<&str>,
) -> (Vec<OpenId>, Vec<Diagnostic>) {
    let words =
        if ending(&file.path) == "csv" { csv_column(file, column) } else { lines(file, column) };
    match words {
        Ok(words) => judged(file, &words),
        Err(problem) => (Vec::new(), vec![*problem]),
    }
}

fn lines(
    file: &Arc<SourceFile>,
    column: Option<&str>,
) -> Result<Vec<Range<usize>>, Box<Diagnostic>> {
    if let Some(column) = column {
        let message = format!("`{}` has no columns, and `{column}` is asked for", file.path);
        return Err(Box::new(
            Diagnostic::error(&codes::NO_COLUMN, message)
                .at(Place::new(file, 0..0), "one openid a line")
                .help("leave `column` out, or use a .csv file"),
        ));
    }
    let mut at = 0;
    let mut words = Vec::new();
    for line in file.text.split_inclusive('\n') {
        let word = line.trim();
        if !word.is_empty() && !word.starts_with('#') {
            let start = at + (line.len() - line.trim_start().len());
            words.push(start..start + word.len());
        }
        at += line.len();
    }
    Ok(words)
}

fn judged(file: &Arc<SourceFile>, words: &[Range<usize>]) -> (Vec<OpenId>, Vec<Diagnostic>) {
    let mut first: HashMap<&str, &Range<usize>> = HashMap::with_capacity(words.len());
    let (mut openids, mut bad, mut repeated) = (Vec::new(), Vec::new(), Vec::new());
    for word in words {
        let text = &file.text[word.clone()];
        match OpenId::new(text) {
            Err(_) => bad.push(word.clone()),
            Ok(_) if first.contains_key(text) => repeated.push((first[text].clone(), word.clone())),
            Ok(openid) => {
                first.insert(text, word);
                openids.push(openid);
            }
        }
    }
    let mut problems = Vec::new();
    for word in bad.iter().take(SHOWN_MAX) {
        let message = match &file.text[word.clone()] {
            "" => "an empty field where an openid is wanted".to_owned(),
            text => format!("`{}` is not an openid", shortened(text)),
        };
        let diagnostic = Diagnostic::error(&codes::BAD_OPENID, message)
            .at(Place::new(file, word.clone()), "not an openid")
            .help("an openid has letters, digits, `-` and `_`, and belongs to this account");
        problems.push(diagnostic);
    }
    if bad.len() > SHOWN_MAX {
        let message =
            format!("`{}` has {} more lines that are no openids", file.path, bad.len() - SHOWN_MAX);
        let place = Place::new(file, bad[SHOWN_MAX].clone());
        problems.push(Diagnostic::error(&codes::BAD_OPENID, message).at(place, "the next one"));
    }
    problems.extend(repetitions(file, &repeated));
    if openids.len() < OPENIDS_MIN && bad.is_empty() {
        let message = format!(
            "`{}` has {}, and a send to a list needs {OPENIDS_MIN}",
            file.path,
            counted(openids.len())
        );
        let diagnostic = Diagnostic::error(&codes::TOO_FEW, message)
            .at(Place::new(file, 0..0), "")
            .help("add people, or use a preview to reach one");
        problems.push(diagnostic);
    }
    (openids, problems)
}

fn repetitions(
    file: &Arc<SourceFile>,
    repeated: &[(Range<usize>, Range<usize>)],
) -> Vec<Diagnostic> {
    let mut problems: Vec<Diagnostic> = repeated
        .iter()
        .take(SHOWN_MAX)
        .map(|(first, again)| {
            let message = format!("`{}` stands in the list twice", &file.text[again.clone()]);
            Diagnostic::warning(&codes::REPEATED, message)
                .at(Place::new(file, again.clone()), "again here")
                .also(Place::new(file, first.clone()), "first here")
                .help("it is sent to once; leave one of the lines out")
        })
        .collect();
    if let Some((_, next)) = repeated.get(SHOWN_MAX) {
        let message =
            format!("`{}` has {} more repeated openids", file.path, repeated.len() - SHOWN_MAX);
        let place = Place::new(file, next.clone());
        problems.push(Diagnostic::warning(&codes::REPEATED, message).at(place, "the next one"));
    }
    problems
}

fn counted(openids: usize) -> String {
    match openids {
        0 => "no openid".to_owned(),
        1 => "one openid".to_owned(),
        n => format!("{n} openids"),
    }
}

fn shortened(text: &str) -> String {
    const CHARS_MAX: usize = 40;
    match text.char_indices().nth(CHARS_MAX) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// Finds the fields of one column.
fn csv_column(
    file: &Arc<SourceFile>,
    column: Option<&str>,
) -> Result<Vec<Range<usize>>, Box<Diagnostic>> {
    let mut rows = Rows { file, at: 0 };
    let header = rows.next_row()?.unwrap_or_default();
    let names: Vec<String> =
        header.iter().map(|field| unquoted(&file.text[field.clone()])).collect();
    let wanted = column.unwrap_or(COLUMN);
    let Some(index) = names.iter().position(|name| name.trim() == wanted) else {
        let shown: Vec<String> = names.iter().map(|name| shortened(name)).collect();
        let message = format!("`{}` has no column `{wanted}`", file.path);
        let help = format!(
            "the first line names the columns: {}; say which one holds the openids with `column`",
            names::listed(shown.iter().map(String::as_str))
        );
        let end = file.text.find('\n').unwrap_or(file.text.len());
        return Err(Box::new(
            Diagnostic::error(&codes::NO_COLUMN, message)
                .at(Place::new(file, 0..end), "")
                .help(help),
        ));
    };
    let mut words = Vec::new();
    while let Some(row) = rows.next_row()? {
        if row.len() == 1 && row[0].is_empty() {
            continue; // an empty line
        }
        let end = row.last().map_or(0..0, |last| last.end..last.end);
        let field = row.get(index).cloned().unwrap_or(end);
        words.push(trimmed(&file.text, field));
    }
    Ok(words)
}

/// A field without its quotes and the spaces around its text.
fn trimmed(text: &str, field: Range<usize>) -> Range<usize> {
    let raw = &text[field.clone()];
    let inner = raw.strip_prefix('"').and_then(|raw| raw.strip_suffix('"'));
    let start = field.start + usize::from(inner.is_some());
    let inner = inner.unwrap_or(raw);
    let start = start + (inner.len() - inner.trim_start().len());
    start..start + inner.trim().len()
}

fn unquoted(raw: &str) -> String {
    match raw.strip_prefix('"').and_then(|raw| raw.strip_suffix('"')) {
        Some(inner) => inner.replace("\"\"", "\""),
        None => raw.to_owned(),
    }
}

/// Cuts CSV (RFC 4180) into rows of fields, quotes included.
struct Rows<'a> {
    file: &'a Arc<SourceFile>,
    at: usize,
}

impl Rows<'_> {
    fn next_row(&mut self) -> Result<Option<Vec<Range<usize>>>, Box<Diagnostic>> {
        let text = self.file.text.as_bytes();
        if self.at >= text.len() {
            return Ok(None);
        }
        let mut fields = Vec::new();
        loop {
            let field = self.field()?;
            self.at = field.end;
            fields.push(field);
            match text.get(self.at) {
                Some(b',') => self.at += 1,
                Some(b'\r') if text.get(self.at + 1) == Some(&b'\n') => {
                    self.at += 2;
                    return Ok(Some(fields));
                }
                Some(_) => {
                    self.at += 1;
                    return Ok(Some(fields));
                }
                None => return Ok(Some(fields)),
            }
        }
    }

    fn field(&self) -> Result<Range<usize>, Box<Diagnostic>> {
        let text = self.file.text.as_bytes();
        let start = self.at;
        let ends = |byte: u8| byte == b',' || byte == b'\n' || byte == b'\r';
        if text.get(start) != Some(&b'"') {
            let length = text[start..].iter().position(|&byte| ends(byte));
            return Ok(start..length.map_or(text.len(), |length| start + length));
        }
        let mut at = start + 1;
        loop {
            match (text.get(at), text.get(at + 1)) {
                (Some(b'"'), Some(b'"')) => at += 2,
                (Some(b'"'), next) if next.is_none_or(|&byte| ends(byte)) => {
                    return Ok(start..at + 1);
                }
                (Some(b'"'), _) => {
                    return Err(self.bad(at + 1, "something follows a closing quote"));
                }
                (Some(_), _) => at += 1,
                (None, _) => return Err(self.bad(start, "a quote is not closed")),
            }
        }
    }

    fn bad(&self, at: usize, what: &str) -> Box<Diagnostic> {
        let message = format!("`{}` is not a CSV file: {what}", self.file.path);
        Box::new(
            Diagnostic::error(&codes::BAD_CSV, message)
                .at(Place::new(self.file, at..at + 1), "here")
                .help("inside quotes, a quote is written twice"),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads a list and writes what was found, then the problems, a line each.
    fn check(path: &str, text: &str, column: Option<&str>, expected: &str) {
        let file = SourceFile::new(path, text);
        let (openids, problems) = read_openids(&file, column);
        let openids: Vec<&str> = openids.iter().map(OpenId::as_str).collect();
        let mut seen = vec![openids.join(" ")];
        for problem in problems {
            let (line, column) = problem.place().unwrap().line_column();
            seen.push(format!("{} {line}:{column} {}", problem.code.id, problem.message));
        }
        assert_eq!(seen.join("\n"), expected);
    }

    #[test]
    fn a_text_has_one_openid_a_line() {
        check("老会员.txt", "# 老会员\r\no6_a\r\n\r\n  o6_b  \r\no6_c", None, "o6_a o6_b o6_c");
    }

    #[test]
    fn a_table_has_a_header() {
        let table = "昵称,openid\n\"王,小\"\"明\"\"\",o6_a\r\n李雷,\"o6_b\"\n\n";
        check("r.csv", table, None, "o6_a o6_b");
        check("r.csv", "粉丝ID,备注\no6_a,\no6_b,老会员\n", Some("粉丝ID"), "o6_a o6_b");
        check("r.csv", "粉丝ID,备注\no6_a,\n", None, "\nQ0415 1:1 `r.csv` has no column `openid`");
        check(
            "r.csv",
            "openid\n\"o6_a\n",
            None,
            "\nQ0416 2:1 `r.csv` is not a CSV file: a quote is not closed",
        );
        check(
            "r.csv",
            "openid\n\"o6\"a\n",
            None,
            "\nQ0416 2:5 `r.csv` is not a CSV file: something follows a closing quote",
        );
    }

    #[test]
    fn each_openid_counts_once() {
        check(
            "r.txt",
            "o6_a\no6_b\no6_a\n",
            None,
            "o6_a o6_b\nQ0414 3:1 `o6_a` stands in the list twice",
        );
    }

    #[test]
    fn lines_that_are_no_openids_are_pointed_at() {
        check(
            "r.txt",
            "o6_a\n  小明\no6_b\n",
            None,
            "o6_a o6_b\nQ0412 2:3 `小明` is not an openid",
        );
        check(
            "r.csv",
            "昵称,openid\n小明\n小红,o6_a\n小刚,o6_b\n",
            None,
            "o6_a o6_b\nQ0412 2:3 an empty field where an openid is wanted",
        );
        let many = "坏\n".repeat(12);
        let (_, problems) = read_openids(&SourceFile::new("r.txt", many), None);
        assert_eq!(problems.len(), SHOWN_MAX + 1);
        assert_eq!(problems[SHOWN_MAX].message, "`r.txt` has 2 more lines that are no openids");
    }

    #[test]
    fn one_person_is_no_list() {
        check(
            "r.txt",
            "o6_a\n",
            None,
            "o6_a\nQ0413 1:1 `r.txt` has one openid, and a send to a list needs 2",
        );
        check("r.txt", "", None, "\nQ0413 1:1 `r.txt` has no openid, and a send to a list needs 2");
        check(
            "r.txt",
            "o6_a\no6_b\n",
            Some("openid"),
            "\nQ0415 1:1 `r.txt` has no columns, and `openid` is asked for",
        );
    }
}
