//! Single files of a site: a new one for its author to fill in, and the ones that only we write.
//!
//! A new file never replaces anything. A file of ours is replaced in one step, and only where what stands there says that
//! we made it. Folders on the way are made where they are missing, and never followed where they are links.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::disk::Disk;
use super::path;
use crate::error::{Error, Result};

/// Writes a file that is not there yet, `file` being its path below `root` with `/` between the parts.
pub fn new_file(root: &Path, file: &str, text: &str) -> Result<()> {
    let full = place(root, file)?;
    let disk = Disk::default();
    let made = disk.create_file(&full, text.as_bytes());
    match made {
        Ok(()) => Ok(()),
        Err(e) if e.kind() == io::ErrorKind::AlreadyExists => {
            Err(Error::refused(format!("`{file}` is there already"), "it is left as it is; choose another name"))
        }
        Err(e) => {
            // Half a file is worse than none; it is ours, as it was not there before.
            let _ = fs::remove_file(&full);
            Err(Error::io("could not write", &full, e))
        }
    }
}

/// Writes a file that somebody named on the command line, in one step, whatever stood there.
pub fn named_file(file: &Path, bytes: &[u8]) -> Result<()> {
    if file.is_dir() {
        let shown = file.display();
        return Err(Error::refused(format!("`{shown}` is a folder"), "name a file in it"));
    }
    let disk = Disk::default();
    let mut staged = file.as_os_str().to_owned();
    staged.push(format!(".tickmark-{}", std::process::id()));
    let staged = PathBuf::from(staged);
    let made = disk.create_file(&staged, bytes).and_then(|()| disk.rename(&staged, file));
    made.map_err(|e| {
        let _ = fs::remove_file(&staged);
        Error::io("could not write", file, e)
    })
}

/// Writes a file of ours anew. What stands there must hold `mark`, by which we know that we made it.
pub fn own_file(root: &Path, file: &str, text: &str, mark: &str) -> Result<()> {
    let full = place(root, file)?;
    let refused = || {
        Error::refused(
            format!("`{file}` was not made by tickmark"),
            "it is left as it is; move it away and run the same command again",
        )
    };
    match fs::symlink_metadata(&full) {
        Ok(there) if !there.is_file() => return Err(refused()),
        Ok(_) => {
            let old = fs::read(&full).map_err(|e| Error::io("could not read", &full, e))?;
            if !old.windows(mark.len()).any(|part| part == mark.as_bytes()) {
                return Err(refused());
            }
        }
        Err(e) if e.kind() == io::ErrorKind::NotFound => {}
        Err(e) => return Err(Error::io("could not look at", &full, e)),
    }
    let disk = Disk::default();
    let staged = full.with_extension(format!("tickmark-{}", std::process::id()));
    let made = disk.create_file(&staged, text.as_bytes()).and_then(|()| disk.rename(&staged, &full));
    made.map_err(|e| {
        let _ = fs::remove_file(&staged);
        Error::io("could not write", &full, e)
    })
}

/// The whole path of a file, its folders made.
fn place(root: &Path, file: &str) -> Result<PathBuf> {
    if let Some(why) = path::problem(file) {
        return Err(Error::refused(format!("the path `{}` {why}", file.escape_debug()), "choose another name"));
    }
    folders_above(&Disk::default(), root, file, |_| {})?;
    Ok(root.join(file))
}

/// Makes the folders above a file that are missing, and tells of each; one that is a link is refused.
pub(super) fn folders_above(disk: &Disk, root: &Path, file: &str, mut made: impl FnMut(&Path)) -> Result<()> {
    let mut folder = root.to_path_buf();
    let (folders, _) = file.rsplit_once('/').unwrap_or(("", file));
    for part in folders.split('/').filter(|part| !part.is_empty()) {
        folder.push(part);
        match fs::symlink_metadata(&folder) {
            Ok(there) if there.is_dir() => {}
            Ok(_) => {
                return Err(Error::refused(
                    format!("`{}` is no folder", folder.display()),
                    "a site's folders are no links; move it away",
                ));
            }
            Err(e) if e.kind() == io::ErrorKind::NotFound => {
                disk.create_folder(&folder).map_err(|e| Error::io("could not make the folder", &folder, e))?;
                made(&folder);
            }
            Err(e) => return Err(Error::io("could not look at", &folder, e)),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_file_replaces_nothing() {
        let scratch = tempfile::TempDir::new().expect("a temporary folder");
        let read = || fs::read_to_string(scratch.path().join("a/b/c.yaml")).expect("a file");
        new_file(scratch.path(), "a/b/c.yaml", "one").expect("made, with its folders");
        assert_eq!(read(), "one");
        let refused = new_file(scratch.path(), "a/b/c.yaml", "two").expect_err("refused").to_string();
        assert!(refused.contains("is there already"), "{refused}");
        assert_eq!(read(), "one");
        for odd in ["../x.yaml", "/x.yaml", "a/c\0.yaml", ""] {
            assert!(new_file(scratch.path(), odd, "").is_err(), "{odd}");
        }
        assert!(new_file(scratch.path(), "a/b/c.yaml/d.yaml", "").is_err(), "a file is no folder");
    }

    #[test]
    fn only_what_we_made_is_made_anew() {
        let scratch = tempfile::TempDir::new().expect("a temporary folder");
        let file = scratch.path().join("schemas/x.json");
        let write = |text| own_file(scratch.path(), "schemas/x.json", text, "made by us");
        write("made by us: 1").expect("it was not there");
        write("made by us: 2").expect("it is ours");
        assert_eq!(fs::read_to_string(&file).expect("a file"), "made by us: 2");
        fs::write(&file, "mine").expect("a file");
        assert!(write("made by us: 3").is_err());
        assert_eq!(fs::read_to_string(&file).expect("a file"), "mine");
        assert_eq!(fs::read_dir(scratch.path().join("schemas")).expect("a folder").count(), 1, "nothing is left over");
    }

    #[cfg(unix)]
    #[test]
    fn links_are_not_followed() {
        let scratch = tempfile::TempDir::new().expect("a temporary folder");
        let elsewhere = tempfile::TempDir::new().expect("a temporary folder");
        std::os::unix::fs::symlink(elsewhere.path(), scratch.path().join("changes")).expect("a link");
        assert!(new_file(scratch.path(), "changes/a.yaml", "x").is_err());
        std::os::unix::fs::symlink(elsewhere.path().join("y"), scratch.path().join("y.json")).expect("a link");
        assert!(own_file(scratch.path(), "y.json", "made by us", "made by us").is_err());
        assert_eq!(fs::read_dir(elsewhere.path()).expect("a folder").count(), 0);
    }
}
