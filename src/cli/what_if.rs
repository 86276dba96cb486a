//! `tickmark what-if [OLD..NEW]`: which past records an edit of policies would have judged otherwise.
//!
//! The records, and all else, are those of the newer state; of the older one only the policies count.

use std::path::Path;

use super::Status;
use super::arguments::{Common, Reading, WhatIf as Options, WhatIfFormat};
use super::check::counted;
use super::session::Session;
use super::terminal::{Results, Terminal, Tone};
use crate::diag::Sink;
use crate::error::{Error, Result};
use crate::judge::{self, Verdict};
use crate::model::{History, Ledger, NO_HISTORY, Policy};
use crate::pipeline::{self, Inputs};
use crate::repo::{ReadOptions, Repository};
use crate::report::what_if::{self, Asked, Changed, Piece, WhatIf};
use crate::source::{SourceFile, SourceSet};

/// How many records are shown that keep their verdict.
const KEPT: usize = 10;

pub(super) fn run(common: &Common, options: &Options, terminal: &Terminal) -> Result<Status> {
    let (old, new) = states(options.states.as_deref())?;
    let mut session = newer(common, new)?;
    if session.repository.is_none() {
        Repository::find(&session.root)?.required("what-if")?;
    }
    let (sources, history) = older(&common.directory, old, options.in_force, &session.tree.sources)?;
    let inputs =
        Inputs { sources: &sources, history: &history, as_of: session.as_of, more_codes: super::session::MORE_CODES };
    // The configuration is the newer state's, which says what is wrong with it.
    let before = pipeline::load(inputs).ok();
    if before.as_ref().is_some_and(|site| judge::asks_history(&site.ledger, &sources)) {
        session.show_history();
    }
    if !options.in_force {
        // Only the newest text of each policy counts, so that those before need not be read.
        session.history.policies.clear();
    }
    let mut site = session.load(terminal)?;
    let Some(mut before) = before.map(|site| site.ledger) else { return Err(Error::Configuration) };
    before.past = site.ledger.past.clone();
    if !options.in_force {
        [&mut before, &mut site.ledger].into_iter().for_each(always_in_force);
    }
    let progress = terminal.progress("judging records twice");
    let mut found = WhatIf::default();
    let (texts, ledger) = (site.sources, &site.ledger);
    site.compare(
        &before,
        |pair| Piece::of(texts, &before, ledger, &pair),
        |piece| {
            progress.inc(1);
            found.add(piece);
            Ok::<(), Error>(())
        },
    )?;
    progress.finish_and_clear();
    let calendar = &ledger.configuration.calendar;
    let asked = Asked {
        old: old.to_owned(),
        new: new.map(str::to_owned),
        in_force: options.in_force,
        as_of: format!("{} ({})", calendar.show(site.as_of), calendar.zone_name),
        instant: site.as_of.to_string(),
        edits: what_if::edits((&sources, &before), (texts, ledger)),
    };
    broken(&before, ledger, terminal);
    let mut out = terminal.results();
    match options.format {
        WhatIfFormat::Human => text(&asked, &found, terminal, &mut out)?,
        WhatIfFormat::Markdown => out.put(&what_if::markdown(&asked, &found))?,
        WhatIfFormat::Json => out.put(&what_if::json(&asked, &found))?,
    }
    out.finish()?;
    Ok(Status::Clean)
}

/// The two states that are named: without any, what is committed and the work tree.
fn states(typed: Option<&str>) -> Result<(&str, Option<&str>)> {
    let Some(typed) = typed else { return Ok(("HEAD", None)) };
    if typed.contains("...") {
        return Err(Error::refused(
            format!("`{typed}` names no two states"),
            "write two dots: `main..HEAD`, or `main..` for the work tree",
        ));
    }
    let (old, new) = typed.split_once("..").unwrap_or((typed, ""));
    Ok((if old.is_empty() { "HEAD" } else { old }, Some(new).filter(|new| !new.is_empty())))
}

/// The newer state: the work tree, or a commit.
fn newer(common: &Common, rev: Option<&str>) -> Result<Session> {
    let reading = Reading { rev: rev.map(str::to_owned) };
    Session::open_at(common, &reading, false).map_err(|error| match error {
        Error::Refused { what, .. } if rev.is_none() && what.contains("bare repository") => {
            Error::refused(what, "name both states, as in `tickmark what-if HEAD~1..HEAD`")
        }
        other => other,
    })
}

/// The texts by which policies are judged as an older state has them: its policies, with all else as it is now but the
/// records, which are read once.
fn older(start: &Path, rev: &str, in_force: bool, now: &SourceSet) -> Result<(SourceSet, History)> {
    let repository = Repository::at(start, rev)?;
    let options = ReadOptions { digests: false, ..ReadOptions::default() };
    let policies = repository.read_below("policies/", &options, &mut Sink::new())?.sources;
    let folders = ["policies/", "changes/", "content/", "reports/", "closed/"];
    let other = |file: &&SourceFile| !folders.iter().any(|folder| file.path().starts_with(folder));
    let kept = now.iter().map(|(_, file)| file).filter(other);
    let texts = kept.chain(policies.iter().map(|(_, file)| file));
    let mut sources = SourceSet::new(texts.map(|file| SourceFile::from_text(file.path(), file.text())).collect());
    let history = if in_force {
        repository.history(&repository.recall(None)?, &mut sources)?.history
    } else {
        NO_HISTORY.clone()
    };
    Ok((sources, history))
}

fn always_in_force(ledger: &mut Ledger) {
    ledger.policies.iter_mut().for_each(Policy::keep_newest);
}

/// Says which policies have mistakes: what these spoil is unknown, and may look like a change.
fn broken(before: &Ledger, ledger: &Ledger, terminal: &Terminal) {
    for (which, policies) in [("older", &before.policies), ("newer", &ledger.policies)] {
        for policy in policies.iter().filter(|policy| policy.newest().broken) {
            terminal.say(&format!(
                "note: the {which} text of `{}` has mistakes; rules that they spoil are unknown (`tickmark check` shows those of today)",
                policy.id
            ));
        }
    }
}

fn text(asked: &Asked, found: &WhatIf, terminal: &Terminal, out: &mut Results) -> Result<()> {
    for edit in &asked.edits {
        out.put(&format!("{}: {}\n", terminal.paint(Tone::Strong, &edit.policy), edit.in_words()))?;
    }
    if asked.edits.is_empty() {
        out.put("the policies are the same in both\n")?;
    }
    for (kind, groups) in found.groups() {
        if groups.is_empty() {
            continue;
        }
        out.put(&format!("\n{}\n", terminal.paint(Tone::Strong, &format!("by {kind}"))))?;
        let width = groups.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
        for (name, group) in groups {
            let (changed, records) = (group.changed(), group.records);
            out.put(&format!("  {name:width$}  {changed} of {records}: {}\n", group.in_words()))?;
        }
    }
    if !found.changed.is_empty() {
        out.put(&format!("\n{}\n", terminal.paint(Tone::Strong, "records")))?;
    }
    found.changed.iter().try_for_each(|changed| one(changed, terminal, out))?;
    if !found.kept.is_empty() {
        out.put(&format!(
            "\n{}\n",
            terminal.paint(Tone::Strong, "the same verdict, although a rule comes out otherwise")
        ))?;
    }
    found.kept.iter().take(KEPT).try_for_each(|kept| one(kept, terminal, out))?;
    if found.kept.len() > KEPT {
        out.put(&format!("  and {} more: `--format json` lists them\n", found.kept.len() - KEPT))?;
    }
    let (n, records) = (found.all.changed(), counted(found.all.records, "record", "records"));
    let how = if n == 0 { String::new() } else { format!(": {}", found.all.in_words()) };
    out.put(&format!("\n{n} of {records} would change verdict{how}\n"))?;
    out.put(&format!("each judged {}, as of {}\n", asked.reading(), asked.as_of))
}

fn one(changed: &Changed, terminal: &Terminal, out: &mut Results) -> Result<()> {
    let turn = if changed.old == changed.new {
        changed.new.word().to_owned()
    } else {
        format!("{} → {}", changed.old.word(), changed.new.word())
    };
    let tone = match changed.new {
        Verdict::Fail => Tone::Bad,
        Verdict::Unknown => Tone::Care,
        Verdict::Pass => Tone::Good,
        _ => Tone::Strong,
    };
    let quarter = changed.quarter.map(|q| format!(", {q}")).unwrap_or_default();
    let (id, kind) = (&changed.id, &changed.change_type);
    out.put(&format!("  {id}  {}  {kind}{quarter}  {}\n", terminal.paint(tone, &turn), changed.path))?;
    for turn in &changed.turns {
        let why = if turn.why.is_empty() { String::new() } else { format!(": {}", turn.why) };
        out.put(&format!("      {}: {}{why}\n", turn.rule, turn.in_words()))?;
    }
    Ok(())
}
