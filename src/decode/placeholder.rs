//! What somebody meant to fill in and did not: `[Date]`, `[X years]`, TBD, `{{ name }}`, `<insert name>`.
//!
//! Precise before complete: what stands in brackets is a placeholder only where its words say so, since brackets also
//! hold citations, remarks and the boxes of tasks. In front matter a placeholder is taken out before the document is
//! read, so that it is a finding and not a broken document; whoever asks for the value gets `unknown`.

use std::ops::Range;

use super::codes;
use super::front::Front;
use super::table::{Document, Kind, Shape};
use crate::diag::{Diagnostic, Sink};
use crate::source::{FileId, Span};
use crate::yaml::{Node, Value};

/// How many characters the words in brackets may have.
const LONGEST: usize = 300;

/// Words that name what is to be filled in.
const BLANKS: &[&str] = &[
    "address",
    "approver",
    "author",
    "authority",
    "channel",
    "chosen",
    "city",
    "company",
    "contact",
    "cost",
    "count",
    "country",
    "customer",
    "date",
    "day",
    "days",
    "department",
    "description",
    "document",
    "email",
    "employee",
    "framework",
    "frequency",
    "hour",
    "hours",
    "insert",
    "interval",
    "link",
    "location",
    "manager",
    "minutes",
    "month",
    "months",
    "name",
    "names",
    "number",
    "office",
    "organisation",
    "organization",
    "owner",
    "percentage",
    "period",
    "person",
    "phone",
    "placeholder",
    "platform",
    "product",
    "provider",
    "regulator",
    "retention",
    "reviewer",
    "role",
    "service",
    "signature",
    "supplier",
    "system",
    "systems",
    "tbc",
    "tbd",
    "team",
    "ticketing",
    "time",
    "title",
    "tool",
    "tools",
    "url",
    "vendor",
    "version",
    "weeks",
    "year",
    "years",
    "your",
    "yyyy",
];
/// Words with which an instruction to the author begins.
const ORDERS: &[&str] = &[
    "add",
    "adapt",
    "adjust",
    "choose",
    "complete",
    "customise",
    "customize",
    "define",
    "delete",
    "describe",
    "edit",
    "enter",
    "explain",
    "fill",
    "include",
    "insert",
    "list",
    "name",
    "provide",
    "remove",
    "replace",
    "select",
    "specify",
    "state",
    "update",
    "write",
];
/// Words with which remarks and quotations in brackets begin.
const REMARKS: &[&str] = &[
    "a",
    "an",
    "and",
    "appendix",
    "as",
    "confidential",
    "deprecated",
    "draft",
    "effective",
    "emphasis",
    "figure",
    "intentionally",
    "internal",
    "not",
    "note",
    "optional",
    "or",
    "our",
    "page",
    "public",
    "reserved",
    "see",
    "sic",
    "table",
    "that",
    "the",
    "this",
    "translated",
    "translation",
];
/// Tags of HTML that are words, too.
const TAGS: &[&str] =
    &["address", "data", "details", "dialog", "link", "main", "section", "summary", "time", "title", "version"];

/// The placeholders of a text, in its order.
pub fn find(text: &str) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let b = bytes[at];
        if is_opening(b)
            && let Some(end) = placeholder_at(text, at)
        {
            found.push(at..end);
            at = end.max(at + 1);
        } else if b.is_ascii_alphabetic() {
            // A word is looked at from its first letter only.
            at = end_of_word(text, at + 1);
        } else if b.is_ascii() {
            at += 1;
        } else {
            let c = text[at..].chars().next().unwrap_or(' ');
            at += c.len_utf8();
            if c.is_alphabetic() {
                at = end_of_word(text, at);
            }
        }
    }
    found
}

/// Where the letters and digits end that go on here.
fn end_of_word(text: &str, from: usize) -> usize {
    let bytes = text.as_bytes();
    let end = from + bytes[from..].iter().take_while(|b| b.is_ascii_alphanumeric()).count();
    match bytes.get(end) {
        Some(b) if !b.is_ascii() => end + text[end..].find(|c: char| !c.is_alphanumeric()).unwrap_or(text.len() - end),
        _ => end,
    }
}

/// Whether a placeholder may begin with this: a bracket, or the first letter of one that is written as a word.
fn is_opening(b: u8) -> bool {
    matches!(b, b'[' | b'{' | b'<' | b'$' | b'_' | b'?')
        || matches!(b, b'2' | b'D' | b'F' | b'L' | b'l' | b'M' | b'N' | b'T' | b'X' | b'x' | b'Y')
}

/// Where the placeholder ends that starts here, if one does.
fn placeholder_at(text: &str, at: usize) -> Option<usize> {
    let rest = &text[at..];
    match rest.as_bytes()[0] {
        b'[' => {
            let inner = enclosed(rest, "[", "]")?;
            let end = inner.len() + 2;
            let link = rest[end..].starts_with(['(', '[']) || text[..at].ends_with([']', '!']);
            (!link && is_unfilled(inner)).then_some(at + end)
        }
        b'{' if rest.starts_with("{{") => Some(at + enclosed(rest, "{{", "}}")?.len() + 4),
        b'{' if rest.starts_with("{%") => Some(at + enclosed(rest, "{%", "%}")?.len() + 4),
        b'{' => {
            let inner = enclosed(rest, "{", "}")?;
            (!inner.contains(':') && is_unfilled(inner)).then_some(at + inner.len() + 2)
        }
        b'$' => Some(at + enclosed(rest, "${", "}")?.len() + 3),
        b'<' => {
            let inner = enclosed(rest, "<", ">")?;
            let tag = TAGS.contains(&inner) || inner.starts_with(' ') || inner.contains(['/', '@', '=', '"', ':', '<']);
            (!tag && is_unfilled(inner)).then_some(at + inner.len() + 2)
        }
        b'_' => {
            let length = rest.len() - rest.trim_start_matches('_').len();
            (length >= 4 && !text[..at].ends_with(char::is_alphanumeric)).then_some(at + length)
        }
        b'?' => (rest.starts_with("???") && !text[..at].ends_with('?'))
            .then(|| text.len() - text[at..].trim_start_matches('?').len()),
        _ => word_at(rest).map(|length| at + length),
    }
}

/// What stands between two marks. No further is looked than a placeholder may reach, nor beyond where another begins, so
/// that a text of nothing but opening marks is gone through once.
fn enclosed<'t>(text: &'t str, open: &str, close: &str) -> Option<&'t str> {
    let inner = text.strip_prefix(open)?;
    let near = &inner[..inner.floor_char_boundary(4 * LONGEST + close.len())];
    let near = &near[..near.find('[').unwrap_or(near.len())];
    let near = &near[..near.find(open).unwrap_or(near.len())];
    let inner = &near[..near.find(close)?];
    (inner.chars().take(LONGEST + 1).count() <= LONGEST).then_some(inner)
}

/// How long the placeholder is that is written as a word.
fn word_at(rest: &str) -> Option<usize> {
    let length = rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len());
    match &rest[..length] {
        "TBD" | "TBC" | "TBA" | "TODO" | "FIXME" | "XXX" | "20XX" | "202X" => Some(length),
        "X" | "XX" | "xx" | "NN" => {
            let tail = rest[length..].trim_start();
            let unit = tail.find(|c: char| !c.is_alphabetic() && c != '%').unwrap_or(tail.len());
            let units = [
                "%",
                "percent",
                "minutes",
                "hours",
                "days",
                "business",
                "working",
                "weeks",
                "months",
                "years",
                "reviewers",
                "approvers",
            ];
            units.contains(&&tail[..unit]).then(|| rest.len() - tail.len() + unit)
        }
        "YYYY" if rest.starts_with("YYYY-MM-DD") => Some(10),
        "DD" if rest.starts_with("DD/MM/YYYY") => Some(10),
        "MM" if rest.starts_with("MM/DD/YYYY") => Some(10),
        "Lorem" | "lorem" if rest[length..].trim_start().starts_with("ipsum") => Some(11),
        _ => None,
    }
}

/// Whether words in brackets ask to be filled in.
fn is_unfilled(inner: &str) -> bool {
    let words: Vec<&str> = inner.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
    let Some(first) = words.first() else { return inner.trim().len() > 1 && inner.trim().chars().all(|c| c == '_') };
    let lower = first.to_lowercase();
    if inner.starts_with(['^', '#']) || REMARKS.contains(&lower.as_str()) {
        return false;
    }
    if words.len() > 1 && ORDERS.contains(&lower.as_str()) {
        return true;
    }
    // A citation has its year or number.
    if words.iter().any(|w| w.bytes().all(|b| b.is_ascii_digit())) || words.len() > 6 {
        return false;
    }
    if words.iter().any(|w| BLANKS.contains(&w.to_lowercase().as_str())) {
        return true;
    }
    let unknown = |w: &&str| matches!(*w, "X" | "XX" | "xx" | "N" | "NN");
    let small = |w: &str| matches!(w, "of" | "and" | "the" | "for");
    let titled =
        words.iter().all(|w| small(w) || (w.starts_with(char::is_uppercase) && w.chars().any(char::is_lowercase)));
    words.len() > 1 && (titled || words.iter().any(unknown))
}

/// Keys whose text is no prose: expressions and templates.
const EXPRESSIONS: [&str; 5] = ["when", "assert", "message", "pass", "fail"];

/// Reports the placeholders of a front matter, and takes out those that are a whole value.
pub(super) fn take_out(root: &mut Node<'_>, text: &str, file: FileId, sink: &mut Sink) {
    Front::shape().take_out(root, &mut Found { text, file, sink });
}

/// Where placeholders of a front matter go.
struct Found<'f> {
    text: &'f str,
    file: FileId,
    sink: &'f mut Sink,
}

impl Found<'_> {
    fn report(&mut self, span: Span, whole: bool) {
        let shown = super::reader::shown(span.of(self.text));
        let label = if whole { "a placeholder: taken as missing" } else { "a placeholder" };
        self.sink.push(unfilled(self.file, span, &shown).label(label));
    }
}

/// The finding about a placeholder, without its label.
pub fn unfilled(file: FileId, span: Span, shown: &str) -> Diagnostic {
    Diagnostic::new(&codes::PLACEHOLDER, file, span, format!("`{shown}` was never filled in"))
        .help("write what is true here, or take it out")
}

impl Shape {
    fn take_out(&self, node: &mut Node<'_>, found: &mut Found<'_>) {
        let Value::Map(entries) = &mut node.value else { return };
        for entry in entries {
            let Some(field) = self.fields.iter().find(|f| f.name == entry.key.text) else { continue };
            if !EXPRESSIONS.contains(&field.name) {
                field.kind.take_out(&mut entry.value, found);
            }
        }
    }
}

impl Kind {
    fn take_out(self, node: &mut Node<'_>, found: &mut Found<'_>) {
        if self.is_placeholder(node) {
            found.report(node.span, true);
            node.value = Value::Broken;
            return;
        }
        match (self, &mut node.value) {
            (Self::Document(shape), _) => shape().take_out(node, found),
            (Self::Documents(shape), Value::List(items)) => {
                items.iter_mut().for_each(|item| shape().take_out(item, found));
            }
            (Self::Named(kind), Value::Map(entries)) => {
                entries.iter_mut().for_each(|entry| kind.take_out(&mut entry.value, found));
            }
            (Self::List(kind), Value::List(items)) => items.iter_mut().for_each(|item| kind.take_out(item, found)),
            (Self::Prose | Self::List(&Self::Prose), Value::Scalar(_)) => {
                let written = node.span.of(found.text);
                for range in find(written) {
                    let start = node.span.start as usize;
                    found.report(Span::new(start + range.start, start + range.end), false);
                }
            }
            _ => {}
        }
    }

    /// Whether a value is a placeholder as a whole. YAML takes `[Date]` for a list.
    fn is_placeholder(self, node: &Node<'_>) -> bool {
        match &node.value {
            Value::Scalar(scalar) => {
                let text = scalar.text.trim();
                find(text).first().is_some_and(|range| *range == (0..text.len()))
            }
            Value::List(items) => {
                let mut words = Vec::with_capacity(items.len());
                for item in items {
                    let Value::Scalar(scalar) = &item.value else { return false };
                    words.push(scalar.text.trim());
                }
                match self {
                    Self::List(&Self::Prose) | Self::Free => false,
                    // A list of words may stand here: only what no role or word looks like is none.
                    Self::List(_) => {
                        matches!(words.as_slice(), [only] if only.starts_with(char::is_uppercase) && is_unfilled(only))
                    }
                    _ => is_unfilled(&words.join(", ")),
                }
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        find(text).into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn what_was_not_filled_in_is_found() {
        for text in [
            "[Date]",
            "[X years]",
            "[Author]",
            "[ticketing system]",
            "[Company Name]",
            "[Your company]",
            "[name]",
            "[Add what is out of scope, such as text.]",
            "[Define who may approve.]",
            "[Head of Security]",
            "[____]",
            "TBD",
            "TODO",
            "FIXME",
            "{{ company }}",
            "{{< param name >}}",
            "{% if x %}",
            "${COMPANY}",
            "{Company Name}",
            "<insert name>",
            "<Company>",
            "<your name>",
            "XX days",
            "X years",
            "xx%",
            "______",
            "???",
            "YYYY-MM-DD",
            "lorem ipsum",
        ] {
            let sentence = format!("Kept for {text}, then gone.");
            assert_eq!(found(&sentence), [text], "{text}");
        }
        assert_eq!(found("[Date] and [Name]: TBD."), ["[Date]", "[Name]", "TBD"]);
    }

    #[test]
    fn what_only_looks_so_is_left_alone() {
        for text in [
            "[ ] a task",
            "[x] done",
            "[X] done",
            "[^1]",
            "[1]",
            "[text](url)",
            "[text][ref]",
            "![date](x.png)",
            "[sic]",
            "[emphasis added]",
            "[the company]",
            "[RFC 2119]",
            "[Smith 2020]",
            "[ISO 27001]",
            "[NIST]",
            "[...]",
            "[…]",
            "[Draft]",
            "[Internal]",
            "[Note]",
            "a[0]",
            "f(x) { return }",
            "{#name}",
            "<https://example.com/name>",
            "<a@example.com>",
            "<br>",
            "<title>",
            "a < b and c > d",
            "5 x 3 days",
            "Why?",
            "Why??",
            "snake__case",
            "a_b",
            "Windows XP days",
            "todo",
            "The TODOs",
            "100 % of days",
            "generation X is here",
            "[See the version table]",
        ] {
            assert_eq!(found(text), [""; 0], "{text}");
        }
    }
}
