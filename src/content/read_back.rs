//! What WeChat kept of an article: it drops foreign pictures, links and styles
//! without a word, so a saved draft is read back and compared.

use std::collections::BTreeMap;

use scraper::Html;

/// What a follower would miss if it were gone: the words, the pictures, the mini-program links.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Essentials {
    text: String,
    images: BTreeMap<String, usize>,
    mini_programs: BTreeMap<(String, String), usize>,
}

/// What is missing in a draft that was read back, in words for a person.
pub fn missing(meant: &str, kept: &str) -> Vec<String> {
    let (meant, kept) = (Essentials::of(meant), Essentials::of(kept));
    let mut missing = Vec::new();
    for (address, count) in &meant.images {
        if kept.images.get(address).copied().unwrap_or(0) < *count {
            missing.push(format!("the picture {address}"));
        }
    }
    for ((appid, path), count) in &meant.mini_programs {
        if kept.mini_programs.get(&(appid.clone(), path.clone())).copied().unwrap_or(0) < *count {
            missing.push(format!("the link to mini program {appid}, page {path}"));
        }
    }
    if meant.text != kept.text {
        let same = meant.text.chars().zip(kept.text.chars()).take_while(|(a, b)| a == b).count();
        let from = |text: &str| text.chars().skip(same).take(12).collect::<String>();
        missing.push(match from(&meant.text) {
            nothing if nothing.is_empty() => {
                format!("the end of the text, where it put `{}`", from(&kept.text))
            }
            lost => format!("the text from `{lost}` on"),
        });
    }
    missing
}

impl Essentials {
    /// Reads a fragment of HTML; it need not be well-formed.
    pub(super) fn of(html: &str) -> Self {
        let fragment = Html::parse_fragment(html);
        let mut essentials =
            Self { text: String::new(), images: BTreeMap::new(), mini_programs: BTreeMap::new() };
        for node in fragment.tree.nodes() {
            if let Some(text) = node.value().as_text() {
                essentials.text.extend(text.chars().filter(|c| !c.is_whitespace()));
            }
            let Some(element) = node.value().as_element() else { continue };
            if element.name() == "img"
                && let Some(address) = element.attr("src")
            {
                *essentials.images.entry(without_scheme(address)).or_default() += 1;
            }
            if let (Some(appid), Some(path)) =
                (element.attr("data-miniprogram-appid"), element.attr("data-miniprogram-path"))
            {
                let link = (appid.to_owned(), path.to_owned());
                *essentials.mini_programs.entry(link).or_default() += 1;
            }
        }
        essentials
    }
}

/// `http` and `https` name the same picture.
fn without_scheme(address: &str) -> String {
    address.split_once("://").map_or(address, |(_, rest)| rest).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(meant: &str, kept: &str, expected: &[&str]) {
        assert_eq!(missing(meant, kept), expected);
    }

    #[test]
    fn a_changed_form_is_nothing_and_a_lost_thing_is_named() {
        check("<p>春季\n上新</p>", "<section>春季 上新</section>", &[]);
        check("<img src='http://a/1'>", "<img src='https://a/1' style='x'>", &[]);
        check(
            "<p>一二三</p><img src='https://a/1'>",
            "<p>一三</p>",
            &["the picture a/1", "the text from `二三` on"],
        );
        check(
            "<a data-miniprogram-appid='wx1' data-miniprogram-path='p' href=''>买</a>",
            "<a href=''>买</a>",
            &["the link to mini program wx1, page p"],
        );
    }

    #[test]
    fn what_stands_twice_is_counted() {
        let (one, two) = ("<img src='https://a/1'>", "<img src='http://a/1'>");
        let both = [one, two].concat();
        check(&both, &both, &[]);
        check(&both, one, &["the picture a/1"]);
        check(one, &both, &[]);
        let link = "<a data-miniprogram-appid='wx1' data-miniprogram-path='p'></a>";
        let links = [link, link].concat();
        check(&links, link, &["the link to mini program wx1, page p"]);
        let other = link.replace("'p'", "'q'");
        check(link, &other, &["the link to mini program wx1, page p"]);
    }

    #[test]
    fn words_are_compared_as_followers_read_them() {
        check("买 &amp; 卖&nbsp;", "<b>买</b>&#38;卖", &[]);
        check("一二三四五六七八九十百千万", "一", &["the text from `二三四五六七八九十百千万` on"]);
        check(
            "<p>上新</p>",
            "<p>上新</p><p>广告</p>",
            &["the end of the text, where it put `广告`"],
        );
        check("", "", &[]);
        check("<p>没有<b>写完", "<p>没有<b>写完</b></p>", &[]);
    }
}
