//! The internal home page: what needs somebody today, and how the quarters went.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::attention::{Owners, broken_and_open, due_soon, overdue};
use super::change::finding_row;
use super::deployed;
use super::pages::{Attention, AttentionRow, EmergencyRow, Figure, Link, Overview, QuarterRow};
use super::quarter::quarter_counts;
use super::row::{Row, report_href};
use super::wording::{capital, changes, counted, number, period, share};
use crate::diag::{Diagnostic, Level};
use crate::judge::Verdict;
use crate::model::{Ledger, Quarter};
use crate::source::SourceSet;

/// How many rows of each list stand on the page.
const SHOWN: usize = 12;

/// The records of each quarter, in the register's order.
pub fn by_quarter<'r>(ledger: &Ledger, order: &[&'r Row]) -> BTreeMap<Quarter, Vec<&'r Row>> {
    let differing = deployed::quarters(ledger).into_iter().map(|quarter| (quarter, Vec::new()));
    let mut map: BTreeMap<Quarter, Vec<&Row>> = differing.collect();
    for row in order {
        if let Some(quarter) = row.quarter {
            map.entry(quarter).or_default().push(row);
        }
    }
    map
}

/// The internal home page. `findings` are those of documents, not of rules.
pub fn overview(
    sources: &SourceSet,
    ledger: &Ledger,
    order: &[&Row],
    findings: &[&Diagnostic],
    as_of: Timestamp,
) -> Overview {
    let owners = Owners::new(ledger);
    let late = overdue(ledger, &owners, order, as_of);
    let soon = due_soon(ledger, &owners, order, as_of);
    let open = broken_and_open(ledger, &owners, order);
    let quarters = by_quarter(ledger, order);
    let headline = headline(late.len(), soon.len(), open.len());
    let emergencies: Vec<EmergencyRow> =
        order.iter().filter_map(|r| r.emergency_row.as_deref()).take(5).cloned().collect();
    let mut shown: Vec<&Diagnostic> = findings.iter().copied().filter(|f| f.level > Level::Note).collect();
    shown.sort_by_key(|f| std::cmp::Reverse(f.level));
    Overview {
        headline,
        lede: lede(ledger, order),
        figures: figures(order),
        attention: attention(late, open, soon),
        quarters: quarters.iter().rev().map(|(quarter, rows)| quarter_row(ledger, *quarter, rows, as_of)).collect(),
        emergencies,
        emergency_count: order.iter().filter(|r| r.emergency_row.is_some()).count(),
        findings_more: shown.len().saturating_sub(SHOWN * 2),
        findings: shown.into_iter().take(SHOWN * 2).map(|f| finding_row(sources, f)).collect(),
    }
}

fn headline(late: usize, soon: usize, open: usize) -> String {
    let deadlines = |n: usize| format!("{} {}", number(n), if n == 1 { "deadline" } else { "deadlines" });
    match (late, open, soon) {
        (0, 0, 0) => "Nothing needs anybody today".to_owned(),
        (0, 0, n) => format!("{} within seven days", capital(&deadlines(n))),
        (0, n, _) => format!(
            "{} broken by changes that are still open",
            capital(&format!("{} {}", number(n), if n == 1 { "rule" } else { "rules" }))
        ),
        (n, ..) => {
            format!("{} {} passed with nothing done", capital(&deadlines(n)), if n == 1 { "has" } else { "have" })
        }
    }
}

fn lede(ledger: &Ledger, order: &[&Row]) -> String {
    let of = |verdict| order.iter().filter(|r| r.verdict == verdict).count();
    let pending = of(Verdict::Pending);
    let wait = if pending == 1 { "waits" } else { "wait" };
    format!(
        "{} under {}: {} kept every rule, {} broke one, {pending} {wait} for something that is not due yet.",
        capital(&changes(order.len())),
        counted(ledger.policies.len(), "policy", "policies"),
        of(Verdict::Pass),
        of(Verdict::Fail)
    )
}

fn figures(order: &[&Row]) -> Vec<Figure> {
    let of = |verdict| order.iter().filter(|r| r.verdict == verdict).count();
    let judged = of(Verdict::Pass) + of(Verdict::Fail) + of(Verdict::Waived);
    let figure = |value: String, label: &str, base: Option<String>, href: &str| Figure {
        value,
        label: label.to_owned(),
        base,
        delta: None,
        target: None,
        href: Some(href.to_owned()),
    };
    let emergencies = order.iter().filter(|r| r.emergency).count();
    vec![
        figure(order.len().to_string(), "changes on record", None, "register/index.html"),
        figure(
            share(of(Verdict::Pass), judged),
            "kept every rule",
            Some(format!("{} of {} judged to the end", of(Verdict::Pass), changes(judged))),
            "register/index.html",
        ),
        figure(
            of(Verdict::Fail).to_string(),
            "broke a rule",
            Some(format!("of {}", changes(order.len()))),
            "register/broken/index.html",
        ),
        figure(
            emergencies.to_string(),
            "emergency changes",
            Some(format!("{} of {}", share(emergencies, order.len()), changes(order.len()))),
            "emergencies/index.html",
        ),
    ]
}

fn attention(late: Vec<AttentionRow>, open: Vec<AttentionRow>, soon: Vec<AttentionRow>) -> Vec<Attention> {
    [
        ("overdue", "Overdue", "Deadlines that have passed while nothing was recorded.", late),
        ("open", "Broken and still open", "Changes that are not closed and break a rule already.", open),
        ("soon", "Due within seven days", "What falls due next.", soon),
    ]
    .into_iter()
    .filter(|(.., rows)| !rows.is_empty())
    .map(|(id, title, note, mut rows)| {
        let more = rows.len().saturating_sub(SHOWN);
        rows.truncate(SHOWN);
        Attention {
            id: id.to_owned(),
            title: title.to_owned(),
            note: Some(note.to_owned()),
            rows,
            more: (more > 0).then(|| Link {
                text: format!("and {more} more in the register"),
                href: Some("register/index.html".to_owned()),
            }),
        }
    })
    .collect()
}

fn quarter_row(ledger: &Ledger, quarter: Quarter, rows: &[&Row], as_of: Timestamp) -> QuarterRow {
    let calendar = &ledger.configuration.calendar;
    let starts = calendar.fiscal_year_starts;
    let (emergencies, pass, fail, other, share) = quarter_counts(rows);
    QuarterRow {
        id: quarter.to_string(),
        href: report_href(quarter),
        period: period(quarter, starts),
        open: calendar.end_of(quarter.last_day(starts)) >= as_of,
        changes: rows.len(),
        emergencies,
        pass,
        fail,
        other,
        share,
    }
}
