//! Cutting secrets out of whatever is shown.

use std::error::Error;
use std::fmt::Write as _;

use secrecy::{ExposeSecret as _, SecretString};
use url::{Url, form_urlencoded};

use super::settings::Settings;
use super::token::Token;

/// What stands where a secret stood.
const CUT: &str = "***";

/// The longest text of somebody else that an error repeats, in characters.
const SHOWN_MAX: usize = 500;

/// The secrets of an account that live as long as its client.
#[derive(Debug)]
pub(super) struct Secrets(Vec<SecretString>);

impl Secrets {
    /// Collects them: the AppSecret and the proxy's password, as written and decoded.
    pub(super) fn of(settings: &Settings) -> Self {
        let mut all = vec![settings.secret.clone()];
        if let Some(proxy) = &settings.proxy {
            let address = Url::parse(proxy.expose_secret()).ok();
            if let Some(password) = address.as_ref().and_then(Url::password) {
                all.push(decoded(password).into());
                all.push(password.into());
            }
        }
        Self(all)
    }

    /// Cuts them, and the token of the call, out of a text and shortens it.
    pub(super) fn cut(&self, text: &str, token: Option<&Token>) -> String {
        let token = token.map(Token::expose);
        let secrets = self.0.iter().map(SecretString::expose_secret).chain(token);
        let mut text = text.to_owned();
        for secret in secrets.filter(|secret| !secret.is_empty()) {
            let encoded: String = form_urlencoded::byte_serialize(secret.as_bytes()).collect();
            text = text.replace(secret, CUT).replace(&encoded, CUT);
        }
        match text.char_indices().nth(SHOWN_MAX) {
            Some((end, _)) => format!("{}…", &text[..end]),
            None => text,
        }
    }
}

/// Undoes percent-encoding; `+` and `&` mean themselves in a password.
fn decoded(text: &str) -> String {
    let plain = text.replace('+', "%2B").replace('&', "%26");
    let mut pairs = form_urlencoded::parse(plain.as_bytes());
    pairs.next().map_or_else(String::new, |(key, _)| key.into_owned())
}

/// What lies at the bottom of an error: the layers above it only say that a request failed.
pub(super) fn root(error: &dyn Error) -> String {
    let mut deepest = error;
    while let Some(source) = deepest.source() {
        deepest = source;
    }
    deepest.to_string()
}

/// Writes an error and its sources in one line.
pub(super) fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(source) = next {
        let part = source.to_string();
        if !text.contains(&part) {
            write!(text, ": {part}").expect("writing to a String cannot fail");
        }
        next = source.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wechat::script::settings;

    fn check(text: &str, expected: &str) {
        let proxy = "http://me:p%40ss&w%2Brd@proxy.example:3128";
        let settings = Settings {
            secret: "S3/cret".into(),
            proxy: Some(proxy.into()),
            ..settings("http://127.0.0.1")
        };
        assert_eq!(Secrets::of(&settings).cut(text, None), expected);
    }

    #[test]
    fn secrets_are_cut_in_every_spelling() {
        check("密钥 S3/cret 与 S3%2Fcret", "密钥 *** 与 ***");
        check("p%40ss&w%2Brd p@ss&w+rd", "*** ***");
        check("没有秘密", "没有秘密");
    }

    #[test]
    fn long_texts_are_shortened_after_the_cut() {
        check(&format!("{}S3/cret", "字".repeat(497)), &format!("{}***", "字".repeat(497)));
        check(&format!("{}S3/cret", "字".repeat(499)), &format!("{}*…", "字".repeat(499)));
    }
}
