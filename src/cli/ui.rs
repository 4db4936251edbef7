//! The screen: what was asked for on stdout, news on stderr.

use std::io::{self, IsTerminal as _, Write};

use crate::diagnostic::Diagnostic;
use crate::plan::Plan;
use crate::report::{self, Color, Format, Style};
use crate::terms::Timestamp;

use super::args::{ColorArg, Common, FormatArg};
use super::error::CliError;
use super::settings::Surroundings;

/// Where a command prints.
pub(super) struct Ui {
    /// How to print what was asked for.
    pub(super) format: Format,
    /// On a terminal a person can be asked.
    pub(super) is_interactive: bool,
    is_quiet: bool,
    out_color: Color,
    err_color: Color,
    width: u16,
    out: io::Stdout,
    err: io::Stderr,
}

impl Ui {
    /// Looks at the streams.
    pub(super) fn new(common: &Common, surroundings: &Surroundings) -> Self {
        let color = |is_terminal: bool| match common.color {
            ColorArg::Always => Color::Ansi,
            ColorArg::Auto if is_terminal && !surroundings.no_color => Color::Ansi,
            ColorArg::Auto | ColorArg::Never => Color::Plain,
        };
        let (out, err) = (io::stdout().is_terminal(), io::stderr().is_terminal());
        Self {
            format: match common.format {
                FormatArg::Human => Format::Human,
                FormatArg::Json => Format::Json,
                FormatArg::Markdown => Format::Markdown,
            },
            is_interactive: io::stdin().is_terminal() && err && !surroundings.is_ci,
            is_quiet: common.quiet,
            out_color: color(out),
            err_color: color(err),
            width: console::Term::stdout().size_checked().map_or(100, |(_, columns)| columns),
            out: io::stdout(),
            err: io::stderr(),
        }
    }

    /// How views on stdout look.
    pub(super) fn style(&self, now: Timestamp) -> Style {
        Style { color: self.out_color, width: self.width, now }
    }

    /// Prints what was asked for. Whoever closed the pipe, as `head` does, has read enough: what
    /// was done is done, and the exit code tells it.
    ///
    /// # Errors
    ///
    /// When it cannot be written, as on a full disk.
    pub(super) fn print(&self, text: &str) -> Result<(), CliError> {
        let mut out = self.out.lock();
        match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.into()),
            Ok(()) | Err(_) => Ok(()),
        }
    }

    /// Prints a view of the `report` room's.
    ///
    /// # Errors
    ///
    /// As [`Self::print`].
    pub(super) fn view(
        &self,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<(), CliError> {
        let mut text = Vec::new();
        write(&mut text)?;
        self.print(&String::from_utf8_lossy(&text))
    }

    /// Prints a line of news; a lost line loses no truth.
    pub(super) fn news(&self, text: &str) {
        if !self.is_quiet {
            drop(writeln!(self.err.lock(), "{text}"));
        }
    }

    /// Shows what is wrong with the files.
    pub(super) fn problems(&self, problems: &[Diagnostic]) {
        if !problems.is_empty() {
            let text = report::render_diagnostics(problems, self.err_color);
            drop(writeln!(self.err.lock(), "{}\n", text.trim_end()));
        }
    }

    /// Shows why a command could not run, with the whole chain of causes.
    pub(super) fn error(&self, error: &CliError) {
        let mut text = format!("error: {error}");
        if let CliError::WeChat(wechat) = error
            && let Some(help) = wechat.help()
        {
            text = format!("{text}\n  help: {help}");
        }
        for cause in error.causes() {
            text = format!("{text}\n  because {cause}");
        }
        drop(writeln!(self.err.lock(), "{text}"));
    }

    /// Asks a person; `false` without a terminal.
    pub(super) fn confirms(&self, question: &str) -> bool {
        self.is_interactive
            && dialoguer::Confirm::new()
                .with_prompt(question)
                .default(false)
                .interact()
                .unwrap_or(false)
    }

    /// The reporter of a run of these plans.
    pub(super) fn reporter(&self, plans: &[Plan]) -> Box<dyn report::Reporter + Send> {
        if self.format == Format::Json {
            return Box::new(report::Json::new(io::stdout()));
        }
        if self.is_quiet {
            return Box::new(report::Plain::new(plans, Color::Plain, io::sink()));
        }
        if io::stderr().is_terminal() {
            Box::new(report::Progress::new(plans, self.err_color))
        } else {
            Box::new(report::Plain::new(plans, self.err_color, io::stderr()))
        }
    }
}
