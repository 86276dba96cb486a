//! The demonstration site breaks what its README says, and nothing else.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::OnceLock;

use jiff::civil::date;
use tickmark::diag::{Level, Sink};
use tickmark::judge::Verdict;
use tickmark::pipeline::AsOf;
use tickmark::repo::{self, ReadOptions};
use tickmark::source::SourceSet;

use crate::support;

/// The day the README speaks of.
pub(super) const AS_OF: AsOf = AsOf::EndOf(date(2026, 11, 21));

/// The texts of the repository's own site.
pub(super) fn sources() -> &'static SourceSet {
    static SOURCES: OnceLock<SourceSet> = OnceLock::new();
    SOURCES.get_or_init(|| {
        let options = ReadOptions { digests: false, ..ReadOptions::default() };
        let mut sink = Sink::new();
        let tree =
            repo::read(Path::new(env!("CARGO_MANIFEST_DIR")), &options, &mut sink).expect("the site can be read");
        assert!(sink.iter().all(|d| d.level < Level::Error), "{:?}", sink.into_sorted());
        tree.sources
    })
}

/// The table of changes/README.md: record, rule, verdict.
fn promised() -> BTreeSet<(String, String, String)> {
    let readme = include_str!("../../../changes/README.md");
    readme
        .lines()
        .skip_while(|l| !l.starts_with("| record |"))
        .skip(2)
        .take_while(|l| l.starts_with('|'))
        .map(|line| {
            let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
            (cells[0].to_owned(), cells[1].to_owned(), cells[2].to_owned())
        })
        .collect()
}

#[test]
fn it_breaks_exactly_what_its_readme_says() {
    let run = support::run(sources(), AS_OF, &[repo::CODES]).expect("the configuration stands");
    assert!(run.records.len() >= 150, "{}", run.records.len());
    let broken = |v: Verdict| matches!(v, Verdict::Fail | Verdict::Waived | Verdict::Unknown);
    let found: BTreeSet<_> = run
        .records
        .iter()
        .flat_map(|r| r.rules.iter().map(move |rule| (r, rule)))
        .filter(|(_, rule)| broken(rule.verdict))
        .map(|(r, rule)| (r.id.clone(), rule.rule.clone(), rule.verdict.word().to_owned()))
        .collect();
    let promised = promised();
    assert!(promised.len() > 20, "the table is read");
    let missing: Vec<_> = promised.difference(&found).collect();
    let unexpected: Vec<_> = found.difference(&promised).collect();
    assert!(missing.is_empty() && unexpected.is_empty(), "missing: {missing:#?}\nunexpected: {unexpected:#?}");
}

#[test]
fn no_document_of_it_has_a_mistake() {
    let run = support::run(sources(), AS_OF, &[repo::CODES]).expect("the configuration stands");
    // That a role was not held is what the README says of PAY-2026-0018.
    let counts = |f: &&tickmark::diag::Diagnostic| f.level == Level::Error && f.code.name != "record/role-not-held";
    let mistakes: Vec<_> = run.findings.iter().filter(counts).map(|f| &f.headline).collect();
    assert!(mistakes.is_empty(), "{mistakes:#?}");
}
