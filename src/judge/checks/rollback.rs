//! `rollback`: the plan is complete; with `recorded_before`, git shows that it was there in time.

use super::{own_due, rough};
use crate::diag::suggest;
use crate::judge::case::{Bound, Case, Due, Holds};
use crate::judge::codes;
use crate::judge::verdict::{Ruling, Say};
use crate::model::{Event, Field, RecordText, RollbackCheck, RollbackPart, Rule, Vocabulary};
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
        if let Some(event) = check.recorded_before {
            let place = plan.map_or(case.record.span, |p| p.span);
            return recorded(case, check, event, due, place, say);
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

/// Whether git shows that the plan was there in time: complete in the last text that was committed by then.
fn recorded(case: &Case<'_>, check: &RollbackCheck, event: Event, due: Due, place: Span, say: &mut Say<'_>) -> Ruling {
    match case.git_dates() {
        Err(span) => return case.broken(span, say),
        Ok(true) if case.history_is_whole() => {}
        Ok(_) => return case.settle_history(due, say),
    }
    let past = &case.ledger.past;
    let texts = case.record.id.get().map_or(&[][..], |id| past.of(id.as_str()));
    let complete = |text: &&RecordText| text.commit.is_some() && text.plan.hold(&check.parts);
    let first = texts.iter().find(complete);
    if let Some(first) = first {
        say.fact("plan recorded", Some(place), || case.edit_in_words(first));
    }
    case.say_event(event, say);
    let (at, event_place) = match case.bound(Some(event)) {
        Bound::Broken(span) => return case.broken(span, say),
        Bound::History => return case.settle_history(due, say),
        Bound::At(at, span) => (at, span),
        Bound::Open | Bound::Waiting(_) if first.is_some() => {
            say.headline(|| "the rollback plan is complete and committed".to_owned());
            return case.settle(Holds::Yes, due, say);
        }
        Bound::Open | Bound::Waiting(_) => {
            say.headline(|| "the rollback plan is not committed yet".to_owned());
            say.at(place, || "in no commit so far".to_owned());
            say.help(|| format!("commit the record before the {}", event.phrase()));
            return case.settle(Holds::NotYet(&codes::PLAN_LATE), due, say);
        }
    };
    let then = texts.iter().rfind(|t| past.at(t).is_some_and(|committed| committed <= at));
    if then.as_ref().is_some_and(complete) {
        say.headline(|| format!("the rollback plan was recorded before the {}", event.phrase()));
        return case.settle(Holds::Yes, due, say);
    }
    say.headline(|| format!("the rollback plan was not recorded before the {}", event.phrase()));
    let recorded = first.and_then(|text| past.at(text).map(|committed| (text, committed)));
    say.at(place, || match recorded {
        Some((text, committed)) if committed > at => {
            format!("recorded {}, {} after the {}", case.edit_in_words(text), rough(at, committed), event.phrase())
        }
        Some(_) => "incomplete in the text that was committed by then".to_owned(),
        None => "not committed yet".to_owned(),
    });
    say.other(event_place, || format!("{} here", event.done()));
    say.help(|| {
        let phrase = event.phrase();
        format!("it cannot be put right afterwards: commit the plan before the {phrase}, or ask for a waiver that names its approver")
    });
    case.settle(Holds::NoMore(&codes::PLAN_LATE), due, say)
}

/// Whether a part is there, where it stands, and whether it is a mistake.
fn state<T>(field: &Field<T>) -> (bool, Option<Span>, bool) {
    (field.is_given(), field.span(), field.is_broken())
}
