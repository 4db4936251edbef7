//! The exit codes. Frozen: scripts and CI jobs rely on every one of them.

use std::process::ExitCode;

/// What a run came to, for whoever called the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Exit {
    /// Done, or nothing to do.
    Done,
    /// It could not run: settings, credentials, network, history.
    CouldNotRun,
    /// Changes are pending; only `plan --detailed-exitcode` says so.
    Pending,
    /// The campaign files are wrong.
    BadFiles,
    /// A person must act: something is blocked.
    NeedsPerson,
    /// A step failed, or an outcome is still to be settled; running again is safe.
    StepFailed,
    /// Unfinished but well; only `--detailed-exitcode` says so.
    Unfinished,
    /// The command line is wrong.
    Usage,
    /// Our bug.
    Bug,
    /// Interrupted.
    Interrupted,
}

/// How much an exit code tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Detail {
    /// Whether it worked.
    Coarse,
    /// Also whether something is pending or unfinished: `--detailed-exitcode`.
    Detailed,
}

impl Detail {
    /// As the flag says.
    pub(super) fn of(flag: super::args::Detailed) -> Self {
        if flag.detailed_exitcode { Self::Detailed } else { Self::Coarse }
    }
}

impl Exit {
    /// From the gravest to the lightest: when several hold, the first of these counts.
    const BY_GRAVITY: [Self; 10] = [
        Self::Interrupted,
        Self::Bug,
        Self::Usage,
        Self::CouldNotRun,
        Self::BadFiles,
        Self::NeedsPerson,
        Self::StepFailed,
        Self::Pending,
        Self::Unfinished,
        Self::Done,
    ];

    /// The number that the caller sees.
    pub fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::CouldNotRun => 1,
            Self::Pending => 2,
            Self::BadFiles => 3,
            Self::NeedsPerson => 4,
            Self::StepFailed => 5,
            Self::Unfinished => 6,
            Self::Usage => 64,
            Self::Bug => 70,
            Self::Interrupted => 130,
        }
    }

    /// Both hold: the graver one counts.
    ///
    /// # Panics
    ///
    /// Never: every code has its place in the order.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        let graver = Self::BY_GRAVITY.iter().find(|exit| **exit == self || **exit == other);
        *graver.expect("every code has its place in the order")
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_codes_are_frozen_and_ordered() {
        let codes: Vec<u8> = Exit::BY_GRAVITY.iter().map(|exit| exit.code()).collect();
        assert_eq!(codes, [130, 70, 64, 1, 3, 4, 5, 2, 6, 0]);
        assert_eq!(Exit::Done.and(Exit::Unfinished), Exit::Unfinished);
        assert_eq!(Exit::StepFailed.and(Exit::NeedsPerson), Exit::NeedsPerson);
    }
}
