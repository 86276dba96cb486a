//! `--rev`: the site as it was committed, from a work tree and from a bare repository, is the site as it is read from disk.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Output;

use tickmark::diag::Sink;
use tickmark::repo::{self, ReadOptions, Repository, Worktree};

use super::commit::{gather, said};
use super::repository::{CONFIGURATION, PATIENCE, Repo, alone, words};

const AS_OF: &str = "2026-11-21";

fn text(path: &Path) -> &str {
    path.to_str().expect("a plain path")
}

/// A bare clone beside the work tree.
fn bare(repo: &Repo) -> PathBuf {
    let bare = repo.beside("bare.git");
    repo.git(&["clone", "--quiet", "--bare", "--no-hardlinks", ".", text(&bare)]);
    bare.canonicalize().expect("the clone")
}

fn run(repo: &Repo, folder: &Path, arguments: &[&str]) -> Output {
    repo.tickmark(folder, &[arguments, &["--as-of", AS_OF]].concat())
}

/// What a command says that is refused.
fn refused(repo: &Repo, folder: &Path, arguments: &[&str]) -> String {
    let output = run(repo, folder, arguments);
    assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", said(&output));
    said(&output)
}

/// Builds into a folder of its own, and gives both trees.
fn built(repo: &Repo, folder: &Path, name: &str, arguments: &[&str]) -> BTreeMap<String, Vec<u8>> {
    let output = repo.beside(name);
    let done = run(repo, folder, &[&["build", "--output", text(&output)], arguments].concat());
    assert_eq!(done.status.code(), Some(0), "{}", said(&done));
    let mut tree = BTreeMap::new();
    ["public", "internal"].iter().for_each(|name| gather(&output.join(name), name, &mut tree));
    tree
}

/// What differs between two trees, by path.
fn differing(a: &BTreeMap<String, Vec<u8>>, b: &BTreeMap<String, Vec<u8>>) -> Vec<String> {
    a.keys().chain(b.keys()).filter(|path| a.get(*path) != b.get(*path)).cloned().collect()
}

/// A site with history, rules that ask for it, and everything that is not read in it.
fn full_site() -> Repo {
    let repo = Repo::empty();
    let policy = |version: &str, effective: &str| {
        format!(
            "---\nversion: \"{version}\"\neffective: {effective}\nclassification: public\nowner: lead\n\
             review: {{every: 12 months, last: 2026-01-01}}\nchanges:\n  types: {{normal: {{}}}}\n  rules:\n\
             \x20   - {{id: soon, clause: says, deadline: {{of: documented, within: 48 hours, after: requested}}}}\n\
             \x20   - {{id: stays, clause: says, unchanged: {{after: closed}}}}\n\
             \x20   - {{id: kept, clause: says, retained: 3 years}}\n---\n\
             # P\n\nIt is written down within 48 hours ({version}). <!-- clause: says -->\n"
        )
    };
    let record = |id: &str, title: &str| {
        format!(
            "id: {id}\ntype: normal\ntitle: {title}\nauthor: a.ng\nrequested_at: 2026-03-02T09:00:00Z\nstatus: closed\n\
             deployments: [{{environment: production, at: 2026-03-04T09:00:00Z, by: a.ng}}]\n\
             closed_at: 2026-03-05T09:00:00Z\n"
        )
    };
    repo.write("tickmark.yaml", &format!("{CONFIGURATION}changes: {{default_policy: p, history_from: 2026-01-01}}\n"));
    repo.write("people.yaml", "- {id: a.ng, name: Alex Ng, roles: [{role: lead, from: 2020-01-01}]}\n");
    repo.write("policies/p.md", &policy("1", "2026-01-01"));
    repo.write("content/index.md", "# Pier\n\nHow we change things.\n");
    repo.write("static/deep/note.txt", "plain\n");
    repo.write("changes/old.yaml", &record("OLD", "Gone"));
    repo.commit("2026-01-01T09:00:00Z", "A site");
    repo.write("policies/p.md", &policy("2", "2026-03-01"));
    repo.write("changes/2026/a.yaml", &record("A", "In time"));
    repo.remove("changes/old.yaml");
    repo.commit("2026-03-03T09:00:00Z", "Version 2");
    repo.write("changes/2026/a.yaml", &record("A", "Edited later").replace('\n', "\r\n"));
    repo.write("changes/b.yaml", &record("B", "Late"));
    repo.commit("2026-05-03T09:00:00Z", "An edit");
    repo
}

/// Puts what is named and never read into the work tree of a site.
fn strange_files(repo: &Repo) {
    let root = repo.root();
    for (path, bytes) in [
        ("changes/bad.yaml", &b"id: \xff"[..]),
        ("changes/wide.yaml", b"\xff\xfei\0d\0"),
        ("changes/zero.yaml", b"a: \0"),
        ("changes/note.txt", b"x"),
        ("changes/X.yaml", b""),
        ("changes/x.yaml", b""),
        ("changes/.hidden.yaml", b"id: HIDDEN"),
        ("changes/README.md", b"x"),
        ("content/con.md", b"x"),
        ("Waivers/w.yaml", b"id: W"),
        ("themes/stray.html", b"x"),
        ("static/.well-known/key", b"k"),
        ("static/mark.bin", b"\0\x01"),
        ("static/logo.png", b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n"),
    ] {
        repo.write(path, "");
        fs::write(root.join(path), bytes).expect("a file");
    }
    fs::write(root.join("changes").join(std::ffi::OsStr::from_bytes(b"latin\xe9.yaml")), "").expect("a file");
    symlink("/etc/passwd", root.join("static/passwd")).expect("a link");
    symlink("../elsewhere", root.join("reports")).expect("a link");
    symlink("x.yaml", root.join("changes/link.yaml")).expect("a link");
    let module = root.join("changes/module");
    fs::create_dir(&module).expect("a folder");
    repo.git_at("2026-01-01T09:00:00Z", &module, &["init", "--quiet"]);
    fs::write(module.join("m.yaml"), "id: MODULE\n").expect("a file");
    repo.git_at("2026-01-01T09:00:00Z", &module, &["add", "."]);
    repo.git_at("2026-01-01T09:00:00Z", &module, &["commit", "--quiet", "-m", "A module"]);
    repo.commit("2026-05-04T09:00:00Z", "Strange files");
}

/// What reading came to: texts, assets, digests, findings.
fn shown(tree: &Worktree, sink: Sink) -> Vec<String> {
    let texts = tree.sources.iter().map(|(_, f)| format!("{} {:?}", f.path(), f.text()));
    let assets = tree.assets.iter().map(|a| format!("{} {:?}", a.path, a.bytes));
    let digests = tree.digests.iter().map(|d| format!("{d:?}"));
    let all: Vec<String> = texts.chain(assets).chain(digests).collect();
    let findings = sink.into_sorted();
    all.into_iter().chain(findings.iter().map(|f| format!("{} {} {:?}", f.code.name, f.headline, f.notes))).collect()
}

#[test]
fn a_commit_is_read_as_the_work_tree_is() {
    let repo = full_site();
    strange_files(&repo);
    let options =
        ReadOptions { limits: repo::Limits { record: 200, ..repo::Limits::default() }, ..ReadOptions::default() };
    let mut sink = Sink::new();
    let tree = repo::read(&repo.root(), &options, &mut sink).expect("a readable tree");
    let expected = shown(&tree, sink);
    for folder in [repo.root(), bare(&repo)] {
        let repository = Repository::at_within(&folder, "HEAD", PATIENCE).expect("a site");
        let mut sink = Sink::new();
        let tree = repository.read_site(&options, &mut sink).expect("no damage");
        assert_eq!(shown(&tree, sink), expected);
    }
    let named = |code: &str| expected.iter().filter(|line| line.starts_with(code)).count();
    let codes = ["symlink", "nested-repository", "too-large", "not-utf8", "control-character", "name", "same-name"];
    assert_eq!(codes.map(|code| named(&format!("files/{code} "))), [3, 1, 2, 2, 1, 2, 1], "{expected:#?}");
    assert_eq!((named("files/unexpected "), named("files/lfs-pointer ")), (3, 1));
    assert!(expected.iter().any(|line| line.starts_with("static/.well-known/key ")));
}

/// The same commit, wherever it is and however it is read, gives the same bytes: pages and manifests.
#[test]
fn wherever_a_commit_is_read_the_site_is_the_same() {
    let repo = full_site();
    repo.write("themes/plain/x.html", "");
    strange_files(&repo);
    for gone in [
        "changes/bad.yaml",
        "changes/wide.yaml",
        "changes/zero.yaml",
        "changes/X.yaml",
        "changes/x.yaml",
        "content/con.md",
    ] {
        repo.remove(gone);
    }
    repo.commit("2026-05-05T09:00:00Z", "Without what cannot be read");
    let clone = repo.beside("far/away/clone");
    repo.git(&["clone", "--quiet", "--no-hardlinks", ".", text(&clone)]);
    let clone = clone.canonicalize().expect("the clone");
    // The commit of a submodule is not cloned; its folder is empty, and looks like any other.
    fs::write(clone.join("changes/module/.git"), "gitdir: nowhere\n").expect("a file");
    let here = built(&repo, &repo.root(), "one", &[]);
    assert!(here.len() > 20 && here.contains_key("public/manifest.json"), "{:?}", here.keys());
    let bare = bare(&repo);
    for (name, folder, arguments) in [
        ("two", &repo.root(), &["--rev", "HEAD"][..]),
        ("three", &clone, &["--rev", "main"]),
        ("four", &bare, &["--rev", "HEAD"]),
        ("five", &bare.join("refs"), &["--rev", "refs/heads/main"]),
    ] {
        assert_eq!(differing(&here, &built(&repo, folder, name, arguments)), [""; 0], "{name}");
    }
    fs::remove_file(clone.join("changes/module/.git")).expect("the file");
    assert_eq!(differing(&here, &built(&repo, &clone, "six", &[])), [""; 0], "read from disk elsewhere");
}

#[test]
fn an_older_commit_is_read_with_its_own_past() {
    let repo = full_site();
    repo.write("changes/b.yaml", "not committed: [");
    let verdicts = |rev: &str| {
        let output = run(&repo, &repo.root(), &["check", "--format", "json", "--rev", rev]);
        let text = said(&output);
        let value = |part: &str, key: &str| {
            part.split(&format!("\"{key}\":\"")).nth(1).and_then(|r| r.split('"').next()).unwrap_or_default().to_owned()
        };
        let commit = value(&text, "commit");
        assert_eq!(commit, repo.git(&["rev-parse", rev]));
        let records = text.split("\n{\"id\":\"").skip(1);
        let shown = |r: &str| {
            format!("{} {} {}", &r[..r.find('"').unwrap_or(0)], value(r, "policy_version"), value(r, "verdict"))
        };
        records.map(shown).collect::<Vec<_>>()
    };
    assert_eq!(verdicts("HEAD~2"), ["OLD 1 pass"]);
    assert_eq!(verdicts("HEAD~1"), ["A 2 pass"]);
    assert_eq!(verdicts("HEAD"), ["A 2 fail", "B 2 fail"]);
    let tree = built(&repo, &repo.root(), "out", &["--rev", "HEAD~1"]);
    let manifest = String::from_utf8_lossy(&tree["internal/manifest.json"]).into_owned();
    assert!(manifest.contains(&format!("\"commit\": \"{}\"", repo.git(&["rev-parse", "HEAD~1"]))), "{manifest}");
    assert!(manifest.contains("\"dirty\": false"), "{manifest}");
    for command in [&["explain", "A"][..], &["due"], &["coverage"]] {
        let output = run(&repo, &repo.root(), &[command, &["--rev", "HEAD~1"]].concat());
        assert_eq!(output.status.code(), Some(0), "{command:?}: {}", said(&output));
    }
}

#[test]
fn a_wrong_revision_is_told_as_everywhere() {
    let repo = full_site();
    let bare = bare(&repo);
    for folder in [&repo.root(), &bare] {
        for rev in ["origin/main", "v2", "HEAD~9", "", "a b", "nowhere:trust", ":trust"] {
            let text = refused(&repo, folder, &["check", &format!("--rev={rev}")]);
            assert!(text.contains("git knows no revision `") && text.contains("git fetch origin main"), "{text}");
        }
        let text = refused(&repo, folder, &["check", "--rev", "HEAD:people.yaml"]);
        assert!(text.contains("has no folder `people.yaml`"), "{text}");
    }
    let empty = Repo::empty();
    assert!(refused(&empty, &empty.root(), &["check", "--rev", "HEAD"]).contains("nothing is committed yet"));
    let outside = Repo::bare_folder();
    let text = refused(&outside, &outside.root(), &["due", "--rev", "HEAD"]);
    assert!(text.contains("`--rev` needs git"), "{text}");
    let sha256 = Repo::bare_folder();
    sha256.git(&["init", "--quiet", "--object-format=sha256"]);
    assert!(refused(&sha256, &sha256.root(), &["check", "--rev", "HEAD"]).contains("SHA-256"));
    let blob = repo.git(&["rev-parse", "HEAD:people.yaml"]);
    assert!(refused(&repo, &bare, &["check", "--rev", &blob]).contains("is no commit"));
    let text = refused(&repo, &repo.root(), &["new", "change", "--rev", "HEAD"]);
    assert!(text.contains("unexpected argument"), "what writes takes none: {text}");
}

#[test]
fn a_bare_repository_says_what_it_needs() {
    let repo = full_site();
    let bare = bare(&repo);
    for command in ["check", "build", "due"] {
        let text = refused(&repo, &bare, &[command]);
        assert!(text.contains("is a bare repository") && text.contains("--rev HEAD"), "{text}");
    }
    let text = refused(&repo, &bare, &["build", "--rev", "HEAD"]);
    assert!(text.contains("--output DIR"), "{text}");
    let text = refused(&repo, &bare, &["build", "--rev", "HEAD", "--output", "made"]);
    assert!(text.contains("where git keeps its own files") && !bare.join("made").exists(), "{text}");
    // What needs no site needs none here, either.
    assert!(run(&repo, &bare, &["explain", "deadline/late"]).status.success());
    let output = run(&repo, &bare, &["explain", "A", "--rev", "HEAD"]);
    assert!(output.status.success() && said(&output).contains("changes/2026/a.yaml"), "{}", said(&output));
}

#[test]
fn a_site_below_is_found_where_the_folder_stands_or_is_named() {
    let repo = Repo::empty();
    repo.write("docs/trust/tickmark.yaml", CONFIGURATION);
    repo.write("docs/trust/changes/deep/a.yaml", "id: [\n");
    repo.write("docs/trust/themes/x/readme", "");
    repo.commit("2026-01-01T09:00:00Z", "A site below");
    let concise = |folder: &Path, arguments: &[&str]| {
        let output = run(&repo, folder, &[&["check", "--format", "concise", "--quiet"], arguments].concat());
        (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned())
    };
    let from_disk = concise(&repo.root().join("docs/trust"), &[]);
    assert!(from_disk.1.contains("changes/deep/a.yaml:"), "{from_disk:?}");
    let (root, bare) = (repo.root(), bare(&repo));
    assert_eq!(concise(&root.join("docs/trust/changes"), &["--rev", "HEAD"]), from_disk);
    assert_eq!(concise(&root, &["--rev", "HEAD:docs/trust"]), from_disk);
    assert_eq!(concise(&bare, &["--rev", "HEAD:docs/trust/"]), from_disk);
    assert_eq!(concise(&bare, &["--rev", "HEAD:docs/trust/changes"]), from_disk, "upward from there");
    for folder in [&root, &bare] {
        let text = refused(&repo, folder, &["check", "--rev", "main"]);
        assert!(text.contains("holds no tickmark.yaml") && text.contains("--rev main:docs/trust"), "{text}");
        let text = refused(&repo, folder, &["check", "--rev", "HEAD:docs/rust"]);
        assert!(text.contains("has no folder `docs/rust`"), "{text}");
    }
    // The folder need not be in the work tree any more.
    repo.git(&["rm", "--quiet", "-r", "docs"]);
    assert_eq!(concise(&root, &["--rev", "HEAD:docs/trust"]), from_disk);
    let text = refused(&repo, &root, &["build", "--rev", "HEAD:docs/trust"]);
    assert!(text.contains("--output DIR"), "{text}");
    // Links are followed nowhere.
    symlink("docs/trust/tickmark.yaml", root.join("tickmark.yaml")).expect("a link");
    repo.commit("2026-01-02T09:00:00Z", "A link");
    assert!(refused(&repo, &root, &["check", "--rev", "HEAD"]).contains("is a symbolic link in that commit"));
}

#[test]
fn what_is_shown_is_limited_in_a_commit_as_on_disk() {
    let repo = full_site();
    repo.write("changes/2026/a.yaml", "id: not committed\n");
    let shown = |folder: &Path, arguments: &[&str]| {
        let output =
            run(&repo, folder, &[&["check", "--format", "concise", "--quiet", "--rev", "HEAD"], arguments].concat());
        assert!(output.status.code().is_some_and(|code| code < 2), "{}", said(&output));
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let mut paths: Vec<String> = text.lines().filter_map(|l| Some(l.split(':').next()?.to_owned())).collect();
        paths.dedup();
        paths
    };
    let (root, bare) = (repo.root(), bare(&repo));
    for (folder, arguments) in [
        (&root, &["changes/b.yaml"][..]),
        (&root.join("changes"), &["../changes/./b.yaml"]),
        (&bare, &["changes/b.yaml"]),
    ] {
        assert_eq!(shown(folder, arguments), ["changes/b.yaml"], "{arguments:?}");
    }
    for folder in [&root, &bare] {
        assert_eq!(shown(folder, &["changes/2026/"]), ["changes/2026/a.yaml"]);
        assert_eq!(shown(folder, &["--changed-since", "HEAD~1"]), ["changes/2026/a.yaml", "changes/b.yaml"]);
        let text = refused(&repo, folder, &["check", "--rev", "HEAD", "changes/c.yaml"]);
        assert!(text.contains("has no input `changes/c.yaml`"), "nothing found there is no pass: {text}");
    }
}

/// A build of a later commit tells nothing of an older one; one of a commit that is gone tells that history was rewritten.
#[test]
fn a_later_build_is_no_rewritten_history() {
    let repo = full_site();
    repo.write("policies/p.md", "---\nowner: lead\nchanges: {rules: [{id: kept, clause: says, retained: 3 years}]}\n---\n# P\n\nKept. <!-- clause: says -->\n");
    repo.commit("2026-06-01T09:00:00Z", "Kept");
    repo.commit("2026-06-02T09:00:00Z", "Nothing");
    let kept = |rev: &str| {
        let output = run(&repo, &repo.root(), &["check", "--format", "json", "--rev", rev]);
        let text = said(&output);
        let rule = text.split("\"rule\":\"kept\"").nth(1).unwrap_or_default();
        rule.split("\"verdict\":\"").nth(1).and_then(|r| r.split('"').next()).unwrap_or_default().to_owned()
    };
    let root = repo.root();
    repo.remove("changes/2026/a.yaml");
    assert_eq!(kept("HEAD"), "fail", "OLD was deleted too early");
    repo.write("changes/2026/a.yaml", "id: A\n");
    repo.write("changes/old.yaml", "id: OLD\n");
    repo.commit("2026-06-03T09:00:00Z", "Back again");
    assert_eq!(kept("HEAD"), "unknown", "nothing was built yet");
    assert!(run(&repo, &root, &["build", "--rev", "HEAD"]).status.success());
    assert_eq!(kept("HEAD"), "pass");
    repo.commit("2026-06-04T09:00:00Z", "Later");
    assert_eq!(kept("HEAD"), "pass");
    assert!(run(&repo, &root, &["build", "--rev", "HEAD"]).status.success());
    assert_eq!(kept("HEAD~1"), "unknown", "built later");
    repo.git(&["reset", "--quiet", "--soft", "HEAD~1"]);
    repo.commit("2026-06-05T09:00:00Z", "Rewritten");
    assert_eq!(kept("HEAD"), "fail", "what was built from is gone");
}

#[test]
fn a_commit_with_damage_ends_the_job_and_does_not_hang() {
    alone(
        "history::revision::a_commit_with_damage_ends_the_job_and_does_not_hang",
        a_commit_with_damage_ends_the_job_and_does_not_hang_inside,
    );
}

fn a_commit_with_damage_ends_the_job_and_does_not_hang_inside() {
    let read = |folder: &Path| {
        let repository = Repository::at_within(folder, "HEAD", PATIENCE)?;
        repository.read_site(&ReadOptions::default(), &mut Sink::new())
    };
    for (object, with) in [
        ("HEAD:policies/p.md", (|b: Vec<u8>| b[..b.len() / 2].to_vec()) as fn(Vec<u8>) -> Vec<u8>),
        ("HEAD:changes", |b| b[..b.len() / 2].to_vec()),
        ("HEAD:static/deep/note.txt", |b| b.iter().map(|b| !b).collect()),
        ("HEAD", |b| b[..b.len() / 2].to_vec()),
    ] {
        let repo = full_site();
        repo.spoil(object, with);
        let text = words(read(&repo.root()));
        assert!(text.contains("git fsck --full"), "{object}: {text}");
    }
    let repo = full_site();
    repo.git(&["config", "uploadpack.allowFilter", "true"]);
    let clone = repo.beside("partial.git");
    let url = format!("file://{}", repo.root().display());
    repo.git(&["clone", "--quiet", "--bare", "--filter=blob:none", &url, text(&clone)]);
    let text = words(read(&clone));
    assert!(text.contains("partial clone") && text.contains("`git fetch --refetch --no-filter`"), "{text}");
}

/// A few trees that name each other over and over stand for more files than there is room for.
#[test]
fn a_commit_of_too_many_files_is_refused() {
    let repo = full_site();
    let make = |lines: &str| {
        repo.write("lines", lines);
        repo.git(&["hash-object", "-w", "lines"]);
        let tree = repo.beside("tree");
        fs::write(&tree, lines).expect("a file");
        let script = format!("git mktree < {}", tree.display());
        repo.git(&["-c", &format!("alias.make=!{script}"), "make"])
    };
    let blob = repo.git(&["rev-parse", "HEAD:people.yaml"]);
    let mut tree = make(&(0..20).map(|n| format!("100644 blob {blob}\tr{n}.yaml\n")).collect::<String>());
    for _ in 0..6 {
        tree = make(&(0..20).map(|n| format!("040000 tree {tree}\td{n}\n")).collect::<String>());
    }
    let site = repo.git(&["rev-parse", "HEAD:tickmark.yaml"]);
    let top = make(&format!("040000 tree {tree}\tchanges\n100644 blob {site}\ttickmark.yaml\n"));
    let commit = repo.git(&["commit-tree", "-m", "Too much", &top]);
    let text = refused(&repo, &repo.root(), &["check", "--rev", &commit]);
    assert!(text.contains("more than 1000000 files"), "{text}");
    repo.git(&["update-ref", "refs/heads/main", &commit]);
    let text = refused(&repo, &repo.root(), &["check"]);
    assert!(text.contains("more than 1000000 files"), "its history: {text}");
}
