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
    row_of: &'c dyn Fn(&Row) -> String,
    columns: &'c [String],
    column_of: &'c dyn Fn(&Row) -> usize,
}

impl Cross<'_> {
    /// The table; columns without any record are left out.
    fn table(&self, rows: &[&Row], groups: &mut Groups) -> CrossTable {
        let mut by: BTreeMap<String, Vec<&Row>> = BTreeMap::new();
        for row in rows {
            by.entry((self.row_of)(row)).or_default().push(row);
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

    fn line(&self, label: &str, part: &[&Row], key: &str, used: &[usize], groups: &mut Groups) -> CrossRow {
        let counts = used.iter().map(|column| {
            let cell = picked(part, |r| (self.column_of)(r) == *column);
            let name = &self.columns[*column];
            groups.count(&format!("{}-{key}-{}", self.id, anchor(name)), &format!("{label}: {name}"), &cell)
        });
        let counts = counts.collect();
        CrossRow { label: label.to_owned(), counts, total: groups.count(&format!("{}-{key}", self.id), label, part) }
    }
}

/// Changes by type and verdict, by type and outcome, by policy and verdict.
pub(super) fn tables(ledger: &Ledger, rows: &[&Row], groups: &mut Groups) -> Vec<CrossTable> {
    let verdicts: Vec<String> = Verdict::ALL.iter().map(|v| capital(&v.word().replace('-', " "))).collect();
    let by_verdict = |r: &Row| Verdict::ALL.iter().position(|v| *v == r.verdict).unwrap_or(0);
    let mut outcomes: Vec<String> = OutcomeResult::WORDS.iter().map(|w| capital(&w.replace('-', " "))).collect();
    outcomes.push("Not stated".to_owned());
    let by_outcome = |r: &Row| r.outcome.map_or(OutcomeResult::WORDS.len(), |o| o as usize);
    let kind = |r: &Row| r.type_title(ledger).to_owned();
    let policy = |r: &Row| r.version(ledger).map_or_else(|| "No policy".to_owned(), |v| v.title.clone());
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
    [verdict.table(rows, groups), outcome.table(rows, groups), policy.table(rows, groups)].into()
}
