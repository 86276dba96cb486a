//! A finished folder, read back: every file in it with its SHA-256, and what is there that is no file.
//!
//! No link is followed, nothing but regular files is opened, and no file is held whole.

use std::fs;
use std::io::{self, Read};
use std::path::Path;

use rayon::prelude::*;
use sha2::{Digest, Sha256};

use super::open::{self, Content};
use crate::error::{Error, Result};

/// What stands at a path below a folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Item {
    /// A file, by its SHA-256.
    File([u8; 32]),
    /// Something else, in words.
    Other(&'static str),
}

/// Everything below a folder, by path with `/` between its parts; an empty folder is named, too.
pub fn published(folder: &Path) -> Result<Vec<(String, Item)>> {
    let mut open = vec![(folder.to_path_buf(), String::new())];
    let mut found = Vec::new();
    while let Some((place, path)) = open.pop() {
        let failed = |e: io::Error| Error::io("could not read the folder", &place, e);
        let mut empty = true;
        for entry in fs::read_dir(&place).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            empty = false;
            let inner = format!("{path}{}", entry.file_name().to_string_lossy());
            let kind = entry.file_type().map_err(failed)?;
            if kind.is_dir() {
                open.push((entry.path(), format!("{inner}/")));
            } else {
                found.push((inner, entry.path(), kind));
            }
        }
        if empty && !path.is_empty() {
            let kind = fs::symlink_metadata(&place).map_err(failed)?.file_type();
            found.push((path, place, kind));
        }
    }
    let read = found.into_par_iter().map(|(path, place, kind)| {
        let item = if kind.is_file() { hashed(&place)? } else { Item::Other(open::kind_of(kind)) };
        Ok((path, item))
    });
    let mut all = read.collect::<Result<Vec<(String, Item)>>>()?;
    all.sort_by(|(a, _), (b, _)| a.cmp(b));
    Ok(all)
}

fn hashed(place: &Path) -> Result<Item> {
    let failed = |e: io::Error| Error::io("could not read", place, e);
    let mut file = open::regular(place).map_err(failed)?;
    let mut hash = Sha256::new();
    let mut piece = vec![0; 1 << 16];
    loop {
        match file.read(&mut piece).map_err(failed)? {
            0 => return Ok(Item::File(hash.finalize().into())),
            n => hash.update(&piece[..n]),
        }
    }
}

/// What a file below a folder holds, unless it is none, or more than `limit` bytes.
pub fn published_file(folder: &Path, path: &str, limit: u64) -> Result<Option<Vec<u8>>> {
    let full = folder.join(path);
    match open::read_capped(&full, limit).map_err(|e| Error::io("could not read", &full, e))? {
        Content::Bytes(bytes) => Ok(Some(bytes)),
        Content::Gone | Content::Link | Content::Special(_) | Content::TooLarge { .. } => Ok(None),
    }
}

/// Why something that is there cannot be such a file.
pub fn published_unfit(path: &Path, limit: u64) -> Option<String> {
    let found = fs::symlink_metadata(path).ok()?;
    if found.file_type().is_symlink() {
        return Some("is a symbolic link".to_owned());
    }
    if !found.is_file() {
        return Some("is no file".to_owned());
    }
    (found.len() > limit).then(|| format!("is longer than {} MiB", limit >> 20))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_is_listed_and_nothing_but_files_is_read() {
        let scratch = tempfile::tempdir().expect("a folder");
        let at = |path: &str| scratch.path().join(path);
        fs::create_dir_all(at("a/b/empty")).expect("folders");
        fs::write(at("a/b/one"), "1").expect("a file");
        fs::write(at("a/.two"), vec![b'2'; 200_000]).expect("a file");
        std::os::unix::fs::symlink("/etc/hostname", at("link")).expect("a link");
        std::os::unix::fs::symlink("a", at("folder")).expect("a link");
        let digest = |bytes: &[u8]| Item::File(Sha256::digest(bytes).into());
        let expected = [
            ("a/.two", digest(&vec![b'2'; 200_000])),
            ("a/b/empty/", Item::Other("a folder")),
            ("a/b/one", digest(b"1")),
            ("folder", Item::Other("a symbolic link")),
            ("link", Item::Other("a symbolic link")),
        ];
        assert_eq!(published(scratch.path()).expect("read"), expected.map(|(p, i)| (p.to_owned(), i)));
        assert_eq!(published_file(scratch.path(), "a/b/one", 10).expect("read"), Some(b"1".to_vec()));
        assert_eq!(published_file(scratch.path(), "link", 10).expect("read"), None);
        assert!(published(&at("nowhere")).is_err());
    }
}
