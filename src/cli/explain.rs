//! `tickmark explain CHANGE`.

use super::Status;
use super::arguments::{Common, Explain};
use super::check::counted;
use super::session::Session;
use super::terminal::{Results, Terminal, Tone};
use crate::diag::suggest;
use crate::error::{Error, Result};
use crate::judge::{self, Detail, Judgement, Verdict};
use crate::model::{ChangeRecord, Day, Ledger, PolicyVersion};
use crate::pipeline::Entry;
use crate::source::{Location, SourceSet};

pub(super) fn run(common: &Common, options: &Explain, terminal: &Terminal) -> Result<Status> {
    let mut session = Session::open(common, false)?;
    let mut site = session.load(terminal)?;
    let wanted = options.change.as_str();
    let sources = site.sources;
    let mut found: Option<Entry> = None;
    let mut ids: Vec<String> = Vec::new();
    site.judge(
        Detail::All,
        |_, entry, _| entry,
        |entry| {
            let id = entry.record.name();
            if found.is_none() && id == wanted {
                found = Some(entry);
            } else if found.is_none() {
                ids.push(id.to_owned());
            }
            Ok::<(), Error>(())
        },
    )?;
    let Some(entry) = found else {
        let near = suggest::nearest(wanted, ids.iter().map(String::as_str));
        let help = near.map_or_else(
            || "`tickmark check --format concise` names every record".to_owned(),
            |id| format!("did you mean `{id}`?"),
        );
        return Err(Error::refused(format!("no change has the id `{wanted}`"), help));
    };
    let mut out = terminal.results();
    explain(sources, &site.ledger, &entry, terminal, &mut out)?;
    out.finish()?;
    Ok(Status::Clean)
}

fn explain(sources: &SourceSet, ledger: &Ledger, entry: &Entry, terminal: &Terminal, out: &mut Results) -> Result<()> {
    let record = &entry.record;
    let title = record.title.get().map_or_else(String::new, |t| format!("  {t}"));
    out.put(&format!("{}{title}\n", terminal.paint(Tone::Strong, record.name())))?;
    out.put(&format!("{}\n", sources.file(record.file).path()))?;
    let Some(version) = entry.judged.version(ledger) else {
        return out.put("its policy is not known, so nothing can be judged\n");
    };
    let since = version.effective.map(|day| format!(", in force since {}", Day(day))).unwrap_or_default();
    out.put(&format!("judged by {}, version {}{since}\n", version.title, version.version))?;
    if entry.judged.before_first {
        out.put("the record is older than this version, which is the first one known\n")?;
    }
    out.put(&format!("verdict: {}\n", painted(terminal, entry.judged.verdict)))?;
    let mut order: Vec<&Judgement> = entry.judged.judgements.iter().collect();
    order.sort_by_key(|j| j.verdict);
    for judgement in order {
        out.put("\n")?;
        rule(sources, ledger, record, version, judgement, terminal, out)?;
    }
    let asked = entry.judged.judgements.iter().filter(|j| j.verdict != Verdict::NotApplicable).count();
    out.put(&format!(
        "\n{} of {} asked of it\n",
        counted(asked, "rule", "rules"),
        counted(entry.judged.judgements.len(), "rule of its type", "rules of its type")
    ))
}

fn painted(terminal: &Terminal, verdict: Verdict) -> String {
    let tone = match verdict {
        Verdict::Pass => Tone::Good,
        Verdict::Fail => Tone::Bad,
        Verdict::Unknown => Tone::Care,
        Verdict::Pending | Verdict::Waived => Tone::Strong,
        Verdict::NotApplicable => Tone::Dim,
    };
    terminal.paint(tone, verdict.word())
}

fn rule(
    sources: &SourceSet,
    ledger: &Ledger,
    record: &ChangeRecord,
    version: &PolicyVersion,
    judgement: &Judgement,
    terminal: &Terminal,
    out: &mut Results,
) -> Result<()> {
    let rule = &version.rules[judgement.rule as usize];
    let Some(why) = judgement.why.as_deref() else { return Ok(()) };
    let level =
        if rule.level == crate::diag::Level::Error { String::new() } else { format!(" ({})", rule.level.word()) };
    out.put(&format!(
        "{} {}{level}: {}\n",
        painted(terminal, judgement.verdict),
        terminal.paint(Tone::Strong, rule.id.as_str()),
        why.headline
    ))?;
    if let Some(clause) = version.clause_of(rule) {
        let (line, _) = sources.position(version.at(clause.span));
        out.put(&format!("    promise: “{}” ({}:{line})\n", clause.text, sources.file(version.file).path()))?;
    }
    let at = |span| {
        let (line, column) = sources.position(Location { file: record.file, span });
        format!(" (line {line}:{column})")
    };
    for fact in &why.facts {
        let place = fact.span.map(at).unwrap_or_default();
        out.put(&format!("    {}: {}{place}\n", fact.label.replace('_', " "), fact.value))?;
    }
    for step in &why.arithmetic {
        out.put(&format!("    counted: {step}\n"))?;
    }
    if let Some(due) = judgement.due {
        let fell = if judgement.verdict == Verdict::Pending { "due by" } else { "fell due" };
        out.put(&format!("    {fell}: {} ({})\n", version.calendar.show(due), version.calendar.zone_name))?;
    }
    if let (Some(span), true) = (why.at, judgement.code.is_some()) {
        out.put(&format!("    here: {}{}\n", why.label, at(span)))?;
    }
    if let Some(waiver) = judgement.waiver.and_then(|i| ledger.waivers.get(i as usize)) {
        out.put(&format!("    {}\n", judge::waived(ledger, record, waiver)))?;
    } else if !why.help.is_empty() && !matches!(judgement.verdict, Verdict::Pass | Verdict::NotApplicable) {
        out.put(&format!("    to do: {}\n", why.help))?;
    }
    Ok(())
}
