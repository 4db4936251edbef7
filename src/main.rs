//! `qunfa`: arguments in, exit code out.

use std::process::ExitCode;

fn main() -> ExitCode {
    qunfa::cli::run(std::env::args_os())
}
