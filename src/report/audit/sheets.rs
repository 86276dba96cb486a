//! The tables of an audit folder.

use std::collections::{BTreeMap, BTreeSet};

use super::super::closing::digest;
use super::super::sheet::{Cell, Column, Sheet};
use super::super::waivers::waiver_row;
use super::workpaper::record_file;
use super::{ATTRIBUTES, Audit, source_rows};
use crate::judge;
use crate::model::{Id, PersonKind, PolicyVersion, Prose, RoleTerm, Vocabulary, Word};

fn sheet(name: &str, columns: Vec<Column>, rows: Vec<Vec<Cell>>) -> Sheet {
    Sheet { name: name.to_owned(), columns, rows }
}

fn zoned(audit: &Audit<'_>, title: &str) -> Column {
    Column::named(format!("{title} ({})", audit.ledger.configuration.calendar.zone_name), 22)
}

/// Every change of the quarter.
pub fn population_sheet(audit: &Audit<'_>) -> Sheet {
    let columns = vec![
        Column::new("Id", 20),
        Column::new("Type", 16),
        Column::new("Title", 50),
        Column::new("Policy", 18),
        Column::new("Version", 12),
        Column::new("Systems", 26),
        zoned(audit, "Requested"),
        zoned(audit, "First production deployment"),
        zoned(audit, "In the quarter by"),
        Column::new("Verdict", 14),
        Column::new("File", 40),
        Column::new("SHA-256 of the record's text", 66),
    ];
    let row = |held: &super::Held| {
        let version = held.row.version(audit.ledger);
        let systems: Vec<&str> = held.row.systems.iter().map(Word::as_str).collect();
        vec![
            Cell::text(held.key.clone()),
            Cell::text(held.stratum(audit.ledger)),
            Cell::text(held.row.title.clone()),
            Cell::text(version.map(|v| v.id.to_string()).unwrap_or_default()),
            Cell::text(version.map(|v| v.version.clone()).unwrap_or_default()),
            Cell::text(systems.join(", ")),
            Cell::instant(held.row.requested),
            Cell::instant(held.row.deployed),
            Cell::instant(held.row.at),
            Cell::Word(held.row.verdict.word()),
            Cell::text(held.path.clone()),
            Cell::text(digest(audit.sources, &held.row)),
        ]
    };
    sheet("Population", columns, audit.held.iter().map(row).collect())
}

/// Where the population comes from, and how to tell that it is this one.
pub fn source_sheet(audit: &Audit<'_>, population: &[u8]) -> Sheet {
    let mut rows: Vec<Vec<Cell>> =
        source_rows(audit).into_iter().map(|(what, value)| vec![Cell::Word(what), Cell::text(value)]).collect();
    let sha256 = <sha2::Sha256 as sha2::Digest>::digest(population);
    let sha256: String = sha256.iter().map(|b| format!("{b:02x}")).collect();
    rows.push(vec![Cell::Word("SHA-256 of population.csv"), Cell::text(sha256)]);
    sheet("Source", vec![Column::new("What", 28), Column::new("Value", 90)], rows)
}

/// Every rule against every change of the quarter: a column for each rule.
pub fn matrix_sheet(audit: &Audit<'_>) -> Sheet {
    let mut rules: BTreeSet<(&str, &str)> = BTreeSet::new();
    for held in audit.held {
        let Some(version) = held.row.version(audit.ledger) else { continue };
        let own = held.row.judgements.iter().map(|j| version.rules[j.rule as usize].id.as_str());
        rules.extend(own.map(|rule| (version.id.as_str(), rule)));
    }
    let mut columns = vec![Column::new("Id", 20), Column::new("Policy", 18), Column::new("Version", 12)];
    columns.push(Column::new("Verdict", 14));
    columns.extend(rules.iter().map(|(policy, rule)| Column::named(format!("{policy}: {rule}"), 16)));
    let row = |held: &super::Held| {
        let version = held.row.version(audit.ledger);
        let mut cells = vec![
            Cell::text(held.key.clone()),
            Cell::text(version.map(|v| v.id.to_string()).unwrap_or_default()),
            Cell::text(version.map(|v| v.version.clone()).unwrap_or_default()),
            Cell::Word(held.row.verdict.word()),
        ];
        let own: BTreeMap<(&str, &str), &'static str> = version.map_or_else(BTreeMap::new, |v| {
            let of = |j: &judge::Judgement| ((v.id.as_str(), v.rules[j.rule as usize].id.as_str()), j.verdict.word());
            held.row.judgements.iter().map(of).collect()
        });
        cells.extend(rules.iter().map(|key| own.get(key).copied().map_or(Cell::Empty, Cell::Word)));
        cells
    };
    sheet("Matrix", columns, audit.held.iter().map(row).collect())
}

/// Every rule of every change of the quarter, a row each, with what it found.
pub fn verdicts_sheet(audit: &Audit<'_>) -> Sheet {
    let columns = vec![
        Column::new("Id", 20),
        Column::new("Policy", 18),
        Column::new("Version", 12),
        Column::new("Rule", 26),
        Column::new("Check", 14),
        Column::new("Clause", 24),
        Column::new("Level", 10),
        Column::new("Verdict", 14),
        Column::new("Code", 24),
        zoned(audit, "Due"),
        Column::new("Waiver", 18),
        Column::new("Found", 70),
    ];
    let mut rows = Vec::new();
    for held in audit.held {
        let Some(version) = held.row.version(audit.ledger) else { continue };
        for (judgement, found) in held.row.judgements.iter().zip(&held.found) {
            let rule = &version.rules[judgement.rule as usize];
            let waiver = judgement.waiver.map(|w| audit.ledger.waivers[w as usize].name().to_owned());
            rows.push(vec![
                Cell::text(held.key.clone()),
                Cell::text(version.id.to_string()),
                Cell::text(version.version.clone()),
                Cell::text(rule.id.to_string()),
                Cell::Word(rule.check.key()),
                Cell::text(rule.clause.as_deref().unwrap_or_default()),
                Cell::Word(rule.level.word()),
                Cell::Word(judgement.verdict.word()),
                judgement.code.map_or(Cell::Empty, |code| Cell::Word(code.name)),
                Cell::instant(judgement.due),
                Cell::text(waiver.unwrap_or_default()),
                Cell::text(found.clone()),
            ]);
        }
    }
    sheet("Verdicts", columns, rows)
}

/// What was drawn, and by which digest.
pub fn sample_sheet(audit: &Audit<'_>) -> Sheet {
    let columns = vec![
        Column::new("Sample", 8),
        Column::new("Id", 20),
        Column::new("Type", 16),
        Column::new("Place in its type", 16),
        Column::new("SHA-256 of SEED:ID", 66),
        Column::new("Record", 34),
    ];
    let row = |(drawn, number): (&super::sample::Drawn, usize)| {
        let held = &audit.held[drawn.number];
        vec![
            Cell::count(number),
            Cell::text(held.key.clone()),
            Cell::text(held.stratum(audit.ledger)),
            Cell::count(drawn.place),
            Cell::text(drawn.order.clone()),
            Cell::text(record_file(number, held)),
        ]
    };
    sheet("Sample", columns, audit.sample.drawn.iter().zip(1..).map(row).collect())
}

/// Attributes, the frameworks that ask for them, and the rules of each policy version in force that test them.
pub fn attributes_sheet(audit: &Audit<'_>) -> Sheet {
    let columns = vec![
        Column::new("Attribute", 32),
        Column::new("What is looked for", 60),
        Column::new("Framework", 22),
        Column::new("Policy", 18),
        Column::new("Version", 12),
        Column::new("Rules", 60),
    ];
    let mut rows = Vec::new();
    for attribute in ATTRIBUTES {
        for framework in attribute.frameworks.iter().copied() {
            for (policy, version) in used(audit) {
                let version = &audit.ledger.policies[policy].versions[version];
                let rules = version.rules.iter().filter(|rule| attribute.is_tested_by(rule, version));
                let rules: Vec<&str> = rules.map(|rule| rule.id.as_str()).collect();
                let rules = if rules.is_empty() { "not covered by a rule".to_owned() } else { rules.join(", ") };
                rows.push(vec![
                    Cell::Word(attribute.title),
                    Cell::Word(attribute.asks),
                    Cell::Word(framework),
                    Cell::text(version.id.to_string()),
                    Cell::text(version.version.clone()),
                    Cell::text(rules),
                ]);
            }
        }
    }
    sheet("Attributes", columns, rows)
}

/// The versions that judged a change of the quarter, by policy and version number.
pub fn used(audit: &Audit<'_>) -> BTreeSet<(usize, usize)> {
    audit.held.iter().filter_map(|held| held.row.policy).map(|(p, v)| (p as usize, v as usize)).collect()
}

/// The name of a version's text in the folder: its own, or its number where it has none of its own.
pub fn policy_file(version: &PolicyVersion, number: usize) -> String {
    if version.own_name && version.is_named() {
        return format!("policies/{}/{}.md", version.id, version.version);
    }
    format!("policies/{}/text-{}.md", version.id, number + 1)
}

/// The policy versions that judged a change of the quarter.
pub fn policies_sheet(audit: &Audit<'_>) -> Sheet {
    let columns = vec![
        Column::new("Policy", 20),
        Column::new("Version", 12),
        Column::new("Title", 44),
        Column::new("In force from", 14),
        Column::new("Brought by commit", 42),
        Column::new("Approved by", 20),
        Column::new("Changes judged", 14),
        Column::new("Text", 44),
    ];
    let row = |(p, v): (usize, usize)| {
        let version = &audit.ledger.policies[p].versions[v];
        let judged = audit.held.iter().filter(|h| h.row.policy == Some((p as u32, v as u32))).count();
        vec![
            Cell::text(version.id.to_string()),
            Cell::text(version.version.clone()),
            Cell::text(version.title.clone()),
            version.effective.map_or(Cell::Empty, Cell::Day),
            Cell::text(version.brought.as_ref().map(|c| c.id.to_string()).unwrap_or_default()),
            Cell::text(version.approved.as_ref().map(|a| a.by.as_str().to_owned()).unwrap_or_default()),
            Cell::count(judged),
            Cell::text(policy_file(version, v)),
        ]
    };
    sheet("Policies", columns, used(audit).into_iter().map(row).collect())
}

/// Everybody who held a role in the quarter, and everybody who never held one but is known.
pub fn people_sheet(audit: &Audit<'_>) -> Sheet {
    let columns = vec![
        Column::new("Id", 18),
        Column::new("Name", 26),
        Column::new("Kind", 10),
        Column::new("Role", 26),
        Column::new("From", 12),
        Column::new("Until", 12),
    ];
    let starts = audit.ledger.configuration.calendar.fiscal_year_starts;
    let (first, last) = (audit.quarter.first_day(starts), audit.quarter.last_day(starts));
    let held = |term: &&RoleTerm| {
        term.from.get().is_some_and(|from| *from <= last) && term.until.get().is_none_or(|until| *until >= first)
    };
    let mut rows = Vec::new();
    for person in &audit.ledger.people.entries {
        let who = || {
            vec![
                Cell::text(person.id.get().map(Id::as_str).unwrap_or_default()),
                Cell::text(person.name.get().map(Prose::as_str).unwrap_or_default()),
                Cell::Word(person.kind.get().copied().unwrap_or(PersonKind::Person).word()),
            ]
        };
        let terms: Vec<&RoleTerm> = person.roles.items().iter().filter(held).collect();
        if terms.is_empty() {
            rows.push([who(), vec![Cell::Empty, Cell::Empty, Cell::Empty]].concat());
        }
        for term in terms {
            let role = term.role.get().map(|r| r.as_str().to_owned()).unwrap_or_default();
            let day =
                |field: &crate::model::Field<jiff::civil::Date>| field.get().map_or(Cell::Empty, |d| Cell::Day(*d));
            rows.push([who(), vec![Cell::text(role), day(&term.from), day(&term.until)]].concat());
        }
    }
    sheet("People", columns, rows)
}

/// Waivers that lifted something of the quarter's changes, or could have.
pub fn waivers_sheet(audit: &Audit<'_>) -> Sheet {
    let columns = vec![
        Column::new("Id", 18),
        Column::new("Policy", 30),
        Column::new("Rule", 24),
        Column::new("Covers", 30),
        Column::new("Reason", 50),
        Column::new("Compensating control", 50),
        Column::new("Requested by", 20),
        Column::new("Approved by", 20),
        zoned(audit, "Approved"),
        Column::new("Expires", 12),
        Column::new("Lifted in the quarter", 40),
        Column::new("Doubts", 50),
    ];
    let starts = audit.ledger.configuration.calendar.fiscal_year_starts;
    let first = audit.quarter.first_day(starts);
    let mut rows = Vec::new();
    for (index, waiver) in audit.ledger.waivers.iter().enumerate() {
        let lifts = |held: &&super::Held| held.row.judgements.iter().any(|j| j.waiver == Some(index as u32));
        let lifted: Vec<&str> = audit.held.iter().filter(lifts).map(|held| held.key.as_str()).collect();
        if lifted.is_empty() && waiver.expires.get().is_some_and(|day| *day < first) {
            continue;
        }
        let shown = waiver_row(audit.ledger, index, Vec::new(), None);
        let doubts: Vec<String> = judge::doubts(audit.ledger, index).iter().map(judge::Doubt::remark).collect();
        rows.push(vec![
            Cell::text(shown.id),
            Cell::text(shown.policy.text),
            Cell::text(shown.rule),
            Cell::text(shown.scope),
            Cell::text(shown.reason),
            Cell::text(shown.control.unwrap_or_default()),
            Cell::text(shown.requested_by),
            Cell::text(shown.approved_by),
            Cell::instant(waiver.approved_at.get().map(|t| t.0)),
            waiver.expires.get().map_or(Cell::Empty, |d| Cell::Day(*d)),
            Cell::text(lifted.join(", ")),
            Cell::text(doubts.join("; ")),
        ]);
    }
    sheet("Waivers", columns, rows)
}
