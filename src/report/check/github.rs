//! Annotations of GitHub Actions: a workflow command per finding that is not known from a baseline.
//!
//! GitHub shows ten errors, ten warnings and ten notices of a step, and writes all of them into its log. Errors come
//! first, and the count of all findings is the first notice, so that it is among those that are shown.

use super::spot::{self, Columns};
use super::words::{check_name, counted, details, headline};
use super::{Finding, Format, Ground, Out, Outcome, RecordView};
use crate::diag::{Level, Place};
use crate::error::Result;

/// How many annotations of one level GitHub shows of a step.
const SHOWN: usize = 10;

/// The format.
#[derive(Debug, Default)]
pub struct Github;

impl Format for Github {
    type Piece = ();

    fn piece(_: &RecordView<'_>) {}

    fn finish(&mut self, outcome: &Outcome<'_>, out: &mut dyn Out) -> Result<()> {
        for level in [Level::Error, Level::Warning, Level::Note] {
            if level == Level::Note {
                count(outcome, out)?;
            }
            for finding in outcome.new_findings().filter(|f| f.diagnostic.level == level) {
                out.put(&command(outcome.ground, finding))?;
            }
        }
        Ok(())
    }
}

/// How many findings there are, where GitHub does not show them all.
fn count(outcome: &Outcome<'_>, out: &mut dyn Out) -> Result<()> {
    let counts = outcome.counts;
    // The count itself is a notice.
    if counts.errors <= SHOWN && counts.warnings <= SHOWN && counts.notes < SHOWN {
        return Ok(());
    }
    let text = format!(
        "{}, {} and {} in all; GitHub shows {SHOWN} of each, the log of this step has them all",
        counted(counts.errors, "error", "errors"),
        counted(counts.warnings, "warning", "warnings"),
        counted(counts.notes, "note", "notes"),
    );
    out.put(&format!("::notice title=tickmark::{}\n", data(&text)))
}

fn command(ground: Ground<'_>, finding: &Finding) -> String {
    let diagnostic = &finding.diagnostic;
    let word = match diagnostic.level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note => "notice",
    };
    let place = match &diagnostic.place {
        Place::Path(_) => String::new(),
        Place::Text(at) => {
            let at = spot::region(ground, *at, Columns::Characters);
            // Columns are for places on one line; the end of a region is past its last column.
            let columns = if at.line == at.end_line {
                format!(",col={},endColumn={}", at.column, at.end_column.max(at.column + 1) - 1)
            } else {
                String::new()
            };
            format!(",line={},endLine={}{columns}", at.line, at.end_line)
        }
    };
    let mut text = headline(diagnostic);
    for line in details(ground, finding) {
        text += "\n";
        text += &line;
    }
    format!(
        "::{word} file={}{place},title={}::{}\n",
        property(&spot::path(ground, diagnostic)),
        property(&check_name(diagnostic)),
        data(&text)
    )
}

/// A text as the data of a command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A text as a property of a command.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_begins_another_command() {
        assert_eq!(data("50% \n::error::x\r"), "50%25 %0A::error::x%0D");
        assert_eq!(property("a,b::c=%0A"), "a%2Cb%3A%3Ac=%250A");
    }
}
