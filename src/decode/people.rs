//! people.yaml.

use super::codes;
use super::reader::{Read, Reader};
use super::table::{Document, Shape, read_document};
use crate::diag::{Diagnostic, Sink};
use crate::model::{Field, Id, People, PersonEntry};
use crate::source::{FileId, Location};
use crate::yaml::{self, Value};

/// The table of people, for lists of fields.
pub fn person_shape() -> Shape {
    PersonEntry::shape()
}

/// Everybody in people.yaml.
pub fn decode_people(file: FileId, text: &str, sink: &mut Sink) -> People {
    let mut entries: Vec<PersonEntry> = Vec::new();
    for document in yaml::parse(text, 0, file, sink) {
        let mut reader = Reader { file, sink, ignored_keys: &[] };
        // One that cannot be read takes nobody else along: everybody who is known is kept out of public pages.
        if let Value::List(items) = &document.root.value {
            let (people, rest): (Vec<_>, Vec<_>) = items.iter().partition(|i| matches!(i.value, Value::Map(_)));
            for item in people {
                let mut person = PersonEntry::blank(item.span);
                read_document(&mut person, item, &mut reader);
                entries.push(person);
            }
            if rest.is_empty() {
                continue;
            }
        }
        // Says what is wrong with the rest.
        let _ = Vec::<PersonEntry>::read(&document.root, &mut reader);
    }
    for (index, entry) in entries.iter().enumerate() {
        let Field::Given(id, span) = &entry.id else { continue };
        let earlier = entries[..index].iter().find_map(|e| match &e.id {
            Field::Given(other, at) if other.as_str().eq_ignore_ascii_case(id.as_str()) => Some((other, *at)),
            _ => None,
        });
        if let Some((other, at)) = earlier {
            sink.push(duplicate(id, other, Location { file, span: *span }, Location { file, span: at }));
        }
    }
    People::new(Some(file), entries)
}

/// Two documents with one id.
pub(super) fn duplicate(id: &Id, other: &Id, at: Location, first: Location) -> Diagnostic {
    let headline = if id == other {
        format!("the id `{id}` is given twice")
    } else {
        format!("the ids `{id}` and `{other}` differ only in case")
    };
    Diagnostic::new(&codes::DUPLICATE_ID, at.file, at.span, headline)
        .label("given again here")
        .other(first, "first given here")
        .help("give one of the two another id; on some systems file names that differ only in case are one file")
}
