//! The literate cases of tests/lint: policies with a defect each, and every finding that reading them gives, no more and
//! no less. tests/lint/README.md says how they are written.

use std::fmt::Write as _;
use std::path::Path;

use jiff::civil::date;
use tickmark::diag::{Diagnostic, Place};
use tickmark::pipeline::AsOf;
use tickmark::source::{SourceFile, SourceSet};

use crate::support;

const SITE: &str = "site: {name: Example, organisation: Example, base_url: 'https://trust.example.com/', language: en, contact: trust@example.com}\ncalendar: {time_zone: Australia/Brisbane, holidays: [2026-12-25]}\n";
const PEOPLE: &str = "- {id: a.ng, name: A, kind: person, roles: [{role: ciso, from: 2020-01-01}]}\n";
/// What stands above a text that has no front matter of its own.
const FRONT: &str = "---\ntitle: A policy\nversion: \"1.0\"\neffective: 2026-01-01\nclassification: internal\nowner: ciso\napproved: {by: ciso, at: 2025-12-20}\nreview: {every: 12 months, last: 2026-06-01}\n---\n";

/// A file of a case: its path, its text, and how many lines stand before those of the page.
struct Text {
    path: String,
    content: String,
    shift: u32,
}

struct Case {
    /// Line of the page on which its findings are listed.
    line: usize,
    texts: Vec<Text>,
    findings: Vec<String>,
}

fn cases(page: &str) -> Vec<Case> {
    let (mut cases, mut texts) = (Vec::new(), Vec::new());
    let mut open: Option<(String, usize, String)> = None;
    for (index, line) in page.lines().enumerate() {
        match (&mut open, line.strip_prefix("````")) {
            (None, Some(info)) => open = Some((info.to_owned(), index + 1, String::new())),
            (Some((_, _, body)), None) => {
                body.push_str(line);
                body.push('\n');
            }
            (Some(_), Some(_)) => {
                let (info, line, body) = open.take().expect("just matched");
                if let Some(path) = info.strip_prefix("file ") {
                    let bare = path.starts_with("policies/") && !body.starts_with("---\n");
                    let front = if bare { FRONT } else { "" };
                    let shift = front.lines().count() as u32;
                    texts.push(Text { path: path.to_owned(), content: format!("{front}{body}"), shift });
                } else if info == "findings" {
                    let findings = body.lines().map(str::to_owned).collect();
                    cases.push(Case { line, texts: std::mem::take(&mut texts), findings });
                } else {
                    panic!("line {line}: a block is `file PATH` or `findings`, not `{info}`");
                }
            }
            (None, None) => {}
        }
    }
    assert!(open.is_none() && texts.is_empty(), "a block never ends, or files have no findings");
    cases
}

fn line(sources: &SourceSet, texts: &[Text], found: &Diagnostic) -> String {
    let Place::Text(at) = &found.place else { return format!("{:?}", found.place) };
    let path = sources.file(at.file).path();
    let shift = texts.iter().find(|t| t.path == path).map_or(0, |t| t.shift);
    let (line, column) = sources.position(*at);
    let line = i64::from(line) - i64::from(shift);
    format!("{path}:{line}:{column}: {}[{}] {}", found.level.word(), found.code.name, found.headline)
}

#[test]
fn every_text_says_what_its_page_lists() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lint");
    let mut pages: Vec<_> = std::fs::read_dir(&folder)
        .expect("tests/lint is there")
        .map(|e| e.expect("tests/lint can be listed").path())
        .filter(|p| p.extension().is_some_and(|e| e == "md") && !p.ends_with("README.md"))
        .collect();
    pages.sort();
    let (mut report, mut tried) = (String::new(), 0);
    for path in &pages {
        for case in cases(&std::fs::read_to_string(path).expect("a page can be read")) {
            tried += 1;
            let mut files: Vec<SourceFile> =
                case.texts.iter().map(|t| SourceFile::from_text(&t.path, &t.content)).collect();
            for (path, content) in [("tickmark.yaml", SITE), ("people.yaml", PEOPLE)] {
                if case.texts.iter().all(|t| t.path != path) {
                    files.push(SourceFile::from_text(path, content));
                }
            }
            let sources = SourceSet::new(files);
            let run = support::run(&sources, AsOf::EndOf(date(2026, 11, 21)), &[]).expect("the configuration stands");
            let found: Vec<String> = run.findings.iter().map(|f| line(&sources, &case.texts, f)).collect();
            if found != case.findings {
                let page = path.file_name().and_then(|n| n.to_str()).unwrap_or_default();
                let _ = writeln!(report, "\n== tests/lint/{page}:{}", case.line);
                found.iter().filter(|f| !case.findings.contains(f)).for_each(|f| report.push_str(&format!("+ {f}\n")));
                case.findings.iter().filter(|f| !found.contains(f)).for_each(|f| report.push_str(&format!("- {f}\n")));
            }
        }
    }
    assert!(report.is_empty(), "{report}");
    assert!(tried > 20, "{tried}");
}
