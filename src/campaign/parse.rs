//! `campaign.yaml`: one campaign, with the account that it names.

use crate::diagnostic::{Code, Diagnostic, Spanned};
use crate::terms::{
    AccountName, CampaignName, Comments, Edition, OnReprint, RetractionName, SendAddress, SendName,
};

use super::bundle::Bundle;
use super::codes;
use super::contents::COMMENTS;
use super::keys;
use super::model::{Account, Article, Campaign, Media, MiniProgram, Project, Send, Target, Window};
use super::names;
use super::pieces::{Pictures, is_media_name};
use super::project::{APPROVALS_MAX, parse_project};
use super::reader::{Field, Join, Object, Reader};
use super::values::{Base, is_template, vars_by_name};
use super::yaml;

/// Limits of one article (WeChat's page 新建草稿), in characters but for the address.
const TITLE_CHARS_MAX: usize = 32;
const AUTHOR_CHARS_MAX: usize = 16;
const DIGEST_CHARS_MAX: usize = 120;
const SOURCE_URL_BYTES_MAX: usize = 1024;

/// Reads a campaign and its account, and says everything that is wrong with either file.
///
/// What is wrong with `qunfa.yaml` comes again with every campaign of the project: show equal
/// problems once. Without a [`Campaign`] there is at least one error; with one there may be errors
/// too, and then it is fit for [`check`](fn@super::check) alone, to find the rest of what is wrong.
pub fn parse(bundle: &Bundle) -> (Option<Campaign>, Vec<Diagnostic>) {
    let (project, mut problems) = parse_project(bundle.project());
    let (root, read) = yaml::read(bundle.campaign());
    let mut reader = Reader::new(bundle.campaign(), read);
    let campaign = root
        .and_then(|root| reader.campaign(Field::root("campaign.yaml", &root), project.as_ref()));
    problems.extend(reader.in_order());
    (campaign, problems)
}

/// The names that the file declares, those of broken entries too, so that no reference to one of
/// them is called unknown. `None`: not known, since the account is not.
pub(super) struct Names<'n> {
    pub(super) articles: Vec<&'n str>,
    pub(super) sends: Vec<&'n str>,
    pub(super) retractions: Vec<&'n str>,
    media: Option<Vec<&'n str>>,
    targets: Option<Vec<&'n str>>,
}

impl Reader<'_> {
    fn campaign(&mut self, root: Field<'_>, project: Option<&Project>) -> Option<Campaign> {
        let object = self.object(root, &keys::CAMPAIGN)?;
        self.version(&object);
        let name = self.need(&object, "campaign").and_then(|f| self.term(f, CampaignName::new));
        let edition = object.get("edition").and_then(|field| self.term(field, Edition::new));
        let account_ref =
            self.need(&object, "account").and_then(|f| self.term(f, AccountName::new));
        let account = match (&account_ref, project) {
            (Some(account_ref), Some(project)) => self.named_account(account_ref, project),
            _ => None,
        };
        let names = Names::of(&object, account);
        let media = self.media(object.get("media"), Base::Campaign);
        let media = joined(media, account.map(|a| &a.media[..]), |media: &Media| &media.name);
        let pictures = Pictures { media: &media, known: names.media.as_deref() };
        let mini_programs =
            self.mini_programs(object.get("mini_programs"), Base::Campaign, pictures);
        let mini_programs =
            joined(mini_programs, account.map(|a| &a.mini_programs[..]), |p: &MiniProgram| &p.name);
        let vars = object.get("vars").map(|field| self.vars(field)).unwrap_or_default();
        let bound: Vec<&str> = mini_programs.iter().map(|program| program.name.as_str()).collect();
        self.free_names(&vars, &bound);
        let articles = object.get("articles").map(|field| self.entries(field, Join::Dash));
        let articles = articles.unwrap_or_default();
        let articles = articles.into_iter().filter_map(|entry| self.article(entry, &names));
        let articles = articles.collect();
        let targets = self.targets(object.get("targets"), Base::Campaign);
        let targets = joined(targets, account.map(|a| &a.targets[..]), |t: &Target| &t.name);
        let sends = object.get("sends").map(|field| self.entries(field, Join::Dash));
        let sends = sends.unwrap_or_default();
        let sends = sends.into_iter().filter_map(|entry| self.send(entry, &names)).collect();
        let retractions = self.retractions(object.get("retract"), &names);
        let retractions_are_whole = retractions.len() == names.retractions.len()
            && (object.get("retract").is_none() || !names.retractions.is_empty());
        Some(Campaign {
            account: account?.clone(),
            account_ref: account_ref?,
            name: name?,
            edition,
            vars: vars_by_name(vars),
            mini_programs,
            media,
            articles,
            targets,
            sends,
            retractions,
            retractions_are_whole,
        })
    }

    fn named_account<'p>(
        &mut self,
        name: &Spanned<AccountName>,
        project: &'p Project,
    ) -> Option<&'p Account> {
        let found = project.accounts.iter().find(|account| account.name.value == name.value);
        if found.is_none() {
            let known: Vec<&str> = project.accounts.iter().map(|a| a.name.as_str()).collect();
            let message = format!("qunfa.yaml has no account `{}`", **name);
            let help = names::help(name.as_str(), "accounts", &known);
            let diagnostic = Diagnostic::error(&codes::UNKNOWN_ACCOUNT, message)
                .at(name.place.clone(), "unknown account")
                .help(help);
            self.problems.push(diagnostic);
        }
        found
    }

    fn article(&mut self, entry: Field<'_>, names: &Names<'_>) -> Option<Article> {
        let object = self.object(entry, &keys::ARTICLE)?;
        let title = self.need(&object, "title").and_then(|f| self.limited(f, TITLE_CHARS_MAX));
        let cover = self.need(&object, "cover").and_then(|field| self.file_or_name(field, names));
        let body = self.need(&object, "body").and_then(|field| self.path(field, Base::Campaign));
        let author = object.get("author").and_then(|f| self.limited(f, AUTHOR_CHARS_MAX));
        let digest = object.get("digest").and_then(|f| self.limited(f, DIGEST_CHARS_MAX));
        let theme = object.get("theme").and_then(|field| self.theme(field));
        let source_url = object.get("source_url").and_then(|field| self.source_url(field));
        let comments = object.get("comments").and_then(|field| self.choice(field, &COMMENTS));
        Some(Article {
            name: self.named(entry),
            title: title?,
            author,
            digest,
            cover: cover?,
            body: body?,
            theme,
            source_url,
            comments: comments.unwrap_or(Comments::Closed),
        })
    }

    fn limited(&mut self, field: Field<'_>, chars_max: usize) -> Option<Spanned<String>> {
        let text = self.text(field)?;
        self.limit(field, &text, chars_max);
        Some(text)
    }

    /// Reads the name of a piece of media, or a file's path as a key of the bundle.
    pub(super) fn file_or_name(
        &mut self,
        field: Field<'_>,
        names: &Names<'_>,
    ) -> Option<Spanned<String>> {
        let word = self.text(field)?;
        if !is_media_name(&word) {
            return self.path(field, Base::Campaign);
        }
        if let Some(known) = &names.media
            && !known.contains(&word.as_str())
        {
            self.unknown_media(field, &word, known);
        }
        Some(word)
    }

    fn theme(&mut self, field: Field<'_>) -> Option<Spanned<String>> {
        let theme = self.text(field)?;
        if !is_media_name(&theme) {
            self.later(self.value_place(field), "a theme of your own (a CSS file)");
            return None;
        }
        Some(theme)
    }

    fn source_url(&mut self, field: Field<'_>) -> Option<Spanned<String>> {
        let url = self.text(field)?;
        let web = url.starts_with("https://") || url.starts_with("http://");
        if !web && !is_template(&url) {
            let message = format!("`{}` is not a web address", *url);
            self.error(&codes::BAD_URL, field, message, "it begins with `https://`");
        }
        if url.len() > SOURCE_URL_BYTES_MAX {
            let message = format!(
                "`source_url` has {} bytes, and WeChat takes {SOURCE_URL_BYTES_MAX}",
                url.len()
            );
            self.error(&codes::TOO_LONG, field, message, "use a shorter address");
        }
        Some(url)
    }

    fn send(&mut self, entry: Field<'_>, names: &Names<'_>) -> Option<Send> {
        let object = self.object(entry, &keys::SEND)?;
        let content = self.content(&object, names);
        let to = self.need(&object, "to").and_then(|field| self.to(field, names));
        let window = self.window(&object);
        let preview = object.get("preview").map(|field| self.reviewers(field));
        let approval = object.get("approval").and_then(|f| self.number(f, APPROVALS_MAX));
        let words = [("stop", OnReprint::Stop), ("accept", OnReprint::Accept)];
        let on_reprint = object.get("on_reprint").and_then(|field| self.choice(field, &words));
        let after = object.get("after").map(|field| self.after(field)).unwrap_or_default();
        for after in &after {
            self.after_known(&after.send, names);
        }
        let skip = object.get("skip").and_then(|field| self.text(field));
        let again = object.get("again").and_then(|field| self.again(field));
        let name = SendName::new(entry.name).ok()?; // a bad name was noted with the others
        Some(Send {
            name: Spanned::new(name, self.key_place(entry)),
            content: content?,
            to: to?,
            preview,
            approval: approval.map(|n| n.map(|n| u32::try_from(n).unwrap_or(u32::MAX))),
            window: window?,
            on_reprint: on_reprint.unwrap_or(OnReprint::Stop),
            after,
            skip,
            again,
        })
    }

    fn to(&mut self, field: Field<'_>, names: &Names<'_>) -> Option<Spanned<String>> {
        let to = self.text(field)?;
        if let Some(known) = &names.targets {
            self.known(&to, known, &codes::UNKNOWN_TARGET);
        }
        Some(to)
    }

    /// Notes a name that is not among those that exist.
    pub(super) fn known(&mut self, name: &Spanned<String>, known: &[&str], code: &'static Code) {
        if known.contains(&name.as_str()) {
            return;
        }
        let kind = code.title.strip_prefix("unknown ").unwrap_or(code.title);
        let help = names::help(name, &format!("{kind}s"), known);
        let diagnostic = Diagnostic::error(code, format!("there is no {kind} `{}`", **name))
            .at(name.place.clone(), code.title)
            .help(help);
        self.problems.push(diagnostic);
    }

    fn window(&mut self, send: &Object<'_>) -> Option<Spanned<Window>> {
        let help = "write `window: { from: 2026-03-01T10:00:00+08:00, until: 2026-03-01T20:00:00+08:00 }`; \
                    only `until` is required";
        let Some(field) = send.get("window") else {
            self.missing(send, &codes::NO_END, "a send needs a `window`", help);
            return None;
        };
        let object = self.object(field, &keys::WINDOW)?;
        let from = object.get("from").map(|from| self.time(from));
        let Some(until) = object.get("until") else {
            self.missing(&object, &codes::NO_END, "a window needs `until`", help);
            return None;
        };
        let until_place = self.value_place(until);
        let until = self.time(until)?.value;
        let from = match from {
            Some(from) => Some(from?),
            None => None,
        };
        if let Some(from) = &from
            && from.value >= until
        {
            let diagnostic =
                Diagnostic::error(&codes::WINDOW_REVERSED, "the window ends before it starts")
                    .at(until_place, "ends here")
                    .also(from.place.clone(), "starts here")
                    .help("`until` has to be later than `from`");
            self.problems.push(diagnostic);
        }
        Some(Spanned::new(
            Window { from: from.map(|from| from.value), until },
            self.key_place(field),
        ))
    }

    /// Notes an entry of `after` that means something of this campaign which is not there.
    fn after_known(&mut self, entry: &Spanned<String>, names: &Names<'_>) {
        match entry.strip_prefix("retract/") {
            Some(name) if RetractionName::new(name).is_err() => {} // noted where it was read
            Some(name) => {
                let name = Spanned::new(name.to_owned(), entry.place.clone());
                self.known(&name, &names.retractions, &codes::UNKNOWN_RETRACTION);
            }
            None if entry.contains('/') => {}
            None => self.known(entry, &names.sends, &codes::UNKNOWN_SEND),
        }
    }

    fn again(&mut self, field: Field<'_>) -> Option<Spanned<String>> {
        let text = self.text(field)?;
        if text.parse::<SendAddress>().is_err() {
            let message = format!("`{}` is not the address of a send", *text);
            let help = "write CAMPAIGN[@EDITION]/sends/SEND, as the plan shows it";
            self.error(&codes::BAD_TERM, field, message, help);
            return None;
        }
        Some(text)
    }
}

impl<'n> Names<'n> {
    fn of(object: &Object<'n>, account: Option<&'n Account>) -> Self {
        let with = |mut own: Vec<&'n str>, more: &mut dyn Iterator<Item = &'n str>| {
            own.extend(more);
            own
        };
        Self {
            articles: object.names_under("articles"),
            sends: object.names_under("sends"),
            retractions: object.names_under("retract"),
            media: account.map(|account| {
                with(
                    object.names_under("media"),
                    &mut account.media.iter().map(|m| m.name.as_str()),
                )
            }),
            targets: account.map(|account| {
                with(
                    object.names_under("targets"),
                    &mut account.targets.iter().map(|t| t.name.as_str()),
                )
            }),
        }
    }
}

/// The campaign's own, then the account's that it does not redefine.
fn joined<T: Clone>(
    own: Vec<T>,
    account: Option<&[T]>,
    name: fn(&T) -> &Spanned<String>,
) -> Vec<T> {
    let others = account.unwrap_or_default().iter();
    let others: Vec<T> = others
        .filter(|other| !own.iter().any(|own| name(own).value == name(other).value))
        .cloned()
        .collect();
    own.into_iter().chain(others).collect()
}
