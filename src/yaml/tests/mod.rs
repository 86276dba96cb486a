//! Tests of the YAML reader: one by one (`mistakes`, `recovery`), against another reader (`oracle`), at random
//! (`properties`), and with what is meant to break it (`hostile`).

mod hostile;
mod mistakes;
mod oracle;
mod properties;
mod recovery;
mod spans;
mod valid;

use std::fmt::Write;

use super::{Document, Node, Style, Value, parse};
use crate::diag::{Diagnostic, Place, Sink};
use crate::source::{FileId, Span, line_column};

/// Reads a text: the trees, and what was said, in the order of places.
pub(super) fn read(text: &str) -> (Vec<Document<'_>>, Vec<Diagnostic>) {
    let mut sink = Sink::new();
    let documents = parse(text, 0, FileId(0), &mut sink);
    (documents, sink.into_sorted())
}

/// The place of a diagnostic.
pub(super) fn span_of(finding: &Diagnostic) -> Span {
    match &finding.place {
        Place::Text(at) => at.span,
        Place::Path(_) => panic!("a mistake in a text has a place in it"),
    }
}

/// Diagnostics in short: `code line:column`, one a line.
pub(super) fn short(text: &str, findings: &[Diagnostic]) -> String {
    let mut out = String::new();
    for finding in findings {
        let (line, column) = line_column(text, span_of(finding).start as usize);
        let name = finding.code.name.strip_prefix("yaml/").unwrap_or(finding.code.name);
        let _ = writeln!(out, "{name} {line}:{column}");
    }
    out
}

/// A tree in one line: `{key: "text", list: ['x', |text]}`; nothing is `~`, a mistake `!`.
pub(super) fn outline(node: &Node<'_>) -> String {
    let mut out = String::new();
    write_outline(node, &mut out);
    out
}

fn write_outline(node: &Node<'_>, out: &mut String) {
    match &node.value {
        Value::Null => out.push('~'),
        Value::Broken => out.push('!'),
        Value::Scalar(scalar) => {
            let sign = match scalar.style {
                Style::Plain => ' ',
                Style::SingleQuoted => '\'',
                Style::DoubleQuoted => '"',
                Style::Literal => '|',
                Style::Folded => '>',
            };
            if scalar.style != Style::Plain {
                out.push(sign);
            }
            let _ = write!(out, "{}", scalar.text.escape_debug());
        }
        Value::List(items) => {
            out.push('[');
            for (i, item) in items.iter().enumerate() {
                out.push_str(if i > 0 { ", " } else { "" });
                write_outline(item, out);
            }
            out.push(']');
        }
        Value::Map(entries) => {
            out.push('{');
            for (i, entry) in entries.iter().enumerate() {
                let _ = write!(out, "{}{}: ", if i > 0 { ", " } else { "" }, entry.key.text.escape_debug());
                write_outline(&entry.value, out);
            }
            out.push('}');
        }
    }
}

/// The outlines of all documents of a text, joined by ` --- `.
pub(super) fn outlines(text: &str) -> String {
    read(text).0.iter().map(|document| outline(&document.root)).collect::<Vec<_>>().join(" --- ")
}
