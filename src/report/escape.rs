//! Foreign text, made harmless for the medium it is shown in.
//!
//! Titles, tags and WeChat's answers are written by others. A terminal obeys control characters, a
//! reader is fooled by text that runs backwards or has no width, and a comment on a pull request
//! obeys Markdown, HTML, `@name` and `#1`.

use std::fmt::Write as _;

/// Makes text harmless for a terminal, on one line: what would be obeyed is spelled `\u{1b}`.
pub(super) fn terminal(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        if c == '\n' {
            safe.push_str(" ⏎ ");
        } else if is_treacherous(c) {
            write!(safe, "{}", c.escape_unicode()).expect("writing to a String cannot fail");
        } else {
            safe.push(c);
        }
    }
    safe
}

/// Makes text harmless within a line of Markdown. What stands between two backticks becomes code.
///
/// It is safe for any text: a piece is escaped or it is code without a backtick in it, so a stray
/// backtick only changes what looks like code.
pub(super) fn markdown(text: &str) -> String {
    let pieces: Vec<&str> = text.split('`').collect();
    // An even number of pieces means that the last backtick has no partner.
    let paired = pieces.len() - 1 + pieces.len() % 2;
    let mut safe = String::with_capacity(text.len());
    for (n, piece) in pieces.iter().enumerate() {
        if n % 2 == 1 && n < paired {
            safe.push_str(&markdown_code(piece));
        } else {
            safe.push_str(&markdown_text(piece));
        }
    }
    safe
}

/// Makes a code span, for an address, a file or a command.
pub(super) fn markdown_code(text: &str) -> String {
    let text = terminal(text);
    if text.is_empty() || text.contains(['`', '|']) || text.trim() != text {
        // A code span cannot say these in a table; `<code>` with everything escaped can.
        format!("<code>{}</code>", markdown_text(&text))
    } else {
        format!("`{text}`")
    }
}

/// Escapes every character that Markdown, HTML or a forge could obey within a line.
///
/// Brackets never open a link here and `!` never an image, because `[` and `]` are escaped.
pub(super) fn markdown_text(text: &str) -> String {
    let text = terminal(text);
    let mut safe = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let next = chars.peek().copied().unwrap_or(' ');
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            // In front of what forges link: an account is told, an issue is mentioned.
            '@' | '#' => {
                safe.push(c);
                safe.push_str("&#8203;");
            }
            // `www.example.com` and `https://` would become links, `:bomb:` a picture.
            '.' | ':' if next.is_ascii_alphabetic() || next == '/' => {
                safe.push('\\');
                safe.push(c);
            }
            '\\' | '`' | '*' | '_' | '~' | '^' | '|' | '$' | '[' | ']' | '{' | '}' => {
                safe.push('\\');
                safe.push(c);
            }
            c => safe.push(c),
        }
    }
    safe
}

/// Makes JSON harmless for a terminal that it is printed on, without changing what it says: such
/// characters stand in strings only, where JSON has another way to write them.
pub(super) fn json(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        if is_treacherous(c) && c != '\n' {
            for unit in c.encode_utf16(&mut [0; 2]) {
                write!(safe, "\\u{unit:04x}").expect("writing to a String cannot fail");
            }
        } else {
            safe.push(c);
        }
    }
    safe
}

/// Whether a character makes a screen show something else than what is there: it is obeyed, turns
/// the direction of writing, or cannot be seen. Joiners stay, since emoji are made of them.
fn is_treacherous(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{061c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}'
            | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOSTILE: &str = "春\u{1b}[31m季\u{202e}上新\r\n<b>|`x`| @zhang #1 [a](b)\u{200d}";

    #[test]
    fn a_terminal_gets_nothing_to_obey() {
        assert_eq!(
            terminal(HOSTILE),
            "春\\u{1b}[31m季\\u{202e}上新\\u{d} ⏎ <b>|`x`| @zhang #1 [a](b)\u{200d}"
        );
    }

    #[test]
    fn a_comment_gets_nothing_to_obey() {
        assert_eq!(
            markdown(HOSTILE),
            "春\\\\u\\{1b\\}\\[31m季\\\\u\\{202e\\}上新\\\\u\\{d\\} ⏎ &lt;b&gt;\\|`x`\\| \
             @&#8203;zhang #&#8203;1 \\[a\\](b)\u{200d}"
        );
        assert_eq!(
            markdown("https://a.cn www.b.cn 10:00, 1.5 :bomb:"),
            "https\\://a\\.cn www\\.b\\.cn 10:00, 1.5 \\:bomb:"
        );
        assert_eq!(markdown("a`b"), "ab", "a stray backtick is dropped, never obeyed");
        assert_eq!(markdown_code("a|b`c"), "<code>a\\|b\\`c</code>");
        assert_eq!(markdown_code("spring-2026/sends/launch"), "`spring-2026/sends/launch`");
    }

    #[test]
    fn json_says_the_same_in_visible_characters() {
        let written = json(&serde_json::to_string(HOSTILE).unwrap());
        assert!(!written.chars().any(is_treacherous), "{written}");
        assert_eq!(serde_json::from_str::<String>(&written).unwrap(), HOSTILE);
    }
}
