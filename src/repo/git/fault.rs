//! What it is called when a repository does not answer, and what mends it.
//!
//! Two kinds: an [`Obstacle`] is no damage, only a repository that this program or this user cannot read, and what only
//! git can say is then unknown; anything else is an [`Error`] that ends the job, since a wrong answer would look right.

use std::path::{Path, PathBuf};

use git2::{ErrorClass, ErrorCode};

use super::super::codes;
use super::Standing;
use super::watch::Stuck;
use crate::diag::Diagnostic;
use crate::error::{Error, Result};

/// A sound repository that cannot be read.
#[derive(Debug, PartialEq, Eq)]
pub struct Obstacle {
    /// What is the matter.
    pub what: String,
    /// What to do.
    pub help: String,
}

impl Obstacle {
    /// As what ends a job that cannot do without git.
    pub fn into_error(self) -> Error {
        Error::refused(self.what, self.help)
    }

    /// As a finding, for a job that can.
    pub fn diagnostic(&self) -> Diagnostic {
        codes::unreadable_history(&self.what, &self.help)
    }
}

/// Why no repository could be opened around a site.
pub(super) fn not_opened(site: &Path, error: &git2::Error) -> Result<Standing> {
    let shown = site.display();
    let said = error.message();
    let obstacle = |what: String, help: String| Ok(Standing::Unreadable(Obstacle { what, help }));
    if error.code() == ErrorCode::Owner {
        let what = format!("the repository around `{shown}` belongs to another user, and git does not trust it");
        return obstacle(what, format!("if you trust it: {}", safe_directory(said, site)));
    }
    if said.contains("object format") {
        let what = format!("the repository around `{shown}` names its objects by SHA-256, which cannot be read yet");
        return obstacle(what, "keep the site in a repository with SHA-1 object names, git's default".to_owned());
    }
    if said.contains("refstorage") || said.contains("reftable") {
        let what =
            format!("the repository around `{shown}` keeps its branches as a reftable, which cannot be read yet");
        let help = "run `git refs migrate --ref-format=files` in it; where your git refuses, make a clone with `git clone --ref-format=files`";
        return obstacle(what, help.to_owned());
    }
    if said.contains("extension") || said.contains("repository version") {
        let what = format!("the repository around `{shown}` is of a newer kind than can be read: {said}");
        return obstacle(what, "keep the site in a repository without that extension".to_owned());
    }
    if error.code() == ErrorCode::NotFound {
        return match dangling(site) {
            None => Ok(Standing::Outside),
            Some(link) => Err(Error::refused(
                format!("`{}` names a repository that is not there", link.display()),
                "a linked worktree needs the repository it was made from: run `git worktree repair` there; a submodule: \
                 `git submodule update --init` in the one around it; or make a new clone",
            )),
        };
    }
    Err(unanswered(site, "could not open the repository", error))
}

/// The file in the place of a `.git` folder, nearest upward, that should lead to one: what worktrees and submodules have.
fn dangling(site: &Path) -> Option<PathBuf> {
    let near = site.ancestors().map(|folder| folder.join(".git")).find(|git| git.symlink_metadata().is_ok())?;
    near.is_file().then_some(near)
}

/// The command that makes git trust a folder. libgit2 says which folder it is.
pub(super) fn safe_directory(said: &str, site: &Path) -> String {
    let folder = said.split('\'').nth(1).map_or_else(|| site.display().to_string(), str::to_owned);
    let folder = folder.trim_end_matches('/').trim_end_matches("/.git").to_owned();
    let plain = folder.bytes().all(|b| b.is_ascii_alphanumeric() || b"/._-+@:".contains(&b) || b >= 0x80);
    let shown = if plain { folder } else { format!("'{}'", folder.replace('\'', r"'\''")) };
    format!("`git config --global --add safe.directory {shown}`")
}

/// A repository that was opened and has no answer.
pub(super) fn unanswered(place: &Path, doing: &str, error: &git2::Error) -> Error {
    let what = format!("{doing}: {} (`{}`)", error.message(), place.display());
    let missing = error.code() == ErrorCode::NotFound && matches!(error.class(), ErrorClass::Odb | ErrorClass::Object);
    let help = if error.message().contains("'sdir'") {
        "it has a sparse index, which cannot be read yet: run `git sparse-checkout reapply --no-sparse-index`"
    } else if error.class() == ErrorClass::Index {
        "remove the file `index` in it and run `git reset`, which writes it anew and leaves your files alone"
    } else if missing && is_partial(place) {
        "this is a partial clone that left objects out: run `git fetch --refetch --no-filter` in it, or clone without `--filter`"
    } else if missing {
        "an object is missing: run `git fetch --refetch` to get it again, or make a new clone; `git fsck --full` lists what is missing"
    } else {
        "the repository is damaged: run `git fsck --full` to see where, then make a new clone or restore a copy"
    };
    Error::refused(what, help)
}

/// Whether a clone left objects out on purpose.
fn is_partial(place: &Path) -> bool {
    let Ok(repository) = git2::Repository::open(place) else { return false };
    let Ok(config) = repository.config() else { return false };
    let Ok(mut entries) = config.entries(Some("remote\\..*\\.promisor")) else { return false };
    entries.next().is_some()
}

/// A question that was given up.
pub(super) fn stuck(place: &Path, stuck: &Stuck) -> Error {
    let reading = stuck.reading.as_deref().map_or("it".to_owned(), |object| format!("{object} in it"));
    let seconds = stuck.waited.as_secs_f64().ceil();
    let what =
        format!("the repository `{}` does not answer: reading {reading} took more than {seconds} s", place.display());
    let help =
        "an object may be cut short: run `git fsck --full`, then make a new clone or restore the object it names";
    Error::refused(what, help)
}
