//! What the user names beside the site's inputs: a file that is to be read, and where the site stands in its repository.

use std::fs::{self, File};
use std::io::{BufReader, Read};
use std::path::{Component, Path, PathBuf};

use crate::error::{Error, Result};
use crate::source::site_path;

/// A file that was named on the command line, wherever it is; a pipe is as good.
pub fn open_named(path: &Path) -> Result<BufReader<File>> {
    File::open(path).map(BufReader::new).map_err(|e| Error::io("could not read", path, e))
}

/// What a file holds that was named on the command line, unless that is more than `limit` bytes.
pub fn read_named(path: &Path, limit: u64) -> Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    let read = open_named(path)?.take(limit + 1).read_to_end(&mut bytes);
    read.map_err(|e| Error::io("could not read", path, e))?;
    Ok((bytes.len() as u64 <= limit).then_some(bytes))
}

/// A path as it was typed, relative to a site: by its words alone, because it need not lead anywhere on disk.
pub fn below(site: &Path, path: &Path) -> Result<String> {
    let whole = std::path::absolute(path).map_err(|e| Error::io("could not find", path, e))?;
    let mut plain = PathBuf::new();
    for part in whole.components() {
        match part {
            Component::ParentDir => drop(plain.pop()),
            Component::CurDir => {}
            part => plain.push(part),
        }
    }
    let inside = plain.strip_prefix(site).map_err(|_| {
        Error::refused(
            format!("`{}` is not in the site `{}`", path.display(), site.display()),
            "name a file or folder of the site",
        )
    })?;
    Ok(site_path(inside).into_owned())
}

/// From the root of the repository around a site to the site: empty, or with a `/` at its end; empty outside of one.
///
/// Asked of the folders and not of git: hosts name files from there, whether or not git lets us read more.
pub fn prefix_in_repository(site: &Path) -> String {
    let root = site.ancestors().find(|folder| fs::symlink_metadata(folder.join(".git")).is_ok());
    let inside = root.and_then(|root| site.strip_prefix(root).ok()).map(site_path).unwrap_or_default();
    if inside.is_empty() { String::new() } else { format!("{inside}/") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_repository_counts() {
        let folder = tempfile::tempdir().expect("a folder");
        let site = folder.path().join("a/b");
        fs::create_dir_all(&site).expect("folders");
        assert_eq!(prefix_in_repository(Path::new("/")), "");
        fs::create_dir(folder.path().join(".git")).expect("a folder");
        assert_eq!(prefix_in_repository(&site), "a/b/");
        fs::write(folder.path().join("a/.git"), "gitdir: elsewhere\n").expect("a file");
        assert_eq!(prefix_in_repository(&site), "b/");
        assert_eq!(prefix_in_repository(&folder.path().join("a")), "");
    }
}
