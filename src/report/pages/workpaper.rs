//! The auditor's workpaper as a page.

use serde::Serialize;

use super::Mark;

/// The workpaper of a quarter's sample.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Workpaper {
    /// `2026-Q3`.
    pub id: String,
    /// `July to September 2026`.
    pub period: String,
    /// What this is, and what is left to the auditor.
    pub lede: String,
    /// Where it comes from: what, and its value.
    pub source: Vec<(&'static str, String)>,
    /// Strata: name, of how many, how many drawn.
    pub strata: Vec<(String, usize, usize)>,
    /// What is tested.
    pub attributes: Vec<TestedAttribute>,
    /// The sampled changes.
    pub changes: Vec<SampledChange>,
}

/// An attribute as the page explains it.
#[derive(Debug, Clone, Default, Serialize)]
pub struct TestedAttribute {
    /// What it is called.
    pub title: &'static str,
    /// What is looked for.
    pub asks: &'static str,
    /// The frameworks that ask for it.
    pub frameworks: String,
    /// Which rules test it.
    pub rules: &'static str,
}

/// A sampled change.
#[derive(Debug, Clone, Default, Serialize)]
pub struct SampledChange {
    /// Its number in the sample.
    pub number: usize,
    /// Its id.
    pub id: String,
    /// Its anchor.
    pub anchor: String,
    /// Its title.
    pub title: String,
    /// `normal, judged by five-stage 2.1`.
    pub kind: String,
    /// Its verdict.
    pub mark: Option<Mark>,
    /// Its text in the folder.
    pub record: String,
    /// What it says.
    pub facts: Vec<(&'static str, String)>,
    /// Attributes tested.
    pub tests: Vec<AttributeTest>,
}

/// An attribute tested on a change.
#[derive(Debug, Clone, Default, Serialize)]
pub struct AttributeTest {
    /// What it is called.
    pub title: &'static str,
    /// What the rules come to together, in a word; none where no rule tests it.
    pub mark: Option<Mark>,
    /// `not covered by a rule`, where that is so.
    pub without: &'static str,
    /// The rules, and what each found.
    pub rules: Vec<RuleTest>,
    /// Where one can look: what, and address.
    pub evidence: Vec<(String, String)>,
}

/// A rule that tests an attribute.
#[derive(Debug, Clone, Default, Serialize)]
pub struct RuleTest {
    /// Its id.
    pub rule: String,
    /// What it came to.
    pub mark: Option<Mark>,
    /// What it found.
    pub found: String,
}
