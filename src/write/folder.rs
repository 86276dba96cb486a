//! A new folder with files in it, whole or not at all.
//!
//! Nothing that exists is ever replaced: the folder must not be there yet, or hold nothing but a git repository. A folder
//! that is not there is filled out of sight, beside its place, and takes it in one step. One that is there keeps its
//! identity (somebody may stand in it): it is filled in a hidden folder inside, from which all moves up, the file named
//! last in the list last of all.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::disk::Disk;
use super::path;
use crate::diag::suggest;
use crate::error::{Error, Result};

/// What a folder may hold and count as empty.
const REPOSITORY: &str = ".git";
/// How many names a refusal shows.
const SHOWN: usize = 3;

/// Makes `folder` with these files, paths relative to it with `/` between their parts, and the folders above it that are
/// missing. Refuses one that holds anything but a git repository.
pub fn new_folder(folder: &Path, files: &[(String, impl AsRef<[u8]>)]) -> Result<()> {
    new_folder_on(&Disk::default(), folder, files)
}

fn new_folder_on(disk: &Disk, folder: &Path, files: &[(String, impl AsRef<[u8]>)]) -> Result<()> {
    for (file, _) in files {
        if let Some(why) = path::problem(file) {
            return Err(Error::refused(format!("the path `{}` {why}", file.escape_debug()), "rename it"));
        }
    }
    // Followed where it is a link: what counts is where it leads.
    match fs::metadata(folder) {
        Ok(metadata) if metadata.is_dir() => {
            refuse_unless_empty(folder)?;
            fill_existing(disk, folder, files)
        }
        Ok(_) => Err(Error::refused(format!("`{}` is not a folder", folder.display()), "choose another name")),
        Err(e) if e.kind() == io::ErrorKind::NotFound => make_and_fill(disk, folder, files),
        Err(e) => Err(Error::io("could not look at", folder, e)),
    }
}

fn refuse_unless_empty(folder: &Path) -> Result<()> {
    let failed = |e| Error::io("could not read the folder", folder, e);
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        let name = entry.map_err(failed)?.file_name();
        if name != REPOSITORY {
            names.push(name.to_string_lossy().escape_debug().to_string());
        }
    }
    if names.is_empty() {
        return Ok(());
    }
    names.sort_unstable();
    let holds = if names.len() <= SHOWN + 1 {
        suggest::list(&names)
    } else {
        let shown: Vec<String> = names[..SHOWN].iter().map(|name| format!("`{name}`")).collect();
        format!("{} and {} more", shown.join(", "), names.len() - SHOWN)
    };
    Err(Error::refused(
        format!("`{}` is not empty: it holds {holds}", folder.display()),
        "name a folder that is empty or does not exist yet",
    ))
}

/// Fills a folder that is not there: beside its place first, then into it in one step.
fn make_and_fill(disk: &Disk, folder: &Path, files: &[(String, impl AsRef<[u8]>)]) -> Result<()> {
    let Some(name) = folder.file_name() else {
        return Err(Error::refused(format!("`{}` names no new folder", folder.display()), "name one, as in `my-site`"));
    };
    let parent = match folder.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let above = make_parents(disk, parent)?;
    let staging = parent.join(format!(".{}.tickmark-{}", name.to_string_lossy(), std::process::id()));
    let made = fill(disk, &staging, files)
        .and_then(|()| disk.rename(&staging, folder).map_err(|e| Error::io("could not make the folder", folder, e)));
    if made.is_err() {
        let _ = disk.remove_tree(&staging);
        remove_empty(&above);
    }
    made
}

/// Makes the folders on a path that are missing, and says which these were, the lowest first.
fn make_parents(disk: &Disk, parent: &Path) -> Result<Vec<PathBuf>> {
    let absent = |path: &Path| fs::metadata(path).is_err_and(|e| e.kind() == io::ErrorKind::NotFound);
    let missing: Vec<PathBuf> = parent
        .ancestors()
        .take_while(|path| !path.as_os_str().is_empty() && absent(path))
        .map(Path::to_path_buf)
        .collect();
    for (n, path) in missing.iter().enumerate().rev() {
        if let Err(e) = disk.create_folder(path) {
            remove_empty(&missing[n..]);
            return Err(Error::io("could not make the folder", path, e));
        }
    }
    Ok(missing)
}

/// Removes folders of ours, the lowest first, in which nobody has put anything since.
fn remove_empty(folders: &[PathBuf]) {
    for folder in folders {
        let _ = fs::remove_dir(folder);
    }
}

/// Fills a folder that is there and empty: in a folder inside it first, then all that is at its top moves up.
fn fill_existing(disk: &Disk, folder: &Path, files: &[(String, impl AsRef<[u8]>)]) -> Result<()> {
    let staging = folder.join(format!(".tickmark-{}", std::process::id()));
    let mut moved: Vec<PathBuf> = Vec::new();
    let made = fill(disk, &staging, files).and_then(|()| {
        for name in top_names(files) {
            let target = folder.join(name);
            disk.rename(&staging.join(name), &target).map_err(|e| Error::io("could not make", &target, e))?;
            moved.push(target);
        }
        Ok(())
    });
    if made.is_err() {
        for target in moved.iter().rev() {
            let _ = disk.remove_tree(target);
        }
    }
    let _ = disk.remove_tree(&staging);
    made
}

/// What lies at the top of these files, each once, in the order in which they are last named.
fn top_names<T>(files: &[(String, T)]) -> Vec<&str> {
    let mut names: Vec<&str> = Vec::new();
    for (file, _) in files.iter().rev() {
        let name = file.split('/').next().unwrap_or(file);
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names.reverse();
    names
}

/// Makes a folder and everything in it.
fn fill(disk: &Disk, folder: &Path, files: &[(String, impl AsRef<[u8]>)]) -> Result<()> {
    let create = |path: &Path| disk.create_folder(path).map_err(|e| Error::io("could not make the folder", path, e));
    create(folder)?;
    let mut made: Vec<&str> = Vec::new();
    for (file, text) in files {
        for (end, _) in file.match_indices('/') {
            let inner = &file[..end];
            if !made.contains(&inner) {
                create(&folder.join(inner))?;
                made.push(inner);
            }
        }
        let full = folder.join(file);
        disk.create_file(&full, text.as_ref()).map_err(|e| Error::io("could not write", &full, e))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::tests::faults::{Faults, Mode};
    use super::*;

    fn files() -> Vec<(String, String)> {
        ["a/b/one.txt", "a/two.txt", ".hidden", "last.yaml"].map(|p| (p.to_owned(), format!("text of {p}"))).into()
    }

    /// Every path below a folder, folders with `/` at the end.
    fn tree(folder: &Path) -> Vec<String> {
        fn add(folder: &Path, prefix: &str, list: &mut Vec<String>) {
            for entry in fs::read_dir(folder).expect("a folder").map(|e| e.expect("an entry")) {
                let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
                if entry.path().is_dir() {
                    add(&entry.path(), &format!("{path}/"), list);
                    list.push(format!("{path}/"));
                } else {
                    list.push(path);
                }
            }
        }
        let mut list = Vec::new();
        add(folder, "", &mut list);
        list.sort_unstable();
        list
    }

    const WHOLE: [&str; 6] = [".hidden", "a/", "a/b/", "a/b/one.txt", "a/two.txt", "last.yaml"];

    #[test]
    fn a_folder_is_made_with_those_above_it() {
        let scratch = tempfile::TempDir::new().expect("a temporary folder");
        let folder = scratch.path().join("x/y/site/");
        new_folder(&folder, &files()).expect("made");
        assert_eq!(tree(&folder), WHOLE);
        assert_eq!(fs::read_to_string(folder.join("a/two.txt")).expect("a file"), "text of a/two.txt");
        assert_eq!(tree(scratch.path()).len(), WHOLE.len() + 3);
    }

    #[test]
    fn a_folder_with_anything_in_it_is_left_alone() {
        let scratch = tempfile::TempDir::new().expect("a temporary folder");
        for name in ["e", "d", "c", "b", "a"] {
            fs::write(scratch.path().join(name), "mine").expect("a file");
        }
        let before = tree(scratch.path());
        let error = new_folder(scratch.path(), &files()).expect_err("refused").to_string();
        assert!(error.ends_with("is not empty: it holds `a`, `b`, `c` and 2 more"), "{error}");
        assert!(new_folder(&scratch.path().join("a"), &files()).is_err(), "a file is no folder");
        assert!(new_folder(&scratch.path().join("a/b"), &files()).is_err(), "nor can it hold one");
        assert_eq!(tree(scratch.path()), before);
    }

    #[test]
    fn whichever_step_fails_all_is_as_before() {
        for (start, folder) in [("", "x/site"), ("site/.git", "site"), ("site", "site")] {
            for at in 1.. {
                let scratch = tempfile::TempDir::new().expect("a temporary folder");
                fs::create_dir_all(scratch.path().join(start)).expect("folders");
                let before = tree(scratch.path());
                let disk = Disk { faults: Faults::at(Mode::Fail, at, false) };
                let made = new_folder_on(&disk, &scratch.path().join(folder), &files());
                if disk.faults.count() < at {
                    made.expect("nothing failed");
                    let whole: Vec<String> = tree(&scratch.path().join(folder));
                    assert_eq!(whole.iter().filter(|path| !path.starts_with(".git/")).collect::<Vec<_>>(), WHOLE);
                    break;
                }
                // What fails while cleaning up after success is no failure.
                match made {
                    Err(_) => assert_eq!(tree(scratch.path()), before, "step {at} in {folder}"),
                    Ok(()) => assert!(scratch.path().join(folder).join("last.yaml").exists(), "step {at}"),
                }
            }
        }
    }
}
