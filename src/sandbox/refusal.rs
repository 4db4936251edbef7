//! What the sandbox says no with: WeChat's error codes and their texts (WeChat's page 返回码).

use std::borrow::Cow;

/// Defines the codes the sandbox can answer by itself, each with WeChat's own text; those of 40193,
/// 45083 and 45084 are guesses, after their neighbours', because no source quotes them.
macro_rules! errcodes {
    ($($name:ident = $code:literal, $text:literal;)*) => {
        /// An `errcode` of WeChat.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(super) enum Errcode {
            $($name),*
        }

        impl Errcode {
            const ALL: &[Self] = &[$(Self::$name),*];

            fn number(self) -> i64 {
                match self { $(Self::$name => $code),* }
            }

            fn text(self) -> &'static str {
                match self { $(Self::$name => $text),* }
            }
        }
    };
}

errcodes! {
    SystemError = -1, "system error";
    InvalidCredential = 40001, "invalid credential, access_token is invalid or not latest, could get access_token by getStableAccessToken, more details at https://mmbizurl.cn/s/JtxxFh33r";
    InvalidGrantType = 40002, "invalid grant_type";
    InvalidOpenId = 40003, "invalid openid";
    InvalidMediaType = 40004, "invalid media type";
    InvalidFileType = 40005, "invalid file type";
    InvalidMediaId = 40007, "invalid media_id";
    InvalidMessageType = 40008, "invalid message type";
    InvalidImageSize = 40009, "invalid image size";
    InvalidVoiceSize = 40010, "invalid voice size";
    InvalidVideoSize = 40011, "invalid video size";
    InvalidThumbSize = 40012, "invalid thumb size";
    InvalidAppId = 40013, "invalid appid";
    InvalidOpenIdList = 40031, "invalid openid list";
    InvalidCharset = 40033, "invalid charset. please check your request, if include \\uxxxx will create fail!";
    InvalidArgs = 40035, "invalid args";
    InvalidMsgId = 40059, "invalid msg id";
    InvalidArticleIndex = 40060, "invalid article idx";
    InvalidMsgStatus = 40065, "invalid msg status";
    InvalidUrl = 40066, "invalid url";
    UnsupportedFileType = 40113, "unsupported file type";
    InvalidIndex = 40114, "invalid index value";
    InvalidAppSecret = 40125, "invalid appsecret";
    NotAMaterial = 40128, "invalid media_id, should get from add_material api";
    TooFewOpenIds = 40130, "invalid openid list size, at least two openid";
    InvalidWeChatId = 40132, "invalid username";
    InvalidImageFormat = 40137, "invalid image format";
    InvalidGroup = 40152, "invalid group id";
    OtherAccountsPage = 40155, "please don't link to other official account's homepage";
    AddressNotAllowed = 40164, "not in whitelist";
    InvalidMiniProgramPath = 40165, "invalid weapp pagepath";
    InvalidMiniProgramAppId = 40166, "invalid weapp appid";
    UnlinkedMiniProgram = 40168, "unlinked weapp card";
    CaptionTooLong = 40193, "invalid recommend size";
    InvalidImageCount = 40215, "invalid image count";
    MissingToken = 41001, "access_token missing";
    MissingAppId = 41002, "appid missing";
    MissingSecret = 41004, "appsecret missing";
    MissingMediaData = 41005, "media data missing";
    MissingMediaId = 41006, "media_id missing";
    InvalidSourceUrl = 41039, "invalid content_source_url";
    ExpiredToken = 42001, "access_token expired";
    MassSendTooFast = 42010, "masssend fast, retry again";
    NeedsGet = 43001, "require GET method";
    NeedsPost = 43002, "require POST method";
    NotAFollower = 43004, "require subscribe";
    EmptyMedia = 44001, "empty media data";
    EmptyBody = 44002, "empty post data";
    EmptyNews = 44003, "empty news data";
    EmptyText = 44004, "empty text data";
    EmptyList = 44005, "empty list size";
    RepeatedMsgId = 44007, "repeated msg id";
    MediaTooBig = 45001, "media size out of limit";
    ContentTooLong = 45002, "content size out of limit";
    BadTitleLength = 45003, "title size out of limit";
    DigestTooLong = 45004, "description size out of limit";
    UrlTooLong = 45005, "url size out of limit";
    VoiceTooLong = 45007, "playtime out of limit";
    TooManyArticles = 45008, "article size out of limit";
    DailyQuota = 45009, "reach max api daily quota limit";
    MinuteQuota = 45011, "api minute-quota reach limit, must slower, retry next minute";
    TooManyOpenIds = 45019, "too many openid";
    NoMassSendQuota = 45028, "has no masssend quota";
    StoreIsFull = 45034, "material count out of limit";
    TypeNotAllowed = 45052, "not allowed to send this message type";
    ClientMsgIdExists = 45065, "clientmsgid exist";
    RepeatTooFast = 45066, "same clientmsgid retry too fast";
    ClientMsgIdTooLong = 45067, "clientmsgid size out of limit";
    InvalidSpeed = 45083, "invalid speed, must be 0 to 4";
    MissingSpeed = 45084, "speed missing";
    InvalidMiniProgramAttribute = 45086, "invalid attrbute 'data-miniprogram-appid'";
    ApiUnsupported = 45103, "This API has been unsupported";
    AuthorTooLong = 45110, "author size out of limit";
    CardsUnsupported = 45113, "product and card messages are unsupported";
    UnknownTag = 45159, "invalid tag id";
    NotAnUploadedVideo = 45161, "video id must come from upload api";
    InvalidContent = 45166, "invalid content";
    Transcoding = 46007, "file is being transcoded, please try later";
    MalformedJson = 47001, "data format error";
    Unauthorized = 48001, "api unauthorized";
    ClearedTooOften = 48006, "forbid to clear quota because of reaching the limit";
    VideoCannotBeSent = 48022, "videos uploaded by api cannot be published by api";
    InvalidCgiPath = 76003, "invalid cgi_path";
    UnknownCgiPath = 76021, "cgi_path not found";
    ForbiddenCgiPath = 76022, "could not use this cgi_path, no permission";
    InvalidSignature = 87009, "invalid signature";
}

/// An answer that says no: nothing was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    /// WeChat's number for it.
    pub(super) code: i64,
    /// WeChat's text, without the decoration that changes from answer to answer.
    pub(super) text: Cow<'static, str>,
    /// The job that a repeated clientmsgid made, for 45065 only.
    pub(super) msg_id: Option<u64>,
}

/// Says no.
pub(super) fn refuse<T>(code: Errcode) -> Result<T, Refusal> {
    Err(code.into())
}

impl Refusal {
    /// Refuses with any number, also one that the sandbox never gives by itself.
    pub(super) fn numbered(code: i64) -> Self {
        let known = Errcode::ALL.iter().find(|known| known.number() == code);
        Self { code, text: known.map_or("system error", |known| known.text()).into(), msg_id: None }
    }

    /// Says that a repeated clientmsgid already made a job: 45065, never with a `msg_data_id`.
    pub(super) fn already_sent(msg_id: u64) -> Self {
        Self { msg_id: Some(msg_id), ..Errcode::ClientMsgIdExists.into() }
    }

    /// Says that the caller's address is not on the allow-list (IP白名单), in WeChat's shape.
    pub(super) fn wrong_address(address: &str) -> Self {
        let text = format!("invalid ip {address} ipv6 ::ffff:{address}, not in whitelist");
        Self { text: text.into(), ..Errcode::AddressNotAllowed.into() }
    }
}

impl From<Errcode> for Refusal {
    fn from(code: Errcode) -> Self {
        Self { code: code.number(), text: code.text().into(), msg_id: None }
    }
}
