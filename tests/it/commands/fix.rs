//! `tickmark fix`: spelling is mended, facts never are.

use std::fs;

use super::site::Site;

const RECORD: &str = "\u{feff}id: CHG-2\r\ntype: emergancy\r\ntitle: 'Aproved: type, status'   # aprovals\r
status: clsoed\r\nauthor: a.ngg\r\nrequested_a: 2026-08-03T09:00:00+10:00\r\nrequested_at: 2026-08-03T09:00:00+10:00\r
aprovals:\r\n  - {by: c.lead, rle: engineering-lead, medum: \"recorded\", at: 2026-08-03T09:30:00+10:00}\r
reviews: [{by: c.lead, result: unapproved, at: 2026-08-03T09:40:00+10:00}, {by: c.lead, result: 'Aproved'}]\r\n";

#[test]
fn keys_and_closed_words_are_mended_line_ends_quotes_and_rights_stay() {
    let site = Site::with(&[("changes/b.yaml", RECORD)]);
    let path = site.path().join("changes/b.yaml");
    set_mode(&path, 0o640);
    let errors = |site: &Site| site.run(&["check", "--format", "concise"]).out.matches(": error[").count();
    let before = errors(&site);

    let dry = site.run(&["fix", "--dry-run"]);
    assert_eq!(dry.status, 0, "{}", dry.err);
    assert!(dry.out.contains("-status: clsoed\n+status: closed\n"), "{}", dry.out);
    assert!(dry.out.ends_with("6 words in 1 file would be mended; nothing was written\n"), "{}", dry.out);
    assert_eq!(site.read("changes/b.yaml"), RECORD);

    let done = site.run(&["fix"]);
    assert!(done.out.starts_with("--- a/changes/b.yaml\n+++ b/changes/b.yaml\n@@ -2 +2 @@\n"), "{}", done.out);
    // What could be meant otherwise, and what only its author knows, stays: people, `unapproved`, one of two keys.
    let mended = RECORD
        .replace("emergancy", "emergency")
        .replace("clsoed", "closed")
        .replace("\naprovals:", "\napprovals:")
        .replace("rle:", "role:")
        .replace("medum:", "medium:")
        .replace("result: 'Aproved'", "result: 'approved'");
    assert_eq!(site.read("changes/b.yaml"), mended);
    assert_eq!(mode(&path), 0o640);
    assert!(errors(&site) < before, "{} errors of {before}", errors(&site));
    assert_eq!(fs::read_dir(site.path().join("changes")).expect("it is there").count(), 2, "nothing is left beside it");

    let again = site.run(&["fix"]);
    assert!(again.out.starts_with("nothing to mend"), "{}", again.out);
    assert_eq!(site.read("changes/b.yaml"), mended);
}

#[test]
fn what_stands_under_a_misspelt_key_is_mended_in_the_same_run() {
    let site = Site::with(&[]);
    let policy =
        site.read("policies/main.md").replace("deadline: {of: reviewed, within", "deadlin: {of: reveiwed, wihtin");
    site.write("policies/main.md", &policy);
    let tickmark = site.read("tickmark.yaml");
    site.write("tickmark.yaml", &tickmark.replace("  organisation:", "  organistion:"));
    let before = site.run(&["check"]);
    assert_eq!(before.status, 2, "a broken configuration stops the check");
    let done = site.run(&["fix"]);
    assert_eq!(done.status, 0, "{}", done.err);
    assert_eq!(site.read("tickmark.yaml"), tickmark);
    assert!(site.read("policies/main.md").contains("deadline: {of: reviewed, within: 5 business days"), "{}", done.out);
    assert_eq!(site.run(&["check"]).status, 0);
}

#[test]
fn only_what_is_named_is_mended_and_links_are_left_alone() {
    let site = Site::with(&[
        ("changes/a/b.yaml", "id: CHG-2\nstaus: closed\n"),
        ("changes/c.yaml", "id: CHG-3\nstaus: closed\n"),
        ("elsewhere.yaml", "id: CHG-4\nstaus: closed\n"),
    ]);
    link(&site.path().join("elsewhere.yaml"), &site.path().join("changes/link.yaml"));
    site.run(&["fix", "changes/a"]);
    assert!(site.read("changes/a/b.yaml").contains("status:"));
    assert!(site.read("changes/c.yaml").contains("staus:"));
    site.run(&["fix"]);
    assert!(site.read("changes/c.yaml").contains("status:"));
    assert!(site.read("elsewhere.yaml").contains("staus:"));
}

#[test]
fn a_finding_shows_the_line_as_it_would_be_mended() {
    let site = Site::with(&[("changes/b.yaml", "id: CHG-2\nstaus: closed\n")]);
    let check = site.run(&["check"]);
    for part in
        ["2 | staus: closed\n", "did you mean `status`? `tickmark fix` writes it\n", "2 | status: closed\n  |    +\n"]
    {
        assert!(check.out.contains(part), "{part}\n{}", check.out);
    }
}

#[cfg(unix)]
fn set_mode(path: &std::path::Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("modes can be set");
}

#[cfg(unix)]
fn mode(path: &std::path::Path) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(path).expect("it is there").permissions().mode() & 0o777
}

#[cfg(unix)]
fn link(to: &std::path::Path, from: &std::path::Path) {
    std::os::unix::fs::symlink(to, from).expect("links can be made");
}
