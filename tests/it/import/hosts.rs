//! GitLab, and git itself.

use std::path::Path;
use std::process::Command;

use super::{body, faults, records, sample, site};
use crate::commands::site::Site;

#[test]
fn a_merge_request_becomes_a_record() {
    let site = site();
    let done = site.run(&[
        "import",
        "gitlab",
        "--type",
        "normal",
        "--map",
        "reviews.kind:approved=peer",
        &sample("gitlab.json"),
    ]);
    assert_eq!(done.status, 0, "{}", done.err);
    assert_eq!(
        body(&site, "changes/2026/GL-images-4.yaml"),
        "id: GL-images-4
policy: main
type: emergency
title: Pin the base image
description: So that builds repeat.
status: approved
kind: [infrastructure]
author: a.ng
requested_at: 2026-04-01T09:00:00+10:00
pull_requests:
  - url: https://gitlab.example/harbour/images/-/merge_requests/4
    opened_at: 2026-04-01T09:00:00+10:00
    merged_at: 2026-04-01T11:00:00+10:00
    into: main
    method: squash
    commit: bbbb000000000000000000000000000000000001
reviews:
  - {by: c.lead, kind: peer, result: approved, at: 2026-04-01T10:00:00+10:00}
gates:
  - gate: pipeline
    result: passed
    at: 2026-04-01T00:30:00Z
    evidence: https://gitlab.example/harbour/images/-/pipelines/1
source:
  system: gitlab
  id: harbour/images!4
  url: https://gitlab.example/harbour/images/-/merge_requests/4
  at: 2026-04-01T09:00:00+10:00
extra: {not_imported: [\"reviews.by: gitlab:visitor (peer, approved)\"]}
"
    );
    let closed = body(&site, "changes/2026/GL-images-5.yaml");
    assert!(closed.contains("status: cancelled\n") && closed.contains("closed_at: 2026-04-02T09:30:00Z\n"), "{closed}");
    for said in [
        "approvals that were taken back, first in GL-images-4",
        "notes and approvals of a merge request that is not in the export",
        "no place in a record: `milestone`",
    ] {
        assert!(done.out.contains(said), "{said}\n{}", done.out);
    }
    assert_eq!(faults(&site), [""; 0]);
    let again = site.run(&["import", "gitlab", "--type", "normal", &sample("gitlab.json")]);
    assert!(
        again.out.contains("  updated        1  changes/2026/GL-images-4.yaml\n"),
        "without the kind\n{}",
        again.out
    );
    assert!(!body(&site, "changes/2026/GL-images-4.yaml").contains("kind: peer"));
}

/// Runs git in a folder of a site, as somebody, at a time; nothing of whoever runs the tests.
fn git(site: &Site, who: &str, time: &str, arguments: &[&str]) {
    let folder = site.path().join("gateway");
    std::fs::create_dir_all(&folder).expect("a folder");
    let mut git = Command::new("git");
    git.current_dir(&folder).args(arguments).env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
    git.env("HOME", site.path()).env("GIT_CONFIG_NOSYSTEM", "1");
    for role in ["AUTHOR", "COMMITTER"] {
        git.env(format!("GIT_{role}_NAME"), who).env(format!("GIT_{role}_EMAIL"), format!("{who}@harbour.example"));
        git.env(format!("GIT_{role}_DATE"), time);
    }
    let done = git.output().expect("git runs");
    assert!(done.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
}

/// A repository with a merge of two authors, a squash, a direct push, and a merge that names its record.
fn gateway() -> Site {
    let site = site();
    let commit = |who: &str, time: &str, file: &str, message: &str| {
        std::fs::write(Path::new(&site.path().join("gateway")).join(file), time).expect("a file");
        git(&site, who, time, &["add", "."]);
        git(&site, who, time, &["commit", "--quiet", "-m", message]);
    };
    git(&site, "a.ng", "2026-05-01T09:00:00+10:00", &["init", "--quiet", "--initial-branch=main"]);
    commit("a.ng", "2026-05-01T09:00:00+10:00", "a.txt", "First");
    git(&site, "a.ng", "2026-05-01T09:00:00+10:00", &["checkout", "--quiet", "-b", "limits"]);
    commit("d.kaur", "2026-05-04T09:00:00+10:00", "limits.txt", "Limits");
    commit("a.ng", "2026-05-04T10:00:00Z", "b.txt", "More");
    git(&site, "a.ng", "2026-05-01T09:00:00+10:00", &["checkout", "--quiet", "main"]);
    let message = "Merge pull request #7 from harbour/limits\n\nLimit what one client may ask\n\nNine in ten are bots.\n\nReviewed-by: Chris <c.lead@harbour.example>\nTested-by: X <x@y.example>";
    git(&site, "c.lead", "2026-05-05T09:00:00+10:00", &["merge", "--quiet", "--no-ff", "-m", message, "limits"]);
    commit(
        "a.ng",
        "2026-05-06T09:00:00Z",
        "c.txt",
        "Rotate: keys (#8)\n\nwith {{ care }}\n\nCo-authored-by: D <d.kaur@harbour.example>",
    );
    commit("stranger", "2026-05-07T09:00:00Z", "d.txt", "Pushed");
    commit("a.ng", "2026-05-08T09:00:00Z", "e.txt", "Known (#9)\n\nChange: CHG-1");
    commit("a.ng", "2026-05-09T09:00:00Z", "f.txt", "Again: keys (#8)");
    site
}

#[test]
fn merges_of_a_branch_become_records() {
    let site = gateway();
    let import = ["import", "git", "gateway", "--type", "normal"];
    let done = site.run(&import);
    assert_eq!(done.status, 0, "{}", done.err);
    let merge = body(&site, "changes/2026/GIT-gateway-7.yaml");
    let (head, rest) = merge.split_once("    commit: ").expect("a commit");
    assert_eq!(
        head,
        "id: GIT-gateway-7
policy: main
type: normal
title: Limit what one client may ask
description: |-
  Nine in ten are bots.

  Tested-by: X <x@y.example>
status: requested
author: d.kaur
co_authors: [a.ng]
requested_at: 2026-05-04T09:00:00+10:00
pull_requests:
  - merged_at: 2026-05-05T09:00:00+10:00
    into: main
    method: merge
"
    );
    assert!(rest.contains("\nreviews:\n  - {by: c.lead, result: approved}\n"), "{rest}");
    assert!(rest.contains("at: 2026-05-05T09:00:00+10:00}\nextra: {files: [b.txt, limits.txt]}\n"), "{rest}");
    let squash = body(&site, "changes/2026/GIT-gateway-8.yaml");
    let begins =
        "id: GIT-gateway-8\npolicy: main\ntype: normal\ntitle: \"Rotate: keys\"\ndescription: \"with {{ care }}\"\n";
    assert!(squash.starts_with(begins) && squash.contains("method: squash, commit: "), "{squash}");
    assert!(squash.contains("author: a.ng\nco_authors: [d.kaur]\nrequested_at: 2026-05-06T09:00:00Z\n"), "{squash}");
    assert_eq!(records(&site).len(), 3, "{:?}", records(&site).iter().map(|r| &r.0).collect::<Vec<_>>());
    assert!(records(&site)[1].0.starts_with("changes/2026/GIT-gateway-8-"), "a second squash of that number");
    for said in [
        "    1  commits that came without a merge: nothing says that each is a change, first in commit ",
        "    1  merges that name their record with `Change:`, first in commit ",
        "never said by git: approvals",
    ] {
        assert!(done.out.contains(said), "{said}\n{}", done.out);
    }
    assert_eq!(faults(&site), [""; 0]);
    assert!(site.run(&import).out.contains("  unchanged      3  "));
    let since = site.run(&["import", "git", "gateway", "--type", "normal", "--since", "2026-05-06", "--dry-run"]);
    assert!(since.out.contains("2 changes from git") && since.out.contains("  unchanged      2  "), "{}", since.out);
}

#[test]
fn what_cannot_be_read_as_a_branch_is_named_with_what_mends_it() {
    let site = gateway();
    let refused = |arguments: &[&str], said: &str| {
        let done = site.run(&[&["import", "git", "--type", "normal"], arguments].concat());
        assert_eq!(done.status, 2, "{}", done.out);
        assert!(done.err.contains(said), "{said}\n{}", done.err);
    };
    refused(&["gateway", "--branch", "mian"], "did you mean `main`?");
    refused(&["nowhere"], "`nowhere` is not there");
    refused(&["gateway", "--since", "May"], "`--since May` is no day");
    let (from, to) = (format!("file://{}", site.path().join("gateway").display()), site.path().join("shallow"));
    let clone = ["clone", "--quiet", "--depth", "2", &from, to.to_str().expect("UTF-8")];
    git(&site, "a.ng", "2026-05-08T09:00:00Z", &clone);
    refused(&["shallow"], "fetch --unshallow");
    assert_eq!(records(&site), []);
}
