//! `tickmark verify`: whether a finished folder is what its manifest lists, and what its commit makes again.
//!
//! Exit status 0 where nothing differs, 1 on a difference, 2 where it could not be done. What cannot be built again here
//! is re-hashed all the same, and why it was not built is said.

mod rebuild;
mod show;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::Status;
use super::arguments::{Common, Verify};
use super::build::stop_on_signals;
use super::terminal::Terminal;
use crate::error::{Error, Result};
use crate::repo::{Item, published, published_file, published_unfit, read_named};
use crate::site::{Difference, Digest, Kind, Spot, Stated, compare, digest};
use crate::write::{MARKER, MARKER_TEXT, path_problem};
use rebuild::Again;

/// The file that lists the others.
const MANIFEST: &str = "manifest.json";
/// The longest manifest that is read: that of a million pages.
const MANIFEST_LIMIT: u64 = 512 << 20;
/// The longest file in which the place of a difference is looked for.
const FILE_LIMIT: u64 = 64 << 20;

/// A finished folder.
struct Finished {
    folder: PathBuf,
    /// As it was typed.
    shown: String,
    stated: Stated,
    /// What is there; what is no file has no digest.
    found: BTreeMap<String, Option<Digest>>,
    /// What is there and is no file, in words.
    odd: BTreeMap<String, &'static str>,
    manifest: Digest,
}

/// A file that differs, and where.
struct Differs {
    difference: Difference,
    spot: Option<Spot>,
}

pub(super) fn run(common: &Common, options: &Verify, terminal: &Terminal) -> Result<Status> {
    let stop = stop_on_signals()?;
    let progress = terminal.progress("reading what was made");
    let trees = finished(&options.folder)?;
    progress.finish_and_clear();
    let progress = terminal.progress("making it again");
    let again = rebuild::all(common, &trees, &stop)?;
    progress.finish_and_clear();
    let mut out = terminal.results();
    let mut seen = show::Seen::default();
    for (tree, again) in trees.iter().zip(&again) {
        show::tree(tree, &tree.against_manifest(), again, terminal, &mut out, &mut seen)?;
    }
    show::end(&seen, terminal, &mut out)?;
    out.finish()?;
    Ok(if seen.differences > 0 { Status::Findings } else { Status::Clean })
}

/// The finished folders that a folder is or holds.
fn finished(folder: &Path) -> Result<Vec<Finished>> {
    let whole = folder.canonicalize().map_err(|e| Error::io("could not find the folder", folder, e))?;
    let at = |name: &str| {
        let full = whole.join(name);
        published_file(&full, MANIFEST, MANIFEST_LIMIT).map(|found| found.map(|bytes| (full, bytes)))
    };
    let shown = |name: &str| folder.strip_prefix(".").unwrap_or(folder).join(name).display().to_string();
    if let Some(bytes) = published_file(&whole, MANIFEST, MANIFEST_LIMIT)? {
        return Ok(vec![Finished::read(whole, folder.display().to_string(), &bytes)?]);
    }
    let mut trees = Vec::new();
    for name in ["public", "internal"] {
        if let Some((full, bytes)) = at(name)? {
            trees.push(Finished::read(full, shown(name), &bytes)?);
        } else if published_file(&whole.join(name), MARKER, 4096)?.is_some() {
            return Err(no_manifest(&shown(name)));
        }
    }
    if let Some(why) = published_unfit(&whole.join(MANIFEST), MANIFEST_LIMIT) {
        let shown = folder.join(MANIFEST).display().to_string();
        return Err(Error::refused(
            format!("{shown}: this is no manifest of tickmark's: it {why}"),
            "it was changed after it was made: fetch the folder again from whoever made it",
        ));
    }
    if trees.is_empty() { Err(no_manifest(&folder.display().to_string())) } else { Ok(trees) }
}

fn no_manifest(shown: &str) -> Error {
    Error::refused(
        format!("`{shown}` has no {MANIFEST}, so that nobody can say what it should hold"),
        "name public/, internal/, the folder that holds both, or a folder made by `tickmark audit`",
    )
}

impl Finished {
    fn read(folder: PathBuf, shown: String, bytes: &[u8]) -> Result<Self> {
        let stated = Stated::read(bytes, path_problem).map_err(|wrong| {
            let place = format!("{shown}/{MANIFEST}:{}:{}", wrong.line, wrong.column);
            Error::refused(
                format!("{place}: this is no manifest of tickmark's: {}", wrong.what),
                "it was changed or cut short after it was made: fetch it again from whoever made it",
            )
        })?;
        let (mut found, mut odd) = (BTreeMap::new(), BTreeMap::new());
        for (path, item) in published(&folder)? {
            match item {
                Item::File(digest) => drop(found.insert(path, Some(digest))),
                Item::Other(what) => {
                    odd.insert(path.clone(), what);
                    found.insert(path, None);
                }
            }
        }
        // The marker is no output: hosts that serve no hidden files leave it out. What is there has to be ours.
        if found.get(MARKER) == Some(&Some(digest(MARKER_TEXT.as_bytes()))) {
            found.remove(MARKER);
        }
        Ok(Self { folder, shown, stated, found, odd, manifest: digest(bytes) })
    }

    /// What differs from what the manifest lists.
    fn against_manifest(&self) -> Vec<Differs> {
        let mut should = self.stated.outputs.clone();
        should.insert(MANIFEST.to_owned(), self.manifest);
        let plain = |difference| Differs { difference, spot: None };
        self.marked(compare(&should, &self.found)).into_iter().map(plain).collect()
    }

    /// Differences, a marker that is not ours being a changed one.
    fn marked(&self, mut all: Vec<Difference>) -> Vec<Difference> {
        let ours = self.stated.tree != "audit";
        all.iter_mut().filter(|d| ours && d.path == MARKER).for_each(|d| d.kind = Kind::Changed);
        all
    }

    /// What differs from what was made again, and where.
    fn against(&self, again: &Again) -> Result<Vec<Differs>> {
        let all = self.marked(compare(&again.digests(), &self.found));
        let with_spot = |difference: Difference| {
            let one = published_file(&self.folder, &difference.path, FILE_LIMIT)?;
            let other = if difference.path == MARKER {
                Some(MARKER_TEXT.as_bytes().to_vec())
            } else {
                again.file(&difference.path)?
            };
            let changed = difference.kind == Kind::Changed;
            let both = one.zip(other).filter(|_| changed);
            let spot = both.and_then(|(one, other)| crate::site::first_difference(&one, &other));
            Ok(Differs { difference, spot })
        };
        all.into_iter().map(with_spot).collect()
    }
}

/// What the internal tree beside a public one states, if that is of the same commit.
fn beside(public: &Finished) -> Option<Stated> {
    let path = public.folder.parent()?.join("internal").join(MANIFEST);
    let bytes = read_named(&path, MANIFEST_LIMIT).ok()??;
    let stated = Stated::read(&bytes, path_problem).ok()?;
    (stated.commit == public.stated.commit).then_some(stated)
}
