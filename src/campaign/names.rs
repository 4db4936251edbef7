//! "Did you mean …?"

/// Writes names in a row: `` `a`, `b` and 3 more ``.
pub(super) fn listed<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    const SHOWN_MAX: usize = 12;
    let names: Vec<&str> = names.into_iter().collect();
    let shown: Vec<String> = names.iter().take(SHOWN_MAX).map(|name| format!("`{name}`")).collect();
    let mut text = shown.join(", ");
    if names.len() > SHOWN_MAX {
        text = format!("{text} and {} more", names.len() - SHOWN_MAX);
    }
    text
}

/// Finds the name that was probably meant: the nearest, if it is near enough.
pub(super) fn nearest<'a>(word: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let far = (word.chars().count() / 3).clamp(1, 3);
    let distance = |name: &str| strsim::damerau_levenshtein(word, name);
    names
        .into_iter()
        .map(|name| (distance(name), name))
        .filter(|(distance, _)| *distance <= far)
        .min()
        .map(|(_, name)| name)
}

/// The help of every unknown name: the nearest one, then all that exist.
pub(super) fn help(word: &str, kind: &str, names: &[&str]) -> String {
    let all = match names {
        [] => format!("there are no {kind} yet"),
        names => format!("the {kind} are: {}", listed(names.iter().copied())),
    };
    match nearest(word, names.iter().copied()) {
        Some(near) => format!("did you mean `{near}`? {all}"),
        None => all,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(word: &str, names: &[&str], expected: &str) {
        assert_eq!(help(word, "articles", names), expected);
    }

    #[test]
    fn the_nearest_name_comes_first_and_all_are_listed() {
        check(
            "lanuch",
            &["care", "launch"],
            "did you mean `launch`? the articles are: `care`, `launch`",
        );
        check("发布", &["launch"], "the articles are: `launch`");
        check("launch", &[], "there are no articles yet");
        let many: Vec<String> = (10..30).map(|n| format!("issue-{n}")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        assert!(help("x", "articles", &many).ends_with("`issue-21` and 8 more"));
    }
}
