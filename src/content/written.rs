//! A rendered template that knows where each of its bytes was written.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::diagnostic::{Place, Spanned};

/// A rendered template.
#[derive(Debug)]
pub(super) struct Written {
    /// The text that the template came to.
    pub(super) text: String,
    /// What wrote which bytes of it, in order.
    spans: Vec<Span>,
    /// The template's name in the campaign file: where problems go that belong nowhere else.
    fallback: Place,
    /// How far each searched word was found, so that its next mention is found next.
    searched: BTreeMap<String, usize>,
}

/// Bytes of the output, and where they come from.
#[derive(Debug)]
pub(super) struct Span {
    /// In the output.
    pub(super) output: Range<usize>,
    /// In the template.
    pub(super) source: Place,
    /// Whether the two agree byte for byte, or the template holds an expression for them.
    pub(super) verbatim: bool,
}

impl Written {
    pub(super) fn new(text: String, spans: Vec<Span>, fallback: Place) -> Self {
        Self { text, spans, fallback, searched: BTreeMap::new() }
    }

    /// Where a person wrote the next mention of one of `words`; each is tried in turn.
    ///
    /// Markdown and HTML change how a thing is spelt (`%20`, `&amp;`), so a caller names the
    /// spellings that it can think of. Found nowhere: where the template is named.
    pub(super) fn find(&mut self, words: &[&str]) -> Place {
        let found = words.iter().find_map(|word| self.next(word));
        found.map_or_else(|| self.fallback.clone(), |range| self.place(&range))
    }

    fn next(&mut self, word: &str) -> Option<Range<usize>> {
        if word.is_empty() {
            return None;
        }
        let from = self.searched.get(word).copied().unwrap_or(0);
        let at = self.text[from..].match_indices(word).map(|(at, _)| from + at);
        // Behind the last mention there may be none: a picture that Markdown shows twice.
        let at = at.clone().find(|at| self.stands_alone(*at, word)).or_else(|| {
            let mut all = self.text.match_indices(word).map(|(at, _)| at);
            all.find(|at| self.stands_alone(*at, word))
        })?;
        self.searched.insert(word.to_owned(), at + word.len());
        Some(at..at + word.len())
    }

    /// Whether the word at `at` is not the end of a longer one: `a.png` in `banana.png`.
    fn stands_alone(&self, at: usize, word: &str) -> bool {
        let joins = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '/' | '%');
        let before = self.text[..at].chars().next_back();
        !(word.starts_with(joins) && before.is_some_and(joins))
    }

    fn place(&self, output: &Range<usize>) -> Place {
        let at = self.spans.partition_point(|span| span.output.end <= output.start);
        let Some(span) = self.spans.get(at) else { return self.fallback.clone() };
        if !span.verbatim {
            return span.source.clone();
        }
        let start = span.source.span().start + output.start.saturating_sub(span.output.start);
        let length = output.end.min(span.output.end) - output.start;
        Place::new(span.source.file(), start..start + length)
    }
}

/// The place of `range` of a value that stands in a YAML file.
///
/// YAML lets a value look different in the file (quotes, escapes, folding). The line that the range
/// begins in is looked for as it is; when it is written otherwise, the whole value is the place.
pub(super) fn within(value: &Spanned<String>, range: &Range<usize>) -> Place {
    let (file, span) = (value.place.file(), value.place.span());
    let written = &file.text[span.clone()];
    let (mut line_start, mut cursor) = (0, 0);
    for line in value.value.split('\n') {
        let Some(found) = written[cursor..].find(line.trim()) else { break };
        let indent = line.len() - line.trim_start().len();
        if range.start <= line_start + line.len() {
            let column = range.start.saturating_sub(line_start + indent);
            let start = span.start + cursor + found + column;
            let length = range.len().min((indent + line.trim().len()).saturating_sub(column));
            return Place::new(file, start..(start + length).min(span.end));
        }
        cursor += found + line.trim().len();
        line_start += line.len() + 1;
    }
    value.place.clone()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::SourceFile;

    fn check(yaml: &str, value: &str, word: &str, expected: Option<usize>) {
        let file = SourceFile::new("campaign.yaml", yaml);
        let start = yaml.find(':').unwrap() + 2;
        let place = Place::new(&file, start..yaml.len());
        let value = Spanned::new(value.to_owned(), place.clone());
        let at = value.value.find(word).unwrap();
        let found = within(&value, &(at..at + word.len()));
        match expected {
            Some(offset) => {
                assert_eq!(found.span(), offset..offset + word.len(), "{yaml}");
                assert_eq!(&yaml[found.span()], word);
            }
            None => assert_eq!(found, place),
        }
    }

    #[test]
    fn a_range_is_found_in_every_way_yaml_writes_it() {
        check("title: {{ season }}上新", "{{ season }}上新", "season", Some(10));
        check("title: \"{{ season }}上新\"", "{{ season }}上新", "season", Some(11));
        check("text: |\n  你好\n  {{ name }}\n", "你好\n{{ name }}\n", "name", Some(22));
        check("title: \"\\u6625{{ season }}\"", "春{{ season }}", "season", None);
    }

    #[test]
    fn the_next_mention_is_found_next_and_never_the_end_of_a_longer_word() {
        let file = SourceFile::new("launch.md", "![](图/banana.png) ![](a.png) ![](a.png)");
        let source = Place::new(&file, 0..file.text.len());
        let span = Span { output: 0..file.text.len(), source: source.clone(), verbatim: true };
        let mut written = Written::new(file.text.clone(), vec![span], source);
        let columns: Vec<usize> =
            (0..3).map(|_| written.find(&["a.png"]).line_column().1).collect();
        assert_eq!(columns, [23, 34, 23]);
    }
}
