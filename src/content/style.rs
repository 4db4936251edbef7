//! Inline styles: the properties that survive, and nothing that could load or overlay.

use super::mark;

/// What is kept, sorted. A name ending in `-` stands for all that begin with it.
const KEPT: &[&str] = &[
    "align-content",
    "align-items",
    "align-self",
    "background",
    "background-color",
    "border",
    "border-",
    "box-shadow",
    "box-sizing",
    "caption-side",
    "clear",
    "color",
    "column-",
    "columns",
    "display",
    "empty-cells",
    "flex",
    "flex-",
    "font",
    "font-",
    "gap",
    "height",
    "justify-content",
    "letter-spacing",
    "line-break",
    "line-height",
    "list-style",
    "list-style-",
    "margin",
    "margin-",
    "max-height",
    "max-width",
    "min-height",
    "min-width",
    "opacity",
    "order",
    "orphans",
    "outline",
    "outline-",
    "overflow",
    "overflow-",
    "padding",
    "padding-",
    "quotes",
    "row-gap",
    "tab-size",
    "table-layout",
    "text-",
    "vertical-align",
    "visibility",
    "white-space",
    "widows",
    "width",
    "word-break",
    "word-spacing",
    "word-wrap",
    "writing-mode",
];

/// What no value may hold: addresses, script, escapes that hide either, and variables.
const REFUSED: &[&str] =
    &["url(", "expression", "javascript:", "image(", "image-set(", "var(", "@", "\\", "<", "/*"];

/// Keeps the declarations that survive, in order and without spare white space, and calls
/// `dropped` with every other one.
///
/// Cleaning twice is cleaning once.
pub(super) fn clean(style: &str, mut dropped: impl FnMut(&str)) -> String {
    let mut kept = String::with_capacity(style.len());
    for declaration in declarations(style) {
        let declaration = declaration.trim();
        if declaration.is_empty() {
            continue;
        }
        let Some((name, value)) = keep(declaration) else {
            dropped(declaration);
            continue;
        };
        if !kept.is_empty() {
            kept.push(';');
        }
        kept.push_str(&name);
        kept.push(':');
        kept.push_str(&value);
    }
    kept
}

fn keep(declaration: &str) -> Option<(String, String)> {
    let (name, value) = declaration.split_once(':')?;
    let name = name.trim().to_ascii_lowercase();
    let value = value.split_ascii_whitespace().collect::<Vec<_>>().join(" ");
    let lower = value.to_ascii_lowercase();
    let allowed = KEPT.iter().any(|kept| match kept.strip_suffix('-') {
        Some(stem) => name.strip_prefix(stem).is_some_and(|rest| {
            rest.len() > 1
                && rest.starts_with('-')
                && rest.bytes().all(|b| b.is_ascii_lowercase() || b == b'-')
        }),
        None => name == *kept,
    });
    let refused = value.is_empty()
        || REFUSED.iter().any(|word| lower.contains(word))
        || value.chars().any(char::is_control)
        || mark::any(&value);
    (allowed && !refused).then_some((name, value))
}

/// Cuts at each `;` that stands outside quotes and parentheses.
fn declarations(style: &str) -> impl Iterator<Item = &str> {
    let (mut quote, mut depth) = (None, 0_usize);
    style.split(move |c: char| {
        match (quote, c) {
            (Some(open), _) if c == open => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(c),
            (None, '(') => depth += 1,
            (None, ')') => depth = depth.saturating_sub(1),
            (None, _) => return c == ';' && depth == 0,
        }
        false
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(style: &str, kept: &str, dropped: &[&str]) {
        let mut found = Vec::new();
        assert_eq!(clean(style, |declaration| found.push(declaration.to_owned())), kept);
        assert_eq!(found, dropped);
        assert_eq!(clean(kept, |again| panic!("{again}")), kept);
    }

    #[test]
    fn what_survives_is_kept_in_order() {
        check("COLOR : #333 ;; margin:0  auto", "color:#333;margin:0 auto", &[]);
        check("font-family:'a;b', 宋体", "font-family:'a;b', 宋体", &[]);
    }

    #[test]
    fn what_overlays_loads_or_hides_is_dropped() {
        check("position:fixed;color:red", "color:red", &["position:fixed"]);
        check("background:url(http://a/b;c.png)", "", &["background:url(http://a/b;c.png)"]);
        check("width:EXPRESSION(alert(1))", "", &["width:EXPRESSION(alert(1))"]);
        check("background:\\75rl(x)", "", &["background:\\75rl(x)"]);
        check("color", "", &["color"]);
        check("border-:1px", "", &["border-:1px"]);
    }
}
