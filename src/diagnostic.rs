//! A problem with a place: what is wrong, where, and what to do about it.
//!
//! Every room that reads what a person wrote answers with all its problems at once, each with a
//! [`Code`] that `qunfa explain` describes. How a problem looks on a screen is the `report` room's
//! business.
//!
//! ```
//! use qunfa::diagnostic::{Code, Diagnostic, Place, SourceFile};
//!
//! static UNKNOWN_ARTICLE: Code =
//!     Code { id: "Q0201", title: "unknown article", explanation: "A send names an article …" };
//! let file = SourceFile::new("campaign.yaml", "news: [发布]\n");
//! let problem = Diagnostic::error(&UNKNOWN_ARTICLE, "there is no article `发布`")
//!     .at(Place::new(&file, 7..13), "not among the articles")
//!     .help("write one of: `launch`");
//! assert_eq!(problem.place().unwrap().line_column(), (1, 8));
//! ```

use std::ops::Range;
use std::sync::Arc;

/// A text file as it was read, with the path that a person knows it by.
#[derive(Debug, PartialEq, Eq)]
pub struct SourceFile {
    /// Relative to where the program was started, as the person wrote it.
    pub path: String,
    /// The whole text, without a byte order mark; or the lines of it that are shown.
    pub text: String,
    /// The number of the text's first line: 1 for a whole text.
    pub first_line: usize,
}

impl SourceFile {
    /// Wraps a file's text.
    pub fn new(path: impl Into<String>, text: impl Into<String>) -> Arc<Self> {
        Self::excerpt(path, 1, text)
    }

    /// Wraps some lines of a file that is too long to be kept.
    pub fn excerpt(
        path: impl Into<String>,
        first_line: usize,
        text: impl Into<String>,
    ) -> Arc<Self> {
        Arc::new(Self { path: path.into(), text: text.into(), first_line })
    }
}

/// A range of bytes in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    file: Arc<SourceFile>,
    span: Range<usize>,
}

impl Place {
    /// Points at `span` in `file`; a span outside the text is cut to it, and widened to whole
    /// characters.
    pub fn new(file: &Arc<SourceFile>, span: Range<usize>) -> Self {
        let text = &file.text;
        let floor = |mut at: usize| {
            while !text.is_char_boundary(at) {
                at -= 1;
            }
            at
        };
        let start = floor(span.start.min(text.len()));
        let mut end = span.end.clamp(start, text.len());
        while !text.is_char_boundary(end) {
            end += 1;
        }
        Self { file: Arc::clone(file), span: start..end }
    }

    /// The file.
    pub fn file(&self) -> &Arc<SourceFile> {
        &self.file
    }

    /// The range, in bytes, on character boundaries.
    pub fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    /// Line and column, both from 1; the column counts characters, as editors do.
    pub fn line_column(&self) -> (usize, usize) {
        let before = &self.file.text[..self.span.start];
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let line = before.matches('\n').count() + self.file.first_line;
        (line, before[line_start..].chars().count() + 1)
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (line, column) = self.line_column();
        write!(f, "{}:{line}:{column}", self.file.path)
    }
}

/// A value that knows where it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Where it stands.
    pub place: Place,
}

impl<T> Spanned<T> {
    /// Joins a value and its place.
    pub fn new(value: T, place: Place) -> Self {
        Self { value, place }
    }

    /// Another value at the same place.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Spanned<U> {
        Spanned { value: f(self.value), place: self.place }
    }
}

impl<T> std::ops::Deref for Spanned<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Nothing is planned or sent while it stands.
    Error,
    /// Shown, and gone on.
    Warning,
}

/// The stable name of a kind of problem, and the text that `qunfa explain` prints for it.
#[derive(Debug, PartialEq, Eq)]
pub struct Code {
    /// `Q` and four digits; never given to another problem.
    pub id: &'static str,
    /// A few words.
    pub title: &'static str,
    /// Why it matters and what to do, with an example; English, then Chinese.
    pub explanation: &'static str,
}

/// A place and what is to be said about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// Where.
    pub place: Place,
    /// A few words that stand beside the caret.
    pub text: String,
}

/// Whether the line that a problem is on may be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line {
    /// With a caret under the place.
    Shown,
    /// Never: a secret may stand on it. The place is still named.
    Hidden,
}

/// One problem in what a person wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Which kind of problem.
    pub code: &'static Code,
    /// How bad.
    pub severity: Severity,
    /// What is wrong: a lower-case fragment that names the thing.
    pub message: String,
    /// Where it is wrong.
    pub at: Option<Label>,
    /// Other places that matter, such as the first of two equal keys.
    pub also: Vec<Label>,
    /// What to do.
    pub help: Option<String>,
    /// Whether the lines of `at` and `also` may be shown.
    pub line: Line,
}

impl Diagnostic {
    /// Begins an error.
    pub fn error(code: &'static Code, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: Severity::Error,
            message: message.into(),
            at: None,
            also: Vec::new(),
            help: None,
            line: Line::Shown,
        }
    }

    /// Begins a warning.
    pub fn warning(code: &'static Code, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, message) }
    }

    /// Says where.
    #[must_use]
    pub fn at(self, place: Place, text: impl Into<String>) -> Self {
        Self { at: Some(Label { place, text: text.into() }), ..self }
    }

    /// Adds another place that matters.
    #[must_use]
    pub fn also(mut self, place: Place, text: impl Into<String>) -> Self {
        self.also.push(Label { place, text: text.into() });
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }

    /// Keeps the lines from being shown, since a secret may stand on them.
    #[must_use]
    pub fn hide_line(self) -> Self {
        Self { line: Line::Hidden, ..self }
    }

    /// Where it is wrong, if it is somewhere.
    pub fn place(&self) -> Option<&Place> {
        self.at.as_ref().map(|label| &label.place)
    }

    /// Whether this stops everything.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_and_spans_never_cut_one() {
        let file = SourceFile::new("f", "一二\n标题: 春季\n");
        let place = Place::new(&file, 16..17);
        assert_eq!(place.line_column(), (2, 5));
        assert_eq!(&file.text[place.span()], "春");
        assert_eq!(Place::new(&file, 400..500).line_column(), (3, 1));
    }
}
