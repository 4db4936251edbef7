//! The news of a run, as it comes: plain lines, or one JSON object a line.
//!
//! Losing news loses nothing (`apply`'s fourth idea), so a reporter may fail; whoever runs the
//! campaign goes on without it.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use crate::apply::{Event, SendEnd};
use crate::plan::{Action, Plan, Step, StepId};
use crate::terms::AppId;

use super::json::{self, FORMAT_VERSION};
use super::style::{Color, Tone};
use super::{escape, layout, nouns};

/// An address that is wider than this does not widen the column of them all.
const ADDRESS_COLUMNS_MAX: usize = 44;

/// Takes the news of a run.
pub trait Reporter {
    /// Shows one event.
    ///
    /// # Errors
    ///
    /// When it cannot be written. The run is as good without it.
    fn event(&mut self, event: &Event) -> io::Result<()>;
}

/// Reports in plain lines, one an event: for logs and CI.
#[derive(Debug)]
pub struct Plain<W> {
    steps: Steps,
    color: Color,
    out: W,
}

impl<W: Write> Plain<W> {
    /// Begins a report of `plans`, whose steps keep the numbers that the plan showed.
    pub fn new(plans: &[Plan], color: Color, out: W) -> Self {
        Self { steps: Steps::of(plans), color, out }
    }
}

impl<W: Write> Reporter for Plain<W> {
    fn event(&mut self, event: &Event) -> io::Result<()> {
        self.steps.take(event);
        let News { tone, text } = self.steps.news(event);
        for line in text.lines() {
            writeln!(self.out, "{}", self.color.paint(tone, line))?;
        }
        // A line that is held back is no news: a log may be cut off at any time.
        self.out.flush()
    }
}

/// The steps of the plans in hand, to name them in the news by what the plan showed.
#[derive(Debug)]
pub(super) struct Steps {
    plans: Vec<(AppId, BTreeMap<StepId, Known>)>,
    /// Those of the account that the run is at.
    current: BTreeMap<StepId, Known>,
    total: usize,
    /// How wide the column of actions is.
    action_columns: usize,
    /// How wide the column of addresses is.
    address_columns: usize,
    done: usize,
    failed: usize,
    open: usize,
    skipped: usize,
}

#[derive(Debug, Clone)]
struct Known {
    number: usize,
    action: &'static str,
    address: String,
}

/// A line of news.
#[derive(Debug)]
pub(super) struct News {
    pub(super) tone: Tone,
    pub(super) text: String,
}

impl Steps {
    pub(super) fn of(plans: &[Plan]) -> Self {
        let known = |(at, step): (usize, &Step)| {
            let (action, address) = (step.action.word(), subject(step));
            (step.id.clone(), Known { number: at + 1, action, address })
        };
        let steps = |plan: &Plan| plan.steps.iter().enumerate().map(known).collect();
        let of_plan = |plan: &Plan| (plan.account.appid.clone(), steps(plan));
        let plans: Vec<(AppId, BTreeMap<StepId, Known>)> = plans.iter().map(of_plan).collect();
        let all = || plans.iter().flat_map(|(_, steps)| steps.values());
        let action_columns = layout::column(all().map(|known| known.action), usize::MAX);
        let address_columns =
            layout::column(all().map(|known| known.address.as_str()), ADDRESS_COLUMNS_MAX);
        let (current, total) = (BTreeMap::new(), 0);
        Self {
            plans,
            current,
            total,
            action_columns,
            address_columns,
            done: 0,
            failed: 0,
            open: 0,
            skipped: 0,
        }
    }

    /// Keeps count.
    pub(super) fn take(&mut self, event: &Event) {
        match event {
            Event::RunStarted { appid, steps, .. } => {
                let plan = self.plans.iter().find(|(of, _)| of == appid);
                self.current = plan.map(|(_, steps)| steps.clone()).unwrap_or_default();
                self.total = *steps;
                (self.done, self.failed, self.open, self.skipped) = (0, 0, 0, 0);
            }
            Event::StepStarted { id, action, address } => {
                // A step that the plan did not show is named by what it says of itself.
                let number = self.current.len() + 1;
                let known = || Known { number, action, address: address.clone() };
                self.current.entry(id.clone()).or_insert_with(known);
            }
            Event::StepFinished { .. } => self.done += 1,
            Event::StepFailed { .. } => self.failed += 1,
            Event::StepOpen { .. } => self.open += 1,
            Event::StepSkipped { .. } => self.skipped += 1,
            Event::StepRetrying { .. }
            | Event::StepWaiting { .. }
            | Event::Warning { .. }
            | Event::RunFinished { .. } => {}
        }
    }

    /// How many steps are over, however they ended.
    pub(super) fn over(&self) -> usize {
        self.done + self.failed + self.open + self.skipped
    }

    /// How many steps the run has.
    pub(super) fn total(&self) -> usize {
        self.total
    }

    /// An event in words, escaped for a terminal. Only a failure's text may have several lines.
    pub(super) fn news(&self, event: &Event) -> News {
        let (tone, text) = match event {
            Event::RunStarted { run, appid, steps } => {
                let steps = nouns::count(*steps, "step", "steps");
                let realm = nouns::realm(appid);
                (Tone::Strong, format!("run {run} on {realm} {appid}: {steps}"))
            }
            Event::StepStarted { id, .. } => (Tone::Quiet, self.of_step(id, "begins")),
            Event::StepRetrying { id, error, after_ms } => {
                let error = escape::terminal(error);
                let text = format!("again in {}: {error}", seconds(*after_ms));
                (Tone::Change, self.of_step(id, &text))
            }
            Event::StepWaiting { id, why, until } => {
                let (why, until) = (escape::terminal(why), nouns::clock(*until));
                (Tone::Change, self.of_step(id, &format!("waits until {until} +08:00: {why}")))
            }
            Event::StepFinished { id, result } => {
                let text = match result.as_str() {
                    "" => "done".to_owned(),
                    result => format!("done: {}", escape::terminal(result)),
                };
                (Tone::Good, self.of_step(id, &text))
            }
            Event::StepFailed { id, error } => {
                let lines: Vec<String> = error.lines().map(escape::terminal).collect();
                let text = format!("FAILED: {}", lines.join("\n          "));
                (Tone::Alarm, self.of_step(id, &text))
            }
            Event::StepOpen { id, why } => {
                let text = format!("left open: {}", escape::terminal(why));
                (Tone::Change, self.of_step(id, &text))
            }
            Event::StepSkipped { id, why } => {
                let text = format!("not begun: {}", escape::terminal(why));
                (Tone::Change, self.of_step(id, &text))
            }
            Event::Warning { text } => {
                (Tone::Change, format!("warning: {}", escape::terminal(text)))
            }
            Event::RunFinished { .. } => {
                let tone = if self.failed > 0 { Tone::Alarm } else { Tone::Strong };
                (tone, format!("run finished: {}", self.tally()))
            }
        };
        News { tone, text }
    }

    fn of_step(&self, id: &StepId, text: &str) -> String {
        match self.current.get(id) {
            Some(Known { number, action, address }) => {
                let number = format!("{number:>width$}", width = self.total.to_string().len());
                let action = layout::pad(action, self.action_columns);
                let address = layout::pad(&escape::terminal(address), self.address_columns);
                format!("[{number}/{}] {action}  {address}  {text}", self.total)
            }
            None => format!("[{}] {text}", escape::terminal(&id.0)),
        }
    }

    fn tally(&self) -> String {
        match nouns::counts(&[
            (self.done, "step done", "steps done"),
            (self.failed, "failed", "failed"),
            (self.open, "left open", "left open"),
            (self.skipped, "not begun", "not begun"),
        ]) {
            nothing if nothing.is_empty() => "nothing was to be done".to_owned(),
            counts => counts,
        }
    }
}

/// What a step is about, so that two previews of one send can be told apart.
fn subject(step: &Step) -> String {
    match &step.action {
        Action::Preview(order) => {
            format!("{} to {}", step.address, nouns::reviewer(&order.reviewer))
        }
        Action::UploadImage(_)
        | Action::UploadMaterial(_)
        | Action::ConvertVideo(_)
        | Action::SaveDraft(_)
        | Action::Send(_)
        | Action::Settle(_)
        | Action::CheckStatus(_)
        | Action::Retract(_) => step.address.clone(),
    }
}

fn seconds(ms: u64) -> String {
    match ms {
        0..1_000 => format!("{ms} ms"),
        _ => format!("{} s", ms.div_ceil(1_000)),
    }
}

/// Reports one JSON object a line: for programs. The first line has the `format_version`, each
/// has a `type`.
#[derive(Debug)]
pub struct Json<W> {
    has_begun: bool,
    out: W,
}

impl<W: Write> Json<W> {
    /// Begins a report; nothing is written before the first event.
    pub fn new(out: W) -> Self {
        Self { has_begun: false, out }
    }
}

impl<W: Write> Reporter for Json<W> {
    fn event(&mut self, event: &Event) -> io::Result<()> {
        if !self.has_begun {
            let (format_version, program) = (FORMAT_VERSION, env!("CARGO_PKG_NAME"));
            let version = env!("CARGO_PKG_VERSION");
            json::line(&LineJson::Version { format_version, program, version }, &mut self.out)?;
            self.has_begun = true;
        }
        json::line(&LineJson::of(event), &mut self.out)?;
        self.out.flush()
    }
}

/// One line of the news.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum LineJson<'a> {
    Version { format_version: u32, program: &'static str, version: &'static str },
    RunStarted { run: &'a str, appid: &'a str, sandbox: bool, steps: usize },
    StepStarted { id: &'a str, action: &'static str, address: &'a str },
    StepRetrying { id: &'a str, error: &'a str, after_ms: u64 },
    StepWaiting { id: &'a str, why: &'a str, until: String },
    StepFinished { id: &'a str, result: &'a str },
    StepFailed { id: &'a str, error: &'a str },
    StepOpen { id: &'a str, why: &'a str },
    StepSkipped { id: &'a str, why: &'a str },
    Warning { text: &'a str },
    RunFinished { sends: Vec<EndJson<'a>> },
}

/// How one send stands at the end.
#[derive(Serialize)]
struct EndJson<'a> {
    address: String,
    standing: &'static str,
    note: &'a str,
}

impl<'a> LineJson<'a> {
    fn of(event: &'a Event) -> Self {
        match event {
            Event::RunStarted { run, appid, steps } => Self::RunStarted {
                run: run.as_str(),
                appid: appid.as_str(),
                sandbox: appid.is_sandbox(),
                steps: *steps,
            },
            Event::StepStarted { id, action, address } => {
                Self::StepStarted { id: &id.0, action, address }
            }
            Event::StepRetrying { id, error, after_ms } => {
                Self::StepRetrying { id: &id.0, error, after_ms: *after_ms }
            }
            Event::StepWaiting { id, why, until } => {
                Self::StepWaiting { id: &id.0, why, until: nouns::rfc3339(*until) }
            }
            Event::StepFinished { id, result } => Self::StepFinished { id: &id.0, result },
            Event::StepFailed { id, error } => Self::StepFailed { id: &id.0, error },
            Event::StepOpen { id, why } => Self::StepOpen { id: &id.0, why },
            Event::StepSkipped { id, why } => Self::StepSkipped { id: &id.0, why },
            Event::Warning { text } => Self::Warning { text },
            Event::RunFinished { sends } => {
                let end = |end: &'a SendEnd| EndJson {
                    address: end.address.to_string(),
                    standing: nouns::standing_code(end.standing),
                    note: &end.note,
                };
                Self::RunFinished { sends: sends.iter().map(end).collect() }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixtures::{news_of_a_run, spring};

    fn plain(color: Color) -> String {
        let mut out = Vec::new();
        let mut reporter = Plain::new(&[spring()], color, &mut out);
        for event in news_of_a_run() {
            reporter.event(&event).unwrap();
        }
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_log_gets_a_line_for_each_event() {
        insta::assert_snapshot!(plain(Color::Plain), @r"
        run r-7f3c0a on SANDBOX sandbox-demo: 12 steps
        [ 1/12] upload_image     images/lineup.jpg                            begins
        [ 2/12] upload_image     images/weave.jpg                             begins
        [ 1/12] upload_image     images/lineup.jpg                            done: 71 kB
        [ 2/12] upload_image     images/weave.jpg                             again in 2 s: timed out
        [ 2/12] upload_image     images/weave.jpg                             done
        [ 8/12] save_draft       spring-2026/sends/launch                     begins
        [ 8/12] save_draft       spring-2026/sends/launch                     done: draft-1
        warning: 时钟差 3 秒
        [ 9/12] preview          spring-2026/sends/launch to editor-in-chief  begins
        [ 9/12] preview          spring-2026/sends/launch to editor-in-chief  done
        [11/12] send             spring-2026/sends/launch                     begins
        [11/12] send             spring-2026/sends/launch                     waits until 12:01:00 +08:00: the 60 s before a repeat
        [11/12] send             spring-2026/sends/launch                     FAILED: cannot send `spring-2026/sends/launch`: 45028 没有群发配额\u{1b}[2J
                  help: …
        [12/12] check_status     spring-2026/sends/launch                     not begun: the send failed
        run finished: 4 steps done, 1 failed, 1 not begun
        ");
        let painted = plain(Color::Ansi);
        assert_eq!(anstream::adapter::strip_str(&painted).to_string(), plain(Color::Plain));
        let failed = painted.lines().find(|line| line.contains("FAILED")).unwrap();
        assert!(failed.starts_with("\u{1b}[1m\u{1b}[31m"), "{failed}");
    }

    #[test]
    fn a_program_gets_an_object_for_each_event() {
        let mut out = Vec::new();
        let mut reporter = Json::new(&mut out);
        for event in news_of_a_run() {
            reporter.event(&event).unwrap();
        }
        insta::assert_snapshot!(String::from_utf8(out).unwrap(), @r#"
        {"type":"version","format_version":1,"program":"qunfa","version":"0.1.0"}
        {"type":"run_started","run":"r-7f3c0a","appid":"sandbox-demo","sandbox":true,"steps":12}
        {"type":"step_started","id":"step-1","action":"upload_image","address":"images/lineup.jpg"}
        {"type":"step_started","id":"step-2","action":"upload_image","address":"images/weave.jpg"}
        {"type":"step_finished","id":"step-1","result":"71 kB"}
        {"type":"step_retrying","id":"step-2","error":"timed out","after_ms":1500}
        {"type":"step_finished","id":"step-2","result":""}
        {"type":"step_started","id":"step-8","action":"save_draft","address":"spring-2026/sends/launch"}
        {"type":"step_finished","id":"step-8","result":"draft-1"}
        {"type":"warning","text":"时钟差 3 秒"}
        {"type":"step_started","id":"step-9","action":"preview","address":"spring-2026/sends/launch"}
        {"type":"step_finished","id":"step-9","result":""}
        {"type":"step_started","id":"step-11","action":"send","address":"spring-2026/sends/launch"}
        {"type":"step_waiting","id":"step-11","why":"the 60 s before a repeat","until":"2026-03-01T12:01:00+08:00"}
        {"type":"step_failed","id":"step-11","error":"cannot send `spring-2026/sends/launch`: 45028 没有群发配额\u001b[2J\nhelp: …"}
        {"type":"step_skipped","id":"step-12","why":"the send failed"}
        {"type":"run_finished","sends":[{"address":"spring-2026/sends/launch","standing":"planned","note":"a step failed"}]}
        "#);
    }

    #[test]
    fn a_broken_pipe_is_told() {
        struct Broken;
        impl Write for Broken {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(io::ErrorKind::BrokenPipe.into())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let event = Event::Warning { text: "时钟差 3 分钟".to_owned() };
        let told = Plain::new(&[], Color::Plain, Broken).event(&event);
        assert_eq!(told.unwrap_err().kind(), io::ErrorKind::BrokenPipe);
    }
}
