//! The page of one change, and of waivers.

use serde::Serialize;

use super::{Fact, FindingRow, Link, Mark, Moment};

/// The page of one change.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ChangePage {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its verdict.
    pub mark: Mark,
    /// The verdict in words: `2 of 14 rules broken`.
    pub state: String,
    /// Type, policy and version: `Emergency change`, judged by …
    pub kind: String,
    /// The policy, with its version: `Change management policy 2.1`, to the internal policy page.
    pub policy: Link,
    /// Status, requested, deployed, author, systems and so on, in order; absent ones left out.
    pub facts: Vec<Fact>,
    /// Rules of its type that are neither kept nor pointless for it, worst first, then in the policy's order.
    pub rules: Vec<RuleRow>,
    /// Rules it keeps, then those of its type that ask nothing of it, each in the policy's order.
    pub kept: Vec<KeptRule>,
    /// The record's own words, in order: description, purpose, assessment, test plan, outcome, root cause, lessons,
    /// findings of the post-change review, reasons. Absent ones left out.
    pub texts: Vec<Fact>,
    /// Its plan for going back, part by part.
    pub rollback: Vec<Fact>,
    /// Its lists, in order: approvals, reviews, gates, deployments, incidents, notifications, pull
    /// requests, attestations. Empty ones left out.
    pub lists: Vec<Listing>,
    /// What happened when, oldest first.
    pub timeline: Vec<TimelineRow>,
    /// Waivers that touch it.
    pub waivers: Vec<WaiverRow>,
    /// Findings in its document.
    pub findings: Vec<FindingRow>,
    /// Its emergency summary.
    pub emergency: Option<String>,
    /// The quarter it belongs to, to that report.
    pub quarter: Link,
    /// The file: `changes/2026/CHG-1.yaml`.
    pub path: String,
}

/// A rule's verdict on a change.
#[derive(Debug, Clone, Default, Serialize)]
pub struct RuleRow {
    /// The rule's id.
    pub id: String,
    /// Its verdict.
    pub mark: Mark,
    /// `error`, `warning` or `note`; only the first decides the record's verdict.
    pub level: &'static str,
    /// The verdict's headline: `post-change review held after its deadline`.
    pub headline: String,
    /// The clause's own words, and where it stands in the internal policy page; text is empty where there is none.
    pub clause: Link,
    /// What was looked at: `deployed`, `reviewed`, `due`.
    pub facts: Vec<Fact>,
    /// How it was counted, a line each.
    pub arithmetic: Vec<String>,
    /// When it falls or fell due.
    pub due: Option<Moment>,
    /// The kind of deviation, to where it is explained.
    pub code: Option<Link>,
    /// What would satisfy it; for `fail`, `unknown` and `pending`.
    pub remedy: Option<String>,
    /// The waiver that excuses it, and whether it is retroactive: `WVR-1, approved after the deployment`.
    pub waiver: Option<Link>,
}

/// A rule that is kept, or asks nothing of a change: what there is to say about it in short, for most rules of most
/// changes are such.
#[derive(Debug, Clone, Default, Serialize)]
pub struct KeptRule {
    /// The rule's id.
    pub id: String,
    /// Its verdict.
    pub mark: Mark,
    /// The same as a word: `pass`.
    pub word: &'static str,
    /// The verdict's headline: `all 4 fields are filled in`.
    pub headline: String,
    /// The clause's own words; empty where there is none.
    pub clause: String,
    /// Where the clause stands in the internal policy page.
    pub href: String,
    /// What was looked at and when it fell due, a line each: `deployed: Thu 3 Jun 2021 15:47 (UTC)`.
    pub facts: String,
    /// How it was counted, a line each.
    pub arithmetic: String,
    /// `warning` or `note`; empty where it is `error`.
    pub level: &'static str,
}

/// A list of a record, as a table.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Listing {
    /// `Approvals`.
    pub title: &'static str,
    /// Column headings; columns that are empty throughout are left out.
    pub columns: Vec<&'static str>,
    /// Rows of as many cells.
    pub rows: Vec<Vec<String>>,
}

/// A line of a change's timeline.
#[derive(Debug, Clone, Default, Serialize)]
pub struct TimelineRow {
    /// When, for people.
    pub text: String,
    /// The same as RFC 3339.
    pub iso: String,
    /// `deployed to production`.
    pub what: &'static str,
    /// Who, or by what: `a.ng, pipeline`.
    pub by: Option<String>,
}

/// A waiver.
#[derive(Debug, Clone, Default, Serialize)]
pub struct WaiverRow {
    /// Its id, also its anchor on the waivers page.
    pub id: String,
    /// The rule it excuses.
    pub rule: String,
    /// Of which policy.
    pub policy: Link,
    /// What it covers, in words: `1 change`, `emergency changes of gateway`.
    pub scope: String,
    /// The changes it excused.
    pub changes: Vec<Link>,
    /// Why.
    pub reason: String,
    /// What protects meanwhile.
    pub control: Option<String>,
    /// Who asked.
    pub requested_by: String,
    /// Who approved, and when.
    pub approved_by: String,
    /// When it was approved.
    pub approved_at: Option<Moment>,
    /// Its last day.
    pub expires: String,
    /// `active`, `expired`, `unused`, or `expires in 9 days`.
    pub state: String,
    /// What is wrong with it (approved by who asked, after the deployment, too wide); empty is fine.
    pub remarks: Vec<String>,
}

/// The page of all waivers.
#[derive(Debug, Clone, Default, Serialize)]
pub struct WaiversPage {
    /// The finding in words: `Two waivers in force, one of them about to end`.
    pub headline: String,
    /// Waivers in force, then expired ones, newest first.
    pub waivers: Vec<WaiverRow>,
}
