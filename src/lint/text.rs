//! A policy's text as the checks read it: passages, sentences, words, and the front matter as a tree with places.

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
    /// The whole file.
    pub source: &'l str,
    /// Its prose.
    pub passages: Vec<Passage>,
    /// The front matter, as it is written.
    front: Option<Node<'l>>,
}

impl<'l> Text<'l> {
    /// Reads a policy's text.
    pub fn of(version: &'l PolicyVersion, source: &'l str) -> Self {
        // What is wrong with the front matter has been said when it was decoded.
        let front = version.front.and_then(|span| {
            let parsed = yaml::parse(span.of(source), span.start as usize, version.file, &mut Sink::new());
            parsed.into_iter().next().map(|document| document.root)
        });
        Self { version, source, passages: markdown::passages(source, version.body), front }
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
        for sentence in self.sentences() {
            let words = sentence.words();
            all += words.len();
            common += words.iter().filter(|w| COMMON.contains(&w.lower.as_str())).count();
        }
        // Scripts without spaces have few words, however long they are.
        let latin = self
            .passages
            .iter()
            .all(|p| p.text.chars().filter(|c| *c > '\u{24f}' && c.is_alphabetic()).count() * 2 <= p.text.len());
        latin && (all < 40 || common * 12 >= all)
    }

    /// All sentences, in the order of the text.
    pub fn sentences(&self) -> impl Iterator<Item = Sentence<'_>> {
        self.passages.iter().flat_map(Sentence::of)
    }

    /// The smallest clause that holds this place and is no heading; else the heading above it.
    pub fn clause_at(&self, at: Span) -> Option<&'l Clause> {
        let outline = &self.version.outline;
        let holds = |span: Span| span.start <= at.start && at.start < span.end;
        let marked = outline.clauses.iter().filter(|c| holds(c.span)).min_by_key(|c| c.span.len());
        marked.or_else(|| {
            let heading = outline.headings.iter().rev().find(|h| h.span.start <= at.start)?;
            outline.clause(&heading.anchor)
        })
    }

    /// The prose of a clause: its own passage, and for a heading all that stands below it up to the next heading.
    pub fn prose_of<'t>(&'t self, clause: &'t Clause) -> impl Iterator<Item = Sentence<'t>> {
        let outline = &self.version.outline;
        let end = match clause.kind {
            markdown::ClauseKind::Heading => {
                let next = outline.headings.iter().find(|h| h.span.start > clause.span.start);
                next.map_or(self.version.body.end, |h| h.span.start)
            }
            _ => clause.span.end,
        };
        self.sentences().filter(move |s| {
            let at = s.span();
            clause.span.start <= at.start && at.start < end
        })
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
    /// Which of its words.
    pub range: Range<usize>,
}

impl<'p> Sentence<'p> {
    fn of(passage: &'p Passage) -> Vec<Self> {
        let whole = 0..passage.text.len();
        let parts = if passage.cells.is_empty() { vec![whole] } else { passage.cells.clone() };
        parts.into_iter().flat_map(|part| split(&passage.text, part)).map(|range| Self { passage, range }).collect()
    }

    /// Its words.
    pub fn text(&self) -> &'p str {
        &self.passage.text[self.range.clone()]
    }

    /// Where it stands.
    pub fn span(&self) -> Span {
        self.passage.source(&self.range)
    }

    /// Where a part of it stands.
    pub fn part(&self, range: &Range<usize>) -> Span {
        self.passage.source(&(self.range.start + range.start..self.range.start + range.end))
    }

    /// Whether it is one of a heading.
    pub fn is_heading(&self) -> bool {
        matches!(self.passage.kind, PassageKind::Heading(_))
    }

    /// Its words, one by one.
    pub fn words(&self) -> Vec<Word<'p>> {
        words(self.text())
    }
}

/// What ends in a full stop and is no sentence.
const SHORT: &[&str] = &[
    "e.g", "i.e", "etc", "vs", "no", "nos", "cf", "approx", "incl", "sec", "art", "dr", "mr", "ms", "inc", "ltd", "v",
    "ver",
];

fn split(text: &str, part: Range<usize>) -> Vec<Range<usize>> {
    let mut list = Vec::new();
    let mut start = part.start;
    let inner = &text[part.clone()];
    for (at, mark) in inner.char_indices().filter(|(_, c)| matches!(c, '.' | '!' | '?' | ';')) {
        let end = part.start + at + mark.len_utf8();
        let rest = &text[end..part.end];
        let next = rest.trim_start().trim_start_matches(['"', '“', '(', '*', '\'', '•', ' ']).chars().next();
        let ends = rest.starts_with(char::is_whitespace)
            && (mark == ';' || next.is_some_and(|c| c.is_uppercase() || c.is_ascii_digit()));
        let before = text[start..end - mark.len_utf8()].rsplit([' ', '(']).next().unwrap_or_default().to_lowercase();
        if ends && !(mark == '.' && (SHORT.contains(&before.as_str()) || before.bytes().all(|b| b.is_ascii_digit()))) {
            list.push(start..end);
            start = end;
        }
    }
    list.push(start..part.end);
    list.into_iter().filter_map(|range| trimmed(text, range)).collect()
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
    /// In lower case.
    pub lower: String,
    /// Where it stands in the sentence.
    pub range: Range<usize>,
}

/// The words of a text: letters and digits, with hyphens, apostrophes and points that stand inside.
pub(super) fn words(text: &str) -> Vec<Word<'_>> {
    let mut list = Vec::new();
    let mut start = None;
    let mut characters = text.char_indices().peekable();
    while let Some((at, c)) = characters.next() {
        let inside = start.is_some()
            && matches!(c, '-' | '\'' | '’' | '.' | '_')
            && characters.peek().is_some_and(|(_, next)| next.is_alphanumeric());
        if c.is_alphanumeric() {
            start.get_or_insert(at);
        } else if !inside && let Some(from) = start.take() {
            list.push(word(text, from..at));
        }
    }
    if let Some(from) = start {
        list.push(word(text, from..text.len()));
    }
    list
}

fn word(text: &str, range: Range<usize>) -> Word<'_> {
    Word { text: &text[range.clone()], lower: text[range.clone()].to_lowercase().replace('’', "'"), range }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sentences(text: &str) -> Vec<&str> {
        split(text, 0..text.len()).into_iter().map(|range| &text[range]).collect()
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
    }
}
