//! `explain --all` of the built program: every code there is, in both languages.

use qunfa::wechat;
use unicode_width::UnicodeWidthStr as _;

use crate::support::program::Project;

fn project() -> Project {
    Project::new(&["demo: { kind: service, api: sandbox }"])
}

#[test]
fn every_code_is_there_in_both_languages() {
    let ran = project().run("explain --all --format json").expect(0, &[]);
    let json = ran.json("explain.schema.json");
    let told = json["wechat"].as_array().unwrap();
    assert_eq!(told.len(), wechat::facts().len());
    for fact in wechat::facts() {
        let told = told.iter().find(|told| told["code"] == fact.code).unwrap();
        assert_eq!(told["meaning"]["zh"], fact.meaning.zh);
        assert_eq!(told["to_do"]["en"], fact.to_do.en);
        assert_eq!(told["class"]["en"], fact.class.name().en);
    }
    let own: Vec<&str> =
        json["own"].as_array().unwrap().iter().map(|code| code["code"].as_str().unwrap()).collect();
    assert!(own.is_sorted() && own.contains(&"Q0110") && own.contains(&"Q0601"), "{own:?}");
    let known = qunfa::campaign::CODES.len() + qunfa::content::CODES.len() + 2;
    assert_eq!(own.len(), known);
    for format in ["human", "markdown"] {
        let text = project().run(&format!("explain --all --format {format}")).expect(0, &[]).out;
        for code in own
            .iter()
            .copied()
            .map(str::to_owned)
            .chain(wechat::facts().iter().map(|fact| fact.code.to_string()))
        {
            let is_there = text.split([' ', '\n']).any(|word| word == code);
            assert!(is_there, "no {code} in the {format} form");
        }
    }
}

#[test]
fn wide_characters_do_not_move_the_columns() {
    let text = project().run("explain --all").out;
    let rows = text.lines().take_while(|line| *line != "codes of ours");
    // Where no English line fills its column, two spaces and the Chinese text follow.
    let starts = rows.filter_map(|row| {
        let (before, after) = row.rsplit_once("  ")?;
        let is_chinese = after.chars().next().is_some_and(|c| ('一'..='龥').contains(&c));
        let is_text = is_chinese && before.width() > 40;
        is_text.then(|| before.width() + 2)
    });
    let starts: Vec<usize> = starts.collect();
    assert!(starts.len() > 200, "{}", starts.len());
    assert!(starts.iter().all(|start| *start == starts[0]), "{starts:?}");
    assert!(text.lines().all(|line| line.width() <= 100
        || line.contains('`')
        || line.starts_with("             ")));
}
