//! Which files a site has: its top first, then its input folders beside each other.
//!
//! Nothing is opened here but folders, and no folder through a link. Every entry is either found, passed over in
//! silence by the rules of [`layout`](super::layout), or named in a diagnostic.

use std::ffi::OsStr;
use std::fs::{self, FileType};
use std::io;
use std::path::Path;

use rayon::prelude::*;
use walkdir::{DirEntry, WalkDir};

use crate::diag::{Diagnostic, Sink};
use crate::error::{Error, Result};

use super::layout::{self, Place, Role};
use super::{codes, names, open};

/// A file that is to be read.
#[derive(Debug)]
pub(super) struct Found {
    /// Relative to the site, with `/` between its parts.
    pub(super) path: String,
    /// How it is read.
    pub(super) role: Role,
}

/// What was found below one folder, or at the top.
#[derive(Default)]
struct Listing {
    files: Vec<Found>,
    folders: Vec<String>,
    problems: Vec<Diagnostic>,
}

/// All inputs of the site at `root`, in the order of their paths.
pub(super) fn inputs(root: &Path, sink: &mut Sink) -> Result<Vec<Found>> {
    let mut all = top(root)?;
    let below: Vec<Result<Listing>> = all.folders.par_iter().map(|folder| below(root, folder)).collect();
    for listing in below {
        let Listing { files, folders, problems } = listing?;
        all.files.extend(files);
        all.folders.extend(folders);
        all.problems.extend(problems);
    }
    all.compare_names();
    all.problems.into_iter().for_each(|problem| sink.push(problem));
    all.files.par_sort_unstable_by(|a, b| a.path.cmp(&b.path));
    Ok(all.files)
}

/// What stands at the top of the site.
fn top(root: &Path) -> Result<Listing> {
    let mut listing = Listing::default();
    for entry in WalkDir::new(root).min_depth(1).max_depth(1) {
        let Some(entry) = present(root, entry, false)? else { continue };
        listing.add("", entry.file_name(), entry.file_type());
    }
    Ok(listing)
}

/// What stands below one of the site's folders.
fn below(root: &Path, folder: &str) -> Result<Listing> {
    let mut listing = Listing::default();
    // The folders above the entry, from `folder` down.
    let mut above: Vec<String> = Vec::new();
    let mut walk = WalkDir::new(root.join(folder)).follow_root_links(false).into_iter();
    while let Some(entry) = walk.next() {
        let Some(entry) = present(root, entry, true)? else { continue };
        above.truncate(entry.depth());
        let entered = match above.last() {
            None => entry.file_type().is_dir().then(|| folder.to_owned()),
            Some(parent) => listing.add(parent, entry.file_name(), entry.file_type()),
        };
        match entered {
            Some(path) if fs::symlink_metadata(entry.path().join(".git")).is_ok() => {
                listing.problems.push(codes::nested_repository(&path));
                walk.skip_current_dir();
            }
            Some(path) => above.push(path),
            None if entry.file_type().is_dir() => walk.skip_current_dir(),
            None => {}
        }
    }
    Ok(listing)
}

/// An entry, unless it went away meanwhile, which only what is below the top may do.
fn present(root: &Path, entry: walkdir::Result<DirEntry>, may_go: bool) -> Result<Option<DirEntry>> {
    entry.map(Some).or_else(|error| {
        let path = error.path().unwrap_or(root).to_path_buf();
        let error = error.into_io_error().unwrap_or_else(|| io::Error::other("a link leads back to where it stands"));
        if may_go && open::is_absent(&error) {
            return Ok(None);
        }
        Err(Error::io("could not read the folder", path, error))
    })
}

impl Listing {
    /// Takes an entry in; its path if it is a folder that is to be gone through.
    fn add(&mut self, folder: &str, name: &OsStr, kind: FileType) -> Option<String> {
        let Some(text) = name.to_str() else {
            if !folder.is_empty() {
                self.problems.push(codes::name(&join(folder, &names::shown(name)), "is not UTF-8"));
            }
            return None;
        };
        let path = join(folder, text);
        if layout::is_passed_over(&path, text) {
            return None;
        }
        let place = if kind.is_dir() { layout::folder(&path) } else { layout::file(&path) };
        // A link or a pipe at the top may stand for a folder of inputs.
        let stands_for_folder = folder.is_empty() && !kind.is_file() && layout::folder(&path) != Place::Foreign;
        if place == Place::Foreign && !stands_for_folder {
            return None;
        }
        if let Some(why) = names::problem(text) {
            self.problems.push(codes::name(&join(folder, &names::shown(name)), why));
        } else if kind.is_symlink() {
            self.problems.push(codes::symlink(&path));
        } else if !kind.is_file() && !kind.is_dir() {
            self.problems.push(codes::special(&path, open::kind_of(kind)));
        } else {
            match place {
                Place::Input(_) if kind.is_dir() => {
                    self.folders.push(path.clone());
                    return Some(path);
                }
                Place::Input(role) => self.files.push(Found { path, role }),
                Place::Unexpected(why) => self.problems.push(codes::unexpected(&path, why)),
                Place::Foreign => {}
            }
        }
        None
    }

    /// Names the entries of one folder that other systems take for one another.
    fn compare_names(&mut self) {
        let mut paths: Vec<(&str, &str)> = self.files.iter().map(|f| parted(&f.path)).collect();
        paths.extend(self.folders.iter().map(|path| parted(path)));
        paths.par_sort_unstable();
        let folders: Vec<&[(&str, &str)]> = paths.chunk_by(|a, b| a.0 == b.0).collect();
        let problems: Vec<Vec<Diagnostic>> = folders.par_iter().map(|folder| too_alike(folder)).collect();
        self.problems.extend(problems.into_iter().flatten());
    }
}

/// What to say of the entries of one folder, which come as folder and name in the order of their names.
fn too_alike(entries: &[(&str, &str)]) -> Vec<Diagnostic> {
    let path = |at: usize| join(entries[at].0, entries[at].1);
    let mut problems: Vec<Diagnostic> = names::alike(entries.iter().map(|(_, name)| *name))
        .into_iter()
        .map(|(a, b)| codes::same_name(&path(b), &path(a), names::difference(entries[a].1, entries[b].1)))
        .collect();
    for (folder, stem) in entries.iter().filter_map(|(folder, name)| Some((*folder, name.strip_suffix(".yaml")?))) {
        let short = format!("{stem}.yml");
        let long = || join(folder, &format!("{stem}.yaml"));
        if entries.binary_search(&(folder, short.as_str())).is_ok() && layout::named_by_stem(&join(folder, stem)) {
            problems.push(codes::same_name(&join(folder, &short), &long(), "their ending"));
        }
    }
    problems
}

/// The folder and the name of a path.
fn parted(path: &str) -> (&str, &str) {
    path.rsplit_once('/').unwrap_or(("", path))
}

fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}
