//! HTML as a small tree, read by a parser that browsers agree with.

use scraper::{ElementRef, Html};

/// How deep elements may be nested. Articles stay below ten.
pub(super) const DEPTH_MAX: usize = 64;

/// How many tags may be open at once before a body is parsed at all: generous, for markup that
/// leaves some open by mistake.
const LEFT_OPEN_MAX: usize = 1024;

/// Elements that need no closing tag.
const CLOSE_THEMSELVES: &[&str] = &[
    "br", "col", "dd", "dt", "hr", "img", "input", "li", "link", "meta", "option", "p", "tbody",
    "td", "th", "thead", "tr", "wbr",
];

/// A stretch of text, or an element.
#[derive(Debug)]
pub(super) enum Node {
    Text(String),
    Element(Element),
}

/// An element with its children; comments are left out.
#[derive(Debug)]
pub(super) struct Element {
    /// In lower case, as HTML has it.
    pub(super) name: String,
    pub(super) attributes: Vec<(String, String)>,
    pub(super) children: Vec<Node>,
}

impl Element {
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        let mut attributes = self.attributes.iter();
        attributes.find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    pub(super) fn has_class(&self, class: &str) -> bool {
        self.attribute("class").is_some_and(|all| all.split_ascii_whitespace().any(|c| c == class))
    }
}

/// The text of some nodes, elements left out.
pub(super) fn text(nodes: &[Node]) -> String {
    let each = |node: &Node| match node {
        Node::Text(text) => text.clone(),
        Node::Element(element) if element.name == "br" => "\n".to_owned(),
        Node::Element(element) => text(&element.children),
    };
    nodes.iter().map(each).collect()
}

/// A fragment nested deeper than [`DEPTH_MAX`].
#[derive(Debug, PartialEq, Eq)]
pub(super) struct TooDeep;

/// Parses a fragment.
pub(super) fn parse(html: &str) -> Result<Vec<Node>, TooDeep> {
    if left_open(html) > LEFT_OPEN_MAX {
        return Err(TooDeep);
    }
    let html = Html::parse_fragment(html);
    children(html.root_element(), 0)
}

/// The most tags that were open at once, counted without a parser: the parser looks through all
/// that are open at each tag, and would sit for minutes over a file that only opens them.
fn left_open(html: &str) -> usize {
    let (mut open, mut most) = (0_usize, 0);
    for tag in html.split('<').skip(1) {
        let closes = tag.starts_with('/');
        let name = tag.trim_start_matches('/').split(|c: char| !c.is_ascii_alphanumeric()).next();
        let name = name.unwrap_or_default().to_ascii_lowercase();
        if name.is_empty() || CLOSE_THEMSELVES.contains(&name.as_str()) {
            continue;
        }
        open = if closes { open.saturating_sub(1) } else { open + 1 };
        most = most.max(open);
    }
    most
}

fn children(parent: ElementRef<'_>, depth: usize) -> Result<Vec<Node>, TooDeep> {
    if depth > DEPTH_MAX {
        return Err(TooDeep);
    }
    let mut nodes = Vec::new();
    for child in parent.children() {
        if let Some(text) = child.value().as_text() {
            nodes.push(Node::Text(text.to_string()));
        } else if let Some(element) = ElementRef::wrap(child) {
            let value = element.value();
            nodes.push(Node::Element(Element {
                name: value.name().to_owned(),
                attributes: value.attrs().map(|(k, v)| (k.to_owned(), v.to_owned())).collect(),
                children: children(element, depth + 1)?,
            }));
        }
    }
    Ok(nodes)
}
