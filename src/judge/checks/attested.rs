//! `attested`: a named person attests what no machine can see.

use super::own_due;
use crate::judge::case::{Case, Holds};
use crate::judge::codes;
use crate::judge::verdict::{Ruling, Say};
use crate::model::{Attestation, AttestedCheck, Field, PersonKind, Rule};

pub(super) fn ruling(case: &Case<'_>, rule: &Rule, check: &AttestedCheck, say: &mut Say<'_>) -> Ruling {
    let due = own_due(case, rule);
    if let Field::Broken(span) = case.record.attestations {
        return case.broken(span, say);
    }
    let mut refused = None;
    for attestation in case.record.attestations.items() {
        if let Field::Given(statement, _) = &attestation.statement
            && *statement != check.statement
        {
            continue;
        }
        for (broken, span) in [
            (attestation.statement.is_broken(), attestation.statement.span()),
            (attestation.by.is_broken(), attestation.by.span()),
            (!check.by.is_empty() && attestation.at.is_broken(), attestation.at.span()),
        ] {
            if broken {
                return case.broken(span.unwrap_or(attestation.span), say);
            }
        }
        if !attestation.statement.is_given() {
            continue;
        }
        match counts(case, check, attestation) {
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
