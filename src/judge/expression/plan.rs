//! What an expression reads of a record, found out before any record is seen: numbered values, read in one go.
//!
//! A rule that reads a field with a mistake is `unknown`, whatever else the expression would say; so is one that reads an
//! event that only history knows. What a record does not say is `none`, an empty list, or, for a yes or no, `false`; a
//! required field that is not there is a mistake.

use std::sync::Arc;

use jiff::Timestamp;
use minijinja::Value;

use super::engine::{Values, nothing};
use super::types::Type;
use crate::decode::said::Said;
use crate::decode::table::{Look, Looked};
use crate::judge::case::{Case, Moment};
use crate::model::{Duration, Event, Severity};
use crate::source::Span;

/// Why a record's values could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hindrance {
    /// A field has a mistake.
    Broken(Span),
    /// Only history could say.
    History,
}

/// A field of a document: the numbers of the rows of the tables that lead to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct FieldAt {
    pub(super) rows: Vec<usize>,
    /// The key, where the field is a map of the author's own names.
    pub(super) key: Option<Box<str>>,
    /// Whether its document has to have it.
    pub(super) required: bool,
}

/// Where a value comes from.
#[derive(Clone, Debug)]
pub(super) enum Source {
    /// A field.
    Field(FieldAt),
    /// Whether a document is there.
    Presence(FieldAt),
    /// A list of documents, of which these fields are asked for.
    Rows(FieldAt, Vec<(FieldAt, Type)>),
    /// When an event was.
    Event(Event),
    /// The instant of judging.
    AsOf,
    /// The same for every record of the policy version.
    Fixed(Value),
}

/// One value that is read.
#[derive(Clone, Debug)]
pub(super) struct Reading {
    /// As it is written, without `change.`.
    pub(super) name: String,
    pub(super) source: Source,
    pub(super) type_: Type,
}

/// What an expression reads.
#[derive(Debug, Default)]
pub(super) struct Plan {
    pub(super) readings: Vec<Reading>,
    pub(super) constants: Vec<Value>,
    /// Names of what must be there for something to be said.
    pub(super) asked: Vec<String>,
}

impl Plan {
    /// The number of a reading, made where there is none of that name yet.
    pub(super) fn reading(&mut self, name: &str, source: Source, type_: Type) -> usize {
        if let Some(known) = self.readings.iter().position(|r| r.name == name) {
            return known;
        }
        self.readings.push(Reading { name: name.to_owned(), source, type_ });
        self.readings.len() - 1
    }

    /// The number of a field of the items of a list.
    pub(super) fn column(&mut self, rows: usize, field: &FieldAt, type_: &Type) -> usize {
        let Source::Rows(_, columns) = &mut self.readings[rows].source else { return 0 };
        if let Some(known) = columns.iter().position(|(f, _)| f == field) {
            return known;
        }
        columns.push((field.clone(), type_.clone()));
        columns.len() - 1
    }

    /// The lowered name of a constant.
    pub(super) fn constant(&mut self, value: Value) -> String {
        self.constants.push(value);
        format!("c{}", self.constants.len() - 1)
    }

    /// The number under which something that must be there is known.
    pub(super) fn must_be_there(&mut self, name: &str) -> usize {
        if let Some(known) = self.asked.iter().position(|n| n == name) {
            return known;
        }
        self.asked.push(name.to_owned());
        self.asked.len() - 1
    }

    /// Whether anything of the record is read.
    pub(super) fn reads_record(&self) -> bool {
        self.readings.iter().any(|r| !matches!(r.source, Source::AsOf | Source::Fixed(_)))
    }

    /// Reads everything from a record.
    pub(super) fn read(&self, case: &Case<'_>, constants: &Arc<[Value]>) -> Result<Value, Hindrance> {
        let mut read = Vec::with_capacity(self.readings.len());
        for reading in &self.readings {
            read.push(reading.read(case)?);
        }
        Ok(Value::from_object(Values { read, constants: Arc::clone(constants) }))
    }
}

/// An instant as the engine compares it.
pub(super) fn instant(at: Timestamp) -> Value {
    Value::from(at.as_nanosecond())
}

impl Reading {
    fn read(&self, case: &Case<'_>) -> Result<Value, Hindrance> {
        match &self.source {
            Source::Field(field) => field.value(case.record, &self.type_),
            Source::Presence(field) => match field.find(case.record) {
                Look::Broken(span) => Err(Hindrance::Broken(span)),
                Look::Missing(_) => Ok(nothing()),
                _ => Ok(Value::from(true)),
            },
            Source::Rows(field, columns) => rows(field.find(case.record), columns),
            Source::Event(event) => match case.event(*event) {
                Moment::At(at, _) => Ok(instant(at)),
                Moment::Never => Ok(nothing()),
                Moment::Broken(span) => Err(Hindrance::Broken(span)),
                Moment::History => Err(Hindrance::History),
            },
            Source::AsOf => Ok(instant(case.as_of)),
            Source::Fixed(value) => Ok(value.clone()),
        }
    }

    /// Where what is read stands in a record.
    pub(super) fn place(&self, case: &Case<'_>) -> Option<Span> {
        match &self.source {
            Source::Field(field) | Source::Presence(field) | Source::Rows(field, _) => match field.find(case.record) {
                Look::Missing(span) => span,
                Look::Broken(span) | Look::Value(span) | Look::Many(_, span) => Some(span),
                Look::One(document) => Some(document.place()),
            },
            Source::Event(event) => match case.event(*event) {
                Moment::At(_, span) | Moment::Broken(span) => Some(span),
                Moment::Never | Moment::History => None,
            },
            Source::AsOf | Source::Fixed(_) => None,
        }
    }

    /// What is read, for people.
    pub(super) fn shown(&self, case: &Case<'_>) -> String {
        match (&self.source, self.read(case)) {
            (_, Err(Hindrance::Broken(_))) => "it has a mistake".to_owned(),
            (_, Err(Hindrance::History)) => "only history could say".to_owned(),
            (Source::Presence(_), Ok(value)) => if value.is_none() { "not given" } else { "given" }.to_owned(),
            (Source::Rows(..), Ok(value)) => match value.len().unwrap_or_default() {
                0 => "none".to_owned(),
                1 => "1 entry".to_owned(),
                n => format!("{n} entries"),
            },
            (_, Ok(value)) => self.type_.shown(&value, case),
        }
    }
}

fn rows(look: Look<'_>, columns: &[(FieldAt, Type)]) -> Result<Value, Hindrance> {
    match look {
        Look::Broken(span) => Err(Hindrance::Broken(span)),
        Look::Many(items, _) => {
            let mut list = Vec::with_capacity(items.len());
            for item in items {
                let cells: Result<Vec<Value>, Hindrance> =
                    columns.iter().map(|(field, type_)| field.value(item, type_)).collect();
                list.push(Value::from(cells?));
            }
            Ok(Value::from(list))
        }
        _ => Ok(Value::from(Vec::<Value>::new())),
    }
}

impl FieldAt {
    /// What stands there.
    fn find<'d>(&self, document: &'d dyn Looked) -> Look<'d> {
        self.reach(document).map_or_else(|look| look, |(document, row)| document.look_at(row))
    }

    /// The document that has the field, and its row; else what stands in the way.
    fn reach<'d>(&self, document: &'d dyn Looked) -> Result<(&'d dyn Looked, usize), Look<'d>> {
        let (last, way) = self.rows.split_last().expect("a field has a row");
        let mut inner = document;
        for row in way {
            match inner.look_at(*row) {
                Look::One(document) => inner = document,
                other => return Err(other),
            }
        }
        Ok((inner, *last))
    }

    /// What it says, as the engine compares it.
    fn value(&self, document: &dyn Looked, type_: &Type) -> Result<Value, Hindrance> {
        let missing = || match type_ {
            Type::Flag => Value::from(false),
            Type::List(_) => Value::from(Vec::<Value>::new()),
            _ => nothing(),
        };
        let (document, row) = match self.reach(document) {
            Ok(reached) => reached,
            Err(Look::Broken(span)) => return Err(Hindrance::Broken(span)),
            Err(_) => return Ok(missing()),
        };
        match document.look_at(row) {
            Look::Broken(span) => Err(Hindrance::Broken(span)),
            Look::Missing(span) if self.required => Err(Hindrance::Broken(span.unwrap_or(document.place()))),
            Look::Missing(_) => Ok(missing()),
            _ => self.said(document.said_at(row)),
        }
    }

    fn said(&self, said: Said<'_>) -> Result<Value, Hindrance> {
        Ok(match (said, &self.key) {
            (Said::Counts(counts), Some(key)) => {
                let wanted = Severity::parse(key);
                let found = counts.iter().find(|(word, _)| Severity::parse(word.as_str()) == wanted);
                found.map_or_else(nothing, |(_, count)| Value::from(*count))
            }
            (Said::Named(names), Some(key)) => match names.iter().find(|n| n.name.as_str() == &**key) {
                Some(named) if named.text.is_broken() => {
                    return Err(Hindrance::Broken(named.text.span().unwrap_or(named.name_span)));
                }
                Some(named) => named.text.get().map_or_else(nothing, |text| Value::from(text.as_str())),
                None => nothing(),
            },
            (said, _) => plain(said),
        })
    }
}

fn plain(said: Said<'_>) -> Value {
    match said {
        Said::Text(text) => Value::from(text),
        Said::Time(at) => instant(at),
        Said::Length(Duration::Elapsed(seconds)) => Value::from(i128::from(seconds) * 1_000_000_000),
        Said::Flag(flag) => Value::from(flag),
        Said::Count(count) => Value::from(count),
        Said::List(items) => Value::from(items.into_iter().map(plain).collect::<Vec<_>>()),
        Said::Length(_) | Said::Nothing | Said::Counts(_) | Said::Named(_) => nothing(),
    }
}
