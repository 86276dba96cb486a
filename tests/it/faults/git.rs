//! Repositories around the site of a case: made with the git program, with fixed authors and times, and with nothing of
//! whoever runs the tests.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What git is told from now on.
pub(super) struct Git {
    committed: String,
    written: String,
}

impl Default for Git {
    fn default() -> Self {
        let at = "2026-01-01T00:00:00+1000".to_owned();
        Self { committed: at.clone(), written: at }
    }
}

impl Git {
    /// Does one line of a `setup`, if it is one of git's.
    pub(super) fn set_up(&mut self, site: &Path, word: &str, rest: &str) -> bool {
        match word {
            "git" => drop(self.run(site, &words(&rest.replace("SITE", &site.to_string_lossy())))),
            "at" => {
                let (committed, written) = rest.split_once(' ').unwrap_or((rest, rest));
                (self.committed, self.written) = (committed.replace('_', " "), written.replace('_', " "));
            }
            "commit" => {
                let add = ["add", "--all", "--force", "--sparse", "--", ".", ":!public", ":!internal", ":!.tickmark"];
                self.run(site, &add.map(str::to_owned));
                self.run(site, &["commit", "--quiet", "--allow-empty", "-m", rest].map(str::to_owned));
            }
            "cut" => self.rewrite(site, rest, |bytes| bytes[..bytes.len() / 2].to_vec()),
            "spoil" => self.rewrite(site, rest, |bytes| bytes.iter().map(|b| !b).collect()),
            "lose" => fs::remove_file(self.object(site, rest)).expect("a loose object"),
            "junk" => fs::write(site.join(rest), "junk\n").expect("a file"),
            _ => return false,
        }
        true
    }

    fn run(&self, folder: &Path, arguments: &[String]) -> String {
        let mut git = Command::new("git");
        git.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default()).env("HOME", "/nonexistent");
        git.env("GIT_CONFIG_NOSYSTEM", "1").env("LC_ALL", "C").current_dir(folder);
        for (who, at) in [("AUTHOR", &self.written), ("COMMITTER", &self.committed)] {
            git.env(format!("GIT_{who}_NAME"), "A. Ng").env(format!("GIT_{who}_EMAIL"), "a.ng@harbour.example");
            git.env(format!("GIT_{who}_DATE"), at);
        }
        git.args(["-c", "protocol.file.allow=always", "-c", "gc.auto=0", "-c", "maintenance.auto=false"]);
        git.args(["-c", "advice.detachedHead=false", "-c", "init.defaultBranch=main"]);
        let output = git.args(arguments).output().expect("git is installed");
        let said = String::from_utf8_lossy(&output.stdout).trim_end().to_owned();
        assert!(output.status.success(), "git {arguments:?}: {said}{}", String::from_utf8_lossy(&output.stderr));
        said
    }

    fn object(&self, site: &Path, name: &str) -> PathBuf {
        let id = self.run(site, &["rev-parse", name].map(str::to_owned));
        site.join(".git/objects").join(&id[..2]).join(&id[2..])
    }

    fn rewrite(&self, site: &Path, name: &str, with: impl FnOnce(&[u8]) -> Vec<u8>) {
        let path = self.object(site, name);
        let bytes = fs::read(&path).expect("a loose object");
        fs::remove_file(&path).expect("objects can be removed");
        fs::write(&path, with(&bytes)).expect("the object");
    }
}

/// The words of a line; what stands between `'` is one.
fn words(line: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for (number, part) in line.split('\'').enumerate() {
        if number % 2 == 1 {
            words.push(part.to_owned());
        } else {
            words.extend(part.split_whitespace().map(str::to_owned));
        }
    }
    words
}
