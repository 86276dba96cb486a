//! Change records: the documents of one file.

use super::codes;
use super::reader::Reader;
use super::table::{Document, Shape, read_document};
use crate::diag::{Diagnostic, Sink};
use crate::model::{ChangeRecord, Field};
use crate::source::{FileId, Span};
use crate::yaml::{self, Value};

/// The table of change records, for paths and lists of fields.
pub fn record_shape() -> Shape {
    ChangeRecord::shape()
}

/// All change records of a file. One with mistakes is listed all the same.
pub fn decode_records(file: FileId, text: &str, sink: &mut Sink) -> Vec<ChangeRecord> {
    let before = sink.pushed();
    let documents = yaml::parse(text, 0, file, sink);
    if documents.is_empty() && sink.pushed() == before {
        sink.push(
            Diagnostic::new(&codes::EMPTY_FILE, file, Span::at(0), "this file holds no change record")
                .help("write one, or take the file away"),
        );
    }
    let mut records = Vec::with_capacity(documents.len());
    for document in documents {
        let mut record = ChangeRecord::empty(file, document.root.span);
        if !matches!(document.root.value, Value::Broken) {
            let mut reader = Reader { file, sink, ignored_keys: &[] };
            read_document(&mut record, &document.root, &mut reader);
        }
        if matches!(record.requested_by, Field::Absent | Field::Blank(_)) {
            record.requested_by = record.author.clone();
        }
        records.push(record);
    }
    records
}
