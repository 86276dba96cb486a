//! The quarterly report and the records behind its numbers.

use serde::Serialize;

use super::{AttentionRow, ClosingView, Delta, DeployedSection, EmergencyRow, Figure, Html, Link, Mark, WaiverRow};

/// A number in a table, with the records behind it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Count {
    /// The number.
    pub n: usize,
    /// The group that lists the records: `reports/2026-Q3/records/index.html#type-normal`; none for 0.
    pub href: Option<String>,
}

/// A quarterly report.
#[derive(Debug, Clone, Default, Serialize)]
pub struct QuarterReport {
    /// `2026-Q3`.
    pub id: String,
    /// `July to September 2026`.
    pub period: String,
    /// Whether the quarter is still running.
    pub open: bool,
    /// The finding: `Fewer emergencies, one rule keeps slipping`; plain where nothing stands out.
    pub headline: String,
    /// One paragraph made from the numbers.
    pub lede: String,
    /// That it was signed off, and what differs since; where it is closed.
    pub closing: Option<ClosingView>,
    /// Leadership's own words.
    pub words: Option<Html>,
    /// The four to eight numbers that matter.
    pub figures: Vec<Figure>,
    /// Changes by type and verdict, by type and outcome, by policy and verdict.
    pub tables: Vec<CrossTable>,
    /// The quarter's emergencies, newest first.
    pub emergencies: Vec<EmergencyRow>,
    /// Rules that were broken, most often first.
    pub failures: Vec<FailureRow>,
    /// What was deployed against what is recorded.
    pub deployed: DeployedSection,
    /// What is overdue.
    pub overdue: Vec<AttentionRow>,
    /// Waivers used, or in force during the quarter.
    pub waivers: Vec<WaiverRow>,
    /// This quarter against the one before; empty for the first.
    pub comparison: Vec<ComparisonRow>,
    /// The quarter before: `2026-Q2`.
    pub before: Option<Link>,
    /// The quarter after.
    pub after: Option<Link>,
    /// Other forms of the report (CSV, JSON), where made.
    pub downloads: Vec<Link>,
}

/// Counts of one thing by another.
#[derive(Debug, Clone, Default, Serialize)]
pub struct CrossTable {
    /// Anchor.
    pub id: String,
    /// `Changes by type and outcome`.
    pub title: String,
    /// Heading of the first column: `Type`.
    pub row_heading: String,
    /// Headings of the counts, without the total.
    pub columns: Vec<String>,
    /// The rows.
    pub rows: Vec<CrossRow>,
    /// The sums.
    pub total: CrossRow,
}

/// A row of a [`CrossTable`].
#[derive(Debug, Clone, Default, Serialize)]
pub struct CrossRow {
    /// What it counts.
    pub label: String,
    /// As many as there are columns.
    pub counts: Vec<Count>,
    /// Their sum.
    pub total: Count,
}

/// A rule that was broken in a quarter.
#[derive(Debug, Clone, Default, Serialize)]
pub struct FailureRow {
    /// The rule, to its clause in the internal policy page.
    pub rule: Link,
    /// Its policy's id.
    pub policy: String,
    /// The clause's words.
    pub sentence: Option<String>,
    /// `error`, `warning` or `note`.
    pub level: &'static str,
    /// How many changes broke it.
    pub count: Count,
    /// Of how many it bound.
    pub of: usize,
    /// How many broke it in the quarter before, of how many: `2 of 198`; none for the first quarter.
    pub before: Option<String>,
}

/// A measure in this quarter and the one before.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ComparisonRow {
    /// `Changes that kept every rule`.
    pub label: String,
    /// `204 of 212 (96.2 %)`.
    pub now: Link,
    /// `183 of 194 (94.3 %)`.
    pub before: Link,
    /// `+1.9 points`.
    pub delta: Delta,
}

/// The records behind a report's numbers.
#[derive(Debug, Clone, Default, Serialize)]
pub struct RecordsPage {
    /// `2026-Q3`.
    pub quarter: String,
    /// `July to September 2026`.
    pub period: String,
    /// The report.
    pub report: String,
    /// The groups, in the report's order.
    pub groups: Vec<Group>,
}

/// The records behind one number.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Group {
    /// Its anchor.
    pub id: String,
    /// `Normal changes, failed`.
    pub title: String,
    /// How many, with the unit: `3 changes`.
    pub count: String,
    /// The records, newest first.
    pub records: Vec<GroupRecord>,
    /// The same as ids alone, where there are more than a few hundred.
    pub ids: Vec<String>,
}

/// A record in a group.
#[derive(Debug, Clone, Default, Serialize)]
pub struct GroupRecord {
    /// Its id; the link to its page follows from it.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its verdict.
    pub mark: Mark,
}
