//! The quarterly report and the records behind its numbers.

use serde::Serialize;

use super::{Attention, ClosingView, DeployedSection, EmergencyRow, Figure, Html, Link, Mark, Target, WaiverRow};

/// A number in a table, with the records behind it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Count {
    /// The number.
    pub n: usize,
    /// The group that lists the records: `reports/2026-Q3/records/index.html#type-normal`; none for 0.
    pub href: Option<String>,
}

/// A quarterly report: what every form of it is made from but the tables for programs.
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
    /// The eight numbers or fewer that matter most.
    pub figures: Vec<Figure>,
    /// What needs somebody now: overdue, due soon, what keeps going wrong. Empty lists are left out.
    pub attention: Vec<Attention>,
    /// Rules broken again and again, and systems whose changes break rules again and again.
    pub repeated: Vec<RepeatedRow>,
    /// Rules that were broken, most often first.
    pub failures: Vec<FailureRow>,
    /// The quarter's emergencies, newest first.
    pub emergencies: Vec<EmergencyRow>,
    /// The page of the quarter's emergencies, where there are any.
    pub emergencies_href: Option<String>,
    /// Lines over eight quarters.
    pub trends: Vec<Chart>,
    /// What the lines are drawn from.
    pub trend_table: Grid,
    /// Changes of each month of these quarters.
    pub months: Chart,
    /// What the months are drawn from.
    pub month_table: Grid,
    /// Every number with its definition, part by part.
    pub sections: Vec<NumberSection>,
    /// Control by control: whether it held throughout.
    pub controls: Vec<ControlRow>,
    /// How many held, in a sentence.
    pub controls_note: String,
    /// Changes by type and verdict, by type and outcome, by policy and verdict, by system and verdict.
    pub tables: Vec<CrossTable>,
    /// What was deployed against what is recorded.
    pub deployed: DeployedSection,
    /// Waivers used, or in force during the quarter.
    pub waivers: Vec<WaiverRow>,
    /// The quarter before: `2026-Q2`.
    pub before: Option<Link>,
    /// The same quarter a year ago: `2025-Q3`.
    pub year_before: Option<Link>,
    /// The quarter after.
    pub after: Option<Link>,
    /// The same report in other forms.
    pub downloads: Vec<Link>,
}

/// A part of the report that holds numbers.
#[derive(Debug, Clone, Default, Serialize)]
pub struct NumberSection {
    /// Anchor.
    pub id: &'static str,
    /// `What came of it`.
    pub title: &'static str,
    /// Heading of what was before: `2026-Q2`; empty where no such quarter has a report.
    pub before: String,
    /// Heading of what was a year ago: `2025-Q3`; empty where no such quarter has a report.
    pub year_before: String,
    /// The numbers.
    pub rows: Vec<NumberRow>,
}

/// A number with its base, its definition, and what it was before.
#[derive(Debug, Clone, Default, Serialize)]
pub struct NumberRow {
    /// Its id: `failure-rate`.
    pub id: &'static str,
    /// `Change failure rate`.
    pub label: String,
    /// `3.8 %`, `1 day 21 hours`; a dash where there is nothing to count.
    pub value: String,
    /// `8 of 212 changes`, to the records.
    pub base: Link,
    /// `2 unknown`, to the records; none where everything is known.
    pub unknown: Option<Link>,
    /// What it was in the quarter before: `3.1 % (6 of 194)`; none where that has no report.
    pub before: Option<Link>,
    /// What it was in the same quarter a year ago.
    pub year_before: Option<Link>,
    /// Its target and whether it was met.
    pub target: Option<Target>,
    /// What exactly is counted.
    pub definition: &'static str,
}

/// Something that keeps going wrong.
#[derive(Debug, Clone, Default, Serialize)]
pub struct RepeatedRow {
    /// The rule, or the system.
    pub what: Link,
    /// `rule` or `system`.
    pub kind: &'static str,
    /// `broken by 6 of 9 changes, 5 of 8 the quarter before`.
    pub says: String,
    /// The records behind it.
    pub count: Count,
    /// Who owns the policy: a role.
    pub owner: Option<String>,
}

/// A drawing, and what it says in words.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Chart {
    /// Anchor.
    pub id: String,
    /// `Kept every rule`.
    pub title: String,
    /// What is drawn, in a sentence: `Share of the changes judged to the end.`
    pub caption: String,
    /// An SVG element with title and description: of our own making, without style or script.
    pub svg: String,
}

impl Chart {
    /// The drawing as a document of its own, as everything but HTML wants it.
    pub fn document(&self) -> String {
        self.svg.replacen("<svg ", "<svg xmlns=\"http://www.w3.org/2000/svg\" ", 1)
    }
}

/// A plain table; the first cell of a row is its heading.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Grid {
    /// Headings.
    pub columns: Vec<String>,
    /// Rows of as many cells.
    pub rows: Vec<Vec<Link>>,
}

/// A rule over the quarter: whether it held throughout.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ControlRow {
    /// The rule, to its clause in the internal policy page.
    pub rule: Link,
    /// Its policy's id.
    pub policy: String,
    /// The clause's words.
    pub sentence: Option<String>,
    /// `error`, `warning` or `note`.
    pub level: &'static str,
    /// Changes it was asked of and that have fallen due.
    pub asked: Count,
    /// Those that kept it.
    pub kept: Count,
    /// Those that broke it.
    pub broken: Count,
    /// Those that are excused.
    pub waived: Count,
    /// Those of which nobody can say.
    pub unknown: Count,
    /// Those it is not due for yet.
    pub pending: Count,
    /// The answer as a mark, for its sign.
    pub mark: Mark,
    /// `held`, `did not hold`, `excused`, `nobody can say`, `not due yet`, `not asked`.
    pub held: &'static str,
    /// The days on which it did not hold, oldest first.
    pub days: Vec<ControlDay>,
    /// How many such days are left out.
    pub more_days: usize,
    /// Its target and whether it was met.
    pub target: Option<Target>,
    /// What it came to, of a rule that is judged for all records together: `14 deployments, and each has a record`. Its
    /// counts are then of nothing.
    pub says: Option<String>,
}

/// A day on which a rule did not hold.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ControlDay {
    /// `12 Aug 2026`.
    pub day: String,
    /// The changes that broke it; of a rule that is judged for all records together what is missing.
    pub changes: Vec<Link>,
    /// How many changes are left out.
    pub more: usize,
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
    /// Another group of the page: this one is all of it, but for the records that follow.
    pub base: Option<Link>,
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
