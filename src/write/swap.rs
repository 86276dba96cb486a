//! The step in which a staged tree takes its place, and the way back from a run that was killed in it.
//!
//! Where the system can exchange two folders, a tree is never absent. Where it cannot (some network file systems,
//! Windows), the old tree steps aside first; killed between the two renames, the tree is absent until the next run puts
//! the old one back.

use std::fs;
use std::io;
use std::path::Path;

use crate::error::{Error, Result};

use super::Tree;
use super::guard::{self, Standing};
use super::publisher::Ground;

/// How a tree took its place, which says how it gives it back.
#[derive(Clone, Copy, Debug)]
enum Taken {
    /// Nothing stood there.
    Free,
    /// The old tree is where the new one was staged.
    Exchanged,
    /// The old tree waits aside.
    Aside,
}

/// Lets the staged trees take their places, in this order, or none of them.
pub(super) fn in_place(ground: &Ground, trees: &[Tree]) -> Result<()> {
    let staging = ground.staging();
    ground.disk.flush(&staging).map_err(|e| Error::io("could not write out", &staging, e))?;
    let mut done = Vec::with_capacity(trees.len());
    let outcome = trees
        .iter()
        .try_for_each(|tree| take_place(ground, *tree).map(|taken| done.push((*tree, taken))))
        .and_then(|()| {
            ground.disk.flush_names(&ground.output).map_err(|e| Error::io("could not write out", &ground.output, e))
        });
    if outcome.is_err() {
        give_back(ground, &done);
    }
    outcome
}

/// Removes what was staged, or was replaced, as a whole.
pub(super) fn clear(ground: &Ground) -> Result<()> {
    let (staging, trash) = (ground.staging(), ground.trash());
    let failed = |path: &Path, e: io::Error| Error::io("could not remove", path, e);
    ground.disk.remove_tree(&trash).map_err(|e| failed(&trash, e))?;
    if is_absent(&staging) {
        return Ok(());
    }
    ground.disk.rename(&staging, &trash).map_err(|e| failed(&staging, e))?;
    ground.disk.remove_tree(&trash).map_err(|e| failed(&trash, e))
}

/// Puts back an old tree that a killed run left aside, and removes everything else it left.
pub(super) fn recover(ground: &Ground) -> Result<()> {
    put_back(ground)?;
    clear(ground)
}

/// Gives the trees that wait aside, and that no new tree has followed, their places again.
fn put_back(ground: &Ground) -> Result<()> {
    for tree in Tree::ALL {
        let (target, aside) = (ground.target(tree), ground.aside(tree));
        if is_absent(&target) && !is_absent(&aside) {
            ground.disk.rename(&aside, &target).map_err(|e| Error::io("could not put back", &target, e))?;
        }
    }
    Ok(())
}

fn take_place(ground: &Ground, tree: Tree) -> Result<Taken> {
    let (staged, target) = (ground.staged(tree), ground.target(tree));
    let failed = |e: io::Error| not_replaced(&target, e);
    if guard::check_target(&target)? == Standing::Nothing {
        ground.disk.rename(&staged, &target).map_err(failed)?;
        return Ok(Taken::Free);
    }
    match ground.disk.exchange(&staged, &target) {
        Ok(()) => return Ok(Taken::Exchanged),
        Err(e) if e.kind() == io::ErrorKind::Unsupported => {}
        Err(e) => return Err(failed(e)),
    }
    ground.disk.rename(&target, &ground.aside(tree)).map_err(failed)?;
    ground.disk.rename(&staged, &target).map_err(failed)?;
    Ok(Taken::Aside)
}

/// Gives the trees that took their places back, the last first. What fails here is left to the next run.
fn give_back(ground: &Ground, done: &[(Tree, Taken)]) {
    for (tree, taken) in done.iter().rev() {
        let (staged, target) = (ground.staged(*tree), ground.target(*tree));
        let _ = match taken {
            Taken::Free | Taken::Aside => ground.disk.rename(&target, &staged),
            Taken::Exchanged => ground.disk.exchange(&staged, &target),
        };
    }
    // At once, and not only after what was staged is removed, which takes time.
    let _ = put_back(ground);
}

fn not_replaced(target: &Path, error: io::Error) -> Error {
    match error.kind() {
        io::ErrorKind::CrossesDevices | io::ErrorKind::ResourceBusy => Error::refused(
            format!("could not replace `{}`: it cannot be moved ({error})", target.display()),
            "if it is a mount point, mount the folder above it instead; if it came with a container's image, remove it",
        ),
        _ => Error::io("could not replace", target, error),
    }
}

fn is_absent(path: &Path) -> bool {
    fs::symlink_metadata(path).is_err_and(|e| e.kind() == io::ErrorKind::NotFound)
}
