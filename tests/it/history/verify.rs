//! `verify`: a finished tree is what its manifest lists and what its commit makes again, and whatever is not is named.

use std::fs;
use std::path::{Path, PathBuf};

use super::commit::said;
use super::repository::{CONFIGURATION, Repo};

const AS_OF: &str = "2026-11-21T10:00:00Z";

const POLICY: &str = "---
id: a
title: Rules
classification: public
version: '1'
effective: 2026-01-01
changes:
  types: {normal: {title: Normal}}
  rules: [{id: described, clause: rules, fields: [description]}]
---
# Rules

Changes are described. <!-- clause: rules -->
";

const RECORD: &str = "id: CHG-1
type: normal
title: A change
description: What it does.
status: requested
author: a.ng
requested_at: 2026-03-02T09:00:00Z
";

/// A site with a policy and a record, built from its second commit.
fn built() -> Repo {
    let repo = Repo::empty();
    repo.write("tickmark.yaml", &format!("{CONFIGURATION}changes: {{default_policy: a}}\n"));
    repo.write("people.yaml", "- {id: a.ng, name: A. Ng}\n");
    repo.write("policies/a.md", POLICY);
    repo.commit("2026-01-01T09:00:00Z", "A site");
    repo.write("changes/CHG-1.yaml", RECORD);
    repo.write(".gitignore", "public/\ninternal/\n.tickmark/\n");
    repo.git_at("2026-03-02T10:00:00Z", &repo.root(), &["add", "--all"]);
    repo.git_at("2026-03-02T10:00:00Z", &repo.root(), &["commit", "--quiet", "--message", "A record"]);
    build(&repo);
    repo
}

fn build(repo: &Repo) {
    let output = repo.tickmark(&repo.root(), &["build", "--as-of", AS_OF]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
}

/// Verifies a folder: the status, and all that is said.
fn verify(repo: &Repo, folder: &str) -> (Option<i32>, String) {
    verify_from(repo, &repo.root(), &["verify", folder])
}

fn verify_from(repo: &Repo, place: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let output = repo.tickmark(place, arguments);
    (output.status.code(), said(&output))
}

#[track_caller]
fn comes_to(done: &(Option<i32>, String), status: i32, words: &[&str]) {
    assert_eq!(done.0, Some(status), "{}", done.1);
    for word in words {
        assert!(done.1.contains(word), "no `{word}` in\n{}", done.1);
    }
}

fn edit(repo: &Repo, path: &str, from: &str, to: &str) -> PathBuf {
    let full = repo.root().join(path);
    let text = fs::read_to_string(&full).expect("a text");
    assert!(text.contains(from), "{path} has no `{from}`");
    fs::write(&full, text.replacen(from, to, 1)).expect("written");
    full
}

#[test]
fn what_was_built_is_made_again_byte_for_byte() {
    let repo = built();
    for folder in [".", "public", "internal"] {
        let done = verify(&repo, folder);
        comes_to(&done, 0, &["every file is as manifest.json lists it", "the same, byte for byte", "no difference"]);
    }
    // The site has gone on since: what was built is still what its commit makes.
    repo.write("policies/a.md", &POLICY.replace("are described", "are all described"));
    comes_to(&verify(&repo, "."), 0, &["no difference"]);
    let left = fs::read_dir(std::env::temp_dir()).expect("a folder");
    let ours = format!("tickmark-{}-", std::process::id());
    let left = left.filter(|e| e.as_ref().is_ok_and(|e| e.file_name().to_string_lossy().starts_with(&ours)));
    assert_eq!(left.count(), 0);
}

/// Programs read manifests: each kind holds to the schema that is printed.
#[test]
fn every_manifest_holds_to_its_schema() {
    let repo = built();
    let root = repo.root();
    let made = repo.tickmark(&root, &["audit", "2026-Q1", "--as-of", AS_OF]);
    assert_eq!(made.status.code(), Some(0), "{}", said(&made));
    let printed = repo.tickmark(&root, &["schema", "manifest"]);
    let validator = crate::schema::validator(&String::from_utf8_lossy(&printed.stdout));
    for folder in ["public", "internal", "audit-2026-Q1"] {
        let text = fs::read_to_string(root.join(folder).join("manifest.json")).expect("a manifest");
        let mut manifest: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        let faults: Vec<String> = validator.iter_errors(&manifest).map(|e| e.to_string()).collect();
        assert_eq!(faults, [""; 0], "{folder}");
        manifest["outputs"][0]["sha256"] = "0".into();
        assert!(!validator.is_valid(&manifest), "{folder}");
    }
}

#[test]
fn one_changed_character_is_named_with_its_place() {
    let repo = built();
    let page = edit(&repo, "internal/changes/CHG-1/index.html", "What it does.", "What it did.");
    let text = fs::read_to_string(page).expect("a text");
    let line = text.lines().position(|l| l.contains("What it did.")).expect("the line");
    let column =
        text.lines().nth(line).expect("the line").split("What it did.").next().expect("a part").chars().count();
    // `does` and `did` begin alike.
    let place = format!("internal/changes/CHG-1/index.html:{}:{}", line + 1, column + "What it d".len() + 1);
    let words = ["1 changed", &place, "here     ", "What it did.", "rebuilt  ", "What it does.", "1 difference\n"];
    comes_to(&verify(&repo, "internal"), 1, &words);
    comes_to(&verify(&repo, "public"), 0, &["no difference"]);
}

#[test]
fn a_page_and_its_manifest_changed_together_are_found() {
    let repo = built();
    let page = edit(&repo, "public/policies/a/index.html", "are described", "are foreseen");
    let digest: String = tickmark::site::hex(&tickmark::site::digest(&fs::read(page).expect("a page")));
    let manifest = repo.root().join("public/manifest.json");
    let text = fs::read_to_string(&manifest).expect("a manifest");
    let at = text.find("\"policies/a/index.html\"").expect("the page is listed");
    let sha = at + text[at..].find("\"sha256\": \"").expect("a digest") + "\"sha256\": \"".len();
    fs::write(&manifest, format!("{}{digest}{}", &text[..sha], &text[sha + 64..])).expect("written");
    let done = verify(&repo, "public");
    comes_to(
        &done,
        1,
        &["every file is as manifest.json lists it", "2 changed", "public/manifest.json:", "are foreseen"],
    );
}

#[test]
fn what_is_missing_extra_or_no_file_is_named() {
    let repo = built();
    let at = |path: &str| repo.root().join("public").join(path);
    fs::remove_file(at("robots.txt")).expect("removed");
    fs::write(at("notes.txt"), "mine").expect("written");
    fs::remove_file(at("sitemap.xml")).expect("removed");
    std::os::unix::fs::symlink("404.html", at("sitemap.xml")).expect("a link");
    let font = find(&at(""), "woff2");
    let mut bytes = fs::read(&font).expect("a font");
    bytes[100] ^= 1;
    fs::write(&font, bytes).expect("written");
    let words = [
        "2 changed, 1 missing, 1 extra",
        "missing  public/robots.txt",
        "extra    public/notes.txt",
        "changed  public/sitemap.xml: it is a symbolic link",
        ": from byte 100 on",
        "4 differences",
    ];
    comes_to(&verify(&repo, "public"), 1, &words);
}

/// The first file below a folder with this ending.
fn find(folder: &Path, ending: &str) -> PathBuf {
    let mut open = vec![folder.to_path_buf()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|e| e == ending) {
                return path;
            }
        }
    }
    panic!("no file ends in .{ending}")
}

#[test]
fn what_cannot_be_made_again_is_rehashed_and_said() {
    let repo = built();
    let copy = repo.beside("elsewhere");
    fs::rename(repo.root().join("public"), &copy).expect("moved");
    let name = copy.to_str().expect("a plain path");
    // Nowhere near a site.
    let far = repo.beside("home");
    let done = verify_from(&repo, &far, &["verify", name, "--as-of", AS_OF]);
    comes_to(&done, 0, &["rebuild   not made: there is no site", "no difference; what was not made again"]);
    // Nobody says until when it was judged; then somebody does.
    comes_to(&verify(&repo, name), 0, &["not made: its manifest does not say until when", "`--as-of`"]);
    let site = repo.root();
    let site = site.to_str().expect("a plain path");
    comes_to(&verify_from(&repo, &far, &["verify", name, "-C", site, "--as-of", AS_OF]), 0, &["byte for byte"]);
    // Another version of this program.
    edit(&repo, "internal/manifest.json", "\"tickmark 0", "\"tickmark 99");
    comes_to(&verify(&repo, "internal"), 0, &["not made: it was made by `tickmark 99"]);
    // A commit that is not here.
    edit(&repo, "internal/manifest.json", "\"tickmark 99", "\"tickmark 0");
    let commit = repo.git(&["rev-parse", "HEAD"]);
    edit(&repo, "internal/manifest.json", &commit, &"0".repeat(40));
    comes_to(&verify(&repo, "internal"), 0, &["not made: git knows no revision `000"]);
    fs::remove_file(repo.root().join("internal/index.html")).expect("removed");
    comes_to(&verify(&repo, "internal"), 1, &["missing  internal/index.html"]);
}

#[test]
fn a_dirty_tree_is_only_rehashed() {
    let repo = built();
    repo.write("changes/CHG-1.yaml", &RECORD.replace("What it does", "Something else"));
    build(&repo);
    let why = "built from files that were not committed (`dirty`)";
    let done = verify(&repo, ".");
    comes_to(&done, 0, &[why, "no difference"]);
    assert_eq!(done.1.matches(why).count(), 2, "both trees: {}", done.1);
    edit(&repo, "internal/index.html", "</html>", "</html> ");
    comes_to(&verify(&repo, "internal"), 1, &["changed  internal/index.html\n", "1 difference;"]);
}

#[test]
fn what_a_rule_said_of_the_build_before_is_said_again() {
    let repo = built();
    let policy = POLICY
        .replace("fields: [description]}", "fields: [description]}, {id: kept, clause: rules, retained: 3 years}");
    repo.write("policies/a.md", &policy);
    repo.git_at("2026-04-01T10:00:00Z", &repo.root(), &["commit", "--quiet", "--all", "--message", "Kept"]);
    fs::remove_dir_all(repo.root().join("internal")).expect("removed");
    for (turn, history) in [(1, false), (2, true)] {
        build(&repo);
        let manifest = fs::read_to_string(repo.root().join("internal/manifest.json")).expect("a manifest");
        assert_eq!(manifest.contains("\"history\": \"kept\""), history, "build {turn}");
        comes_to(&verify(&repo, "."), 0, &["no difference"]);
    }
}

#[test]
fn what_has_no_manifest_or_a_broken_one_is_refused_with_its_place() {
    let repo = built();
    comes_to(&verify(&repo, "policies"), 2, &["`policies` has no manifest.json"]);
    comes_to(&verify(&repo, "nowhere"), 2, &["could not find the folder"]);
    edit(&repo, "internal/manifest.json", "\"schema\"", "\"scheme\"");
    comes_to(&verify(&repo, "."), 2, &["internal/manifest.json:2:", "unknown field `scheme`"]);
    edit(&repo, "internal/manifest.json", "\"scheme\"", "\"schema\"");
    edit(&repo, "internal/manifest.json", "\"index.html\"", "\"../index.html\"");
    comes_to(&verify(&repo, "internal"), 2, &["the path `../index.html` leads elsewhere"]);
    fs::remove_file(repo.root().join("internal/manifest.json")).expect("removed");
    comes_to(&verify(&repo, "."), 2, &["`internal` has no manifest.json"]);
}
