//! Cards (卡券) in previews: the ticket (`api_ticket`) and what it signs.
//!
//! WeChat sends no cards any more (45113); a preview of one still wants its particulars signed.

use std::fmt;

use jiff::SignedDuration;
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Map, Value};
use sha1::{Digest as _, Sha1};

use super::call::Call;
use super::client::WeChat;
use super::error::WeChatError;
use crate::terms::{CardId, Clock, OpenId, Timestamp, hex};

/// A ticket is not used in its last five minutes, as a token is not.
const RESERVE: SignedDuration = SignedDuration::from_secs(300);

/// The longest life that is believed: what WeChat's page says, 7200 seconds.
const LIFE_MAX_SECS: u64 = 7200;

/// What signs cards: opaque, and never shown.
#[derive(Clone)]
pub struct CardTicket {
    value: SecretString,
    expires_at: Timestamp,
}

impl fmt::Debug for CardTicket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CardTicket(until {})", self.expires_at)
    }
}

impl CardTicket {
    fn is_fresh(&self, now: Timestamp) -> bool {
        self.expires_at.duration_since(now) > RESERVE
    }
}

/// What a card may be tied to; all of it may be left out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CardFields {
    /// The card's own code, for cards that bring theirs.
    pub code: String,
    /// The only person who may take it.
    pub openid: Option<OpenId>,
    /// Some chance, so that signatures differ.
    pub nonce_str: String,
}

/// SHA-1 in lower-case hex: what WeChat signs cards with; nothing of ours trusts it.
fn sha1_hex(message: &[u8]) -> String {
    hex(&Sha1::digest(message))
}

/// Writes a card's signed particulars, for
/// [`PreviewContent::Card`](super::PreviewContent::Card): JSON, which the preview carries in a
/// string.
///
/// Pure. `code` and `openid` are always written, the nonce only when there is one.
pub fn card_ext(
    ticket: &CardTicket,
    card_id: &CardId,
    timestamp: Timestamp,
    fields: &CardFields,
) -> String {
    let openid = fields.openid.as_ref().map_or("", OpenId::as_str);
    let timestamp = timestamp.as_second().to_string();
    let (code, nonce) = (fields.code.as_str(), fields.nonce_str.as_str());
    // The values, sorted as strings and joined; empty ones vanish.
    let ticket = ticket.value.expose_secret();
    let mut signed = [ticket, &timestamp, card_id.as_str(), code, openid, nonce];
    signed.sort_unstable();
    let signature = sha1_hex(signed.concat().as_bytes());

    let mut ext = Map::new();
    let mut write = |name: &str, value: &str| ext.insert(name.to_owned(), value.into());
    write("code", code);
    write("openid", openid);
    write("timestamp", &timestamp);
    if !nonce.is_empty() {
        write("nonce_str", nonce);
    }
    write("signature", &signature);
    Value::Object(ext).to_string()
}

impl WeChat {
    /// A ticket that signs cards for five minutes at least: the cached one, or a new one of
    /// `ticket/getticket`.
    ///
    /// # Errors
    ///
    /// What WeChat says: 48001 for an account without cards.
    pub async fn card_ticket(&self) -> Result<CardTicket, WeChatError> {
        let mut cached = self.card_ticket.lock().await;
        match &*cached {
            Some(ticket) if ticket.is_fresh(self.clock.now()) => Ok(ticket.clone()),
            _ => Ok(cached.insert(self.fetch_card_ticket().await?).clone()),
        }
    }

    async fn fetch_card_ticket(&self) -> Result<CardTicket, WeChatError> {
        let call = Call::CardTicket;
        // Its life is counted from before the question, so that it is never overrated.
        let asked_at: Timestamp = Clock::now(&*self.clock);
        let answer = self.call(call, self.request(call, &[("type", "wx_card")])).await?;
        let secs = answer.number("expires_in")?.min(LIFE_MAX_SECS);
        let life = SignedDuration::from_secs(i64::try_from(secs).expect("two hours fit"));
        let expires_at = asked_at.checked_add(life).unwrap_or(asked_at);
        Ok(CardTicket { value: answer.text("ticket")?.into(), expires_at })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wechat::script::{Reply, Script, TOKEN};

    fn ticket(value: &str) -> CardTicket {
        CardTicket { value: value.into(), expires_at: "2026-03-01T04:00:00Z".parse().unwrap() }
    }

    fn check(card: &str, (ticket_value, second): (&str, i64), fields: &CardFields, wanted: &str) {
        let (card, at) = (CardId::new(card).unwrap(), Timestamp::from_second(second).unwrap());
        assert_eq!(card_ext(&ticket(ticket_value), &card, at, fields), wanted);
    }

    #[test]
    fn a_card_is_signed_as_wechats_page_shows() {
        check(
            "pjZ8Yt1XGILfi-FUsewpnnolGgZk",
            ("ojZ8YtyVyr30HheH3CM73y7h4jJE", 1_404_896_688),
            &CardFields {
                code: "1434008071".to_owned(),
                openid: None,
                nonce_str: "123".to_owned(),
            },
            r#"{"code":"1434008071","openid":"","timestamp":"1404896688","nonce_str":"123","signature":"f137ab68b7f8112d20ee528ab6074564e2796250"}"#,
        );
    }

    #[test]
    fn every_field_is_signed_and_empty_ones_vanish() {
        // Sorted: 1402057159, TICKET, oA, pC, 券码-1.
        let signature = sha1_hex("1402057159TICKEToApC券码-1".as_bytes());
        check(
            "pC",
            ("TICKET", 1_402_057_159),
            &CardFields {
                code: "券码-1".to_owned(),
                openid: Some(OpenId::new("oA").unwrap()),
                nonce_str: String::new(),
            },
            &format!(
                r#"{{"code":"券码-1","openid":"oA","timestamp":"1402057159","signature":"{signature}"}}"#
            ),
        );
        let bare = sha1_hex(b"1402057159TICKETpC");
        check(
            "pC",
            ("TICKET", 1_402_057_159),
            &CardFields::default(),
            &format!(r#"{{"code":"","openid":"","timestamp":"1402057159","signature":"{bare}"}}"#),
        );
    }

    #[tokio::test]
    async fn a_ticket_is_kept_until_five_minutes_before_its_end() {
        let reply = Reply::json(
            r#"{"errcode":0,"errmsg":"ok","ticket":"TICKET-ONE","expires_in":"7200","新":1}"#,
        );
        let script = Script::start([
            TOKEN,
            reply.clone(),
            Reply::json(r#"{"access_token":"TOKEN-TWO","expires_in":7200}"#),
            reply,
        ])
        .await;
        let wechat = script.wechat();
        let first = wechat.card_ticket().await.unwrap();
        assert_eq!(format!("{first:?}"), "CardTicket(until 2026-03-01T04:00:00Z)");
        assert_eq!(first.value.expose_secret(), "TICKET-ONE");
        script.clock.advance(7200 - 301);
        wechat.card_ticket().await.unwrap();
        assert_eq!(script.requests().len(), 2, "the first is still good");
        script.clock.advance(1);
        wechat.card_ticket().await.unwrap();
        let seen = script.requests();
        assert_eq!(
            (seen.len(), seen[1].line.as_str()),
            (4, "GET /cgi-bin/ticket/getticket?type=wx_card&access_token=TOKEN-ONE HTTP/1.1")
        );
    }

    #[tokio::test]
    async fn a_mangled_ticket_is_never_shown() {
        for reply in [
            Reply::json(r#"{"ticket":"PLANTED""#),
            Reply::json(r#"{"ticket":"PLANTED","expires_in":"很久"}"#),
            Reply::json(r#"{"ticket":["PLANTED"],"expires_in":7200}"#),
            Reply::json(r#""PLANTED" 乱"#),
            Reply::Whole("502 Bad Gateway", "PLANTED"),
        ] {
            let script = Script::start([TOKEN, reply]).await;
            let error = script.wechat().card_ticket().await.unwrap_err();
            let all = format!("{error} {error:?} {:?}", error.help());
            assert!(!all.contains("PLANTED") && !all.contains("TOKEN-ONE"), "{all}");
        }
    }
}
