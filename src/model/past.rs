//! What git says of change records: which commit first held each of them, and which edited what of it since.
//!
//! A record is known by its id, wherever it stands: renamed and moved files, and files with several records, change
//! nothing. No text of the past is here, only what was asked of it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;

use super::{Commit, RollbackPart};

/// Some fields of a record, by their numbers in the table of records.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FieldSet(pub u64);

impl FieldSet {
    /// The fields that are in both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Whether there is none.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The numbers of the fields.
    pub fn numbers(self) -> impl Iterator<Item = usize> {
        (0..64).filter(move |n| self.0 & (1 << n) != 0)
    }
}

/// Some parts of a rollback plan.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PlanParts(pub u8);

impl PlanParts {
    /// With one more.
    #[must_use]
    pub fn with(self, part: RollbackPart) -> Self {
        Self(self.0 | 1 << part as u8)
    }

    /// Whether all of these are there.
    pub fn hold(self, parts: &[RollbackPart]) -> bool {
        parts.iter().all(|part| self.0 & (1 << *part as u8) != 0)
    }
}

/// Somebody as git knows them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Who {
    /// The name.
    pub name: Box<str>,
    /// The address.
    pub email: Box<str>,
}

/// A commit that did something to records.
#[derive(Clone, Debug)]
pub struct RecordCommit {
    /// The commit.
    pub commit: Commit,
    /// Who wrote it.
    pub author: Who,
    /// Who committed it.
    pub committer: Who,
    /// It carries a signature; whether that is good, nobody has looked.
    pub signed: bool,
}

/// A text that a record had.
#[derive(Clone, Copy, Debug)]
pub struct RecordText {
    /// The commit, by its number in [`RecordsPast::commits`]; none where it is not committed yet.
    pub commit: Option<u32>,
    /// The fields it changed: against every parent that had the record.
    pub changed: FieldSet,
    /// What it says of a rollback plan.
    pub plan: PlanParts,
    /// It says that the change is closed.
    pub closed: bool,
}

/// A record that the branch held once and holds no more.
#[derive(Clone, Debug)]
pub struct GoneRecord {
    /// Its id.
    pub id: Box<str>,
    /// The policy it was under, where it named one.
    pub policy: Option<Box<str>>,
    /// Where it stood.
    pub path: Box<str>,
    /// When it was requested, as its last text says.
    pub requested: Option<Timestamp>,
    /// When it was closed, as its last text says.
    pub closed: Option<Timestamp>,
    /// The commit that removed it; none where that is not committed yet.
    pub commit: Option<u32>,
}

/// How much of the past can be seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sight {
    /// The site is in no repository.
    #[default]
    Outside,
    /// History is cut short, or cannot be read.
    Cut,
    /// All of it.
    Whole,
}

/// Whether the branch still holds the commit that the last build was made from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum LastBuild {
    /// No manifest says which it was.
    #[default]
    Unknown,
    /// It does.
    Held(Box<str>),
    /// It does not: history was rewritten.
    Lost(Box<str>),
}

/// What git says of all records.
#[derive(Clone, Debug, Default)]
pub struct RecordsPast {
    /// How much of it can be seen.
    pub sight: Sight,
    /// From which day on records are dated by git, where the configuration does not say: the day of the first commit
    /// that holds it.
    pub first_day: Option<Date>,
    /// The commits that are named here, in the order in which they follow each other.
    pub commits: Vec<RecordCommit>,
    /// The texts of each record, by its id: the first one is what the commit that brought it held.
    pub records: BTreeMap<Box<str>, Vec<RecordText>>,
    /// Records that are gone.
    pub gone: Vec<GoneRecord>,
    /// The last build.
    pub last_build: LastBuild,
}

impl RecordsPast {
    /// The texts of a record; none where it was never committed.
    pub fn of(&self, id: &str) -> &[RecordText] {
        self.records.get(id).map_or(&[], Vec::as_slice)
    }

    /// The commit of a text.
    pub fn commit(&self, text: &RecordText) -> Option<&RecordCommit> {
        text.commit.and_then(|number| self.commits.get(number as usize))
    }

    /// When a text was committed.
    pub fn at(&self, text: &RecordText) -> Option<Timestamp> {
        self.commit(text).map(|c| c.commit.at)
    }

    /// The commit that first held a record.
    pub fn brought(&self, id: &str) -> Option<&RecordCommit> {
        self.of(id).first().and_then(|text| self.commit(text))
    }
}
