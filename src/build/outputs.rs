//! A tree being made: what is written into it, and the digest of each file for its manifest.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::error::{Error, Result};
use crate::site::{Digest, digest};
use crate::write::Stage;

/// A staged tree and the digests of what it holds.
pub struct Outputs<'s> {
    stage: &'s Stage,
    digests: Mutex<Vec<(String, Digest)>>,
    stop: &'s AtomicBool,
}

impl<'s> Outputs<'s> {
    /// Nothing written yet. Once `stop` is set, every write is refused.
    pub fn new(stage: &'s Stage, stop: &'s AtomicBool) -> Self {
        Self { stage, digests: Mutex::new(Vec::new()), stop }
    }

    /// Writes a file. Called from many threads.
    pub fn write(&self, path: &str, bytes: &[u8]) -> Result<()> {
        if self.stop.load(Ordering::Relaxed) {
            return Err(Error::Interrupted);
        }
        self.stage.write(path, bytes)?;
        let entry = (path.to_owned(), digest(bytes));
        self.digests.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push(entry);
        Ok(())
    }

    /// The digests of everything written.
    pub fn into_digests(self) -> Vec<(String, Digest)> {
        self.digests.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}
