//! The tree, and what is refused before there is one.

use crate::campaign::yaml::*;
use crate::diagnostic::SourceFile;

/// Reads `text` and writes the tree, or the problems, in one line each.
fn check(text: &str, expected: &str) {
    let file = SourceFile::new("f.yaml", text);
    let (root, problems) = read(&file);
    let mut seen: Vec<String> = root.iter().map(|root| shown(root, text)).collect();
    for problem in &problems {
        let (line, column) = problem.place().unwrap().line_column();
        seen.push(format!("{} {line}:{column} {}", problem.code.id, problem.message));
    }
    assert_eq!(seen.join("\n"), expected);
}

fn shown(node: &Node, text: &str) -> String {
    let source = &text[node.span.clone()];
    match &node.kind {
        Kind::Plain(_) => source.to_owned(),
        Kind::Quoted(value) => format!("{source}={value:?}"),
        Kind::List(items) => {
            let items: Vec<String> = items.iter().map(|item| shown(item, text)).collect();
            format!("[{}]", items.join(", "))
        }
        Kind::Map(entries) => {
            let entry = |(key, value): &(Node, Node)| {
                format!("{}: {}", shown(key, text), shown(value, text))
            };
            let entries: Vec<String> = entries.iter().map(entry).collect();
            format!("{{{}}}", entries.join(", "))
        }
    }
}

#[test]
fn every_value_stands_on_its_own_bytes() {
    check(
        "标题: 春季  # 注释\n列表:\n  - 一\n  - \"二\"\n空:\n块: |\n  行\n流: { a: [b], c: 'd' }\n",
        "{标题: 春季, 列表: [一, \"二\"=\"二\"], 空: 空, 块: 行\n=\"行\\n\", 流: {a: [b], c: 'd'=\"d\"}}",
    );
}

#[test]
fn aliases_are_filled_in() {
    check("a: &x { b: 春 }\nc: *x\n", "{a: {b: 春}, c: {b: 春}}");
}

#[test]
fn a_key_written_twice_is_refused_and_reading_goes_on() {
    check(
        "a: 1\nb: 2\na: 3\nb: 4\n",
        "{a: 1, b: 2}\nQ0104 3:1 `a` is written twice\nQ0104 4:1 `b` is written twice",
    );
}

#[test]
fn what_readers_disagree_about_is_refused() {
    check("a: !!str x\n", "{a: x}\nQ0106 1:10 a YAML tag (`!…`)");
    check("a: &x {}\nb: { <<: *x }\n", "{a: {}, b: {}}\nQ0106 2:6 a merge key `<<`");
    check("[a]: b\n", "Q0106 1:1 a key that is itself a list or an object");
    check("[?x]\n", "[?x]\nQ0106 1:2 unquoted text that begins with `?`");
    check("a: &b:c d\n", "{a: d}\nQ0106 1:4 an anchor with `:` in its name");
    check("a: b\u{2028}c\n", "Q0107 1:5 an invisible line break, U+2028");
    check("a: 1\n---\nb: 2\n", "{a: 1}\nQ0105 2:1 a second document begins here");
    check("", "Q0108 1:1 the file is empty");
}

#[test]
fn limits_hold() {
    let deep = "[".repeat(100_000);
    check(&deep, "Q0102 1:65 lists and objects nested more than 64 levels deep");
    check("a: &x [*x]\n", "Q0103 1:8 an alias inside its own anchor");
    let mut bomb = "a0: &a0 [一, 一, 一, 一, 一, 一, 一, 一, 一]\n".to_owned();
    for n in 1..9 {
        let many = vec![format!("*a{}", n - 1); 9].join(", ");
        bomb = format!("{bomb}a{n}: &a{n} [{many}]\n");
    }
    let (root, problems) = read(&SourceFile::new("f", bomb));
    assert!(root.is_none());
    assert_eq!(problems[0].code.id, "Q0103");
    let (_, problems) = read(&SourceFile::new("f", "a".repeat(YAML_BYTES_MAX + 1)));
    assert_eq!(problems[0].code.id, "Q0109");
}

#[test]
fn a_syntax_error_says_what_was_probably_meant() {
    let hint = |text: &str| {
        let (_, problems) = read(&SourceFile::new("f", text));
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert!(["Q0101", "Q0106"].contains(&problems[0].code.id));
        problems[0].help.clone().unwrap_or_default()
    };
    assert!(hint("title: {{ season }}上新\n").contains("needs quotes"));
    assert!(hint("a:\n\tb: c\n").contains("spaces"));
    assert!(hint("a: b\ntitle：春季\nc: d\n").contains("full-width"));
    assert!(hint("a: [b\n").is_empty());
}
