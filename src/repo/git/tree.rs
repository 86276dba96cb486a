//! The files of a site as a commit has them: the same places, limits, names and findings as in a work tree, since what an
//! entry is to the site and what becomes of its bytes is decided in one place for both.

use git2::{ObjectType, Oid, Repository as Git, Tree, TreeEntry};
use rayon::prelude::*;

use super::super::found::{Found, Kind, Listing};
use super::super::layout::{self, Place};
use super::super::open::Content;
use super::super::{ReadOptions, Reading, Worktree, codes, outcome};
use super::watch::Pulse;
use super::{Answer, Repository, changes, tip};
use crate::diag::{Diagnostic, Sink};
use crate::error::Result;

/// How many files are held as bytes at a time.
const BATCH: usize = 2048;
/// How many entries a commit may have below the folders of inputs. A few trees that name each other over and over stand for
/// more files than there is room for.
const MOST: usize = 1_000_000;

impl Repository {
    /// Reads the site as the commit has it.
    pub fn read_site(&self, options: &ReadOptions, sink: &mut Sink) -> Result<Worktree> {
        self.read_below("", options, sink)
    }

    /// Reads what the commit has of the site below a folder, named with a `/` at its end.
    pub fn read_below(&self, folder: &str, options: &ReadOptions, sink: &mut Sink) -> Result<Worktree> {
        let (prefix, at) = (self.prefix.clone(), self.at);
        let listing = self.ask("could not read the files of that commit", move |git, pulse| {
            let Some(commit) = tip(git, at, pulse)? else { return Ok(Listing::default()) };
            let tree = commit.tree_id();
            pulse.reading("tree", tree);
            let site = changes::folder(git, &git.find_tree(tree)?, &prefix, pulse)?;
            site.map_or_else(|| Ok(Listing::default()), |site| entries(git, site.id(), pulse))
        })?;
        let mut inputs = listing.into_inputs(sink);
        inputs.retain(|found| found.path.starts_with(folder));
        let mut reading = Reading::default();
        while !inputs.is_empty() {
            let rest = inputs.split_off(BATCH.min(inputs.len()));
            let batch = std::mem::replace(&mut inputs, rest);
            let wanted: Vec<(Oid, u64)> = batch.iter().map(|f| (f.handle, options.limits.of(f.role))).collect();
            let contents = self.ask("could not read the files of that commit", move |git, pulse| {
                wanted.into_iter().map(|(blob, limit)| content(git, blob, limit, pulse)).collect::<Answer<Vec<_>>>()
            })?;
            let read: Vec<(Found<Oid>, Content)> = batch.into_iter().zip(contents).collect();
            let outcomes: Vec<_> = read
                .into_par_iter()
                .with_min_len(16)
                .map(|(found, content)| outcome(found, content, options))
                .collect();
            outcomes.into_iter().for_each(|outcome| reading.take(outcome, sink));
        }
        Ok(reading.into_worktree())
    }

    /// What of the commit that is checked out the work tree does not have although nobody removed it: inputs that a sparse
    /// checkout leaves out, and submodules that were not cloned, whose folders are empty and look like any other.
    pub fn left_out(&self) -> Result<LeftOut> {
        let (Some(site), None) = (&self.site, self.at) else { return Ok(LeftOut::default()) };
        let prefix = self.prefix.clone();
        let found = self.ask("could not read the commit that is checked out", move |git, pulse| {
            let Some(commit) = tip(git, None, pulse)? else { return Ok(None) };
            let Some(site) = changes::folder(git, &commit.tree()?, &prefix, pulse)? else { return Ok(None) };
            let sparse = git.config()?.get_bool("core.sparseCheckout").unwrap_or(false);
            let files = if sparse { entries(git, site.id(), pulse)?.files } else { Vec::new() };
            Ok(Some((submodules(git, &site, pulse)?, files)))
        })?;
        let (submodules, files) = found.unwrap_or_default();
        let absent = |path: &str| std::fs::symlink_metadata(site.join(path)).is_err();
        let empty = |path: &&String| site.join(path).is_dir() && absent(&format!("{path}/.git"));
        let mut findings: Vec<Diagnostic> =
            submodules.iter().filter(empty).map(|path| codes::nested_repository(path)).collect();
        let missing: Vec<&str> = files.iter().map(|f| f.path.as_str()).filter(|path| absent(path)).collect();
        findings.extend(missing.iter().min().map(|first| codes::sparse(first, missing.len() - 1)));
        Ok(LeftOut { findings, sparse: !missing.is_empty() })
    }
}

/// What a work tree does not have of its commit.
#[derive(Default)]
pub struct LeftOut {
    /// What to say of it.
    pub findings: Vec<Diagnostic>,
    /// Inputs are left out.
    pub sparse: bool,
}

/// The places of other repositories among the inputs of a site.
fn submodules(git: &Git, site: &Tree<'_>, pulse: &Pulse) -> Answer<Vec<String>> {
    let mut found = Vec::new();
    let mut waiting = vec![(String::new(), site.id())];
    let mut seen = 0;
    while let Some((folder, id)) = waiting.pop() {
        pulse.reading("tree", id);
        for entry in &git.find_tree(id)? {
            count(&mut seen)?;
            let kind = kind(&entry);
            let (Kind::Folder | Kind::Submodule, Ok(name)) = (kind, entry.name()) else { continue };
            let path = if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
            if layout::is_passed_over(&path, name) || !matches!(layout::folder(&path), Place::Input(_)) {
                continue;
            }
            if kind == Kind::Submodule {
                found.push(path);
            } else {
                waiting.push((path, entry.id()));
            }
        }
    }
    Ok(found)
}

/// Everything below a site's folder that has to do with it.
fn entries(git: &Git, site: Oid, pulse: &Pulse) -> Answer<Listing<Oid>> {
    let mut listing = Listing::default();
    let mut waiting = vec![(String::new(), site)];
    let mut seen = 0;
    while let Some((folder, id)) = waiting.pop() {
        pulse.reading("tree", id);
        for entry in &git.find_tree(id)? {
            count(&mut seen)?;
            if let Some(path) = listing.add(&folder, entry.name_bytes(), kind(&entry), entry.id()) {
                waiting.push((path, entry.id()));
            }
        }
    }
    Ok(listing)
}

/// Counts one more entry of a commit, unless there are too many.
pub(super) fn count(seen: &mut usize) -> Answer<()> {
    *seen += 1;
    if *seen > MOST {
        return Err(git2::Error::from_str(&format!("a commit holds more than {MOST} files among the inputs")));
    }
    Ok(())
}

/// A file's bytes, unless there are too many.
fn content(git: &Git, blob: Oid, limit: u64, pulse: &Pulse) -> Answer<Content> {
    pulse.reading("blob", blob);
    let (size, _) = git.odb()?.read_header(blob)?;
    if size as u64 > limit {
        return Ok(Content::TooLarge { size: size as u64 });
    }
    Ok(Content::Bytes(git.find_blob(blob)?.content().to_vec()))
}

fn kind(entry: &TreeEntry<'_>) -> Kind {
    match entry.kind() {
        Some(ObjectType::Tree) => Kind::Folder,
        Some(ObjectType::Blob) if is_link(entry) => Kind::Link,
        Some(ObjectType::Blob) => Kind::File,
        _ => Kind::Submodule,
    }
}

/// Whether an entry is a symbolic link: to git, a file that holds a path.
pub(super) fn is_link(entry: &TreeEntry<'_>) -> bool {
    const LINK: i32 = 0o120_000;
    entry.filemode() == LINK
}
