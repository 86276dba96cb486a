//! The quarterly reports: one model, from which pages, JSON, tables and PDF are made.
//!
//! Every number is counted once, by [`super::numbers`], and every form of a report prints that. Behind each number stand
//! its records, on the quarter's records page. [`Reports`] knows all quarters, because a report shows what was before.

mod controls;
mod groups;
mod json;
mod repeated;
mod trend;
mod whole;
mod words;
mod workbook;

use std::collections::BTreeMap;

use jiff::Timestamp;

use self::controls::{Control, Key};
use self::trend::Past;
use self::whole::{Whole, wholes};
use self::words::{base, brief, delta, target, value};
use super::attention::{Owners, due_soon, overdue};
use super::deployed;
use super::numbers::{Definition, Kind, NUMBERS, Number, Part, Span, Tallied, defined, numbers};
use super::overview::by_quarter;
use super::pages::{
    Attention, AttentionRow, EmergenciesPage, FailureRow, Figure, Html, Link, NumberRow, NumberSection, QuarterReport,
    RecordsPage, WaiverRow,
};
use super::row::{Row, report_href};
use super::tables::tables;
use super::waivers::waiver_row;
use super::wording::{capital, changes, counted, grouped, number, period, share};
use crate::judge::Verdict;
use crate::model::{Ledger, Quarter};

pub(super) use self::groups::{Groups, anchor, picked};

/// A report and the records behind its numbers.
pub struct QuarterPages {
    /// The report.
    pub report: QuarterReport,
    /// The records.
    pub records: RecordsPage,
}

/// All quarters of a site, counted.
pub struct Reports<'r> {
    ledger: &'r Ledger,
    as_of: Timestamp,
    quarters: BTreeMap<Quarter, Vec<&'r Row>>,
    pasts: BTreeMap<Quarter, Past>,
    used: Vec<bool>,
    owners: Owners,
}

/// A quarter's numbers and controls, with the records behind them.
struct Counted<'r> {
    quarter: Quarter,
    rows: &'r [&'r Row],
    numbers: Vec<Number<'r>>,
    controls: BTreeMap<Key<'r>, Control<'r>>,
    /// Rules that are judged for all records of a policy together.
    whole: Vec<Whole<'r>>,
}

impl<'r> Reports<'r> {
    /// Counts every quarter. `order` holds the records in the register's order.
    pub fn new(ledger: &'r Ledger, order: &[&'r Row], as_of: Timestamp) -> Self {
        let quarters = by_quarter(ledger, order);
        let mut used = vec![false; ledger.waivers.len()];
        for index in order.iter().flat_map(|r| &r.judgements).filter_map(|j| j.waiver) {
            used[index as usize] = true;
        }
        let pasts = quarters
            .iter()
            .map(|(quarter, rows)| (*quarter, Past::of(Span::quarter(ledger, *quarter, rows, &used, as_of))))
            .collect();
        Self { ledger, as_of, pasts, used, owners: Owners::new(ledger), quarters }
    }

    /// The quarters that have a report, oldest first.
    pub fn quarters(&self) -> impl Iterator<Item = Quarter> {
        self.quarters.keys().copied()
    }

    /// The records of a quarter, in the register's order.
    pub fn rows(&self, quarter: Quarter) -> &[&'r Row] {
        self.quarters.get(&quarter).map_or(&[], Vec::as_slice)
    }

    /// The numbers of a quarter that has a report, in the order of [`NUMBERS`].
    pub fn tallied(&self, quarter: Quarter) -> Option<&[Tallied]> {
        self.pasts.get(&quarter).map(|past| past.tallied.as_slice())
    }

    /// The numbers of a quarter with the records behind them, in the order of [`NUMBERS`].
    pub fn numbers(&self, quarter: Quarter) -> Vec<Number<'_>> {
        numbers(self.span(quarter))
    }

    /// Whether a quarter still runs.
    pub fn is_open(&self, quarter: Quarter) -> bool {
        let calendar = &self.ledger.configuration.calendar;
        calendar.end_of(quarter.last_day(calendar.fiscal_year_starts)) >= self.as_of
    }

    fn span(&self, quarter: Quarter) -> Span<'_> {
        Span::quarter(self.ledger, quarter, self.rows(quarter), &self.used, self.as_of)
    }

    fn count(&self, quarter: Quarter) -> Counted<'_> {
        let rows = self.rows(quarter);
        let controls = controls::controls(self.ledger, rows);
        let whole = wholes(self.ledger, quarter, self.as_of);
        Counted { quarter, rows, numbers: self.numbers(quarter), controls, whole }
    }

    fn was(&self, quarter: Quarter, at: usize) -> Option<Tallied> {
        self.pasts.get(&quarter).map(|past| past.tallied[at])
    }

    /// The report of a quarter, and the records behind it. `words` are leadership's own.
    pub fn pages(&self, quarter: Quarter, words: Option<Html>) -> QuarterPages {
        let counted = self.count(quarter);
        let mut groups = Groups::new(quarter);
        let starts = self.ledger.configuration.calendar.fiscal_year_starts;
        let period = period(quarter, starts);
        let sections = self.sections(&counted, &mut groups);
        let before = self.quarters.get(&quarter.previous()).map(|rows| controls::controls(self.ledger, rows));
        let failures = controls::failures(&counted.controls, before.as_ref(), &mut groups);
        let (controls, controls_note) = controls::table(self.ledger, &counted.controls, &counted.whole, &mut groups);
        let repeated = repeated::repeated(&self.owners, &counted, before.as_ref(), &mut groups);
        let late = overdue(self.ledger, &self.owners, counted.rows, self.as_of);
        let (trends, trend_table) = trend::trends(self.ledger, &self.pasts, quarter);
        let (months, month_table) = trend::months(self.ledger, &self.pasts, quarter);
        let emergencies: Vec<_> = counted.rows.iter().filter_map(|r| r.emergency_row.as_deref().cloned()).collect();
        let lede = self.lede(&counted, &failures, late.len());
        let report = QuarterReport {
            closing: None,
            id: quarter.to_string(),
            open: self.is_open(quarter),
            headline: self.headline(&counted, &failures),
            lede,
            words,
            figures: self.figures(&counted, &groups),
            attention: attention(late, due_soon(self.ledger, &self.owners, counted.rows, self.as_of)),
            repeated,
            failures,
            emergencies_href: (!emergencies.is_empty()).then(|| emergencies_href(quarter)),
            emergencies,
            trends,
            trend_table,
            months,
            month_table,
            sections,
            controls,
            controls_note,
            tables: tables(self.ledger, counted.rows, &mut groups),
            deployed: deployed::section(self.ledger, quarter),
            waivers: self.waivers(&counted),
            before: self.other(quarter.previous()),
            year_before: self.other(year_before(quarter)),
            after: self.other(quarter.next()),
            downloads: downloads(quarter),
            period: period.clone(),
        };
        let records =
            RecordsPage { quarter: quarter.to_string(), period, report: report_href(quarter), groups: groups.list };
        QuarterPages { report, records }
    }

    /// The page of a quarter's emergencies, if it has any.
    pub fn emergencies(&self, quarter: Quarter) -> Option<EmergenciesPage> {
        let rows = picked(self.rows(quarter), |r| r.emergency_row.is_some() && r.page);
        if rows.is_empty() {
            return None;
        }
        let counted = self.count(quarter);
        let shown = ["emergencies", "emergency-documented", "emergency-reviewed"].into_iter().filter_map(defined);
        Some(EmergenciesPage {
            quarter: Some(Link {
                text: format!("Quarterly change report {quarter}"),
                href: Some(report_href(quarter)),
            }),
            href: emergencies_href(quarter),
            figures: shown.map(|(at, definition)| self.figure(&counted, at, definition)).collect(),
            ..super::emergency::listed(&rows)
        })
    }

    fn other(&self, quarter: Quarter) -> Option<Link> {
        let text = quarter.to_string();
        self.quarters.contains_key(&quarter).then(|| Link { text, href: Some(report_href(quarter)) })
    }

    /// The numbers of a part, with what they were before.
    fn sections<'c>(&self, counted: &Counted<'c>, groups: &mut Groups<'c>) -> Vec<NumberSection> {
        let heading = |quarter: Quarter| self.other(quarter).map(|link| link.text).unwrap_or_default();
        PARTS
            .iter()
            .map(|(part, id, title)| {
                let own = NUMBERS.iter().enumerate().filter(|(_, d)| d.part == *part);
                NumberSection {
                    id,
                    title,
                    before: heading(counted.quarter.previous()),
                    year_before: heading(year_before(counted.quarter)),
                    rows: own.map(|(at, d)| self.number_row(counted, at, d, groups)).collect(),
                }
            })
            .collect()
    }

    fn number_row<'c>(
        &self,
        counted: &Counted<'c>,
        at: usize,
        definition: &'static Definition,
        groups: &mut Groups<'c>,
    ) -> NumberRow {
        let now = &counted.numbers[at];
        let tallied = now.tallied;
        let label = capital(definition.label);
        let href = groups.add(definition.id, &label, &now.counted);
        let unknown =
            groups.add(&format!("{}-unknown", definition.id), &format!("{label}: nobody can say"), &now.unknown);
        if definition.kind() == Kind::Share && now.asked.len() < counted.rows.len() {
            groups.add(&format!("{}-asked", definition.id), &format!("{label}: all that were asked"), &now.asked);
        }
        let place = match definition.kind() {
            _ if tallied.n == 0 => None,
            _ if !now.waivers.is_empty() => Some("waivers/index.html".to_owned()),
            _ if definition.id == "unrecorded-deployments" => {
                Some(format!("{}#deployed", report_href(counted.quarter)))
            }
            _ => href,
        };
        let was = |quarter| {
            let text = brief(definition, self.was(quarter, at)?);
            Some(Link { text, href: Some(format!("{}#n-{}", report_href(quarter), definition.id)) })
        };
        NumberRow {
            id: definition.id,
            value: value(definition, tallied),
            base: Link { text: base(definition, tallied), href: place },
            unknown: (tallied.unknown > 0)
                .then(|| Link { text: format!("{} unknown", grouped(tallied.unknown)), href: unknown }),
            before: was(counted.quarter.previous()),
            year_before: was(year_before(counted.quarter)),
            target: target(self.ledger, definition, tallied),
            definition: definition.says,
            label,
        }
    }

    /// The numbers on top, and a figure for every rule with a target that was asked.
    fn figures(&self, counted: &Counted<'_>, groups: &Groups<'_>) -> Vec<Figure> {
        let named = self.ledger.configuration.targets.keys().map(String::as_str);
        let mut shown = TOP.to_vec();
        shown.extend(named.filter(|id| !TOP.contains(id)));
        let mut list: Vec<Figure> = Vec::new();
        for id in shown {
            if let Some((at, definition)) = defined(id) {
                list.push(self.figure(counted, at, definition));
            } else {
                list.extend(self.rule_figures(counted, id, groups));
            }
        }
        list
    }

    fn figure(&self, counted: &Counted<'_>, at: usize, definition: &Definition) -> Figure {
        let tallied = counted.numbers[at].tallied;
        let unknown =
            if tallied.unknown > 0 { format!(", {} unknown", grouped(tallied.unknown)) } else { String::new() };
        let before = self.was(counted.quarter.previous(), at);
        Figure {
            value: value(definition, tallied),
            label: definition.label.to_owned(),
            base: Some(format!("{}{unknown}", base(definition, tallied))),
            delta: before.and_then(|was| delta(definition, tallied, was, counted.quarter.previous())),
            target: target(self.ledger, definition, tallied),
            href: (!counted.numbers[at].counted.is_empty()).then(|| groups::href(counted.quarter, definition.id)),
        }
    }

    /// Every policy's rule of that name: the share that kept it.
    fn rule_figures(&self, counted: &Counted<'_>, id: &str, groups: &Groups<'_>) -> Vec<Figure> {
        let own = counted.controls.values().filter(|c| c.id() == id && c.due() > 0);
        own.map(|control| {
            let (kept, of) = (control.of(&[Verdict::Pass]).len(), control.due());
            let unknown = control.of(&[Verdict::Unknown]).len();
            let tallied = Tallied { n: kept, of, unknown, ..Tallied::default() };
            let said = if unknown > 0 { format!(", {} unknown", grouped(unknown)) } else { String::new() };
            let asked = format!("asked-{}-{}", anchor(control.policy()), anchor(id));
            let goal = self.ledger.configuration.targets.get(id);
            Figure {
                value: share(kept, of),
                label: format!("kept {}", control.shown()),
                base: Some(format!("{} of {}{said}", grouped(kept), changes(of))),
                delta: None,
                target: goal.and_then(|asked| words::aim(*asked, tallied, super::numbers::Good::Up)),
                href: groups.list.iter().any(|g| g.id == asked).then(|| groups::href(counted.quarter, &asked)),
            }
        })
        .collect()
    }

    fn waivers(&self, counted: &Counted<'_>) -> Vec<WaiverRow> {
        let mut listed: BTreeMap<usize, Vec<Link>> = BTreeMap::new();
        for number in &counted.numbers {
            listed.extend(number.waivers.iter().map(|index| (*index, Vec::new())));
        }
        for row in counted.rows {
            for index in row.judgements.iter().filter_map(|j| j.waiver) {
                let links = listed.entry(index as usize).or_default();
                if links.iter().all(|l| l.text != row.id) {
                    links.push(Link { text: row.id.clone(), href: row.page.then(|| row.href()) });
                }
            }
        }
        listed.into_iter().map(|(index, links)| waiver_row(self.ledger, index, links, Some(self.as_of))).collect()
    }

    /// The report's title is its finding; plain where nothing stands out.
    fn headline(&self, counted: &Counted<'_>, failures: &[FailureRow]) -> String {
        let mut parts: Vec<String> = Vec::new();
        let of = |id| defined(id).map(|(at, _)| counted.numbers[at].tallied).unwrap_or_default();
        let (emergencies, broken, judged) = (of("emergencies").n, of("broken").n, of("kept").of);
        let before = defined("emergencies").and_then(|(at, _)| self.was(counted.quarter.previous(), at));
        if let Some(was) = before.map(|t| t.n) {
            if emergencies > was && emergencies >= 2 {
                parts.push("more emergencies".to_owned());
            } else if emergencies < was && was >= 2 {
                parts.push("fewer emergencies".to_owned());
            }
        }
        match failures.first() {
            Some(top) if top.count.n >= 3 && top.before.as_deref().is_some_and(|b| !b.starts_with("0 of")) => {
                parts.push(format!("{} keeps slipping", top.rule.text));
            }
            _ if broken == 0 && judged > 0 => parts.push("every change kept its rules".to_owned()),
            _ if broken > 0 => parts.push(format!("{} broke a rule", counted_words(broken))),
            _ => {}
        }
        if parts.is_empty() { changes(counted.rows.len()) } else { capital(&parts.join(", ")) }
    }

    /// What a reader must know, in plain words.
    fn lede(&self, counted: &Counted<'_>, failures: &[FailureRow], overdue: usize) -> String {
        let of = |id| defined(id).map(|(at, _)| counted.numbers[at].tallied).unwrap_or_default();
        let (deployed, emergencies, kept, failed) = (of("deployed"), of("emergencies"), of("kept"), of("failure-rate"));
        let was = defined("emergencies").and_then(|(at, _)| self.was(counted.quarter.previous(), at));
        let was = was.map(|t| format!(", {} the quarter before", grouped(t.n))).unwrap_or_default();
        let so_far = if self.is_open(counted.quarter) { " so far" } else { "" };
        let were = if emergencies.n == 1 { "was an emergency" } else { "were emergencies" };
        let mut said = vec![
            format!("{} reached production{so_far}.", capital(&counted_words(deployed.n))),
            format!(
                "{} of {} {were} ({}{was}).",
                capital(&number(emergencies.n)),
                changes(emergencies.of),
                share(emergencies.n, emergencies.of)
            ),
        ];
        if kept.of > 0 {
            let unknown = match kept.unknown {
                0 => String::new(),
                n => format!("; of {} nobody can say", grouped(n)),
            };
            let (kept, of) = (grouped(kept.n), grouped(kept.of));
            said.push(format!("{kept} of {of} judged to the end kept every rule{unknown}."));
        }
        if failed.n > 0 {
            let of = grouped(failed.of);
            said.push(format!("{} of {of} deployed failed in production.", capital(&number(failed.n))));
        }
        // Of rules that were each broken once none stands out.
        if let Some(top) = failures.first().filter(|top| top.count.n > 1) {
            let (rule, by) = (&top.rule.text, grouped(top.count.n));
            said.push(format!("Broken most often was {rule}: by {by} of {}.", changes(top.of)));
        }
        if overdue > 0 {
            let passed = counted_deadlines(overdue);
            said.push(format!("{passed} passed with nothing done."));
        }
        said.join(" ")
    }
}

fn counted_words(n: usize) -> String {
    format!("{} {}", number(n), if n == 1 { "change" } else { "changes" })
}

fn counted_deadlines(n: usize) -> String {
    capital(&format!("{} {} has", number(n), if n == 1 { "deadline" } else { "deadlines" }))
        .replace("deadlines has", "deadlines have")
}

/// The other forms that every report has.
fn downloads(quarter: Quarter) -> Vec<Link> {
    let all = [
        ("report.json", "every number with its records, as JSON"),
        ("changes.xlsx", "changes, numbers and controls as a spreadsheet"),
        ("changes.csv", "changes as CSV"),
    ];
    let link =
        |(file, text): (&str, &str)| Link { text: text.to_owned(), href: Some(format!("reports/{quarter}/{file}")) };
    all.map(link).to_vec()
}

/// A quarter's report as PDF, which is not made by every program.
pub fn paper_link(quarter: Quarter) -> Link {
    Link { text: "the report as PDF".to_owned(), href: Some(format!("reports/{quarter}/report.pdf")) }
}

/// The same quarter a year ago.
fn year_before(quarter: Quarter) -> Quarter {
    Quarter { year: quarter.year - 1, ..quarter }
}

/// The page of a quarter's emergencies.
pub(super) fn emergencies_href(quarter: Quarter) -> String {
    format!("reports/{quarter}/emergencies/index.html")
}

/// What stands on top of every report; numbers and rules with a target follow.
const TOP: [&str; 6] =
    ["changes", "kept", "emergencies", "failure-rate", "request-to-production", "deployment-frequency"];

/// The parts of a report, in its order.
const PARTS: [(Part, &str, &str); 7] = [
    (Part::Changes, "numbers-changes", "What was changed"),
    (Part::Outcomes, "numbers-outcomes", "What came of it"),
    (Part::Times, "numbers-times", "How long it took"),
    (Part::Discipline, "numbers-discipline", "Approvals, windows, freezes"),
    (Part::Emergencies, "numbers-emergencies", "Emergencies against their deadlines"),
    (Part::Records, "numbers-records", "Records and waivers"),
    (Part::Dora, "numbers-dora", "DORA’s five measures"),
];

fn attention(late: Vec<AttentionRow>, soon: Vec<AttentionRow>) -> Vec<Attention> {
    /// How many rows of each list stand on the page.
    const SHOWN: usize = 20;
    [
        ("overdue", "Overdue", "Deadlines that have passed while nothing was recorded.", late),
        ("soon", "Due within seven days", "What falls due next.", soon),
    ]
    .into_iter()
    .filter(|(.., rows)| !rows.is_empty())
    .map(|(id, title, note, mut rows)| {
        let more = rows.len().saturating_sub(SHOWN);
        rows.truncate(SHOWN);
        let text = format!("and {} more: everything that is due", counted(more, "deadline", "deadlines"));
        Attention {
            id: id.to_owned(),
            title: title.to_owned(),
            note: Some(note.to_owned()),
            rows,
            more: (more > 0).then(|| Link { text, href: Some("due/index.html".to_owned()) }),
        }
    })
    .collect()
}

/// What a quarter's count says in a row of the overview: emergencies, kept, broken, all else, the share that kept.
pub(super) fn quarter_counts(rows: &[&Row]) -> (usize, usize, usize, usize, String) {
    let of = |verdict| rows.iter().filter(|r| r.verdict == verdict).count();
    let (pass, fail) = (of(Verdict::Pass), of(Verdict::Fail));
    let judged = pass + fail + of(Verdict::Waived) + of(Verdict::Unknown);
    let emergencies = rows.iter().filter(|r| r.emergency).count();
    (emergencies, pass, fail, rows.len() - pass - fail, share(pass, judged))
}
