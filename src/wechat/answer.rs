//! Reading answers: by `errcode`, whatever HTTP says, and with numbers that may be strings.

use serde_json::{Map, Value};

use super::call::Call;
use super::error::{ErrCode, Flaw, WeChatError};
use crate::terms::MediaId;

/// An answer of WeChat's: a JSON object, its errcode, and the call it answers.
#[derive(Debug)]
pub(super) struct WireAnswer {
    pub(super) call: Call,
    /// 0 when there is none: many answers have no errcode on success.
    pub(super) code: ErrCode,
    /// Free of secrets.
    pub(super) message: String,
    fields: Map<String, Value>,
}

impl WireAnswer {
    /// Judges the bytes of an answer; `cut` takes secrets out of a text.
    ///
    /// An object with an errcode is WeChat's whatever the status; one without is a success when
    /// HTTP says so too. Anything else came from a gateway, or was cut off.
    ///
    /// # Errors
    ///
    /// [`WeChatError::Gateway`] and [`WeChatError::BadAnswer`]; an errcode is no error yet.
    pub(super) fn read(
        call: Call,
        status: u16,
        body: &[u8],
        cut: impl Fn(&str) -> String,
    ) -> Result<Self, WeChatError> {
        let bad = |flaw| WeChatError::BadAnswer { call, flaw };
        let succeeded = (200..300).contains(&status);
        if succeeded && is_file(call, body) {
            let (code, message) = (ErrCode(0), String::new());
            return Ok(Self { call, code, message, fields: Map::new() });
        }
        let body = body.trim_ascii();
        let fields: Map<String, Value> = match serde_json::from_slice(body) {
            Ok(fields) => fields,
            Err(_) if succeeded && body.starts_with(b"{") => return Err(bad(Flaw::NotJson)),
            Err(_) => return Err(gateway(call, status, body, cut)),
        };
        let code = match fields.get("errcode") {
            Some(value) => integer(value).ok_or_else(|| bad(Flaw::Field("errcode")))?,
            None if succeeded => 0,
            None => return Err(gateway(call, status, body, cut)),
        };
        let message = cut(fields.get("errmsg").and_then(Value::as_str).unwrap_or_default());
        Ok(Self { call, code: ErrCode(code), message, fields })
    }

    /// Takes any errcode but 0 for an error.
    ///
    /// # Errors
    ///
    /// [`WeChatError::Api`].
    pub(super) fn accepted(self) -> Result<Self, WeChatError> {
        if self.code == ErrCode(0) { Ok(self) } else { Err(self.into_error()) }
    }

    /// The errcode as an error.
    pub(super) fn into_error(self) -> WeChatError {
        let rid = rid(&self.message);
        WeChatError::Api { call: self.call, code: self.code, message: self.message, rid }
    }

    /// An error about a field.
    pub(super) fn bad_field(&self, name: &'static str) -> WeChatError {
        WeChatError::BadAnswer { call: self.call, flaw: Flaw::Field(name) }
    }

    /// Whether the field is there at all.
    pub(super) fn has(&self, name: &str) -> bool {
        self.fields.contains_key(name)
    }

    /// A text that must be there.
    pub(super) fn text(&self, name: &'static str) -> Result<String, WeChatError> {
        match self.fields.get(name).and_then(Value::as_str) {
            Some(text) if !text.is_empty() => Ok(text.to_owned()),
            _ => Err(self.bad_field(name)),
        }
    }

    /// A `media_id` that must be there, under this name.
    pub(super) fn media_id(&self, name: &'static str) -> Result<MediaId, WeChatError> {
        MediaId::new(self.text(name)?).map_err(|_| self.bad_field(name))
    }

    /// A number that must be there.
    pub(super) fn number(&self, name: &'static str) -> Result<u64, WeChatError> {
        self.number_if_any(name).ok_or_else(|| self.bad_field(name))
    }

    /// A number, if it is there and is one.
    pub(super) fn number_if_any(&self, name: &str) -> Option<u64> {
        self.fields.get(name).and_then(number)
    }

    /// A field as it came.
    pub(super) fn field(&self, name: &str) -> Option<&Value> {
        self.fields.get(name)
    }

    /// A list of objects that must be there.
    pub(super) fn objects(
        &self,
        name: &'static str,
    ) -> Result<Vec<&Map<String, Value>>, WeChatError> {
        let list = self.fields.get(name).and_then(Value::as_array);
        let objects = list.and_then(|list| list.iter().map(Value::as_object).collect());
        objects.ok_or_else(|| self.bad_field(name))
    }
}

/// Whether a body is, or begins, a file of a kind that WeChat keeps: the one answer that is no JSON. A
/// gateway's page is none; what no text has, a zero byte, gives away kinds that nobody listed.
pub(super) fn is_file(call: Call, body: &[u8]) -> bool {
    use infer::MatcherType::{Audio, Image, Video};
    call == Call::MaterialGet
        && (body.contains(&0)
            || infer::get(body)
                .is_some_and(|kind| matches!(kind.matcher_type(), Audio | Image | Video)))
}

/// A number, whether it comes as one or as a string of digits.
pub(super) fn number(value: &Value) -> Option<u64> {
    match value {
        Value::String(text) => text.trim().parse().ok(),
        other => other.as_u64(),
    }
}

fn integer(value: &Value) -> Option<i64> {
    match value {
        Value::String(text) => text.trim().parse().ok(),
        other => other.as_i64(),
    }
}

fn gateway(call: Call, status: u16, body: &[u8], cut: impl Fn(&str) -> String) -> WeChatError {
    let excerpt = match call {
        // A mangled answer to these might hold a token or ticket that nobody knows yet.
        Call::StableToken | Call::CardTicket => "(not shown)".to_owned(),
        _ if body.is_empty() => "(empty)".to_owned(),
        _ => {
            let text = String::from_utf8_lossy(body);
            cut(&text.split_whitespace().collect::<Vec<_>>().join(" "))
        }
    };
    WeChatError::Gateway { call, status, excerpt }
}

/// Reads `… rid: 5f262df9-570cfb10-583bdc4f` out of an errmsg.
fn rid(message: &str) -> Option<String> {
    let (_, tail) = message.split_once("rid:")?;
    let tail = tail.trim_start();
    let end = tail.find(|c: char| !c.is_ascii_alphanumeric() && c != '-').unwrap_or(tail.len());
    (end > 0).then(|| tail[..end].to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(status: u16, body: &str, expected: &str) {
        let cut = |text: &str| text.replace("密令", "***");
        let shown = match WireAnswer::read(Call::DraftAdd, status, body.as_bytes(), cut) {
            Ok(answer) => format!("{} `{}`", answer.code, answer.message),
            Err(error) => error.to_string(),
        };
        assert_eq!(shown, expected, "{status} {body}");
    }

    #[test]
    fn the_errcode_decides_whatever_http_says() {
        check(200, r#"{"errcode":0,"errmsg":"ok"}"#, "0 `ok`");
        check(200, r#"{"media_id":"M"}"#, "0 ``");
        check(502, r#"{"errcode":"45028","errmsg":"群发"}"#, "45028 `群发`");
        check(500, r#" {"errcode":-1,"errmsg":"密令"} "#, "-1 `***`");
    }

    #[test]
    fn what_wechat_did_not_write_is_no_answer() {
        let gateway = "draft/add was answered by a gateway";
        check(200, "<html>\n 繁忙 </html>", &format!("{gateway} (HTTP 200): <html> 繁忙 </html>"));
        check(502, "密令", &format!("{gateway} (HTTP 502): ***"));
        check(504, "", &format!("{gateway} (HTTP 504): (empty)"));
        check(307, "{}", &format!("{gateway} (HTTP 307): {{}}"));
        check(200, r#"["草稿"]"#, &format!("{gateway} (HTTP 200): [\"草稿\"]"));
        let torn = "the answer to draft/add is not one whole JSON object";
        check(200, r#"{"errcode":0,"#, torn);
        check(200, r#"{"errcode":0}{"#, torn);
        check(200, r#"{"errcode":"零"}"#, "the answer to draft/add has no valid `errcode`");
    }

    #[test]
    fn a_file_is_an_answer_to_who_asked_for_one() {
        let read = |call, status, body: &[u8]| {
            WireAnswer::read(call, status, body, str::to_owned).map(|answer| answer.code)
        };
        let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
        assert_eq!(read(Call::MaterialGet, 200, png), Ok(ErrCode(0)));
        assert_eq!(
            read(Call::MaterialGet, 200, b"#!AMR\n<\x91\x17\xfe\x01\x02\x03"),
            Ok(ErrCode(0))
        );
        assert_eq!(read(Call::MaterialGet, 200, b"\xff\xf3\x40\xc4\0"), Ok(ErrCode(0)));
        read(Call::MaterialGet, 502, png).unwrap_err();
        read(Call::MaterialGet, 200, "<html>素材</html>".as_bytes()).unwrap_err();
        read(Call::DraftGet, 200, png).unwrap_err();
    }

    #[test]
    fn the_rid_is_found_in_its_known_shapes() {
        assert_eq!(rid("好 rid: 5f262df9-570cfb10").as_deref(), Some("5f262df9-570cfb10"));
        assert_eq!(rid("hint: [春-1], rid:64f-1, x").as_deref(), Some("64f-1"));
        assert_eq!(rid("rid: "), None);
        assert_eq!(rid("没有"), None);
    }
}
