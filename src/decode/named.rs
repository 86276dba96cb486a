//! Maps whose keys are the author's own: reasons, links, types, windows.

use super::reader::{Got, Read, Reader, field};
use super::said::Said;
use super::table::{Document, Kind, Look, Looked, read_document};
use crate::model::{Named, Spanned, Word};
use crate::source::Span;
use crate::yaml::{Node, Value};

/// Name → text.
pub(crate) type NamedTexts = Vec<Named>;

impl Read for Vec<Named> {
    const KIND: Kind = Kind::Named(&Kind::Prose);

    fn read(node: &Node<'_>, reader: &mut Reader<'_>) -> Got<Self> {
        let Value::Map(entries) = &node.value else {
            reader.wrong(node, "a map of names", "write it as `{name: text}`");
            return Got::Broken;
        };
        if entries.is_empty() {
            return Got::Blank;
        }
        Got::Is(
            entries
                .iter()
                .map(|e| Named { name: Word::new(&e.key.text), name_span: e.key.span, text: field(&e.value, reader) })
                .collect(),
        )
    }

    fn look(&self, _: Span) -> Look<'_> {
        Look::One(self)
    }

    fn said(&self) -> Said<'_> {
        Said::Named(self)
    }
}

impl Looked for Vec<Named> {
    fn look(&self, name: &str) -> Option<Look<'_>> {
        let entry = self.iter().find(|n| n.name.as_str() == name);
        Some(match entry.map(|n| &n.text) {
            None => Look::Missing(None),
            Some(field) => match field {
                crate::model::Field::Given(_, span) => Look::Value(*span),
                crate::model::Field::Broken(span) => Look::Broken(*span),
                other => Look::Missing(other.span()),
            },
        })
    }

    fn look_at(&self, _: usize) -> Look<'_> {
        Look::Missing(None)
    }

    fn said_at(&self, _: usize) -> Said<'_> {
        Said::Nothing
    }

    fn place(&self) -> Span {
        self.first().map(|n| n.name_span).unwrap_or_default()
    }

    fn mistake(&self) -> Option<Span> {
        self.iter().find_map(|n| if let crate::model::Field::Broken(span) = n.text { Some(span) } else { None })
    }
}

/// What can stand under a name of the author's own.
pub(crate) trait UnderName: Sized {
    /// What it is called in messages.
    const WHAT: &'static str;

    /// What it is, for lists of fields.
    const UNDER: Kind;

    /// From its node; `key` is where its name stands.
    fn read_named(node: &Node<'_>, key: Span, reader: &mut Reader<'_>) -> Self;
}

impl<D: Document> UnderName for D {
    const WHAT: &'static str = D::NAME;
    const UNDER: Kind = Kind::Document(D::shape);

    fn read_named(node: &Node<'_>, key: Span, reader: &mut Reader<'_>) -> Self {
        let mut document = D::blank(key.to(node.span));
        read_document(&mut document, node, reader);
        document
    }
}

/// Name → what stands under it, in the order they are written.
#[derive(Debug, Default)]
pub(crate) struct Dictionary<D>(pub(crate) Vec<(Spanned<Word>, D)>);

impl<D: UnderName> Read for Dictionary<D> {
    const KIND: Kind = Kind::Named(&D::UNDER);

    fn read(node: &Node<'_>, reader: &mut Reader<'_>) -> Got<Self> {
        let Value::Map(entries) = &node.value else {
            reader.wrong(node, "a map of names", format!("write a name, a colon, and then {}", D::WHAT));
            return Got::Broken;
        };
        let mut list = Vec::with_capacity(entries.len());
        for entry in entries {
            let value = D::read_named(&entry.value, entry.key.span, reader);
            list.push((Spanned { value: Word::new(&entry.key.text), span: entry.key.span }, value));
        }
        Got::Is(Self(list))
    }
}

/// One document, or a list of them.
#[derive(Debug, Default)]
pub(crate) struct OneOrMany<D>(pub(crate) Vec<D>);

impl<D: Document> Read for OneOrMany<D> {
    const KIND: Kind = Kind::OneOrMany(D::shape);

    fn read(node: &Node<'_>, reader: &mut Reader<'_>) -> Got<Self> {
        match &node.value {
            Value::List(_) => match Vec::<D>::read(node, reader) {
                Got::Is(list) => Got::Is(Self(list)),
                Got::Blank => Got::Blank,
                Got::Broken => Got::Broken,
            },
            _ => match Box::<D>::read(node, reader) {
                Got::Is(one) => Got::Is(Self(vec![*one])),
                Got::Blank => Got::Blank,
                Got::Broken => Got::Broken,
            },
        }
    }
}

impl<D: Document> UnderName for OneOrMany<D> {
    const WHAT: &'static str = D::NAME;
    const UNDER: Kind = Kind::OneOrMany(D::shape);

    fn read_named(node: &Node<'_>, _: Span, reader: &mut Reader<'_>) -> Self {
        match Self::read(node, reader) {
            Got::Is(list) => list,
            Got::Blank | Got::Broken => Self(Vec::new()),
        }
    }
}
