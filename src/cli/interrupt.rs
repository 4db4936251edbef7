//! Ctrl-C: the first ends the run well, the second at once.

use std::io::Write as _;

use crate::apply::Interrupt;

/// Listens for SIGINT, and for SIGTERM as CI systems send it, and answers the first with `words`.
pub(super) fn listen(words: &'static str) -> Interrupt {
    let wish = Interrupt::default();
    let made = wish.clone();
    tokio::spawn(async move {
        signal().await;
        made.interrupt();
        drop(writeln!(std::io::stderr().lock(), "{words}"));
        signal().await;
        leave();
    });
    wish
}

#[cfg(unix)]
async fn signal() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut term) = signal(SignalKind::terminate()) else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = term.recv() => {}
    }
}

#[cfg(not(unix))]
async fn signal() {
    drop(tokio::signal::ctrl_c().await);
}

#[expect(
    clippy::exit,
    reason = "a second Ctrl-C leaves at once; every record is durable by itself"
)]
fn leave() {
    std::process::exit(i32::from(super::exit::Exit::Interrupted.code()));
}
