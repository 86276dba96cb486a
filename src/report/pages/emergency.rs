//! Emergencies: the list, the summary of one, and what its timeline is drawn from.

use serde::Serialize;

use super::{Fact, Figure, Link, Listing, Mark, Moment, RuleRow, WaiverRow};

/// An emergency in a list.
#[derive(Debug, Clone, Default, Serialize)]
pub struct EmergencyRow {
    /// The change's id.
    pub id: String,
    /// Its summary page.
    pub href: String,
    /// Its title.
    pub title: String,
    /// When it was deployed, or else requested.
    pub at: Option<Moment>,
    /// Its quarter.
    pub quarter: String,
    /// The incident behind it: `P1 INC-88`.
    pub incident: Option<String>,
    /// Its clocks: `Review: 2 days late`, `Record: 8 hours to spare`.
    pub clocks: Vec<ClockLine>,
    /// The record's verdict.
    pub mark: Mark,
    /// `1 of 9 rules broken`.
    pub state: String,
}

/// One clock of an emergency in a list.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ClockLine {
    /// What the clock measures: `reviewed`.
    pub label: String,
    /// Its verdict.
    pub mark: Mark,
    /// `2 days late`.
    pub text: String,
}

/// All emergencies, or those of a quarter.
#[derive(Debug, Clone, Default, Serialize)]
pub struct EmergenciesPage {
    /// The quarter's report; none on the page of all.
    pub quarter: Option<Link>,
    /// Its own file, relative to the internal site.
    pub href: String,
    /// The quarter's numbers of emergencies; empty on the page of all.
    pub figures: Vec<Figure>,
    /// The finding in words.
    pub headline: String,
    /// A sentence or two.
    pub lede: String,
    /// The rows, newest first.
    pub rows: Vec<EmergencyRow>,
}

/// The summary of one emergency change.
#[derive(Debug, Clone, Default, Serialize)]
pub struct EmergencySummary {
    /// The change's id.
    pub id: String,
    /// The change's title.
    pub title: String,
    /// The finding: `Two days late to its review; every other clock was met`.
    pub headline: String,
    /// What happened, in a few sentences made from the record.
    pub lede: String,
    /// The record's verdict.
    pub mark: Mark,
    /// `1 of 9 rules broken`.
    pub state: String,
    /// Incident, severity, systems, requester, deployer, outcome.
    pub facts: Vec<Fact>,
    /// The drawing, and the table beside it.
    pub timeline: Timeline,
    /// Every deadline.
    pub clocks: Vec<ClockRow>,
    /// What was not met, worst first.
    pub broken: Vec<RuleRow>,
    /// What was met, in short; the change's own page says more.
    pub kept: Vec<Met>,
    /// Everything else: pending, unknown, waived.
    pub open: Vec<RuleRow>,
    /// Approvals, with medium, channel and whether they came after the deployment.
    pub approvals: Option<Listing>,
    /// Gates that normal changes pass and that this one did not pass before it was deployed.
    pub bypassed: Vec<BypassedGate>,
    /// A sentence about gates; none where its policy asks for none.
    pub gates_note: Option<String>,
    /// What is still to be done, or was promised: open rules, lessons, links.
    pub follow_ups: Vec<FollowUp>,
    /// A sentence about approvals: `One approval, by telephone, written down 3 hours after the deployment.`
    pub approvals_note: Option<String>,
    /// The record's own words: description, root cause, lessons.
    pub texts: Vec<Fact>,
    /// Findings of the post-change review.
    pub review_findings: Option<String>,
    /// Who reviewed, and when.
    pub reviewed: Option<String>,
    /// Could it have been prevented: `yes`, `no`, `unclear`, or none where nobody said.
    pub preventable: Option<&'static str>,
    /// Waivers that touch it.
    pub waivers: Vec<WaiverRow>,
    /// The change's own page.
    pub change: String,
    /// Its quarter's report.
    pub quarter: Link,
    /// The policy that judged it.
    pub policy: Link,
}

/// A gate that an emergency did not pass before it was deployed.
#[derive(Debug, Clone, Default, Serialize)]
pub struct BypassedGate {
    /// Its name.
    pub gate: String,
    /// What became of it: `skipped`, `failed`, `not recorded`, `passed 3 hours after the deployment`.
    pub state: String,
    /// Why: the record's own reason, the waiver's, or that nobody has said.
    pub why: String,
    /// The rule that asks for it.
    pub rule: String,
    /// What that rule came to for this change; `NotApplicable` where it does not bind it.
    pub mark: Mark,
}

/// Something that is to follow an emergency.
#[derive(Debug, Clone, Default, Serialize)]
pub struct FollowUp {
    /// `Open`, `Lesson`, `Link`.
    pub kind: &'static str,
    /// What.
    pub what: String,
    /// Until when, where that is known.
    pub due: Option<Moment>,
    /// How it stands, where a rule says so.
    pub mark: Mark,
    /// Where to.
    pub href: Option<String>,
}

/// A rule that an emergency kept.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Met {
    /// The rule's id.
    pub id: String,
    /// `1 person approved as asked`.
    pub headline: String,
}

/// A deadline of an emergency.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ClockRow {
    /// The promise, in the clause's words.
    pub promise: String,
    /// The rule.
    pub rule: String,
    /// When it fell due.
    pub due: Moment,
    /// When it was done; none where it was not.
    pub done: Option<Moment>,
    /// Its verdict.
    pub mark: Mark,
    /// `2 days 3 hours late`, `8 hours to spare`, `due in 3 days`.
    pub margin: String,
}

/// What the timeline of an emergency is drawn from. `render` computes the drawing, and gives templates that alone.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Timeline {
    /// `Timeline of CHG-2026-0188`.
    pub title: String,
    /// `Friday 25 September to Thursday 1 October 2026, Australia/Brisbane`.
    pub span: String,
    /// What happened, oldest first.
    #[serde(skip)]
    pub events: Vec<TimelineEvent>,
    /// What was due, oldest first.
    #[serde(skip)]
    pub deadlines: Vec<TimelineDeadline>,
    /// Starts of days within the drawing, for its ruler: (Unix seconds, `Sat 26`).
    #[serde(skip)]
    pub days: Vec<(i64, String)>,
}

/// A dot on a timeline.
#[derive(Debug, Clone, Default, Serialize)]
pub struct TimelineEvent {
    /// Unix seconds.
    pub at: i64,
    /// The same for people, with the zone.
    pub time: Moment,
    /// Short, for the drawing: `deployed`.
    pub label: String,
    /// For the drawing, beside the label: `16:10`.
    pub clock: String,
    /// For the table: `a.ng, through the pipeline`.
    pub detail: Option<String>,
    /// `Fail` for what came late, `Pass` for what came in time, `NotApplicable` for what no clock watched.
    pub mark: Mark,
}

/// A dashed line on a timeline.
#[derive(Debug, Clone, Default, Serialize)]
pub struct TimelineDeadline {
    /// Unix seconds.
    pub at: i64,
    /// The same for people.
    pub time: Moment,
    /// Short: `review due`.
    pub label: String,
    /// Whether what was due came in time.
    pub mark: Mark,
    /// When it came, if it did: Unix seconds. What lies between this and `at` is drawn as lateness.
    pub done: Option<i64>,
    /// `2 days late`.
    pub margin: String,
}
