//! What should be true of one campaign: rendered, found and fingerprinted, with nothing looked up.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use crate::campaign::{AfterOutcome, Expect, Formula, PartFacts, Window};
use crate::diagnostic::Place;
use crate::terms::{
    AppId, CampaignName, CardId, Comments, Edition, Fingerprint, ImageUrl, OnReprint,
    RetractedArticles, RetractionAddress, Reviewer, SendAddress,
};

use super::article::Body;
use super::medium::{Medium, Video, VoiceFile};

/// One campaign, ready to be planned.
#[derive(Debug, Clone)]
pub struct Desired {
    /// The account.
    pub appid: AppId,
    /// The campaign's name.
    pub campaign: CampaignName,
    /// Which issue of a series it is.
    pub edition: Option<Edition>,
    /// The sends, in the order of the file.
    pub sends: Vec<DesiredSend>,
    /// The retractions, in the order of the file.
    pub retractions: Vec<DesiredRetraction>,
    /// Every picture that a send needs, in articles, as covers and by itself, by its bytes.
    pub images: BTreeMap<Fingerprint, ImageFile>,
}

/// One intended mass send (群发).
#[derive(Debug, Clone)]
pub struct DesiredSend {
    /// Its address, with part 0.
    pub address: SendAddress,
    /// Where it is written.
    pub place: Place,
    /// What is sent.
    pub content: Content,
    /// Whom it is for.
    pub audience: DesiredAudience,
    /// The target's name.
    pub target: String,
    /// How many people there must be.
    pub expect: Option<Expect>,
    /// Who gets a preview first.
    pub reviewers: Vec<Reviewer>,
    /// What the file says of approvals: a number, or nothing.
    pub approvals: Option<u32>,
    /// When it may go out.
    pub window: Window,
    /// What to do about a reprint.
    pub on_reprint: OnReprint,
    /// What must have happened before.
    pub after: Vec<DesiredAfter>,
    /// Retractions that must be done before.
    pub after_retractions: Vec<RetractionAddress>,
    /// Closes the send without sending, with the reason.
    pub skip: Option<String>,
    /// The address of an equal send: the repeat is meant.
    pub again: Option<SendAddress>,
}

/// One intended retraction (删除群发).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DesiredRetraction {
    /// Its address.
    pub address: RetractionAddress,
    /// The send, with part 0.
    pub send: SendAddress,
    /// What of it.
    pub articles: RetractedArticles,
    /// Why.
    pub reason: String,
}

/// Another send, and what it must have come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DesiredAfter {
    /// The other send, with part 0.
    pub send: SendAddress,
    /// What it must have come to.
    pub outcome: AfterOutcome,
}

/// What a send sends.
#[derive(Debug, Clone)]
pub enum Content {
    /// 图文消息: 1 to 8 articles in one draft.
    News(Vec<Arc<Article>>),
    /// 文本消息.
    Text(String),
    /// 图片消息: 1 to 20 pictures, permanent materials, shown together.
    Images(Images),
    /// 语音消息: a permanent material.
    Voice(Medium<VoiceFile>),
    /// 视频消息.
    Video(Video),
    /// 卡券.
    Card(CardId),
}

/// Pictures that are sent by themselves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Images {
    /// In their order.
    pub pictures: Vec<Medium<ImageFile>>,
    /// What stands beside them (推荐语); WeChat writes 分享图片 when there is none.
    pub caption: Option<String>,
    /// Who may comment.
    pub comments: Comments,
}

impl Images {
    fn fingerprint(&self) -> Fingerprint {
        let caption = self.caption.as_deref();
        let words = [if caption.is_some() { "caption" } else { "" }, caption.unwrap_or_default()];
        let identity = |picture: &Medium<ImageFile>| picture.identity(|file| file.fingerprint);
        let pictures: Vec<Fingerprint> = self.pictures.iter().map(identity).collect();
        let pictures = pictures.iter().map(|picture| picture.as_bytes() as &[u8]);
        let head = [b"images/v1" as &[u8], comments_word(self.comments).as_bytes()];
        let words = words.iter().map(|word| word.as_bytes());
        Fingerprint::of_parts(head.into_iter().chain(words).chain(pictures))
    }
}

fn comments_word(comments: Comments) -> &'static str {
    match comments {
        Comments::Closed => "closed",
        Comments::Everyone => "everyone",
        Comments::Followers => "followers",
    }
}

impl Content {
    /// The content's identity: media count by their bytes, never by a URL or a media id; only what
    /// the files name by its id has no other identity.
    pub fn fingerprint(&self) -> Fingerprint {
        match self {
            Self::News(articles) => {
                let each: Vec<Fingerprint> = articles.iter().map(|a| a.fingerprint()).collect();
                let parts = each.iter().map(|f| f.as_bytes() as &[u8]);
                Fingerprint::of_parts(std::iter::once(b"news/v1" as &[u8]).chain(parts))
            }
            Self::Text(text) => Fingerprint::of_parts([b"text/v1" as &[u8], text.as_bytes()]),
            Self::Images(images) => images.fingerprint(),
            Self::Voice(voice) => {
                let voice = voice.identity(|file| file.fingerprint);
                Fingerprint::of_parts([b"voice/v1" as &[u8], voice.as_bytes()])
            }
            Self::Video(video) => video.fingerprint(),
            Self::Card(card) => {
                Fingerprint::of_parts([b"card/v1" as &[u8], card.as_str().as_bytes()])
            }
        }
    }
}

/// One article, rendered: everything but the addresses that its pictures will have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Article {
    /// Its name in the file.
    pub name: String,
    /// At most 32 characters.
    pub title: String,
    /// At most 16 characters, perhaps empty.
    pub author: String,
    /// At most 120 characters, perhaps empty.
    pub digest: String,
    /// The cover, a permanent image material: of its bytes, or its id.
    pub cover: Medium<Fingerprint>,
    /// 阅读原文, perhaps empty.
    pub source_url: String,
    /// Who may comment.
    pub comments: Comments,
    /// The body.
    pub body: Body,
}

impl Article {
    /// The body as WeChat gets it, every picture at the address it was uploaded to.
    ///
    /// # Panics
    ///
    /// When a picture of [`Self::images`] is missing in `urls`: the plan uploads them all first.
    pub fn html(&self, urls: &BTreeMap<Fingerprint, ImageUrl>) -> String {
        self.body.html(urls)
    }

    /// The pictures in the body, in the order of their first use.
    pub fn images(&self) -> Vec<Fingerprint> {
        self.body.images()
    }

    /// The article's identity: every field, pictures by their bytes.
    pub fn fingerprint(&self) -> Fingerprint {
        let comments = comments_word(self.comments);
        let cover = self.cover.identity(|cover| *cover);
        let body = self.body.fingerprint();
        let fields: [&[u8]; 8] = [
            b"article/v1",
            self.title.as_bytes(),
            self.author.as_bytes(),
            self.digest.as_bytes(),
            cover.as_bytes(),
            self.source_url.as_bytes(),
            comments.as_bytes(),
            body.as_bytes(),
        ];
        Fingerprint::of_parts(fields)
    }
}

/// Whom a send is for, before tags are looked up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DesiredAudience {
    /// Every follower.
    Everyone,
    /// The followers with this tag (标签), by its name.
    Tag(String),
    /// A list of followers.
    OpenIds(OpenIdList),
}

/// A list of openids from a file: checked, without repetitions, cut into parts. It holds nobody: the
/// people of a part are read again just before they are sent to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenIdList {
    /// The file, as a person knows it.
    pub file: String,
    /// Over the openids in order, after repetitions are gone.
    pub fingerprint: Fingerprint,
    /// Each of 2 to 10,000 openids.
    pub parts: Vec<PartFacts>,
    /// How to read them again.
    pub formula: Arc<Formula>,
}

impl OpenIdList {
    /// How many people.
    pub fn count(&self) -> u64 {
        self.parts.iter().map(|part| u64::from(part.count)).sum()
    }
}

/// A picture on disk, as it was when the campaign was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImageFile {
    /// Of its bytes.
    pub fingerprint: Fingerprint,
    /// Where to read it again: relative to where the program was started.
    pub path: PathBuf,
    /// How the campaign names it, such as `images/cover.jpg`.
    pub name: String,
    /// Its size.
    pub bytes: u64,
    /// jpg or png, by its content.
    pub format: ImageFormat,
}

/// What a picture is, judged by its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ImageFormat {
    /// JPEG.
    Jpeg,
    /// PNG.
    Png,
    /// GIF: a material, never in a body.
    Gif,
    /// BMP: likewise.
    Bmp,
}

impl ImageFormat {
    /// The ending that an upload's file name has: ASCII and right, or WeChat answers 41005.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::Gif => "gif",
            Self::Bmp => "bmp",
        }
    }
}
