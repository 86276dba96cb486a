//! How what is wrong with a text is said. Only words and places; what is wrong is found by the outline's reader.

use super::codes;
use super::outline::Reader;
use crate::diag::Diagnostic;
use crate::source::{Location, Span, hidden};
use std::ops::Range;

/// How many findings of one code are listed for one text.
const LISTED: u32 = 50;

impl Reader<'_, '_> {
    pub(super) fn report_link(&mut self, span: Span, headline: &str) {
        let diagnostic = Diagnostic::new(&codes::UNSAFE_LINK, self.file, span, headline)
            .label("left out, its text kept")
            .help("write an http, https or mailto address, a path within the site, or an anchor");
        self.report(diagnostic);
    }

    pub(super) fn report_html(&mut self, range: Range<usize>) {
        let span = self.trimmed(range.start, range.end);
        let line =
            span.of(self.text).find('\n').map_or(span, |end| Span::new(span.start as usize, span.start as usize + end));
        let diagnostic = Diagnostic::new(&codes::RAW_HTML, self.file, line, "HTML in a text")
            .label("shown to readers as it is written")
            .help("write it in markdown, or between backticks if it is meant to be seen");
        self.report(diagnostic);
    }

    /// Warns of characters in these words that deceive: at their places where the words stand so in the text, else at
    /// what they were made from, such as `&#x202e;`.
    pub(super) fn report_hidden(&mut self, words: &str, range: &Range<usize>) {
        for found in hidden(words) {
            let end = found.at + found.character.len_utf8();
            let span = if self.text.get(range.clone()) == Some(words) {
                Span::new(range.start + found.at, range.start + end)
            } else {
                self.trimmed(range.start, range.end)
            };
            let headline = format!("the text holds the character U+{:04X}", u32::from(found.character));
            let diagnostic = Diagnostic::new(&codes::HIDDEN_CHARACTER, self.file, span, headline)
                .label("not seen, or turns the text around it")
                .help("take it out; where it is meant, the site's `levels` can turn this code off");
            self.report(diagnostic);
        }
    }

    pub(super) fn report_unclosed(&mut self, span: Span, label: &str) {
        self.report(
            Diagnostic::new(&codes::UNCLOSED_COMMENT, self.file, span, "comment that nothing closes")
                .label(label)
                .help("end it with `-->`, or write `\\<!--` to show it"),
        );
    }

    /// Pushes, unless enough of its code have been listed for this text.
    pub(super) fn report(&mut self, diagnostic: Diagnostic) {
        let kind = codes::CODES.iter().position(|code| std::ptr::eq(*code, diagnostic.code));
        let listed = &mut self.listed[kind.expect("every code of this layer is in its list")];
        *listed += 1;
        match *listed {
            n if n < LISTED => self.sink.push(diagnostic),
            LISTED => self.sink.push(diagnostic.note("further findings of this code in this file are not listed")),
            _ => {}
        }
    }

    pub(super) fn misplaced(&mut self, name: &str, span: Span, label: &str, help: &str) {
        let headline = format!("comment that names clause `{name}` where no text ends");
        self.report(Diagnostic::new(&codes::CLAUSE_MISPLACED, self.file, span, headline).label(label).help(help));
    }

    pub(super) fn second(&mut self, name: &str, first: &str, span: Span) {
        let label = if first.is_empty() {
            "this item has a name already".to_owned()
        } else {
            format!("this text is `{first}` already")
        };
        self.misplaced(name, span, &label, "one text has one name");
    }

    pub(super) fn bad_name(&mut self, name: &str, span: Span) {
        let headline =
            if name.is_empty() { "clause without a name".to_owned() } else { format!("`{name}` cannot name a clause") };
        self.report(
            Diagnostic::new(&codes::CLAUSE_NAME, self.file, span, headline)
                .help("use at most 64 letters, digits, dots, hyphens and underscores, the first a letter or digit"),
        );
    }

    /// Takes a name; reports it where another place has it.
    pub(super) fn claim(&mut self, name: &str, span: Span) -> bool {
        let Err(first) = self.anchors.claim(name, span) else { return true };
        let same = first.of(self.text).contains(name);
        let headline = format!("second clause named `{name}`");
        let mut diagnostic = Diagnostic::new(&codes::DUPLICATE_ANCHOR, self.file, span, headline)
            .other(Location { file: self.file, span: first }, "the first one is here")
            .help("give one of them another name");
        if !same {
            diagnostic = diagnostic.note("names that differ only in case are the same");
        }
        self.report(diagnostic);
        false
    }
}
