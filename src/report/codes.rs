//! The whole table of codes, WeChat's (返回码) and ours, in English and Chinese side by side.

use std::io::{self, Write};

use schemars::JsonSchema;
use serde::Serialize;

use super::human::pad_left;
use super::json::{self, FORMAT_VERSION};
use super::layout::{Page, column, pad, width, wrap};
use super::style::{Format, Style, Tone};
use super::{escape, markdown, nouns};

/// With fewer columns for both, one language stands below the other.
const BESIDE_COLUMNS_MIN: usize = 48;
/// Between two columns.
const GAP: &str = "  ";

/// A text in both languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Both {
    /// English.
    pub en: &'static str,
    /// 中文.
    pub zh: &'static str,
}

/// What is known of one of WeChat's codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct WeChatCode {
    /// WeChat's number.
    pub code: i64,
    /// What kind of trouble it tells of.
    pub class: Both,
    /// What it means.
    pub meaning: Both,
    /// What a person should do.
    pub to_do: Both,
}

/// One of our own codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct OwnCode {
    /// `Q` and four digits.
    pub code: &'static str,
    /// A few words.
    pub title: &'static str,
    /// Why it matters and what to do, in paragraphs: English, then Chinese, then an example.
    pub explanation: &'static str,
}

/// Every code that is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeTable {
    /// WeChat's.
    pub wechat: Vec<WeChatCode>,
    /// Ours.
    pub own: Vec<OwnCode>,
}

/// Writes the table, WeChat's codes by number and ours in their order.
///
/// # Errors
///
/// When `out` cannot be written to.
pub fn codes(
    table: &CodeTable,
    format: Format,
    style: &Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    match format {
        Format::Human => write_human(table, style, out),
        Format::Json => json::document(&TableJson::of(table), out),
        Format::Markdown => write_markdown(table, out),
    }
}

/// The JSON Schema (2020-12) of the table's JSON form.
pub fn codes_schema() -> serde_json::Value {
    schemars::schema_for!(TableJson).into()
}

/// The paragraphs of an explanation, sorted by what they are.
struct Explained {
    en: Vec<String>,
    zh: Vec<String>,
    /// Lines of an example, as they are.
    example: Vec<String>,
}

impl Explained {
    fn of(text: &str) -> Self {
        let mut sorted = Self { en: Vec::new(), zh: Vec::new(), example: Vec::new() };
        for paragraph in text.split("\n\n").filter(|paragraph| !paragraph.trim().is_empty()) {
            if paragraph.starts_with("    ") {
                sorted.example.extend(paragraph.lines().map(|line| line.trim_end().to_owned()));
            } else if is_chinese(paragraph) {
                sorted.zh.push(joined(paragraph));
            } else {
                sorted.en.push(joined(paragraph));
            }
        }
        sorted
    }
}

/// English names things in Chinese too, and Chinese quotes the language of the files: the greater
/// part decides.
fn is_chinese(text: &str) -> bool {
    let chinese = text.chars().filter(|c| is_wide(*c)).count();
    let latin = text.chars().filter(char::is_ascii_alphabetic).count();
    // A Chinese character is worth about three letters.
    chinese * 3 > latin
}

fn is_wide(c: char) -> bool {
    width(c.encode_utf8(&mut [0; 4])) == 2
}

/// A paragraph in one line: between two Chinese characters a line's end is no space.
fn joined(paragraph: &str) -> String {
    let mut text = String::with_capacity(paragraph.len());
    for line in paragraph.lines().map(str::trim) {
        let is_tight =
            text.chars().last().is_some_and(is_wide) && line.chars().next().is_some_and(is_wide);
        if !text.is_empty() && !is_tight {
            text.push(' ');
        }
        text.push_str(line);
    }
    text
}

/// WeChat's codes by their numbers.
fn in_order(table: &CodeTable) -> Vec<WeChatCode> {
    let mut codes = table.wechat.clone();
    codes.sort_by_key(|code| code.code);
    codes
}

fn tally(table: &CodeTable) -> String {
    let (wechat, own) = (table.wechat.len(), table.own.len());
    format!("{} of WeChat's, {} of ours.", nouns::count(wechat, "code", "codes"), own)
}

fn write_human(table: &CodeTable, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let page = &mut Page::new(style, out);
    page.line(&style.paint(Tone::Strong, "WeChat's codes (返回码)"))?;
    page.gap()?;
    let codes = in_order(table);
    let numbers: Vec<String> = codes.iter().map(|code| code.code.to_string()).collect();
    let wide = column(numbers.iter().map(String::as_str), usize::MAX);
    let classes: Vec<String> =
        codes.iter().map(|code| format!("{} {}", code.class.en, code.class.zh)).collect();
    let class = column(classes.iter().map(String::as_str), usize::MAX);
    for ((code, number), name) in codes.iter().zip(&numbers).zip(&classes) {
        let lead = format!("  {}{GAP}{}{GAP}", pad_left(number, wide), pad(name, class));
        pair(page, &lead, (code.meaning.en, code.meaning.zh), Tone::Strong)?;
        pair(page, &blank(&lead), (code.to_do.en, code.to_do.zh), Tone::Plain)?;
    }
    page.gap()?;
    page.line(&style.paint(Tone::Strong, "codes of ours"))?;
    page.gap()?;
    for code in &table.own {
        own(page, code)?;
    }
    page.paragraph(0, Tone::Strong, &tally(table))
}

fn blank(lead: &str) -> String {
    " ".repeat(width(lead))
}

fn own(page: &mut Page<'_>, code: &OwnCode) -> io::Result<()> {
    let explained = Explained::of(code.explanation);
    let lead = format!("  {}{GAP}", code.code);
    page.beside(&lead, Tone::Strong, &escape::terminal(code.title))?;
    let (en, zh) = (explained.en.join(" "), explained.zh.join(""));
    pair(page, &blank(&lead), (&en, &zh), Tone::Plain)?;
    for line in &explained.example {
        let line = page.style().paint(Tone::Hint, &escape::terminal(line));
        page.line(&format!("{}{line}", blank(&lead)))?;
    }
    page.gap()
}

/// Writes a text in both languages: side by side, or one below the other where there is no room.
/// `lead` stands before the first line.
fn pair(page: &mut Page<'_>, lead: &str, texts: (&str, &str), tone: Tone) -> io::Result<()> {
    let style = page.style();
    let (en, zh) = (escape::terminal(texts.0), escape::terminal(texts.1));
    let room = style.columns().saturating_sub(width(lead));
    if room < BESIDE_COLUMNS_MIN {
        page.beside(lead, tone, &en)?;
        return page.paragraph(width(lead), Tone::Plain, &zh);
    }
    // English is longer than the same in Chinese.
    let left = (room - GAP.len()) * 11 / 20;
    let (en, zh) = (wrap(&en, left), wrap(&zh, room - GAP.len() - left));
    let (mut en, mut zh) = (en.into_iter().peekable(), zh.into_iter().peekable());
    let mut before = lead.to_owned();
    while en.peek().is_some() || zh.peek().is_some() {
        let one = en.next().unwrap_or_default();
        // A command that is wider than its column has the line for itself.
        let other = if width(&one) > left { None } else { zh.next() };
        let space = " ".repeat(left.saturating_sub(width(&one)));
        let one = style.paint(tone, &one);
        page.line(&format!("{before}{one}{space}{GAP}{}", other.unwrap_or_default()))?;
        before = blank(lead);
    }
    Ok(())
}

fn write_markdown(table: &CodeTable, out: &mut dyn Write) -> io::Result<()> {
    let text =
        |both: Both| format!("{}<br>{}", escape::markdown(both.en), escape::markdown(both.zh));
    writeln!(out, "### WeChat's codes (返回码)\n")?;
    markdown::head(&["code", "class", "meaning", "what to do"], out)?;
    for code in in_order(table) {
        let cells = [code.code.to_string(), text(code.class), text(code.meaning), text(code.to_do)];
        markdown::row(&cells, out)?;
    }
    writeln!(out, "\n### Codes of ours\n")?;
    markdown::head(&["code", "what is wrong", "why, and what to do"], out)?;
    for code in &table.own {
        let Explained { en, zh, example } = Explained::of(code.explanation);
        let texts = en.iter().chain(&zh).map(|text| escape::markdown(text));
        let example = example.iter().map(|line| escape::markdown_code(line.trim()));
        let why = texts.chain(example).collect::<Vec<_>>().join("<br>");
        markdown::row(&[code.code.to_owned(), escape::markdown(code.title), why], out)?;
    }
    writeln!(out, "\n**{}**", tally(table))
}

/// Every code that is known.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "qunfa explain --all")]
struct TableJson {
    /// Fields are added within a version; none changes or goes.
    format_version: u32,
    /// WeChat's codes, by number.
    wechat: Vec<WeChatCode>,
    /// Our codes, in order.
    own: Vec<OwnCode>,
}

impl TableJson {
    fn of(table: &CodeTable) -> Self {
        Self { format_version: FORMAT_VERSION, wechat: in_order(table), own: table.own.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Color;
    use crate::report::fixtures::style;

    fn table() -> CodeTable {
        let class = Both { en: "quota", zh: "额度" };
        let no_quota = WeChatCode {
            code: 45028,
            class,
            meaning: Both {
                en: "no mass sends left for this period", zh: "本期群发次数已用完"
            },
            to_do: Both {
                en: "wait for the next day (订阅号) or month (服务号)",
                zh: "等待次日（订阅号）或次月（服务号）；后台手动群发也计入次数",
            },
        };
        let busy = WeChatCode {
            code: -1,
            class: Both { en: "transient", zh: "暂时" },
            meaning: Both { en: "system busy", zh: "系统繁忙" },
            to_do: Both { en: "try again in a while", zh: "稍后重试" },
        };
        let platform = WeChatCode { code: 268_487_001, ..busy };
        let own = OwnCode {
            code: "Q0402",
            title: "a file that is not there",
            explanation: "The path names no file: `a-very-long-command-that-is-wider-than-all` helps.\n\
                          Names are case-sensitive.\n\n路径指向的文件不存在。\n文件名区分大小写。\n\n    \
                          body: launch.md",
        };
        CodeTable { wechat: vec![no_quota, platform, busy], own: vec![own] }
    }

    fn shown(format: Format, style: &Style) -> String {
        let mut out = Vec::new();
        codes(&table(), format, style, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn both_languages_stand_side_by_side() {
        insta::assert_snapshot!(shown(Format::Human, &style()), @r"
        WeChat's codes (返回码)

                 -1  transient 暂时  system busy                 系统繁忙
                                     try again in a while        稍后重试
              45028  quota 额度      no mass sends left for      本期群发次数已用完
                                     this period
                                     wait for the next day (订   等待次日（订阅号）或次
                                     阅号) or month (服务号)     月（服务号）；后台手动
                                                                 群发也计入次数
          268487001  transient 暂时  system busy                 系统繁忙
                                     try again in a while        稍后重试

        codes of ours

          Q0402  a file that is not there
                 The path names no file:                路径指向的文件不存在。文件名区分
                 `a-very-long-command-that-is-wider-than-all`
                 helps. Names are case-sensitive.       大小写。
                     body: launch.md

        3 codes of WeChat's, 1 of ours.
        ");
    }

    #[test]
    fn on_a_narrow_screen_one_stands_below_the_other() {
        insta::assert_snapshot!(shown(Format::Human, &Style { width: 60, ..style() }), @r"
        WeChat's codes (返回码)

                 -1  transient 暂时  system busy
                                     系统繁忙
                                     try again in a while
                                     稍后重试
              45028  quota 额度      no mass sends left for this
                                     period
                                     本期群发次数已用完
                                     wait for the next day (订阅号)
                                     or month (服务号)
                                     等待次日（订阅号）或次月（服务
                                     号）；后台手动群发也计入次数
          268487001  transient 暂时  system busy
                                     系统繁忙
                                     try again in a while
                                     稍后重试

        codes of ours

          Q0402  a file that is not there
                 The path names no file:     路径指向的文件不存在。
                 `a-very-long-command-that-is-wider-than-all`
                 helps. Names are            文件名区分大小写。
                 case-sensitive.
                     body: launch.md

        3 codes of WeChat's, 1 of ours.
        ");
    }

    #[test]
    fn a_comment_has_tables() {
        insta::assert_snapshot!(shown(Format::Markdown, &style()), @r"
        ### WeChat's codes (返回码)

        | code | class | meaning | what to do |
        | --- | --- | --- | --- |
        | -1 | transient<br>暂时 | system busy<br>系统繁忙 | try again in a while<br>稍后重试 |
        | 45028 | quota<br>额度 | no mass sends left for this period<br>本期群发次数已用完 | wait for the next day (订阅号) or month (服务号)<br>等待次日（订阅号）或次月（服务号）；后台手动群发也计入次数 |
        | 268487001 | transient<br>暂时 | system busy<br>系统繁忙 | try again in a while<br>稍后重试 |

        ### Codes of ours

        | code | what is wrong | why, and what to do |
        | --- | --- | --- |
        | Q0402 | a file that is not there | The path names no file: `a-very-long-command-that-is-wider-than-all` helps. Names are case-sensitive.<br>路径指向的文件不存在。文件名区分大小写。<br>`body: launch.md` |

        **3 codes of WeChat's, 1 of ours.**
        ");
    }

    #[test]
    fn a_program_reads_the_same_by_the_schema() {
        let json: serde_json::Value = serde_json::from_str(&shown(Format::Json, &style())).unwrap();
        let numbers: Vec<i64> = json["wechat"]
            .as_array()
            .unwrap()
            .iter()
            .map(|c| c["code"].as_i64().unwrap())
            .collect();
        assert_eq!(numbers, [-1, 45_028, 268_487_001]);
        assert_eq!(json["own"][0]["code"], "Q0402");
        let validator = jsonschema::draft202012::new(&codes_schema()).unwrap();
        let problems: Vec<String> = validator.iter_errors(&json).map(|e| e.to_string()).collect();
        assert_eq!(problems, [""; 0]);
    }

    #[test]
    fn the_chinese_column_begins_at_one_place() {
        for width in [80, 100, 120] {
            let text = shown(Format::Human, &Style { width, ..style() });
            let starts = ["本期群发", "等待次日", "系统繁忙", "稍后重试"].map(|words| {
                let line = text.lines().find(|line| line.contains(words)).unwrap();
                super::width(&line[..line.find(words).unwrap()])
            });
            assert!(starts.iter().all(|start| *start == starts[0]), "{starts:?}\n{text}");
        }
    }

    #[test]
    fn colours_are_accents() {
        let painted = shown(Format::Human, &Style { color: Color::Ansi, ..style() });
        let plain = shown(Format::Human, &style());
        assert_eq!(anstream::adapter::strip_str(&painted).to_string(), plain);
    }
}
