//! The access token (接口调用凭据): taken from `stable_token` in normal mode, cached, renewed once.
//!
//! Normal mode hands every program the same token with its remaining life, so that two programs do
//! not throw each other out. `force_refresh` is never used: it would void the others' token.

use std::fmt;

use jiff::SignedDuration;
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::call::Call;
use super::client::WeChat;
use super::error::{ErrCode, WeChatError};
use crate::terms::{Clock, Timestamp, hex};

/// A token is not used in its last five minutes, when WeChat is about to replace it.
const RESERVE: SignedDuration = SignedDuration::from_secs(300);

/// The longest life that is believed, whatever `expires_in` says: a day; today it is 7200 seconds.
const LIFE_MAX_SECS: u64 = 24 * 60 * 60;

/// A token: opaque, and never shown.
#[derive(Clone)]
pub struct Token {
    value: SecretString,
    fetched_at: Timestamp,
    expires_at: Timestamp,
}

impl Token {
    fn new(value: String, expires_in_secs: u64, now: Timestamp) -> Self {
        let secs = i64::try_from(expires_in_secs.min(LIFE_MAX_SECS)).expect("a day fits");
        let life = SignedDuration::from_secs(secs);
        let expires_at = now.checked_add(life).unwrap_or(now);
        Self { value: value.into(), fetched_at: now, expires_at }
    }

    /// The first eight hex digits of its SHA-256: what records say of it.
    pub fn fingerprint(&self) -> String {
        hex(&Sha256::digest(self.expose())[..4])
    }

    /// When WeChat gave it to us.
    pub fn fetched_at(&self) -> Timestamp {
        self.fetched_at
    }

    /// When it dies by itself. It is a fence: nothing can be sent with it long after (R5).
    pub fn expires_at(&self) -> Timestamp {
        self.expires_at
    }

    pub(super) fn expose(&self) -> &str {
        self.value.expose_secret()
    }

    fn is_same(&self, other: &Self) -> bool {
        self.expose() == other.expose()
    }

    fn is_fresh(&self, now: Timestamp) -> bool {
        self.expires_at.duration_since(now) > RESERVE
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Token({}, until {})", self.fingerprint(), self.expires_at)
    }
}

/// The token in use, and the one that WeChat refused last.
#[derive(Debug, Default)]
pub(super) struct Tokens {
    current: Option<Token>,
    refused: Option<(Token, Call, ErrCode)>,
}

impl Tokens {
    /// Notes that WeChat refused a token. Another task may have replaced it already.
    fn refuse(&mut self, token: &Token, call: Call, code: ErrCode) {
        if self.current.as_ref().is_some_and(|current| current.is_same(token)) {
            self.current = None;
        }
        self.refused = Some((token.clone(), call, code));
    }

    /// Takes a fetched token, unless it is the refused one: then asking again would go round for
    /// ever.
    fn accept(&mut self, token: Token) -> Result<Token, WeChatError> {
        match &self.refused {
            Some((refused, call, code)) if refused.is_same(&token) => {
                let fingerprint = token.fingerprint();
                Err(WeChatError::TokenStuck { call: *call, code: *code, fingerprint })
            }
            _ => Ok(self.current.insert(token).clone()),
        }
    }
}

impl WeChat {
    /// A token that lives for five minutes at least: the cached one, or a new one.
    ///
    /// Tasks that ask at the same time share one request. Asking again after a refusal
    /// ([`Advice::Token`](super::Advice::Token)) brings another token.
    ///
    /// # Errors
    ///
    /// What `stable_token` says, such as 40125 for a wrong AppSecret or 40164 for an address that
    /// is not on the allow-list; [`WeChatError::TokenStuck`] when WeChat hands out the very token
    /// that it has just refused.
    pub async fn token(&self) -> Result<Token, WeChatError> {
        let mut tokens = self.tokens.lock().await;
        match &tokens.current {
            Some(token) if token.is_fresh(self.clock.now()) => Ok(token.clone()),
            _ => tokens.accept(self.fetch_token().await?),
        }
    }

    async fn fetch_token(&self) -> Result<Token, WeChatError> {
        let call = Call::StableToken;
        let body = json!({
            "grant_type": "client_credential",
            "appid": self.appid().as_str(),
            "secret": self.secret.expose_secret(),
            "force_refresh": false,
        });
        // Its life is counted from before the question, so that it is never overrated.
        let asked_at: Timestamp = Clock::now(&*self.clock);
        let request = self.json_request(call, body.to_string());
        let answer = self.exchange(&self.http.calls, call, request, None).await?.accepted()?;
        Ok(Token::new(answer.text("access_token")?, answer.number("expires_in")?, asked_at))
    }

    /// Notes that WeChat refused a token, so that the next [`WeChat::token`] fetches one.
    pub(super) async fn refuse_token(&self, token: &Token, call: Call, code: ErrCode) {
        self.tokens.lock().await.refuse(token, call, code);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::terms::{MediaId, MsgId};
    use crate::wechat::script::{OK, Reply, Script, TOKEN};
    use crate::wechat::{Advice, Certainty};

    const TWO: Reply = Reply::json(r#"{"access_token":"TOKEN-TWO","expires_in":"7000"}"#);
    const REFUSED: Reply =
        Reply::json(r#"{"errcode":40001,"errmsg":"invalid credential TOKEN-ONE rid: 5f-1"}"#);

    /// Which tokens the requests came with, `-` for a request for one.
    fn tokens(script: &Script) -> String {
        let shown = script.requests().into_iter().map(|seen| {
            let used =
                ["ONE", "TWO"].into_iter().find(|n| seen.line.contains(&format!("TOKEN-{n}")));
            used.unwrap_or("-").to_owned()
        });
        shown.collect::<Vec<_>>().join(" ")
    }

    async fn delete(wechat: &WeChat) -> Result<(), WeChatError> {
        wechat.draft_delete(&MediaId::new("DRAFT").unwrap()).await
    }

    #[tokio::test]
    async fn a_token_is_asked_for_in_normal_mode_and_used_until_five_minutes_before_its_end() {
        let script = Script::start([TOKEN, OK, OK, TWO, OK]).await;
        let wechat = script.wechat();
        delete(&wechat).await.unwrap();
        script.clock.advance(7200 - 301);
        delete(&wechat).await.unwrap();
        script.clock.advance(1);
        delete(&wechat).await.unwrap();
        assert_eq!(tokens(&script), "- ONE ONE - TWO");
        let seen = &script.requests()[0];
        assert_eq!(seen.line, "POST /cgi-bin/stable_token HTTP/1.1");
        assert_eq!(
            seen.body,
            r#"{"grant_type":"client_credential","appid":"wx1234567890abcdef","secret":"PLANTED-SECRET","force_refresh":false}"#
        );
    }

    #[tokio::test]
    async fn a_token_shows_its_fingerprint_and_its_life_only() {
        let script = Script::start([TOKEN]).await;
        let token = script.wechat().token().await.unwrap();
        assert_eq!(token.fingerprint(), "e9248dea");
        assert_eq!(token.fetched_at().to_string(), "2026-03-01T02:00:00Z");
        assert_eq!(token.expires_at().to_string(), "2026-03-01T04:00:00Z");
        assert_eq!(format!("{token:?}"), "Token(e9248dea, until 2026-03-01T04:00:00Z)");
    }

    #[tokio::test]
    async fn tasks_that_ask_at_once_share_one_request() {
        let script = Script::start([TOKEN]).await;
        let wechat = script.wechat();
        let (one, two, three) = tokio::join!(wechat.token(), wechat.token(), wechat.token());
        assert!(one.is_ok() && two.is_ok() && three.is_ok());
        assert_eq!(tokens(&script), "-");
    }

    #[tokio::test]
    async fn a_refused_token_is_renewed_once_and_the_call_repeated_once() {
        let script = Script::start([TOKEN, REFUSED, TWO, OK]).await;
        delete(&script.wechat()).await.unwrap();
        assert_eq!(tokens(&script), "- ONE - TWO");
    }

    #[tokio::test]
    async fn a_second_refusal_stops() {
        let script = Script::start([TOKEN, REFUSED, TWO, REFUSED]).await;
        let error = delete(&script.wechat()).await.unwrap_err();
        assert!(matches!(error, WeChatError::TokenStuck { .. }), "{error:?}");
        assert_eq!((error.advice(), error.certainty()), (Advice::Stop, Certainty::NotDone));
        assert_eq!(error.errcode(), Some(40001));
        assert_eq!(tokens(&script), "- ONE - TWO");
    }

    #[tokio::test]
    async fn the_same_token_again_stops() {
        let script = Script::start([TOKEN, REFUSED, TOKEN]).await;
        let error = delete(&script.wechat()).await.unwrap_err();
        assert_eq!(
            error.to_string(),
            "draft/delete was refused with 40001, and token e9248dea, asked for anew, is no better"
        );
        assert_eq!(error.advice(), Advice::Stop);
        assert_eq!(tokens(&script), "- ONE -");
    }

    #[tokio::test]
    async fn a_token_that_another_task_replaced_is_not_replaced_again() {
        let script = Script::start([TOKEN, REFUSED, TWO, OK, REFUSED, OK]).await;
        let wechat = script.wechat();
        let old = wechat.token().await.unwrap();
        delete(&wechat).await.unwrap();
        // A slow task is only now refused with the old token.
        wechat.refuse_token(&old, Call::DraftGet, ErrCode(42001)).await;
        let kept = wechat.token().await.unwrap();
        assert_ne!(kept.fingerprint(), old.fingerprint());
        assert_eq!(tokens(&script), "- ONE - TWO");
    }

    #[tokio::test]
    async fn a_wrong_secret_or_address_stops_at_once() {
        let check = |reply: &'static str, help: &'static str| async move {
            let script = Script::start([Reply::json(reply)]).await;
            let error = script.wechat().mass_get(MsgId(1)).await.unwrap_err();
            assert_eq!((error.call(), error.advice()), (Some(Call::StableToken), Advice::Stop));
            let all = format!("{error} {error:?} {}", error.help().unwrap());
            assert!(all.contains(help) && !all.contains("PLANTED"), "{all}");
            assert_eq!(tokens(&script), "-");
        };
        check(r#"{"errcode":40001,"errmsg":"invalid secret PLANTED-SECRET"}"#, "AppSecret").await;
        check(r#"{"errcode":40125,"errmsg":"invalid appsecret"}"#, "AppSecret").await;
        check(
            r#"{"errcode":40164,"errmsg":"invalid ip 111.50.94.9 ipv6 ::ffff:111.50.94.9, not in whitelist rid: 64f-1"}"#,
            "WeChat saw the address 111.50.94.9; add this address",
        )
        .await;
    }

    #[tokio::test]
    async fn a_mangled_token_is_never_shown() {
        for reply in [
            Reply::json(r#"{"access_token":"TOKEN-ONE","expires_in":"PLANTED""#),
            Reply::json(r#"{"access_token":{"PLANTED":1},"expires_in":7200}"#),
            Reply::json(r#"{"access_token":"PLANTED","expires_in":"PLANTED"}"#),
            Reply::json(r#""PLANTED" 乱"#),
            Reply::Whole("502 Bad Gateway", "PLANTED"),
        ] {
            let script = Script::start([reply]).await;
            let error = script.wechat().token().await.unwrap_err();
            let all = format!("{error} {error:?} {:?}", error.help());
            assert!(!all.contains("PLANTED") && !all.contains("TOKEN-ONE"), "{all}");
        }
    }
}
