//! Markup as it is written: white space settled the way a browser would, nothing spare between
//! blocks.

use unicode_width::UnicodeWidthChar;

/// A page under the pen.
#[derive(Debug, Default)]
pub(super) struct Page {
    out: String,
    gap: Gap,
    /// The last character of the current line of text; none where a line begins.
    last: Option<char>,
}

/// White space that was read and not yet written.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Gap {
    #[default]
    None,
    Space,
    /// White space with a line break in it, which Chinese typography does not show.
    Newline,
}

impl Page {
    /// Writes a tag that begins or ends a block: white space beside it is dropped (R4: WeChat can
    /// show it as an empty line).
    pub(super) fn block(&mut self, tag: &str) {
        self.out.push_str(tag);
        (self.gap, self.last) = (Gap::None, None);
    }

    /// Writes a tag inside a line.
    pub(super) fn inline(&mut self, tag: &str) {
        self.out.push_str(tag);
    }

    /// Writes something that takes room in a line as a character would: a picture, a link.
    pub(super) fn object(&mut self, markup: &str, first: char, last: char) {
        self.settle(first);
        self.out.push_str(markup);
        self.last = Some(last);
    }

    /// Writes the white space that waits, now that it is known what follows.
    pub(super) fn settle(&mut self, next: char) {
        let gap = std::mem::take(&mut self.gap);
        let Some(last) = self.last else { return };
        let shown = match gap {
            Gap::None => false,
            Gap::Space => true,
            Gap::Newline => !(is_wide(last) && is_wide(next)),
        };
        if shown {
            self.out.push(' ');
            self.last = Some(' ');
        }
    }

    /// Writes text, escaped.
    pub(super) fn text(&mut self, text: &str) {
        for c in text.chars() {
            match c {
                '\n' | '\r' => self.gap = Gap::Newline,
                ' ' | '\t' | '\u{c}' => {
                    if self.gap == Gap::None {
                        self.gap = Gap::Space;
                    }
                }
                _ => {
                    self.settle(c);
                    push_escaped(&mut self.out, c);
                    self.last = Some(c);
                }
            }
        }
    }

    /// Where the pen is.
    pub(super) fn position(&self) -> usize {
        self.out.len()
    }

    /// Takes back what was written since `position`: an element that came to nothing.
    pub(super) fn take_back(&mut self, position: usize) {
        self.out.truncate(position);
        (self.gap, self.last) = (Gap::None, None);
    }

    pub(super) fn into_string(self) -> String {
        self.out
    }
}

/// Escapes text for markup, inside and outside of attributes.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        push_escaped(&mut out, c);
    }
    out
}

fn push_escaped(out: &mut String, c: char) {
    match c {
        '&' => out.push_str("&amp;"),
        '<' => out.push_str("&lt;"),
        '>' => out.push_str("&gt;"),
        '"' => out.push_str("&quot;"),
        '\'' => out.push_str("&#39;"),
        _ => out.push(c),
    }
}

/// Whether Chinese typography sets no space beside it.
fn is_wide(c: char) -> bool {
    matches!(c, '“' | '”' | '‘' | '’' | '…' | '—' | '·') || c.width() == Some(2)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let mut page = Page::default();
        page.text(text);
        assert_eq!(page.into_string(), expected);
    }

    #[test]
    fn a_line_break_between_chinese_characters_is_no_space() {
        check("轻便、\n防风", "轻便、防风");
        check("用 WeChat\n打开", "用 WeChat 打开");
        check("  两端  ", "两端");
        check("a  \n b", "a b");
        check("“好”\n他说", "“好”他说");
        check("a\u{a0}\u{a0}b", "a\u{a0}\u{a0}b");
    }
}
