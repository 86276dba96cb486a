//! `gates`: the latest result of each gate in its time is `passed`, and no gate leaves more findings open than allowed.

use jiff::Timestamp;

use super::{due_before, rough};
use crate::diag::suggest;
use crate::judge::case::{Bound, Case, Holds};
use crate::judge::codes;
use crate::judge::verdict::{Ruling, Say};
use crate::model::{Field, Gate, GateResult, GatesCheck, Rule, Severity, Vocabulary};
use crate::source::Span;

pub(super) fn ruling(case: &Case<'_>, rule: &Rule, check: &GatesCheck, say: &mut Say<'_>) -> Ruling {
    let (before, after) = (case.bound(check.before), case.bound(check.after));
    for bound in [before, after] {
        match bound {
            Bound::Broken(span) => return case.broken(span, say),
            Bound::History => return case.needs_history(say),
            _ => {}
        }
    }
    if let Field::Broken(span) = case.record.gates {
        return case.broken(span, say);
    }
    let due = due_before(case, rule, check.before);
    let latest = match latest_results(case.record.gates.items(), after, before) {
        Ok(latest) => latest,
        Err(span) => return case.broken(span, say),
    };
    tell(case, check, &latest, say);
    let holds = passed(case, check, &latest, say).or_else(|| findings(check, &latest, say));
    if holds.is_none() {
        say.headline(|| match check.passed.as_slice() {
            [] => "no gate leaves more findings open than allowed".to_owned(),
            names => format!("{} passed", suggest::list(names)),
        });
    }
    let ruling = case.settle(holds.unwrap_or(Holds::Yes), due, say);
    if ruling.code.is_some()
        && let (Some(event), Bound::At(at, span)) = (check.before, before)
    {
        say.other(span, || format!("{} here, {}", event.done(), case.show(at)));
    }
    ruling
}

fn time_of(bound: Bound) -> Option<Timestamp> {
    match bound {
        Bound::At(at, _) => Some(at),
        _ => None,
    }
}

/// Of each gate the latest result in the time asked for, in the order of first mention. The place of a mistake where one
/// hides a result.
fn latest_results(gates: &[Gate], after: Bound, before: Bound) -> Result<Vec<&Gate>, Span> {
    // A rule that names an event asks when, come or not; nothing lies after an event that has not come.
    let asks_when = after != Bound::Open || before != Bound::Open;
    let none_yet = matches!(after, Bound::Waiting(_));
    let (after, before) = (time_of(after), time_of(before));
    let mut latest: Vec<&Gate> = Vec::with_capacity(gates.len());
    for gate in gates {
        for (broken, span) in [
            (gate.gate.is_broken(), gate.gate.span()),
            (gate.result.is_broken(), gate.result.span()),
            (gate.at.is_broken(), gate.at.span()),
            (gate.open_findings.is_broken(), gate.open_findings.span()),
        ] {
            if broken {
                return Err(span.unwrap_or(gate.span));
            }
        }
        let at = gate.at.get().map(|t| t.0);
        let in_time = match at {
            None => !asks_when,
            Some(at) => !none_yet && after.is_none_or(|t| at >= t) && before.is_none_or(|t| at <= t),
        };
        if !in_time {
            continue;
        }
        match latest.iter_mut().find(|g| gate.gate.is_given() && g.gate.get() == gate.gate.get()) {
            Some(earlier) if at >= earlier.at.get().map(|t| t.0) => *earlier = gate,
            Some(_) => {}
            None => latest.push(gate),
        }
    }
    Ok(latest)
}

fn tell(case: &Case<'_>, check: &GatesCheck, latest: &[&Gate], say: &mut Say<'_>) {
    if !say.listening() {
        return;
    }
    for event in [check.before, check.after].into_iter().flatten() {
        case.say_event(event, say);
    }
    for gate in latest.iter().filter(|g| check.passed.iter().any(|n| Some(n) == g.gate.get())) {
        let name = gate.gate.get().map_or("gate", |g| g.as_str());
        let at = gate.at.get().map(|t| format!(", {}", case.show(t.0))).unwrap_or_default();
        say.fact(name, Some(gate.span), || format!("{}{at}", gate.result.get().map_or("no result", |r| r.word())));
    }
}

/// What keeps the named gates from having passed.
fn passed(case: &Case<'_>, check: &GatesCheck, latest: &[&Gate], say: &mut Say<'_>) -> Option<Holds> {
    let mut missing = Vec::new();
    let mut failed = None;
    for name in &check.passed {
        match latest.iter().find(|g| g.gate.get() == Some(name)) {
            None => missing.push(name.as_str()),
            Some(gate) if gate.result.get() == Some(&GateResult::Passed) => {}
            Some(gate) => failed = failed.or(Some((name, *gate))),
        }
    }
    if let Some((name, gate)) = failed {
        let result = gate.result.get().map_or("not stated", |r| r.word());
        say.headline(|| format!("the latest result of gate `{name}` is {result}"));
        say.at(gate.result.span().unwrap_or(gate.span), || format!("{result} here"));
        say.help(|| format!("`{name}` must pass in time; deploy only what passed"));
        return Some(Holds::NotYet(&codes::GATE_FAILED));
    }
    if missing.is_empty() {
        return None;
    }
    let ran: Vec<&Gate> = case
        .record
        .gates
        .items()
        .iter()
        .filter(|g| missing.contains(&g.gate.get().map_or("", |n| n.as_str())))
        .collect();
    say.headline(|| {
        let verb = if ran.is_empty() { "did not run" } else { "did not run in time" };
        format!("gate {} {verb}", suggest::list(&missing))
    });
    if let Some(gate) = ran.first() {
        say.at(gate.at.span().unwrap_or(gate.span), || untimely(case, check, gate));
    } else {
        let span = case.record.gates.span().or(case.record.id.span()).unwrap_or(case.record.span);
        say.at(span, || "no such gate is recorded".to_owned());
    }
    say.help(|| {
        let bound = check.before.map(|e| format!(" before the {}", e.phrase())).unwrap_or_default();
        format!("{} must pass{bound}; record each run with its result and time", suggest::list(&missing))
    });
    Some(Holds::NotYet(&codes::GATE_MISSING))
}

/// Why a run of a gate is not in time.
fn untimely(case: &Case<'_>, check: &GatesCheck, gate: &Gate) -> String {
    let Some(at) = gate.at.get() else { return "this run does not say when it was".to_owned() };
    match (check.before, case.bound(check.before), check.after, case.bound(check.after)) {
        (Some(event), Bound::At(end, _), ..) if at.0 > end => {
            format!("this run came {} after the {}", rough(end, at.0), event.phrase())
        }
        (.., Some(event), Bound::At(start, _)) if at.0 < start => {
            format!("this run came {} before the {}", rough(at.0, start), event.phrase())
        }
        _ => format!("this run, {}, is not in the time asked for", case.show(at.0)),
    }
}

/// What is left open beyond what is allowed, or not stated by anybody. What is known to be too many comes first.
fn findings(check: &GatesCheck, latest: &[&Gate], say: &mut Say<'_>) -> Option<Holds> {
    let mut unstated = None;
    for (severity, allowed) in &check.open_findings {
        let rank = Severity::parse(severity.as_str());
        let mut stated = false;
        for gate in latest {
            let Some(open) = gate.open_findings.get() else { continue };
            for (_, count) in open.counts.iter().filter(|(word, _)| Severity::parse(word.as_str()) == rank) {
                stated = true;
                if count > allowed {
                    let name = gate.gate.get().map_or("a gate", |g| g.as_str());
                    say.headline(|| {
                        let findings = if *count == 1 { "finding" } else { "findings" };
                        let are = if *allowed == 1 { "is" } else { "are" };
                        format!("gate `{name}` leaves {count} {severity} {findings} open; {allowed} {are} allowed")
                    });
                    say.at(open.span, || "stated here".to_owned());
                    say.help(|| "close the findings and run the gate again".to_owned());
                    return Some(Holds::NotYet(&codes::GATE_FINDINGS));
                }
            }
        }
        if !stated {
            unstated = unstated.or(Some(severity));
        }
    }
    let severity = unstated?;
    say.headline(|| format!("no gate states how many {severity} findings are open"));
    if let Some(gate) = latest.first() {
        say.at(gate.span, || format!("no number of {severity} findings here"));
    }
    say.help(|| format!("add `open_findings: {{{severity}: 0}}` to the scan's gate, as the scan reports it"));
    Some(Holds::Unsaid(&codes::GATE_UNSTATED))
}
