//! SARIF 2.1.0, for code scanning and editors. Small types of our own, held to the published schema by a test.
//!
//! A rule of a policy is a rule of its own (`deadline/late/soc2-change/emergency-review`), so that a host groups by promise
//! and not only by kind of deviation. A result stands at the record's line and names the clause as related. What a waiver
//! lifts is suppressed; what a baseline knows has its `baselineState`.

use std::collections::BTreeMap;

use serde::Serialize;

use super::spot::{self, Columns, percent_encoded};
use super::words::check_name;
use super::{Finding, Format, Ground, Known, Out, Outcome, RecordView};
use crate::diag::human::seen;
use crate::diag::{Code, Diagnostic, FromRule, Level, Lifted, Place};
use crate::error::Result;
use crate::source::Location;

/// The format.
#[derive(Debug, Default)]
pub struct Sarif;

impl Format for Sarif {
    type Piece = ();

    fn piece(_: &RecordView<'_>) {}

    fn finish(&mut self, outcome: &Outcome<'_>, out: &mut dyn Out) -> Result<()> {
        let rules = rules(outcome);
        let index: BTreeMap<&str, usize> = rules.iter().enumerate().map(|(i, r)| (r.id.as_str(), i)).collect();
        out.put(&opening(outcome, &rules))?;
        let with_states = outcome.ground.asked.baseline.is_some();
        let found = outcome.findings.iter().map(|f| result(outcome.ground, f, with_states));
        let gone = outcome.fixed.iter().map(|known| absent(outcome.ground, known));
        for (n, mut result) in found.chain(gone).enumerate() {
            result.rule_index = index.get(result.rule_id.as_str()).copied();
            out.put(if n == 0 { "\n" } else { ",\n" })?;
            out.put(&json(&result))?;
        }
        out.put("\n]}]}\n")
    }
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("strings and numbers always serialise")
}

/// The document up to its first result.
fn opening(outcome: &Outcome<'_>, rules: &[Rule]) -> String {
    let status = i32::from(outcome.counts.errors > 0);
    let driver = serde_json::json!({
        "name": "tickmark", "version": env!("CARGO_PKG_VERSION"), "semanticVersion": env!("CARGO_PKG_VERSION"),
    });
    let root = "the root of the repository, or the site's folder outside of one";
    let rules: Vec<String> = rules.iter().map(json).collect();
    format!(
        concat!(
            "{{\"$schema\":\"https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json\",",
            "\"version\":\"2.1.0\",\"runs\":[{{\"tool\":{{\"driver\":{},\"rules\":[\n{}\n]}}}},",
            "\"invocations\":[{{\"executionSuccessful\":true,\"exitCode\":{}}}],\"columnKind\":\"utf16CodeUnits\",",
            "\"originalUriBaseIds\":{{\"SRCROOT\":{{\"description\":{{\"text\":\"{}\"}}}}}},",
            "\"properties\":{{\"asOf\":\"{}\"}},\"results\":["
        ),
        json(&driver).trim_end_matches('}'),
        rules.join(",\n"),
        status,
        root,
        outcome.ground.as_of,
    )
}

#[derive(Serialize)]
struct Text {
    text: String,
}

fn text(text: impl Into<String>) -> Text {
    Text { text: text.into() }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Rule {
    id: String,
    short_description: Text,
    full_description: Text,
    help: Text,
    default_configuration: LevelJson,
    properties: Tags,
}

#[derive(Serialize)]
struct LevelJson {
    level: &'static str,
}

#[derive(Serialize)]
struct Tags {
    tags: Vec<String>,
}

/// The kinds of findings that occur, in the order of their ids.
fn rules(outcome: &Outcome<'_>) -> Vec<Rule> {
    let mut rules: BTreeMap<String, Rule> = BTreeMap::new();
    for finding in outcome.findings {
        let id = check_name(&finding.diagnostic);
        rules.entry(id.clone()).or_insert_with(|| rule(outcome.ground, id, &finding.diagnostic));
    }
    rules.into_values().collect()
}

fn rule(ground: Ground<'_>, id: String, diagnostic: &Diagnostic) -> Rule {
    let code = diagnostic.code;
    let (family, kind) = code.name.split_once('/').unwrap_or(("", code.name));
    let mut short = format!("{family}: {}", kind.replace('-', " "));
    let mut full = code.meaning.to_owned();
    let mut tags = vec![family.to_owned()];
    let mut level = code.level;
    if let Some(from) = &diagnostic.rule {
        short = format!("{short} (rule `{}` of policy `{}`)", from.rule, from.policy);
        tags.push(format!("policy:{}", from.policy));
        if let Some((own, promise)) = promise(ground, from) {
            level = own;
            if let Some(promise) = promise {
                full = format!("{full}\n\nThe promise: {promise}");
            }
        }
    }
    Rule {
        id,
        short_description: text(short),
        help: text(help(code, &full)),
        full_description: text(full),
        default_configuration: LevelJson { level: level.word() },
        properties: Tags { tags },
    }
}

fn help(code: &Code, full: &str) -> String {
    format!("{full}\n\nThe finding's own text says what would satisfy it. Its code is {}.", code.name)
}

/// A rule's level, and the words of the clause it stands for.
fn promise(ground: Ground<'_>, from: &FromRule) -> Option<(Level, Option<String>)> {
    let versions = &ground.ledger.policy(&from.policy)?.versions;
    let version = versions.iter().find(|v| *v.version == *from.version)?;
    let rule = version.rule(&from.rule)?;
    Some((rule.level, version.clause_of(rule).map(|c| seen(&c.text).into_owned())))
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Found {
    rule_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule_index: Option<usize>,
    level: &'static str,
    message: Text,
    locations: [LocationJson; 1],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<LocationJson>,
    partial_fingerprints: Fingerprints,
    #[serde(skip_serializing_if = "Option::is_none")]
    baseline_state: Option<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    suppressions: Vec<Suppression>,
    #[serde(skip_serializing_if = "Option::is_none")]
    properties: Option<Properties>,
}

/// Ours, and the one that code scanning of GitHub looks for; it would take the line's text otherwise.
#[derive(Serialize)]
struct Fingerprints {
    #[serde(rename = "tickmark/v1")]
    own: String,
    #[serde(rename = "primaryLocationLineHash")]
    line: String,
}

#[derive(Serialize)]
struct Suppression {
    kind: &'static str,
    status: &'static str,
    justification: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Properties {
    record: Option<String>,
    policy: String,
    policy_version: String,
    rule: String,
    clause: Option<String>,
    verdict: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LocationJson {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<usize>,
    physical_location: Physical,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Text>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Physical {
    artifact_location: Artifact,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<RegionJson>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Artifact {
    uri: String,
    uri_base_id: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RegionJson {
    start_line: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    start_column: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_line: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_column: Option<u32>,
}

fn result(ground: Ground<'_>, finding: &Finding, with_states: bool) -> Found {
    let diagnostic = &finding.diagnostic;
    let place = match &diagnostic.place {
        Place::Text(at) => located(ground, *at, &diagnostic.label),
        Place::Path(_) => whole(&spot::path(ground, diagnostic), None),
    };
    let others = diagnostic.others.iter().enumerate();
    let related = others.map(|(n, o)| LocationJson { id: Some(n + 1), ..located(ground, o.at, &o.text) }).collect();
    let rule = diagnostic.rule.as_deref();
    Found {
        rule_id: check_name(diagnostic),
        rule_index: None,
        level: diagnostic.level.word(),
        message: text(message(diagnostic)),
        locations: [place],
        related_locations: related,
        partial_fingerprints: fingerprints(&finding.fingerprint.to_string()),
        baseline_state: with_states.then_some(if finding.known { "unchanged" } else { "new" }),
        suppressions: rule.and_then(|r| r.waiver.as_ref()).map(suppression).into_iter().collect(),
        properties: rule.map(properties),
    }
}

/// What the baseline has and is found no more.
fn absent(ground: Ground<'_>, known: &Known) -> Found {
    let region =
        known.line.map(|start_line| RegionJson { start_line, start_column: None, end_line: None, end_column: None });
    let rule_id = match &known.rule {
        Some((policy, rule)) => format!("{}/{policy}/{rule}", known.code),
        None => known.code.clone(),
    };
    Found {
        rule_id,
        rule_index: None,
        level: "none",
        message: text(plain(&known.message)),
        locations: [whole(&format!("{}{}", ground.asked.prefix, known.path), region)],
        related_locations: Vec::new(),
        partial_fingerprints: fingerprints(&known.fingerprint.to_string()),
        baseline_state: Some("absent"),
        suppressions: Vec::new(),
        properties: None,
    }
}

fn fingerprints(digits: &str) -> Fingerprints {
    Fingerprints { own: digits.to_owned(), line: format!("{digits}:1") }
}

fn suppression(waiver: &Lifted) -> Suppression {
    let justification = seen(&format!("waiver {}: {}", waiver.id, waiver.reason)).into_owned();
    Suppression { kind: "external", status: "accepted", justification }
}

fn properties(rule: &FromRule) -> Properties {
    Properties {
        record: rule.record.as_deref().map(str::to_owned),
        policy: rule.policy.to_string(),
        policy_version: rule.version.to_string(),
        rule: rule.rule.to_string(),
        clause: rule.clause.as_deref().map(str::to_owned),
        verdict: rule.verdict,
    }
}

fn located(ground: Ground<'_>, at: Location, label: &str) -> LocationJson {
    let region = spot::region(ground, at, Columns::Utf16);
    let region = RegionJson {
        start_line: region.line,
        start_column: Some(region.column),
        end_line: Some(region.end_line),
        end_column: Some(region.end_column),
    };
    let message = (!label.is_empty()).then(|| text(plain(label)));
    LocationJson { message, ..whole(&spot::path_of(ground, at), Some(region)) }
}

fn whole(path: &str, region: Option<RegionJson>) -> LocationJson {
    let artifact_location = Artifact { uri: percent_encoded(path), uri_base_id: "SRCROOT" };
    LocationJson { id: None, physical_location: Physical { artifact_location, region }, message: None }
}

/// Headline, notes and help; the labels stand at their places.
fn message(diagnostic: &Diagnostic) -> String {
    let mut text = plain(&super::words::headline(diagnostic));
    for note in &diagnostic.notes {
        text += &format!("\n{}", plain(note));
    }
    if !diagnostic.help.is_empty() {
        text += &format!("\nTo do: {}", plain(&diagnostic.help));
    }
    text
}

/// A text in which nothing is a link: in SARIF's messages, `[words](1)` would be one.
fn plain(text: &str) -> String {
    seen(text).replace("](", "\\](")
}
