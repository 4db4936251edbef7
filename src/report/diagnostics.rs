//! Problems as a person reads them, with the line and a caret, and as JSON.

use std::fmt::Write as _;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Element, Group, Level, Origin, Renderer, Snippet};
use serde_json::{Value, json};

use super::style::Color;
use crate::diagnostic::{Diagnostic, Label, Line, Place, Severity};

/// Labels of one file that stand within so many lines of each other share a picture.
const TOGETHER_LINES: usize = 100;

/// Draws problems in the given order, with an empty line after each.
///
/// Carets stand under the right character in Chinese text too, and columns count characters.
/// Control characters and marks that reorder text are shown as signs, never obeyed. A problem whose
/// line may hold a secret names its place only.
pub fn render(diagnostics: &[Diagnostic], color: Color) -> String {
    let renderer = match color {
        Color::Plain => Renderer::plain(),
        Color::Ansi => Renderer::styled(),
    };
    let mut text = String::new();
    for diagnostic in diagnostics {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{}\n", renderer.render(&[group(diagnostic)]));
    }
    text
}

/// Says problems as JSON: an array of objects with `code`, `severity`, `message`, `path`, `line`,
/// `column` (in characters, from 1) and `help`; what a problem does not have is `null`.
///
/// No line of a file is in it, so a secret cannot be either.
pub fn to_json(diagnostics: &[Diagnostic]) -> Value {
    diagnostics
        .iter()
        .map(|diagnostic| {
            let place = diagnostic.place();
            let line_column = place.map(Place::line_column);
            json!({
                "code": diagnostic.code.id,
                "severity": match diagnostic.severity {
                    Severity::Error => "error",
                    Severity::Warning => "warning",
                },
                "message": diagnostic.message,
                "path": place.map(|place| place.file().path.as_str()),
                "line": line_column.map(|(line, _)| line),
                "column": line_column.map(|(_, column)| column),
                "help": diagnostic.help,
            })
        })
        .collect()
}

fn group(diagnostic: &Diagnostic) -> Group<'static> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let mut group = level
        .primary_title(visible(&diagnostic.message))
        .id(diagnostic.code.id)
        .elements(pictures(diagnostic));
    if let Some(help) = &diagnostic.help {
        group = group.element(Level::HELP.message(visible(help)));
    }
    group
}

fn pictures(diagnostic: &Diagnostic) -> Vec<Element<'static>> {
    let labels = diagnostic.at.iter().chain(&diagnostic.also);
    if diagnostic.line == Line::Hidden {
        return labels.map(|label| origin(&label.place).into()).collect();
    }
    let mut together: Vec<Vec<&Label>> = Vec::new();
    for label in labels {
        match together.iter_mut().find(|others| near(&others[0].place, &label.place)) {
            Some(others) => others.push(label),
            None => together.push(vec![label]),
        }
    }
    let primary = diagnostic.at.as_ref();
    together.iter().map(|labels| picture(labels, primary).into()).collect()
}

fn near(a: &Place, b: &Place) -> bool {
    a.file() == b.file() && a.line_column().0.abs_diff(b.line_column().0) <= TOGETHER_LINES
}

fn origin(place: &Place) -> Origin<'static> {
    let (line, column) = place.line_column();
    Origin::path(visible(&place.file().path)).line(line).char_column(column)
}

/// Draws the lines that some places of one file are on.
fn picture(
    labels: &[&Label],
    primary: Option<&Label>,
) -> Snippet<'static, annotate_snippets::Annotation<'static>> {
    let file = labels[0].place.file();
    let lines = labels.iter().map(|label| line_around(&label.place));
    let window = lines.reduce(|a, b| a.start.min(b.start)..a.end.max(b.end)).unwrap_or(0..0);
    let first_line = file.text[..window.start].matches('\n').count() + file.first_line;
    let source = Shown::of(&file.text[window.clone()]);
    let mut snippet =
        Snippet::source(source.text.clone()).path(visible(&file.path)).line_start(first_line);
    for label in labels {
        let span = label.place.span();
        let end = span.end.min(line_around(&label.place).end);
        let span = source.at(span.start - window.start)..source.at(end - window.start);
        let kind = match primary {
            Some(primary) if std::ptr::eq(primary, *label) => AnnotationKind::Primary,
            _ => AnnotationKind::Context,
        };
        let annotation = kind.span(span);
        snippet = snippet.annotation(match label.text.as_str() {
            "" => annotation,
            text => annotation.label(visible(text)),
        });
    }
    snippet
}

/// The line that a place begins on, without its end.
fn line_around(place: &Place) -> Range<usize> {
    let (text, at) = (&place.file().text, place.span().start);
    let start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let end = text[at..].find('\n').map_or(text.len(), |newline| at + newline);
    let end = if text[at..end].ends_with('\r') { end - 1 } else { end };
    start..end
}

/// Text with signs in place of what a terminal would obey.
struct Shown {
    text: String,
    /// Where replaced characters stood, and how many bytes the text has grown after them.
    grown: Vec<(usize, usize)>,
}

impl Shown {
    fn of(source: &str) -> Self {
        let mut shown = Self { text: String::with_capacity(source.len()), grown: Vec::new() };
        for (at, c) in source.char_indices() {
            match sign(c) {
                Some(sign) => {
                    let before = shown.grown.last().map_or(0, |(_, grown)| *grown);
                    // Signs have three bytes, and what they replace one to three.
                    shown.grown.push((at, before + sign.len_utf8() - c.len_utf8()));
                    shown.text.push(sign);
                }
                None => shown.text.push(c),
            }
        }
        shown
    }

    /// Where a byte of the source is in the shown text.
    fn at(&self, byte: usize) -> usize {
        let replaced = self.grown.partition_point(|(at, _)| *at < byte);
        byte + replaced.checked_sub(1).map_or(0, |last| self.grown[last].1)
    }
}

/// Replaces what a terminal would obey.
fn visible(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\n' => '␊',
            '\t' => ' ',
            c => sign(c).unwrap_or(c),
        })
        .collect()
}

/// The sign that stands for a character a terminal would obey: a control character, or a mark that
/// reorders text. Tabs and line ends are left to the drawing.
fn sign(c: char) -> Option<char> {
    match c {
        '\n' | '\t' => None,
        '\0'..='\u{1f}' => char::from_u32(0x2400 + u32::from(c)),
        '\u{7f}' => Some('␡'),
        '\u{80}'..='\u{9f}'
        | '\u{61c}'
        | '\u{200e}'
        | '\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2066}'..='\u{2069}' => Some('\u{fffd}'),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::diagnostic::{Code, SourceFile};

    use super::*;

    static CODE: Code = Code { id: "Q0201", title: "unknown article", explanation: "" };

    fn problem(text: &str, word: &str) -> Diagnostic {
        let file = SourceFile::new("spring/campaign.yaml", text);
        let at = text.find(word).unwrap();
        let place = Place::new(&file, at..at + word.len());
        Diagnostic::error(&CODE, format!("there is no article `{word}`"))
            .at(place, "unknown article")
            .help("did you mean `launch`?")
    }

    #[test]
    fn a_caret_stands_under_the_right_chinese_character() {
        let text = "sends:\n  春季: { news: [launch, 发布], to: vip }\n";
        insta::assert_snapshot!(render(&[problem(text, "发布")], Color::Plain), @r"
        error[Q0201]: there is no article `发布`
         --> spring/campaign.yaml:2:24
          |
        2 |   春季: { news: [launch, 发布], to: vip }
          |                          ^^^^ unknown article
          |
          = help: did you mean `launch`?
        ");
    }

    #[test]
    fn two_places_of_a_file_share_a_picture_and_other_files_have_their_own() {
        let text = "a: 一\nb: 二\nc: 三\n";
        let other = SourceFile::new("g.yaml", text);
        let problem = problem(text, "三");
        let file = std::sync::Arc::clone(problem.place().unwrap().file());
        let problem = problem
            .also(Place::new(&file, 3..6), "first here")
            .also(Place::new(&other, 10..13), "and here");
        insta::assert_snapshot!(render(&[problem], Color::Plain), @r"
        error[Q0201]: there is no article `三`
         --> spring/campaign.yaml:3:4
          |
        1 | a: 一
          |    -- first here
        2 | b: 二
        3 | c: 三
          |    ^^ unknown article
          |
         ::: g.yaml:2:4
          |
        2 | b: 二
          |    -- and here
          |
          = help: did you mean `launch`?
        ");
    }

    #[test]
    fn a_hidden_line_is_not_drawn() {
        let text = "secret: 不可告人\n";
        let hidden = problem(text, "secret").hide_line();
        let shown = render(&[hidden], Color::Plain);
        assert!(!shown.contains("不可告人"), "{shown}");
        insta::assert_snapshot!(shown, @r"
        error[Q0201]: there is no article `secret`
        --> spring/campaign.yaml:1:1
         = help: did you mean `launch`?
        ");
    }

    #[test]
    fn what_a_terminal_would_obey_is_shown_as_a_sign() {
        let text = "a: \u{1b}[31m红\u{9b}2J\u{202e}反\r.\r\nb: 二\n";
        let shown = render(&[problem(text, "反")], Color::Plain);
        assert!(!shown.contains(['\u{1b}', '\u{9b}', '\u{202e}', '\r']), "{shown:?}");
        insta::assert_snapshot!(shown, @r"
        error[Q0201]: there is no article `反`
         --> spring/campaign.yaml:1:14
          |
        1 | a: ␛[31m红�2J�反␍.
          |               ^^ unknown article
          |
          = help: did you mean `launch`?
        ");
    }

    #[test]
    fn colours_are_asked_for() {
        let problems = [problem("a: 发布\n", "发布")];
        assert!(render(&problems, Color::Ansi).contains("\u{1b}["));
        assert!(!render(&problems, Color::Plain).contains('\u{1b}'));
    }

    #[test]
    fn json_has_the_place_and_never_the_line() {
        let text = "sends:\n  春季: { news: [发布] }\n";
        let unplaced = Diagnostic::warning(&CODE, "somewhere");
        insta::assert_json_snapshot!(to_json(&[problem(text, "发布"), unplaced]), @r#"
        [
          {
            "code": "Q0201",
            "severity": "error",
            "message": "there is no article `发布`",
            "path": "spring/campaign.yaml",
            "line": 2,
            "column": 16,
            "help": "did you mean `launch`?"
          },
          {
            "code": "Q0201",
            "severity": "warning",
            "message": "somewhere",
            "path": null,
            "line": null,
            "column": null,
            "help": null
          }
        ]
        "#);
    }
}
