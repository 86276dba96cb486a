//! GitLab's Code Quality report: a JSON list, one entry per finding that is not known from a baseline. GitLab itself compares
//! the lists of two branches by their fingerprints.

use serde_json::json;

use super::words::{check_name, headline};
use super::{Finding, Format, Ground, Out, Outcome, RecordView, spot};
use crate::diag::{Level, Place};
use crate::error::Result;

/// The format.
#[derive(Debug, Default)]
pub struct Gitlab;

impl Format for Gitlab {
    type Piece = ();

    fn piece(_: &RecordView<'_>) {}

    fn finish(&mut self, outcome: &Outcome<'_>, out: &mut dyn Out) -> Result<()> {
        out.put("[")?;
        for (n, finding) in outcome.new_findings().enumerate() {
            out.put(if n == 0 { "\n" } else { ",\n" })?;
            out.put(&entry(outcome.ground, finding))?;
        }
        out.put("\n]\n")
    }
}

fn entry(ground: Ground<'_>, finding: &Finding) -> String {
    let diagnostic = &finding.diagnostic;
    // GitLab wants a line even where only the file is meant.
    let line = match &diagnostic.place {
        Place::Text(at) => ground.sources.position(*at).0,
        Place::Path(_) => 1,
    };
    json!({
        "description": headline(diagnostic),
        "check_name": check_name(diagnostic),
        "fingerprint": finding.fingerprint,
        "severity": severity(diagnostic.level),
        "location": {"path": spot::path(ground, diagnostic), "lines": {"begin": line}},
    })
    .to_string()
}

fn severity(level: Level) -> &'static str {
    match level {
        Level::Error => "major",
        Level::Warning => "minor",
        Level::Note => "info",
    }
}
