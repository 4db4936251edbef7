//! The command line: the only room that knows every room.
//!
//! Comes in: arguments and the environment. Goes out: text on stdout, news on stderr, an exit code.
//! Each command is a file: it opens what it needs (files, history, clock, API), calls the rooms in
//! order, and hands what they say to the `report` room. Nothing is decided here.
//!
//! ```
//! let exit = qunfa::cli::run(["qunfa", "explain", "45028"]);
//! assert_eq!(exit, std::process::ExitCode::SUCCESS);
//! ```
mod args;
mod account_args;
mod settings;
mod exit;
mod error;
mod ui;
mod save;
mod clock;
mod interrupt;
mod account;
mod emulated;
mod desired;
mod project;
mod observe;
mod validate;
mod plan;
mod apply;
mod status;
mod tags;
mod quota;
mod speed;
mod doctor;
mod doctor_calls;
mod doctor_history;
mod approve;
mod resolve;
mod preview;
mod retract;
mod history;
mod schema;
mod sandbox;
mod explain;
mod run;

pub use exit::Exit;
pub use run::run;
pub use schema::all as schemas;
