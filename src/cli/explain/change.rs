//! A change explained: every rule of its type, worst first, with facts, their place, arithmetic and what to do.

use super::super::check::counted;
use super::super::terminal::{Results, Terminal, Tone};
use crate::diag::human::Human;
use crate::diag::{Diagnostic, Level};
use crate::error::Result;
use crate::judge::{self, Judgement, Verdict};
use crate::model::{ChangeRecord, Check, Day, Ledger, PolicyVersion};
use crate::pipeline::Entry;
use crate::report;
use crate::source::{Location, SourceSet, Span};

/// Where things stand, and how they are painted.
struct Page<'p> {
    sources: &'p SourceSet,
    ledger: &'p Ledger,
    record: &'p ChangeRecord,
    version: &'p PolicyVersion,
    terminal: &'p Terminal,
}

/// Explains a record. `own` are the findings in its document.
pub(super) fn explain(
    sources: &SourceSet,
    ledger: &Ledger,
    entry: &Entry<'_>,
    own: &[Diagnostic],
    terminal: &Terminal,
    out: &mut Results,
) -> Result<()> {
    let record = &entry.record;
    let title = record.title.get().map_or_else(String::new, |t| format!("  {t}"));
    out.put(&format!("{}{title}\n", terminal.paint(Tone::Strong, record.name())))?;
    out.put(&format!("{}\n", sources.file(record.file).path()))?;
    let Some(version) = entry.judged.version(ledger) else {
        out.put("its policy is not known, so nothing can be judged\n")?;
        return mistakes(sources, own, terminal, out);
    };
    let since = version.effective.map(|day| format!(", in force since {}", Day(day))).unwrap_or_default();
    out.put(&format!("judged by {}, version {}{since}\n", version.title, version.version))?;
    if entry.judged.before_first {
        out.put("the record is older than this version, which is the first one known\n")?;
    }
    out.put(&format!("verdict: {}\n", painted(terminal, entry.judged.verdict)))?;
    mistakes(sources, own, terminal, out)?;
    let page = Page { sources, ledger, record, version, terminal };
    let mut order: Vec<&Judgement> = entry.judged.judgements.iter().collect();
    order.sort_by_key(|j| j.verdict);
    for judgement in order {
        out.put("\n")?;
        page.rule(judgement, out)?;
    }
    history(ledger, record, version, terminal, out)?;
    let asked = entry.judged.judgements.iter().filter(|j| j.verdict != Verdict::NotApplicable).count();
    let bound = entry.judged.judgements.len();
    let of_them = match bound - asked {
        0 => String::new(),
        aside => format!(", of which {} nothing of this change", counted(aside, "asks", "ask")),
    };
    out.put(&format!("\n{} its type{of_them}\n", counted(bound, "rule binds", "rules bind")))
}

/// What git says of the record, where it dates it.
fn history(
    ledger: &Ledger,
    record: &ChangeRecord,
    version: &PolicyVersion,
    terminal: &Terminal,
    out: &mut Results,
) -> Result<()> {
    let rows = report::record_history(ledger, record, &version.calendar);
    if rows.is_empty() {
        return Ok(());
    }
    out.put(&format!("\n{}\n", terminal.paint(Tone::Strong, "history in git")))?;
    for row in rows {
        if row.commit.is_empty() {
            out.put(&format!("  {}\n", row.what))?;
        } else {
            let line =
                format!("  {}: {} by {} ({}); signature: {}\n", row.when, row.what, row.who, row.commit, row.signature);
            out.put(&line)?;
        }
    }
    Ok(())
}

/// Findings in the document itself: a misspelt field is why a rule is unknown.
fn mistakes(sources: &SourceSet, own: &[Diagnostic], terminal: &Terminal, out: &mut Results) -> Result<()> {
    if own.is_empty() {
        return Ok(());
    }
    out.put(&format!("\n{}\n", terminal.paint(Tone::Strong, "in the document itself")))?;
    let human = Human::new(sources, terminal.colour(), terminal.width());
    for finding in own {
        out.put(&format!("  {}", human.concise(finding)))?;
        if !finding.help.is_empty() {
            out.put(&format!("    to do: {}\n", finding.help))?;
        }
    }
    Ok(())
}

/// A verdict's word in its tone.
pub(super) fn painted(terminal: &Terminal, verdict: Verdict) -> String {
    let tone = match verdict {
        Verdict::Pass => Tone::Good,
        Verdict::Fail => Tone::Bad,
        Verdict::Unknown => Tone::Care,
        Verdict::Pending | Verdict::Waived => Tone::Strong,
        Verdict::NotApplicable => Tone::Dim,
    };
    terminal.paint(tone, verdict.word())
}

impl Page<'_> {
    fn rule(&self, judgement: &Judgement, out: &mut Results) -> Result<()> {
        let rule = &self.version.rules[judgement.rule as usize];
        let Some(why) = judgement.why.as_deref() else { return Ok(()) };
        let level = if rule.level == Level::Error { String::new() } else { format!(" ({})", rule.level.word()) };
        let code = judgement.code.map(|c| format!("[{}]", c.name)).unwrap_or_default();
        out.put(&format!(
            "{}{code} {}{level}: {}\n",
            painted(self.terminal, judgement.verdict),
            self.terminal.paint(Tone::Strong, rule.id.as_str()),
            why.headline
        ))?;
        self.promise(judgement, out)?;
        for fact in &why.facts {
            let place = fact.span.map(|span| format!(" ({})", self.place(span))).unwrap_or_default();
            out.put(&format!("    {}: {}{place}\n", fact.label.replace('_', " "), fact.value))?;
        }
        for step in &why.arithmetic {
            out.put(&format!("    counted: {step}\n"))?;
        }
        if let Some(due) = judgement.due {
            let fell = if judgement.verdict == Verdict::Pending { "due by" } else { "fell due" };
            let calendar = &self.version.calendar;
            out.put(&format!("    {fell}: {} ({})\n", calendar.show(due), calendar.zone_name))?;
        }
        if let (Some(span), true) = (why.at, judgement.code.is_some()) {
            out.put(&format!("    here: {} ({})\n", why.label, self.place(span)))?;
        }
        if let Some(waiver) = judgement.waiver.and_then(|i| self.ledger.waivers.get(i as usize)) {
            out.put(&format!("    {}\n", judge::waived(self.ledger, self.record, waiver)))?;
        } else if !why.help.is_empty() && !matches!(judgement.verdict, Verdict::Pass | Verdict::NotApplicable) {
            out.put(&format!("    to do: {}\n", why.help))?;
        }
        Ok(())
    }

    /// The clause, and for whatever is not kept yet what would satisfy the rule.
    fn promise(&self, judgement: &Judgement, out: &mut Results) -> Result<()> {
        let rule = &self.version.rules[judgement.rule as usize];
        if let Some(clause) = self.version.clause_of(rule) {
            let (line, _) = self.sources.position(self.version.at(clause.span));
            let path = self.sources.file(self.version.file).path();
            out.put(&format!("    promise: “{}” ({path}:{line})\n", clause.text))?;
        }
        if !matches!(judgement.verdict, Verdict::Pass | Verdict::NotApplicable) {
            let asked = match &rule.check {
                Check::Assert(check) => format!("`{}` holds", judge::expression_shown(&check.expression)),
                _ => judge::in_plain_words(rule),
            };
            out.put(&format!("    satisfied when: {asked}\n"))?;
        }
        Ok(())
    }

    /// `changes/a.yaml:41:7`: what an editor opens.
    fn place(&self, span: Span) -> String {
        let (line, column) = self.sources.position(Location { file: self.record.file, span });
        format!("{}:{line}:{column}", self.sources.file(self.record.file).path())
    }
}
