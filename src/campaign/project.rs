//! `qunfa.yaml`: the accounts, and what they share.

use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Line, Place, SourceFile, Spanned};
use crate::terms::{AccountKind, AccountName, AppId, HistoryId};

use super::codes;
use super::keys;
use super::model::{Account, Api, HistoryPlace, Policy, Project};
use super::pieces::{Pictures, is_real_appid};
use super::reader::{Field, Join, Object, Reader};
use super::values::{Base, vars_by_name};
use super::yaml::{self, Kind};

const WECHAT_API: &str = "https://api.weixin.qq.com";
const HISTORY: &str = ".qunfa/history.db";
/// More approvals than a team has people are a slip of the finger.
pub(super) const APPROVALS_MAX: u64 = 100;
/// Names that every template has already.
const BOUND: [&str; 4] = ["account", "article", "campaign", "row"];

/// Reads `qunfa.yaml`, and says everything that is wrong with it.
///
/// Lines that a secret may stand on are never shown. Without a [`Project`] there is at least one
/// error.
pub fn parse_project(file: &Arc<SourceFile>) -> (Option<Project>, Vec<Diagnostic>) {
    let (root, problems) = yaml::read(file);
    let mut reader = Reader::new(file, problems);
    let project = root.and_then(|root| reader.project(Field::root("qunfa.yaml", &root)));
    let problems = reader.in_order().into_iter().map(hide_secrets).collect();
    (project, problems)
}

impl Reader<'_> {
    fn project(&mut self, root: Field<'_>) -> Option<Project> {
        let object = self.object(root, &keys::PROJECT)?;
        self.version(&object);
        let entries = self.need(&object, "accounts").map(|field| self.entries(field, Join::Dash));
        let entries = entries.unwrap_or_default();
        let accounts: Vec<Account> =
            entries.into_iter().filter_map(|entry| self.account(entry)).collect();
        self.distinct_appids(&accounts);
        let history = object.get("history").and_then(|field| self.history(field));
        let shared = object.get("shared").map(|field| self.folders(field)).unwrap_or_default();
        let history = history.unwrap_or(HistoryPlace { sqlite: HISTORY.to_owned(), id: None });
        Some(Project { accounts, history, shared })
    }

    /// Checks `version`.
    pub(super) fn version(&mut self, object: &Object<'_>) {
        let help = "write `version: 1`";
        match object.get("version") {
            None => {
                let message = "the version of the language is missing";
                self.missing(object, &codes::VERSION, message, help);
            }
            Some(field) if field.node.scalar() != Some("1") => {
                let message = "this program knows version 1 of the language";
                self.error(&codes::VERSION, field, message, help);
            }
            Some(_) => {}
        }
    }

    fn folders(&mut self, field: Field<'_>) -> Vec<Spanned<String>> {
        let items = self.items(field);
        items.into_iter().filter_map(|item| self.folder(item)).collect()
    }

    fn account(&mut self, entry: Field<'_>) -> Option<Account> {
        let object = self.object(entry, &keys::ACCOUNT)?;
        let kinds =
            [("service", AccountKind::Service), ("subscription", AccountKind::Subscription)];
        let kind = self.need(&object, "kind").and_then(|field| self.choice(field, &kinds));
        let name = AccountName::new(entry.name).ok()?; // a bad name was noted with the others
        let api = self.api(&object, self.key_place(entry));
        let secret = object.get("secret").and_then(|field| self.source(field));
        let appid = self.appid(&object, &name, &api);
        self.reachable(&object, &api, appid.as_ref());
        let appid = appid.unwrap_or_else(|| sandbox_appid(&name));
        let media = self.media(object.get("media"), Base::Project);
        let known = object.names_under("media");
        let pictures = Pictures { media: &media, known: Some(&known) };
        let mini_programs =
            self.mini_programs(object.get("mini_programs"), Base::Project, pictures);
        let vars = object.get("vars").map(|field| self.vars(field)).unwrap_or_default();
        let bound: Vec<&str> = mini_programs.iter().map(|program| program.name.as_str()).collect();
        self.free_names(&vars, &bound);
        Some(Account {
            name: Spanned::new(name, self.key_place(entry)),
            kind: kind.unwrap_or(AccountKind::Service),
            api,
            appid,
            secret,
            proxy: object.get("proxy").and_then(|field| self.source(field)),
            reviewers: object.get("reviewers").map(|f| self.reviewers(f)).unwrap_or_default(),
            approvers: object.get("approvers").map(|f| self.texts(f)).unwrap_or_default(),
            policy: object.get("policy").and_then(|f| self.policy(f)).unwrap_or_default(),
            vars: vars_by_name(vars),
            mini_programs,
            targets: self.targets(object.get("targets"), Base::Project),
            media,
            campaigns: object.get("campaigns").map(|field| self.folders(field)),
        })
    }

    fn texts(&mut self, field: Field<'_>) -> Vec<String> {
        let items = self.items(field);
        items.into_iter().filter_map(|item| Some(self.text(item)?.value)).collect()
    }

    /// Notes variables with names that templates have already.
    pub(super) fn free_names(
        &mut self,
        vars: &[(Place, String, serde_json::Value)],
        mini_programs: &[&str],
    ) {
        for (place, name, _) in vars {
            if BOUND.contains(&name.as_str()) || mini_programs.contains(&name.as_str()) {
                let message =
                    format!("the variable `{name}` would hide what templates have under that name");
                let diagnostic = Diagnostic::error(&codes::NAME_TAKEN, message)
                    .at(place.clone(), "taken")
                    .help("give the variable another name");
                self.problems.push(diagnostic);
            }
        }
    }

    fn api(&mut self, object: &Object<'_>, name: Place) -> Api {
        let wechat = |place| Api::Url(Spanned::new(WECHAT_API.to_owned(), place));
        let Some(field) = object.get("api") else { return wechat(name) };
        let Some(text) = self.text(field) else { return wechat(self.value_place(field)) };
        if *text == "sandbox" {
            return Api::Sandbox;
        }
        if text.contains('@') {
            let message = "the address of an API holds credentials";
            let help = "leave them out; a secret is named by `secret: { env: NAME }`";
            let place = self.key_place(field);
            let diagnostic = Diagnostic::error(&codes::BAD_API, message).at(place, "").help(help);
            self.problems.push(diagnostic.hide_line());
        } else if let Err(why) = api_address(&text) {
            let message = format!("`{}` cannot be the address of an API: {why}", *text);
            let help = format!("write `sandbox`, or `{WECHAT_API}`");
            self.error(&codes::BAD_API, field, message, help);
        }
        Api::Url(text)
    }

    fn appid(&mut self, object: &Object<'_>, name: &AccountName, api: &Api) -> Option<AppId> {
        let Some(field) = object.get("appid") else {
            return matches!(api, Api::Sandbox).then(|| sandbox_appid(name));
        };
        let appid = self.term(field, AppId::new)?.value;
        let real = is_real_appid(appid.as_str());
        let (fits, help) = match api {
            Api::Sandbox => {
                (appid.is_sandbox(), "an emulated account's appid begins with `sandbox-`")
            }
            Api::Url(url) if is_loopback(url) => {
                (appid.is_sandbox() || real, "write `sandbox-…`, or `wx` and 16 hex digits")
            }
            Api::Url(_) => (real, "a real account's appid is `wx` and 16 lower-case hex digits"),
        };
        if !fits {
            self.error(
                &codes::BAD_APPID,
                field,
                format!("`{appid}` is no appid for this API"),
                help,
            );
        }
        Some(appid)
    }

    /// Notes what a real API cannot do without.
    fn reachable(&mut self, object: &Object<'_>, api: &Api, appid: Option<&AppId>) {
        if matches!(api, Api::Sandbox) {
            return;
        }
        let mut need = |key: &str, help: &str| {
            if object.get(key).is_none() {
                let message = format!("an account on a real API needs `{key}`");
                self.missing(object, &codes::INCOMPLETE_ACCOUNT, message, help);
            }
        };
        need("appid", "write its `appid`, or `api: sandbox` for an emulated account");
        if !appid.is_some_and(AppId::is_sandbox) {
            need("secret", "say where the AppSecret comes from: `secret: { env: NAME }`");
        }
    }

    fn policy(&mut self, field: Field<'_>) -> Option<Policy> {
        let object = self.object(field, &keys::POLICY)?;
        let approvals =
            object.get("approvals").and_then(|field| self.object(field, &keys::APPROVALS));
        let approvals_everyone = self.approvals(approvals.as_ref(), "everyone");
        let approvals_large = self.approvals(approvals.as_ref(), "large");
        let approvals_retract = self.approvals(approvals.as_ref(), "retract");
        let people = u64::from(u32::MAX);
        let large = object.get("large").and_then(|field| self.number(field, people));
        if let Some(approvals) = &approvals
            && approvals.get("large").is_some()
            && object.get("large").is_none()
        {
            let message = "approvals for large sends, and nothing says what is large";
            let help = "write beside `approvals` from how many people on: `large: 50000`";
            self.missing(approvals, &codes::MISSING_KEY, message, help);
        }
        let max = object.get("max_recipients").and_then(|field| self.number(field, people));
        Some(Policy {
            approvals_everyone,
            approvals_large,
            approvals_retract,
            large: large.map(|n| n.value),
            max_recipients: max.map(|n| n.value),
            max_window_s: object.get("max_window").and_then(|field| self.duration_s(field)),
        })
    }

    fn approvals(&mut self, object: Option<&Object<'_>>, key: &str) -> u32 {
        let number = object
            .and_then(|object| object.get(key))
            .and_then(|field| self.number(field, APPROVALS_MAX));
        number.and_then(|n| u32::try_from(n.value).ok()).unwrap_or(0)
    }

    fn history(&mut self, field: Field<'_>) -> Option<HistoryPlace> {
        let object = self.object(field, &keys::HISTORY)?;
        let id = object.get("id").and_then(|field| self.term(field, HistoryId::new));
        let store = object.get("store").and_then(|field| self.store(field));
        Some(HistoryPlace { sqlite: store.unwrap_or(HISTORY.to_owned()), id })
    }

    fn store(&mut self, field: Field<'_>) -> Option<String> {
        if matches!(field.node.kind, Kind::Map(_)) {
            self.later(self.value_place(field), "a history in PostgreSQL");
            return None;
        }
        let text = self.text(field)?;
        if ["s3://", "gs://", "az://"].iter().any(|scheme| text.starts_with(scheme)) {
            self.later(self.value_place(field), "a history in an object store");
            return None;
        }
        match text.strip_prefix("sqlite:") {
            Some(path) if !path.is_empty() => Some(path.to_owned()),
            _ => {
                let message = format!("`{}` is no place for the history", *text);
                let help = format!("write `sqlite:{HISTORY}`");
                self.error(&codes::HISTORY_STORE, field, message, help);
                None
            }
        }
    }

    fn distinct_appids(&mut self, accounts: &[Account]) {
        for (n, account) in accounts.iter().enumerate() {
            if let Some(first) = accounts[..n].iter().find(|other| other.appid == account.appid) {
                let message = format!(
                    "`{}` and `{}` are the same account, {}",
                    *first.name, *account.name, account.appid
                );
                let diagnostic = Diagnostic::error(&codes::SAME_APPID, message)
                    .at(account.name.place.clone(), "the second name")
                    .also(first.name.place.clone(), "the first name")
                    .help("keep one of the two names");
                self.problems.push(diagnostic);
            }
        }
    }
}

fn sandbox_appid(name: &AccountName) -> AppId {
    let name: String = name.as_str().chars().take(64 - "sandbox-".len()).collect();
    AppId::new(format!("sandbox-{name}")).expect("a name has letters, digits and `-` only")
}

fn api_address(text: &str) -> Result<(), &'static str> {
    let url = url::Url::parse(text).map_err(|_| "it is not a URL")?;
    if url.query().is_some() || url.fragment().is_some() {
        return Err("a base URL has no query and no fragment");
    }
    match url.scheme() {
        "https" if url.host().is_some() => Ok(()),
        "http" if is_loopback(text) => Ok(()),
        "http" => Err("http is for loopback addresses only, since secrets travel in it"),
        _ => Err("it is neither https nor http"),
    }
}

/// Whether a base URL is on this machine, where an emulator may be.
fn is_loopback(text: &str) -> bool {
    let Ok(url) = url::Url::parse(text) else { return false };
    match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// Hides the lines of a problem when a secret may stand on them, whatever the problem is: a
/// misspelt `secrt: …` is one.
fn hide_secrets(problem: Diagnostic) -> Diagnostic {
    let places = problem.at.iter().chain(&problem.also).map(|label| &label.place);
    if problem.line == Line::Shown && places.into_iter().any(may_show_secret) {
        return problem.hide_line();
    }
    problem
}

fn may_show_secret(place: &Place) -> bool {
    const WORDS: [&str; 6] = ["secr", "sercet", "token", "key", "passw", "credential"];
    let (text, span) = (&place.file().text, place.span());
    let start = text[..span.start].rfind('\n').map_or(0, |at| at + 1);
    let end = text[span.end..].find('\n').map_or(text.len(), |at| span.end + at);
    let lines = text[start..end].to_ascii_lowercase();
    // An AppSecret is 32 hex digits, under whatever key it stands.
    let hex = lines.split(|c: char| !c.is_ascii_hexdigit()).any(|run| run.len() >= 32);
    hex || WORDS.iter().any(|word| lines.contains(word))
}
