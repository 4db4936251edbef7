//! Article HTML as WeChat treats it: refused, silently reduced, or left to the letter.
//!
//! What is legal comes back unchanged, byte for byte; what is not goes without a word, as the real
//! filter does it (WeChat's page 图文正文). Only broken markup and bad mini-program links are refused.

use super::{
    markup::{self, Attribute, Piece, Tag},
    media,
    refusal::{Errcode, Refusal, refuse},
    rules::MiniPrograms,
};

/// Elements that go with everything inside them.
const DROPPED_WHOLE: &[&str] = &[
    "script", "style", "iframe", "object", "video", "audio", "noscript", "template", "select",
    "textarea",
];
/// Elements whose tags go and whose inside stays.
const DROPPED_TAGS: &[&str] =
    &["html", "head", "body", "link", "meta", "base", "embed", "form", "input", "button"];
/// Attributes that go; so does every `on…`.
const DROPPED_ATTRIBUTES: &[&str] = &["id", "class", "srcset", "srcdoc", "formaction"];
/// The two names of a mini-program card (小程序卡片); sources disagree which is right.
const CARDS: &[&str] = &["mp-common-miniprogram", "mp-miniprogram"];
/// Length of a card's title in characters.
const CARD_TITLE_CHARS: usize = 35;

/// Checks an article's mini-program links, and returns what survives of its HTML.
///
/// # Errors
///
/// 45166 broken markup or a card that lacks something, 40165 bad path, 40166 bad appid, 40168 not
/// linked, 40155 a link to another account's home page.
pub(super) fn filtered(html: &str, linked: &MiniPrograms) -> Result<String, Refusal> {
    let mut html = html.to_owned();
    // What goes may join its neighbours to a new tag (`<<script></script>p …>`), so again until
    // nothing goes; each time something does.
    loop {
        let kept = filtered_once(&html, linked)?;
        if kept == html {
            return Ok(kept);
        }
        html = kept;
    }
}

fn filtered_once(html: &str, linked: &MiniPrograms) -> Result<String, Refusal> {
    let mut kept = String::with_capacity(html.len());
    let mut inside: Option<(String, usize)> = None;
    let mut links = Vec::new();
    for piece in markup::pieces(html)? {
        if let Some((name, depth)) = &mut inside {
            match &piece {
                Piece::Open(tag) if tag.name == *name && !tag.is_closed() => *depth += 1,
                Piece::Close(closed, _) if closed == name => *depth -= 1,
                _ => {}
            }
            if *depth == 0 {
                inside = None;
            }
            continue;
        }
        match piece {
            Piece::Text(text) => kept.push_str(text),
            Piece::Comment => {}
            Piece::Open(tag) => {
                check_mini_program(&tag, linked)?;
                if DROPPED_WHOLE.contains(&tag.name.as_str()) {
                    inside = (!tag.is_closed()).then(|| (tag.name.clone(), 1));
                } else {
                    let survivor = surviving(&tag)?;
                    if tag.name == "a" && !tag.is_closed() {
                        links.push(survivor.is_some());
                    }
                    kept.push_str(&survivor.unwrap_or_default());
                }
            }
            Piece::Close(name, raw) => {
                let is_kept = name != "a" || links.pop().unwrap_or(false);
                let is_dropped =
                    DROPPED_TAGS.contains(&name.as_str()) || DROPPED_WHOLE.contains(&name.as_str());
                if is_kept && !is_dropped {
                    kept.push_str(raw);
                }
            }
        }
    }
    Ok(kept)
}

/// What is left of an opening tag; `None` when all of it goes.
fn surviving(tag: &Tag<'_>) -> Result<Option<String>, Refusal> {
    if DROPPED_TAGS.contains(&tag.name.as_str()) {
        return Ok(None);
    }
    if tag.name == "img" && !tag.attribute("src").is_some_and(media::is_hosted) {
        return Ok(None); // silently: the article saves, and the picture is gone
    }
    if tag.name == "a" && !is_mini_program(tag) && !is_allowed_link(tag)? {
        return Ok(None);
    }
    if tag.attributes.iter().all(survives) {
        return Ok(Some(tag.raw.to_owned()));
    }
    let kept = tag.attributes.iter().filter(|attribute| survives(attribute));
    let words: Vec<&str> =
        [tag.name.as_str()].into_iter().chain(kept.map(|attribute| attribute.raw)).collect();
    let end = if tag.is_closed() { "/>" } else { ">" };
    Ok(Some(format!("<{}{end}", words.join(" "))))
}

fn survives(attribute: &Attribute<'_>) -> bool {
    let value = attribute.value.trim_start().to_ascii_lowercase();
    !attribute.name.starts_with("on")
        && !DROPPED_ATTRIBUTES.contains(&attribute.name.as_str())
        && !value.starts_with("javascript:")
}

/// Whether a plain link stays one: only to articles on `mp.weixin.qq.com`. Links elsewhere lose
/// their tags and keep their text; nobody could say whether they get 40066 instead.
fn is_allowed_link(tag: &Tag<'_>) -> Result<bool, Refusal> {
    let Some(path) = tag.attribute("href").and_then(path_at_wechat) else { return Ok(false) };
    if path.starts_with("mp/profile_ext") {
        return refuse(Errcode::OtherAccountsPage);
    }
    Ok(true)
}

/// The path of an address on `mp.weixin.qq.com`.
pub(super) fn path_at_wechat(href: &str) -> Option<&str> {
    let rest = href.strip_prefix("https://").or_else(|| href.strip_prefix("http://"))?;
    rest.strip_prefix("mp.weixin.qq.com/")
}

fn is_mini_program(tag: &Tag<'_>) -> bool {
    tag.attributes.iter().any(|attribute| attribute.name.starts_with("data-miniprogram-"))
}

/// Whether a text is the appid of a mini program: `wx` and 16 hex digits.
pub(super) fn is_mini_program_appid(text: &str) -> bool {
    let digits = text.strip_prefix("wx").unwrap_or("");
    digits.len() == 16 && digits.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

fn check_mini_program(tag: &Tag<'_>, linked: &MiniPrograms) -> Result<(), Refusal> {
    let is_card = CARDS.contains(&tag.name.as_str());
    let is_link = tag.name == "a" && is_mini_program(tag);
    if !(is_card || is_link) {
        return Ok(());
    }
    let read = |name: &str| tag.attribute(&format!("data-miniprogram-{name}"));
    let appid = read("appid").ok_or(Errcode::InvalidContent)?;
    let path = read("path").ok_or(Errcode::InvalidContent)?;
    if !is_mini_program_appid(appid) {
        return refuse(Errcode::InvalidMiniProgramAppId);
    }
    if path.is_empty() || path.starts_with('/') {
        return refuse(Errcode::InvalidMiniProgramPath);
    }
    match linked {
        MiniPrograms::Linked(appids) if !appids.iter().any(|known| known == appid) => {
            return refuse(Errcode::UnlinkedMiniProgram);
        }
        MiniPrograms::Linked(_) | MiniPrograms::Any => {}
    }
    if is_card {
        let title = read("title").unwrap_or("");
        let image = read("imageurl").unwrap_or("");
        let is_whole = (1..=CARD_TITLE_CHARS).contains(&title.chars().count())
            && media::is_hosted(image)
            && image.contains("wx_fmt=")
            && read("type").is_none_or(|kind| kind == "card");
        if !is_whole {
            return refuse(Errcode::InvalidContent);
        }
    } else if tag.attribute("href").is_none() {
        return refuse(Errcode::InvalidContent);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::strategy::Strategy as _;

    use super::*;

    const PICTURE: &str = "https://mmbiz.qpic.cn/mmbiz_png/AAA/0?wx_fmt=png";

    fn check(html: &str, expected: &str) {
        assert_eq!(filtered(html, &MiniPrograms::Any).unwrap(), expected, "{html}");
    }

    fn check_refused(html: &str, code: i64) {
        let linked = MiniPrograms::Linked(vec!["wx0123456789abcdef".to_owned()]);
        assert_eq!(filtered(html, &linked).unwrap_err().code, code, "{html}");
    }

    #[test]
    fn legal_markup_stays_to_the_letter() {
        for html in [
            "",
            "春季上新 1 < 2 & 3",
            "<section style='color: #333'><p>十二款&nbsp;通勤外套<br/>轻便</p></section>",
            &format!(r#"<p><img src="{PICTURE}" alt="外套"/></p>"#),
            "<a href=\"https://mp.weixin.qq.com/s/abc\">上一期</a>",
            "<table><tr><td align=left>价格</td></tr></table><pre>a &lt; b</pre>",
            r#"<a data-miniprogram-appid="wx0123456789abcdef" data-miniprogram-path="pages/item?id=1&amp;from=a" href="">立即购买</a>"#,
        ] {
            check(html, html);
        }
    }

    #[test]
    fn what_is_not_allowed_goes_without_a_word() {
        check("<p>一<script>alert('</p>')</script>二</p>", "<p>一二</p>");
        check(
            "<style>p{color:red}</style><p class=\"a\" style=\"color:red\">春</p>",
            "<p style=\"color:red\">春</p>",
        );
        check("<p id=x onclick='run()'>春</p><!-- 注释 -->", "<p>春</p>");
        check("前<img src=\"https://example.com/a.png\">后", "前后");
        check(&format!("前<img data-src=\"{PICTURE}\">后"), "前后");
        check(
            "<a href=\"https://example.com\">外链</a>和<a href=\"https://mp.weixin.qq.com/s/a\">内链</a>",
            "外链和<a href=\"https://mp.weixin.qq.com/s/a\">内链</a>",
        );
        check("<a href=\"javascript:run()\">点</a>", "点");
        check("<iframe src=\"https://v.qq.com\"><p>视频</p></iframe>后", "后");
        check("<IMG SRC=\"data:image/png;base64,AAAA\">", "");
    }

    #[test]
    fn mini_program_links_are_checked() {
        let card = |appid: &str, path: &str, rest: &str| {
            format!(
                "<mp-common-miniprogram data-miniprogram-appid=\"{appid}\" data-miniprogram-path=\"{path}\" {rest}></mp-common-miniprogram>"
            )
        };
        let whole =
            format!("data-miniprogram-title=\"春季上新\" data-miniprogram-imageurl=\"{PICTURE}\"");
        let good = card("wx0123456789abcdef", "pages/index/index", &whole);
        check(&good, &good);
        check_refused(&card("wx0123", "pages/index", &whole), 40166);
        check_refused(&card("wx0123456789abcdef", "/pages/index", &whole), 40165);
        check_refused(&card("wx0123456789abcdef", "", &whole), 40165);
        check_refused(&card("wxffffffffffffffff", "pages/index", &whole), 40168);
        check_refused(&card("wx0123456789abcdef", "pages/index", ""), 45166);
        check_refused(
            &card(
                "wx0123456789abcdef",
                "pages/index",
                "data-miniprogram-title=\"春\" data-miniprogram-imageurl=\"https://example.com/a.png\"",
            ),
            45166,
        );
        check_refused("<a data-miniprogram-path=\"pages/index\" href=\"\">点</a>", 45166);
        check_refused(
            "<a data-miniprogram-appid=\"wx0123456789abcdef\" data-miniprogram-path=\"p\">点</a>",
            45166,
        );
        check_refused(
            "<a href=\"https://mp.weixin.qq.com/mp/profile_ext?action=home\">主页</a>",
            40155,
        );
    }

    #[test]
    fn broken_markup_is_refused() {
        check_refused("<p style=\"color:red>春季上新</p>", 45166);
        check_refused("春季上新<p", 45166);
        check_refused("<!-- 没有结束", 45166);
    }

    #[test]
    fn what_goes_leaves_nothing_behind_that_should_go() {
        check("<<script></script>p onclick=run()>春</p>", "<p>春</p>");
    }

    proptest::proptest! {
        #[test]
        fn what_survives_survives_again(pieces in proptest::collection::vec(piece(), 0..12)) {
            if let Ok(kept) = filtered(&pieces.concat(), &MiniPrograms::Any) {
                let is_script = |piece: &Piece| matches!(piece, Piece::Open(tag) if tag.name == "script");
                proptest::prop_assert!(!markup::pieces(&kept).unwrap().iter().any(is_script), "{}", kept);
                proptest::prop_assert_eq!(filtered(&kept, &MiniPrograms::Any), Ok(kept.clone()));
            }
        }
    }

    fn piece() -> impl proptest::strategy::Strategy<Value = String> {
        proptest::prop_oneof![
            proptest::sample::select(vec![
                "<",
                ">",
                "\"",
                "'",
                "=",
                "/",
                " ",
                "&",
                "春",
                "a",
                "<p",
                "<p>",
                "</p>",
                "<!--",
                "-->",
                "<script>",
                "</script>",
                "<a href=\"#\">",
                "</a>",
                "<img src=x ",
                "onclick=",
                "<br/>",
            ])
            .prop_map(str::to_owned),
            "\\PC{0,3}",
        ]
    }
}
