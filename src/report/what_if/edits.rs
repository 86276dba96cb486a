//! What differs between the policies of two states themselves: which were edited, which rules came and went.

use std::collections::BTreeSet;

use crate::model::{Ledger, Policy};
use crate::source::SourceSet;

/// A policy that is not the same in both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// Its id.
    pub policy: String,
    /// What happened: `edited`, `new`, `removed`.
    pub what: &'static str,
    /// Rules that the old text does not have.
    pub rules_new: Vec<String>,
    /// Rules that the new text does not have.
    pub rules_gone: Vec<String>,
}

impl Edit {
    /// What happened, and for an edit the rules that came and went.
    pub fn in_words(&self) -> String {
        let mut text = self.what.to_owned();
        for (word, rules) in [("new", &self.rules_new), ("gone", &self.rules_gone)] {
            if !rules.is_empty() && self.what == "edited" {
                let rules: Vec<String> = rules.iter().map(|rule| format!("`{rule}`")).collect();
                text += &format!("; {word}: {}", rules.join(", "));
            }
        }
        text
    }
}

/// The policies whose newest texts are not the same.
pub fn edits(old: (&SourceSet, &Ledger), new: (&SourceSet, &Ledger)) -> Vec<Edit> {
    let ids: BTreeSet<&str> = old.1.policy_ids().chain(new.1.policy_ids()).collect();
    let text =
        |(sources, _): (&SourceSet, &Ledger), policy: &Policy| sources.file(policy.newest().file).text().to_owned();
    let rules = |policy: Option<&Policy>| -> BTreeSet<String> {
        policy.map(|p| p.newest().rules.iter().map(|r| r.id.to_string()).collect()).unwrap_or_default()
    };
    let edit = |id: &str| {
        let (was, is) = (old.1.policy(id), new.1.policy(id));
        let what = match (was, is) {
            (Some(was), Some(is)) if text(old, was) == text(new, is) => return None,
            (Some(_), Some(_)) => "edited",
            (None, _) => "new",
            (_, None) => "removed",
        };
        let (before, after) = (rules(was), rules(is));
        Some(Edit {
            policy: id.to_owned(),
            what,
            rules_new: after.difference(&before).cloned().collect(),
            rules_gone: before.difference(&after).cloned().collect(),
        })
    };
    ids.into_iter().filter_map(edit).collect()
}
