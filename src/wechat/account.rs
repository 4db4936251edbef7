//! What the account may do: how fast it sends (群发速度), how often it may call (接口调用额度), and
//! where WeChat's servers are.

use serde_json::{Map, Value, json};

use super::answer::{WireAnswer, number};
use super::call::Call;
use super::client::WeChat;
use super::error::WeChatError;

/// The slowest speed; 0 is the fastest.
const LEVEL_MAX: u8 = 4;

/// What `realspeed` counts: 万.
const TEN_THOUSAND: u64 = 10_000;

/// How fast mass sends go out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Speed {
    /// From 0, the fastest, to 4.
    pub level: u8,
    /// Followers a minute, as WeChat says and not as its table does: they differ.
    pub per_minute: u64,
}

/// How often one call may be made. Says nothing of the right to send (45028).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CallQuota {
    /// In a day.
    pub daily_limit: u64,
    /// Of those, today.
    pub used: u64,
    /// Of those, still.
    pub remain: u64,
    /// In a short while, if there is such a limit.
    pub per_minute: Option<RateLimit>,
}

/// So many calls in so many seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateLimit {
    /// How many calls.
    pub calls: u64,
    /// In how many seconds: 60 today.
    pub seconds: u64,
}

impl WeChat {
    /// Asks how fast mass sends go out: `message/mass/speed/get`.
    ///
    /// # Errors
    ///
    /// What WeChat says.
    pub async fn speed(&self) -> Result<Speed, WeChatError> {
        let answer = self.post(Call::SpeedGet, &json!({})).await?;
        let level = u8::try_from(answer.number("speed")?).map_err(|_| answer.bad_field("speed"))?;
        let per_minute = answer.number("realspeed")?.checked_mul(TEN_THOUSAND);
        Ok(Speed { level, per_minute: per_minute.ok_or_else(|| answer.bad_field("realspeed"))? })
    }

    /// Sets it, for all mass sends of the account to come: `message/mass/speed/set`.
    ///
    /// # Errors
    ///
    /// [`WeChatError::NotMade`] for a level above 4; 89504 or 89505 while an administrator has to
    /// confirm it.
    pub async fn set_speed(&self, level: u8) -> Result<(), WeChatError> {
        let call = Call::SpeedSet;
        if level > LEVEL_MAX {
            let why = format!("speed {level} is not one of 0 (fastest) to {LEVEL_MAX}");
            return Err(WeChatError::NotMade { call, why });
        }
        self.post(call, &json!({ "speed": level })).await.map(drop)
    }

    /// Asks how often a call may be made: `openapi/quota/get`. `cgi_path` is whole, such as
    /// `/cgi-bin/message/mass/sendall`.
    ///
    /// # Errors
    ///
    /// [`WeChatError::NotMade`] for an address with a host or a query (76003); 76021 for a path
    /// that WeChat does not know, 76022 for one that the account may not ask about.
    pub async fn call_quota(&self, cgi_path: &str) -> Result<CallQuota, WeChatError> {
        let call = Call::CallQuota;
        if !is_path(cgi_path) {
            let why = format!("`{cgi_path}` is not a path such as /cgi-bin/message/mass/sendall");
            return Err(WeChatError::NotMade { call, why });
        }
        let answer = self.post(call, &json!({ "cgi_path": cgi_path })).await?;
        let (quota, limit) = (object(&answer, "quota"), object(&answer, "rate_limit"));
        let counted = |name| quota.and_then(|quota| quota.get(name)).and_then(number);
        let quota = counted("daily_limit").zip(counted("used")).zip(counted("remain"));
        let ((daily_limit, used), remain) = quota.ok_or_else(|| answer.bad_field("quota"))?;
        Ok(CallQuota { daily_limit, used, remain, per_minute: limit.and_then(rate_limit) })
    }

    /// Asks for the addresses of WeChat's API hosts, for a firewall: `get_api_domain_ip`. As WeChat
    /// writes them: single addresses, or networks such as `101.226.0.0/16`.
    ///
    /// # Errors
    ///
    /// What WeChat says.
    pub async fn api_domain_ips(&self) -> Result<Vec<String>, WeChatError> {
        let call = Call::ApiDomainIps;
        let answer = self.call(call, self.request(call, &[])).await?;
        let list = answer.field("ip_list").and_then(Value::as_array);
        let texts = list.and_then(|list| list.iter().map(address).collect());
        texts.ok_or_else(|| answer.bad_field("ip_list"))
    }
}

/// A leading slash, and neither a host nor a query.
fn is_path(text: &str) -> bool {
    text.starts_with('/') && !text.starts_with("//") && !text.contains(['?', '#'])
}

fn object<'a>(answer: &'a WireAnswer, name: &str) -> Option<&'a Map<String, Value>> {
    answer.field(name).and_then(Value::as_object)
}

/// An account without such a limit gets no object, or one without numbers.
fn rate_limit(limit: &Map<String, Value>) -> Option<RateLimit> {
    let counted = |name| limit.get(name).and_then(number);
    Some(RateLimit { calls: counted("call_count")?, seconds: counted("refresh_second")? })
}

fn address(value: &Value) -> Option<String> {
    value.as_str().filter(|text| !text.is_empty()).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wechat::Advice;
    use crate::wechat::script::{OK, Reply, Script, TOKEN};

    #[tokio::test]
    async fn the_speed_is_what_wechat_says_it_is() {
        let check = async |reply, expected: Result<(u8, u64), &str>| {
            let script = Script::start([TOKEN, Reply::json(reply)]).await;
            let speed = script.wechat().speed().await.map_err(|error| error.to_string());
            let shown = speed.map(|speed| (speed.level, speed.per_minute));
            assert_eq!(shown, expected.map_err(str::to_owned));
            let seen = &script.requests()[1];
            let line = "POST /cgi-bin/message/mass/speed/get?access_token=TOKEN-ONE HTTP/1.1";
            assert_eq!((seen.line.as_str(), seen.body.as_str()), (line, "{}"));
        };
        // The sample of WeChat's page, which its own table contradicts.
        check(r#"{"speed":3,"realspeed":15,"单位":"万"}"#, Ok((3, 150_000))).await;
        check(r#"{"speed":"0","realspeed":"80"}"#, Ok((0, 800_000))).await;
        let bad = "the answer to message/mass/speed/get has no valid";
        check(r#"{"speed":256,"realspeed":80}"#, Err(&format!("{bad} `speed`"))).await;
        check(r#"{"speed":3}"#, Err(&format!("{bad} `realspeed`"))).await;
        check(
            r#"{"speed":3,"realspeed":18446744073709551615}"#,
            Err(&format!("{bad} `realspeed`")),
        )
        .await;
    }

    #[tokio::test]
    async fn the_speed_is_set_by_its_level() {
        let failed = Reply::json(r#"{"errcode":45085,"errmsg":"设置失败"}"#);
        let script = Script::start([TOKEN, OK, failed]).await;
        let wechat = script.wechat();
        wechat.set_speed(4).await.unwrap();
        assert_eq!(wechat.set_speed(0).await.unwrap_err().advice(), Advice::Retry);
        assert_eq!(
            wechat.set_speed(5).await.unwrap_err().to_string(),
            "message/mass/speed/set was not made: speed 5 is not one of 0 (fastest) to 4"
        );
        let seen = script.requests();
        assert_eq!(seen.len(), 3);
        let line = "POST /cgi-bin/message/mass/speed/set?access_token=TOKEN-ONE HTTP/1.1";
        assert_eq!((seen[1].line.as_str(), seen[1].body.as_str()), (line, r#"{"speed":4}"#));
        assert_eq!(seen[2].body, r#"{"speed":0}"#);
    }

    async fn check_quota(reply: &'static str, expected: Result<CallQuota, &str>) {
        let script = Script::start([TOKEN, Reply::json(reply)]).await;
        let quota = script.wechat().call_quota("/cgi-bin/message/mass/sendall").await;
        assert_eq!(quota.map_err(|error| error.to_string()), expected.map_err(str::to_owned));
        let seen = &script.requests()[1];
        assert_eq!(seen.line, "POST /cgi-bin/openapi/quota/get?access_token=TOKEN-ONE HTTP/1.1");
        assert_eq!(seen.body, r#"{"cgi_path":"/cgi-bin/message/mass/sendall"}"#);
    }

    #[tokio::test]
    async fn the_quota_of_a_call_may_have_a_limit_a_minute() {
        let day = CallQuota { daily_limit: 100, used: 3, remain: 97, per_minute: None };
        check_quota(
            r#"{"errcode":0,"errmsg":"ok","quota":{"daily_limit":100,"used":"3","remain":97},
            "rate_limit":{"call_count":60,"refresh_second":60},"component_rate_limit":{"备注":1}}"#,
            Ok(CallQuota { per_minute: Some(RateLimit { calls: 60, seconds: 60 }), ..day }),
        )
        .await;
        let alone = r#"{"errcode":0,"quota":{"daily_limit":100,"used":3,"remain":97}}"#;
        check_quota(alone, Ok(day)).await;
        let empty =
            r#"{"errcode":0,"quota":{"daily_limit":100,"used":3,"remain":97},"rate_limit":{}}"#;
        check_quota(empty, Ok(day)).await;
        let bad = Err("the answer to openapi/quota/get has no valid `quota`");
        check_quota(r#"{"errcode":0,"quota":{"daily_limit":100,"used":3}}"#, bad).await;
        check_quota(r#"{"errcode":0}"#, bad).await;
        check_quota(
            r#"{"errcode":76021,"errmsg":"路径不存在"}"#,
            Err("openapi/quota/get was refused with 76021, cgi_path unknown: 路径不存在"),
        )
        .await;
    }

    #[tokio::test]
    async fn an_address_is_no_path_of_a_call() {
        let script = Script::start([]).await;
        let wechat = script.wechat();
        for path in ["cgi-bin/message/mass/send", "", "//host/群发", "/cgi-bin/user/get?a=1"] {
            let error = wechat.call_quota(path).await.unwrap_err();
            assert!(matches!(error, WeChatError::NotMade { .. }), "{path}: {error}");
        }
        assert!(script.requests().is_empty());
    }

    #[tokio::test]
    async fn wechats_own_addresses_are_told_as_they_come() {
        let check = async |reply, expected: Option<&[&str]>| {
            let script = Script::start([TOKEN, Reply::json(reply)]).await;
            let ips = script.wechat().api_domain_ips().await;
            let bad = "the answer to get_api_domain_ip has no valid `ip_list`";
            match expected {
                Some(expected) => assert_eq!(ips.unwrap(), expected),
                None => assert_eq!(ips.unwrap_err().to_string(), bad),
            }
            let line = &script.requests()[1].line;
            assert_eq!(line, "GET /cgi-bin/get_api_domain_ip?access_token=TOKEN-ONE HTTP/1.1");
        };
        check(
            r#"{"ip_list":["101.226.62.77","101.226.0.0/16","2402:4e00::1"],"说明":""}"#,
            Some(&["101.226.62.77", "101.226.0.0/16", "2402:4e00::1"]),
        )
        .await;
        check(r#"{"ip_list":[]}"#, Some(&[])).await;
        check(r#"{"ip_list":["101.226.62.77",7]}"#, None).await;
        check("{}", None).await;
    }
}
