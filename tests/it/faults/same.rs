//! The same inputs give the same bytes, whoever builds them, wherever and however.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use super::data::published;
use super::place::{Files, copy, files, scratch};
use super::program::Program;

const INPUTS: [&str; 7] = ["tickmark.yaml", "people.yaml", "policies", "changes", "waivers", "content", "static"];

/// The demonstration site in a folder, its files made in this order or the other.
fn demonstration(to: &Path, backward: bool) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut list: Vec<(String, Vec<u8>)> = Vec::new();
    for input in INPUTS {
        if let Some(folder) = files(&root.join(input)) {
            list.extend(folder.into_iter().map(|(path, bytes)| (format!("{input}/{path}"), bytes)));
        } else if let Ok(bytes) = fs::read(root.join(input)) {
            list.push((input.to_owned(), bytes));
        }
    }
    assert!(list.len() > 100, "the demonstration is gone");
    if backward {
        list.reverse();
    }
    for (path, bytes) in list {
        let full = to.join(path);
        fs::create_dir_all(full.parent().expect("a folder")).expect("folders");
        fs::write(full, bytes).expect("a file");
    }
}

/// Both trees, with the mode of each file and of the folder it stands in.
fn built(program: &Program, site: &Path) -> Files {
    let ran = program.run();
    assert_eq!(ran.status, Some(0), "{}", ran.said);
    let mode = |path: &Path| fs::metadata(path).expect("a file").permissions().mode();
    let mut all = Files::new();
    for tree in ["public", "internal"] {
        for (path, mut bytes) in files(&site.join(tree)).expect("a tree") {
            let full = site.join(tree).join(&path);
            let folder = mode(full.parent().expect("a folder"));
            bytes.extend(format!("mode {:o} in {folder:o}", mode(&full)).bytes());
            all.insert(format!("{tree}/{path}"), bytes);
        }
    }
    all
}

fn differences(a: &Files, b: &Files) -> Vec<String> {
    let mut found: Vec<String> =
        a.iter().filter(|(path, bytes)| b.get(*path) != Some(bytes)).map(|(p, _)| p.clone()).collect();
    found.extend(b.keys().filter(|path| !a.contains_key(*path)).cloned());
    found
}

#[test]
fn the_same_tree_gives_the_same_bytes() {
    let folder = scratch();
    let (here, there) = (folder.path().join("site"), folder.path().join("an other/place, ünlike"));
    demonstration(&here, false);
    demonstration(&there, true);
    let first = built(&Program::new(&here, &["build"]).env("RAYON_NUM_THREADS", "1"), &here);
    let mut program = Program::new(&there, &["build"]).env("RAYON_NUM_THREADS", "2").after("umask 077");
    for (name, value) in [
        ("TZ", "Pacific/Kiritimati"),
        ("LANG", "tr_TR.UTF-8"),
        ("LC_ALL", "tr_TR.UTF-8"),
        ("HOME", folder.path().to_str().expect("UTF-8")),
        ("USER", "somebody"),
        ("COLUMNS", "41"),
        ("CLICOLOR_FORCE", "1"),
    ] {
        program = program.env(name, value);
    }
    assert_eq!(differences(&first, &built(&program, &there)), [""; 0]);
    // Over its own output.
    assert_eq!(differences(&first, &built(&Program::new(&here, &["build"]), &here)), [""; 0]);
    // From a folder below, and into another one.
    let below = here.join("changes");
    let output = folder.path().join("out");
    let program = Program::new(&below, &["build", "--output", output.to_str().expect("UTF-8")]);
    assert_eq!(differences(&first, &built(&program, &output)), [""; 0]);
}

#[test]
fn as_of_is_seen_to_matter() {
    let folder = scratch();
    let (here, there) = (folder.path().join("a"), folder.path().join("b"));
    demonstration(&here, false);
    copy(&here, &there);
    let first = built(&Program::new(&here, &["build"]), &here);
    let second = built(&Program::new(&there, &["build", "--as-of", "2026-10-01"]), &there);
    assert!(!differences(&first, &second).is_empty());
}

#[test]
fn every_page_of_the_demonstration_holds_to_the_lists() {
    let folder = scratch();
    demonstration(folder.path(), false);
    let ran = Program::new(folder.path(), &["build"]).run();
    assert_eq!(ran.status, Some(0), "{}", ran.said);
    let mut all = files(&folder.path().join("public")).expect("a tree");
    all.extend(
        files(&folder.path().join("internal")).expect("a tree").into_iter().map(|(p, b)| (format!("internal/{p}"), b)),
    );
    assert!(all.keys().filter(|path| path.ends_with(".html")).count() > 200);
    assert_eq!(published(&all, &[]), [""; 0]);
}
