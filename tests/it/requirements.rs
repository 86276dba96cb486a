//! The requirements of the five reference policies, one by one: tests/requirements lists them, and every row is tried on
//! the policies in policies/. A record that breaks it is failed by exactly the rules that the row names, and one that keeps
//! it passes; a text that breaks it is found with the code that the row names.

mod table;
mod tried;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use rayon::prelude::*;
use table::{Decided, Table};
use tried::Bench;

/// The policies, with how many rows and how many names each has in the document that lists them.
const POLICIES: [(&str, usize, usize); 5] = [
    ("five-stage", 31, 32),
    ("soc2-change", 31, 38),
    ("github-flow", 16, 17),
    ("starter", 20, 21),
    ("git-native", 25, 29),
];

fn read(path: &str) -> String {
    let whole = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    std::fs::read_to_string(&whole).unwrap_or_else(|e| panic!("{}: {e}", whole.display()))
}

fn table_of(policy: &str) -> Table {
    Table::parse(&read(&format!("tests/requirements/{policy}.md")))
}

/// What is wrong with one policy's table, tried on a text of that policy.
fn faults(name: &str, table: &Table, policy: &str) -> Vec<String> {
    let bench = Bench::new(name, policy, table);
    let mut faults = table.faults.clone();
    faults.extend(bench.bases());
    let each: Vec<(usize, String)> = table
        .rows
        .iter()
        .flat_map(|row| row.cases.iter())
        .collect::<Vec<_>>()
        .par_iter()
        .filter_map(|case| bench.try_case(case).err().map(|why| (case.line, why)))
        .collect();
    faults.extend(each.into_iter().map(|(line, why)| format!("line {line}: {why}")));
    faults.extend(table.rows.iter().flat_map(table::Row::faults));
    faults.extend(uncovered(&bench, table));
    faults.iter().map(|fault| format!("tests/requirements/{name}.md: {fault}")).collect()
}

/// Rules that no row names or that no case breaks and keeps, and rules that the policy does not have.
fn uncovered(bench: &Bench<'_>, table: &Table) -> Vec<String> {
    let rules = bench.rules();
    let named: BTreeSet<&str> = table.rows.iter().flat_map(|r| r.rules.iter().map(String::as_str)).collect();
    let mut faults = Vec::new();
    for rule in &rules {
        if !named.contains(rule.as_str()) {
            faults.push(format!("no row names the rule `{rule}`"));
        }
    }
    let mut broken: BTreeMap<&str, bool> = BTreeMap::new();
    let mut kept: BTreeSet<String> = bench.passed();
    for case in table.rows.iter().flat_map(|r| &r.cases) {
        if let (Decided::Rule { rule, verdict, .. }, false) = (&case.decided, case.keeps) {
            broken.insert(rule, verdict.is_some());
        }
        if let (Decided::Rule { rule, .. }, true) = (&case.decided, case.keeps) {
            kept.insert(rule.clone());
        }
    }
    for rule in named {
        if !rules.iter().any(|r| r == rule) {
            faults.push(format!("the policy has no rule `{rule}`"));
        } else if !broken.contains_key(rule) {
            faults.push(format!("nothing breaks the rule `{rule}`"));
        } else if !kept.contains(rule) {
            faults.push(format!("nothing keeps the rule `{rule}`"));
        }
    }
    faults
}

#[test]
fn every_requirement_is_found_broken_and_found_kept() {
    let mut faults = Vec::new();
    for (name, ..) in POLICIES {
        faults.extend(self::faults(name, &table_of(name), &read(&format!("policies/{name}.md"))));
    }
    assert!(faults.is_empty(), "{} faults\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn the_rows_are_all_there() {
    let (mut rows, mut names) = (0, 0);
    for (policy, count, name_count) in POLICIES {
        let table = table_of(policy);
        let all: Vec<&String> = table.rows.iter().flat_map(|r| &r.names).collect();
        assert_eq!((table.rows.len(), all.len()), (count, name_count), "{policy}");
        assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len(), "{policy} names a requirement twice");
        rows += count;
        names += name_count;
    }
    assert_eq!((rows, names), (123, 137));
}

/// What belongs to later work stands in one list, which is as short as it can be.
#[test]
fn what_is_left_for_later_is_listed() {
    let readme = read("tests/requirements/README.md");
    let listed: BTreeSet<(String, String)> = readme
        .lines()
        .skip_while(|l| !l.starts_with("| policy | requirement |"))
        .skip(2)
        .take_while(|l| l.starts_with('|'))
        .map(|line| {
            let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
            (cells[0].to_owned(), cells[1].trim_matches('`').to_owned())
        })
        .collect();
    let mut found = BTreeSet::new();
    for (policy, ..) in POLICIES {
        let later = table_of(policy).rows.into_iter().filter(|row| row.later);
        found.extend(later.map(|row| (policy.to_owned(), row.names[0].clone())));
    }
    assert_eq!(listed, found);
}

/// A test that a row names as its proof is there.
#[test]
fn tests_that_rows_name_are_there() {
    let mut named = 0;
    for (policy, ..) in POLICIES {
        for (row, place) in table_of(policy).rows.iter().flat_map(|r| r.elsewhere.iter().map(move |e| (r, e))) {
            let (file, function) = place.split_once("::").unwrap_or((place, ""));
            let text = read(file);
            assert!(text.contains(&format!("fn {function}(")), "{policy}, line {}: no `{place}`", row.line);
            named += 1;
        }
    }
    assert!(named > 0);
}

/// A table that says what is not so is told so: every complaint is seen once.
#[test]
fn a_wrong_table_is_seen() {
    let policy = "---\nid: p\ntitle: P\nversion: \"1\"\neffective: 2026-01-01\nowner: engineering-lead\n\
        review: {every: 12 months, last: 2026-06-01}\nchanges:\n  types: {normal: {}}\n  rules:\n    \
        - {id: why, fields: [purpose]}\n    - {id: what, fields: [description]}\n    - {id: lone, fields: [systems]}\n---\n# P\n";
    let base = "```yaml normal\nid: CHG-1\ntype: normal\ntitle: T\nstatus: closed\nauthor: a.ng\npurpose: P\ndescription: D\n\
        requested_at: 2026-08-03T09:00:00+10:00\ndeployments: [{environment: production, at: 2026-08-04T10:00:00+10:00}]\n\
        SYSTEMS\n```\n";
    let rows = "### `a`\n\nIt says why. *(R)*\n\n- rules: `why`, `none`\n\
        - breaks normal: `without purpose` → `why` fails with `fields/other`\n\
        - breaks normal: `without purpose`, `without description` → `why` fails with `fields/missing`\n\
        - breaks normal: `without title` → `why` fails with `fields/missing`\n\
        - keeps normal: `without description` → `why` passes\n\
        - breaks the text: `# P ⇒ # Q` → `policy/no-title`\n\
        - keeps normal: `purpose.x = 1` → `why` passes\n\
        - breaks major: `without purpose` → `why` fails\n\n\
        ### `b`\n\nNothing.\n\n- rules: `what`\n- colours normal: nothing\n";
    let table = Table::parse(&format!("{base}{rows}").replace("SYSTEMS", "systems: [s]"));
    let said = faults("p", &table, policy).join("\n");
    for part in [
        "not `fields/other`",
        "also `what`",
        "`why` came to `pass`",
        "`policy/no-title` is not found",
        "there is nothing at `purpose.x`",
        "no record `major`",
        "the policy has no rule `none`",
        "no row names the rule `lone`",
        "nothing breaks the rule `what`",
        "says no evidence",
        "has no case that breaks it",
        "cannot be read: colours",
    ] {
        assert!(said.contains(part), "nothing says `{part}` in\n{said}");
    }
    let broken = Table::parse(&base.replace("SYSTEMS", "status_: closed"));
    let said = faults("p", &broken, policy).join("\n");
    assert!(said.contains("`lone` fails") && said.contains("record/unknown-key"), "{said}");
}
