//! A tree being made: what is written into it, and the digest of each file for its manifest; or one file of a tree, made
//! alone because somebody asked for it; or a page of each kind, to see whether it can be made.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use crate::error::{Error, Result};
use crate::site::{Dead, Digest, Hrefs, digest};
use crate::write::Stage;

/// A staged tree and the digests of what it holds; or the one file of a tree that is wanted.
pub struct Outputs<'s> {
    to: To<'s>,
}

enum To<'s> {
    Stage { stage: &'s Stage, digests: Mutex<Vec<(String, Digest)>>, hrefs: Hrefs, stop: &'s AtomicBool },
    Memory { tree: &'static str, wanted: &'s str, made: Mutex<Option<Vec<u8>>> },
    Tried { tree: &'static str, first: Mutex<BTreeMap<String, String>> },
}

impl<'s> Outputs<'s> {
    /// Nothing written yet. Once `stop` is set, every write is refused. `base` is the path on its host of a tree that one
    /// publishes; one without is opened from a disk.
    pub fn new(stage: &'s Stage, stop: &'s AtomicBool, base: Option<&str>) -> Self {
        Self { to: To::Stage { stage, digests: Mutex::new(Vec::new()), hrefs: Hrefs::new(base), stop } }
    }

    /// Only the file at this path of a tree is made, and held in memory.
    pub fn only(tree: &'static str, wanted: &'s str) -> Self {
        Self { to: To::Memory { tree, wanted, made: Mutex::new(None) } }
    }

    /// A page of each kind of a tree is made, and none is kept. Pages are of one kind where their paths differ only in the
    /// second folder, or the fourth: a policy's id, a version. The search page is none of them, since it takes all others.
    pub fn tried(tree: &'static str) -> Self {
        Self { to: To::Tried { tree, first: Mutex::new(BTreeMap::new()) } }
    }

    /// Whether the file at this path is to be made. Whoever has to render it asks first.
    pub fn wants(&self, path: &str) -> bool {
        match &self.to {
            To::Stage { .. } => true,
            To::Memory { wanted, .. } => *wanted == path,
            To::Tried { first, .. } => {
                let Some(folders) = path.strip_suffix(".html") else { return false };
                let kind = folders.split('/').enumerate().map(|(n, part)| if n % 2 == 1 { "*" } else { part });
                let mut first = first.lock().unwrap_or_else(PoisonError::into_inner);
                first.entry(kind.collect::<Vec<_>>().join("/")).or_insert_with(|| path.to_owned()) == path
            }
        }
    }

    /// Whether any file below this folder is to be made; the folder ends with its slash.
    pub fn wants_below(&self, folder: &str) -> bool {
        match &self.to {
            To::Stage { .. } => true,
            To::Memory { wanted, .. } => wanted.starts_with(folder),
            To::Tried { .. } => folder != "search/",
        }
    }

    /// Writes a file; where it is a page, its links are looked at. Called from many threads.
    pub fn write(&self, path: &str, bytes: &[u8]) -> Result<()> {
        if let (To::Stage { hrefs, .. }, Some(page)) = (&self.to, page(path, bytes)) {
            hrefs.add(path, page);
        }
        self.put(path, bytes)
    }

    /// Writes a file that is not ours: its anchors are known, its links its author's own.
    pub fn copy(&self, path: &str, bytes: &[u8]) -> Result<()> {
        if let (To::Stage { hrefs, .. }, Some(page)) = (&self.to, page(path, bytes)) {
            hrefs.add_foreign(path, page);
        }
        self.put(path, bytes)
    }

    fn put(&self, path: &str, bytes: &[u8]) -> Result<()> {
        match &self.to {
            To::Stage { stage, digests, stop, .. } => {
                if stop.load(Ordering::Relaxed) {
                    return Err(Error::Interrupted);
                }
                stage.write(path, bytes)?;
                let entry = (path.to_owned(), digest(bytes));
                digests.lock().unwrap_or_else(PoisonError::into_inner).push(entry);
            }
            To::Memory { wanted, made, .. } if *wanted == path => {
                made.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert_with(|| bytes.to_vec());
            }
            To::Memory { .. } | To::Tried { .. } => {}
        }
        Ok(())
    }

    /// The paths of everything written so far.
    pub fn paths(&self) -> Vec<String> {
        let To::Stage { digests, .. } = &self.to else { return Vec::new() };
        let digests = digests.lock().unwrap_or_else(PoisonError::into_inner);
        digests.iter().map(|(path, _)| path.clone()).collect()
    }

    /// Which links lead nowhere, now that all pages are written; nothing where not all of them are made.
    pub fn dead(&self, paths: &[String]) -> Option<Dead> {
        let To::Stage { hrefs, .. } = &self.to else { return None };
        Some(hrefs.dead(paths.iter().map(String::as_str).chain(["manifest.json"])))
    }

    /// A text that was written.
    pub fn read(&self, path: &str) -> Result<String> {
        match &self.to {
            To::Stage { stage, .. } => stage.read(path),
            To::Memory { .. } | To::Tried { .. } => Ok(String::new()),
        }
    }

    /// The name of the tree.
    pub fn tree(&self) -> &'static str {
        match &self.to {
            To::Stage { stage, .. } => stage.tree().name(),
            To::Memory { tree, .. } | To::Tried { tree, .. } => tree,
        }
    }

    /// The digests of everything written.
    pub fn into_digests(self) -> Vec<(String, Digest)> {
        match self.to {
            To::Stage { digests, .. } => digests.into_inner().unwrap_or_else(PoisonError::into_inner),
            To::Memory { .. } | To::Tried { .. } => Vec::new(),
        }
    }

    /// The file that was wanted, if the tree has it.
    pub fn into_made(self) -> Option<Vec<u8>> {
        match self.to {
            To::Stage { .. } | To::Tried { .. } => None,
            To::Memory { made, .. } => made.into_inner().unwrap_or_else(PoisonError::into_inner),
        }
    }
}

/// The text of a page.
fn page<'b>(path: &str, bytes: &'b [u8]) -> Option<&'b str> {
    std::str::from_utf8(bytes).ok().filter(|_| path.ends_with(".html"))
}
