//! `observation`: the change was watched at least so long after its last production deployment, rollbacks aside.

use super::deadline::rough;
use super::own_due;
use crate::judge::case::{Case, Due, Holds, Moment};
use crate::judge::codes;
use crate::judge::verdict::{Ruling, Say};
use crate::model::{Duration, Event, Rule};

pub(super) fn ruling(case: &Case<'_>, rule: &Rule, length: Duration, say: &mut Say<'_>) -> Ruling {
    if let Some(span) = case.deployments_broken() {
        return case.broken(span, say);
    }
    let due = own_due(case, rule);
    let deployed = case
        .production()
        .filter(|d| !d.is_rollback())
        .filter_map(|d| d.at.get().map(|t| (t.0, d.at.span().unwrap_or(d.span))))
        .max_by_key(|(at, _)| *at);
    let Some((deployed, deployed_span)) = deployed else {
        return never_deployed(case, due, say);
    };
    // Production alone: watching another environment says nothing about it.
    let until = match Moment::pick(case.production().map(|d| &d.monitored_until), true) {
        Moment::Broken(span) => return case.broken(span, say),
        moment => moment,
    };
    say.fact("deployed", Some(deployed_span), || case.show(deployed));
    if let Moment::At(at, span) = until {
        say.fact("watched until", Some(span), || case.show(at));
    }
    let end = match case.calendar().after(deployed, length) {
        Ok(end) => end,
        Err(fault) => return case.no_calendar(fault, say),
    };
    say.step(|| {
        format!(
            "{length} from {} → {} ({})",
            case.calendar().show(deployed),
            case.calendar().show(end),
            case.calendar().zone_name
        )
    });
    match until {
        Moment::At(at, _) if at >= end => {
            say.headline(|| format!("watched for {}", rough(deployed, at)));
            case.settle(Holds::Yes, due, say)
        }
        Moment::At(at, span) => {
            let ruling = case.settle(Holds::NotYet(&codes::UNWATCHED), due, say);
            if ruling.code.is_some() {
                say.headline(|| format!("watched for {}, not {length}", rough(deployed, at)));
                say.at(span, || "watched until here".to_owned());
                say.other(deployed_span, || "last production deployment".to_owned());
            }
            say.help(|| format!("it has to be watched until {}", case.show(end)));
            ruling
        }
        _ => {
            let ruling = case.settle(Holds::NotYet(&codes::UNWATCHED), due, say);
            if ruling.code.is_some() {
                say.headline(|| "nobody says how long it was watched".to_owned());
                say.at(deployed_span, || "deployed here, without `monitored_until`".to_owned());
            }
            say.help(|| format!("add `monitored_until`: at least {length} after the deployment"));
            ruling
        }
    }
}

/// Nothing was deployed, so that nothing could be watched; once the change is closed that is missing.
fn never_deployed(case: &Case<'_>, due: Due, say: &mut Say<'_>) -> Ruling {
    let due = match due {
        Due::Past(_) if !matches!(case.closed(), Due::Past(_)) => Due::Waiting(Event::Deployed),
        due => due,
    };
    let ruling = case.settle(Holds::NotYet(&codes::UNWATCHED), due, say);
    if ruling.code.is_some() {
        say.headline(|| "never deployed to production, so that nobody could watch it".to_owned());
        let span = case.record.status.span().or(case.record.id.span()).unwrap_or(case.record.span);
        say.at(span, || "closed all the same".to_owned());
        say.help(|| "record the deployment and how long it was watched".to_owned());
    }
    ruling
}
