//! The README shows what the program really prints.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The transcripts: the arguments after `cargo run --`, and the lines below.
fn transcripts() -> Vec<(Vec<String>, Vec<String>)> {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let blocks = readme.split("```console\n").skip(1).map(|rest| rest.split("```").next().unwrap());
    let transcript = |block: &str| {
        let mut lines = block.lines();
        let command = lines.next().unwrap().strip_prefix("$ cargo run -- ").unwrap();
        let lines = lines.filter(|line| *line != "…" && !line.is_empty()).map(steady);
        (command.split(' ').map(str::to_owned).collect(), lines.collect())
    };
    blocks.map(transcript).collect()
}

/// A line without what differs from run to run: its id, the time of day.
fn steady(line: &str) -> String {
    let mut words: Vec<String> = line.split(' ').map(str::to_owned).collect();
    for at in 0..words.len() {
        let is_time = words[at].len() == 8 && words[at].matches(':').count() == 2;
        if is_time || (at > 0 && words[at - 1] == "run" && words[at].len() == 16) {
            words[at] = "<one>".to_owned();
        }
    }
    words.join(" ").trim_end().to_owned()
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap();
        if path.is_dir() && name != ".qunfa" {
            copy(&path, &to.join(name));
        } else if path.is_file() {
            fs::copy(&path, to.join(name)).unwrap();
        }
    }
}

fn edit(file: &Path, from: &str, to: &str) {
    let text = fs::read_to_string(file).unwrap();
    assert!(text.contains(from), "{} has no {from}", file.display());
    fs::write(file, text.replace(from, to)).unwrap();
}

#[test]
fn the_transcripts_are_true() {
    let folder = tempfile::tempdir().unwrap();
    let campaigns = folder.path().join("campaigns");
    copy(&root().join("campaigns"), &campaigns);
    let transcripts = transcripts();
    assert_eq!(transcripts.len(), 4, "a plan, an apply, a blocked plan, a wrong file");
    for (number, (args, shown)) in transcripts.into_iter().enumerate() {
        if number == 2 {
            edit(&campaigns.join("spring/launch.md"), "十二款外套来作答", "十三款外套来作答");
        }
        if number == 3 {
            let file = campaigns.join("spring/campaign.yaml");
            edit(&file, "[launch, care]", "[lanch, care]");
            edit(&file, "{ tag: VIP会员,", "{ tags: VIP会员,");
        }
        let output = Command::new(env!("CARGO_BIN_EXE_qunfa"))
            .args(&args)
            .current_dir(folder.path())
            .env_clear()
            .output()
            .unwrap();
        let printed = [output.stdout, output.stderr].concat();
        let printed: Vec<String> =
            String::from_utf8(printed).unwrap().lines().map(steady).collect();
        assert!(shown.len() > 5, "{args:?} shows {shown:?}");
        for line in shown {
            assert!(printed.contains(&line), "{args:?} does not print {line:?}:\n{printed:#?}");
        }
    }
}
