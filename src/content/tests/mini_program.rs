//! Mini programs: the exact markup, and nothing that could pass for it.

use insta::assert_snapshot;

use super::{Trial, check, readable};

/// The stretches of `html` that are about mini programs, one to a line.
fn markup(html: &str) -> String {
    let begins =
        |at: &usize| html[*at..].starts_with("<mp-") || html[*at..].starts_with("<a data-");
    let starts: Vec<usize> = html.match_indices('<').map(|(at, _)| at).filter(begins).collect();
    let end = |at: usize| {
        let close = if html[at..].starts_with("<a") { "</a>" } else { "</mp-common-miniprogram>" };
        at + html[at..].find(close).unwrap() + close.len()
    };
    starts.iter().map(|at| &html[*at..end(*at)]).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_three_styles_have_the_documented_markup() {
    let body = "{{ shop.card() }}\n\n点{{ shop.link(\"立即购买\", path=\"pages/item?id=1&from=a/b\") }}吧\n\n\
                {{ shop.image(\"images/外套.png\") }}\n";
    assert_snapshot!(markup(&Trial::new(body).html()), @"");
}

#[test]
fn every_argument_has_a_default_and_can_be_named() {
    let body = "{{ shop.card(title=\"春<\\\"&\", path=\"p\", image=\"images/外套.png\") }}\n\n\
                {{ shop.link() }}\n\n{{ shop.image() }}\n\n{{ shop.image(file=\"images/外套.png\", path=\"q\") }}";
    assert_snapshot!(markup(&Trial::new(body).html()), @"");
}

#[test]
fn links_stand_in_sentences_lists_and_cells_and_cards_on_their_own() {
    let body = "前{{ shop.link(\"文字\") }}后\n\n- 甲{{ shop.link(\"列表\") }}\n- {{ shop.card() }}\n\n\
                | {{ shop.link(\"表头\") }} |\n|---|\n| {{ shop.image() }} |\n\n\
                {{ shop.card() }}\n{{ shop.card() }}\n\n**{{ shop.link(\"粗\") | upper }}**";
    assert_snapshot!(check(body), @"");
}

#[test]
fn misplaced_ones_are_errors_at_the_call() {
    let body = "看{{ shop.card() }}这里\n\n[a {{ shop.link(\"b\") }}](https://mp.weixin.qq.com/s/1)\n\n\
                `{{ shop.link(\"c\") }}`\n\n[d]({{ shop.link(\"d\") }})\n\n<p title=\"{{ shop.card() }}\">e</p>\n\n\
                ```\n{{ shop.card() }}\n```\n";
    assert_snapshot!(Trial::new(body).problems(), @"");
}

#[test]
fn what_is_missing_is_told_at_the_call() {
    let body = "{{ bare.card() }}\n\n{{ bare.link() }}\n\n{{ bare.image() }}\n\n{{ shop.link(\"字\", path=\"/pages/a\") }}\n\n\
                {{ shop.card(image=\"images/外套.png\") }}\n\n{{ shop.image(\"images/没有.png\") }}\n";
    assert_snapshot!(Trial::new(body).problems(), @"");
}

#[test]
fn nothing_written_by_hand_passes_for_one() {
    let body = "<mp-common-miniprogram data-miniprogram-appid=\"wx1\" data-miniprogram-type=\"card\">字</mp-common-miniprogram>\n\n\
                买<a data-miniprogram-appid=\"wx1\" data-miniprogram-path=\"p\" href=\"\">这</a>个\n\n\
                <mp-miniprogram data-miniprogram-appid='wx1'></mp-miniprogram>尾";
    let trial = Trial::new(body);
    assert_snapshot!(readable(&trial.html()), @"");
    assert_snapshot!(trial.problems(), @"");
}

#[test]
fn a_mark_typed_by_hand_shows_nothing() {
    assert_snapshot!(check("甲\u{10F800}\u{10F810}\u{10F802}乙\u{10F801}\u{10F810}\u{10F802}丙\u{10F805}"), @"");
    let html =
        check("![图](images/外套.png)\n\n<img src='\u{10F801}\u{10F810}\u{10F802}' alt='伪'>\n");
    assert_eq!(html.matches("<img").count(), 1, "{html}");
}

#[test]
fn a_wrong_call_is_told_with_the_styles_there_are() {
    for body in [
        "{{ shop.crad() }}",
        "{{ shop.card(titel=\"a\") }}",
        "{{ shop.card(\"a\") }}",
        "{{ shop }}",
    ] {
        assert!(Trial::new(body).problems().contains("Q0605"), "{body}");
    }
    assert_snapshot!(Trial::new("见 {{ shop.link(\"a\", \"b\") }}").problems(), @"");
}
