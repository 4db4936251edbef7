//! Targets that are lists: what each comes to in files, and what is wrong with it.

use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Place, Spanned};
use crate::terms::{AccountKind, Lots};

use super::bundle::{Bundle, Entry, ReadOnce};
use super::check::Check;
use super::codes;
use super::cycle::cycles;
use super::model::{AudienceText, Campaign, ListText, Target};
use super::names;
use super::openids::{Formula, ListFile, Unread};

/// So many lists one list may reach over `except`, each counted as often as it is reached.
const LISTS_MAX: usize = 32;

/// Resolves a target that is a list to its files. Nothing when a file is missing, a name unknown or
/// the lists go round in a circle: [`check`](fn@super::check) says that.
pub fn formula(campaign: &Campaign, bundle: &Bundle, target: &Target) -> Option<Formula> {
    resolve(campaign, bundle, target, &mut 0)
}

fn resolve(
    campaign: &Campaign,
    bundle: &Bundle,
    target: &Target,
    reached: &mut usize,
) -> Option<Formula> {
    *reached += 1; // a circle reaches any number
    let AudienceText::OpenIds(list) = &target.audience.value else { return None };
    let Some(Entry::List(file)) = bundle.entry(&list.file) else { return None };
    if *reached > LISTS_MAX {
        return None;
    }
    let mut formula = Formula::of(file.clone(), list.column.as_deref());
    for name in &list.except {
        let other = named(scope(campaign, target), name)?;
        formula.except.push((name.value.clone(), resolve(campaign, bundle, other, reached)?));
    }
    let lots = || Lots::new(&campaign.account.appid, &campaign.name.value);
    formula.slice = list.slice.as_ref().map(|slice| (slice.value, lots()));
    Some(formula)
}

/// The targets that a target may name: one of the account's means its neighbours there, whatever a
/// campaign calls its own.
fn scope<'c>(campaign: &'c Campaign, target: &Target) -> &'c [Target] {
    let is_here = |other: &Target| other.name.place == target.name.place;
    let is_of_account = campaign.account.targets.iter().any(is_here);
    if is_of_account { &campaign.account.targets } else { &campaign.targets }
}

fn named<'t>(targets: &'t [Target], name: &str) -> Option<&'t Target> {
    targets.iter().find(|target| target.name.value == name)
}

impl Check<'_> {
    /// Checks every target that is a list, those of the account that a campaign hides too: lists that
    /// are left may take them away.
    pub(super) fn lists(&mut self) {
        let campaign = self.campaign;
        let hidden = campaign.account.targets.iter().filter(|target| {
            !campaign.targets.iter().any(|other| other.name.place == target.name.place)
        });
        let targets: Vec<&Target> = campaign.targets.iter().chain(hidden).collect();
        for target in &targets {
            if let AudienceText::OpenIds(list) = &target.audience.value {
                self.list(target, list);
            }
        }
        self.circles(&targets);
    }

    fn list(&mut self, target: &Target, list: &ListText) {
        let (account, place) = (&self.campaign.account, &target.audience.place);
        if account.kind == AccountKind::Subscription {
            let message =
                format!("`{}` is a subscription account, and sends to no list", *account.name);
            self.add(
                Diagnostic::error(&codes::LIST_ON_SUBSCRIPTION, message)
                    .at(place.clone(), "only for service accounts")
                    .help("use a tag, or `everyone: true`"),
            );
        }
        let before = self.problems.len();
        self.names_of_lists(target, list);
        let Some(file) = self.list_file(list, place) else { return };
        let formula = match formula(self.campaign, self.bundle, target) {
            Some(formula) => formula,
            // What it takes away cannot be read: its own lines can.
            None if self.problems.len() > before || !list.except.is_empty() => {
                Formula::of(file, list.column.as_deref())
            }
            None => return,
        };
        match &*self.read(&formula, list) {
            Ok((read, problems)) => {
                // Whoever is only taken away from others may be few, or nobody yet.
                let may_be_few = self.is_only_taken_away(target);
                let told = problems
                    .iter()
                    .filter(|problem| !(may_be_few && problem.code.id == codes::TOO_FEW.id));
                self.problems.extend(told.cloned());
                self.as_written(list, read.sha256.as_deref(), read.in_file);
            }
            Err(unread) => {
                let problem = problem_of(unread, &formula, list, place);
                if !self.problems.contains(&problem) {
                    self.add(problem);
                }
            }
        }
    }

    /// Whether a list is in the `except` of another, and nothing is sent to it.
    fn is_only_taken_away(&self, target: &Target) -> bool {
        let campaign = self.campaign;
        let name = &target.name.value;
        let others = campaign.targets.iter().chain(&campaign.account.targets);
        let mut lists = others.filter_map(|other| match &other.audience.value {
            AudienceText::OpenIds(list) => Some(list),
            AudienceText::Tag(_) | AudienceText::Everyone => None,
        });
        lists.any(|list| list.except.iter().any(|taken| taken.value == *name))
            && !campaign.sends.iter().any(|send| send.to.value == *name)
    }

    fn read(&self, formula: &Formula, list: &ListText) -> Arc<ReadOnce> {
        self.bundle.list(formula, list.digest())
    }

    fn list_file(&mut self, list: &ListText, place: &Place) -> Option<ListFile> {
        if let (None, Some(sha256)) = (self.bundle.entry(&list.file), &list.sha256) {
            let path = self.bundle.path_of(&list.file);
            let message = format!("there is no file `{}`", list.file);
            let help = format!(
                "it may stay out of git: put the file whose SHA-256 is {} at {}",
                **sha256,
                path.display()
            );
            self.add(
                Diagnostic::error(&codes::NO_FILE, message)
                    .at(place.clone(), "not found")
                    .help(help),
            );
            return None;
        }
        match self.file(&list.file, place)? {
            Entry::List(file) => Some(file.clone()),
            Entry::Text(_) | Entry::Media(_) | Entry::Refused(_) => {
                let message = format!("`{}` is no list of openids", list.file);
                self.add(
                    Diagnostic::error(&codes::LIST_FORMAT, message)
                        .at(place.clone(), "neither .txt nor .csv")
                        .help("save it as text with one openid a line, or as CSV with a header"),
                );
                None
            }
        }
    }

    /// Compares a file with what is written of it.
    fn as_written(&mut self, list: &ListText, sha256: Option<&str>, in_file: u64) {
        if let (Some(written), Some(found)) = (&list.sha256, sha256)
            && written.as_str() != found
        {
            let message = format!("`{}` has the SHA-256 {found}", list.file);
            self.add(
                Diagnostic::error(&codes::LIST_DIGEST, message)
                    .at(written.place.clone(), "another one is written")
                    .help("put the file back that was meant, or write this one's digest once it is reviewed"),
            );
        }
        if let Some(written) = &list.count
            && written.value != in_file
        {
            let message = format!(
                "`{}` has {in_file} openids, each counted once, and {} is written",
                list.file, **written
            );
            self.add(
                Diagnostic::error(&codes::LIST_COUNT, message)
                    .at(written.place.clone(), "not so many")
                    .help("put the file back that was meant, or write the other number"),
            );
        }
    }

    /// Looks at whom a list takes away.
    fn names_of_lists(&mut self, target: &Target, list: &ListText) {
        let targets = scope(self.campaign, target);
        for name in &list.except {
            let problem = match named(targets, name).map(|other| &other.audience.value) {
                Some(AudienceText::OpenIds(_)) => continue,
                Some(AudienceText::Tag(_) | AudienceText::Everyone) => {
                    let message = format!(
                        "`{}` is no list, and only lists can be taken away from a list",
                        **name
                    );
                    Diagnostic::error(&codes::NO_LIST, message)
                        .at(name.place.clone(), "no list")
                        .help("name a target that has `openids`")
                }
                None => unknown_list(name, targets),
            };
            self.add(problem);
        }
    }

    fn circles(&mut self, targets: &[&Target]) {
        let campaign = self.campaign;
        let position = |wanted: &Target| {
            targets.iter().position(|target| target.name.place == wanted.name.place)
        };
        let takes = |target: &&Target| match &target.audience.value {
            AudienceText::OpenIds(list) => {
                let scope = scope(campaign, target);
                list.except.iter().filter_map(|name| position(named(scope, name)?)).collect()
            }
            AudienceText::Tag(_) | AudienceText::Everyone => Vec::new(),
        };
        let takes: Vec<Vec<usize>> = targets.iter().map(takes).collect();
        let circles = cycles(&takes);
        for circle in &circles {
            let names: Vec<String> = circle
                .iter()
                .chain(circle.first())
                .map(|&n| format!("`{}`", *targets[n].name))
                .collect();
            let message = format!("lists take one another away: {}", names.join(" without "));
            let mut problem = Diagnostic::error(&codes::EXCEPT_CYCLE, message)
                .help("take one of the names out of an `except`");
            for (n, &at) in circle.iter().enumerate() {
                let place = targets[at].name.place.clone();
                problem = match n {
                    0 => problem.at(place, "takes the next away"),
                    _ => problem.also(place, "and this one too"),
                };
            }
            self.add(problem);
        }
        if circles.is_empty() {
            for target in targets {
                self.reaches_too_many(target);
            }
        }
    }

    fn reaches_too_many(&mut self, target: &Target) {
        fn reached(campaign: &Campaign, target: &Target, count: &mut usize) {
            *count += 1;
            let AudienceText::OpenIds(list) = &target.audience.value else { return };
            let others = list.except.iter().filter_map(|name| named(scope(campaign, target), name));
            for other in others {
                if *count <= LISTS_MAX {
                    reached(campaign, other, count);
                }
            }
        }
        let mut count = 0;
        reached(self.campaign, target, &mut count);
        if count > LISTS_MAX {
            let message = format!("`{}` reaches more than {LISTS_MAX} lists", *target.name);
            self.add(
                Diagnostic::error(&codes::EXCEPT_CYCLE, message)
                    .at(target.name.place.clone(), "over `except`, and theirs")
                    .help("make one file of what is taken away, and take that away"),
            );
        }
    }
}

/// Says why a list is not read.
fn problem_of(unread: &Unread, formula: &Formula, list: &ListText, place: &Place) -> Diagnostic {
    match &unread.why {
        Ok(problem) => (**problem).clone(),
        Err(why) => {
            let is_own = unread.file == formula.file;
            let name = if is_own { list.file.clone() } else { unread.file.name() };
            Diagnostic::error(&codes::REFUSED_FILE, format!("`{name}` {why}"))
                .at(place.clone(), "not read")
        }
    }
}

fn unknown_list(name: &Spanned<String>, targets: &[Target]) -> Diagnostic {
    let lists = targets.iter().filter(|other| match other.audience.value {
        AudienceText::OpenIds(_) => true,
        AudienceText::Tag(_) | AudienceText::Everyone => false,
    });
    let known: Vec<&str> = lists.map(|other| other.name.as_str()).collect();
    Diagnostic::error(&codes::UNKNOWN_TARGET, format!("there is no target `{}`", **name))
        .at(name.place.clone(), "unknown target")
        .help(names::help(name, "lists", &known))
}
