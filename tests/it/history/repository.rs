//! A repository made for one test: fixed authors and times, and nothing of whoever runs the tests.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::Duration;

use tempfile::TempDir;
use tickmark::error::{Error, Result};
use tickmark::repo::{Repository, Standing};

/// The least that is a site.
pub(super) const CONFIGURATION: &str = "\
site: {name: Pier, organisation: Pier Ltd, base_url: https://pier.example/, language: en, contact: a@pier.example}
calendar: {time_zone: UTC}
";

/// A folder with a home of its own beside it; both go when it does.
pub(super) struct Repo {
    folder: TempDir,
}

impl Repo {
    /// An empty folder, not in git.
    pub(super) fn bare_folder() -> Self {
        let folder = TempDir::new().expect("a folder");
        for name in ["home", "site"] {
            fs::create_dir(folder.path().join(name)).expect("its folders");
        }
        Self { folder }
    }

    /// A repository without commits.
    pub(super) fn empty() -> Self {
        let repo = Self::bare_folder();
        repo.git(&["init", "--quiet", "--initial-branch=main"]);
        repo
    }

    /// A repository with a site in its first commit.
    pub(super) fn with_site() -> Self {
        let repo = Self::empty();
        repo.write("tickmark.yaml", CONFIGURATION);
        repo.write("policies/a.md", "# A\n");
        repo.commit("2026-01-01T09:00:00Z", "A site");
        repo
    }

    /// The folder of the work tree, without links in its path.
    pub(super) fn root(&self) -> PathBuf {
        self.beside("site").canonicalize().expect("the folder")
    }

    /// A path beside the work tree.
    pub(super) fn beside(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(super) fn write(&self, path: &str, text: &str) {
        let full = self.root().join(path);
        fs::create_dir_all(full.parent().expect("a file has a folder")).expect("its folder");
        fs::write(full, text).expect("the file");
    }

    pub(super) fn remove(&self, path: &str) {
        fs::remove_file(self.root().join(path)).expect("the file is there");
    }

    /// Runs git in the work tree, and gives what it printed.
    pub(super) fn git(&self, arguments: &[&str]) -> String {
        self.git_at("2026-01-01T09:00:00Z", &self.root(), arguments)
    }

    /// Runs git in a folder, at a time.
    pub(super) fn git_at(&self, time: &str, folder: &Path, arguments: &[&str]) -> String {
        let mut git = self.clean("git");
        for who in ["AUTHOR", "COMMITTER"] {
            git.env(format!("GIT_{who}_NAME"), "A. Ng").env(format!("GIT_{who}_EMAIL"), "a.ng@pier.example");
            git.env(format!("GIT_{who}_DATE"), time);
        }
        let settings = ["-c", "protocol.file.allow=always", "-c", "gc.auto=0", "-c", "maintenance.auto=false"];
        let output = git.args(settings).args(arguments).current_dir(folder).output().expect("git is installed");
        let said = String::from_utf8_lossy(&output.stdout).trim_end().to_owned();
        assert!(output.status.success(), "git {arguments:?}: {said}{}", String::from_utf8_lossy(&output.stderr));
        said
    }

    /// Commits all there is at a time, and gives the commit's id.
    pub(super) fn commit(&self, time: &str, message: &str) -> String {
        let root = self.root();
        self.git_at(time, &root, &["add", "--all", "--force"]);
        self.git_at(time, &root, &["commit", "--quiet", "--allow-empty", "--message", message]);
        self.git(&["rev-parse", "HEAD"])
    }

    /// Makes commits from a stream, as `git fast-import` reads it; their objects are loose.
    pub(super) fn import(&self, stream: &str) {
        let file = self.beside("stream");
        fs::write(&file, stream).expect("the stream");
        let mut git = self.clean("git");
        git.args(["-c", "fastimport.unpackLimit=100000", "fast-import", "--quiet", "--force"]);
        let stdin = fs::File::open(&file).expect("the stream");
        let done = git.stdin(stdin).current_dir(self.root()).status().expect("git is installed");
        assert!(done.success());
        self.git(&["reset", "--quiet", "--hard"]);
    }

    /// A program without anything of the environment but where programs are.
    fn clean(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.env("HOME", self.beside("home")).env("GIT_CONFIG_NOSYSTEM", "1").env("LC_ALL", "C");
        command
    }

    /// Runs this program in a folder.
    pub(super) fn tickmark(&self, folder: &Path, arguments: &[&str]) -> Output {
        let mut program = self.clean(env!("CARGO_BIN_EXE_tickmark"));
        program.args(arguments).current_dir(folder).output().expect("the program starts")
    }

    /// A loose object's file.
    pub(super) fn object(&self, name: &str) -> PathBuf {
        let id = self.git(&["rev-parse", name]);
        self.root().join(".git/objects").join(&id[..2]).join(&id[2..])
    }

    /// Puts other bytes in the place of a loose object's.
    pub(super) fn spoil(&self, name: &str, with: impl FnOnce(Vec<u8>) -> Vec<u8>) {
        let path = self.object(name);
        let bytes = fs::read(&path).expect("a loose object");
        fs::remove_file(&path).expect("objects can be removed");
        fs::write(&path, with(bytes)).expect("the object");
    }
}

/// How long anything may stand still in these tests.
pub(super) const PATIENCE: Duration = Duration::from_secs(2);

/// The repository around a folder, which has to be one that answers.
pub(super) fn open(folder: &Path) -> Repository {
    match Repository::find_within(&folder.canonicalize().expect("the folder"), PATIENCE) {
        Ok(Standing::In(repository)) => repository,
        Ok(Standing::Outside) => panic!("{}: no repository", folder.display()),
        Ok(Standing::Unreadable(obstacle)) => panic!("{obstacle:?}"),
        Err(error) => panic!("{error}"),
    }
}

/// What an error says, and its help.
pub(super) fn words<T>(result: Result<T>) -> String {
    match result {
        Ok(_) => panic!("this has an answer"),
        Err(error @ Error::Refused { .. }) => format!("{error}\n{}", error.help().unwrap_or_default()),
        Err(other) => panic!("not in our own words: {other:?}"),
    }
}

/// Runs a test in a process of its own, by its whole name. libgit2 never lets go of a thread that reads an object that was
/// cut short: it would take half the machine from all other tests until the last of them ends.
pub(super) fn alone(test: &str, body: impl FnOnce()) {
    const INSIDE: &str = "TICKMARK_TEST_ALONE";
    if std::env::var_os(INSIDE).is_some() {
        return body();
    }
    let tests = std::env::current_exe().expect("the program of the tests");
    let ran = Command::new(tests).args([test, "--exact", "--nocapture"]).env(INSIDE, "1").output().expect("it starts");
    let said = [ran.stdout, ran.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
    assert!(ran.status.success() && said.contains("1 passed"), "{said}");
}
