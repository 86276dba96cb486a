//! What needs somebody: deadlines that have passed with nothing done, and what falls due soon.

use jiff::Timestamp;

use super::pages::{AttentionRow, Mark};
use super::row::Row;
use super::wording::{capital, mark, moment, span_of};
use crate::judge::{self, Judgement, Verdict};
use crate::model::{Ledger, Status};

/// Who owns each policy, worded once.
pub(super) struct Owners(Vec<Option<String>>);

impl Owners {
    pub(super) fn new(ledger: &Ledger) -> Self {
        Self(
            ledger
                .policies
                .iter()
                .map(|p| {
                    let owners: Vec<String> = p.newest().owner.iter().map(|o| judge::role_words(o.as_str())).collect();
                    (!owners.is_empty()).then(|| capital(&owners.join(", ")))
                })
                .collect(),
        )
    }

    pub(super) fn of(&self, row: &Row) -> Option<String> {
        self.of_policy(row.policy?.0)
    }

    /// Who owns a policy, by its number in the ledger.
    pub(super) fn of_policy(&self, policy: u32) -> Option<String> {
        self.0[policy as usize].clone()
    }
}

/// Whether a failure can still be worked on: the event it asks for has not come.
fn is_overdue(judgement: &Judgement) -> bool {
    judgement.verdict == Verdict::Fail && judgement.code.is_some_and(|c| c.name == "deadline/missed")
}

/// A change that is not finished.
fn is_open(row: &Row) -> bool {
    !matches!(row.status, Some(Status::Closed | Status::Rejected | Status::Cancelled))
}

/// Deadlines that have passed with nothing done, longest first.
pub(super) fn overdue(ledger: &Ledger, owners: &Owners, rows: &[&Row], as_of: Timestamp) -> Vec<AttentionRow> {
    list(ledger, owners, rows, is_overdue, |j| {
        j.due.map_or_else(|| "overdue".to_owned(), |due| format!("{} overdue", span_of(due, as_of.max(due))))
    })
}

/// What falls due within seven days, soonest first.
pub(super) fn due_soon(ledger: &Ledger, owners: &Owners, rows: &[&Row], as_of: Timestamp) -> Vec<AttentionRow> {
    let soon = as_of.checked_add(jiff::Span::new().hours(7 * 24)).unwrap_or(as_of);
    list(
        ledger,
        owners,
        rows,
        |j| j.verdict == Verdict::Pending && j.due.is_some_and(|due| due <= soon),
        |j| j.due.map_or_else(String::new, |due| format!("due in {}", span_of(as_of, due.max(as_of)))),
    )
}

/// Rules broken by changes that are not finished and can still be mended.
pub(super) fn broken_and_open(ledger: &Ledger, owners: &Owners, rows: &[&Row]) -> Vec<AttentionRow> {
    let open: Vec<&Row> = rows.iter().copied().filter(|r| is_open(r)).collect();
    list(
        ledger,
        owners,
        &open,
        |j| matches!(j.verdict, Verdict::Fail | Verdict::Unknown) && !is_overdue(j),
        |j| j.verdict.word().to_owned(),
    )
}

fn list(
    ledger: &Ledger,
    owners: &Owners,
    rows: &[&Row],
    wanted: impl Fn(&Judgement) -> bool,
    state: impl Fn(&Judgement) -> String,
) -> Vec<AttentionRow> {
    let mut found: Vec<(Option<Timestamp>, AttentionRow)> = Vec::new();
    for row in rows.iter().filter(|r| r.page) {
        let Some(version) = row.version(ledger) else { continue };
        for j in row.judgements.iter().filter(|j| wanted(j)) {
            found.push((
                j.due,
                AttentionRow {
                    id: row.id.clone(),
                    href: row.href(),
                    title: row.title.clone(),
                    rule: version.rules[j.rule as usize].id.to_string(),
                    owner: owners.of(row),
                    due: j.due.map(|at| moment(&version.calendar, at)),
                    mark: if j.verdict == Verdict::Fail { Mark::Fail } else { mark(j.verdict) },
                    state: state(j),
                },
            ));
        }
    }
    found.sort_by(|a, b| (a.0, &a.1.id, &a.1.rule).cmp(&(b.0, &b.1.id, &b.1.rule)));
    found.into_iter().map(|(_, row)| row).collect()
}
