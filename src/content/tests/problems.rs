//! Problems: all at once, each at its place.

use insta::assert_snapshot;

use crate::diagnostic::Diagnostic;

use super::{Trial, png};

#[test]
fn unknown_names_are_all_told_with_the_names_there_are() {
    let mut trial = Trial::new("{{ seson }}与{{ vars.brnd }}\n\n{% include \"尾.md\" %}\n");
    trial.file("尾.md", "第一行\n{{ colour }}\n".into());
    assert_snapshot!(trial.problems(), @r###"
    error Q0602 spring/launch.md:1:4 `seson`: there is no name `seson` here
      did you mean `season`? there are `account`, `article`, `bare`, `brand`, `campaign`, `season`, `shop`, `vars`
    error Q0602 spring/launch.md:1:16 `vars.brnd`: `vars` has no `brnd`
      did you mean `brand`? there are `brand`, `season`
    error Q0602 spring/尾.md:2:4 `colour`: there is no name `colour` here
      there are `account`, `article`, `bare`, `brand`, `campaign`, `season`, `shop`, `vars`
    "###);
    let mut trial =
        Trial::new("{{ one }}{{ two.three }}{% if four %}五{% endif %}{{ six.seven() }}");
    trial.campaign.articles[0].title = trial.spanned("{{ season }}上新：十二款通勤外套");
    trial.campaign.vars.clear();
    assert_snapshot!(trial.problems(), @r###"
    error Q0602 spring/campaign.yaml:3:74 `season`: there is no name `season` here
      there are `account`, `brand`, `campaign`, `vars`
    error Q0602 spring/campaign.yaml:7:16 `season`: there is no name `season` here
      there are `account`, `brand`, `campaign`, `vars`
    error Q0602 spring/launch.md:1:4 `one`: there is no name `one` here
      there are `account`, `article`, `bare`, `brand`, `campaign`, `shop`, `vars`
    error Q0602 spring/launch.md:1:13 `two`: there is no name `two` here
      there are `account`, `article`, `bare`, `brand`, `campaign`, `shop`, `vars`
    error Q0602 spring/launch.md:1:31 `four`: there is no name `four` here
      there are `account`, `article`, `bare`, `brand`, `campaign`, `shop`, `vars`
    error Q0602 spring/launch.md:1:53 `six`: there is no name `six` here
      there are `account`, `article`, `bare`, `brand`, `campaign`, `shop`, `vars`
    "###);
}

#[test]
fn templates_that_fail_point_into_their_file() {
    assert_snapshot!(Trial::new("一\n{% if season %}二").problems(), @"error Q0601 spring/launch.md:2:16 `二`: unexpected end of input, expected end of block");
    assert_snapshot!(Trial::new("一\n{{ season | shout }}").problems(), @"error Q0603 spring/launch.md:2:13 `shout`: filter shout is unknown");
    assert_snapshot!(Trial::new("{{ season + 1 }}").problems(), @"error Q0603 spring/launch.md:1:4 `season + 1`: tried to use + operator on unsupported types string and number");
    assert_snapshot!(Trial::new("{% include \"../secret.md\" %}").problems(), @r###"
    error Q0606 spring/launch.md:1:4 `include "../secret.md"`: tried to include non-existing template '../secret.md'
      name a text file of the campaign's folder by its path from there
    "###);
    assert_snapshot!(Trial::new("{{ campaign.edition }}").problems(), @"error Q0603 spring/launch.md:1:4 `campaign.edition`: a value is null, which is no text");
    assert_snapshot!(Trial::new("{{ shop.link(nme) }}").problems(), @r###"
    error Q0602 spring/launch.md:1:14 `nme`: there is no name `nme` here
      there are `account`, `article`, `bare`, `brand`, `campaign`, `season`, `shop`, `vars`
    "###);
}

#[test]
fn templates_cannot_run_away() {
    let bodies = [
        "{% for i in range(100000) %}{% for j in range(100000) %}{% endfor %}{% endfor %}",
        "{% for i in range(9000) %}一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十{% endfor %}",
        "{{ 'a' * 100000000 }}",
        "{% include \"launch.md\" %}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    ];
    for body in bodies {
        let (desired, problems) = Trial::new(body).render();
        assert!(desired.is_none() && problems.iter().any(Diagnostic::is_error), "{body}");
    }
}

#[test]
fn pictures_are_judged_where_they_are_written() {
    let mut trial = Trial::new(
        "![一](images/外套.jpg)\n![二](https://example.com/a.png) ![三](data:image/png;base64,AAAA)\n\n\
         ![](images/外套.png)\n![四](images/动.gif) ![五](images/大.png) ![六](../../出.png) ![七](images/文.png)\n\n\
         <img alt=\"八\" src=\"//example.com/b.png\"><img alt=九>\n",
    );
    let mut large = png(10, 10, 9);
    large.resize(1_048_576, 0);
    trial.file("images/大.png", large);
    trial.file("images/动.gif", b"GIF89a....".to_vec());
    trial.file("images/文.png", b"no picture".to_vec());
    assert_snapshot!(trial.problems(), @r###"
    error Q0801 spring/launch.md:1:6 `images/外套.jpg`: there is no picture `images/外套.jpg`
      did you mean `images/外套.png`?
    error Q0802 spring/launch.md:2:6 `https://example.com/a.png`: WeChat would drop the picture `https://example.com/a.png`
      save it beside the article and write its path
    error Q0802 spring/launch.md:2:38 `data:image/png;base64,AAAA`: WeChat would drop the picture `data:image/png;base64,AAAA`
      save it beside the article and write its path
    warning Q0806 spring/launch.md:4:5 `images/外套.png`: the picture `images/外套.png` has no description
    error Q0803 spring/launch.md:5:6 `images/动.gif`: the picture `images/动.gif` is a gif by its content
      convert it to jpg or png
    error Q0804 spring/launch.md:5:25 `images/大.png`: the picture `images/大.png` has 1048576 bytes
      WeChat takes less than 1,048,576 bytes: make it smaller
    error Q0801 spring/launch.md:5:44 `../../出.png`: the path `../../出.png` leaves the campaign's folder
      bring the picture into the folder; a shared one begins with `/`
    error Q0803 spring/launch.md:5:62 `images/文.png`: the picture `images/文.png` is no picture by its content
      convert it to jpg or png
    error Q0802 spring/launch.md:7:19 `//example.com/b.png`: WeChat would drop the picture `//example.com/b.png`
      save it beside the article and write its path
    error Q0801 spring/launch.md:7:1 `<img`: a picture without a path
    "###);
}

#[test]
fn a_picture_one_byte_under_the_limit_is_fine() {
    let mut trial = Trial::new("![大](images/大.png)");
    let mut large = png(10, 10, 9);
    large.resize(1_048_575, 0);
    trial.file("images/大.png", large);
    assert_eq!(trial.problems(), "");
}

#[test]
fn what_does_not_survive_is_a_warning_and_what_cannot_be_drawn_an_error() {
    let trial = Trial::new(
        "<script>x</script>\n\n<p style=\"color:red;background:url(http://a/b.png);transform:none\">一</p>\n\n\
         <iframe src=\"https://v.qq.com\"></iframe>\n\n[二](other.md)\n\n```mermaid\ngraph TD;\n```\n",
    );
    assert_snapshot!(trial.problems(), @r###"
    warning Q0709 spring/launch.md:1:1 `<script`: `<script>` is left out, with what is in it
    warning Q0710 spring/launch.md:3:21 `background:url(http://a/b.png)`: the style `background` is left out
    warning Q0710 spring/launch.md:3:52 `transform:none`: the style `transform` is left out
    warning Q0709 spring/launch.md:5:1 `<iframe`: `<iframe>` is left out, with what is in it
    warning Q0711 spring/launch.md:7:5 `other.md`: the link to `other.md` leads nowhere in an article
    error Q0712 spring/launch.md:9:1 ````mermaid`: a block in `mermaid` cannot be drawn
      put a picture of it beside the article: `![订单流程](images/flow.png)`
    "###);
}

#[test]
fn lengths_are_counted_after_rendering() {
    let mut trial = Trial::new("正文");
    trial.campaign.vars.insert("season".to_owned(), "春".repeat(30).into());
    trial.campaign.articles[0].author = Some(trial.spanned("一二三四五六七八九十一二三四五六七"));
    trial.campaign.articles[0].digest = Some(trial.spanned(&"摘".repeat(121)));
    trial.campaign.articles[0].source_url = Some(trial.spanned("www.example.com"));
    trial.campaign.articles[0].theme = Some(trial.spanned("mine.css"));
    trial.campaign.articles[0].cover = trial.spanned("images/none.jpg");
    assert_snapshot!(trial.problems(), @r###"
    error Q0701 spring/campaign.yaml:7:13 `{{ season }}上新：十二款通勤外套`: the title has 40 characters of 32
    error Q0702 spring/campaign.yaml:1:1 ``: the author has 17 characters of 16
    error Q0703 spring/campaign.yaml:1:1 ``: the digest has 121 characters of 120
    error Q0713 spring/campaign.yaml:1:1 ``: `www.example.com` is no web address
    error Q0706 spring/campaign.yaml:1:1 ``: there is no theme `mine.css`
      there is `default`
    error Q0801 spring/campaign.yaml:1:1 ``: there is no picture `images/none.jpg`
      did you mean `images/cover.jpg`?
    "###);
}

#[test]
fn a_long_body_says_what_takes_the_room() {
    let (desired, problems) = Trial::new(&"春天来了。\n\n".repeat(300)).render();
    assert!(desired.is_none());
    assert_snapshot!(problems[0].message, @"the article `launch` has 24715 characters and 27715 bytes");
    assert_snapshot!(problems[0].at.as_ref().unwrap().text, @"text takes 1500, styles 21096, pictures' addresses 0, other markup 2119");
    for body in ["", "<!-- 无 -->", "<script>1</script>", "<p> </p>"] {
        assert!(Trial::new(body).problems().contains("Q0705"), "{body}");
    }
}

#[test]
fn an_article_that_nothing_sends_is_still_checked() {
    let mut trial = Trial::new("{{ nothing }}");
    trial.campaign.sends.clear();
    assert_snapshot!(trial.problems(), @r###"
    error Q0602 spring/launch.md:1:4 `nothing`: there is no name `nothing` here
      there are `account`, `article`, `bare`, `brand`, `campaign`, `season`, `shop`, `vars`
    warning Q0715 spring/campaign.yaml:6:3 `launch`: no send uses the article `launch`
    "###);
}

#[test]
fn a_list_of_openids_cannot_be_included() {
    for list in ["名单.txt", "名单.csv"] {
        let mut trial = Trial::new(&format!("上新了\n\n{{% include \"{list}\" %}}\n"));
        trial.file(list, b"o6_bmjrPTlm6_2sgVt7hMZOPfL2M\n".to_vec());
        let (desired, problems) = trial.render();
        let codes: Vec<_> = problems.iter().map(|problem| problem.code.id).collect();
        assert_eq!((desired.is_none(), codes), (true, vec!["Q0606"]), "{list}");
    }
}
