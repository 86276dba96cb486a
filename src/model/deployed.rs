//! What was deployed, from the repositories and deployment logs that the configuration names; and what became of holding
//! it against the records.
//!
//! What could not be read is here as such, with what mends it: nothing is concluded from silence.

use jiff::Timestamp;
use jiff::civil::Date;

use super::{DeploymentResult, Line};
use crate::source::{FileId, Location, Span};

/// An entry of `repositories` in tickmark.yaml.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RepositorySettings {
    /// Where it stands, from the site's folder.
    pub path: Box<str>,
    /// Its production branch.
    pub branch: Box<str>,
    /// From which day on what it holds is compared; all of it where that is not said.
    pub since: Option<Date>,
    /// A deployment log, from the site's folder.
    pub deployments: Option<Box<str>>,
    /// Where the entry stands.
    pub at: Location,
}

/// Why something could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unread {
    /// What is the matter.
    pub what: Box<str>,
    /// What mends it.
    pub help: Box<str>,
}

/// One deployment of a log.
#[derive(Clone, Debug)]
pub struct LogEntry {
    /// When.
    pub at: Timestamp,
    /// Where to.
    pub environment: Box<str>,
    /// Which commit, or which tag.
    pub commit: Box<str>,
    /// Who set it off, in the log's own words.
    pub by: Option<Box<str>>,
    /// Through what.
    pub via: Option<Box<str>>,
    /// What it came to.
    pub result: Option<DeploymentResult>,
    /// Its id in the log.
    pub id: Option<Box<str>>,
    /// Where it stands in the log.
    pub span: Span,
}

/// A deployment log.
#[derive(Clone, Debug)]
pub struct DeploymentLog {
    /// Its text.
    pub file: FileId,
    /// Its deployments, in its own order.
    pub entries: Vec<LogEntry>,
    /// A line of it has a mistake, so that nobody knows what it said.
    pub broken: bool,
}

/// One repository, read as far as that went.
#[derive(Clone, Debug)]
pub struct DeployedFrom {
    /// The line of its production branch.
    pub line: Result<Line, Unread>,
    /// Its deployment log, where it has one.
    pub log: Option<Result<DeploymentLog, Unread>>,
}

/// What is not as it should be between what was deployed and what is recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DifferenceKind {
    /// Something was deployed that no record speaks of.
    Unrecorded,
    /// A commit came onto the production branch without a pull request.
    DirectPush,
    /// A log says that a commit was deployed which does not lead to the production branch.
    OffBranch,
    /// A record names a commit that no production branch holds.
    NotThere,
    /// A record says that a commit was deployed which the log does not know of.
    NotLogged,
    /// A change was taken back, or mended in haste, and no incident is recorded.
    NoIncident,
    /// Numbers are missing between the ids of records.
    IdGap,
}

impl DifferenceKind {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 7] = [
        Self::Unrecorded,
        Self::DirectPush,
        Self::OffBranch,
        Self::NotThere,
        Self::NotLogged,
        Self::NoIncident,
        Self::IdGap,
    ];
}

/// One difference.
#[derive(Clone, Debug)]
pub struct Difference {
    /// What kind.
    pub kind: DifferenceKind,
    /// The repository, by its number in the configuration.
    pub repository: Option<u32>,
    /// When it happened; what decides the quarter.
    pub at: Option<Timestamp>,
    /// The commit, in full or as a record or log names it; a gap has none.
    pub commit: Option<Box<str>>,
    /// Its subject, the record's title, or the numbers that are missing.
    pub subject: Box<str>,
    /// Who did it, for people.
    pub who: Box<str>,
    /// The records it concerns, by id.
    pub records: Vec<Box<str>>,
    /// The policy of the record it is about.
    pub policy: Option<Box<str>>,
    /// Where it stands: in a record, in a log, else at the repository's entry in tickmark.yaml.
    pub place: Location,
    /// What is the matter: in one line, lower case, no full stop.
    pub what: Box<str>,
    /// What else is known of it; may be empty.
    pub note: Box<str>,
}

/// What became of one repository.
#[derive(Clone, Debug, Default)]
pub struct Reconciled {
    /// The branch that was read; none where none could be.
    pub branch: Option<Box<str>>,
    /// What stood in the way.
    pub unread: Vec<Unread>,
    /// `origin` has commits under this name that the branch read does not.
    pub behind: bool,
    /// Deployments to production: merges, squash merges and pushes that are deployed.
    pub deployed: usize,
    /// Those that have a record.
    pub recorded: usize,
    /// When each of them was, and whether it has a record.
    pub deployments: Vec<(Timestamp, bool)>,
    /// Merged, and in no deployment of the log yet.
    pub waiting: usize,
    /// Dated after the instant until which things are judged, at the end of the line.
    pub later: usize,
    /// Deployments to production in the log.
    pub logged: Option<usize>,
}

/// The records' side.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RecordsSide {
    /// Records with a production deployment in the time that is compared.
    pub deployed: usize,
    /// Those that belong to a commit of a production branch.
    pub here: usize,
    /// Those that name a commit which no production branch holds.
    pub not_there: usize,
    /// Those that name no commit and to which nothing belongs that was found.
    pub unnamed: usize,
}

/// What was deployed, held against what is recorded.
#[derive(Clone, Debug, Default)]
pub struct Reconciliation {
    /// The repositories, in the order of the configuration.
    pub repositories: Vec<Reconciled>,
    /// The records.
    pub records: RecordsSide,
    /// The differences, by kind, then by time.
    pub differences: Vec<Difference>,
}

impl Reconciliation {
    /// What stood in the way of comparing all of it.
    pub fn unread(&self) -> impl Iterator<Item = &Unread> {
        self.repositories.iter().flat_map(|r| &r.unread)
    }

    /// The differences of a kind.
    pub fn of(&self, kind: DifferenceKind) -> impl Iterator<Item = &Difference> {
        self.differences.iter().filter(move |d| d.kind == kind)
    }
}
