//! Uploads: images inside articles (图文内图片), and permanent materials (永久素材).

use reqwest::Request;
use reqwest::header::{CONTENT_TYPE, HeaderValue};

use super::client::WeChat;
use super::error::{Call, WeChatError};
use crate::terms::{Fingerprint, ImageUrl, MaterialKind, MediaId};

/// What WeChat keeps of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Material {
    /// Its id.
    pub media_id: MediaId,
    /// Where it is, for images; shown inside Tencent's domains only.
    pub url: Option<ImageUrl>,
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
        let answer = self.call(call, self.upload(call, &[], name, bytes.as_ref())?).await?;
        ImageUrl::new(answer.text("url")?).map_err(|_| answer.bad_field("url"))
    }

    /// Adds a permanent material: `material/add_material`; an image up to 10 MB.
    ///
    /// Every call adds one to the store of 100,000, so remember the id by the bytes.
    ///
    /// # Errors
    ///
    /// [`WeChatError::NotMade`] for a name that WeChat would stumble over, else what WeChat says.
    pub async fn add_material(
        &self,
        kind: MaterialKind,
        name: &str,
        bytes: impl AsRef<[u8]>,
    ) -> Result<Material, WeChatError> {
        let call = Call::AddMaterial;
        let request = self.upload(call, &[("type", kind.word())], name, bytes.as_ref())?;
        let answer = self.call(call, request).await?;
        let media_id = MediaId::new(answer.text("media_id")?);
        let media_id = media_id.map_err(|_| answer.bad_field("media_id"))?;
        // The url is a courtesy: a material without one is as good.
        let url = answer.text("url").ok().and_then(|url| ImageUrl::new(url).ok());
        Ok(Material { media_id, url })
    }

    /// One part named `media`, written by hand: WeChat answers 41005 to RFC 2231 names and may not
    /// read chunked bodies, and a body in memory has a `Content-Length` and can be repeated.
    fn upload(
        &self,
        call: Call,
        query: &[(&str, &str)],
        name: &str,
        bytes: &[u8],
    ) -> Result<Request, WeChatError> {
        let content_type = content_type(name).ok_or_else(|| WeChatError::NotMade {
            call,
            why: format!("`{name}` is not a plain name ending in .jpg, .jpeg, .png, .gif or .bmp"),
        })?;
        // A hash of the bytes cannot stand in them, short of breaking BLAKE3.
        let boundary = Fingerprint::of(bytes).to_string();
        let mut body = format!(
            "--{boundary}\r\n\
             Content-Disposition: form-data; name=\"media\"; filename=\"{name}\"\r\n\
             Content-Type: {content_type}\r\n\r\n"
        )
        .into_bytes();
        body.extend_from_slice(bytes);
        body.extend_from_slice(format!("\r\n--{boundary}--\r\n").as_bytes());

        let mut request = self.request(call, query);
        let form = HeaderValue::try_from(format!("multipart/form-data; boundary={boundary}"))
            .expect("hex digits may stand in a header");
        request.headers_mut().insert(CONTENT_TYPE, form);
        *request.body_mut() = Some(body.into());
        Ok(request)
    }
}

/// The type that a name promises; none for names that need quoting, and for unknown types.
fn content_type(name: &str) -> Option<&'static str> {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-_.".contains(&b);
    let (stem, extension) = name.rsplit_once('.')?;
    if stem.is_empty() || name.len() > 64 || !name.bytes().all(plain) {
        return None;
    }
    match extension {
        "jpg" | "jpeg" => Some("image/jpeg"),
        "png" => Some("image/png"),
        "gif" => Some("image/gif"),
        "bmp" => Some("image/bmp"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wechat::script::{Reply, Script, TOKEN};

    #[tokio::test]
    async fn an_image_goes_as_one_part_with_an_ascii_name() {
        let script = Script::start([
            TOKEN,
            Reply::json(r#"{"url":"http://mmbiz.qpic.cn/春/0?wx_fmt=jpeg"}"#),
        ])
        .await;
        let url = script.wechat().upload_image("image-1.jpg", "图片".as_bytes()).await.unwrap();
        assert_eq!(url.as_str(), "http://mmbiz.qpic.cn/春/0?wx_fmt=jpeg");

        let seen = &script.requests()[1];
        assert_eq!(seen.line, "POST /cgi-bin/media/uploadimg?access_token=TOKEN-ONE HTTP/1.1");
        let boundary = Fingerprint::of("图片".as_bytes()).to_string();
        assert_eq!(
            seen.body,
            format!(
                "--{boundary}\r\nContent-Disposition: form-data; name=\"media\"; \
                 filename=\"image-1.jpg\"\r\nContent-Type: image/jpeg\r\n\r\n图片\r\n\
                 --{boundary}--\r\n"
            )
        );
        assert_eq!(seen.header("content-length"), Some(seen.body.len().to_string().as_str()));
        assert_eq!(
            seen.header("content-type"),
            Some(format!("multipart/form-data; boundary={boundary}").as_str())
        );
        assert_eq!(seen.header("transfer-encoding"), None);
    }

    #[tokio::test]
    async fn a_material_has_an_id_and_perhaps_an_address() {
        let script = Script::start([
            TOKEN,
            Reply::json(r#"{"media_id":"M-1","url":"http://mmbiz.qpic.cn/m","item":[]}"#),
            Reply::json(r#"{"media_id":"M-2"}"#),
            Reply::json(r#"{"errcode":0}"#),
        ])
        .await;
        let wechat = script.wechat();
        let add = || wechat.add_material(MaterialKind::Image, "cover-1.png", "封面");
        let first = add().await.unwrap();
        assert_eq!(first.media_id.as_str(), "M-1");
        assert_eq!(first.url.unwrap().as_str(), "http://mmbiz.qpic.cn/m");
        assert_eq!(add().await.unwrap().url, None);
        assert_eq!(
            add().await.unwrap_err().to_string(),
            "the answer to material/add_material has no valid `media_id`"
        );
        assert_eq!(
            script.requests()[1].line,
            "POST /cgi-bin/material/add_material?type=image&access_token=TOKEN-ONE HTTP/1.1"
        );
    }

    #[tokio::test]
    async fn an_upload_is_repeated_whole_with_a_renewed_token() {
        let script = Script::start([
            TOKEN,
            Reply::json(r#"{"errcode":42001,"errmsg":"access_token expired"}"#),
            Reply::json(r#"{"access_token":"TOKEN-TWO","expires_in":7200}"#),
            Reply::json(r#"{"url":"http://mmbiz.qpic.cn/a"}"#),
        ])
        .await;
        script.wechat().upload_image("image-1.png", [0, 159, 146, 150]).await.unwrap();
        let seen = script.requests();
        assert_eq!(seen[1].body, seen[3].body);
        assert!(seen[3].line.contains("access_token=TOKEN-TWO"));
    }

    #[tokio::test]
    async fn names_that_wechat_would_stumble_over_are_not_sent() {
        let script = Script::start([]).await;
        let wechat = script.wechat();
        for name in ["封面.jpg", "a\".jpg", "a.webp", ".jpg", "jpg", "a b.png", "a\r\n.png"] {
            let error = wechat.upload_image(name, []).await.unwrap_err();
            assert!(matches!(error, WeChatError::NotMade { .. }), "{name}: {error}");
        }
        assert!(script.requests().is_empty());
    }
}
