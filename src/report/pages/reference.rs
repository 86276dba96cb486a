//! Pages of the reference: kinds of checks, ways of counting, and every code.

use serde::Serialize;

use super::{Html, Link};

/// The reference's first page.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ReferenceIndex {
    /// Kinds of checks.
    pub checks: Vec<ReferenceEntry>,
    /// Ways of counting.
    pub counting: Vec<ReferenceEntry>,
    /// Families of codes, each to its place on the page of codes.
    pub families: Vec<Link>,
    /// How many codes there are.
    pub codes: usize,
}

/// A page of the reference in a list.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ReferenceEntry {
    /// The check's key, or the topic's name.
    pub name: &'static str,
    /// Its heading without that key: `an event came in time`.
    pub title: String,
    /// Where it is.
    pub href: String,
    /// Its first paragraph.
    pub summary: String,
    /// How many rules of this site use it.
    pub rules: usize,
}

/// A page of the reference: prose with cases in between.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ReferencePage {
    /// The check's key, where it is about one.
    pub key: Option<&'static str>,
    /// `an event came in time`.
    pub title: String,
    /// What it holds, in order.
    pub parts: Vec<ReferencePart>,
    /// Rules of this site that use the check, each to its place on its policy's page.
    pub rules: Vec<Link>,
    /// The codes its findings have, each to its place on the page of codes.
    pub codes: Vec<Link>,
}

/// Prose or a case; one of the two is there.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ReferencePart {
    /// Prose.
    pub html: Option<Html>,
    /// A case, or what it stands on.
    pub case: Option<ReferenceCase>,
}

/// A block of a case, line by line.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ReferenceCase {
    /// `A record`, `The policy`.
    pub label: &'static str,
    /// Its lines.
    pub lines: Vec<CaseLine>,
}

/// A line of a case: what is written, and its comment.
#[derive(Debug, Clone, Default, Serialize)]
pub struct CaseLine {
    /// Up to the comment.
    pub code: String,
    /// The comment's words before the code of its finding; all of them where it announces none.
    pub comment: String,
    /// The finding it announces.
    pub finding: Option<CaseFinding>,
}

/// A finding that a comment announces.
#[derive(Debug, Clone, Default, Serialize)]
pub struct CaseFinding {
    /// `error`, `warning` or `note`.
    pub level: String,
    /// Its code, to its place on the page of codes.
    pub code: Link,
    /// What follows: the rule, and a fragment of what is said.
    pub rest: String,
}

/// The page of all codes.
#[derive(Debug, Clone, Default, Serialize)]
pub struct CodesPage {
    /// By family, in order.
    pub families: Vec<CodeFamily>,
}

/// A family of codes.
#[derive(Debug, Clone, Default, Serialize)]
pub struct CodeFamily {
    /// `deadline`.
    pub name: String,
    /// The page about the check of this name.
    pub check: Option<String>,
    /// Its codes.
    pub codes: Vec<CodeRow>,
}

/// A code.
#[derive(Debug, Clone, Default, Serialize)]
pub struct CodeRow {
    /// `deadline/late`.
    pub name: &'static str,
    /// Its place on the page.
    pub anchor: String,
    /// Its level by itself.
    pub level: &'static str,
    /// What this site's `levels` make of it: `off`, `warning`.
    pub here: Option<&'static str>,
    /// What it means.
    pub meaning: &'static str,
    /// What to do.
    pub remedy: String,
    /// How many findings of it there are.
    pub found: usize,
    /// A page that has an example.
    pub example: Option<Link>,
}
