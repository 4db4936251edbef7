//! The part of the JSON Schemas that describes media.
#![expect(dead_code, reason = "the schema is derived from the fields; nothing reads them")]

use schemars::JsonSchema;
use serde_json::{Value, json};

use super::pieces::MEDIA;
use super::schema::exactly_one;

/// A piece of media: exactly one of `image`, `voice`, `video` and `thumb`.
#[derive(JsonSchema)]
#[schemars(
    deny_unknown_fields,
    extend("oneOf" = exactly_one(&MEDIA), "dependentRequired" = with_a_video())
)]
pub(super) struct Media {
    /// A picture: JPEG, PNG, GIF or BMP, at most 10 MB.
    image: Option<MediaSource>,
    /// A voice (语音): MP3, AMR, WMA or WAV, at most 2 MB and 60 s.
    voice: Option<MediaSource>,
    /// A video (视频): MP4, at most 10 MB. It has a `title`.
    video: Option<MediaSource>,
    /// A thumb (缩略图): JPEG, at most 64 KB.
    thumb: Option<MediaSource>,
    /// A video's title. A template.
    title: Option<String>,
    /// A video's description (简介). A template.
    description: Option<String>,
}

/// Where a piece of media comes from.
#[derive(JsonSchema)]
#[schemars(untagged)]
enum MediaSource {
    /// The file.
    File(String),
    /// On the account already.
    OnAccount(OnAccount),
}

/// Media that is on the account already.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct OnAccount {
    /// Its id: of a permanent material, or for a video the id that a send names.
    #[schemars(regex(pattern = r"^[!-~]{1,256}$"))]
    media_id: String,
}

/// A video has a title; nothing else has one.
fn with_a_video() -> Value {
    json!({ "video": ["title"], "title": ["video"], "description": ["video"] })
}
