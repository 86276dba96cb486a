//! Trees, read once each, and what differs between two of them.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::rc::Rc;

use git2::{Oid, Repository as Git};
use gix_hash::Kind::Sha1;
use gix_object::TreeRefIter;
use gix_object::tree::EntryRef;

use super::Answer;
use super::objects::Objects;
use super::watch::Pulse;

/// A path of which two trees do not hold the same.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Difference {
    pub(super) path: String,
    pub(super) old: Option<Oid>,
    pub(super) new: Option<Oid>,
}

/// How many trees are kept. Commits that follow each other share nearly all of theirs.
const KEPT: usize = 256;

/// Trees that were read.
pub(super) struct Listings<'g> {
    objects: Objects<'g>,
    kept: HashMap<Oid, Rc<[u8]>>,
    /// How many entries the comparison that runs has looked at.
    seen: usize,
}

impl<'g> Listings<'g> {
    pub(super) fn new(git: &'g Git, pulse: &'g Pulse) -> Self {
        Self { objects: Objects::new(git, pulse), kept: HashMap::new(), seen: 0 }
    }

    /// The repository they are read from.
    pub(super) fn git(&self) -> &'g Git {
        self.objects.git()
    }

    /// Who reads them, for other objects.
    pub(super) fn objects(&mut self) -> &mut Objects<'g> {
        &mut self.objects
    }

    fn of(&mut self, id: Oid) -> Answer<Rc<[u8]>> {
        if let Some(tree) = self.kept.get(&id) {
            return Ok(Rc::clone(tree));
        }
        let tree: Rc<[u8]> = self.objects.tree(id)?;
        if self.kept.len() >= KEPT {
            self.kept.clear();
        }
        self.kept.insert(id, Rc::clone(&tree));
        Ok(tree)
    }

    /// What stands at a name in a tree, and whether that is a folder; a link or a submodule is nothing.
    pub(super) fn get(&mut self, tree: Oid, name: &str) -> Answer<Option<(Oid, bool)>> {
        let bytes = self.of(tree)?;
        for entry in entries(&bytes) {
            let entry = entry.map_err(|_| damaged(tree))?;
            if entry.filename == name {
                return Ok(folder(&entry).map(|id| (id, true)).or_else(|| file(&entry).map(|id| (id, false))));
            }
        }
        Ok(None)
    }

    /// Files that two trees do not hold alike, in the order of their paths.
    pub(super) fn differences(&mut self, old: Option<Oid>, new: Option<Oid>, place: &str) -> Answer<Vec<Difference>> {
        let mut found = Vec::new();
        self.seen = 0;
        self.compare(old, new, place, &mut found)?;
        found.sort();
        Ok(found)
    }

    /// Goes through both trees at once. Names are compared as git orders them, a folder's with a slash at its end, and
    /// nothing is copied of what is the same in both.
    fn compare(&mut self, old: Option<Oid>, new: Option<Oid>, place: &str, out: &mut Vec<Difference>) -> Answer<()> {
        if old == new {
            return Ok(());
        }
        let before = old.map(|tree| self.of(tree)).transpose()?;
        let after = new.map(|tree| self.of(tree)).transpose()?;
        let mut left = before.as_deref().map_or(TreeRefIter::from_bytes(&[], Sha1), entries);
        let mut right = after.as_deref().map_or(TreeRefIter::from_bytes(&[], Sha1), entries);
        let (mut one, mut two) = (next(&mut left, old)?, next(&mut right, new)?);
        loop {
            super::tree::count(&mut self.seen)?;
            let order = match (&one, &two) {
                (Some(a), Some(b)) => a.cmp(b),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (None, None) => return Ok(()),
            };
            let (mut a, mut b) = (None, None);
            if order != Ordering::Greater {
                a = std::mem::replace(&mut one, next(&mut left, old)?);
            }
            if order != Ordering::Less {
                b = std::mem::replace(&mut two, next(&mut right, new)?);
            }
            if let (Some(a), Some(b)) = (&a, &b)
                && a.oid == b.oid
                && a.mode == b.mode
            {
                continue;
            }
            let Some(name) = a.as_ref().or(b.as_ref()).map(|entry| String::from_utf8_lossy(entry.filename)) else {
                continue;
            };
            let path = format!("{place}{name}");
            self.compare(a.as_ref().and_then(folder), b.as_ref().and_then(folder), &format!("{path}/"), out)?;
            let (old, new) = (a.as_ref().and_then(file), b.as_ref().and_then(file));
            if old != new {
                out.push(Difference { path, old, new });
            }
        }
    }

    /// Of these paths, sorted and relative to `place`, the files that two trees do not hold alike. Only folders that differ are
    /// gone into.
    pub(super) fn among(
        &mut self,
        trees: [Option<Oid>; 2],
        place: &str,
        paths: &[&str],
        out: &mut Vec<Difference>,
    ) -> Answer<()> {
        if trees[0] == trees[1] {
            return Ok(());
        }
        let first = |path: &&str| path.split('/').next().unwrap_or(path).len();
        for group in paths.chunk_by(|a, b| a[..first(a)] == b[..first(b)]) {
            let name = &group[0][..first(&group[0])];
            let mut found = [None, None];
            for (found, tree) in found.iter_mut().zip(trees) {
                *found = tree.map(|tree| self.get(tree, name)).transpose()?.flatten();
            }
            let side = |folder: bool| found.map(|f| f.filter(|(_, is)| *is == folder).map(|(id, _)| id));
            let below: Vec<&str> = group.iter().filter_map(|path| path.get(name.len() + 1..)).collect();
            self.among(side(true), &format!("{place}{name}/"), &below, out)?;
            let [old, new] = side(false);
            if old != new && group.contains(&name) {
                out.push(Difference { path: format!("{place}{name}"), old, new });
            }
        }
        Ok(())
    }

    /// What git itself takes for renamed between two trees, below a place, or anywhere: new path to old path.
    pub(super) fn renames(&self, old: Oid, new: Oid, place: Option<&str>) -> Answer<HashMap<String, String>> {
        let git = self.git();
        let (old, new) = (git.find_tree(old)?, git.find_tree(new)?);
        let mut options = git2::DiffOptions::new();
        if let Some(place) = place {
            options.pathspec(place).disable_pathspec_match(true);
        }
        let mut diff = git.diff_tree_to_tree(Some(&old), Some(&new), Some(&mut options))?;
        if !diff.deltas().any(|delta| delta.status() == git2::Delta::Deleted) {
            return Ok(HashMap::new());
        }
        diff.find_similar(Some(git2::DiffFindOptions::new().renames(true)))?;
        let path = |file: git2::DiffFile<'_>| file.path().map(|p| crate::source::site_path(p).into_owned());
        let moved = diff.deltas().filter(|delta| delta.status() == git2::Delta::Renamed);
        Ok(moved.filter_map(|d| Some((path(d.new_file())?, path(d.old_file())?))).collect())
    }
}

/// The entries of a tree. Of two with one name, a file comes before a folder.
fn entries(tree: &[u8]) -> TreeRefIter<'_> {
    TreeRefIter::from_bytes(tree, Sha1)
}

/// The next entry of a tree.
fn next<'t>(side: &mut TreeRefIter<'t>, tree: Option<Oid>) -> Answer<Option<EntryRef<'t>>> {
    side.next().transpose().map_err(|_| damaged(tree.unwrap_or(Oid::ZERO_SHA1)))
}

fn damaged(tree: Oid) -> git2::Error {
    git2::Error::from_str(&format!("the tree {tree} is damaged"))
}

fn oid(entry: &EntryRef<'_>) -> Option<Oid> {
    Oid::from_bytes(entry.oid.as_bytes()).ok()
}

fn folder(entry: &EntryRef<'_>) -> Option<Oid> {
    oid(entry).filter(|_| entry.mode.is_tree())
}

fn file(entry: &EntryRef<'_>) -> Option<Oid> {
    oid(entry).filter(|_| entry.mode.is_blob())
}
