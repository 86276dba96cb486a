//! One run of publishing: the lock, what a former run left, the stages, and the step in which they take their places.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::error::{Error, Result};

use super::disk::{Disk, FOLDER_MODE};
use super::{Stage, Tree, WORK_FOLDER, guard, lock, swap};

/// What the publisher and its stages share; the last of them to go removes what is left and drops the lock.
#[derive(Debug)]
pub(super) struct Ground {
    pub(super) disk: Disk,
    /// The folder the trees stand in, without links in its path.
    pub(super) output: PathBuf,
    lock: File,
}

impl Ground {
    /// Where a tree is published.
    pub(super) fn target(&self, tree: Tree) -> PathBuf {
        self.output.join(tree.name())
    }

    /// Where trees are staged.
    pub(super) fn staging(&self) -> PathBuf {
        self.output.join(WORK_FOLDER).join("stage")
    }

    /// Where a tree is staged.
    pub(super) fn staged(&self, tree: Tree) -> PathBuf {
        self.staging().join(tree.name())
    }

    /// Where the old tree waits, on systems that cannot exchange.
    pub(super) fn aside(&self, tree: Tree) -> PathBuf {
        self.staging().join(format!("{}.old", tree.name()))
    }

    /// Where a stage goes before it is removed: in one step, so that no half-removed tree is ever taken for an old one.
    pub(super) fn trash(&self) -> PathBuf {
        self.output.join(WORK_FOLDER).join("trash")
    }
}

impl Drop for Ground {
    fn drop(&mut self) {
        // An old tree that waits aside is put back first. What cannot be done now, the next run does.
        let _ = swap::recover(self);
        // Closing the file is not enough: a child process that is just being started holds a copy of it for a moment.
        let _ = self.lock.unlock();
    }
}

/// A run of publishing. Only one at a time has an output folder; dropped before [`publish`](Self::publish), it leaves
/// everything as it was.
#[derive(Debug)]
pub struct Publisher {
    ground: Arc<Ground>,
}

impl Publisher {
    /// Begins a run: refuses an output folder that is not ours, takes its lock, and removes what a killed run left.
    ///
    /// `output` is made if it does not exist. `inputs` are the folders of the site that its documents are in, which no
    /// output may be put into.
    pub fn open(output: &Path, site: &Path, inputs: &[&str]) -> Result<Self> {
        Self::open_on(Disk::default(), output, site, inputs)
    }

    pub(super) fn open_on(disk: Disk, output: &Path, site: &Path, inputs: &[&str]) -> Result<Self> {
        let site = site.canonicalize().map_err(|e| Error::io("could not find the site", site, e))?;
        let planned = planned_place(output)?;
        guard::check_place(&planned, &site, inputs)?;
        create_folders(&disk, &planned)?;
        let output = guard::resolve(&planned)?;
        guard::check_place(&output, &site, inputs)?;
        for tree in Tree::ALL {
            guard::check_target(&output.join(tree.name()))?;
        }
        let work = output.join(WORK_FOLDER);
        prepare_work_folder(&disk, &work)?;
        let lock = lock::take(&disk, &work.join("lock"))?;
        let ground = Ground { disk, output, lock };
        swap::recover(&ground)?;
        let staging = ground.staging();
        create_if_absent(&ground.disk, &staging)?;
        Ok(Self { ground: Arc::new(ground) })
    }

    /// An empty tree to write to. Each tree can be staged once at a time.
    pub fn stage(&self, tree: Tree) -> Result<Stage> {
        Stage::new(Arc::clone(&self.ground), tree)
    }

    /// Lets the staged trees take the places of the old ones, internal before public, and removes the old ones. A tree
    /// that is not among them stays as it is.
    ///
    /// If this fails, the trees that had taken their places give them back; only where that fails, too, or the process
    /// is killed, may one be new while the other is old. After an error that says "could not remove" both are new.
    pub fn publish(self, mut stages: Vec<Stage>) -> Result<()> {
        stages.sort_by_key(Stage::tree);
        let trees: Vec<Tree> = stages.iter().map(Stage::tree).collect();
        swap::in_place(&self.ground, &trees)?;
        // What is staged now is old; it goes as a whole, and dropping a stage has nothing left to do.
        swap::clear(&self.ground)
    }
}

/// Where the output folder is or will be, with the links of what exists of its path resolved.
fn planned_place(output: &Path) -> Result<PathBuf> {
    let failed = |e: io::Error| Error::io("could not find the output folder", output, e);
    let absolute = std::path::absolute(output).map_err(failed)?;
    let mut missing = Vec::new();
    let mut existing = absolute.as_path();
    loop {
        match existing.canonicalize() {
            Ok(resolved) => return Ok(missing.iter().rev().fold(resolved, |path, name| path.join(name))),
            Err(e) if e.kind() == io::ErrorKind::NotFound && fs::symlink_metadata(existing).is_err() => {}
            Err(e) if e.kind() == io::ErrorKind::NotFound => {
                return Err(Error::refused(
                    format!("`{}` is a link to nothing", existing.display()),
                    "remove it, or choose another folder with `--output`",
                ));
            }
            Err(e) => return Err(failed(e)),
        }
        let (Some(parent), Some(name)) = (existing.parent(), existing.file_name()) else {
            return Err(Error::refused(
                format!("cannot tell where `{}` is", output.display()),
                "name the output folder without `..`",
            ));
        };
        missing.push(name.to_owned());
        existing = parent;
    }
}

fn create_folders(disk: &Disk, folder: &Path) -> Result<()> {
    let mut missing: Vec<&Path> = folder.ancestors().take_while(|f| fs::symlink_metadata(f).is_err()).collect();
    while let Some(folder) = missing.pop() {
        create_if_absent(disk, folder)?;
    }
    if folder.is_dir() {
        return Ok(());
    }
    Err(Error::refused(format!("`{}` is not a folder", folder.display()), "choose another folder with `--output`"))
}

/// Makes a folder that this process can write to, whatever its mask.
fn create_if_absent(disk: &Disk, folder: &Path) -> Result<()> {
    match disk.create_folder(folder).and_then(|()| disk.set_mode(folder, FOLDER_MODE)) {
        Err(e) if e.kind() != io::ErrorKind::AlreadyExists => Err(Error::io("could not make the folder", folder, e)),
        _ => Ok(()),
    }
}

/// Makes the folder for lock and stages; one that is a link or a file is refused.
pub(super) fn prepare_work_folder(disk: &Disk, work: &Path) -> Result<()> {
    match fs::symlink_metadata(work) {
        Ok(metadata) if metadata.is_dir() => {}
        Ok(_) => {
            return Err(Error::refused(
                format!("`{}` is not a folder", work.display()),
                "remove it, or choose another folder",
            ));
        }
        Err(e) if e.kind() == io::ErrorKind::NotFound => create_if_absent(disk, work)?,
        Err(e) => return Err(Error::io("could not look at", work, e)),
    }
    let ignore = work.join(".gitignore");
    match disk.create_file(&ignore, b"*\n") {
        Err(e) if e.kind() != io::ErrorKind::AlreadyExists => Err(Error::io("could not write", ignore, e)),
        _ => Ok(()),
    }
}
