//! Closed quarters against what is found today: what was signed off, what differs since, and because of which records.
//!
//! Numbers are compared as they are worded, so that a closing can be read by a program that makes them otherwise. What
//! cannot be seen is not compared: where history is cut short, or things are judged as of an earlier day than it was
//! signed off, nothing is said.

use std::collections::BTreeMap;

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::numbers::{Definition, NUMBERS, Span, Tallied, defined, number};
use super::row::Row;
use super::seal;
use super::wording::{changes, short_day};
use crate::diag::{Code, Diagnostic};
use crate::model::{ClosedQuarter, Closing, Id, Ledger, PersonId, Prose, Quarter, Role, Word};
use crate::source::SourceSet;

pub(super) static RESTATED: Code = Code::warning(
    "quarter/restated",
    "A number of a closed quarter is not what was signed off. Either a record was changed since, or what is judged differs.",
);
pub(super) static EDITED: Code = Code::note(
    "quarter/records-changed",
    "Records of a closed quarter were changed, added or taken away since it was signed off, and no number differs.",
);

pub(super) static UNSEALED: Code = Code::error(
    "quarter/edited-closing",
    "What was signed off for a quarter was edited afterwards: its seal is that of another text. Nothing is held against it.",
);

/// All codes of this module.
pub static CODES: &[&Code] = &[&RESTATED, &EDITED, &UNSEALED];

/// Numbers that depend on more than the records: on what git shows or what other repositories hold.
const LEFT_OUT: &[&str] = &["edited-after-closing", "unrecorded-deployments"];

/// What a quarter came to, and what lay behind it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Snapshot {
    /// Numbers in the order of reports: id and value.
    pub numbers: Vec<(String, String)>,
    /// Records by id: the SHA-256 of the text, and the verdict.
    pub records: BTreeMap<String, (String, String)>,
}

/// What happened to a record between two snapshots.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Happened {
    /// Its text changed, and what it came to with it, if that did.
    Edited(Option<(String, String)>),
    /// It came to something else, though its text is the same.
    Judged(String, String),
    /// It was not there.
    Added,
    /// It is gone.
    Vanished,
}

/// What differs between two snapshots.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Restatement {
    /// Numbers: id, before, after.
    pub numbers: Vec<(String, String, String)>,
    /// Records by id.
    pub records: Vec<(String, Happened)>,
}

impl Restatement {
    /// Whether nothing differs.
    pub fn is_empty(&self) -> bool {
        self.numbers.is_empty() && self.records.is_empty()
    }
}

/// What a number is called; its id where nobody knows it any more.
pub fn label(id: &str) -> &str {
    defined(id).map_or(id, |(_, definition)| definition.label)
}

impl Snapshot {
    /// What was signed off.
    pub fn of(closing: &Closing) -> Self {
        let text = |field: Option<&str>| field.unwrap_or_default().to_owned();
        let number =
            |n: &crate::model::ClosedNumber| (text(n.id.get().map(Id::as_str)), text(n.value.get().map(Prose::as_str)));
        let record = |r: &crate::model::ClosedRecord| {
            let held = (text(r.sha256.get().map(Word::as_str)), text(r.verdict.get().map(Word::as_str)));
            (text(r.id.get().map(Id::as_str)), held)
        };
        Self {
            numbers: closing.numbers.items().iter().map(number).collect(),
            records: closing.records.items().iter().map(record).collect(),
        }
    }

    /// What is found today, `rows` being those of the quarter.
    pub fn now(sources: &SourceSet, ledger: &Ledger, quarter: Quarter, rows: &[&Row], as_of: Timestamp) -> Self {
        let span = Span::quarter(ledger, quarter, rows, &[], as_of);
        let counted = |d: &&Definition| d.of_changes() && !LEFT_OUT.contains(&d.id);
        let numbers = NUMBERS.iter().filter(counted).map(|d| (d.id.to_owned(), worded(d, number(d, span).tallied)));
        let record = |row: &&Row| (row.id.clone(), (digest(sources, row), row.verdict.word().to_owned()));
        Self { numbers: numbers.collect(), records: rows.iter().map(record).collect() }
    }

    /// What differs in a later one. A number that only one of them has is not compared.
    pub fn against(&self, later: &Self) -> Restatement {
        let after = |id: &str| later.numbers.iter().find(|(i, _)| i == id).map(|(_, value)| value);
        let differs = |(id, before): &(String, String)| {
            let after = after(id).filter(|after| *after != before)?;
            Some((id.clone(), before.clone(), after.clone()))
        };
        let mut records: Vec<(String, Happened)> = Vec::new();
        for (id, (sha256, verdict)) in &self.records {
            let judged = |now: &String| (now != verdict).then(|| (verdict.clone(), now.clone()));
            match later.records.get(id) {
                None => records.push((id.clone(), Happened::Vanished)),
                Some((now, came)) if now != sha256 => records.push((id.clone(), Happened::Edited(judged(came)))),
                Some((_, came)) => {
                    records.extend(judged(came).map(|(was, is)| (id.clone(), Happened::Judged(was, is))));
                }
            }
        }
        let added = later.records.keys().filter(|id| !self.records.contains_key(*id));
        records.extend(added.map(|id| (id.clone(), Happened::Added)));
        records.sort_by(|a, b| a.0.cmp(&b.0));
        Restatement { numbers: self.numbers.iter().filter_map(differs).collect(), records }
    }
}

/// A number in words that never change.
fn worded(definition: &Definition, tallied: Tallied) -> String {
    let Tallied { n, of, unknown, median, ninetieth } = tallied;
    let mut text = match definition.kind() {
        super::numbers::Kind::Often => format!("{n} in {of} days"),
        super::numbers::Kind::Span => {
            let length = |s: Option<i64>| s.map_or_else(|| "none".to_owned(), |s| format!("{s} s"));
            format!("median {}, 90 % within {}, {n} of {of}", length(median), length(ninetieth))
        }
        super::numbers::Kind::Share if definition.id == "changes" => n.to_string(),
        super::numbers::Kind::Share => format!("{n} of {of}"),
    };
    if unknown > 0 {
        text.push_str(&format!(", {unknown} unknown"));
    }
    text
}

/// The SHA-256 of a record's text: from its first key to the end of its last value.
pub fn digest(sources: &SourceSet, row: &Row) -> String {
    let text = row.place.span.of(sources.file(row.place.file).text()).trim_end();
    Sha256::digest(text.as_bytes()).iter().map(|b| format!("{b:02x}")).collect()
}

/// The closed quarter with this name, if it can be read.
pub fn closed(ledger: &Ledger, quarter: Quarter) -> Option<&ClosedQuarter> {
    ledger.closed.iter().find(|c| c.name() == Some(quarter))
}

/// Whether a closed quarter was edited after it was signed off.
pub fn is_edited(sources: &SourceSet, closed: &ClosedQuarter) -> bool {
    seal::broken(sources, closed).is_some()
}

/// Whether what is found today can be held against a closing.
pub fn comparable(ledger: &Ledger, closing: &Closing, as_of: Timestamp) -> bool {
    closing.as_of.get().is_some_and(|at| at.0 <= as_of) && !ledger.policies.iter().any(|policy| policy.cut)
}

/// What differs in every closed quarter from what was signed off. `rows` are all records, or those of closed quarters.
pub fn findings(sources: &SourceSet, ledger: &Ledger, rows: &[&Row], as_of: Timestamp) -> Vec<Diagnostic> {
    let one = |closed: &ClosedQuarter| {
        let (quarter, last) = (closed.name()?, closed.last()?);
        if let Some(span) = seal::broken(sources, closed) {
            return Some(unsealed(closed, quarter, span));
        }
        if !comparable(ledger, last, as_of) {
            return None;
        }
        let own: Vec<&Row> = rows.iter().copied().filter(|r| r.quarter == Some(quarter)).collect();
        let differs = Snapshot::of(last).against(&Snapshot::now(sources, ledger, quarter, &own, as_of));
        (!differs.is_empty()).then(|| finding(closed, last, quarter, &differs, ledger))
    };
    ledger.closed.iter().filter_map(one).collect()
}

fn unsealed(closed: &ClosedQuarter, quarter: Quarter, span: crate::source::Span) -> Diagnostic {
    let at = closed.at(span);
    let headline = format!("what was signed off for {quarter} was edited afterwards");
    Diagnostic::new(&UNSEALED, at.file, at.span, headline)
        .label("this is not how `tickmark close` left the text above")
        .help(format!("take the file as it was committed: `git log -p closed/{quarter}.yaml` shows who edited what; then, where other numbers are right today, `tickmark close {quarter} --by PERSON --restate REASON`"))
}

/// How many records and numbers a finding lists.
const LISTED: usize = 12;

fn finding(
    closed: &ClosedQuarter,
    last: &Closing,
    quarter: Quarter,
    differs: &Restatement,
    ledger: &Ledger,
) -> Diagnostic {
    let at = closed.at(last.by.span().unwrap_or(last.span));
    let (code, headline) = match differs.numbers.len() {
        0 => {
            let many = differs.records.len();
            let word = if many == 1 { "record" } else { "records" };
            (
                &EDITED,
                format!(
                    "{many} {word} of the closed quarter {quarter} changed since it was signed off; no number differs"
                ),
            )
        }
        1 => (&RESTATED, format!("a number of the closed quarter {quarter} is not what was signed off")),
        n => (&RESTATED, format!("{n} numbers of the closed quarter {quarter} are not what was signed off")),
    };
    let mut finding = Diagnostic::new(code, at.file, at.span, headline).label(signed(last, ledger));
    for (id, before, after) in differs.numbers.iter().take(LISTED) {
        finding = finding.note(format!("{}: {before} → {after}", label(id)));
    }
    for (id, happened) in differs.records.iter().take(LISTED) {
        finding = finding.note(format!("`{id}` {}", happened.phrase()));
    }
    let more = differs.numbers.len().saturating_sub(LISTED) + differs.records.len().saturating_sub(LISTED);
    if more > 0 {
        finding = finding.note(format!("and {more} more, on the quarter's report"));
    }
    finding.help(format!(
        "put the records back as they were; or, where today's are right, say why: `tickmark close {quarter} --by PERSON --restate REASON`"
    ))
}

/// `signed off as of 30 Sep 2026 by c.lead (ciso)`.
pub fn signed(closing: &Closing, ledger: &Ledger) -> String {
    let by = closing.by.get().map_or("nobody", PersonId::as_str);
    let roles: Vec<&str> = closing.roles.items().iter().map(|r| Role::as_str(&r.value)).collect();
    let roles = if roles.is_empty() { String::new() } else { format!(" ({})", roles.join(", ")) };
    let day = closing.as_of.get().map(|at| short_day(ledger.configuration.calendar.day(at.0))).unwrap_or_default();
    format!("signed off as of {day} by {by}{roles}")
}

impl Happened {
    /// As in "`CHG-1` was edited".
    pub fn phrase(&self) -> String {
        match self {
            Self::Edited(None) => "was edited".to_owned(),
            Self::Edited(Some((was, is))) => format!("was edited: {was} → {is}"),
            Self::Judged(was, is) => format!("came to something else, its text unchanged: {was} → {is}"),
            Self::Added => "was not among them".to_owned(),
            Self::Vanished => "is gone, or lies in another quarter".to_owned(),
        }
    }
}

/// How many changes of a quarter wait for something that is not due yet.
pub fn waiting(rows: &[&Row]) -> Option<String> {
    let pending = rows.iter().filter(|r| r.verdict == crate::judge::Verdict::Pending).count();
    (pending > 0).then(|| changes(pending))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn snapshot(kept: &str, records: &[(&str, &str, &str)]) -> Snapshot {
        let own = |text: &str| text.to_owned();
        Snapshot {
            numbers: vec![("changes".into(), records.len().to_string()), ("kept".into(), kept.into())],
            records: records.iter().map(|(id, sha, verdict)| (own(id), (own(sha), own(verdict)))).collect(),
        }
    }

    #[test]
    fn what_differs_is_named_with_what_became_of_each_record() {
        let before =
            snapshot("2 of 4", &[("a", "1", "pass"), ("b", "2", "pass"), ("c", "3", "pending"), ("d", "4", "fail")]);
        let after =
            snapshot("1 of 4", &[("a", "1", "pass"), ("b", "9", "fail"), ("c", "3", "fail"), ("e", "5", "pass")]);
        let differs = before.against(&after);
        assert_eq!(differs.numbers, [("kept".to_owned(), "2 of 4".to_owned(), "1 of 4".to_owned())]);
        let said: Vec<String> = differs.records.iter().map(|(id, h)| format!("{id} {}", h.phrase())).collect();
        let expected = [
            "b was edited: pass → fail",
            "c came to something else, its text unchanged: pending → fail",
            "d is gone, or lies in another quarter",
            "e was not among them",
        ];
        assert_eq!(said, expected);
        assert!(before.against(&before).is_empty());
    }

    #[test]
    fn a_number_that_only_one_has_is_not_compared() {
        let one = Snapshot { numbers: vec![("old".into(), "1".into())], ..Snapshot::default() };
        let other = Snapshot { numbers: vec![("new".into(), "2".into())], ..Snapshot::default() };
        assert!(one.against(&other).is_empty());
    }
}
