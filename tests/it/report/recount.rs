//! Every number of every quarter, counted again by `tests/oracle/recount.py` from the YAML: on the demonstration, and on a
//! generated site of ten thousand records. Its own eyes are tested, too.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

use super::generated::generated;

fn tickmark(root: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_tickmark"))
        .arg("-C")
        .arg(root)
        .args(["--as-of", "2026-11-21", "--quiet"])
        .args(arguments)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("HOME", "/nonexistent")
        .output()
        .expect("the program runs")
}

/// Builds a site into a folder, with what `check` says beside it.
fn built(root: &Path) -> TempDir {
    let out = tempfile::tempdir().expect("a folder");
    let path = out.path().to_str().expect("a path");
    let built = tickmark(root, &["build", "--output", path]);
    assert!(built.status.code().is_some_and(|c| c < 2), "{}", String::from_utf8_lossy(&built.stderr));
    let said = tickmark(root, &["check", "--format", "json"]).stdout;
    fs::write(out.path().join("check.json"), said).expect("the answer is written");
    out
}

fn recount(root: &Path, out: &Path) -> (bool, String) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle/recount.py");
    let ran = Command::new("python3")
        .arg(script)
        .args([root, &out.join("check.json"), &out.join("internal")])
        .output()
        .expect("python3 is there; `./test` installs it");
    let said = [ran.stdout, ran.stderr].map(|s| String::from_utf8_lossy(&s).into_owned()).concat();
    (ran.status.success(), said)
}

/// What is wrong with every report.json of a site.
fn mistakes(out: &Path) -> Vec<String> {
    let schema: Value = serde_json::from_str(include_str!("../../schemas/report-1.schema.json")).expect("a schema");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let mut found = Vec::new();
    for folder in fs::read_dir(out.join("internal/reports")).expect("reports") {
        let file = folder.expect("a report").path().join("report.json");
        let report: Value = serde_json::from_slice(&fs::read(&file).expect("report.json")).expect("JSON");
        found.extend(validator.iter_errors(&report).map(|e| format!("{}: {}: {e}", file.display(), e.instance_path())));
    }
    found
}

#[test]
fn the_demonstration_counted_again_is_the_same() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let out = built(root);
    assert_eq!(mistakes(out.path()), [""; 0]);
    let (same, said) = recount(root, out.path());
    assert!(same, "{said}");
    assert!(said.contains(" changes, ") && said.contains(" quarters, "), "{said}");
    // Every kind of number in it is compared: one that is altered is seen, and so is one that nobody knows.
    assert!(said.contains(" altered, one after the other, and each was seen"), "{said}");

    // It sees what is not the same: a number, a row, a day.
    let folder = out.path().join("internal/reports/2026-Q3");
    let json = fs::read_to_string(folder.join("report.json")).expect("report.json");
    for (file, good, bad, seen) in [
        ("report.json", "\"id\":\"kept\",", "\"id\":\"kept\",\"n\":1,", "2026-Q3: kept: numbers."),
        ("report.json", "\"held\":\"did not hold\",\"kept\":", "\"held\":\"did not hold\",\"kept\":9", ": controls."),
        ("changes.csv", "\r\n", "\r\nCHG-0,", "changes.csv lists other changes"),
    ] {
        let path = folder.join(file);
        let text = fs::read_to_string(&path).expect("a file");
        // Of two keys the last counts: the first `n` that follows is taken away.
        let broken = if bad.contains("\"n\":1") {
            let (before, after) = text.split_once(good).expect("the number");
            format!("{before}{good}{}", after.replacen("\"n\":", "\"n\":7", 1))
        } else {
            text.replacen(good, bad, 1)
        };
        fs::write(&path, broken).expect("a file");
        let (same, said) = recount(root, out.path());
        assert!(!same && said.contains(seen), "{file}: {said}");
        fs::write(&path, text).expect("a file");
    }
    assert_eq!(json, fs::read_to_string(folder.join("report.json")).expect("report.json"));
}

#[test]
fn ten_thousand_records_counted_again_are_the_same() {
    let site = generated(10_000);
    let root = site.path().join("site");
    let out = built(&root);
    assert_eq!(mistakes(out.path()), [""; 0]);
    let (same, said) = recount(&root, out.path());
    assert!(same, "{said}");
    assert!(said.starts_with("9986 changes, 8 quarters, "), "{said}");
    assert!(said.contains(", 419 deployments, 14 deleted records: the same"), "{said}");
    assert!(said.contains(" altered, one after the other, and each was seen"), "{said}");
    // What only git can say is not nothing: without it the recount would have little to compare.
    let last = fs::read_to_string(out.path().join("internal/reports/2026-Q2/report.json")).expect("report.json");
    let last: Value = serde_json::from_str(&last).expect("JSON");
    let numbers = last["numbers"].as_array().expect("numbers");
    for id in ["edited-after-closing", "unrecorded-deployments", "waivers-used", "waivers-unused", "waivers-ending"] {
        let now = numbers.iter().find(|n| n["id"] == id).expect("the number");
        assert!(now["n"].as_u64() > Some(0) && now["of"].as_u64() > now["n"].as_u64(), "{now}");
    }
    for rule in ["kept-for-years", "everything"] {
        let controls = last["controls"].as_array().expect("controls");
        let control = controls.iter().find(|c| c["rule"] == rule).expect("the rule");
        assert_eq!(control["held"], "did not hold", "{control}");
    }
}
