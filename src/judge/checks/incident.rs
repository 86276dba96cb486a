//! `incident`: such an incident, of that rank or worse, is recorded, and reviewed where the rule asks.

use super::own_due;
use crate::judge::case::{Case, Due, Holds};
use crate::judge::codes;
use crate::judge::verdict::{Ruling, Say, Verdict};
use crate::model::{Field, Incident, IncidentCheck, Relation, Rule, Severity, Vocabulary};
use crate::source::Span;

pub(super) fn ruling(case: &Case<'_>, rule: &Rule, check: &IncidentCheck, say: &mut Say<'_>) -> Ruling {
    let due = own_due(case, rule);
    if let Some(ruling) = outcome(case, check, due, say) {
        return ruling;
    }
    if let Field::Broken(span) = case.record.incidents {
        return case.broken(span, say);
    }
    let relation = check.relation.word();
    let (mut low, mut unreviewed, mut unread) = (None, None, None);
    for incident in case.record.incidents.items() {
        if let Some(span) = mistake(check, incident) {
            unread = unread.or(Some(span));
            continue;
        }
        if incident.relation.get() != Some(&check.relation) {
            continue;
        }
        let id = incident.id.get().map_or("an incident", |i| i.as_str());
        let ranked =
            check.severity_at_least.is_none_or(|asked| incident.severity.get().is_some_and(|s| s.at_least(asked)));
        if !ranked {
            low = low.or(Some((id, incident)));
        } else if check.reviewed && !incident.reviewed_at.is_given() {
            unreviewed = unreviewed.or(Some((id, incident)));
        } else {
            // One that is as asked is enough, whatever stands beside it.
            say.headline(|| format!("incident `{id}` is recorded as {relation}"));
            say.fact("incident", Some(incident.span), || {
                format!(
                    "{id}, {}",
                    incident.severity.get().map_or_else(|| "no severity".to_owned(), ToString::to_string)
                )
            });
            return case.settle(Holds::Yes, due, say);
        }
    }
    if let Some(span) = unread {
        return case.broken(span, say);
    }
    let code = match (unreviewed, low) {
        (Some(_), _) => &codes::INCIDENT_UNREVIEWED,
        (None, Some(_)) => &codes::INCIDENT_RANK,
        (None, None) => &codes::NO_INCIDENT,
    };
    let ruling = case.settle(Holds::NotYet(code), due, say);
    if ruling.code.is_some() {
        lacking(case, check, unreviewed, low, say);
    }
    say.help(|| wanted(check));
    ruling
}

/// The place of a mistake that hides whether an incident is as asked.
fn mistake(check: &IncidentCheck, incident: &Incident) -> Option<Span> {
    let place = if incident.relation.is_broken() {
        incident.relation.span()
    } else if check.severity_at_least.is_some() && incident.severity.is_broken() {
        incident.severity.span()
    } else if check.reviewed && incident.reviewed_at.is_broken() {
        incident.reviewed_at.span()
    } else {
        return None;
    };
    Some(place.unwrap_or(incident.span))
}

/// Says what is wrong with the nearest there is: an incident not reviewed, one of too low a rank, or none.
fn lacking(
    case: &Case<'_>,
    check: &IncidentCheck,
    unreviewed: Option<(&str, &Incident)>,
    low: Option<(&str, &Incident)>,
    say: &mut Say<'_>,
) {
    if let Some((id, incident)) = unreviewed {
        say.headline(|| format!("incident `{id}` was not reviewed"));
        say.at(incident.span, || "no `reviewed_at` here".to_owned());
    } else if let Some((id, incident)) = low {
        let asked = check.severity_at_least.map(|s| s.to_string()).unwrap_or_default();
        let wanted = check.severity_at_least.map(Severity::or_worse).unwrap_or_default();
        say.headline(|| {
            if incident.severity.is_given() {
                format!("incident `{id}` is of a lower rank than {asked}")
            } else {
                format!("incident `{id}` does not say its severity")
            }
        });
        say.at(incident.severity.span().unwrap_or(incident.span), || format!("{wanted} is asked for"));
    } else {
        say.headline(|| match check.relation {
            Relation::TriggeredBy => "no incident is recorded that made the change necessary".to_owned(),
            Relation::Caused => "no incident is recorded that the change caused".to_owned(),
        });
        let span = case.record.incidents.span().or(case.record.id.span()).unwrap_or(case.record.span);
        say.at(span, || "this record names none".to_owned());
    }
}

/// What the outcome says about whether the rule asks anything.
fn outcome(case: &Case<'_>, check: &IncidentCheck, due: Due, say: &mut Say<'_>) -> Option<Ruling> {
    if check.when_outcome.is_empty() {
        return None;
    }
    let result = match &case.record.outcome {
        Field::Broken(span) => return Some(case.broken(*span, say)),
        Field::Given(outcome, _) => match &outcome.result {
            Field::Broken(span) => return Some(case.broken(*span, say)),
            field => field.get().copied(),
        },
        _ => None,
    };
    match result {
        Some(result) if check.when_outcome.contains(&result) => {
            say.fact("outcome", None, || result.word().to_owned());
            None
        }
        Some(result) => {
            say.headline(|| format!("asked only of other outcomes; this one is {}", result.word()));
            Some(Ruling::of(Verdict::NotApplicable, None))
        }
        None => {
            say.help(|| "state the outcome".to_owned());
            let ruling = case.settle(Holds::Unsaid(&codes::OUTCOME_UNSTATED), due, say);
            if ruling.code.is_some() {
                say.headline(|| {
                    "whether an incident is asked for depends on the outcome, which is not stated".to_owned()
                });
            }
            Some(ruling)
        }
    }
}

fn wanted(check: &IncidentCheck) -> String {
    let rank = check.severity_at_least.map(|s| format!(" of {}", s.or_worse())).unwrap_or_default();
    let reviewed = if check.reviewed { ", with `reviewed_at`" } else { "" };
    format!("record the incident{rank} under `incidents` with `relation: {}`{reviewed}", check.relation.word())
}
