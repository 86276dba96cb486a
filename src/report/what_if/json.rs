//! `tickmark.what-if/1`: every record of which anything comes out otherwise, with its rules.

use serde::Serialize;

use crate::judge::Verdict;

use super::{Asked, Changed, Group, Side, WhatIf};

#[derive(Serialize)]
struct Document<'d> {
    schema: &'static str,
    as_of: &'d str,
    old: &'d str,
    new: Option<&'d str>,
    reading: &'static str,
    summary: Summary,
    policies: Vec<Policy<'d>>,
    types: Vec<Line>,
    quarters: Vec<Line>,
    records: Vec<Record<'d>>,
}

#[derive(Serialize)]
struct Summary {
    records: usize,
    changed: usize,
    turns: Vec<Count>,
}

#[derive(Serialize)]
struct Count {
    old: &'static str,
    new: &'static str,
    records: usize,
}

#[derive(Serialize)]
struct Policy<'d> {
    id: &'d str,
    what: &'static str,
    rules_new: &'d [String],
    rules_gone: &'d [String],
}

#[derive(Serialize)]
struct Line {
    name: String,
    records: usize,
    changed: usize,
    turns: Vec<Count>,
}

#[derive(Serialize)]
struct Record<'d> {
    id: &'d str,
    path: &'d str,
    r#type: &'d str,
    quarter: Option<String>,
    old: &'static str,
    new: &'static str,
    rules: Vec<Turned<'d>>,
}

#[derive(Serialize)]
struct Turned<'d> {
    rule: &'d str,
    old: Option<&'static str>,
    new: Option<&'static str>,
    old_level: Option<&'static str>,
    new_level: Option<&'static str>,
    message: &'d str,
}

/// The whole of it, with a line's end.
pub fn json(asked: &Asked, found: &WhatIf) -> String {
    let [types, quarters] = found.groups().map(|(_, groups)| groups.into_iter().map(line).collect());
    let policies = asked.edits.iter().map(|edit| Policy {
        id: &edit.policy,
        what: edit.what,
        rules_new: &edit.rules_new,
        rules_gone: &edit.rules_gone,
    });
    let document = Document {
        schema: "tickmark.what-if/1",
        as_of: &asked.instant,
        old: &asked.old,
        new: asked.new.as_deref(),
        reading: if asked.in_force { "in-force" } else { "newest" },
        summary: Summary { records: found.all.records, changed: found.all.changed(), turns: counts(&found.all) },
        policies: policies.collect(),
        types,
        quarters,
        records: found.changed.iter().chain(&found.kept).map(record).collect(),
    };
    let mut text = serde_json::to_string_pretty(&document).unwrap_or_default();
    text.push('\n');
    text
}

fn counts(group: &Group) -> Vec<Count> {
    let count = |(turn, records): (&(Verdict, Verdict), &usize)| {
        let (old, new) = (turn.0.word(), turn.1.word());
        Count { old, new, records: *records }
    };
    group.turns.iter().map(count).collect()
}

fn line((name, group): (String, &Group)) -> Line {
    Line { name, records: group.records, changed: group.changed(), turns: counts(group) }
}

fn record(changed: &Changed) -> Record<'_> {
    let word = |side: Side| side.map(|(verdict, _)| verdict.word());
    let level = |side: Side| side.map(|(_, level)| level.word());
    let rules = changed.turns.iter().map(|turn| Turned {
        rule: &turn.rule,
        old: word(turn.old),
        new: word(turn.new),
        old_level: level(turn.old),
        new_level: level(turn.new),
        message: &turn.why,
    });
    Record {
        id: &changed.id,
        path: &changed.path,
        r#type: &changed.change_type,
        quarter: changed.quarter.map(|q| q.to_string()),
        old: changed.old.word(),
        new: changed.new.word(),
        rules: rules.collect(),
    }
}
