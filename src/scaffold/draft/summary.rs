//! What a policy asks of a type of change, in the order in which it falls due: what an engineer reads first.

use super::explained;
use crate::judge;
use crate::model::{Check, DeadlineBound, Event, PolicyVersion, Rule, Vocabulary};
use crate::source::SourceSet;

/// The event at which a rule falls due whose check does not say, or by which it has to hold.
pub(super) fn due(rule: &Rule) -> Option<Event> {
    match &rule.check {
        Check::Deadline(_) | Check::Order(_) | Check::Window(_) | Check::Freeze | Check::Deployment(_) => None,
        Check::Approval(check) if check.before.is_some() => check.before,
        Check::Review(check) if check.before.is_some() => check.before,
        Check::Gates(check) if check.before.is_some() => check.before,
        _ => Some(rule.due.unwrap_or(Event::Closed)),
    }
}

/// When a rule is to be thought of: the event, whether before it, at it or after it, and in words.
fn when(rule: &Rule) -> (Event, u8, String) {
    let before = |event: Event| (event, 0, format!("before the {}", event.phrase()));
    let after = |event: Event| (event, 2, format!("after the {}", event.phrase()));
    match &rule.check {
        Check::Deadline(check) => match check.bound {
            DeadlineBound::Within(_, event) => after(event),
            DeadlineBound::AtLeastBefore(_, event) => before(event),
        },
        Check::Window(_) | Check::Freeze | Check::Deployment(_) => (Event::Deployed, 1, "at the deployment".to_owned()),
        Check::Observation(_) => after(Event::Deployed),
        Check::Gates(check) if check.before.is_none() && check.after.is_some() => {
            after(check.after.unwrap_or(Event::Deployed))
        }
        Check::Order(events) => before(events.last().copied().unwrap_or(Event::Closed)),
        _ => match due(rule) {
            Some(Event::Requested) => (Event::Requested, 0, "to be requested at all".to_owned()),
            Some(event) => before(event),
            None => before(Event::Closed),
        },
    }
}

/// Where an event stands in the life of a change.
fn rank(event: Event) -> usize {
    // A rollback is none of the things that every change comes to; incidents come before.
    if event == Event::Incident { 0 } else { Event::WORDS.iter().position(|w| *w == event.word()).unwrap_or(0) + 1 }
}

/// One line for each rule, grouped by when.
pub(super) fn summary(rules: &[&Rule], version: &PolicyVersion, sources: &SourceSet) -> String {
    let mut lines: Vec<((usize, u8), String, String)> = rules
        .iter()
        .map(|rule| {
            let (event, side, heading) = when(rule);
            ((rank(event), side), heading, line(rule, version, sources))
        })
        .collect();
    lines.sort_by_key(|(when, ..)| *when);
    let mut text = String::new();
    let mut last = String::new();
    for (_, heading, line) in lines {
        if heading != last {
            text.push_str(&format!("## {heading}\n"));
            last = heading;
        }
        text.push_str(&line);
    }
    text
}

fn line(rule: &Rule, version: &PolicyVersion, sources: &SourceSet) -> String {
    let place = version.clause_of(rule).map_or(rule.span, |clause| clause.span);
    let (line, _) = sources.position(version.at(place));
    let path = sources.file(version.file).path();
    let weight = match rule.level {
        crate::diag::Level::Error => String::new(),
        level => format!(" ({} only)", level.word()),
    };
    explained("##   - ", &format!("{}{weight} [{}, {path}:{line}]", judge::in_plain_words(rule), rule.id))
}
