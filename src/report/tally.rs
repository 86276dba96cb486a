//! Counting verdicts.

use crate::judge::Verdict;

/// How many records there are of each verdict.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// All records.
    pub records: u32,
    by_verdict: [u32; Verdict::ALL.len()],
}

impl Tally {
    /// Counts a record.
    pub fn count(&mut self, verdict: Verdict) {
        self.records += 1;
        self.by_verdict[verdict as usize] += 1;
    }

    /// How many records came to a verdict.
    pub fn of(&self, verdict: Verdict) -> u32 {
        self.by_verdict[verdict as usize]
    }
}
