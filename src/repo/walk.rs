//! Which files a site has: folder by folder, level by level, the folders of a level in parallel.
//!
//! Nothing is opened here but folders, and no folder through a link. Every entry is either found, passed over in
//! silence by the rules of [`layout`](super::layout), or named in a diagnostic.

use std::ffi::OsStr;
use std::fs::{self, FileType};
use std::io;
use std::path::Path;

use rayon::prelude::*;

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

/// What one folder holds.
#[derive(Default)]
struct Listing {
    files: Vec<Found>,
    folders: Vec<String>,
    problems: Vec<Diagnostic>,
}

/// All inputs of the site at `root`, in the order of their paths.
pub(super) fn inputs(root: &Path, sink: &mut Sink) -> Result<Vec<Found>> {
    let mut level = vec![String::new()];
    let mut found = Vec::new();
    while !level.is_empty() {
        let listings: Vec<Result<Listing>> = level.par_iter().map(|folder| list(root, folder)).collect();
        level = Vec::new();
        for listing in listings {
            let Listing { mut files, folders, problems } = listing?;
            found.append(&mut files);
            level.extend(folders);
            for problem in problems {
                sink.push(problem);
            }
        }
    }
    found.par_sort_unstable_by(|a, b| a.path.cmp(&b.path));
    Ok(found)
}

/// The entries of one folder; `folder` is its path relative to the site, empty for the site itself.
fn list(root: &Path, folder: &str) -> Result<Listing> {
    let full = root.join(folder);
    let refused = |e: io::Error| Error::io("could not read the folder", &full, e);
    let entries = match fs::read_dir(&full) {
        Ok(entries) => entries,
        Err(e) if !folder.is_empty() && open::is_absent(&e) => return Ok(Listing::default()),
        Err(e) => return Err(refused(e)),
    };
    let mut listing = Listing::default();
    for entry in entries {
        let entry = entry.map_err(refused)?;
        let name = entry.file_name();
        if name == ".git" && !folder.is_empty() {
            return Ok(Listing { problems: vec![codes::nested_repository(folder)], ..Listing::default() });
        }
        let kind = match entry.file_type() {
            Ok(kind) => kind,
            Err(e) if open::is_absent(&e) => continue,
            Err(e) => return Err(refused(e)),
        };
        listing.add(folder, &name, kind);
    }
    listing.compare_names(folder);
    Ok(listing)
}

impl Listing {
    fn add(&mut self, folder: &str, name: &OsStr, kind: FileType) {
        let Some(text) = name.to_str() else {
            if !folder.is_empty() {
                self.problems.push(codes::name(&join(folder, &names::shown(name)), "is not UTF-8"));
            }
            return;
        };
        let path = join(folder, text);
        if layout::is_passed_over(&path, text) {
            return;
        }
        let place = if kind.is_dir() { layout::folder(&path) } else { layout::file(&path) };
        // A link or a pipe at the top may stand for a folder of inputs.
        let stands_for_folder = folder.is_empty() && !kind.is_file() && layout::folder(&path) != Place::Foreign;
        if place == Place::Foreign && !stands_for_folder {
            return;
        }
        if let Some(why) = names::problem(text) {
            self.problems.push(codes::name(&join(folder, &names::shown(name)), why));
        } else if kind.is_symlink() {
            self.problems.push(codes::symlink(&path));
        } else if !kind.is_file() && !kind.is_dir() {
            self.problems.push(codes::special(&path, open::kind_of(kind)));
        } else {
            match place {
                Place::Input(_) if kind.is_dir() => self.folders.push(path),
                Place::Input(role) => self.files.push(Found { path, role }),
                Place::Unexpected(why) => self.problems.push(codes::unexpected(&path, why)),
                Place::Foreign => {}
            }
        }
    }

    /// Names the entries of this folder that other systems take for one another.
    fn compare_names(&mut self, folder: &str) {
        let mut paths: Vec<&str> = self.files.iter().map(|f| f.path.as_str()).collect();
        paths.extend(self.folders.iter().map(String::as_str));
        paths.sort_unstable();
        let start = if folder.is_empty() { 0 } else { folder.len() + 1 };
        for (a, b) in names::alike(paths.iter().map(|path| &path[start..])) {
            self.problems.push(codes::same_name(paths[b], paths[a], names::difference(paths[a], paths[b])));
        }
        let stems = paths.iter().filter_map(|p| p.strip_suffix(".yaml")).filter(|stem| layout::named_by_stem(stem));
        for stem in stems {
            let (long, short) = (format!("{stem}.yaml"), format!("{stem}.yml"));
            if paths.binary_search(&short.as_str()).is_ok() {
                self.problems.push(codes::same_name(&short, &long, "their ending"));
            }
        }
    }
}

fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}
