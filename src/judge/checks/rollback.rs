//! `rollback`: the plan is complete. When it was written down only history can say.

use super::own_due;
use crate::diag::suggest;
use crate::judge::case::{Case, Holds};
use crate::judge::codes;
use crate::judge::verdict::{Ruling, Say};
use crate::model::{Field, RollbackCheck, RollbackPart, Rule, Vocabulary};
use crate::source::Span;

pub(super) fn ruling(case: &Case<'_>, rule: &Rule, check: &RollbackCheck, say: &mut Say<'_>) -> Ruling {
    let due = check.recorded_before.map_or_else(|| own_due(case, rule), |event| case.due_at(event));
    let plan = match &case.record.rollback {
        Field::Broken(span) => return case.broken(*span, say),
        Field::Given(plan, _) => Some(plan),
        _ => None,
    };
    let mut missing = Vec::new();
    for part in &check.parts {
        let found = plan.map_or((false, None, false), |p| match part {
            RollbackPart::Trigger => state(&p.trigger),
            RollbackPart::Steps => state(&p.steps),
            RollbackPart::Owner => state(&p.owner),
            RollbackPart::Verification => state(&p.verification),
            RollbackPart::Estimate => state(&p.estimate),
        });
        match found {
            (true, ..) => {}
            (_, Some(span), true) => return case.broken(span, say),
            _ => missing.push(part.word()),
        }
    }
    let words: Vec<&str> = check.parts.iter().map(|p| p.word()).collect();
    say.fact("asked for", None, || suggest::list(&words));
    if missing.is_empty() {
        if check.recorded_before.is_some() {
            let ruling = case.settle(Holds::Unsaid(&codes::NEEDS_HISTORY), due, say);
            if ruling.code.is_some() {
                case.needs_history(say);
                say.at(plan.map_or(case.record.span, |p| p.span), || {
                    "when this was written down is not known".to_owned()
                });
            }
            return ruling;
        }
        say.headline(|| "the rollback plan is complete".to_owned());
        return case.settle(Holds::Yes, due, say);
    }
    let ruling = case.settle(Holds::NotYet(&codes::PLAN_INCOMPLETE), due, say);
    if ruling.code.is_some() {
        say.headline(|| match plan {
            None => "no rollback plan is recorded".to_owned(),
            Some(_) => format!("the rollback plan does not say its {}", suggest::list(&missing)),
        });
        let span = plan
            .map(|p| Span { start: p.span.start, end: p.span.end })
            .or(case.record.id.span())
            .unwrap_or(case.record.span);
        say.at(span, || {
            if plan.is_some() {
                "this is the whole plan".to_owned()
            } else {
                "this record has no `rollback`".to_owned()
            }
        });
    }
    say.help(|| format!("add {} to `rollback`", suggest::list(&missing)));
    ruling
}

/// Whether a part is there, where it stands, and whether it is a mistake.
fn state<T>(field: &Field<T>) -> (bool, Option<Span>, bool) {
    (field.is_given(), field.span(), field.is_broken())
}
