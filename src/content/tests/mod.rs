//! One campaign to try things in, and the one way to try them.

mod layout;
mod media;
mod mini_program;
mod problems;
mod properties;
mod sends;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::campaign::{
    Account, Api, Article, AudienceText, Bundle, Campaign, ContentText, Entry, Media, MediaSource,
    MediumText, MiniProgram, Policy, Send, Target, Vars, Window,
};
use crate::diagnostic::{Diagnostic, Place, SourceFile, Spanned};
use crate::terms::{
    AccountKind, AccountName, AppId, CampaignName, Comments, Fingerprint, ImageUrl, OnReprint,
    SendName, Timestamp,
};

use super::{Content, Desired, render};

/// What the campaign of the tests says, for values to have places in.
pub(super) const YAML: &str = "\
campaign: spring
mini_programs:
  shop: { appid: wx0123456789abcdef, path: pages/index/index, title: \"{{ season }}上新\", image: images/card.png }
  bare: { appid: wxfedcba9876543210, path: pages/bare }
articles:
  launch:
    title: \"{{ season }}上新：十二款通勤外套\"
    digest: 轻便、防风、好打理。
    body: launch.md
";

const PROJECT: &str = "version: 1\naccounts: { demo: { kind: service, api: sandbox } }\n";

/// A campaign and its files.
pub(super) struct Trial {
    pub(super) campaign: Campaign,
    pub(super) files: Vec<(String, Vec<u8>)>,
    yaml: std::sync::Arc<SourceFile>,
}

/// The beginning of a PNG of this size; `tint` makes its bytes different from another's.
pub(super) fn png(width: u32, height: u32, tint: u8) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    bytes.extend(width.to_be_bytes());
    bytes.extend(height.to_be_bytes());
    bytes.extend([8, 6, 0, 0, 0, tint]);
    bytes
}

impl Trial {
    /// One article `launch` with this body, and one send of it.
    pub(super) fn new(body: &str) -> Self {
        let yaml = SourceFile::new("spring/campaign.yaml", YAML);
        let mut trial = Self { campaign: campaign(&yaml), files: Vec::new(), yaml };
        trial.files.push(("qunfa.yaml".to_owned(), PROJECT.as_bytes().to_vec()));
        trial.file("campaign.yaml", YAML.as_bytes().to_vec());
        trial.file("launch.md", body.as_bytes().to_vec());
        trial.file("images/cover.jpg", b"\xff\xd8\xff\xe0 cover".to_vec());
        trial.file("images/card.png", png(1080, 864, 1));
        trial.file("images/外套.png", png(600, 400, 2));
        trial
    }

    pub(super) fn file(&mut self, key: &str, bytes: Vec<u8>) -> &mut Self {
        let path = format!("spring/{key}");
        self.files.retain(|(other, _)| *other != path);
        self.files.push((path, bytes));
        self
    }

    /// A value where the campaign file has `text`, or at its beginning.
    pub(super) fn spanned(&self, text: &str) -> Spanned<String> {
        spanned(&self.yaml, text)
    }

    pub(super) fn render(&self) -> (Option<Desired>, Vec<Diagnostic>) {
        self.with_bundle(render)
    }

    pub(super) fn with_bundle<T>(&self, act: impl FnOnce(&Campaign, &Bundle) -> T) -> T {
        let files: Vec<(&str, &[u8])> =
            self.files.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice())).collect();
        act(&self.campaign, &Bundle::from_files(&files))
    }

    /// The problems, one to a line: severity, code, place, what stands there, message, help.
    pub(super) fn problems(&self) -> String {
        let mut lines = String::new();
        for problem in self.render().1 {
            let severity = if problem.is_error() { "error" } else { "warning" };
            write!(lines, "{severity} {}", problem.code.id).unwrap();
            if let Some(label) = &problem.at {
                let written = &label.place.file().text[label.place.span()];
                write!(lines, " {} `{written}`", label.place).unwrap();
            }
            writeln!(lines, ": {}", problem.message).unwrap();
            if let Some(help) = problem.help {
                writeln!(lines, "  {help}").unwrap();
            }
        }
        lines
    }

    /// The body of the first article of the first send, every address filled.
    pub(super) fn html(&self) -> String {
        let (desired, problems) = self.render();
        let desired = desired.unwrap_or_else(|| panic!("{problems:#?}"));
        let Content::News(articles) = &desired.sends[0].content else { panic!("no news") };
        articles[0].html(&urls(&desired))
    }
}

/// An address for each picture: uploadimg answers `http:`.
fn urls(desired: &Desired) -> BTreeMap<Fingerprint, ImageUrl> {
    let address = |name: &str| format!("http://mmbiz.qpic.cn/{}/0?a=1&wx_fmt=png", name.len());
    let url = |name: &str| ImageUrl::new(address(name)).unwrap();
    desired.images.iter().map(|(print, file)| (*print, url(&file.name))).collect()
}

/// The body that Markdown comes to, without the styles, one block to a line.
pub(super) fn check(markdown: &str) -> String {
    readable(&Trial::new(markdown).html())
}

/// Leaves out the styles, and begins a line with each block.
pub(super) fn readable(html: &str) -> String {
    let mut out = String::new();
    let mut rest = html;
    while let Some((before, after)) = rest.split_once(" style=\"") {
        out.push_str(before);
        rest = after.split_once('"').map_or("", |(_, rest)| rest);
    }
    out.push_str(rest);
    for tag in ["<section>", "<p>", "<pre>", "<table>", "<tr>", "<blockquote>", "<h", "</section>"]
    {
        out = out.replace(tag, &format!("\n{tag}"));
    }
    out.trim_start().to_owned()
}

fn spanned(yaml: &std::sync::Arc<SourceFile>, text: &str) -> Spanned<String> {
    let start = yaml.text.find(text).unwrap_or(0);
    let length = if yaml.text.contains(text) { text.len() } else { 0 };
    Spanned::new(text.to_owned(), Place::new(yaml, start..start + length))
}

fn campaign(yaml: &std::sync::Arc<SourceFile>) -> Campaign {
    let at = |text: &str| spanned(yaml, text);
    let place = at("campaign").place;
    let name = AccountName::new("demo").unwrap();
    let program =
        |name: &str, appid: &str, path: &str, title: Option<&str>, image: Option<&str>| {
            let (title, image) = (title.map(at), image.map(at));
            MiniProgram { name: at(name), appid: at(appid), path: at(path), title, image }
        };
    let launch = Article {
        name: at("launch"),
        title: at("{{ season }}上新：十二款通勤外套"),
        author: None,
        digest: Some(at("轻便、防风、好打理。")),
        cover: at("cover"),
        body: at("launch.md"),
        theme: None,
        source_url: None,
        comments: Comments::Closed,
    };
    Campaign {
        account: Account {
            name: Spanned::new(name.clone(), place.clone()),
            kind: AccountKind::Service,
            api: Api::Sandbox,
            appid: AppId::new("sandbox-demo").unwrap(),
            secret: None,
            proxy: None,
            reviewers: Vec::new(),
            approvers: Vec::new(),
            policy: Policy::default(),
            vars: Vars::from([("brand".to_owned(), "北风".into())]),
            mini_programs: Vec::new(),
            targets: Vec::new(),
            media: Vec::new(),
            campaigns: None,
        },
        account_ref: Spanned::new(name, place.clone()),
        name: Spanned::new(CampaignName::new("spring").unwrap(), place.clone()),
        retractions: Vec::new(),
        retractions_are_whole: true,
        edition: None,
        vars: Vars::from([("season".to_owned(), "春季".into())]),
        mini_programs: vec![
            program(
                "shop",
                "wx0123456789abcdef",
                "pages/index/index",
                Some("{{ season }}上新"),
                Some("images/card.png"),
            ),
            program("bare", "wxfedcba9876543210", "pages/bare", None, None),
        ],
        media: vec![Media {
            name: at("cover"),
            medium: MediumText::Image,
            source: Spanned::new(MediaSource::File("images/cover.jpg".to_owned()), place.clone()),
        }],
        articles: vec![launch],
        targets: vec![Target {
            name: at("all"),
            audience: Spanned::new(AudienceText::Everyone, place.clone()),
            expect: None,
        }],
        sends: vec![send("launch", ContentText::News(vec![at("launch")]), &place)],
    }
}

/// A send to everyone, at any time before 2099.
pub(super) fn send(name: &str, content: ContentText, place: &Place) -> Send {
    let until: Timestamp = "2099-01-01T00:00:00Z".parse().unwrap();
    Send {
        name: Spanned::new(SendName::new(name).unwrap(), place.clone()),
        content,
        to: Spanned::new("all".to_owned(), place.clone()),
        preview: None,
        approval: None,
        window: Spanned::new(Window { from: None, until }, place.clone()),
        on_reprint: OnReprint::Stop,
        after: Vec::new(),
        skip: None,
        again: None,
    }
}

#[test]
fn the_files_of_the_tests_are_what_they_seem() {
    let pixels = Trial::new("").with_bundle(|_, bundle| match bundle.entry("images/card.png") {
        Some(Entry::Media(facts)) => facts.pixels,
        other => panic!("{other:?}"),
    });
    assert_eq!(pixels, Some((1080, 864)));
}
