//! What an import says at its end: what was written, what was not and why, and what could not be taken over.

use super::super::arguments::ImportOptions;
use super::super::check::counted;
use super::super::terminal::{Terminal, Tone};
use super::{Outcome, Planned};
use crate::error::Result;
use crate::import::{About, Drafted, Note, Source};
use crate::model::Policy;
use crate::source::SourceSet;

/// What there is to tell.
pub(super) struct Told<'t> {
    pub(super) source: Source,
    pub(super) policy: &'t Policy,
    pub(super) sources: &'t SourceSet,
    pub(super) drafted: &'t Drafted,
    pub(super) planned: &'t [Planned<'t>],
    pub(super) options: &'t ImportOptions,
}

/// How many ids are named on a line, and how many different things of one kind.
const NAMED: usize = 8;
const LISTED: usize = 12;

/// Says it on standard output.
pub(super) fn report(told: &Told<'_>, terminal: &Terminal) -> Result<()> {
    let mut out = terminal.account();
    if told.options.dry_run {
        for planned in told.planned.iter().filter(|p| matches!(p.outcome, Outcome::New | Outcome::Replace)) {
            out.put(&format!(
                "{}\n{}\n",
                terminal.paint(Tone::Strong, &format!("--- {}", planned.path)),
                planned.text
            ))?;
        }
    }
    let count = counted(told.planned.len(), "change", "changes");
    let title = format!("{count} from {}, under policy `{}`", told.source.name(), told.policy.id);
    out.put(&format!("{}\n\n", terminal.paint(Tone::Strong, &title)))?;
    out.put(&outcomes(told))?;
    out.put(&left_out(told, terminal))?;
    out.put(&format!("\nnever said by {}: {}\n", told.source.name(), told.source.never_says()))?;
    if told.options.dry_run {
        out.put("\nnothing was written\n")?;
    } else if told.planned.iter().any(|p| matches!(p.outcome, Outcome::New | Outcome::Replace)) {
        out.put("\nnext\n\n  tickmark check\n")?;
    }
    out.finish()
}

/// How many records were written, were as they are, were kept.
fn outcomes(told: &Told<'_>) -> String {
    let (new, replaced) = if told.options.dry_run { ("to write", "to update") } else { ("written", "updated") };
    let of = |wanted: &Outcome| told.planned.iter().filter(|p| p.outcome == *wanted).collect::<Vec<_>>();
    let mut text = String::new();
    for (word, outcome) in [(new, Outcome::New), (replaced, Outcome::Replace), ("unchanged", Outcome::Unchanged)] {
        let list = of(&outcome);
        if !list.is_empty() || outcome == Outcome::New {
            let named: Vec<&str> = list.iter().take(NAMED).map(|p| p.path.as_str()).collect();
            let more = list.len().saturating_sub(NAMED);
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            text.push_str(format!("  {word:10} {:>5}  {}{more}", list.len(), named.join(", ")).trim_end());
            text.push('\n');
        }
    }
    let kept = told.planned.iter().filter_map(|p| if let Outcome::Kept(f) = &p.outcome { Some((p, f)) } else { None });
    let kept: Vec<(&Planned<'_>, &Vec<String>)> = kept.collect();
    if !kept.is_empty() {
        text.push_str(&format!(
            "  {:10} {:>5}  as people wrote them; the export says otherwise about\n",
            "kept",
            kept.len()
        ));
    }
    for (planned, fields) in kept.iter().take(LISTED) {
        text.push_str(&format!(
            "                     {}: {} ({})\n",
            planned.record.id,
            fields.join(", "),
            planned.path
        ));
    }
    if kept.len() > LISTED {
        text.push_str(&format!("                     and {} more\n", kept.len() - LISTED));
    }
    text
}

/// What could not be taken over, by kind.
fn left_out(told: &Told<'_>, terminal: &Terminal) -> String {
    if told.drafted.notes.is_empty() {
        return String::new();
    }
    let mut text = format!("\n{}\n\n", terminal.paint(Tone::Strong, "left out"));
    for about in About::ALL {
        let notes: Vec<&Note> = told.drafted.notes.iter().filter(|n| n.about == about).collect();
        if notes.is_empty() {
            continue;
        }
        if about == About::Field {
            text.push_str(&fields(&notes, told));
            continue;
        }
        for (number, note) in notes.iter().take(LISTED).enumerate() {
            let heading = if number == 0 { about.heading() } else { "" };
            text.push_str(&format!("  {heading:10} {:>5}  {}{}\n", note.count, note.what, place(note, told)));
        }
        if notes.len() > LISTED {
            text.push_str(&format!("                     and {} more\n", notes.len() - LISTED));
        }
        text.push_str(&help(about, told.source));
    }
    text
}

/// Fields of the source that have no place in a record, on one line.
fn fields(notes: &[&Note], told: &Told<'_>) -> String {
    let met: usize = notes.iter().map(|n| n.count).sum();
    let names: Vec<String> = notes
        .iter()
        .take(LISTED)
        .map(|n| if n.count > 1 { format!("{} ({})", n.what, n.count) } else { n.what.clone() })
        .collect();
    let more = if notes.len() > LISTED { format!(" and {} more", notes.len() - LISTED) } else { String::new() };
    let first = notes.iter().min_by_key(|n| n.first).map(|n| place(n, told)).unwrap_or_default();
    format!("  {:10} {met:>5}  no place in a record: {}{more}{first}\n", "fields", names.join(", "))
}

fn place(note: &Note, told: &Told<'_>) -> String {
    if told.source == Source::Git {
        let commit = told.sources.excerpt(note.first);
        return format!(", first in commit {}", commit.get(..12).unwrap_or(commit));
    }
    let (line, column) = told.sources.position(note.first);
    let record = if note.record.is_empty() { String::new() } else { format!(" in {}", note.record) };
    format!(", first{record} ({}:{line}:{column})", told.sources.file(note.first.file).path())
}

/// What to do about things of one kind.
fn help(about: About, source: Source) -> String {
    let text = match about {
        About::Person if source == Source::Git => {
            "not in people.yaml: add each address to whom it is, under `accounts`, and import again".to_owned()
        }
        About::Person => format!(
            "not in people.yaml: add each account to whom it is, as in `accounts: [{}:NAME]`, and import again",
            source.name()
        ),
        About::Word => "say which word of ours stands for theirs, as in `--map status:Shut=closed`".to_owned(),
        _ => return String::new(),
    };
    format!("                     {text}\n")
}
