//! `tickmark audit`: a folder for the auditor of a quarter. New each time: a folder that holds anything is left alone, since
//! an auditor may have written into it.

use std::path::{Path, PathBuf};

use super::Status;
use super::arguments::{Audit, Common};
use super::check::counted;
use super::close::quarter_named;
use super::session::Session;
use super::terminal::Terminal;
use crate::build::{AuditFolder, AuditInput, build_audit, own_files, theme};
use crate::error::{Error, Result};
use crate::model::{Day, Quarter};
use crate::pipeline::Site;
use crate::render::Theme;
use crate::repo;
use crate::site::AuditAsked;
use crate::write::new_folder;

pub(super) fn run(common: &Common, options: &Audit, terminal: &Terminal) -> Result<Status> {
    quarter_named(&options.quarter)?;
    if options.sample == Some(0) {
        return Err(Error::refused("a sample of none is none", "leave `--sample` out, or ask for one or more"));
    }
    let seed = options.seed.clone().unwrap_or_else(|| options.quarter.clone());
    if seed.trim() != seed || seed.is_empty() || seed.chars().any(char::is_control) {
        return Err(Error::refused(
            "a seed is a text without blanks around it, so that it can be typed again",
            "choose another, as in `--seed 48151623`",
        ));
    }
    let asked = AuditAsked { quarter: options.quarter.clone(), sample: options.sample, seed };
    let session = Session::open_at(common, &options.reading, true)?;
    let output = options.output.clone().unwrap_or_else(|| PathBuf::from(format!("audit-{}", options.quarter)));
    apart(&session, &output)?;
    let progress = terminal.progress("judging records");
    let made = compose(session, &asked, terminal)?;
    progress.finish_and_clear();
    new_folder(&output, &made.files)?;
    tell(&made, options, &output, terminal)?;
    Ok(Status::Clean)
}

/// Refuses a folder among the site's inputs: what is made is none of them. Links on the way count by where they lead.
fn apart(session: &Session, output: &Path) -> Result<()> {
    let whole = std::path::absolute(output).map_err(|e| Error::io("could not find", output, e))?;
    let (there, there_whole) = whole.ancestors().find_map(|a| Some((a, a.canonicalize().ok()?))).unzip();
    let whole = match there.zip(there_whole).and_then(|(a, led)| Some((whole.strip_prefix(a).ok()?, led))) {
        Some((rest, led)) if rest.as_os_str().is_empty() => led,
        Some((rest, led)) => led.join(rest),
        None => whole,
    };
    let inside = whole.strip_prefix(&session.root).ok();
    let top =
        inside.and_then(|path| path.components().next()).map(|part| part.as_os_str().to_string_lossy().into_owned());
    let taken =
        |name: &str| repo::INPUT_FOLDERS.contains(&name) || ["public", "internal", ".git", ".tickmark"].contains(&name);
    match top {
        Some(top) if taken(&top) => Err(Error::refused(
            format!("`{}` lies in {top}/, which is the site's own", output.display()),
            "name a folder of its own with `-o DIR`",
        )),
        _ => Ok(()),
    }
}

/// Refuses a quarter that has not begun: nothing can lie in it yet.
fn begun(site: &Site<'_>, quarter: Quarter) -> Result<()> {
    let calendar = &site.ledger.configuration.calendar;
    let first = quarter.first_day(calendar.fiscal_year_starts);
    if first <= calendar.day(site.as_of) {
        return Ok(());
    }
    let (day, zone, now) = (Day(first), &calendar.zone_name, calendar.show(site.as_of));
    Err(Error::refused(
        format!("{quarter} begins on {day} ({zone}), and things are judged as of {now}"),
        "name a quarter that has begun; a fiscal year has the name of the year in which it ends",
    ))
}

/// The folder's files, in memory.
pub(super) fn compose(mut session: Session, asked: &AuditAsked, terminal: &Terminal) -> Result<AuditFolder> {
    let quarter = quarter_named(&asked.quarter)?;
    session.show_history();
    session.compare_deployed();
    session.built_from(None);
    let inputs = std::mem::take(&mut session.tree.digests);
    let assets = std::mem::take(&mut session.tree.assets);
    let (commit, dirty) = (session.commit(), session.dirty()?);
    let mut site = session.load(terminal)?;
    begun(&site, quarter)?;
    let files = own_files(&site, &assets);
    let theme = theme(&mut site, &files).unwrap_or_else(Theme::built_in);
    let input = AuditInput { quarter, asked, commit: commit.as_deref(), dirty, inputs: &inputs };
    build_audit(&mut site, &theme, input)
}

fn tell(made: &AuditFolder, options: &Audit, output: &Path, terminal: &Terminal) -> Result<()> {
    let mut out = terminal.account();
    out.put(&format!("{}  {}\n", output.display(), counted(made.files.len(), "file", "files")))?;
    let population = counted(made.population, "change", "changes");
    out.put(&format!("  {} holds {population}; {} drawn", options.quarter, made.drawn))?;
    let strata: Vec<String> = made.strata.iter().map(|(name, of, n)| format!("{n} of {of} {name}")).collect();
    out.put(&format!("{}\n", if strata.is_empty() { String::new() } else { format!(": {}", strata.join(", ")) }))?;
    if options.seed.is_none() {
        out.put(&format!("  no seed was given: `{}` is; the auditor gives one with `--seed`\n", options.quarter))?;
    }
    if !made.compared {
        out.put("  deployments were not compared with records: tickmark.yaml names no repositories\n")?;
    }
    out.put(&format!(
        "\nbegin with {}; check with `tickmark verify {}`\n",
        output.join("README.md").display(),
        output.display()
    ))?;
    out.finish()
}
