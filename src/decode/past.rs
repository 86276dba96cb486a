//! What a record's past text says, as far as a comparison with another text needs it.
//!
//! Two texts say the same of a field where they say the same values: quotes, comments, indentation and the order of keys
//! are no edit. Mistakes of the past are nobody's business here.

use std::hash::{DefaultHasher, Hash, Hasher};

use jiff::Timestamp;

use super::reader::Reader;
use super::record::record_shape;
use super::table::read_document;
use crate::diag::Sink;
use crate::model::{ChangeRecord, FieldSet, Id, PlanParts, RollbackPart, Status};
use crate::source::FileId;
use crate::yaml::{self, Entry, Node, Value};

/// One record of a text.
#[derive(Clone, Debug)]
pub struct RecordState {
    /// Its id.
    pub id: Box<str>,
    /// Its fields, by their numbers, and the digest of what each says. What is blank says nothing.
    fields: Vec<(u8, u64)>,
    /// What it says of a rollback plan.
    pub plan: PlanParts,
    /// It says that the change is closed.
    pub closed: bool,
    /// The policy it names.
    pub policy: Option<Box<str>>,
    /// When it was requested.
    pub requested_at: Option<Timestamp>,
    /// When it was closed.
    pub closed_at: Option<Timestamp>,
}

impl RecordState {
    /// The fields of which two texts do not say the same.
    pub fn differing(&self, other: &Self) -> FieldSet {
        let mut set = 0;
        for (one, two) in [(self, other), (other, self)] {
            for (number, digest) in &one.fields {
                if !two.fields.iter().any(|(n, d)| n == number && d == digest) {
                    set |= 1 << number;
                }
            }
        }
        FieldSet(set)
    }
}

/// The records of a text. One without an id cannot be followed and is left out; of two with one id the first counts.
pub fn record_states(text: &str) -> Vec<RecordState> {
    let shape = record_shape();
    let mut states: Vec<RecordState> = Vec::new();
    let mut sink = Sink::new();
    for document in yaml::parse(text, 0, FileId(0), &mut sink) {
        let Value::Map(entries) = &document.root.value else { continue };
        let mut record = ChangeRecord::empty(FileId(0), document.root.span);
        read_document(&mut record, &document.root, &mut Reader { file: FileId(0), sink: &mut sink, ignored_keys: &[] });
        let Some(id) = record.id.get().map(Id::as_str).filter(|id| !states.iter().any(|s| *s.id == **id)) else {
            continue;
        };
        let digest = |entry: &Entry<'_>| {
            let number = shape.fields.iter().position(|f| f.name == entry.key.text)?;
            let mut hasher = DefaultHasher::new();
            says(&entry.value, text, &mut hasher).then(|| (number as u8, hasher.finish()))
        };
        states.push(RecordState {
            id: id.into(),
            fields: entries.iter().filter_map(digest).collect(),
            plan: plan(&record),
            closed: record.closed_at.is_given() || record.status.get() == Some(&Status::Closed),
            policy: record.policy.get().map(|id| id.as_str().into()),
            requested_at: record.requested_at.get().map(|t| t.0),
            closed_at: record.closed_at.get().map(|t| t.0),
        });
    }
    states
}

fn plan(record: &ChangeRecord) -> PlanParts {
    let Some(plan) = record.rollback.get() else { return PlanParts::default() };
    let there = [
        (RollbackPart::Trigger, plan.trigger.is_given()),
        (RollbackPart::Steps, plan.steps.is_given()),
        (RollbackPart::Owner, plan.owner.is_given()),
        (RollbackPart::Verification, plan.verification.is_given()),
        (RollbackPart::Estimate, plan.estimate.is_given()),
    ];
    there.into_iter().filter(|(_, there)| *there).fold(PlanParts::default(), |parts, (part, _)| parts.with(part))
}

/// Takes in what a value says; whether it says anything.
fn says(node: &Node<'_>, text: &str, hasher: &mut DefaultHasher) -> bool {
    match &node.value {
        Value::Null => return false,
        Value::Scalar(scalar) => {
            let said = scalar.text.trim();
            if said.is_empty() {
                return false;
            }
            (1_u8, said).hash(hasher);
        }
        Value::List(items) => {
            if items.is_empty() {
                return false;
            }
            (2_u8, items.len()).hash(hasher);
            for item in items {
                says(item, text, hasher).hash(hasher);
            }
        }
        Value::Map(entries) => {
            let mut entries: Vec<&Entry<'_>> = entries.iter().collect();
            entries.sort_by(|a, b| a.key.text.cmp(&b.key.text));
            (3_u8, entries.len()).hash(hasher);
            for entry in entries {
                entry.key.text.hash(hasher);
                says(&entry.value, text, hasher).hash(hasher);
            }
        }
        Value::Broken => (4_u8, node.span.of(text)).hash(hasher),
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changed(old: &str, new: &str) -> Vec<&'static str> {
        let state = |text: &str| record_states(&format!("id: A\n{text}")).remove(0);
        let shape = record_shape();
        state(old).differing(&state(new)).numbers().map(|n| shape.fields[n].name).collect()
    }

    #[test]
    fn what_is_written_otherwise_and_says_the_same_is_no_edit() {
        for (old, new, expected) in [
            ("title: A change\nrisk: low\n", "risk: 'low' # why not\ntitle: \"A change\"\n", &[][..]),
            ("rollback: {trigger: x, steps: [a, b]}\n", "rollback:\n  steps:\n    - a\n    - b\n  trigger: x\n", &[]),
            ("purpose: ''\nlinks: {}\nsystems: []\n", "title:\nlinks: {}\n", &[]),
            ("title: A\n", "title: B\n", &["title"]),
            ("systems: [a, b]\n", "systems: [b, a]\n", &["systems"]),
            ("rollback: {trigger: x}\n", "rollback: {trigger: y}\npurpose: p\n", &["purpose", "rollback"]),
            ("outcome: {at: soon}\n", "outcome: {at: later}\n", &["outcome"]),
        ] {
            assert_eq!(changed(old, new), expected, "{old}{new}");
        }
    }

    #[test]
    fn records_of_one_file_are_told_apart_by_their_ids() {
        let text =
            "id: A\ntitle: x\n---\ntitle: no id\n---\nid: B\nclosed_at: 2026-01-01T00:00:00Z\n---\nid: A\ntitle: y\n";
        let states = record_states(text);
        assert_eq!(states.iter().map(|s| (&*s.id, s.closed)).collect::<Vec<_>>(), [("A", false), ("B", true)]);
        assert!(record_states("junk: [").is_empty());
    }
}
