//! The news of a run on a terminal: what is going on now at the bottom, what is over above it.

use std::collections::BTreeMap;
use std::io;
use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::apply::Event;
use crate::plan::{Plan, StepId};

use super::reporter::{News, Reporter, Steps};
use super::style::Color;

/// How often a spinner turns.
const TURN: Duration = Duration::from_millis(120);

/// Reports with a spinner for each step that is going on and a bar for the whole run.
///
/// Where its target is no terminal it shows nothing at all; [`Plain`](super::Plain) is for there.
#[derive(Debug)]
pub struct Progress {
    steps: Steps,
    color: Color,
    screen: MultiProgress,
    whole: Option<ProgressBar>,
    going: BTreeMap<StepId, ProgressBar>,
}

impl Progress {
    /// Begins a report of `plans` on standard error.
    pub fn new(plans: &[Plan], color: Color) -> Self {
        Self::on(ProgressDrawTarget::stderr(), plans, color)
    }

    fn on(target: ProgressDrawTarget, plans: &[Plan], color: Color) -> Self {
        let screen = MultiProgress::with_draw_target(target);
        Self { steps: Steps::of(plans), color, screen, whole: None, going: BTreeMap::new() }
    }

    fn say(&self, event: &Event) -> io::Result<()> {
        let News { tone, text } = self.steps.news(event);
        let lines: Vec<String> = text.lines().map(|line| self.color.paint(tone, line)).collect();
        self.screen.println(lines.join("\n"))
    }

    fn begin_run(&mut self) {
        let bar = ProgressBar::new(self.steps.total() as u64).with_style(bar_style());
        self.whole = Some(self.screen.add(bar));
    }

    fn begin_step(&mut self, id: &StepId, event: &Event) {
        let spinner = ProgressBar::new_spinner()
            .with_style(spinner_style())
            .with_message(self.steps.news(event).text);
        let spinner = match &self.whole {
            Some(whole) => self.screen.insert_before(whole, spinner),
            None => self.screen.add(spinner),
        };
        if !self.screen.is_hidden() {
            spinner.enable_steady_tick(TURN);
        }
        self.going.insert(id.clone(), spinner);
    }

    fn tell(&self, id: &StepId, event: &Event) -> io::Result<()> {
        match self.going.get(id) {
            Some(spinner) => spinner.set_message(self.steps.news(event).text),
            None => self.say(event)?,
        }
        Ok(())
    }

    fn end_step(&mut self, id: &StepId, event: &Event) -> io::Result<()> {
        if let Some(spinner) = self.going.remove(id) {
            spinner.finish_and_clear();
            self.screen.remove(&spinner);
        }
        self.say(event)?;
        if let Some(whole) = &self.whole {
            whole.set_position(self.steps.over() as u64);
        }
        Ok(())
    }

    fn end_run(&mut self) {
        for spinner in std::mem::take(&mut self.going).into_values() {
            spinner.finish_and_clear();
        }
        if let Some(whole) = self.whole.take() {
            whole.finish_and_clear();
        }
    }
}

impl Reporter for Progress {
    fn event(&mut self, event: &Event) -> io::Result<()> {
        self.steps.take(event);
        match event {
            Event::RunStarted { .. } => {
                self.say(event)?;
                self.begin_run();
            }
            Event::StepStarted { id, .. } => self.begin_step(id, event),
            Event::StepRetrying { id, .. } | Event::StepWaiting { id, .. } => {
                self.tell(id, event)?;
            }
            Event::StepFinished { id, .. }
            | Event::StepFailed { id, .. }
            | Event::StepOpen { id, .. }
            | Event::StepSkipped { id, .. } => self.end_step(id, event)?,
            Event::Warning { .. } => self.say(event)?,
            Event::RunFinished { .. } => {
                self.end_run();
                self.say(event)?;
            }
        }
        Ok(())
    }
}

fn bar_style() -> ProgressStyle {
    ProgressStyle::with_template("{bar:32.cyan/blue} {pos}/{len} steps  {elapsed}")
        .expect("the template is a constant")
        .progress_chars("━╸─")
}

fn spinner_style() -> ProgressStyle {
    ProgressStyle::with_template("{spinner:.cyan} {msg}").expect("the template is a constant")
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use indicatif::TermLike;

    use super::*;
    use crate::report::fixtures::{news_of_a_run, spring};

    /// A terminal of 80 columns that keeps all that was written to it.
    #[derive(Debug, Clone, Default)]
    struct Screen(Arc<Mutex<String>>);

    impl Screen {
        fn write(&self, text: &str) {
            self.0.lock().unwrap().push_str(text);
        }
    }

    impl TermLike for Screen {
        fn width(&self) -> u16 {
            80
        }
        fn move_cursor_up(&self, _: usize) -> io::Result<()> {
            Ok(())
        }
        fn move_cursor_down(&self, _: usize) -> io::Result<()> {
            Ok(())
        }
        fn move_cursor_right(&self, _: usize) -> io::Result<()> {
            Ok(())
        }
        fn move_cursor_left(&self, _: usize) -> io::Result<()> {
            Ok(())
        }
        fn write_line(&self, text: &str) -> io::Result<()> {
            self.write(text);
            self.write("\n");
            Ok(())
        }
        fn write_str(&self, text: &str) -> io::Result<()> {
            self.write(text);
            Ok(())
        }
        fn clear_line(&self) -> io::Result<()> {
            Ok(())
        }
        fn flush(&self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn what_goes_on_has_a_spinner_and_what_is_over_a_line() {
        let screen = Screen::default();
        let target = ProgressDrawTarget::term_like(Box::new(screen.clone()));
        let mut progress = Progress::on(target, &[spring()], Color::Plain);
        let mut most_at_once = 0;
        for event in news_of_a_run() {
            progress.event(&event).unwrap();
            most_at_once = most_at_once.max(progress.going.len());
        }
        assert_eq!(most_at_once, 2, "two uploads go on side by side");
        assert!(progress.going.is_empty() && progress.whole.is_none());
        let shown = screen.0.lock().unwrap();
        for line in [
            "run r-7f3c0a on SANDBOX sandbox-demo: 12 steps",
            "[ 1/12] upload_image     images/lineup.jpg",
            "run finished: 4 steps done, 1 failed, 1 not begun",
        ] {
            assert!(shown.contains(line), "{line} in {shown}");
        }
    }

    #[test]
    fn without_a_terminal_it_is_silent_and_keeps_count() {
        let target = ProgressDrawTarget::hidden();
        let mut progress = Progress::on(target, &[spring()], Color::Ansi);
        let mut news = news_of_a_run();
        news.pop();
        for event in news {
            progress.event(&event).unwrap();
        }
        assert_eq!(progress.whole.as_ref().map(ProgressBar::position), Some(6));
    }
}
