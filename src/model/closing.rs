//! Closed quarters: what was signed off, by whom, and what lay behind it (`closed/2026-Q3.yaml`).

use super::{Field, Id, PersonId, Prose, Quarter, Role, Spanned, Time, Word};
use crate::source::{FileId, Location, Span};

/// A number as it was signed off, in words, so that it can be compared without knowing how it is made.
#[derive(Clone, Debug, Default)]
pub struct ClosedNumber {
    /// Which number.
    pub id: Field<Id>,
    /// What it was, as in `58 of 61`.
    pub value: Field<Prose>,
    /// Where it stands.
    pub span: Span,
}

/// A record that lay in the quarter.
#[derive(Clone, Debug, Default)]
pub struct ClosedRecord {
    /// Its id.
    pub id: Field<Id>,
    /// The SHA-256 of its text.
    pub sha256: Field<Word>,
    /// What it came to.
    pub verdict: Field<Word>,
    /// Where it stands.
    pub span: Span,
}

/// One signing-off.
#[derive(Clone, Debug, Default)]
pub struct Closing {
    /// Who signed.
    pub by: Field<PersonId>,
    /// The roles they held that day.
    pub roles: Field<Vec<Spanned<Role>>>,
    /// Until when things were judged.
    pub as_of: Field<Time>,
    /// The commit whose records these are.
    pub commit: Field<Word>,
    /// The program that counted.
    pub version: Field<Word>,
    /// Why it was signed off again.
    pub reason: Field<Prose>,
    /// The numbers.
    pub numbers: Field<Vec<ClosedNumber>>,
    /// The records.
    pub records: Field<Vec<ClosedRecord>>,
    /// The SHA-256 of what stands above.
    pub seal: Field<Word>,
    /// Where it stands.
    pub span: Span,
}

/// A closed quarter: its file.
#[derive(Clone, Debug, Default)]
pub struct ClosedQuarter {
    /// The file; none before it is known.
    pub file: Option<FileId>,
    /// Where it stands.
    pub span: Span,
    /// Which quarter.
    pub quarter: Field<Word>,
    /// Every signing-off, oldest first; the last one counts.
    pub closings: Field<Vec<Closing>>,
}

impl ClosedQuarter {
    /// The quarter, where its name is one.
    pub fn name(&self) -> Option<Quarter> {
        self.quarter.get().and_then(|q| Quarter::parse(q.as_str()))
    }

    /// The signing-off that counts.
    pub fn last(&self) -> Option<&Closing> {
        self.closings.items().last()
    }

    /// A place in its file.
    pub fn at(&self, span: Span) -> Location {
        Location { file: self.file.unwrap_or(FileId(0)), span }
    }
}
