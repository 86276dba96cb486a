//! A tree being made: what is written into it, and the digest of each file for its manifest.

use std::sync::Mutex;

use crate::error::Result;
use crate::site::{Digest, digest};
use crate::write::Stage;

/// A staged tree and the digests of what it holds.
pub struct Outputs<'s> {
    stage: &'s Stage,
    digests: Mutex<Vec<(String, Digest)>>,
}

impl<'s> Outputs<'s> {
    /// Nothing written yet.
    pub fn new(stage: &'s Stage) -> Self {
        Self { stage, digests: Mutex::new(Vec::new()) }
    }

    /// Writes a file. Called from many threads.
    pub fn write(&self, path: &str, bytes: &[u8]) -> Result<()> {
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
