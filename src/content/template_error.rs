//! A template's error, told as a problem with a place.

use std::sync::Arc;

use minijinja::value::{Value, ValueKind};
use minijinja::{Error, ErrorKind};

use crate::diagnostic::{Code, Diagnostic, Place, SourceFile, Spanned};

use super::codes::{
    TEMPLATE_FAILED, TEMPLATE_FILE, TEMPLATE_FUEL, TEMPLATE_MINI_PROGRAM, TEMPLATE_NAME,
    TEMPLATE_SYNTAX, TOO_DEEP,
};
use super::mini_program::{Bound, Misuse};
use super::template::{Hole, Names, OUTPUT_BYTES_MAX};
use super::written::within;

/// What a template is written in.
pub(super) enum Written<'a> {
    /// A value of the campaign file.
    Value(&'a Spanned<String>),
    /// A file of its own.
    File(Arc<SourceFile>),
}

/// One error of a template.
pub(super) struct Failure {
    pub(super) diagnostic: Diagnostic,
    /// The unknown name, where that is all that is wrong.
    pub(super) unknown: Option<Unknown>,
}

/// A name that does not exist, or a key of one that does.
pub(super) struct Unknown {
    pub(super) root: String,
    pub(super) key: Option<String>,
}

impl Failure {
    /// Reads an error of the engine; `at` says what a template's name stands for.
    pub(super) fn of<'a>(
        error: &Error,
        names: &Names,
        at: &dyn Fn(&str) -> Option<Written<'a>>,
    ) -> Self {
        let error = innermost(error);
        let undefined = undefined(error);
        let place = error.name().and_then(at).map(|written| place(error, undefined, &written));
        let (code, message, help, unknown) = if let Some(expression) = undefined {
            unknown_name(expression, names)
        } else {
            let (code, message, help) = other(error);
            (code, message, help, None)
        };
        let mut diagnostic = Diagnostic::error(code, message);
        if let Some(place) = place {
            diagnostic = diagnostic.at(place, label(code));
        }
        if let Some(help) = help {
            diagnostic = diagnostic.help(help);
        }
        Self { diagnostic, unknown }
    }
}

/// A few words beside the caret.
fn label(code: &'static Code) -> &'static str {
    match code.id {
        id if id == TEMPLATE_NAME.id => "unknown here",
        id if id == TEMPLATE_SYNTAX.id => "not understood",
        id if id == TEMPLATE_FILE.id => "no such text",
        _ => "stops here",
    }
}

/// The error that an `include` or a block passed on.
fn innermost(error: &Error) -> &Error {
    let mut error = error;
    while let Some(source) = std::error::Error::source(error)
        && let Some(inner) = source.downcast_ref::<Error>()
        && inner.name().is_some()
    {
        error = inner;
    }
    error
}

/// The expression that has no value, such as `season` or `vars.season`, which the engine writes
/// into the error's detail.
fn undefined(error: &Error) -> Option<&str> {
    let (head, _) = error.detail()?.split_once("` is undefined")?;
    head.rsplit_once('`').map(|(_, expression)| expression)
}

fn place(error: &Error, undefined: Option<&str>, written: &Written<'_>) -> Place {
    let text = match written {
        Written::Value(value) => &value.value,
        Written::File(file) => &file.text,
    };
    let line = || {
        let number = error.line().unwrap_or(1).saturating_sub(1);
        let start = text.split_inclusive('\n').take(number).map(str::len).sum::<usize>();
        let length = text[start.min(text.len())..].lines().next().map_or(0, str::len);
        start..start + length
    };
    let mut range = error.range().unwrap_or_else(line);
    if let Some(name) = undefined {
        // A call's range is `.seven()` in `six.seven()`: the name is in front of it.
        let within = text.get(range.clone()).and_then(|text| find_word(text, name));
        let before = || text.get(..range.start).filter(|text| text.ends_with(name));
        if let Some(found) = within {
            range = range.start + found..range.start + found + name.len();
        } else if before().is_some() {
            range = range.start - name.len()..range.start;
        }
    }
    match written {
        Written::Value(value) => within(value, &range),
        Written::File(file) => Place::new(file, range),
    }
}

fn find_word(text: &str, word: &str) -> Option<usize> {
    let joins = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    let alone = |at: &usize| {
        !joins(text[..*at].chars().next_back()) && !joins(text[at + word.len()..].chars().next())
    };
    text.match_indices(word).map(|(at, _)| at).find(alone)
}

type Told = (&'static Code, String, Option<String>, Option<Unknown>);

fn unknown_name(expression: &str, names: &Names) -> Told {
    let mut steps = expression.split(['.', '[']);
    let root = steps.next().unwrap_or(expression).to_owned();
    let Some(mut value) = names.get(&root).cloned() else {
        let message = format!("there is no name `{root}` here");
        let known = names.iter().filter(|(_, value)| !is_hole(value));
        let known: Vec<String> = known.map(|(name, _)| name.clone()).collect();
        let help = Some(list(&root, &known));
        return (&TEMPLATE_NAME, message, help, Some(Unknown { root, key: None }));
    };
    let mut path = root.clone();
    for step in steps {
        match value.get_attr(step) {
            Ok(next) if !next.is_undefined() => {
                path = format!("{path}.{step}");
                value = next;
            }
            Ok(_) | Err(_) => {
                let message = format!("`{path}` has no `{step}`");
                let help = Some(list(step, &keys(&value)));
                let fillable =
                    path == root && value.kind() == ValueKind::Map && !is_program(&value);
                let unknown = fillable.then(|| Unknown { root, key: Some(step.to_owned()) });
                return (&TEMPLATE_NAME, message, help, unknown);
            }
        }
    }
    (&TEMPLATE_NAME, format!("`{expression}` has no value"), None, None)
}

fn is_hole(value: &Value) -> bool {
    value.downcast_object_ref::<Hole>().is_some()
}

fn is_program(value: &Value) -> bool {
    value.downcast_object_ref::<Bound>().is_some()
}

fn keys(value: &Value) -> Vec<String> {
    if is_program(value) {
        return ["card()", "link()", "image()"].map(str::to_owned).into();
    }
    let keys = value.try_iter().into_iter().flatten();
    let known = keys.filter(|key| !value.get_item(key).is_ok_and(|value| is_hole(&value)));
    known.map(|key| key.to_string()).collect()
}

/// Says which names exist, the likeliest first.
pub(super) fn list(wanted: &str, known: &[String]) -> String {
    if known.is_empty() {
        return "it has no names at all".to_owned();
    }
    let best = likeliest(wanted, known.iter().map(String::as_str));
    let all = known.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    match best {
        Some(best) => format!("did you mean `{best}`? there are {all}"),
        None => format!("there are {all}"),
    }
}

/// The word that was probably meant.
pub(super) fn likeliest<'w>(wanted: &str, known: impl Iterator<Item = &'w str>) -> Option<&'w str> {
    known
        .map(|word| (strsim::jaro_winkler(wanted, word), word))
        .filter(|(likeness, _)| *likeness > 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, word)| word)
}

fn other(error: &Error) -> (&'static Code, String, Option<String>) {
    let detail = || error.detail().map_or_else(|| error.kind().to_string(), str::to_owned);
    let misused =
        std::error::Error::source(error).is_some_and(<dyn std::error::Error>::is::<Misuse>);
    match error.kind() {
        _ if misused => {
            let help = "write `card()`, `link(\"文字\", path=…)` or `image(\"图片\", path=…)`";
            (&TEMPLATE_MINI_PROGRAM, detail(), Some(help.to_owned()))
        }
        ErrorKind::SyntaxError | ErrorKind::BadEscape => (&TEMPLATE_SYNTAX, detail(), None),
        ErrorKind::OutOfFuel => {
            let help = "shorten the loop, or write the text out";
            (&TEMPLATE_FUEL, "the template does too much work".to_owned(), Some(help.to_owned()))
        }
        ErrorKind::WriteFailure => {
            let message = format!("the template comes to more than {OUTPUT_BYTES_MAX} bytes");
            (&TOO_DEEP, message, Some("shorten the loop that writes so much".to_owned()))
        }
        ErrorKind::TemplateNotFound => {
            let help = "name a text file of the campaign's folder by its path from there";
            (&TEMPLATE_FILE, detail(), Some(help.to_owned()))
        }
        _ => (&TEMPLATE_FAILED, detail(), None),
    }
}
