//! The calls that this account answers: their names, verbs and daily limits (WeChat's page 接口调用频次).

/// The verb that a call asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verb {
    /// Any other is refused with 43001.
    Get,
    /// Any other is refused with 43002.
    Post,
    /// PUT, HEAD and so on: right for nothing.
    Other,
}

/// Defines the table of calls; a line is name, path after `/cgi-bin/`, verb, calls a day.
macro_rules! endpoints {
    ($($name:ident = $path:literal, $verb:ident, $per_day:expr;)*) => {
        /// One call of the API.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub(super) enum Endpoint {
            $($name),*
        }

        impl Endpoint {
            const ALL: &[Self] = &[$(Self::$name),*];

            /// The path after `/cgi-bin/`.
            pub(super) fn name(self) -> &'static str {
                match self { $(Self::$name => $path),* }
            }

            /// The only verb it takes.
            pub(super) fn verb(self) -> Verb {
                match self { $(Self::$name => Verb::$verb),* }
            }

            /// How many calls a new account has each Beijing day.
            pub(super) fn per_day(self) -> u32 {
                match self { $(Self::$name => $per_day),* }
            }
        }
    };
}

/// For calls that the official table does not list; what old tables said of uploads.
const UNLISTED: u32 = 5_000;

endpoints! {
    Token = "token", Get, 2_000;
    StableToken = "stable_token", Post, 500_000;
    UploadImage = "media/uploadimg", Post, UNLISTED;
    AddMaterial = "material/add_material", Post, UNLISTED;
    GetMaterial = "material/get_material", Post, UNLISTED;
    DeleteMaterial = "material/del_material", Post, UNLISTED;
    CountMaterials = "material/get_materialcount", Get, UNLISTED;
    ListMaterials = "material/batchget_material", Post, UNLISTED;
    UploadTemporary = "media/upload", Post, 100_000;
    GetTemporary = "media/get", Get, 200_000;
    UploadVideo = "media/uploadvideo", Post, UNLISTED;
    UploadNews = "media/uploadnews", Post, 10;
    AddDraft = "draft/add", Post, 1_000;
    UpdateDraft = "draft/update", Post, 1_000;
    GetDraft = "draft/get", Post, 500;
    DeleteDraft = "draft/delete", Post, 1_000;
    CountDrafts = "draft/count", Get, 1_000;
    SendAll = "message/mass/sendall", Post, 100;
    Send = "message/mass/send", Post, 100;
    Preview = "message/mass/preview", Post, UNLISTED;
    GetJob = "message/mass/get", Post, UNLISTED;
    DeleteJob = "message/mass/delete", Post, 10;
    Tags = "tags/get", Get, UNLISTED;
    Followers = "user/get", Get, 500;
    TagMembers = "user/tag/get", Post, UNLISTED;
    Quota = "openapi/quota/get", Post, UNLISTED;
    ClearQuota = "clear_quota", Post, UNLISTED;
    GetSpeed = "message/mass/speed/get", Post, UNLISTED;
    SetSpeed = "message/mass/speed/set", Post, UNLISTED;
    ApiAddresses = "get_api_domain_ip", Get, UNLISTED;
    CallbackAddresses = "getcallbackip", Get, UNLISTED;
    Ticket = "ticket/getticket", Get, UNLISTED;
}

impl Endpoint {
    /// Finds the call that a request's path names.
    pub(super) fn of_path(path: &str) -> Option<Self> {
        path.strip_prefix("/cgi-bin/").and_then(Self::named)
    }

    /// Finds a call by its name, such as `draft/add`.
    pub(super) fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|endpoint| endpoint.name() == name)
    }

    /// The name that its calls are counted under: both ways to send share one number.
    pub(super) fn counted_as(self) -> &'static str {
        match self {
            Self::Send => Self::SendAll.name(),
            other => other.name(),
        }
    }

    /// Whether it counts against the 60 mass-send calls a minute (45011).
    pub(super) fn is_mass(self) -> bool {
        self.name().starts_with("message/mass/")
    }

    /// Whether it makes tokens, and so takes none.
    pub(super) fn makes_tokens(self) -> bool {
        matches!(self, Self::Token | Self::StableToken)
    }
}
