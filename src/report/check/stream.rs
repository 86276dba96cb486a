//! The run of `check`: every record judged, its findings weighed against scope and baseline, and all of it handed to a
//! format. The one place that says what counts.

use std::collections::BTreeSet;

use super::super::{Row, closing};
use super::baseline::Baseline;
use super::identity::{Holder, Holders, Namer, of_rule};
use super::{Asked, Counts, Finding, Fingerprint, Format, Ground, Out, Outcome, RecordView, Tally};
use crate::diag::{Diagnostic, Sink};
use crate::error::Result;
use crate::judge::{self, Verdict};
use crate::pipeline::{Entry, Site, at_level};
use crate::source::SourceSet;

/// What is left of a record once it was looked at.
struct Looked<P> {
    piece: P,
    verdict: Verdict,
    counts: Counts,
    /// Findings that the baseline has.
    met: Vec<Fingerprint>,
    holder: Option<Holder>,
    /// What is held against a closed quarter.
    closed: Option<Box<Row>>,
}

/// What is counted as records go by.
#[derive(Default)]
struct Gathered {
    tally: Tally,
    counts: Counts,
    met: BTreeSet<Fingerprint>,
    holders: Vec<Holder>,
    closed: Vec<Row>,
}

/// Judges every record and writes the document. `tick` is called once per record.
pub fn run<F: Format>(
    site: &mut Site<'_>,
    format: &mut F,
    asked: &Asked,
    out: &mut dyn Out,
    tick: impl Fn(),
) -> Result<(Tally, Counts)> {
    let (sources, as_of) = (site.sources, site.as_of);
    format.open(Ground { sources, ledger: &site.ledger, as_of, asked }, out)?;
    let mut all = Gathered::default();
    site.judge(
        F::DETAIL,
        |ledger, entry, sink| {
            let looked = look::<F>(Ground { sources, ledger, as_of, asked }, &entry, sink);
            let quarter = if ledger.closed.is_empty() { None } else { judge::quarter(ledger, &entry.record) };
            let closed = quarter.filter(|quarter| closing::closed(ledger, *quarter).is_some());
            Looked { closed: closed.map(|_| Box::new(Row::of(ledger, entry, None))), ..looked }
        },
        |looked| {
            all.tally.count(looked.verdict);
            all.counts.add(looked.counts);
            all.met.extend(looked.met);
            all.holders.extend(looked.holder);
            all.closed.extend(looked.closed.map(|row| *row));
            tick();
            format.record(looked.piece, out)
        },
    )?;
    let closed: Vec<&Row> = all.closed.iter().collect();
    let differing = closing::findings(sources, &site.ledger, &closed, as_of);
    differing.into_iter().for_each(|finding| site.sink.push(finding));
    let found = site.take_findings();
    let ground = Ground { sources, ledger: &site.ledger, as_of, asked };
    let findings = weigh(ground, found, &mut all);
    let fixed = asked.baseline.as_ref().map_or_else(Vec::new, |b| b.without(&all.met));
    all.counts.fixed = fixed.len();
    let outcome = Outcome { ground, tally: all.tally, findings: &findings, counts: all.counts, fixed: &fixed };
    format.finish(&outcome, out)?;
    Ok((all.tally, all.counts))
}

/// Looks at one record: what its rules find, whether it is shown, what the format keeps.
fn look<F: Format>(ground: Ground<'_>, entry: &Entry<'_>, sink: &mut Sink) -> Looked<F::Piece> {
    let Ground { sources, ledger, asked, .. } = ground;
    let (record, judged) = (&entry.record, &entry.judged);
    let path = sources.file(record.file).path();
    let findings: Vec<Finding> = judge::findings(ledger, record, judged)
        .filter_map(|found| at_level(&ledger.configuration, found))
        .map(|found| finding_of_rule(asked.baseline.as_ref(), path, found))
        .collect();
    let mut counts = Counts::default();
    let mut shown = asked.scope.holds_path(path);
    for finding in &findings {
        if asked.scope.holds(sources, &finding.diagnostic) {
            counts.count(finding);
            shown = true;
        }
    }
    let met = findings.iter().filter(|f| f.known).map(|f| f.fingerprint).collect();
    let piece = F::piece(&RecordView { ground, record, judged, findings: &findings, shown });
    if F::GATHERS {
        findings.into_iter().for_each(|f| sink.push(f.diagnostic));
    }
    Looked { piece, verdict: judged.verdict, counts, met, holder: Holder::of_record(record), closed: None }
}

fn finding_of_rule(baseline: Option<&Baseline>, path: &str, diagnostic: Diagnostic) -> Finding {
    let rule = diagnostic.rule.as_deref().expect("what a rule finds names its rule");
    let fingerprint = of_rule(diagnostic.code.name, rule, path);
    let known = baseline.is_some_and(|b| b.knows(fingerprint, rule.verdict));
    Finding { diagnostic, fingerprint, known }
}

/// Findings as they stand at the end: those in scope, each with its fingerprint. What rules found was counted already.
fn weigh(ground: Ground<'_>, found: Vec<Diagnostic>, all: &mut Gathered) -> Vec<Finding> {
    let Ground { sources, ledger, asked, .. } = ground;
    let baseline = asked.baseline.as_ref();
    let holders = Holders::new(std::mem::take(&mut all.holders), ledger);
    let mut namer = Namer::new(sources, holders);
    let mut findings = Vec::with_capacity(found.len());
    for diagnostic in found {
        let finding = if diagnostic.rule.is_some() {
            let path = place_path(sources, &diagnostic).to_owned();
            finding_of_rule(baseline, &path, diagnostic)
        } else {
            let fingerprint = namer.name(&diagnostic);
            let known = baseline.is_some_and(|b| b.knows(fingerprint, ""));
            if known {
                all.met.insert(fingerprint);
            }
            Finding { diagnostic, fingerprint, known }
        };
        if asked.scope.holds(sources, &finding.diagnostic) {
            if finding.diagnostic.rule.is_none() {
                all.counts.count(&finding);
            }
            findings.push(finding);
        }
    }
    findings
}

/// The path a finding is at.
pub(super) fn place_path<'p>(sources: &'p SourceSet, finding: &'p Diagnostic) -> &'p str {
    match &finding.place {
        crate::diag::Place::Path(path) => path,
        crate::diag::Place::Text(at) => sources.file(at.file).path(),
    }
}
