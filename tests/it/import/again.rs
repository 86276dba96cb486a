//! A second import: nothing changes where nothing changed, a newer export replaces only what nobody has edited, and what is
//! written is written whole.

use super::{records, sample, site};

const PR: &str = "[{\"number\": 1, \"title\": \"One\", \"url\": \"https://github.com/h/g/pull/1\", \"state\": \"OPEN\", \
                  \"author\": {\"login\": \"alexng\"}, \"createdAt\": \"2026-03-02T08:00:00Z\"}]";

#[test]
fn the_same_export_changes_nothing() {
    let site = site();
    let import = ["import", "github", "--type", "normal", &sample("gh.json")];
    assert!(site.run(&import).out.contains("  written        2  "));
    let before = records(&site);
    let modified = |path: &str| std::fs::metadata(site.path().join(path)).and_then(|m| m.modified()).expect("a time");
    let times: Vec<_> = before.iter().map(|(path, _)| modified(path)).collect();
    let again = site.run(&import);
    assert_eq!(again.status, 0, "{}", again.err);
    assert!(again.out.contains("  written        0\n  unchanged      2  "), "{}", again.out);
    assert_eq!(records(&site), before);
    assert_eq!(before.iter().map(|(path, _)| modified(path)).collect::<Vec<_>>(), times, "not even written anew");
}

#[test]
fn a_newer_export_replaces_what_nobody_has_edited() {
    let site = site();
    site.write("a.json", PR);
    site.write("b.json", &PR.replace("OPEN", "CLOSED"));
    assert_eq!(site.run(&["import", "github", "--type", "normal", "a.json"]).status, 0);
    // Wherever it was moved to.
    std::fs::create_dir(site.path().join("changes/gateway")).expect("a folder");
    let here = site.path().join("changes/gateway/one.yaml");
    std::fs::rename(site.path().join("changes/2026/GH-g-1.yaml"), here).expect("moved");
    let done = site.run(&["import", "github", "--type", "normal", "b.json"]);
    assert!(done.out.contains("  updated        1  changes/gateway/one.yaml\n"), "{}", done.out);
    assert!(site.read("changes/gateway/one.yaml").contains("status: cancelled\n"));
    assert_eq!(records(&site).len(), 1);
}

#[test]
fn what_a_person_wrote_is_never_replaced() {
    let site = site();
    site.write("a.json", PR);
    site.write("b.json", &PR.replace("OPEN", "CLOSED"));
    site.run(&["import", "github", "--type", "normal", "a.json"]);
    let path = "changes/2026/GH-g-1.yaml";
    let edited = site.read(path).replace("title: One\n", "title: One\nrisk: low\n");
    site.write(path, &edited);
    let done = site.run(&["import", "github", "--type", "normal", "a.json"]);
    assert!(done.out.contains("  unchanged      1  "), "what it says is still so\n{}", done.out);
    let done = site.run(&["import", "github", "--type", "normal", "b.json"]);
    let kept = "  kept           1  as people wrote them; the export says otherwise about\n                     GH-g-1: status (changes/2026/GH-g-1.yaml)\n";
    assert!(done.out.contains(kept), "{}", done.out);
    assert_eq!(site.read(path), edited);
    // One that was never imported is somebody's, too, whatever the case of its id.
    std::fs::remove_file(site.path().join(path)).expect("removed");
    site.write("changes/own.yaml", "id: a\n---\nid: gh-g-1\ntitle: Mine\n");
    let done = site.run(&["import", "github", "--type", "normal", "b.json"]);
    assert!(done.out.contains("GH-g-1: id, policy, type, title, "), "{}", done.out);
    assert_eq!(records(&site).len(), 1);
}

#[test]
fn windows_line_ends_are_no_edit() {
    let site = site();
    site.write("a.json", PR);
    site.write("b.json", &PR.replace("One", "Two"));
    site.run(&["import", "github", "--type", "normal", "a.json"]);
    let path = "changes/2026/GH-g-1.yaml";
    site.write(path, &site.read(path).replace('\n', "\r\n"));
    assert!(site.run(&["import", "github", "--type", "normal", "a.json"]).out.contains("  unchanged      1  "));
    assert!(site.run(&["import", "github", "--type", "normal", "b.json"]).out.contains("  updated        1  "));
    assert!(site.read(path).contains("title: Two\n"));
}

#[test]
fn a_dry_run_shows_all_and_writes_nothing() {
    let site = site();
    site.write("a.json", PR);
    let done = site.run(&["import", "github", "--type", "normal", "--dry-run", "a.json"]);
    assert_eq!(done.status, 0, "{}", done.err);
    assert!(done.out.starts_with("--- changes/2026/GH-g-1.yaml\n# yaml-language-server"), "{}", done.out);
    assert!(done.out.contains("  to write       1  ") && done.out.ends_with("\nnothing was written\n"), "{}", done.out);
    assert_eq!(records(&site), []);
    assert!(!site.path().join(".tickmark").exists());
}

#[test]
fn the_type_is_asked_for_where_nothing_says_it() {
    let site = site();
    site.write("a.json", PR);
    let asked = site.run(&["import", "github", "a.json"]);
    assert_eq!(asked.status, 2);
    assert!(asked.err.contains("a.json:1:13") && asked.err.contains("`--type normal`"), "{}", asked.err);
    let wrong = site.run(&["import", "github", "--type", "nromal", "a.json"]);
    assert!(wrong.err.contains("did you mean `normal`?"), "{}", wrong.err);
    let wrong = site.run(&["import", "github", "--map", "type:x=emergancy", "a.json"]);
    assert!(wrong.err.contains("did you mean `emergency`?"), "{}", wrong.err);
    let wrong = site.run(&["import", "github", "--map", "type=x", "a.json"]);
    assert!(wrong.err.contains("--map type:hotfix=emergency"), "{}", wrong.err);
    assert_eq!(records(&site), []);
}

#[test]
fn a_file_in_the_way_keeps_everything_back() {
    let site = site();
    site.write("changes/2026/GH-gateway-13.yaml", "id: other\n");
    let done = site.run(&["import", "github", "--type", "normal", &sample("gh.json")]);
    assert_eq!(done.status, 2);
    assert!(done.err.contains("`changes/2026/GH-gateway-13.yaml` is there already"), "{}", done.err);
    for folder in [".hidden", "../elsewhere", "/tmp/x", "a//b"] {
        let done = site.run(&["import", "github", "--type", "normal", "--output", folder, &sample("gh.json")]);
        assert_eq!(done.status, 2, "{folder}: {}", done.out);
    }
    assert_eq!(records(&site).len(), 1);
}
