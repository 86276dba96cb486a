//! `tickmark due`: what falls due, overdue first, then soonest first; as text or as a calendar.

use jiff::Timestamp;

use super::Status;
use super::arguments::{Common, Due as Options, DueFormat};
use super::check::counted;
use super::session::Session;
use super::terminal::{Results, Terminal, Tone};
use crate::error::{Error, Result};
use crate::judge::Detail;
use crate::model::{Calendar, DayFault, Duration};
use crate::pipeline::Site;
use crate::report::due::{self, Due, When, ics};

pub(super) fn run(common: &Common, options: &Options, terminal: &Terminal) -> Result<Status> {
    let length = options.within.as_deref().map(within).transpose()?;
    let mut session = Session::open_at(common, &options.reading, false)?;
    let mut site = session.load(terminal)?;
    let (sources, as_of) = (site.sources, site.as_of);
    let until = length.map(|length| end(&site.ledger.configuration.calendar, as_of, length)).transpose()?;
    let mut list = due::of_site(sources, &site.ledger, as_of);
    let mut undated = 0;
    site.judge(
        Detail::Findings,
        |ledger, entry, _| due::of_change(sources, ledger, &entry, as_of),
        |(due, waiting)| {
            list.extend(due);
            undated += waiting;
            Ok::<(), Error>(())
        },
    )?;
    let list = due::in_order(list, until);
    let mut out = terminal.results();
    match options.format {
        DueFormat::Ics => out.put(&ics::calendar(&site.ledger.configuration, &list, as_of))?,
        DueFormat::Human => text(&site, &list, undated, options.within.as_deref(), terminal, &mut out)?,
    }
    out.finish()?;
    Ok(Status::Clean)
}

/// `7d`, `48h`, `2 weeks`, `10 business days`.
fn within(text: &str) -> Result<Duration> {
    let words = text.trim();
    let digits = words.len() - words.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (number, unit) = words.split_at(digits);
    let weeks = |number: &str| number.parse::<u32>().ok().and_then(|n| n.checked_mul(7)).map(|n| format!("{n} days"));
    let written = match unit.trim() {
        "h" => Some(format!("{number} hours")),
        "d" => Some(format!("{number} days")),
        "bd" => Some(format!("{number} business days")),
        "w" | "week" | "weeks" => weeks(number),
        _ => Some(words.to_owned()),
    };
    written.and_then(|text| Duration::parse(&text)).ok_or_else(|| {
        Error::refused(
            format!("`--within {text}` is no length of time"),
            "write a number and a unit: `7d`, `48h`, `2 weeks`, `10 business days` or `3 months`",
        )
    })
}

fn end(calendar: &Calendar, as_of: Timestamp, length: Duration) -> Result<Timestamp> {
    calendar.after(as_of, length).map_err(|fault| match fault {
        DayFault::YearNotCovered(year) => Error::refused(
            format!("no holiday of {year} is named, so business days of that year cannot be counted"),
            format!(
                "add the holidays of {year} to `calendar.holidays` in tickmark.yaml, or ask for days: `--within 14d`"
            ),
        ),
        DayFault::OutOfRange => Error::refused(format!("the calendar does not reach {length} ahead"), "ask for less"),
    })
}

fn text(
    site: &Site<'_>,
    list: &[Due],
    undated: usize,
    within: Option<&str>,
    terminal: &Terminal,
    out: &mut Results,
) -> Result<()> {
    let calendar = &site.ledger.configuration.calendar;
    let (overdue, coming): (Vec<&Due>, Vec<&Due>) = list.iter().partition(|due| due.overdue);
    for (title, tone, part) in [("overdue", Tone::Bad, &overdue), ("due", Tone::Strong, &coming)] {
        if part.is_empty() {
            continue;
        }
        out.put(&format!("{}\n", terminal.paint(tone, title)))?;
        for due in part {
            one(calendar, site.as_of, due, terminal, out)?;
        }
    }
    let within = within.map(|length| format!(" within {length}")).unwrap_or_default();
    let as_of = calendar.show(site.as_of);
    out.put(&format!(
        "{} overdue, {} due{within}, as of {as_of} ({})\n",
        overdue.len(),
        coming.len(),
        calendar.zone_name
    ))?;
    if undated > 0 {
        let rules = counted(undated, "rule waits", "rules wait");
        out.put(&format!("{rules} for an event that has no date yet: `tickmark check` lists the changes\n"))?;
    }
    Ok(())
}

fn one(calendar: &Calendar, as_of: Timestamp, due: &Due, terminal: &Terminal, out: &mut Results) -> Result<()> {
    let when = match due.when {
        When::At(at) => calendar.show(at),
        When::On(day) => format!("{} {}", Calendar::show_day(day), day.year()),
    };
    let far = due::distance(as_of, due.by);
    let today = !due.overdue && calendar.day(as_of) == calendar.day(due.by);
    let far = if due.overdue {
        format!("{far} ago")
    } else if today && matches!(due.when, When::On(_)) {
        "today".to_owned()
    } else {
        format!("in {far}")
    };
    out.put(&format!("  {}, {far}: {}\n", terminal.paint(Tone::Strong, &when), due.subject))?;
    out.put(&format!("      {}\n", due.asks))?;
    if !due.to_do.is_empty() {
        out.put(&format!("      to do: {}\n", due.to_do))?;
    }
    let rule = due.key.strip_prefix("change/").and_then(|key| key.split_once('/')).map(|(_, rule)| rule);
    let rule = rule.map(|rule| format!("; rule `{rule}`")).unwrap_or_default();
    out.put(&format!("      who: {}; {}{rule}\n", due.who, due.place))
}
