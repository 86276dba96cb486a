//! Which folders may be replaced: only our own, and never one that anything else lives in.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};

use super::{MARKER, MARKER_TEXT, Tree};

/// What a tree would replace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// Nothing.
    Nothing,
    /// An empty folder, or a tree that we published.
    Ours,
}

/// Refuses an output folder in a place where trees must not stand. Both paths are without links.
pub(super) fn check_place(output: &Path, site: &Path, inputs: &[&str]) -> Result<()> {
    for input in inputs.iter().copied().chain([".git"]) {
        if output.starts_with(site.join(input)) {
            return Err(refused(output, &format!("lies in {input}/, among the inputs of the site")));
        }
    }
    if let Some(published) = output.ancestors().find(|folder| fs::symlink_metadata(folder.join(MARKER)).is_ok()) {
        return Err(refused(output, &format!("lies in `{}`, which is itself output", published.display())));
    }
    let parts = ["HEAD", "objects", "refs"];
    let bare = |folder: &&Path| parts.iter().all(|part| fs::symlink_metadata(folder.join(part)).is_ok());
    if let Some(repository) = output.ancestors().find(bare) {
        return Err(refused(output, &format!("lies in `{}`, where git keeps its own files", repository.display())));
    }
    let home = std::env::home_dir().and_then(|home| home.canonicalize().ok());
    if output.parent().is_none() {
        return Err(refused(output, "is the root of the file system"));
    }
    if output != site && home.as_deref() == Some(output) {
        return Err(refused(output, "is your home folder"));
    }
    for tree in Tree::ALL {
        let target = output.join(tree.name());
        if site.starts_with(&target) {
            return Err(refused(&target, "holds the site itself"));
        }
        if home.as_ref().is_some_and(|home| home.starts_with(&target)) {
            return Err(refused(&target, "holds your home folder"));
        }
        if inputs.iter().any(|input| target == site.join(input)) {
            return Err(refused(&target, "is a folder of inputs"));
        }
    }
    Ok(())
}

/// What stands where a tree is to go; refuses what is not ours to replace.
pub(super) fn check_target(target: &Path) -> Result<Standing> {
    let metadata = match fs::symlink_metadata(target) {
        Ok(metadata) => metadata,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(Standing::Nothing),
        Err(e) => return Err(Error::io("could not look at", target, e)),
    };
    if metadata.file_type().is_symlink() {
        return Err(refused(target, "is a symbolic link"));
    }
    if !metadata.is_dir() {
        return Err(refused(target, "is not a folder"));
    }
    let mut entries = fs::read_dir(target).map_err(|e| Error::io("could not read the folder", target, e))?;
    if entries.next().is_none() {
        return Ok(Standing::Ours);
    }
    if !is_marked(target)? {
        return Err(refused(target, &format!("holds files but no {MARKER}, so tickmark did not make it")));
    }
    if fs::symlink_metadata(target.join(".git")).is_ok() {
        return Err(refused(target, "holds a git repository, which would be lost"));
    }
    Ok(Standing::Ours)
}

fn is_marked(target: &Path) -> Result<bool> {
    let marker = target.join(MARKER);
    match fs::symlink_metadata(&marker) {
        Ok(metadata) if metadata.is_file() && metadata.len() < 4096 => {}
        Ok(_) => return Ok(false),
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(false),
        Err(e) => return Err(Error::io("could not look at", marker, e)),
    }
    let held = fs::read(&marker).map_err(|e| Error::io("could not read", &marker, e))?;
    let format = MARKER_TEXT.lines().next().expect("the marker's text has a first line").as_bytes();
    Ok(held.split(|b| *b == b'\n').next() == Some(format))
}

/// The output folder, made if need be, without links in its path.
pub(super) fn resolve(output: &Path) -> Result<PathBuf> {
    output.canonicalize().map_err(|e| Error::io("could not find the output folder", output, e))
}

fn refused(folder: &Path, why: &str) -> Error {
    Error::refused(
        format!("will not write to `{}`: it {why}", folder.display()),
        "move it away if it is not needed, or choose another folder with `--output`",
    )
}
