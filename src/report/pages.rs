//! What an internal page shows: one struct per page kind, filled by `report` and rendered by `render`.
//!
//! Role: the vocabulary between the two. Invariant: everything arrives ready to print: times formatted with their
//! zone, counts with their unit, links with their target, rows in their order; a template decides nothing and counts
//! nothing. Strings are plain text, which templates escape; only [`Html`] is markup, made by the markdown allow-list.
//! Nothing here reads the model, judges or formats, and no public page is made from it (those have
//! `disclose::Public*`).
//!
//! Every `href` is relative to the internal site's root and names its file (`changes/CHG-1/index.html`,
//! `policies/five-stage/index.html#records`), so that the pages work from disk. Templates put the page's own way back
//! to the root before it.

mod change;
mod closing;
mod coverage;
mod deployed;
mod due;
mod emergency;
mod policy;
mod quarter;
mod reference;
mod workpaper;

use std::borrow::Cow;

use serde::Serialize;

pub use change::{ChangePage, KeptRule, Listing, RuleRow, TimelineRow, WaiverRow, WaiversPage};
pub use closing::{ClosingView, NumberRestated, RecordRestated, RestatementView};
pub use coverage::{CoveragePage, CoveragePolicy, CoverageSentence};
pub use deployed::{DeployedList, DeployedRow, DeployedSection, UnreadRow};
pub use due::{DueDay, DueMonth, DuePage, DueRow};
pub use emergency::{
    BypassedGate, ClockLine, ClockRow, EmergenciesPage, EmergencyRow, EmergencySummary, FollowUp, Met, Timeline,
    TimelineDeadline, TimelineEvent,
};
pub use policy::{
    Clause, ClauseRule, Heading, PoliciesPage, PolicyInternal, PolicyRow, PolicyRule, PolicyWhatIf, RedlineEntry,
    RedlineFact, RedlinePage, RedlineRule, RedlineSection, RuleWhatIf, VerdictCounts, VersionRow, WhatIfRow,
};
pub use quarter::{
    Chart, ControlDay, ControlRow, Count, CrossRow, CrossTable, FailureRow, Grid, Group, GroupRecord, NumberRow,
    NumberSection, QuarterReport, RecordsPage, RepeatedRow,
};
pub use reference::{
    CaseFinding, CaseLine, CodeFamily, CodeRow, CodesPage, ReferenceCase, ReferenceEntry, ReferenceIndex,
    ReferencePage, ReferencePart,
};
pub use workpaper::{AttributeTest, RuleTest, SampledChange, TestedAttribute, Workpaper};

/// Markup from the markdown allow-list, or from a template of ours; the only thing templates do not escape.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Html(pub String);

/// A verdict, for its word and its colour; never the colour alone.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mark {
    /// Broken.
    Fail,
    /// Nobody can say.
    Unknown,
    /// Not due yet.
    Pending,
    /// Broken, and excused.
    Waived,
    /// Kept.
    Pass,
    /// Does not bind this change.
    #[default]
    NotApplicable,
}

/// An instant: as people read it, with its zone (`Tue 29 Sep 2026, 16:10 AEST`), and as machines do (RFC 3339).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Moment {
    /// For people.
    pub text: String,
    /// For `<time datetime>`.
    pub iso: String,
}

/// Words that may lead somewhere.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Link {
    /// The words.
    pub text: String,
    /// Where to; none is plain text.
    pub href: Option<String>,
}

/// A label and what stands beside it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Fact {
    /// `Deployed`.
    pub label: Cow<'static, str>,
    /// `Tue 29 Sep 2026, 16:10 AEST`.
    pub value: String,
}

/// What stands on every internal page.
#[derive(Debug, Clone, Default, Serialize)]
pub struct InternalSite {
    /// The site's name.
    pub name: String,
    /// Whose site it is.
    pub organisation: String,
    /// BCP 47, for `lang`.
    pub language: String,
    /// `ltr` or `rtl`, by the language.
    pub direction: &'static str,
    /// Whether everything shown is made up.
    pub demonstration: bool,
    /// Until when records were judged; in the footer.
    pub as_of: Moment,
    /// The latest quarterly report, for the navigation.
    pub latest_report: Option<String>,
}

/// The internal home page.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Overview {
    /// The finding in words, made from the numbers: `Three changes need somebody today`.
    pub headline: String,
    /// A sentence or two that say what a reader must know.
    pub lede: String,
    /// The four or so numbers that matter.
    pub figures: Vec<Figure>,
    /// What needs somebody now, most urgent first: overdue, failing, due soon. Empty ones are left out.
    pub attention: Vec<Attention>,
    /// Quarters, newest first.
    pub quarters: Vec<QuarterRow>,
    /// The latest emergencies, newest first.
    pub emergencies: Vec<EmergencyRow>,
    /// How many emergencies there are in all.
    pub emergency_count: usize,
    /// Findings in documents.
    pub findings: Vec<FindingRow>,
    /// How many findings are not listed.
    pub findings_more: usize,
}

/// A number with its base.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Figure {
    /// `96.2 %`, `212`, `1.9 days`.
    pub value: String,
    /// `kept every rule`.
    pub label: String,
    /// `204 of 212 changes`.
    pub base: Option<String>,
    /// Against the quarter before.
    pub delta: Option<Delta>,
    /// `target 95 %, met`.
    pub target: Option<Target>,
    /// The records behind it.
    pub href: Option<String>,
}

/// A change against the quarter before.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Delta {
    /// `+2.1 points on 2026-Q2`, `no change on 2026-Q2`.
    pub text: String,
    /// `better`, `worse` or `neutral`; a number without a wish behind it is neutral.
    pub tone: &'static str,
}

/// A target and whether it was met.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Target {
    /// `target 95 %`.
    pub text: String,
    /// Whether it was met.
    pub met: bool,
}

/// A list of what needs somebody.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Attention {
    /// Anchor.
    pub id: String,
    /// `Overdue`, `Broken and still open`, `Due within seven days`.
    pub title: String,
    /// What is listed, in a sentence.
    pub note: Option<String>,
    /// The rows.
    pub rows: Vec<AttentionRow>,
    /// How many more there are, and where.
    pub more: Option<Link>,
}

/// Something that needs somebody.
#[derive(Debug, Clone, Default, Serialize)]
pub struct AttentionRow {
    /// The change's id.
    pub id: String,
    /// Its page.
    pub href: String,
    /// Its title.
    pub title: String,
    /// The rule.
    pub rule: String,
    /// Who owns the policy: a role, or a person.
    pub owner: Option<String>,
    /// When it falls or fell due.
    pub due: Option<Moment>,
    /// The verdict.
    pub mark: Mark,
    /// The verdict in words: `late by 2 days`, `due in 3 days`.
    pub state: String,
}

/// A quarter in the overview.
#[derive(Debug, Clone, Default, Serialize)]
pub struct QuarterRow {
    /// `2026-Q3`.
    pub id: String,
    /// Its report.
    pub href: String,
    /// `July to September 2026`.
    pub period: String,
    /// Whether it is still running.
    pub open: bool,
    /// Changes in it.
    pub changes: usize,
    /// How many of them are emergencies.
    pub emergencies: usize,
    /// How many kept every rule.
    pub pass: usize,
    /// How many broke one.
    pub fail: usize,
    /// How many wait, are unknown, waived or have no rule.
    pub other: usize,
    /// `96.2 %`, of those judged.
    pub share: String,
}

/// A finding in a document: a diagnostic.
#[derive(Debug, Clone, Default, Serialize)]
pub struct FindingRow {
    /// `error`, `warning` or `note`.
    pub level: &'static str,
    /// `record/unknown-key`.
    pub code: String,
    /// Where the code is explained.
    pub code_href: String,
    /// What is wrong.
    pub message: String,
    /// `changes/2026/CHG-1.yaml:4:1`.
    pub place: String,
    /// What to do.
    pub help: Option<String>,
}

/// One page of the register of changes.
#[derive(Debug, Clone, Default, Serialize)]
pub struct RegisterPage {
    /// `Register of changes`.
    pub title: &'static str,
    /// Its own file, relative to the internal site.
    pub href: String,
    /// Which page, from 1.
    pub number: usize,
    /// Links to all pages, if more than one; `href` is none on the current one. Long runs may be cut short with `…`.
    pub pages: Vec<Link>,
    /// Changes in all.
    pub total: usize,
    /// The first row's place in the whole register, from 1.
    pub first: usize,
    /// The last row's.
    pub last: usize,
    /// How many scripts hold the rows of the whole register; none where it has one page, which holds them itself.
    pub parts: usize,
    /// The verdict that all its rows have, where that is what it lists.
    pub only: Option<&'static str>,
    /// What all that it lists can be narrowed to, on whichever page.
    pub choices: Vec<Filter>,
    /// Filters over this page; those with fewer than two options are left out.
    pub filters: Vec<Filter>,
    /// The rows, newest first.
    pub rows: Vec<RegisterRow>,
}

/// A filter of the register.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Filter {
    /// `v`, `t`, `p` or `q`, for verdict, type, policy and quarter: the style sheet knows these.
    pub key: &'static str,
    /// `Verdict`.
    pub title: &'static str,
    /// The options, without "all"; over one page at most [`Filter::SLOTS`].
    pub options: Vec<FilterOption>,
}

impl Filter {
    /// How many options the style sheet knows per filter. Rows of any further option simply have no slot of their own.
    pub const SLOTS: usize = 24;
}

/// An option of a filter.
#[derive(Debug, Clone, Default, Serialize)]
pub struct FilterOption {
    /// Its slot, from 1: option 3 of filter `t` shows the rows of class `t3`.
    pub slot: usize,
    /// `Emergency`.
    pub label: String,
    /// How many rows it shows.
    pub count: usize,
}

/// A change in the register.
#[derive(Debug, Clone, Default, Serialize)]
pub struct RegisterRow {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Slots of its verdict, type, policy and quarter: `v1 t3 p2 q1`.
    pub slots: String,
    /// Title of its type.
    pub kind: String,
    /// The policy's id.
    pub policy: String,
    /// Its quarter.
    pub quarter: String,
    /// The day it was deployed, else closed, else requested: `29 Sep 2026`.
    pub day: String,
    /// The same for `<time datetime>`.
    pub iso: String,
    /// Its verdict.
    pub mark: Mark,
    /// The rules behind a verdict that is not a pass: `emergency-review, close-fields`.
    pub rules: String,
}
