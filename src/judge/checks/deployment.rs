//! `deployment`: set off by a person, through what the policy names, after a successful deployment elsewhere.

use super::window::undeployed;
use crate::diag::suggest;
use crate::judge::case::{Case, Due, Holds};
use crate::judge::codes;
use crate::judge::verdict::{Ruling, Say};
use crate::model::{Deployment, DeploymentCheck, DeploymentResult, Event, Field};

pub(super) fn ruling(case: &Case<'_>, check: &DeploymentCheck, say: &mut Say<'_>) -> Ruling {
    if let Some(ruling) = undeployed(case, say) {
        return ruling;
    }
    for deployment in case.production() {
        for (broken, span) in [
            (!check.via.is_empty() && deployment.via.is_broken(), deployment.via.span()),
            (check.by_person && deployment.by.is_broken(), deployment.by.span()),
        ] {
            if broken {
                return case.broken(span.unwrap_or(deployment.span), say);
            }
        }
        let at = deployment.at.get().map(|t| t.0);
        if let Some(holds) = through(check, deployment, say).or_else(|| by_person(case, check, deployment, say)) {
            return case.settle(holds, Due::Past(at), say);
        }
    }
    if check.staged
        && let Some(ruling) = staged(case, say)
    {
        return ruling;
    }
    say.headline(|| {
        let mut parts = Vec::new();
        if !check.via.is_empty() {
            parts.push(format!("through {}", suggest::list(&check.via)));
        }
        if check.by_person {
            parts.push("by a person".to_owned());
        }
        if check.staged {
            parts.push("after a deployment elsewhere".to_owned());
        }
        format!("deployed {}", parts.join(", "))
    });
    case.settle(Holds::Yes, case.due_at(Event::Deployed), say)
}

fn through(check: &DeploymentCheck, deployment: &Deployment, say: &mut Say<'_>) -> Option<Holds> {
    if check.via.is_empty() {
        return None;
    }
    match &deployment.via {
        Field::Given(via, span) if !check.via.contains(via) => {
            say.headline(|| format!("deployed through `{via}`"));
            say.at(*span, || format!("not {}", suggest::list(&check.via)));
        }
        Field::Given(..) => return None,
        _ => {
            say.headline(|| "a deployment does not say through what it went".to_owned());
            say.at(deployment.span, || "no `via` here".to_owned());
        }
    }
    say.help(|| format!("production is deployed through {} only", suggest::list(&check.via)));
    Some(Holds::NotYet(&codes::VIA))
}

fn by_person(case: &Case<'_>, check: &DeploymentCheck, deployment: &Deployment, say: &mut Say<'_>) -> Option<Holds> {
    if !check.by_person {
        return None;
    }
    let Field::Given(who, span) = &deployment.by else {
        say.headline(|| "a deployment does not say who set it off".to_owned());
        say.at(deployment.span, || "no `by` here".to_owned());
        say.help(|| "name the person who set it off".to_owned());
        return Some(Holds::NotYet(&codes::BY_NOBODY));
    };
    let person = case.ledger.people.get(who.as_str());
    if person.is_some_and(crate::model::PersonEntry::is_person) {
        return None;
    }
    say.headline(|| match person {
        None => format!("deployed by `{who}`, who is not in people.yaml"),
        Some(p) => format!(
            "deployed by `{who}`, which is no person but a {} account",
            p.kind.get().map_or("machine", |k| if *k == crate::model::PersonKind::Bot { "bot" } else { "shared" })
        ),
    });
    say.at(*span, || "cannot be attributed to a person".to_owned());
    say.help(|| "name the person who set it off; every production change is attributable".to_owned());
    Some(Holds::NotYet(&codes::BY_NOBODY))
}

fn staged(case: &Case<'_>, say: &mut Say<'_>) -> Option<Ruling> {
    let crate::judge::case::Moment::At(first, span) = case.event(Event::Deployed) else { return None };
    let elsewhere = || {
        let before = |d: &&Deployment| d.at.get().is_some_and(|t| t.0 <= first);
        case.record.deployments.items().iter().filter(|d| !case.is_production(d) && !d.is_rollback()).filter(before)
    };
    if let Some(span) = elsewhere().find_map(|d| if d.result.is_broken() { d.result.span() } else { None }) {
        return Some(case.broken(span, say));
    }
    if let Some(deployment) = elsewhere().find(|d| d.result.get() == Some(&DeploymentResult::Succeeded)) {
        say.fact("elsewhere first", Some(deployment.span), || {
            deployment.environment.get().map_or(String::new(), ToString::to_string)
        });
        return None;
    }
    say.headline(|| "no successful deployment elsewhere came before production".to_owned());
    say.at(span, || "straight to production".to_owned());
    say.help(|| "deploy to another environment first, and record it with its result".to_owned());
    Some(case.settle(Holds::NoMore(&codes::NOT_STAGED), Due::Past(Some(first)), say))
}
