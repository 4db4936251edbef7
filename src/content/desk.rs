//! What is at hand while one article is laid out: its pictures, its mini programs, where its words
//! were written, and the problems found.

use std::collections::BTreeMap;

use crate::campaign::{Bundle, MediaFacts, MiniProgram};
use crate::diagnostic::{Code, Diagnostic, Place, Spanned};

use super::codes::{CARD_SHAPE, DROPPED_STYLE, INCOMPLETE, MISPLACED};
use super::image::{Images, Trouble};
use super::mark::Mark;
use super::mini_program::{self, Call, Style, TITLE_MAX, Target};
use super::page::escape;
use super::style;
use super::template::RenderedBody;
use super::written::Written;

/// A mini program with its templates rendered; `None` where one had a problem, already told.
pub(super) struct Program<'a> {
    pub(super) declared: &'a MiniProgram,
    pub(super) path: Option<String>,
    pub(super) title: Option<String>,
}

/// What is at hand for one article.
pub(super) struct Desk<'a> {
    pub(super) images: Images<'a>,
    pub(super) written: Written,
    pub(super) problems: Vec<Diagnostic>,
    programs: &'a [Program<'a>],
    calls: Vec<Call>,
    /// The markup of each call that the article shows.
    pub(super) markup: BTreeMap<usize, String>,
}

impl<'a> Desk<'a> {
    pub(super) fn new(
        bundle: &'a Bundle,
        body: &Spanned<String>,
        rendered: RenderedBody,
        programs: &'a [Program<'a>],
    ) -> Self {
        Self {
            images: Images::new(bundle, &body.value),
            written: rendered.written,
            problems: Vec::new(),
            programs,
            calls: rendered.calls,
            markup: BTreeMap::new(),
        }
    }

    /// Warns about something that does not survive, where it was written.
    pub(super) fn warn(
        &mut self,
        code: &'static Code,
        message: String,
        words: &[&str],
    ) -> &mut Diagnostic {
        let place = self.written.find(words);
        self.problems.push(Diagnostic::warning(code, message).at(place, code.title));
        self.problems.last_mut().expect("pushed above")
    }

    /// An element's ` style="…"`, cleaned, or nothing.
    pub(super) fn style(&mut self, style: &str) -> String {
        let mut dropped = Vec::new();
        let kept = style::clean(style, |declaration| dropped.push(declaration.to_owned()));
        for declaration in dropped {
            let name = declaration.split(':').next().unwrap_or_default().trim().to_owned();
            let message = format!("the style `{name}` is left out");
            self.warn(&DROPPED_STYLE, message, &[&declaration, &name]);
        }
        if kept.is_empty() { String::new() } else { format!(" style=\"{}\"", escape(&kept)) }
    }

    /// The call that a mark stands for, if a template made it.
    pub(super) fn call(&self, number: usize) -> Option<&Call> {
        self.calls.get(number)
    }

    /// The first character that a call shows in a line, and the last.
    pub(super) fn ends(&self, number: usize) -> (char, char) {
        let Some(Call { style: Style::Link { text: Some(text) }, .. }) = self.calls.get(number)
        else {
            return ('链', '接');
        };
        (text.chars().next().unwrap_or('链'), text.chars().next_back().unwrap_or('接'))
    }

    /// Says that a mini program stands where it cannot.
    pub(super) fn misplaced(&mut self, number: usize, where_: &str) {
        let place = self.written.find(&[&Mark::MiniProgram(number).to_string()]);
        let message = format!("a mini program stands {where_}");
        let help = if where_ == "inside a sentence" {
            "put it on a line of its own, with an empty line before and after"
        } else {
            "write it beside that, not in it"
        };
        let problem = Diagnostic::error(&MISPLACED, message).at(place, "not here").help(help);
        self.problems.push(problem);
    }

    /// Makes the markup of a call, once, and says what it lacks.
    pub(super) fn place_call(&mut self, number: usize) {
        let Some(call) = self.calls.get(number).cloned() else { return };
        if self.markup.contains_key(&number) {
            return;
        }
        let program = &self.programs[call.program];
        let at = self.written.find(&[&Mark::MiniProgram(number).to_string()]);
        let before = self.errors();
        let path = match &call.path {
            Some(path) => Some(path.clone()),
            None => program.path.clone(),
        };
        if let Some(path) = &path {
            self.check_path(path, &at);
        }
        let target =
            Target { appid: &program.declared.appid, path: path.as_deref().unwrap_or_default() };
        let markup = match &call.style {
            Style::Card { title, image } => self.card(&target, program, (title, image), &at),
            Style::Link { text } => {
                let text = text.clone().or_else(|| program.title.clone()).unwrap_or_default();
                if text.trim().is_empty() {
                    self.lacks(program, "a text", &at);
                }
                Some(mini_program::link(&target, &text))
            }
            Style::Image { file } => {
                let picture = self.picture(program, file.as_deref(), &at);
                picture.map(|(mark, _)| mini_program::image(&target, mark))
            }
        };
        if let Some(markup) = markup.filter(|_| self.errors() == before) {
            self.markup.insert(number, markup);
        }
    }

    fn errors(&self) -> usize {
        self.problems.iter().filter(|problem| problem.is_error()).count()
    }

    fn card(
        &mut self,
        target: &Target<'_>,
        program: &Program<'_>,
        (title, image): (&Option<String>, &Option<String>),
        at: &Place,
    ) -> Option<String> {
        let title = title.clone().or_else(|| program.title.clone()).unwrap_or_default();
        let length = title.encode_utf16().count();
        if title.trim().is_empty() {
            self.lacks(program, "a title", at);
        } else if length > TITLE_MAX {
            let message = format!("the card's title has {length} characters of {TITLE_MAX}");
            self.problems.push(Diagnostic::error(&INCOMPLETE, message).at(at.clone(), "too long"));
        }
        let (mark, facts) = self.picture(program, image.as_deref(), at)?;
        // The picture under `mini_programs` is looked at where that is read.
        if let Some((width, height)) = facts.pixels.filter(|_| image.is_some())
            && (u64::from(width) * 4).abs_diff(u64::from(height) * 5) * 50 > u64::from(height) * 5
        {
            let message = format!("the card's picture has {width} × {height} pixels");
            let problem =
                Diagnostic::warning(&CARD_SHAPE, message).at(at.clone(), "will be cropped");
            self.problems.push(problem.help("make it 1080 × 864 pixels"));
        }
        Some(mini_program::card(target, &title, mark))
    }

    /// The picture of a call: its own, or the mini program's.
    fn picture(
        &mut self,
        program: &Program<'_>,
        own: Option<&str>,
        at: &Place,
    ) -> Option<(Mark, &'a MediaFacts)> {
        let (path, found, place) = match (own, &program.declared.image) {
            (Some(path), _) => (path, self.images.by_path(path), at.clone()),
            (None, Some(key)) => (key.as_str(), self.images.by_key(key), key.place.clone()),
            (None, None) => {
                self.lacks(program, "a picture", at);
                return None;
            }
        };
        found.map_err(|trouble: Trouble| self.problems.push(trouble.tell(path, place))).ok()
    }

    fn check_path(&mut self, path: &str, at: &Place) {
        let problem = if path.trim().is_empty() {
            "the mini program's path is empty".to_owned()
        } else if path.starts_with('/') {
            format!("the mini program's path `{path}` begins with a slash")
        } else {
            return;
        };
        let problem = Diagnostic::error(&INCOMPLETE, problem).at(at.clone(), "this mini program");
        self.problems.push(problem.help("write it as in `pages/index/index`"));
    }

    fn lacks(&mut self, program: &Program<'_>, what: &str, at: &Place) {
        let name = &program.declared.name;
        let message =
            format!("the mini program `{}` has no {}", name.value, what.trim_start_matches("a "));
        let problem = Diagnostic::error(&INCOMPLETE, message)
            .at(at.clone(), format!("needs {what}"))
            .also(name.place.clone(), "declared here")
            .help("write it under `mini_programs`, or as an argument");
        self.problems.push(problem);
    }
}
