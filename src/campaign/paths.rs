//! Paths as written, and the keys of a bundle that they mean.

/// Turns a path of `campaign.yaml` into a key: relative to the campaign's folder, or beginning with
/// `/` from the folder of `qunfa.yaml`.
///
/// The error is the reason, as the end of a sentence that begins with the path.
pub(super) fn campaign_key(written: &str) -> Result<String, &'static str> {
    match written.strip_prefix('/') {
        Some(rest) => Ok(format!("/{}", inside(rest)?)),
        None => inside(written),
    }
}

/// Turns a path of `qunfa.yaml` into a key: both `shared/x.png` and `/shared/x.png` mean the same.
pub(super) fn project_key(written: &str) -> Result<String, &'static str> {
    Ok(format!("/{}", inside(written.strip_prefix('/').unwrap_or(written))?))
}

/// Turns a folder of `qunfa.yaml` into its plain form, without a slash at either end.
pub(super) fn folder(written: &str) -> Result<String, &'static str> {
    inside(written.strip_suffix('/').unwrap_or(written))
}

/// Whether a path, without a slash before it, lies inside a folder in its plain form.
pub(super) fn lies_in(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn inside(written: &str) -> Result<String, &'static str> {
    let mut bytes = written.bytes();
    let drive = bytes.next().is_some_and(|b| b.is_ascii_alphabetic()) && bytes.next() == Some(b':');
    if written.contains("://") {
        return Err("is a web address, and nothing is fetched from elsewhere");
    }
    if written.contains('\\') {
        return Err("holds a `\\`; folders are separated by `/`");
    }
    if drive || written.starts_with('/') {
        return Err("is an absolute path, and nothing outside the folder is read");
    }
    if written.is_empty() || written.ends_with('/') {
        return Err("names no file");
    }
    let mut words = Vec::new();
    for word in written.split('/') {
        match word {
            "" | "." => {}
            ".." => return Err("leaves its folder, and nothing outside it is read"),
            hidden if hidden.starts_with('.') => {
                return Err("has a part that begins with `.`, and such files are not read");
            }
            word => words.push(word),
        }
    }
    if words.is_empty() { Err("names no file") } else { Ok(words.join("/")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(written: &str, expected: Result<&str, &str>) {
        let seen = campaign_key(written);
        match expected {
            Ok(key) => assert_eq!(seen.as_deref(), Ok(key)),
            Err(part) => assert!(seen.clone().is_err_and(|why| why.contains(part)), "{seen:?}"),
        }
    }

    #[test]
    fn a_path_stays_inside() {
        check("images/封面.jpg", Ok("images/封面.jpg"));
        check("./images//封面.jpg", Ok("images/封面.jpg"));
        check("/shared/logo.png", Ok("/shared/logo.png"));
        check("../other/封面.jpg", Err("leaves its folder"));
        check("/shared/../../etc/passwd", Err("leaves its folder"));
        check("images\\封面.jpg", Err("separated by `/`"));
        check("C:/封面.jpg", Err("absolute"));
        check("//host/封面.jpg", Err("absolute"));
        check("https://example.com/封面.jpg", Err("web address"));
        check("images/", Err("names no file"));
        check(".", Err("names no file"));
        check(".env", Err("begins with `.`"));
        assert_eq!(project_key("shared/logo.png").as_deref(), Ok("/shared/logo.png"));
        assert_eq!(project_key("/shared/logo.png").as_deref(), Ok("/shared/logo.png"));
        assert_eq!(folder("campaigns/shop/").as_deref(), Ok("campaigns/shop"));
        assert!(lies_in("campaigns/shop/spring", "campaigns/shop"));
        assert!(!lies_in("campaigns/shopping", "campaigns/shop"));
    }
}
