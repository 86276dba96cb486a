//! Waivers: which failure they lift, and what is wrong with them. Time alone never un-waives.

use jiff::Timestamp;

use super::case::Case;
use super::codes;
use super::verdict::{Judgement, Ruling};
use crate::decode::table::Looked;
use crate::diag::{Diagnostic, Sink};
use crate::model::{ChangeRecord, Event, Field, Ledger, PersonEntry, Rule, Waiver};
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

/// Whether a waiver is about this rule of this policy.
pub fn names_rule(ledger: &Ledger, waiver: &Waiver, policy: &str, rule: &str) -> bool {
    let of_policy = match &waiver.policy {
        Field::Given(id, _) => id.as_str() == policy,
        Field::Broken(_) => false,
        _ => ledger.configuration.default_policy.as_ref().is_some_and(|id| id.as_str() == policy),
    };
    of_policy && waiver.rule.get().is_some_and(|r| r.as_str() == rule)
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
enum Fault<'w> {
    SelfApproved(&'w str, Span),
    ByNobody(&'w str, Span),
    Incomplete,
}

/// Whether a waiver stands for a record: approved by a person who neither asked for it nor wrote the change.
fn standing<'w>(ledger: &Ledger, waiver: &'w Waiver, record: &ChangeRecord) -> Result<(), Fault<'w>> {
    let said = waiver.reason.is_given()
        && waiver.requested_by.is_given()
        && waiver.approved_at.is_given()
        && waiver.expires.is_given();
    let (Field::Given(by, span), true, None) = (&waiver.approved_by, said, waiver.mistake()) else {
        return Err(Fault::Incomplete);
    };
    // Whoever wrote the change may be the one who approved, where that cannot be read.
    if record.author.is_broken() || record.co_authors.is_broken() {
        return Err(Fault::Incomplete);
    }
    let who = by.as_str();
    let wrote = record.author.get().is_some_and(|a| a.as_str() == who)
        || record.co_authors.items().iter().any(|a| a.value.as_str() == who);
    if wrote || waiver.requested_by.get().is_some_and(|r| r.as_str() == who) {
        return Err(Fault::SelfApproved(who, *span));
    }
    if !ledger.people.get(who).is_some_and(PersonEntry::is_person) {
        return Err(Fault::ByNobody(who, *span));
    }
    Ok(())
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
            report_fault(waiver, waiver.name(), &fault, record, sink);
        }
    }
    for index in judgements.iter().filter_map(|j| j.waiver) {
        used[index as usize].lifts += 1;
    }
}

/// Findings about waivers, once every record is judged. `used` has an entry for each waiver of the ledger.
pub fn check_waiver_use(ledger: &Ledger, used: &[WaiverUse], as_of: Timestamp, sink: &mut Sink) {
    for (waiver, used) in ledger.waivers.iter().zip(used) {
        let at = waiver.id.span().unwrap_or(Span::at(waiver.span.start as usize));
        let name = waiver.name();
        let expired = waiver.expires.get().filter(|day| ledger.configuration.calendar.end_of(**day) < as_of);
        if let (Some(day), Some(span)) = (expired, waiver.expires.span()) {
            sink.push(
                Diagnostic::new(&codes::WAIVER_EXPIRED, waiver.file, span, format!("waiver `{name}` has expired"))
                    .label(format!("its last day was {day}"))
                    .help("nothing to do: what fell due by then stays waived; later changes keep the rule or need a new waiver"),
            );
        }
        if used.lifts == 0 && !used.faulty && waiver.rule.is_given() {
            let why = if used.covers == 0 {
                "it covers no change"
            } else {
                "what it covers keeps the rule, or fell due after it expired"
            };
            sink.push(
                Diagnostic::new(&codes::WAIVER_UNUSED, waiver.file, at, format!("waiver `{name}` lifts nothing"))
                    .label(why)
                    .help("take it away, or correct its rule, its changes or its last day"),
            );
        }
        if let Some(scope) = waiver.scope.get()
            && !scope.types.is_given()
            && !scope.systems.is_given()
        {
            sink.push(
                Diagnostic::new(&codes::WAIVER_WIDE, waiver.file, scope.span, format!("waiver `{name}` names neither types nor systems"))
                    .help("say which types or systems it covers, or name the changes; a waiver that covers everything counts for nothing"),
            );
        }
    }
}

fn report_fault(waiver: &Waiver, name: &str, fault: &Fault<'_>, record: &ChangeRecord, sink: &mut Sink) {
    match fault {
        Fault::SelfApproved(who, span) => sink.push(
            Diagnostic::new(
                &codes::WAIVER_SELF,
                waiver.file,
                *span,
                format!("waiver `{name}` is approved by `{who}`, who asked for it or wrote change `{}`", record.name()),
            )
            .help("a waiver is approved by somebody else; until then it counts for nothing"),
        ),
        Fault::ByNobody(who, span) => sink.push(
            Diagnostic::new(
                &codes::WAIVER_NOBODY,
                waiver.file,
                *span,
                format!("waiver `{name}` is approved by `{who}`, who is no person in people.yaml"),
            )
            .help("name the person who approved it; until then it counts for nothing"),
        ),
        Fault::Incomplete => {}
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
