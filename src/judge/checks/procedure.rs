//! `procedure`: the change names a procedure of its policy that was approved, tested and not expired when requested
//! (ITIL's standard change).

use super::own_due;
use crate::judge::case::{Case, Due, Holds, Moment};
use crate::judge::codes;
use crate::judge::verdict::{Ruling, Say};
use crate::model::{Event, Field, Rule};

pub(super) fn ruling(case: &Case<'_>, rule: &Rule, say: &mut Say<'_>) -> Ruling {
    let due = own_due(case, rule);
    let (name, span) = match &case.record.procedure {
        Field::Broken(span) => return case.broken(*span, say),
        Field::Given(name, span) => (name, *span),
        _ => {
            say.help(|| "add `procedure:` with one of the policy's procedures".to_owned());
            let ruling = case.settle(Holds::NotYet(&codes::PROCEDURE), due, say);
            if ruling.code.is_some() {
                say.headline(|| "no procedure is named".to_owned());
                say.at(case.record.id.span().unwrap_or(case.record.span), || "this record".to_owned());
            }
            return ruling;
        }
    };
    let Some(procedure) = case.version.procedure(name.as_str()) else { return case.broken(span, say) };
    if procedure.broken {
        say.headline(|| format!("procedure `{name}` has a mistake in the policy"));
        say.at(span, || "nobody knows whether it was in date".to_owned());
        say.help(|| "mend the policy; the mistake is reported on its own".to_owned());
        return Ruling::unknown(&codes::BROKEN_RULE, None);
    }
    let requested = match case.event(Event::Requested) {
        Moment::At(at, _) => case.calendar().day(at),
        Moment::Broken(span) => return case.broken(span, say),
        _ => return case.settle(Holds::NotYet(&codes::PROCEDURE_INVALID), due, say),
    };
    let fault = match (procedure.approved, procedure.tested, procedure.until) {
        (None, ..) => Some("was never approved".to_owned()),
        (Some(day), ..) if day > requested => Some(format!("was approved on {day}, after the request")),
        (_, None, _) => Some("was never tested".to_owned()),
        (_, Some(day), _) if day > requested => Some(format!("was tested on {day}, after the request")),
        (.., Some(day)) if day < requested => Some(format!("expired on {day}")),
        _ => None,
    };
    match fault {
        None => {
            say.headline(|| format!("procedure `{name}` was approved, tested and in date"));
            case.settle(Holds::Yes, due, say)
        }
        Some(fault) => {
            say.headline(|| format!("procedure `{name}` {fault}"));
            say.at(span, || format!("requested on {requested}"));
            say.help(|| "follow a procedure that is in date, or request it as another type".to_owned());
            case.settle(Holds::NoMore(&codes::PROCEDURE_INVALID), Due::Past(None), say)
        }
    }
}
