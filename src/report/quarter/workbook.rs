//! The tables of a quarter for programs that calculate: its changes, its numbers, its controls.

use super::Reports;
use super::words::per_cent;
use crate::error::Result;
use crate::judge::Verdict;
use crate::model::{Quarter, Status, Vocabulary};
use crate::report::numbers::{Kind, NUMBERS, Tallied};
use crate::report::pages::QuarterReport;
use crate::report::row::Row;
use crate::report::sheet::{Cell, Column, Sheet, to_csv, to_xlsx};

impl Reports<'_> {
    /// The changes of a quarter, newest first: the same rows as the register has.
    pub fn changes_sheet(&self, quarter: Quarter) -> Sheet {
        let zone = &self.ledger.configuration.calendar.zone_name;
        let at = |what: &str| Column::named(format!("{what} ({zone})"), 20);
        let columns = vec![
            Column::new("Change", 18),
            Column::new("Title", 44),
            Column::new("Type", 14),
            Column::new("Emergency", 10),
            Column::new("Policy", 16),
            Column::new("Version", 9),
            Column::new("Systems", 24),
            Column::new("Status", 11),
            at("Requested"),
            at("Approved"),
            at("Deployed"),
            Column::new("Request to production (hours)", 14),
            Column::new("Production deployments", 12),
            Column::new("Outcome", 12),
            Column::new("Caused an incident", 10),
            Column::new("Verdict", 14),
            Column::new("Rules broken", 30),
            Column::new("Rules unknown", 24),
            Column::new("Rules excused", 24),
            Column::new("Waivers", 18),
            Column::new("Edited after closing", 10),
        ];
        let rows = self.rows(quarter).iter().map(|row| self.change_cells(row)).collect();
        Sheet { name: "Changes".to_owned(), columns, rows }
    }

    fn change_cells(&self, row: &Row) -> Vec<Cell> {
        let version = row.version(self.ledger);
        let yes = |yes: bool| Cell::Word(if yes { "yes" } else { "no" });
        let rules = |wanted| {
            let found = row.judgements.iter().filter(|j| j.verdict == wanted);
            let ids: Vec<&str> = found.filter_map(|j| Some(version?.rules[j.rule as usize].id.as_str())).collect();
            Cell::text(ids.join(", "))
        };
        let mut waivers: Vec<&str> = Vec::new();
        for name in row.judgements.iter().filter_map(|j| Some(self.ledger.waivers.get(j.waiver? as usize)?.name())) {
            if !waivers.contains(&name) {
                waivers.push(name);
            }
        }
        let lead = row.requested.zip(row.deployed).map(|(from, to)| to.as_second() - from.as_second());
        vec![
            Cell::text(row.id.as_str()),
            Cell::text(row.title.as_str()),
            Cell::text(row.type_title(self.ledger)),
            yes(row.emergency),
            version.map_or(Cell::Empty, |v| Cell::text(v.id.as_str())),
            version.map_or(Cell::Empty, |v| Cell::text(v.version.as_str())),
            Cell::text(row.systems.iter().map(crate::model::Word::as_str).collect::<Vec<_>>().join(", ")),
            row.status.map_or(Cell::Empty, |s: Status| Cell::Word(s.word())),
            Cell::instant(row.requested),
            Cell::instant(row.approved),
            Cell::instant(row.deployed),
            Cell::hours(lead.filter(|seconds| *seconds >= 0)),
            Cell::Number(row.deployments.into()),
            row.outcome.map_or(Cell::Empty, |o| Cell::Word(o.word())),
            yes(row.caused_incident),
            Cell::Word(row.verdict.word()),
            rules(Verdict::Fail),
            rules(Verdict::Unknown),
            rules(Verdict::Waived),
            Cell::text(waivers.join(", ")),
            row.edited.map_or(Cell::Empty, yes),
        ]
    }

    /// The numbers of a quarter with their definitions.
    pub fn numbers_sheet(&self, quarter: Quarter) -> Sheet {
        let columns = vec![
            Column::new("Id", 24),
            Column::new("Number", 32),
            Column::new("n", 9),
            Column::new("Of", 9),
            Column::new("Unknown", 9),
            Column::new("Per cent", 9),
            Column::new("Median (hours)", 12),
            Column::new("Nine of ten within (hours)", 12),
            Column::new("Target", 12),
            Column::new("Definition", 110),
        ];
        let tallied = self.tallied(quarter).unwrap_or_default();
        let rows = NUMBERS.iter().zip(tallied).map(|(definition, tallied)| {
            let Tallied { n, of, unknown, median, ninetieth } = *tallied;
            let per_cent_of = (definition.kind() == Kind::Share && of > 0)
                .then(|| i64::try_from((n * 20_000 + of) / (of * 2)).unwrap_or(0));
            let target = self.ledger.configuration.targets.get(definition.id);
            vec![
                Cell::Word(definition.id),
                Cell::Word(definition.label),
                Cell::count(n),
                Cell::count(of),
                Cell::count(unknown),
                per_cent_of.map_or(Cell::Empty, Cell::Hundredths),
                Cell::hours(median),
                Cell::hours(ninetieth),
                target.map_or(Cell::Empty, |asked| Cell::text(per_cent(*asked))),
                Cell::Word(definition.says),
            ]
        });
        Sheet { name: "Numbers".to_owned(), columns, rows: rows.collect() }
    }

    /// changes.csv of a quarter.
    pub fn changes_csv(&self, changes: &Sheet) -> Vec<u8> {
        to_csv(changes, &self.ledger.configuration.calendar.zone)
    }

    /// changes.xlsx of a quarter: its changes, its numbers, its controls.
    pub fn workbook(&self, quarter: Quarter, changes: Sheet, page: &QuarterReport) -> Result<Vec<u8>> {
        let configuration = &self.ledger.configuration;
        let title = format!("Quarterly change report {quarter}, {}", configuration.organisation);
        let sheets = [changes, self.numbers_sheet(quarter), controls_sheet(page)];
        to_xlsx(&sheets, &configuration.calendar.zone, &title, self.as_of)
    }
}

/// The rules of a quarter: whether they held, and on which days they did not.
fn controls_sheet(page: &QuarterReport) -> Sheet {
    let columns = vec![
        Column::new("Policy", 18),
        Column::new("Rule", 30),
        Column::new("Level", 9),
        Column::new("Held throughout", 16),
        Column::new("Asked and due", 9),
        Column::new("Kept", 9),
        Column::new("Broken", 9),
        Column::new("Excused", 9),
        Column::new("Unknown", 9),
        Column::new("Not due yet", 9),
        Column::new("Days it did not hold", 40),
        Column::new("Clause", 90),
        Column::new("Judged for all records together", 60),
    ];
    let rows = page.controls.iter().map(|control| {
        let mut days: Vec<&str> = control.days.iter().map(|d| d.day.as_str()).collect();
        let more = format!("{} more", control.more_days);
        if control.more_days > 0 {
            days.push(&more);
        }
        // Of what is judged for all records together there is no count of changes.
        let each = control.says.is_none();
        let count = |count: &crate::report::pages::Count| if each { Cell::count(count.n) } else { Cell::Empty };
        vec![
            Cell::text(control.policy.as_str()),
            Cell::text(control.rule.text.as_str()),
            Cell::Word(control.level),
            Cell::Word(control.held),
            count(&control.asked),
            count(&control.kept),
            count(&control.broken),
            count(&control.waived),
            count(&control.unknown),
            count(&control.pending),
            Cell::text(days.join(", ")),
            control.sentence.as_deref().map_or(Cell::Empty, Cell::text),
            control.says.as_deref().map_or(Cell::Empty, Cell::text),
        ]
    });
    Sheet { name: "Controls".to_owned(), columns, rows: rows.collect() }
}
