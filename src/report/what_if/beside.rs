//! What an edit would change, beside the text that is edited: one box for the policy, a line for each rule of a clause.

use std::collections::BTreeMap;

use super::{Changed, Turn, WhatIf};
use crate::report::pages::{Link, PolicyWhatIf, RuleWhatIf, WhatIfRow};
use crate::report::row::change_href;
use crate::report::wording::{changes, counted};

/// How many records the box of a policy lists.
const LISTED: usize = 20;
/// How many records stand beside a rule.
const NAMED: usize = 6;

/// What stands on the page of one policy.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Beside {
    /// Above its text.
    pub page: PolicyWhatIf,
    /// Beside its clauses, by the rules' ids.
    pub rules: BTreeMap<String, RuleWhatIf>,
}

impl Beside {
    /// From all records of the policy, compared.
    pub fn of(found: &WhatIf) -> Self {
        let turned = found.all.changed();
        let all = changes(found.all.records);
        let headline = match (turned, found.kept.len()) {
            (0, 0) => format!("Not committed yet; it changes nothing for {all}"),
            (0, kept) => format!(
                "Not committed yet: no verdict of {all} changes, though {} out otherwise",
                counted(kept, "comes", "come")
            ),
            (1, _) => format!("Not committed yet: 1 of {all} would come to another verdict"),
            (n, _) => format!("Not committed yet: {n} of {all} would come to another verdict"),
        };
        let every = || found.changed.iter().chain(&found.kept);
        let page = PolicyWhatIf {
            headline,
            turns: found.all.in_words(),
            rows: every().take(LISTED).map(row).collect(),
            more: every().count().saturating_sub(LISTED),
        };
        let mut by_rule: BTreeMap<&str, Vec<(&Changed, &Turn)>> = BTreeMap::new();
        for changed in every() {
            for turn in &changed.turns {
                by_rule.entry(&turn.rule).or_default().push((changed, turn));
            }
        }
        let rules = by_rule.into_iter().map(|(rule, turns)| (rule.to_owned(), of_rule(&turns))).collect();
        Self { page, rules }
    }
}

fn row(changed: &Changed) -> WhatIfRow {
    let verdict = if changed.old == changed.new {
        format!("{} as before", changed.new.word())
    } else {
        format!("{} → {}", changed.old.word(), changed.new.word())
    };
    let rules: Vec<String> = changed.turns.iter().map(|turn| format!("{}: {}", turn.rule, turn.in_words())).collect();
    WhatIfRow { id: changed.id.clone(), href: change_href(&changed.id), verdict, rules: rules.join("; ") }
}

fn of_rule(turns: &[(&Changed, &Turn)]) -> RuleWhatIf {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for (_, turn) in turns {
        *counts.entry(turn.in_words()).or_default() += 1;
    }
    let words: Vec<String> = counts.into_iter().map(|(turn, n)| format!("{n} {turn}")).collect();
    let link = |changed: &Changed| Link { text: changed.id.clone(), href: Some(change_href(&changed.id)) };
    RuleWhatIf {
        text: words.join(", "),
        records: turns.iter().take(NAMED).map(|(changed, _)| link(changed)).collect(),
        more: turns.len().saturating_sub(NAMED),
    }
}
