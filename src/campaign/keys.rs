//! Which keys each object of the two files has: one list for the decoder and for the schema.

/// What an object may hold.
#[derive(Debug)]
pub(super) struct Shape {
    /// What a person would call it: "a send".
    pub(super) what: &'static str,
    /// The keys that are understood.
    pub(super) keys: &'static [&'static str],
    /// Keys that belong to the language and to a later version of this program.
    pub(super) later: &'static [&'static str],
}

/// `qunfa.yaml`.
pub(super) static PROJECT: Shape = Shape {
    what: "qunfa.yaml",
    keys: &["version", "accounts", "history", "shared"],
    later: &["moved"],
};

pub(super) static ACCOUNT: Shape = Shape {
    what: "an account",
    keys: &[
        "kind",
        "api",
        "appid",
        "secret",
        "proxy",
        "reviewers",
        "approvers",
        "policy",
        "vars",
        "mini_programs",
        "targets",
        "media",
        "campaigns",
    ],
    later: &["callback", "stands_in_for"],
};

pub(super) static POLICY: Shape = Shape {
    what: "a policy",
    keys: &["approvals", "large", "max_recipients", "max_window"],
    later: &[],
};

pub(super) static APPROVALS: Shape = Shape {
    what: "the approvals of a policy",
    keys: &["everyone", "large", "retract"],
    later: &[],
};

pub(super) static HISTORY: Shape =
    Shape { what: "the history", keys: &["store", "id"], later: &[] };

pub(super) static SOURCE: Shape =
    Shape { what: "a source", keys: &["env", "file", "command"], later: &[] };

pub(super) static REVIEWER: Shape =
    Shape { what: "a reviewer", keys: &["wxname", "openid"], later: &[] };

/// `campaign.yaml`.
pub(super) static CAMPAIGN: Shape = Shape {
    what: "campaign.yaml",
    keys: &[
        "version",
        "campaign",
        "edition",
        "account",
        "vars",
        "mini_programs",
        "media",
        "articles",
        "targets",
        "sends",
        "retract",
    ],
    later: &["each"],
};

pub(super) static MINI_PROGRAM: Shape =
    Shape { what: "a mini program", keys: &["appid", "path", "title", "image"], later: &[] };

pub(super) static MEDIA: Shape = Shape {
    what: "a piece of media",
    keys: &["image", "voice", "video", "thumb", "title", "description"],
    later: &[],
};

pub(super) static ON_ACCOUNT: Shape =
    Shape { what: "media on the account", keys: &["media_id"], later: &[] };

pub(super) static ARTICLE: Shape = Shape {
    what: "an article",
    keys: &["title", "author", "digest", "cover", "body", "theme", "source_url", "comments"],
    later: &[],
};

pub(super) static TARGET: Shape = Shape {
    what: "a target",
    keys: &["tag", "openids", "everyone", "expect", "except", "slice"],
    later: &[],
};

pub(super) static OPENIDS: Shape =
    Shape { what: "a list of openids", keys: &["file", "column", "sha256", "count"], later: &[] };

pub(super) static EXPECT: Shape =
    Shape { what: "an expectation", keys: &["at_least", "at_most"], later: &[] };

pub(super) static SEND: Shape = Shape {
    what: "a send",
    keys: &[
        "news",
        "text",
        "image",
        "images",
        "voice",
        "video",
        "card",
        "caption",
        "comments",
        "to",
        "preview",
        "approval",
        "window",
        "on_reprint",
        "after",
        "skip",
        "again",
    ],
    later: &[],
};

pub(super) static RETRACTION: Shape =
    Shape { what: "a retraction", keys: &["send", "articles", "reason"], later: &[] };

pub(super) static WINDOW: Shape = Shape { what: "a window", keys: &["from", "until"], later: &[] };
