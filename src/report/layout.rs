//! Columns on a terminal: widths as they are seen, wrapping, and a page to write on.
//!
//! A Chinese character fills two columns and an accent none, so nothing here counts bytes or
//! characters. Text is wrapped, never cut: what a person cannot see they cannot review.

use std::io::{self, Write};

use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use super::style::{Style, Tone};

/// The columns that `text` fills on a terminal.
pub(super) fn width(text: &str) -> usize {
    text.width()
}

/// Fills `text` up with spaces to `columns`; a longer text stays as it is.
pub(super) fn pad(text: &str, columns: usize) -> String {
    let missing = columns.saturating_sub(width(text));
    format!("{text}{}", " ".repeat(missing))
}

/// How wide the column of such names is; a name that is wider than `most` does not count, since its
/// text then stands below it.
pub(super) fn column<'a>(names: impl IntoIterator<Item = &'a str>, most: usize) -> usize {
    names.into_iter().map(width).filter(|wide| *wide <= most).max().unwrap_or_default()
}

/// Breaks `text` into lines of at most `columns`: at spaces and between Chinese characters, as
/// typesetting allows it. What stands between backticks is a command and stays in one piece, even
/// when it is wider than a line.
pub(super) fn wrap(text: &str, columns: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for unit in units(text) {
        let line = lines.last_mut().expect("begun with one line");
        if !line.is_empty() && width(line) + width(unit.trim_end()) > columns {
            line.truncate(line.trim_end().len());
            lines.push(unit.to_owned());
        } else {
            line.push_str(unit);
        }
    }
    let last = lines.last_mut().expect("begun with one line");
    last.truncate(last.trim_end().len());
    lines
}

/// The pieces of a text that must not be broken, each with the spaces that follow it.
fn units(text: &str) -> Vec<&str> {
    let (mut units, mut start, mut is_code) = (Vec::new(), 0, false);
    let (mut before, mut last) = ('\0', '\0');
    for (at, c) in text.char_indices() {
        // A time and its offset stay together: `2026-03-01 10:00 +08:00`.
        let is_time = last == ' ' && before.is_ascii_digit() && (c.is_ascii_digit() || c == '+');
        if at > 0 && !is_code && !is_time && may_break(last, c) {
            units.push(&text[start..at]);
            start = at;
        }
        is_code ^= c == '`';
        (before, last) = (last, c);
    }
    units.push(&text[start..]);
    units
}

/// Whether a line may end with `before` and the next begin with `after`.
fn may_break(before: char, after: char) -> bool {
    const NEVER_LAST: &str = "（《「『【〔“‘([{";
    const NEVER_FIRST: &str = "，。、；：？！）》」』】〕”’…·—,.;:?!)]}%";
    let is_wide = |c: char| c.width() == Some(2);
    let joins = |c: char| c.width() == Some(0) || ('\u{1f3fb}'..='\u{1f3ff}').contains(&c);
    if after == ' ' || joins(after) || before == '\u{200d}' {
        return false;
    }
    (before == ' ' && after != '·')
        || ((is_wide(before) || is_wide(after))
            && !NEVER_LAST.contains(before)
            && !NEVER_FIRST.contains(after))
}

/// A page on a terminal, written from top to bottom.
pub(super) struct Page<'a> {
    style: &'a Style,
    out: &'a mut dyn Write,
}

impl<'a> Page<'a> {
    /// Begins a page.
    pub(super) fn new(style: &'a Style, out: &'a mut dyn Write) -> Self {
        Self { style, out }
    }

    /// How it looks.
    pub(super) fn style(&self) -> &'a Style {
        self.style
    }

    /// Leaves a line empty.
    pub(super) fn gap(&mut self) -> io::Result<()> {
        writeln!(self.out)
    }

    /// Writes a line as it is.
    pub(super) fn line(&mut self, line: &str) -> io::Result<()> {
        writeln!(self.out, "{}", line.trim_end())
    }

    /// Writes a heading on the left and a remark at the right margin, or below where it is tight.
    pub(super) fn heading(
        &mut self,
        indent: usize,
        left: (Tone, &str),
        right: (Tone, &str),
    ) -> io::Result<()> {
        let room = self.style.columns().saturating_sub(indent + width(left.1) + width(right.1));
        let (heading, remark) =
            (self.style.paint(left.0, left.1), self.style.paint(right.0, right.1));
        let margin = " ".repeat(indent);
        if right.1.is_empty() || room >= 2 {
            return self.line(&format!("{margin}{heading}{}{remark}", " ".repeat(room)));
        }
        self.line(&format!("{margin}{heading}"))?;
        self.line(&format!("{margin}  {remark}"))
    }

    /// Writes `text` wrapped beside `label`; the lines after the first begin below its first word.
    pub(super) fn beside(&mut self, label: &str, tone: Tone, text: &str) -> io::Result<()> {
        let indent = width(label);
        let columns = self.style.columns().saturating_sub(indent).max(20);
        let mut lead = self.style.paint(tone_of_label(tone), label);
        for line in wrap(text, columns) {
            let line = self.speak(tone, &line);
            self.line(&format!("{lead}{line}"))?;
            lead = " ".repeat(indent);
        }
        Ok(())
    }

    /// Writes a row of a table: `lead` as it was painted, `name` in its column, and `text` beside
    /// it, or below where it is long and there is little room.
    pub(super) fn row(
        &mut self,
        lead: (usize, &str),
        name: (usize, &str),
        text: (Tone, &str),
    ) -> io::Result<()> {
        /// With so many columns, a text of any length reads well beside its name.
        const ROOMY: usize = 40;
        let indent = lead.0 + name.0 + 2;
        let room = self.style.columns().saturating_sub(indent);
        let lines = wrap(text.1, room.max(1));
        let fits = lines.len() <= 2 && lines.iter().all(|line| width(line) <= room);
        if width(name.1) > name.0 || !(fits || room >= ROOMY) {
            self.line(&format!("{}{}", lead.1, name.1))?;
            return self.paragraph(lead.0 + 2, text.0, text.1);
        }
        let mut before = format!("{}{}  ", lead.1, pad(name.1, name.0));
        for line in lines {
            let line = self.speak(text.0, &line);
            self.line(&format!("{before}{line}"))?;
            before = " ".repeat(indent);
        }
        Ok(())
    }

    /// Writes a paragraph that begins at column `indent`.
    pub(super) fn paragraph(&mut self, indent: usize, tone: Tone, text: &str) -> io::Result<()> {
        self.beside(&" ".repeat(indent), tone, text)
    }

    /// Paints a line, with the commands in it as hints.
    fn speak(&self, tone: Tone, line: &str) -> String {
        let pieces: Vec<&str> = line.split('`').collect();
        if pieces.len().is_multiple_of(2) {
            return self.style.paint(tone, line);
        }
        let mut spoken = String::with_capacity(line.len());
        for (n, piece) in pieces.iter().enumerate() {
            if n % 2 == 1 {
                spoken.push_str(&self.style.paint(Tone::Hint, &format!("`{piece}`")));
            } else {
                spoken.push_str(&self.style.paint(tone, piece));
            }
        }
        spoken
    }
}

/// Labels stay in the background, whatever stands beside them.
fn tone_of_label(tone: Tone) -> Tone {
    match tone {
        Tone::Plain | Tone::Strong | Tone::Quiet | Tone::Good | Tone::Change | Tone::Hint => {
            Tone::Quiet
        }
        Tone::Alarm => Tone::Alarm,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, columns: usize, expected: &[&str]) {
        let lines = wrap(text, columns);
        assert_eq!(lines, expected);
        assert!(lines.iter().all(|line| width(line) <= columns || line.contains('`')));
    }

    #[test]
    fn lines_break_between_chinese_characters_and_not_before_a_full_stop() {
        check("春季上新：十二款通勤外套。", 12, &["春季上新：十", "二款通勤外", "套。"]);
        check("看（面料）护理", 5, &["看", "（面", "料）", "护理"]);
        check("to 2026-03-01 10:00 +08:00", 24, &["to", "2026-03-01 10:00 +08:00"]);
        check("12 steps · 5 kept", 10, &["12 steps ·", "5 kept"]);
        check("tag VIP会员 has 3,210 people", 12, &["tag VIP会员", "has 3,210", "people"]);
    }

    #[test]
    fn commands_and_joined_emoji_stay_whole() {
        check(
            "run `qunfa plan campaigns/spring` now",
            12,
            &["run", "`qunfa plan campaigns/spring`", "now"],
        );
        check("👨‍👩‍👧👨‍👩‍👧", 2, &["👨‍👩‍👧", "👨‍👩‍👧"]);
        check("", 12, &[""]);
    }

    #[test]
    fn padding_counts_columns() {
        assert_eq!(pad("会员", 6), "会员  ");
        assert_eq!(pad("会员", 3), "会员");
    }
}
