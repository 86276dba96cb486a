//! Closed quarters: what `tickmark close` wrote, read again by its table.
//!
//! One with a mistake is not held against anything: what was signed off is then not known.

use super::codes;
use super::reader::Reader;
use super::references::unknown_person;
use super::table::{Document, Looked, Shape, read_document};
use crate::diag::{Diagnostic, Sink};
use crate::model::{ClosedQuarter, Field, Ledger, Quarter};
use crate::source::{FileId, Span};
use crate::yaml;

/// The table of closed quarters, for lists of fields.
pub fn closed_shape() -> Shape {
    ClosedQuarter::shape()
}

/// A file of `closed/`; nothing where it has a mistake.
pub fn decode_closed(file: FileId, path: &str, text: &str, sink: &mut Sink) -> Option<ClosedQuarter> {
    let before = sink.pushed();
    let documents = yaml::parse(text, 0, file, sink);
    let say = |sink: &mut Sink, at: Span, what: String| {
        let help = "take the file as it was committed, or make it anew with `tickmark close`";
        sink.push(Diagnostic::new(&codes::CLOSED, file, at, what).help(help));
    };
    let [document] = documents.as_slice() else {
        let at = documents.get(1).map_or(Span::at(0), |second| second.root.span);
        if sink.pushed() == before {
            say(sink, at, "a file of closed/ holds one closed quarter".to_owned());
        }
        return None;
    };
    let mut closed = ClosedQuarter { file: Some(file), ..ClosedQuarter::blank(document.root.span) };
    read_document(&mut closed, &document.root, &mut Reader { file, sink, ignored_keys: &[] });
    let stem = path.rsplit('/').next().and_then(|name| name.rsplit_once('.')).map_or("", |(stem, _)| stem);
    if let Field::Given(name, span) = &closed.quarter
        && (name.as_str() != stem || closed.name().is_none_or(|quarter| quarter.to_string() != stem))
    {
        say(sink, *span, format!("this file holds quarter `{name}`, and its name says `{stem}`"));
    }
    for closing in closed.closings.items() {
        for record in closing.records.items() {
            let Field::Given(digest, span) = &record.sha256 else { continue };
            let digest = digest.as_str();
            if digest.len() != 64 || !digest.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)) {
                say(sink, *span, "this is no SHA-256".to_owned());
            }
        }
    }
    (sink.pushed() == before && closed.mistake().is_none()).then_some(closed)
}

/// The quarter that a file of `closed/` has the name of.
pub fn closed_name(path: &str) -> Option<Quarter> {
    let (stem, _) = path.rsplit('/').next()?.rsplit_once('.')?;
    Quarter::parse(stem)
}

/// Who signed has to be somebody.
pub fn check_closed(all: &[ClosedQuarter], ledger: &Ledger, sink: &mut Sink) {
    for closed in all {
        for closing in closed.closings.items() {
            if let (Field::Given(who, span), Some(file)) = (&closing.by, closed.file)
                && ledger.people.get(who.as_str()).is_none()
            {
                sink.push(unknown_person(file, who, *span, &ledger.people));
            }
        }
    }
}
