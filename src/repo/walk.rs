//! Which files a site has on disk: its top first, then its input folders beside each other.
//!
//! Nothing is opened here but folders, and no folder through a link. What an entry is to the site is
//! [`found`](super::found)'s.

use std::fs::{self, FileType};
use std::io;
use std::path::Path;

use rayon::prelude::*;
use walkdir::{DirEntry, WalkDir};

use crate::diag::Sink;
use crate::error::{Error, Result};

use super::found::{Found, Kind, Listing};
use super::{codes, open};

/// All inputs of the site at `root`, in the order of their paths.
pub(super) fn inputs(root: &Path, sink: &mut Sink) -> Result<Vec<Found<()>>> {
    let mut all = top(root)?;
    let below: Vec<Result<Listing<()>>> = all.folders.par_iter().map(|folder| below(root, folder)).collect();
    for listing in below {
        let Listing { files, folders, problems } = listing?;
        all.files.extend(files);
        all.folders.extend(folders);
        all.problems.extend(problems);
    }
    Ok(all.into_inputs(sink))
}

/// What stands at the top of the site.
fn top(root: &Path) -> Result<Listing<()>> {
    let mut listing = Listing::default();
    for entry in WalkDir::new(root).min_depth(1).max_depth(1) {
        let Some(entry) = present(root, entry, false)? else { continue };
        listing.add("", entry.file_name().as_encoded_bytes(), kind(entry.file_type()), ());
    }
    Ok(listing)
}

/// What stands below one of the site's folders.
fn below(root: &Path, folder: &str) -> Result<Listing<()>> {
    let mut listing = Listing::default();
    // The folders above the entry, from `folder` down.
    let mut above: Vec<String> = Vec::new();
    let mut walk = WalkDir::new(root.join(folder)).follow_root_links(false).into_iter();
    while let Some(entry) = walk.next() {
        let Some(entry) = present(root, entry, true)? else { continue };
        above.truncate(entry.depth());
        let entered = match above.last() {
            None => entry.file_type().is_dir().then(|| folder.to_owned()),
            Some(parent) => listing.add(parent, entry.file_name().as_encoded_bytes(), kind(entry.file_type()), ()),
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

fn kind(of: FileType) -> Kind {
    if of.is_symlink() {
        Kind::Link
    } else if of.is_dir() {
        Kind::Folder
    } else if of.is_file() {
        Kind::File
    } else {
        Kind::Special(open::kind_of(of))
    }
}
