//! What Markdown and HTML come to.

use insta::assert_snapshot;

use super::{Trial, check, readable};

#[test]
fn headings_paragraphs_and_emphasis() {
    let html = check(
        "# 春季上新\n\n轻便、**防风：**好打理，\n~~七折~~ *八折*起。\n换行<br>在此。\n\n---\n\n## {{ vars.season }}\n",
    );
    assert_snapshot!(html, @r###"
    <section>
    <h1>春季上新</h1>
    <p>轻便、<strong>防风：</strong>好打理，<del>七折</del> <em>八折</em>起。换行<br>在此。</p>
    <hr>
    <h2>春季</h2>
    </section>
    "###);
}

#[test]
fn lists_are_lines_with_markers_and_tasks_have_boxes() {
    let html = check(
        "- 风衣\n- 外套\n  1. 短款\n  2. 长款\n\n3. 第三\n\n   续段\n\n   > 引用\n4. 第四\n\n- [x] 打样\n- [ ] 上架\n",
    );
    assert_snapshot!(html, @r###"
    <section>
    <section>
    <section>• 风衣
    </section>
    <section>• 外套
    </section>
    <section>1. 短款
    </section>
    <section>2. 长款
    </section>
    </section>
    <section>
    <section>3. 第三
    </section>
    <section>续段
    </section>
    <section>
    <blockquote>
    <p>引用</p></blockquote>
    </section>
    <section>4. 第四
    </section>
    </section>
    <section>
    <section>☑ 打样
    </section>
    <section>☐ 上架
    </section>
    </section>
    </section>
    "###);
}

#[test]
fn tables_scroll_and_cells_are_aligned() {
    let html = Trial::new("| 款式 | 价格 |\n|:--|--:|\n| 风衣 | **299** |\n").html();
    assert_snapshot!(html, @r###"<section style="font-size:16px;line-height:1.75;color:#4b5563;letter-spacing:.5px;word-break:break-word"><section style="margin:0 0 16px;overflow-x:auto"><table style="min-width:100%;border-collapse:collapse"><thead><tr><th style="padding:8px 10px;border:1px solid #c9d3d0;background:#e6efec;font-size:14px;line-height:1.6;color:#2f6f5e;text-align:left">款式</th><th style="padding:8px 10px;border:1px solid #c9d3d0;background:#e6efec;font-size:14px;line-height:1.6;color:#2f6f5e;text-align:right">价格</th></tr></thead><tbody><tr><td style="padding:8px 10px;border:1px solid #c9d3d0;font-size:14px;line-height:1.6;color:#4b5563;text-align:left">风衣</td><td style="padding:8px 10px;border:1px solid #c9d3d0;font-size:14px;line-height:1.6;color:#4b5563;text-align:right"><strong style="color:#2f6f5e">299</strong></td></tr></tbody></table></section></section>"###);
}

#[test]
fn code_keeps_its_spaces_and_lines() {
    let html = Trial::new("用 `a  <b>` 查：\n\n```sh\nif x;\tthen\n  echo 春\n\nfi\n```\n").html();
    assert_snapshot!(html, @r###"<section style="font-size:16px;line-height:1.75;color:#4b5563;letter-spacing:.5px;word-break:break-word"><p style="margin:0 0 16px;font-size:16px;line-height:1.75;color:#4b5563">用 <code style="padding:2px 5px;border-radius:3px;background:#eef2f1;font-family:Menlo, Consolas, monospace;font-size:14px;color:#b0563b;word-break:break-all">a &lt;b&gt;</code> 查：</p><pre style="margin:0 0 16px;padding:14px 16px;border-radius:6px;background:#f1f4f3;overflow-x:auto"><code style="border-radius:3px;font-family:Menlo, Consolas, monospace;padding:0;background:none;font-size:13px;color:#4b5563;word-break:normal;display:block;line-height:1.6;white-space:nowrap">if&nbsp;x;&nbsp;&nbsp;&nbsp;then<br>&nbsp;&nbsp;echo&nbsp;春<br><br>fi</code></pre></section>"###);
}

#[test]
fn quotations_and_a_plain_paragraph_have_all_their_styles() {
    let html = Trial::new("正文\n\n> 引用\n").html();
    assert_snapshot!(html, @r###"<section style="font-size:16px;line-height:1.75;color:#4b5563;letter-spacing:.5px;word-break:break-word"><p style="margin:0 0 16px;font-size:16px;line-height:1.75;color:#4b5563">正文</p><blockquote style="margin:0 0 16px;padding:12px 16px;border-left:3px solid #9db8b0;background:#f1f6f4"><p style="line-height:1.75;margin:0;font-size:15px;color:#5f6b76">引用</p></blockquote></section>"###);
}

#[test]
fn other_sites_become_references_and_wechat_opens() {
    let html = check(
        "见[官网](https://example.com/a?b=1&c=2)、[再看](https://example.com/a?b=1&c=2)、<https://example.com/x>、\
         [往期](http://mp.weixin.qq.com/s/abc)、[尺码](#size)、[来信](mailto:a@example.com)。\n\n注[^1]。\n\n[^1]: 脚注\n",
    );
    assert_snapshot!(html, @r###"
    <section>
    <p>见官网<sup>[1]</sup>、再看<sup>[1]</sup>、https://example.com/x、<a href="https://mp.weixin.qq.com/s/abc">往期</a>、尺码、来信。</p>
    <p>注<sup>1</sup>。</p>
    <section>
    <section>
    <section>1. 脚注
    </section>
    </section>
    </section>
    <section>
    <p>参考链接</p>
    <p>[1] 官网：https://example.com/a?b=1&amp;c=2</p>
    </section>
    </section>
    "###);
}

#[test]
fn pictures_have_their_addresses_by_https_and_their_size_in_the_style() {
    let trial = Trial::new(
        "![通勤外套](images/外套.png)\n\n<img src=\"images/%E5%A4%96%E5%A5%97.png\" alt=\"小图\" width=\"120\">\n",
    );
    assert_snapshot!(trial.html(), @r###"<section style="font-size:16px;line-height:1.75;color:#4b5563;letter-spacing:.5px;word-break:break-word"><p style="margin:0 0 16px;font-size:16px;line-height:1.75;color:#4b5563"><img src="https://mmbiz.qpic.cn/17/0?a=1&amp;wx_fmt=png" alt="通勤外套" style="display:block;max-width:100%;height:auto;margin:0 auto;border-radius:4px"></p><p style="margin:0 0 16px;font-size:16px;line-height:1.75;color:#4b5563"><img src="https://mmbiz.qpic.cn/17/0?a=1&amp;wx_fmt=png" alt="小图" style="display:block;max-width:100%;height:auto;margin:0 auto;border-radius:4px;width:120px"></p></section>"###);
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
    assert_snapshot!(readable(&trial.html()), @r###"
    <section>
    <section>
    <p>你好，北风</p>
    </section>
    <p>裸文字<em>斜</em></p>
    </section>
    "###);
    assert_snapshot!(trial.problems(), @r###"
    warning Q0710 spring/launch.html:1:13 `position:fixed`: the style `position` is left out
    warning Q0709 spring/launch.html:3:1 `<script`: `<script>` is left out, with what is in it
    warning Q0709 spring/launch.html:3:26 `<style`: `<style>` is left out, with what is in it
    "###);
}

#[test]
fn values_are_escaped_but_for_slashes() {
    let mut trial = Trial::new("{{ evil }}");
    trial.campaign.vars.insert("evil".to_owned(), "a/b <script>alert('&\"')</script>".into());
    assert_snapshot!(readable(&trial.html()), @r###"
    <section>
    <p>a/b &lt;script&gt;alert('&amp;"')&lt;/script&gt;</p>
    </section>
    "###);
}

#[test]
fn loops_on_lines_of_their_own_leave_no_lines_in_a_table() {
    let mut trial = Trial::new(
        "| 款 |\n|---|\n{% for name in names %}\n| {{ name }} |\n{% endfor %}\n\n{% include \"尾.md\" %}",
    );
    trial.campaign.vars.insert("names".to_owned(), serde_json::json!(["风衣", "外套"]));
    trial.file("尾.md", "——{{ brand }}".into());
    assert_snapshot!(readable(&trial.html()), @r###"
    <section>
    <section>
    <table><thead>
    <tr><th>款</th></tr></thead><tbody>
    <tr><td>风衣</td></tr>
    <tr><td>外套</td></tr></tbody></table>
    </section>
    <p>——北风</p>
    </section>
    "###);
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
