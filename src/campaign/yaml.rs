//! A YAML document as a tree whose every key and value knows its bytes.
//!
//! Two crates read: `granit-parser` finds the structure and the places, under limits; `serde_yaml`
//! says what an unquoted scalar means (see [`super::scalar`]). What readers of YAML are known to
//! disagree about is refused here, so that an editor, a reviewer and this program see one document.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::{ControlFlow, Range};
use std::sync::Arc;

use granit_parser::{ErrorKind, Event, Parser, ScalarStyle, ScanError, Tag};

use crate::diagnostic::{Code, Diagnostic, Place, SourceFile};

use super::codes;

/// The largest YAML file.
pub(super) const YAML_BYTES_MAX: usize = 1024 * 1024;
const DEPTH_MAX: usize = 64;
const ALIASES_MAX: usize = 100;
const NODES_MAX: usize = 100_000;

/// A value and the bytes it stands on.
#[derive(Debug, Clone)]
pub(super) struct Node {
    pub(super) kind: Kind,
    pub(super) span: Range<usize>,
}

#[derive(Debug, Clone)]
pub(super) enum Kind {
    Plain(String),
    /// Quoted or a block: text, whatever it says.
    Quoted(String),
    List(Vec<Node>),
    /// Keys are scalars, each once.
    Map(Vec<(Node, Node)>),
}

impl Node {
    /// The text of a scalar.
    pub(super) fn scalar(&self) -> Option<&str> {
        match &self.kind {
            Kind::Plain(text) | Kind::Quoted(text) => Some(text),
            Kind::List(_) | Kind::Map(_) => None,
        }
    }

    fn count(&self) -> usize {
        match &self.kind {
            Kind::Plain(_) | Kind::Quoted(_) => 1,
            Kind::List(items) => 1 + items.iter().map(Self::count).sum::<usize>(),
            Kind::Map(entries) => {
                1 + entries.iter().map(|(key, value)| key.count() + value.count()).sum::<usize>()
            }
        }
    }
}

/// Reads a document. Without a tree there is at least one error.
pub(super) fn read(file: &Arc<SourceFile>) -> (Option<Node>, Vec<Diagnostic>) {
    let mut builder = Builder {
        file,
        open: Vec::new(),
        root: None,
        anchors: HashMap::new(),
        aliases: 0,
        nodes: 0,
        problems: Vec::new(),
    };
    let finished = builder.run();
    let root = match (finished, builder.root.take()) {
        (ControlFlow::Break(()), _) => None,
        (ControlFlow::Continue(()), None) => {
            builder.problem(&codes::EMPTY_FILE, 0..0, "the file is empty", "nothing here");
            None
        }
        (ControlFlow::Continue(()), root) => root,
    };
    (root, builder.problems)
}

struct Builder<'a> {
    file: &'a Arc<SourceFile>,
    open: Vec<Open>,
    root: Option<Node>,
    /// Finished nodes by the number of their anchor.
    anchors: HashMap<usize, Node>,
    aliases: usize,
    nodes: usize,
    problems: Vec<Diagnostic>,
}

/// A collection whose end has not come yet.
struct Open {
    anchor: usize,
    start: usize,
    holds: Holds,
}

enum Holds {
    Items(Vec<Node>),
    Entries { entries: Vec<(Node, Node)>, key: Option<Node>, places: HashMap<String, usize> },
}

type Flow = ControlFlow<()>;

impl<'a> Builder<'a> {
    fn run(&mut self) -> Flow {
        self.refuse_text()?;
        let options = granit_parser::options! {
            emit_anchor_events: true,
            disallow_directives: true,
            flow_nesting_limit: DEPTH_MAX,
            block_nesting_limit: DEPTH_MAX,
        };
        let file = self.file;
        let mut documents = 0;
        for event in Parser::new_from_str_with_options(&file.text, options) {
            let (event, span) = match event {
                Ok(pair) => pair,
                Err(error) => return self.syntax(&error),
            };
            let span = span.byte_range().unwrap_or(0..0);
            if matches!(event, Event::DocumentStart(..)) {
                documents += 1;
            }
            if documents > 1 {
                self.problem(
                    &codes::SECOND_DOCUMENT,
                    span,
                    "a second document begins here",
                    "one file is one document",
                );
                return Flow::Continue(());
            }
            self.event(event, span)?;
        }
        Flow::Continue(())
    }

    fn event(&mut self, event: Event<'a>, span: Range<usize>) -> Flow {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                self.refuse_tag(tag.as_deref(), &span);
                let kind = match style {
                    ScalarStyle::Plain => self.plain(text, &span),
                    _ => Kind::Quoted(text.into_owned()),
                };
                self.add(Node { kind, span }, anchor)
            }
            Event::SequenceStart(_, anchor, tag) => {
                self.refuse_tag(tag.as_deref(), &span);
                self.begin(anchor, span, Holds::Items(Vec::new()))
            }
            Event::MappingStart(_, anchor, tag) => {
                self.refuse_tag(tag.as_deref(), &span);
                let (entries, places) = (Vec::new(), HashMap::new());
                self.begin(anchor, span, Holds::Entries { entries, key: None, places })
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(&span),
            Event::Alias(id) => self.alias(id, span),
            Event::Anchor(_, name) if name.contains(':') => {
                let message = "an anchor with `:` in its name".to_owned();
                self.problem(&codes::NOT_USED_HERE, span, message, "readers disagree about it");
                Flow::Continue(())
            }
            _ => Flow::Continue(()),
        }
    }

    fn plain(&mut self, text: Cow<'_, str>, span: &Range<usize>) -> Kind {
        if span.is_empty() {
            return Kind::Plain(String::new()); // the parser says `~` where nothing is written
        }
        if text.starts_with('?') {
            let message = "unquoted text that begins with `?`";
            self.problem(&codes::NOT_USED_HERE, span.clone(), message, "put it in quotes");
        }
        Kind::Plain(text.into_owned())
    }

    fn begin(&mut self, anchor: usize, span: Range<usize>, holds: Holds) -> Flow {
        if self.open.len() >= DEPTH_MAX {
            return self.too_deep(span);
        }
        self.open.push(Open { anchor, start: span.start, holds });
        Flow::Continue(())
    }

    fn too_deep(&mut self, span: Range<usize>) -> Flow {
        let message = format!("lists and objects nested more than {DEPTH_MAX} levels deep");
        self.problem(&codes::TOO_DEEP, span, message, "one level too many");
        Flow::Break(())
    }

    fn end(&mut self, span: &Range<usize>) -> Flow {
        let Some(Open { anchor, start, holds }) = self.open.pop() else {
            return Flow::Continue(());
        };
        // A block collection's end is reported where the next token begins.
        let end = span.end.clamp(start, self.file.text.len());
        let span = start..start + self.file.text[start..end].trim_end().len();
        let kind = match holds {
            Holds::Items(items) => Kind::List(items),
            Holds::Entries { entries, .. } => Kind::Map(entries),
        };
        self.add(Node { kind, span }, anchor)
    }

    fn alias(&mut self, id: usize, span: Range<usize>) -> Flow {
        self.aliases += 1;
        let Some(node) = self.anchors.get(&id).cloned() else {
            self.problem(&codes::ALIASES, span, "an alias inside its own anchor", "endless");
            return Flow::Break(());
        };
        self.nodes += node.count();
        if self.aliases > ALIASES_MAX || self.nodes > NODES_MAX {
            let message = format!(
                "more than {ALIASES_MAX} aliases, or more than {NODES_MAX} values once filled in"
            );
            self.problem(&codes::ALIASES, span, message, "one too many");
            return Flow::Break(());
        }
        self.add(node, 0)
    }

    /// Puts a finished node where it belongs.
    fn add(&mut self, node: Node, anchor: usize) -> Flow {
        self.nodes += 1;
        if anchor > 0 {
            self.anchors.insert(anchor, node.clone());
        }
        match self.open.last_mut().map(|open| &mut open.holds) {
            None => self.root = Some(node),
            Some(Holds::Items(items)) => items.push(node),
            Some(Holds::Entries { key, .. }) => match key.take() {
                Some(key) => self.entry(key, node),
                None => return self.key(node),
            },
        }
        Flow::Continue(())
    }

    fn key(&mut self, node: Node) -> Flow {
        if node.scalar().is_none() {
            let message = "a key that is itself a list or an object";
            let diagnostic = Diagnostic::error(&codes::NOT_USED_HERE, message)
                .at(Place::new(self.file, node.span.clone()), "not a key")
                .help(self.hint(node.span.start).unwrap_or("write a word as the key".to_owned()));
            self.problems.push(diagnostic);
            return Flow::Break(());
        }
        if let Some(Open { holds: Holds::Entries { key, .. }, .. }) = self.open.last_mut() {
            *key = Some(node);
        }
        Flow::Continue(())
    }

    fn entry(&mut self, key: Node, mut value: Node) {
        let name = key.scalar().unwrap_or_default().to_owned();
        if matches!(key.kind, Kind::Plain(_)) && name == "<<" {
            let diagnostic = Diagnostic::error(&codes::NOT_USED_HERE, "a merge key `<<`")
                .at(Place::new(self.file, key.span), "not part of YAML 1.2")
                .help("write the keys out; an alias for a whole value (`window: *evening`) works");
            self.problems.push(diagnostic);
            return;
        }
        if value.span.is_empty() {
            value.span = key.span.clone(); // nothing was written: point at whose value is missing
        }
        let Some(Open { holds: Holds::Entries { entries, places, .. }, .. }) = self.open.last_mut()
        else {
            return;
        };
        if let Some(&first) = places.get(&name) {
            let first = Place::new(self.file, entries[first].0.span.clone());
            let diagnostic =
                Diagnostic::error(&codes::DUPLICATE_KEY, format!("`{name}` is written twice"))
                    .at(Place::new(self.file, key.span), "again here")
                    .also(first, "first here")
                    .help("keep one of the two, or give the second a name of its own");
            self.problems.push(diagnostic);
            return;
        }
        places.insert(name, entries.len());
        entries.push((key, value));
    }

    fn refuse_tag(&mut self, tag: Option<&Tag>, span: &Range<usize>) {
        if tag.is_some() {
            let message = "a YAML tag (`!…`)";
            self.problem(&codes::NOT_USED_HERE, span.clone(), message, "leave the tag out");
        }
    }

    /// Refuses what no parser should be asked to read.
    fn refuse_text(&mut self) -> Flow {
        let text = &self.file.text;
        if text.len() > YAML_BYTES_MAX {
            let message =
                format!("the file has {} bytes, and at most {YAML_BYTES_MAX} are read", text.len());
            self.problem(&codes::TOO_LARGE, 0..0, message, "");
            return Flow::Break(());
        }
        let invisible = ['\u{85}', '\u{2028}', '\u{2029}'];
        let found: Vec<_> = text.match_indices(invisible).take(10).collect();
        for (at, found) in &found {
            let c = found.chars().next().unwrap_or_default();
            let message = format!("an invisible line break, U+{:04X}", u32::from(c));
            self.problem(&codes::INVISIBLE_BREAK, *at..at + found.len(), message, "delete it");
        }
        if found.is_empty() { Flow::Continue(()) } else { Flow::Break(()) }
    }

    fn syntax(&mut self, error: &ScanError) -> Flow {
        let at = error.marker().byte_offset().unwrap_or(0);
        if matches!(error.kind(), ErrorKind::RecursionLimitExceeded) {
            return self.too_deep(at..at + 1);
        }
        let mut diagnostic =
            Diagnostic::error(&codes::SYNTAX, format!("not valid YAML: {}", error.info()))
                .at(Place::new(self.file, at..at), "reading stopped here");
        if let Some(hint) = self.hint(at) {
            diagnostic = diagnostic.help(hint);
        }
        self.problems.push(diagnostic);
        Flow::Break(())
    }

    /// Guesses what a person meant on the line of a syntax error, or on the one before it.
    fn hint(&self, at: usize) -> Option<String> {
        let text = &self.file.text;
        let at = Place::new(self.file, at..at).span().start;
        let end = text[at..].find('\n').map_or(text.len(), |end| at + end);
        let lines: Vec<&str> = text[..end].lines().rev().take(2).collect();
        let on = |test: &dyn Fn(&str) -> bool| lines.iter().any(|line| test(line));
        let value_begins = |line: &str, with: &str| {
            let value = line.split_once(": ").map_or(line.trim_start(), |(_, value)| value);
            value.trim_start_matches(['-', ' ']).starts_with(with)
        };
        if on(&|line| value_begins(line, "{{") || value_begins(line, "{%")) {
            return Some(
                "a value that begins with `{{` or `{%` needs quotes: \"{{ … }}\"".to_owned(),
            );
        }
        if on(&|line| line.trim_start_matches(' ').starts_with('\t')) {
            return Some("indent with spaces, not with tabs".to_owned());
        }
        if on(&|line| {
            line.split('：').next().is_some_and(|key| key.len() < line.len() && is_word(key))
        }) {
            return Some(
                "a key is followed by a plain `:` and a space, not by a full-width `：`".to_owned(),
            );
        }
        if on(&|line| value_begins(line, "“") || value_begins(line, "”")) {
            return Some("quotes are the plain `\"`, not `“` and `”`".to_owned());
        }
        None
    }

    fn problem(
        &mut self,
        code: &'static Code,
        span: Range<usize>,
        message: impl Into<String>,
        label: &str,
    ) {
        let place = Place::new(self.file, span);
        self.problems.push(Diagnostic::error(code, message).at(place, label));
    }
}

fn is_word(text: &str) -> bool {
    let text = text.trim_start_matches(['-', ' ']);
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
}
