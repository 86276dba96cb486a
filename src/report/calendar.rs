//! The page of what is due: overdue first, then month by month, day by day.

use jiff::Timestamp;

use super::due::{Due, When, distance};
use super::pages::{DueDay, DueMonth, DuePage, DueRow, Fact, Link};
use super::row::{change_href, policy_href};
use super::wording::{capital, number};
use crate::model::{Calendar, Day, Ledger};

/// Where the same stands for calendars.
const CALENDAR: &str = "due/due.ics";

/// The page of what is due. `list` is in order, and `undated` counts rules that wait for something without a date.
pub fn due_page(ledger: &Ledger, list: &[Due], undated: usize, as_of: Timestamp) -> DuePage {
    let calendar = &ledger.configuration.calendar;
    let (overdue, coming): (Vec<&Due>, Vec<&Due>) = list.iter().partition(|due| due.overdue);
    let mut months: Vec<DueMonth> = Vec::new();
    for due in &coming {
        let day = calendar.day(due.by);
        let (id, iso) = (format!("{}-{:02}", day.year(), day.month()), day.to_string());
        if months.last().is_none_or(|m| m.id != id) {
            let title = Day(day).to_string().split_once(' ').map_or_else(String::new, |(_, month)| month.to_owned());
            months.push(DueMonth { id, title, days: Vec::new() });
        }
        let Some(month) = months.last_mut() else { continue };
        if month.days.last().is_none_or(|d| d.iso != iso) {
            month.days.push(DueDay { day: Calendar::show_day(day), iso, rows: Vec::new() });
        }
        if let Some(day) = month.days.last_mut() {
            day.rows.push(row(calendar, due, as_of));
        }
    }
    DuePage {
        headline: headline(overdue.len(), coming.len()),
        lede: lede(undated, calendar),
        overdue: overdue.iter().map(|due| row(calendar, due, as_of)).collect(),
        months,
        calendar: Link { text: "the same for calendars".to_owned(), href: Some(CALENDAR.to_owned()) },
    }
}

fn headline(overdue: usize, coming: usize) -> String {
    match (overdue, coming) {
        (0, 0) => "Nothing is due".to_owned(),
        (0, 1) => "One thing falls due".to_owned(),
        (0, n) => format!("{} things fall due", capital(&number(n))),
        (1, n) => format!("One thing is overdue, {} to come", number(n)),
        (late, n) => format!("{} things are overdue, {} to come", capital(&number(late)), number(n)),
    }
}

fn lede(undated: usize, calendar: &Calendar) -> String {
    let waiting = match undated {
        0 => String::new(),
        1 => " One rule waits for an event that has no date yet.".to_owned(),
        n => format!(" {} rules wait for an event that has no date yet.", capital(&number(n))),
    };
    format!(
        "Deadlines of changes, reviews of policies, and waivers and procedures that end. Times are those of {}.{waiting}",
        calendar.zone_name
    )
}

fn row(calendar: &Calendar, due: &Due, as_of: Timestamp) -> DueRow {
    let mut parts = due.key.split('/');
    let href = match (parts.next(), parts.next()) {
        (Some("change"), Some(id)) => Some(change_href(id)),
        (Some("policy"), Some(id)) => Some(policy_href(id)),
        (Some("waiver"), Some(id)) => Some(format!("waivers/index.html#{id}")),
        _ => None,
    };
    let rule = due.key.strip_prefix("change/").and_then(|key| key.split_once('/'));
    let when = match (due.when, due.overdue) {
        (_, true) => format!("{} overdue", distance(due.by, as_of)),
        (When::On(_), _) => String::new(),
        (When::At(at), _) => {
            let local = calendar.local(at);
            format!("by {:02}:{:02}", local.hour(), local.minute())
        }
    };
    DueRow {
        subject: Link { text: due.subject.clone(), href },
        asks: due.asks.replace('`', ""),
        when,
        who: due.who.clone(),
        to_do: due.to_do.replace('`', ""),
        facts: rule.map(|(_, rule)| Fact { label: "Rule".into(), value: rule.to_owned() }).into_iter().collect(),
    }
}
