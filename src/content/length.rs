//! How long things are, the way WeChat counts.

use crate::diagnostic::{Code, Diagnostic, Place};

use super::article::Body;
use super::codes::CONTENT_LENGTH;

/// The longest title of an article.
pub(super) const TITLE_MAX: usize = 32;
/// The longest author.
pub(super) const AUTHOR_MAX: usize = 16;
/// The longest digest; one page says 128, the console and another page 120.
pub(super) const DIGEST_MAX: usize = 120;
/// From this many characters on a text message has been refused.
pub(super) const TEXT_LONG: usize = 600;
/// The longest `content_source_url`, in bytes.
pub(super) const SOURCE_URL_BYTES_MAX: usize = 1024;
/// An article has fewer characters than this, markup included.
const CONTENT_END: usize = 20_000;
/// An article has fewer bytes than this.
const CONTENT_BYTES_END: usize = 1_000_000;
/// What a picture's address counts for before it is known. Those of mmbiz.qpic.cn have about 125
/// characters: host, kind, an id of 75 to 90, `/0?wx_fmt=jpeg`.
const ADDRESS: usize = 130;

/// Counts UTF-16 units, the stricter of the ways WeChat may count: an emoji is two.
pub(super) fn units(text: &str) -> usize {
    text.encode_utf16().count()
}

/// Says that `text` is longer than `max`, if it is.
pub(super) fn check(
    code: &'static Code,
    (what, max): (&str, usize),
    text: &str,
    place: &Place,
) -> Option<Diagnostic> {
    let length = units(text);
    (length > max).then(|| {
        let message = format!("{what} has {length} characters of {max}");
        Diagnostic::error(code, message).at(place.clone(), format!("comes to `{text}`"))
    })
}

/// Says that an article is too long and what takes the room, if it is.
pub(super) fn check_body(name: &str, body: &Body, place: &Place) -> Option<Diagnostic> {
    let html = body.filled(|_| "x".repeat(ADDRESS));
    let (length, bytes) = (units(&html), html.len());
    if length < CONTENT_END && bytes < CONTENT_BYTES_END {
        return None;
    }
    let message = format!("the article `{name}` has {length} characters and {bytes} bytes");
    let room = Room::of(&html);
    let label = format!(
        "text takes {}, styles {}, pictures' addresses {}, other markup {}",
        room.text, room.styles, room.addresses, room.markup
    );
    let problem = Diagnostic::error(&CONTENT_LENGTH, message).at(place.clone(), label);
    Some(problem.help("WeChat takes fewer than 20,000 characters and 1,000,000 bytes: split it"))
}

/// What an article's characters are spent on.
#[derive(Debug, PartialEq, Eq)]
struct Room {
    text: usize,
    styles: usize,
    addresses: usize,
    markup: usize,
}

impl Room {
    fn of(html: &str) -> Self {
        let mut room = Self { text: 0, styles: 0, addresses: 0, markup: 0 };
        for (at, stretch) in html.split('<').enumerate() {
            let (tag, text) = if at == 0 {
                ("", stretch)
            } else {
                stretch.split_once('>').unwrap_or((stretch, ""))
            };
            let (styles, addresses) = (attribute(tag, " style=\""), attribute(tag, " src=\""));
            room.text += units(text);
            room.styles += styles;
            room.addresses += addresses;
            room.markup +=
                if at == 0 { 0 } else { (units(tag) + 2).saturating_sub(styles + addresses) };
        }
        room
    }
}

fn attribute(tag: &str, name: &str) -> usize {
    let value = tag.split_once(name).and_then(|(_, rest)| rest.split_once('"'));
    value.map_or(0, |(value, _)| units(name) + units(value) + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_emoji_counts_two() {
        assert_eq!(units("春季🌸"), 4);
    }

    #[test]
    fn every_character_is_accounted_for() {
        let html = "<p style=\"color:red\">春</p><img src=\"xxx\" alt=\"\">";
        let room = Room { text: 1, styles: 18, addresses: 10, markup: 19 };
        assert_eq!(Room::of(html), room);
        assert_eq!(room.text + room.styles + room.addresses + room.markup, units(html));
    }
}
