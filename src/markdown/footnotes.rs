//! Footnotes: numbered by their first mention, gathered at the end. One that nothing mentions is kept, so that no text
//! is lost. Their ids start with `fn`, or with `fn` and a number where a clause's name does.

use super::{RenderOptions, escape};
use std::collections::HashMap;
use std::fmt::Write as _;

/// What the ids of a text's footnotes start with: `fn`, or `fn` and this number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Prefix(u32);

impl Prefix {
    /// One that none of these anchors starts with.
    pub(super) fn beside<'a>(anchors: impl Iterator<Item = &'a str>) -> Self {
        let number = |rest: &str| {
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            // More digits than a prefix ever has cannot clash.
            rest.get(..digits.min(8)).and_then(|d| d.parse().ok()).unwrap_or(1)
        };
        Self(anchors.filter_map(|anchor| anchor.strip_prefix("fn")).map(|rest| number(rest) + 1).max().unwrap_or(0))
    }
}

impl std::fmt::Display for Prefix {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.0 == 0 { f.write_str("fn") } else { write!(f, "fn{}", self.0) }
    }
}

#[derive(Default)]
struct Note {
    mentions: u32,
    html: Option<String>,
}

/// The footnotes of a text.
pub(super) struct Footnotes {
    prefix: Prefix,
    /// By label, in lower case: markdown's labels fold case.
    numbers: HashMap<String, usize>,
    notes: Vec<Note>,
    /// Labels of the notes that are being written, each with the text that goes on after it.
    open: Vec<(String, String)>,
    /// Labels and HTML of those that are written.
    done: Vec<(String, String)>,
}

impl Footnotes {
    /// None yet.
    pub(super) fn new(prefix: Prefix) -> Self {
        Self { prefix, numbers: HashMap::new(), notes: Vec::new(), open: Vec::new(), done: Vec::new() }
    }

    /// Writes a mention.
    pub(super) fn refer(&mut self, label: &str, linked: bool, out: &mut String) {
        let number = *self.numbers.entry(label.to_lowercase()).or_insert_with(|| {
            self.notes.push(Note::default());
            self.notes.len()
        });
        let note = &mut self.notes[number - 1];
        if !linked {
            return write(out, format_args!("<sup class=\"note\">{number}</sup>"));
        }
        note.mentions += 1;
        let again = Again(note.mentions);
        let prefix = self.prefix;
        write(
            out,
            format_args!(
                "<sup class=\"note\"><a id=\"{prefix}ref-{number}{again}\" href=\"#{prefix}-{number}\">{number}</a></sup>"
            ),
        );
    }

    /// From here on `out` is the note's.
    pub(super) fn begin(&mut self, label: &str, out: &mut String) {
        self.open.push((label.to_lowercase(), std::mem::take(out)));
    }

    /// The note ends; `out` is the text's again.
    pub(super) fn end(&mut self, out: &mut String) {
        if let Some((label, text)) = self.open.pop() {
            self.done.push((label, std::mem::replace(out, text)));
        }
    }

    /// Writes the list of notes.
    pub(super) fn finish(mut self, options: &RenderOptions<'_>, out: &mut String) {
        for (label, html) in std::mem::take(&mut self.done) {
            let at = self.numbers.get(&label).copied().unwrap_or(0);
            match self.notes.get_mut(at.wrapping_sub(1)).filter(|note| note.html.is_none()) {
                Some(note) => note.html = Some(html),
                None => self.notes.push(Note { mentions: 0, html: Some(html) }),
            }
        }
        if self.notes.is_empty() {
            return;
        }
        out.push_str("<section class=\"footnotes\" aria-label=\"");
        escape::attribute(out, options.notes_label);
        out.push_str("\">\n<ol>\n");
        let prefix = self.prefix;
        for (at, note) in self.notes.iter().enumerate() {
            let number = at + 1;
            write(out, format_args!("<li id=\"{prefix}-{number}\">"));
            out.push_str(note.html.as_deref().unwrap_or("").trim_end());
            for mention in 1..=note.mentions {
                let again = Again(mention);
                write(out, format_args!(" <a class=\"back\" href=\"#{prefix}ref-{number}{again}\" aria-label=\""));
                escape::attribute(out, options.back_label);
                write(out, format_args!(" {number}{again}\">↩</a>"));
            }
            out.push_str("</li>\n");
        }
        out.push_str("</ol>\n</section>\n");
    }
}

/// Which mention of a note this is, where it is not the first.
struct Again(u32);

impl std::fmt::Display for Again {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.0 > 1 { write!(f, "-{}", self.0) } else { Ok(()) }
    }
}

fn write(out: &mut String, words: std::fmt::Arguments<'_>) {
    out.write_fmt(words).expect("writing to a string does not fail");
}
