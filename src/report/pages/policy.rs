//! Policies as insiders see them: every policy, every rule, and what it found.

use serde::Serialize;

use super::{Fact, FindingRow, Html, Link, Mark};

/// All policies, public and internal.
#[derive(Debug, Clone, Default, Serialize)]
pub struct PoliciesPage {
    /// By title.
    pub policies: Vec<PolicyRow>,
}

/// A policy in the internal list.
#[derive(Debug, Clone, Default, Serialize)]
pub struct PolicyRow {
    /// Its id.
    pub id: String,
    /// Its page.
    pub href: String,
    /// Its title.
    pub title: String,
    /// `public`, `internal` or `confidential`.
    pub classification: &'static str,
    /// The version in force.
    pub version: String,
    /// Its owner.
    pub owner: Option<String>,
    /// `due 20 May 2027`, `overdue since 20 May 2026`.
    pub review: Option<String>,
    /// Whether that review is overdue.
    pub review_overdue: bool,
    /// How many rules it has.
    pub rules: usize,
    /// How many changes it judges.
    pub changes: usize,
    /// How many of them break a rule.
    pub fail: usize,
}

/// The internal page of one policy in one version.
#[derive(Debug, Clone, Default, Serialize)]
pub struct PolicyInternal {
    /// Its id.
    pub id: String,
    /// Its place: `policies/five-stage/index.html`.
    pub href: String,
    /// Its title.
    pub title: String,
    /// One sentence.
    pub summary: Option<String>,
    /// `public`, `internal` or `confidential`.
    pub classification: &'static str,
    /// Version, in force since, last reviewed, next review, owner, approved, changes judged.
    pub facts: Vec<Fact>,
    /// Its text: clauses carry what [`Clause`] renders to.
    pub body: Html,
    /// Its headings of level 2 and 3.
    pub outline: Vec<Heading>,
    /// Its rules in their order.
    pub rules: Vec<PolicyRule>,
    /// Outside requirements it implements: `SOC 2 CC8.1`.
    pub implements: Vec<String>,
    /// Its versions, newest first; text is the version and its day.
    pub versions: Vec<Link>,
    /// Findings in its document.
    pub findings: Vec<FindingRow>,
}

/// A heading of a page, for its outline.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Heading {
    /// 2 or 3.
    pub level: u8,
    /// Its anchor.
    pub id: String,
    /// Its words.
    pub text: String,
}

/// A rule of a policy, with what it found.
#[derive(Debug, Clone, Default, Serialize)]
pub struct PolicyRule {
    /// Its id.
    pub id: String,
    /// The clause's anchor on the same page; none where it has no clause.
    pub anchor: Option<String>,
    /// What it asks, in plain words.
    pub says: String,
    /// `every change`, `emergency changes`.
    pub binds: String,
    /// `error`, `warning` or `note`.
    pub level: &'static str,
    /// Its verdicts.
    pub counts: VerdictCounts,
}

/// How often each verdict was given.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct VerdictCounts {
    /// Kept.
    pub pass: usize,
    /// Broken.
    pub fail: usize,
    /// Not due yet.
    pub pending: usize,
    /// Nobody can say.
    pub unknown: usize,
    /// Excused.
    pub waived: usize,
    /// Did not bind.
    pub not_applicable: usize,
}

/// What stands behind a clause, for insiders: rendered by `Theme::render_clause` into the markup that the text carries.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Clause {
    /// Its anchor.
    pub anchor: String,
    /// What is checked, after the word "Checked": `on every emergency change`.
    pub on: String,
    /// The rules; never empty.
    pub rules: Vec<ClauseRule>,
}

/// A rule behind a clause, for insiders.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ClauseRule {
    /// Its id.
    pub id: String,
    /// What it asks, a whole sentence.
    pub says: String,
    /// `204 pass, 8 fail`; empty where it judged nothing yet.
    pub tally: String,
    /// `11 of 12 changes of this quarter pass`; empty where it has judged none of them.
    pub quarter: String,
    /// The worst verdict it gave.
    pub mark: Mark,
}
