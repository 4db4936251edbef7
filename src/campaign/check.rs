//! What can be judged only once everything is read: files, audiences, windows, circles.

use crate::diagnostic::{Diagnostic, Place, Spanned};
use crate::terms::{MaterialKind, SendAddress};

use super::bundle::{Bundle, Entry, ending};
use super::check_media::CARD;
use super::codes;
use super::cycle::cycles;
use super::model::{AudienceText, Campaign, ContentText, ReviewerText, Send, Target};
use super::names;
use super::paths;
use super::retractions::is_retraction;
use super::values::is_template;

/// WeChat documents no limit for a text (WeChat's page 根据标签群发); beyond these a refusal is likely.
const TEXT_CHARS_SAFE: usize = 600;
const TEXT_BYTES_SAFE: usize = 2048;
/// Previews by WeChat ID that an account may send in a day.
const WXNAMES_MAX: usize = 100;

/// Finds what is wrong with a campaign that reads well: its files, audiences, windows and order.
///
/// Pictures and templates inside of articles are the content room's.
pub fn check(campaign: &Campaign, bundle: &Bundle) -> Vec<Diagnostic> {
    let mut check = Check { campaign, bundle, problems: Vec::new() };
    check.folder();
    check.media();
    check.mini_programs();
    check.articles();
    for target in &campaign.targets {
        check.target(target);
    }
    check.lists();
    for send in &campaign.sends {
        check.send(send);
    }
    check.order();
    check.problems
}

/// The problems found so far, and what they are looked for in.
pub(super) struct Check<'a> {
    pub(super) campaign: &'a Campaign,
    pub(super) bundle: &'a Bundle,
    pub(super) problems: Vec<Diagnostic>,
}

impl<'a> Check<'a> {
    pub(super) fn add(&mut self, problem: Diagnostic) {
        self.problems.push(problem);
    }

    fn folder(&mut self) {
        let account = &self.campaign.account;
        let Some(folders) = &account.campaigns else { return };
        let here = &self.bundle.campaign_folder;
        if folders.iter().any(|folder| paths::lies_in(here, folder)) {
            return;
        }
        let message = format!("the account `{}` is not for campaigns in `{here}`", *account.name);
        let folders = names::listed(folders.iter().map(|folder| folder.as_str()));
        self.add(
            Diagnostic::error(&codes::OUTSIDE_CAMPAIGNS, message)
                .at(self.campaign.account_ref.place.clone(), "not here")
                .help(format!(
                    "its `campaigns` are {folders}: move the folder, or name another account"
                )),
        );
    }

    /// Finds a file; notes one that is not there or was not read.
    pub(super) fn file(&mut self, key: &str, place: &Place) -> Option<&'a Entry> {
        let problem = match self.bundle.entry(key) {
            Some(Entry::Refused(why)) => {
                Diagnostic::error(&codes::REFUSED_FILE, format!("`{key}` {why}"))
                    .at(place.clone(), "not read")
            }
            Some(entry) => return Some(entry),
            None => match key.strip_prefix('/') {
                Some(path) if !self.bundle.shared.iter().any(|f| paths::lies_in(path, f)) => {
                    let help = "a path that begins with `/` lies in a folder that `shared` in qunfa.yaml lists";
                    Diagnostic::error(&codes::BAD_PATH, format!("`{key}` lies in no shared folder"))
                        .at(place.clone(), "not shared")
                        .help(help)
                }
                _ => {
                    let help = match names::nearest(key, self.bundle.keys()) {
                        Some(near) => format!("did you mean `{near}`?"),
                        None => "the path is relative to the campaign's folder, and case matters"
                            .to_owned(),
                    };
                    Diagnostic::error(&codes::NO_FILE, format!("there is no file `{key}`"))
                        .at(place.clone(), "not found")
                        .help(help)
                }
            },
        };
        self.add(problem);
        None
    }

    fn mini_programs(&mut self) {
        for image in self.campaign.mini_programs.iter().filter_map(|program| program.image.as_ref())
        {
            let (key, place) = (&image.value, &image.place);
            let Some(facts) = self.medium(key, place, &CARD) else { continue };
            let Some((width, height)) = facts.pixels else { continue };
            // 5:4, give or take one part in fifty.
            let (wide, high) = (u64::from(width) * 4, u64::from(height) * 5);
            if wide.abs_diff(high) * 50 > high {
                let message = format!("`{key}` is {width} × {height} px, and a card shows 5:4");
                self.add(
                    Diagnostic::warning(&codes::PICTURE_RATIO, message)
                        .at(place.clone(), "will be cropped")
                        .help("1080 × 864 px is what WeChat asks for"),
                );
            }
        }
    }

    fn articles(&mut self) {
        for article in &self.campaign.articles {
            self.used(&article.cover, MaterialKind::Image);
            let Some(entry) = self.file(&article.body, &article.body.place) else { continue };
            let bodies = ["md", "markdown", "html", "htm"];
            let text = matches!(entry, Entry::Text(_));
            if !(text && bodies.contains(&ending(&article.body).as_str())) {
                let message = format!("`{}` is neither Markdown nor HTML", *article.body);
                self.add(
                    Diagnostic::error(&codes::BODY_FORMAT, message)
                        .at(article.body.place.clone(), "not a body")
                        .help("name a file that ends in `.md` or `.html`"),
                );
            }
        }
    }

    fn target(&mut self, target: &Target) {
        let account = &self.campaign.account;
        let place = &target.audience.place;
        match &target.audience.value {
            // All lists are looked at together.
            AudienceText::Everyone | AudienceText::OpenIds(_) => {}
            AudienceText::Tag(tag) => {
                if !account.appid.is_sandbox() && target.expect.is_none() {
                    let message = format!(
                        "the tag `{tag}` has no `expect`, and {} is a real account",
                        account.appid
                    );
                    self.add(
                        Diagnostic::error(&codes::NO_EXPECT, message)
                            .at(place.clone(), "how many people?")
                            .help("write beside it how many there must be: `expect: { at_least: …, at_most: … }`"),
                    );
                }
            }
        }
    }

    fn send(&mut self, send: &Send) {
        self.window(send);
        match &send.content {
            ContentText::News(_) => {}
            ContentText::Text(text) => self.text(text),
            ContentText::Images { pictures, caption, .. } => {
                if let Some(caption) = caption {
                    self.text(caption);
                }
                for picture in pictures {
                    self.used(picture, MaterialKind::Image);
                }
            }
            ContentText::Voice(voice) => self.used(voice, MaterialKind::Voice),
            ContentText::Video(video) => self.used(video, MaterialKind::Video),
            // One that is closed is not refused.
            ContentText::Card(_) if send.skip.is_some() => {}
            ContentText::Card(card) => self.card(card),
        }
        let reviewers = send.preview.as_ref().unwrap_or(&self.campaign.account.reviewers);
        let by_wxname =
            |reviewer: &&Spanned<ReviewerText>| matches!(reviewer.value, ReviewerText::WxName(_));
        let each = match &send.content {
            ContentText::News(_)
            | ContentText::Text(_)
            | ContentText::Voice(_)
            | ContentText::Video(_)
            | ContentText::Card(_) => 1,
            // A preview shows one picture, or the caption.
            ContentText::Images { pictures, caption, .. } => {
                (pictures.len() + usize::from(caption.is_some())).max(1)
            }
        };
        if let Some(reviewer) = reviewers.iter().filter(by_wxname).nth(WXNAMES_MAX / each) {
            let message =
                format!("`{}` has more than {WXNAMES_MAX} previews by WeChat ID", *send.name);
            self.add(
                Diagnostic::error(&codes::TOO_MANY_PREVIEWS, message)
                    .at(reviewer.place.clone(), "one too many")
                    .help("an account may send 100 such previews a day, for all its sends; each picture and each caption is one"),
            );
        }
    }

    fn text(&mut self, text: &Spanned<String>) {
        let (chars, bytes) = (text.chars().count(), text.len());
        if (chars > TEXT_CHARS_SAFE || bytes > TEXT_BYTES_SAFE) && !is_template(text) {
            let message = format!("a text of {chars} characters ({bytes} bytes) may be refused");
            self.add(
                Diagnostic::warning(&codes::LONG_TEXT, message)
                    .at(text.place.clone(), "begins here")
                    .help("stay below 600 characters and 2,048 bytes, or make it an article"),
            );
        }
    }

    fn window(&mut self, send: &Send) {
        let account = &self.campaign.account;
        let Some(max_s) = account.policy.max_window_s else { return };
        if account.appid.is_sandbox() {
            return;
        }
        let window = &send.window;
        let too_long = window.from.is_none_or(|from| {
            window.until.duration_since(from).as_secs() > i64::try_from(max_s).unwrap_or(i64::MAX)
        });
        if too_long {
            let hours = max_s / 3600;
            let message =
                format!("the window is longer than `{}` allows ({hours} hours)", *account.name);
            self.add(
                Diagnostic::error(&codes::LONG_WINDOW, message)
                    .at(window.place.clone(), "too long, or without `from`")
                    .help("bring `from` and `until` closer together"),
            );
        }
    }

    /// Looks at `after` and `again` inside of this campaign.
    fn order(&mut self) {
        let campaign = self.campaign;
        let known: Vec<&str> = campaign.sends.iter().map(|send| send.name.as_str()).collect();
        let mut after = vec![Vec::new(); campaign.sends.len()];
        for (n, send) in campaign.sends.iter().enumerate() {
            for entry in &send.after {
                if is_retraction(&entry.send) {
                    continue;
                }
                let Some(name) = own_send(campaign, &entry.send) else { continue };
                match known.iter().position(|known| *known == name) {
                    Some(before) => after[n].push(before),
                    None if entry.send.contains('/') => {
                        self.problems.push(unknown_send(&entry.send, &known));
                    }
                    None => {} // noted where it was read
                }
            }
        }
        for circle in cycles(&after) {
            let sends: Vec<&Send> = circle.iter().map(|&n| &campaign.sends[n]).collect();
            let names: Vec<String> = sends.iter().map(|send| send.name.to_string()).collect();
            let places: Vec<&Place> = sends.iter().map(|send| &send.name.place).collect();
            self.problems.push(circle_problem(&names, &places));
        }
    }
}

/// The name of a send of the same campaign that `text` means, if it means one.
fn own_send(campaign: &Campaign, text: &str) -> Option<String> {
    if !text.contains('/') {
        return Some(text.to_owned());
    }
    let address: SendAddress = text.parse().ok()?;
    let edition = campaign.edition.as_ref().map(|edition| &edition.value);
    let own = address.campaign == campaign.name.value && address.edition.as_ref() == edition;
    own.then(|| address.send.to_string())
}

/// Says that an address leads to a campaign without such a send.
pub(super) fn unknown_send(address: &Spanned<String>, known: &[&str]) -> Diagnostic {
    let send = address.rsplit('/').next().unwrap_or_default();
    Diagnostic::error(&codes::UNKNOWN_SEND, format!("there is no send `{}`", **address))
        .at(address.place.clone(), "unknown send")
        .help(names::help(send, "sends of that campaign", known))
}

/// Says that sends wait for one another.
pub(super) fn circle_problem(names: &[String], places: &[&Place]) -> Diagnostic {
    let path: Vec<String> =
        names.iter().chain(names.first()).map(|name| format!("`{name}`")).collect();
    let message = format!("sends wait for one another: {}", path.join(" after "));
    let mut problem = Diagnostic::error(&codes::CYCLE, message)
        .help("take one of the `after` out, so that one of them can be first");
    for (n, place) in places.iter().enumerate() {
        let place = (*place).clone();
        problem =
            if n == 0 { problem.at(place, "waits") } else { problem.also(place, "waits too") };
    }
    problem
}
