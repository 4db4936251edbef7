//! Templates: strict names, bounded work, and nothing to read but the campaign's own texts.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError};

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Object, Serde, Value};
use minijinja::{
    AutoEscape, Environment, Error, Output, OutputSpanKind, State, Template, UndefinedBehavior,
};

use crate::campaign::{Bundle, Campaign, Entry, Vars};
use crate::diagnostic::{Diagnostic, Place, SourceFile, Spanned};
use crate::terms::AccountKind;

use super::mini_program::{Bound, Call, Calls, misuse};
use super::page::escape;
use super::template_error::{Failure, Unknown, Written as FailedAt};
use super::written::{Span, Written};

/// How many operations a template may do. Long articles with loops take a few thousand.
const FUEL: u64 = 100_000;

/// The longest text a template may come to: WeChat takes fewer than 20,000 characters.
pub(super) const OUTPUT_BYTES_MAX: usize = 256 * 1024;

/// How many unknown names of one template are told at once.
const UNKNOWN_NAMES_MAX: usize = 20;

/// The name that a template of a YAML value goes by.
const FIELD: &str = "value";

/// The files that a template may read. A list of openids, which a `.txt` may be, or a campaign's own
/// file is no prose, and has no business in an article.
const PROSE: &[&str] = &["md", "markdown", "html", "htm", "j2", "jinja"];

/// What templates may name.
pub(super) type Names = BTreeMap<String, Value>;

/// Renders the templates of one campaign.
pub(super) struct Templates<'a> {
    bundle: &'a Bundle,
    /// For values of the campaign file: plain text, no files.
    fields: Environment<'static>,
    /// For bodies: HTML or Markdown, which is HTML too.
    bodies: Environment<'static>,
    names: Names,
    programs: Vec<String>,
}

/// A rendered body.
pub(super) struct RenderedBody {
    pub(super) written: Written,
    pub(super) calls: Vec<Call>,
}

impl<'a> Templates<'a> {
    pub(super) fn new(campaign: &Campaign, bundle: &'a Bundle) -> Self {
        let texts: BTreeMap<String, Arc<SourceFile>> = bundle
            .keys()
            .filter(|key| is_prose(key))
            .filter_map(|key| match bundle.entry(key) {
                Some(Entry::Text(file)) => Some((key.to_owned(), Arc::clone(file))),
                Some(Entry::List(_) | Entry::Media(_) | Entry::Refused(_)) | None => None,
            })
            .collect();
        let mut bodies = environment();
        bodies.set_auto_escape_callback(|_| AutoEscape::Html);
        bodies.set_loader(move |name| Ok(texts.get(name).map(|file| file.text.clone())));
        bodies.set_syntax(block_lines_vanish());
        let mut fields = environment();
        fields.set_auto_escape_callback(|_| AutoEscape::None);
        let programs = campaign.mini_programs.iter().map(|p| p.name.value.clone()).collect();
        Self { bundle, fields, bodies, names: names(campaign), programs }
    }

    /// Renders a value of the campaign file, without white space at its ends. Answers nothing when
    /// there is a problem with it.
    pub(super) fn field(
        &self,
        value: &Spanned<String>,
        problems: &mut Vec<Diagnostic>,
    ) -> Option<String> {
        let before = problems.len();
        let at = |name: &str| (name == FIELD).then_some(FailedAt::Value(value));
        let render = |names: &Names| {
            let template = self.fields.template_from_named_str(FIELD, &value.value)?;
            bounded(&template, names)
        };
        let text = settle(&self.names, &at, problems, render)?;
        (problems.len() == before).then(|| text.trim().to_owned())
    }

    /// Renders a body. Unknown names are told and left out, so that the rest can be looked at too.
    pub(super) fn body(
        &self,
        body: &Spanned<String>,
        article: Value,
        problems: &mut Vec<Diagnostic>,
    ) -> Option<RenderedBody> {
        let file = |name: &str| match self.bundle.entry(name) {
            Some(Entry::Text(file)) => Some(Arc::clone(file)),
            Some(Entry::List(_) | Entry::Media(_) | Entry::Refused(_)) | None => None,
        };
        let mut names = self.names.clone();
        names.insert("article".to_owned(), article);
        let calls = Calls::default();
        for (program, name) in self.programs.iter().enumerate() {
            let (bound, calls) = (name.clone(), Arc::clone(&calls));
            let object = Value::from_object(Bound { name: bound, program, calls });
            names.insert(name.clone(), object);
        }
        let at = |name: &str| file(name).map(FailedAt::File);
        let (text, spans) = settle(&names, &at, problems, |names| {
            let template = self.bodies.get_template(&body.value)?;
            bounded(&template, names)?;
            calls.lock().unwrap_or_else(PoisonError::into_inner).clear();
            template.render_with_spans(Value::from(names.clone()))
        })?;
        let spans = spans.iter().filter_map(|span| {
            let source = Place::new(&file(span.name())?, span.source_range());
            let verbatim = span.kind() == OutputSpanKind::Raw;
            Some(Span { output: span.output_range(), source, verbatim })
        });
        let written = Written::new(text, spans.collect(), body.place.clone());
        let calls = std::mem::take(&mut *calls.lock().unwrap_or_else(PoisonError::into_inner));
        Some(RenderedBody { written, calls })
    }
}

/// Renders; an unknown name is told, taken for empty, and the template rendered again, so that all
/// of them are told at once.
fn settle<'v, T>(
    names: &Names,
    at: &dyn Fn(&str) -> Option<FailedAt<'v>>,
    problems: &mut Vec<Diagnostic>,
    mut render: impl FnMut(&Names) -> Result<T, Error>,
) -> Option<T> {
    let mut names = names.clone();
    for _ in 0..UNKNOWN_NAMES_MAX {
        match render(&names) {
            Ok(rendered) => return Some(rendered),
            Err(error) => {
                let failure = Failure::of(&error, &names, at);
                problems.push(failure.diagnostic);
                fill(&mut names, &failure.unknown?);
            }
        }
    }
    None
}

/// Binds an unknown name, or an unknown key of a known one, to nothing.
fn fill(names: &mut Names, unknown: &Unknown) {
    let hole = Value::from_object(Hole);
    let value = match &unknown.key {
        None => hole,
        Some(key) => {
            let map = names.get(&unknown.root);
            let known = map.and_then(|map| map.try_iter().ok()).into_iter().flatten();
            let pair = |key: Value| (key.clone(), map.and_then(|m| m.get_item(&key).ok()));
            let known = known.map(pair).filter_map(|(key, value)| Some((key, value?)));
            Value::from_pairs(known.chain([(Value::from(key.as_str()), hole)]))
        }
    };
    names.insert(unknown.root.clone(), value);
}

/// Renders, and stops where the text grows too long.
fn bounded(template: &Template<'_, '_>, names: &Names) -> Result<String, Error> {
    let mut room = Room(Vec::new());
    template.render_captured_to(Value::from(names.clone()), &mut room)?;
    Ok(String::from_utf8(room.0).expect("the engine writes whole characters"))
}

/// Takes [`OUTPUT_BYTES_MAX`] bytes and then no more.
struct Room(Vec<u8>);

impl std::io::Write for Room {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if self.0.len() + bytes.len() > OUTPUT_BYTES_MAX {
            return Err(std::io::ErrorKind::StorageFull.into());
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn environment() -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_debug(true); // errors know their range, and which name is unknown
    environment.set_fuel(Some(FUEL));
    environment.set_formatter(format);
    environment.remove_global("debug");
    environment
}

/// A line with nothing but `{% … %}` on it leaves no line behind: in Markdown an empty line would
/// end a table or a list that a loop writes.
fn block_lines_vanish() -> SyntaxConfig {
    let mut syntax = SyntaxConfig::builder();
    syntax.trim_blocks(true).lstrip_blocks(true);
    syntax.build().expect("the delimiters are the usual ones")
}

/// Writes a value. Escapes only what HTML needs: the engine's own escaping turns `/` into `&#x2f;`.
fn format(out: &mut Output<'_>, state: &mut State<'_, '_>, value: &Value) -> Result<(), Error> {
    if let Some(program) = value.downcast_object_ref::<Bound>() {
        return Err(misuse(format!("`{}` is a mini program, not a text", program.name)));
    }
    if value.is_none() {
        let detail = "a value is null, which is no text";
        return Err(Error::new(minijinja::ErrorKind::InvalidOperation, detail));
    }
    let text = value.to_string();
    if matches!(state.auto_escape(), AutoEscape::None) || value.is_safe() {
        out.write_str(&text)?;
    } else {
        out.write_str(&escape(&text))?;
    }
    Ok(())
}

fn is_prose(key: &str) -> bool {
    let extension = key.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
    extension.is_some_and(|extension| PROSE.contains(&extension.as_str()))
}

fn names(campaign: &Campaign) -> Names {
    let value = |value: &serde_json::Value| Value::from(Serde(value));
    let mut vars: Vars = campaign.account.vars.clone();
    vars.extend(campaign.vars.clone());
    let mut names: Names = vars.iter().map(|(name, var)| (name.clone(), value(var))).collect();
    let account = &campaign.account;
    let kind = match account.kind {
        AccountKind::Service => "service",
        AccountKind::Subscription => "subscription",
    };
    let account = Value::from_pairs([
        ("name", account.name.as_str()),
        ("kind", kind),
        ("appid", account.appid.as_str()),
    ]);
    let edition = campaign.edition.as_ref().map(|edition| Value::from(edition.as_str()));
    let campaign_value = Value::from_pairs([
        ("name", Value::from(campaign.name.as_str())),
        ("edition", edition.unwrap_or(Value::from(()))),
    ]);
    names.insert("vars".to_owned(), Value::from(Serde(&vars)));
    names.insert("account".to_owned(), account);
    names.insert("campaign".to_owned(), campaign_value);
    names
}

/// Stands for an unknown name that was already told: whatever is asked of it, it is empty.
#[derive(Debug)]
pub(super) struct Hole;

impl Object for Hole {
    fn get_value(self: &Arc<Self>, _key: &Value) -> Option<Value> {
        Some(Value::from_object(Self))
    }

    fn call(self: &Arc<Self>, _: &mut State<'_, '_>, _: &[Value]) -> Result<Value, Error> {
        Ok(Value::from_object(Self))
    }

    fn call_method(
        self: &Arc<Self>,
        _: &mut State<'_, '_>,
        _: &str,
        _: &[Value],
    ) -> Result<Value, Error> {
        Ok(Value::from_object(Self))
    }

    fn render(self: &Arc<Self>, _: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        Ok(())
    }
}
