//! A repository that is not the site's: one from which something is deployed, or from which records are derived.
//!
//! Invariant: either it answers whole or there is an [`Obstacle`] that says what mends it; damage to somebody else's
//! repository never ends a job that can do without it.

use std::path::{Path, PathBuf};
use std::time::Duration;

use git2::{ErrorClass, ErrorCode};

use super::watch::{Pulse, Stuck, Worker};
use super::{Answer, Obstacle, PATIENCE, fault};

/// A repository by its path: a work tree, or one without.
pub struct Elsewhere {
    worker: Worker,
    path: PathBuf,
    /// The path as people wrote it.
    shown: String,
}

/// What is known once it is open.
type Asked<T> = std::result::Result<T, Obstacle>;

impl Elsewhere {
    /// Opens the repository that stands at `path`, and none around it.
    pub fn open(path: &Path) -> Asked<Self> {
        Self::open_within(path, PATIENCE)
    }

    /// As [`Elsewhere::open`]; nothing that is asked of it may stand still for longer than `patience`.
    pub fn open_within(path: &Path, patience: Duration) -> Asked<Self> {
        Self::open_as(path, &path.display().to_string(), patience)
    }

    /// As [`Elsewhere::open`]; messages name it as people wrote it.
    pub fn open_shown(path: &Path, shown: &str) -> Asked<Self> {
        Self::open_as(path, shown, PATIENCE)
    }

    fn open_as(path: &Path, shown: &str, patience: Duration) -> Asked<Self> {
        if !path.is_dir() {
            let help = format!("clone it there, as in `git clone URL {shown}`, or correct the path");
            return Err(Obstacle { what: format!("`{shown}` is not there"), help });
        }
        let path = path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
        let at = path.clone();
        let opened = Worker::start(patience, move |_| {
            git2::opts::strict_hash_verification(false);
            let flags = git2::RepositoryOpenFlags::NO_SEARCH;
            git2::Repository::open_ext(&at, flags, std::iter::empty::<&Path>()).map(|git| (git, ()))
        });
        match opened {
            Ok(Ok((worker, ()))) => Ok(Self { worker, path, shown: shown.to_owned() }),
            Ok(Err(error)) => Err(not_opened(&path, shown, &error)),
            Err(stuck) => Err(too_long(&path, &stuck)),
        }
    }

    /// Asks; `doing` begins the message where there is no answer.
    pub(super) fn ask<T: Send + 'static>(
        &self,
        doing: &str,
        question: impl FnOnce(&git2::Repository, &Pulse) -> Answer<T> + Send + 'static,
    ) -> Asked<T> {
        match self.worker.ask(1, question) {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(error)) => Err(words(&fault::unanswered(&self.path, doing, &error))),
            Err(stuck) => Err(too_long(&self.path, &stuck)),
        }
    }

    /// Its path, as it was given.
    pub(super) fn shown(&self) -> &str {
        &self.shown
    }
}

/// An error in its own words, as what stands in the way.
fn words(error: &crate::error::Error) -> Obstacle {
    Obstacle { help: error.help().unwrap_or_default().to_owned(), what: error.to_string() }
}

fn too_long(path: &Path, stuck: &Stuck) -> Obstacle {
    words(&fault::stuck(path, stuck))
}

/// Why no repository could be opened at a path.
fn not_opened(path: &Path, shown: &str, error: &git2::Error) -> Obstacle {
    let said = error.message();
    let obstacle = |what: String, help: String| Obstacle { what, help };
    if error.code() == ErrorCode::Owner {
        let what = format!("`{shown}` belongs to another user, and git does not trust it");
        return obstacle(what, format!("if you trust it: {}", fault::safe_directory(said, path)));
    }
    if said.contains("object format") {
        let what = format!("`{shown}` names its objects by SHA-256, which cannot be read yet");
        return obstacle(what, "name a mirror of it with SHA-1 object names, git's default".to_owned());
    }
    if said.contains("refstorage") || said.contains("reftable") {
        let what = format!("`{shown}` keeps its branches as a reftable, which cannot be read yet");
        return obstacle(what, format!("run `git -C {shown} refs migrate --ref-format=files`"));
    }
    if said.contains("extension") || said.contains("repository version") {
        let what = format!("`{shown}` is of a newer kind than can be read: {said}");
        return obstacle(what, "name a clone of it without that extension".to_owned());
    }
    if error.code() == ErrorCode::NotFound && error.class() == ErrorClass::Repository {
        let what = format!("`{shown}` is a folder and no git repository");
        let help = format!(
            "name the folder that holds `.git`; a submodule is fetched by `git submodule update --init {shown}`"
        );
        return obstacle(what, help);
    }
    words(&fault::unanswered(path, "could not open the repository", error))
}
