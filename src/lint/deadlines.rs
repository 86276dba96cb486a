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

/// Whether a word is one of those of which each of these ways has one: few sentences do.
fn is_of_soon(word: &str) -> bool {
    matches!(word, "promptly" | "soon" | "timely" | "delay" | "reasonable" | "due" | "earliest" | "good")
}

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
    let mut open: Vec<(&Sentence<'_>, usize)> = Vec::new();
    let mut dated: Vec<&str> = Vec::new();
    let stated: Vec<Vec<Length>> = text.sentences.iter().map(|s| lengths(&s.words)).collect();
    for (number, sentence) in text.sentences.iter().enumerate() {
        let lengths = &stated[number];
        for length in lengths {
            without_start(text, sentence, length, sink);
        }
        // "As soon as possible. No later than two hours after …" has its number.
        let bounded = stated[number..].iter().take(3).any(|lengths| !lengths.is_empty());
        if !bounded && !sentence.is_heading() {
            soon(text, sentence, sink);
        }
        for (at, word) in sentence.words.iter().enumerate() {
            let Some(name) = AFTERWARDS.iter().find(|a| **a == word.lower) else { continue };
            if !lengths.is_empty() {
                dated.push(name);
            } else if reviews(&sentence.words, at) && !sentence.is_heading() {
                open.push((sentence, at));
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
fn afterwards(text: &Text<'_>, open: &[(&Sentence<'_>, usize)], dated: &mut Vec<&str>, sink: &mut Sink) {
    for (sentence, at) in open {
        let words = &sentence.words;
        let name = &*words[*at].lower;
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
    let Some(clause) = text.clause_at(sentence.span) else { return false };
    text.version.rules.iter().any(|r| r.clause.as_deref() == Some(&clause.anchor) && r.check.key() == "deadline")
}

fn without_start(text: &Text<'_>, sentence: &Sentence<'_>, length: &Length, sink: &mut Sink) {
    let words = &sentence.words;
    let lower = |at: usize| words.get(at).map_or("", |w| &*w.lower);
    let Some(before) = length.first.checked_sub(1) else { return };
    let latest = lower(before) == "than"
        && before >= 2
        && matches!((lower(before - 2), lower(before - 1)), ("no" | "not", "later"));
    let start = if latest { before - 2 } else { before };
    if lower(before) != "within" && !latest {
        return;
    }
    // What the sentence says behind the length, up to its end; and before it, if it opens with the event.
    let counts_on = words[length.after..].iter().take(12).any(|w| STARTS.contains(&&*w.lower));
    let opened = words[..start].iter().any(|w| OPENINGS.contains(&&*w.lower) || INSTANTS.contains(&&*w.lower));
    let answers = words[..start].iter().rev().take(6).any(|w| ANSWERS.contains(&&*w.lower));
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

fn soon(text: &Text<'_>, sentence: &Sentence<'_>, sink: &mut Sink) {
    let words = &sentence.words;
    if !words.iter().any(|w| is_of_soon(&w.lower)) {
        return;
    }
    for phrase in SOON {
        let parts = phrase.split(' ').count();
        let is_phrase = |words: &[Word<'_>]| words.iter().zip(phrase.split(' ')).all(|(word, part)| word.lower == part);
        let Some(at) = words.windows(parts).position(is_phrase) else { continue };
        let range = words[at].range.start..words[at + parts - 1].range.end;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_to_say_soon_is_told_by_one_of_its_words() {
        let missed: Vec<_> = SOON.iter().filter(|phrase| !phrase.split(' ').any(is_of_soon)).collect();
        assert_eq!(missed, [&""; 0]);
    }
}
