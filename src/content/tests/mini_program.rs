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
    assert_snapshot!(markup(&Trial::new(body).html()), @r###"
    <mp-common-miniprogram data-miniprogram-appid="wx0123456789abcdef" data-miniprogram-path="pages/index/index" data-miniprogram-title="春季上新" data-miniprogram-imageurl="https://mmbiz.qpic.cn/15/0?a=1&amp;wx_fmt=png" data-miniprogram-type="card"></mp-common-miniprogram>
    <a data-miniprogram-appid="wx0123456789abcdef" data-miniprogram-path="pages/item?id=1&amp;from=a/b" href="">立即购买</a>
    <a data-miniprogram-appid="wx0123456789abcdef" data-miniprogram-path="pages/index/index" href=""><img src="https://mmbiz.qpic.cn/17/0?a=1&amp;wx_fmt=png" alt=""></a>
    "###);
}

#[test]
fn every_argument_has_a_default_and_can_be_named() {
    let body = "{{ shop.card(title=\"春<\\\"&\", path=\"p\", image=\"images/外套.png\") }}\n\n\
                {{ shop.link() }}\n\n{{ shop.image() }}\n\n{{ shop.image(file=\"images/外套.png\", path=\"q\") }}";
    assert_snapshot!(markup(&Trial::new(body).html()), @r###"
    <mp-common-miniprogram data-miniprogram-appid="wx0123456789abcdef" data-miniprogram-path="p" data-miniprogram-title="春&lt;&quot;&amp;" data-miniprogram-imageurl="https://mmbiz.qpic.cn/17/0?a=1&amp;wx_fmt=png" data-miniprogram-type="card"></mp-common-miniprogram>
    <a data-miniprogram-appid="wx0123456789abcdef" data-miniprogram-path="pages/index/index" href="">春季上新</a>
    <a data-miniprogram-appid="wx0123456789abcdef" data-miniprogram-path="pages/index/index" href=""><img src="https://mmbiz.qpic.cn/15/0?a=1&amp;wx_fmt=png" alt=""></a>
    <a data-miniprogram-appid="wx0123456789abcdef" data-miniprogram-path="q" href=""><img src="https://mmbiz.qpic.cn/17/0?a=1&amp;wx_fmt=png" alt=""></a>
    "###);
}

#[test]
fn links_stand_in_sentences_lists_and_cells_and_cards_on_their_own() {
    let body = "前{{ shop.link(\"文字\") }}后\n\n- 甲{{ shop.link(\"列表\") }}\n- {{ shop.card() }}\n\n\
                | {{ shop.link(\"表头\") }} |\n|---|\n| {{ shop.image() }} |\n\n\
                {{ shop.card() }}\n{{ shop.card() }}\n\n**{{ shop.link(\"粗\") | upper }}**";
    assert_snapshot!(check(body), @r###"
    <section>
    <p>前<a data-miniprogram-appid="wx0123456789abcdef" data-miniprogram-path="pages/index/index" href="">文字</a>后</p>
    <section>
    <section>• 甲<a data-miniprogram-appid="wx0123456789abcdef" data-miniprogram-path="pages/index/index" href="">列表</a>
    </section>
    <section>
    <section><mp-common-miniprogram data-miniprogram-appid="wx0123456789abcdef" data-miniprogram-path="pages/index/index" data-miniprogram-title="春季上新" data-miniprogram-imageurl="https://mmbiz.qpic.cn/15/0?a=1&amp;wx_fmt=png" data-miniprogram-type="card"></mp-common-miniprogram>
    </section>
    </section>
    </section>
    <section>
    <table><thead>
    <tr><th><a data-miniprogram-appid="wx0123456789abcdef" data-miniprogram-path="pages/index/index" href="">表头</a></th></tr></thead><tbody>
    <tr><td>
    <p><a data-miniprogram-appid="wx0123456789abcdef" data-miniprogram-path="pages/index/index" href=""><img src="https://mmbiz.qpic.cn/15/0?a=1&amp;wx_fmt=png" alt=""></a></p></td></tr></tbody></table>
    </section>
    <section><mp-common-miniprogram data-miniprogram-appid="wx0123456789abcdef" data-miniprogram-path="pages/index/index" data-miniprogram-title="春季上新" data-miniprogram-imageurl="https://mmbiz.qpic.cn/15/0?a=1&amp;wx_fmt=png" data-miniprogram-type="card"></mp-common-miniprogram>
    </section>
    <section><mp-common-miniprogram data-miniprogram-appid="wx0123456789abcdef" data-miniprogram-path="pages/index/index" data-miniprogram-title="春季上新" data-miniprogram-imageurl="https://mmbiz.qpic.cn/15/0?a=1&amp;wx_fmt=png" data-miniprogram-type="card"></mp-common-miniprogram>
    </section>
    <p><strong><a data-miniprogram-appid="wx0123456789abcdef" data-miniprogram-path="pages/index/index" href="">粗</a></strong></p>
    </section>
    "###);
}

#[test]
fn misplaced_ones_are_errors_at_the_call() {
    let body = "看{{ shop.card() }}这里\n\n[a {{ shop.link(\"b\") }}](https://mp.weixin.qq.com/s/1)\n\n\
                `{{ shop.link(\"c\") }}`\n\n[d]({{ shop.link(\"d\") }})\n\n<p title=\"{{ shop.card() }}\">e</p>\n\n\
                ```\n{{ shop.card() }}\n```\n";
    assert_snapshot!(Trial::new(body).problems(), @r###"
    error Q0707 spring/launch.md:1:5 `shop.card()`: a mini program stands inside a sentence
      put it on a line of its own, with an empty line before and after
    error Q0707 spring/launch.md:3:7 `shop.link("b")`: a mini program stands inside a link
      write it beside that, not in it
    error Q0707 spring/launch.md:5:5 `shop.link("c")`: a mini program stands inside code
      write it beside that, not in it
    error Q0707 spring/launch.md:7:8 `shop.link("d")`: a mini program stands inside an attribute
      write it beside that, not in it
    error Q0707 spring/launch.md:9:14 `shop.card()`: a mini program stands inside an attribute
      write it beside that, not in it
    error Q0707 spring/launch.md:12:4 `shop.card()`: a mini program stands inside code
      write it beside that, not in it
    "###);
}

#[test]
fn what_is_missing_is_told_at_the_call() {
    let body = "{{ bare.card() }}\n\n{{ bare.link() }}\n\n{{ bare.image() }}\n\n{{ shop.link(\"字\", path=\"/pages/a\") }}\n\n\
                {{ shop.card(image=\"images/外套.png\") }}\n\n{{ shop.image(\"images/没有.png\") }}\n";
    assert_snapshot!(Trial::new(body).problems(), @r###"
    error Q0708 spring/launch.md:1:4 `bare.card()`: the mini program `bare` has no title
      write it under `mini_programs`, or as an argument
    error Q0708 spring/launch.md:1:4 `bare.card()`: the mini program `bare` has no picture
      write it under `mini_programs`, or as an argument
    error Q0708 spring/launch.md:3:4 `bare.link()`: the mini program `bare` has no text
      write it under `mini_programs`, or as an argument
    error Q0708 spring/launch.md:5:4 `bare.image()`: the mini program `bare` has no picture
      write it under `mini_programs`, or as an argument
    error Q0708 spring/launch.md:7:4 `shop.link("字", path="/pages/a")`: the mini program's path `/pages/a` begins with a slash
      write it as in `pages/index/index`
    warning Q0807 spring/launch.md:9:4 `shop.card(image="images/外套.png")`: the card's picture has 600 × 400 pixels
      make it 1080 × 864 pixels
    error Q0801 spring/launch.md:11:4 `shop.image("images/没有.png")`: there is no picture `images/没有.png`
      did you mean `images/外套.png`?
    "###);
}

#[test]
fn nothing_written_by_hand_passes_for_one() {
    let body = "<mp-common-miniprogram data-miniprogram-appid=\"wx1\" data-miniprogram-type=\"card\">字</mp-common-miniprogram>\n\n\
                买<a data-miniprogram-appid=\"wx1\" data-miniprogram-path=\"p\" href=\"\">这</a>个\n\n\
                <mp-miniprogram data-miniprogram-appid='wx1'></mp-miniprogram>尾";
    let trial = Trial::new(body);
    assert_snapshot!(readable(&trial.html()), @r###"
    <section>
    <p>字</p>
    <p>买这个</p>
    <p>尾</p>
    </section>
    "###);
    assert_snapshot!(trial.problems(), @r###"
    warning Q0709 spring/launch.md:1:1 `<mp-common-miniprogram`: `<mp-common-miniprogram>` is left out
      mini programs are written `{{ shop.card() }}`
    warning Q0709 spring/launch.md:1:24 `data-miniprogram-appid`: `data-miniprogram-appid` is left out
      mini programs are written `{{ shop.link() }}`
    warning Q0709 spring/launch.md:1:53 `data-miniprogram-type`: `data-miniprogram-type` is left out
      mini programs are written `{{ shop.link() }}`
    warning Q0709 spring/launch.md:3:5 `data-miniprogram-appid`: `data-miniprogram-appid` is left out
      mini programs are written `{{ shop.link() }}`
    warning Q0709 spring/launch.md:3:34 `data-miniprogram-path`: `data-miniprogram-path` is left out
      mini programs are written `{{ shop.link() }}`
    warning Q0709 spring/launch.md:5:1 `<mp-miniprogram`: `<mp-miniprogram>` is left out
      mini programs are written `{{ shop.card() }}`
    warning Q0709 spring/launch.md:5:17 `data-miniprogram-appid`: `data-miniprogram-appid` is left out
      mini programs are written `{{ shop.link() }}`
    "###);
}

#[test]
fn a_mark_typed_by_hand_shows_nothing() {
    assert_snapshot!(check("甲\u{10F800}\u{10F810}\u{10F802}乙\u{10F801}\u{10F810}\u{10F802}丙\u{10F805}"), @r###"
    <section>
    <p>甲乙丙</p>
    </section>
    "###);
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
    assert_snapshot!(Trial::new("见 {{ shop.link(\"a\", \"b\") }}").problems(), @r###"
    error Q0605 spring/launch.md:1:10 `.link("a", "b")`: `link` takes its other arguments by name
      write `card()`, `link("文字", path=…)` or `image("图片", path=…)`
    "###);
}
