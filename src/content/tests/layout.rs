//! What Markdown and HTML come to.

use insta::assert_snapshot;

use super::{Trial, check, readable};

#[test]
fn headings_paragraphs_and_emphasis() {
    let html = check(
        "# 春季上新\n\n轻便、**防风：**好打理，\n~~七折~~ *八折*起。\n换行<br>在此。\n\n---\n\n## {{ vars.season }}\n",
    );
    assert_snapshot!(html, @"");
}

#[test]
fn lists_are_lines_with_markers_and_tasks_have_boxes() {
    let html = check(
        "- 风衣\n- 外套\n  1. 短款\n  2. 长款\n\n3. 第三\n\n   续段\n\n   > 引用\n4. 第四\n\n- [x] 打样\n- [ ] 上架\n",
    );
    assert_snapshot!(html, @"");
}

#[test]
fn tables_scroll_and_cells_are_aligned() {
    let html = Trial::new("| 款式 | 价格 |\n|:--|--:|\n| 风衣 | **299** |\n").html();
    assert_snapshot!(html, @"");
}

#[test]
fn code_keeps_its_spaces_and_lines() {
    let html = Trial::new("用 `a  <b>` 查：\n\n```sh\nif x;\tthen\n  echo 春\n\nfi\n```\n").html();
    assert_snapshot!(html, @"");
}

#[test]
fn quotations_and_a_plain_paragraph_have_all_their_styles() {
    let html = Trial::new("正文\n\n> 引用\n").html();
    assert_snapshot!(html, @"");
}

#[test]
fn other_sites_become_references_and_wechat_opens() {
    let html = check(
        "见[官网](https://example.com/a?b=1&c=2)、[再看](https://example.com/a?b=1&c=2)、<https://example.com/x>、\
         [往期](http://mp.weixin.qq.com/s/abc)、[尺码](#size)、[来信](mailto:a@example.com)。\n\n注[^1]。\n\n[^1]: 脚注\n",
    );
    assert_snapshot!(html, @"");
}

#[test]
fn pictures_have_their_addresses_by_https_and_their_size_in_the_style() {
    let trial = Trial::new(
        "![通勤外套](images/外套.png)\n\n<img src=\"images/%E5%A4%96%E5%A5%97.png\" alt=\"小图\" width=\"120\">\n",
    );
    assert_snapshot!(trial.html(), @"");
    let (desired, _) = trial.render();
    let names: Vec<String> = desired.unwrap().images.into_values().map(|file| file.name).collect();
    assert_eq!(names.len(), 2, "the cover, and one picture for two uses: {names:?}");
}

#[test]
fn html_bodies_go_the_same_way() {
    let mut trial = Trial::new("");
    trial.file(
        "launch.html",
        "<div style='position:fixed;color:#c33' class=x id=y onclick='a()'>\n  <p>你好，{{ brand }}</p>\n\
         <script>alert(1)</script><style>p{color:red}</style>\n</div>\n裸文字<i>斜</i>"
            .into(),
    );
    trial.campaign.articles[0].body.value = "launch.html".to_owned();
    assert_snapshot!(readable(&trial.html()), @"");
    assert_snapshot!(trial.problems(), @"");
}

#[test]
fn values_are_escaped_but_for_slashes() {
    let mut trial = Trial::new("{{ evil }}");
    trial.campaign.vars.insert("evil".to_owned(), "a/b <script>alert('&\"')</script>".into());
    assert_snapshot!(readable(&trial.html()), @"");
}

#[test]
fn loops_on_lines_of_their_own_leave_no_lines_in_a_table() {
    let mut trial = Trial::new(
        "| 款 |\n|---|\n{% for name in names %}\n| {{ name }} |\n{% endfor %}\n\n{% include \"尾.md\" %}",
    );
    trial.campaign.vars.insert("names".to_owned(), serde_json::json!(["风衣", "外套"]));
    trial.file("尾.md", "——{{ brand }}".into());
    assert_snapshot!(readable(&trial.html()), @"");
}

#[test]
fn a_changed_picture_changes_the_content_and_an_unused_var_does_not() {
    let print = |trial: &Trial| trial.render().0.unwrap().sends[0].content.fingerprint();
    let mut trial = Trial::new("![外套](images/外套.png)");
    let before = print(&trial);
    trial.campaign.vars.insert("unused".to_owned(), "未用".into());
    assert_eq!(print(&trial), before);
    trial.file("images/外套.png", super::png(600, 400, 3));
    assert_ne!(print(&trial), before);
}
