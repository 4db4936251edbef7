//! Lists, tables and code: the blocks that WeChat shows wrong unless they are written its way.

use unicode_width::UnicodeWidthChar;

use super::dom::{self, Element, Node};
use super::html::{Layout, is_block};
use super::mark;
use super::page::escape;

/// How far a list is set in for each level, in em: the room of a marker.
const INDENT_EM: [&str; 6] = ["1.2", "2.4", "3.6", "4.8", "6", "7.2"];

/// A tab goes on to the next column that is a multiple of this.
const TAB_COLUMNS: usize = 4;

/// One item of a list while it is laid out.
struct Item {
    /// "• ", "1. ", or nothing once it is written.
    marker: Option<String>,
    depth: usize,
}

impl Item {
    fn indent(&self) -> &'static str {
        INDENT_EM[self.depth.min(INDENT_EM.len() - 1)]
    }
}

impl Layout<'_, '_> {
    /// Writes a list as lines with literal markers, set in by depth (R14).
    pub(super) fn list(&mut self, list: &Element) {
        let style = self.style_of(list);
        self.page.block(&format!("<section class=\"list\"{style}>"));
        self.items(list, 0);
        self.page.block("</section>");
    }

    fn items(&mut self, list: &Element, depth: usize) {
        let start = list.attribute("start").and_then(|start| start.trim().parse().ok());
        let mut number: i32 = start.unwrap_or(1);
        for child in &list.children {
            let Node::Element(element) = child else { continue };
            match element.name.as_str() {
                "li" => {
                    let marker = match list.name.as_str() {
                        _ if has_checkbox(&element.children) => String::new(),
                        "ol" => format!("{number}. "),
                        _ => "• ".to_owned(),
                    };
                    number = number.saturating_add(1);
                    let mut item = Item { marker: Some(marker), depth };
                    self.item(&element.children, &mut item);
                    self.marker(&mut item);
                }
                "ul" | "ol" | "menu" | "dir" => self.items(element, depth + 1),
                _ => self.flow(std::slice::from_ref(child), None),
            }
        }
    }

    fn item(&mut self, nodes: &[Node], item: &mut Item) {
        let mut line = 0;
        for (at, node) in nodes.iter().enumerate() {
            let Node::Element(element) = node else { continue };
            if !is_block(node) {
                continue;
            }
            self.item_line(&nodes[line..at], item);
            line = at + 1;
            match element.name.as_str() {
                "p" if !element.children.iter().any(is_block) => {
                    self.item_line(&element.children, item);
                }
                "ul" | "ol" | "menu" | "dir" => {
                    self.marker(item);
                    self.items(element, item.depth + 1);
                }
                _ => {
                    self.marker(item);
                    self.set_in(item, |layout| layout.flow(std::slice::from_ref(node), None));
                }
            }
        }
        self.item_line(&nodes[line..], item);
    }

    /// Writes one line of an item, the first with the marker.
    fn item_line(&mut self, nodes: &[Node], item: &mut Item) {
        if let Some(calls) = self.alone(nodes) {
            item.marker = None; // a dot beside a card is no help
            self.set_in(item, |layout| calls.iter().for_each(|call| layout.stand(*call)));
            return;
        }
        let before = self.page.position();
        let class = if item.marker.is_some() { "item" } else { "item-more" };
        let indent = item.indent();
        self.page.block(&format!("<section class=\"{class}\" style=\"padding-left:{indent}em\">"));
        self.page.inline(item.marker.as_deref().unwrap_or_default());
        let begun = self.page.position();
        self.inlines(nodes);
        if self.page.position() == begun {
            self.page.take_back(before);
        } else {
            item.marker = None;
            self.page.block("</section>");
        }
    }

    /// Writes a marker that has waited for text in vain.
    fn marker(&mut self, item: &mut Item) {
        if let Some(marker) = item.marker.take() {
            let indent = item.indent();
            let open = format!("<section class=\"item\" style=\"padding-left:{indent}em\">");
            self.page.block(&format!("{open}{}</section>", marker.trim_end()));
        }
    }

    /// Writes a block of an item as far in as its text.
    fn set_in(&mut self, item: &Item, write: impl FnOnce(&mut Self)) {
        let indent = item.indent();
        self.page.block(&format!("<section style=\"padding-left:{indent}em\">"));
        write(self);
        self.page.block("</section>");
    }

    /// Writes ☐ or ☑ for a checkbox, which is all of a form that survives.
    pub(super) fn checkbox(&mut self, input: &Element) {
        if is_checkbox(input) {
            self.page.text(if input.attribute("checked").is_some() { "☑ " } else { "☐ " });
        }
    }

    /// Writes a table in a section that scrolls (R15).
    pub(super) fn table(&mut self, table: &Element) {
        let style = self.style_of(table);
        for caption in elements(table).filter(|child| child.name == "caption") {
            self.flow(&caption.children, Some("<p>"));
        }
        self.page.block("<section class=\"scroll\">");
        self.page.block(&format!("<table{style}>"));
        for part in elements(table) {
            let name = part.name.as_str();
            if matches!(name, "thead" | "tbody" | "tfoot") {
                self.page.block(&format!("<{name}>"));
                elements(part).filter(|row| row.name == "tr").for_each(|row| self.row(row));
                self.page.block(&format!("</{name}>"));
            }
        }
        self.page.block("</table></section>");
    }

    fn row(&mut self, row: &Element) {
        let style = self.style_of(row);
        self.page.block(&format!("<tr{style}>"));
        for cell in elements(row).filter(|cell| matches!(cell.name.as_str(), "td" | "th")) {
            let name = cell.name.as_str();
            let style = self.style_of(cell);
            let span = |span: &str| {
                let count = cell.attribute(span).and_then(|count| count.parse::<u8>().ok());
                count.map_or_else(String::new, |count| format!(" {span}=\"{count}\""))
            };
            let spans = span("colspan") + &span("rowspan");
            self.page.block(&format!("<{name}{spans}{style}>"));
            self.flow(&cell.children, None);
            self.page.block(&format!("</{name}>"));
        }
        self.page.block("</tr>");
    }

    /// Writes code: lines end in `<br>`, every space is one that cannot collapse (R11).
    pub(super) fn code_block(&mut self, pre: &Element) {
        let language = elements(pre)
            .find(|child| child.name == "code")
            .and_then(|code| code.attribute("class"))
            .and_then(|class| {
                class.split_ascii_whitespace().find_map(|c| c.strip_prefix("language-"))
            })
            .map(str::to_lowercase);
        self.notice_fence(language.as_deref().unwrap_or_default());
        let text = dom::text(&pre.children);
        self.notice_marks(&text, "inside code");
        let text = mark::strip(&text);
        let text = text.strip_suffix('\n').unwrap_or(&text);
        let lines: Vec<String> = text.split('\n').map(code_line).collect();
        let style = self.style_of(pre);
        let code = lines.join("<br>");
        self.page.block(&format!("<pre{style}><code class=\"block\">{code}</code></pre>"));
    }
}

fn code_line(line: &str) -> String {
    let (mut out, mut column) = (String::with_capacity(line.len()), 0);
    for c in line.chars() {
        let width = match c {
            '\t' => TAB_COLUMNS - column % TAB_COLUMNS,
            ' ' => 1,
            '\r' => continue,
            c => {
                out.push_str(&escape(c.encode_utf8(&mut [0; 4])));
                column += c.width().unwrap_or(0);
                continue;
            }
        };
        out.extend(std::iter::repeat_n('\u{a0}', width));
        column += width;
    }
    out
}

fn elements(parent: &Element) -> impl Iterator<Item = &Element> {
    parent.children.iter().filter_map(|child| match child {
        Node::Element(element) => Some(element),
        Node::Text(_) => None,
    })
}

fn is_checkbox(element: &Element) -> bool {
    let kind = element.attribute("type");
    element.name == "input" && kind.is_some_and(|kind| kind.eq_ignore_ascii_case("checkbox"))
}

/// Whether a list item begins with a checkbox, which is then its marker.
fn has_checkbox(nodes: &[Node]) -> bool {
    let first =
        nodes.iter().find(|node| !matches!(node, Node::Text(text) if text.trim().is_empty()));
    match first {
        Some(Node::Element(element)) if element.name == "p" => has_checkbox(&element.children),
        Some(Node::Element(element)) => is_checkbox(element),
        Some(Node::Text(_)) | None => false,
    }
}
