//! `--changed-since`: what a change can have to do with is shown and counts, and nothing else.

use std::process::Command;

use super::reader::told;
use super::site::{FORMATS, Site, unapproved};

fn git(site: &Site, arguments: &[&str]) {
    let mut git = Command::new("git");
    git.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default()).env("HOME", "/nonexistent");
    for who in ["AUTHOR", "COMMITTER"] {
        git.env(format!("GIT_{who}_NAME"), "A. Ng").env(format!("GIT_{who}_EMAIL"), "a.ng@harbour.example");
    }
    let ran = git.args(arguments).current_dir(site.around()).output().expect("git is installed");
    assert!(ran.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&ran.stderr));
}

/// A site below the root of its repository, with two old findings on `main`.
fn old_site() -> Site {
    let site = Site::good_in("docs/trust");
    site.write("changes/two.yaml", &unapproved("CHG-2"));
    site.write("changes/three.yaml", &unapproved("CHG-3"));
    git(&site, &["init", "--quiet", "--initial-branch=main"]);
    git(&site, &["add", "--all"]);
    git(&site, &["commit", "--quiet", "--message", "Old"]);
    git(&site, &["checkout", "--quiet", "-b", "work"]);
    site
}

fn paths(site: &Site, format: &str, status: i32) -> Vec<String> {
    let answer = site.check(&["--changed-since", "main", "--format", format]);
    assert_eq!(answer.status, Some(status), "{format}: {}{}", answer.out, answer.err);
    told(format, &answer.out).into_iter().map(|(path, ..)| path).collect()
}

#[test]
fn what_did_not_change_does_not_count() {
    let site = old_site();
    for format in FORMATS {
        assert_eq!(paths(&site, format, 0), [""; 0], "{format}");
    }
    site.write("changes/two.yaml", &(unapproved("CHG-2") + "# more\n"));
    git(&site, &["commit", "--quiet", "--all", "--message", "Two"]);
    site.write("changes/new.yaml", &unapproved("CHG-9"));
    for format in FORMATS {
        // Hosts name files from the repository's root, people and the answer in JSON from the site.
        let from = if ["human", "concise", "json"].contains(&format) { "" } else { "docs/trust/" };
        let expected = ["changes/new.yaml", "changes/two.yaml"].map(|p| format!("{from}{p}"));
        assert_eq!(paths(&site, format, 1), expected, "{format}");
    }
    let answer = site.check(&["--changed-since", "main", "--format", "concise"]);
    assert!(answer.err.contains("2 errors, 0 warnings, 0 notes in 2 changed files"), "{}", answer.err);
}

#[test]
fn a_clause_that_changed_brings_what_breaks_it() {
    let site = old_site();
    site.write("policies/main.md", &site.read("policies/main.md").replace("A lead agrees", "A lead has to agree"));
    for format in FORMATS {
        assert_eq!(paths(&site, format, 1).len(), 2, "{format}");
    }
}

#[test]
fn what_reaches_further_is_said() {
    let site = old_site();
    site.write("people.yaml", &(site.read("people.yaml") + "# more\n"));
    let answer = site.check(&["--changed-since", "main"]);
    assert_eq!(answer.status, Some(0));
    assert!(answer.err.contains("`people.yaml` changed, and can change what is found in files that did not"));
    assert_eq!(site.check(&["--changed-since", "main", "--quiet"]).err, "");
}

#[test]
fn what_git_cannot_answer_ends_the_job() {
    let site = old_site();
    let answer = site.check(&["--changed-since", "nowhere"]);
    assert_eq!((answer.status, answer.out.as_str()), (Some(2), ""));
    assert!(answer.err.contains("no revision `nowhere`"), "{}", answer.err);
    let outside = Site::good();
    let answer = outside.check(&["--changed-since", "main"]);
    assert_eq!(answer.status, Some(2));
    assert!(answer.err.contains("`--changed-since` needs git"), "{}", answer.err);
}
