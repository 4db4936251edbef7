//! From a campaign as written to what should be true of it.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use minijinja::value::Value;

use crate::campaign::{self, Bundle, Campaign, Entry};
use crate::diagnostic::{Diagnostic, Spanned};
use crate::terms::Fingerprint;

use super::article::Body;
use super::codes::{
    AUTHOR_LENGTH, BODY_FILE, CONTENT_EMPTY, DIGEST_LENGTH, SOURCE_URL, TITLE_LENGTH, TOO_DEEP,
    UNKNOWN_THEME, UNSENT,
};
use super::desired::{Article, Content, Desired, ImageFile};
use super::desk::{Desk, Program};
use super::medium::Medium;
use super::retraction;
use super::template::Templates;
use super::{dom, gate, html, length, markdown, theme};

/// An article with the pictures it needs: those of its body, and the cover.
#[derive(Debug, Clone)]
pub(super) struct Laid {
    pub(super) article: Arc<Article>,
    images: Vec<ImageFile>,
}

/// What is at hand while one campaign is rendered.
pub(super) struct Job<'a> {
    pub(super) campaign: &'a Campaign,
    pub(super) bundle: &'a Bundle,
    pub(super) templates: Templates<'a>,
    pub(super) problems: Vec<Diagnostic>,
    /// The articles without problems, by name.
    pub(super) articles: BTreeMap<&'a str, Laid>,
}

/// Renders every article and resolves every send of `campaign`, with all problems at once.
///
/// The same inputs give the same answer, byte for byte. There is a [`Desired`] unless something is
/// wrong. A name that leads to no article or target is `campaign`'s to tell: a send that uses one
/// is left out here, and then there is no [`Desired`] either.
pub fn render(campaign: &Campaign, bundle: &Bundle) -> (Option<Desired>, Vec<Diagnostic>) {
    let mut job = Job::new(campaign, bundle);
    job.lay_out_articles();
    let sends = job.sends();
    let whole = sends.len() == campaign.sends.len();
    let desired = Desired {
        appid: campaign.account.appid.clone(),
        campaign: campaign.name.value.clone(),
        edition: campaign.edition.as_ref().map(|edition| edition.value.clone()),
        images: job.images_of(sends.iter().map(|send| &send.content)),
        sends,
        retractions: retraction::retractions(campaign),
    };
    let problems = once_each(job.problems);
    let sound = whole && !problems.iter().any(Diagnostic::is_error);
    (sound.then_some(desired), problems)
}

/// The same problem at the same place is one problem, however often a loop meets it.
fn once_each(problems: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut seen = HashSet::new();
    let key = |problem: &Diagnostic| {
        let place = problem.place().map(|place| (place.file().path.clone(), place.span()));
        (problem.code.id, problem.message.clone(), place)
    };
    problems.into_iter().filter(|problem| seen.insert(key(problem))).collect()
}

impl<'a> Job<'a> {
    pub(super) fn new(campaign: &'a Campaign, bundle: &'a Bundle) -> Self {
        let templates = Templates::new(campaign, bundle);
        Self { campaign, bundle, templates, problems: Vec::new(), articles: BTreeMap::new() }
    }

    /// Renders the articles, and checks those as well that nothing sends.
    pub(super) fn lay_out_articles(&mut self) {
        let programs = self.programs();
        let sent: BTreeSet<&str> = self
            .campaign
            .sends
            .iter()
            .filter_map(|send| match &send.content {
                campaign::ContentText::News(names) => Some(names),
                campaign::ContentText::Text(_)
                | campaign::ContentText::Images { .. }
                | campaign::ContentText::Voice(_)
                | campaign::ContentText::Video(_)
                | campaign::ContentText::Card(_) => None,
            })
            .flat_map(|names| names.iter().map(|name| name.value.as_str()))
            .collect();
        for article in &self.campaign.articles {
            let name = article.name.value.as_str();
            if let Some(laid) = self.article(article, &programs) {
                self.articles.insert(name, laid);
            }
            if !sent.contains(name) {
                let message = format!("no send uses the article `{name}`");
                let place = article.name.place.clone();
                self.problems.push(Diagnostic::warning(&UNSENT, message).at(place, "never sent"));
            }
        }
    }

    fn programs(&mut self) -> Vec<Program<'a>> {
        let (templates, problems) = (&self.templates, &mut self.problems);
        let mut program = |declared: &'a campaign::MiniProgram| Program {
            declared,
            path: templates.field(&declared.path, problems),
            title: declared.title.as_ref().and_then(|title| templates.field(title, problems)),
        };
        self.campaign.mini_programs.iter().map(&mut program).collect()
    }

    fn article(
        &mut self,
        article: &'a campaign::Article,
        programs: &[Program<'a>],
    ) -> Option<Laid> {
        let title = self.templates.field(&article.title, &mut self.problems);
        self.check_title(article, title.as_deref());
        let author = article.author.as_ref().map_or("", |author| author.value.as_str());
        if let Some(written) = &article.author {
            let limit = ("the author", length::AUTHOR_MAX);
            self.problems.extend(length::check(&AUTHOR_LENGTH, limit, author, &written.place));
        }
        let digest = self.optional(article.digest.as_ref());
        if let (Some(written), Some(digest)) = (&article.digest, &digest) {
            let limit = ("the digest", length::DIGEST_MAX);
            self.problems.extend(length::check(&DIGEST_LENGTH, limit, digest, &written.place));
        }
        let source_url = self.optional(article.source_url.as_ref());
        if let (Some(written), Some(url)) = (&article.source_url, &source_url) {
            self.check_source_url(written, url);
        }
        self.check_theme(article.theme.as_ref());
        let cover = self.material(&article.cover);
        let shown = [
            ("name", article.name.value.as_str()),
            ("title", title.as_deref().unwrap_or_default()),
            ("author", author),
        ];
        let body = self.body(article, Value::from_pairs(shown), programs);
        let (cover, (body, mut images)) = (cover?, body?);
        let article = Article {
            name: article.name.value.clone(),
            title: title?,
            author: author.to_owned(),
            digest: digest?,
            cover: match &cover {
                Medium::File(file) => Medium::File(file.fingerprint),
                Medium::OnAccount(id) => Medium::OnAccount(id.clone()),
            },
            source_url: source_url?,
            comments: article.comments,
            body,
        };
        images.extend(cover.file().cloned());
        Some(Laid { article: Arc::new(article), images })
    }

    fn optional(&mut self, value: Option<&Spanned<String>>) -> Option<String> {
        let Some(value) = value else { return Some(String::new()) };
        self.templates.field(value, &mut self.problems)
    }

    fn check_title(&mut self, article: &campaign::Article, title: Option<&str>) {
        let Some(title) = title else { return };
        let place = &article.title.place;
        if title.trim().is_empty() {
            let problem = Diagnostic::error(&TITLE_LENGTH, "the title is empty");
            self.problems.push(problem.at(place.clone(), "comes to nothing"));
        }
        let limit = ("the title", length::TITLE_MAX);
        self.problems.extend(length::check(&TITLE_LENGTH, limit, title, place));
    }

    fn check_source_url(&mut self, written: &Spanned<String>, url: &str) {
        let web = url.starts_with("https://") || url.starts_with("http://");
        let problem = if !web || url::Url::parse(url).is_err() {
            format!("`{url}` is no web address")
        } else if url.len() > length::SOURCE_URL_BYTES_MAX {
            format!("the address has {} bytes of {}", url.len(), length::SOURCE_URL_BYTES_MAX)
        } else {
            return;
        };
        let problem = Diagnostic::error(&SOURCE_URL, problem);
        self.problems.push(problem.at(written.place.clone(), "阅读原文"));
    }

    fn check_theme(&mut self, theme: Option<&Spanned<String>>) {
        let Some(theme) = theme.filter(|theme| !theme::THEMES.contains(&theme.as_str())) else {
            return;
        };
        let message = format!("there is no theme `{}`", theme.value);
        let known = theme::THEMES.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>();
        let problem = Diagnostic::error(&UNKNOWN_THEME, message)
            .at(theme.place.clone(), "no such theme")
            .help(format!("there is {}", known.join(", ")));
        self.problems.push(problem);
    }

    fn body(
        &mut self,
        article: &campaign::Article,
        shown: Value,
        programs: &[Program<'a>],
    ) -> Option<(Body, Vec<ImageFile>)> {
        let written = &article.body;
        let at = |problem: Diagnostic, label: &str| problem.at(written.place.clone(), label);
        let extension = written.rsplit_once('.').map_or("", |(_, extension)| extension);
        let is_markdown = match extension.to_ascii_lowercase().as_str() {
            "md" | "markdown" => true,
            "html" | "htm" => false,
            _ => {
                let message = format!("the body `{}` ends in neither .md nor .html", written.value);
                self.problems.push(at(Diagnostic::error(&BODY_FILE, message), "which is it?"));
                return None;
            }
        };
        if !matches!(self.bundle.entry(written), Some(Entry::Text(_))) {
            let message = format!("there is no text file `{}`", written.value);
            self.problems.push(at(Diagnostic::error(&BODY_FILE, message), "no such text"));
            return None;
        }
        let before = self.problems.len();
        let rendered = self.templates.body(written, shown, &mut self.problems)?;
        let mut broken = self.problems.len() > before;
        let source = &rendered.written.text;
        let nodes =
            dom::parse(&if is_markdown { markdown::to_html(source) } else { source.clone() });
        let Ok(nodes) = nodes else {
            let message = format!("elements are nested more than {} deep", dom::DEPTH_MAX);
            self.problems.push(at(Diagnostic::error(&TOO_DEEP, message), "in this body"));
            return None;
        };
        let mut desk = Desk::new(self.bundle, written, rendered, programs);
        let laid = html::lay_out(&nodes, &mut desk);
        broken |= desk.problems.iter().any(Diagnostic::is_error);
        self.problems.append(&mut desk.problems);
        if laid.is_none() && !broken {
            let message = format!("the body of `{}` is empty", article.name.value);
            self.problems.push(at(Diagnostic::error(&CONTENT_EMPTY, message), "comes to nothing"));
        }
        let gated = gate::pass(&theme::inline(&laid?));
        let body = Body::new(&gated, &desk.markup, &desk.images.found);
        self.problems.extend(length::check_body(&article.name, &body, &written.place));
        Some((body, desk.images.found))
    }

    fn images_of<'c>(
        &self,
        contents: impl Iterator<Item = &'c Content>,
    ) -> BTreeMap<Fingerprint, ImageFile> {
        let mut images = BTreeMap::new();
        for content in contents {
            let (articles, pictures): (&[Arc<Article>], &[Medium<ImageFile>]) = match content {
                Content::News(articles) => (articles, &[]),
                Content::Images(sent) => (&[], &sent.pictures),
                Content::Text(_) | Content::Voice(_) | Content::Video(_) | Content::Card(_) => {
                    (&[], &[])
                }
            };
            let laid = articles.iter().filter_map(|a| self.articles.get(a.name.as_str()));
            let pictures = pictures.iter().filter_map(Medium::file);
            for image in laid.flat_map(|laid| &laid.images).chain(pictures) {
                images.entry(image.fingerprint).or_insert_with(|| image.clone());
            }
        }
        images
    }
}
