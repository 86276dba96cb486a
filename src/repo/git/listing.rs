//! Trees, read once each, and what differs between two of them.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::rc::Rc;

use git2::{ObjectType, Oid, Repository as Git, Tree, TreeEntry};

use super::Answer;
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
    git: &'g Git,
    pulse: &'g Pulse,
    kept: HashMap<Oid, Rc<Tree<'g>>>,
    /// How many entries the comparison that runs has looked at.
    seen: usize,
}

impl<'g> Listings<'g> {
    pub(super) fn new(git: &'g Git, pulse: &'g Pulse) -> Self {
        Self { git, pulse, kept: HashMap::new(), seen: 0 }
    }

    /// The repository they are read from.
    pub(super) fn git(&self) -> &'g Git {
        self.git
    }

    fn of(&mut self, id: Oid) -> Answer<Rc<Tree<'g>>> {
        if let Some(tree) = self.kept.get(&id) {
            return Ok(Rc::clone(tree));
        }
        self.pulse.reading("tree", id);
        let tree = Rc::new(self.git.find_tree(id)?);
        if self.kept.len() >= KEPT {
            self.kept.clear();
        }
        self.kept.insert(id, Rc::clone(&tree));
        Ok(tree)
    }

    /// What stands at a name in a tree, and whether that is a folder; a link or a submodule is nothing.
    pub(super) fn get(&mut self, tree: Oid, name: &str) -> Answer<Option<(Oid, bool)>> {
        let tree = self.of(tree)?;
        let found = tree.get_name(name);
        Ok(found.and_then(|entry| folder(&entry).map(|id| (id, true)).or_else(|| file(&entry).map(|id| (id, false)))))
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
        let mut left = before.iter().flat_map(|tree| tree.iter()).peekable();
        let mut right = after.iter().flat_map(|tree| tree.iter()).peekable();
        loop {
            super::tree::count(&mut self.seen)?;
            let order = match (left.peek(), right.peek()) {
                (Some(a), Some(b)) => in_tree(a, b),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (None, None) => return Ok(()),
            };
            let a = if order == Ordering::Greater { None } else { left.next() };
            let b = if order == Ordering::Less { None } else { right.next() };
            if let (Some(a), Some(b)) = (&a, &b)
                && a.id() == b.id()
                && a.filemode() == b.filemode()
            {
                continue;
            }
            let Some(name) = a.as_ref().or(b.as_ref()).map(|entry| String::from_utf8_lossy(entry.name_bytes())) else {
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
        self.pulse.reading("tree", new);
        let (old, new) = (self.git.find_tree(old)?, self.git.find_tree(new)?);
        let mut options = git2::DiffOptions::new();
        if let Some(place) = place {
            options.pathspec(place).disable_pathspec_match(true);
        }
        let mut diff = self.git.diff_tree_to_tree(Some(&old), Some(&new), Some(&mut options))?;
        if !diff.deltas().any(|delta| delta.status() == git2::Delta::Deleted) {
            return Ok(HashMap::new());
        }
        diff.find_similar(Some(git2::DiffFindOptions::new().renames(true)))?;
        let path = |file: git2::DiffFile<'_>| file.path().map(|p| crate::source::site_path(p).into_owned());
        let moved = diff.deltas().filter(|delta| delta.status() == git2::Delta::Renamed);
        Ok(moved.filter_map(|d| Some((path(d.new_file())?, path(d.old_file())?))).collect())
    }
}

fn folder(entry: &TreeEntry<'_>) -> Option<Oid> {
    (entry.kind() == Some(ObjectType::Tree)).then(|| entry.id())
}

fn file(entry: &TreeEntry<'_>) -> Option<Oid> {
    (entry.kind() == Some(ObjectType::Blob) && !super::tree::is_link(entry)).then(|| entry.id())
}

/// The order of two entries in a tree.
fn in_tree(a: &TreeEntry<'_>, b: &TreeEntry<'_>) -> Ordering {
    let (left, right) = (a.name_bytes(), b.name_bytes());
    if left == right && folder(a).is_some() == folder(b).is_some() {
        return Ordering::Equal;
    }
    let slash = |entry: &TreeEntry<'_>| folder(entry).map(|_| b'/');
    left.iter().copied().chain(slash(a)).cmp(right.iter().copied().chain(slash(b)))
}
