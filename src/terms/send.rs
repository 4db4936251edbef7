//! Where a send stands, and the request that makes it.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::hash::Effect;
use super::name::{AppId, BadTerm, CampaignName, Edition, RetractionName, SendName};

/// Where a send stands in the files: `spring-2026/sends/launch`, `weekly@2026-w48/sends/issue#2`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct SendAddress {
    /// The campaign that the send is written in.
    pub campaign: CampaignName,
    /// The campaign's edition, if it is one of a series.
    pub edition: Option<Edition>,
    /// The send's name.
    pub send: SendName,
    /// 0, or the number of a batch of openids from 1.
    pub part: u32,
}

impl SendAddress {
    /// The identity of this send on an account.
    pub fn effect(&self, appid: &AppId) -> Effect {
        Effect::of_send(appid, &self.campaign, &self.send, self.edition.as_ref(), self.part)
    }

    /// The same send without its part.
    #[must_use]
    pub fn whole(&self) -> Self {
        Self { part: 0, ..self.clone() }
    }
}

impl fmt::Display for SendAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_campaign(f, &self.campaign, self.edition.as_ref())?;
        write!(f, "/sends/{}", self.send)?;
        if self.part > 0 {
            write!(f, "#{}", self.part)?;
        }
        Ok(())
    }
}

impl std::str::FromStr for SendAddress {
    type Err = BadTerm;

    fn from_str(text: &str) -> Result<Self, BadTerm> {
        let bad =
            || BadTerm::new(text, "the address of a send (CAMPAIGN[@EDITION]/sends/SEND[#PART])");
        let (head, tail) = text.split_once("/sends/").ok_or_else(bad)?;
        let (campaign, edition) = campaign_and_edition(head)?;
        let (send, part) = match tail.split_once('#') {
            Some((send, part)) => (send, part.parse().map_err(|_| bad())?),
            None => (tail, 0),
        };
        Ok(Self { campaign, edition, send: SendName::new(send)?, part })
    }
}

/// Where a retraction (删除群发) stands in the files: `corrections/retract/wrong-price`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RetractionAddress {
    /// The campaign that it is written in, which need not be the campaign of the send.
    pub campaign: CampaignName,
    /// That campaign's edition, if it is one of a series.
    pub edition: Option<Edition>,
    /// The retraction's name.
    pub name: RetractionName,
}

impl fmt::Display for RetractionAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_campaign(f, &self.campaign, self.edition.as_ref())?;
        write!(f, "/retract/{}", self.name)
    }
}

impl std::str::FromStr for RetractionAddress {
    type Err = BadTerm;

    fn from_str(text: &str) -> Result<Self, BadTerm> {
        let expected = "the address of a retraction (CAMPAIGN[@EDITION]/retract/NAME)";
        let (head, name) =
            text.split_once("/retract/").ok_or_else(|| BadTerm::new(text, expected))?;
        let (campaign, edition) = campaign_and_edition(head)?;
        Ok(Self { campaign, edition, name: RetractionName::new(name)? })
    }
}

fn write_campaign(
    f: &mut fmt::Formatter<'_>,
    campaign: &CampaignName,
    edition: Option<&Edition>,
) -> fmt::Result {
    match edition {
        Some(edition) => write!(f, "{campaign}@{edition}"),
        None => write!(f, "{campaign}"),
    }
}

fn campaign_and_edition(head: &str) -> Result<(CampaignName, Option<Edition>), BadTerm> {
    Ok(match head.split_once('@') {
        Some((campaign, edition)) => (CampaignName::new(campaign)?, Some(Edition::new(edition)?)),
        None => (CampaignName::new(head)?, None),
    })
}

/// What of a send's articles a retraction takes back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RetractedArticles {
    /// All of them; the video, of a video message.
    All,
    /// Some, by the names that they had in the files when they were sent; at least one.
    Named(Vec<String>),
}

/// A mass send request as it is written in the history, and repeated to the letter (R2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordedRequest {
    /// Which of the two calls it is.
    pub endpoint: MassEndpoint,
    /// The JSON body: raw UTF-8, with its `clientmsgid`.
    pub body: String,
}

/// The two calls that make a mass send job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MassEndpoint {
    /// `message/mass/sendall`: everyone, or a tag.
    SendAll,
    /// `message/mass/send`: a list of 2 to 10,000 openids.
    Send,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_read_back_as_they_are_written() {
        for text in ["spring-2026/sends/launch", "weekly@2026-w48/sends/issue#2"] {
            assert_eq!(text.parse::<SendAddress>().unwrap().to_string(), text);
        }
        for text in ["fixes/retract/wrong-price", "weekly@2026-w48/retract/calendar"] {
            assert_eq!(text.parse::<RetractionAddress>().unwrap().to_string(), text);
        }
        assert!("fixes/retract/价格".parse::<RetractionAddress>().is_err());
        assert!("spring-2026/launch".parse::<SendAddress>().is_err());
        assert!("Spring/sends/launch".parse::<SendAddress>().is_err());
    }
}
