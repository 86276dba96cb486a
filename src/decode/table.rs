//! One table per kind of document: its fields, their types and what they mean.
//!
//! The table drives decoding, "did you mean", paths in rules, and every list of fields shown to people, so that a field
//! is defined once.

use super::codes;
use super::reader::{Got, Read, Reader};
use super::said::Said;
use crate::diag::{Diagnostic, fix, suggest};
use crate::source::Span;
use crate::yaml::{Entry, Node, Value};

/// What a field holds.
#[derive(Clone, Copy)]
pub enum Kind {
    /// An id.
    Id,
    /// Words for people.
    Prose,
    /// A short word.
    Word,
    /// A person's id.
    Person,
    /// A role.
    Role,
    /// A web address.
    Link,
    /// An instant.
    Time,
    /// A day.
    Day,
    /// A day, or a month, which stands for its first day.
    DayOrMonth,
    /// A duration in words.
    Duration,
    /// A stretch of the clock.
    Hours,
    /// `true` or `false`.
    Bool,
    /// A whole number.
    Count,
    /// A whole number, both ends included.
    Between(u32, u32),
    /// One of these words; what each of them means, where that is said.
    Words(&'static [&'static str], &'static [&'static str]),
    /// A word, most often one of these; what each of them means.
    Usual(&'static [&'static str], &'static [&'static str]),
    /// Text of this form (a regular expression), as in this example.
    Form(&'static str, &'static str),
    /// A path to a field of such a document.
    Path(fn() -> Shape),
    /// Any of these.
    Either(&'static [Kind]),
    /// A list.
    List(&'static Kind),
    /// A document of its own.
    Document(fn() -> Shape),
    /// A list of documents.
    Documents(fn() -> Shape),
    /// A document, or a list of them.
    OneOrMany(fn() -> Shape),
    /// A document of which any part may be left out, or a list of them.
    Parts(fn() -> Shape),
    /// A map whose keys are some of these words, and what stands under each.
    Keyed(&'static [&'static str], &'static Kind),
    /// A map whose keys are the author's own, and what stands under each.
    Named(&'static Kind),
    /// Anything.
    Free,
}

/// A table without its reader: what schemas, paths and lists of fields are made from.
pub struct Shape {
    /// What the document is called.
    pub name: &'static str,
    /// Its fields.
    pub fields: Vec<FieldShape>,
}

/// One field of a [`Shape`].
#[derive(Clone, Copy)]
pub struct FieldShape {
    /// Its key.
    pub name: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// Whether it must be there.
    pub required: bool,
    /// Whether the word `none` answers it.
    pub answers_none: bool,
    /// What it means.
    pub doc: &'static str,
}

/// What stands at a field of a decoded document.
pub enum Look<'d> {
    /// Nothing, or something blank.
    Missing(Option<Span>),
    /// A mistake.
    Broken(Span),
    /// A value.
    Value(Span),
    /// A document.
    One(&'d dyn Looked),
    /// A list of documents.
    Many(Vec<&'d dyn Looked>, Span),
}

/// A decoded document whose fields can be asked for by name.
pub trait Looked {
    /// What stands at a field; nothing where the table has no such field.
    fn look(&self, name: &str) -> Option<Look<'_>>;

    /// What stands at the field with this number in its table.
    fn look_at(&self, number: usize) -> Look<'_>;

    /// What the field with this number says.
    fn said_at(&self, number: usize) -> Said<'_>;

    /// Where the document stands.
    fn place(&self) -> Span;

    /// The first mistake in it or in a document inside it.
    fn mistake(&self) -> Option<Span>;
}

/// One row of a table.
pub(crate) struct FieldDef<D> {
    pub(crate) shape: FieldShape,
    pub(crate) read: fn(&mut D, &Node<'_>, &mut Reader<'_>),
    /// Marks the field as a mistake that stands there, where nothing else does.
    pub(crate) spoil: fn(&mut D, Span),
    pub(crate) look: for<'d> fn(&'d D) -> Look<'d>,
    pub(crate) said: for<'d> fn(&'d D) -> Said<'d>,
}

/// A kind of document.
pub(crate) trait Document: Sized + 'static {
    /// What it is called, as in "a change record".
    const NAME: &'static str;

    /// Its fields.
    fn table() -> &'static [FieldDef<Self>];

    /// One of which nothing is known but where it stands.
    fn blank(span: Span) -> Self;

    /// Where it stands.
    fn span(&self) -> Span;

    /// Its table without the reader.
    fn shape() -> Shape {
        Shape { name: Self::NAME, fields: Self::table().iter().map(|def| def.shape).collect() }
    }
}

impl<D: Document> Looked for D {
    fn look(&self, name: &str) -> Option<Look<'_>> {
        D::table().iter().find(|def| def.shape.name == name).map(|def| (def.look)(self))
    }

    fn look_at(&self, number: usize) -> Look<'_> {
        D::table().get(number).map_or(Look::Missing(None), |def| (def.look)(self))
    }

    fn said_at(&self, number: usize) -> Said<'_> {
        D::table().get(number).map_or(Said::Nothing, |def| (def.said)(self))
    }

    fn place(&self) -> Span {
        self.span()
    }

    fn mistake(&self) -> Option<Span> {
        D::table().iter().find_map(|def| match (def.look)(self) {
            Look::Broken(span) => Some(span),
            Look::One(inner) => inner.mistake(),
            Look::Many(items, _) => items.iter().find_map(|i| i.mistake()),
            Look::Missing(_) | Look::Value(_) => None,
        })
    }
}

/// Reads the entries of a map into a document. Every mistake in it is reported. A misspelt key breaks the field it was
/// meant for, so that a rule that reads it is `unknown` and never takes it for absent.
pub(crate) fn read_document<D: Document>(document: &mut D, node: &Node<'_>, reader: &mut Reader<'_>) {
    let entries = match &node.value {
        Value::Map(entries) => entries,
        Value::Broken => return,
        Value::Null => &Vec::new(),
        _ => {
            reader.wrong(node, D::NAME, format!("{} is a list of `key: value` lines", D::NAME));
            return;
        }
    };
    let seen = read_entries(document, entries, reader);
    for (index, def) in D::table().iter().enumerate().filter(|(_, def)| def.shape.required) {
        let at = Span { start: node.span.start, end: entries.first().map_or(node.span.start, |e| e.key.span.end) };
        let (at, headline) = match (def.look)(document) {
            Look::Missing(None) if seen & (1 << index) == 0 => (at, format!("{} needs `{}`", D::NAME, def.shape.name)),
            Look::Missing(Some(blank)) => (blank, format!("`{}` is blank", def.shape.name)),
            _ => continue,
        };
        reader.report(
            Diagnostic::new(&codes::MISSING_KEY, reader.file, at, headline)
                .help(format!("add `{}`: {}", def.shape.name, def.shape.doc)),
        );
    }
}

/// Reads a part of a document, of which nothing is required: an example.
pub(crate) fn read_part<D: Document>(document: &mut D, node: &Node<'_>, reader: &mut Reader<'_>) {
    match &node.value {
        Value::Map(entries) => {
            read_entries(document, entries, reader);
        }
        Value::Broken | Value::Null => {}
        _ => reader.wrong(node, D::NAME, format!("{} is a map, as in `{{risk: high}}`", D::NAME)),
    }
}

/// Reads the entries of a map into a document: which fields it spoke of, misspelt or not, as bits.
fn read_entries<D: Document>(document: &mut D, entries: &[Entry<'_>], reader: &mut Reader<'_>) -> u64 {
    let table = D::table();
    let mut seen = 0_u64;
    // Documents are mostly written in the table's order, so that the next row is the first guess.
    let mut guess = 0;
    for entry in entries {
        let key = &*entry.key.text;
        let found = match table.get(guess) {
            Some(def) if def.shape.name == key => Some(guess),
            _ => table.iter().position(|def| def.shape.name == key),
        };
        if let Some(index) = found {
            seen |= 1 << index;
            guess = index + 1;
            (table[index].read)(document, &entry.value, reader);
        } else if !matches!(entry.value.value, Value::Broken)
            && !reader.ignored_keys.iter().any(|k| k == key)
            && let Some(meant) = unknown_key(document, entry, entries, reader)
        {
            seen |= 1 << meant;
        }
    }
    seen
}

/// Reports a key that the table does not have, and breaks the field it was meant for, if that is plain: its number.
fn unknown_key<D: Document>(
    document: &mut D,
    entry: &Entry<'_>,
    entries: &[Entry<'_>],
    reader: &mut Reader<'_>,
) -> Option<usize> {
    let table = D::table();
    let key = &*entry.key.text;
    let names = table.iter().map(|def| def.shape.name);
    let near = suggest::nearest(key, names.clone());
    let mended = near.and_then(|_| mended(key, entries, &names));
    let mut finding =
        Diagnostic::new(&codes::UNKNOWN_KEY, reader.file, entry.key.span, format!("{} has no key `{key}`", D::NAME));
    // Front matter is shared with whatever else publishes the text.
    if near.is_none() && matches!(D::NAME, "a policy" | "a page") {
        finding = finding.note(format!(
            "if another program reads it, say so in tickmark.yaml: `policies: {{ignored_keys: [{}]}}`",
            key.escape_debug()
        ));
    }
    reader.report(finding.help(suggest::help_with(near, names)).fix(entry.key.span, key, mended));
    let near = near?;
    let meant = table.iter().position(|def| def.shape.name == near)?;
    (table[meant].spoil)(document, entry.key.span);
    Some(meant)
}

/// How many keys a document may have whose spelling is mended. In one with more, which is none of ours, each would be held
/// against all the others.
const KEYS: usize = 1_000;

/// The key that this one is a misspelling of, unless it is there already or another one could be it, too.
fn mended<'n>(key: &str, entries: &[Entry<'_>], names: &(impl Iterator<Item = &'n str> + Clone)) -> Option<&'n str> {
    let meant = fix::key(key, names.clone()).filter(|_| entries.len() <= KEYS)?;
    let others = entries.iter().map(|e| &*e.key.text).filter(|other| *other != key);
    let taken = others.clone().any(|other| other == meant || fix::key(other, names.clone()) == Some(meant));
    (!taken).then_some(meant)
}

impl<D: Document> Read for Box<D> {
    const KIND: Kind = Kind::Document(D::shape);

    fn read(node: &Node<'_>, reader: &mut Reader<'_>) -> Got<Self> {
        if !matches!(node.value, Value::Map(_)) {
            reader.wrong(node, D::NAME, format!("{} is a map, as in `{{{}: …}}`", D::NAME, D::table()[0].shape.name));
            return Got::Broken;
        }
        let mut document = Box::new(D::blank(node.span));
        read_document(&mut *document, node, reader);
        Got::Is(document)
    }

    fn look(&self, _: Span) -> Look<'_> {
        Look::One(&**self)
    }
}

impl<D: Document> Read for Vec<D> {
    const KIND: Kind = Kind::Documents(D::shape);

    fn read(node: &Node<'_>, reader: &mut Reader<'_>) -> Got<Self> {
        let Value::List(items) = &node.value else {
            reader.wrong(node, "a list", format!("begin each item with `- `: every one is {}", D::NAME));
            return Got::Broken;
        };
        if items.is_empty() {
            return Got::Blank;
        }
        let mut list = Vec::with_capacity(items.len());
        let mut broken = false;
        for item in items {
            if matches!(item.value, Value::Map(_)) {
                let mut document = D::blank(item.span);
                read_document(&mut document, item, reader);
                list.push(document);
            } else {
                broken = true;
                if !matches!(item.value, Value::Broken) {
                    reader.wrong(
                        item,
                        D::NAME,
                        format!("every item of this list is a map, as in `{{{}: …}}`", D::table()[0].shape.name),
                    );
                }
            }
        }
        if broken { Got::Broken } else { Got::Is(list) }
    }

    fn look(&self, span: Span) -> Look<'_> {
        Look::Many(self.iter().map(|d| d as &dyn Looked).collect(), span)
    }
}

/// One row: `row!(name: field_of_the_struct, flags…; "what it means")`. `Type = Kind` says more of what a field holds than
/// its type does.
macro_rules! row {
    ($doc_type:ty, $name:literal, $field:ident: $type:ty $(= $kind:expr)?, $($flag:ident),* ; $doc:literal) => {
        crate::decode::table::FieldDef::<$doc_type> {
            shape: crate::decode::table::FieldShape {
                name: $name,
                kind: crate::decode::table::row!(@kind $type $(, $kind)?),
                required: crate::decode::table::row!(@has required $($flag)*),
                answers_none: crate::decode::table::row!(@has none $($flag)*),
                doc: $doc,
            },
            read: |document, node, reader| {
                const ANSWERS_NONE: bool = crate::decode::table::row!(@has none $($flag)*);
                document.$field = if crate::decode::reader::is_none_word(node) {
                    <$type as crate::decode::table::NoneWord>::none_word(ANSWERS_NONE, node, reader)
                } else {
                    crate::decode::reader::field::<$type>(node, reader)
                };
            },
            spoil: |document, span| {
                if matches!(document.$field, crate::model::Field::Absent) {
                    document.$field = crate::model::Field::Broken(span);
                }
            },
            look: |document| match &document.$field {
                crate::model::Field::Absent => crate::decode::table::Look::Missing(None),
                crate::model::Field::Blank(span) => crate::decode::table::Look::Missing(Some(*span)),
                crate::model::Field::Broken(span) => crate::decode::table::Look::Broken(*span),
                crate::model::Field::Given(value, span) => crate::decode::reader::Read::look(value, *span),
            },
            said: |document| match &document.$field {
                crate::model::Field::Given(value, _) => crate::decode::reader::Read::said(value),
                _ => crate::decode::said::Said::Nothing,
            },
        }
    };
    (@kind $type:ty) => { <$type as crate::decode::reader::Read>::KIND };
    (@kind $type:ty, $kind:expr) => { $kind };
    (@has required required $($rest:ident)*) => { true };
    (@has none none $($rest:ident)*) => { true };
    (@has $wanted:ident $first:ident $($rest:ident)*) => { crate::decode::table::row!(@has $wanted $($rest)*) };
    (@has $wanted:ident) => { false };
}
pub(crate) use row;

/// What the word `none` comes to in a field of this type.
pub(crate) trait NoneWord: Read {
    /// An empty answer, blank, or the word itself where it is one of the type's own.
    fn none_word(answers: bool, node: &Node<'_>, reader: &mut Reader<'_>) -> crate::model::Field<Self>;
}

macro_rules! none_is_blank {
    ($($type:ty),+ $(,)?) => {$(
        impl NoneWord for $type {
            fn none_word(_: bool, node: &Node<'_>, _: &mut Reader<'_>) -> crate::model::Field<Self> {
                crate::model::Field::Blank(node.span)
            }
        }
    )+};
}
none_is_blank!(
    crate::model::Id,
    crate::model::Word,
    crate::model::PersonId,
    crate::model::Role,
    crate::model::Link,
    crate::model::Time,
    jiff::civil::Date,
    crate::model::Duration,
    bool,
    u32,
    (),
    crate::model::Hours,
    crate::model::OpenFindings,
    super::reader::DayOrMonth,
);

macro_rules! none_is_a_word {
    ($($type:ty),+ $(,)?) => {$(
        impl NoneWord for $type {
            fn none_word(_: bool, node: &Node<'_>, reader: &mut Reader<'_>) -> crate::model::Field<Self> {
                super::reader::field::<Self>(node, reader)
            }
        }
    )+};
}
none_is_a_word!(
    crate::model::Status,
    crate::model::Risk,
    crate::model::ReviewResult,
    crate::model::Medium,
    crate::model::GateResult,
    crate::model::DeploymentResult,
    crate::model::OutcomeResult,
    crate::model::Relation,
    crate::model::Preventable,
    crate::model::CodeOwners,
    crate::model::PersonKind,
    crate::model::Classification,
    crate::model::Event,
    crate::model::Severity,
    crate::model::WeekdayWord,
);

impl NoneWord for crate::model::Prose {
    fn none_word(answers: bool, node: &Node<'_>, _: &mut Reader<'_>) -> crate::model::Field<Self> {
        if answers {
            crate::model::Field::Given(Self::new("none"), node.span)
        } else {
            crate::model::Field::Blank(node.span)
        }
    }
}

impl<T> NoneWord for Vec<T>
where
    Self: Read,
{
    fn none_word(answers: bool, node: &Node<'_>, _: &mut Reader<'_>) -> crate::model::Field<Self> {
        if answers { crate::model::Field::Given(Self::new(), node.span) } else { crate::model::Field::Blank(node.span) }
    }
}

impl<D> NoneWord for Box<D>
where
    Self: Read,
{
    fn none_word(_: bool, node: &Node<'_>, _: &mut Reader<'_>) -> crate::model::Field<Self> {
        crate::model::Field::Blank(node.span)
    }
}

/// Whether a path names a field of a shape, through documents and lists of documents; else the part that does not, and
/// what could stand there.
pub fn check_path(shape: &Shape, path: &str) -> Result<(), (String, Vec<&'static str>)> {
    let (head, rest) = path.split_once('.').map_or((path, None), |(h, r)| (h, Some(r)));
    let Some(field) = shape.fields.iter().find(|f| f.name == head) else {
        return Err((head.to_owned(), shape.fields.iter().map(|f| f.name).collect()));
    };
    match (field.kind, rest) {
        // What is the author's own is never judged.
        _ if head == "extra" => {
            let judged = shape.fields.iter().map(|f| f.name).filter(|name| *name != "extra");
            Err((head.to_owned(), judged.collect()))
        }
        (_, None) | (Kind::Free | Kind::Named(_) | Kind::Keyed(..), Some(_)) => Ok(()),
        (Kind::Document(inner) | Kind::Documents(inner) | Kind::OneOrMany(inner), Some(rest)) => {
            check_path(&inner(), rest)
        }
        (_, Some(rest)) => Err((rest.to_owned(), Vec::new())),
    }
}
