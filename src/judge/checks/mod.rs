//! One small file per kind of check. A check looks at one record and one rule, and says what it found; the engine loops.

mod approval;
mod assert;
mod attested;
mod deadline;
mod deployment;
mod fields;
mod freeze;
mod gates;
mod incident;
mod merged;
mod observation;
mod order;
mod procedure;
mod review;
mod rollback;
mod unchanged;
mod when;
mod window;

use super::case::{Case, Due};
use super::codes;
use super::verdict::{Ruling, Say, Verdict};
use crate::model::{Check, Event, Rule};

pub(in crate::judge) use deadline::rough;
pub(in crate::judge) use when::unless_applies;

/// What a rule comes to for a record, waivers and reasons aside.
pub(super) fn ruling(case: &Case<'_>, rule: &Rule, say: &mut Say<'_>) -> Ruling {
    match &rule.check {
        Check::Fields(paths) => fields::ruling(case, rule, paths, say),
        Check::Approval(check) => approval::ruling(case, rule, check, say),
        Check::Review(check) => review::ruling(case, rule, check, say),
        Check::Gates(check) => gates::ruling(case, rule, check, say),
        Check::Deadline(check) => deadline::ruling(case, *check, say),
        Check::Order(events) => order::ruling(case, events, say),
        Check::Window(name) => window::ruling(case, name.as_str(), say),
        Check::Freeze => freeze::ruling(case, say),
        Check::Observation(length) => observation::ruling(case, rule, *length, say),
        Check::Deployment(check) => deployment::ruling(case, check, say),
        Check::Rollback(check) => rollback::ruling(case, rule, check, say),
        Check::Incident(check) => incident::ruling(case, rule, check, say),
        Check::Procedure => procedure::ruling(case, rule, say),
        Check::Merged(check) => merged::ruling(case, rule, check, say),
        Check::Attested(check) => attested::ruling(case, rule, check, say),
        Check::Assert(check) => assert::ruling(case, rule, check, say),
        Check::Unchanged(check) => unchanged::ruling(case, rule, check, say),
        // What is asked of all records together comes to nothing for one.
        Check::Retained(_) | Check::Complete => Ruling::of(Verdict::NotApplicable, None),
        Check::Broken => broken_rule(say),
    }
}

/// The rule has a mistake of its own.
pub(super) fn broken_rule(say: &mut Say<'_>) -> Ruling {
    say.headline(|| "the rule itself has a mistake".to_owned());
    say.help(|| "mend the policy; the mistake is reported on its own".to_owned());
    Ruling::unknown(&codes::BROKEN_RULE, None)
}

/// When a rule falls due whose check does not say: at its `due`, else when the change is closed.
fn own_due(case: &Case<'_>, rule: &Rule) -> Due {
    case.due_at(rule.due.unwrap_or(Event::Closed))
}

/// When a rule falls due that sets a bound by `before`.
fn due_before(case: &Case<'_>, rule: &Rule, before: Option<Event>) -> Due {
    before.map_or_else(|| own_due(case, rule), |event| case.due_at(event))
}
