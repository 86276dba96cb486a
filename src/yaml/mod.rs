//! YAML as people write it: text in, trees with a place for every key and value out.
//!
//! The reader goes on after every mistake, so that one run shows all of them, and it never interprets a scalar: `no`,
//! `1.10` and `~` stay text until a field says what it wants. One pass over the bytes, recursive with a limit on depth,
//! and nothing is copied that stands in the text as it is meant. Invariants: every span lies in the text and on character
//! boundaries; every `Broken` has been reported; the time taken is linear in the text. What it does not do: anchors,
//! aliases, tags, merge keys and complex keys are refused, and no field is known here.

mod block;
pub mod codes;
mod cursor;
mod flow;
mod key;
mod literal;
mod mend;
mod plain;
mod quoted;
mod refuse;
#[cfg(test)]
mod tests;
mod write;

pub use codes::CODES;
pub use write::{block, inline};

use std::borrow::Cow;

use crate::diag::Sink;
use crate::source::{FileId, Span};
use cursor::Reader;

/// One YAML document of a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Document<'s> {
    /// What it holds.
    pub root: Node<'s>,
}

/// A value and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Node<'s> {
    /// The value itself: a scalar with its quotes, a collection from its first key or dash to the end of its last value.
    pub span: Span,
    /// What is written there.
    pub value: Value<'s>,
}

/// What is written at a place.
#[derive(Clone, Debug, PartialEq)]
pub enum Value<'s> {
    /// Text, not interpreted.
    Scalar(Scalar<'s>),
    /// A list, in block or in flow style.
    List(Vec<Node<'s>>),
    /// A map, in block or in flow style; every key stands once.
    Map(Vec<Entry<'s>>),
    /// Nothing: `key:`.
    Null,
    /// A mistake that has been reported.
    Broken,
}

/// A piece of text as it is meant, without quotes, escapes and indentation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scalar<'s> {
    /// The text.
    pub text: Cow<'s, str>,
    /// How it was written.
    pub style: Style,
}

/// How a scalar is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Without quotes.
    Plain,
    /// `'…'`.
    SingleQuoted,
    /// `"…"`.
    DoubleQuoted,
    /// `|`.
    Literal,
    /// `>`.
    Folded,
}

/// A key and its value.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry<'s> {
    /// The key.
    pub key: Key<'s>,
    /// The value.
    pub value: Node<'s>,
}

/// A key of a map.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key<'s> {
    /// The text, without quotes.
    pub text: Cow<'s, str>,
    /// Where it stands, with its quotes.
    pub span: Span,
}

impl<'s> Node<'s> {
    /// The scalar, if it is one.
    pub fn as_scalar(&self) -> Option<&Scalar<'s>> {
        if let Value::Scalar(scalar) = &self.value { Some(scalar) } else { None }
    }

    /// The items, if it is a list.
    pub fn as_list(&self) -> Option<&[Node<'s>]> {
        if let Value::List(items) = &self.value { Some(items) } else { None }
    }

    /// The entries, if it is a map.
    pub fn as_map(&self) -> Option<&[Entry<'s>]> {
        if let Value::Map(entries) = &self.value { Some(entries) } else { None }
    }

    /// Whether the same is written there, wherever that is: style, order and quotes count, comments and layout do not.
    pub fn says_as(&self, other: &Self) -> bool {
        match (&self.value, &other.value) {
            (Value::List(a), Value::List(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.says_as(b)),
            (Value::Map(a), Value::Map(b)) => {
                a.len() == b.len()
                    && a.iter().zip(b).all(|(a, b)| a.key.text == b.key.text && a.value.says_as(&b.value))
            }
            (a, b) => a == b,
        }
    }

    /// The value of a key, if this is a map that has it.
    pub fn get(&self, key: &str) -> Option<&Node<'s>> {
        self.as_map()?.iter().find(|entry| entry.key.text == key).map(|entry| &entry.value)
    }
}

/// Reads all documents of `text`; what is wrong goes into `sink`.
///
/// `offset` is added to every span: front matter is a part of a larger file. Line ends are `\n`, as [`crate::source`]
/// makes them. Documents that hold nothing but comments are left out.
pub fn parse<'s>(text: &'s str, offset: usize, file: FileId, sink: &mut Sink) -> Vec<Document<'s>> {
    let mut reader = Reader::new(text, offset, file, sink);
    reader.warn_of_hidden_characters();
    reader.find_content(if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 });
    let mut documents = Vec::new();
    while let Some(root) = reader.document() {
        if root.value != Value::Null {
            documents.push(Document { root });
        }
    }
    documents
}
