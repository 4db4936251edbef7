//! Sends, resolved: content, audience, reviewers and the sends they wait for.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::campaign::{self, AudienceText, ContentText, Entry, ListText, ReviewerText};
use crate::diagnostic::{Diagnostic, Place, Spanned};
use crate::terms::{OpenId, Reviewer, SendAddress, SendName, WxName};

use super::codes::{ADDRESS, CONTENT_EMPTY, OPENIDS, REVIEWER, TAG_EMPTY, TEXT_LENGTH};
use super::desired::{Content, DesiredAfter, DesiredAudience, DesiredSend, Images, OpenIdList};
use super::length;
use super::render::Job;
use super::text_link;

impl Job<'_> {
    /// Resolves the sends in the order of the file, without those that have problems.
    pub(super) fn sends(&mut self) -> Vec<DesiredSend> {
        let mut audiences = BTreeMap::new();
        let campaign = self.campaign;
        campaign.sends.iter().filter_map(|send| self.send(send, &mut audiences)).collect()
    }

    fn send(
        &mut self,
        send: &campaign::Send,
        audiences: &mut BTreeMap<String, Option<DesiredAudience>>,
    ) -> Option<DesiredSend> {
        let content = self.content(&send.content);
        let target = self.campaign.targets.iter().find(|target| *target.name == send.to.value);
        let audience = target.and_then(|target| {
            let known = audiences.get(&target.name.value).cloned();
            known.unwrap_or_else(|| {
                let audience = self.audience(target);
                audiences.insert(target.name.value.clone(), audience.clone());
                audience
            })
        });
        let written = send.preview.as_ref().unwrap_or(&self.campaign.account.reviewers);
        let reviewers: Vec<Option<Reviewer>> =
            written.iter().map(|reviewer| self.reviewer(reviewer)).collect();
        let (retractions, others): (Vec<_>, Vec<_>) =
            send.after.iter().partition(|after| after.is_retraction());
        let after_retractions: Option<Vec<_>> =
            retractions.iter().map(|after| self.campaign.retraction_address(&after.send)).collect();
        let after: Vec<Option<DesiredAfter>> = others
            .iter()
            .map(|after| {
                let send = self.address(&after.send)?;
                Some(DesiredAfter { send, outcome: after.outcome })
            })
            .collect();
        let again = match &send.again {
            Some(again) => Some(self.address(again)?),
            None => None,
        };
        Some(DesiredSend {
            address: self.address_of(send.name.value.clone()),
            place: send.name.place.clone(),
            content: content?,
            audience: audience?,
            target: send.to.value.clone(),
            expect: target?.expect.as_ref().map(|expect| expect.value),
            reviewers: reviewers.into_iter().collect::<Option<_>>()?,
            approvals: send.approval.as_ref().map(|approval| approval.value),
            window: send.window.value,
            on_reprint: send.on_reprint,
            after: after.into_iter().collect::<Option<_>>()?,
            after_retractions: after_retractions?,
            skip: send.skip.as_ref().map(|skip| skip.value.clone()),
            again,
        })
    }

    fn content(&mut self, content: &ContentText) -> Option<Content> {
        match content {
            ContentText::News(names) => {
                let article = |name: &Spanned<String>| {
                    self.articles.get(name.as_str()).map(|laid| Arc::clone(&laid.article))
                };
                names.iter().map(article).collect::<Option<_>>().map(Content::News)
            }
            ContentText::Text(written) => {
                let text = self.templates.field(written, &mut self.problems)?;
                self.problems.extend(text_link::check(&text, &written.place));
                let length = length::units(&text);
                let problem = if text.trim().is_empty() {
                    Diagnostic::error(&CONTENT_EMPTY, "the text is empty")
                } else if length > length::TEXT_LONG && text != written.value.trim() {
                    // A text without a template is `campaign`'s to warn about.
                    let message = format!("the text has {length} characters");
                    Diagnostic::warning(&TEXT_LENGTH, message).help("make it an article")
                } else {
                    return Some(Content::Text(text));
                };
                self.problems.push(problem.at(written.place.clone(), "this text"));
                Some(Content::Text(text))
            }
            ContentText::Images { pictures, caption, comments } => {
                let found: Vec<Option<_>> =
                    pictures.iter().map(|picture| self.material(picture)).collect();
                let caption = match caption {
                    Some(written) => Some(self.caption(written)?),
                    None => None,
                };
                let pictures = found.into_iter().collect::<Option<_>>()?;
                Some(Content::Images(Images { pictures, caption, comments: *comments }))
            }
            ContentText::Voice(word) => self.voice(word).map(Content::Voice),
            ContentText::Video(word) => self.video(word).map(Content::Video),
            ContentText::Card(card) => Some(Content::Card(card.value.clone())),
        }
    }

    fn caption(&mut self, written: &Spanned<String>) -> Option<String> {
        let caption = self.templates.field(written, &mut self.problems)?;
        if caption.trim().is_empty() {
            let problem = Diagnostic::error(&CONTENT_EMPTY, "the caption is empty");
            let help = "write one, or leave `caption` out";
            self.problems.push(problem.at(written.place.clone(), "comes to nothing").help(help));
        }
        Some(caption)
    }

    fn audience(&mut self, target: &campaign::Target) -> Option<DesiredAudience> {
        let place = &target.audience.place;
        match &target.audience.value {
            AudienceText::Everyone => Some(DesiredAudience::Everyone),
            AudienceText::Tag(tag) => {
                let written = Spanned::new(tag.clone(), place.clone());
                let tag = self.templates.field(&written, &mut self.problems)?;
                if tag.trim().is_empty() {
                    let problem = Diagnostic::error(&TAG_EMPTY, "the tag's name is empty");
                    self.problems.push(problem.at(place.clone(), "comes to nothing"));
                    return None;
                }
                Some(DesiredAudience::Tag(tag))
            }
            AudienceText::OpenIds(list) => self.openids(target, list).map(DesiredAudience::OpenIds),
        }
    }

    fn openids(&mut self, target: &campaign::Target, list: &ListText) -> Option<OpenIdList> {
        let key = &list.file;
        let problem = |message: String, label: &str| {
            Diagnostic::error(&OPENIDS, message).at(target.audience.place.clone(), label)
        };
        let Some(formula) = campaign::formula(self.campaign, self.bundle, target) else {
            let problem = match self.bundle.entry(key) {
                Some(Entry::Refused(why)) => {
                    problem(format!("the list `{key}` cannot be read: {why}"), "not read")
                }
                Some(Entry::List(_)) => {
                    problem(format!("what is taken away from `{key}` is not known"), "not read")
                }
                Some(Entry::Text(_) | Entry::Media(_)) | None => {
                    problem(format!("there is no text file `{key}`"), "no such list")
                }
            };
            self.problems.push(problem);
            return None;
        };
        match &*self.bundle.list(&formula, list.digest()) {
            Ok((read, problems)) => {
                let before = self.problems.len();
                // Its warnings are told by `campaign`, which reads every list.
                self.problems.extend(problems.iter().filter(|p| p.is_error()).cloned());
                (self.problems.len() == before).then(|| OpenIdList {
                    file: formula.file.name(),
                    fingerprint: read.fingerprint,
                    parts: read.parts.clone(),
                    formula: Arc::new(formula.clone()),
                })
            }
            Err(unread) => {
                let problem = match &unread.why {
                    Ok(problem) => (**problem).clone(),
                    Err(why) => {
                        let name = unread.file.name();
                        problem(format!("the list `{name}` cannot be read: it {why}"), "not read")
                    }
                };
                self.problems.push(problem);
                None
            }
        }
    }

    fn reviewer(&mut self, written: &Spanned<ReviewerText>) -> Option<Reviewer> {
        let text = match &written.value {
            ReviewerText::WxName(text) | ReviewerText::OpenId(text) => text.clone(),
        };
        let text = Spanned::new(text, written.place.clone());
        let text = self.templates.field(&text, &mut self.problems)?;
        let reviewer = match &written.value {
            ReviewerText::WxName(_) => WxName::new(text).map(Reviewer::WxName),
            ReviewerText::OpenId(_) => OpenId::new(text).map(Reviewer::OpenId),
        };
        self.told(
            reviewer.map_err(|bad| Diagnostic::error(&REVIEWER, bad.to_string())),
            &written.place,
        )
    }

    /// A send by its address, or by its bare name in this campaign and edition.
    fn address(&mut self, written: &Spanned<String>) -> Option<SendAddress> {
        let text = written.value.as_str();
        let address = if text.contains('/') {
            text.parse().map(|address: SendAddress| address.whole())
        } else {
            SendName::new(text).map(|name| self.address_of(name))
        };
        self.told(
            address.map_err(|bad| Diagnostic::error(&ADDRESS, bad.to_string())),
            &written.place,
        )
    }

    fn address_of(&self, send: SendName) -> SendAddress {
        let edition = self.campaign.edition.as_ref().map(|edition| edition.value.clone());
        SendAddress { campaign: self.campaign.name.value.clone(), edition, send, part: 0 }
    }

    fn told<T>(&mut self, result: Result<T, Diagnostic>, place: &Place) -> Option<T> {
        result.map_err(|problem| self.problems.push(problem.at(place.clone(), "this one"))).ok()
    }
}
