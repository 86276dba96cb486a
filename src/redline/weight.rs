//! What in a block a promise hangs on: numbers, units, obligations, deadlines, roles, scope.
//!
//! A block's weights are read in their order, each in one spelling (`two` and `2`, `hours` and `hour` are the same). A
//! change is material where the two sequences differ, so that a sentence turned round stays editorial and `24 hours` that
//! became `48 hours` does not, whatever else changed around it. The words are English; numbers and the policy's own roles
//! and types count in any language.

use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::Reason;
use super::blocks::Block;
use super::words::tokens;
use crate::decode::roles_of;
use crate::model::{PolicyVersion, Word};

/// Words of several words that weigh: roles and types of change.
pub(super) struct Terms {
    phrases: Vec<(Vec<String>, Reason)>,
}

impl Terms {
    /// Those that either version names.
    pub(super) fn of(old: &PolicyVersion, new: &PolicyVersion) -> Self {
        let mut phrases: Vec<(Vec<String>, Reason)> = Vec::new();
        for version in [old, new] {
            let owners = version.owner.iter().map(Word::as_str);
            let roles = version.rules.iter().flat_map(|r| roles_of(&r.check));
            let roles = owners.chain(version.approved.iter().map(|a| a.by.as_str())).chain(roles);
            phrases.extend(roles.map(|role| (folded(role), Reason::Role)));
            let types = version.types.iter().flat_map(|t| [t.id.as_str(), t.title.as_str()]);
            phrases.extend(types.map(|word| (folded(word), Reason::Scope)));
        }
        phrases.retain(|(words, _)| !words.is_empty());
        // The longest first, so that a lead engineer is no engineer.
        phrases.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then_with(|| a.cmp(b)));
        phrases.dedup();
        Self { phrases }
    }
}

fn folded(text: &str) -> Vec<String> {
    words(&text.replace(['-', '_'], " "))
}

/// The words of a text in small letters; a word with a hyphen is several, so that `24-hour` has a number.
fn words(text: &str) -> Vec<String> {
    let mut list = Vec::new();
    for token in tokens(text) {
        if token == "%" {
            list.push(token.to_owned());
        } else if token.chars().any(char::is_alphanumeric) {
            list.extend(token.to_lowercase().split(['-', '_', '/']).filter(|w| !w.is_empty()).map(str::to_owned));
        }
    }
    list
}

/// What of a change matters; nothing where it is editorial.
pub(super) fn reasons(old: Option<&Block>, new: Option<&Block>, terms: &Terms) -> Vec<Reason> {
    let weights = |block: Option<&Block>| block.map(|b| weights(&b.text, terms)).unwrap_or_default();
    let (before, after) = (weights(old), weights(new));
    let mut found: Vec<Reason> = Vec::new();
    for op in capture_diff_slices(Algorithm::Myers, &before, &after) {
        if !matches!(op, DiffOp::Equal { .. }) {
            found.extend(before[op.old_range()].iter().chain(&after[op.new_range()]).map(|(reason, _)| *reason));
        }
    }
    // A promise that somebody named, or that rules point at, and that only one version makes.
    if old.is_none() != new.is_none() && old.or(new).is_some_and(|b| b.ruled || b.named) {
        found.push(Reason::Clause);
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// What weighs in a text, in its order, each in one spelling.
fn weights(text: &str, terms: &Terms) -> Vec<(Reason, String)> {
    let words = words(text);
    let mut list = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let rest = &words[at..];
        if let Some((phrase, reason)) = terms.phrases.iter().find(|(phrase, _)| begins(rest, phrase)) {
            list.push((*reason, phrase.join(" ")));
            at += phrase.len();
            continue;
        }
        list.extend(weight(&words[at]));
        at += 1;
    }
    list
}

/// Whether words begin with a phrase, its last word also in the plural.
fn begins(words: &[String], phrase: &[String]) -> bool {
    let Some((last, before)) = phrase.split_last() else { return false };
    words.len() >= phrase.len()
        && words[..before.len()] == *before
        && (words[before.len()] == *last || words[before.len()].strip_suffix('s') == Some(last))
}

fn weight(word: &str) -> Option<(Reason, String)> {
    if word.chars().any(|c| c.is_ascii_digit()) {
        return Some((Reason::Number, word.to_owned()));
    }
    if let Some(at) = NUMBERS.iter().position(|w| *w == word) {
        return Some((Reason::Number, at.to_string()));
    }
    let singular = word.strip_suffix('s').unwrap_or(word);
    let all: [(&[&str], Reason); 4] = [
        (UNITS, Reason::Unit),
        (OBLIGATIONS, Reason::Obligation),
        (DEADLINES, Reason::Deadline),
        (SCOPES, Reason::Scope),
    ];
    let short =
        [("hr", "hour"), ("min", "minute"), ("sec", "second"), ("wk", "week"), ("yr", "year"), ("%", "percent")];
    if let Some((_, long)) = short.iter().find(|(s, _)| *s == singular || *s == word) {
        return Some((Reason::Unit, (*long).to_owned()));
    }
    let negative = word.ends_with("n't") || word.ends_with("n’t") || word == "cannot";
    if negative {
        return Some((Reason::Obligation, "not".to_owned()));
    }
    all.iter().find_map(|(list, reason)| {
        list.iter().find(|w| **w == word || **w == singular).map(|w| (*reason, (*w).to_owned()))
    })
}

/// By their value.
const NUMBERS: [&str; 21] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
];

const UNITS: &[&str] = &[
    "second",
    "minute",
    "hour",
    "day",
    "week",
    "month",
    "quarter",
    "year",
    "business",
    "working",
    "calendar",
    "percent",
    "daily",
    "weekly",
    "monthly",
    "quarterly",
    "annually",
    "yearly",
    "annual",
    "thirty",
    "forty",
    "fifty",
    "sixty",
    "seventy",
    "eighty",
    "ninety",
    "hundred",
    "half",
    "twice",
    "once",
];

const OBLIGATIONS: &[&str] = &[
    "must",
    "shall",
    "should",
    "may",
    "can",
    "will",
    "would",
    "need",
    "require",
    "required",
    "requires",
    "mandatory",
    "optional",
    "optionally",
    "recommended",
    "permitted",
    "allowed",
    "prohibited",
    "forbidden",
    "never",
    "not",
    "no",
    "always",
];

const DEADLINES: &[&str] =
    &["before", "after", "within", "until", "prior", "immediately", "during", "upon", "later", "earlier", "deadline"];

const SCOPES: &[&str] = &[
    "all",
    "any",
    "every",
    "each",
    "only",
    "except",
    "unless",
    "without",
    "both",
    "either",
    "neither",
    "including",
    "excluding",
    "least",
    "most",
    "other",
    "or",
    "nor",
    "production",
    "critical",
    "high",
    "moderate",
    "medium",
    "low",
    "material",
    "significant",
];
