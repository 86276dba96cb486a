//! The literate cases of tests/checks: prose for whoever writes a policy, and records whose findings stand as comments on
//! the very lines they are about. tests/checks/README.md says how they are written.

mod expect;
mod page;

use std::collections::BTreeMap;
use std::path::Path;

use jiff::Timestamp;
use tickmark::diag::Diagnostic;
use tickmark::diag::human::Human;
use tickmark::judge::Verdict;
use tickmark::pipeline::AsOf;
use tickmark::source::{SourceFile, SourceSet};

use crate::support::{self, RecordRun};
use expect::{Inline, Stated};
use page::{Block, Case};

/// Until when a case is judged that does not say.
const AS_OF: &str = "2026-11-21T12:00:00+10:00";

const SITE: &[(&str, &str)] = &[
    (
        "site",
        "site: {name: Example, organisation: Example, base_url: 'https://trust.example.com/', language: en, contact: trust@example.com}",
    ),
    (
        "calendar",
        "calendar: {time_zone: Australia/Brisbane, holidays: [2025-12-25, 2026-01-01, 2026-08-12, 2026-12-21, 2026-12-25, 2026-12-28]}",
    ),
    ("changes", "changes: {default_policy: policy}"),
];
const POLICY: &[(&str, &str)] = &[
    ("id", "id: policy"),
    ("title", "title: A policy"),
    ("version", "version: '1.0'"),
    ("effective", "effective: 2000-01-01"),
    ("classification", "classification: internal"),
    ("approved", "approved: {by: engineering-lead, at: 1999-12-20}"),
    ("owner", "owner: engineering-lead"),
    ("review", "review: {every: 12 months, last: 2026-06-01}"),
];
const RECORD: &[(&str, &str)] = &[
    ("id", "id: CHG-1"),
    ("type", "type: normal"),
    ("title", "title: A change"),
    ("author", "author: a.ng"),
    ("requested_at", "requested_at: 2026-08-03T09:00:00+10:00"),
];
const WAIVER: &[(&str, &str)] = &[
    ("id", "id: WVR-1"),
    ("changes", "changes: [CHG-1]"),
    ("reason", "reason: It could not wait."),
    ("requested_by", "requested_by: a.ng"),
    ("approved_by", "approved_by: d.kaur"),
    ("approved_at", "approved_at: 2026-08-05T10:00:00+10:00"),
    ("expires", "expires: 2026-11-30"),
];
const WAIVERS: [&str; 4] = ["waivers/1.yaml", "waivers/2.yaml", "waivers/3.yaml", "waivers/4.yaml"];
const CAST: &str = include_str!("../checks/people.yaml");

/// A text of a case: where it stands in the site, and on which line of the page it begins.
struct Text {
    path: &'static str,
    /// Line of the page minus line of the text.
    shift: i64,
    content: String,
}

/// A block with the keys that it does not speak of.
fn filled(block: &Block, defaults: &[(&str, &str)]) -> String {
    let mut text = block.text.clone();
    if !expect::is_whole(&block.text) {
        for (key, line) in defaults {
            let given = block.text.lines().any(|l| l.strip_prefix(key).is_some_and(|rest| rest.starts_with(':')));
            let scope = *key == "changes" && block.text.lines().any(|l| l.starts_with("where:"));
            if !given && !scope {
                text.push_str(line);
                text.push('\n');
            }
        }
    }
    text
}

/// The texts of a case's site.
fn texts(case: &Case) -> Vec<Text> {
    let mut texts = Vec::new();
    let mut add = |path, block: Option<&Block>, defaults, before: &str, after: &str| {
        let empty = Block::default();
        let block = block.unwrap_or(&empty);
        let content = format!("{before}{}{after}", filled(block, defaults));
        texts.push(Text { path, shift: block.line - i64::from(before.lines().count() as u32), content });
    };
    add("tickmark.yaml", case.site.as_ref(), SITE, "", "");
    let body = case.text.as_ref().map_or("# A policy\n", |b| &b.text);
    add("policies/policy.md", case.policy.as_ref(), POLICY, "---\n", &format!("---\n{body}"));
    add("changes/case.yaml", Some(&case.record), RECORD, "", "");
    for (waiver, path) in case.waivers.iter().zip(WAIVERS) {
        add(path, Some(waiver), WAIVER, "", "");
    }
    let people = case.people.as_ref().map_or((0, CAST), |b| (b.line, b.text.as_str()));
    texts.push(Text { path: "people.yaml", shift: people.0, content: people.1.to_owned() });
    texts
}

/// Everything a finding says, for fragments to be looked for in.
fn said(finding: &Diagnostic) -> String {
    let mut text = format!("{} | {} | {}", finding.headline, finding.label, finding.help);
    for part in finding.others.iter().map(|l| &l.text).chain(&finding.notes) {
        text.push_str(" | ");
        text.push_str(part);
    }
    text
}

/// What stands against a case.
fn judge(case: &Case, faults: &mut Vec<String>) {
    let texts = texts(case);
    let sources = SourceSet::new(texts.iter().map(|t| SourceFile::from_text(t.path, &t.content)).collect());
    let stated = Stated::of(&case.record.text, faults);
    let as_of = stated.as_of.unwrap_or_else(|| AS_OF.parse::<Timestamp>().expect("the default is an instant"));
    let (records, findings) = match support::run(&sources, AsOf::Instant(as_of), &[]) {
        Ok(run) => (run.records, run.findings),
        Err(findings) => (Vec::new(), findings),
    };
    let mut expected = Vec::new();
    for text in &texts {
        expected.extend(Inline::of(text.path, text.shift, &text.content, faults));
    }
    let of_rules =
        records.iter().flat_map(|r| &r.rules).filter_map(|r| Some((Some(r.rule.as_str()), r.finding.as_ref()?)));
    for (rule, finding) in of_rules.chain(findings.iter().map(|f| (None, f))) {
        let (path, line) = match &finding.place {
            tickmark::diag::Place::Text(at) => (sources.file(at.file).path(), sources.position(*at).0),
            tickmark::diag::Place::Path(path) => (&**path, 0),
        };
        let said = said(finding);
        let fits = |e: &Inline| {
            e.path == path
                && e.line == line
                && (e.level.as_str(), e.code.as_str()) == (finding.level.word(), finding.code.name)
                && e.rule.as_deref() == rule
        };
        match expected.iter().position(|e| fits(e) && said.contains(&e.fragment)) {
            Some(found) => {
                expected.swap_remove(found);
            }
            None => faults.push(unexpected(&sources, rule, finding, expected.iter().find(|e| fits(e)))),
        }
    }
    faults.extend(expected.iter().map(|e| format!("missing, line {}: {e}", e.page_line)));
    let [record] = records.as_slice() else {
        if !stated.is_empty() {
            faults.push(format!("{} records, so that no verdict can be stated", records.len()));
        }
        return;
    };
    verdicts(record, &stated, faults);
}

fn unexpected(sources: &SourceSet, rule: Option<&str>, finding: &Diagnostic, near: Option<&Inline>) -> String {
    let drawn = Human::new(sources, false, 110).draw(finding);
    let rule = rule.map(|r| format!(" {r}")).unwrap_or_default();
    match near {
        Some(e) => format!("line {}: nothing says `{}` in\n{drawn}", e.page_line, e.fragment),
        None => format!("unexpected: # {}[{}]{rule}\n{drawn}", finding.level.word(), finding.code.name),
    }
}

/// Every rule is accounted for: by its finding, or by name at the top of the block.
fn verdicts(record: &RecordRun, stated: &Stated, faults: &mut Vec<String>) {
    if let Some(verdict) = stated.verdict.filter(|v| *v != record.verdict) {
        faults.push(format!("the record is {}, not {}", record.verdict.word(), verdict.word()));
    }
    let mut left: BTreeMap<&str, &expect::Rule> = stated.rules.iter().map(|r| (r.name.as_str(), r)).collect();
    for rule in &record.rules {
        let due = rule.due.map(|d| format!(" due {d}")).unwrap_or_default();
        let came = format!("`{}` came to `{}`{due}: {}", rule.rule, rule.verdict.word(), rule.headline);
        match left.remove(rule.rule.as_str()) {
            Some(want) if want.verdict != rule.verdict => {
                faults.push(format!("{came}\n  and not to `{}`", want.verdict.word()));
            }
            Some(want) if want.due.is_some() && want.due != rule.due => {
                faults.push(format!("{came}\n  and not due {}", want.due.expect("just seen")));
            }
            None if rule.finding.is_none() => faults.push(format!("{came}\n  which the block does not state")),
            _ => {}
        }
        let asks_finding = matches!(rule.verdict, Verdict::Fail | Verdict::Unknown | Verdict::Waived);
        if asks_finding != rule.finding.is_some() {
            faults.push(format!("{came}\n  with a finding where there should be none, or without one"));
        }
    }
    faults.extend(left.keys().map(|name| format!("the rule `{name}` is not judged")));
}

#[test]
fn every_case_comes_to_what_it_states() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/checks");
    let only = std::env::var("TICKMARK_CASE").unwrap_or_default();
    let mut pages: Vec<_> = std::fs::read_dir(&folder)
        .expect("tests/checks is there")
        .map(|e| e.expect("tests/checks can be listed").path())
        .filter(|p| p.extension().is_some_and(|e| e == "md") && !p.ends_with("README.md"))
        .collect();
    pages.sort();
    let (mut report, mut cases) = (String::new(), 0);
    for path in &pages {
        let name = path.file_name().and_then(|n| n.to_str()).expect("cases have plain names");
        let text = std::fs::read_to_string(path).expect("a page can be read");
        for case in page::cases(&text) {
            let place = format!("tests/checks/{name}:{}", case.record.line);
            if !place.contains(&only) {
                continue;
            }
            cases += 1;
            let mut faults = Vec::new();
            judge(&case, &mut faults);
            if !faults.is_empty() {
                report.push_str(&format!("\n== {place} ({})\n{}\n", case.heading, faults.join("\n")));
            }
        }
    }
    assert!(report.is_empty(), "{report}");
    assert!(cases > 0, "no case was found");
}

/// Every kind of check has a page of its own.
#[test]
fn every_kind_of_check_has_a_page() {
    let kinds = [
        "fields",
        "approval",
        "review",
        "gates",
        "deadline",
        "order",
        "window",
        "freeze",
        "observation",
        "deployment",
        "rollback",
        "incident",
        "procedure",
        "merged",
        "attested",
        "assert",
        "when",
    ];
    for kind in kinds {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/checks/{kind}.md"));
        let text = std::fs::read_to_string(&path).unwrap_or_default();
        let asked =
            page::cases(&text).iter().filter_map(|c| c.policy.as_ref()).any(|p| p.text.contains(&format!("{kind}:")));
        assert!(asked, "{} has no case with the check `{kind}`", path.display());
    }
}
