//! What a client needs to know, and the HTTP clients made from it.

use std::fmt;
use std::net::IpAddr;
use std::time::Duration;

use reqwest::{Client, ClientBuilder, Proxy, redirect, retry};
use secrecy::{ExposeSecret as _, SecretString};
use url::{Host, Url};

use super::error::WeChatError;
use crate::terms::AppId;

/// One account as the client sees it.
#[derive(Clone)]
pub struct Settings {
    /// The account.
    pub appid: AppId,
    /// Its AppSecret; a sandbox takes any.
    pub secret: SecretString,
    /// Where WeChat is: `https://api.weixin.qq.com`, one of its other hosts, or a sandbox. Plain
    /// http is for loopback addresses only, since the token stands in every address (43003).
    pub base_url: Url,
    /// A fixed way out for the IP allow-list (IP白名单): `http`, `https` or `socks5`, with a
    /// password or without. No proxy is ever taken from the surroundings.
    pub proxy: Option<SecretString>,
    /// How long to wait.
    pub timeouts: Timeouts,
}

/// Shows the account and the host only: an address may hold a password by mistake.
impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let host = self.base_url.host_str().unwrap_or_default();
        write!(f, "Settings({} at {host})", self.appid)
    }
}

/// How long to wait for WeChat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// Until a connection stands.
    pub connect: Duration,
    /// Without a byte coming in; a mass send has no such limit.
    pub read: Duration,
    /// For a whole call, uploads included.
    pub total: Duration,
    /// For a whole mass send: what callers give to [`WeChat::send_mass`](super::WeChat::send_mass)
    /// and subtract from its deadline (R3). Big accounts answer slowly.
    pub send: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        let [connect, read, total, send] = [10, 30, 120, 60].map(Duration::from_secs);
        Self { connect, read, total, send }
    }
}

/// The two HTTP clients of an account.
///
/// Mass sends have their own, which keeps no idle connection: a connection that the other side has
/// closed in the meantime would turn a send that never left into one of unknown outcome.
///
/// Not `Debug`: reqwest's would show the proxy.
pub(super) struct Http {
    /// For everything that may be repeated.
    pub(super) calls: Client,
    /// For mass sends.
    pub(super) sends: Client,
}

impl Http {
    /// Makes the clients.
    ///
    /// # Errors
    ///
    /// [`WeChatError::Setup`] when the settings cannot work.
    pub(super) fn new(settings: &Settings) -> Result<Self, WeChatError> {
        check_base(&settings.base_url)?;
        let Timeouts { read, total, .. } = settings.timeouts;
        let calls = builder(settings)?.read_timeout(read).timeout(total);
        let sends = builder(settings)?.pool_max_idle_per_host(0);
        Ok(Self { calls: build(calls)?, sends: build(sends)? })
    }
}

/// What both clients have in common: no redirects and no retries, because either would repeat a
/// POST behind our back, and a redirect would also show the token to another host.
fn builder(settings: &Settings) -> Result<ClientBuilder, WeChatError> {
    let mut builder = Client::builder()
        .user_agent(concat!("qunfa/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(settings.timeouts.connect)
        .redirect(redirect::Policy::none())
        .retry(retry::never())
        .referer(false)
        .no_proxy();
    if settings.base_url.scheme() == "http" {
        // TLS is never used here, and `build` would fail on a system without root certificates.
        builder = builder.tls_certs_only([]);
    }
    if let Some(proxy) = &settings.proxy {
        // The parser's error would repeat the address, password and all.
        let proxy = Proxy::all(proxy.expose_secret()).map_err(|_| {
            setup("the proxy is not an address such as http://name:password@host:3128")
        })?;
        builder = builder.proxy(proxy);
    }
    Ok(builder)
}

fn build(builder: ClientBuilder) -> Result<Client, WeChatError> {
    builder.build().map_err(|error| {
        let why = super::redact::chain(&error.without_url());
        setup(&format!("no HTTPS client can be made; are root certificates installed? {why}"))
    })
}

fn check_base(base: &Url) -> Result<(), WeChatError> {
    if !base.username().is_empty() || base.password().is_some() {
        return Err(setup("the base address must not hold a name or password"));
    }
    if base.query().is_some() || base.fragment().is_some() {
        return Err(setup("the base address must not hold `?` or `#`"));
    }
    match base.scheme() {
        "https" => Ok(()),
        "http" if is_loopback(base) => Ok(()),
        "http" => Err(setup("plain http is for loopback addresses only; WeChat wants https")),
        _ => Err(setup("the base address must begin with https://")),
    }
}

fn is_loopback(base: &Url) -> bool {
    match base.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => IpAddr::V4(ip).is_loopback(),
        Some(Host::Ipv6(ip)) => IpAddr::V6(ip).is_loopback(),
        None => false,
    }
}

fn setup(why: &str) -> WeChatError {
    WeChatError::Setup { why: why.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(base: &str, proxy: Option<&str>, expected: &str) {
        let settings = Settings {
            appid: AppId::new("wx1234567890abcdef").unwrap(),
            secret: "PLANTED-SECRET".into(),
            base_url: base.parse().unwrap(),
            proxy: proxy.map(Into::into),
            timeouts: Timeouts::default(),
        };
        let shown = match Http::new(&settings) {
            Ok(_) => "works".to_owned(),
            Err(error) => format!("{error} {error:?}"),
        };
        assert!(shown.contains(expected), "{base}: {shown}");
        let everything = format!("{shown} {settings:?}");
        assert!(!everything.contains("PLANTED"), "{everything}");
    }

    #[test]
    fn plain_http_is_for_this_machine() {
        check("http://127.0.0.1:8080", None, "works");
        check("http://[::1]:8080/sandbox/", None, "works");
        check("http://localhost", None, "works");
        check("http://api.weixin.qq.com", None, "loopback addresses only");
        check("http://10.0.0.1", None, "loopback addresses only");
        check("ftp://api.weixin.qq.com", None, "https://");
    }

    #[test]
    fn a_base_address_holds_no_secrets_and_no_query() {
        check("https://me:PLANTED@api.weixin.qq.com", None, "name or password");
        check("https://api.weixin.qq.com?x=1", None, "`?`");
    }

    #[test]
    fn a_bad_proxy_is_told_without_its_password() {
        check("http://127.0.0.1", Some("http://me:PLANTED@proxy.example:3128"), "works");
        check("http://127.0.0.1", Some("http://me:PLANTED@:::"), "the proxy is not an address");
    }
}
