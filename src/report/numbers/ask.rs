//! The questions behind the numbers: what each asks of one record, of waivers, of what was deployed.

use jiff::Span as TimeSpan;

use super::{Answer, Span};
use crate::judge::{Judgement, Verdict};
use crate::model::{Check, Event, Ledger, OutcomeResult, Quarter, Rule, Status};
use crate::report::row::Row;

fn is(yes: bool) -> Answer {
    if yes { Answer::Yes } else { Answer::No }
}

/// Asked of deployed changes alone.
fn of_deployed(row: &Row, answer: impl FnOnce() -> Answer) -> Answer {
    if row.deployed.is_some() { answer() } else { Answer::Out }
}

pub(super) fn every(_: &Ledger, _: &Row) -> Answer {
    Answer::Yes
}

pub(super) fn deployed(_: &Ledger, row: &Row) -> Answer {
    is(row.deployed.is_some())
}

pub(super) fn emergency(_: &Ledger, row: &Row) -> Answer {
    if row.change_type.is_none() { Answer::Unknown } else { is(row.emergency) }
}

/// Asked of what has been judged to the end.
fn by_verdict(row: &Row, wanted: Verdict) -> Answer {
    match row.verdict {
        Verdict::Pending | Verdict::NotApplicable => Answer::Out,
        Verdict::Unknown => Answer::Unknown,
        verdict => is(verdict == wanted),
    }
}

pub(super) fn kept(_: &Ledger, row: &Row) -> Answer {
    by_verdict(row, Verdict::Pass)
}

pub(super) fn broken(_: &Ledger, row: &Row) -> Answer {
    by_verdict(row, Verdict::Fail)
}

pub(super) fn excused(_: &Ledger, row: &Row) -> Answer {
    is(row.judgements.iter().any(|j| j.verdict == Verdict::Waived))
}

fn by_outcome(row: &Row, wanted: OutcomeResult) -> Answer {
    of_deployed(row, || row.outcome.map_or(Answer::Unknown, |o| is(o == wanted)))
}

pub(super) fn succeeded(_: &Ledger, row: &Row) -> Answer {
    by_outcome(row, OutcomeResult::Successful)
}

pub(super) fn partial(_: &Ledger, row: &Row) -> Answer {
    by_outcome(row, OutcomeResult::Partial)
}

pub(super) fn failed(_: &Ledger, row: &Row) -> Answer {
    by_outcome(row, OutcomeResult::Failed)
}

pub(super) fn rolled_back(_: &Ledger, row: &Row) -> Answer {
    by_outcome(row, OutcomeResult::RolledBack)
}

pub(super) fn caused_incident(_: &Ledger, row: &Row) -> Answer {
    of_deployed(row, || if row.incidents_broken { Answer::Unknown } else { is(row.caused_incident) })
}

/// Whether a deployed change failed in production, by any sign of it.
fn went_wrong(row: &Row) -> bool {
    row.taken_back
        || row.caused_incident
        || matches!(row.outcome, Some(OutcomeResult::Failed | OutcomeResult::RolledBack))
}

pub(super) fn change_failure(_: &Ledger, row: &Row) -> Answer {
    of_deployed(row, || match row.outcome {
        None if !went_wrong(row) => Answer::Unknown,
        _ => is(went_wrong(row)),
    })
}

pub(super) fn rework(_: &Ledger, row: &Row) -> Answer {
    of_deployed(row, || {
        if row.incidents_broken && !row.emergency { Answer::Unknown } else { is(row.emergency || row.triggered) }
    })
}

pub(super) fn edited(_: &Ledger, row: &Row) -> Answer {
    match (row.status, row.edited) {
        (Some(Status::Closed), Some(edited)) => is(edited),
        (Some(Status::Closed), None) => Answer::Unknown,
        _ => Answer::Out,
    }
}

/// Asked where rules of a kind bind a change and have fallen due: whether any of them is `bad`.
fn broke(ledger: &Ledger, row: &Row, kind: impl Fn(&Rule) -> bool, bad: impl Fn(&Judgement) -> bool) -> Answer {
    let due = due(ledger, row, kind);
    match due.as_slice() {
        [] => Answer::Out,
        all if all.iter().any(|j| bad(j)) => Answer::Yes,
        all if all.iter().any(|j| j.verdict == Verdict::Unknown) => Answer::Unknown,
        _ => Answer::No,
    }
}

/// Asked where rules of a kind bind a change and have fallen due: whether all of them are kept.
fn all_kept(ledger: &Ledger, row: &Row, kind: impl Fn(&Rule) -> bool) -> Answer {
    let due = due(ledger, row, kind);
    match due.as_slice() {
        [] => Answer::Out,
        all if all.iter().any(|j| matches!(j.verdict, Verdict::Fail | Verdict::Waived)) => Answer::No,
        all if all.iter().any(|j| j.verdict == Verdict::Unknown) => Answer::Unknown,
        _ => Answer::Yes,
    }
}

fn due<'r>(ledger: &Ledger, row: &'r Row, kind: impl Fn(&Rule) -> bool) -> Vec<&'r Judgement> {
    let Some(version) = row.version(ledger) else { return Vec::new() };
    let asked = row.judgements.iter().filter(|j| !matches!(j.verdict, Verdict::Pending | Verdict::NotApplicable));
    asked.filter(|j| kind(&version.rules[j.rule as usize])).collect()
}

/// Broken, whether or not it is excused.
fn is_broken(judgement: &Judgement) -> bool {
    matches!(judgement.verdict, Verdict::Fail | Verdict::Waived)
}

fn of_approval(rule: &Rule) -> bool {
    matches!(rule.check, Check::Approval(_))
}

fn came_late(judgement: &Judgement) -> bool {
    judgement.code.is_some_and(|c| c.name == "approval/late")
}

pub(super) fn approval_late(ledger: &Ledger, row: &Row) -> Answer {
    broke(ledger, row, of_approval, |j| is_broken(j) && came_late(j))
}

pub(super) fn approval_missing(ledger: &Ledger, row: &Row) -> Answer {
    broke(ledger, row, of_approval, |j| is_broken(j) && !came_late(j))
}

pub(super) fn outside_window(ledger: &Ledger, row: &Row) -> Answer {
    broke(ledger, row, |rule| matches!(rule.check, Check::Window(_)), is_broken)
}

pub(super) fn in_freeze(ledger: &Ledger, row: &Row) -> Answer {
    broke(ledger, row, |rule| matches!(rule.check, Check::Freeze), is_broken)
}

fn emergency_in_time(ledger: &Ledger, row: &Row, events: &[Event]) -> Answer {
    if !row.emergency {
        return Answer::Out;
    }
    all_kept(ledger, row, |rule| matches!(&rule.check, Check::Deadline(d) if events.contains(&d.of)))
}

pub(super) fn emergency_documented(ledger: &Ledger, row: &Row) -> Answer {
    emergency_in_time(ledger, row, &[Event::Documented, Event::Proposed])
}

pub(super) fn emergency_reviewed(ledger: &Ledger, row: &Row) -> Answer {
    emergency_in_time(ledger, row, &[Event::Reviewed])
}

/// How long it was from one instant to another of a deployed change; nothing where the second came first.
fn between(row: &Row, from: Option<jiff::Timestamp>, to: Option<jiff::Timestamp>) -> Option<Option<i64>> {
    row.deployed?;
    let length = from.zip(to).map(|(from, to)| to.as_second() - from.as_second());
    Some(length.filter(|seconds| *seconds >= 0))
}

pub(super) fn to_approval(row: &Row) -> Option<Option<i64>> {
    between(row, row.requested, row.approved)
}

pub(super) fn approval_to_production(row: &Row) -> Option<Option<i64>> {
    between(row, row.approved, row.deployed)
}

pub(super) fn to_production(row: &Row) -> Option<Option<i64>> {
    between(row, row.requested, row.deployed)
}

pub(super) fn proposal_to_production(row: &Row) -> Option<Option<i64>> {
    between(row, row.proposed, row.deployed)
}

pub(super) fn recovery(row: &Row) -> Option<Option<i64>> {
    (row.deployed.is_some() && went_wrong(row)).then_some(row.recovery)
}

pub(super) fn deployments(row: &Row) -> usize {
    row.deployments.into()
}

/// What is asked of waivers in force during a quarter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OfWaivers {
    /// They lift something of the quarter's changes.
    Used,
    /// They lift nothing of any change.
    Unused,
    /// They end within thirty days after the quarter, or after what is judged until, whichever comes first.
    Ending,
}

/// The waivers that answer yes, and how many were in force on any day of the quarter.
pub(super) fn waivers(of: OfWaivers, span: Span<'_>, quarter: Quarter) -> (Vec<usize>, usize) {
    let ledger = span.ledger;
    let calendar = &ledger.configuration.calendar;
    let starts = calendar.fiscal_year_starts;
    let (first, last) = (quarter.first_day(starts), quarter.last_day(starts));
    let end = last.min(calendar.day(span.as_of));
    let soon = end.saturating_add(TimeSpan::new().days(30));
    let here = |index: usize| {
        span.rows.iter().flat_map(|r| &r.judgements).any(|j| j.waiver.is_some_and(|w| w as usize == index))
    };
    let (mut yes, mut all) = (Vec::new(), 0);
    for (index, waiver) in ledger.waivers.iter().enumerate() {
        let (Some(approved), Some(expires)) = (waiver.approved_at.get(), waiver.expires.get()) else { continue };
        // One that was approved later may excuse what was done before.
        let used = here(index);
        if !used && (calendar.day(approved.0) > last || *expires < first) {
            continue;
        }
        all += 1;
        let counts = match of {
            OfWaivers::Used => used,
            OfWaivers::Unused => !span.used.get(index).copied().unwrap_or(false),
            OfWaivers::Ending => *expires >= end && *expires <= soon,
        };
        if counts {
            yes.push(index);
        }
    }
    (yes, all)
}

/// How many deployments of a quarter no record speaks of, and how many there were, as far as repositories could be read.
pub(super) fn unrecorded(ledger: &Ledger, quarter: Quarter) -> (usize, usize) {
    let calendar = &ledger.configuration.calendar;
    let Some(found) = &ledger.reconciliation else { return (0, 0) };
    let all = found.repositories.iter().flat_map(|r| &r.deployments);
    let here = all.filter(|(at, _)| Quarter::of(calendar.day(*at), calendar.fiscal_year_starts) == quarter);
    here.fold((0, 0), |(n, of), (_, recorded)| (n + usize::from(!recorded), of + 1))
}
