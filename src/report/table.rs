//! Tables on a terminal: columns as wide as what stands in them, numbers under numbers, and a last
//! column of remarks that is wrapped.

use std::io;

use super::human::pad_left;
use super::layout::{Page, pad, width};
use super::style::Tone;

const INDENT: &str = "  ";

/// On which side of its column a cell stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// Words.
    Left,
    /// Numbers.
    Right,
}

/// One row of a table: its cells, and what is to be said of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    /// Escaped already; as many as there are columns.
    pub(super) cells: Vec<String>,
    /// Of the remark.
    pub(super) tone: Tone,
    /// Escaped already; often empty.
    pub(super) remark: String,
}

/// A table, indented by two columns.
#[derive(Debug)]
pub(super) struct Table<'a> {
    /// What stands above each column, and on which side of it.
    pub(super) head: &'a [(Side, &'a str)],
    /// What stands below.
    pub(super) rows: &'a [Row],
}

impl Row {
    /// A row without a remark.
    pub(super) fn of(cells: Vec<String>) -> Self {
        Self { cells, tone: Tone::Quiet, remark: String::new() }
    }

    /// The same row with a remark.
    pub(super) fn remarked(self, tone: Tone, remark: String) -> Self {
        Self { tone, remark, ..self }
    }
}

impl Table<'_> {
    /// Writes it, its head in the background.
    ///
    /// # Errors
    ///
    /// When the page cannot be written to.
    pub(super) fn write(&self, page: &mut Page<'_>) -> io::Result<()> {
        let widths = self.widths();
        let head: Vec<&str> = self.head.iter().map(|(_, text)| *text).collect();
        let head = page.style().paint(Tone::Quiet, self.line(&widths, &head).trim_end());
        page.line(&head)?;
        for row in self.rows {
            let cells: Vec<&str> = row.cells.iter().map(String::as_str).collect();
            let line = self.line(&widths, &cells);
            if row.remark.is_empty() {
                page.line(&line)?;
            } else {
                // Where it stands below its row, it is indented more than the row is.
                let cells = line.strip_prefix(INDENT).unwrap_or(&line);
                page.row((width(INDENT), INDENT), (width(cells), cells), (row.tone, &row.remark))?;
            }
        }
        Ok(())
    }

    fn widths(&self) -> Vec<usize> {
        let cells = |at: usize| self.rows.iter().filter_map(move |row| row.cells.get(at));
        let wide =
            |at: usize, head: &str| cells(at).map(|cell| width(cell)).fold(width(head), usize::max);
        self.head.iter().enumerate().map(|(at, (_, head))| wide(at, head)).collect()
    }

    fn line(&self, widths: &[usize], cells: &[&str]) -> String {
        let columns = self.head.iter().zip(widths).zip(cells);
        let cells = columns.map(|(((side, _), wide), cell)| match side {
            Side::Left => pad(cell, *wide),
            Side::Right => pad_left(cell, *wide),
        });
        format!("{INDENT}{}", cells.collect::<Vec<_>>().join("  "))
    }
}
