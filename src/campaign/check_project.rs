//! What can be judged only over all campaigns of a project.

use std::collections::BTreeMap;

use crate::diagnostic::{Diagnostic, Spanned};
use crate::terms::{CampaignName, Edition, SendAddress};

use super::check::{circle_problem, unknown_send};
use super::codes;
use super::cycle::cycles;
use super::model::{Campaign, Send};
use super::names;
use super::retractions::is_retraction;

/// Finds what is wrong between campaigns: `campaigns` are all those of one project.
///
/// Campaign and edition are unique; `after` and `again` lead to sends that exist, on the same
/// account; and no circle of `after` runs through several campaigns. A campaign that is not among
/// the files may still be in the history, so `again` may name it, and `after` gives a warning.
pub fn check_project(campaigns: &[Campaign]) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    let mut index: BTreeMap<Key<'_>, &Campaign> = BTreeMap::new();
    for campaign in campaigns {
        match index.get(&key(campaign)) {
            Some(first) => problems.push(same(first, campaign)),
            None => {
                index.insert(key(campaign), campaign);
            }
        }
    }
    series(campaigns, &mut problems);
    for campaign in campaigns {
        for send in &campaign.sends {
            let again = send.again.iter().map(|address| (address, Reference::Again));
            let after = send.after.iter().map(|after| (&after.send, Reference::After));
            for (address, reference) in after.chain(again) {
                problems.extend(lead(campaign, address, reference, &index));
            }
            for after in send.after.iter().filter(|after| is_retraction(&after.send)) {
                problems.extend(lead_to_retraction(campaign, &after.send, &index));
            }
        }
    }
    for campaign in campaigns {
        let sends = campaign.retractions.iter().map(|retraction| &retraction.send);
        // A send that went out may have left the files.
        problems.extend(sends.filter_map(|send| lead(campaign, send, Reference::Again, &index)));
    }
    circles(&index, &mut problems);
    problems
}

type Key<'a> = (&'a CampaignName, Option<&'a Edition>);

/// Which key an address stands under.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reference {
    After,
    Again,
}

fn key(campaign: &Campaign) -> Key<'_> {
    (&campaign.name.value, campaign.edition.as_ref().map(|edition| &edition.value))
}

fn same(first: &Campaign, second: &Campaign) -> Diagnostic {
    let name = match &second.edition {
        Some(edition) => format!("{}@{}", *second.name, **edition),
        None => second.name.to_string(),
    };
    let place = |campaign: &Campaign| match &campaign.edition {
        Some(edition) => edition.place.clone(),
        None => campaign.name.place.clone(),
    };
    Diagnostic::error(&codes::SAME_CAMPAIGN, format!("there are two campaigns `{name}`"))
        .at(place(second), "again here")
        .also(place(first), "first here")
        .help("give one of them another name, or each an `edition` of its own")
}

/// Notes campaigns without an edition whose name others share.
fn series(campaigns: &[Campaign], problems: &mut Vec<Diagnostic>) {
    for campaign in campaigns.iter().filter(|campaign| campaign.edition.is_none()) {
        let with = campaigns
            .iter()
            .find(|other| other.edition.is_some() && other.name.value == campaign.name.value);
        if let Some(other) = with {
            let message =
                format!("other folders share the name `{}`, with an edition each", *campaign.name);
            problems.push(
                Diagnostic::error(&codes::SERIES, message)
                    .at(campaign.name.place.clone(), "no edition")
                    .also(other.name.place.clone(), "one of the others")
                    .help("write an `edition`, or give this campaign another name"),
            );
        }
    }
}

/// Judges where an address of another campaign leads.
fn lead(
    campaign: &Campaign,
    text: &Spanned<String>,
    reference: Reference,
    index: &BTreeMap<Key<'_>, &Campaign>,
) -> Option<Diagnostic> {
    let address: SendAddress = text.parse().ok()?;
    let wanted = (&address.campaign, address.edition.as_ref());
    if wanted == key(campaign) {
        return None; // judged with the campaign itself
    }
    let Some(other) = index.get(&wanted) else {
        return (reference == Reference::After).then(|| {
            let known: Vec<&str> = index.keys().map(|(name, _)| name.as_str()).collect();
            let help = format!(
                "it is looked up in the history; {}",
                names::help(address.campaign.as_str(), "campaigns", &known)
            );
            let message = format!("no campaign among the files has the send `{}`", **text);
            Diagnostic::warning(&codes::UNKNOWN_SEND, message).at(text.place.clone(), "").help(help)
        });
    };
    if other.account.appid != campaign.account.appid {
        let message = format!("`{}` goes out on another account, {}", **text, other.account.appid);
        return Some(
            Diagnostic::error(&codes::OTHER_ACCOUNT, message)
                .at(text.place.clone(), "another account")
                .help("only sends of the same account can be named here"),
        );
    }
    let known: Vec<&str> = other.sends.iter().map(|send| send.name.as_str()).collect();
    let exists = known.contains(&address.send.as_str());
    // A send that went out may have left the files, and `again` may still mean it.
    (!exists && reference == Reference::After).then(|| unknown_send(text, &known))
}

/// Judges where the address of another campaign's retraction leads.
fn lead_to_retraction(
    campaign: &Campaign,
    text: &Spanned<String>,
    index: &BTreeMap<Key<'_>, &Campaign>,
) -> Option<Diagnostic> {
    let address = campaign.retraction_address(text)?;
    // A campaign that is not among the files cannot be asked: the plan says so.
    let other = index.get(&(&address.campaign, address.edition.as_ref()))?;
    if other.account.appid != campaign.account.appid {
        let message = format!("`{}` is of another account, {}", **text, other.account.appid);
        return Some(
            Diagnostic::error(&codes::OTHER_ACCOUNT, message)
                .at(text.place.clone(), "another account")
                .help("only retractions of the same account can be named here"),
        );
    }
    let known: Vec<&str> = other.retractions.iter().map(|known| known.name.as_str()).collect();
    let is_own = std::ptr::eq(*other, campaign) && text.starts_with("retract/");
    // A bare name of this campaign was judged where it was read.
    (!is_own && !known.contains(&address.name.as_str())).then(|| {
        Diagnostic::error(&codes::UNKNOWN_RETRACTION, format!("there is no `{}`", **text))
            .at(text.place.clone(), "unknown retraction")
            .help(names::help(address.name.as_str(), "retractions of that campaign", &known))
    })
}

/// Notes circles that run through more than one campaign.
fn circles(index: &BTreeMap<Key<'_>, &Campaign>, problems: &mut Vec<Diagnostic>) {
    let mut numbers = BTreeMap::new();
    let mut sends: Vec<(&Campaign, &Send)> = Vec::new();
    for campaign in index.values() {
        for send in &campaign.sends {
            numbers.insert((key(campaign), send.name.as_str()), sends.len());
            sends.push((campaign, send));
        }
    }
    let number = |campaign: &Campaign, text: &str| match text.parse::<SendAddress>() {
        Ok(to) => numbers.get(&((&to.campaign, to.edition.as_ref()), to.send.as_str())).copied(),
        Err(_) => numbers.get(&(key(campaign), text)).copied(),
    };
    let after: Vec<Vec<usize>> = sends
        .iter()
        .map(|(campaign, send)| {
            send.after.iter().filter_map(|after| number(campaign, &after.send)).collect()
        })
        .collect();
    for circle in cycles(&after) {
        let here: Vec<&(&Campaign, &Send)> = circle.iter().map(|&n| &sends[n]).collect();
        if here.iter().all(|(campaign, _)| key(campaign) == key(here[0].0)) {
            continue; // noted with the campaign itself
        }
        let names: Vec<String> =
            here.iter().map(|(campaign, send)| address(campaign, send)).collect();
        let places: Vec<_> = here.iter().map(|(_, send)| &send.name.place).collect();
        problems.push(circle_problem(&names, &places));
    }
}

fn address(campaign: &Campaign, send: &Send) -> String {
    let (campaign, edition) = key(campaign);
    let (campaign, edition, send) = (campaign.clone(), edition.cloned(), send.name.value.clone());
    SendAddress { campaign, edition, send, part: 0 }.to_string()
}
