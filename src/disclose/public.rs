//! What a public page may show: the only types from which one can be made.
//!
//! Role: the vocabulary between `disclose`, which fills these field by field, and `render`, whose functions for public
//! pages take nothing else. Invariant: no field here can hold a record, a person, a waiver or an internal policy;
//! people appear as the role they held, and figures only as published aggregates. Strings are plain text which
//! templates escape; only [`PublicHtml`] is markup, made by the markdown allow-list. Dates arrive formatted. Nothing
//! here decides what is public, and nothing reads the model.
//!
//! Every `href` is relative to the site's root (`policies/`, `security/`, `policies/five-stage/#records`) unless it
//! starts with a scheme; `.` is the home page. Templates put the page's own way back to the root before it.

mod trust;

use serde::Serialize;

pub use trust::*;

/// Markup from the markdown allow-list, or from a template of ours; the only thing templates do not escape.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct PublicHtml(pub String);

/// A day: as people read it (`1 March 2026`) and as machines do (`2026-03-01`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct PublicDate {
    /// For people.
    pub text: String,
    /// For `<time datetime>`.
    pub iso: String,
}

/// A link with its words.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct PublicLink {
    /// The words.
    pub label: String,
    /// Where to, relative to the root.
    pub href: String,
}

/// What stands on every public page.
#[derive(Debug, Clone, Default, Serialize)]
pub struct PublicSite {
    /// The site's name, in the header and in titles.
    pub name: String,
    /// Whose site it is.
    pub organisation: String,
    /// BCP 47, for `lang`.
    pub language: String,
    /// `ltr` or `rtl`, by the language.
    pub direction: &'static str,
    /// Its address, with a slash at its end.
    pub base_url: String,
    /// The path part of `base_url`, with a slash at both ends (`/`, `/trust/`): 404 pages need it.
    pub base_path: String,
    /// Whether everything shown is made up.
    pub demonstration: bool,
    /// The main navigation; the policies list is one of its entries.
    pub nav: Vec<PublicLink>,
    /// The search page, where there is one.
    pub search: Option<String>,
    /// Address for questions.
    pub contact: String,
    /// Address for vulnerability reports.
    pub security_contact: Option<String>,
    /// Machine-readable companions named in the footer (Atom feed, JSON, security.txt), where they are made.
    pub machine: Vec<PublicLink>,
    /// Feeds of updates are made.
    pub feeds: bool,
}

/// A heading of a page, for its outline.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct PublicHeading {
    /// 2 or 3; deeper ones are left out.
    pub level: u8,
    /// Its anchor.
    pub id: String,
    /// Its words.
    pub text: String,
}

/// A page from `content/`.
#[derive(Debug, Clone, Default, Serialize)]
pub struct PublicPage {
    /// Its place, as in `security/`; marks the current entry of the navigation.
    pub href: String,
    /// Its title.
    pub title: String,
    /// The anchor of the heading that its title is, where it is one.
    pub anchor: Option<String>,
    /// One sentence under the title, and the description for search engines.
    pub summary: Option<String>,
    /// Its text.
    pub body: PublicHtml,
    /// Its headings; an outline is shown from three on.
    pub outline: Vec<PublicHeading>,
    /// Lists from `content/data`, after the text.
    pub tables: Vec<PublicTable>,
}

/// A page at an old path, which leads on to where the document stands now.
#[derive(Debug, Clone, Default, Serialize)]
pub struct PublicMoved {
    /// The old path.
    pub href: String,
    /// What the document is called.
    pub title: String,
    /// Where it stands now.
    pub to: String,
    /// The same as a whole address.
    pub address: String,
}

/// The search page.
#[derive(Debug, Clone, Default, Serialize)]
pub struct PublicSearch {
    /// The folder of the index, from the page on, with a slash at its end.
    pub folder: String,
    /// Every page, for readers without scripts.
    pub pages: Vec<PublicListed>,
}

/// A page and its headings, as the search page lists them.
#[derive(Debug, Clone, Default, Serialize)]
pub struct PublicListed {
    /// Its title.
    pub title: String,
    /// Its place.
    pub href: String,
    /// Its headings; empty where the site has too many.
    pub headings: Vec<PublicLink>,
}

/// A list from `content/data`, as a table.
#[derive(Debug, Clone, Default, Serialize)]
pub struct PublicTable {
    /// Anchor of its heading.
    pub id: String,
    /// Its heading.
    pub title: String,
    /// A line under it.
    pub note: Option<String>,
    /// Column headings; the first column names the row.
    pub columns: Vec<String>,
    /// Rows of as many cells.
    pub rows: Vec<Vec<PublicCell>>,
}

/// A cell of a [`PublicTable`].
#[derive(Debug, Clone, Default, Serialize)]
pub struct PublicCell {
    /// Its text; for a date the human form.
    pub text: String,
    /// The ISO form, where it is a date.
    pub iso: Option<String>,
    /// Where it links to.
    pub href: Option<String>,
}

/// The home page.
#[derive(Debug, Clone, Default, Serialize)]
pub struct PublicHome {
    /// Title from `content/index.md`, else the site's name.
    pub title: String,
    /// Its summary, else a sentence with the organisation's name.
    pub lede: String,
    /// Its text; empty without the file. What stands before its first section comes before the policies, the rest
    /// after.
    pub body: PublicHtml,
    /// The public policies.
    pub policies: Vec<PublicPolicyRow>,
    /// Published figures, where the site publishes any.
    pub figures: Option<PublicFigures>,
    /// Lists from `content/data` for this page.
    pub tables: Vec<PublicTable>,
    /// What the organisation commits to.
    pub commitments: Vec<PublicCommitment>,
    /// Certifications, and their page.
    pub certifications: Vec<PublicCertification>,
    /// What happened lately.
    pub updates: Vec<PublicUpdate>,
}

/// The list of policies.
#[derive(Debug, Clone, Default, Serialize)]
pub struct PublicPolicies {
    /// By title.
    pub policies: Vec<PublicPolicyRow>,
    /// All of them in one printable copy, where built.
    pub pdf: Option<String>,
}

/// A policy in a list.
#[derive(Debug, Clone, Default, Serialize)]
pub struct PublicPolicyRow {
    /// Where it stands.
    pub href: String,
    /// Its title.
    pub title: String,
    /// One sentence.
    pub summary: Option<String>,
    /// The version in force.
    pub version: String,
    /// Since when.
    pub effective: Option<PublicDate>,
    /// The owner's role, in words (`Engineering lead`).
    pub owner: Option<String>,
    /// How many of its clauses a rule checks.
    pub checked: usize,
}

/// Published figures of one quarter.
#[derive(Debug, Clone, Default, Serialize)]
pub struct PublicFigures {
    /// `July to September 2026`.
    pub period: String,
    /// The figures.
    pub figures: Vec<PublicFigure>,
    /// Below which number of records a figure is withheld; for the caption.
    pub smallest_group: usize,
}

/// One published figure; [`PublicFigure::value`] is none where the group is too small.
#[derive(Debug, Clone, Default, Serialize)]
pub struct PublicFigure {
    /// What it says, as in `changes reviewed by somebody else`.
    pub label: String,
    /// `96.2 %`.
    pub value: Option<String>,
    /// `204 of 212 changes`.
    pub base: Option<String>,
    /// How it is counted, one sentence.
    pub definition: Option<String>,
    /// What it is about, for machines: `reviewed`, `tested`, `reversible`, `emergency-reviewed`.
    pub subject: &'static str,
    /// The counts behind it, unless withheld.
    pub share: Option<PublicShare>,
}

/// How many of how many.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct PublicShare {
    /// That kept what is asked.
    pub kept: usize,
    /// Of which it was asked.
    pub of: usize,
}

/// A page of one policy in one version.
#[derive(Debug, Clone, Default, Serialize)]
pub struct PublicPolicy {
    /// Its id.
    pub id: String,
    /// Its place, as in `policies/five-stage/`.
    pub href: String,
    /// Its title.
    pub title: String,
    /// The anchor of the heading that its title is, where it is one.
    pub anchor: Option<String>,
    /// One sentence, shown under the title.
    pub summary: Option<String>,
    /// The version shown.
    pub version: String,
    /// This is that version's own page, not the policy's.
    pub own: bool,
    /// Since when it is in force.
    pub effective: Option<PublicDate>,
    /// When its text last changed, as history shows it.
    pub updated: Option<PublicDate>,
    /// When its text was last amended without a new version.
    pub amended: Option<PublicDate>,
    /// When it was last reviewed.
    pub last_reviewed: Option<PublicDate>,
    /// When the next review is due.
    pub next_review: Option<PublicDate>,
    /// The owner's role, in words.
    pub owner: Option<String>,
    /// The approver's role, in words.
    pub approved_by: Option<String>,
    /// When it was approved.
    pub approved_at: Option<PublicDate>,
    /// Its change types, compared in cards; empty where it defines none.
    pub types: Vec<PublicType>,
    /// Anchor of the section of the text that speaks of them: the cards stand there, else before the first section.
    pub types_after: Option<String>,
    /// Its text: clauses carry what [`PublicClause`] renders to.
    pub body: PublicHtml,
    /// Its headings.
    pub outline: Vec<PublicHeading>,
    /// How many clauses a rule checks.
    pub checked: usize,
    /// Which outside requirements it implements.
    pub implements: Vec<PublicControl>,
    /// Public policies it refers to.
    pub related: Vec<PublicLink>,
    /// Whether what is shown is in force, was, or will be.
    pub standing: PublicStanding,
    /// Its public versions, newest first.
    pub versions: Vec<PublicPolicyVersion>,
    /// A printable copy, where built.
    pub pdf: Option<String>,
    /// Aggregate figures for this policy, where published.
    pub figures: Option<PublicFigures>,
}

/// A type of change, as a card.
#[derive(Debug, Clone, Default, Serialize)]
pub struct PublicType {
    /// `Standard`.
    pub title: String,
    /// `Low risk`; `High risk, expedited`.
    pub risk: Option<String>,
    /// One sentence.
    pub summary: Option<String>,
    /// Examples, each a few words.
    pub examples: Vec<String>,
    /// How many rules bind a change of this type.
    pub rules: usize,
}

/// A requirement of a framework.
#[derive(Debug, Clone, Default, Serialize)]
pub struct PublicControl {
    /// `SOC 2`.
    pub framework: String,
    /// `CC8.1`.
    pub control: String,
    /// Its title, where known.
    pub title: Option<String>,
    /// Where the site says more about it.
    pub href: Option<String>,
}

/// Whether a version is in force, was, or will be, and which others a reader should know of.
#[derive(Debug, Clone, Default, Serialize)]
pub struct PublicStanding {
    /// `in-force`, `past` or `coming`.
    pub state: &'static str,
    /// Since when, or from when on.
    pub effective: Option<PublicDate>,
    /// Of a past version: the day on which the next one took effect.
    pub until: Option<PublicDate>,
    /// The version that takes effect after it, where that is still to come.
    pub next: Option<PublicPolicyVersion>,
    /// The version in force, where it is another: its name, and the policy's page.
    pub now: Option<PublicLink>,
    /// The page of this version that stays; on the policy's own page.
    pub permanent: Option<String>,
}

/// A version in a policy's history.
#[derive(Debug, Clone, Default, Serialize)]
pub struct PublicPolicyVersion {
    /// Its name.
    pub version: String,
    /// `in-force`, `past` or `coming`.
    pub state: &'static str,
    /// Since when it is or was in force.
    pub effective: Option<PublicDate>,
    /// When its text was amended without a new version, oldest first.
    pub amended: Vec<PublicDate>,
    /// The owner's role, in words.
    pub owner: Option<String>,
    /// The approver's role, in words.
    pub approved_by: Option<String>,
    /// When it was approved.
    pub approved_at: Option<PublicDate>,
    /// It is the one being shown.
    pub this: bool,
    /// Its page; none where that is the page itself.
    pub href: Option<String>,
    /// The comparison with the one before.
    pub redline: Option<String>,
}

/// A page that compares two versions of a policy.
#[derive(Debug, Clone, Default, Serialize)]
pub struct PublicRedline {
    /// Its place: `policies/five-stage/changes/2.0..2.1/`.
    pub href: String,
    /// The policy's title.
    pub title: String,
    /// The policy's page.
    pub policy: String,
    /// The older version and its page.
    pub old: PublicLink,
    /// The newer one.
    pub new: PublicLink,
    /// Since when the older one was in force.
    pub old_effective: Option<PublicDate>,
    /// Since when the newer one is.
    pub new_effective: Option<PublicDate>,
    /// How many changes touch what a promise hangs on, rules included.
    pub material: usize,
    /// How many are of words alone.
    pub editorial: usize,
    /// How many blocks only moved.
    pub moved: usize,
    /// What differs in the heads: title, owner, approver, how often it is reviewed.
    pub facts: Vec<PublicFact>,
    /// The text, where something differs.
    pub sections: Vec<PublicSection>,
    /// The rules, in plain words, where they differ.
    pub rules: Vec<PublicRuleChange>,
}

/// A fact that two versions state otherwise.
#[derive(Debug, Clone, Default, Serialize)]
pub struct PublicFact {
    /// What it is.
    pub label: String,
    /// As the older version has it.
    pub old: Option<String>,
    /// As the newer one does.
    pub new: Option<String>,
}

/// A section in which something differs.
#[derive(Debug, Clone, Default, Serialize)]
pub struct PublicSection {
    /// Its heading; blank before the first.
    pub heading: String,
    /// Where it stands in the newer version.
    pub href: Option<String>,
    /// What stands in it.
    pub entries: Vec<PublicEntry>,
}

/// A block of a section, or several that are alike.
#[derive(Debug, Clone, Default, Serialize)]
pub struct PublicEntry {
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
    pub html: PublicHtml,
    /// The heading it stood under before it moved.
    pub from: Option<String>,
}

/// A rule that two versions word otherwise.
#[derive(Debug, Clone, Default, Serialize)]
pub struct PublicRuleChange {
    /// Its id.
    pub id: String,
    /// `added`, `removed` or `edited`.
    pub state: &'static str,
    /// What it asks, what is gone in `del`, what is new in `ins`.
    pub html: PublicHtml,
}

/// What stands behind a clause: rendered by `Theme::render_public_clause` into the markup that the text carries.
#[derive(Debug, Clone, Default, Serialize)]
pub struct PublicClause {
    /// Its anchor.
    pub anchor: String,
    /// What is checked, after the word "Checked": `on every change`, `on every emergency change`,
    /// `on every normal and emergency change`; for a rule judged once per policy `once for the whole policy`.
    pub on: String,
    /// The rules, in the order of the front matter; never empty.
    pub rules: Vec<PublicRule>,
}

/// A rule, told to the public.
#[derive(Debug, Clone, Default, Serialize)]
pub struct PublicRule {
    /// Its id.
    pub id: String,
    /// What it asks, in plain words, a whole sentence with its full stop.
    pub says: String,
    /// Its published figure.
    pub figure: Option<PublicFigure>,
}
