//! How a view looks: its form, its colours, its width, and the time it is read at.

use crate::terms::Timestamp;

/// What a view is written as. All forms of a view say the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// For a person at a terminal or in a log.
    Human,
    /// For a program: opens with `format_version`.
    Json,
    /// For a comment on a pull request, or a job's summary.
    Markdown,
}

/// Whether colours are used. They are accents: nothing is said by a colour alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Color {
    /// None at all.
    Plain,
    /// ANSI escape sequences.
    Ansi,
}

/// What a view must know of the place where it is read.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    /// Whether colours are used.
    pub color: Color,
    /// How many columns there are. Text is wrapped to it, from 60 columns on and up to 120.
    pub width: u16,
    /// The time now, by which a window is open, is closed, or opens later.
    pub now: Timestamp,
}

impl Style {
    /// The columns that a view may fill: text narrower than 60 falls apart, and lines longer than
    /// 120 are hard to read.
    pub(super) fn columns(&self) -> usize {
        usize::from(self.width).clamp(60, 120)
    }

    /// Gives `text` its accent.
    pub(super) fn paint(&self, tone: Tone, text: &str) -> String {
        self.color.paint(tone, text)
    }
}

/// An accent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tone {
    /// No accent.
    Plain,
    /// A heading, a name.
    Strong,
    /// What few readers need.
    Quiet,
    /// Something new, something done.
    Good,
    /// Something that changes, something that waits.
    Change,
    /// A command, a place to look.
    Hint,
    /// What reaches people, or stops.
    Alarm,
}

impl Color {
    /// Gives `text` its accent, and nothing to an empty text.
    pub(super) fn paint(self, tone: Tone, text: &str) -> String {
        let style = tone.style();
        match self {
            Self::Plain => text.to_owned(),
            Self::Ansi if text.is_empty() => String::new(),
            Self::Ansi => format!("{}{text}{}", style.render(), style.render_reset()),
        }
    }
}

impl Tone {
    fn style(self) -> anstyle::Style {
        let plain = anstyle::Style::new();
        match self {
            Self::Plain => plain,
            Self::Strong => plain.bold(),
            Self::Quiet => plain.dimmed(),
            Self::Good => anstyle::AnsiColor::Green.on_default(),
            Self::Change => anstyle::AnsiColor::Yellow.on_default(),
            Self::Hint => anstyle::AnsiColor::Cyan.on_default(),
            Self::Alarm => anstyle::AnsiColor::Red.on_default().bold(),
        }
    }
}
