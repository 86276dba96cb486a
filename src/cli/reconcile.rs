//! `tickmark reconcile`: what was deployed against what is recorded, both ways. Exit status 1 on a difference at error
//! level, 2 where something could not be read.

use super::Status;
use super::arguments::{Common, Reconcile, ReconcileFormat};
use super::check::counted;
use super::session::Session;
use super::terminal::{Results, Terminal, Tone};
use crate::diag::Level;
use crate::diag::human::{Human, seen};
use crate::error::{Error, Result};
use crate::judge::{self, Detail};
use crate::model::{Day, Difference, DifferenceKind, Unread};
use crate::report::reconcile::{Compared, Leveled, remarks, title};

pub(super) fn run(common: &Common, options: &Reconcile, terminal: &Terminal) -> Result<Status> {
    let mut session = Session::open_at(common, &options.reading, false)?;
    session.compare_deployed();
    let progress = terminal.progress("reading what was deployed");
    let mut site = session.load(terminal)?;
    progress.finish_and_clear();
    if site.ledger.configuration.repositories.is_empty() {
        return Err(Error::refused(
            "no repositories are configured, so that nobody can say what was deployed",
            "name them in tickmark.yaml, as in `repositories: [{path: ../gateway, branch: main, since: 2026-01-01}]`",
        ));
    }
    site.judge(Detail::Findings, |_, _, _| (), |()| Ok::<(), Error>(()))?;
    logs(&mut site, terminal);
    let Some(found) = &site.ledger.reconciliation else { return Ok(Status::Clean) };
    let compared = Compared { sources: site.sources, ledger: &site.ledger, found, as_of: site.as_of };
    let mut out = terminal.results();
    match options.format {
        ReconcileFormat::Human => human(&compared, terminal, &mut out)?,
        ReconcileFormat::Json => out.put(&compared.json())?,
        ReconcileFormat::Markdown => out.put(&compared.markdown())?,
    }
    out.finish()?;
    let mut unread: Vec<&Unread> = found.unread().collect();
    let Some(last) = unread.pop() else {
        return Ok(if compared.any_error() { Status::Findings } else { Status::Clean });
    };
    let refused = |unread: &Unread| Error::refused(&*unread.what, &*unread.help);
    unread.iter().for_each(|unread| terminal.error(&refused(unread)));
    Err(refused(last))
}

/// Shows what is wrong with logs, line by line; the site's other findings are `check`'s.
fn logs(site: &mut crate::pipeline::Site<'_>, terminal: &Terminal) {
    let read = site.ledger.configuration.repositories.iter().filter_map(|r| r.deployments.as_deref());
    let paths: Vec<String> = read.map(str::to_owned).collect();
    let drawn = Human::new(site.sources, terminal.colour_of_messages(), terminal.width());
    for finding in site.take_findings() {
        let crate::diag::Place::Text(at) = &finding.place else { continue };
        if paths.iter().any(|path| path == site.sources.file(at.file).path()) {
            terminal.always(&drawn.draw(&finding));
        }
    }
}

fn human(compared: &Compared<'_>, terminal: &Terminal, out: &mut Results) -> Result<()> {
    for (settings, found) in compared.repositories() {
        let since = settings.since.map(|day| format!(", since {}", Day(day))).unwrap_or_default();
        let branch = found.branch.as_deref().unwrap_or(&settings.branch);
        out.put(&format!("{}  {branch}{since}\n", terminal.paint(Tone::Strong, &settings.path)))?;
        if found.branch.is_some() {
            let (all, recorded) = (found.deployed, found.recorded);
            let without = match all - recorded {
                0 => "all with a record".to_owned(),
                n => format!("{recorded} with a record, {}", terminal.paint(Tone::Bad, &format!("{n} without"))),
            };
            let deployed = counted(all, "deployment", "deployments");
            out.put(&format!("  {deployed}{}\n", if all == 0 { String::new() } else { format!(": {without}") }))?;
        }
        for remark in remarks(settings, found) {
            out.put(&format!("  {remark}\n"))?;
        }
        out.put("\n")?;
    }
    out.put(&format!("{}\n", compared.records()))?;
    let zone = &compared.ledger.configuration.calendar.zone_name;
    out.put(&terminal.paint(Tone::Dim, &format!("times are those of {zone}\n")))?;
    let mut none = true;
    for kind in DifferenceKind::ALL {
        let list = compared.of(kind);
        none &= list.is_empty();
        if !list.is_empty() {
            differences(compared, kind, &list, terminal, out)?;
        }
    }
    if none && compared.found.unread().next().is_none() {
        out.put(&format!("{}\n", terminal.paint(Tone::Good, "no difference")))?;
    }
    Ok(())
}

fn differences(
    compared: &Compared<'_>,
    kind: DifferenceKind,
    list: &[Leveled<'_>],
    terminal: &Terminal,
    out: &mut Results,
) -> Result<()> {
    let level = list.iter().map(|d| d.level).max().unwrap_or(Level::Note);
    let tone = if level == Level::Error { Tone::Bad } else { Tone::Care };
    let code = judge::difference_code(kind).name;
    let heading = format!("{}[{code}]", level.word());
    out.put(&format!("\n{}: {} ({})\n", terminal.paint(tone, &heading), title(kind), list.len()))?;
    for Leveled { difference, .. } in list {
        let when = compared.when(difference);
        let when = if when.is_empty() { String::new() } else { format!("{when}  ") };
        out.put(&format!("  {when}{}\n", seen(&difference.what)))?;
        let about: Vec<&str> =
            [&*difference.subject, &*difference.who].into_iter().filter(|part| !part.is_empty()).collect();
        if !about.is_empty() && kind != DifferenceKind::IdGap {
            out.put(&format!("    {}\n", seen(&about.join(", by "))))?;
        }
        if !difference.records.is_empty() && difference.repository.is_some() {
            out.put(&format!("    recorded as {}\n", difference.records.join(", ")))?;
        }
        if !difference.note.is_empty() {
            out.put(&format!("    {}\n", seen(&difference.note)))?;
        }
        if let Some(place) = place(compared, difference) {
            out.put(&terminal.paint(Tone::Dim, &format!("    {place}\n")))?;
        }
    }
    out.put(&format!("  {}: {}\n", terminal.paint(Tone::Good, "help"), judge::difference_help(kind)))
}

/// Where to look: the line of a record or of a log; else which repository, where there are several.
fn place(compared: &Compared<'_>, difference: &Difference) -> Option<String> {
    let settings = &compared.ledger.configuration.repositories;
    let repository = difference.repository.and_then(|n| settings.get(n as usize));
    if repository.is_some_and(|r| r.at == difference.place) {
        return repository.filter(|_| settings.len() > 1).map(|r| format!("in {}", r.path));
    }
    let (line, column) = compared.sources.position(difference.place);
    Some(format!("{}:{line}:{column}", compared.sources.file(difference.place.file).path()))
}
