//! `tickmark check`.

use super::Status;
use super::arguments::{Check, CheckFormat, Common};
use super::session::{Session, relative};
use super::terminal::{Results, Terminal, Tone};
use crate::diag::human::Human;
use crate::diag::{Diagnostic, Level, Place};
use crate::error::{Error, Result};
use crate::judge::{self, Detail, Verdict};
use crate::pipeline::{Site, any_error};
use crate::report::{Tally, check_json};
use crate::source::SourceSet;

pub(super) fn run(common: &Common, options: &Check, terminal: &Terminal) -> Result<Status> {
    let mut session = Session::open(common, false)?;
    let only = options.paths.iter().map(|p| relative(&session.root, p)).collect::<Result<Vec<_>>>()?;
    let commit = session.commit();
    let mut site = session.load(terminal)?;
    match options.format {
        CheckFormat::Json => json(&mut site, commit.as_deref(), &only, terminal),
        format => text(&mut site, format, &only, terminal),
    }
}

/// Whether a finding is about what was asked for.
fn concerns(sources: &SourceSet, finding: &Diagnostic, only: &[String]) -> bool {
    let path = match &finding.place {
        Place::Path(path) => path,
        Place::Text(at) => sources.file(at.file).path(),
    };
    below(path, only)
}

fn below(path: &str, only: &[String]) -> bool {
    only.is_empty()
        || only.iter().any(|o| {
            o.is_empty() || path == o || path.strip_prefix(o.as_str()).is_some_and(|rest| rest.starts_with('/'))
        })
}

/// A record that waits, for the list below the findings.
struct Waiting {
    id: String,
    rules: usize,
    next: Option<jiff::Timestamp>,
}

fn text(site: &mut Site<'_>, format: CheckFormat, only: &[String], terminal: &Terminal) -> Result<Status> {
    let sources = site.sources;
    let mut tally = Tally::default();
    let mut waiting = Vec::new();
    let progress = terminal.progress("judging records");
    site.judge(
        Detail::Findings,
        |ledger, entry, sink| {
            judge::findings(ledger, &entry.record, &entry.judged).for_each(|f| sink.push(f));
            let pending = entry.judged.judgements.iter().filter(|j| j.verdict == Verdict::Pending);
            let next = pending.clone().filter_map(|j| j.due).min();
            let rules = pending.count();
            let shown = below(sources.file(entry.record.file).path(), only);
            let waits = (rules > 0 && shown).then(|| Waiting { id: entry.record.name().to_owned(), rules, next });
            (entry.judged.verdict, waits)
        },
        |(verdict, waits)| {
            tally.count(verdict);
            waiting.extend(waits);
            progress.inc(1);
            Ok::<(), Error>(())
        },
    )?;
    progress.finish_and_clear();
    let mut findings = site.take_findings();
    let errors = any_error(&findings);
    findings.retain(|f| concerns(sources, f, only));
    let mut out = terminal.results();
    let human = Human::new(sources, terminal.colour(), terminal.width());
    for finding in &findings {
        if format == CheckFormat::Concise {
            out.put(&human.concise(finding))?;
        } else {
            out.put(&human.draw(finding))?;
            out.put("\n")?;
        }
    }
    if format == CheckFormat::Human {
        summary(site, &tally, &findings, &waiting, terminal, &mut out)?;
    }
    out.finish()?;
    Ok(if errors { Status::Findings } else { Status::Clean })
}

fn summary(
    site: &Site<'_>,
    tally: &Tally,
    findings: &[Diagnostic],
    waiting: &[Waiting],
    terminal: &Terminal,
    out: &mut Results,
) -> Result<()> {
    let calendar = &site.ledger.configuration.calendar;
    if !waiting.is_empty() {
        out.put(&format!("{}\n", terminal.paint(Tone::Strong, "not due yet")))?;
        for record in waiting.iter().take(20) {
            let rules = counted(record.rules, "rule", "rules");
            let next = record.next.map_or_else(
                || "waiting for an event".to_owned(),
                |at| format!("next by {} ({})", calendar.show(at), calendar.zone_name),
            );
            out.put(&format!("  {}: {rules}, {next}\n", record.id))?;
        }
        if waiting.len() > 20 {
            out.put(&format!("  and {} more\n", waiting.len() - 20))?;
        }
        out.put("\n")?;
    }
    let level = |level: Level| findings.iter().filter(|f| f.level == level).count();
    let (errors, warnings, notes) = (level(Level::Error), level(Level::Warning), level(Level::Note));
    let policies = counted(site.ledger.policies.len(), "policy", "policies");
    let mut verdicts = Vec::new();
    for (verdict, tone) in [
        (Verdict::Pass, Tone::Good),
        (Verdict::Fail, Tone::Bad),
        (Verdict::Unknown, Tone::Care),
        (Verdict::Pending, Tone::Strong),
        (Verdict::Waived, Tone::Strong),
        (Verdict::NotApplicable, Tone::Dim),
    ] {
        let n = tally.of(verdict);
        if n > 0 || verdict == Verdict::Pass {
            verdicts.push(terminal.paint(tone, &format!("{n} {}", verdict.word())));
        }
    }
    out.put(&format!(
        "{} under {policies}: {}\n",
        counted(tally.records as usize, "record", "records"),
        verdicts.join(", ")
    ))?;
    let tone = if errors > 0 { Tone::Bad } else { Tone::Good };
    out.put(&format!(
        "{}, {}, {} as of {} ({})\n",
        terminal.paint(tone, &counted(errors, "error", "errors")),
        counted(warnings, "warning", "warnings"),
        counted(notes, "note", "notes"),
        calendar.show(site.as_of),
        calendar.zone_name
    ))
}

/// A count with its unit.
pub(super) fn counted(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

fn json(site: &mut Site<'_>, commit: Option<&str>, only: &[String], terminal: &Terminal) -> Result<Status> {
    let sources = site.sources;
    let mut tally = Tally::default();
    let mut out = terminal.results();
    let frame = check_json::opening(&site.ledger, &site.as_of.to_string(), commit);
    out.put(&frame)?;
    let mut first = true;
    let mut broken = false;
    site.judge(
        Detail::All,
        |ledger, entry, _| {
            let version = entry.judged.version(ledger);
            let fails = version.is_some_and(|v| {
                entry
                    .judged
                    .judgements
                    .iter()
                    .any(|j| j.verdict == Verdict::Fail && v.rules[j.rule as usize].level == Level::Error)
            });
            let shown = below(sources.file(entry.record.file).path(), only);
            let line = shown.then(|| check_json::record_json(sources, ledger, &entry.record, &entry.judged));
            (entry.judged.verdict, fails, line)
        },
        |(verdict, fails, line)| {
            tally.count(verdict);
            broken |= fails;
            if let Some(line) = line {
                out.put(if first { "\n" } else { ",\n" })?;
                out.put(&line)?;
                first = false;
            }
            Ok::<(), Error>(())
        },
    )?;
    let mut findings = site.take_findings();
    let errors = broken || any_error(&findings);
    findings.retain(|f| concerns(sources, f, only));
    out.put(&check_json::closing(sources, &tally, &findings))?;
    out.finish()?;
    Ok(if errors { Status::Findings } else { Status::Clean })
}
