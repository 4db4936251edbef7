//! What an unquoted word of YAML means, and where readers of YAML disagree about it.
//!
//! `no`, `0123` and `12:30` are text to a YAML 1.2 reader and something else to a YAML 1.1 reader,
//! which most editors and other tools still are. A person who writes one of them has to say which
//! is meant, with quotes.

use serde_json::Number;
use serde_yaml::Value;

/// What a plain scalar means.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Meaning {
    /// Text, to every reader.
    Text,
    /// `~`, `null`, or nothing at all.
    Nothing,
    /// `true` or `false`.
    Truth(bool),
    /// A number that every reader reads alike.
    Number(Number),
    /// Something that readers of YAML disagree about, with what some of them see.
    Disputed(&'static str),
}

impl Meaning {
    /// Judges an unquoted scalar.
    pub(super) fn of(plain: &str) -> Self {
        if let Some(other) = disputed(plain) {
            return Self::Disputed(other);
        }
        if !may_be_more_than_text(plain) {
            return Self::Text;
        }
        match serde_yaml::from_str::<Value>(plain) {
            Ok(Value::Null) => Self::Nothing,
            Ok(Value::Bool(truth)) => Self::Truth(truth),
            Ok(Value::Number(number)) => {
                json_number(&number).map_or(Self::Disputed("no finite number"), Self::Number)
            }
            Ok(Value::String(_) | Value::Sequence(_) | Value::Mapping(_) | Value::Tagged(_))
            | Err(_) => Self::Text,
        }
    }

    /// What it is, for a sentence such as "YAML reads … as …"; nothing for text.
    pub(super) fn describe(&self) -> Option<String> {
        match self {
            Self::Text => None,
            Self::Nothing => Some("nothing (null)".to_owned()),
            Self::Truth(truth) => Some(format!("the truth value {truth}")),
            Self::Number(number) => Some(format!("the number {number}")),
            Self::Disputed(other) => Some((*other).to_owned()),
        }
    }
}

/// Spares most words the second reader: only these beginnings can be anything but text.
fn may_be_more_than_text(plain: &str) -> bool {
    let Some(first) = plain.bytes().next() else { return true };
    plain != "---" && plain != "..." && (first.is_ascii_digit() || b"+-.~nNtTfF".contains(&first))
}

fn json_number(number: &serde_yaml::Number) -> Option<Number> {
    if let Some(whole) = number.as_u64() {
        return Some(whole.into());
    }
    if let Some(whole) = number.as_i64() {
        return Some(whole.into());
    }
    Number::from_f64(number.as_f64()?)
}

/// Finds what YAML 1.1 reads differently from YAML 1.2, and spellings of numbers that surprise.
fn disputed(plain: &str) -> Option<&'static str> {
    const TRUE: [&str; 8] = ["y", "Y", "yes", "Yes", "YES", "on", "On", "ON"];
    const FALSE: [&str; 8] = ["n", "N", "no", "No", "NO", "off", "Off", "OFF"];
    if TRUE.contains(&plain) {
        return Some("the truth value true");
    }
    if FALSE.contains(&plain) {
        return Some("the truth value false");
    }
    let unsigned = plain.strip_prefix(['-', '+']).unwrap_or(plain);
    if !unsigned.bytes().next().is_some_and(|b| b.is_ascii_digit() || b == b'.') {
        return None;
    }
    if [".inf", ".Inf", ".INF", ".nan", ".NaN", ".NAN"].contains(&unsigned) {
        return Some("no finite number");
    }
    let only = |allowed: &str| unsigned.chars().all(|c| c.is_ascii_digit() || allowed.contains(c));
    if unsigned.contains(':') && only(":_.") && !unsigned.ends_with(':') {
        return Some("a number in base 60");
    }
    if unsigned.len() > 1 && unsigned.starts_with('0') && only("_") {
        return Some("an octal number");
    }
    if unsigned.contains('_') && only("_.") {
        return Some("a number");
    }
    let digits = ["0x", "0o", "0b", "0X"].iter().find_map(|prefix| unsigned.strip_prefix(prefix));
    if let Some(digits) = digits
        && !digits.is_empty()
        && digits.bytes().all(|b| b.is_ascii_hexdigit() || b == b'_')
    {
        return Some("a number that is not decimal");
    }
    let exponent = unsigned.contains(['e', 'E']) && unsigned.bytes().any(|b| b.is_ascii_digit());
    let odd_sign = plain.starts_with('+') || unsigned.starts_with('.') || unsigned.ends_with('.');
    if (exponent || odd_sign) && unsigned.parse::<f64>().is_ok() {
        return Some("a floating-point number");
    }
    if only("") && plain.parse::<i64>().is_err() && plain.parse::<u64>().is_err() {
        return Some("a number too large to keep");
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(plain: &str, expected: &str) {
        let seen = Meaning::of(plain).describe().unwrap_or_else(|| "text".to_owned());
        assert_eq!(seen, expected, "for {plain:?}");
    }

    #[test]
    fn words_that_every_reader_reads_alike() {
        check("春季", "text");
        check("never", "text");
        check("3 月 28 日", "text");
        check("2026-03-01", "text");
        check("2026-03-01T10:00:00+08:00", "text");
        check("---", "text");
        check("-", "text");
        check("9春", "text");
        check(".hidden", "text");
        check("sqlite:.qunfa/history.db", "text");
        check("true", "the truth value true");
        check("~", "nothing (null)");
        check("", "nothing (null)");
        check("null", "nothing (null)");
        check("42", "the number 42");
        check("-1", "the number -1");
        check("2.5", "the number 2.5");
        check("0", "the number 0");
    }

    #[test]
    fn words_that_readers_dispute() {
        check("no", "the truth value false");
        check("ON", "the truth value true");
        check("0123", "an octal number");
        check("00", "an octal number");
        check("12:30", "a number in base 60");
        check("1_000", "a number");
        check("0x1F", "a number that is not decimal");
        check("1e5", "a floating-point number");
        check("+8", "a floating-point number");
        check(".inf", "no finite number");
        check("99999999999999999999999", "a number too large to keep");
    }
}
