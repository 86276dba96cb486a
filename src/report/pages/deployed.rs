//! What was deployed in a quarter against what is recorded.

use serde::Serialize;

use super::{Link, Moment};

/// The section of a quarterly report.
#[derive(Debug, Clone, Default, Serialize)]
pub struct DeployedSection {
    /// How many deployments there were and how many have a record; or that nobody can say.
    pub sentences: Vec<String>,
    /// What could not be read, and what mends it.
    pub unread: Vec<UnreadRow>,
    /// The differences, by kind.
    pub lists: Vec<DeployedList>,
}

/// What could not be read.
#[derive(Debug, Clone, Default, Serialize)]
pub struct UnreadRow {
    /// What is the matter.
    pub what: String,
    /// What mends it.
    pub help: String,
}

/// The differences of a kind.
#[derive(Debug, Clone, Default, Serialize)]
pub struct DeployedList {
    /// Anchor.
    pub id: &'static str,
    /// `Merges without a record`.
    pub title: String,
    /// How many.
    pub count: usize,
    /// The latest of them.
    pub rows: Vec<DeployedRow>,
    /// How many are left out here.
    pub more: usize,
}

/// One difference.
#[derive(Debug, Clone, Default, Serialize)]
pub struct DeployedRow {
    /// What was deployed: the request's title, the first line of the message.
    pub subject: String,
    /// The commit in short.
    pub commit: String,
    /// The repository, as the configuration names it.
    pub repository: String,
    /// When.
    pub at: Option<Moment>,
    /// Who.
    pub who: String,
    /// The records it concerns.
    pub records: Vec<Link>,
    /// What else is known.
    pub note: String,
}
