//! Links in a text message: WeChat opens its own articles and mini programs, and refuses the rest.

use crate::campaign;
use crate::diagnostic::{Diagnostic, Place};

use super::codes::{TEXT_LINK, TOO_DEEP};
use super::dom::{self, Element, Node};
use super::link;

/// Finds the links of a rendered text that WeChat would refuse all of it for.
pub(super) fn check(text: &str, place: &Place) -> Vec<Diagnostic> {
    let Ok(nodes) = dom::parse(text) else {
        let problem = Diagnostic::error(&TOO_DEEP, "the text's elements are nested too deep");
        return vec![problem.at(place.clone(), "this text")];
    };
    let mut problems = Vec::new();
    walk(&nodes, &mut |element| {
        problems.extend(judge(element).map(|problem| problem.at(place.clone(), "in this text")));
    });
    problems
}

fn walk(nodes: &[Node], see: &mut dyn FnMut(&Element)) {
    for node in nodes {
        let Node::Element(element) = node else { continue };
        see(element);
        walk(&element.children, see);
    }
}

fn judge(element: &Element) -> Option<Diagnostic> {
    if element.name != "a" {
        return None;
    }
    let Some(appid) = element.attribute("data-miniprogram-appid") else {
        let href = element.attribute("href").unwrap_or_default();
        return (!link::is_article(href)).then(|| {
            let message = format!("WeChat refuses a text that links to `{href}`");
            Diagnostic::error(&TEXT_LINK, message).help(
                "link to an article of `https://mp.weixin.qq.com/…` or to a mini program, or send an article",
            )
        });
    };
    let is_real = campaign::is_real_appid(appid);
    let path = element.attribute("data-miniprogram-path").unwrap_or_default();
    let message = if !is_real {
        format!("`{appid}` is not the appid of a mini program")
    } else if path.is_empty() {
        format!("the link to the mini program `{appid}` has no `data-miniprogram-path`")
    } else {
        return None;
    };
    let help = "write `data-miniprogram-appid=\"wx…\"` and `data-miniprogram-path=\"pages/…\"`";
    Some(Diagnostic::error(&TEXT_LINK, message).help(help))
}
