//! The domain's nouns as types: policies, rules, change records, approvals, waivers, people, calendars.
//!
//! Types here state facts and answer questions about themselves; they read no files, judge nothing and derive no
//! `Serialize`: every outward format has its own small type. A field that a person may leave out or get wrong is a
//! [`Field`], which remembers which of the two it was.

mod calendar;
mod change;
mod closing;
mod deployed;
mod field;
mod history;
mod ledger;
mod line;
mod page;
mod past;
mod people;
mod policy;
mod rule;
mod site;
mod time;
mod trust;
mod waiver;
mod words;

pub use calendar::{Calendar, DayFault, Hours, Skipped, Weekdays, Window, WindowHolidays, WindowSpan};
pub use change::*;
pub use closing::{ClosedNumber, ClosedQuarter, ClosedRecord, Closing};
pub use deployed::*;
pub use field::{Field, Id, Link, Person as PersonId, Prose, Role, Spanned, Word};
pub use history::{Commit, History, Lineage, NO_HISTORY, PastText};
pub use ledger::Ledger;
pub use line::{Arrival, Brought, Line, LineCommit, LineIndex, LineTag, OwnersText, Trailer, When};
pub use page::{Alias, ContentPage, DataList};
pub use past::{FieldSet, GoneRecord, LastBuild, PlanParts, RecordCommit, RecordText, RecordsPast, Sight, Who};
pub use people::{People, PersonEntry, RoleTerm};
pub use policy::*;
pub use rule::*;
pub use site::*;
pub use time::{Day, Duration, Quarter, Time, TimeFault, parse_day, parse_time};
pub use trust::{
    Certification, ChangeNotice, Commitment, Contact, ControlWords, Disclosure, Notice, Question, Subprocessor, Trust,
    TrustKind,
};
pub use waiver::{Waiver, WaiverScope};
pub use words::*;
