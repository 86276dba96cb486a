//! A tree being made: what is written into it, and the digest of each file for its manifest.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::error::{Error, Result};
use crate::site::{Dead, Digest, Hrefs, digest};
use crate::write::Stage;

/// A staged tree and the digests of what it holds.
pub struct Outputs<'s> {
    stage: &'s Stage,
    digests: Mutex<Vec<(String, Digest)>>,
    hrefs: Hrefs,
    stop: &'s AtomicBool,
}

impl<'s> Outputs<'s> {
    /// Nothing written yet. Once `stop` is set, every write is refused. `base` is the path on its host of a tree that one
    /// publishes; one without is opened from a disk.
    pub fn new(stage: &'s Stage, stop: &'s AtomicBool, base: Option<&str>) -> Self {
        Self { stage, digests: Mutex::new(Vec::new()), hrefs: Hrefs::new(base), stop }
    }

    /// Writes a file; where it is a page, its links are looked at. Called from many threads.
    pub fn write(&self, path: &str, bytes: &[u8]) -> Result<()> {
        if let Some(page) = page(path, bytes) {
            self.hrefs.add(path, page);
        }
        self.put(path, bytes)
    }

    /// Writes a file that is not ours: its anchors are known, its links its author's own.
    pub fn copy(&self, path: &str, bytes: &[u8]) -> Result<()> {
        if let Some(page) = page(path, bytes) {
            self.hrefs.add_foreign(path, page);
        }
        self.put(path, bytes)
    }

    fn put(&self, path: &str, bytes: &[u8]) -> Result<()> {
        if self.stop.load(Ordering::Relaxed) {
            return Err(Error::Interrupted);
        }
        self.stage.write(path, bytes)?;
        let entry = (path.to_owned(), digest(bytes));
        self.digests.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push(entry);
        Ok(())
    }

    /// The paths of everything written so far.
    pub fn paths(&self) -> Vec<String> {
        let digests = self.digests.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        digests.iter().map(|(path, _)| path.clone()).collect()
    }

    /// Which links lead nowhere, now that all pages are written.
    pub fn dead(&self, paths: &[String]) -> Dead {
        self.hrefs.dead(paths.iter().map(String::as_str).chain(["manifest.json"]))
    }

    /// A text that was written.
    pub fn read(&self, path: &str) -> Result<String> {
        self.stage.read(path)
    }

    /// The name of the tree.
    pub fn tree(&self) -> &'static str {
        self.stage.tree().name()
    }

    /// The digests of everything written.
    pub fn into_digests(self) -> Vec<(String, Digest)> {
        self.digests.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// The text of a page.
fn page<'b>(path: &str, bytes: &'b [u8]) -> Option<&'b str> {
    std::str::from_utf8(bytes).ok().filter(|_| path.ends_with(".html"))
}
