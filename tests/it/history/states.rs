//! Every state a repository can be in (fault 30): each has an answer, or words of its own, and none takes for ever.

use std::fs;

use tickmark::error::Result;
use tickmark::repo::{Obstacle, Repository, Standing};

use super::repository::{CONFIGURATION, PATIENCE, Repo, alone, open, words};

/// What finding the repository of a folder comes to.
fn standing(repo: &Repo) -> Standing {
    Repository::find_within(&repo.root(), PATIENCE).expect("no damage")
}

fn obstacle(repo: &Repo) -> Obstacle {
    match standing(repo) {
        Standing::Unreadable(obstacle) => obstacle,
        Standing::Outside => panic!("no repository"),
        Standing::In(_) => panic!("it can be read"),
    }
}

fn head(repo: &Repo) -> Option<(String, bool)> {
    asked(&open(&repo.root())).expect("no damage")
}

/// The commit that is checked out, and whether the site differs from it.
fn asked(repository: &Repository) -> Result<Option<(String, bool)>> {
    repository.head()?.map(|head| Ok((head.commit.clone(), repository.is_dirty(&head)?))).transpose()
}

#[test]
fn no_repository_is_as_good_as_any() {
    let repo = Repo::bare_folder();
    assert!(matches!(standing(&repo), Standing::Outside));
    let said = words(standing(&repo).required("--changed-since"));
    assert!(said.contains("`--changed-since` needs git") && said.contains("git init"), "{said}");
}

#[test]
fn a_branch_without_commits_has_no_commit() {
    let repo = Repo::empty();
    repo.write("tickmark.yaml", CONFIGURATION);
    assert_eq!(head(&repo), None);
    let said = words(open(&repo.root()).changed_since("main"));
    assert!(said.contains("nothing is committed yet"), "{said}");
}

#[test]
fn what_is_checked_out_is_named_on_a_branch_and_off_one() {
    let repo = Repo::with_site();
    let first = repo.git(&["rev-parse", "HEAD"]);
    assert_eq!(head(&repo), Some((first.clone(), false)));
    let second = repo.commit("2026-01-02T09:00:00Z", "Nothing");
    assert_eq!(head(&repo), Some((second, false)));
    repo.git(&["checkout", "--quiet", "--detach", &first]);
    assert_eq!(head(&repo), Some((first, false)));
}

/// The prefix of the site's folder is taken off, and a sibling folder is none of its business.
#[test]
fn a_site_may_be_a_folder_of_a_repository_a_worktree_or_a_submodule() {
    let repo = Repo::empty();
    for folder in ["trust", "trust2", "other"] {
        repo.write(&format!("{folder}/policies/a.md"), "# A\n");
    }
    repo.write("trust/tickmark.yaml", CONFIGURATION);
    let commit = repo.commit("2026-01-01T09:00:00Z", "A site below");
    for folder in ["trust2", "other"] {
        repo.write(&format!("{folder}/policies/a.md"), "# Changed\n");
    }
    let site = open(&repo.root().join("trust"));
    assert_eq!(asked(&site).unwrap(), Some((commit.clone(), false)));
    assert!(site.changed_since("HEAD").unwrap().is_empty());
    repo.write("trust/policies/a.md", "# Changed\n");
    assert_eq!(site.changed_since("HEAD").unwrap().into_iter().collect::<Vec<_>>(), ["policies/a.md"]);

    let tree = repo.beside("tree");
    repo.git(&["worktree", "add", "--quiet", tree.to_str().unwrap(), &commit]);
    let there = asked(&open(&tree.join("trust"))).unwrap();
    assert_eq!(there, Some((commit.clone(), false)), "a worktree has a commit of its own");

    let outer = Repo::empty();
    outer.git(&["submodule", "--quiet", "add", repo.root().to_str().unwrap(), "inner"]);
    let there = asked(&open(&outer.root().join("inner/trust"))).unwrap();
    assert_eq!(there, Some((commit, false)), "a submodule's history is its own");
}

/// A site that nobody committed, in a repository of something else, was not built from that one's commit.
#[test]
fn a_commit_that_does_not_hold_the_site_is_not_its_commit() {
    let repo = Repo::with_site();
    repo.write("target/site/tickmark.yaml", CONFIGURATION);
    assert!(open(&repo.root().join("target/site")).head().unwrap().is_none());
}

#[test]
fn a_repository_without_a_work_tree_says_nothing_about_what_lies_in_it() {
    let repo = Repo::with_site();
    let bare = repo.beside("bare.git");
    repo.git(&["clone", "--quiet", "--bare", ".", bare.to_str().unwrap()]);
    let bare = bare.canonicalize().unwrap();
    assert!(matches!(Repository::find_within(&bare, PATIENCE), Ok(Standing::Outside)));
}

#[test]
fn a_shallow_clone_says_so_and_how_to_deepen_it() {
    let repo = Repo::with_site();
    let first = repo.git(&["rev-parse", "HEAD"]);
    let second = repo.commit("2026-01-02T09:00:00Z", "Nothing");
    let clone = repo.beside("clone");
    let url = format!("file://{}", repo.root().display());
    repo.git(&["clone", "--quiet", "--depth=1", &url, clone.to_str().unwrap()]);
    let shallow = open(&clone);
    assert!(shallow.is_shallow() && !open(&repo.root()).is_shallow());
    assert_eq!(shallow.head().unwrap().expect("a commit").commit, second);
    let said = words(shallow.changed_since(&first));
    assert!(said.contains(&format!("no revision `{first}`")), "{said}");
    assert!(said.contains("git fetch --unshallow") && said.contains("fetch-depth: 0"), "{said}");
}

#[test]
fn a_partial_clone_is_told_what_to_fetch() {
    let repo = Repo::with_site();
    repo.git(&["config", "uploadpack.allowFilter", "true"]);
    repo.git(&["config", "uploadpack.allowAnySHA1InWant", "true"]);
    let clone = repo.beside("clone");
    let url = format!("file://{}", repo.root().display());
    repo.git(&["clone", "--quiet", "--no-checkout", "--filter=tree:0", &url, clone.to_str().unwrap()]);
    let said = words(asked(&open(&clone)));
    assert!(said.contains("partial clone") && said.contains("`git fetch --refetch --no-filter`"), "{said}");
    // What is advised helps.
    repo.git_at("2026-01-01T09:00:00Z", &clone, &["fetch", "--quiet", "--refetch", "--no-filter"]);
    assert!(open(&clone).head().unwrap().is_some());
}

#[test]
fn newer_kinds_of_repository_are_named_and_are_no_damage() {
    let repo = Repo::bare_folder();
    repo.git(&["init", "--quiet", "--object-format=sha256"]);
    let found = obstacle(&repo);
    assert!(found.what.contains("SHA-256") && found.help.contains("SHA-1"), "{found:?}");

    let repo = Repo::bare_folder();
    repo.git(&["init", "--quiet", "--ref-format=reftable"]);
    let found = obstacle(&repo);
    assert!(found.what.contains("reftable") && found.help.contains("git refs migrate --ref-format=files"), "{found:?}");
    // What is advised helps.
    repo.git(&["refs", "migrate", "--ref-format=files"]);
    assert!(matches!(standing(&repo), Standing::In(_)));

    let repo = Repo::with_site();
    repo.git(&["config", "core.repositoryFormatVersion", "1"]);
    repo.git(&["config", "extensions.tomorrow", "true"]);
    let found = obstacle(&repo);
    assert!(found.what.contains("newer kind"), "{found:?}");
    assert!(words(standing(&repo).required("--changed-since")).contains("newer kind"));
}

/// Only root can give a folder away; `src/repo/git/tests.rs` holds the words on any machine.
#[test]
fn a_repository_of_another_user_is_told_how_to_trust_it() {
    let repo = Repo::with_site();
    if std::os::unix::fs::chown(repo.root().join(".git"), Some(65534), None).is_err() {
        return;
    }
    std::os::unix::fs::chown(repo.root(), Some(65534), None).expect("root may");
    let found = obstacle(&repo);
    let line = format!("`git config --global --add safe.directory {}`", repo.root().display());
    assert!(found.what.contains("another user") && found.help.contains(&line), "{found:?}");
}

#[test]
fn damage_ends_the_job_and_says_how_to_look() {
    let spoilt = |object: &str, with: fn(Vec<u8>) -> Vec<u8>| {
        let repo = Repo::with_site();
        repo.spoil(object, with);
        words(asked(&open(&repo.root())))
    };
    let junk = |bytes: Vec<u8>| bytes.iter().map(|b| !b).collect();
    for object in ["HEAD", "HEAD^{tree}", "HEAD:policies"] {
        let said = spoilt(object, junk);
        assert!(said.contains("git fsck --full"), "{object}: {said}");
    }
    let repo = Repo::with_site();
    fs::remove_file(repo.object("HEAD^{tree}")).expect("the object");
    let said = words(asked(&open(&repo.root())));
    assert!(said.contains("an object is missing") && said.contains("git fetch --refetch"), "{said}");

    let repo = Repo::with_site();
    fs::write(repo.root().join(".git/HEAD"), "").expect("HEAD");
    let found = Repository::find_within(&repo.root(), PATIENCE).and_then(|s| asked(&s.required("x")?));
    assert!(words(found).contains("git fsck --full"));
}

/// libgit2 goes round for ever on an object that was cut short. Waiting ends, the object is named, and what is asked
/// next is refused at once.
#[test]
fn an_object_that_was_cut_short_does_not_hang() {
    alone(
        "history::states::an_object_that_was_cut_short_does_not_hang",
        an_object_that_was_cut_short_does_not_hang_inside,
    );
}

fn an_object_that_was_cut_short_does_not_hang_inside() {
    for object in ["HEAD", "HEAD^{tree}", "HEAD:policies"] {
        let repo = Repo::with_site();
        let id = repo.git(&["rev-parse", object]);
        repo.spoil(object, |bytes| bytes[..bytes.len() / 2].to_vec());
        let site = open(&repo.root());
        let said = words(asked(&site));
        assert!(said.contains("git fsck --full"), "{object}: {said}");
        if said.contains("does not answer") {
            assert!(said.contains(&id), "{object}: {said}");
            assert!(words(site.changed_since("HEAD")).contains("does not answer"), "{object}");
        }
    }
}

/// Now is what the clock says: the last commit, too, may be later than that. A time that no calendar reaches is the last.
#[test]
fn the_last_commit_may_be_one_of_the_future() {
    for (time, shown) in [("@4071495600 +1400", "Wed 7 Jan 2099 19:00"), ("@300000000000 +0000", " 9999 ")] {
        let repo = Repo::with_site();
        let said = |arguments: &[&str]| {
            let output = repo.tickmark(&repo.root(), &[&["check", "--format", "concise"], arguments].concat());
            assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
            String::from_utf8_lossy(&output.stdout).into_owned()
        };
        assert!(!said(&[]).contains("future-commit"));
        let commit = repo.commit(time, "Made by a wrong clock");
        let text = said(&[]);
        let line = text.lines().find(|l| l.contains("history/future-commit")).unwrap_or_else(|| panic!("{text}"));
        assert!(line.contains(&format!("commit {} is dated", &commit[..7])) && line.contains(shown), "{line}");
        assert!(!said(&["--as-of", "2026-03-01"]).contains("future-commit"), "the past is judged again");
    }
}
