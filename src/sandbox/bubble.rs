//! What a send looks like in a follower's chat.

use serde::{Deserialize, Serialize};

use super::{account::Account, content::Ready};

/// One thing in a chat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Bubble {
    /// An article's title, and the name of its cover's file.
    Article {
        title: String,
        cover: String,
    },
    Text(String),
    /// The name of a picture's file.
    Picture(String),
    /// The name of a voice's file, and how long it lasts.
    Voice {
        name: String,
        seconds: u32,
    },
    /// A video's title.
    Video(String),
    /// A card's id.
    Card(String),
}

/// Shows content as it arrives. Files go by their names, which are looked up now: later they may be
/// deleted.
pub(super) fn of(account: &Account, ready: &Ready) -> Vec<Bubble> {
    match ready {
        Ready::News { articles, .. } => articles
            .iter()
            .map(|article| Bubble::Article {
                title: article.title.clone(),
                cover: name(account, &article.thumb_media_id),
            })
            .collect(),
        Ready::Text(text) => vec![Bubble::Text(text.clone())],
        Ready::Pictures { media_ids, .. } => {
            let caption = ready.titles().swap_remove(0);
            let pictures = media_ids.iter().map(|id| Bubble::Picture(name(account, id)));
            pictures.chain([Bubble::Text(caption)]).collect()
        }
        Ready::Voice { media_id, seconds } => {
            vec![Bubble::Voice { name: name(account, media_id), seconds: *seconds }]
        }
        Ready::Video { title, .. } => vec![Bubble::Video(title.clone())],
        Ready::Card(card_id) => vec![Bubble::Card(card_id.clone())],
    }
}

/// The name of a file; its id for one that has none.
fn name(account: &Account, media_id: &str) -> String {
    let state = &account.state;
    let file = state.materials.get(media_id).or_else(|| state.temporary.get(media_id));
    let name = file.map(|file| file.name.clone()).filter(|name| !name.is_empty());
    name.unwrap_or_else(|| media_id.to_owned())
}
