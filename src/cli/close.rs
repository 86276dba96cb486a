//! `tickmark close`: signs off a quarter's numbers, with what lay behind them, into `closed/QUARTER.yaml`.
//!
//! Nothing that was signed off is ever taken away: a second closing is added below the first, with its reason.

use super::Status;
use super::arguments::{Close, Common};
use super::check::counted;
use super::session::Session;
use super::terminal::Terminal;
use crate::decode;
use crate::diag::Sink;
use crate::error::{Error, Result};
use crate::judge::Detail;
use crate::model::{Ledger, PersonEntry, Quarter, Role};
use crate::pipeline::Site;
use crate::report::closing::{Happened, Restatement, Snapshot, closed, is_edited, label, waiting};
use crate::report::{Row, period, register_order, seal};
use crate::site::GENERATOR;
use crate::source::FileId;
use crate::write::{Original, Piece, write_all};
use crate::yaml::inline;

/// What stands above what is signed off.
const HEAD: &str = "\
# Written by `tickmark close`: what was signed off, by whom, and which records lay behind it. It is kept as it is; what is
# signed off again is added below, with its reason.
";

pub(super) fn run(common: &Common, options: &Close, terminal: &Terminal) -> Result<Status> {
    let quarter = quarter_named(&options.quarter)?;
    let mut session = Session::open(common, false)?;
    whole(&mut session)?;
    let root = session.root.clone();
    let commit = session.commit();
    let progress = terminal.progress("judging records");
    let mut site = session.load(terminal)?;
    over(&site, quarter)?;
    let (by, roles) = signer(&site, &options.by)?;
    let mut rows = Vec::new();
    site.judge(
        Detail::Findings,
        |ledger, entry, _| Row::of(ledger, entry, None),
        |row| {
            rows.push(row);
            Ok::<(), Error>(())
        },
    )?;
    progress.finish_and_clear();
    let order = register_order(&rows);
    let own: Vec<&Row> = order.into_iter().filter(|row| row.quarter == Some(quarter)).collect();
    let now = Snapshot::now(site.sources, &site.ledger, quarter, &own, site.as_of);
    let file = format!("closed/{quarter}.yaml");
    intact(&site, quarter, &file)?;
    let differs = again(&site.ledger, quarter, &now, options.restate.as_deref(), &file)?;
    let commit = commit.as_deref();
    let text = closing(&site, &Signed { by, roles: &roles, commit, reason: options.restate.as_deref() }, &now);
    write(&root, &file, quarter, &text, differs.is_some())?;
    let mut out = terminal.account();
    let calendar = &site.ledger.configuration.calendar;
    let of = commit.map(|c| format!(", from commit {}", &c[..c.len().min(7)])).unwrap_or_default();
    out.put(&format!(
        "closed {quarter} ({}) as of {} ({}), by {by} ({}){of}\n",
        period(quarter, calendar.fiscal_year_starts),
        calendar.show(site.as_of),
        calendar.zone_name,
        roles.join(", "),
    ))?;
    let (numbers, records) = (now.numbers.len(), own.len());
    out.put(&format!("  {}, {}\n", counted(numbers, "number", "numbers"), counted(records, "record", "records")))?;
    for line in differs.iter().flat_map(told) {
        out.put(&format!("  {line}\n"))?;
    }
    if let Some(pending) = waiting(&own) {
        out.put(&format!(
            "  {pending} of it wait for something not due yet: what they come to will show as a restatement\n"
        ))?;
    }
    out.put(&format!("\n{} {file}; commit it\n", if differs.is_some() { "added to" } else { "wrote" }))?;
    out.finish()?;
    Ok(Status::Clean)
}

/// The quarter that a text names.
pub(super) fn quarter_named(text: &str) -> Result<Quarter> {
    Quarter::parse(text).filter(|quarter| quarter.to_string() == text).ok_or_else(|| {
        Error::refused(
            format!("`{}` is no quarter", text.escape_debug()),
            "write it as `2026-Q3`; a fiscal year has the name of the year in which it ends",
        )
    })
}

/// Refuses what could not be counted again: files that no commit holds, a history that is cut short.
fn whole(session: &mut Session) -> Result<()> {
    if session.history.cut {
        return Err(Error::refused(
            "history is cut short here, so that what git knows of records would be signed off as unknown",
            "fetch the whole history: `git fetch --unshallow`; in a build service `fetch-depth: 0`",
        ));
    }
    if session.in_git() && session.commit().is_none() {
        return Err(Error::refused(
            "nothing is committed yet, and numbers are signed off with the commit they come from",
            "commit the site first",
        ));
    }
    if session.dirty()? == Some(true) {
        return Err(Error::refused(
            "the site holds what is not committed, and numbers are signed off with the commit they come from",
            "commit it first; `git status` lists what that is",
        ));
    }
    Ok(())
}

/// Refuses a quarter that is not over.
fn over(site: &Site<'_>, quarter: Quarter) -> Result<()> {
    let calendar = &site.ledger.configuration.calendar;
    let last = quarter.last_day(calendar.fiscal_year_starts);
    if calendar.day(site.as_of) > last {
        return Ok(());
    }
    Err(Error::refused(
        format!(
            "{quarter} runs until the end of {} ({}), and things are judged as of {}",
            crate::model::Day(last),
            calendar.zone_name,
            calendar.show(site.as_of)
        ),
        "close it when it is over",
    ))
}

/// Who signs, and the roles they hold that day.
fn signer<'o>(site: &Site<'_>, id: &'o str) -> Result<(&'o str, Vec<String>)> {
    let people = &site.ledger.people;
    let Some(person) = people.get(id) else {
        let help = crate::diag::suggest::help(id, people.ids());
        return Err(Error::refused(format!("`{}` is not in people.yaml", id.escape_debug()), help));
    };
    if !person.is_person() {
        return Err(Error::refused(format!("`{id}` is no person, and only a person signs"), "name who answers for it"));
    }
    let day = site.ledger.configuration.calendar.day(site.as_of);
    let roles: Vec<String> = PersonEntry::roles_on(person, day).map(|r| Role::as_str(r).to_owned()).collect();
    if roles.is_empty() {
        return Err(Error::refused(
            format!("`{id}` holds no role on {}", crate::model::Day(day)),
            "name somebody who does, or add the role to people.yaml",
        ));
    }
    Ok((id, roles))
}

/// Refuses to add to what is not as it was signed off.
fn intact(site: &Site<'_>, quarter: Quarter, file: &str) -> Result<()> {
    let unread = site.ledger.unread_closings.contains(&quarter);
    let edited = closed(&site.ledger, quarter).is_some_and(|c| is_edited(site.sources, c));
    if !unread && !edited {
        return Ok(());
    }
    let what = if unread { "cannot be read any more" } else { "was edited after it was signed off" };
    Err(Error::refused(
        format!("{file} {what}"),
        format!("`tickmark check` says where; take it as it was committed: `git log -p {file}` shows who edited what"),
    ))
}

/// What differs from the closing before; nothing where there is none. Refuses a second one without a reason, and a reason
/// without anything to give it for.
fn again(
    ledger: &Ledger,
    quarter: Quarter,
    now: &Snapshot,
    reason: Option<&str>,
    file: &str,
) -> Result<Option<Restatement>> {
    let last = closed(ledger, quarter).and_then(|closed| closed.last());
    match (last, reason) {
        (None, None) => Ok(None),
        (None, Some(_)) => Err(Error::refused(
            format!("{quarter} is not closed, so that there is nothing to restate"),
            "leave `--restate` out",
        )),
        (Some(last), None) => Err(Error::refused(
            format!("{quarter} is closed: {}", crate::report::closing::signed(last, ledger)),
            "where other numbers are right today, say why with `--restate REASON`; what was signed off stays in the file",
        )),
        (Some(_), Some(reason)) if reason.trim().is_empty() => {
            Err(Error::refused("a restatement without a reason is none", "say why: `--restate REASON`"))
        }
        (Some(last), Some(_)) => {
            let differs = Snapshot::of(last).against(now);
            if differs.is_empty() {
                return Err(Error::refused(
                    format!("nothing differs from what {file} holds"),
                    "there is nothing to restate",
                ));
            }
            Ok(Some(differs))
        }
    }
}

/// Who signs what.
struct Signed<'s> {
    by: &'s str,
    roles: &'s [String],
    commit: Option<&'s str>,
    reason: Option<&'s str>,
}

/// A closing as an item of its file's list.
fn closing(site: &Site<'_>, signed: &Signed<'_>, now: &Snapshot) -> String {
    let mut text = format!("  - by: {}\n", inline(signed.by, false));
    let roles: Vec<String> = signed.roles.iter().map(|role| inline(role, true)).collect();
    text.push_str(&format!("    roles: [{}]\n    as_of: {}\n", roles.join(", "), site.as_of));
    if let Some(commit) = signed.commit {
        text.push_str(&format!("    commit: {commit}\n"));
    }
    text.push_str(&format!("    version: {}\n", inline(GENERATOR, false)));
    if let Some(reason) = signed.reason {
        text.push_str(&format!("    reason: {}\n", inline(reason.trim(), false)));
    }
    text.push_str("    numbers:\n");
    for (id, value) in &now.numbers {
        text.push_str(&format!("      - {{id: {id}, value: {}}}\n", inline(value, true)));
    }
    text.push_str(if now.records.is_empty() { "    records: none\n" } else { "    records:\n" });
    for (id, (sha256, verdict)) in &now.records {
        text.push_str(&format!("      - {{id: {}, sha256: \"{sha256}\", verdict: {verdict}}}\n", inline(id, true)));
    }
    text
}

/// Writes the file: a new one, or the one that is there with a closing added. What would not be read back is not written.
fn write(root: &std::path::Path, file: &str, quarter: Quarter, closing: &str, added: bool) -> Result<()> {
    let before = if added { Some(Original::read(&root.join(file))?) } else { None };
    let text = match &before {
        None => format!("{HEAD}quarter: {quarter}\nclosings:\n{closing}"),
        Some(original) => {
            let old = String::from_utf8_lossy(original.bytes());
            format!("{}\n{closing}", old.trim_end())
        }
    };
    let text = format!("{text}    seal: \"{}\"\n", seal(&text));
    let mut sink = Sink::new();
    let read = decode::decode_closed(FileId(0), file, &text, &mut sink);
    let before_count = usize::from(added) + 1;
    if read.is_none_or(|closed| closed.closings.items().len() < before_count) {
        return Err(Error::refused(
            format!("`{file}` is not written as tickmark writes it, so that nothing can be added to it"),
            "take it as it was committed, and run the same command again",
        ));
    }
    write_all(root, &[Piece { path: file, text: &text, over: before.as_ref() }])
}

/// What a restatement says, a line each.
fn told(differs: &Restatement) -> Vec<String> {
    let numbers = differs.numbers.iter().map(|(id, before, after)| format!("{}: {before} → {after}", label(id)));
    let records = differs.records.iter().map(|(id, happened)| format!("{id} {}", Happened::phrase(happened)));
    numbers.chain(records).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quarter_is_written_in_one_way() {
        assert!(quarter_named("2026-Q3").is_ok());
        for odd in ["2026-q3", "2026-Q5", "02026-Q3", "2026Q3", "+2026-Q3", ""] {
            assert!(quarter_named(odd).is_err(), "{odd}");
        }
    }

    #[test]
    fn what_is_added_is_read_back() {
        let folder = tempfile::tempdir().expect("a folder");
        let quarter = Quarter { year: 2026, number: 3 };
        let item = |by: &str| {
            format!(
                "  - by: {by}\n    roles: [ciso]\n    as_of: 2026-10-05T00:00:00Z\n    numbers:\n      - {{id: changes, value: \"0\"}}\n    records: none\n"
            )
        };
        let file = "closed/2026-Q3.yaml";
        write(folder.path(), file, quarter, &item("a"), false).expect("written");
        write(folder.path(), file, quarter, &item("b"), true).expect("added");
        let text = std::fs::read_to_string(folder.path().join(file)).expect("a text");
        let read = decode::decode_closed(FileId(0), file, &text, &mut Sink::new()).expect("a closed quarter");
        let by: Vec<&str> = read
            .closings
            .items()
            .iter()
            .filter_map(|c: &crate::model::Closing| c.by.get().map(crate::model::PersonId::as_str))
            .collect();
        assert_eq!(by, ["a", "b"]);
        // A file that somebody wrote otherwise is left alone.
        let flow = "quarter: 2026-Q3\nclosings: [{by: a, as_of: 2026-10-05T00:00:00Z, numbers: [{id: a, value: b}]}]\n";
        std::fs::write(folder.path().join(file), flow).expect("written");
        assert!(write(folder.path(), file, quarter, &item("c"), true).is_err());
        assert_eq!(std::fs::read_to_string(folder.path().join(file)).expect("a text"), flow);
    }
}
