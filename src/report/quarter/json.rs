//! report.json: `tickmark.report/1`, every number of a quarter with its definition and the records behind it.

use jiff::civil::Date;
use serde::Serialize;

use super::whole::{Missed, Whole};
use super::{Reports, year_before};
use crate::judge::Verdict;
use crate::model::{Quarter, Status, Vocabulary};
use crate::report::numbers::{Definition, Good, Kind, NUMBERS, Number, Tallied, may_have_target, meets};
use crate::report::pages::{ClosingView, NumberRestated, RestatementView};
use crate::report::row::Row;

#[derive(Serialize)]
struct Document<'r> {
    schema: &'static str,
    quarter: String,
    first_day: String,
    last_day: String,
    time_zone: &'r str,
    fiscal_year_starts: i8,
    open: bool,
    as_of: String,
    organisation: &'r str,
    demonstration: bool,
    headline: &'r str,
    summary: &'r str,
    numbers: Vec<NumberOut<'r>>,
    by: Vec<By>,
    controls: Vec<ControlOut<'r>>,
    trend: Vec<TrendOut>,
    closing: Option<ClosingOut<'r>>,
    records: Vec<RecordOut<'r>>,
}

/// What the quarter was signed off as, and what differs since.
#[derive(Serialize)]
struct ClosingOut<'r> {
    signed: &'r str,
    differs: bool,
    restatements: Vec<RestatementOut<'r>>,
}

#[derive(Serialize)]
struct RestatementOut<'r> {
    title: &'r str,
    reason: Option<&'r str>,
    numbers: &'r [NumberRestated],
    records: Vec<RestatedOut<'r>>,
    more_records: usize,
}

/// A record that a restatement comes from.
#[derive(Serialize)]
struct RestatedOut<'r> {
    id: &'r str,
    what: &'r str,
}

impl<'r> From<&'r ClosingView> for ClosingOut<'r> {
    fn from(closing: &'r ClosingView) -> Self {
        let restated = |restatement: &'r RestatementView| RestatementOut {
            title: &restatement.title,
            reason: restatement.reason.as_deref(),
            numbers: &restatement.numbers,
            records: restatement.records.iter().map(|r| RestatedOut { id: &r.record.text, what: &r.what }).collect(),
            more_records: restatement.more,
        };
        let restatements = closing.restatements.iter().map(restated).collect();
        Self { signed: &closing.sentence, differs: closing.differs, restatements }
    }
}

#[derive(Serialize)]
struct NumberOut<'r> {
    id: &'static str,
    label: &'static str,
    definition: &'static str,
    kind: &'static str,
    #[serde(flatten)]
    value: Value,
    target: Option<TargetOut>,
    quarter_before: Option<Value>,
    year_before: Option<Value>,
    records: Vec<&'r str>,
    unknown_records: Vec<&'r str>,
}

/// A number: so many, of so many, of which so many are unknown; of a length of time also its seconds.
#[derive(Serialize)]
struct Value {
    n: usize,
    of: usize,
    unknown: usize,
    median_seconds: Option<i64>,
    ninetieth_percentile_seconds: Option<i64>,
}

impl From<Tallied> for Value {
    fn from(t: Tallied) -> Self {
        Self {
            n: t.n,
            of: t.of,
            unknown: t.unknown,
            median_seconds: t.median,
            ninetieth_percentile_seconds: t.ninetieth,
        }
    }
}

#[derive(Serialize)]
struct TargetOut {
    hundredths_of_a_percent: u32,
    at_most: bool,
    met: bool,
}

/// Counts of one thing by another.
#[derive(Serialize)]
struct By {
    table: String,
    label: String,
    counts: std::collections::BTreeMap<String, usize>,
    total: usize,
}

#[derive(Serialize)]
struct ControlOut<'r> {
    policy: &'r str,
    rule: &'r str,
    held: &'static str,
    kept: usize,
    broken: usize,
    waived: usize,
    unknown: usize,
    pending: usize,
    days: Vec<DayOut<'r>>,
    whole: Option<WholeOut<'r>>,
}

/// What a rule came to that is judged for all records of a policy together.
#[derive(Serialize)]
struct WholeOut<'r> {
    says: &'r str,
    missed: usize,
    of: Option<usize>,
}

#[derive(Serialize)]
struct DayOut<'r> {
    day: String,
    records: Vec<&'r str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    commits: Vec<&'r str>,
}

#[derive(Serialize)]
struct TrendOut {
    quarter: String,
    numbers: std::collections::BTreeMap<&'static str, Value>,
}

#[derive(Serialize)]
struct RecordOut<'r> {
    id: &'r str,
    policy: Option<&'r str>,
    policy_version: Option<&'r str>,
    r#type: &'r str,
    emergency: bool,
    status: Option<&'static str>,
    verdict: &'static str,
    outcome: Option<&'static str>,
    systems: Vec<&'r str>,
    at: Option<String>,
    requested: Option<String>,
    approved: Option<String>,
    deployed: Option<String>,
    broken: Vec<&'r str>,
    unknown: Vec<&'r str>,
}

impl Reports<'_> {
    /// report.json of a quarter. `page` is its page, for the words and tables that both show.
    pub fn json(&self, quarter: Quarter, page: &crate::report::pages::QuarterReport) -> String {
        let configuration = &self.ledger.configuration;
        let starts = configuration.calendar.fiscal_year_starts;
        let counted = self.count(quarter);
        let numbers = NUMBERS.iter().zip(&counted.numbers).enumerate();
        let document = Document {
            schema: "tickmark.report/1",
            quarter: quarter.to_string(),
            first_day: quarter.first_day(starts).to_string(),
            last_day: quarter.last_day(starts).to_string(),
            time_zone: &configuration.calendar.zone_name,
            fiscal_year_starts: starts,
            open: self.is_open(quarter),
            as_of: self.as_of.to_string(),
            organisation: &configuration.organisation,
            demonstration: configuration.demonstration,
            headline: &page.headline,
            summary: &page.lede,
            numbers: numbers
                .map(|(at, (definition, number))| self.number_out(quarter, at, definition, number))
                .collect(),
            by: by(page),
            controls: self.controls_out(&counted, page),
            trend: self.trend_out(quarter),
            closing: page.closing.as_ref().map(ClosingOut::from),
            records: counted.rows.iter().map(|row| self.record_out(row)).collect(),
        };
        serde_json::to_string(&document).expect("numbers and texts are JSON") + "\n"
    }

    fn number_out<'c>(
        &self,
        quarter: Quarter,
        at: usize,
        definition: &'static Definition,
        number: &Number<'c>,
    ) -> NumberOut<'c> {
        let tallied = number.tallied;
        let was = |quarter| self.was(quarter, at).map(Value::from);
        let target = self.ledger.configuration.targets.get(definition.id).filter(|_| may_have_target(definition));
        let met = target.and_then(|asked| Some((*asked, meets(tallied, definition.good, *asked)?)));
        let ids = |rows: &[&'c Row]| rows.iter().map(|r| r.id.as_str()).collect();
        NumberOut {
            id: definition.id,
            label: definition.label,
            definition: definition.says,
            kind: match definition.kind() {
                Kind::Share => "share",
                Kind::Span => "length",
                Kind::Often => "frequency",
            },
            value: tallied.into(),
            target: met.map(|(asked, met)| TargetOut {
                hundredths_of_a_percent: asked,
                at_most: definition.good == Good::Down,
                met,
            }),
            quarter_before: was(quarter.previous()),
            year_before: was(year_before(quarter)),
            records: ids(&number.counted),
            unknown_records: ids(&number.unknown),
        }
    }

    fn controls_out<'c>(
        &self,
        counted: &'c super::Counted<'c>,
        page: &crate::report::pages::QuarterReport,
    ) -> Vec<ControlOut<'c>> {
        debug_assert_eq!(page.id, counted.quarter.to_string());
        let calendar = &self.ledger.configuration.calendar;
        let of = |control: &super::Control<'_>, verdict| control.of(&[verdict]).len();
        let held = |control: &super::Control<'_>| {
            let row = page.controls.iter().find(|r| r.policy == control.policy() && r.rule.text == control.id());
            row.map_or("not asked", |r| r.held)
        };
        let day = |(day, rows): (Date, Vec<&'c Row>)| DayOut {
            day: day.to_string(),
            records: rows.iter().map(|r| r.id.as_str()).collect(),
            commits: Vec::new(),
        };
        let each = counted.controls.values().map(|control| ControlOut {
            policy: control.policy(),
            rule: control.id(),
            held: held(control),
            kept: of(control, Verdict::Pass),
            broken: of(control, Verdict::Fail),
            waived: of(control, Verdict::Waived),
            unknown: of(control, Verdict::Unknown),
            pending: of(control, Verdict::Pending),
            days: control.days(calendar).into_iter().map(day).collect(),
            whole: None,
        });
        each.chain(counted.whole.iter().map(whole_out)).collect()
    }

    /// The quarters of the trend, oldest first.
    fn trend_out(&self, quarter: Quarter) -> Vec<TrendOut> {
        let quarters = super::trend::shown(&self.pasts, quarter).into_iter();
        let known = quarters.filter_map(|q| Some((q, self.pasts.get(&q)?)));
        known
            .map(|(quarter, past)| TrendOut {
                quarter: quarter.to_string(),
                numbers: NUMBERS.iter().map(|d| d.id).zip(past.tallied.iter().map(|t| Value::from(*t))).collect(),
            })
            .collect()
    }

    fn record_out<'c>(&'c self, row: &'c Row) -> RecordOut<'c> {
        let version = row.version(self.ledger);
        let rules = |wanted| {
            let found = row.judgements.iter().filter(move |j| j.verdict == wanted);
            found.filter_map(|j| Some(version?.rules[j.rule as usize].id.as_str())).collect()
        };
        RecordOut {
            id: &row.id,
            policy: version.map(|v| v.id.as_str()),
            policy_version: version.map(|v| v.version.as_str()),
            r#type: row.type_title(self.ledger),
            emergency: row.emergency,
            status: row.status.map(Status::word),
            verdict: row.verdict.word(),
            outcome: row.outcome.map(Vocabulary::word),
            systems: row.systems.iter().map(crate::model::Word::as_str).collect(),
            at: row.at.map(|t| t.to_string()),
            requested: row.requested.map(|t| t.to_string()),
            approved: row.approved.map(|t| t.to_string()),
            deployed: row.deployed.map(|t| t.to_string()),
            broken: rules(Verdict::Fail),
            unknown: rules(Verdict::Unknown),
        }
    }
}

/// A rule that is judged for all records together: each day with the records or commits that are missing.
fn whole_out<'c>(whole: &'c Whole<'c>) -> ControlOut<'c> {
    let day = |(day, missed): (&Date, &'c Vec<Missed<'c>>)| DayOut {
        day: day.to_string(),
        records: missed.iter().filter_map(|m| m.record).collect(),
        commits: missed.iter().filter_map(|m| m.commit).collect(),
    };
    ControlOut {
        policy: whole.policy(),
        rule: whole.id(),
        held: whole.held,
        kept: 0,
        broken: 0,
        waived: 0,
        unknown: 0,
        pending: 0,
        days: whole.days.iter().map(day).collect(),
        whole: Some(WholeOut { says: &whole.says, missed: whole.missed(), of: whole.of }),
    }
}

fn by(page: &crate::report::pages::QuarterReport) -> Vec<By> {
    let rows =
        page.tables.iter().flat_map(|table| table.rows.iter().chain([&table.total]).map(move |row| (table, row)));
    rows.map(|(table, row)| By {
        table: table.id.clone(),
        label: row.label.clone(),
        counts: table.columns.iter().cloned().zip(row.counts.iter().map(|c| c.n)).collect(),
        total: row.total.n,
    })
    .collect()
}
