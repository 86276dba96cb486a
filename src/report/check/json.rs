//! The JSON of `check`, version `tickmark.check/1` (FORMATS.md, section 8). It is written record by record, with the
//! summary last, so that a hundred thousand records are never held as JSON. It lists what a baseline knows, too, marked as
//! such, so that every answer can be the next baseline.

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::{Finding, Fingerprint, Format, Ground, Out, Outcome, RecordView, Tally};
use crate::diag::Place;
use crate::error::Result;
use crate::judge::{self, Detail, Judgement, Verdict};
use crate::model::{Id, Ledger, Policy, PolicyVersion, Word};
use crate::source::Location;

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
    #[serde(skip_serializing_if = "Option::is_none")]
    fingerprint: Option<Fingerprint>,
    #[serde(skip_serializing_if = "Option::is_none")]
    baseline: Option<&'static str>,
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

/// The format; it remembers only whether a record was written.
#[derive(Debug, Default)]
pub struct Json {
    begun: bool,
}

impl Format for Json {
    /// A line, for records that are shown.
    type Piece = Option<String>;
    const DETAIL: Detail = Detail::All;
    const GATHERS: bool = false;

    fn open(&mut self, ground: Ground<'_>, out: &mut dyn Out) -> Result<()> {
        out.put(&opening(ground))
    }

    fn piece(view: &RecordView<'_>) -> Option<String> {
        view.shown.then(|| record_json(view))
    }

    fn record(&mut self, piece: Option<String>, out: &mut dyn Out) -> Result<()> {
        let Some(line) = piece else { return Ok(()) };
        out.put(if self.begun { ",\n" } else { "\n" })?;
        self.begun = true;
        out.put(&line)
    }

    fn finish(&mut self, outcome: &Outcome<'_>, out: &mut dyn Out) -> Result<()> {
        out.put(&closing(outcome))
    }
}

/// One record as a line of JSON without a line end.
fn record_json(view: &RecordView<'_>) -> String {
    let (record, judged) = (view.record, view.judged);
    let version = judged.version(view.ground.ledger);
    let rules = judged.judgements.iter().filter_map(|j| version.map(|v| rule_json(view, v, j))).collect();
    let json = RecordJson {
        id: record.name(),
        policy: version.map(|v| v.id.as_str()).or(record.policy.get().map(Id::as_str)),
        policy_version: version.map(|v| v.version.as_str()),
        r#type: record.type_.get().map(Word::as_str),
        verdict: judged.verdict.word(),
        path: view.ground.sources.file(record.file).path(),
        rules,
    };
    serde_json::to_string(&json).expect("strings and numbers always serialise")
}

fn rule_json<'r>(view: &RecordView<'r>, version: &'r PolicyVersion, judgement: &'r Judgement) -> RuleJson<'r> {
    let rule = &version.rules[judgement.rule as usize];
    let why = judgement.why.as_deref();
    let place = why.and_then(|w| w.at).filter(|_| judgement.code.is_some());
    let position = place.map(|span| view.ground.sources.position(Location { file: view.record.file, span }));
    let is_of_it = |f: &&Finding| f.diagnostic.rule.as_ref().is_some_and(|r| *r.rule == *rule.id.as_str());
    let finding = judgement.code.and_then(|_| view.findings.iter().find(is_of_it));
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
        fingerprint: finding.map(|f| f.fingerprint),
        baseline: finding.and_then(|f| state(view.ground, f)),
    }
}

/// What the baseline says of a finding, where there is a baseline.
fn state(ground: Ground<'_>, finding: &Finding) -> Option<&'static str> {
    ground.asked.baseline.as_ref().map(|_| if finding.known { "known" } else { "new" })
}

/// The document up to its first record.
fn opening(ground: Ground<'_>) -> String {
    format!(
        "{{\"schema\":{},\"as_of\":{},\"commit\":{},\"records\":[",
        json!(SCHEMA),
        json!(ground.as_of.to_string()),
        json!(ground.asked.commit),
    )
}

/// The document after its last record.
fn closing(outcome: &Outcome<'_>) -> String {
    let diagnostics: Vec<Value> = outcome.findings.iter().map(|f| diagnostic(outcome.ground, f)).collect();
    // Some rules of policies are judged by all records together.
    let policies = policies(outcome.ground.ledger, outcome.ground.as_of);
    let mut end = format!("\n],\"policies\":{},\"diagnostics\":{}", Value::Array(policies), Value::Array(diagnostics));
    if outcome.ground.asked.baseline.is_some() {
        let counts = outcome.counts;
        let new = counts.errors + counts.warnings + counts.notes;
        end += &format!(",\"baseline\":{}", json!({"new": new, "known": counts.known, "fixed": counts.fixed}));
    }
    format!("{end},\"summary\":{}}}\n", summary(&outcome.tally))
}

/// Policies in the order of their ids, with the rules that are judged once for each.
fn policies(ledger: &Ledger, as_of: jiff::Timestamp) -> Vec<Value> {
    let rules = |policy: &Policy| -> Vec<Value> {
        let rule = |j: &Judgement| {
            let rule = &policy.newest().rules[j.rule as usize];
            json!({
                "rule": rule.id.as_str(), "clause": rule.clause.as_deref(), "verdict": j.verdict.word(),
                "level": rule.level.word(), "code": j.code.map(|c| c.name),
                "message": j.why.as_deref().map_or("", |w| w.headline.as_str()),
            })
        };
        judge::judge_policy(ledger, policy, as_of).iter().map(rule).collect()
    };
    ledger
        .policies
        .iter()
        .map(|policy| json!({"id": policy.id.as_str(), "version": policy.newest().version, "rules": rules(policy)}))
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

fn diagnostic(ground: Ground<'_>, finding: &Finding) -> Value {
    let found = &finding.diagnostic;
    let (path, line, column) = match &found.place {
        Place::Path(path) => (path.to_string(), None, None),
        Place::Text(at) => {
            let (line, column) = ground.sources.position(*at);
            (ground.sources.file(at.file).path().to_owned(), Some(line), Some(column))
        }
    };
    let help = if found.help.is_empty() { Value::Null } else { Value::String(found.help.clone()) };
    let mut value = json!({
        "code": found.code.name, "level": found.level.word(), "message": found.headline,
        "path": path, "line": line, "column": column, "help": help, "fingerprint": finding.fingerprint,
    });
    if let Some(state) = state(ground, finding) {
        value["baseline"] = state.into();
    }
    value
}
