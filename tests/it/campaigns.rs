//! The worked examples: each is sound, goes out once on the emulated account, and then has nothing
//! left to do.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use qunfa::campaign::find_campaigns;
use qunfa::plan::Standing;

use crate::support::Scene;

fn examples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("campaigns")
}

/// The files of one example, by its folder, named from the folder of `qunfa.yaml`.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    files.insert("qunfa.yaml".to_owned(), fs::read(examples().join("qunfa.yaml")).unwrap());
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(examples()).unwrap().to_str().unwrap().to_owned();
                files.insert(name, fs::read(&path).unwrap());
            }
        }
    }
    files
}

#[tokio::test]
async fn each_example_goes_out_once_and_the_second_run_does_nothing() {
    let campaigns = find_campaigns(&[examples()]).unwrap();
    assert!(campaigns.len() >= 2, "{campaigns:?}");
    for campaign in campaigns {
        let scene = Scene::new(files(&campaign)).await;
        let (_, problems) = scene.load();
        assert!(problems.is_empty(), "{problems:#?}");
        // A card is closed by its file: WeChat sends none.
        let is_card = campaign.ends_with("coupon");
        let outcome = scene.apply().await.unwrap();
        let end = if is_card { Standing::Skipped } else { Standing::Sent };
        let ended = outcome.sends.iter().all(|send| send.standing == end);
        assert!(ended && !outcome.sends.is_empty(), "{}: {outcome:#?}", campaign.display());
        let plan = scene.plan().await;
        let is_done = plan.is_empty() && plan.waiting.is_empty() && plan.blocked.is_empty();
        assert!(is_done, "{}: {plan:#?}", campaign.display());
        let jobs = if is_card { 0 } else { outcome.sends.len() };
        assert_eq!(scene.sandbox.jobs().len(), jobs);
    }
}

#[tokio::test]
async fn spring_arrives_with_its_pictures_and_all_three_mini_program_styles() {
    let scene = Scene::new(files(&examples().join("spring"))).await;
    scene.apply().await.unwrap();
    let jobs = scene.sandbox.jobs();
    let bodies: String = jobs[0].articles.iter().map(|article| article.content.as_str()).collect();
    let count = |what: &str| bodies.matches(what).count();
    assert_eq!(count("<mp-common-miniprogram "), 1, "a card");
    assert_eq!(count("data-miniprogram-appid"), 4, "a card, two text links, a picture link");
    assert_eq!(count("<img src=\"https://mmbiz.qpic.cn/"), 5, "four pictures and a picture link");
    for gone in ["<script", "<style", "class=", "<div", "{{"] {
        assert_eq!(count(gone), 0, "{gone}");
    }
    for article in &jobs[0].articles {
        let chinese = |c: &char| ('\u{4e00}'..='\u{9fff}').contains(c);
        assert!(article.content.chars().filter(chinese).count() >= 800, "{}", article.title);
    }
}
