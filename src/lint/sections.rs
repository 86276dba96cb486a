//! The sections of policies by their numbers, anchors and words, gathered once per policy that is referred to.
//!
//! Knows nothing of how a text refers to them.

use std::collections::{BTreeMap, BTreeSet};

use crate::diag::suggest;
use crate::model::PolicyVersion;

/// How many sections are listed one by one.
const LISTED: usize = 24;
/// How many anchors are compared with anchors that lead nowhere, in all of a text: a long text of nothing but broken links
/// gets fewer suggestions, not more time.
const COMPARED: usize = 400_000;

/// The sections of every policy that somebody asked for.
#[derive(Default)]
pub(super) struct Sections<'l> {
    known: BTreeMap<&'l str, Known<'l>>,
    compared: usize,
}

/// The sections of one policy.
struct Known<'l> {
    anchors: BTreeSet<&'l str>,
    /// Headings and clauses, in small letters, and the numbers they begin with.
    names: BTreeSet<String>,
    /// Which ones there are.
    listing: String,
}

impl<'l> Known<'l> {
    fn of(policy: &'l PolicyVersion) -> Self {
        let clauses = || policy.outline.clauses.iter();
        let mut names: BTreeSet<String> = clauses().map(|c| c.text.to_ascii_lowercase()).collect();
        names.extend(clauses().filter_map(|c| number_of(&c.text)).map(str::to_owned));
        let numbers: Vec<&str> = policy.outline.headings.iter().filter_map(|h| number_of(&h.text)).collect();
        let listing = match numbers.as_slice() {
            [] => "its headings have no numbers; refer to one by its words, or by a link to its anchor".to_owned(),
            [only] => format!("its only section with a number is {only}"),
            [first, .., last] if numbers.len() > LISTED => {
                format!("its {} sections go from {first} to {last}", numbers.len())
            }
            numbers => format!("its sections are {}", numbers.join(", ")),
        };
        Self { anchors: clauses().map(|c| c.anchor.as_str()).collect(), names, listing }
    }
}

impl<'l> Sections<'l> {
    fn of(&mut self, policy: &'l PolicyVersion) -> &Known<'l> {
        self.known.entry(policy.id.as_str()).or_insert_with(|| Known::of(policy))
    }

    /// Whether a policy has a section of this number, anchor or name.
    pub(super) fn has(&mut self, policy: &'l PolicyVersion, section: &str) -> bool {
        let wanted = section.trim_start_matches(['§', ' ']);
        let known = self.of(policy);
        known.anchors.contains(wanted) || known.names.contains(&wanted.to_ascii_lowercase())
    }

    /// Whether it has this anchor.
    pub(super) fn has_anchor(&mut self, policy: &'l PolicyVersion, anchor: &str) -> bool {
        self.of(policy).anchors.contains(anchor)
    }

    /// Which ones it has, in words.
    pub(super) fn listing(&mut self, policy: &'l PolicyVersion) -> String {
        self.of(policy).listing.clone()
    }

    /// The anchor that was probably meant.
    pub(super) fn nearest(&mut self, policy: &'l PolicyVersion, anchor: &str) -> Option<&'l str> {
        let anchors = &self.known.entry(policy.id.as_str()).or_insert_with(|| Known::of(policy)).anchors;
        self.compared += anchors.len();
        (self.compared <= COMPARED).then(|| suggest::nearest(anchor, anchors.iter().copied())).flatten()
    }
}

/// The number a heading begins with: `7. Changes`, `Section 4.2: Review`.
pub fn number_of(heading: &str) -> Option<&str> {
    let rest = ["Section ", "section ", "§ ", "§"].iter().find_map(|p| heading.strip_prefix(p)).unwrap_or(heading);
    let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
    let number = rest[..end].trim_end_matches('.');
    let ends = rest[end..].is_empty() || rest[end..].starts_with([' ', ':', ')', '–', '—', '-']);
    (ends && is_section(number)).then_some(number)
}

/// Whether a word can be the number of a section.
pub(super) fn is_section(word: &str) -> bool {
    !word.is_empty()
        && word.len() <= 8
        && word.split('.').all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()))
}
