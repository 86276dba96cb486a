//! One of the user's own files, read and replaced in one step: at every moment it is the old one or the new one.
//!
//! A link is neither read nor replaced, and a file that somebody changed in between is left alone. What the file may be
//! read and written by, and whose it is, stays.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};

/// A file as it stood when it was read.
#[derive(Debug)]
pub struct Original {
    path: PathBuf,
    metadata: Metadata,
    bytes: Vec<u8>,
}

impl Original {
    /// Reads a regular file.
    pub fn read(path: &Path) -> Result<Self> {
        let failed = |e| Error::io("could not read", path, e);
        let mut file = open(path).map_err(failed)?;
        let metadata = file.metadata().map_err(failed)?;
        if !metadata.is_file() {
            return Err(Error::refused(format!("`{}` is no plain file", path.display()), "put the file itself there"));
        }
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(failed)?;
        Ok(Self { path: path.to_path_buf(), metadata, bytes })
    }

    /// What it holds.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Puts other bytes in its place.
    pub fn replace(&self, bytes: &[u8]) -> Result<()> {
        if !self.still_stands() {
            return Err(Error::refused(
                format!("`{}` was changed while it was being mended, and is left as it is", self.path.display()),
                "run the same command again",
            ));
        }
        let (Some(folder), Some(name)) = (self.path.parent(), self.path.file_name()) else { return Ok(()) };
        let staged = folder.join(format!(".{}.tickmark-{}", name.to_string_lossy(), std::process::id()));
        self.stage(&staged, bytes).and_then(|()| fs::rename(&staged, &self.path)).map_err(|e| {
            let _ = fs::remove_file(&staged);
            Error::io("could not write", &self.path, e)
        })
    }

    /// Whether the same file still stands there, untouched.
    pub(super) fn still_stands(&self) -> bool {
        fs::symlink_metadata(&self.path).is_ok_and(|now| {
            now.is_file()
                && now.len() == self.metadata.len()
                && now.modified().ok() == self.metadata.modified().ok()
                && identity(&now) == identity(&self.metadata)
        })
    }

    /// Gives what is to replace it the rights and the owner that it has.
    pub(super) fn keep(&self, staged: &Path) -> io::Result<()> {
        let file = File::open(staged)?;
        keep_owner(&file, &self.metadata);
        file.set_permissions(self.metadata.permissions())
    }

    fn stage(&self, staged: &Path, bytes: &[u8]) -> io::Result<()> {
        let mut file = OpenOptions::new().write(true).create_new(true).open(staged)?;
        file.write_all(bytes)?;
        keep_owner(&file, &self.metadata);
        file.set_permissions(self.metadata.permissions())?;
        file.sync_all()
    }
}

#[cfg(unix)]
fn open(path: &Path) -> io::Result<File> {
    use rustix::fs::OFlags;
    use std::os::unix::fs::OpenOptionsExt;
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY;
    OpenOptions::new().read(true).custom_flags(flags.bits().cast_signed()).open(path)
}

#[cfg(not(unix))]
fn open(path: &Path) -> io::Result<File> {
    if fs::symlink_metadata(path)?.file_type().is_symlink() {
        return Err(io::ErrorKind::FilesystemLoop.into());
    }
    File::open(path)
}

#[cfg(unix)]
fn identity(metadata: &Metadata) -> (u64, u64) {
    use std::os::unix::fs::MetadataExt;
    (metadata.dev(), metadata.ino())
}

#[cfg(not(unix))]
fn identity(_: &Metadata) -> (u64, u64) {
    (0, 0)
}

/// A file that root mends stays its owner's. Others cannot give files away, and need not: it is theirs.
#[cfg(unix)]
fn keep_owner(file: &File, metadata: &Metadata) {
    use std::os::unix::fs::MetadataExt;
    let _ = std::os::unix::fs::fchown(file, Some(metadata.uid()), Some(metadata.gid()));
}

#[cfg(not(unix))]
fn keep_owner(_: &File, _: &Metadata) {}
