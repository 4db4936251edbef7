//! The plan, in each form.

use std::io::{self, Write};

use crate::plan::Plan;

use super::style::{Format, Style};
use super::{human, markdown, plan_json};

/// Writes what is left to do on each account, why, and what it comes to.
///
/// A plan without steps says so in one line, and still lists what waits and what is blocked.
///
/// # Errors
///
/// When `out` cannot be written to.
pub fn plan(plans: &[Plan], format: Format, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Human => human::plan(plans, style, out),
        Format::Json => plan_json::plan(plans, out),
        Format::Markdown => markdown::plan(plans, style, out),
    }
}
