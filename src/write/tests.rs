//! What publishing promises, tried on real file systems.

pub(super) mod faults;
#[cfg(unix)]
mod kills;
#[cfg(unix)]
mod places;
mod whole;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use tempfile::TempDir;

use super::disk::Disk;
use super::{MARKER, MARKER_TEXT, Publisher, Tree, WORK_FOLDER};
use crate::error::Result;

/// Paths and what they hold.
type Files = BTreeMap<String, Vec<u8>>;

const INPUTS: &[&str] = &["changes", "content", "policies"];

/// A folder on a file system in memory, where there is one: these tests wait for the disk at every step.
fn scratch() -> TempDir {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() { TempDir::new_in(memory) } else { TempDir::new() }.expect("a temporary folder")
}

/// What one build writes into a tree; every file differs between builds, and some exist in one of them only.
fn files(build: &str, tree: Tree) -> Files {
    let mut files = Files::new();
    for path in ["index.html", "changes/a/index.html", "changes/b/index.html", "deep/er/still/x.json"] {
        files.insert(path.to_owned(), format!("{build} {} {path}", tree.name()).into_bytes());
    }
    files.insert(format!("only/{build}.txt"), Vec::new());
    files
}

fn publish_on(disk: Disk, site: &Path, build: &str, trees: &[Tree]) -> Result<()> {
    let publisher = Publisher::open_on(disk, site, site, INPUTS)?;
    let mut stages = Vec::new();
    for tree in trees {
        let stage = publisher.stage(*tree)?;
        for (path, bytes) in files(build, *tree) {
            stage.write(&path, &bytes)?;
        }
        stages.push(stage);
    }
    publisher.publish(stages)
}

/// Both trees of one build, published without faults.
fn publish(site: &Path, build: &str) -> Result<()> {
    // Public first, so that the order of publishing is the publisher's own.
    publish_on(Disk::default(), site, build, &[Tree::Public, Tree::Internal])
}

/// All that a folder holds; `None` if it is not there.
fn snapshot(folder: &Path) -> Option<Files> {
    fn add(folder: &Path, prefix: &str, files: &mut Files) {
        for entry in fs::read_dir(folder).expect("a folder").map(|e| e.expect("an entry")) {
            let path = format!("{prefix}{}", entry.file_name().to_str().expect("a name in UTF-8"));
            if entry.file_type().expect("a type").is_dir() {
                add(&entry.path(), &format!("{path}/"), files);
            } else {
                files.insert(path, fs::read(entry.path()).expect("a file"));
            }
        }
    }
    folder.exists().then(|| {
        let mut files = Files::new();
        add(folder, "", &mut files);
        files
    })
}

/// What stands in `public/` or `internal/` after a build.
fn published(build: &str, tree: Tree) -> Files {
    let mut files = files(build, tree);
    files.insert(MARKER.to_owned(), MARKER_TEXT.as_bytes().to_vec());
    files
}

/// What is left in the work folder beside lock and ignore file.
fn leftovers(site: &Path) -> Vec<String> {
    let mut names: Vec<String> = snapshot(&site.join(WORK_FOLDER)).unwrap_or_default().into_keys().collect();
    for folder in ["stage", "trash"] {
        if site.join(WORK_FOLDER).join(folder).exists() {
            names.push(folder.to_owned());
        }
    }
    names.retain(|name| name != "lock" && name != ".gitignore");
    names
}
