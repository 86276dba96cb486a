//! The JSON of `check`, version `tickmark.check/1` (FORMATS.md, section 8). It is written record by record, with the
//! summary last, so that a hundred thousand records are never held as JSON.

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::Tally;
use crate::diag::{Diagnostic, Place};
use crate::judge::{Judged, Judgement, Verdict};
use crate::model::{ChangeRecord, Id, Ledger, PolicyVersion, Word};
use crate::source::{Location, SourceSet};

/// Name and version of the format.
pub const SCHEMA: &str = "tickmark.check/1";

#[derive(Serialize)]
struct RuleJson<'r> {
    rule: &'r str,
    clause: Option<&'r str>,
    verdict: &'static str,
    level: &'static str,
    code: Option<&'static str>,
    message: &'r str,
    line: Option<u32>,
    column: Option<u32>,
    due: Option<String>,
}

#[derive(Serialize)]
struct RecordJson<'r> {
    id: &'r str,
    policy: Option<&'r str>,
    policy_version: Option<&'r str>,
    r#type: Option<&'r str>,
    verdict: &'static str,
    path: &'r str,
    rules: Vec<RuleJson<'r>>,
}

/// One record as a line of JSON without a line end.
pub fn record_json(sources: &SourceSet, ledger: &Ledger, record: &ChangeRecord, judged: &Judged) -> String {
    let version = judged.version(ledger);
    let rules = judged.judgements.iter().filter_map(|j| version.map(|v| rule_json(sources, record, v, j))).collect();
    let json = RecordJson {
        id: record.name(),
        policy: version.map(|v| v.id.as_str()).or(record.policy.get().map(Id::as_str)),
        policy_version: version.map(|v| v.version.as_str()),
        r#type: record.type_.get().map(Word::as_str),
        verdict: judged.verdict.word(),
        path: sources.file(record.file).path(),
        rules,
    };
    serde_json::to_string(&json).expect("strings and numbers always serialise")
}

fn rule_json<'r>(
    sources: &SourceSet,
    record: &ChangeRecord,
    version: &'r PolicyVersion,
    judgement: &'r Judgement,
) -> RuleJson<'r> {
    let rule = &version.rules[judgement.rule as usize];
    let why = judgement.why.as_deref();
    let place = why.and_then(|w| w.at).filter(|_| judgement.code.is_some());
    let position = place.map(|span| sources.position(Location { file: record.file, span }));
    RuleJson {
        rule: rule.id.as_str(),
        clause: rule.clause.as_deref(),
        verdict: judgement.verdict.word(),
        level: rule.level.word(),
        code: judgement.code.map(|c| c.name),
        message: why.map_or("", |w| w.headline.as_str()),
        line: position.map(|(line, _)| line),
        column: position.map(|(_, column)| column),
        due: judgement.due.map(|at| at.to_string()),
    }
}

/// The document up to its first record.
pub fn opening(ledger: &Ledger, as_of: &str, commit: Option<&str>) -> String {
    format!(
        "{{\"schema\":{},\"as_of\":{},\"commit\":{},\"policies\":{},\"records\":[",
        json!(SCHEMA),
        json!(as_of),
        json!(commit),
        Value::Array(policies(ledger))
    )
}

/// The document after its last record.
pub fn closing(sources: &SourceSet, tally: &Tally, findings: &[Diagnostic]) -> String {
    let diagnostics: Vec<Value> = findings.iter().map(|f| diagnostic(sources, f)).collect();
    format!("\n],\"diagnostics\":{},\"summary\":{}}}\n", Value::Array(diagnostics), summary(tally))
}

/// Policies in the order of their ids; rules judged once per policy come with history.
fn policies(ledger: &Ledger) -> Vec<Value> {
    ledger
        .policies
        .iter()
        .map(|policy| json!({"id": policy.id.as_str(), "version": policy.newest().version, "rules": []}))
        .collect()
}

fn summary(tally: &Tally) -> Value {
    let mut map = Map::new();
    map.insert("records".into(), tally.records.into());
    for verdict in Verdict::ALL {
        map.insert(verdict.word().into(), tally.of(verdict).into());
    }
    Value::Object(map)
}

fn diagnostic(sources: &SourceSet, finding: &Diagnostic) -> Value {
    let (path, line, column) = match &finding.place {
        Place::Path(path) => (path.to_string(), None, None),
        Place::Text(at) => {
            let (line, column) = sources.position(*at);
            (sources.file(at.file).path().to_owned(), Some(line), Some(column))
        }
    };
    let help = if finding.help.is_empty() { Value::Null } else { Value::String(finding.help.clone()) };
    json!({
        "code": finding.code.name, "level": finding.level.word(), "message": finding.headline,
        "path": path, "line": line, "column": column, "help": help,
    })
}
