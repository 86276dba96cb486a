//! The checker by its answers: what it accepts, what it refuses and with which words, and that nothing takes long.

use std::fmt::Write as _;

use super::{Answer, Purpose, Schema, asserted, compile, message};
use crate::decode::{PolicyInput, decode_policy, decode_records, decode_site};
use crate::diag::Sink;
use crate::judge::case::Case;
use crate::model::{Expression, Ledger, People, PolicyVersion};
use crate::source::{FileId, Span};

const SITE: &str = "site: {name: E, organisation: E, base_url: 'https://e.example/', language: en, contact: e@e.example}\n\
                    calendar: {time_zone: Australia/Brisbane, holidays: [2026-12-25]}\n\
                    changes: {default_policy: p}\n";
const POLICY: &str = "---\nid: p\nversion: '1'\neffective: 2026-01-01\nchanges:\n  types: {normal: {}, emergency: {}}\n  \
                      procedures: {keys: {title: Keys}}\n  rules:\n    - {id: one, fields: [risk]}\n---\n# P\n";

fn ledger() -> Ledger {
    let mut sink = Sink::new();
    let site = decode_site(FileId(0), SITE, &[], &mut sink).expect("the site stands");
    let input = PolicyInput { file: FileId(1), path: "policies/p.md", text: POLICY, past: None };
    let policy = decode_policy(input, &site, &mut sink).expect("the policy stands");
    Ledger::new(site, People::default(), vec![policy], Vec::new())
}

fn version(ledger: &Ledger) -> &PolicyVersion {
    ledger.policies[0].newest()
}

/// The code and the words of every mistake of an expression.
fn said(text: &str) -> Vec<String> {
    let ledger = ledger();
    let schema = Schema::new(version(&ledger));
    match compile(text, &schema, Purpose::Assert) {
        Ok(_) => Vec::new(),
        Err(faults) => faults
            .iter()
            .map(|f| {
                let at = text.get(f.start..f.end).unwrap_or("(no place)");
                format!("{} at `{at}`: {} | {} | {}", f.code.name, f.headline, f.label, f.help)
            })
            .collect(),
    }
}

#[test]
fn what_means_something_is_accepted() {
    let list = [
        "change.risk == 'high'",
        "change.risk in ['low', 'moderate'] and not (change.type == 'emergency')",
        "'security' in change.impact or 'code' not in change.kind",
        "change.gates|selectattr('gate', '==', 'copy')|selectattr('result', '==', 'passed')|length > 0",
        "change.pull_requests|rejectattr('method', 'in', ['squash', 'rebase'])|length == 0",
        "change.approvals|map(attribute='by')|unique|length >= 2",
        "change.author not in change.reviews|map(attribute='by')",
        "change.reviews|selectattr('by', '!=', change.author)|length >= 1",
        "change.closed_at is not none and change.closed_at >= change.events.deployed",
        "change.closed_at != none",
        "change.rollback is none or change.rollback.steps|length > 1",
        "change.events.requested <= change.events.approved <= change.events.deployed",
        "change.events.deployed - change.requested_at <= '48 hours'",
        "change.window.end - change.window.start < '2 hours'",
        "change.requested_at + '1 hour' < change.events.deployed",
        "change.requested_at >= '2026-03-01' and as_of > '2026-03-01T00:00:00Z'",
        "policy.effective <= change.requested_at and policy.version == change.title",
        "(change.gates|first).result == 'passed'",
        "change.deployments|rejectattr('rollback')|map(attribute='at')|max < change.closed_at",
        "change.deployments|selectattr('rollback')|length < 2",
        "change.gates|map(attribute='open_findings.critical')|max == 0",
        "change.gates|selectattr('open_findings.critical', '>', 0)|length == 0",
        "change.incidents|selectattr('severity', 'in', ['P1', 'critical'])|length == 1",
        "'hotfix' in change.title|lower and change.description|length > 20",
        "change.reasons['one'] is not none",
        "change.links.issue == 'https://e.example/1'",
        "change.outcome.deviations == 'none'",
        "change.risk|default('low') == 'low'",
        "change.systems|reject('in', ['a', 'b'])|length == 0",
        "change.rollback.estimate <= '15 minutes'",
        "change.reviews|length + change.approvals|length >= 3",
        "change.procedure == 'keys'",
    ];
    let mut wrong = String::new();
    for text in list {
        for fault in said(text) {
            writeln!(wrong, "{text}\n  {fault}").expect("text can be written");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// Each of these is refused at a place, with words that say why.
fn refused(list: &[(&str, &str, &str)]) {
    let mut wrong = String::new();
    for (text, place, fragment) in list {
        let faults = said(text);
        if !faults.iter().any(|f| f.starts_with(place) && f.contains(fragment)) {
            writeln!(wrong, "{text}\n  wanted {place} … {fragment}\n  got {faults:#?}").expect("text can be written");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn names_and_words_that_do_not_exist_are_refused() {
    refused(&[
        ("change.rsik == 'high'", "expression/unknown-name at `rsik`", "did you mean `risk`?"),
        ("chnage.risk == 'high'", "expression/unknown-name at `chnage`", "did you mean `change`?"),
        ("risk == 'high'", "expression/unknown-name at `risk`", "write `change.risk`"),
        ("change.events.deploied is none", "expression/unknown-name at `deploied`", "did you mean `deployed`?"),
        ("change.rollback.step|length > 0", "expression/unknown-name at `step`", "did you mean `steps`?"),
        ("change.gates.result == 'passed'", "expression/unknown-name at `result`", "is a list"),
        ("change.risk.level == 'x'", "expression/unknown-name at `level`", "one value"),
        ("change.extra == 'x'", "expression/unknown-name at `extra`", "never judged"),
        ("policy.versoin == 'x'", "expression/unknown-name at `versoin`", "did you mean `version`?"),
        ("change.reasons['two'] is none", "expression/unknown-name at `'two'`", "not a rule of this policy"),
        (
            "change.gates|selectattr('reslut','==','passed')|length>0",
            "expression/unknown-name at `'reslut'`",
            "did you mean `result`?",
        ),
        ("change.gates|map(attribute='whne')|unique|length>0", "expression/unknown-name at `'whne'`", "no field"),
        // Words.
        ("change.risk == 'hihg'", "expression/unknown-word at `'hihg'`", "did you mean `high`?"),
        ("change.risk in ['low', 'hihg']", "expression/unknown-word at `'hihg'`", "did you mean `high`?"),
        ("'secuirty' in change.impact", "expression/unknown-word at `'secuirty'`", "did you mean `security`?"),
        ("change.type != 'emergncy'", "expression/unknown-word at `'emergncy'`", "did you mean `emergency`?"),
        ("change.procedure == 'kyes'", "expression/unknown-word at `'kyes'`", "not a procedure"),
        (
            "change.gates|selectattr('result','==','pased')|length>0",
            "expression/unknown-word at `'pased'`",
            "did you mean `passed`?",
        ),
        ("change.closed_at > 'yesterday'", "expression/unknown-word at `'yesterday'`", "write `2026-08-03T"),
        ("change.closed_at - change.requested_at < '2 business days'", "expression/unknown-word", "`deadline`"),
    ]);
}

#[test]
fn unlike_things_and_what_is_no_answer_are_refused() {
    refused(&[
        ("1 < change.id", "expression/unlike-types at `1 < change.id`", "a number and text"),
        ("change.id > 1", "expression/unlike-types at `change.id > 1`", "text and a number"),
        ("change.risk > 'low'", "expression/unlike-types at `change.risk > 'low'`", "in ['low', 'moderate']"),
        ("change.risk == 1", "expression/unlike-types", "a risk and a number"),
        ("change.author == change.closed_at", "expression/unlike-types", "a person and an instant"),
        ("change.impact == 'security'", "expression/unlike-types", "in the list"),
        ("change.title == change.risk", "expression/unlike-types", "text and a risk"),
        ("change.gates|length == 'two'", "expression/unlike-types", "a number and text"),
        ("change.closed_at + change.requested_at < as_of", "expression/unlike-types", "an instant and an instant"),
        ("change.rollback == 'x'", "expression/unlike-types", "fields of its own"),
        ("change.risk|length > 2", "expression/unlike-types at `change.risk`", "`length` is for"),
        ("change.gates|selectattr('result','<','passed')|length>0", "expression/unlike-types at `'<'`", "`in`"),
        ("change.gates|selectattr('at','<=',3)|length>0", "expression/unlike-types at `3`", "an instant"),
        ("change.risk|default(3) == 'low'", "expression/unlike-types at `3`", "in place of"),
        ("change.risk", "expression/not-boolean at `change.risk`", "is not none"),
        ("change.gates and change.risk == 'low'", "expression/not-boolean at `change.gates`", "|length > 0"),
        ("not change.window", "expression/not-boolean at `change.window`", "is not none"),
        ("change.gates|length", "expression/not-boolean", "a number, not yes or no"),
        ("change", "expression/not-allowed at `change`", "name a field"),
    ]);
}

#[test]
fn what_would_only_seem_to_mean_something_is_refused() {
    refused(&[
        // What always says the same.
        ("true", "expression/not-allowed", "reads nothing"),
        ("1 == 1", "expression/not-allowed at `1 == 1`", "the same for every record"),
        ("policy.version == '1'", "expression/not-allowed", "reads nothing of the record"),
        ("change.closed_at is defined", "expression/not-allowed at `defined`", "is not none"),
        ("change.gates is none", "expression/not-allowed", "|length == 0"),
        // What there is not.
        ("change.risk|upper == 'x'", "expression/not-allowed at `upper`", "the filters are"),
        (
            "change.gates|selectatr('gate','==','x')|length>0",
            "expression/not-allowed at `selectatr`",
            "did you mean `selectattr`?",
        ),
        ("range(9)|length > 3", "expression/not-allowed at `range(9)`", "no functions"),
        ("change.title.upper() == 'X'", "expression/not-allowed", "no functions"),
        ("change.gates[0].result == 'passed'", "expression/not-allowed", "`|first`"),
        ("change.title[1:] == 'x'", "expression/not-allowed", "`first`, `last`"),
        ("('a' if change.risk == 'low' else 'b') == change.title", "expression/not-allowed", "`and`, `or` and `not`"),
        ("change.title ~ 'x' == 'yx'", "expression/not-allowed", "`~`"),
        ("'a' * 90000000 == change.title", "expression/not-allowed", "operator"),
        ("change.title in 'a b'", "expression/not-allowed at `'a b'`", "in ['a', 'b']"),
        ("change.gates|length > 99999999999", "expression/not-allowed at `99999999999`", "whole"),
        ("change.gates|length > 1.5", "expression/not-allowed at `1.5`", "whole"),
        // Not an expression.
        ("change.risk = 'high'", "expression/syntax", "write `==`"),
        ("change.risk == 'high' && true", "expression/syntax", "write `and`"),
        ("change.risk == 'high' § or true", "expression/syntax at `§`", "unexpected character"),
        ("change.title in ['a' 'b']", "expression/syntax at `'a' 'b'`", "comma"),
        ("change.risk ==", "expression/syntax", "unexpected end of input"),
        ("", "expression/syntax", ""),
    ]);
}

#[test]
fn every_mistake_is_named_at_once() {
    let faults = said("change.rsik == 'high' and change.status == 'clsoed' or change.tpye == 'x'");
    assert_eq!(faults.len(), 3, "{faults:#?}");
}

/// Hostile texts end in a finding, and soon.
#[test]
fn bombs_fizzle() {
    let deep = |open: &str, close: &str, n: usize| format!("{}change.risk{}", open.repeat(n), close.repeat(n));
    let hostile = [
        "'a' * 90000000 == change.title".to_owned(),
        "[[[[['a']*9999]*9999]*9999]*9999]*9999 == change.kind".to_owned(),
        format!("change.risk == '{}'", "a".repeat(3_000)),
        deep("(", ")", 900),
        deep("not ", "", 500),
        deep("[", "]", 1_000),
        deep("-", "", 2_000),
        format!("change.risk{}", "|lower".repeat(330)),
        format!("change{}", ".risk".repeat(400)),
        format!("change.gates|length > 0{}", " and change.gates|length > 0".repeat(70)),
        "9".repeat(2_000),
        "9**9**9**9**9 == change.gates|length".to_owned(),
        "\"\\u".to_owned(),
        "{{ change.risk }}".to_owned(),
        "change.risk == 'low' }}{% for x in range(99999999) %}".to_owned(),
        "ä".repeat(1_000),
    ];
    for text in &hostile {
        let start = std::time::Instant::now();
        let faults = said(text);
        assert!(!faults.is_empty(), "accepted: {}", text.chars().take(60).collect::<String>());
        assert!(start.elapsed().as_secs() < 1, "{}", text.chars().take(60).collect::<String>());
    }
}

#[test]
fn messages_hold_words_and_values_only() {
    let ledger = ledger();
    let schema = Schema::new(version(&ledger));
    let said = |text: &str| match message::compile(text, &schema) {
        Ok(_) => String::new(),
        Err(faults) => faults.iter().map(|f| format!("{}: {} {}", f.code.name, f.headline, f.help)).collect(),
    };
    assert_eq!(said("risk {{ change.risk }}, by {{ change.approvals|map(attribute='by')|unique|join(', ') }}"), "");
    assert!(said("{% for x in change.gates %}a{% endfor %}").contains("no statements"));
    assert!(said("{{ change.rsik }}").contains("did you mean `risk`"));
    assert!(said("{{ change.rollback }}").contains("cannot be shown"));
    assert!(said("{{ change.risk").contains("expression/syntax"));
    assert!(said(&"x".repeat(3_000)).contains("at most"));
}

/// What an expression says of a record of these fields.
fn answer(text: &str, fields: &str) -> Answer {
    let ledger = ledger();
    let mut sink = Sink::new();
    let record = format!(
        "id: C\ntype: normal\ntitle: A title\nstatus: closed\nauthor: a\nrequested_at: 2026-08-03T09:00:00+10:00\n{fields}\n"
    );
    let records = decode_records(FileId(2), &record, &mut sink);
    let case = Case::new(&ledger, &records[0], version(&ledger), jiff::Timestamp::UNIX_EPOCH);
    asserted(&case, &Expression::new(text, Span::at(0)))
}

/// Nothing that is missing makes an assertion hold, whichever way it is turned.
#[test]
fn nothing_missing_makes_an_assertion_hold() {
    let turned = [
        "change.risk == 'high'",
        "change.risk != 'high'",
        "not (change.risk == 'high')",
        "not (change.risk != 'high')",
        "change.risk in ['low']",
        "change.risk not in ['low']",
        "not (change.risk not in ['low'])",
        "change.closed_at < change.requested_at",
        "not (change.closed_at < change.requested_at)",
        "change.closed_at == change.documented_at",
        "change.closed_at != change.documented_at",
        "change.closed_at - change.requested_at < '1 hour'",
        "'x' in change.description",
        "'x' not in change.description",
        "change.description|length < 3",
        "change.description|lower != 'x'",
        "change.rollback.owner != change.author",
        "(change.gates|first).gate != 'x'",
        "change.gates|map(attribute='at')|max < change.requested_at",
        "(change.risk == 'high') == false",
        "change.reviews|selectattr('kind', '==', 'x')|length > 0",
        "change.reviews|selectattr('kind', '==', 'x')|length == 0",
        "change.reviews|selectattr('kind', '!=', 'x')|length > 0",
        "change.reviews|rejectattr('kind', '==', 'x')|length > 0",
        "change.reviews|rejectattr('kind', '!=', 'x')|length > 0",
        "change.reviews|rejectattr('kind', '==', 'x')|length < 1",
        "change.reviews|selectattr('at', '<', as_of)|length != 1",
        "not (change.reviews|selectattr('kind', '==', 'x')|length >= 1)",
        "'x' in change.reviews|map(attribute='kind')",
        "'x' not in change.reviews|map(attribute='kind')",
    ];
    for text in turned {
        let came = answer(text, "reviews: [{by: b, result: approved}]");
        assert!(matches!(came, Answer::No | Answer::Lacking(_)), "{text} came to {came:?}");
    }
}

#[test]
fn expressions_come_to_what_they_say() {
    let record = "risk: high\nimpact: [data]\nclosed_at: 2026-08-05T00:00:00Z\n\
                  gates: [{gate: a, result: passed, open_findings: {P1: 2}}, {gate: b, result: failed, open_findings: {critical: 0}}]\n\
                  reviews: [{by: b, result: approved, kind: peer}, {by: c, result: approved, kind: security}]\n\
                  deployments: [{environment: production, at: 2026-08-03T10:00:00+10:00}, {environment: production, at: \
                  2026-08-04T10:00:00+10:00, rollback: true}]\nincidents: [{id: I, relation: caused, severity: critical}]\n\
                  rollback: {steps: [one, two], estimate: 15 minutes}\nlinks: {issue: 'https://e.example/1'}";
    let holds = [
        "change.risk == 'high' and change.risk != 'low'",
        "'data' in change.impact and 'security' not in change.impact",
        "change.gates|selectattr('gate','==','a')|selectattr('result','==','passed')|length == 1",
        "change.gates|rejectattr('result','==','passed')|length == 1",
        "(change.gates|last).result == 'failed'",
        "change.reviews|selectattr('kind','==','peer')|length > 0",
        "change.reviews|map(attribute='by')|unique|length == 2",
        "change.author not in change.reviews|map(attribute='by')",
        "change.events.deployed - change.requested_at == '1 hour'",
        "change.requested_at + '1 hour' == change.events.deployed",
        "change.events.deployed < change.events.rolled_back < change.closed_at",
        "change.closed_at > '2026-08-05' and change.closed_at < '2026-08-05T10:00:01+10:00'",
        "change.deployments|rejectattr('rollback')|length == 1",
        "change.gates|selectattr('open_findings.critical', '>', 1)|length > 0",
        "change.incidents|selectattr('severity','==','P1')|length == 1",
        "(change.incidents|first).severity in ['critical']",
        "change.rollback.steps|length == 2 and change.rollback.estimate <= '15 minutes'",
        "change.rollback is not none and change.window is none and change.window.start is none",
        "change.links.issue == 'https://e.example/1' and change.links['other'] is none",
        "change.procedure|default('keys') == 'keys'",
        "'title' in change.title|lower and change.title|length == 7",
        "policy.effective < change.requested_at and policy.id == 'p' or change.id == 'D'",
        "change.requested_by == change.author",
        "change.impact|reject('in', ['data'])|length == 0",
    ];
    for text in holds {
        assert_eq!(answer(text, record), Answer::Yes, "{text}");
        assert_eq!(answer(&format!("not ({text})"), record), Answer::No, "not ({text})");
    }
}

/// Short-circuits keep what is not there from being asked.
#[test]
fn what_is_asked_for_first_may_be_missing() {
    assert_eq!(answer("change.risk is none or change.risk != 'high'", ""), Answer::Yes);
    assert_eq!(answer("change.closed_at is not none and change.closed_at > change.requested_at", ""), Answer::No);
    assert_eq!(answer("change.risk != 'high'", ""), Answer::Lacking("risk".to_owned()));
}
