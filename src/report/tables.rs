//! The cross tables of a quarterly report: counts of one thing by another, each with the records behind it.

use std::collections::BTreeMap;

use super::pages::{CrossRow, CrossTable};
use super::quarter::{Groups, anchor, picked};
use super::row::Row;
use super::wording::capital;
use crate::judge::Verdict;
use crate::model::{Ledger, OutcomeResult, Vocabulary};

/// What a table counts by what.
struct Cross<'c> {
    id: &'static str,
    title: &'static str,
    row_heading: &'static str,
    row_of: &'c dyn Fn(&Row) -> Vec<String>,
    columns: &'c [String],
    column_of: &'c dyn Fn(&Row) -> usize,
}

impl Cross<'_> {
    /// The table; columns without any record are left out.
    fn table<'r>(&self, rows: &[&'r Row], groups: &mut Groups<'r>) -> CrossTable {
        let mut by: BTreeMap<String, Vec<&'r Row>> = BTreeMap::new();
        for row in rows {
            (self.row_of)(row).into_iter().for_each(|label| by.entry(label).or_default().push(row));
        }
        let used: Vec<usize> =
            (0..self.columns.len()).filter(|c| rows.iter().any(|r| (self.column_of)(r) == *c)).collect();
        let lines = by.iter().map(|(label, part)| self.line(label, part, &anchor(label), &used, groups)).collect();
        CrossTable {
            id: self.id.to_owned(),
            title: self.title.to_owned(),
            row_heading: self.row_heading.to_owned(),
            columns: used.iter().map(|c| self.columns[*c].clone()).collect(),
            rows: lines,
            total: self.line("All changes", rows, "all", &used, groups),
        }
    }

    fn line<'r>(&self, label: &str, part: &[&'r Row], key: &str, used: &[usize], groups: &mut Groups<'r>) -> CrossRow {
        let counts = used.iter().map(|column| {
            let cell = picked(part, |r| (self.column_of)(r) == *column);
            let name = &self.columns[*column];
            groups.count(&format!("{}-{key}-{}", self.id, anchor(name)), &format!("{label}: {name}"), &cell)
        });
        let counts = counts.collect();
        CrossRow { label: label.to_owned(), counts, total: groups.count(&format!("{}-{key}", self.id), label, part) }
    }
}

/// Changes by type and verdict, by type and outcome, by policy and verdict, by system and verdict. A change that touches
/// several systems stands with each, and once among all.
pub(super) fn tables<'r>(ledger: &Ledger, rows: &[&'r Row], groups: &mut Groups<'r>) -> Vec<CrossTable> {
    let verdicts: Vec<String> = Verdict::ALL.iter().map(|v| capital(&v.word().replace('-', " "))).collect();
    let by_verdict = |r: &Row| Verdict::ALL.iter().position(|v| *v == r.verdict).unwrap_or(0);
    let mut outcomes: Vec<String> = OutcomeResult::WORDS.iter().map(|w| capital(&w.replace('-', " "))).collect();
    outcomes.push("Not stated".to_owned());
    let by_outcome = |r: &Row| r.outcome.map_or(OutcomeResult::WORDS.len(), |o| o as usize);
    let kind = |r: &Row| vec![r.type_title(ledger).to_owned()];
    let policy = |r: &Row| vec![r.version(ledger).map_or_else(|| "No policy".to_owned(), |v| v.title.clone())];
    let system = |r: &Row| match r.systems.as_ref() {
        [] => vec!["No system named".to_owned()],
        all => all.iter().map(ToString::to_string).collect(),
    };
    let verdict = Cross {
        id: "type-verdict",
        title: "Changes by type and verdict",
        row_heading: "Type",
        row_of: &kind,
        columns: &verdicts,
        column_of: &by_verdict,
    };
    let outcome = Cross {
        id: "type-outcome",
        title: "Changes by type and outcome",
        columns: &outcomes,
        column_of: &by_outcome,
        ..verdict
    };
    let policy = Cross {
        id: "policy-verdict",
        title: "Changes by policy and verdict",
        row_heading: "Policy",
        row_of: &policy,
        ..verdict
    };
    let system = Cross {
        id: "system-verdict",
        title: "Changes by system and verdict",
        row_heading: "System",
        row_of: &system,
        ..verdict
    };
    [verdict, outcome, policy, system].iter().map(|cross| cross.table(rows, groups)).collect()
}
