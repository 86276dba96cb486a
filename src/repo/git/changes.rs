//! What differs between a commit and the work tree, of the files a site is made of.
//!
//! Ignored and untracked files count: they are read like any other input. Modes do not count. Folders that are no inputs
//! are not looked at.

use std::collections::BTreeSet;
use std::path::Path;

use git2::{DiffOptions, ErrorCode, Oid, Repository as Git, Tree};

use super::super::layout;
use super::revision::{Misnamed, fetch, resolve};
use super::watch::Pulse;
use super::{Answer, Head, Repository, fault, tip};
use crate::error::{Error, Result};

/// How many patiences a comparison of the whole work tree may take: it reads files, not objects, and cannot say so.
const LONG: u32 = 30;

/// What a revision came to.
enum Since {
    Tree(Oid),
    Unborn,
    Misnamed(Misnamed),
    Apart,
}

impl Repository {
    /// Paths, relative to the site, of what was added, changed or removed since the branch left `rev`: in commits, in the
    /// index, in the work tree, untracked files included; up to the commit that is read, where one is.
    pub fn changed_since(&self, rev: &str) -> Result<BTreeSet<String>> {
        let (asked, prefix, at) = (rev.to_owned(), self.prefix.clone(), self.at);
        let since = self.ask(&format!("could not read what `{rev}` names"), move |git, pulse| {
            let Some(head) = tip(git, at, pulse)? else { return Ok(Since::Unborn) };
            let commit = match resolve(git, &asked, pulse)? {
                Ok(commit) => commit,
                Err(misnamed) => return Ok(Since::Misnamed(misnamed)),
            };
            let base = match git.merge_base(head.id(), commit) {
                Ok(base) => base,
                Err(e) if e.code() == ErrorCode::NotFound => return Ok(Since::Apart),
                Err(e) => return Err(e),
            };
            pulse.reading("commit", base);
            let tree = git.find_commit(base)?.tree()?;
            read_trees(git, &tree, &prefix, pulse)?;
            Ok(Since::Tree(tree.id()))
        })?;
        match since {
            Since::Tree(tree) => self.changed_from(tree),
            Since::Unborn => Err(Error::refused(
                format!("nothing is committed yet, so nothing changed since `{rev}`"),
                "commit the site first",
            )),
            Since::Misnamed(misnamed) => Err(misnamed.error(rev, self.shallow)),
            Since::Apart => {
                let read = if self.at.is_some() { "the commit that is read" } else { "what is checked out" };
                Err(Error::refused(format!("`{rev}` and {read} have no commit in common here"), fetch(self.shallow)))
            }
        }
    }

    /// Whether an input of the site differs from the commit that is checked out; of one that is read, none can.
    pub fn is_dirty(&self, head: &Head) -> Result<bool> {
        if self.at.is_some() {
            return Ok(false);
        }
        let (tree, prefix) = (head.tree, self.prefix.clone());
        self.ask("could not read the commit that is checked out", move |git, pulse| {
            pulse.reading("tree", tree);
            read_trees(git, &git.find_tree(tree)?, &prefix, pulse)
        })?;
        Ok(self.changed_from(tree)?.iter().any(|path| layout::role(path).is_some()))
    }

    /// Paths, relative to the site, in which the work tree, or the commit that is read, differs from a tree.
    fn changed_from(&self, tree: Oid) -> Result<BTreeSet<String>> {
        let (prefix, at) = (self.prefix.clone(), self.at);
        let answer = self.worker.ask(LONG, move |git, pulse| {
            pulse.reading("tree", tree);
            let read = at.map(|_| tip(git, at, pulse)).transpose()?.flatten().map(|commit| commit.tree_id());
            if let Some(read) = read {
                pulse.reading("tree", read);
                read_trees(git, &git.find_tree(read)?, &prefix, pulse)?;
            }
            differences(git, &git.find_tree(tree)?, read, &prefix)
        });
        match answer {
            Ok(Ok(paths)) => Ok(paths),
            Ok(Err(e)) => Err(fault::unanswered(&self.place, "could not compare the work tree with its commit", &e)),
            Err(stuck) => Err(fault::stuck(&self.place, &stuck)),
        }
    }
}

/// Everything a site may read, by its first part.
fn inputs() -> impl Iterator<Item = &'static str> {
    layout::TOP_FILES.iter().chain(layout::INPUT_FOLDERS).copied()
}

/// What differs between a tree and another one; the work tree where there is no other.
fn differences(git: &Git, tree: &Tree<'_>, other: Option<Oid>, prefix: &str) -> Answer<BTreeSet<String>> {
    let mut options = DiffOptions::new();
    options.include_untracked(true).recurse_untracked_dirs(true).include_ignored(true).recurse_ignored_dirs(true);
    options.ignore_filemode(true).ignore_submodules(true).disable_pathspec_match(true);
    for input in inputs() {
        options.pathspec(format!("{prefix}{input}"));
    }
    let diff = match other {
        Some(other) => git.diff_tree_to_tree(Some(tree), Some(&git.find_tree(other)?), Some(&mut options))?,
        None => git.diff_tree_to_workdir_with_index(Some(tree), Some(&mut options))?,
    };
    let mut changed = BTreeSet::new();
    for delta in diff.deltas() {
        for path in [delta.old_file().path(), delta.new_file().path()].into_iter().flatten() {
            let path = crate::source::site_path(path);
            if let Some(inside) = path.strip_prefix(prefix) {
                changed.insert(inside.trim_end_matches('/').to_owned());
            }
        }
    }
    Ok(changed)
}

/// Whether a commit's tree holds the site: a configuration in its folder.
pub(super) fn holds_site(git: &Git, tree: &Tree<'_>, prefix: &str, pulse: &Pulse) -> Answer<bool> {
    let Some(folder) = folder(git, tree, prefix, pulse)? else { return Ok(false) };
    Ok(layout::CONFIGURATIONS.iter().any(|name| folder.get_name(name).is_some()))
}

/// The tree of the site's folder, one step after the other.
pub(super) fn folder<'g>(git: &'g Git, tree: &Tree<'g>, prefix: &str, pulse: &Pulse) -> Answer<Option<Tree<'g>>> {
    let mut at = tree.clone();
    for part in Path::new(prefix) {
        let name = part.to_string_lossy();
        let found = at.get_name(&name).filter(|entry| entry.kind() == Some(git2::ObjectType::Tree)).map(|e| e.id());
        let Some(id) = found else { return Ok(None) };
        pulse.reading("tree", id);
        at = git.find_tree(id)?;
    }
    Ok(Some(at))
}

/// Reads the trees of the site's inputs once, each under the watch, so that one that cannot be read is found here and
/// not in the comparison, which cannot say what it reads.
pub(super) fn read_trees(git: &Git, tree: &Tree<'_>, prefix: &str, pulse: &Pulse) -> Answer<()> {
    let Some(site) = folder(git, tree, prefix, pulse)? else { return Ok(()) };
    let named = inputs().filter_map(|name| site.get_name(name).map(|entry| (entry.kind(), entry.id())));
    let mut waiting: Vec<(Option<git2::ObjectType>, Oid)> = named.collect();
    while let Some((kind, id)) = waiting.pop() {
        if kind == Some(git2::ObjectType::Tree) {
            pulse.reading("tree", id);
            waiting.extend(git.find_tree(id)?.iter().map(|entry| (entry.kind(), entry.id())));
        }
    }
    Ok(())
}
