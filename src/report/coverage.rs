//! What of the policies' promises is tested: promises without a rule, rules without a clause, and the share between.
//!
//! The promises are those [`lint::promises`] finds, the rules those behind their clauses; nothing else decides here. That
//! a promise has a rule does not say that it is kept.

use serde::Serialize;

use super::pages::{CoveragePage, CoveragePolicy, CoverageSentence, Link};
use super::row::policy_href;
use super::wording::{counted, share};
use crate::lint;
use crate::model::{Ledger, PolicyVersion};
use crate::source::SourceSet;

/// All policies' coverage, as `coverage --format json` writes it.
#[derive(Debug, Serialize)]
pub struct Coverage {
    /// `tickmark.coverage/1`.
    pub schema: &'static str,
    /// By id.
    pub policies: Vec<PolicyCoverage>,
}

/// What of one policy's promises is tested.
#[derive(Debug, Serialize)]
pub struct PolicyCoverage {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its file.
    pub path: String,
    /// How many promises it makes.
    pub promises: usize,
    /// How many of them have a rule.
    pub tested: usize,
    /// Those that have none, in the order of the text.
    pub untested: Vec<Untested>,
    /// Rules that no clause of the text stands for.
    pub rules_without_clause: Vec<RuleWithout>,
    /// Whether its words are English, as far as can be told: no other language's are known.
    pub english: bool,
}

/// A promise without a rule.
#[derive(Debug, Serialize)]
pub struct Untested {
    /// Line, from 1.
    pub line: u32,
    /// The clause or heading it stands in.
    pub clause: Option<String>,
    /// The sentence.
    pub text: String,
}

/// A rule without a clause.
#[derive(Debug, Serialize)]
pub struct RuleWithout {
    /// Its id.
    pub rule: String,
    /// Line, from 1.
    pub line: u32,
}

/// The coverage of all policies, or of the one with this id.
pub fn coverage(sources: &SourceSet, ledger: &Ledger, only: Option<&str>) -> Coverage {
    let wanted = ledger.policies.iter().filter(|p| only.is_none_or(|id| p.id.as_str() == id));
    Coverage {
        schema: "tickmark.coverage/1",
        policies: wanted.map(|policy| policy_coverage(sources, policy.newest())).collect(),
    }
}

/// The coverage of one version of a policy.
pub fn policy_coverage(sources: &SourceSet, version: &PolicyVersion) -> PolicyCoverage {
    let file = sources.file(version.file);
    let passages = lint::passages(version, file.text());
    let text = lint::Text::of(version, file.text(), &passages);
    let line = |at: usize| file.line(at);
    let promises = lint::promises(&text);
    let untested: Vec<Untested> = promises
        .iter()
        .filter(|p| p.rules.is_empty())
        .map(|p| Untested { line: line(p.span.start as usize), clause: p.clause.clone(), text: p.text.clone() })
        .collect();
    let rules_without_clause = lint::rules_without_clause(&text)
        .into_iter()
        .map(|index| &version.rules[index])
        .map(|rule| RuleWithout { rule: rule.id.to_string(), line: line(rule.span.start as usize) })
        .collect();
    PolicyCoverage {
        id: version.id.to_string(),
        title: version.title.clone(),
        path: file.path().to_owned(),
        promises: promises.len(),
        tested: promises.len() - untested.len(),
        untested,
        rules_without_clause,
        english: text.is_english(),
    }
}

/// `41 of 52 promises have a rule (78.8 %)`.
pub fn coverage_in_words(tested: usize, promises: usize) -> String {
    if promises == 0 {
        return "no promise was found".to_owned();
    }
    let verb = if tested == 1 { "has" } else { "have" };
    format!("{tested} of {} {verb} a rule ({})", counted(promises, "promise", "promises"), share(tested, promises))
}

/// The coverage as JSON, with a line's end.
pub fn coverage_json(coverage: &Coverage) -> String {
    let mut text = serde_json::to_string_pretty(coverage).unwrap_or_default();
    text.push('\n');
    text
}

/// The page of all policies' coverage, from [`policy_coverage`] of the newest version of each, in their order.
pub fn coverage_page(ledger: &Ledger, all: Vec<PolicyCoverage>) -> CoveragePage {
    let (tested, promises) = all.iter().fold((0, 0), |(t, p), one| (t + one.tested, p + one.promises));
    let policies: Vec<CoveragePolicy> = all
        .into_iter()
        .zip(&ledger.policies)
        .map(|(mut one, policy)| {
            let href = policy_href(&one.id);
            let ruled = !policy.newest().rules.is_empty();
            if !ruled {
                one.untested.clear();
            }
            let place =
                |anchor: &Option<String>| anchor.as_ref().map_or_else(|| href.clone(), |a| format!("{href}#{a}"));
            CoveragePolicy {
                words: coverage_in_words(one.tested, one.promises),
                share: if one.promises == 0 { "–".to_owned() } else { share(one.tested, one.promises) },
                untested: one
                    .untested
                    .iter()
                    .map(|u| CoverageSentence { line: u.line, href: place(&u.clause), text: u.text.clone() })
                    .collect(),
                rules: one
                    .rules_without_clause
                    .iter()
                    .map(|r| Link { text: r.rule.clone(), href: Some(format!("{href}#rule-{}", r.rule)) })
                    .collect(),
                tested: one.tested,
                promises: one.promises,
                english: one.english,
                ruled,
                title: one.title,
                path: one.path,
                id: one.id,
                href,
            }
        })
        .collect();
    let unruled = policies.iter().filter(|p| !p.ruled).count();
    let verb = if unruled == 1 { "has" } else { "have" };
    let unruled = (unruled > 0).then(|| format!("{} {verb}", counted(unruled, "policy", "policies")));
    CoveragePage { words: coverage_in_words(tested, promises), unruled, policies }
}
