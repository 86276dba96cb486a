//! What `check` says, in every format it speaks: one file per format, each fed the same stream.
//!
//! Records are judged in parallel and handed on in the order of their files; a format leaves of each record only what it
//! needs (its `Piece`), so that none holds more than its own document asks for. What is shown, what is known from a
//! baseline and what the exit status is are decided here, once, and are the same in all formats. Nothing here knows
//! streams, terminals or files: text goes to an [`Out`].

mod baseline;
pub mod github;
pub mod gitlab;
mod identity;
pub mod json;
pub mod junit;
pub mod markdown;
pub mod sarif;
mod scope;
mod spot;
mod stream;
mod words;

pub use baseline::{Baseline, Known};
pub use identity::Fingerprint;
pub use scope::Scope;
pub use stream::run;
pub use words::{counted, summary_lines};

use jiff::Timestamp;

use super::Tally;
use crate::diag::{Diagnostic, Level};
use crate::error::Result;
use crate::judge::{Detail, Judged};
use crate::model::{ChangeRecord, Ledger};
use crate::source::SourceSet;

/// Where a format writes.
pub trait Out {
    /// Writes a piece of the document.
    fn put(&mut self, text: &str) -> Result<()>;
}

impl Out for String {
    fn put(&mut self, text: &str) -> Result<()> {
        self.push_str(text);
        Ok(())
    }
}

/// What was asked of `check`, the format aside.
#[derive(Debug, Default)]
pub struct Asked {
    /// What is shown and counts.
    pub scope: Scope,
    /// What was found before, and is not to fail again.
    pub baseline: Option<Baseline>,
    /// From the repository's root to the site: empty, or with a `/` at its end. Formats that a host of repositories reads
    /// name files from there.
    pub prefix: String,
    /// The commit the site is at, outside git none.
    pub commit: Option<String>,
}

/// What every format may look at.
#[derive(Clone, Copy)]
pub struct Ground<'g> {
    /// The texts.
    pub sources: &'g SourceSet,
    /// Configuration, people, policies, waivers.
    pub ledger: &'g Ledger,
    /// Until when things are judged.
    pub as_of: Timestamp,
    /// What was asked.
    pub asked: &'g Asked,
}

/// A finding, and how it is known again.
#[derive(Clone, Debug)]
pub struct Finding {
    /// What it says.
    pub diagnostic: Diagnostic,
    /// The same for the same deviation, wherever its lines went.
    pub fingerprint: Fingerprint,
    /// The baseline has it: it is old, and does not fail.
    pub known: bool,
}

impl Finding {
    /// Whether it makes `check` fail.
    pub fn fails(&self) -> bool {
        self.diagnostic.level == Level::Error && !self.known
    }
}

/// A judged record on its way into a document.
pub struct RecordView<'v> {
    /// What every format may look at.
    pub ground: Ground<'v>,
    /// The record.
    pub record: &'v ChangeRecord,
    /// What it came to.
    pub judged: &'v Judged,
    /// What its rules find, at the levels the site sets, shown or not.
    pub findings: &'v [Finding],
    /// Whether it is shown: it or one of its findings is in scope.
    pub shown: bool,
}

/// How many findings there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// At error level, in scope and not known: what the exit status is about.
    pub errors: usize,
    /// At warning level.
    pub warnings: usize,
    /// At note level.
    pub notes: usize,
    /// In scope and known from the baseline, at any level.
    pub known: usize,
    /// In the baseline and found no more.
    pub fixed: usize,
}

impl Counts {
    fn count(&mut self, finding: &Finding) {
        match (finding.known, finding.diagnostic.level) {
            (true, _) => self.known += 1,
            (_, Level::Error) => self.errors += 1,
            (_, Level::Warning) => self.warnings += 1,
            (_, Level::Note) => self.notes += 1,
        }
    }

    fn add(&mut self, other: Self) {
        self.errors += other.errors;
        self.warnings += other.warnings;
        self.notes += other.notes;
        self.known += other.known;
    }
}

/// What a whole run came to.
pub struct Outcome<'o> {
    /// What every format may look at.
    pub ground: Ground<'o>,
    /// Verdicts of all records, shown or not.
    pub tally: Tally,
    /// Findings in scope, known ones included, in the order of their places; without those of rules for a format that
    /// does not gather them.
    pub findings: &'o [Finding],
    /// How many findings are in scope.
    pub counts: Counts,
    /// What the baseline has and is found no more.
    pub fixed: &'o [&'o Known],
}

impl<'o> Outcome<'o> {
    /// The findings that are not known from a baseline.
    pub fn new_findings(&self) -> impl Iterator<Item = &'o Finding> + Clone {
        self.findings.iter().filter(|f| !f.known)
    }
}

/// A way to write what `check` says.
pub trait Format {
    /// What it keeps of a record.
    type Piece: Send;
    /// How much is written down about rules that hold.
    const DETAIL: Detail = Detail::Findings;
    /// Whether it wants the findings of rules at the end, or has written them as the records came.
    const GATHERS: bool = true;

    /// Begins the document.
    fn open(&mut self, ground: Ground<'_>, out: &mut dyn Out) -> Result<()> {
        let _ = (ground, out);
        Ok(())
    }

    /// What it keeps of a record; called in parallel.
    fn piece(view: &RecordView<'_>) -> Self::Piece;

    /// A record, in the order of files.
    fn record(&mut self, piece: Self::Piece, out: &mut dyn Out) -> Result<()> {
        let _ = (piece, out);
        Ok(())
    }

    /// Ends the document.
    fn finish(&mut self, outcome: &Outcome<'_>, out: &mut dyn Out) -> Result<()>;
}
