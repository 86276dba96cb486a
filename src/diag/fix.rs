//! Corrections that state no fact: the spelling of a key, or of a word from a closed list.
//!
//! Where the line is drawn: a correction is offered only where exactly one right word is near, and never for ids, people,
//! roles, times, numbers or text. A word is mended where at most two letters are wrong, its first letter is right and none
//! of the two is the beginning of the other: `aproved` is `approved` misspelt, but `unapproved`, `approve` and `on` may be
//! meant, and only their author knows. A key states nothing by itself, so that the beginning of one (`approval` for
//! `approvals`) is mended, too. What is written in capitals or with other marks between its words is the same word.

use std::collections::BTreeMap;

use super::suggest::fold;
use super::{Diagnostic, Place};
use crate::source::{FileId, SourceSet, Span};

/// A correction of one word, where the finding it belongs to stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// Where the word stands, in the finding's file, with its quotes if it has any.
    pub span: Span,
    /// The word.
    pub was: Box<str>,
    /// What is right.
    pub with: Box<str>,
}

impl Fix {
    /// Where in a text the word alone stands; nothing where the text says something else there.
    pub fn place(&self, text: &str) -> Option<Span> {
        let found = text.get(self.span.start as usize..self.span.end as usize)?;
        let start = self.span.start as usize;
        let quoted =
            found.len() == self.was.len() + 2 && found.starts_with(['"', '\'']) && found.ends_with(['"', '\'']);
        let start = if quoted { start + 1 } else { start };
        let span = Span::new(start, start + self.was.len());
        (found.len() == span.len() + 2 * usize::from(quoted) && span.of(text) == &*self.was).then_some(span)
    }
}

/// The word of a closed list that this one is a misspelling of, if only one can be meant.
pub fn word<'c>(word: &str, allowed: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let meant = only_near(word, allowed)?;
    let (was, right) = (fold(word), fold(meant));
    let apart = !was.starts_with(&right) && !right.starts_with(&was) && was.chars().next() == right.chars().next();
    let limit = if right.chars().count() < 8 { 1 } else { 2 };
    (was == right || (apart && strsim::damerau_levenshtein(&was, &right) <= limit)).then_some(meant)
}

/// The key that this one is a misspelling of, if only one can be meant.
pub fn key<'c>(key: &str, allowed: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    only_near(key, allowed)
}

/// The one candidate within two letters; nothing where there are more.
fn only_near<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let folded = fold(word);
    let mut near = None;
    for candidate in candidates {
        let other = fold(candidate);
        if folded == other {
            return Some(candidate);
        }
        let allowed = (other.chars().count() / 3).min(2);
        if strsim::damerau_levenshtein(&folded, &other) <= allowed && near.replace(candidate).is_some() {
            return None;
        }
    }
    near
}

/// All corrections of these findings, by file, in the order of their places; of two at one place the first.
pub fn gather<'d>(
    sources: &SourceSet,
    findings: impl IntoIterator<Item = &'d Diagnostic>,
) -> BTreeMap<FileId, Vec<(Span, &'d str)>> {
    let mut all: BTreeMap<FileId, Vec<(Span, &str)>> = BTreeMap::new();
    for finding in findings {
        let (Some(fix), Place::Text(at)) = (&finding.fix, &finding.place) else { continue };
        if let Some(span) = fix.place(sources.file(at.file).text()) {
            all.entry(at.file).or_default().push((span, &*fix.with));
        }
    }
    for edits in all.values_mut() {
        edits.sort_by_key(|(span, _)| *span);
        let mut end = 0;
        edits.retain(|(span, _)| {
            let apart = span.start >= end;
            end = end.max(span.end);
            apart
        });
    }
    all
}

/// A text with these words in place of what stood there. Their places are in order and apart.
pub fn apply(text: &str, edits: &[(Span, &str)]) -> String {
    let mut out = String::with_capacity(text.len() + 16 * edits.len());
    let mut from = 0;
    for (span, with) in edits {
        out.push_str(&text[from..span.start as usize]);
        out.push_str(with);
        from = span.end as usize;
    }
    out.push_str(&text[from..]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const RESULTS: [&str; 4] = ["approved", "changes-requested", "commented", "rejected"];

    #[test]
    fn misspelt_words_are_mended_where_only_one_can_be_meant() {
        assert_eq!(word("aproved", RESULTS), Some("approved"));
        assert_eq!(word("Approved", RESULTS), Some("approved"));
        assert_eq!(word("changes requested", RESULTS), Some("changes-requested"));
        assert_eq!(word("comented", RESULTS), Some("commented"));
        assert_eq!(key("aprovals", ["approvals", "reviews"]), Some("approvals"));
        assert_eq!(key("approval", ["approvals", "reviews"]), Some("approvals"));
    }

    #[test]
    fn what_may_be_meant_is_left_alone() {
        for kept in ["unapproved", "approve", "disapproved", "reject", "ok", ""] {
            assert_eq!(word(kept, RESULTS), None, "{kept}");
        }
        assert_eq!(word("unsuccessful", ["successful", "rolled-back", "failed", "partial"]), None);
        assert_eq!(word("on", ["yes", "no", "unclear"]), None);
        assert_eq!(word("passd", ["passed", "parsed"]), None, "two are near");
        assert_eq!(key("requested_a", ["requested_at", "requested_by"]), None, "two are near");
        assert_eq!(key("bt", ["at", "by"]), None, "too short to tell");
    }

    #[test]
    fn only_the_word_itself_is_replaced() {
        let fix = |start, end| Fix { span: Span::new(start, end), was: "aproved".into(), with: "approved".into() };
        assert_eq!(fix(3, 10).place("r: aproved\n"), Some(Span::new(3, 10)));
        assert_eq!(fix(3, 12).place("r: \"aproved\"\n"), Some(Span::new(4, 11)));
        assert_eq!(fix(3, 12).place("r: \"aprov\\ed\"\n"), None);
        assert_eq!(fix(3, 99).place("r: aproved\n"), None);
        assert_eq!(apply("a bb c", &[(Span::new(0, 1), "x"), (Span::new(2, 4), "yyy")]), "x yyy c");
    }
}
