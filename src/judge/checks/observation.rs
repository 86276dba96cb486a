//! `observation`: the change was watched at least so long after its last production deployment, rollbacks aside.

use super::deadline::rough;
use super::own_due;
use crate::judge::case::{Case, Holds, Moment};
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
        // Nothing was deployed, so nothing can be watched; once closed that is missing.
        return super::window::undeployed(case, say)
            .unwrap_or_else(|| case.settle(Holds::NotYet(&codes::UNWATCHED), due, say));
    };
    case.say_event(Event::Monitored, say);
    let until = match case.event(Event::Monitored) {
        Moment::Broken(span) => return case.broken(span, say),
        moment => moment,
    };
    let end = case.calendar().after(deployed, length).unwrap_or(deployed);
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
            say.help(|| format!("watch it until {}", case.show(end)));
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
