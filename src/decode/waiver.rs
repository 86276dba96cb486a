//! Waivers: the documents of one file, and what they say about rules and changes.

use std::collections::BTreeMap;

use super::codes;
use super::reader::Reader;
use super::table::{Document, Shape, read_document};
use crate::diag::{Diagnostic, Sink, fix, suggest};
use crate::model::{Field, Id, Ledger, Policy, Waiver};
use crate::source::{FileId, Location, Span};
use crate::yaml;

/// The table of waivers, for lists of fields.
pub fn waiver_shape() -> Shape {
    Waiver::shape()
}

/// All waivers of a file.
pub fn decode_waivers(file: FileId, text: &str, sink: &mut Sink) -> Vec<Waiver> {
    yaml::parse(text, 0, file, sink)
        .into_iter()
        .map(|document| {
            let mut waiver = Waiver::empty(file, document.root.span);
            let mut reader = Reader { file, sink, ignored_keys: &[] };
            read_document(&mut waiver, &document.root, &mut reader);
            if matches!(waiver.changes, Field::Absent | Field::Blank(_))
                && matches!(waiver.scope, Field::Absent | Field::Blank(_))
            {
                let at = waiver.id.span().unwrap_or(Span::at(document.root.span.start as usize));
                reader.report(
                    Diagnostic::new(&codes::NO_SCOPE, file, at, "this waiver does not say which changes it covers")
                        .help("add `changes: [ID, …]`, or `where: {type: …, systems: […]}`"),
                );
            }
            waiver
        })
        .collect()
}

/// What waivers say about policies, rules and changes. `records` maps every record's id to its place.
pub fn check_waivers(ledger: &Ledger, records: &BTreeMap<&str, Location>, sink: &mut Sink) {
    for waiver in &ledger.waivers {
        if let Some(policy) = policy_of(ledger, waiver, sink) {
            if let Field::Given(rule, span) = &waiver.rule {
                check_rule(policy, waiver, rule, *span, sink);
            }
            check_types(policy, waiver, sink);
        }
        for change in waiver.changes.items() {
            if !records.contains_key(change.value.as_str()) {
                sink.push(
                    Diagnostic::new(
                        &codes::UNKNOWN_WAIVED_CHANGE,
                        waiver.file,
                        change.span,
                        format!("no change has the id `{}`", change.value),
                    )
                    .help(suggest::help(change.value.as_str(), records.keys().copied())),
                );
            }
        }
        for person in [&waiver.requested_by, &waiver.approved_by] {
            if let Field::Given(who, span) = person
                && ledger.people.get(who.as_str()).is_none()
            {
                sink.push(super::references::unknown_person(waiver.file, who, *span, &ledger.people));
            }
        }
    }
}

/// The policy a waiver is about, if there is one.
fn policy_of<'l>(ledger: &'l Ledger, waiver: &Waiver, sink: &mut Sink) -> Option<&'l Policy> {
    match &waiver.policy {
        Field::Given(id, at) => {
            let found = ledger.policy(id.as_str());
            if found.is_none() {
                sink.push(super::references::unknown_policy(waiver.file, id.as_str(), *at, ledger));
            }
            found
        }
        Field::Broken(_) => None,
        _ => ledger.configuration.default_policy.as_ref().and_then(|id| ledger.policy(id.as_str())),
    }
}

/// Types that a scope names are types of the policy.
fn check_types(policy: &Policy, waiver: &Waiver, sink: &mut Sink) {
    for item in waiver.scope.get().map_or(&[][..], |scope| scope.types.items()) {
        let word = item.value.as_str();
        if policy.versions.iter().all(|v| v.change_type(word).is_none()) {
            let types: Vec<&str> = policy.newest().types.iter().map(|t| t.id.as_str()).collect();
            let headline = format!("policy `{}` has no change type `{word}`", policy.id);
            sink.push(
                Diagnostic::new(&codes::UNKNOWN_TYPE, waiver.file, item.span, headline)
                    .help(suggest::help(word, types.iter().copied()))
                    .fix(item.span, word, fix::word(word, types.iter().copied())),
            );
        }
    }
}

fn check_rule(policy: &Policy, waiver: &Waiver, rule: &Id, span: Span, sink: &mut Sink) {
    if policy.versions.iter().all(|v| v.rule(rule.as_str()).is_none()) {
        let rules: Vec<&str> = policy.newest().rules.iter().map(|r| r.id.as_str()).collect();
        sink.push(
            Diagnostic::new(
                &codes::UNKNOWN_WAIVED_RULE,
                waiver.file,
                span,
                format!("policy `{}` has no rule `{rule}`", policy.id),
            )
            .help(suggest::help(rule.as_str(), rules.iter().copied())),
        );
    }
}
