//! Markdown to HTML: the common core with GitHub's tables, strike-through, task lists and footnotes.

use comrak::Options;

/// Renders Markdown. Raw HTML in it passes: what a person wrote is judged later, all of it alike.
pub(super) fn to_html(markdown: &str) -> String {
    let mut options = Options::default();
    options.extension.table = true;
    options.extension.strikethrough = true;
    options.extension.tasklist = true;
    options.extension.footnotes = true;
    // **注意：**请看 is bold in Chinese, where no space stands beside it.
    options.extension.cjk_friendly_emphasis = true;
    options.render.r#unsafe = true;
    comrak::markdown_to_html(markdown, &options)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn emphasis_works_without_spaces_beside_chinese_punctuation() {
        assert_eq!(
            to_html("**注意：**请看*“图”*\n"),
            "<p><strong>注意：</strong>请看<em>“图”</em></p>\n"
        );
    }
}
