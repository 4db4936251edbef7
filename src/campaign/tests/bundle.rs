//! Campaigns on the disk.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::*;
use crate::campaign::{Entry, MediaKind, ReadError, find_campaigns, find_project};

const CAMPAIGN: &str = "campaigns/spring/campaign.yaml";

/// Writes files into a folder of their own, with a project and one campaign.
fn folder(more: &[(&str, &[u8])]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let campaign = format!("{HEAD}{REST}");
    let mut files: Vec<(&str, &[u8])> = vec![
        ("campaigns/qunfa.yaml", PROJECT.as_bytes()),
        (CAMPAIGN, campaign.as_bytes()),
        ("campaigns/spring/launch.md", "# 春季上新".as_bytes()),
        ("campaigns/spring/images/cover.jpg", JPEG),
        ("campaigns/spring/.env", b"SECRET=1"),
        ("campaigns/shared/logo.jpg", JPEG),
        ("campaigns/private/key.txt", b"o6_a"),
    ];
    files.extend(more);
    for (path, bytes) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    folder
}

fn refused(bundle: &Bundle, key: &str) -> String {
    match bundle.entry(key) {
        Some(Entry::Refused(why)) => why.clone(),
        other => panic!("{key} is {other:?}"),
    }
}

#[test]
fn a_campaign_is_read_with_its_folder_and_what_is_shared() {
    let folder = folder(&[]);
    for path in ["campaigns/spring", CAMPAIGN] {
        let bundle = Bundle::read(&folder.path().join(path)).unwrap();
        compare(&problems_of(&bundle).1, "");
        let keys: Vec<&str> = bundle.keys().collect();
        assert_eq!(keys, ["/shared/logo.jpg", "images/cover.jpg", "launch.md"]);
        assert_eq!(bundle.project_folder(), folder.path().join("campaigns"));
        assert_eq!(Path::new(&bundle.campaign().path), folder.path().join(CAMPAIGN));
        let Some(Entry::Media(facts)) = bundle.entry("images/cover.jpg") else { panic!("media") };
        assert_eq!((facts.kind, facts.bytes), (MediaKind::Jpeg, JPEG.len() as u64));
        assert_eq!(fs::read(&facts.path).unwrap(), JPEG);
    }
}

#[test]
fn the_yaml_alone_is_enough_to_parse() {
    let folder = folder(&[]);
    let spring = folder.path().join("campaigns/spring");
    let (bare, whole) = (Bundle::read_bare(&spring).unwrap(), Bundle::read(&spring).unwrap());
    assert_eq!(bare.keys().count(), 0);
    let [bare, whole] = [bare, whole].map(|bundle| parse(&bundle).0.unwrap());
    assert_eq!(format!("{bare:?}"), format!("{whole:?}"));
}

#[test]
fn the_account_may_be_for_this_folder() {
    let project = PROJECT
        .replace("campaigns/shop", "spring")
        .replace("  demo:", "  other:")
        .replace("  shop:", "  demo:");
    let folder = folder(&[("campaigns/qunfa.yaml", project.as_bytes())]);
    let bundle = Bundle::read(&folder.path().join("campaigns/spring")).unwrap();
    compare(
        &problems_of(&bundle).1,
        "Q0503 6 [VIP会员] the tag `VIP会员` has no `expect`\nQ0510 8 [window]",
    );
}

#[cfg(unix)]
#[test]
fn links_do_not_leave_the_folder() {
    let folder = folder(&[]);
    let link = |to: &str, name: &str| {
        let spring = folder.path().join("campaigns/spring");
        std::os::unix::fs::symlink(to, spring.join(name)).unwrap();
    };
    link("../private/key.txt", "key.txt");
    link("/etc/passwd", "passwd.md");
    link("images/cover.jpg", "same.jpg");
    link("images", "pictures");
    link("nowhere", "gone.md");
    let bundle = Bundle::read(&folder.path().join("campaigns/spring")).unwrap();
    assert_eq!(refused(&bundle, "key.txt"), "is a link that leaves its folder");
    assert_eq!(refused(&bundle, "passwd.md"), "is a link that leaves its folder");
    assert_eq!(refused(&bundle, "pictures"), "is not an ordinary file");
    assert!(refused(&bundle, "gone.md").starts_with("cannot be read"));
    assert!(matches!(bundle.entry("same.jpg"), Some(Entry::Media(_))));
}

#[cfg(unix)]
#[test]
fn a_shared_folder_does_not_leave_the_project() {
    let folder = folder(&[("elsewhere/a.md", b"")]);
    let shared = folder.path().join("campaigns/shared");
    fs::remove_dir_all(&shared).unwrap();
    std::os::unix::fs::symlink(folder.path().join("elsewhere"), shared).unwrap();
    let bundle = Bundle::read(&folder.path().join("campaigns/spring")).unwrap();
    assert_eq!(bundle.entry("/shared/a.md").map(|_| ()), None);
}

#[test]
fn texts_have_a_size_and_an_encoding() {
    let long = vec![b'a'; 4 * 1024 * 1024 + 1];
    let folder = folder(&[
        ("campaigns/spring/long.md", &long),
        ("campaigns/spring/gbk.html", b"<p>\xb4\xba\n"),
        ("campaigns/spring/bom.md", "\u{feff}# 春".as_bytes()),
    ]);
    let bundle = Bundle::read(&folder.path().join("campaigns/spring")).unwrap();
    assert_eq!(refused(&bundle, "long.md"), "has more than 4 MiB");
    assert_eq!(refused(&bundle, "gbk.html"), "is not UTF-8 (byte 3); save it as UTF-8");
    assert!(matches!(bundle.entry("bom.md"), Some(Entry::Text(file)) if file.text == "# 春"));
}

#[test]
fn what_cannot_be_read_at_all_is_an_error() {
    let folder = folder(&[
        ("campaigns/nested/qunfa.yaml", b"version: 1"),
        ("campaigns/nested/spring/campaign.yaml", b"version: 1"),
        ("campaigns/inside/campaign.yaml", b"version: 1"),
        ("campaigns/inside/deeper/qunfa.yaml", b"version: 1"),
        ("campaigns/latin/campaign.yaml", b"\xff"),
        ("campaigns/big/campaign.yaml", &vec![b'#'; 1024 * 1024 + 1]),
        ("alone/campaign.yaml", b"version: 1"),
    ]);
    let read = |path: &str| Bundle::read(&folder.path().join(path)).unwrap_err();
    assert!(matches!(read("campaigns/nested/spring"), ReadError::NestedProject { .. }));
    assert!(matches!(read("campaigns/inside"), ReadError::NestedProject { .. }));
    assert!(matches!(read("campaigns/latin"), ReadError::NotUtf8 { .. }));
    assert!(matches!(read("campaigns/big"), ReadError::TooLarge { .. }));
    assert!(matches!(read("alone"), ReadError::NoProject { .. }));
    assert!(matches!(read("campaigns/shared"), ReadError::NoCampaign { .. }));
    assert!(matches!(read("campaigns/qunfa.yaml"), ReadError::NoCampaign { .. }));
    assert!(matches!(read("nowhere"), ReadError::Unreadable { .. }));
}

#[test]
fn campaigns_are_found_sorted_and_once() {
    let folder = folder(&[
        ("campaigns/a/deep/campaign.yaml", b""),
        ("campaigns/.hidden/campaign.yaml", b""),
    ]);
    let find = |paths: &[&str]| {
        let paths: Vec<PathBuf> = paths.iter().map(|path| folder.path().join(path)).collect();
        find_campaigns(&paths).map(|found| {
            let relative = |path: &PathBuf| path.strip_prefix(folder.path()).unwrap().to_owned();
            found.iter().map(relative).collect::<Vec<_>>()
        })
    };
    let (deep, spring) = (PathBuf::from("campaigns/a/deep"), PathBuf::from("campaigns/spring"));
    assert_eq!(find(&["campaigns"]).unwrap(), [deep.clone(), spring.clone()]);
    assert_eq!(find(&["campaigns/spring", CAMPAIGN, "campaigns"]).unwrap(), [deep, spring]);
    assert!(matches!(find(&["campaigns/shared"]), Err(ReadError::NoCampaign { .. })));
}

#[test]
fn the_project_is_named_as_a_person_would() {
    // Tests run in the folder of Cargo.toml, beside which the examples are.
    let find = |start: &str| find_project(Path::new(start)).unwrap();
    assert_eq!(find("campaigns/spring"), Path::new("campaigns/qunfa.yaml"));
    assert_eq!(find("./campaigns/spring/"), Path::new("campaigns/qunfa.yaml"));
    assert_eq!(find("campaigns"), Path::new("campaigns/qunfa.yaml"));
    assert_eq!(find("campaigns/spring/../notice"), Path::new("campaigns/spring/../qunfa.yaml"));
    let bundle = Bundle::read(Path::new("campaigns/spring")).unwrap();
    assert_eq!(bundle.campaign().path, "campaigns/spring/campaign.yaml");
    assert_eq!(bundle.project().path, "campaigns/qunfa.yaml");
}

#[test]
fn the_examples_have_no_fault() {
    let campaigns = find_campaigns(&[PathBuf::from("campaigns")]).unwrap();
    let names = ["coupon", "film", "greeting", "lookbook", "notice", "spring"];
    assert_eq!(campaigns, names.map(|name| Path::new("campaigns").join(name)));
    let mut all = Vec::new();
    for folder in campaigns {
        let (campaign, problems) = problems_of(&Bundle::read(&folder).unwrap());
        compare(&problems, "");
        all.extend(campaign);
    }
    compare(&check_project(&all), "");
}
