//! JSON Schemas: what they accept is what our readers accept. An independent validator reads the schemas.

#[path = "schema/agreement.rs"]
mod agreement;
#[path = "schema/yaml.rs"]
pub(crate) mod yaml;

use std::path::{Path, PathBuf};

use jsonschema::Validator;
use serde_json::Value;
use tickmark::model::{NO_HISTORY, TrustKind};
use tickmark::pipeline::{self, AsOf, Inputs};
use tickmark::schema::{Of, schema};
use tickmark::source::{SourceFile, SourceSet};

/// A schema, itself valid.
pub(crate) fn validator(text: &str) -> Validator {
    let schema: Value = serde_json::from_str(text).expect("a schema is JSON");
    assert!(jsonschema::meta::is_valid(&schema), "{text}");
    jsonschema::validator_for(&schema).expect("a schema can be read")
}

/// Where a validator finds fault with a document.
fn faults(validator: &Validator, document: &Value) -> Vec<String> {
    validator.iter_errors(document).map(|e| format!("{}: {e}", e.instance_path())).collect()
}

/// Every file below a folder of this repository that ends so.
fn files(folder: &str, ending: &str) -> Vec<PathBuf> {
    let mut open = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)];
    let mut found = Vec::new();
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder").map(|e| e.expect("an entry").path()) {
            if entry.is_dir() {
                open.push(entry);
            } else if entry.to_string_lossy().ends_with(ending) {
                found.push(entry);
            }
        }
    }
    found.sort();
    found
}

/// The demonstration without its records and pages.
fn demonstration() -> SourceSet {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut paths = vec![root.join("tickmark.yaml"), root.join("people.yaml")];
    paths.extend(files("policies", ".md"));
    paths.extend(files("waivers", ".yaml"));
    let read = |path: &PathBuf| {
        let inside = path.strip_prefix(root).expect("below the root").to_string_lossy().into_owned();
        SourceFile::from_text(&inside, &std::fs::read_to_string(path).expect("a file"))
    };
    SourceSet::new(paths.iter().map(read).collect())
}

#[test]
fn every_document_of_the_demonstration_is_valid() {
    let sources = demonstration();
    let site = pipeline::load(Inputs {
        sources: &sources,
        as_of: AsOf::EndOf(jiff::civil::date(2026, 11, 21)),
        more_codes: &[],
        history: &NO_HISTORY,
    })
    .expect("the demonstration's configuration is right");
    let sets = [
        (Of::Change, files("changes", ".yaml"), 180),
        (Of::Waiver, files("waivers", ".yaml"), 6),
        (Of::Policy, files("policies", ".md"), 5),
        (
            Of::People,
            files("", "/people.yaml")
                .into_iter()
                .filter(|p| p.parent() == Some(Path::new(env!("CARGO_MANIFEST_DIR"))))
                .collect(),
            1,
        ),
        (Of::Site, vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("tickmark.yaml")], 1),
    ];
    let data = TrustKind::ALL.map(|kind| (Of::Data(kind), files("content/data", &format!("/{}.yaml", kind.name())), 1));
    let mut report = Vec::new();
    for (of, paths, at_least) in sets.into_iter().chain(data) {
        let wide = validator(&schema(of, None));
        let narrow = validator(&schema(of, Some(&site.ledger)));
        let mut seen = 0;
        for path in paths {
            let text = std::fs::read_to_string(&path).expect("a file");
            let text = if of == Of::Policy { yaml::front(&text) } else { &text };
            for document in yaml::documents(text) {
                seen += 1;
                let both = faults(&wide, &document).into_iter().chain(faults(&narrow, &document));
                report.extend(both.map(|f| format!("{}: {f}", path.display())));
            }
        }
        assert!(seen >= at_least, "only {seen} documents of {of:?}");
    }
    // One record names types that its policy does not have, on purpose.
    assert!(report.is_empty(), "{}", report.join("\n"));
}

#[test]
fn broken_documents_fail_where_they_are_broken() {
    const HEAD: &str =
        "id: CHG-1\ntype: normal\ntitle: A change\nstatus: closed\nauthor: a.ng\nrequested_at: 2026-08-03T09:00:00Z\n";
    let of_change = [
        ("colour: red", ""),
        ("titel: Twice", ""),
        ("status: done", "/status"),
        ("requested_at: 2026-08-03T09:00:00", "/requested_at"),
        ("requested_at: 2026-08-03", "/requested_at"),
        ("author:", "/author"),
        ("id: ../../etc/passwd", "/id"),
        ("risk: extreme", "/risk"),
        ("window: none", "/window"),
        ("approvals: {by: a.ng}", "/approvals"),
        ("approvals: [{by: a.ng, medium: telepathic}]", "/approvals/0/medium"),
        ("approvals: [{medium: recorded}]", "/approvals/0"),
        ("rollback: {estimate: 15m}", "/rollback/estimate"),
        ("rollback: {step: x}", "/rollback"),
        ("gates: [{gate: scan, result: passed, open_findings: {severe: 1}}]", "/gates/0/open_findings"),
        ("deployments: [{environment: production, at: soon}]", "/deployments/0/at"),
        (
            "deployments: [{environment: production, at: 2026-08-03T09:00:00Z, rollback: maybe}]",
            "/deployments/0/rollback",
        ),
        ("outcome: {result: fine}", "/outcome/result"),
        ("incidents: [INC-1]", "/incidents/0"),
        ("systems: [gateway, '']", "/systems"),
        ("pull_requests: [{url: pull/12}]", "/pull_requests/0/url"),
    ];
    let validators = Of::ALL.map(|of| (of, validator(&schema(of, None))));
    let check = |of: Of, text: &str, pointer: &str| {
        let validator = &validators.iter().find(|(o, _)| *o == of).expect("all are there").1;
        let document = yaml::documents(text).remove(0);
        let found: Vec<String> = validator.iter_errors(&document).map(|e| e.instance_path().to_string()).collect();
        assert!(found.iter().any(|f| f == pointer), "{text}\nat `{pointer}`, and not at {found:?}");
    };
    assert!(faults(&validators[0].1, &yaml::documents(HEAD)[0]).is_empty());
    for (line, pointer) in of_change {
        let key = line.split(':').next().expect("a key");
        let head: String =
            HEAD.lines().filter(|l| !l.starts_with(&format!("{key}:"))).map(|l| format!("{l}\n")).collect();
        check(Of::Change, &format!("{head}{line}\n"), pointer);
    }
    check(Of::Change, "id: CHG-1\n", "");
    check(Of::Waiver, "id: W-1\nexpires: tomorrow\n", "/expires");
    check(Of::People, "id: a.ng\n", "");
    check(Of::People, "- {id: a.ng, roles: [{role: engineer}]}\n", "/0/roles/0");
    check(Of::Site, "calendar: {time_zone: Europe/Berlin, fiscal_year_starts: 13}\n", "/calendar/fiscal_year_starts");
    check(Of::Site, "levels: {policy/dates-out-of-order: loud}\n", "/levels/policy~1dates-out-of-order");
    check(Of::Policy, "changes: {rules: [{id: a, fields: [rollback.triggr]}]}\n", "/changes/rules/0/fields");
    check(Of::Policy, "changes: {rules: [{id: a, deadline: {of: reviewd}}]}\n", "/changes/rules/0/deadline/of");
    check(Of::Policy, "implements: [SOC2]\n", "/implements");
}

#[test]
fn a_site_narrows_what_may_stand() {
    let sources = demonstration();
    let inputs = Inputs {
        sources: &sources,
        as_of: AsOf::EndOf(jiff::civil::date(2026, 11, 21)),
        more_codes: &[],
        history: &NO_HISTORY,
    };
    let site = pipeline::load(inputs).expect("the demonstration's configuration is right");
    let narrow = validator(&schema(Of::Change, Some(&site.ledger)));
    let wide = validator(&schema(Of::Change, None));
    let record = |policy: &str, change_type: &str, more: &str| {
        let text = format!(
            "id: CHG-1\n{policy}\ntype: {change_type}\ntitle: A change\nstatus: draft\nauthor: a.ng\nrequested_at: 2026-08-03T09:00:00Z\n{more}"
        );
        yaml::documents(&text).remove(0)
    };
    for good in [
        record("policy: starter", "emergency", ""),
        record("", "normal", "impact: none\n"),
        record("policy:", "normal", ""),
    ] {
        assert_eq!(faults(&narrow, &good), [""; 0]);
    }
    for (bad, pointer) in [
        (record("policy: started", "normal", ""), "/policy"),
        (record("policy: starter", "urgent", ""), "/type"),
        (record("", "urgent", ""), "/type"),
        (record("policy: starter", "normal", "kind: [codes]\n"), "/kind"),
        (record("policy: starter", "normal", "procedure: prayer\n"), "/procedure"),
        (record("policy: starter", "normal", "reasons: {no-such-rule: because}\n"), "/reasons"),
        (record("policy: starter", "normal", "co_authors: [nobody]\n"), "/co_authors"),
    ] {
        assert_eq!(faults(&wide, &bad), [""; 0], "{bad}");
        let found: Vec<String> = narrow.iter_errors(&bad).map(|e| e.instance_path().to_string()).collect();
        assert!(found.iter().any(|f| f == pointer), "{bad} at {pointer}, and not at {found:?}");
    }
}

#[test]
fn a_schema_needs_nothing_but_itself() {
    for of in Of::ALL {
        let text = schema(of, None);
        assert_eq!(text, schema(of, None), "the same each time");
        assert!(!text.contains("\"$id\""), "{text}");
        let value: Value = serde_json::from_str(&text).expect("JSON");
        let references = text.lines().filter_map(|l| l.trim().strip_prefix("\"$ref\": \""));
        for reference in references {
            let name =
                reference.trim_end_matches([',', '"']).strip_prefix("#/$defs/").expect("a definition of its own");
            assert!(value["$defs"].get(name).is_some(), "{of:?} has no {name}");
        }
        let every = value.as_object().expect("a map");
        assert!(every.keys().any(|k| k == "title") && every.keys().any(|k| k == "description"));
    }
}
