//! The only door to the file system's mutations, so that a test can make any one of them fail.
//!
//! Modes asked for are fixed; what the user's mask makes of them, [`Disk::set_mode`] mends.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

use rayon::prelude::*;

#[cfg(test)]
use super::tests::faults::Faults;

/// The mode of every folder that is made.
pub(super) const FOLDER_MODE: u32 = 0o755;
/// The mode of every file that is made.
pub(super) const FILE_MODE: u32 = 0o644;

/// The disk; in tests, one that fails on demand.
#[derive(Debug, Default)]
pub(super) struct Disk {
    #[cfg(test)]
    pub(super) faults: Faults,
}

impl Disk {
    /// Called before each mutation.
    #[cfg(test)]
    fn step(&self) -> io::Result<()> {
        self.faults.step()
    }

    #[cfg(not(test))]
    #[expect(clippy::unused_self, clippy::unnecessary_wraps, reason = "the same shape as under test")]
    fn step(&self) -> io::Result<()> {
        Ok(())
    }

    /// Makes one folder, whose parent exists.
    pub(super) fn create_folder(&self, path: &Path) -> io::Result<()> {
        self.step()?;
        let mut builder = fs::DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, FOLDER_MODE);
        builder.create(path)
    }

    /// Makes a file that does not exist yet.
    pub(super) fn create_file(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        self.step()?;
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, FILE_MODE);
        let mut file = options.open(path)?;
        self.step()?;
        file.write_all(bytes)
    }

    /// Sets the mode of what was just made, where the mask changed it.
    pub(super) fn set_mode(&self, path: &Path, mode: u32) -> io::Result<()> {
        self.step()?;
        set_mode(path, mode)
    }

    /// Opens, and makes if need be, a file for reading and writing that is not followed if it is a link.
    pub(super) fn open_or_create(&self, path: &Path) -> io::Result<File> {
        self.step()?;
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        #[cfg(unix)]
        {
            use rustix::fs::OFlags;
            let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY;
            std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, flags.bits().cast_signed());
        }
        options.open(path)
    }

    /// Replaces what a file holds.
    pub(super) fn overwrite(&self, mut file: &File, text: &str) -> io::Result<()> {
        self.step()?;
        file.set_len(0)?;
        file.write_all(text.as_bytes())
    }

    /// Gives a file or folder another name; what stood there must not be a folder that holds anything.
    pub(super) fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.step()?;
        fs::rename(from, to)
    }

    /// Lets two folders take each other's place in one step. [`io::ErrorKind::Unsupported`] where this cannot be done.
    pub(super) fn exchange(&self, one: &Path, other: &Path) -> io::Result<()> {
        #[cfg(test)]
        if self.faults.no_exchange {
            return Err(io::ErrorKind::Unsupported.into());
        }
        self.step()?;
        exchange(one, other)
    }

    /// Removes a folder with all it holds, its entries in parallel; it may be gone already. Links are not followed.
    pub(super) fn remove_tree(&self, path: &Path) -> io::Result<()> {
        match fs::symlink_metadata(path) {
            Ok(metadata) if metadata.is_dir() => {}
            Ok(_) => {
                self.step()?;
                return fs::remove_file(path);
            }
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(e) => return Err(e),
        }
        self.remove_entries(path, 2)?;
        self.step()?;
        fs::remove_dir(path)
    }

    /// Removes what a folder holds; down to `depth` further levels the entries of a folder are removed in parallel.
    fn remove_entries(&self, folder: &Path, depth: usize) -> io::Result<()> {
        let entries = fs::read_dir(folder)?.collect::<io::Result<Vec<_>>>()?;
        entries.par_iter().with_min_len(32).try_for_each(|entry| {
            let path = entry.path();
            if !entry.file_type()?.is_dir() {
                self.step()?;
                return fs::remove_file(path);
            }
            if depth > 0 {
                self.remove_entries(&path, depth - 1)?;
            }
            self.step()?;
            if depth > 0 { fs::remove_dir(path) } else { fs::remove_dir_all(path) }
        })
    }

    /// Waits until all that was written to the file system that holds `folder` is on its medium, so that a power cut
    /// after an exchange cannot show empty files. One call for all trees, because they lie beside each other.
    pub(super) fn flush(&self, folder: &Path) -> io::Result<()> {
        self.step()?;
        flush(folder)
    }

    /// Waits until the names in a folder are on the medium.
    pub(super) fn flush_names(&self, folder: &Path) -> io::Result<()> {
        self.step()?;
        if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
    }
}

#[cfg(unix)]
fn set_mode(path: &Path, mode: u32) -> io::Result<()> {
    fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(mode))
}

#[cfg(not(unix))]
fn set_mode(_: &Path, _: u32) -> io::Result<()> {
    Ok(())
}

#[cfg(any(target_os = "linux", target_os = "android"))]
fn flush(folder: &Path) -> io::Result<()> {
    Ok(rustix::fs::syncfs(File::open(folder)?)?)
}

#[cfg(all(unix, not(any(target_os = "linux", target_os = "android"))))]
fn flush(_: &Path) -> io::Result<()> {
    rustix::fs::sync();
    Ok(())
}

#[cfg(not(unix))]
fn flush(_: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
fn exchange(one: &Path, other: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    use rustix::io::Errno;
    match renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE) {
        Ok(()) => Ok(()),
        // The kernel or the file system does not know the flag; NFS says so with EINVAL.
        Err(Errno::NOSYS | Errno::INVAL | Errno::NOTSUP | Errno::PERM) => Err(io::ErrorKind::Unsupported.into()),
        Err(e) => Err(e.into()),
    }
}

#[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
fn exchange(_: &Path, _: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}
