//! Links and pictures: what opens, what becomes a reference, what WeChat would drop.

use url::Url;

use crate::diagnostic::Diagnostic;

use super::codes::{DEAD_LINK, IMAGE_ALT, IMAGE_FOREIGN, IMAGE_MISSING};
use super::dom::{self, Element};
use super::html::{Inside, Layout};
use super::image::percent_decoded;
use super::mark;
use super::page::escape;

/// Where WeChat keeps pictures of articles; they survive in any article.
const PICTURE_HOSTS: &[&str] = &["mmbiz.qpic.cn", "mmbiz.qlogo.cn"];

/// The links to other sites, each once, numbered from 1 (R18).
#[derive(Debug, Default)]
pub(super) struct References(Vec<Reference>);

#[derive(Debug)]
struct Reference {
    url: String,
    text: String,
}

/// What becomes of a link.
#[derive(Debug, PartialEq, Eq)]
enum Link {
    /// An article on WeChat: it opens.
    Opens(String),
    /// Another site: a reference.
    Refers(String),
    /// Only its text is of use: an anchor, a mail address, a telephone number.
    Text,
    /// Leads nowhere.
    Dead,
}

/// Whether an address may stand in `href`: only articles on WeChat open.
pub(super) fn opens(href: &str) -> bool {
    matches!(judge(href), Link::Opens(url) if url == href)
}

/// Whether an address is that of an article on WeChat, however it is spelt.
pub(super) fn is_article(href: &str) -> bool {
    matches!(judge(href), Link::Opens(_))
}

/// The address of a picture that WeChat hosts, by https; nothing for any other.
pub(super) fn hosted(src: &str) -> Option<String> {
    let mut url = Url::parse(src).ok()?;
    let known = url.host_str().is_some_and(|host| PICTURE_HOSTS.contains(&host));
    let plain = url.username().is_empty() && url.password().is_none() && url.port().is_none();
    if !known || !plain || !matches!(url.scheme(), "http" | "https") {
        return None;
    }
    url.set_scheme("https").ok()?;
    Some(url.into())
}

fn judge(href: &str) -> Link {
    let href = href.trim();
    if href.is_empty() || href.starts_with('#') {
        return Link::Text;
    }
    let Ok(mut url) = Url::parse(href) else { return Link::Dead };
    match url.scheme() {
        "http" | "https" => {}
        "mailto" | "tel" | "sms" => return Link::Text,
        _ => return Link::Dead,
    }
    let plain = url.username().is_empty() && url.password().is_none() && url.port().is_none();
    if url.host_str() != Some("mp.weixin.qq.com") || !plain {
        return Link::Refers(href.to_owned());
    }
    match url.set_scheme("https") {
        Ok(()) => Link::Opens(url.into()),
        Err(()) => Link::Dead,
    }
}

/// Where a link leads; to nothing where a mini program stands in its place, which is told already.
fn address(link: &Element) -> String {
    let href = link.attribute("href").unwrap_or_default();
    if mark::any(&percent_decoded(href)) { String::new() } else { href.to_owned() }
}

impl References {
    /// The number of `url`; `text` names it in the list where it is new.
    fn number(&mut self, url: String, text: String) -> usize {
        let known = self.0.iter().position(|reference| reference.url == url);
        known.unwrap_or_else(|| {
            self.0.push(Reference { url, text });
            self.0.len() - 1
        }) + 1
    }
}

impl Layout<'_, '_> {
    pub(super) fn link(&mut self, element: &Element) {
        if element.has_class("footnote-backref") {
            return; // an arrow back to a place that cannot be linked to
        }
        let href = address(element);
        match judge(&href) {
            Link::Opens(url) if self.inside == Inside::Text => {
                if let Some(first) = dom::text(&element.children).trim_start().chars().next() {
                    self.page.settle(first);
                }
                self.page.inline(&format!("<a href=\"{}\">", escape(&url)));
                self.inside = Inside::Link;
                self.inlines(&element.children);
                self.inside = Inside::Text;
                self.page.inline("</a>");
            }
            Link::Opens(_) | Link::Text => self.inlines(&element.children),
            Link::Refers(url) => {
                self.inlines(&element.children);
                let text = dom::text(&element.children).trim().to_owned();
                if text != url && percent_decoded(&text) != percent_decoded(&url) {
                    let number = self.references.number(url, text);
                    self.page.inline(&format!("<sup>[{number}]</sup>"));
                }
            }
            Link::Dead => {
                self.inlines(&element.children);
                self.dead(&href);
            }
        }
    }

    /// A link with blocks in it. It keeps opening; a reference gets its number after the blocks.
    pub(super) fn link_around_blocks(&mut self, element: &Element) {
        let href = address(element);
        match judge(&href) {
            Link::Opens(url) if self.inside == Inside::Text => {
                self.inside = Inside::Link;
                self.wrapped(&format!("<a href=\"{}\">", escape(&url)), &element.children, None);
                self.inside = Inside::Text;
            }
            Link::Opens(_) | Link::Text => self.flow(&element.children, None),
            Link::Refers(url) => {
                self.flow(&element.children, None);
                let text = dom::text(&element.children).trim().to_owned();
                let number = self.references.number(url, text);
                self.page.block(&format!("<p><sup>[{number}]</sup></p>"));
            }
            Link::Dead => {
                self.flow(&element.children, None);
                self.dead(&href);
            }
        }
    }

    fn dead(&mut self, href: &str) {
        let decoded = percent_decoded(href);
        let message = format!("the link to `{decoded}` leads nowhere in an article");
        self.desk.warn(&DEAD_LINK, message, &[&decoded, href]);
    }

    /// Writes the numbered list of other sites at the end.
    pub(super) fn write_references(&mut self) {
        let references = std::mem::take(&mut self.references).0;
        if references.is_empty() {
            return;
        }
        self.page.block("<section class=\"references\">");
        self.page.block("<p class=\"references-title\">参考链接</p>");
        for (at, Reference { url, text }) in references.iter().enumerate() {
            self.page.block("<p class=\"reference\">");
            let text = mark::strip(text);
            let colon = if text.is_empty() { "" } else { "：" };
            self.page.text(&format!("[{}] {text}{colon}{url}", at + 1));
            self.page.block("</p>");
        }
        self.page.block("</section>");
    }

    /// Writes a picture; its address is a mark until it is uploaded.
    pub(super) fn picture(&mut self, element: &Element) {
        let src = element.attribute("src").unwrap_or_default().trim().to_owned();
        let path = percent_decoded(&src);
        if mark::any(&path) {
            return; // told already, as a mini program inside an attribute
        }
        let Some(address) = self.address(&src, &path) else { return };
        let alt = mark::strip(element.attribute("alt").unwrap_or_default().trim());
        if alt.is_empty() {
            let message = format!("the picture `{path}` has no description");
            self.desk.warn(&IMAGE_ALT, message, &[&path, &src]);
        }
        let own = element.attribute("style").unwrap_or_default();
        let style = size(element, "width") + &size(element, "height") + own;
        let style = self.desk.style(&style);
        let markup = format!("<img src=\"{address}\" alt=\"{}\"{style}>", escape(&alt));
        self.page.object(&markup, '图', '图');
    }

    fn address(&mut self, src: &str, path: &str) -> Option<String> {
        if let Some(url) = hosted(src) {
            return Some(escape(&url));
        }
        let problem = if src.is_empty() {
            let place = self.desk.written.find(&["<img", "]()"]);
            Diagnostic::error(&IMAGE_MISSING, "a picture without a path").at(place, "no path")
        } else if has_scheme(src) || src.starts_with("//") {
            let shown: String = path.chars().take(60).collect();
            let place = self.desk.written.find(&[path, src]);
            Diagnostic::error(&IMAGE_FOREIGN, format!("WeChat would drop the picture `{shown}`"))
                .at(place, "not hosted by WeChat")
                .help("save it beside the article and write its path")
        } else {
            match self.desk.images.by_path(path) {
                Ok((mark, _)) => return Some(mark.to_string()),
                Err(trouble) => trouble.tell(path, self.desk.written.find(&[path, src])),
            }
        };
        self.desk.problems.push(problem);
        None
    }
}

/// The declaration for an old `width` or `height` attribute: pixels, or a percentage.
fn size(element: &Element, side: &str) -> String {
    let written = element.attribute(side).unwrap_or_default().trim().trim_end_matches("px");
    if let Ok(pixels) = written.parse::<u16>() {
        return format!("{side}:{pixels}px;");
    }
    let percent = written.strip_suffix('%').and_then(|number| number.parse::<u8>().ok());
    percent.map_or_else(String::new, |percent| format!("{side}:{percent}%;"))
}

fn has_scheme(src: &str) -> bool {
    let Some((scheme, _)) = src.split_once(':') else { return false };
    scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_articles_on_wechat_open() {
        let check = |href: &str, expected: Link| assert_eq!(judge(href), expected, "{href}");
        check(
            "http://mp.weixin.qq.com/s/abc",
            Link::Opens("https://mp.weixin.qq.com/s/abc".into()),
        );
        check(
            "https://mp.weixin.qq.com.evil.cn/",
            Link::Refers("https://mp.weixin.qq.com.evil.cn/".into()),
        );
        check("https://a@mp.weixin.qq.com/", Link::Refers("https://a@mp.weixin.qq.com/".into()));
        check("mailto:a@example.com", Link::Text);
        check("#尺码", Link::Text);
        check("javascript:alert(1)", Link::Dead);
        check("other.md", Link::Dead);
    }

    #[test]
    fn only_pictures_on_wechat_are_hosted() {
        let check =
            |src: &str, expected: Option<&str>| assert_eq!(hosted(src).as_deref(), expected);
        check("http://mmbiz.qpic.cn/a/0?wx_fmt=png", Some("https://mmbiz.qpic.cn/a/0?wx_fmt=png"));
        check("https://mmbiz.qpic.cn.evil.cn/a", None);
        check("https://x@mmbiz.qpic.cn/a", None);
        check("//mmbiz.qpic.cn/a", None);
        check("data:image/png;base64,AAAA", None);
    }
}
