//! A commit that is read in place of what is checked out: what a revision names, and where the site stands in it.
//!
//! Revisions are named as git names them; `REV:FOLDER` says, as in git, from which folder of the commit the site is looked
//! for. A repository without a work tree is as good as any.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::time::Duration;

use git2::{ErrorCode, ObjectType, Oid, Repository as Git, Tree, TreeEntry};

use super::super::layout;
use super::watch::Pulse;
use super::{Answer, PATIENCE, Repository};
use crate::error::{Error, Result};

/// How many folders of a commit are looked into for a site that is not where it was looked for.
const LOOKED_INTO: usize = 2000;

/// Why a revision names no commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Misnamed {
    /// Nothing is committed yet.
    Unborn,
    Unknown,
    NoCommit,
}

impl Misnamed {
    /// In the words of all commands.
    pub(super) fn error(self, rev: &str, shallow: bool) -> Error {
        match self {
            Self::Unborn => {
                Error::refused(format!("nothing is committed yet, so there is no `{rev}`"), "commit the site first")
            }
            Self::Unknown => Error::refused(format!("git knows no revision `{rev}` here"), fetch(shallow)),
            Self::NoCommit => {
                Error::refused(format!("`{rev}` is no commit"), "name a branch, a tag or the id of a commit")
            }
        }
    }
}

/// How to get what is not here.
pub(super) fn fetch(shallow: bool) -> &'static str {
    if shallow {
        "this clone is shallow: fetch the rest with `git fetch --unshallow` (in a build service: `fetch-depth: 0`)"
    } else {
        "fetch it first, as in `git fetch origin main`, and name it as git does: `origin/main`"
    }
}

/// The commit that a revision names.
pub(super) fn resolve(git: &Git, rev: &str, pulse: &Pulse) -> Answer<std::result::Result<Oid, Misnamed>> {
    let object = match git.revparse_single(rev) {
        Ok(object) => object,
        Err(e) if e.code() == ErrorCode::UnbornBranch => return Ok(Err(Misnamed::Unborn)),
        Err(e) if matches!(e.code(), ErrorCode::NotFound | ErrorCode::InvalidSpec | ErrorCode::Ambiguous) => {
            let unborn = rev == "HEAD" && git.head().is_err_and(|e| e.code() == ErrorCode::UnbornBranch);
            return Ok(Err(if unborn { Misnamed::Unborn } else { Misnamed::Unknown }));
        }
        // Names of what is in the index, which is no commit.
        Err(_) if rev.starts_with(':') => return Ok(Err(Misnamed::Unknown)),
        Err(e) => return Err(e),
    };
    let Ok(commit) = object.peel_to_commit() else { return Ok(Err(Misnamed::NoCommit)) };
    pulse.reading("commit", commit.id());
    Ok(Ok(commit.id()))
}

/// What looking for a site in a commit came to.
enum Looked {
    At { commit: Oid, prefix: String },
    Misnamed(Misnamed),
    NoFolder { commit: Oid, folder: String },
    NoFile { path: String, what: &'static str },
    NoSite { commit: Oid, elsewhere: Option<String> },
}

/// What was asked for, as it was typed.
struct Typed {
    rev: String,
    /// The place of the folder that was named in the work tree.
    inside: String,
}

impl Repository {
    /// The repository around a folder, where everything is as it stands in the commit that `rev` names. The site is the
    /// nearest one upward in that commit: from the folder's place in the work tree; without a work tree, from the top.
    pub fn at(start: &Path, rev: &str) -> Result<Self> {
        Self::at_within(start, rev, PATIENCE)
    }

    /// As [`Repository::at`]; nothing that is asked of it may stand still for longer than `patience`.
    pub fn at_within(start: &Path, rev: &str, patience: Duration) -> Result<Self> {
        let start = start.canonicalize().map_err(|e| Error::io("could not find the folder", start, e))?;
        let (worker, opened) = match Self::open(&start, patience)? {
            Ok(both) => both,
            Err(standing) => return standing.required("--rev"),
        };
        let workdir = opened.find_workdir()?;
        let inside = workdir.as_ref().and_then(|w| start.strip_prefix(w).ok());
        let inside = inside.map(|p| crate::source::site_path(p).into_owned()).unwrap_or_default();
        let mut repository = Self::around(worker, opened, String::new());
        let asked = Typed { rev: rev.to_owned(), inside };
        let looked = repository
            .ask(&format!("could not read what `{rev}` names"), move |git, pulse| look(git, &asked, pulse))?;
        match looked {
            Looked::At { commit, prefix } => {
                repository.at = Some(commit);
                repository.site = workdir.map(|w| w.join(&prefix)).filter(|folder| folder.is_dir());
                repository.prefix = prefix;
                Ok(repository)
            }
            other => Err(not_found(other, rev, repository.shallow)),
        }
    }

    /// Whether a commit stands in place of what is checked out.
    pub fn is_at_revision(&self) -> bool {
        self.at.is_some()
    }
}

fn not_found(looked: Looked, rev: &str, shallow: bool) -> Error {
    match looked {
        Looked::At { commit, .. } => Error::refused(format!("`{rev}` is {commit}"), ""),
        Looked::Misnamed(misnamed) => misnamed.error(rev, shallow),
        Looked::NoFolder { commit, folder } => Error::refused(
            format!("commit {} has no folder `{folder}`", short(commit)),
            "name a folder of that commit after the colon, as in `HEAD:trust`",
        ),
        Looked::NoFile { path, what } => Error::refused(
            format!("`{path}` is {what} in that commit, not a file"),
            "put the configuration itself there: links are not followed",
        ),
        Looked::NoSite { commit, elsewhere } => Error::refused(
            format!("commit {} holds no tickmark.yaml where it was looked for", short(commit)),
            match elsewhere {
                Some(folder) => {
                    format!("it stands in `{folder}`: name that folder as git does, `--rev {rev}:{folder}`")
                }
                None => "name a commit that holds the site".to_owned(),
            },
        ),
    }
}

fn short(commit: Oid) -> String {
    let mut id = commit.to_string();
    id.truncate(7);
    id
}

fn look(git: &Git, asked: &Typed, pulse: &Pulse) -> Answer<Looked> {
    let (commit, folder, named) = match resolve(git, &asked.rev, pulse)? {
        Ok(commit) => (commit, asked.inside.as_str(), false),
        // `HEAD:trust` names a folder, and is no commit; one that is not there is nothing at all.
        Err(misnamed) => match asked.rev.split_once(':').filter(|(rev, _)| !rev.is_empty()) {
            None => return Ok(Looked::Misnamed(misnamed)),
            Some((rev, folder)) => match resolve(git, rev, pulse)? {
                Ok(commit) => (commit, folder.trim_matches('/'), true),
                Err(misnamed) => return Ok(Looked::Misnamed(misnamed)),
            },
        },
    };
    let top = git.find_commit(commit)?.tree_id();
    pulse.reading("tree", top);
    // The folders on the way, each with its path.
    let mut way: Vec<(String, Tree<'_>)> = vec![(String::new(), git.find_tree(top)?)];
    for part in folder.split('/').filter(|part| !part.is_empty()) {
        let (path, tree) = &way[way.len() - 1];
        let Some(id) = tree.get_name(part).filter(|e| e.kind() == Some(ObjectType::Tree)).map(|e| e.id()) else {
            if named {
                return Ok(Looked::NoFolder { commit, folder: folder.to_owned() });
            }
            break;
        };
        let path = format!("{path}{part}/");
        pulse.reading("tree", id);
        way.push((path, git.find_tree(id)?));
    }
    for (prefix, tree) in way.iter().rev() {
        for name in layout::CONFIGURATIONS {
            let Some(entry) = tree.get_name(name) else { continue };
            return Ok(match odd(&entry) {
                None => Looked::At { commit, prefix: prefix.clone() },
                Some(what) => Looked::NoFile { path: format!("{prefix}{name}"), what },
            });
        }
    }
    Ok(Looked::NoSite { commit, elsewhere: elsewhere(git, top, pulse)? })
}

/// What an entry is, with its article, where it is no file.
fn odd(entry: &TreeEntry<'_>) -> Option<&'static str> {
    match entry.kind() {
        Some(ObjectType::Blob) if super::tree::is_link(entry) => Some("a symbolic link"),
        Some(ObjectType::Blob) => None,
        Some(ObjectType::Tree) => Some("a folder"),
        _ => Some("a submodule"),
    }
}

/// The folder nearest to the top that holds a configuration.
fn elsewhere(git: &Git, top: Oid, pulse: &Pulse) -> Answer<Option<String>> {
    let mut waiting = VecDeque::from([(String::new(), top)]);
    let mut left = LOOKED_INTO;
    while let Some((path, id)) = waiting.pop_front() {
        pulse.reading("tree", id);
        let tree = git.find_tree(id)?;
        if layout::CONFIGURATIONS.iter().any(|name| tree.get_name(name).is_some_and(|e| odd(&e).is_none())) {
            return Ok(Some(path.trim_end_matches('/').to_owned()));
        }
        for entry in tree.iter().filter(|e| e.kind() == Some(ObjectType::Tree)).take(left) {
            let Ok(name) = entry.name() else { continue };
            waiting.push_back((format!("{path}{name}/"), entry.id()));
            left -= 1;
        }
    }
    Ok(None)
}

/// The bare repository that a folder is or lies in, if one says so without being asked for more.
pub(in super::super) fn bare_around(start: &Path) -> Option<PathBuf> {
    let (_, opened) = Repository::open(start, PATIENCE).ok()?.ok()?;
    opened.workdir.is_none().then_some(opened.place)
}
