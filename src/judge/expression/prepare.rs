//! Every expression of every policy, checked before any record is judged: what is wrong becomes a finding at its place, and
//! the rule is `unknown` for every record.

use jiff::Timestamp;

use super::fault::Fault;
use super::place::place;
use super::plan::{Plan, Source};
use super::{Purpose, examples, made, message};
use crate::diag::{Diagnostic, Sink};
use crate::judge::codes;
use crate::model::{Check, Event, Expression, Ledger, PolicyVersion, Rule};
use crate::source::SourceSet;

/// Checks all expressions and runs their examples. Only what a policy's newest version gets wrong is reported: nobody can
/// mend the others.
pub fn prepare(ledger: &mut Ledger, sources: &SourceSet, as_of: Timestamp, sink: &mut Sink) {
    (0..ledger.policies.len()).for_each(|policy| prepare_policy(ledger, policy, sources, as_of, sink));
}

/// The same for one policy, by its number.
pub fn prepare_policy(ledger: &mut Ledger, policy: usize, sources: &SourceSet, as_of: Timestamp, sink: &mut Sink) {
    let mut broken = Vec::new();
    let versions = &ledger.policies[policy].versions;
    for (v, version) in versions.iter().enumerate() {
        let mut own = Sink::new();
        for (r, rule) in version.rules.iter().enumerate() {
            let sound = check_rule(rule, version, sources, &mut own);
            if !sound || !examples::run(ledger, version, rule, as_of, &mut own) {
                broken.push((v, r, sound));
            }
        }
        if v + 1 == versions.len() {
            sink.append(own);
        }
    }
    for (v, r, sound) in broken {
        let version = &mut ledger.policies[policy].versions[v];
        version.rules[r].check = Check::Broken;
        version.rules[r].when = None;
        version.broken |= !sound;
    }
}

/// Whether a rule's expressions can be used; what is wrong with them is reported.
fn check_rule(rule: &Rule, version: &PolicyVersion, sources: &SourceSet, sink: &mut Sink) -> bool {
    let mut sound = true;
    let mut report = |expression: &Expression, faults: &[Fault]| {
        sound = false;
        for fault in faults {
            sink.push(finding(expression, fault, version, sources));
        }
    };
    if let Some(condition) = &rule.when {
        match made(condition, version, Purpose::When) {
            Err(faults) => report(condition, faults),
            Ok(compiled) => {
                if let Some(fault) = circular(rule, &compiled.plan, &condition.text) {
                    report(condition, &[fault]);
                }
            }
        }
    }
    if let Check::Assert(check) = &rule.check {
        if let Err(faults) = made(&check.expression, version, Purpose::Assert) {
            report(&check.expression, faults);
        }
        if let Some(message) = &check.message
            && let Err(faults) = message::made(message, version)
        {
            report(message, faults);
        }
    }
    sound
}

/// A condition of an approval or review rule says when a change counts as approved or reviewed, so that it cannot ask.
fn circular(rule: &Rule, plan: &Plan, text: &str) -> Option<Fault> {
    if !matches!(rule.check, Check::Approval(_) | Check::Review(_)) {
        return None;
    }
    let asks = plan
        .readings
        .iter()
        .find(|r| matches!(r.source, Source::Event(Event::Approved | Event::ReviewedByPeer | Event::SignedOff)))?;
    let fault = Fault::new((0, text.len()), &codes::EXPRESSION_REFUSED, "this condition asks for what it decides");
    let label = format!("`change.{}` depends on which approval and review rules apply", asks.name);
    Some(fault.label(label).help("ask for something else, such as the type, the risk or another event"))
}

fn finding(expression: &Expression, fault: &Fault, version: &PolicyVersion, sources: &SourceSet) -> Diagnostic {
    let text = sources.file(version.file).text();
    let span = place(text, expression.span, &expression.text, fault.start, fault.end);
    Diagnostic::new(fault.code, version.file, span, fault.headline.clone())
        .label(fault.label.clone())
        .help(fault.help.clone())
}
