//! Ids, made from words: the same run gives the same ids, and nothing is left to chance.

use crate::terms::Fingerprint;

const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Makes `count` letters (`A-Z a-z 0-9 - _`) from words.
pub(super) fn letters(words: &[&str], count: usize) -> String {
    let mut text = String::with_capacity(count);
    for block in 0_u32.. {
        let hash = Fingerprint::of_parts(
            words.iter().map(|word| word.as_bytes()).chain([block.to_be_bytes().as_slice()]),
        );
        let missing = count - text.len();
        text.extend(hash.as_bytes().iter().take(missing).map(|byte| letter(u32::from(*byte))));
        if text.len() == count {
            break;
        }
    }
    text
}

/// Makes a number from words.
pub(super) fn number(words: &[&str]) -> u32 {
    let hash = Fingerprint::of_parts(words.iter().map(|word| word.as_bytes()));
    hash.as_bytes().iter().take(4).fold(0, |number, byte| number << 8 | u32::from(*byte))
}

/// Writes a number below 2³⁰ as five letters.
pub(super) fn five_letters(number: u32) -> String {
    (0..5).map(|place| letter(number >> (6 * (4 - place)))).collect()
}

/// Reads what [`five_letters`] wrote.
pub(super) fn of_five_letters(text: &str) -> Option<u32> {
    text.bytes().try_fold(0, |number: u32, byte| {
        let digit = LETTERS.iter().position(|letter| *letter == byte)?;
        Some(number << 6 | u32::try_from(digit).expect("there are 64 letters"))
    })
}

fn letter(number: u32) -> char {
    char::from(LETTERS[(number & 63) as usize])
}
