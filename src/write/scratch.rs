//! A folder for what nobody is to keep: private, under the system's own for temporary files, and gone when it is dropped.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::disk::Disk;
use crate::error::{Error, Result};

/// How many names are tried.
const TRIES: u32 = 100;

/// The folder.
#[derive(Debug)]
pub struct Scratch(PathBuf);

impl Scratch {
    /// Makes one that nobody else may look into.
    pub fn new() -> Result<Self> {
        let parent = std::env::temp_dir();
        let mut builder = fs::DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        for number in 0..TRIES {
            let folder = parent.join(format!("tickmark-{}-{number}", std::process::id()));
            match builder.create(&folder) {
                Ok(()) => {
                    let whole = folder.canonicalize().map_err(|e| Error::io("could not find", &folder, e))?;
                    return Ok(Self(whole));
                }
                // Somebody else's, or left over; whatever it is, it is not looked into.
                Err(e) if e.kind() == io::ErrorKind::AlreadyExists => {}
                Err(e) => return Err(Error::io("could not make the folder", folder, e)),
            }
        }
        Err(Error::refused(
            format!("`{}` is full of folders of ours", parent.display()),
            "remove those whose names begin with `tickmark-`, and run the same command again",
        ))
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What cannot be removed is the system's to clear, as everything else there.
        let _ = Disk::default().remove_tree(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_goes_with_all_it_holds() {
        let scratch = Scratch::new().expect("made");
        let second = Scratch::new().expect("made beside it");
        assert_ne!(scratch.path(), second.path());
        fs::write(scratch.path().join("file"), "x").expect("it can be written to");
        let place = scratch.path().to_path_buf();
        drop(scratch);
        assert!(!place.exists());
    }
}
