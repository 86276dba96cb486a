//! What the report of a closed quarter says of its signing-off: every restatement, with numbers, records and reason.

use super::closing::{Restatement, Snapshot, closed, comparable, label, signed};
use super::pages::{ClosingView, Link, NumberRestated, RecordRestated, RestatementView};
use super::row::{Row, change_href};
use super::seal;
use super::wording::capital;
use crate::model::{Closing, Ledger, Quarter};
use crate::source::SourceSet;

/// How many records a restatement lists.
const LISTED: usize = 50;

/// What is said of a quarter's signing-off; nothing where it is not closed. `rows` are its records.
pub fn closing_view(
    sources: &SourceSet,
    ledger: &Ledger,
    quarter: Quarter,
    rows: &[&Row],
    as_of: jiff::Timestamp,
) -> Option<ClosingView> {
    let file = format!("closed/{quarter}.yaml");
    if ledger.unread_closings.contains(&quarter) {
        return Some(lost(&format!("{file} was signed off and cannot be read any more")));
    }
    let closed = closed(ledger, quarter)?;
    if seal::broken(sources, closed).is_some() {
        return Some(lost(&format!("{file} was edited after it was signed off")));
    }
    let last = closed.last()?;
    let has_page = |id: &str| rows.iter().any(|row| row.page && row.id == id);
    let mut restatements = Vec::new();
    if comparable(ledger, last, as_of) {
        let differs = Snapshot::of(last).against(&Snapshot::now(sources, ledger, quarter, rows, as_of));
        if !differs.is_empty() {
            let title = match differs.numbers.len() {
                0 => "Records changed since, and no number with them",
                _ => "Today’s numbers are not what was signed off",
            };
            restatements.push(view(title.to_owned(), None, &differs, &has_page));
        }
    }
    let differs = restatements.iter().any(|r| !r.numbers.is_empty());
    let all = closed.closings.items();
    for pair in all.windows(2).rev() {
        let [before, after] = pair else { continue };
        let differs = Snapshot::of(before).against(&Snapshot::of(after));
        let reason = after.reason.get().map(|reason| reason.as_str().to_owned());
        let title = format!("Restated: {}, after it was {}", signed(after, ledger), signed(before, ledger));
        restatements.push(view(title, reason, &differs, &has_page));
    }
    Some(ClosingView { sentence: sentence(last, ledger), differs, restatements })
}

/// What was signed off, and nobody knows any more what it was.
fn lost(what: &str) -> ClosingView {
    let sentence =
        format!("{what}, so that nobody can say whether these are the numbers that were. `tickmark check` says where.");
    ClosingView { sentence: sentence.replace('`', ""), differs: true, restatements: Vec::new() }
}

fn sentence(closing: &Closing, ledger: &Ledger) -> String {
    let commit = closing.commit.get().map_or("", |c| c.as_str());
    let of =
        if commit.is_empty() { String::new() } else { format!(", from commit {}", &commit[..commit.len().min(7)]) };
    format!("{}{of}.", capital(&signed(closing, ledger)))
}

fn view(
    title: String,
    reason: Option<String>,
    differs: &Restatement,
    has_page: &impl Fn(&str) -> bool,
) -> RestatementView {
    let number = |(id, before, after): &(String, String, String)| NumberRestated {
        label: label(id).to_owned(),
        before: before.clone(),
        after: after.clone(),
    };
    let record = |(id, happened): &(String, super::closing::Happened)| RecordRestated {
        record: Link { text: id.clone(), href: has_page(id).then(|| change_href(id)) },
        what: happened.phrase(),
    };
    RestatementView {
        title,
        reason,
        numbers: differs.numbers.iter().map(number).collect(),
        records: differs.records.iter().take(LISTED).map(record).collect(),
        more: differs.records.len().saturating_sub(LISTED),
    }
}
