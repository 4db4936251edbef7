//! The published schemas: fresh, and true of the examples.

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn the_schemas_are_what_the_types_say() {
    for (name, text) in qunfa::cli::schemas() {
        let found = fs::read_to_string(root().join("schema").join(name)).unwrap_or_default();
        assert!(found == text, "schema/{name} is stale: run `cargo run -- schema`");
    }
}

/// Judges a YAML file by one of the schemas.
fn problems(schema: &str, file: &Path) -> Vec<String> {
    let schema = fs::read_to_string(root().join("schema").join(schema)).unwrap();
    let schema = jsonschema::validator_for(&serde_json::from_str(&schema).unwrap()).unwrap();
    let file = serde_yaml::from_str(&fs::read_to_string(file).unwrap()).unwrap();
    schema.iter_errors(&file).map(|error| error.to_string()).collect()
}

#[test]
fn the_examples_validate_against_the_schemas() {
    let none = Vec::<String>::new();
    let campaigns = root().join("campaigns");
    assert_eq!(problems("project.schema.json", &campaigns.join("qunfa.yaml")), none);
    let found = qunfa::campaign::find_campaigns(&[campaigns]).unwrap();
    assert!(!found.is_empty());
    for folder in found {
        let file = if folder.is_dir() { folder.join("campaign.yaml") } else { folder };
        assert_eq!(problems("campaign.schema.json", &file), none, "{}", file.display());
    }
}

#[test]
fn a_schema_that_takes_everything_would_be_noticed() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("campaign.yaml");
    fs::write(&file, "version: 1\ncampaign: a\naccount: b\nsendz: {}\n").unwrap();
    assert!(!problems("campaign.schema.json", &file).is_empty());
}
