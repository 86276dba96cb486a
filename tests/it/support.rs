//! What the tests of the judge share: a site in memory, run through the pipeline.

use jiff::Timestamp;
use tickmark::diag::{Code, Diagnostic};
use tickmark::judge::{self, Detail, Verdict};
use tickmark::pipeline::{self, AsOf, Inputs};
use tickmark::source::SourceSet;

/// What one rule came to for one record.
#[derive(Clone, Debug)]
pub(crate) struct RuleRun {
    pub(crate) rule: String,
    pub(crate) verdict: Verdict,
    pub(crate) due: Option<Timestamp>,
    pub(crate) headline: String,
    pub(crate) finding: Option<Diagnostic>,
}

/// What one record came to.
#[derive(Clone, Debug)]
pub(crate) struct RecordRun {
    pub(crate) id: String,
    pub(crate) verdict: Verdict,
    pub(crate) rules: Vec<RuleRun>,
}

/// What a site came to: its records in the order of their files, and the findings that belong to no rule.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) records: Vec<RecordRun>,
    pub(crate) findings: Vec<Diagnostic>,
}

/// Runs the pipeline over texts. A site whose configuration does not stand is told by its findings.
pub(crate) fn run(
    sources: &SourceSet,
    as_of: AsOf,
    more_codes: &[&'static [&'static Code]],
) -> Result<Run, Vec<Diagnostic>> {
    let mut site = pipeline::load(Inputs { sources, history: &tickmark::model::NO_HISTORY, as_of, more_codes })
        .map_err(tickmark::diag::Sink::into_sorted)?;
    let mut records = Vec::new();
    let done: Result<(), std::convert::Infallible> = site.judge(
        Detail::All,
        |ledger, entry, _| {
            let rules = entry.judged.version(ledger).map_or_else(Vec::new, |version| {
                let run = |j: &judge::Judgement| RuleRun {
                    rule: version.rules[j.rule as usize].id.to_string(),
                    verdict: j.verdict,
                    due: j.due,
                    headline: j.why.as_ref().map(|w| w.headline.clone()).unwrap_or_default(),
                    finding: judge::finding(ledger, &entry.record, version, j),
                };
                entry.judged.judgements.iter().map(run).collect()
            });
            RecordRun { id: entry.record.name().to_owned(), verdict: entry.judged.verdict, rules }
        },
        |record| {
            records.push(record);
            Ok(())
        },
    );
    done.expect("nothing here can fail");
    Ok(Run { records, findings: site.take_findings() })
}
