//! Media (素材): images inside articles (图文内图片), temporary media (临时素材) that live three days,
//! permanent materials (永久素材), and the video that can be sent (群发视频).

use reqwest::Request;
use reqwest::header::{CONTENT_TYPE, HeaderValue};
use serde_json::json;

use super::call::Call;
use super::client::WeChat;
use super::error::WeChatError;
use crate::terms::{Fingerprint, ImageUrl, MaterialKind, MediaId, Timestamp};

/// WeChat's answer for a medium or a draft that the account does not have (`invalid media_id`).
pub const NO_SUCH_MEDIA: i64 = 40007;

/// What WeChat keeps of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Material {
    /// Its id.
    pub media_id: MediaId,
    /// Where it is, for images and thumbs; shown inside Tencent's domains only.
    pub url: Option<ImageUrl>,
}

/// What WeChat keeps of a file for three days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Temporary {
    /// Its id.
    pub media_id: MediaId,
    /// From when the three days count, if WeChat says so.
    pub created_at: Option<Timestamp>,
}

/// What stands beside a permanent video.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VideoDescription {
    /// 标题.
    pub title: String,
    /// 简介.
    pub introduction: String,
}

/// A file on its way.
#[derive(Clone, Copy)]
struct Upload<'a> {
    kind: MaterialKind,
    name: &'a str,
    bytes: &'a [u8],
}

impl WeChat {
    /// Uploads an image for use inside articles: `media/uploadimg`, jpg or png, under 1 MB.
    ///
    /// `name` is ASCII and ends in the right extension, such as `image-3fa1.jpg`. Repeating is
    /// harmless: it only makes another copy.
    ///
    /// # Errors
    ///
    /// [`WeChatError::NotMade`] for a name that WeChat would stumble over, else what WeChat says.
    pub async fn upload_image(
        &self,
        name: &str,
        bytes: impl AsRef<[u8]>,
    ) -> Result<ImageUrl, WeChatError> {
        let call = Call::UploadImage;
        let upload = Upload { kind: MaterialKind::Image, name, bytes: bytes.as_ref() };
        let answer = self.call(call, self.form(call, &[], upload, None)?).await?;
        ImageUrl::new(answer.text("url")?).map_err(|_| answer.bad_field("url"))
    }

    /// Uploads a file for three days: `media/upload`. An image (png, jpg, gif) up to 2 MB to be
    /// sure, a voice (amr, mp3) up to 2 MB and 60 s, a video (mp4) up to 10 MB, a thumb (jpg) up
    /// to 64 kB. Repeating is harmless: the copy dies by itself.
    ///
    /// # Errors
    ///
    /// [`WeChatError::NotMade`] for a name that WeChat would stumble over, else what WeChat says.
    pub async fn upload_temporary(
        &self,
        kind: MaterialKind,
        name: &str,
        bytes: impl AsRef<[u8]>,
    ) -> Result<Temporary, WeChatError> {
        let call = Call::UploadTemporary;
        let upload = Upload { kind, name, bytes: bytes.as_ref() };
        let request = self.form(call, &[("type", kind.word())], upload, None)?;
        let answer = self.call(call, request).await?;
        let media_id = answer.media_id(match kind {
            MaterialKind::Image | MaterialKind::Voice | MaterialKind::Video => "media_id",
            MaterialKind::Thumb => "thumb_media_id",
        })?;
        let created_at = answer.number_if_any("created_at").and_then(seconds);
        Ok(Temporary { media_id, created_at })
    }

    /// Adds a permanent material: `material/add_material`. An image up to 10 MB, a voice (mp3, wma,
    /// wav, amr) up to 2 MB and 60 s, a video (mp4) up to 10 MB, a thumb (jpg) up to 64 kB. A video
    /// has a description, the others have none.
    ///
    /// Every call adds one: there is room for 100,000 images, and 1,000 of each other kind. So
    /// remember the id by the bytes.
    ///
    /// # Errors
    ///
    /// [`WeChatError::NotMade`] for a name that WeChat would stumble over, and for a description
    /// too many or too few, else what WeChat says.
    pub async fn add_material(
        &self,
        kind: MaterialKind,
        description: Option<&VideoDescription>,
        name: &str,
        bytes: impl AsRef<[u8]>,
    ) -> Result<Material, WeChatError> {
        let call = Call::AddMaterial;
        let not_made = |why: &str| WeChatError::NotMade { call, why: why.to_owned() };
        let description = match (kind, description) {
            (MaterialKind::Video, Some(VideoDescription { title, introduction })) => {
                Some(json!({ "title": title, "introduction": introduction }).to_string())
            }
            (MaterialKind::Video, None) => {
                return Err(not_made("a permanent video needs a title and an introduction"));
            }
            (MaterialKind::Image | MaterialKind::Voice | MaterialKind::Thumb, Some(_)) => {
                return Err(not_made("only a video has a title and an introduction"));
            }
            (MaterialKind::Image | MaterialKind::Voice | MaterialKind::Thumb, None) => None,
        };
        let upload = Upload { kind, name, bytes: bytes.as_ref() };
        let query = [("type", kind.word())];
        let request = self.form(call, &query, upload, description.as_deref())?;
        let answer = self.call(call, request).await?;
        let media_id = answer.media_id("media_id")?;
        // The url is a courtesy: a material without one is as good.
        let url = answer.text("url").ok().and_then(|url| ImageUrl::new(url).ok());
        Ok(Material { media_id, url })
    }

    /// Whether the account has a permanent material of this id: `material/get_material`. WeChat
    /// answers with the whole file; only its beginning is read.
    ///
    /// # Errors
    ///
    /// What WeChat says, but for the 40007 of an id that it does not know: that is the answer no.
    pub async fn has_material(&self, material: &MediaId) -> Result<bool, WeChatError> {
        let body = json!({ "media_id": material.as_str() });
        match self.post(Call::MaterialGet, &body).await {
            Ok(_) => Ok(true),
            Err(error) if error.errcode() == Some(NO_SUCH_MEDIA) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Deletes a permanent material, for good: `material/del_material`. Articles and sends that
    /// show it lose it.
    ///
    /// # Errors
    ///
    /// 40007 when it is gone already; then the advice is [`Advice::Done`](super::Advice::Done).
    /// 48005 or 45060 while a menu or an automatic reply uses it.
    pub async fn material_delete(&self, material: &MediaId) -> Result<(), WeChatError> {
        let body = json!({ "media_id": material.as_str() });
        self.post(Call::MaterialDelete, &body).await.map(drop)
    }

    /// Makes a video that can be sent of a *temporary* one: `media/uploadvideo`. The id that comes
    /// back is the one to send, within three days.
    ///
    /// # Errors
    ///
    /// 46007 while WeChat transcodes the video; then the advice is
    /// [`Advice::Wait`](super::Advice::Wait). 40007 for a permanent video, or one that expired.
    pub async fn convert_video(
        &self,
        video: &MediaId,
        title: &str,
        description: &str,
    ) -> Result<MediaId, WeChatError> {
        let body =
            json!({ "media_id": video.as_str(), "title": title, "description": description });
        self.post(Call::ConvertVideo, &body).await?.media_id("media_id")
    }

    /// One part named `media`, and perhaps a text named `description`. Written by hand: WeChat
    /// answers 41005 to RFC 2231 names and may not read chunked bodies, and a body in memory has a
    /// `Content-Length` and can be repeated.
    fn form(
        &self,
        call: Call,
        query: &[(&str, &str)],
        upload: Upload<'_>,
        description: Option<&str>,
    ) -> Result<Request, WeChatError> {
        let Upload { kind, name, bytes } = upload;
        let content_type = content_type(kind, name).ok_or_else(|| WeChatError::NotMade {
            call,
            why: format!("`{name}` is not a plain name ending in {}", endings(kind)),
        })?;
        // A hash of the parts cannot stand in them, short of breaking BLAKE3.
        let boundary = match description {
            Some(text) => Fingerprint::of_parts([bytes, text.as_bytes()]),
            None => Fingerprint::of(bytes),
        };
        let mut body = format!(
            "--{boundary}\r\n\
             Content-Disposition: form-data; name=\"media\"; filename=\"{name}\"\r\n\
             Content-Type: {content_type}\r\n\r\n"
        )
        .into_bytes();
        body.extend_from_slice(bytes);
        if let Some(text) = description {
            let part = format!(
                "\r\n--{boundary}\r\n\
                 Content-Disposition: form-data; name=\"description\"\r\n\r\n{text}"
            );
            body.extend_from_slice(part.as_bytes());
        }
        body.extend_from_slice(format!("\r\n--{boundary}--\r\n").as_bytes());

        let mut request = self.request(call, query);
        let form = HeaderValue::try_from(format!("multipart/form-data; boundary={boundary}"))
            .expect("hex digits may stand in a header");
        request.headers_mut().insert(CONTENT_TYPE, form);
        *request.body_mut() = Some(body.into());
        Ok(request)
    }
}

/// The endings that WeChat knows of a kind, and what each promises.
fn types(kind: MaterialKind) -> &'static [(&'static str, &'static str)] {
    match kind {
        MaterialKind::Image => &[
            ("jpg", "image/jpeg"),
            ("jpeg", "image/jpeg"),
            ("png", "image/png"),
            ("gif", "image/gif"),
            ("bmp", "image/bmp"),
        ],
        MaterialKind::Voice => &[
            ("mp3", "audio/mpeg"),
            ("amr", "audio/amr"),
            ("wav", "audio/wav"),
            ("wma", "audio/x-ms-wma"),
        ],
        MaterialKind::Video => &[("mp4", "video/mp4")],
        MaterialKind::Thumb => &[("jpg", "image/jpeg"), ("jpeg", "image/jpeg")],
    }
}

/// The endings for a person to read.
fn endings(kind: MaterialKind) -> String {
    let all: Vec<String> = types(kind).iter().map(|(ending, _)| format!(".{ending}")).collect();
    match all.split_last() {
        Some((last, others)) if !others.is_empty() => format!("{} or {last}", others.join(", ")),
        _ => all.concat(),
    }
}

/// The type that a name promises; none for names that need quoting, and for endings that are not
/// of this kind.
fn content_type(kind: MaterialKind, name: &str) -> Option<&'static str> {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-_.".contains(&b);
    let (stem, extension) = name.rsplit_once('.')?;
    if stem.is_empty() || name.len() > 64 || !name.bytes().all(plain) {
        return None;
    }
    let known = types(kind).iter().find(|(ending, _)| *ending == extension);
    known.map(|(_, content_type)| *content_type)
}

/// A time in seconds since 1970, if it is one.
fn seconds(number: u64) -> Option<Timestamp> {
    Timestamp::from_second(i64::try_from(number).ok()?).ok()
}

#[cfg(test)]
#[path = "media_tests.rs"]
mod tests;
