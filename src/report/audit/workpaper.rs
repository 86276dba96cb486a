//! The workpaper: for each sampled change each attribute, the rules that test it, what they found, and room for what the
//! auditor finds.

use super::super::pages::{AttributeTest, RuleTest, SampledChange, TestedAttribute, Workpaper};
use super::super::sheet::{Cell, Column, Sheet};
use super::super::wording::{mark, period};
use super::{ATTRIBUTES, Attribute, Audit, Held, source_rows};
use crate::judge::Verdict;

/// What stands where no rule of the policy tests an attribute.
const NOT_COVERED: &str = "not covered by a rule";
/// What stands where rules of the policy do, and none binds the change.
const NOT_BOUND: &str = "no rule for this change";

/// An attribute on a change: what the rules come to together, and the rules by their numbers among its judgements.
struct Tested {
    verdict: Option<Verdict>,
    without: &'static str,
    judgements: Vec<usize>,
}

fn tested(audit: &Audit<'_>, held: &Held, attribute: &Attribute) -> Tested {
    let Some(version) = held.row.version(audit.ledger) else {
        return Tested { verdict: None, without: NOT_COVERED, judgements: Vec::new() };
    };
    let all = &held.row.judgements;
    let bears = |at: &usize| attribute.is_tested_by(&version.rules[all[*at].rule as usize], version);
    let judgements: Vec<usize> = (0..all.len()).filter(bears).collect();
    let worst = |verdict: Verdict| match verdict {
        Verdict::Fail => 5,
        Verdict::Unknown => 4,
        Verdict::Pending => 3,
        Verdict::Waived => 2,
        Verdict::Pass => 1,
        Verdict::NotApplicable => 0,
    };
    let verdict = judgements.iter().map(|at| all[*at].verdict).max_by_key(|verdict| worst(*verdict));
    let covered = version.rules.iter().any(|rule| attribute.is_tested_by(rule, version));
    let without = match (verdict, covered) {
        (Some(_), _) => "",
        (None, true) => NOT_BOUND,
        (None, false) => NOT_COVERED,
    };
    Tested { verdict, without, judgements }
}

/// The name of a sampled record's text in the folder.
pub fn record_file(number: usize, held: &Held) -> String {
    if held.row.page { format!("records/{}.yaml", held.key) } else { format!("records/sample-{number}.yaml") }
}

/// The page.
pub fn workpaper(audit: &Audit<'_>) -> Workpaper {
    let starts = audit.ledger.configuration.calendar.fiscal_year_starts;
    let attribute = |a: &Attribute| TestedAttribute {
        title: a.title,
        asks: a.asks,
        frameworks: a.frameworks.join(", "),
        rules: a.rules,
    };
    let changes =
        audit.sample.drawn.iter().zip(1..).map(|(drawn, number)| change(audit, number, &audit.held[drawn.number]));
    Workpaper {
        id: audit.quarter.to_string(),
        period: period(audit.quarter, starts),
        lede: "What each rule found stands beside each attribute. Whether that is enough, and whether the records are true, is for the auditor to conclude: the empty columns are yours.".to_owned(),
        source: source_rows(audit),
        strata: audit.sample.strata.iter().map(|s| (s.name.clone(), s.of, s.n)).collect(),
        attributes: ATTRIBUTES.iter().map(attribute).collect(),
        changes: changes.collect(),
    }
}

fn change(audit: &Audit<'_>, number: usize, held: &Held) -> SampledChange {
    let version = held.row.version(audit.ledger);
    let by = version.map_or_else(|| "no policy judges it".to_owned(), |v| format!("judged by {} {}", v.id, v.version));
    SampledChange {
        number,
        id: held.key.clone(),
        anchor: format!("sample-{number}"),
        title: held.row.title.clone(),
        kind: format!("{}, {by}", held.row.type_title(audit.ledger)),
        mark: Some(mark(held.row.verdict)),
        record: record_file(number, held),
        facts: held.facts.clone(),
        tests: ATTRIBUTES.iter().map(|attribute| test(audit, held, attribute)).collect(),
    }
}

fn test(audit: &Audit<'_>, held: &Held, attribute: &Attribute) -> AttributeTest {
    let tested = tested(audit, held, attribute);
    let rule = |at: &usize| RuleTest {
        rule: rule_id(audit, held, *at),
        mark: Some(mark(held.row.judgements[*at].verdict)),
        // Without the marks that show code in a terminal.
        found: held.found[*at].replace('`', ""),
    };
    AttributeTest {
        title: attribute.title,
        mark: tested.verdict.map(mark),
        without: tested.without,
        rules: tested.judgements.iter().map(rule).collect(),
        evidence: evidence(held, attribute),
    }
}

fn evidence(held: &Held, attribute: &Attribute) -> Vec<(String, String)> {
    let own = held.evidence.iter().filter(|e| e.of.contains(&attribute.id));
    own.map(|e| (e.what.clone(), e.url.clone())).collect()
}

fn rule_id(audit: &Audit<'_>, held: &Held, at: usize) -> String {
    let rule = held.row.judgements[at].rule as usize;
    held.row.version(audit.ledger).map(|v| v.rules[rule].id.to_string()).unwrap_or_default()
}

/// The same as a table: a row for each sampled change and attribute.
pub fn workpaper_sheet(audit: &Audit<'_>) -> Sheet {
    let columns = vec![
        Column::new("Sample", 8),
        Column::new("Change", 20),
        Column::new("Type", 16),
        Column::new("Attribute", 30),
        Column::new("Frameworks", 44),
        Column::new("Result", 22),
        Column::new("Rules", 40),
        Column::new("What the rules found", 60),
        Column::new("Evidence", 50),
        Column::new("Record", 30),
        Column::new("Auditor: evidence seen", 24),
        Column::new("Auditor: exception", 24),
        Column::new("Auditor: conclusion", 24),
        Column::new("Auditor: by and date", 20),
    ];
    let mut rows = Vec::new();
    for (drawn, number) in audit.sample.drawn.iter().zip(1..) {
        let held = &audit.held[drawn.number];
        for attribute in ATTRIBUTES {
            let tested = tested(audit, held, attribute);
            let joined = |each: &dyn Fn(usize) -> String, with: &str| {
                tested.judgements.iter().map(|at| each(*at)).collect::<Vec<_>>().join(with)
            };
            let verdict = |at: usize| held.row.judgements[at].verdict.word();
            let rules = joined(&|at| format!("{}: {}", rule_id(audit, held, at), verdict(at)), "; ");
            let found = joined(&|at| format!("{}: {}", rule_id(audit, held, at), held.found[at]), "; ");
            let seen: Vec<String> =
                evidence(held, attribute).into_iter().map(|(what, url)| format!("{what}: {url}")).collect();
            rows.push(vec![
                Cell::count(number),
                Cell::text(held.key.clone()),
                Cell::text(held.stratum(audit.ledger)),
                Cell::Word(attribute.title),
                Cell::text(attribute.frameworks.join(", ")),
                tested.verdict.map_or(Cell::Word(tested.without), |v| Cell::Word(v.word())),
                Cell::text(rules),
                Cell::text(found),
                Cell::text(seen.join("; ")),
                Cell::text(record_file(number, held)),
                Cell::Empty,
                Cell::Empty,
                Cell::Empty,
                Cell::Empty,
            ]);
        }
    }
    Sheet { name: "Workpaper".to_owned(), columns, rows }
}
