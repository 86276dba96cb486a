//! Eight quarters side by side, and their months: small lines with a table beside them.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::words::{brief, plain, target, value};
use crate::model::{Ledger, Quarter};
use crate::report::chart::{Line, Point, bars, line};
use crate::report::numbers::{Definition, Good, Kind, NUMBERS, Span, Tallied, defined, number};
use crate::report::pages::{Chart, Grid, Link};
use crate::report::row::{Row, report_href};
use crate::report::wording::{capital, changes, per_mille, short_month};

/// The numbers drawn as lines.
const DRAWN: [&str; 6] =
    ["changes", "kept", "emergencies", "failure-rate", "request-to-production", "emergency-reviewed"];
/// The numbers counted for each month.
const MONTHLY: [&str; 4] = ["changes", "emergencies", "kept", "failure-rate"];
/// How many quarters are shown.
const QUARTERS: usize = 8;

/// The numbers of a quarter, and of its months.
pub(super) struct Past {
    /// In the order of [`NUMBERS`].
    pub(super) tallied: Vec<Tallied>,
    /// Of each of its three months, in the order of [`MONTHLY`].
    months: [[Tallied; MONTHLY.len()]; 3],
}

impl Past {
    /// Counts a quarter.
    pub(super) fn of(span: Span<'_>) -> Self {
        let tallied = NUMBERS.iter().map(|definition| number(definition, span).tallied).collect();
        let calendar = &span.ledger.configuration.calendar;
        let first = span.quarter.map_or(1, |q| q.first_day(calendar.fiscal_year_starts).month());
        let month = |row: &Row| row.at.map(|at| (calendar.day(at).month() - first).rem_euclid(12));
        let months = std::array::from_fn(|n| {
            let rows: Vec<&Row> = span.rows.iter().copied().filter(|r| month(r) == i8::try_from(n).ok()).collect();
            let span = Span { quarter: None, rows: &rows, ..span };
            MONTHLY.map(|id| defined(id).map_or_else(Tallied::default, |(_, d)| number(d, span).tallied))
        });
        Self { tallied, months }
    }
}

/// The eight quarters that end with this one, oldest first; those before the first record are left out.
pub(super) fn shown(pasts: &BTreeMap<Quarter, Past>, quarter: Quarter) -> Vec<Quarter> {
    let first = pasts.keys().next().copied().unwrap_or(quarter);
    let mut list = vec![quarter];
    while list.len() < QUARTERS && list[list.len() - 1] > first {
        list.push(list[list.len() - 1].previous());
    }
    list.reverse();
    list
}

/// Lines over eight quarters, and the table they are drawn from.
pub(super) fn trends(ledger: &Ledger, pasts: &BTreeMap<Quarter, Past>, quarter: Quarter) -> (Vec<Chart>, Grid) {
    let quarters = shown(pasts, quarter);
    let drawn: Vec<(usize, &Definition)> = DRAWN.iter().filter_map(|id| defined(id)).collect();
    let tallied = |quarter: &Quarter, at: usize| pasts.get(quarter).map(|p| p.tallied[at]).unwrap_or_default();
    let charts = drawn.iter().map(|(at, definition)| {
        let points: Vec<Point> = quarters.iter().map(|q| point(definition, tallied(q, *at), q.to_string())).collect();
        chart(ledger, definition, &points, tallied(&quarter, *at))
    });
    let columns = std::iter::once("Quarter".to_owned()).chain(drawn.iter().map(|(_, d)| capital(d.label)));
    let rows = quarters.iter().rev().map(|q| {
        let own = Link { text: q.to_string(), href: pasts.contains_key(q).then(|| report_href(*q)) };
        let cells = drawn.iter().map(|(at, definition)| plain(brief(definition, tallied(q, *at))));
        std::iter::once(own).chain(cells).collect()
    });
    (charts.collect(), Grid { columns: columns.collect(), rows: rows.collect() })
}

fn point(definition: &Definition, tallied: Tallied, label: String) -> Point {
    let value = match definition.kind() {
        _ if definition.id == "changes" => i64::try_from(tallied.n).ok(),
        Kind::Share => per_mille(tallied.n, tallied.of).and_then(|p| i64::try_from(p).ok()),
        Kind::Span => tallied.median,
        Kind::Often => i64::try_from(tallied.n).ok(),
    };
    Point {
        label,
        value,
        part: 0,
        words: value.map_or_else(|| "nothing to count".to_owned(), |_| self::value(definition, tallied)),
    }
}

fn chart(ledger: &Ledger, definition: &Definition, points: &[Point], now: Tallied) -> Chart {
    let id = format!("trend-{}", definition.id);
    let share = definition.kind() == Kind::Share && definition.id != "changes";
    let top = if share && definition.good == Good::Up { 1000 } else { 0 };
    let goal = target(ledger, definition, now).zip(ledger.configuration.targets.get(definition.id));
    let target = goal.map(|(target, asked)| (i64::from(*asked / 10), target.text));
    let caption = match definition.kind() {
        Kind::Span => format!("{}, median", capital(definition.label)),
        _ => capital(definition.label),
    };
    let svg = line(&Line { id: &id, title: &format!("{caption}, quarter by quarter"), points, top, target });
    Chart { id, title: capital(definition.label), caption: super::words::base(definition, now), svg }
}

/// Changes month by month over the same quarters, and the table behind it.
pub(super) fn months(ledger: &Ledger, pasts: &BTreeMap<Quarter, Past>, quarter: Quarter) -> (Chart, Grid) {
    let starts = ledger.configuration.calendar.fiscal_year_starts;
    let mut points = Vec::new();
    let mut rows = Vec::new();
    for shown in shown(pasts, quarter) {
        let mut day: Date = shown.first_day(starts);
        for month in 0..3 {
            let tallied = pasts.get(&shown).map(|p| p.months[month]).unwrap_or_default();
            let label = short_month(day);
            let (all, emergencies) = (tallied[0].n, tallied[1].n);
            points.push(Point {
                label: label.clone(),
                value: i64::try_from(all).ok(),
                part: i64::try_from(emergencies).unwrap_or(0),
                words: format!("{}, {emergencies} of them emergencies", changes(all)),
            });
            let cells = MONTHLY.iter().zip(tallied).filter_map(|(id, t)| Some(plain(brief(defined(id)?.1, t))));
            rows.push(std::iter::once(plain(label)).chain(cells).collect());
            day = day.saturating_add(jiff::Span::new().months(1));
        }
    }
    rows.reverse();
    let columns = MONTHLY.iter().filter_map(|id| defined(id)).map(|(_, d)| capital(d.label));
    let svg = bars("months-drawn", "Changes month by month, emergencies darker", &points);
    let chart = Chart {
        id: "months".to_owned(),
        title: "Month by month".to_owned(),
        caption: "Changes of each month; the darker part are emergencies.".to_owned(),
        svg,
    };
    (chart, Grid { columns: std::iter::once("Month".to_owned()).chain(columns).collect(), rows })
}
