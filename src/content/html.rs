//! Lays out a body: whatever HTML a person or Markdown wrote, as the markup that WeChat keeps.
//!
//! Nothing is copied: each element that survives is written anew with the few attributes that do.
//! Styles come after, by the classes and tags written here, and the gate after that. Blocks become
//! sections, lists become lines with a marker (R14), links become references (R18), and a picture
//! becomes a [`Mark`] until its address is known.

use crate::diagnostic::Diagnostic;

use super::codes::{DROPPED_ELEMENT, NOT_DRAWN};
use super::desk::Desk;
use super::dom::{self, Element, Node};
use super::image::percent_decoded;
use super::link::References;
use super::mark::{self, Mark, Part};
use super::mini_program::Style;
use super::page::Page;

/// What begins a line of its own.
const BLOCKS: &[&str] = &[
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "caption",
    "center",
    "dd",
    "details",
    "dialog",
    "dir",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hgroup",
    "hr",
    "html",
    "legend",
    "li",
    "listing",
    "main",
    "menu",
    "nav",
    "ol",
    "p",
    "pre",
    "search",
    "section",
    "summary",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "ul",
    "xmp",
    "plaintext",
];

/// What is left out with everything in it.
const DROPPED: &[&str] = &[
    "applet", "audio", "base", "button", "canvas", "embed", "frame", "frameset", "head", "iframe",
    "link", "map", "marquee", "math", "meta", "noembed", "noframes", "noscript", "object", "param",
    "script", "select", "style", "svg", "template", "textarea", "title", "video",
];

/// Fences that would need a drawing.
const DRAWN: &[&str] = &[
    "asciimath",
    "dot",
    "flowchart",
    "graphviz",
    "katex",
    "latex",
    "math",
    "mermaid",
    "plantuml",
    "tex",
];

/// Lays out one article.
pub(super) struct Layout<'d, 'a> {
    pub(super) page: Page,
    pub(super) desk: &'d mut Desk<'a>,
    pub(super) references: References,
    /// What the pen is inside of, where that matters to a mini program.
    pub(super) inside: Inside,
}

/// Surroundings that a mini program cannot stand in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Inside {
    Text,
    Link,
    Code,
}

/// A stretch of siblings: a block, or a line of everything else.
enum Run<'n> {
    Block(&'n Element),
    Line(&'n [Node]),
}

/// Lays out `nodes` in one root section; nothing when they come to nothing.
pub(super) fn lay_out(nodes: &[Node], desk: &mut Desk<'_>) -> Option<String> {
    let (page, references) = (Page::default(), References::default());
    let mut layout = Layout { page, desk, references, inside: Inside::Text };
    layout.page.block("<section class=\"article\">");
    let begun = layout.page.position();
    layout.flow(nodes, Some("<p>"));
    if layout.page.position() == begun {
        return None;
    }
    layout.write_references();
    layout.page.block("</section>");
    Some(layout.page.into_string())
}

impl Layout<'_, '_> {
    /// Lays out siblings. A line among them gets `wrap` around it, if given.
    pub(super) fn flow(&mut self, nodes: &[Node], wrap: Option<&str>) {
        for run in runs(nodes) {
            match run {
                Run::Block(element) => self.block(element),
                Run::Line(nodes) => self.line(nodes, wrap),
            }
        }
    }

    /// Lays out a line; `open` is the tag around it, which is left out when nothing is in it.
    pub(super) fn line(&mut self, nodes: &[Node], open: Option<&str>) {
        if let Some(calls) = self.alone(nodes) {
            for call in calls {
                self.stand(call);
            }
            return;
        }
        let before = self.page.position();
        self.page.block(open.unwrap_or_default());
        let begun = self.page.position();
        self.inlines(nodes);
        if self.page.position() == begun {
            self.page.take_back(before);
        } else if let Some(open) = open {
            self.page.block(&close(open));
        } else {
            self.page.block("");
        }
    }

    fn block(&mut self, element: &Element) {
        self.notice(element);
        match element.name.as_str() {
            name @ ("p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6") => {
                let open = format!("<{name}{}>", self.style_of(element));
                if element.children.iter().any(is_block) {
                    self.flow(&element.children, Some(&open));
                } else {
                    self.line(&element.children, Some(&open));
                }
            }
            "hr" => self.page.block("<hr>"),
            "pre" | "listing" | "xmp" | "plaintext" => self.code_block(element),
            "ul" | "ol" | "menu" | "dir" => self.list(element),
            "table" => self.table(element),
            "blockquote" => {
                let open = format!("<blockquote{}>", self.style_of(element));
                self.wrapped(&open, &element.children, Some("<p>"));
            }
            "a" => self.link_around_blocks(element),
            name if BLOCKS.contains(&name) => {
                let open = format!("<section{}>", self.style_of(element));
                self.wrapped(&open, &element.children, None);
            }
            // Something inline with a block in it: the block is kept, what is around it is not.
            _ => self.flow(&element.children, Some("<p>")),
        }
    }

    pub(super) fn wrapped(&mut self, open: &str, nodes: &[Node], wrap: Option<&str>) {
        let before = self.page.position();
        self.page.block(open);
        let begun = self.page.position();
        self.flow(nodes, wrap);
        // An empty section may still be a picture's frame or a line; only a bare one is nothing.
        if self.page.position() == begun && !open.contains("style=") {
            self.page.take_back(before);
        } else {
            self.page.block(&close(open));
        }
    }

    pub(super) fn inlines(&mut self, nodes: &[Node]) {
        for node in nodes {
            match node {
                Node::Text(text) => self.text(text),
                Node::Element(element) => self.inline(element),
            }
        }
    }

    fn inline(&mut self, element: &Element) {
        let name = element.name.as_str();
        if DROPPED.contains(&name) {
            let message = format!("`<{name}>` is left out, with what is in it");
            self.desk.warn(&DROPPED_ELEMENT, message, &[&format!("<{name}"), name]);
            return;
        }
        self.notice(element);
        match name {
            "br" => self.page.block("<br>"),
            "wbr" => {}
            "img" => self.picture(element),
            "a" => self.link(element),
            "input" => self.checkbox(element),
            "strong" | "b" => self.tagged("strong", element),
            "em" | "i" | "cite" | "dfn" | "var" => self.tagged("em", element),
            "del" | "s" | "strike" => self.tagged("del", element),
            "sup" => self.tagged("sup", element),
            "sub" => self.tagged("sub", element),
            "code" | "kbd" | "samp" | "tt" => {
                let around = std::mem::replace(&mut self.inside, Inside::Code);
                self.tagged("code", element);
                self.inside = around;
            }
            _ if element.attribute("style").is_some() => self.tagged("span", element),
            _ => self.inlines(&element.children),
        }
    }

    fn tagged(&mut self, name: &str, element: &Element) {
        let style = self.style_of(element);
        if let Some(first) = dom::text(&element.children).trim_start().chars().next() {
            self.page.settle(first);
        }
        self.page.inline(&format!("<{name}{style}>"));
        self.inlines(&element.children);
        self.page.inline(&format!("</{name}>"));
    }

    /// Writes text. A mark in it is a mini program that a template asked for.
    fn text(&mut self, text: &str) {
        for part in mark::split(text) {
            let number = match part {
                Part::Text(text) => {
                    self.page.text(text);
                    continue;
                }
                Part::Mark(Mark::Image(_)) => continue,
                Part::Mark(Mark::MiniProgram(number)) => number,
            };
            let Some(call) = self.desk.call(number) else { continue };
            let inline = call.style.is_inline();
            match self.inside {
                Inside::Link => self.desk.misplaced(number, "inside a link"),
                Inside::Code => self.desk.misplaced(number, "inside code"),
                Inside::Text if !inline => self.desk.misplaced(number, "inside a sentence"),
                Inside::Text => {
                    let (first, last) = self.desk.ends(number);
                    let mark = Mark::MiniProgram(number).to_string();
                    self.page.object(&mark, first, last);
                    self.desk.place_call(number);
                }
            }
        }
    }

    /// The cards and image links of a line that holds nothing else.
    pub(super) fn alone(&self, nodes: &[Node]) -> Option<Vec<usize>> {
        let mut calls = Vec::new();
        for node in nodes {
            let text = match node {
                Node::Text(text) => text,
                Node::Element(element) if element.name == "br" => continue,
                Node::Element(_) => return None,
            };
            for part in mark::split(text) {
                match part {
                    Part::Text(text) if text.trim().is_empty() => {}
                    Part::Mark(Mark::MiniProgram(number))
                        if self.desk.call(number).is_some_and(|call| !call.style.is_inline()) =>
                    {
                        calls.push(number);
                    }
                    Part::Text(_) | Part::Mark(_) => return None,
                }
            }
        }
        (!calls.is_empty()).then_some(calls)
    }

    /// Writes a card or an image link on a line of its own.
    pub(super) fn stand(&mut self, number: usize) {
        if self.inside != Inside::Text {
            self.desk.misplaced(number, "inside a link");
            return;
        }
        let tag = match self.desk.call(number).map(|call| &call.style) {
            Some(Style::Card { .. }) => "section",
            Some(Style::Image { .. } | Style::Link { .. }) => "p",
            None => return,
        };
        let mark = Mark::MiniProgram(number);
        self.page.block(&format!("<{tag} class=\"mini-program\">{mark}</{tag}>"));
        self.desk.place_call(number);
    }

    /// The style that an element keeps, with what its old attributes say of alignment.
    pub(super) fn style_of(&mut self, element: &Element) -> String {
        let mut style = element.attribute("style").unwrap_or_default().to_owned();
        let align = match (element.name.as_str(), element.attribute("align")) {
            ("center", _) => Some("center"),
            (_, Some(align)) => {
                ["left", "center", "right"].into_iter().find(|a| align.eq_ignore_ascii_case(a))
            }
            _ => None,
        };
        if let Some(align) = align {
            style = format!("text-align:{align};{style}");
        }
        self.desk.style(&style)
    }

    /// Says what a person wrote by hand that only templates may write.
    fn notice(&mut self, element: &Element) {
        let name = &element.name;
        if name.contains('-') {
            let words = [format!("<{name}"), name.clone()];
            let message = format!("`<{name}>` is left out");
            let problem = self.desk.warn(&DROPPED_ELEMENT, message, &[&words[0], &words[1]]);
            problem.help = Some("mini programs are written `{{ shop.card() }}`".to_owned());
        }
        for (name, value) in &element.attributes {
            if name.starts_with("data-miniprogram") {
                let message = format!("`{name}` is left out");
                let problem = self.desk.warn(&DROPPED_ELEMENT, message, &[name]);
                problem.help = Some("mini programs are written `{{ shop.link() }}`".to_owned());
            }
            self.notice_marks(&percent_decoded(value), "inside an attribute");
        }
    }

    /// Says that the mini programs in `text` stand where they cannot.
    pub(super) fn notice_marks(&mut self, text: &str, where_: &str) {
        for part in mark::split(text) {
            if let Part::Mark(Mark::MiniProgram(number)) = part
                && self.desk.call(number).is_some()
            {
                self.desk.misplaced(number, where_);
            }
        }
    }

    /// Says that a fence would need a drawing, if it would.
    pub(super) fn notice_fence(&mut self, language: &str) {
        if !DRAWN.contains(&language) {
            return;
        }
        let place = self.desk.written.find(&[&format!("```{language}"), language]);
        let message = format!("a block in `{language}` cannot be drawn");
        let problem = Diagnostic::error(&NOT_DRAWN, message);
        let help = "put a picture of it beside the article: `![订单流程](images/flow.png)`";
        self.desk.problems.push(problem.at(place, "needs a drawing").help(help));
    }
}

/// The closing tag of an opening one.
fn close(open: &str) -> String {
    let name = open[1..].split([' ', '>']).next().unwrap_or_default();
    format!("</{name}>")
}

pub(super) fn is_block(node: &Node) -> bool {
    match node {
        Node::Text(_) => false,
        Node::Element(element) if DROPPED.contains(&element.name.as_str()) => false,
        Node::Element(element) => {
            BLOCKS.contains(&element.name.as_str()) || element.children.iter().any(is_block)
        }
    }
}

fn runs(nodes: &[Node]) -> Vec<Run<'_>> {
    let mut runs = Vec::new();
    let mut line = 0;
    for (at, node) in nodes.iter().enumerate() {
        if let Node::Element(element) = node
            && is_block(node)
        {
            runs.push(Run::Line(&nodes[line..at]));
            runs.push(Run::Block(element));
            line = at + 1;
        }
    }
    runs.push(Run::Line(&nodes[line..]));
    runs
}
