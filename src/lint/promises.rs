//! Sentences that promise something, and the rules behind them. Only English words are known: a promise in another
//! language is one where a clause marks it.

use super::text::{Sentence, Text, Word};
use crate::markdown::ClauseKind;
use crate::model::Rule;
use crate::source::Span;

/// Words that promise by themselves.
const WORDS: &[&str] = &[
    "must",
    "shall",
    "required",
    "requires",
    "require",
    "never",
    "only",
    "within",
    "mandatory",
    "prohibited",
    "forbidden",
    "cannot",
];
/// Words that promise together.
const PAIRS: &[(&str, &str)] = &[
    ("at", "least"),
    ("at", "most"),
    ("may", "not"),
    ("no", "later"),
    ("not", "later"),
    ("not", "permitted"),
    ("not", "allowed"),
    ("not", "acceptable"),
    ("no", "more"),
    ("needs", "to"),
    ("need", "to"),
];

/// How many words a sentence has that is only the title of those after it.
const LEAD: usize = 3;

/// A promise.
#[derive(Clone, Debug)]
pub struct Promise {
    /// Where the sentence stands.
    pub span: Span,
    /// Its words.
    pub text: String,
    /// The clause it belongs to; a heading's where the sentence is not marked.
    pub clause: Option<String>,
    /// The rules behind that clause, by their place in the policy.
    pub rules: Vec<usize>,
}

/// Every promise of a text, in its order: each sentence that promises by its words, and each marked clause of which no
/// sentence does.
pub fn promises(text: &Text<'_>) -> Vec<Promise> {
    let mut list: Vec<Promise> = Vec::new();
    let mut marked: Option<(String, Promise)> = None;
    for sentence in text.sentences.iter().filter(|s| !s.is_heading()) {
        let clause = text.clause_at(sentence.span);
        let own = clause.filter(|c| c.kind != ClauseKind::Heading);
        if marked.as_ref().is_some_and(|(anchor, _)| own.is_none_or(|c| c.anchor != *anchor)) {
            list.extend(marked.take().map(|(_, promise)| promise));
        }
        let promise = || promise(text, sentence, clause.map(|c| c.anchor.clone()));
        if is_promise(&sentence.words) {
            // What the clause promises is said here, and need not be counted by its mark.
            marked = None;
            list.push(promise());
        } else if let Some(own) = own
            && !list.iter().any(|p| p.clause.as_ref() == Some(&own.anchor))
            && marked.is_none()
        {
            marked = Some((own.anchor.clone(), promise()));
        } else if let Some((_, first)) = &mut marked
            && first.text.split(' ').count() <= LEAD
        {
            // `Small and frequent.` is a title; what it means stands in the sentence after it.
            first.text = format!("{} {}", first.text, promise().text);
        }
    }
    list.extend(marked.map(|(_, promise)| promise));
    list
}

fn promise(text: &Text<'_>, sentence: &Sentence<'_>, clause: Option<String>) -> Promise {
    let behind = |rule: &Rule| clause.as_deref().is_some_and(|c| rule.clause.as_deref() == Some(c));
    let rules = text.version.rules.iter().enumerate().filter(|(_, r)| behind(r)).map(|(i, _)| i).collect();
    let words = sentence.text().replace(crate::markdown::LEFT_OUT, "…");
    Promise { span: sentence.span, text: words, clause, rules }
}

fn is_promise(words: &[Word<'_>]) -> bool {
    let next = |at: usize| words.get(at + 1).map_or("", |w| &*w.lower);
    words.iter().enumerate().any(|(at, w)| {
        WORDS.contains(&&*w.lower) || PAIRS.iter().any(|(first, second)| *first == w.lower && *second == next(at))
    })
}

/// Rules that no clause of the text stands for, by their place in the policy.
pub fn rules_without_clause(text: &Text<'_>) -> Vec<usize> {
    let rules = text.version.rules.iter().enumerate();
    rules.filter(|(_, rule)| text.version.clause_of(rule).is_none()).map(|(index, _)| index).collect()
}
