//! The commit a site was built from: where it is said, and that nothing else depends on it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Output;

use super::repository::Repo;

const ARGUMENTS: [&str; 3] = ["build", "--as-of", "2026-11-21"];

pub(super) fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// Every file below a folder, by its path after `place`.
pub(super) fn gather(folder: &Path, place: &str, tree: &mut BTreeMap<String, Vec<u8>>) {
    for entry in fs::read_dir(folder).expect("a published tree").map(|e| e.expect("an entry")) {
        let path = format!("{place}/{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            gather(&entry.path(), &path, tree);
        } else {
            tree.insert(path, fs::read(entry.path()).expect("a published file"));
        }
    }
}

/// Builds the site in a folder, and gives both trees.
fn built(repo: &Repo, folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let output = repo.tickmark(folder, &ARGUMENTS);
    assert!(output.status.success(), "{}", said(&output));
    let mut tree = BTreeMap::new();
    ["public", "internal"].iter().for_each(|name| gather(&folder.join(name), name, &mut tree));
    tree
}

/// A line of a manifest, without what makes it JSON.
fn line(tree: &BTreeMap<String, Vec<u8>>, manifest: &str, key: &str) -> Option<String> {
    let text = String::from_utf8_lossy(&tree[manifest]).into_owned();
    let found = text.lines().find(|l| l.trim_start().starts_with(&format!("\"{key}\"")))?.to_owned();
    Some(found.split(": ").nth(1)?.trim_end_matches(',').trim_matches('"').to_owned())
}

fn json_commit(repo: &Repo) -> String {
    let output = repo.tickmark(&repo.root(), &["check", "--format", "json", "--as-of", "2026-11-21"]);
    assert!(output.status.success(), "{}", said(&output));
    let text = String::from_utf8(output.stdout).expect("JSON is text");
    text.split("\"commit\":").nth(1).and_then(|rest| rest.split(',').next()).expect("a commit").to_owned()
}

#[test]
fn the_commit_stands_in_manifests_and_json() {
    let repo = Repo::with_site();
    let commit = repo.git(&["rev-parse", "HEAD"]);
    assert_eq!(json_commit(&repo), format!("\"{commit}\""));
    let tree = built(&repo, &repo.root());
    assert_eq!(line(&tree, "internal/manifest.json", "commit").as_deref(), Some(commit.as_str()));
    assert_eq!(line(&tree, "public/manifest.json", "commit").as_deref(), Some(commit.as_str()));
    assert_eq!(line(&tree, "internal/manifest.json", "dirty").as_deref(), Some("false"));
    repo.write("policies/a.md", "# A, edited\n");
    let tree = built(&repo, &repo.root());
    assert_eq!(line(&tree, "internal/manifest.json", "dirty").as_deref(), Some("true"));
    assert_eq!(line(&tree, "public/manifest.json", "dirty"), None, "internal edits make no public byte");
}

#[test]
fn outside_git_nothing_else_is_needed() {
    let repo = Repo::bare_folder();
    repo.write("tickmark.yaml", super::repository::CONFIGURATION);
    assert_eq!(json_commit(&repo), "null");
    let tree = built(&repo, &repo.root());
    assert_eq!(line(&tree, "internal/manifest.json", "commit").as_deref(), Some("null"));
    assert_eq!(line(&tree, "internal/manifest.json", "dirty"), None);
}

/// Two clones give the same bytes; a commit of something internal changes what names the commit, and nothing else of the public tree.
#[test]
fn a_clone_gives_the_same_bytes_and_a_commit_alone_changes_one_line() {
    let repo = Repo::with_site();
    let clone = repo.beside("clone");
    repo.git(&["clone", "--quiet", "--no-hardlinks", ".", clone.to_str().expect("a plain path")]);
    let here = built(&repo, &repo.root());
    assert_eq!(built(&repo, &clone), here);
    repo.write("policies/internal.md", "# For us\n");
    repo.write("reports/2026-Q1.md", "Words.\n");
    repo.commit("2026-01-02T09:00:00Z", "Something internal");
    let there = built(&repo, &repo.root());
    let public = |path: &&String| path.starts_with("public/");
    let changed: Vec<_> = there.keys().filter(public).filter(|path| here.get(*path) != there.get(*path)).collect();
    assert_eq!(changed, ["public/manifest.json", "public/trust.json"]);
    let but_the_commit = |tree: &BTreeMap<String, Vec<u8>>, path: &str| {
        let mut value: serde_json::Value = serde_json::from_slice(&tree[path]).expect("JSON");
        assert!(value["commit"].take().is_string(), "{path} names its commit");
        if let Some(files) = value["outputs"].as_array_mut() {
            files.retain(|file| file["path"] != "trust.json");
        }
        value
    };
    for path in changed {
        assert_eq!(but_the_commit(&here, path), but_the_commit(&there, path), "{path}");
    }
}

/// What cannot be read is said once, and the site is judged all the same; what is damaged ends the job.
#[test]
fn an_obstacle_is_a_warning_and_damage_is_the_end() {
    let repo = Repo::bare_folder();
    repo.git(&["init", "--quiet", "--object-format=sha256"]);
    repo.write("tickmark.yaml", super::repository::CONFIGURATION);
    let output = repo.tickmark(&repo.root(), &["check"]);
    let text = said(&output);
    assert_eq!(output.status.code(), Some(0), "{text}");
    assert_eq!(text.matches("history/unreadable").count(), 1, "{text}");
    let repo = Repo::with_site();
    repo.spoil("HEAD", |_| b"junk".to_vec());
    for command in ["check", "build"] {
        let output = repo.tickmark(&repo.root(), &[command]);
        let text = said(&output);
        assert_eq!(output.status.code(), Some(2), "{text}");
        assert!(text.contains("git fsck --full"), "{text}");
    }
}
