//! Reading objects, lists and words off the tree; every problem is noted and reading goes on.

use std::ops::Range;
use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic, Place, SourceFile, Spanned};

use super::codes;
use super::keys::Shape;
use super::names;
use super::scalar::Meaning;
use super::yaml::{Kind, Node};

/// Reads one file, and gathers what is wrong with it.
pub(super) struct Reader<'a> {
    file: &'a Arc<SourceFile>,
    pub(super) problems: Vec<Diagnostic>,
}

/// A value under its key, or an entry of a list under the list's key.
#[derive(Debug, Clone, Copy)]
pub(super) struct Field<'n> {
    pub(super) name: &'n str,
    key: Option<&'n Node>,
    pub(super) node: &'n Node,
}

/// An object with known keys.
#[derive(Debug)]
pub(super) struct Object<'n> {
    shape: &'static Shape,
    fields: Vec<Field<'n>>,
    at: Range<usize>,
    /// Keys of a later version, and what misspelt keys were probably meant to be: they were noted,
    /// so nothing is called missing for want of them.
    noted: Vec<&'static str>,
}

/// How the words of a name are joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Join {
    /// By `-`: names in addresses.
    Dash,
    /// By `_`, beginning with a letter: names in templates.
    Underscore,
}

impl<'n> Object<'n> {
    /// Finds a key's value.
    pub(super) fn get(&self, key: &str) -> Option<Field<'n>> {
        self.fields.iter().copied().find(|field| field.name == key)
    }

    /// The names under a key, those of broken entries too, so that no reference to one of them is
    /// called unknown.
    pub(super) fn names_under(&self, key: &str) -> Vec<&'n str> {
        match self.get(key).map(|field| &field.node.kind) {
            Some(Kind::Map(entries)) => {
                entries.iter().filter_map(|(key, _)| key.scalar()).collect()
            }
            _ => Vec::new(),
        }
    }
}

impl<'n> Field<'n> {
    /// The root of a document.
    pub(super) fn root(name: &'n str, node: &'n Node) -> Self {
        Self { name, key: None, node }
    }

    /// A value inside of this one, under the same key.
    pub(super) fn inner(self, node: &'n Node) -> Self {
        Self { node, ..self }
    }
}

impl<'a> Reader<'a> {
    pub(super) fn new(file: &'a Arc<SourceFile>, problems: Vec<Diagnostic>) -> Self {
        Self { file, problems }
    }

    /// What is wrong, in the order of the file.
    pub(super) fn in_order(mut self) -> Vec<Diagnostic> {
        self.problems.sort_by_key(|problem| problem.place().map(|place| place.span().start));
        self.problems
    }

    /// Points at bytes of the file.
    pub(super) fn place(&self, span: Range<usize>) -> Place {
        Place::new(self.file, span)
    }

    /// Points at a value; of a long list or object, at its first line.
    pub(super) fn value_place(&self, field: Field<'_>) -> Place {
        let span = field.node.span.clone();
        let first_line = self.file.text[span.clone()].lines().next().unwrap_or_default().len();
        self.place(span.start..span.start + first_line)
    }

    /// Points at a key, or at the value where there is none.
    pub(super) fn key_place(&self, field: Field<'_>) -> Place {
        match field.key {
            Some(key) => self.place(key.span.clone()),
            None => self.value_place(field),
        }
    }

    /// Notes an error at a value.
    pub(super) fn error(
        &mut self,
        code: &'static Code,
        field: Field<'_>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        let place = self.value_place(field);
        self.problems.push(Diagnostic::error(code, message).at(place, "").help(help));
    }

    /// Opens an object, and notes every key that it cannot have.
    pub(super) fn object<'n>(
        &mut self,
        field: Field<'n>,
        shape: &'static Shape,
    ) -> Option<Object<'n>> {
        let Kind::Map(entries) = &field.node.kind else {
            let keys = names::listed(shape.keys.iter().copied());
            self.wrong_type(field, "an object", format!("{} has the keys {keys}", shape.what));
            return None;
        };
        let mut fields = Vec::with_capacity(entries.len());
        let mut noted = Vec::new();
        for (key, node) in entries {
            let name = key.scalar().unwrap_or_default();
            if shape.keys.contains(&name) {
                fields.push(Field { name, key: Some(key), node });
            } else if let Some(later) = shape.later.iter().find(|later| **later == name) {
                noted.push(*later);
                self.later(self.place(key.span.clone()), &format!("`{name}`"));
            } else {
                noted.extend(self.unknown_key(key, name, shape));
            }
        }
        let at = field.key.map_or_else(|| self.value_place(field).span(), |key| key.span.clone());
        Some(Object { shape, fields, at, noted })
    }

    /// Notes an unknown key, and answers the one that was probably meant.
    fn unknown_key(
        &mut self,
        key: &Node,
        name: &str,
        shape: &'static Shape,
    ) -> Option<&'static str> {
        let meant = names::nearest(name, shape.keys.iter().chain(shape.later).copied());
        let help = match meant {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("the keys are: {}", names::listed(shape.keys.iter().copied())),
        };
        let message = format!("{} has no key `{name}`", shape.what);
        let place = self.place(key.span.clone());
        self.problems.push(
            Diagnostic::error(&codes::UNKNOWN_KEY, message).at(place, "unknown key").help(help),
        );
        meant
    }

    /// Notes something that the language has and this version does not.
    pub(super) fn later(&mut self, place: Place, what: &str) {
        let message = format!("this version does not know {what} yet");
        let help = "it is part of the campaign language and comes in a later version";
        self.problems.push(
            Diagnostic::error(&codes::LATER_KEY, message).at(place, "not supported yet").help(help),
        );
    }

    /// Finds a key that has to be there.
    pub(super) fn need<'n>(&mut self, object: &Object<'n>, key: &str) -> Option<Field<'n>> {
        let found = object.get(key);
        if found.is_none() && !object.noted.contains(&key) {
            let message = format!("{} needs the key `{key}`", object.shape.what);
            self.missing(object, &codes::MISSING_KEY, message, format!("write `{key}: …`"));
        }
        found
    }

    /// Notes that something is missing from an object.
    pub(super) fn missing(
        &mut self,
        object: &Object<'_>,
        code: &'static Code,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        let place = self.place(object.at.clone());
        self.problems.push(Diagnostic::error(code, message).at(place, "").help(help));
    }

    /// Finds the one of several keys that is there; notes none and more than one.
    pub(super) fn one_of<'n>(
        &mut self,
        object: &Object<'n>,
        keys: &[&str],
        none: &'static Code,
    ) -> Option<Field<'n>> {
        let found: Vec<Field<'n>> = keys.iter().filter_map(|key| object.get(key)).collect();
        let what = object.shape.what;
        let noted =
            object.noted.iter().any(|key| keys.contains(key) || object.shape.later.contains(key));
        if let [_, second, ..] = found[..] {
            let message = format!("{what} with both `{}` and `{}`", found[0].name, second.name);
            let diagnostic = Diagnostic::error(&codes::EXACTLY_ONE, message)
                .at(self.key_place(second), "one too many")
                .also(self.key_place(found[0]), "and this one")
                .help(format!("keep exactly one of {}", names::listed(keys.iter().copied())));
            self.problems.push(diagnostic);
        }
        if found.is_empty() && !noted {
            let keys = names::listed(keys.iter().copied());
            let message = format!("{what} needs exactly one of {keys}");
            self.missing(object, none, message, "write one of them; there is no default");
        }
        found.first().copied()
    }

    /// Opens an object whose keys are names that a person chose.
    pub(super) fn entries<'n>(&mut self, field: Field<'n>, join: Join) -> Vec<Field<'n>> {
        let Kind::Map(entries) = &field.node.kind else {
            self.wrong_type(
                field,
                "an object",
                "write a name for each entry: `NAME: …`".to_owned(),
            );
            return Vec::new();
        };
        for (key, _) in entries {
            self.check_name(key, join);
        }
        let named = |(key, node): &'n (Node, Node)| Field {
            name: key.scalar().unwrap_or_default(),
            key: Some(key),
            node,
        };
        entries.iter().map(named).collect()
    }

    fn check_name(&mut self, key: &Node, join: Join) {
        let name = key.scalar().unwrap_or_default();
        let place = self.place(key.span.clone());
        if let Kind::Plain(plain) = &key.kind
            && let Some(other) = Meaning::of(plain).describe()
        {
            let message = format!("the name `{name}`, which YAML reads as {other}");
            let help = format!("put it in quotes: \"{name}\"");
            self.problems
                .push(Diagnostic::error(&codes::NEEDS_QUOTES, message).at(place, "").help(help));
            return;
        }
        let (by, example) = match join {
            Join::Dash => ('-', "spring-launch"),
            Join::Underscore => ('_', "spring_shop"),
        };
        let word = |word: &str| {
            !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        };
        let begins = join == Join::Dash || name.starts_with(|c: char| c.is_ascii_lowercase());
        if !(begins && name.len() <= 64 && name.split(by).all(word)) {
            let message = format!("`{name}` is not a name");
            let help = format!("names are lower-case words joined by `{by}`: `{example}`");
            self.problems
                .push(Diagnostic::error(&codes::BAD_NAME, message).at(place, "").help(help));
        }
    }

    /// Opens a list.
    pub(super) fn items<'n>(&mut self, field: Field<'n>) -> Vec<Field<'n>> {
        let Kind::List(items) = &field.node.kind else {
            let help = format!("write it as a list: `{}: [ … ]`", field.name);
            self.wrong_type(field, "a list", help);
            return Vec::new();
        };
        items.iter().map(|node| Field { name: field.name, key: None, node }).collect()
    }

    /// Reads text, on one line or more. Text that YAML reads as something else is noted.
    pub(super) fn passage(&mut self, field: Field<'_>) -> Option<Spanned<String>> {
        let Some(text) = field.node.scalar() else {
            self.wrong_type(field, "text", format!("write `{}: …`", field.name));
            return None;
        };
        if let Kind::Plain(plain) = &field.node.kind
            && let Some(other) = Meaning::of(plain).describe()
        {
            if plain.is_empty() {
                let message = format!("`{}` has no value", field.name);
                self.error(
                    &codes::NEEDS_QUOTES,
                    field,
                    message,
                    "write a value, or leave the key out",
                );
                return None;
            }
            let message = format!("`{}` is text, and YAML reads `{plain}` as {other}", field.name);
            self.error(
                &codes::NEEDS_QUOTES,
                field,
                message,
                format!("put it in quotes: \"{plain}\""),
            );
        }
        if text.trim().is_empty() {
            let message = format!("`{}` is empty", field.name);
            self.error(&codes::EMPTY, field, message, "write a value, or leave the key out");
            return None;
        }
        Some(Spanned::new(text.to_owned(), self.value_place(field)))
    }

    /// Reads text on one line.
    pub(super) fn text(&mut self, field: Field<'_>) -> Option<Spanned<String>> {
        let text = self.passage(field)?;
        if let Some(found) = text.chars().find(|c| c.is_control()) {
            let what = if found == '\n' { "a line break" } else { "a control character" };
            let message = format!("`{}` holds {what}", field.name);
            let help = "write it on one line; `>-` in place of `|` joins lines into one";
            self.error(&codes::CONTROL, field, message, help);
        }
        Some(text)
    }

    /// Reads one of a few words.
    pub(super) fn choice<T: Copy>(&mut self, field: Field<'_>, words: &[(&str, T)]) -> Option<T> {
        let text = self.text(field)?;
        let found = words.iter().find(|(word, _)| *word == *text);
        if found.is_none() {
            let all: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            let all = names::listed(all);
            let message = format!("`{}` cannot be `{}`", field.name, *text);
            self.error(&codes::NOT_A_CHOICE, field, message, format!("write one of {all}"));
        }
        found.map(|(_, value)| *value)
    }

    /// Reads a whole number.
    pub(super) fn number(&mut self, field: Field<'_>, max: u64) -> Option<Spanned<u64>> {
        let plain = match &field.node.kind {
            Kind::Plain(plain) if plain.bytes().all(|b| b.is_ascii_digit()) => plain.as_str(),
            _ => "",
        };
        let disputed = plain.len() > 1 && plain.starts_with('0');
        match plain.parse::<u64>() {
            Ok(number) if number <= max && !disputed => {
                return Some(Spanned::new(number, self.value_place(field)));
            }
            Ok(_) if !disputed => {
                let message = format!("`{}` is at most {max}", field.name);
                self.error(&codes::OUT_OF_RANGE, field, message, "write a smaller number");
            }
            _ => {
                let help = "write digits alone, without quotes, signs, separators or leading zeros";
                self.wrong_type(field, "a whole number", help.to_owned());
            }
        }
        None
    }

    /// Notes a value of the wrong kind.
    pub(super) fn wrong_type(&mut self, field: Field<'_>, wanted: &str, help: String) {
        let found = match &field.node.kind {
            Kind::List(_) => "a list".to_owned(),
            Kind::Map(_) => "an object".to_owned(),
            Kind::Quoted(_) => "text".to_owned(),
            Kind::Plain(plain) => Meaning::of(plain).describe().unwrap_or("text".to_owned()),
        };
        let message = format!("`{}` is {wanted}, and this is {found}", field.name);
        self.error(&codes::WRONG_TYPE, field, message, help);
    }
}
