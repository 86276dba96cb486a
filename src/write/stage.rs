//! A tree being written, out of everybody's sight.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use crate::error::{Error, Result};

use super::disk::{FILE_MODE, FOLDER_MODE};
use super::publisher::Ground;
use super::{MARKER, MARKER_TEXT, Tree, path};

const SHARDS: usize = 16;

/// A new tree. Files are written to it in any order and from any number of threads; dropped unpublished, it is removed.
#[derive(Debug)]
pub struct Stage {
    ground: Arc<Ground>,
    tree: Tree,
    root: PathBuf,
    /// Whether files and folders come out with other modes than asked for, because of the user's mask.
    masked: bool,
    /// Hashes of the folders that exist already, which saves calls.
    folders: [Mutex<HashSet<u64>>; SHARDS],
    hasher: RandomState,
}

impl Stage {
    pub(super) fn new(ground: Arc<Ground>, tree: Tree) -> Result<Self> {
        let root = ground.staged(tree);
        ground.disk.create_folder(&root).map_err(|e| Error::io("could not make the folder", &root, e))?;
        let mut stage = Self {
            masked: has_other_mode(&root, FOLDER_MODE),
            ground,
            tree,
            root,
            folders: std::array::from_fn(|_| Mutex::default()),
            hasher: RandomState::new(),
        };
        if stage.masked {
            stage.mend_mode(&stage.root, FOLDER_MODE)?;
        }
        stage.write(MARKER, MARKER_TEXT.as_bytes())?;
        let marker = stage.root.join(MARKER);
        if !stage.masked && has_other_mode(&marker, FILE_MODE) {
            stage.masked = true;
            stage.mend_mode(&marker, FILE_MODE)?;
        }
        Ok(stage)
    }

    /// Which tree this is.
    pub fn tree(&self) -> Tree {
        self.tree
    }

    /// Writes a file, making its folders. `path` is relative, with `/` between its parts; each is written once.
    pub fn write(&self, path: &str, bytes: &[u8]) -> Result<()> {
        if let Some(why) = path::problem(path) {
            return Err(Error::refused(
                format!("the output path `{}` {why}", path.escape_debug()),
                "rename what it is made from",
            ));
        }
        if let Some((folder, _)) = path.rsplit_once('/') {
            self.make_folder(folder)?;
        }
        let full = self.root.join(path);
        match self.ground.disk.create_file(&full, bytes) {
            Ok(()) if self.masked => self.mend_mode(&full, FILE_MODE),
            Ok(()) => Ok(()),
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists => Err(self.twice(path)),
            Err(e) => Err(Error::io("could not write", full, e)),
        }
    }

    /// Reads a text back that was written.
    pub fn read(&self, path: &str) -> Result<String> {
        let full = self.root.join(path);
        std::fs::read_to_string(&full).map_err(|e| Error::io("could not read", full, e))
    }

    /// Makes a folder and those above it, unless they are known to exist.
    fn make_folder(&self, folder: &str) -> Result<()> {
        let hash = self.hasher.hash_one(folder);
        let shard = &self.folders[hash as usize % SHARDS];
        if shard.lock().unwrap_or_else(PoisonError::into_inner).contains(&hash) {
            return Ok(());
        }
        if let Some((parent, _)) = folder.rsplit_once('/') {
            self.make_folder(parent)?;
        }
        let full = self.root.join(folder);
        match self.ground.disk.create_folder(&full) {
            Ok(()) if self.masked => self.mend_mode(&full, FOLDER_MODE)?,
            Ok(()) => {}
            // Another thread was faster, or a file is in the way.
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists && full.is_dir() => {}
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists => return Err(self.twice(folder)),
            Err(e) => return Err(Error::io("could not make the folder", full, e)),
        }
        shard.lock().unwrap_or_else(PoisonError::into_inner).insert(hash);
        Ok(())
    }

    fn mend_mode(&self, path: &Path, mode: u32) -> Result<()> {
        self.ground.disk.set_mode(path, mode).map_err(|e| Error::io("could not set the mode of", path, e))
    }

    fn twice(&self, path: &str) -> Error {
        Error::refused(
            format!("two outputs want the path `{}/{path}`", self.tree.name()),
            "rename one of the documents, pages or files it is made from",
        )
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        // Published, it is gone from here. What cannot be removed now, the next run removes.
        let _ = self.ground.disk.remove_tree(&self.root);
    }
}

/// Whether the user's mask, or the folder's default access list, gave what was just made another mode than asked for.
#[cfg(unix)]
fn has_other_mode(path: &Path, mode: u32) -> bool {
    use std::os::unix::fs::MetadataExt;
    std::fs::symlink_metadata(path).is_ok_and(|metadata| metadata.mode() & 0o777 != mode)
}

#[cfg(not(unix))]
fn has_other_mode(_: &Path, _: u32) -> bool {
    false
}
