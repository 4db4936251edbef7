//! Reading values with a form of their own: times, durations, paths, ids and free variables.

use jiff::civil;

use crate::diagnostic::{Diagnostic, Place, Spanned};
use crate::terms::{BadTerm, OpenId, SendAddress, SendName, Timestamp, WxName};

use super::codes;
use super::keys;
use super::model::{After, AfterOutcome, ReviewerText, Source, Vars};
use super::paths;
use super::reader::{Field, Join, Reader};
use super::scalar::Meaning;
use super::yaml::{Kind, Node};

/// Which folder a file's paths begin at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Base {
    Campaign,
    Project,
}

/// Whether a text holds template code, so that it can be judged only once it is rendered.
pub(super) fn is_template(text: &str) -> bool {
    text.contains("{{") || text.contains("{%")
}

impl Reader<'_> {
    /// Reads a time with an offset (RFC 3339).
    pub(super) fn time(&mut self, field: Field<'_>) -> Option<Spanned<Timestamp>> {
        let text = self.text(field)?;
        if is_rfc3339(&text)
            && let Ok(time) = text.parse::<Timestamp>()
        {
            return Some(text.map(|_| time));
        }
        let message =
            format!("`{}` is a time with an offset, and `{}` is not one", field.name, *text);
        let local = local_part(&text)
            .parse::<civil::DateTime>()
            .or_else(|_| local_part(&text).parse::<civil::Date>().map(|date| date.at(0, 0, 0, 0)));
        let help = match local {
            Ok(local) => {
                format!("in Beijing's time that is {}+08:00", local.strftime("%Y-%m-%dT%H:%M:%S"))
            }
            Err(_) => "write it like 2026-03-01T10:00:00+08:00 (Beijing is +08:00)".to_owned(),
        };
        self.error(&codes::BAD_TIME, field, message, help);
        None
    }

    /// Reads a duration such as `7d`, in seconds.
    pub(super) fn duration_s(&mut self, field: Field<'_>) -> Option<u64> {
        let text = self.text(field)?;
        let (number, unit) =
            text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()));
        let unit_s = [("s", 1), ("m", 60), ("h", 3600), ("d", 86_400), ("w", 604_800)]
            .iter()
            .find(|(name, _)| *name == unit)
            .map(|(_, seconds)| *seconds);
        let seconds = number.parse::<u64>().ok().zip(unit_s).and_then(|(n, s)| n.checked_mul(s));
        if seconds.is_none() {
            let message = format!("`{}` is a duration, and `{}` is not one", field.name, *text);
            self.error(
                &codes::BAD_DURATION,
                field,
                message,
                "write a number and s, m, h, d or w: `7d`",
            );
        }
        seconds
    }

    /// Reads a value that a term's constructor checks.
    pub(super) fn term<T>(
        &mut self,
        field: Field<'_>,
        make: impl FnOnce(String) -> Result<T, BadTerm>,
    ) -> Option<Spanned<T>> {
        let Spanned { value, place } = self.text(field)?;
        match make(value) {
            Ok(term) => Some(Spanned::new(term, place)),
            Err(bad) => {
                let help = format!("write `{}` in that form", field.name);
                self.error(&codes::BAD_TERM, field, bad.to_string(), help);
                None
            }
        }
    }

    /// Reads the path of a file, as a key of the bundle.
    pub(super) fn path(&mut self, field: Field<'_>, base: Base) -> Option<Spanned<String>> {
        let text = self.text(field)?;
        let key = match base {
            Base::Campaign => paths::campaign_key(&text),
            Base::Project => paths::project_key(&text),
        };
        self.checked_path(field, &text, key).map(|key| Spanned::new(key, text.place.clone()))
    }

    /// Reads the path of a folder beside `qunfa.yaml`.
    pub(super) fn folder(&mut self, field: Field<'_>) -> Option<Spanned<String>> {
        let text = self.text(field)?;
        let folder = paths::folder(&text);
        self.checked_path(field, &text, folder)
            .map(|folder| Spanned::new(folder, text.place.clone()))
    }

    fn checked_path(
        &mut self,
        field: Field<'_>,
        written: &str,
        key: Result<String, &'static str>,
    ) -> Option<String> {
        key.map_err(|why| {
            let help = "paths are relative to this file and stay inside its folder";
            self.error(&codes::BAD_PATH, field, format!("the path `{written}` {why}"), help);
        })
        .ok()
    }

    /// Reads where a secret or a setting comes from. Whatever is wrong, its line is never shown.
    pub(super) fn source(&mut self, field: Field<'_>) -> Option<Spanned<Source>> {
        let before = self.problems.len();
        let source = self.source_shown(field);
        for problem in self.problems.drain(before..).collect::<Vec<_>>() {
            self.problems.push(problem.hide_line());
        }
        source
    }

    fn source_shown(&mut self, field: Field<'_>) -> Option<Spanned<Source>> {
        let place = self.key_place(field);
        if field.node.scalar().is_some() {
            let message = format!("`{}` is written into the file itself", field.name);
            let help = "say where it comes from: { env: NAME }, { file: PATH } or { command: [...] }; \
                        if it was ever committed, reset it";
            self.problems
                .push(Diagnostic::error(&codes::LITERAL_SECRET, message).at(place, "").help(help));
            return None;
        }
        let object = self.object(field, &keys::SOURCE)?;
        let one = self.one_of(&object, keys::SOURCE.keys, &codes::EXACTLY_ONE)?;
        let source = match one.name {
            "env" => Source::Env(self.variable(one)?),
            "file" => Source::File(self.text(one)?.value),
            _ => {
                let words = self.items(one);
                let words: Vec<String> =
                    words.into_iter().filter_map(|word| Some(self.text(word)?.value)).collect();
                if words.is_empty() {
                    let message = "`command` names no program";
                    self.error(&codes::EMPTY, one, message, "write [PROGRAM, ARGUMENT, …]");
                    return None;
                }
                Source::Command(words)
            }
        };
        Some(Spanned::new(source, place))
    }

    /// Reads the name of an environment variable; what looks like the secret itself is not echoed.
    fn variable(&mut self, field: Field<'_>) -> Option<String> {
        let name = self.text(field)?.value;
        let word = name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        let begins = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
        // An AppSecret is 32 hex digits.
        let secret = name.len() == 32 && name.bytes().all(|b| b.is_ascii_hexdigit());
        if word && begins && !secret {
            return Some(name);
        }
        let message = "`env` is not the name of an environment variable";
        let help = "write its name, such as WECHAT_SHOP_SECRET, and never the secret itself";
        self.error(&codes::LITERAL_SECRET, field, message, help);
        None
    }

    /// Reads a list of reviewers.
    pub(super) fn reviewers(&mut self, field: Field<'_>) -> Vec<Spanned<ReviewerText>> {
        let items = self.items(field);
        items.into_iter().filter_map(|item| self.reviewer(item)).collect()
    }

    fn reviewer(&mut self, field: Field<'_>) -> Option<Spanned<ReviewerText>> {
        let object = self.object(field, &keys::REVIEWER)?;
        let one = self.one_of(&object, keys::REVIEWER.keys, &codes::EXACTLY_ONE)?;
        let text = self.text(one)?;
        let by_wxname = one.name == "wxname";
        if !is_template(&text) {
            let bad = if by_wxname {
                WxName::new(&*text.value).err()
            } else {
                OpenId::new(&*text.value).err()
            };
            if let Some(bad) = bad {
                let help = "`wxname` is the WeChat ID (微信号), `openid` the follower's id on this account";
                self.error(&codes::BAD_TERM, one, bad.to_string(), help);
            }
        }
        Some(text.map(if by_wxname { ReviewerText::WxName } else { ReviewerText::OpenId }))
    }

    /// Reads `after`: a list of names and addresses, `{ NAME: ended }` among them.
    pub(super) fn after(&mut self, field: Field<'_>) -> Vec<After> {
        let items = match &field.node.kind {
            Kind::Map(_) => vec![field],
            _ => self.items(field),
        };
        let mut all = Vec::new();
        for item in items {
            match &item.node.kind {
                Kind::Map(entries) => {
                    for (key, value) in entries {
                        all.extend(self.after_outcome(key, value));
                    }
                }
                _ => all.extend(self.text(item).and_then(|send| {
                    let is_fine = self.is_after_retraction(&send, None) || self.send_ref(&send);
                    is_fine.then_some(After { send, outcome: AfterOutcome::Sent })
                })),
            }
        }
        all
    }

    fn after_outcome(&mut self, key: &Node, value: &Node) -> Option<After> {
        let name = key.scalar()?;
        let words = [("sent", AfterOutcome::Sent), ("ended", AfterOutcome::Ended)];
        let outcome = self.choice(Field::root(name, value), &words);
        let send = Spanned::new(name.to_owned(), self.place(key.span.clone()));
        let is_fine = self.is_after_retraction(&send, outcome) || self.send_ref(&send);
        is_fine.then_some(After { send, outcome: outcome? })
    }

    /// Whether a text names a send, alone or by its address; notes it when not.
    pub(super) fn send_ref(&mut self, send: &Spanned<String>) -> bool {
        let fine = if send.contains('/') {
            send.parse::<SendAddress>().is_ok()
        } else {
            SendName::new(&**send).is_ok()
        };
        if !fine {
            let message = format!("`{}` names no send", **send);
            let help = "write a send's name, or its address: CAMPAIGN[@EDITION]/sends/SEND";
            let place = send.place.clone();
            self.problems
                .push(Diagnostic::error(&codes::BAD_TERM, message).at(place, "").help(help));
        }
        fine
    }

    /// Reads variables: text, numbers, truth values, and lists and objects of them.
    pub(super) fn vars(&mut self, field: Field<'_>) -> Vec<(Place, String, serde_json::Value)> {
        let entries = self.entries(field, Join::Underscore);
        entries
            .into_iter()
            .filter_map(|entry| {
                let value = self.free(entry)?;
                Some((self.key_place(entry), entry.name.to_owned(), value))
            })
            .collect()
    }

    fn free(&mut self, field: Field<'_>) -> Option<serde_json::Value> {
        match &field.node.kind {
            Kind::Quoted(text) => Some(text.as_str().into()),
            Kind::List(items) => items.iter().map(|item| self.free(field.inner(item))).collect(),
            Kind::Map(entries) => entries
                .iter()
                .map(|(key, value)| {
                    Some((key.scalar()?.to_owned(), self.free(field.inner(value))?))
                })
                .collect::<Option<serde_json::Map<_, _>>>()
                .map(Into::into),
            Kind::Plain(plain) => match Meaning::of(plain) {
                Meaning::Text => Some(plain.as_str().into()),
                Meaning::Truth(truth) => Some(truth.into()),
                Meaning::Number(number) => Some(number.into()),
                Meaning::Nothing => {
                    let message = format!("`{}` has no value", field.name);
                    let help = "write a value, or leave the key out";
                    self.error(&codes::NEEDS_QUOTES, field, message, help);
                    None
                }
                Meaning::Disputed(other) => {
                    let message = format!("some readers of YAML see {other} in `{plain}`");
                    let help = format!("put it in quotes for text: \"{plain}\"");
                    self.error(&codes::NEEDS_QUOTES, field, message, help);
                    None
                }
            },
        }
    }
}

/// A text that may be a time without an offset; nothing if it has one, in whatever form.
fn local_part(text: &str) -> &str {
    let time = text.get("2026-03-01".len()..).unwrap_or_default();
    if time.contains(['+', '-', 'Z', 'z']) { "" } else { text }
}

/// Joins variables by name.
pub(super) fn vars_by_name(vars: Vec<(Place, String, serde_json::Value)>) -> Vars {
    vars.into_iter().map(|(_, name, value)| (name, value)).collect()
}

/// Whether a text has the form of RFC 3339: jiff alone would take shorter forms too.
fn is_rfc3339(text: &str) -> bool {
    const FORM: &[u8] = b"0000-00-00T00:00:00";
    let bytes = text.as_bytes();
    let Some((head, tail)) = bytes.split_at_checked(FORM.len()) else { return false };
    let digits = |bytes: &[u8]| !bytes.is_empty() && bytes.iter().all(u8::is_ascii_digit);
    let same_form = head.iter().zip(FORM.iter()).all(|(byte, form)| match form {
        b'0' => byte.is_ascii_digit(),
        form => byte == form,
    });
    let tail = match tail.strip_prefix(b".") {
        Some(rest) => match rest.iter().position(|b| !b.is_ascii_digit()) {
            Some(end) if end > 0 => &rest[end..],
            _ => return false,
        },
        None => tail,
    };
    let offset =
        matches!(tail, [b'+' | b'-', h1, h2, b':', m1, m2] if digits(&[*h1, *h2, *m1, *m2]));
    same_form && (tail == b"Z" || offset)
}
