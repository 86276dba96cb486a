//! The section of a quarterly report that holds what was deployed against what is recorded.
//!
//! Where nothing is configured, or something cannot be read, it says so: never a silent zero.

use jiff::Timestamp;

use super::check::counted;
use super::pages::{DeployedList, DeployedRow, DeployedSection, Link, Moment, UnreadRow};
use super::reconcile::{leveled, title};
use super::row::change_href;
use super::wording::{capital, moment};
use crate::model::{Day, Difference, DifferenceKind, Ledger, Quarter, Reconciliation};

/// How many differences of a kind stand on a report.
const LISTED: usize = 200;

/// Quarters in which something differs, each once, in their order.
pub(super) fn quarters(ledger: &Ledger) -> Vec<Quarter> {
    let Some(found) = &ledger.reconciliation else { return Vec::new() };
    let times = found.differences.iter().filter(|d| d.kind != DifferenceKind::IdGap).filter_map(|d| d.at);
    let mut list: Vec<Quarter> = times.map(|at| quarter_of(ledger, at)).collect();
    list.sort_unstable();
    list.dedup();
    list
}

fn quarter_of(ledger: &Ledger, at: Timestamp) -> Quarter {
    let calendar = &ledger.configuration.calendar;
    Quarter::of(calendar.day(at), calendar.fiscal_year_starts)
}

/// The section of one quarter.
pub(super) fn section(ledger: &Ledger, quarter: Quarter) -> DeployedSection {
    let configuration = &ledger.configuration;
    if configuration.repositories.is_empty() {
        let said =
            "No repositories are configured, so that nobody can say whether everything that was deployed has a record.";
        return DeployedSection { sentences: vec![said.to_owned()], ..DeployedSection::default() };
    }
    let Some(found) = &ledger.reconciliation else {
        let said = "What was deployed was not read for this report.";
        return DeployedSection { sentences: vec![said.to_owned()], ..DeployedSection::default() };
    };
    let unread = found.unread().map(|u| UnreadRow { what: capital(&plain(&u.what)), help: plain(&u.help) });
    let lists = DifferenceKind::ALL.iter().filter_map(|kind| list(ledger, found, *kind, quarter));
    DeployedSection { sentences: sentences(ledger, found, quarter), unread: unread.collect(), lists: lists.collect() }
}

fn sentences(ledger: &Ledger, found: &Reconciliation, quarter: Quarter) -> Vec<String> {
    let read = found.repositories.iter().filter(|r| r.branch.is_some()).count();
    let times: Vec<bool> = (found.repositories.iter().flat_map(|r| &r.deployments))
        .filter(|(at, _)| quarter_of(ledger, *at) == quarter)
        .map(|(_, recorded)| *recorded)
        .collect();
    let recorded = times.iter().filter(|recorded| **recorded).count();
    let repositories = counted(read, "repository", "repositories");
    let mut list = Vec::new();
    if read > 0 {
        let deployments = counted(times.len(), "deployment", "deployments");
        list.push(match (times.len(), times.len() - recorded) {
            (0, _) => format!("Nothing was deployed from {repositories} in this quarter."),
            (_, 0) => format!("{deployments} from {repositories}: every one has a record."),
            (_, without) => format!("{deployments} from {repositories}: {recorded} with a record, {without} without."),
        });
    }
    let starts = ledger.configuration.calendar.fiscal_year_starts;
    for settings in &ledger.configuration.repositories {
        let Some(since) = settings.since.filter(|day| *day > quarter.first_day(starts)) else { continue };
        list.push(format!("{} is compared from {} on, and not before.", settings.path, Day(since)));
    }
    list
}

fn list(ledger: &Ledger, found: &Reconciliation, kind: DifferenceKind, quarter: Quarter) -> Option<DeployedList> {
    let of_quarter = |d: &&Difference| d.at.is_some_and(|at| quarter_of(ledger, at) == quarter);
    let found = leveled(ledger, found, kind);
    let mut all: Vec<&Difference> = found.iter().map(|d| d.difference).filter(of_quarter).collect();
    if all.is_empty() {
        return None;
    }
    all.reverse();
    Some(DeployedList {
        id: anchor(kind),
        title: capital(title(kind)),
        count: all.len(),
        more: all.len().saturating_sub(LISTED),
        rows: all.into_iter().take(LISTED).map(|d| row(ledger, d)).collect(),
    })
}

fn row(ledger: &Ledger, difference: &Difference) -> DeployedRow {
    let calendar = &ledger.configuration.calendar;
    let settings = difference.repository.and_then(|n| ledger.configuration.repositories.get(n as usize));
    let commit = difference.commit.as_deref().unwrap_or_default();
    let hex = commit.len() == 40 && commit.bytes().all(|b| b.is_ascii_hexdigit());
    let end = if hex { 7 } else { commit.char_indices().nth(40).map_or(commit.len(), |(at, _)| at) };
    DeployedRow {
        subject: plain(&difference.subject),
        commit: commit[..end].to_owned(),
        repository: settings.map(|s| s.path.to_string()).unwrap_or_default(),
        at: difference.at.map(|at| -> Moment { moment(calendar, at) }),
        who: plain(&difference.who),
        records: difference
            .records
            .iter()
            .map(|id| Link { text: id.to_string(), href: Some(change_href(id)) })
            .collect(),
        note: plain(&difference.note),
    }
}

/// Without the marks that show code in a terminal.
fn plain(text: &str) -> String {
    text.replace('`', "")
}

/// Where differences of a kind stand on a quarter's report.
pub(super) fn anchor(kind: DifferenceKind) -> &'static str {
    match kind {
        DifferenceKind::Unrecorded => "unrecorded",
        DifferenceKind::DirectPush => "direct-pushes",
        DifferenceKind::OffBranch => "off-branch",
        DifferenceKind::NotThere => "commits-not-there",
        DifferenceKind::NotLogged => "not-logged",
        DifferenceKind::NoIncident => "no-incident",
        DifferenceKind::IdGap => "id-gaps",
    }
}
