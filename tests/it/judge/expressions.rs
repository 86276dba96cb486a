//! Rules that are expressions, under every misspelling: a record that keeps them all is misspelt and shortened key by key.

use tickmark::judge::Verdict;
use tickmark::pipeline::AsOf;
use tickmark::source::{SourceFile, SourceSet};

use super::tree::{self, Tree, written};
use crate::support;

const SITE: &str =
    "site: {name: E, organisation: E, base_url: 'https://e.example/', language: en, contact: e@e.example}
calendar: {time_zone: Australia/Brisbane, holidays: [2026-12-25]}
changes: {default_policy: p}
";

/// Expressions, and the fields each of them reads; `!` marks those whose absence it asks about or leaves aside.
const RULES: &[(&str, &[&str])] = &[
    ("change.risk == 'low'", &["risk"]),
    ("change.risk != 'high'", &["risk"]),
    ("not (change.risk == 'high')", &["risk"]),
    ("change.risk not in ['high']", &["risk"]),
    ("change.risk is none or change.risk == 'low'", &["!risk"]),
    ("change.risk|default('low') == 'low'", &["!risk"]),
    ("'code' in change.kind", &["kind"]),
    ("'data' not in change.impact", &["!impact"]),
    (
        "change.closed_at >= change.events.deployed",
        &["closed_at", "deployments", "deployments.at", "deployments.environment"],
    ),
    ("change.closed_at - change.requested_at < '900 hours'", &["closed_at", "requested_at"]),
    ("change.requested_by != 'b'", &["!requested_by"]),
    ("change.rollback.steps|length > 0", &["rollback", "rollback.steps"]),
    ("change.rollback.owner != 'b'", &["rollback", "rollback.owner"]),
    (
        "change.gates|selectattr('gate', '==', 'unit')|selectattr('result', '==', 'passed')|length > 0",
        &["gates", "gates.gate", "gates.result"],
    ),
    ("change.gates|selectattr('result', '==', 'failed')|length == 0", &["!gates", "gates.result"]),
    ("change.gates|rejectattr('result', '==', 'passed')|length == 0", &["!gates", "gates.result"]),
    (
        "change.pull_requests|rejectattr('method', '==', 'squash')|length == 0",
        &["!pull_requests", "pull_requests.method"],
    ),
    (
        "change.pull_requests|selectattr('method', '==', 'merge')|length == 0",
        &["!pull_requests", "pull_requests.method"],
    ),
    ("change.pull_requests|selectattr('method', '!=', 'merge')|length > 0", &["pull_requests", "pull_requests.method"]),
    ("change.approvals|map(attribute='by')|unique|length >= 1", &["approvals", "approvals.by"]),
    ("change.author not in change.approvals|map(attribute='by')", &["author", "!approvals", "approvals.by"]),
    ("(change.gates|first).result != 'failed'", &["gates", "gates.result"]),
    ("change.gates|map(attribute='at')|max <= change.closed_at", &["gates", "gates.at", "closed_at"]),
    ("change.gates|selectattr('open_findings.critical', '>', 0)|length == 0", &["!gates", "gates.open_findings"]),
    ("'plain' in change.title|lower", &["title"]),
    ("change.description|length > 3", &["description"]),
];

const RECORD: &str = "id: C
type: normal
title: A plain change
description: What is changed
status: closed
kind: [code]
author: a
requested_by: c
requested_at: 2026-08-03T09:00:00+10:00
risk: low
impact: [security]
rollback: {steps: [back], owner: a}
pull_requests:
  - {method: squash, url: 'https://e.example/1'}
approvals:
  - {by: b, medium: recorded, at: 2026-08-03T10:00:00+10:00}
gates:
  - {gate: unit, result: passed, at: 2026-08-03T10:00:00+10:00, open_findings: {critical: 0}}
deployments:
  - {environment: production, at: 2026-08-03T11:00:00+10:00}
closed_at: 2026-08-04T09:00:00+10:00
";

fn policy() -> String {
    let mut text = String::from("---\nid: p\nversion: '1'\nchanges:\n  types: {normal: {}}\n  rules:\n");
    for (number, (expression, _)) in RULES.iter().enumerate() {
        text.push_str(&format!("    - {{id: r{number}, assert: \"{expression}\"}}\n"));
        // The same as a condition: a rule that vanishes because a field is misspelt may not have been kept.
        text.push_str(&format!("    - {{id: w{number}, when: \"{expression}\", fields: [id]}}\n"));
    }
    text + "---\n# P\n"
}

/// The rules a record passes: whether the expression is a condition, and its number.
fn passed(policy: &str, record: &str) -> Vec<(bool, usize)> {
    let people = "- {id: a, name: A}\n- {id: b, name: B}\n- {id: c, name: C}\n";
    let files =
        [("tickmark.yaml", SITE), ("people.yaml", people), ("policies/p.md", policy), ("changes/c.yaml", record)];
    let sources = SourceSet::new(files.iter().map(|(path, text)| SourceFile::from_text(path, text)).collect());
    let as_of = AsOf::Instant("2026-11-21T00:00:00Z".parse().expect("an instant"));
    let run = support::run(&sources, as_of, &[]).expect("the site stands");
    let rules = run.records.first().map_or(&[][..], |r| &r.rules);
    let number = |rule: &str| (rule.starts_with('w'), rule[1..].parse().expect("rules have numbers"));
    rules.iter().filter(|r| r.verdict == Verdict::Pass).map(|r| number(&r.rule)).collect()
}

#[test]
fn no_misspelling_and_nothing_missing_makes_an_expression_hold() {
    let policy = policy();
    let all: Vec<(bool, usize)> = (0..RULES.len()).flat_map(|number| [(false, number), (true, number)]).collect();
    assert_eq!(passed(&policy, RECORD), all, "the record keeps every rule");
    let record: Tree = tree::parse(RECORD).remove(0);
    let mut faults = Vec::new();
    let mut seen = 0;
    for path in record.keys() {
        let name = written(&path);
        for (what, mutant) in [("missing", record.without(&path)), ("misspelt", record.misspelt(&path))] {
            let after = passed(&policy, &mutant.write());
            for (condition, number) in &after {
                let (expression, fields) = RULES[*number];
                let open: Vec<&str> = fields.iter().filter_map(|f| f.strip_prefix('!')).collect();
                // Without a field, a condition says something else, and the rule may be kept all the same.
                let named = fields.contains(&&*name) && !(*condition && what == "missing");
                let reads = named || (what == "misspelt" && open.contains(&&*name));
                if reads {
                    let key = if *condition { "when" } else { "assert" };
                    faults.push(format!("{key} `{expression}`: passes with `{name}` {what}"));
                }
            }
            seen += 1;
        }
    }
    assert!(seen > 60, "{seen}");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
