//! One build at a time: a lock the operating system holds for a running process and drops with it.

use std::fs::{File, TryLockError};
use std::io::{self, Read};
use std::path::Path;

use crate::error::{Error, Result};

use super::disk::Disk;

/// Takes the lock at `path` for as long as the file is open, and writes this process's id into it.
pub(super) fn take(disk: &Disk, path: &Path) -> Result<File> {
    let failed = |e: io::Error| Error::io("could not take the lock", path, e);
    let file = disk.open_or_create(path).map_err(failed)?;
    if !file.metadata().map_err(failed)?.is_file() {
        return Err(Error::refused(format!("`{}` is not a file", path.display()), "remove it"));
    }
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Err(taken(&file, path)),
        Err(TryLockError::Error(e)) => return Err(failed(e)),
    }
    disk.overwrite(&file, &format!("{}\n", std::process::id())).map_err(failed)?;
    Ok(file)
}

fn taken(file: &File, path: &Path) -> Error {
    let mut text = String::new();
    let read = file.take(32).read_to_string(&mut text);
    let who = match text.trim().parse::<u32>() {
        Ok(pid) if read.is_ok() => format!(" (process {pid})"),
        _ => String::new(),
    };
    let folder = path.parent().and_then(Path::parent).unwrap_or(path);
    Error::refused(
        format!("another tickmark{who} is writing to `{}`", folder.display()),
        "wait until it is done, or build to another folder with `--output`",
    )
}
