//! What a walk over many commits found is kept: nobody walks twice, and nothing is believed that git does not say.

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use super::repository::{CONFIGURATION, Repo};

/// A site with a policy that gets a new version each hundred commits, of so many.
fn long(commits: usize) -> Repo {
    let repo = Repo::empty();
    let mut stream = String::new();
    for number in 0..commits {
        let time = 1_767_225_600 + number * 3600;
        let file = |path: &str, text: &str| format!("M 100644 inline {path}\ndata {}\n{text}\n", text.len());
        let _ = write!(stream, "commit refs/heads/main\ncommitter A <a@pier.example> {time} +0000\ndata 1\nc\n");
        if number == 0 {
            stream += &file("tickmark.yaml", CONFIGURATION);
        }
        if number % 100 == 0 {
            let version = 1 + number / 100;
            stream += &file("policies/p.md", &format!("---\nversion: \"{version}\"\n---\n# P\n\nText {number}.\n"));
        } else {
            stream += &file("src/main.rs", &format!("{number}\n"));
        }
    }
    repo.import(&stream);
    repo
}

/// What the pages of the policy say, or how the build failed.
fn built(repo: &Repo) -> Result<String, String> {
    let output = repo.tickmark(&repo.root(), &["build", "--as-of", "2026-11-21"]);
    if output.status.code() != Some(0) {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    Ok(fs::read_to_string(repo.root().join("internal/policies/p/index.html")).expect("a page"))
}

/// The one file that is kept.
fn kept(repo: &Repo) -> Option<PathBuf> {
    let mut found = fs::read_dir(repo.beside("home/.cache/tickmark")).ok()?.map(|e| e.expect("an entry").path());
    let first = found.next();
    assert!(found.next().is_none(), "one file for one site");
    first
}

#[test]
fn a_second_build_does_not_walk_again_and_the_cache_may_go() {
    let repo = long(600);
    let first = built(&repo).expect("built");
    assert!(first.contains(">6</a>") && first.contains(">1</a>"), "{first}");
    let file = kept(&repo).expect("the walk is kept");
    // Only whoever walks reads a commit that has nothing to do with the site.
    let object = repo.object("HEAD~350");
    let bytes = fs::read(&object).expect("a loose object");
    fs::remove_file(&object).expect("it is there");
    assert_eq!(built(&repo), Ok(first.clone()));
    fs::remove_file(&file).expect("it is there");
    let failed = built(&repo).expect_err("the walk does not get through");
    assert!(failed.contains("could not read the history"), "{failed}");
    fs::write(&object, bytes).expect("put back");
    assert_eq!(built(&repo), Ok(first));
    assert!(kept(&repo).is_some());
}

#[test]
fn nothing_is_believed_that_git_does_not_say() {
    let repo = long(600);
    let first = built(&repo).expect("built");
    let file = kept(&repo).expect("the walk is kept");
    let good = fs::read_to_string(&file).expect("text");
    // The day of the first commit, one year earlier.
    let forged = good.replace("1767225600", "1735689600");
    assert_ne!(forged, good);
    for bad in [forged.as_str(), &good[..good.len() / 2], &good.replace("tickmark.history/1 ", "tickmark.history/1 0")]
    {
        fs::write(&file, bad).expect("written");
        assert_eq!(built(&repo), Ok(first.clone()));
        assert_eq!(fs::read_to_string(&file).expect("text"), good, "kept anew");
    }
    // A new commit is seen, whatever was kept.
    repo.write("policies/p.md", "---\nversion: \"7\"\n---\n# P\n\nNew.\n");
    repo.commit("2026-06-01T09:00:00Z", "New");
    assert!(built(&repo).expect("built").contains(">7</a>"));
    // And where nothing can be kept, nothing is.
    fs::remove_dir_all(repo.beside("home/.cache")).expect("it is there");
    fs::write(repo.beside("home/.cache"), "no folder").expect("written");
    assert!(built(&repo).expect("built").contains(">7</a>"));
}

#[test]
fn short_histories_are_not_worth_keeping() {
    let repo = long(20);
    built(&repo).expect("built");
    assert_eq!(kept(&repo), None);
}
