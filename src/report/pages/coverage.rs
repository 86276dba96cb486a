//! What of the policies' promises is tested.

use serde::Serialize;

use super::Link;

/// All policies' coverage.
#[derive(Debug, Clone, Default, Serialize)]
pub struct CoveragePage {
    /// `41 of 52 promises have a rule (78.8 %)`.
    pub words: String,
    /// `3 policies have`, of those without a rule.
    pub unruled: Option<String>,
    /// By id.
    pub policies: Vec<CoveragePolicy>,
}

/// One policy's coverage.
#[derive(Debug, Clone, Default, Serialize)]
pub struct CoveragePolicy {
    /// Its id.
    pub id: String,
    /// Its page.
    pub href: String,
    /// Its title.
    pub title: String,
    /// Its file.
    pub path: String,
    /// How many promises it makes.
    pub promises: usize,
    /// How many of them have a rule.
    pub tested: usize,
    /// `78.8 %`, or a dash.
    pub share: String,
    /// The same in a sentence.
    pub words: String,
    /// Whether it has a rule at all. One that has none is in the table alone: each of its promises would stand here.
    pub ruled: bool,
    /// Promises without a rule.
    pub untested: Vec<CoverageSentence>,
    /// Rules without a clause.
    pub rules: Vec<Link>,
    /// Whether its words are English.
    pub english: bool,
}

/// A promise without a rule.
#[derive(Debug, Clone, Default, Serialize)]
pub struct CoverageSentence {
    /// Line of the policy's file.
    pub line: u32,
    /// The clause or heading on the policy's page.
    pub href: String,
    /// The sentence.
    pub text: String,
}
