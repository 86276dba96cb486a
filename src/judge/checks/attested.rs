//! `attested`: a named person attests what no machine can see.

use super::own_due;
use crate::judge::case::{Case, Holds};
use crate::judge::codes;
use crate::judge::verdict::{Ruling, Say};
use crate::model::{Attestation, AttestedCheck, Field, PersonKind, Rule};
use crate::source::Span;

pub(super) fn ruling(case: &Case<'_>, rule: &Rule, check: &AttestedCheck, say: &mut Say<'_>) -> Ruling {
    let due = own_due(case, rule);
    if let Field::Broken(span) = case.record.attestations {
        return case.broken(span, say);
    }
    let (mut refused, mut broken) = (None, None);
    for attestation in case.record.attestations.items() {
        if attestation.statement.get().is_some_and(|statement| *statement != check.statement) {
            continue;
        }
        if let Some(span) = mistake(check, attestation) {
            broken = broken.or(Some(span));
            continue;
        }
        if !attestation.statement.is_given() {
            continue;
        }
        match counts(case, check, attestation) {
            // One that counts is enough, whatever stands beside it.
            None => {
                say.headline(|| {
                    format!(
                        "`{}` attests `{}`",
                        attestation.by.get().map_or("somebody", |b| b.as_str()),
                        check.statement
                    )
                });
                return case.settle(Holds::Yes, due, say);
            }
            Some(why) => refused = refused.or(Some((attestation.span, why))),
        }
    }
    if let Some(span) = broken {
        return case.broken(span, say);
    }
    let ruling = case.settle(Holds::NotYet(&codes::NOT_ATTESTED), due, say);
    if ruling.code.is_some() {
        say.headline(|| format!("nobody attests `{}`", check.statement));
        match &refused {
            Some((span, why)) => say.at(*span, || why.clone()),
            None => say.at(case.record.id.span().unwrap_or(case.record.span), || "this record".to_owned()),
        }
    }
    say.help(|| format!("add an attestation with `statement: {}`, who attests it and when", check.statement));
    ruling
}

/// The place of a mistake that hides what is attested, by whom or, where that matters, when.
fn mistake(check: &AttestedCheck, attestation: &Attestation) -> Option<Span> {
    let place = if attestation.statement.is_broken() {
        attestation.statement.span()
    } else if attestation.by.is_broken() {
        attestation.by.span()
    } else if !check.by.is_empty() && attestation.at.is_broken() {
        attestation.at.span()
    } else {
        return None;
    };
    Some(place.unwrap_or(attestation.span))
}

/// Why an attestation does not count, if it does not.
fn counts(case: &Case<'_>, check: &AttestedCheck, attestation: &Attestation) -> Option<String> {
    let Some(who) = attestation.by.get() else { return Some("it does not say who attests it".to_owned()) };
    let Some(person) = case.ledger.people.get(who.as_str()) else {
        return Some(format!("`{who}` is not in people.yaml"));
    };
    match person.kind.get() {
        _ if person.is_person() => {}
        Some(PersonKind::Bot) => return Some(format!("`{who}` is a bot")),
        _ => return Some(format!("`{who}` is a shared account")),
    }
    if check.by.is_empty() {
        return None;
    }
    let Some(at) = attestation.at.get() else { return Some("it does not say when".to_owned()) };
    let day = case.calendar().day(at.0);
    let held = check.by.iter().any(|role| person.held(role.as_str(), day));
    (!held).then(|| format!("`{who}` held none of the roles the rule asks for on that day"))
}
