//! The repository a site stands in, if it stands in one: which commit is checked out, or named in its place, what differs
//! from a commit, and the site's history.
//!
//! Invariant: git never keeps anybody waiting for ever, and never gives an answer it cannot see. Every question goes to
//! one thread (`watch`) and is given up when nothing moves any more; every way a repository can fail to answer has words
//! of its own (`fault`). A site outside git is as good as any other.
//!
//! This is the only module that names git2. It deliberately runs no git program, writes nothing into a repository, and
//! does not know what a document means.

mod changes;
mod elsewhere;
mod fault;
mod kept;
mod line;
mod lineage;
mod listing;
mod message;
mod objects;
mod packs;
mod past;
mod records;
mod revision;
mod spread;
mod texts;
mod trace;
mod tree;
mod walk;
mod watch;

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::diag::Diagnostic;
use crate::error::{Error, Result};

pub use elsewhere::Elsewhere;
pub use fault::Obstacle;
pub use kept::MARK as KEPT_MARK;
pub use line::LineAsk;
pub use past::{Past, Recall};
pub use records::RecordWalk;
pub(super) use revision::bare_around;
pub use tree::LeftOut;
use watch::{Pulse, Stuck, Worker};

/// What git says, or why it cannot.
type Answer<T> = std::result::Result<T, git2::Error>;

/// How long nothing may move before a question is given up.
const PATIENCE: Duration = Duration::from_secs(20);

/// Where a site stands.
pub enum Standing {
    /// In no repository.
    Outside,
    /// In one that this program, or this user, cannot read.
    Unreadable(Obstacle),
    /// In one that answers.
    In(Repository),
}

impl Standing {
    /// The repository, for what cannot be done without one; `what` is that, as people typed it.
    pub fn required(self, what: &str) -> Result<Repository> {
        match self {
            Self::In(repository) => Ok(repository),
            Self::Unreadable(obstacle) => Err(obstacle.into_error()),
            Self::Outside => {
                let help = "run it in a clone, or `git init` and commit the site";
                Err(Error::refused(format!("`{what}` needs git, and this site is in no repository"), help))
            }
        }
    }
}

/// A repository that answers, and the site's place in it.
pub struct Repository {
    worker: Worker,
    /// Its `.git`, for messages.
    place: PathBuf,
    /// The site's folder in the work tree: empty, or with a slash at its end.
    prefix: String,
    shallow: bool,
    /// What worktrees of one repository share.
    common: PathBuf,
    /// The commit that is read in place of what is checked out.
    at: Option<git2::Oid>,
    /// The site's folder, where the work tree has it.
    site: Option<PathBuf>,
}

/// The commit that is checked out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// Its id, in full.
    pub commit: String,
    tree: git2::Oid,
}

/// What is known of a repository once it is open.
struct Opened {
    place: PathBuf,
    workdir: Option<PathBuf>,
    shallow: bool,
    common: PathBuf,
}

impl Opened {
    /// The work tree, without links in its path.
    fn find_workdir(&self) -> Result<Option<PathBuf>> {
        let found = |w: &PathBuf| w.canonicalize().map_err(|e| Error::io("could not find the work tree", w, e));
        self.workdir.as_ref().map(found).transpose()
    }
}

impl Repository {
    /// Looks for the repository around the folder of a site, upward as git does.
    pub fn find(site: &Path) -> Result<Standing> {
        Self::find_within(site, PATIENCE)
    }

    /// As [`Repository::find`]; nothing that is asked of it may stand still for longer than `patience`.
    pub fn find_within(site: &Path, patience: Duration) -> Result<Standing> {
        let (worker, opened) = match Self::open(site, patience)? {
            Ok(both) => both,
            Err(standing) => return Ok(standing),
        };
        // A repository without a work tree says nothing about files that happen to lie in its folder.
        let Some(workdir) = opened.find_workdir()? else { return Ok(Standing::Outside) };
        let Ok(inside) = site.strip_prefix(&workdir) else { return Ok(Standing::Outside) };
        let mut prefix = crate::source::site_path(inside).into_owned();
        if !prefix.is_empty() {
            prefix.push('/');
        }
        Ok(Standing::In(Self { site: Some(site.to_path_buf()), ..Self::around(worker, opened, prefix) }))
    }

    /// Opens the repository around a folder; where there is none to speak to, what that comes to.
    fn open(start: &Path, patience: Duration) -> Result<std::result::Result<(Worker, Opened), Standing>> {
        let folder = start.to_path_buf();
        let opened = Worker::start(patience, move |_| {
            // As git itself: `git fsck` takes the digest of every object it reads, reading does not.
            git2::opts::strict_hash_verification(false);
            // What is read twice is kept here; libgit2 would hold every tree it ever saw.
            git2::opts::enable_caching(false);
            let flags = git2::RepositoryOpenFlags::empty();
            let repository = git2::Repository::open_ext(&folder, flags, std::iter::empty::<&Path>())?;
            let opened = Opened {
                place: repository.path().to_path_buf(),
                workdir: repository.workdir().map(Path::to_path_buf),
                shallow: repository.is_shallow(),
                common: repository.commondir().to_path_buf(),
            };
            Ok((repository, opened))
        });
        match opened {
            Ok(Ok(both)) => Ok(Ok(both)),
            Ok(Err(error)) => fault::not_opened(start, &error).map(Err),
            Err(stuck) => Err(fault::stuck(start, &stuck)),
        }
    }

    fn around(worker: Worker, opened: Opened, prefix: String) -> Self {
        let Opened { place, shallow, common, .. } = opened;
        Self { worker, place, prefix, shallow, common, at: None, site: None }
    }

    /// Where the repository itself stands, for messages.
    pub fn place(&self) -> &Path {
        &self.place
    }

    /// From the root of the repository to the site: empty, or with a `/` at its end.
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// The site's folder; none where there is no work tree, or where it does not have the site.
    pub fn site_folder(&self) -> Option<&Path> {
        self.site.as_deref()
    }

    /// Whether the history is cut short: a clone with `--depth`, as many build services make.
    pub fn is_shallow(&self) -> bool {
        self.shallow
    }

    /// Says that the history is cut short, where it is.
    pub fn cut_short(&self) -> Option<Diagnostic> {
        self.shallow.then(super::codes::shallow)
    }

    /// The commit that is checked out, or read in its place; none where there is none yet, or where it does not hold the
    /// site.
    pub fn head(&self) -> Result<Option<Head>> {
        let (prefix, at) = (self.prefix.clone(), self.at);
        self.ask("could not read the commit that is checked out", move |git, pulse| {
            let Some(commit) = tip(git, at, pulse)? else { return Ok(None) };
            let tree = commit.tree_id();
            pulse.reading("tree", tree);
            let tree = git.find_tree(tree)?;
            if !changes::holds_site(git, &tree, &prefix, pulse)? {
                return Ok(None);
            }
            Ok(Some(Head { commit: commit.id().to_string(), tree: tree.id() }))
        })
    }

    /// Asks the repository; `doing` begins the message where it has no answer.
    fn ask<T: Send + 'static>(
        &self,
        doing: &str,
        question: impl FnOnce(&git2::Repository, &Pulse) -> Answer<T> + Send + 'static,
    ) -> Result<T> {
        self.answered(doing, self.worker.ask(1, question))
    }

    fn answered<T>(&self, doing: &str, answer: std::result::Result<Answer<T>, Stuck>) -> Result<T> {
        match answer {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(error)) => Err(fault::unanswered(&self.place, doing, &error)),
            Err(stuck) => Err(fault::stuck(&self.place, &stuck)),
        }
    }
}

/// The commit `at`, else the one that HEAD names; none on a branch without commits.
fn tip<'g>(git: &'g git2::Repository, at: Option<git2::Oid>, pulse: &Pulse) -> Answer<Option<git2::Commit<'g>>> {
    if let Some(id) = at {
        pulse.reading("commit", id);
        return git.find_commit(id).map(Some);
    }
    let head = match git.head() {
        Ok(head) => head,
        Err(e) if e.code() == git2::ErrorCode::UnbornBranch => return Ok(None),
        Err(e) => return Err(e),
    };
    if let Some(id) = head.target() {
        pulse.reading("commit", id);
    }
    head.peel_to_commit().map(Some)
}

#[cfg(test)]
mod tests;
