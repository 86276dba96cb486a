//! Several of the user's own files in one go: all of them new, or none.
//!
//! They are staged in the work folder first. Only then does each take its place, in one step; where one cannot, those
//! before it give theirs back, and folders that were made go away again. A killed run leaves each file old or new, never
//! half, and nothing beside them: the same command, run again, writes the rest. Nothing is replaced but an [`Original`]
//! that still stands as it was read.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::disk::Disk;
use super::publisher::prepare_work_folder;
use super::rewrite::Original;
use super::{WORK_FOLDER, file, lock, path};
use crate::error::{Error, Result};

/// A file to be written.
#[derive(Clone, Copy, Debug)]
pub struct Piece<'p> {
    /// Its path below the site, with `/` between its parts.
    pub path: &'p str,
    /// What it is to hold.
    pub text: &'p str,
    /// What it replaces; nothing where it is new.
    pub over: Option<&'p Original>,
}

/// Writes all of them or none.
pub fn write_all(root: &Path, pieces: &[Piece<'_>]) -> Result<()> {
    write_on(&Disk::default(), root, pieces)
}

pub(super) fn write_on(disk: &Disk, root: &Path, pieces: &[Piece<'_>]) -> Result<()> {
    for piece in pieces {
        if let Some(why) = path::problem(piece.path) {
            return Err(Error::refused(
                format!("the path `{}` {why}", piece.path.escape_debug()),
                "choose another name",
            ));
        }
    }
    let work = root.join(WORK_FOLDER);
    prepare_work_folder(disk, &work)?;
    let held = lock::take(disk, &work.join("lock"))?;
    let stage = work.join("import");
    let clear = |doing| disk.remove_tree(&stage).map_err(|e| Error::io(doing, &stage, e));
    clear("could not remove")?;
    disk.create_folder(&stage).map_err(|e| Error::io("could not make the folder", &stage, e))?;
    let mut done = Done::default();
    let outcome = done.all(disk, root, &stage, pieces);
    if outcome.is_err() {
        done.undo(disk, &stage);
    }
    let cleared = clear("could not remove");
    let _ = held.unlock();
    outcome.and(cleared)
}

/// What has been done so far.
#[derive(Default)]
struct Done<'p> {
    folders: Vec<PathBuf>,
    placed: Vec<(PathBuf, Option<&'p Original>)>,
}

impl<'p> Done<'p> {
    fn all(&mut self, disk: &Disk, root: &Path, stage: &Path, pieces: &[Piece<'p>]) -> Result<()> {
        let staged = |number: usize| stage.join(number.to_string());
        for (number, piece) in pieces.iter().enumerate() {
            let made = disk.create_file(&staged(number), piece.text.as_bytes());
            made.and_then(|()| piece.over.map_or(Ok(()), |over| over.keep(&staged(number))))
                .map_err(|e| Error::io("could not write", staged(number), e))?;
        }
        disk.flush(stage).map_err(|e| Error::io("could not write", stage, e))?;
        for (number, piece) in pieces.iter().enumerate() {
            let target = root.join(piece.path);
            file::folders_above(disk, root, piece.path, |made| self.folders.push(made.to_path_buf()))?;
            let free = match (piece.over, fs::symlink_metadata(&target)) {
                (Some(over), _) => over.still_stands(),
                (None, Err(e)) => e.kind() == io::ErrorKind::NotFound,
                (None, Ok(_)) => false,
            };
            if !free {
                return Err(Error::refused(
                    format!("`{}` was written by somebody else meanwhile; nothing was imported", piece.path),
                    "run the same command again",
                ));
            }
            disk.rename(&staged(number), &target).map_err(|e| Error::io("could not write", &target, e))?;
            self.placed.push((target, piece.over));
        }
        Ok(())
    }

    /// Gives every place back, the last first. What cannot be given back stays as it is: whole, and new.
    fn undo(&mut self, disk: &Disk, stage: &Path) {
        for (target, over) in self.placed.drain(..).rev() {
            let Some(over) = over else {
                let _ = disk.remove_tree(&target);
                continue;
            };
            let old = stage.join("old");
            let back = disk.create_file(&old, over.bytes()).and_then(|()| over.keep(&old));
            let _ = back.and_then(|()| disk.rename(&old, &target));
        }
        // One that is no longer empty is somebody's: it stays.
        for folder in self.folders.drain(..).rev() {
            let _ = fs::remove_dir(folder);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::faults::{Faults, Mode};
    use super::*;

    const NEW: [(&str, &str); 3] =
        [("changes/2026/A-1.yaml", "new"), ("changes/2027/A-2.yaml", "new"), ("changes/2026/A-3.yaml", "new")];

    fn site() -> tempfile::TempDir {
        let memory = Path::new("/dev/shm");
        let folder = if memory.is_dir() { tempfile::TempDir::new_in(memory) } else { tempfile::TempDir::new() };
        let folder = folder.expect("a temporary folder");
        fs::create_dir_all(folder.path().join("changes/2026")).expect("folders");
        fs::write(folder.path().join("changes/2026/A-1.yaml"), "old").expect("a file");
        folder
    }

    fn run(disk: &Disk, root: &Path) -> Result<()> {
        let over = Original::read(&root.join("changes/2026/A-1.yaml")).expect("it is there");
        let piece = |(path, text)| Piece { path, text, over: (path == NEW[0].0).then_some(&over) };
        write_on(disk, root, &NEW.map(piece))
    }

    /// What each of the files holds.
    fn held(root: &Path) -> Vec<Option<String>> {
        NEW.iter().map(|(path, _)| fs::read_to_string(root.join(path)).ok()).collect()
    }

    #[test]
    fn all_are_written_or_none_whichever_step_fails() {
        for at in 1..200 {
            let folder = site();
            let root = folder.path();
            let faults = Faults::at(Mode::Fail, at, false);
            let outcome = run(&Disk { faults: faults.clone() }, root);
            let state = held(root);
            let new = state.iter().all(|text| text.as_deref() == Some("new"));
            match outcome {
                Ok(()) => {
                    assert!(new && at > faults.count() && at > 10, "{at}: {state:?}");
                    return;
                }
                // Only the removal of what was staged may fail afterwards.
                Err(e) if new => assert!(e.to_string().starts_with("could not remove"), "{at}: {e}"),
                Err(_) => {
                    assert_eq!(state, [Some("old".to_owned()), None, None], "{at}");
                    assert!(!root.join("changes/2027").exists(), "{at}: a folder is left");
                    assert!(!root.join(WORK_FOLDER).join("import").exists(), "{at}: something staged is left");
                }
            }
        }
        panic!("no run succeeded");
    }

    #[test]
    fn a_killed_run_leaves_whole_files_and_the_next_one_writes_the_rest() {
        for at in 1..60 {
            let folder = site();
            let root = folder.path();
            let done = run(&Disk { faults: Faults::at(Mode::Kill, at, false) }, root).is_ok();
            for text in held(root).into_iter().flatten() {
                assert!(matches!(text.as_str(), "old" | "new"), "{at}: {text}");
            }
            assert_eq!(
                fs::read_dir(root.join("changes/2026"))
                    .expect("a folder")
                    .filter(|e| { e.as_ref().is_ok_and(|e| e.file_name().to_string_lossy().starts_with('.')) })
                    .count(),
                0,
                "{at}: something is left beside the records"
            );
            let missing: Vec<Piece<'_>> = NEW[1..]
                .iter()
                .filter(|(path, _)| !root.join(path).exists())
                .map(|(path, text)| Piece { path, text, over: None })
                .collect();
            write_all(root, &missing).expect("the next run");
            assert_eq!(held(root)[1..], [Some("new".to_owned()), Some("new".to_owned())], "{at}");
            if done {
                return;
            }
        }
        panic!("no run succeeded");
    }

    #[test]
    fn what_stands_there_is_not_replaced() {
        let folder = site();
        let root = folder.path();
        let over = Original::read(&root.join(NEW[0].0)).expect("it is there");
        fs::write(root.join(NEW[0].0), "edited meanwhile").expect("a file");
        let pieces = [
            Piece { path: "changes/2026/B.yaml", text: "new", over: None },
            Piece { path: NEW[0].0, text: "new", over: Some(&over) },
        ];
        assert!(write_all(root, &pieces).is_err());
        assert!(write_all(root, &[Piece { path: NEW[0].0, text: "new", over: None }]).is_err());
        assert!(write_all(root, &[Piece { path: "../x.yaml", text: "new", over: None }]).is_err());
        assert_eq!(held(root)[0].as_deref(), Some("edited meanwhile"));
        assert!(!root.join("changes/2026/B.yaml").exists());
    }
}
