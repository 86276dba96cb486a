//! What a quarter's report says of its signing-off.

use serde::Serialize;

use super::Link;

/// That a quarter was signed off, and what differs since.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ClosingView {
    /// `Signed off as of 5 Oct 2026 by c.lead (ciso), from commit 4f1c2ab.`
    pub sentence: String,
    /// Whether today's numbers are others, without a reason given yet.
    pub differs: bool,
    /// What differs, newest first: today's numbers from the last closing, and each closing from the one before.
    pub restatements: Vec<RestatementView>,
}

/// A restatement.
#[derive(Debug, Clone, Default, Serialize)]
pub struct RestatementView {
    /// `Today's numbers are not what was signed off`.
    pub title: String,
    /// Why, where that is said.
    pub reason: Option<String>,
    /// The numbers that differ.
    pub numbers: Vec<NumberRestated>,
    /// The records behind it.
    pub records: Vec<RecordRestated>,
    /// How many more records there are.
    pub more: usize,
}

/// A number that differs.
#[derive(Debug, Clone, Default, Serialize)]
pub struct NumberRestated {
    /// What it is called.
    pub label: String,
    /// As it was signed off.
    pub before: String,
    /// As it is.
    pub after: String,
}

/// A record that is not as it was.
#[derive(Debug, Clone, Default, Serialize)]
pub struct RecordRestated {
    /// Its page, where it has one.
    pub record: Link,
    /// What happened to it.
    pub what: String,
}
