//! Numbers in a clause that are others than those of the rule that checks it.
//!
//! A clause may state several numbers, and several rules may stand behind it. A rule speaks up only where its clause
//! states numbers of its kind, and none of them is its own.

use super::amounts::{counts, lengths, same};
use super::codes;
use super::text::{Sentence, Text, entry, scalar};
use crate::diag::{Diagnostic, Sink};
use crate::markdown::ClauseKind;
use crate::model::{Duration, Rule};
use crate::source::Span;
use crate::yaml::Node;

pub(super) fn check(text: &Text<'_>, sink: &mut Sink) {
    for rule in &text.version.rules {
        let (Some(clause), Some(written)) = (text.version.clause_of(rule), text.rule(rule)) else { continue };
        let prose = text.prose_of(clause);
        // A section states many numbers; only a single one is sure to be meant.
        let several = clause.kind == ClauseKind::Heading;
        if let Some((length, at)) = length_of(written) {
            lengths_differ(text, rule, &prose, several, length, at, sink);
        }
        if let Some((count, of, at)) = count_of(written) {
            counts_differ(text, rule, &prose, several, (count, of), at, sink);
        }
    }
}

/// The length a rule holds records to, and where it says so.
fn length_of(rule: &Node<'_>) -> Option<(Duration, Span)> {
    let deadline = entry(rule, "deadline");
    let node = deadline
        .and_then(|d| entry(d, "within").or_else(|| entry(d, "at_least")))
        .or_else(|| entry(rule, "observation"))
        .or_else(|| entry(rule, "retained"))?;
    Some((Duration::parse(scalar(node)?)?, node.span))
}

/// How many people a rule asks for, what they do, and where it says so. With roles that must all be there, the roles
/// count and not the number.
fn count_of(rule: &Node<'_>) -> Option<(u32, &'static str, Span)> {
    let (of, check) = entry(rule, "review")
        .map(|check| ("reviewer", check))
        .or_else(|| entry(rule, "approval").map(|check| ("approver", check)))?;
    if entry(check, "all_of").is_some() {
        return None;
    }
    match entry(check, "at_least") {
        Some(node) => Some((scalar(node)?.parse().ok()?, of, node.span)),
        None => Some((1, of, Span { end: check.span.start + 1, ..check.span })),
    }
}

fn lengths_differ(
    text: &Text<'_>,
    rule: &Rule,
    prose: &[&Sentence<'_>],
    section: bool,
    length: Duration,
    at: Span,
    sink: &mut Sink,
) {
    let mut stated = Vec::new();
    for sentence in prose {
        stated.extend(lengths(&sentence.words).into_iter().map(|l| (l.is, sentence.part(&l.range))));
    }
    if stated.iter().any(|(is, _)| same(*is, length)) || (section && stated.len() != 1) {
        return;
    }
    let Some((is, place)) = stated.first() else { return };
    report(text, rule, *place, &is.to_string(), at, &length.to_string(), sink);
}

fn counts_differ(
    text: &Text<'_>,
    rule: &Rule,
    prose: &[&Sentence<'_>],
    section: bool,
    (count, of): (u32, &str),
    at: Span,
    sink: &mut Sink,
) {
    let mut stated = Vec::new();
    for sentence in prose {
        let found = counts(&sentence.words);
        stated.extend(
            found.into_iter().filter(|c| c.of == of || c.of == "person").map(|c| (c.is, sentence.part(&c.range))),
        );
    }
    // Another rule behind the same clause may be the one that counts.
    let others = text.version.rules.iter().filter(|r| r.clause == rule.clause).filter_map(|r| text.rule(r));
    let elsewhere: Vec<u32> = others.filter_map(count_of).map(|(n, _, _)| n).collect();
    if stated.iter().any(|(is, _)| *is == count) || (section && stated.len() != 1) {
        return;
    }
    let Some((is, place)) = stated.iter().find(|(is, _)| !elsewhere.contains(is)) else { return };
    report(text, rule, *place, &is.to_string(), at, &count.to_string(), sink);
}

fn report(text: &Text<'_>, rule: &Rule, place: Span, stated: &str, at: Span, held: &str, sink: &mut Sink) {
    sink.push(
        Diagnostic::new(
            &codes::NUMBER_DIFFERS,
            text.version.file,
            place,
            format!("the clause says {stated}, its rule `{}` {held}", rule.id),
        )
        .label(format!("readers are promised {stated}"))
        .other(text.version.at(at), format!("records are held to {held}"))
        .help("make both say the same"),
    );
}
