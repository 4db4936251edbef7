//! The look of an article: a style sheet, written into every element it speaks of.
//!
//! Colours are of middle brightness, since WeChat turns dark ones light at night and leaves the
//! rest; every paragraph, line and cell says its own colour and size, since the editor resets
//! inherited ones.

use css_inline::CSSInliner;

/// The names that `theme` may have.
pub(super) const THEMES: &[&str] = &["default"];

/// Short on purpose: what it says is repeated in every element and counts towards the length of
/// the article.
const DEFAULT: &str = "
.article { font-size: 16px; line-height: 1.75; color: #4b5563; letter-spacing: .5px; word-break: break-word; }
p { margin: 0 0 16px; font-size: 16px; line-height: 1.75; color: #4b5563; }
h1 { margin: 28px 0 16px; font-size: 22px; line-height: 1.4; color: #2f6f5e; text-align: center; }
h2 { margin: 28px 0 14px; padding-left: 10px; border-left: 4px solid #3d8b76; font-size: 19px; line-height: 1.4; color: #2f6f5e; }
h3 { margin: 24px 0 12px; font-size: 17px; line-height: 1.5; color: #2f6f5e; }
h4, h5, h6 { margin: 20px 0 10px; font-size: 16px; line-height: 1.5; color: #52796f; }
strong { color: #2f6f5e; }
del { color: #8a939e; }
sup { font-size: 12px; line-height: 1; color: #3d8b76; }
hr { margin: 28px 0; border: 0; border-top: 1px solid #c9d3d0; }
img { display: block; max-width: 100%; height: auto; margin: 0 auto; border-radius: 4px; }
blockquote { margin: 0 0 16px; padding: 12px 16px; border-left: 3px solid #9db8b0; background: #f1f6f4; }
blockquote p { margin: 0; font-size: 15px; color: #5f6b76; }
.list { margin: 0 0 16px; }
.item, .item-more { margin: 0 0 6px; font-size: 16px; line-height: 1.75; color: #4b5563; }
.item { text-indent: -1.2em; }
.scroll { margin: 0 0 16px; overflow-x: auto; }
table { min-width: 100%; border-collapse: collapse; }
th { padding: 8px 10px; border: 1px solid #c9d3d0; background: #e6efec; font-size: 14px; line-height: 1.6; color: #2f6f5e; text-align: left; }
td { padding: 8px 10px; border: 1px solid #c9d3d0; font-size: 14px; line-height: 1.6; color: #4b5563; }
code { padding: 2px 5px; border-radius: 3px; background: #eef2f1; font-family: Menlo, Consolas, monospace; font-size: 14px; color: #b0563b; word-break: break-all; }
pre { margin: 0 0 16px; padding: 14px 16px; border-radius: 6px; background: #f1f4f3; overflow-x: auto; }
code.block { display: block; padding: 0; background: none; font-size: 13px; line-height: 1.6; color: #4b5563; white-space: nowrap; word-break: normal; }
.mini-program { margin: 16px 0; text-align: center; }
.references { margin: 32px 0 0; padding: 12px 0 0; border-top: 1px solid #c9d3d0; }
.references-title { margin: 0 0 8px; font-size: 14px; color: #52796f; }
.reference { margin: 0 0 4px; font-size: 13px; line-height: 1.6; color: #7a838e; word-break: break-all; }
";

/// Writes the default theme into the `style` attributes of laid-out markup.
pub(super) fn inline(html: &str) -> String {
    let inliner = CSSInliner::options()
        .inline_style_tags(false)
        .keep_style_tags(false)
        .load_remote_stylesheets(false)
        .build();
    inliner.inline_fragment(html, DEFAULT).expect("the theme is valid CSS, and nothing is loaded")
}
