//! Problems: all at once, each at its place.

use insta::assert_snapshot;

use super::{Trial, png};

#[test]
fn unknown_names_are_all_told_with_the_names_there_are() {
    let mut trial = Trial::new("{{ seson }}与{{ vars.brnd }}\n\n{% include \"尾.md\" %}\n");
    trial.file("尾.md", "第一行\n{{ colour }}\n".into());
    assert_snapshot!(trial.problems(), @"");
    let mut trial =
        Trial::new("{{ one }}{{ two.three }}{% if four %}五{% endif %}{{ six.seven() }}");
    trial.campaign.articles[0].title = trial.spanned("{{ season }}上新：十二款通勤外套");
    trial.campaign.vars.clear();
    assert_snapshot!(trial.problems(), @"");
}

#[test]
fn templates_that_fail_point_into_their_file() {
    assert_snapshot!(Trial::new("一\n{% if season %}二").problems(), @"");
    assert_snapshot!(Trial::new("一\n{{ season | shout }}").problems(), @"");
    assert_snapshot!(Trial::new("{{ season + 1 }}").problems(), @"");
    assert_snapshot!(Trial::new("{% include \"../secret.md\" %}").problems(), @"");
    assert_snapshot!(Trial::new("{{ campaign.edition }}").problems(), @"");
    assert_snapshot!(Trial::new("{{ shop.link(nme) }}").problems(), @"");
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
        assert!(desired.is_none() && problems.iter().any(|problem| problem.is_error()), "{body}");
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
    assert_snapshot!(trial.problems(), @"");
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
    assert_snapshot!(trial.problems(), @"");
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
    assert_snapshot!(trial.problems(), @"");
}

#[test]
fn a_long_body_says_what_takes_the_room() {
    assert_snapshot!(Trial::new(&"春天来了。\n\n".repeat(200)).problems(), @"");
    for body in ["", "<!-- 无 -->", "<script>1</script>", "<p> </p>"] {
        assert!(Trial::new(body).problems().contains("Q0705"), "{body}");
    }
}

#[test]
fn an_article_that_nothing_sends_is_still_checked() {
    let mut trial = Trial::new("{{ nothing }}");
    trial.campaign.sends.clear();
    assert_snapshot!(trial.problems(), @"");
}
