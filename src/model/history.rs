//! What git says of a site's past: the texts its policies had, and the commits that brought them.
//!
//! Only what can be seen is here. Where history is cut short ([`History::cut`]) nothing that comes before may be concluded
//! from silence.

use jiff::Timestamp;

use crate::source::FileId;

/// A commit, as far as anybody asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commit {
    /// Its id, in full.
    pub id: Box<str>,
    /// When it was committed. Clocks are wrong at times: commits are ordered by who follows whom, never by this.
    pub at: Timestamp,
    /// Its parents are cut off, so that it may not be the one that brought what it holds.
    pub cut: bool,
}

impl Commit {
    /// As people write it.
    pub fn short(&self) -> &str {
        &self.id[..self.id.len().min(7)]
    }
}

/// One text that a policy had.
#[derive(Clone, Debug)]
pub struct PastText {
    /// The commit that brought it.
    pub commit: Commit,
    /// The text, among the past ones of the sources; none where it is no text that can be read.
    pub file: Option<FileId>,
    /// It was written in this commit: no parent had it.
    pub written: bool,
    /// The commit says who reviewed it, in a `Reviewed-by:` trailer.
    pub reviewed: bool,
    /// It stood on the line that leads to what is checked out, from parent to first parent.
    pub stood: bool,
}

/// The texts of one policy through renames, each after those it follows.
#[derive(Clone, Debug, Default)]
pub struct Lineage {
    /// Its last path.
    pub path: String,
    /// Its texts.
    pub texts: Vec<PastText>,
}

/// What git says of a site's past.
#[derive(Clone, Debug, Default)]
pub struct History {
    /// It is cut short: a shallow clone, or a repository that cannot be read.
    pub cut: bool,
    /// The first commit that holds the site's configuration, where it can be seen.
    pub first: Option<Commit>,
    /// Every policy that there ever was.
    pub policies: Vec<Lineage>,
}

/// The history of a site outside git.
pub static NO_HISTORY: History = History { cut: false, first: None, policies: Vec::new() };
