//! Sites on disk: a copy of the good one, what is laid over it, and what its output holds.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use tempfile::TempDir;

use super::case::unescape;
use super::git::Git;
use super::program::Program;

/// Paths of a tree and what each holds.
pub(super) type Files = BTreeMap<String, Vec<u8>>;

/// Both trees; nothing where one is not there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Output {
    pub(super) public: Option<Files>,
    pub(super) internal: Option<Files>,
}

/// A site in a folder of its own, removed at the end.
pub(super) struct Place {
    folder: TempDir,
    git: Git,
}

/// A folder, on a file system in memory where there is one: a build waits for the disk.
pub(super) fn scratch() -> TempDir {
    let memory = Path::new("/dev/shm");
    let made = if memory.is_dir() { TempDir::new_in(memory) } else { TempDir::new() };
    made.expect("a temporary folder")
}

/// The good site with its output, built once.
fn good() -> &'static Files {
    static GOOD: OnceLock<Files> = OnceLock::new();
    GOOD.get_or_init(|| {
        let folder = scratch();
        copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/faults/site"), folder.path());
        let built = Program::new(folder.path(), &["build"]).run();
        assert_eq!(built.status, Some(0), "the good site does not build: {}", built.said);
        let checked = Program::new(folder.path(), &["check"]).run();
        assert!(checked.said.contains("0 errors, 0 warnings, 0 notes"), "the good site is not good: {}", checked.said);
        files(folder.path()).expect("a site")
    })
}

impl Place {
    /// A copy of the good site with its output.
    pub(super) fn good() -> Self {
        let place = Self { folder: scratch(), git: Git::default() };
        good().iter().for_each(|(path, bytes)| place.write(path, bytes));
        place
    }

    /// The site's folder.
    pub(super) fn site(&self) -> PathBuf {
        self.folder.path().join("site")
    }

    /// The folder around it, which belongs to the case, too.
    pub(super) fn around(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a file, and its folders.
    pub(super) fn write(&self, path: impl AsRef<Path>, bytes: impl AsRef<[u8]>) {
        let full = self.site().join(path);
        fs::create_dir_all(full.parent().expect("a folder")).expect("folders");
        fs::write(full, bytes).expect("a file");
    }

    /// Everything that stands in the site, git's and the work folder's own files aside.
    pub(super) fn everything(&self) -> Files {
        let own = |path: &str| path.starts_with(".git/") || path.starts_with(".tickmark/");
        files(&self.site()).unwrap_or_default().into_iter().filter(|(path, _)| !own(path)).collect()
    }

    /// What stands in public/ and internal/.
    pub(super) fn output(&self) -> Output {
        Output { public: files(&self.site().join("public")), internal: files(&self.site().join("internal")) }
    }

    /// What a build left in its work folder, lock and ignore file aside.
    pub(super) fn leftovers(&self) -> Vec<String> {
        leftovers(&self.site())
    }

    /// Does one line of a `setup`.
    pub(super) fn set_up(&mut self, line: &str) {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        let (path, more) = rest.split_once(" -> ").or_else(|| rest.rsplit_once(' ')).unwrap_or((rest, ""));
        let full = |path: &str| self.site().join(OsStr::from_bytes(&unescape(path)));
        let status = |command: &mut Command| assert!(command.status().expect("a program").success(), "{line}");
        match word {
            "remove" if full(rest).is_dir() => fs::remove_dir_all(full(rest)).expect("no folder"),
            "remove" => fs::remove_file(full(rest)).expect("no file"),
            "folder" => fs::create_dir_all(full(rest)).expect("a folder"),
            "link" => symlink(more, full(path)).expect("a link"),
            "pipe" => status(Command::new("mkfifo").arg(full(rest))),
            "socket" => drop(std::os::unix::net::UnixListener::bind(full(rest)).expect("a socket")),
            "device" => status(Command::new("mknod").arg(full(rest)).args(["c", "1", "5"])),
            "size" => {
                let file = fs::File::create(full(path)).expect("a file");
                file.set_len(more.parse().expect("a size")).expect("room");
            }
            "edit" => self.edit(rest),
            "lines" => self.rewrite(rest),
            "empty" => {
                fs::remove_dir_all(self.site()).expect("no site");
                fs::create_dir(self.site()).expect("a folder");
            }
            _ if self.git.set_up(&self.folder.path().join("site"), word, rest) => {}
            _ => panic!("unknown setup: {line}"),
        }
    }

    /// `PATH: FROM => TO`: the first such text of a file as another; the end of a file where `FROM` is `END`.
    fn edit(&self, line: &str) {
        let (path, change) = line.split_once(": ").unwrap_or_else(|| panic!("no path: {line}"));
        let (from, to) = change.split_once(" => ").unwrap_or_else(|| panic!("no change: {line}"));
        let text = fs::read(self.site().join(path)).expect("a file");
        let at =
            if from == "END" { Some(text.len()) } else { text.windows(from.len()).position(|w| w == from.as_bytes()) };
        let at = at.unwrap_or_else(|| panic!("nothing to edit: {line}"));
        let after = if from == "END" { at } else { at + from.len() };
        let edited = [&text[..at], &unescape(to), &text[after..]].concat();
        self.write(path, edited);
    }

    /// Every text of the site with other line ends.
    fn rewrite(&self, how: &str) {
        for (path, bytes) in files(&self.site()).expect("a site") {
            let input = !["public/", "internal/", ".tickmark/", "static/"].iter().any(|made| path.starts_with(made));
            if input {
                let text = String::from_utf8(bytes).expect("a text");
                let text = match how {
                    "crlf" => text.replace('\n', "\r\n"),
                    "cr" => text.replace('\n', "\r"),
                    "bom" => format!("\u{feff}{text}"),
                    "open" => text.trim_end().to_owned(),
                    _ => panic!("unknown line ends: {how}"),
                };
                self.write(&path, text);
            }
        }
    }
}

/// What a build left in the work folder of an output folder, lock and ignore file aside.
pub(super) fn leftovers(output: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(output.join(".tickmark")) else { return Vec::new() };
    let names = entries.map(|e| e.expect("an entry").file_name().into_string().expect("UTF-8"));
    names.filter(|n| n != "lock" && n != ".gitignore").collect()
}

/// All files below a folder. Links count by where they lead, and are not followed.
pub(super) fn files(folder: &Path) -> Option<Files> {
    fn add(folder: &Path, prefix: &str, files: &mut Files) {
        for entry in fs::read_dir(folder).expect("a folder").map(|e| e.expect("an entry")) {
            let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
            let kind = entry.file_type().expect("a kind");
            if kind.is_dir() {
                add(&entry.path(), &format!("{path}/"), files);
            } else if kind.is_symlink() {
                files.insert(path, format!("-> {:?}", fs::read_link(entry.path())).into_bytes());
            } else if kind.is_file() {
                files.insert(path, fs::read(entry.path()).expect("a file"));
            }
        }
    }
    folder.is_dir().then(|| {
        let mut found = Files::new();
        add(folder, "", &mut found);
        found
    })
}

/// Copies a folder with all it holds.
pub(super) fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder").map(|e| e.expect("an entry")) {
        let target = to.join(entry.file_name());
        if entry.file_type().expect("a kind").is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("a copy");
        }
    }
}

/// Builds a site and says that it must succeed.
pub(super) fn build(site: &Path) -> Output {
    let ran = Program::new(site, &["build"]).run();
    assert_eq!(ran.status, Some(0), "{}", ran.said);
    Output { public: files(&site.join("public")), internal: files(&site.join("internal")) }
}

/// A site of `records` changes beside the good one's, so that a build takes a while.
pub(super) fn larger(records: usize) -> Place {
    let place = Place::good();
    let text = fs::read_to_string(place.site().join("changes/CHG-1.yaml")).expect("a record");
    for n in 0..records {
        place.write(
            format!("changes/more/CHG-{}.yaml", n + 100),
            text.replace("CHG-1\n", &format!("CHG-{}\n", n + 100)),
        );
    }
    place
}
