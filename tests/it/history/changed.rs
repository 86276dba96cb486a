//! What changed since a revision: in commits, in the index, in the work tree.

use super::repository::{Repo, open, words};

fn changed(repo: &Repo, rev: &str) -> Vec<String> {
    open(&repo.root()).changed_since(rev).expect("no damage").into_iter().collect()
}

#[test]
fn everything_since_the_branch_left_counts() {
    let repo = Repo::with_site();
    for name in ["kept", "edited", "removed", "staged", "committed", "renamed"] {
        repo.write(&format!("changes/{name}.yaml"), &format!("id: {name}\n"));
    }
    repo.write("src/main.rs", "fn main() {}\n");
    repo.commit("2026-01-02T09:00:00Z", "Records");
    repo.git(&["checkout", "--quiet", "-b", "work"]);
    repo.write("changes/committed.yaml", "id: other\n");
    repo.git(&["mv", "changes/renamed.yaml", "changes/moved.yaml"]);
    repo.commit("2026-01-03T09:00:00Z", "An edit and a move");
    repo.git(&["checkout", "--quiet", "main"]);
    repo.write("changes/kept.yaml", "id: later on main\n");
    repo.commit("2026-01-04T09:00:00Z", "Main goes on");
    repo.git(&["checkout", "--quiet", "work"]);
    repo.write("changes/edited.yaml", "id: edited again\n");
    repo.remove("changes/removed.yaml");
    repo.write("changes/staged.yaml", "id: staged again\n");
    repo.git(&["add", "changes/staged.yaml"]);
    repo.write("changes/2026/new.yaml", "id: new\n");
    repo.write(".gitignore", "ignored.yaml\n");
    repo.write("changes/ignored.yaml", "id: read all the same\n");
    repo.write("src/main.rs", "no input\n");
    let names = ["2026/new", "committed", "edited", "ignored", "moved", "removed", "renamed", "staged"];
    let expected: Vec<String> = names.iter().map(|name| format!("changes/{name}.yaml")).collect();
    assert_eq!(changed(&repo, "main"), expected);
    assert_eq!(changed(&repo, "work").len(), 5, "since the branch's own last commit: what is not committed");
}

#[test]
fn revisions_are_named_as_git_names_them() {
    let repo = Repo::with_site();
    let first = repo.git(&["rev-parse", "HEAD"]);
    repo.git(&["tag", "-a", "v1", "-m", "first"]);
    repo.write("people.yaml", "[]\n");
    repo.commit("2026-01-02T09:00:00Z", "People");
    for rev in [&first, &first[..9], "v1", "HEAD~1", "main^", "refs/tags/v1"] {
        assert_eq!(changed(&repo, rev), ["people.yaml"], "{rev}");
    }
    let site = open(&repo.root());
    for rev in ["origin/main", "v2", "HEAD~9", "", "--all", "a b", "\u{1f}", "@{yesterday"] {
        let said = words(site.changed_since(rev));
        assert!(said.contains(&format!("no revision `{rev}`")) && said.contains("git fetch origin main"), "{said}");
    }
    assert!(words(site.changed_since("HEAD:people.yaml")).contains("is no commit"));
    repo.git(&["checkout", "--quiet", "--orphan", "apart"]);
    repo.commit("2026-01-03T09:00:00Z", "Another beginning");
    assert!(words(site.changed_since("main")).contains("no commit in common"));
}

/// Only what is read counts as an edit of the site.
#[test]
fn dirty_is_what_differs_among_inputs() {
    let repo = Repo::with_site();
    let dirty = || {
        let repository = open(&repo.root());
        let head = repository.head().unwrap().expect("a commit");
        repository.is_dirty(&head).unwrap()
    };
    for (path, expected) in [
        ("notes.txt", false),
        ("public/index.html", false),
        ("policies/README.md", false),
        ("changes/.draft.yaml", false),
        ("content/index.md", true),
    ] {
        repo.write(path, "x\n");
        assert_eq!(dirty(), expected, "{path}");
    }
    repo.remove("content/index.md");
    assert!(!dirty());
    repo.remove("policies/a.md");
    assert!(dirty(), "a policy is gone");
}
