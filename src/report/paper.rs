//! A policy as it goes on paper for insiders: what its page shows, and its text as blocks.

use jiff::civil::Date;

use super::pages::PolicyInternal;
use super::policies::{PolicyView, policy_page};
use crate::judge;
use crate::language::english;
use crate::markdown::{self, Block, PaperOptions};
use crate::model::{Ledger, Rule};
use crate::source::SourceSet;

/// A version of a policy on paper.
#[derive(Debug, Clone)]
pub struct PolicyPaper {
    /// What its page shows.
    pub page: PolicyInternal,
    /// Its text. Links lead to whole addresses, or to anchors of the text: paper knows nothing of the site around it.
    pub blocks: Vec<Block>,
    /// How many clauses a rule checks.
    pub checked: usize,
    /// The day it is of: effective, else approved, else updated, else the day things are judged on.
    pub date: Date,
}

/// A version of a policy as it goes on paper.
pub fn policy_paper(sources: &SourceSet, ledger: &Ledger, view: PolicyView<'_>) -> PolicyPaper {
    let policy = &ledger.policies[view.policy];
    let version = &policy.versions[view.version.unwrap_or(policy.versions.len() - 1)];
    let tick = |anchor: &str| {
        let rules: Vec<&Rule> = version.rules.iter().filter(|r| r.clause.as_deref() == Some(anchor)).collect();
        (!rules.is_empty()).then(|| judge::types_together(&english(), &rules, version))
    };
    let own_title = version.outline.title().is_some_and(|h| h.text == version.title);
    let options = PaperOptions { drop_first_h1: own_title, tick: &tick, link: &|_| None };
    let text = sources.file(version.file).text();
    let approved = version.approved.as_ref().map(|a| a.at);
    PolicyPaper {
        blocks: markdown::paper(text, version.body, &version.outline, &options),
        checked: version.outline.clauses.iter().filter(|clause| tick(&clause.anchor).is_some()).count(),
        page: policy_page(sources, ledger, view, &|_| None),
        date: version.effective.or(approved).or(version.updated()).unwrap_or_else(|| version.calendar.day(view.as_of)),
    }
}
