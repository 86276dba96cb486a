//! The page of waivers: what is excused, by whom, until when.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::change::person;
use super::pages::{Link, WaiverRow, WaiversPage};
use super::row::{Row, policy_href};
use super::wording::{capital, changes, moment, number, short_day};
use crate::model::{Ledger, Waiver};

/// All waivers: those in force first, then expired ones.
pub fn waivers_page(ledger: &Ledger, rows: &[Row], as_of: Timestamp) -> WaiversPage {
    let used = used_by(rows);
    let mut list: Vec<(bool, WaiverRow)> = (0..ledger.waivers.len())
        .map(|i| {
            let lifted: &[&Row] = used.get(&(i as u32)).map_or(&[], Vec::as_slice);
            let mut row = waiver_row(ledger, i, lifted.iter().map(|r| link(r)).collect(), Some(as_of));
            row.remarks.extend(retroactive(&ledger.waivers[i], lifted));
            row.remarks.extend(crate::judge::doubts(ledger, i).iter().map(crate::judge::Doubt::remark));
            (!expired(ledger, &ledger.waivers[i], as_of), row)
        })
        .collect();
    list.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| b.1.id.cmp(&a.1.id)));
    let active = list.iter().filter(|(active, _)| *active).count();
    let headline = match (list.len(), active) {
        (0, _) => "No waivers".to_owned(),
        (_, 0) => "No waiver is in force".to_owned(),
        (_, 1) => "One waiver is in force".to_owned(),
        (_, n) => format!("{} waivers are in force", capital(&number(n))),
    };
    WaiversPage { headline, waivers: list.into_iter().map(|(_, row)| row).collect() }
}

/// Which records each waiver lifts something of.
pub(super) fn used_by(rows: &[Row]) -> BTreeMap<u32, Vec<&Row>> {
    let mut used: BTreeMap<u32, Vec<&Row>> = BTreeMap::new();
    for row in rows {
        for index in row.judgements.iter().filter_map(|j| j.waiver) {
            let list = used.entry(index).or_default();
            if list.last().is_none_or(|last| last.id != row.id) {
                list.push(row);
            }
        }
    }
    used
}

/// That a waiver was approved only after something it lifts had been deployed.
fn retroactive(waiver: &Waiver, lifted: &[&Row]) -> Option<String> {
    let approved = waiver.approved_at.get()?.0;
    let late: Vec<&str> =
        lifted.iter().filter(|r| r.deployed.is_some_and(|at| approved > at)).map(|r| r.id.as_str()).collect();
    (!late.is_empty()).then(|| format!("retroactive: approved after {} had been deployed", late.join(", ")))
}

fn link(row: &Row) -> Link {
    Link { text: row.id.clone(), href: row.page.then(|| row.href()) }
}

fn expired(ledger: &Ledger, waiver: &Waiver, as_of: Timestamp) -> bool {
    waiver.expires.get().is_some_and(|day| ledger.configuration.calendar.end_of(*day) < as_of)
}

/// A waiver by its number in the ledger; its state is said where `as_of` is.
pub(super) fn waiver_row(ledger: &Ledger, index: usize, links: Vec<Link>, as_of: Option<Timestamp>) -> WaiverRow {
    let waiver = &ledger.waivers[index];
    let calendar = &ledger.configuration.calendar;
    let policy = waiver
        .policy
        .get()
        .map(ToString::to_string)
        .or_else(|| ledger.configuration.default_policy.as_ref().map(ToString::to_string));
    let policy = policy.unwrap_or_default();
    let known = ledger.policy(&policy);
    let text = |t: Option<&crate::model::Prose>| t.map(ToString::to_string);
    let state = match as_of {
        None => String::new(),
        Some(at) if expired(ledger, waiver, at) && links.is_empty() => "expired, unused".to_owned(),
        Some(at) if expired(ledger, waiver, at) => "expired".to_owned(),
        Some(_) if links.is_empty() => "unused".to_owned(),
        Some(_) => "active".to_owned(),
    };
    WaiverRow {
        id: waiver.name().to_owned(),
        rule: waiver.rule.get().map(ToString::to_string).unwrap_or_default(),
        policy: Link {
            text: known.map_or(policy.clone(), |p| p.newest().title.clone()),
            href: known.map(|_| policy_href(&policy)),
        },
        scope: scope(waiver),
        remarks: remarks(ledger, waiver, &links),
        changes: links,
        reason: text(waiver.reason.get()).unwrap_or_default(),
        control: text(waiver.compensating_control.get()),
        requested_by: waiver.requested_by.get().map(|p| person(ledger, p.as_str())).unwrap_or_default(),
        approved_by: waiver.approved_by.get().map(|p| person(ledger, p.as_str())).unwrap_or_default(),
        approved_at: waiver.approved_at.get().map(|t| moment(calendar, t.0)),
        expires: waiver.expires.get().map(|d| short_day(*d)).unwrap_or_default(),
        state,
    }
}

fn scope(waiver: &Waiver) -> String {
    if waiver.changes.is_given() {
        return changes(waiver.changes.items().len());
    }
    let Some(scope) = waiver.scope.get() else { return "nothing".to_owned() };
    let join = |list: &[crate::model::Spanned<crate::model::Word>]| {
        list.iter().map(|w| w.value.as_str()).collect::<Vec<_>>().join(" and ")
    };
    let types = join(scope.types.items());
    let systems = join(scope.systems.items());
    match (types.is_empty(), systems.is_empty()) {
        (true, true) => "every change".to_owned(),
        (false, true) => format!("{types} changes"),
        (true, false) => format!("changes of {systems}"),
        (false, false) => format!("{types} changes of {systems}"),
    }
}

fn remarks(ledger: &Ledger, waiver: &Waiver, links: &[Link]) -> Vec<String> {
    let mut list = Vec::new();
    if waiver.approved_by.get().is_some() && waiver.approved_by.get() == waiver.requested_by.get() {
        list.push("approved by whoever asked for it, so that it counts for nothing".to_owned());
    }
    if let Some(who) = waiver.approved_by.get()
        && !ledger.people.get(who.as_str()).is_some_and(crate::model::PersonEntry::is_person)
    {
        list.push("approved by nobody in people.yaml, so that it counts for nothing".to_owned());
    }
    if links.is_empty() {
        list.push("it lifts nothing".to_owned());
    }
    list
}
