//! Retractions, resolved. Nothing of them is a template, so that they are known without rendering: a
//! campaign that is not planned may withhold a send of one that is.

use crate::campaign::Campaign;
use crate::terms::{RetractionAddress, SendAddress, SendName};

use super::desired::DesiredRetraction;

/// The retractions that a campaign declares, in the order of the file; without those whose send's
/// name was noted as wrong.
pub fn retractions(campaign: &Campaign) -> Vec<DesiredRetraction> {
    let edition = || campaign.edition.as_ref().map(|edition| edition.value.clone());
    let send = |text: &str| match SendName::new(text) {
        Ok(send) => {
            let campaign = campaign.name.value.clone();
            Some(SendAddress { campaign, edition: edition(), send, part: 0 })
        }
        Err(_) => text.parse().ok().map(|address: SendAddress| address.whole()),
    };
    let resolved = campaign.retractions.iter().filter_map(|retraction| {
        let name = retraction.name.value.clone();
        Some(DesiredRetraction {
            address: RetractionAddress {
                campaign: campaign.name.value.clone(),
                edition: edition(),
                name,
            },
            send: send(&retraction.send)?,
            articles: retraction.articles.value.clone(),
            reason: retraction.reason.value.clone(),
        })
    });
    resolved.collect()
}
