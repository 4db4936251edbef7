//! Mini programs (小程序) in an article: the three styles that WeChat documents.
//!
//! A template gets one object for each, with a method for each style. A method writes a mark and
//! remembers the call; the markup is made here from the call, and from nothing that a body says.

use std::sync::{Arc, Mutex, PoisonError};

use minijinja::value::{Kwargs, Object, Value, from_args};
use minijinja::{Error, ErrorKind, State};

use super::mark::Mark;
use super::page::escape;
use super::template::Hole;

/// The longest title of a card, in UTF-16 units.
pub(super) const TITLE_MAX: usize = 35;

/// The calls that one template made, in order.
pub(super) type Calls = Arc<Mutex<Vec<Call>>>;

/// One use of a mini program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Call {
    /// Which of the campaign's mini programs.
    pub(super) program: usize,
    /// The page, where the call says one.
    pub(super) path: Option<String>,
    /// How it is shown.
    pub(super) style: Style,
}

/// How a mini program is shown; what is `None` has a default under `mini_programs`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Style {
    /// 小程序卡片.
    Card { title: Option<String>, image: Option<String> },
    /// 文字.
    Link { text: Option<String> },
    /// 图片.
    Image { file: Option<String> },
}

impl Style {
    /// Whether it may stand inside a sentence.
    pub(super) fn is_inline(&self) -> bool {
        match self {
            Self::Link { .. } => true,
            Self::Card { .. } | Self::Image { .. } => false,
        }
    }
}

/// What goes into the markup, whole and checked.
#[derive(Debug)]
pub(super) struct Target<'a> {
    pub(super) appid: &'a str,
    pub(super) path: &'a str,
}

/// Writes a card. The picture's address is that of `image`, by uploadimg.
pub(super) fn card(target: &Target<'_>, title: &str, image: Mark) -> String {
    format!(
        "<mp-common-miniprogram{} data-miniprogram-title=\"{}\" \
         data-miniprogram-imageurl=\"{image}\" data-miniprogram-type=\"card\">\
         </mp-common-miniprogram>",
        attributes(target),
        escape(title)
    )
}

/// Writes a text link. `href` stays empty: an address there would be a fallback on the web.
pub(super) fn link(target: &Target<'_>, text: &str) -> String {
    format!("<a{} href=\"\">{}</a>", attributes(target), escape(text))
}

/// Writes an image link.
pub(super) fn image(target: &Target<'_>, image: Mark) -> String {
    format!("<a{} href=\"\"><img src=\"{image}\" alt=\"\"></a>", attributes(target))
}

fn attributes(target: &Target<'_>) -> String {
    format!(
        " data-miniprogram-appid=\"{}\" data-miniprogram-path=\"{}\"",
        escape(target.appid),
        escape(target.path)
    )
}

/// A mini program as templates see it.
#[derive(Debug)]
pub(super) struct Bound {
    /// Its name in the campaign.
    pub(super) name: String,
    /// Its number in the campaign.
    pub(super) program: usize,
    /// Where its calls are kept.
    pub(super) calls: Calls,
}

impl Object for Bound {
    fn call_method(
        self: &Arc<Self>,
        _state: &mut State<'_, '_>,
        method: &str,
        args: &[Value],
    ) -> Result<Value, Error> {
        let arguments = Arguments::read(args)?;
        let style = match method {
            "card" => {
                Style::Card { title: arguments.named("title")?, image: arguments.named("image")? }
            }
            "link" => Style::Link { text: arguments.first("text")? },
            "image" => Style::Image { file: arguments.first("file")? },
            _ => return Err(misuse(format!("a mini program has no style `{method}`"))),
        };
        let path = arguments.named("path")?;
        arguments.finish(method)?;
        let mut calls = self.calls.lock().unwrap_or_else(PoisonError::into_inner);
        calls.push(Call { program: self.program, path, style });
        Ok(Value::from_safe_string(Mark::MiniProgram(calls.len() - 1).to_string()))
    }
}

/// What a template wrote between the parentheses.
struct Arguments<'a> {
    positional: &'a [Value],
    named: Kwargs,
}

impl<'a> Arguments<'a> {
    fn read(args: &'a [Value]) -> Result<Self, Error> {
        let (positional, named) = from_args::<(&[Value], Kwargs)>(args)?;
        Ok(Self { positional, named })
    }

    fn named(&self, key: &str) -> Result<Option<String>, Error> {
        if self.named.has(key) {
            return text(key, &self.named.get::<Value>(key)?).map(Some);
        }
        Ok(None)
    }

    /// The first argument, which may also be named.
    fn first(&self, key: &str) -> Result<Option<String>, Error> {
        match self.positional.first() {
            Some(_) if self.named.has(key) => Err(misuse(format!("`{key}` is written twice"))),
            Some(value) => text(key, value).map(Some),
            None => self.named(key),
        }
    }

    /// Refuses what no style has asked for.
    fn finish(&self, method: &str) -> Result<(), Error> {
        let positional_max = usize::from(method != "card");
        if self.positional.len() > positional_max {
            return Err(misuse(format!("`{method}` takes its other arguments by name")));
        }
        self.named.assert_all_used().map_err(|error| {
            misuse(error.detail().unwrap_or("unknown keyword argument").replace('\'', "`"))
        })
    }
}

fn text(key: &str, value: &Value) -> Result<String, Error> {
    if value.is_undefined() {
        // The engine's own error, for it knows the name that is not there.
        return Err(value.get_attr(key).err().unwrap_or_else(|| misuse(format!("no `{key}`"))));
    }
    match value.as_str() {
        Some(text) => Ok(text.to_owned()),
        None if value.downcast_object_ref::<Hole>().is_some() => Ok("…".to_owned()),
        None if value.is_number() => Ok(value.to_string()),
        None => Err(misuse(format!("`{key}` is a {}, not a text", value.kind()))),
    }
}

/// An error about how a mini program is used, told apart by [`Misuse`].
pub(super) fn misuse(detail: String) -> Error {
    Error::new(ErrorKind::InvalidOperation, detail).with_source(Misuse)
}

/// Says that a template's error is about a mini program.
#[derive(Debug, thiserror::Error)]
#[error("a mini program is not used as one")]
pub(super) struct Misuse;
