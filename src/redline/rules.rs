//! What differs between the rules of two versions, in plain words.

use std::collections::BTreeMap;

use super::{RuleChange, Run, State, words};
use crate::diag::Level;
use crate::judge;
use crate::language::Language;
use crate::model::{PolicyVersion, Rule};

/// Rules that are new, gone, or ask something else; of people and of types that are called otherwise, too.
pub(super) fn changes(language: &Language, old: &PolicyVersion, new: &PolicyVersion) -> Vec<RuleChange> {
    let before: BTreeMap<&str, &Rule> = old.rules.iter().map(|r| (r.id.as_str(), r)).collect();
    let after: BTreeMap<&str, &Rule> = new.rules.iter().map(|r| (r.id.as_str(), r)).collect();
    let mut list = Vec::new();
    for rule in &new.rules {
        let id = rule.id.to_string();
        let says = sentence(language, rule, new);
        let Some(was) = before.get(rule.id.as_str()) else {
            list.push(RuleChange { id, state: State::Added, runs: vec![Run::New(says)] });
            continue;
        };
        let said = sentence(language, was, old);
        if said != says {
            list.push(RuleChange { id, state: State::Edited, runs: words::differences(&said, &says) });
        }
    }
    let gone = old.rules.iter().filter(|r| !after.contains_key(r.id.as_str()));
    list.extend(gone.map(|rule| RuleChange {
        id: rule.id.to_string(),
        state: State::Removed,
        runs: vec![Run::Gone(sentence(language, rule, old))],
    }));
    list
}

/// What a rule asks, of which changes, and how much it weighs.
fn sentence(language: &Language, rule: &Rule, version: &PolicyVersion) -> String {
    let mut text = judge::in_words_of(language, rule);
    let binds = judge::types_in_words_of(language, rule, version);
    text.push_str(&format!(" {}", language.say("rule.binds", &[("types", &binds)])));
    if rule.level != Level::Error {
        let level = language.word(&format!("level.{}", rule.level.word()));
        text.push_str(&format!(" {}", language.say("rule.level", &[("level", &level)])));
    }
    text
}
