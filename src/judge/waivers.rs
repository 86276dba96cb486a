//! Waivers: which failure they lift, and for which records they do not stand. Time alone never un-waives.

use jiff::Timestamp;

use super::case::Case;
use super::verdict::{Judgement, Ruling};
use crate::decode::table::Looked;
use crate::diag::Sink;
use crate::model::{ChangeRecord, Event, Field, Id, Ledger, PersonEntry, Rule, Waiver};
use crate::source::Span;

/// How a waiver is used, over all records.
#[derive(Clone, Debug, Default)]
pub struct WaiverUse {
    /// How many judgements it lifts.
    pub lifts: u32,
    /// How many records it covers, whether or not they need it.
    pub covers: u32,
    /// Whether it does not stand for one of them, which is a finding of its own.
    pub faulty: bool,
}

/// The waiver that lifts a failure, by its number in the ledger.
pub(super) fn lifting(case: &Case<'_>, rule: &Rule, ruling: &Ruling) -> Option<u32> {
    let ledger = case.ledger;
    ledger
        .waivers
        .iter()
        .position(|w| {
            names_rule(ledger, w, case.version.id.as_str(), rule.id.as_str())
                && covers(w, case.record)
                && standing(ledger, w, case.record).is_ok()
                && in_time(case, w, ruling.due)
        })
        .map(|index| index as u32)
}

/// The policy whose rule a waiver lifts: the one it names, else the site's default.
pub(super) fn policy_of<'l>(ledger: &'l Ledger, waiver: &'l Waiver) -> Option<&'l str> {
    match &waiver.policy {
        Field::Given(id, _) => Some(id.as_str()),
        Field::Broken(_) => None,
        _ => ledger.configuration.default_policy.as_ref().map(Id::as_str),
    }
}

/// Whether a waiver is about this rule of this policy.
pub fn names_rule(ledger: &Ledger, waiver: &Waiver, policy: &str, rule: &str) -> bool {
    policy_of(ledger, waiver) == Some(policy) && waiver.rule.get().is_some_and(|r| r.as_str() == rule)
}

/// Whether a waiver covers a record. A scope with a mistake covers nothing.
fn covers(waiver: &Waiver, record: &ChangeRecord) -> bool {
    if let (Some(id), Some(named)) = (record.id.get(), waiver.changes.get()) {
        return named.iter().any(|c| c.value == *id);
    }
    let Some(scope) = waiver.scope.get() else { return false };
    let types = match &scope.types {
        Field::Given(types, _) => record.type_.get().is_some_and(|t| types.iter().any(|s| s.value == *t)),
        Field::Broken(_) => false,
        _ => true,
    };
    let systems = match &scope.systems {
        Field::Given(systems, _) => record.systems.items().iter().any(|s| systems.iter().any(|w| w.value == s.value)),
        Field::Broken(_) => false,
        _ => true,
    };
    types && systems && (scope.types.is_given() || scope.systems.is_given())
}

/// Why a waiver does not stand.
pub(super) enum Fault<'w> {
    /// Approved by whoever asked for it.
    Asked(&'w str, Span),
    /// Approved by somebody who wrote the change.
    Wrote(&'w str, Span),
    /// Approved by a bot, a shared account or somebody who is not known.
    ByNobody(&'w str, Span),
    /// Something is missing or cannot be read.
    Incomplete,
}

/// Whether a waiver stands for a record: approved by a person who neither asked for it nor wrote the change.
fn standing<'w>(ledger: &Ledger, waiver: &'w Waiver, record: &ChangeRecord) -> Result<(), Fault<'w>> {
    let (who, span) = approved(ledger, waiver)?;
    // Whoever wrote the change may be the one who approved, where that cannot be read.
    if record.author.is_broken() || record.co_authors.is_broken() {
        return Err(Fault::Incomplete);
    }
    let wrote = record.author.get().is_some_and(|a| a.as_str() == who)
        || record.co_authors.items().iter().any(|a| a.value.as_str() == who);
    if wrote { Err(Fault::Wrote(who, span)) } else { Ok(()) }
}

/// Who approved a waiver that is whole: a person who did not ask for it.
pub(super) fn approved<'w>(ledger: &Ledger, waiver: &'w Waiver) -> Result<(&'w str, Span), Fault<'w>> {
    let said = waiver.reason.is_given()
        && waiver.requested_by.is_given()
        && waiver.approved_at.is_given()
        && waiver.expires.is_given();
    let (Field::Given(by, span), true, None) = (&waiver.approved_by, said, waiver.mistake()) else {
        return Err(Fault::Incomplete);
    };
    let who = by.as_str();
    if waiver.requested_by.get().is_some_and(|r| r.as_str() == who) {
        return Err(Fault::Asked(who, *span));
    }
    if !ledger.people.get(who).is_some_and(PersonEntry::is_person) {
        return Err(Fault::ByNobody(who, *span));
    }
    Ok((who, *span))
}

/// Whether what fell due, or was deployed, did so on or before the day the waiver expires.
fn in_time(case: &Case<'_>, waiver: &Waiver, due: Option<Timestamp>) -> bool {
    let Some(expires) = waiver.expires.get() else { return false };
    let end = case.calendar().end_of(*expires);
    let deployed = case.event(Event::Deployed).time();
    if due.is_none() && deployed.is_none() {
        return case.event(Event::Requested).time().is_some_and(|at| at <= end);
    }
    [due, deployed].into_iter().flatten().any(|at| at <= end)
}

/// Looks at every waiver for one judged record: counts its use into `used` (one entry for each waiver of the ledger), and
/// reports one that does not stand.
pub fn observe_waivers(
    ledger: &Ledger,
    record: &ChangeRecord,
    judgements: &[Judgement],
    used: &mut [WaiverUse],
    sink: &mut Sink,
) {
    for (waiver, used) in ledger.waivers.iter().zip(used.iter_mut()) {
        if !covers(waiver, record) {
            continue;
        }
        used.covers += 1;
        if let Err(fault) = standing(ledger, waiver, record) {
            used.faulty = true;
            // What is wrong with it whatever it covers is reported once, with all waivers.
            if let Fault::Wrote(who, span) = fault {
                sink.push(super::waiver_review::self_approved(
                    waiver,
                    span,
                    &format!("`{who}`, who wrote change `{}`", record.name()),
                ));
            }
        }
    }
    for index in judgements.iter().filter_map(|j| j.waiver) {
        used[index as usize].lifts += 1;
    }
}

impl WaiverUse {
    /// Adds what another part of the records showed.
    pub fn add(&mut self, other: &Self) {
        self.lifts += other.lifts;
        self.covers += other.covers;
        self.faulty |= other.faulty;
    }
}
