//! What `check` says to people at a terminal: findings with the lines they speak of, or a line each.

use jiff::Timestamp;

use super::super::terminal::{Terminal, Tone};
use super::{counted, tone};
use crate::diag::human;
use crate::error::Result;
use crate::judge::Verdict;
use crate::report::check::{Format, Out, Outcome, RecordView, summary_lines};

/// How many records that wait are listed.
const LISTED: usize = 20;

/// Findings with the lines they speak of, what waits, and a summary.
pub(super) struct Human<'t> {
    terminal: &'t Terminal,
    waiting: Vec<Waiting>,
}

/// A record that waits, for the list below the findings.
pub(super) struct Waiting {
    id: String,
    rules: usize,
    next: Option<Timestamp>,
}

impl<'t> Human<'t> {
    pub(super) fn new(terminal: &'t Terminal) -> Self {
        Self { terminal, waiting: Vec::new() }
    }

    fn list_waiting(&self, outcome: &Outcome<'_>, out: &mut dyn Out) -> Result<()> {
        let calendar = &outcome.ground.ledger.configuration.calendar;
        out.put(&format!("{}\n", self.terminal.paint(Tone::Strong, "not due yet")))?;
        for record in self.waiting.iter().take(LISTED) {
            let rules = counted(record.rules, "rule", "rules");
            let next = record.next.map_or_else(
                || "waiting for an event".to_owned(),
                |at| format!("next by {} ({})", calendar.show(at), calendar.zone_name),
            );
            out.put(&format!("  {}: {rules}, {next}\n", record.id))?;
        }
        if self.waiting.len() > LISTED {
            out.put(&format!("  and {} more\n", self.waiting.len() - LISTED))?;
        }
        out.put("\n")
    }
}

impl Format for Human<'_> {
    type Piece = Option<Waiting>;

    fn piece(view: &RecordView<'_>) -> Option<Waiting> {
        let pending = view.judged.judgements.iter().filter(|j| j.verdict == Verdict::Pending);
        let next = pending.clone().filter_map(|j| j.due).min();
        let rules = pending.count();
        (view.shown && rules > 0).then(|| Waiting { id: view.record.name().to_owned(), rules, next })
    }

    fn record(&mut self, piece: Option<Waiting>, _: &mut dyn Out) -> Result<()> {
        self.waiting.extend(piece);
        Ok(())
    }

    fn finish(&mut self, outcome: &Outcome<'_>, out: &mut dyn Out) -> Result<()> {
        let drawing = human::Human::new(outcome.ground.sources, self.terminal.colour(), self.terminal.width());
        for finding in outcome.new_findings() {
            out.put(&drawing.draw(&finding.diagnostic))?;
            out.put("\n")?;
        }
        if !self.waiting.is_empty() {
            self.list_waiting(outcome, out)?;
        }
        let errors = if outcome.counts.errors > 0 { Tone::Bad } else { Tone::Good };
        out.put(&summary_lines(
            outcome.ground,
            &outcome.tally,
            &outcome.counts,
            |verdict, text| self.terminal.paint(tone(verdict), text),
            |text| self.terminal.paint(errors, text),
        ))
    }
}

/// A line per finding.
pub(super) struct Concise;

impl Format for Concise {
    type Piece = ();

    fn piece(_: &RecordView<'_>) {}

    fn finish(&mut self, outcome: &Outcome<'_>, out: &mut dyn Out) -> Result<()> {
        let drawing = human::Human::new(outcome.ground.sources, false, 0);
        outcome.new_findings().try_for_each(|finding| out.put(&drawing.concise(&finding.diagnostic)))
    }
}
