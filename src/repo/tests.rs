//! A work tree with everything in it that people, editors and attackers leave there.

use std::fs;
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::time::Duration;

use rustix::fs::{CWD, FileType, Mode, mknodat};
use tempfile::TempDir;

use super::*;

/// A site with these files; folders are made.
fn site(files: &[(&str, &[u8])]) -> TempDir {
    let folder = TempDir::new().expect("a temporary folder");
    put(folder.path(), "tickmark.yaml", b"site: {}\n");
    for (path, bytes) in files {
        put(folder.path(), path, bytes);
    }
    folder
}

fn put(root: &Path, path: &str, bytes: &[u8]) {
    let full = root.join(path);
    fs::create_dir_all(full.parent().expect("a parent")).expect("folders");
    fs::write(full, bytes).expect("a file");
}

fn fifo(path: PathBuf) {
    mknodat(CWD, path, FileType::Fifo, Mode::from_raw_mode(0o644), 0).expect("a pipe");
}

/// Reads within ten seconds: nothing may wait for a pipe.
fn read_with(root: &Path, options: ReadOptions) -> (Worktree, Vec<String>) {
    let (send, receive) = mpsc::channel();
    let root = root.to_path_buf();
    std::thread::spawn(move || {
        let mut sink = Sink::new();
        let worktree = read(&root, &options, &mut sink).expect("a readable tree");
        let found = sink.into_sorted();
        let lines = found.iter().map(|d| format!("{} {} {}", d.level.word(), d.code.name, d.headline)).collect();
        let _ = send.send((worktree, lines));
    });
    receive.recv_timeout(Duration::from_secs(10)).expect("reading ended")
}

fn read_all(root: &Path) -> (Worktree, Vec<String>) {
    read_with(root, ReadOptions::default())
}

fn paths(worktree: &Worktree) -> Vec<&str> {
    worktree.sources.iter().map(|(_, file)| file.path()).collect()
}

/// Whether exactly these findings are there: each by the beginning of its line.
fn assert_found(found: &[String], expected: &[&str]) {
    let fits = found.len() == expected.len() && found.iter().zip(expected).all(|(f, e)| f.starts_with(e));
    assert!(fits, "found {found:#?}\nexpected {expected:#?}");
}

#[test]
fn a_site_is_read_as_it_is_laid_out() {
    let folder = site(&[
        ("people.yml", b"[]"),
        ("policies/a/index.md", b"# A"),
        ("changes/2026/CHG-1.yaml", b"id: CHG-1"),
        ("changes/CHG-2.yml", b"\xef\xbb\xbfid: CHG-2\r\n"),
        ("waivers/w.yaml", b"id: W"),
        ("reports/2026-Q3.md", b"words"),
        ("closed/2026-Q3.yaml", b"{}"),
        ("content/index.md", b"# Home"),
        ("content/data/list.yaml", b"[]"),
        ("static/logo.png", b"\x89PNG\0\xff"),
        ("static/.well-known/key", b"k"),
        ("themes/plain/page.html", b"<p>"),
        ("elsewhere/CHG-3.yaml", b"id: CHG-3"),
        ("public/index.html", b"made"),
        ("Cargo.lock", b""),
    ]);
    let (worktree, found) = read_all(folder.path());
    assert_found(&found, &[]);
    assert_eq!(
        paths(&worktree),
        [
            "changes/2026/CHG-1.yaml",
            "changes/CHG-2.yml",
            "closed/2026-Q3.yaml",
            "content/data/list.yaml",
            "content/index.md",
            "people.yml",
            "policies/a/index.md",
            "reports/2026-Q3.md",
            "tickmark.yaml",
            "waivers/w.yaml"
        ]
    );
    assert_eq!(worktree.sources.by_path("changes/CHG-2.yml").expect("a record").1.text(), "id: CHG-2\n");
    let assets: Vec<_> = worktree.assets.iter().map(|a| (a.path.as_str(), a.bytes.len())).collect();
    assert_eq!(assets, [("static/.well-known/key", 1), ("static/logo.png", 6), ("themes/plain/page.html", 3)]);
    assert_eq!(worktree.digests.len(), 13);
    assert!(worktree.digests.is_sorted());
    // The digest is of the bytes on disk, mark and carriage return included.
    let digest = worktree.digests.iter().find(|(path, _)| path == "changes/CHG-2.yml").expect("a digest").1;
    assert_eq!(digest, <[u8; 32]>::from(Sha256::digest(b"\xef\xbb\xbfid: CHG-2\r\n")));
}

#[test]
fn what_nobody_means_is_passed_over_in_silence() {
    let folder = site(&[
        ("changes/README.md", b"\xff"),
        ("changes/x/Readme.txt", b""),
        ("policies/readme.MD", b""),
        ("changes/.CHG-1.yaml.swp", b""),
        ("changes/CHG-1.yaml~", b""),
        ("changes/CHG-1.yaml.orig", b""),
        ("changes/#CHG-1.yaml#", b""),
        ("changes/.hidden/CHG-9.yaml", b"id: CHG-9"),
        ("static/.git/config", b""),
        ("static/.DS_Store", b""),
    ]);
    symlink("user@host.123", folder.path().join("changes/.#CHG-1.yaml")).expect("a link");
    fs::create_dir(folder.path().join(".git")).expect("a folder");
    fs::remove_dir_all(folder.path().join("static")).expect("no folder");
    let (worktree, found) = read_all(folder.path());
    assert_found(&found, &[]);
    assert_eq!(paths(&worktree), ["tickmark.yaml"]);
}

#[test]
fn links_pipes_and_sockets_are_named_and_never_read() {
    let outside = site(&[("secret.yaml", b"id: SECRET"), ("deep/x.md", b"# Secret")]);
    let folder = site(&[("changes/CHG-1.yaml", b"id: CHG-1"), ("content/index.md", b""), ("themes/t/a.html", b"")]);
    let root = folder.path();
    let link = |to: &Path, at: &str| symlink(to, root.join(at)).expect("a link");
    link(&outside.path().join("secret.yaml"), "changes/file.yaml");
    link(Path::new("nowhere"), "changes/dangling.yaml");
    link(Path::new("."), "changes/loop");
    link(Path::new("self.yaml"), "changes/self.yaml");
    link(&outside.path().join("deep"), "policies");
    link(&outside.path().join("deep"), "content/deep");
    link(&outside.path().join("deep"), "themes/u");
    link(&outside.path().join("secret.yaml"), "people.yaml");
    fs::create_dir(root.join("static")).expect("a folder");
    link(Path::new("/etc/passwd"), "static/passwd.txt");
    link(Path::new("/dev/zero"), "static/zero");
    fifo(root.join("changes/pipe.yaml"));
    fifo(root.join("static/pipe"));
    fifo(root.join("waivers"));
    let _socket = UnixListener::bind(root.join("content/socket.md")).expect("a socket");
    let (worktree, found) = read_all(root);
    assert_eq!(paths(&worktree), ["changes/CHG-1.yaml", "content/index.md", "tickmark.yaml"]);
    assert_eq!(worktree.assets.len(), 1);
    assert_found(
        &found,
        &[
            "warning files/symlink `changes/dangling.yaml`",
            "warning files/symlink `changes/file.yaml`",
            "warning files/symlink `changes/loop`",
            "warning files/special `changes/pipe.yaml` is a named pipe",
            "warning files/symlink `changes/self.yaml`",
            "warning files/symlink `content/deep`",
            "warning files/special `content/socket.md` is a socket",
            "warning files/symlink `people.yaml`",
            "warning files/symlink `policies`",
            "warning files/symlink `static/passwd.txt`",
            "warning files/special `static/pipe` is a named pipe",
            "warning files/symlink `static/zero`",
            "warning files/symlink `themes/u`",
            "warning files/special `waivers` is a named pipe",
        ],
    );
}

#[test]
fn what_a_path_turned_into_after_the_walk_is_not_read_either() {
    let folder = site(&[("a.yaml", b"1")]);
    let root = folder.path();
    symlink("a.yaml", root.join("link")).expect("a link");
    fifo(root.join("pipe"));
    let _socket = UnixListener::bind(root.join("socket")).expect("a socket");
    let read = |name: &str| read_capped(&root.join(name), 10);
    assert!(matches!(read("link"), Ok(Content::Link)));
    assert!(matches!(read("pipe"), Ok(Content::Special("a named pipe"))));
    assert!(matches!(read("socket"), Ok(Content::Special("a socket"))));
    assert!(matches!(read("gone"), Ok(Content::Gone)));
    assert!(matches!(read("a.yaml/gone"), Ok(Content::Gone)));
    assert!(matches!(read_capped(Path::new("/dev/zero"), 10), Ok(Content::Special("a device"))));
    assert!(matches!(read_capped(root, 10), Ok(Content::Special("a folder"))));
}

#[test]
fn files_have_limits_that_hold_while_reading() {
    let folder = site(&[("changes/a.yaml", b"12345"), ("changes/b.yaml", b"123456"), ("static/c", b"1234567")]);
    let mut options = ReadOptions::default();
    options.limits.record = 5;
    options.limits.asset = 6;
    let (worktree, found) = read_with(folder.path(), options);
    assert_eq!(paths(&worktree), ["changes/a.yaml", "tickmark.yaml"]);
    assert_found(&found, &["error files/too-large `changes/b.yaml`", "error files/too-large `static/c`"]);
    // A large file is not read to learn that it is large.
    let size = read_capped(&folder.path().join("static/c"), 2);
    assert!(matches!(size, Ok(Content::TooLarge { size: 7 })));
    // A file that says it is empty and is not.
    let endless = Path::new("/proc/self/maps");
    assert_eq!(fs::metadata(endless).expect("a file of the kernel").len(), 0);
    assert!(matches!(read_capped(endless, 10), Ok(Content::TooLarge { size: 11 })));
}

#[test]
fn what_is_no_text_is_named_and_the_rest_is_read() {
    let folder = site(&[
        ("changes/bad.yaml", b"id: \xff"),
        ("changes/good.yaml", b"id: x"),
        ("changes/zero.yaml", b"a: 1\nb: \0"),
        ("policies/wide.md", b"\xff\xfei\0d\0"),
    ]);
    let (worktree, found) = read_all(folder.path());
    assert_eq!(paths(&worktree), ["changes/good.yaml", "tickmark.yaml"]);
    assert_found(
        &found,
        &[
            "error files/not-utf8 `changes/bad.yaml` is not UTF-8 from byte offset 4 on",
            "error files/control-character `changes/zero.yaml` holds the control character U+0000 at line 2, column 4",
            "error files/not-utf8 `policies/wide.md` looks like UTF-16",
        ],
    );
    assert_eq!(worktree.digests.len(), 5, "what was read has a digest, text or not");
}

#[test]
fn names_that_hide_something_are_refused() {
    use std::os::unix::ffi::OsStrExt;
    let folder = site(&[
        ("changes/a\u{202e}lmay.yaml", b""),
        ("changes/b\nc.yaml", b""),
        ("changes/zero\u{200b}width.yaml", b""),
        ("content/con.md", b""),
        ("content/sp\u{20}ace.md", b""),
        ("content/tr.md.", b""),
        ("static/back\\slash", b""),
        ("static/dir./x", b""),
    ]);
    fs::write(folder.path().join("changes").join(std::ffi::OsStr::from_bytes(b"latin\xe9.yaml")), "").expect("a file");
    let (worktree, found) = read_all(folder.path());
    assert_eq!(paths(&worktree), ["content/sp ace.md", "tickmark.yaml"]);
    assert!(worktree.assets.is_empty());
    assert_found(
        &found,
        &[
            "error files/name `changes/a\\u{202e}lmay.yaml` was not read: its name holds an invisible",
            "error files/name `changes/b\\u{a}c.yaml` was not read: its name holds a control",
            "error files/name `changes/latin\\xe9.yaml` was not read: its name is not UTF-8",
            "error files/name `changes/zero\\u{200b}width.yaml`",
            "error files/name `content/con.md` was not read: its name is reserved",
            "error files/name `content/tr.md.` was not read: its name ends in",
            "error files/name `static/back\\slash` was not read: its name holds a backslash",
            "error files/name `static/dir.` was not read: its name ends in",
        ],
    );
}

#[test]
fn names_that_are_one_elsewhere_are_named() {
    let folder = site(&[
        ("people.yaml", b"[]"),
        ("people.yml", b"[]"),
        ("changes/CHG-1.yaml", b""),
        ("changes/chg-1.yaml", b""),
        ("changes/x.yaml", b""),
        ("changes/x.yml", b""),
        ("content/A/x.md", b""),
        ("content/a/x.md", b""),
        ("content/data/n.yaml", b""),
        ("content/data/n.yml", b""),
        ("static/\u{c9}.png", b""),
        ("static/\u{e9}.png", b""),
    ]);
    let (_, found) = read_all(folder.path());
    assert_found(
        &found,
        &[
            "error files/same-name `changes/CHG-1.yaml` and `changes/chg-1.yaml` differ only in case",
            "error files/same-name `content/A` and `content/a` differ only in case",
            "error files/same-name `content/data/n.yaml` and `content/data/n.yml` differ only in their ending",
            "error files/same-name `people.yaml` and `people.yml` differ only in their ending",
            "error files/same-name `static/\u{c9}.png` and `static/\u{e9}.png` differ only in case",
        ],
    );
}

#[test]
fn what_looks_like_an_input_but_is_none_is_named() {
    let folder = site(&[
        ("Changes/CHG-1.yaml", b""),
        ("People.yaml", b""),
        ("changes/CHG-2.txt", b""),
        ("changes/CHG-3.YAML", b""),
        ("changes/module/.git", b"gitdir: ../../.git/modules/x"),
        ("changes/module/CHG-4.yaml", b""),
        ("content/data/deep/x.yaml", b""),
        ("content/logo.png", b""),
        ("content/page.yaml", b""),
        ("reports/2026/x.md", b""),
        ("themes/stray.html", b""),
    ]);
    let (worktree, found) = read_all(folder.path());
    assert_eq!(paths(&worktree), ["tickmark.yaml"]);
    assert_found(
        &found,
        &[
            "warning files/unexpected `Changes` was not read",
            "warning files/unexpected `People.yaml` was not read",
            "warning files/unexpected `changes/CHG-2.txt` was not read: a record ends in",
            "warning files/unexpected `changes/CHG-3.YAML`",
            "warning files/nested-repository `changes/module`",
            "warning files/unexpected `content/data/deep`",
            "warning files/unexpected `content/logo.png`",
            "warning files/unexpected `content/page.yaml`",
            "warning files/unexpected `reports/2026`",
            "warning files/unexpected `themes/stray.html`",
        ],
    );
}

#[test]
fn one_file_is_read_again_as_all_are() {
    let folder =
        site(&[("changes/CHG-1.yaml", b"id: a"), ("static/x", b"1"), ("changes/x.txt", b""), ("reports/a/b.md", b"")]);
    let (root, options) = (folder.path(), ReadOptions::default());
    let mut sink = Sink::new();
    let mut again = |path: &str| read_one(root, path, &options, &mut sink).expect("a readable file");
    assert!(matches!(again("changes/CHG-1.yaml"), Some(Input::Text(text)) if text.text() == "id: a"));
    assert!(matches!(again("static/x"), Some(Input::Asset(asset)) if asset.bytes == b"1"));
    for none in [
        "changes/x.txt",
        "reports/a/b.md",
        "changes/gone.yaml",
        "changes/.hidden/x.yaml",
        "../x.yaml",
        "",
        "changes",
        "changes/../people.yaml",
        "/etc/passwd",
        "Changes/CHG-1.yaml",
        "changes//x.yaml",
    ] {
        assert!(again(none).is_none(), "{none:?}");
    }
    assert!(sink.is_empty());
}

#[test]
fn the_site_is_the_nearest_one_upward() {
    let folder = site(&[("changes/2026/x.yaml", b""), ("inner/tickmark.yml", b""), ("inner/content/x.md", b"")]);
    let root = folder.path().canonicalize().expect("a folder");
    assert_eq!(find_site(&root.join("changes/2026")).expect("a site"), root);
    assert_eq!(find_site(&root.join("inner/content")).expect("a site"), root.join("inner"));
    fs::remove_file(root.join("tickmark.yaml")).expect("no file");
    let none = find_site(&root.join("changes")).expect_err("no site");
    assert!(none.to_string().contains("no tickmark.yaml") && none.help().is_some_and(|h| h.contains("tickmark init")));
    for make in [
        |p: &Path| symlink("inner/tickmark.yml", p).expect("a link"),
        |p: &Path| fifo(p.to_path_buf()),
        |p: &Path| fs::create_dir(p).expect("a folder"),
    ] {
        make(&root.join("tickmark.yaml"));
        let refused = find_site(&root).expect_err("a refusal").to_string();
        assert!(refused.contains("not a file"), "{refused}");
        let _ = fs::remove_file(root.join("tickmark.yaml"));
    }
    assert!(find_site(&root.join("gone")).is_err());
    assert!(find_site(&root.join("changes/2026/x.yaml")).is_err());
}

#[test]
fn a_file_the_system_refuses_stops_the_job() {
    use std::os::unix::fs::PermissionsExt;
    let folder = site(&[("changes/a.yaml", b""), ("changes/b.yaml", b"")]);
    let file = folder.path().join("changes/b.yaml");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o000)).expect("a mode");
    if fs::read(&file).is_ok() {
        return; // Root reads everything.
    }
    let error = read(folder.path(), &ReadOptions::default(), &mut Sink::new()).expect_err("a refusal");
    assert!(error.to_string().contains("changes/b.yaml"), "{error}");
}

#[test]
fn codes_are_named_once_and_explained() {
    let mut names: Vec<_> = CODES.iter().map(|code| code.name).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), CODES.len());
    assert!(
        CODES.iter().all(|code| (code.name.starts_with("files/") || code.name.starts_with("history/"))
            && code.meaning.ends_with('.'))
    );
}
