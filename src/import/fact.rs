//! What was drafted: fields with values, in the order of the table of change records, and their text.
//!
//! Nothing here knows where a value came from; whoever puts one in has made sure that its field may hold it.

use std::sync::LazyLock;

use crate::decode::record_shape;
use crate::decode::table::{FieldShape, Kind, Shape};
use crate::yaml;

/// The table of change records: it is asked for each value that is put anywhere.
pub(super) fn of_record() -> &'static Shape {
    static SHAPE: LazyLock<Shape> = LazyLock::new(record_shape);
    &SHAPE
}

/// A value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fact {
    /// Words.
    Text(String),
    /// What is written as it is: an instant, `true`, a number.
    Bare(String),
    /// Several.
    List(Vec<Fact>),
    /// Fields with values.
    Doc(Doc),
    /// Names of the author's own, and what stands under each.
    Named(Vec<(String, Fact)>),
}

/// Fields with values.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Doc {
    /// The number of the field in its table, its name, its value.
    values: Vec<(usize, &'static str, Fact)>,
}

impl Doc {
    /// The value of a field.
    pub(super) fn get(&self, name: &str) -> Option<&Fact> {
        self.values.iter().find(|(_, field, _)| *field == name).map(|(.., fact)| fact)
    }

    /// The words of a field.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        match self.get(name)? {
            Fact::Text(text) | Fact::Bare(text) => Some(text),
            _ => None,
        }
    }

    /// Gives a field of this table a value, in place of the one it has.
    pub(super) fn set(&mut self, shape: &Shape, name: &str, fact: Fact) {
        let Some(number) = shape.fields.iter().position(|f| f.name == name) else { return };
        self.values.retain(|(n, ..)| *n != number);
        let at = self.values.partition_point(|(n, ..)| *n < number);
        self.values.insert(at, (number, shape.fields[number].name, fact));
    }

    /// Takes a field's value out.
    pub(super) fn take(&mut self, name: &str) -> Option<Fact> {
        let at = self.values.iter().position(|(_, field, _)| *field == name)?;
        Some(self.values.remove(at).2)
    }

    /// Adds to the list that a field of a record holds.
    pub(super) fn add(&mut self, name: &'static str, fact: Fact) {
        let mut list = match self.take(name) {
            Some(Fact::List(list)) => list,
            other => other.into_iter().collect(),
        };
        list.push(fact);
        self.set(of_record(), name, Fact::List(list));
    }

    /// Adds a name and a text to those that a field of a record holds; a name that is there stays as it is.
    pub(super) fn name(&mut self, field: &'static str, name: &str, fact: Fact) {
        let mut names = match self.take(field) {
            Some(Fact::Named(names)) => names,
            _ => Vec::new(),
        };
        if names.iter().all(|(known, _)| known != name) {
            names.push((name.to_owned(), fact));
        }
        self.set(of_record(), field, Fact::Named(names));
    }

    /// The first field that this table asks for and that has no value.
    pub(super) fn lacks(&self, shape: &Shape) -> Option<&'static str> {
        shape.fields.iter().find(|f| f.required && self.get(f.name).is_none()).map(|f| f.name)
    }

    /// Whether no field has a value.
    pub(super) fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// Every text in it, one after another.
    pub(super) fn words(&self) -> Vec<String> {
        let mut words = Vec::new();
        self.values.iter().for_each(|(.., fact)| fact.words(&mut words));
        words
    }

    /// The text of a record.
    pub(super) fn yaml(&self) -> String {
        let mut out = String::new();
        for (_, name, fact) in &self.values {
            out.push_str(name);
            out.push(':');
            fact.write(0, &mut out);
        }
        out
    }
}

/// How long a line with brackets may be.
const WIDTH: usize = 118;

impl Fact {
    fn words(&self, words: &mut Vec<String>) {
        match self {
            Self::Text(text) | Self::Bare(text) => words.push(text.clone()),
            Self::List(list) => list.iter().for_each(|fact| fact.words(words)),
            Self::Doc(doc) => words.extend(doc.words()),
            Self::Named(names) => names.iter().for_each(|(_, fact)| fact.words(words)),
        }
    }

    /// Writes what stands behind the colon of a key that is indented so far, up to the line end.
    fn write(&self, indent: usize, out: &mut String) {
        if let Self::Text(text) = self {
            let written = yaml::block(text, indent + 2).unwrap_or_else(|| yaml::inline(text, false));
            out.push_str(&format!(" {written}\n"));
            return;
        }
        let documents = matches!(self, Self::List(list) if list.iter().any(|f| matches!(f, Self::Doc(_))));
        let column = out.len() - out.rfind('\n').map_or(0, |end| end + 1);
        if let Some(line) = self.in_brackets().filter(|line| column + line.len() < WIDTH && !documents) {
            out.push_str(&format!(" {line}\n"));
            return;
        }
        out.push('\n');
        match self {
            Self::List(list) => list.iter().for_each(|item| item.write_item(indent + 2, out)),
            Self::Doc(doc) => {
                for (_, name, fact) in &doc.values {
                    out.push_str(&format!("{}{name}:", " ".repeat(indent + 2)));
                    fact.write(indent + 2, out);
                }
            }
            Self::Named(names) => {
                for (name, fact) in names {
                    out.push_str(&format!("{}{}:", " ".repeat(indent + 2), yaml::inline(name, true)));
                    fact.write(indent + 2, out);
                }
            }
            Self::Text(_) | Self::Bare(_) => {}
        }
    }

    /// Writes an item of a list whose dashes are indented so far.
    fn write_item(&self, indent: usize, out: &mut String) {
        let dash = format!("{}- ", " ".repeat(indent));
        match self.in_brackets().filter(|line| dash.len() + line.len() <= WIDTH) {
            Some(line) if !matches!(self, Self::Text(_)) => out.push_str(&format!("{dash}{line}\n")),
            _ => match self {
                Self::Doc(doc) => {
                    let mut lead = dash;
                    for (_, name, fact) in &doc.values {
                        out.push_str(&format!("{lead}{name}:"));
                        fact.write(indent + 2, out);
                        lead = " ".repeat(indent + 2);
                    }
                }
                Self::Text(text) => {
                    let written = yaml::block(text, indent + 2).unwrap_or_else(|| yaml::inline(text, false));
                    out.push_str(&format!("{dash}{written}\n"));
                }
                other => out.push_str(&format!("{dash}{}\n", other.in_brackets().unwrap_or_default())),
            },
        }
    }

    /// All of it on one line; nothing where a text in it has several.
    fn in_brackets(&self) -> Option<String> {
        let list = |facts: &mut dyn Iterator<Item = Option<String>>| facts.collect::<Option<Vec<_>>>();
        match self {
            Self::Text(text) if text.contains('\n') => None,
            Self::Text(text) => Some(yaml::inline(text, true)),
            Self::Bare(text) => Some(text.clone()),
            Self::List(items) => Some(format!("[{}]", list(&mut items.iter().map(Self::in_brackets))?.join(", "))),
            Self::Doc(doc) => {
                let pair = |(_, name, fact): &(usize, &str, Self)| Some(format!("{name}: {}", fact.in_brackets()?));
                Some(format!("{{{}}}", list(&mut doc.values.iter().map(pair))?.join(", ")))
            }
            Self::Named(names) => {
                let pair = |(name, fact): &(String, Self)| {
                    Some(format!("{}: {}", yaml::inline(name, true), fact.in_brackets()?))
                };
                Some(format!("{{{}}}", list(&mut names.iter().map(pair))?.join(", ")))
            }
        }
    }
}

/// A field of the table of change records, and, behind a dot, one of a document that stands in it.
pub(super) struct Found {
    /// The field of the record.
    pub(super) outer: FieldShape,
    /// The field of the document in it, with that document's table.
    pub(super) inner: Option<(Shape, FieldShape)>,
}

/// What a path leads to.
pub(super) fn find(path: &str) -> Option<Found> {
    let (head, rest) = path.split_once('.').map_or((path, None), |(head, rest)| (head, Some(rest)));
    let outer = of_record().fields.iter().copied().find(|f| f.name == head)?;
    let inner = match (outer.kind, rest) {
        (Kind::Document(shape) | Kind::Documents(shape), Some(rest)) => {
            let shape = shape();
            let field = shape.fields.iter().find(|f| f.name == rest).copied()?;
            Some((shape, field))
        }
        _ => None,
    };
    Some(Found { outer, inner })
}

/// The table of the documents that a field of a record holds.
pub(super) fn items_of(list: &str) -> Option<Shape> {
    match of_record().fields.iter().copied().find(|f| f.name == list)?.kind {
        Kind::Document(shape) | Kind::Documents(shape) => Some(shape()),
        _ => None,
    }
}
