//! Waivers: approved, expiring exceptions to one rule (FORMATS.md, section 6).

use jiff::civil::Date;

use super::{Field, Id, PersonId, Prose, Spanned, Time, Word};
use crate::source::{FileId, Location, Span};

/// Which changes a waiver covers when it does not name them.
#[derive(Clone, Debug, Default)]
pub struct WaiverScope {
    /// Of these types.
    pub types: Field<Vec<Spanned<Word>>>,
    /// That touch any of these systems.
    pub systems: Field<Vec<Spanned<Word>>>,
    /// Where it stands.
    pub span: Span,
}

/// An approved, expiring exception.
#[derive(Clone, Debug)]
pub struct Waiver {
    /// Its file.
    pub file: FileId,
    /// Where it stands.
    pub span: Span,
    /// Its id.
    pub id: Field<Id>,
    /// The rule it lifts.
    pub rule: Field<Id>,
    /// The policy whose rule it is.
    pub policy: Field<Id>,
    /// The changes it names.
    pub changes: Field<Vec<Spanned<Id>>>,
    /// Or which ones it covers.
    pub scope: Field<Box<WaiverScope>>,
    /// Why.
    pub reason: Field<Prose>,
    /// Who asked.
    pub requested_by: Field<PersonId>,
    /// Who approved; never the one who asked, nor the change's author.
    pub approved_by: Field<PersonId>,
    /// When.
    pub approved_at: Field<Time>,
    /// What is done instead.
    pub compensating_control: Field<Prose>,
    /// The last day on which it covers what falls due.
    pub expires: Field<Date>,
}

impl Waiver {
    /// A waiver of which nothing is known but its place.
    pub fn empty(file: FileId, span: Span) -> Self {
        Self {
            file,
            span,
            id: Field::Absent,
            rule: Field::Absent,
            policy: Field::Absent,
            changes: Field::Absent,
            scope: Field::Absent,
            reason: Field::Absent,
            requested_by: Field::Absent,
            approved_by: Field::Absent,
            approved_at: Field::Absent,
            compensating_control: Field::Absent,
            expires: Field::Absent,
        }
    }

    /// A place in its file.
    pub fn at(&self, span: Span) -> Location {
        Location { file: self.file, span }
    }

    /// The id, or what stands where it should be.
    pub fn name(&self) -> &str {
        self.id.get().map_or("(no id)", Id::as_str)
    }
}
