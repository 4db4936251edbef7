//! Lists of openids: of any length, in memory that hardly grows with them.
//!
//! A list is a stream that can be opened again: `.txt` with one openid a line or `.csv` with a
//! header, either of them gzipped or not. `rows` finds the words that stand where openids are wanted,
//! block by block; `seen` knows which came before; `walk` goes through a list once and hands on
//! whoever is left; `parts` cuts them; `notes` says what is wrong, with the lines shown. `formula` is
//! what a target says of its people, and everything that is needed to read them again.

mod formula;
mod notes;
mod parts;
mod read;
mod rows;
mod seen;
mod walk;

#[cfg(test)]
mod tests;

pub use formula::{Formula, ListFile, ListShape};
pub use parts::PartFacts;
pub use read::{Digest, ListRead, Open, Unread, read_list, read_part};

pub(super) use rows::LIST_BYTES_MAX;
