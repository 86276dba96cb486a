//! What an emergency went around, and what is to follow it.
//!
//! A gate is bypassed where a rule of the policy asks normal changes, or this one, to pass it, and its latest result
//! before the deployment is no `passed`. Why is what the record says, else what a waiver says; nothing is guessed.

use jiff::Timestamp;

use super::change::unquoted;
use super::pages::{BypassedGate, FollowUp, Mark};
use super::wording::{capital, counted, mark, moment, number, span_of};
use crate::judge::{self, Judgement, Verdict};
use crate::model::{ChangeRecord, Check, GateResult, Ledger, PolicyVersion, Rule, Vocabulary};
use crate::pipeline::Entry;

/// Every gate that rules of a version name, once, with the rule that binds this change, or else the first.
fn gates<'v>(entry: &'v Entry<'_>, version: &'v PolicyVersion) -> Vec<(&'v str, &'v Rule, Option<&'v Judgement>)> {
    let mut list: Vec<(&str, &Rule, Option<&Judgement>)> = Vec::new();
    for (rule, at) in version.rules.iter().zip(0_u16..) {
        let Check::Gates(check) = &rule.check else { continue };
        let judged = entry.judged.judgements.iter().find(|j| j.rule == at && j.verdict != Verdict::NotApplicable);
        for gate in &check.passed {
            match list.iter_mut().find(|(name, ..)| *name == gate.as_str()) {
                Some(known) if known.2.is_none() && judged.is_some() => (known.1, known.2) = (rule, judged),
                Some(_) => {}
                None => list.push((gate.as_str(), rule, judged)),
            }
        }
    }
    list
}

/// The gates that were not passed before the deployment.
pub(super) fn bypassed(ledger: &Ledger, entry: &Entry<'_>, version: &PolicyVersion) -> Vec<BypassedGate> {
    let record = &entry.record;
    let Some(deployed) = judge::first_production(ledger, record) else { return Vec::new() };
    let open = gates(entry, version).into_iter().filter_map(|(gate, rule, judged)| {
        let state = state(record, gate, deployed)?;
        Some(BypassedGate {
            gate: gate.to_owned(),
            state,
            why: why(ledger, record, rule, judged),
            rule: rule.id.to_string(),
            mark: judged.map_or(Mark::NotApplicable, |j| mark(j.verdict)),
        })
    });
    open.collect()
}

/// What became of a gate; nothing where it was passed in time.
fn state(record: &ChangeRecord, name: &str, deployed: Timestamp) -> Option<String> {
    let own = || record.gates.items().iter().filter(|g| g.gate.get().is_some_and(|n| n.as_str() == name));
    let at = |g: &&crate::model::Gate| g.at.get().map(|t| t.0);
    let before = own().filter(|g| at(g).is_some_and(|t| t <= deployed)).max_by_key(at);
    if before.and_then(|g| g.result.get()) == Some(&GateResult::Passed) {
        return None;
    }
    let after = own().filter(|g| at(g).is_some_and(|t| t > deployed)).min_by_key(at);
    let later = after.and_then(|g| Some((g.result.get()?.word(), span_of(deployed, at(&g)?))));
    let first = before.or_else(|| own().find(|g| g.at.get().is_none())).and_then(|g| g.result.get());
    Some(match (first, later) {
        (None, None) => "not recorded".to_owned(),
        (Some(result), None) => result.word().to_owned(),
        (None, Some((result, span))) => format!("{result} {span} after the deployment"),
        (Some(first), Some((result, span))) => format!("{}; {result} {span} after the deployment", first.word()),
    })
}

fn why(ledger: &Ledger, record: &ChangeRecord, rule: &Rule, judged: Option<&Judgement>) -> String {
    let reasons = record.reasons.items();
    let said = reasons.iter().find(|n| n.name.as_str() == rule.id.as_str()).and_then(|n| n.text.get());
    if let Some(text) = said {
        return text.to_string();
    }
    let waiver = judged.and_then(|j| ledger.waivers.get(j.waiver? as usize));
    if let Some(waiver) = waiver {
        let reason = waiver.reason.get().map(ToString::to_string).unwrap_or_default();
        return format!("{}: {reason}", waiver.name());
    }
    match judged {
        None => "the policy does not ask it of this type of change".to_owned(),
        Some(_) => "no reason is recorded".to_owned(),
    }
}

/// A sentence about gates.
pub(super) fn gates_note(ledger: &Ledger, entry: &Entry<'_>, version: &PolicyVersion) -> Option<String> {
    let all = gates(entry, version).len();
    if all == 0 || judge::first_production(ledger, &entry.record).is_none() {
        return None;
    }
    let open = bypassed(ledger, entry, version).len();
    Some(match open {
        0 => format!(
            "It passed every gate that its policy names ({}) before it was deployed.",
            counted(all, "gate", "gates")
        ),
        n => format!(
            "{} of {} that its policy names {} not passed before the deployment.",
            capital(&number(n)),
            counted(all, "gate", "gates"),
            if n == 1 { "was" } else { "were" }
        ),
    })
}

/// What is still to be done, or was promised.
pub(super) fn follow_ups(entry: &Entry<'_>, version: &PolicyVersion, as_of: Timestamp) -> Vec<FollowUp> {
    let record = &entry.record;
    let mut list = Vec::new();
    for judgement in &entry.judged.judgements {
        let missed = judgement.verdict == Verdict::Fail && judgement.code.is_some_and(|c| c.name == "deadline/missed");
        if judgement.verdict != Verdict::Pending && !missed {
            continue;
        }
        let rule = &version.rules[judgement.rule as usize];
        let help = judgement.why.as_deref().map(|w| unquoted(&w.help)).filter(|h| !h.is_empty());
        let late = judgement.due.filter(|due| missed && *due < as_of);
        let late = late.map(|due| format!(" ({} overdue)", span_of(due, as_of))).unwrap_or_default();
        list.push(FollowUp {
            kind: "Open",
            what: format!("{}{late}", help.unwrap_or_else(|| judge::in_plain_words(rule))),
            due: judgement.due.map(|at| moment(&version.calendar, at)),
            mark: mark(judgement.verdict),
            href: None,
        });
    }
    let said = |kind, what: Option<String>| {
        what.filter(|w| w != "none").map(|what| FollowUp { kind, what, ..FollowUp::default() })
    };
    let outcome = record.outcome.get();
    list.extend(said("Lesson", outcome.and_then(|o| o.lessons.get()).map(ToString::to_string)));
    for link in record.links.items() {
        let Some(text) = link.text.get() else { continue };
        let href = Some(text.to_string()).filter(|t| t.starts_with("https://") || t.starts_with("http://"));
        list.push(FollowUp { kind: "Link", what: link.name.to_string(), href, ..FollowUp::default() });
    }
    list
}
