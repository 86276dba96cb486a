//! The line of a branch: what stands on it, how it came, and every way in which there is no answer.

use std::fs;
use std::path::Path;

use jiff::Timestamp;
use tickmark::model::{Line, LineCommit};
use tickmark::repo::{Elsewhere, LineAsk, Obstacle};

use super::repository::{PATIENCE, Repo, alone};

fn at(time: &str) -> Timestamp {
    time.parse().expect("a time")
}

fn read(folder: &Path, branch: &str, ask: LineAsk) -> Result<Line, Obstacle> {
    Elsewhere::open_within(folder, PATIENCE)?.line(branch, ask)
}

fn line(repo: &Repo, ask: LineAsk) -> Line {
    read(&repo.root(), "main", ask).expect("an answer")
}

/// What an obstacle says, and its help.
fn obstacle(folder: &Path, branch: &str) -> String {
    let found = read(folder, branch, LineAsk::default()).expect_err("an obstacle");
    format!("{}\n{}", found.what, found.help)
}

/// Each commit in words.
fn told(line: &Line) -> Vec<String> {
    let word = |c: &LineCommit| format!("{:?} {:?} {}", c.arrival, c.request, c.subject());
    line.commits.iter().map(word).collect()
}

/// A gateway with a first commit, a merge of two commits, a squash, a push and a revert.
fn gateway() -> Repo {
    let repo = Repo::empty();
    let root = repo.root();
    repo.write(".github/CODEOWNERS", "* @ang\n");
    repo.write("src/a", "1");
    repo.commit("2025-12-30T09:00:00+10:00", "First");
    repo.git(&["checkout", "--quiet", "-b", "work"]);
    repo.write("src/a", "2");
    repo.commit("2026-01-02T09:00:00+10:00", "Work");
    repo.write("src/b", "1");
    repo.git_at("2026-01-03T09:00:00+05:30", &root, &["add", "--all"]);
    let author = "--author=Bo Ito <b.ito@pier.example>";
    repo.git_at("2026-01-03T09:00:00+05:30", &root, &["commit", "--quiet", author, "-m", "More work"]);
    repo.git(&["checkout", "--quiet", "main"]);
    let subject =
        "Merge pull request #12 from pier/work\n\nWork at last\n\nChange: CHG-1\nReviewed-by: C. Lead <c@pier.example>";
    repo.git_at("2026-01-04T09:00:00+10:00", &root, &["merge", "--quiet", "--no-ff", "-m", subject, "work"]);
    repo.write(".github/CODEOWNERS", "* @bito\n");
    repo.commit("2026-01-05T09:00:00+10:00", "Owners (#13)");
    repo.git_at("2026-01-05T10:00:00+10:00", &root, &["tag", "-a", "v1", "-m", "One"]);
    repo.write("src/a", "3");
    let pushed = repo.commit("2026-01-06T09:00:00+10:00", "Pushed");
    repo.git_at("2026-01-07T09:00:00+10:00", &root, &["revert", "--no-edit", &pushed]);
    repo.git(&["tag", "v2"]);
    repo.git(&["tag", "elsewhere", "work"]);
    repo
}

#[test]
fn every_commit_says_how_it_came() {
    let repo = gateway();
    let line = line(&repo, LineAsk { paths: true, owners: true, since: None });
    assert_eq!(
        told(&line),
        [
            "First None First",
            "Merge Some(12) Merge pull request #12 from pier/work",
            "Squash Some(13) Owners (#13)",
            "Plain None Pushed",
            "Plain None Revert \"Pushed\"",
        ]
    );
    assert_eq!((&*line.branch, &*line.head, line.cut, line.behind), ("main", &*line.commits[4].id, false, false));
    let merge = &line.commits[1];
    assert_eq!(merge.parents[0], line.commits[0].id);
    assert_eq!(merge.parents[1], repo.git(&["rev-parse", "work"]).into());
    assert_eq!(merge.committed.at, at("2026-01-03T23:00:00Z"));
    assert_eq!((merge.committed.offset, &*merge.author.email), (600, "a.ng@pier.example"));
    assert_eq!(merge.trailer("change").collect::<Vec<_>>(), ["CHG-1"]);
    assert_eq!(merge.trailer("Reviewed-by").collect::<Vec<_>>(), ["C. Lead <c@pier.example>"]);
    let brought = merge.brought.as_ref().expect("a merge brings something");
    assert_eq!(brought.commits, ["work~1", "work"].map(|name| repo.git(&["rev-parse", name]).into()));
    assert_eq!(brought.authors.iter().map(|w| &*w.name).collect::<Vec<_>>(), ["A. Ng", "Bo Ito"]);
    assert_eq!(brought.first.map(|w| w.at), Some(at("2026-01-01T23:00:00Z")));
    let paths: Vec<_> = line.commits.iter().map(|c| c.paths.join(" ")).collect();
    assert_eq!(paths, [".github/CODEOWNERS src/a", "src/a src/b", ".github/CODEOWNERS", "src/a", "src/a"]);
    assert_eq!(line.commits[4].reverts, [line.commits[3].id.clone()]);
    // Owners are those that the commit before names.
    let owners = line.commits.iter().map(|c| c.owners.map(|n| &*line.owners[n as usize].text));
    assert_eq!(
        owners.collect::<Vec<_>>(),
        [None, Some("* @ang\n"), Some("* @ang\n"), Some("* @bito\n"), Some("* @bito\n")]
    );
    let tags: Vec<_> = line.tags.iter().map(|t| (&*t.name, t.tagger.is_some())).collect();
    assert_eq!(tags, [("elsewhere", false), ("v1", true), ("v2", false)]);
    assert!(line.reaches(&merge.parents[1]) && line.reaches(&merge.parents[1].to_uppercase()[..9]));
    assert!(!line.reaches("0000000") && !line.reaches(""));
}

#[test]
fn what_is_not_asked_for_is_not_read() {
    let line = line(&gateway(), LineAsk::default());
    assert!(line.commits.iter().all(|c| c.paths.is_empty() && c.owners.is_none()) && line.owners.is_empty());
}

/// The day counts, and a clock that was wrong hides nothing that came after.
#[test]
fn only_what_came_since_counts_whatever_one_clock_said() {
    let repo = Repo::empty();
    for (time, name) in [
        ("2025-01-01T00:00:00Z", "old"),
        ("2099-01-01T00:00:00Z", "too late a clock"),
        ("2025-06-01T00:00:00Z", "old too"),
        ("2026-01-01T00:00:00Z", "first"),
        ("2026-01-02T00:00:00Z", "second"),
        ("1970-01-02T00:00:00Z", "too early a clock"),
        ("2026-01-03T00:00:00Z", "last"),
    ] {
        repo.commit(time, name);
    }
    let ask = |since| LineAsk { since: Some(at(since)), ..LineAsk::default() };
    let subjects = |since| line(&repo, ask(since)).commits.iter().map(|c| c.subject().to_owned()).collect::<Vec<_>>();
    let expected = ["too late a clock", "first", "second", "too early a clock", "last"];
    assert_eq!(subjects("2026-01-01T00:00:00Z"), expected);
    assert_eq!(subjects("2026-01-01T00:00:01Z"), ["too late a clock", "second", "last"]);
    assert_eq!(line(&repo, ask("2100-01-01T00:00:00Z")).reachable.len(), 7);
}

#[test]
fn a_branch_is_the_local_one_or_what_origin_has() {
    let repo = gateway();
    let clone = repo.beside("clone");
    repo.git(&["clone", "--quiet", "--no-hardlinks", ".", clone.to_str().unwrap()]);
    repo.commit("2026-01-08T09:00:00Z", "Later");
    repo.git_at("2026-01-08T09:00:00Z", &clone, &["fetch", "--quiet"]);
    let found = read(&clone, "main", LineAsk::default()).expect("an answer");
    assert_eq!((&*found.branch, found.behind, found.commits.len()), ("main", true, 5));
    repo.git_at("2026-01-08T09:00:00Z", &clone, &["checkout", "--quiet", "--detach"]);
    repo.git_at("2026-01-08T09:00:00Z", &clone, &["branch", "--quiet", "-D", "main"]);
    let found = read(&clone, "main", LineAsk::default()).expect("an answer");
    assert_eq!((&*found.branch, found.behind, found.commits.len()), ("origin/main", false, 6));
    // A mirror without a work tree is as good.
    let bare = repo.beside("bare.git");
    repo.git(&["clone", "--quiet", "--bare", ".", bare.to_str().unwrap()]);
    assert_eq!(told(&read(&bare, "main", LineAsk::default()).expect("an answer")), told(&found));
}

#[test]
fn each_obstacle_says_what_mends_it() {
    let repo = gateway();
    let said = obstacle(&repo.root(), "mian");
    assert!(
        said.contains("has no branch `mian`\ndid you mean `main`?") && said.contains("fetch origin mian"),
        "{said}"
    );
    let said = obstacle(&repo.beside("gone"), "main");
    assert!(said.contains("is not there\nclone it there, as in `git clone URL "), "{said}");
    // A folder of a repository is not the repository: a submodule that was not fetched would else be the one around it.
    fs::create_dir(repo.root().join("empty")).unwrap();
    let said = obstacle(&repo.root().join("empty"), "main");
    assert!(said.contains("no git repository") && said.contains("git submodule update --init"), "{said}");
    let said = obstacle(&Repo::empty().root(), "main");
    assert!(said.contains("has no commit"), "{said}");
    let other = Repo::bare_folder();
    other.git(&["init", "--quiet", "--object-format=sha256"]);
    assert!(obstacle(&other.root(), "main").contains("SHA-256"));
    let other = Repo::bare_folder();
    other.git(&["init", "--quiet", "--ref-format=reftable"]);
    let said = obstacle(&other.root(), "main");
    assert!(said.contains("reftable") && said.contains("refs migrate --ref-format=files"), "{said}");
}

#[test]
fn a_shallow_clone_is_cut() {
    let repo = gateway();
    let clone = repo.beside("clone");
    let url = format!("file://{}", repo.root().display());
    repo.git(&["clone", "--quiet", "--depth=2", &url, clone.to_str().unwrap()]);
    let found = read(&clone, "main", LineAsk::default()).expect("an answer");
    assert!(found.cut && found.commits.len() == 2);
}

#[test]
fn damage_has_words_and_never_hangs() {
    alone("history::line::damage_has_words_and_never_hangs", damage_has_words_and_never_hangs_inside);
}

fn damage_has_words_and_never_hangs_inside() {
    let broken = |object: &str, with: fn(Vec<u8>) -> Vec<u8>| {
        let repo = gateway();
        repo.spoil(object, with);
        obstacle(&repo.root(), "main")
    };
    for object in ["main~1", "work~1"] {
        let said = broken(object, |bytes| bytes[..bytes.len() / 2].to_vec());
        assert!(said.contains("git fsck --full"), "{object}: {said}");
        let said = broken(object, |bytes| bytes.iter().map(|b| !b).collect());
        assert!(said.contains("git fsck --full"), "{object}: {said}");
    }
}
