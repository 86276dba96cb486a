//! `order`: these events came in this order. It is due at the last of them.

use crate::judge::case::{Case, Due, Holds, Moment};
use crate::judge::codes;
use crate::judge::verdict::{Ruling, Say};
use crate::model::{Check, Event};

pub(super) fn ruling(case: &Case<'_>, events: &[Event], say: &mut Say<'_>) -> Ruling {
    let mut last = None;
    let mut missing = None;
    for event in events {
        case.say_event(*event, say);
        match case.event(*event) {
            Moment::Broken(span) => return case.broken(span, say),
            Moment::History => return case.needs_history(say),
            Moment::At(at, span) => {
                if let Some((earlier, before, before_span)) = last
                    && at < before
                {
                    return out_of_order(case, (earlier, before_span), (*event, span), say);
                }
                last = Some((*event, at, span));
            }
            Moment::Never if left_to_its_rule(case, *event) => {}
            Moment::Never => missing = missing.or(Some(*event)),
        }
    }
    let end = *events.last().expect("an order names at least two events");
    let due = case.due_at(end);
    let Some(event) = missing else {
        say.headline(|| "the events came in the order asked for".to_owned());
        return case.settle(Holds::Yes, due, say);
    };
    let ruling = case.settle(Holds::NotYet(&codes::ORDER_MISSING), due, say);
    if ruling.code.is_some() {
        say.headline(|| format!("the {} is not recorded", event.phrase()));
        match last {
            Some((known, _, span)) => say.at(span, || format!("{} here", known.done())),
            None => say.at(case.record.id.span().unwrap_or(case.record.span), || "this record".to_owned()),
        }
        say.help(|| format!("record when the {} was", event.phrase()));
    }
    ruling
}

/// A missing approval or review is its own rule's finding, where the policy has one that binds the change.
fn left_to_its_rule(case: &Case<'_>, event: Event) -> bool {
    match event {
        Event::Approved => {
            case.binding(|c| matches!(c, Check::Approval(a) if a.after.is_none()).then_some(())).next().is_some()
        }
        Event::ReviewedByPeer => {
            case.binding(|c| matches!(c, Check::Review(r) if r.after.is_none()).then_some(())).next().is_some()
        }
        _ => false,
    }
}

fn out_of_order(
    case: &Case<'_>,
    (first, first_span): (Event, crate::source::Span),
    (second, second_span): (Event, crate::source::Span),
    say: &mut Say<'_>,
) -> Ruling {
    say.headline(|| format!("the {} came before the {}", second.phrase(), first.phrase()));
    let times = case.event(first).time().zip(case.event(second).time());
    say.at(first_span, || format!("{} here", first.done()));
    say.other(second_span, || {
        let earlier = times.map(|(a, b)| format!(", {} earlier", super::rough(b, a))).unwrap_or_default();
        format!("{} here{earlier}", second.done())
    });
    say.help(|| format!("the {} has to come first; correct the times if they are wrong", first.phrase()));
    case.settle(Holds::NoMore(&codes::OUT_OF_ORDER), Due::Past(case.event(second).time()), say)
}
