//! Whatever a person writes: nothing forbidden goes out, and nothing panics.

use std::fmt::Write as _;

use proptest::prelude::*;
use scraper::{Html, Selector};

use crate::content::render::Job;
use crate::content::{gate, style};
use crate::diagnostic::Diagnostic;
use crate::terms::ImageUrl;

use super::Trial;

/// Stretches that have broken sanitisers, Markdown parsers and layouts.
const STRETCHES: &[&str] = &[
    "<p>",
    "</p>",
    "<section>",
    "</section>",
    "<div align=center>",
    "</div>",
    "<b>",
    "</b>",
    "<a href='javascript:alert(1)'>",
    "<a href=\"https://example.com/\">",
    "<a href='https://mp.weixin.qq.com/s/1'>",
    "</a>",
    "<table>",
    "</table>",
    "<tr>",
    "<td colspan=2>",
    "</td>",
    "<ul>",
    "<ol start=9>",
    "<li>",
    "</ul>",
    "</li>",
    "<pre>",
    "</pre>",
    "<code>",
    "<script>",
    "</script>",
    "<style>p{background:url(http://a)}</style>",
    "<svg>",
    "<math><mtext>",
    "</svg>",
    "<img src=http://evil.cn/a.png>",
    "<img src='images/外套.png' alt=图 onerror=alert(1)>",
    "<img src=x:y>",
    "<mp-common-miniprogram data-miniprogram-appid=wx1>",
    "<a data-miniprogram-appid=wx1 href=''>",
    "<p style='position:fixed;background:url(x);color:red'>",
    "<iframe src=//evil.cn>",
    "<template>",
    "<select>",
    "<button>",
    "<h1>",
    "<h2>",
    "</h1>",
    "<font color=red>",
    "<noscript>",
    "<textarea>",
    "<plaintext>",
    "<!--",
    "-->",
    "<![CDATA[",
    "&lt;script&gt;",
    "&#x3c;",
    "\0",
    "\u{10F800}\u{10F810}\u{10F802}",
    "\u{10F801}\u{10F810}\u{10F802}",
    "{{ shop.card() }}",
    "{{ shop.link('买') }}",
    "{{ shop.image() }}",
    "\n\n",
    "\n",
    "# ",
    "- ",
    "  - ",
    "1. ",
    "> ",
    "```\n",
    "```mermaid\n",
    "| 一 | 二 |\n|---|---|\n",
    "**",
    "~~",
    "`",
    "![图](images/外套.png)",
    "[链](https://a.cn)",
    "[^1]",
    "\n[^1]: 注\n",
    "- [ ] ",
    "中文，",
    "word ",
    "\t",
    "\\",
    "<br>",
    "<hr>",
    "</body>",
    "<body style=color:red>",
    "<form>",
    "<input type=checkbox>",
    "<details><summary>",
    "<frameset>",
    "<base href=//evil.cn>",
    "<object>",
];

fn body() -> impl Strategy<Value = String> {
    let stretch = prop_oneof![
        8 => prop::sample::select(STRETCHES).prop_map(str::to_owned),
        1 => "[ -~一-龥]{0,6}".prop_map(|text| text.replace("{{", "").replace("{%", "").replace("{#", "")),
    ];
    prop::collection::vec(stretch, 0..40).prop_map(|stretches| stretches.concat())
}

/// Says what in `html` may not go out.
fn forbidden(html: &str) -> String {
    const TAGS: &[&str] = &[
        "html",
        "section",
        "p",
        "span",
        "strong",
        "em",
        "del",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "blockquote",
        "table",
        "thead",
        "tbody",
        "tfoot",
        "tr",
        "th",
        "td",
        "img",
        "a",
        "br",
        "hr",
        "sup",
        "sub",
        "pre",
        "code",
        "mp-common-miniprogram",
    ];
    const ATTRIBUTES: &[&str] = &[
        "style",
        "src",
        "alt",
        "href",
        "colspan",
        "rowspan",
        "data-miniprogram-appid",
        "data-miniprogram-path",
        "data-miniprogram-title",
        "data-miniprogram-imageurl",
        "data-miniprogram-type",
    ];
    let mut found = String::new();
    let document = Html::parse_fragment(html);
    for element in document.select(&Selector::parse("*").unwrap()) {
        let name = element.value().name();
        if !TAGS.contains(&name) {
            writeln!(found, "<{name}>").unwrap();
        }
        for (attribute, value) in element.value().attrs() {
            let fine = match attribute {
                "src" | "data-miniprogram-imageurl" => value.starts_with("https://mmbiz.qpic.cn/"),
                "href" => value.is_empty() || value.starts_with("https://mp.weixin.qq.com/"),
                "data-miniprogram-appid" => value == "wx0123456789abcdef",
                "style" => style::clean(value, |_| {}) == value,
                _ => ATTRIBUTES.contains(&attribute),
            };
            if !fine {
                writeln!(found, "<{name} {attribute}={value:?}>").unwrap();
            }
        }
    }
    if html.contains(|c| ('\u{10F800}'..='\u{10F81F}').contains(&c)) {
        found.push_str("a mark\n");
    }
    found
}

/// The body, though errors may hold the article back: what they are about must be gone as well.
fn html(trial: &Trial) -> Option<String> {
    trial.with_bundle(|campaign, bundle| {
        let mut job = Job::new(campaign, bundle);
        job.lay_out_articles();
        let laid = job.articles.get("launch")?;
        let address = |_| ImageUrl::new("http://mmbiz.qpic.cn/0?a&b").unwrap();
        let urls = laid.article.images().into_iter().map(|print| (print, address(print))).collect();
        Some(laid.article.html(&urls))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_forbidden_goes_out_of_markdown_or_html(body in body()) {
        for file in ["launch.md", "launch.html"] {
            let mut trial = Trial::new("");
            trial.file(file, body.clone().into_bytes());
            trial.campaign.articles[0].body.value = file.to_owned();
            let first = html(&trial);
            prop_assert_eq!(html(&trial), first.clone());
            if let Some(html) = first {
                prop_assert_eq!(forbidden(&html), "");
                prop_assert!(html.starts_with("<section style=\"") && html.ends_with("</section>"));
            }
        }
    }

    #[test]
    fn the_gate_lets_nothing_forbidden_through_and_twice_is_once(body in body()) {
        let once = gate::pass(&body);
        prop_assert_eq!(gate::pass(&once), once.clone());
        let shown = once.replace("\u{10F801}\u{10F810}\u{10F802}", "https://mmbiz.qpic.cn/0");
        prop_assert_eq!(forbidden(&crate::content::mark::strip(&shown)), "");
    }

    #[test]
    fn cleaning_a_style_twice_is_cleaning_it_once(text in "[ -~]{0,40}") {
        let once = style::clean(&text, |_| {});
        prop_assert_eq!(style::clean(&once, |_| {}), once.clone());
    }
}

#[test]
fn deep_nesting_is_an_error_and_no_crash() {
    let openings = [
        "<section>",
        "<b>",
        "> ",
        "- ",
        "[",
        "![",
        "*a ",
        "<a>",
        "`a",
        "<",
        "| ",
        "<table><tr><td>",
    ];
    for open in openings {
        let count = 60_000 / open.len();
        let body = open.repeat(count) + "底";
        let (_, problems) = Trial::new(&body).render();
        assert!(problems.iter().any(Diagnostic::is_error), "{open}");
    }
}
