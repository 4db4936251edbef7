//! The gate: nothing goes out but what stands on this list.
//!
//! The layout writes nothing else, and the gate does not trust it. It knows neither mini programs
//! nor addresses of our pictures: those are still [marks](super::mark), so nothing that a person
//! wrote can look like one.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use ammonia::{Builder, UrlRelative};

use super::link::{hosted, opens};
use super::mark::{self, Mark, Part};
use super::style;

const TAGS: &[&str] = &[
    "a",
    "blockquote",
    "br",
    "code",
    "del",
    "em",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "img",
    "p",
    "pre",
    "section",
    "span",
    "strong",
    "sub",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
];

/// Left out with everything inside; other unknown elements leave their text.
const CONTENT_TOO: &[&str] = &[
    "audio", "iframe", "math", "noembed", "noframes", "noscript", "object", "script", "select",
    "style", "svg", "template", "textarea", "title", "video", "xmp",
];

static CLEANER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = Builder::empty();
    let attributes: HashMap<&str, HashSet<&str>> = HashMap::from([
        ("a", HashSet::from(["href"])),
        ("img", HashSet::from(["src", "alt"])),
        ("td", HashSet::from(["colspan", "rowspan"])),
        ("th", HashSet::from(["colspan", "rowspan"])),
    ]);
    builder
        .tags(TAGS.iter().copied().collect())
        .clean_content_tags(CONTENT_TOO.iter().copied().collect())
        .tag_attributes(attributes)
        .generic_attributes(HashSet::from(["style"]))
        .url_schemes(HashSet::from(["https"]))
        .url_relative(UrlRelative::PassThrough) // a mark is a relative address
        .link_rel(None)
        .attribute_filter(attribute);
    builder
});

/// Lets through what WeChat keeps, and nothing else. Twice through the gate is once.
pub(super) fn pass(html: &str) -> String {
    let mut clean = CLEANER.clean(html).to_string();
    // Markup that a parser has to repair may come out in need of repair; it settles at once.
    for _ in 0..8 {
        let again = CLEANER.clean(&clean).to_string();
        if again == clean {
            break;
        }
        clean = again;
    }
    clean
}

fn attribute<'v>(element: &str, name: &str, value: &'v str) -> Option<Cow<'v, str>> {
    match (element, name) {
        (_, "style") => {
            let kept = style::clean(value, |_| {});
            (!kept.is_empty()).then_some(Cow::Owned(kept))
        }
        ("a", "href") => opens(value).then_some(Cow::Borrowed(value)),
        ("img", "src") => {
            let kept = is_picture(value) || hosted(value).as_deref() == Some(value);
            kept.then_some(Cow::Borrowed(value))
        }
        (_, "colspan" | "rowspan") => value.parse::<u8>().is_ok().then_some(Cow::Borrowed(value)),
        _ => Some(Cow::Owned(mark::strip(value))),
    }
}

fn is_picture(src: &str) -> bool {
    let mut parts = mark::split(src);
    matches!(parts.next(), Some(Part::Mark(Mark::Image(_)))) && parts.next().is_none()
}
