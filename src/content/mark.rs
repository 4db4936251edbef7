//! Marks: placeholders that stand in a text for what only the program may write.
//!
//! A mini program or a picture's address passes through Markdown, the style sheet and the gate as a
//! number between private-use characters, and real markup takes its place at the very end. Nothing
//! can be forged with it: a mark that a person types could only repeat what their own templates
//! made, and every mark is looked up before it is believed.

use std::iter;

const MINI_PROGRAM: char = '\u{10F800}';
const IMAGE: char = '\u{10F801}';
const END: char = '\u{10F802}';
const ZERO: u32 = 0x10_F810;

/// What a mark stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    /// The n-th mini program that a template asked for.
    MiniProgram(usize),
    /// The n-th picture of an article.
    Image(usize),
}

/// A stretch of text, or a mark in it.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Part<'a> {
    Text(&'a str),
    Mark(Mark),
}

impl std::fmt::Display for Mark {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (open, number) = match self {
            Self::MiniProgram(number) => (MINI_PROGRAM, number),
            Self::Image(number) => (IMAGE, number),
        };
        write!(f, "{open}")?;
        for digit in number.to_string().bytes() {
            let digit = char::from_u32(ZERO + u32::from(digit - b'0'));
            write!(f, "{}", digit.expect("inside a private-use plane"))?;
        }
        write!(f, "{END}")
    }
}

/// Whether `text` has a mark, or a part of one.
pub(super) fn any(text: &str) -> bool {
    text.contains(is_reserved)
}

/// Takes out every mark, and every part of one.
pub(super) fn strip(text: &str) -> String {
    text.replace(is_reserved, "")
}

/// Cuts a text at its marks. Reserved characters that make no whole mark are left out.
pub(super) fn split(text: &str) -> impl Iterator<Item = Part<'_>> {
    let mut rest = text;
    iter::from_fn(move || {
        while !rest.is_empty() {
            let plain = rest.find(is_reserved).unwrap_or(rest.len());
            if plain > 0 {
                let (text, tail) = rest.split_at(plain);
                rest = tail;
                return Some(Part::Text(text));
            }
            let (mark, length) = read(rest);
            rest = &rest[length..];
            if let Some(mark) = mark {
                return Some(Part::Mark(mark));
            }
        }
        None
    })
}

/// Reads the mark that `text` begins with, if it is whole, and says how many bytes to go on.
fn read(text: &str) -> (Option<Mark>, usize) {
    let mut chars = text.char_indices();
    let (_, open) = chars.next().expect("called where a reserved character stands");
    let mut number: usize = 0;
    for (at, c) in chars {
        match u32::from(c).checked_sub(ZERO).filter(|digit| *digit < 10) {
            Some(digit) => number = number.saturating_mul(10).saturating_add(digit as usize),
            None if c == END && at > open.len_utf8() => {
                let mark = match open {
                    MINI_PROGRAM => Some(Mark::MiniProgram(number)),
                    IMAGE => Some(Mark::Image(number)),
                    _ => None,
                };
                return (mark, at + c.len_utf8());
            }
            None => break,
        }
    }
    (None, open.len_utf8())
}

fn is_reserved(c: char) -> bool {
    ('\u{10F800}'..='\u{10F81F}').contains(&c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_read_back_and_broken_ones_vanish() {
        let text = format!("买{}，{}", Mark::MiniProgram(12), Mark::Image(0));
        let parts: Vec<Part<'_>> = split(&text).collect();
        let expected = [
            Part::Text("买"),
            Part::Mark(Mark::MiniProgram(12)),
            Part::Text("，"),
            Part::Mark(Mark::Image(0)),
        ];
        assert_eq!(parts, expected);
        assert_eq!(strip(&text), "买，");
        let broken = format!("{MINI_PROGRAM}一{IMAGE}{END}{END}");
        assert_eq!(split(&broken).collect::<Vec<_>>(), [Part::Text("一")]);
    }
}
