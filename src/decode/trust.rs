//! The lists of `content/data` that tickmark knows: a table for each kind.

use jiff::civil::Date;

use super::front::CONTROL;
use super::reader::{Read, Reader};
use super::table::{Document, FieldDef, Shape, read_document, row};
use super::tables::document;
use crate::diag::Sink;
use crate::model::{
    Certification, ChangeNotice, Commitment, Contact, ControlWords, Disclosure, Duration, Id, Link, Notice, Prose,
    Question, Spanned, Subprocessor, Trust, TrustKind, Word,
};
use crate::source::{FileId, Span};
use crate::yaml::{self, Node, Value};

document!(Commitment, "a commitment", [
    "title" => title: Prose, required; "the promise in a few words",
    "text" => text: Prose; "the promise in a sentence or two",
    "policy" => policy: Id; "the policy that makes it",
    "clause" => clause: Word; "the clause of that policy: it leads there, with a tick where a rule checks it",
]);

document!(Certification, "a certification", [
    "name" => name: Prose, required; "the certificate, report or attestation, as in `ISO/IEC 27001:2022`",
    "scope" => scope: Prose; "what it covers",
    "state" => state: Prose; "where it stands, in words, as in `certified`",
    "body" => body: Prose; "who gave it",
    "issued" => issued: Date; "the day it was given",
    "expires" => expires: Date; "the last day on which it holds; after that the site says that it has expired",
    "next" => next: Date; "when the next audit is",
    "report" => report: Prose; "how to get the report",
    "url" => url: Link; "where it can be seen",
]);

document!(Subprocessor, "a sub-processor", [
    "name" => name: Prose, required; "the company",
    "purpose" => purpose: Prose; "what it processes data for",
    "data" => data: Prose; "which data",
    "services" => services: Prose; "for which of your services",
    "location" => location: Prose; "where",
    "transfer" => transfer: Prose; "what protects data that leaves its region",
    "announced" => announced: Date; "the day on which customers were told",
    "since" => since: Date; "the first day on which it receives data",
    "until" => until: Date; "the last such day; after that it is listed as removed",
    "url" => url: Link; "its own page",
]);

document!(ChangeNotice, "a change notice", [
    "in_advance" => in_advance: Duration; "how long before a new sub-processor receives data, as in `30 days`",
    "how" => how: Prose; "by which way customers are told",
    "address" => address: Prose; "where to ask to be told",
    "objection" => objection: Prose; "what a customer can do who does not agree",
]);

document!(Question, "a question", [
    "question" => question: Prose, required; "the question",
    "answer" => answer: Prose, required; "the answer, in markdown",
    "section" => section: Prose; "the heading it stands under",
    "id" => id: Id; "its anchor; made of the question where absent",
]);

document!(Notice, "a notice", [
    "id" => id: Id, required; "its id, by which feeds know it: never change it",
    "date" => date: Date, required; "its day; it is not shown before",
    "title" => title: Prose, required; "what it is about, in a line",
    "text" => text: Prose; "more of it, in markdown",
    "policy" => policy: Id; "the policy it is about",
]);

document!(Contact, "a contact", [
    "topic" => topic: Prose, required; "about what, as in `Questions about this site`",
    "address" => address: Prose; "the address to write to",
    "url" => url: Link; "a page instead of an address, or beside it",
    "answers_within" => answers_within: Duration; "how soon somebody answers, as in `2 business days`",
    "text" => text: Prose; "a sentence more",
]);

document!(Disclosure, "a disclosure policy", [
    "text" => text: Prose; "what comes first, in markdown",
    "answers_within" => answers_within: Duration; "how soon a person answers a report",
    "include" => include: Vec<Spanned<Prose>>; "what a report should say",
    "expect" => expect: Vec<Spanned<Prose>>; "what somebody who reports can expect, in order",
    "ask" => ask: Vec<Spanned<Prose>>; "what is asked of them",
    "in_scope" => in_scope: Vec<Spanned<Prose>>; "what may be tested",
    "out_of_scope" => out_of_scope: Vec<Spanned<Prose>>; "what may not",
    "key" => key: Link; "the address of the key to encrypt a report with; `Encryption` of security.txt",
    "thanks" => thanks: Link; "the address of the page that thanks those who reported; `Acknowledgments` of security.txt",
    "languages" => languages: Vec<Spanned<Word>>; "languages that are read, as in `en`; `Preferred-Languages` of security.txt",
]);

document!(ControlWords, "words for a control", [
    "control" => control: Prose = CONTROL, required; "the framework, a colon and the control, as policies name it",
    "title" => title: Prose; "what it asks, in a few words",
    "framework" => framework: Prose; "what the framework is called",
]);

/// The table of a kind, for lists of fields.
pub fn trust_shape(kind: TrustKind) -> Shape {
    match kind {
        TrustKind::Commitments => Commitment::shape(),
        TrustKind::Certifications => Certification::shape(),
        TrustKind::Subprocessors => Subprocessor::shape(),
        TrustKind::Notice => ChangeNotice::shape(),
        TrustKind::Faq => Question::shape(),
        TrustKind::Updates => Notice::shape(),
        TrustKind::Contact => Contact::shape(),
        TrustKind::Disclosure => Disclosure::shape(),
        TrustKind::Controls => ControlWords::shape(),
    }
}

/// Reads a list of `content/data` that tickmark knows.
pub fn decode_trust(kind: TrustKind, file: FileId, text: &str, trust: &mut Trust, sink: &mut Sink) {
    trust.files.push((kind, file));
    for parsed in yaml::parse(text, 0, file, sink) {
        let mut reader = Reader { file, sink, ignored_keys: &[] };
        let root = &parsed.root;
        match kind {
            TrustKind::Commitments => list(root, &mut trust.commitments, &mut reader),
            TrustKind::Certifications => list(root, &mut trust.certifications, &mut reader),
            TrustKind::Subprocessors => list(root, &mut trust.subprocessors, &mut reader),
            TrustKind::Notice => trust.notice = one(root, &mut reader),
            TrustKind::Faq => list(root, &mut trust.questions, &mut reader),
            TrustKind::Updates => list(root, &mut trust.updates, &mut reader),
            TrustKind::Contact => list(root, &mut trust.contacts, &mut reader),
            TrustKind::Disclosure => trust.disclosure = one(root, &mut reader),
            TrustKind::Controls => controls(root, &mut trust.controls, &mut reader),
        }
    }
}

/// The entries of a list. One that cannot be read takes no other along.
fn list<D: Document>(root: &Node<'_>, into: &mut Vec<D>, reader: &mut Reader<'_>) {
    let items = match &root.value {
        Value::List(items) => items,
        Value::Null | Value::Broken => return,
        _ => return drop(Vec::<D>::read(root, reader)),
    };
    for item in items {
        match item.value {
            Value::Map(_) => {
                let mut entry = D::blank(item.span);
                read_document(&mut entry, item, reader);
                into.push(entry);
            }
            Value::Broken => {}
            _ => reader.wrong(
                item,
                D::NAME,
                format!("every item of this list is a map, as in `{{{}: …}}`", D::table()[0].shape.name),
            ),
        }
    }
}

fn one<D: Document>(root: &Node<'_>, reader: &mut Reader<'_>) -> Option<D> {
    if matches!(root.value, Value::Null | Value::Broken) {
        return None;
    }
    let mut document = D::blank(root.span);
    read_document(&mut document, root, reader);
    Some(document)
}

/// As [`list`]; what a control is called has a form.
fn controls(root: &Node<'_>, into: &mut Vec<ControlWords>, reader: &mut Reader<'_>) {
    let before = into.len();
    list(root, into, reader);
    for words in &into[before..] {
        let Some(span) = words.control.span() else { continue };
        if words.control.get().is_some_and(|c| super::front::framework_and_control(c.as_str()).is_none()) {
            super::front::no_control(&Node { span, value: Value::Null }, reader);
        }
    }
}
