//! Retractions (删除群发), as they are written: what is taken back, of which send, and why.

use crate::diagnostic::{Diagnostic, Spanned};
use crate::terms::{RetractedArticles, RetractionAddress, RetractionName};

use super::codes;
use super::keys;
use super::model::{After, AfterOutcome, Campaign, Retraction};
use super::parse::Names;
use super::reader::{Field, Join, Object, Reader};
use super::yaml::Kind;

/// What an entry of `after` begins with that means a retraction of the same campaign.
const OWN: &str = "retract/";

impl Reader<'_> {
    /// Reads `retract`.
    pub(super) fn retractions(
        &mut self,
        field: Option<Field<'_>>,
        names: &Names<'_>,
    ) -> Vec<Retraction> {
        let entries = field.map(|field| self.entries(field, Join::Dash)).unwrap_or_default();
        entries.into_iter().filter_map(|entry| self.retraction(entry, names)).collect()
    }

    fn retraction(&mut self, entry: Field<'_>, names: &Names<'_>) -> Option<Retraction> {
        let object = self.object(entry, &keys::RETRACTION)?;
        let send = self.need(&object, "send").and_then(|field| self.text(field));
        let send = send.filter(|send| self.send_ref(send));
        if let Some(send) = send.as_ref().filter(|send| !send.contains('/')) {
            self.known(send, &names.sends, &codes::UNKNOWN_SEND);
        }
        let articles = self.retracted_articles(&object);
        let reason = self.need(&object, "reason").and_then(|field| self.text(field));
        let name = RetractionName::new(entry.name).ok()?; // a bad name was noted with the others
        Some(Retraction {
            name: Spanned::new(name, self.key_place(entry)),
            send: send?,
            articles: articles?,
            reason: reason?,
        })
    }

    fn retracted_articles(&mut self, object: &Object<'_>) -> Option<Spanned<RetractedArticles>> {
        let help = "name them as the send did, `articles: [calendar]`, or write `articles: all`";
        let Some(field) = object.get("articles") else {
            let message = "a retraction says which articles it takes back";
            self.missing(object, &codes::RETRACTED_ARTICLES, message, help);
            return None;
        };
        let place = self.value_place(field);
        if !matches!(field.node.kind, Kind::List(_)) {
            let word = self.text(field)?;
            if *word == "all" {
                return Some(Spanned::new(RetractedArticles::All, place));
            }
            let message = format!("`{}` is not what a retraction can take back", *word);
            self.error(&codes::RETRACTED_ARTICLES, field, message, help);
            return None;
        }
        let mut named: Vec<Spanned<String>> = Vec::new();
        for item in self.items(field) {
            let name = self.text(item)?;
            if named.iter().any(|first| first.value == name.value) {
                let message = format!("the article `{}` stands twice in one retraction", *name);
                self.error(&codes::RETRACTED_ARTICLES, item, message, "leave one of them out");
            }
            named.push(name);
        }
        if named.is_empty() {
            let message = "a retraction of no article does nothing".to_owned();
            self.error(&codes::RETRACTED_ARTICLES, field, message, help);
            return None;
        }
        let named = named.into_iter().map(|name| name.value).collect();
        Some(Spanned::new(RetractedArticles::Named(named), place))
    }

    /// Whether an entry of `after` names a retraction; what is wrong with one is noted.
    pub(super) fn is_after_retraction(
        &mut self,
        entry: &Spanned<String>,
        outcome: Option<AfterOutcome>,
    ) -> bool {
        if !is_retraction(entry) {
            return false;
        }
        let name = entry.strip_prefix(OWN);
        let is_fine = name.map_or_else(
            || entry.parse::<RetractionAddress>().is_ok(),
            |name| RetractionName::new(name).is_ok(),
        );
        if !is_fine {
            let message = format!("`{}` names no retraction", **entry);
            let problem = Diagnostic::error(&codes::BAD_TERM, message).at(entry.place.clone(), "");
            let help = "write `retract/NAME`, or its address: CAMPAIGN[@EDITION]/retract/NAME";
            self.problems.push(problem.help(help));
        }
        if outcome.is_some() {
            let message = format!("`{}` is a retraction, which can only be done", **entry);
            let problem = Diagnostic::error(&codes::RETRACTION_OUTCOME, message)
                .at(entry.place.clone(), "a retraction")
                .help(format!("write it alone: `after: [{}]`", **entry));
            self.problems.push(problem);
        }
        true
    }
}

/// Whether an entry of `after` means a retraction, not a send.
pub(super) fn is_retraction(entry: &str) -> bool {
    entry.starts_with(OWN) || entry.contains("/retract/")
}

impl After {
    /// Whether it names a retraction, not a send.
    pub fn is_retraction(&self) -> bool {
        is_retraction(&self.send)
    }
}

impl Campaign {
    /// The address of a retraction that an entry of `after` means, if it means one.
    pub fn retraction_address(&self, entry: &str) -> Option<RetractionAddress> {
        match entry.strip_prefix(OWN) {
            Some(name) => RetractionName::new(name).ok().map(|name| RetractionAddress {
                campaign: self.name.value.clone(),
                edition: self.edition.as_ref().map(|edition| edition.value.clone()),
                name,
            }),
            None => entry.parse().ok(),
        }
    }
}
