//! A policy's text as the checks read it: passages, sentences, words, and the front matter as a tree with places.
//!
//! It is taken apart once, before the first check asks: words are most of what there is.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use crate::diag::Sink;
use crate::markdown::{self, Clause, Passage, PassageKind};
use crate::model::{PolicyVersion, Rule};
use crate::source::Span;
use crate::yaml::{self, Node, Value};

/// One policy version, its text and its trees.
pub struct Text<'l> {
    /// The policy.
    pub version: &'l PolicyVersion,
    /// Its prose.
    pub passages: &'l [Passage],
    /// The whole file.
    pub source: &'l str,
    /// All sentences, in the order of the text.
    pub sentences: Vec<Sentence<'l>>,
    /// The front matter, as it is written.
    front: Option<Node<'l>>,
    /// The clauses in the order of the text, the wider of two before the narrower, and where the last ends of those up to
    /// there.
    clauses: Vec<(&'l Clause, u32)>,
    /// The clauses by their anchors.
    anchors: BTreeMap<&'l str, &'l Clause>,
}

/// The prose of a policy version, in the order of its text.
pub fn passages(version: &PolicyVersion, source: &str) -> Vec<Passage> {
    markdown::passages(source, version.body)
}

impl<'l> Text<'l> {
    /// Reads a policy's text, of which these are the [`passages`].
    pub fn of(version: &'l PolicyVersion, source: &'l str, passages: &'l [Passage]) -> Self {
        // What is wrong with the front matter has been said when it was decoded.
        let front = version.front.and_then(|span| {
            let parsed = yaml::parse(span.of(source), span.start as usize, version.file, &mut Sink::new());
            parsed.into_iter().next().map(|document| document.root)
        });
        let all = &version.outline.clauses;
        let mut clauses: Vec<(&Clause, u32)> = all.iter().map(|clause| (clause, clause.span.end)).collect();
        clauses.sort_by_key(|(clause, end)| (clause.span.start, std::cmp::Reverse(*end)));
        let mut last = 0;
        for (_, end) in &mut clauses {
            last = last.max(*end);
            *end = last;
        }
        // Of two with one anchor the first, as everywhere.
        let anchors = all.iter().rev().map(|clause| (clause.anchor.as_str(), clause)).collect();
        let sentences = passages.iter().flat_map(Sentence::of).collect();
        Self { version, passages, source, sentences, front, clauses, anchors }
    }

    /// What the front matter says under these keys, one inside the other.
    pub fn front(&self, path: &[&str]) -> Option<&Node<'l>> {
        path.iter().try_fold(self.front.as_ref()?, |node, key| entry(node, key))
    }

    /// The place of a policy as a whole: its first line.
    pub fn top(&self) -> Span {
        Span::at(self.version.front.map_or(0, |f| f.start as usize))
    }

    /// What the front matter says of a rule.
    pub fn rule(&self, rule: &Rule) -> Option<&Node<'l>> {
        let Value::List(rules) = &self.front(&["changes", "rules"])?.value else { return None };
        rules.iter().find(|r| r.span.start <= rule.span.start && rule.span.start < r.span.end)
    }

    /// Whether its words are English, as far as the commonest of them tell; a text of few words is given the benefit.
    pub fn is_english(&self) -> bool {
        const COMMON: [&str; 12] = ["the", "and", "of", "to", "is", "a", "in", "are", "for", "by", "that", "with"];
        let (mut all, mut common) = (0, 0);
        for sentence in &self.sentences {
            all += sentence.words.len();
            common += sentence.words.iter().filter(|w| COMMON.contains(&&*w.lower)).count();
        }
        // Scripts without spaces have few words, however long they are.
        let other = |text: &str| text.chars().filter(|c| *c > '\u{24f}' && c.is_alphabetic()).count();
        let latin = self.passages.iter().all(|p| p.text.is_ascii() || other(&p.text) * 2 <= p.text.len());
        latin && (all < 40 || common * 12 >= all)
    }

    /// The smallest clause that holds this place and is no heading; else the heading above it.
    pub fn clause_at(&self, at: Span) -> Option<&'l Clause> {
        let before = self.clauses.partition_point(|(clause, _)| clause.span.start <= at.start);
        let held = self.clauses[..before].iter().rev().take_while(|(_, ends)| at.start < *ends);
        held.map(|(clause, _)| *clause).find(|clause| at.start < clause.span.end).or_else(|| {
            let headings = &self.version.outline.headings;
            let above = headings[..headings.partition_point(|h| h.span.start <= at.start)].last()?;
            self.anchors.get(above.anchor.as_str()).copied()
        })
    }

    /// The prose of a clause: its own passage, and for a heading all that stands below it up to the next heading.
    pub fn prose_of(&self, clause: &Clause) -> Vec<&Sentence<'l>> {
        let outline = &self.version.outline;
        let end = match clause.kind {
            markdown::ClauseKind::Heading => {
                let next = outline.headings.iter().find(|h| h.span.start > clause.span.start);
                next.map_or(self.version.body.end, |h| h.span.start)
            }
            _ => clause.span.end,
        };
        self.sentences.iter().filter(|s| clause.span.start <= s.span.start && s.span.start < end).collect()
    }
}

/// What a map says under a key.
pub(super) fn entry<'n, 's>(node: &'n Node<'s>, key: &str) -> Option<&'n Node<'s>> {
    let Value::Map(entries) = &node.value else { return None };
    entries.iter().find(|e| e.key.text == key).map(|e| &e.value)
}

/// The text of a scalar.
pub(super) fn scalar<'n>(node: &'n Node<'_>) -> Option<&'n str> {
    match &node.value {
        Value::Scalar(s) => Some(s.text.trim()),
        _ => None,
    }
}

/// A sentence of a passage; of a row, a cell.
#[derive(Clone, Debug)]
pub struct Sentence<'p> {
    /// The passage it stands in.
    pub passage: &'p Passage,
    /// Which part of the passage's text it is.
    pub range: Range<usize>,
    /// Where it stands.
    pub span: Span,
    /// Its words, one by one.
    pub words: Vec<Word<'p>>,
}

impl<'p> Sentence<'p> {
    fn of(passage: &'p Passage) -> impl Iterator<Item = Self> {
        let mut ranges = Vec::new();
        if passage.cells.is_empty() {
            split(&passage.text, 0..passage.text.len(), &mut ranges);
        }
        for cell in &passage.cells {
            split(&passage.text, cell.clone(), &mut ranges);
        }
        ranges.into_iter().map(move |range| Self {
            passage,
            span: passage.source(&range),
            words: words(&passage.text[range.clone()]),
            range,
        })
    }

    /// As it is written.
    pub fn text(&self) -> &'p str {
        &self.passage.text[self.range.clone()]
    }

    /// Where a part of it stands.
    pub fn part(&self, range: &Range<usize>) -> Span {
        self.passage.source(&(self.range.start + range.start..self.range.start + range.end))
    }

    /// Whether it is one of a heading.
    pub fn is_heading(&self) -> bool {
        matches!(self.passage.kind, PassageKind::Heading(_))
    }
}

/// What ends in a full stop and is no sentence.
const SHORT: &[&str] = &[
    "e.g", "i.e", "etc", "vs", "no", "nos", "cf", "approx", "incl", "sec", "art", "dr", "mr", "ms", "inc", "ltd", "v",
    "ver",
];

/// Adds the sentences of a part of a text.
fn split(text: &str, part: Range<usize>, list: &mut Vec<Range<usize>>) {
    let mut start = part.start;
    for (at, mark) in text.as_bytes()[part.clone()].iter().enumerate() {
        if !matches!(mark, b'.' | b'!' | b'?' | b';') {
            continue;
        }
        let end = part.start + at + 1;
        let rest = &text[end..part.end];
        if !rest.starts_with(char::is_whitespace) {
            continue;
        }
        let next = rest.trim_start().trim_start_matches(['"', '“', '(', '*', '\'', '•', ' ']).chars().next();
        if *mark != b';' && !next.is_some_and(|c| c.is_uppercase() || c.is_ascii_digit()) {
            continue;
        }
        if *mark == b'.' {
            let before = text[start..end - 1].rsplit([' ', '(']).next().unwrap_or_default();
            let short = SHORT.iter().any(|short| short.eq_ignore_ascii_case(before));
            if short || before.bytes().all(|b| b.is_ascii_digit()) {
                continue;
            }
        }
        list.extend(trimmed(text, start..end));
        start = end;
    }
    list.extend(trimmed(text, start..part.end));
}

fn trimmed(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let slice = &text[range.clone()];
    let start = range.start + (slice.len() - slice.trim_start().len());
    let length = slice.trim().len();
    (length > 0).then_some(start..start + length)
}

/// A word of a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word<'t> {
    /// As it is written.
    pub text: &'t str,
    /// In lower case; most words are.
    pub lower: Cow<'t, str>,
    /// Where it stands in the sentence.
    pub range: Range<usize>,
}

/// The words of a text: letters and digits, with hyphens, apostrophes and points that stand inside.
pub(super) fn words(text: &str) -> Vec<Word<'_>> {
    let mut list = Vec::with_capacity(text.len() / 6 + 1);
    let mut at = 0;
    while at < text.len() {
        let mut letter = character(text, at);
        if !letter.is_part {
            at += letter.length;
            continue;
        }
        let from = at;
        let mut small = true;
        while letter.is_part {
            small &= letter.is_small;
            at += letter.length;
            letter = character(text, at);
            if letter.is_joint {
                let next = character(text, at + letter.length);
                if next.is_part {
                    small &= letter.is_small;
                    at += letter.length;
                    letter = next;
                }
            }
        }
        let written = &text[from..at];
        let lower = if small { Cow::Borrowed(written) } else { Cow::Owned(written.to_lowercase().replace('’', "'")) };
        list.push(Word { text: written, lower, range: from..at });
    }
    list
}

/// A character, as far as words go.
struct Character {
    /// How many bytes it has; none at the end of a text.
    length: usize,
    /// A letter or digit.
    is_part: bool,
    /// What may stand between two of them.
    is_joint: bool,
    /// It stays as it is in lower case.
    is_small: bool,
}

fn character(text: &str, at: usize) -> Character {
    let Some(b) = text.as_bytes().get(at) else {
        return Character { length: 0, is_part: false, is_joint: false, is_small: true };
    };
    if b.is_ascii() {
        return Character {
            length: 1,
            is_part: b.is_ascii_alphanumeric(),
            is_joint: matches!(b, b'-' | b'\'' | b'.' | b'_'),
            is_small: !b.is_ascii_uppercase(),
        };
    }
    let c = text[at..].chars().next().unwrap_or(' ');
    Character { length: c.len_utf8(), is_part: c.is_alphanumeric(), is_joint: c == '’', is_small: false }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sentences(text: &str) -> Vec<&str> {
        let mut ranges = Vec::new();
        split(text, 0..text.len(), &mut ranges);
        ranges.into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn sentences_end_where_readers_end_them() {
        assert_eq!(
            sentences("One. Two, e.g. This; three in v. 1.2 of it. (Four!) Five"),
            ["One.", "Two, e.g. This;", "three in v. 1.2 of it.", "(Four!) Five"]
        );
        assert_eq!(sentences("See no. 4. Next."), ["See no. 4. Next."]);
        assert_eq!(sentences(""), [""; 0]);
    }

    #[test]
    fn words_keep_what_stands_inside() {
        let found = words("A post-change review, the author's 24-hour limit (4.2).");
        let found: Vec<&str> = found.iter().map(|w| w.text).collect();
        assert_eq!(found, ["A", "post-change", "review", "the", "author's", "24-hour", "limit", "4.2"]);
        let found = words("Ärger’s ‘end’: X’ — it’s DONE.");
        let found: Vec<(&str, &str)> = found.iter().map(|w| (w.text, &*w.lower)).collect();
        let expected = [("Ärger’s", "ärger's"), ("end", "end"), ("X", "x"), ("it’s", "it's"), ("DONE", "done")];
        assert_eq!(found, expected);
    }
}
