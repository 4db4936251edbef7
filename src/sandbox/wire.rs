//! What came over the wire: the request, its JSON fields, its multipart parts.
//!
//! Written by hand, as strictly as WeChat reads: a client that leans on a lenient server
//! would fail on the real one.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::{
    endpoint::{Endpoint, Verb},
    refusal::{Errcode, Refusal, refuse},
};

/// A request to the API, without its connection.
#[derive(Debug, Clone)]
pub(super) struct Call {
    /// GET, POST or another.
    pub(super) verb: Verb,
    /// Such as `/cgi-bin/draft/add`.
    pub(super) path: String,
    /// The decoded query.
    pub(super) query: BTreeMap<String, String>,
    /// The header, empty when there is none.
    pub(super) content_type: String,
    /// Whether `Content-Length` was given: chunked uploads are refused.
    pub(super) has_length: bool,
    /// The body's bytes.
    pub(super) body: Vec<u8>,
}

impl Call {
    /// Which call this is; `None` for what the sandbox does not know.
    pub(super) fn endpoint(&self) -> Option<Endpoint> {
        Endpoint::of_path(&self.path)
    }

    /// Reads a parameter of the query; an empty one counts as absent.
    pub(super) fn asked(&self, name: &str) -> Option<&str> {
        self.query.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// Reads the body as a JSON object.
    ///
    /// # Errors
    ///
    /// 44002 empty, 40033 for `\uXXXX` escapes of printable characters, 47001 otherwise broken.
    pub(super) fn json(&self) -> Result<Fields, Refusal> {
        if self.body.is_empty() {
            return refuse(Errcode::EmptyBody);
        }
        Fields::read(&self.body)
    }

    /// Reads the one part `media` of an upload (WeChat's page 素材管理).
    ///
    /// # Errors
    ///
    /// 41005 when it is missing, misnamed or chunked; 44001 when it is empty.
    pub(super) fn media(&self) -> Result<Media<'_>, Refusal> {
        let parts = self.parts()?;
        let [part] = parts.as_slice() else { return refuse(Errcode::MissingMediaData) };
        Media::filled(part)
    }

    /// Reads the parts `media` and `description` of a video, in either order; the second is JSON.
    ///
    /// # Errors
    ///
    /// As [`Call::media`] and [`Call::json`]; 40035 when there is no description.
    pub(super) fn described_media(&self) -> Result<(Media<'_>, Fields), Refusal> {
        let parts = self.parts()?;
        let is_words = |part: &&Part<'_>| part.name().as_deref() == Some("description");
        let words: Vec<&Part<'_>> = parts.iter().filter(is_words).collect();
        let others: Vec<&Part<'_>> = parts.iter().filter(|part| !is_words(part)).collect();
        let [part] = others.as_slice() else { return refuse(Errcode::MissingMediaData) };
        let media = Media::filled(part)?;
        let [words] = words.as_slice() else { return refuse(Errcode::InvalidArgs) };
        Ok((media, Fields::read(words.bytes)?))
    }

    fn parts(&self) -> Result<Vec<Part<'_>>, Refusal> {
        let boundary = boundary(&self.content_type).ok_or(Errcode::MissingMediaData)?;
        if !self.has_length {
            return refuse(Errcode::MissingMediaData);
        }
        Ok(parts(&self.body, boundary).ok_or(Errcode::MissingMediaData)?)
    }
}

/// Whether JSON text writes a character as `\uXXXX` that it could write as itself.
fn escapes_printables(text: &str) -> bool {
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        let escape = &rest[at + 1..];
        let hex = escape.strip_prefix('u').and_then(|digits| digits.get(..4));
        if let Some(code) = hex.and_then(|hex| u32::from_str_radix(hex, 16).ok()) {
            let is_control = char::from_u32(code).is_some_and(char::is_control);
            if !is_control {
                return true;
            }
        }
        rest = escape.get(escape.chars().next().map_or(0, char::len_utf8)..).unwrap_or("");
    }
    false
}

/// The fields of a JSON object, read with WeChat's tolerance for numbers in strings.
#[derive(Debug, Clone)]
pub(super) struct Fields(Map<String, Value>);

impl Fields {
    /// Reads JSON text that must be an object.
    ///
    /// # Errors
    ///
    /// 40033 for `\uXXXX` escapes of printable characters, 47001 otherwise broken.
    pub(super) fn read(text: &[u8]) -> Result<Self, Refusal> {
        let text = std::str::from_utf8(text).map_err(|_| Errcode::MalformedJson)?;
        if escapes_printables(text) {
            return refuse(Errcode::InvalidCharset);
        }
        match serde_json::from_str(text) {
            Ok(Value::Object(fields)) => Ok(Self(fields)),
            Ok(_) | Err(_) => refuse(Errcode::MalformedJson),
        }
    }

    /// Takes a value that must be an object.
    pub(super) fn of(value: &Value) -> Result<Self, Refusal> {
        let fields = value.as_object().ok_or(Errcode::MalformedJson)?;
        Ok(Self(fields.clone()))
    }

    /// A field as it came; `null` counts as absent.
    pub(super) fn value(&self, name: &str) -> Option<&Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    /// A text field; 47001 for another type.
    pub(super) fn text(&self, name: &str) -> Result<Option<&str>, Refusal> {
        match self.value(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => refuse(Errcode::MalformedJson),
        }
    }

    /// A text field where absent means empty.
    pub(super) fn text_or_empty(&self, name: &str) -> Result<&str, Refusal> {
        Ok(self.text(name)?.unwrap_or(""))
    }

    /// A number, or digits in a string; 47001 for anything else.
    pub(super) fn number(&self, name: &str) -> Result<Option<i64>, Refusal> {
        let number = match self.value(name) {
            None => return Ok(None),
            Some(Value::Number(number)) => number.as_i64(),
            Some(Value::String(digits)) => digits.parse().ok(),
            Some(_) => None,
        };
        Ok(Some(number.ok_or(Errcode::MalformedJson)?))
    }

    /// A switch written as 0 or 1, where absent means 0; 40035 for other numbers.
    pub(super) fn switch(&self, name: &str) -> Result<u8, Refusal> {
        match self.number(name)?.unwrap_or(0) {
            0 => Ok(0),
            1 => Ok(1),
            _ => refuse(Errcode::InvalidArgs),
        }
    }

    /// A `true` or `false`; 47001 for `"false"`, which a lenient reader would take for true.
    pub(super) fn truth(&self, name: &str) -> Result<Option<bool>, Refusal> {
        match self.value(name) {
            None => Ok(None),
            Some(Value::Bool(truth)) => Ok(Some(*truth)),
            Some(_) => refuse(Errcode::MalformedJson),
        }
    }

    /// Which of these fields are there.
    pub(super) fn present<'a>(&self, names: &[&'a str]) -> Vec<&'a str> {
        names.iter().copied().filter(|name| self.value(name).is_some()).collect()
    }
}

/// An uploaded file.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Media<'a> {
    /// The file's name, in ASCII.
    pub(super) name: String,
    /// Letters after the last dot of the file's name, in lower case.
    pub(super) extension: String,
    /// The part's own content type, such as `image/jpeg`.
    pub(super) content_type: &'a str,
    /// The file itself.
    pub(super) bytes: &'a [u8],
}

impl<'a> Media<'a> {
    /// Reads a part that must hold a file with something in it.
    fn filled(part: &Part<'a>) -> Result<Self, Refusal> {
        let media = Self::of(part).ok_or(Errcode::MissingMediaData)?;
        if media.bytes.is_empty() { refuse(Errcode::EmptyMedia) } else { Ok(media) }
    }

    fn of(part: &Part<'a>) -> Option<Self> {
        let disposition = part.header("content-disposition")?;
        let parameters = parameters(disposition.strip_prefix("form-data")?)?;
        // The form of RFC 2231 is what makes a file with a Chinese name "missing" (41005).
        let named = parameters.get("name").is_some_and(|name| name == "media")
            && !parameters.contains_key("filename*");
        let name = parameters.get("filename").filter(|name| named && name.is_ascii())?;
        let (stem, extension) = name.rsplit_once('.')?;
        if stem.is_empty() || extension.is_empty() {
            return None;
        }
        let content_type = part.header("content-type").unwrap_or("");
        let (name, extension) = (name.clone(), extension.to_ascii_lowercase());
        Some(Self { name, extension, content_type, bytes: part.bytes })
    }
}

/// One part of a multipart body.
struct Part<'a> {
    head: &'a str,
    bytes: &'a [u8],
}

impl<'a> Part<'a> {
    fn name(&self) -> Option<String> {
        let disposition = self.header("content-disposition")?;
        parameters(disposition.strip_prefix("form-data")?)?.remove("name")
    }

    fn header(&self, name: &str) -> Option<&'a str> {
        self.head.split("\r\n").find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.trim().eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }
}

fn boundary(content_type: &str) -> Option<&str> {
    let rest = content_type.strip_prefix("multipart/form-data")?;
    let value = rest.split(';').find_map(|piece| piece.trim().strip_prefix("boundary="))?;
    Some(value.trim_matches('"')).filter(|value| !value.is_empty())
}

/// Cuts a multipart body at its boundaries; `None` when it is not well formed to its end.
fn parts<'a>(body: &'a [u8], boundary: &str) -> Option<Vec<Part<'a>>> {
    let first = format!("--{boundary}");
    let next = format!("\r\n--{boundary}");
    let mut rest = body.strip_prefix(first.as_bytes())?;
    let mut parts = Vec::new();
    while !rest.starts_with(b"--") {
        let part = rest.strip_prefix(b"\r\n")?;
        let end = find(part, next.as_bytes())?;
        let head_end = find(&part[..end], b"\r\n\r\n")?;
        let head = std::str::from_utf8(&part[..head_end]).ok()?;
        parts.push(Part { head, bytes: &part[head_end + 4..end] });
        rest = &part[end + next.len()..];
    }
    Some(parts)
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

/// Reads `; name="media"; filename="a.jpg"`.
fn parameters(text: &str) -> Option<BTreeMap<String, String>> {
    let pieces = text.split(';').map(str::trim).filter(|piece| !piece.is_empty());
    pieces
        .map(|piece| {
            let (key, value) = piece.split_once('=')?;
            Some((key.trim().to_ascii_lowercase(), value.trim().trim_matches('"').to_owned()))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_of_printable_characters_are_seen() {
        let check = |text, expected| assert_eq!(escapes_printables(text), expected, "{text}");
        check(r#"{"title":"\u6625"}"#, true);
        check(r#"{"title":"\ud83c\udf38"}"#, true);
        check(r#"{"title":"\u003cp>"}"#, true);
        check(r#"{"title":"春\n\"上新\" \u0001"}"#, false);
        check(r#"{"title":"a path: C:\\u6625"}"#, false);
        check(r#"{"title":"broken \"#, false);
        check(r#"{"title":"broken \u6"}"#, false);
    }

    #[test]
    fn a_multipart_body_is_cut_at_its_boundary() {
        let body = "--b\r\nContent-Disposition: form-data; name=\"media\"; filename=\"a.JPG\"\r\n\
                     content-type: image/jpeg\r\n\r\n春 --b is no boundary\r\n--b--\r\n";
        let parts = parts(body.as_bytes(), "b").unwrap();
        let media = Media::of(&parts[0]).unwrap();
        assert_eq!(parts.len(), 1);
        assert_eq!(
            media,
            Media {
                name: "a.JPG".to_owned(),
                extension: "jpg".to_owned(),
                content_type: "image/jpeg",
                bytes: "春 --b is no boundary".as_bytes()
            }
        );
    }
}
