//! What an edit would change, for a pull request: two tables, and each record folded away under its turn.

use std::collections::BTreeMap;

use super::{Asked, Changed, Group, WhatIf};
use crate::judge::Verdict;
use crate::report::check::counted;
use crate::report::check::markdown::escape::inline;
use crate::report::check::markdown::page::{Page, Section};

/// The whole of it, shorter than what hosts take.
pub fn markdown(asked: &Asked, found: &WhatIf) -> String {
    let mut page = Page::new(head(asked, found));
    let mut by_turn: BTreeMap<(Verdict, Verdict), Vec<&Changed>> = BTreeMap::new();
    for changed in &found.changed {
        by_turn.entry((changed.new, changed.old)).or_default().push(changed);
    }
    for ((new, old), list) in by_turn {
        let head = format!("{} → {}: {}", old.word(), new.word(), counted(list.len(), "record", "records"));
        page.section(Section::folded(&head, list.iter().map(|changed| item(changed)).collect()));
    }
    let kept = counted(found.kept.len(), "record keeps its verdict", "records keep their verdict");
    page.section(Section::folded(
        &format!("{kept}, although a rule comes out otherwise"),
        found.kept.iter().map(item).collect(),
    ));
    page.finish()
}

fn head(asked: &Asked, found: &WhatIf) -> String {
    let (all, n) = (&found.all, found.all.changed());
    let records = counted(all.records, "record", "records");
    let mut text = if n == 0 {
        format!("## Tickmark: none of {records} would change verdict\n")
    } else {
        format!("## Tickmark: {n} of {records} would change verdict\n")
    };
    for edit in &asked.edits {
        text += &format!("\n- {}: {}", inline(&format!("`{}`", edit.policy)), inline(&edit.in_words()));
    }
    if asked.edits.is_empty() {
        text += "\nThe policies are the same in both.";
    }
    text += &format!("\n\nEach record judged {}, as of {}.\n", inline(&asked.reading()), inline(&asked.as_of));
    for (kind, groups) in found.groups() {
        if !groups.is_empty() {
            text += &table(kind, &groups);
        }
    }
    text
}

fn table(kind: &str, groups: &[(String, &Group)]) -> String {
    let mut text = format!("\n| {kind} | records | change verdict | how |\n|---|--:|--:|---|\n");
    for (name, group) in groups {
        let (records, changed) = (group.records, group.changed());
        text += &format!("| {} | {records} | {changed} | {} |\n", inline(name), inline(&group.in_words()));
    }
    text
}

fn item(changed: &Changed) -> String {
    let turns = changed.turns.iter().map(|turn| {
        let why = if turn.why.is_empty() { String::new() } else { format!(": {}", turn.why) };
        inline(&format!("`{}` {}{why}", turn.rule, turn.in_words()))
    });
    let turns = turns.collect::<Vec<_>>().join("; ");
    let quarter = changed.quarter.map(|q| format!(", {q}")).unwrap_or_default();
    format!("**{}** ({}{quarter}): {turns}", inline(&changed.id), inline(&changed.change_type))
}
