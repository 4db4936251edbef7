//! HTML in pieces, cut by hand: what stays is copied to the letter, so nothing may be rewritten by
//! a parser that knows better.

use super::refusal::{Errcode, Refusal};

/// In the name of a tag or an attribute these mean that something before was not closed.
const MISPLACED: [char; 3] = ['<', '"', '\''];

/// A piece of markup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// Text between tags, entities and all.
    Text(&'a str),
    /// `<name …>`
    Open(Tag<'a>),
    /// `</name>`, with its raw text.
    Close(String, &'a str),
    /// A comment, a doctype or the like.
    Comment,
}

/// An opening tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tag<'a> {
    /// In lower case.
    pub(super) name: String,
    pub(super) raw: &'a str,
    pub(super) attributes: Vec<Attribute<'a>>,
}

/// An attribute of a tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Attribute<'a> {
    /// In lower case.
    pub(super) name: String,
    /// With entities resolved; empty where there is none.
    pub(super) value: String,
    pub(super) raw: &'a str,
}

impl Tag<'_> {
    /// An attribute's value with entities resolved.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|a| a.name == name).map(|a| a.value.as_str())
    }

    /// Whether it ends in `/>`.
    pub(super) fn is_closed(&self) -> bool {
        self.raw.ends_with("/>")
    }
}

/// Cuts markup into pieces.
///
/// # Errors
///
/// 45166 when it ends inside a tag: an unescaped quote or `<` usually.
pub(super) fn pieces(html: &str) -> Result<Vec<Piece<'_>>, Refusal> {
    let mut pieces = Vec::new();
    let mut rest = html;
    while !rest.is_empty() {
        let (piece, length) = next_piece(rest).ok_or(Errcode::InvalidContent)?;
        pieces.push(piece);
        rest = &rest[length..];
    }
    Ok(pieces)
}

fn next_piece(rest: &str) -> Option<(Piece<'_>, usize)> {
    let starts_with_letter = |text: &str| text.starts_with(|c: char| c.is_ascii_alphabetic());
    if rest.starts_with("<!--") {
        return rest.find("-->").map(|end| (Piece::Comment, end + 3));
    }
    if rest.starts_with("<!") || rest.starts_with("<?") {
        return rest.find('>').map(|end| (Piece::Comment, end + 1));
    }
    if rest.strip_prefix("</").is_some_and(starts_with_letter) {
        let end = rest.find('>')?;
        let name = rest[2..end].trim().to_ascii_lowercase();
        return Some((Piece::Close(name, &rest[..=end]), end + 1));
    }
    if rest.strip_prefix('<').is_some_and(starts_with_letter) {
        let tag = tag(rest)?;
        let length = tag.raw.len();
        return Some((Piece::Open(tag), length));
    }
    let first = rest.chars().next()?.len_utf8();
    let end = rest[first..].find('<').map_or(rest.len(), |end| first + end);
    Some((Piece::Text(&rest[..end]), end))
}

fn tag(text: &str) -> Option<Tag<'_>> {
    let name_end = text[1..].find(|c: char| c.is_ascii_whitespace() || c == '>' || c == '/')? + 1;
    if text[1..name_end].contains(MISPLACED) {
        return None;
    }
    let mut attributes = Vec::new();
    let mut at = name_end;
    loop {
        at += text[at..].find(|c: char| !c.is_ascii_whitespace() && c != '/')?;
        if text[at..].starts_with('>') {
            let name = text[1..name_end].to_ascii_lowercase();
            return Some(Tag { name, raw: &text[..=at], attributes });
        }
        let attribute = attribute(&text[at..])?;
        at += attribute.raw.len();
        attributes.push(attribute);
    }
}

fn attribute(text: &str) -> Option<Attribute<'_>> {
    let is_end = |c: char| c.is_ascii_whitespace() || c == '>' || c == '/' || c == '=';
    let name_end = 1 + text.get(1..)?.find(is_end)?;
    let name = text[..name_end].to_ascii_lowercase();
    if name.contains(MISPLACED) {
        return None;
    }
    let after_name = text[name_end..].trim_start_matches(|c: char| c.is_ascii_whitespace());
    let Some(assigned) = after_name.strip_prefix('=') else {
        return Some(Attribute { name, value: String::new(), raw: &text[..name_end] });
    };
    let value = assigned.trim_start_matches(|c: char| c.is_ascii_whitespace());
    let start = text.len() - value.len();
    let quote = value.chars().next().filter(|first| matches!(first, '"' | '\''));
    let (value, end) = if let Some(quote) = quote {
        let length = value[1..].find(quote)?;
        (&value[1..=length], start + length + 2)
    } else {
        let length = value.find(|c: char| c.is_ascii_whitespace() || c == '>')?;
        (&value[..length], start + length)
    };
    Some(Attribute { name, value: unescaped(value), raw: &text[..end] })
}

/// Resolves the entities that attributes need.
pub(super) fn unescaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        plain.push_str(&rest[..at]);
        rest = &rest[at..];
        let entity = rest.find(';').map(|end| &rest[1..end]).filter(|name| name.len() <= 8);
        // What is no entity is an `&` as it stands.
        let (character, length) =
            entity.and_then(|name| Some((character(name)?, name.len() + 2))).unwrap_or(('&', 1));
        plain.push(character);
        rest = &rest[length..];
    }
    plain + rest
}

fn character(entity: &str) -> Option<char> {
    match entity {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "nbsp" => Some('\u{a0}'),
        _ => {
            let number = entity.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)
        }
    }
}

/// The text of an article, as far as people read it.
pub(super) fn text(html: &str) -> String {
    let pieces = pieces(html).unwrap_or_default();
    let texts = pieces.iter().filter_map(|piece| match piece {
        Piece::Text(text) => Some(unescaped(text)),
        Piece::Open(_) | Piece::Close(..) | Piece::Comment => None,
    });
    texts.collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_cut_where_its_tags_are() {
        let pieces = pieces("<P Class=a title='春 > 夏'>上新<br/></P><!-- 注 -->1 < 2").unwrap();
        let [
            Piece::Open(tag),
            Piece::Text("上新"),
            Piece::Open(br),
            Piece::Close(name, "</P>"),
            ..,
        ] = pieces.as_slice()
        else {
            panic!("{pieces:?}");
        };
        assert_eq!((tag.name.as_str(), name.as_str(), br.is_closed()), ("p", "p", true));
        assert_eq!(tag.attribute("class"), Some("a"));
        assert_eq!(tag.attribute("title"), Some("春 > 夏"));
        assert_eq!(pieces[4..], [Piece::Comment, Piece::Text("1 "), Piece::Text("< 2")]);
    }

    #[test]
    fn entities_are_resolved() {
        assert_eq!(
            unescaped("a=1&amp;b=&quot;&#x6625;&#22799;&quot; & &unknown; &"),
            "a=1&b=\"春夏\" & &unknown; &"
        );
    }

    #[test]
    fn the_text_of_an_article_is_what_people_read() {
        assert_eq!(text("<h1>春季</h1>\n<p>上新 &amp; 打折</p>"), "春季 上新 & 打折");
    }
}
