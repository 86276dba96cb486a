//! Policies as insiders see them: every policy, every rule, and what it found.

use serde::Serialize;

use super::{Fact, FindingRow, Html, Link, Mark};

/// All policies, public and internal.
#[derive(Debug, Clone, Default, Serialize)]
pub struct PoliciesPage {
    /// By title.
    pub policies: Vec<PolicyRow>,
    /// All of them in one printable copy, where built.
    pub pdf: Option<String>,
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
    /// The anchor of the heading that its title is, where it is one.
    pub anchor: Option<String>,
    /// One sentence.
    pub summary: Option<String>,
    /// `public`, `internal` or `confidential`.
    pub classification: &'static str,
    /// The version whose own page this is; none on the policy's page.
    pub own: Option<String>,
    /// What an edit that is not committed would make of past records; in a preview alone.
    pub what_if: Option<PolicyWhatIf>,
    /// What a reader must know of the version shown: that it is not in force yet, or no more, or not for long.
    pub notices: Vec<Link>,
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
    /// Its versions, newest first.
    pub versions: Vec<VersionRow>,
    /// Findings in its document.
    pub findings: Vec<FindingRow>,
    /// A printable copy, where built.
    pub pdf: Option<String>,
}

/// A version of a policy, for insiders.
#[derive(Debug, Clone, Default, Serialize)]
pub struct VersionRow {
    /// Its name; leads to its page, where that is another.
    pub version: Link,
    /// It is the one being shown.
    pub this: bool,
    /// `in force`, `superseded`, `takes effect later`, `cannot be read any more`.
    pub state: &'static str,
    /// `1 March 2026`.
    pub effective: Option<String>,
    /// `27 February 2026 (1f2e3d4)`; `not committed yet`.
    pub committed: Option<String>,
    /// The same for each commit that amended it, oldest first.
    pub amended: Vec<String>,
    /// `CISO, 20 February 2026`.
    pub approved: Option<String>,
    /// `public`, `internal` or `confidential`.
    pub classification: &'static str,
    /// The comparison with the one before.
    pub redline: Option<String>,
}

/// A page that compares two versions of a policy, for insiders.
#[derive(Debug, Clone, Default, Serialize)]
pub struct RedlinePage {
    /// Its place: `policies/five-stage/changes/2.0..2.1/index.html`.
    pub href: String,
    /// The policy's title.
    pub title: String,
    /// The policy's id.
    pub id: String,
    /// The policy's page.
    pub policy: String,
    /// The older version and its page.
    pub old: Link,
    /// The newer one.
    pub new: Link,
    /// Since when the older one was in force.
    pub old_effective: Option<String>,
    /// Since when the newer one is.
    pub new_effective: Option<String>,
    /// How many changes touch what a promise hangs on, rules included.
    pub material: usize,
    /// How many are of words alone.
    pub editorial: usize,
    /// How many blocks only moved.
    pub moved: usize,
    /// What differs in the heads.
    pub facts: Vec<RedlineFact>,
    /// The text, where something differs.
    pub sections: Vec<RedlineSection>,
    /// The rules, in plain words, where they differ.
    pub rules: Vec<RedlineRule>,
}

/// A fact that two versions state otherwise.
#[derive(Debug, Clone, Default, Serialize)]
pub struct RedlineFact {
    /// What it is.
    pub label: &'static str,
    /// As the older version has it.
    pub old: Option<String>,
    /// As the newer one does.
    pub new: Option<String>,
}

/// A section in which something differs.
#[derive(Debug, Clone, Default, Serialize)]
pub struct RedlineSection {
    /// Its heading; blank before the first.
    pub heading: String,
    /// Where it stands in the newer version.
    pub href: Option<String>,
    /// What stands in it.
    pub entries: Vec<RedlineEntry>,
}

/// A block of a section, or several that are alike.
#[derive(Debug, Clone, Default, Serialize)]
pub struct RedlineEntry {
    /// `same`, `moved`, `added`, `removed` or `edited`.
    pub state: &'static str,
    /// How many blocks.
    pub blocks: usize,
    /// `heading`, `paragraph`, `item`, `row` or `code`.
    pub kind: &'static str,
    /// It touches what a promise hangs on.
    pub material: bool,
    /// What of it matters: `number, unit`.
    pub reasons: String,
    /// Its words, what is gone in `del`, what is new in `ins`.
    pub html: Html,
    /// The heading it stood under before it moved.
    pub from: Option<String>,
}

/// A rule that two versions word otherwise.
#[derive(Debug, Clone, Default, Serialize)]
pub struct RedlineRule {
    /// Its id.
    pub id: String,
    /// `added`, `removed` or `edited`.
    pub state: &'static str,
    /// What it asks.
    pub html: Html,
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
    /// What an edit that is not committed would make of past records; in a preview alone.
    pub what_if: Option<RuleWhatIf>,
}

/// What an edit of a policy would make of its past records.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct PolicyWhatIf {
    /// `Not committed yet: 12 of 183 changes would come to another verdict`.
    pub headline: String,
    /// `10 pass → fail, 2 unknown → pass`; empty where no verdict changes.
    pub turns: String,
    /// The records, first those whose verdict changes.
    pub rows: Vec<WhatIfRow>,
    /// How many are not listed.
    pub more: usize,
}

/// A record that would come out otherwise.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct WhatIfRow {
    /// Its id.
    pub id: String,
    /// Its page.
    pub href: String,
    /// `pass → fail`, `fail as before`.
    pub verdict: String,
    /// `review-in-time: pass → fail`.
    pub rules: String,
}

/// What an edit would make of past records by one rule.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct RuleWhatIf {
    /// `3 pass → fail, 1 fail → pass`.
    pub text: String,
    /// The first few records.
    pub records: Vec<Link>,
    /// How many are not named.
    pub more: usize,
}
