//! Deadlines in prose that cannot be kept or checked: those that do not say what they count from, and promises to do
//! something promptly, or afterwards, that never say by when.

use super::amounts::{Length, lengths};
use super::codes;
use super::text::{Sentence, Text, Word};
use crate::diag::{Diagnostic, Sink};

/// Words after a length that say what it counts from.
const STARTS: &[&str] = &[
    "of",
    "after",
    "from",
    "following",
    "since",
    "once",
    "when",
    "upon",
    "before",
    "prior",
    "if",
    "ahead",
    "beforehand",
    "starting",
    "counted",
    "that",
];
/// Words with which a sentence says beforehand what its deadline counts from.
const OPENINGS: &[&str] =
    &["after", "once", "upon", "when", "following", "whenever", "if", "on", "from", "where", "for"];
/// What comes after something that happens at one instant.
const INSTANTS: &[&str] =
    &["post-deployment", "post-deploy", "post-release", "post-implementation", "post-incident", "post-merge"];
/// Verbs of an answer: it counts from the question.
const ANSWERS: &[&str] = &["respond", "reply", "answer", "acknowledge", "response", "replies", "responds"];

/// Ways to say soon without saying when.
const SOON: &[&str] = &[
    "promptly",
    "as soon as practicable",
    "as soon as possible",
    "as soon as reasonably practicable",
    "as soon as reasonably possible",
    "as soon as feasible",
    "in a timely manner",
    "in a timely fashion",
    "without undue delay",
    "without unreasonable delay",
    "without delay",
    "within a reasonable time",
    "within a reasonable timeframe",
    "within a reasonable period",
    "in due course",
    "at the earliest opportunity",
    "in good time",
];

/// Reviews that are promised for afterwards.
const AFTERWARDS: &[&str] = &[
    "retrospective",
    "post-hoc",
    "post-incident",
    "post-change",
    "post-deployment",
    "post-implementation",
    "retroactive",
    "after-the-fact",
];

pub(super) fn check(text: &Text<'_>, sink: &mut Sink) {
    let mut open: Vec<(Sentence<'_>, Vec<Word<'_>>, usize)> = Vec::new();
    let mut dated: Vec<&str> = Vec::new();
    let sentences: Vec<Sentence<'_>> = text.sentences().collect();
    for (number, sentence) in sentences.iter().enumerate() {
        let words = sentence.words();
        let lengths = lengths(&words);
        for length in &lengths {
            without_start(text, sentence, &words, length, sink);
        }
        // "As soon as possible. No later than two hours after …" has its number.
        let follows = |next: &Sentence<'_>| !super::amounts::lengths(&next.words()).is_empty();
        let bounded = sentences[number + 1..].iter().take(2).any(follows);
        if lengths.is_empty() && !sentence.is_heading() && !bounded {
            soon(text, sentence, &words, sink);
        }
        for (at, word) in words.iter().enumerate() {
            let Some(name) = AFTERWARDS.iter().find(|a| **a == word.lower) else { continue };
            if !lengths.is_empty() {
                dated.push(name);
            } else if reviews(&words, at) && !sentence.is_heading() {
                open.push((sentence.clone(), words.clone(), at));
            }
        }
    }
    afterwards(text, &open, &mut dated, sink);
}

/// Whether the words after this one are about a review: `retrospective documentation and review`.
fn reviews(words: &[Word<'_>], at: usize) -> bool {
    words[at + 1..].iter().take(3).any(|w| w.lower == "review")
}

/// Each kind of review afterwards for which no sentence gives a length and no rule a deadline, where it is first promised.
fn afterwards(text: &Text<'_>, open: &[(Sentence<'_>, Vec<Word<'_>>, usize)], dated: &mut Vec<&str>, sink: &mut Sink) {
    for (sentence, words, at) in open {
        let name = words[*at].lower.as_str();
        if dated.contains(&name) || has_deadline(text, sentence) {
            continue;
        }
        let end = words[*at..].iter().find(|w| w.lower == "review").map_or(words[*at].range.end, |w| w.range.end);
        let range = words[*at].range.start..end;
        sink.push(
            Diagnostic::new(
                &codes::NO_NUMBER,
                text.version.file,
                sentence.part(&range),
                format!("nothing says by when the {name} review is held"),
            )
            .label("promised here, without a deadline")
            .help("say how long after which event, as in \"within five business days of the deployment\""),
        );
        dated.extend(AFTERWARDS.iter().find(|a| **a == name));
    }
}

/// Whether a rule with a deadline stands behind the sentence.
fn has_deadline(text: &Text<'_>, sentence: &Sentence<'_>) -> bool {
    let Some(clause) = text.clause_at(sentence.span()) else { return false };
    text.version.rules.iter().any(|r| r.clause.as_deref() == Some(&clause.anchor) && r.check.key() == "deadline")
}

fn without_start(text: &Text<'_>, sentence: &Sentence<'_>, words: &[Word<'_>], length: &Length, sink: &mut Sink) {
    let lower = |at: usize| words.get(at).map_or("", |w| w.lower.as_str());
    let Some(before) = length.first.checked_sub(1) else { return };
    let latest = lower(before) == "than"
        && before >= 2
        && matches!((lower(before - 2), lower(before - 1)), ("no" | "not", "later"));
    let start = if latest { before - 2 } else { before };
    if lower(before) != "within" && !latest {
        return;
    }
    // What the sentence says behind the length, up to its end; and before it, if it opens with the event.
    let counts_on = words[length.after..].iter().take(12).any(|w| STARTS.contains(&w.lower.as_str()));
    let opened =
        words[..start].iter().any(|w| OPENINGS.contains(&w.lower.as_str()) || INSTANTS.contains(&w.lower.as_str()));
    let answers = words[..start].iter().rev().take(6).any(|w| ANSWERS.contains(&w.lower.as_str()));
    let last = words[length.after..].iter().take(1).any(|w| w.lower == "period" || w.lower == "window");
    if counts_on || opened || answers || last {
        return;
    }
    let range = words[start].range.start..length.range.end;
    sink.push(
        Diagnostic::new(
            &codes::NO_START,
            text.version.file,
            sentence.part(&range),
            format!("this deadline does not say what its {} count from", length.is),
        )
        .label("counted from what?")
        .help("name the event, as in \"within 24 hours of the first production deployment\""),
    );
}

fn soon(text: &Text<'_>, sentence: &Sentence<'_>, words: &[Word<'_>], sink: &mut Sink) {
    let joined: Vec<&str> = words.iter().map(|w| w.lower.as_str()).collect();
    for phrase in SOON {
        let parts: Vec<&str> = phrase.split(' ').collect();
        let Some(at) = joined.windows(parts.len()).position(|w| w == parts) else { continue };
        let range = words[at].range.start..words[at + parts.len() - 1].range.end;
        sink.push(
            Diagnostic::new(
                &codes::NO_NUMBER,
                text.version.file,
                sentence.part(&range),
                format!("\"{phrase}\" has no number"),
            )
            .label("by when?")
            .help("give a number and what it counts from, so that a rule can check it"),
        );
        return;
    }
}
