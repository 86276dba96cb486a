//! What an expression can be about: types, which words are closed, and the names there are. All from the tables that
//! records are read by, so that a field is defined once.

use std::rc::Rc;
use std::sync::Arc;

use minijinja::Value;

use super::plan::{FieldAt, instant};
use crate::decode::table::{FieldShape, Kind, Shape};
use crate::judge::case::Case;
use crate::model::{ChangeKind, Classification, Event, Impact, PolicyVersion, Severity, Vocabulary as Closed, Word};

/// A closed vocabulary.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Words {
    /// What a word of it is, as in "a change type".
    pub(super) what: String,
    pub(super) words: Vec<String>,
}

/// What kind of free text; unlike kinds are not compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Free {
    Text,
    Person,
    Role,
    Link,
}

/// What an expression comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Type {
    /// Yes or no.
    Flag,
    /// A whole number.
    Number,
    /// An instant.
    Instant,
    /// Elapsed time.
    Elapsed,
    /// Text of the author's own.
    Text(Free),
    /// A word of a closed vocabulary.
    Word(Arc<Words>),
    /// Several of one type.
    List(Box<Type>),
    /// A document inside the record.
    Document,
    /// A list of documents: the number of its reading.
    Rows(usize),
    /// One document of such a list.
    Row(usize),
    /// `none`.
    Nothing,
}

impl Type {
    /// What it is called.
    pub(super) fn name(&self) -> String {
        match self {
            Self::Flag => "yes or no".to_owned(),
            Self::Number => "a number".to_owned(),
            Self::Instant => "an instant".to_owned(),
            Self::Elapsed => "a length of time".to_owned(),
            Self::Text(Free::Text) => "text".to_owned(),
            Self::Text(Free::Person) => "a person".to_owned(),
            Self::Text(Free::Role) => "a role".to_owned(),
            Self::Text(Free::Link) => "an address".to_owned(),
            Self::Word(words) => words.what.clone(),
            Self::List(_) => "a list".to_owned(),
            Self::Rows(_) => "a list of entries".to_owned(),
            Self::Document | Self::Row(_) => "an entry with fields of its own".to_owned(),
            Self::Nothing => "`none`".to_owned(),
        }
    }

    /// Whether values of the two can be equal. Free words may be anything that is text.
    pub(super) fn like(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Text(a), Self::Text(b)) => a == b,
            (Self::Word(a), Self::Word(b)) => a == b,
            (Self::Word(_), Self::Text(Free::Text)) | (Self::Text(Free::Text), Self::Word(_)) => false,
            (a, b) => a == b && a.is_plain(),
        }
    }

    /// Whether it is one value that can be compared.
    pub(super) fn is_plain(&self) -> bool {
        !matches!(self, Self::List(_) | Self::Document | Self::Rows(_) | Self::Row(_) | Self::Nothing)
    }

    /// Whether its values have an order.
    pub(super) fn has_order(&self) -> bool {
        matches!(self, Self::Number | Self::Instant | Self::Elapsed)
    }

    /// A value of it, for people.
    pub(super) fn shown(&self, value: &Value, case: &Case<'_>) -> String {
        if value.is_none() {
            return "not given".to_owned();
        }
        let number = || i128::try_from(value.clone()).ok();
        match self {
            Self::Instant => number()
                .and_then(|n| jiff::Timestamp::from_nanosecond(n).ok())
                .map_or_else(|| value.to_string(), |at| case.show(at)),
            Self::Elapsed => number().map_or_else(|| value.to_string(), lasting),
            Self::Flag => if value.is_true() { "yes" } else { "no" }.to_owned(),
            Self::List(inner) => {
                let items: Vec<String> =
                    value.try_iter().map(|items| items.map(|i| inner.shown(&i, case)).collect()).unwrap_or_default();
                if items.is_empty() { "none".to_owned() } else { items.join(", ") }
            }
            _ => value.to_string(),
        }
    }
}

/// A length of time in words.
fn lasting(nanoseconds: i128) -> String {
    let minutes = nanoseconds.unsigned_abs() / 60_000_000_000;
    let unit = |n: u128, one: &str| (n > 0).then(|| format!("{n} {one}{}", if n == 1 { "" } else { "s" }));
    let parts: Vec<String> =
        [unit(minutes / 1440, "day"), unit(minutes / 60 % 24, "hour"), unit(minutes % 60, "minute")]
            .into_iter()
            .flatten()
            .collect();
    let sign = if nanoseconds < 0 { "minus " } else { "" };
    if parts.is_empty() { "less than a minute".to_owned() } else { format!("{sign}{}", parts.join(" ")) }
}

/// What a path leads to.
pub(super) enum Named {
    /// One value, or a list of them.
    Field(FieldAt, Type),
    /// A document.
    Document(FieldAt),
    /// A list of documents.
    Rows(FieldAt),
}

/// A part of a path that leads nowhere.
pub(super) struct Astray {
    /// Which part, from 0.
    pub(super) part: usize,
    pub(super) headline: String,
    pub(super) help: String,
}

/// The names that expressions of one policy version can use.
pub(super) struct Schema<'l> {
    pub(super) version: &'l PolicyVersion,
    record: Rc<Shape>,
}

impl<'l> Schema<'l> {
    /// Those of a version.
    pub(super) fn new(version: &'l PolicyVersion) -> Self {
        Self { version, record: Rc::new(crate::decode::record_shape()) }
    }

    /// The fields of a record that are judged.
    pub(super) fn fields(&self) -> Vec<&'static str> {
        self.record.fields.iter().map(|f| f.name).filter(|name| *name != "extra").chain(["events"]).collect()
    }

    /// Follows a path from the record.
    pub(super) fn follow(&self, path: &[&str]) -> Result<Named, Astray> {
        self.walk(&self.record, path, 0, FieldAt { rows: Vec::new(), key: None, required: false }, "")
    }

    /// Follows a path from an item of a list of documents.
    pub(super) fn follow_in(&self, rows: &FieldAt, path: &[&str]) -> Result<Named, Astray> {
        let mut shape = Rc::clone(&self.record);
        for row in &rows.rows {
            if let Kind::Document(inner) | Kind::Documents(inner) = shape.fields[*row].kind {
                shape = Rc::new(inner());
            }
        }
        self.walk(&shape, path, 0, FieldAt { rows: Vec::new(), key: None, required: false }, shape.name)
    }

    fn walk(&self, shape: &Shape, path: &[&str], part: usize, mut at: FieldAt, inside: &str) -> Result<Named, Astray> {
        let name = path[part];
        let found = shape.fields.iter().position(|f| f.name == name);
        let Some(row) = found.filter(|_| !(name == "extra" && inside.is_empty())) else {
            return Err(self.unknown(shape, name, part, inside));
        };
        let field = shape.fields[row];
        at.rows.push(row);
        at.required = field.required;
        let rest = path.len() - part - 1;
        match field.kind {
            Kind::Document(inner) if rest > 0 => self.walk(&inner(), path, part + 1, at, inner().name),
            Kind::Document(_) => Ok(Named::Document(at)),
            Kind::Documents(_) if rest == 0 => Ok(Named::Rows(at)),
            Kind::Documents(_) => Err(Astray {
                part: part + 1,
                headline: format!("`{name}` is a list, so it has no `{}` of its own", path[part + 1]),
                help: format!(
                    "ask its entries: `change.{name}|selectattr('{0}', '==', …)` or `change.{name}|map(attribute='{0}')`",
                    path[part + 1]
                ),
            }),
            Kind::Named(of) | Kind::Keyed(_, of) if rest == 1 => {
                self.key(field, *of, path[part + 1], part + 1)?;
                at.key = Some(path[part + 1].into());
                Ok(Named::Field(at, self.type_of(field, *of, "")))
            }
            Kind::Named(_) | Kind::Keyed(..) if rest == 0 => Err(Astray {
                part,
                headline: format!("`{name}` holds values by name, and none is named"),
                help: format!("name one, as in `change.{name}['…']`"),
            }),
            _ if rest > 0 => Err(Astray {
                part: part + 1,
                headline: format!("`{name}` is one value and has no `{}`", path[part + 1]),
                help: format!("end the path at `{name}`"),
            }),
            kind => Ok(Named::Field(at, self.type_of(field, kind, inside))),
        }
    }

    fn unknown(&self, shape: &Shape, name: &str, part: usize, inside: &str) -> Astray {
        let names: Vec<&str> =
            if inside.is_empty() { self.fields() } else { shape.fields.iter().map(|f| f.name).collect() };
        let help = crate::diag::suggest::help(name, names.iter().copied());
        if name == "extra" && inside.is_empty() {
            return Astray {
                part,
                headline: "`extra` is the author's own and never judged".to_owned(),
                help: "record what a rule asks for in a field of its own".to_owned(),
            };
        }
        let of = if inside.is_empty() { shape.name } else { inside };
        Astray { part, headline: format!("{of} has no field `{name}`"), help }
    }

    /// Keys of maps of the author's own: severities and rule ids are closed, names of links are not.
    fn key(&self, field: FieldShape, of: Kind, key: &str, part: usize) -> Result<(), Astray> {
        let words: Vec<&str> = match (of, field.name) {
            (Kind::Count, _) => Severity::WORDS.to_vec(),
            (_, "reasons") => self.version.rules.iter().map(|r| r.id.as_str()).collect(),
            _ => return Ok(()),
        };
        if words.contains(&key) {
            return Ok(());
        }
        let what = if matches!(of, Kind::Count) { "a severity" } else { "a rule of this policy" };
        Err(Astray {
            part,
            headline: format!("`{key}` is not {what}"),
            help: crate::diag::suggest::help(key, words.iter().copied()),
        })
    }

    fn type_of(&self, field: FieldShape, kind: Kind, inside: &str) -> Type {
        match kind {
            Kind::Time | Kind::Day => Type::Instant,
            Kind::Duration => Type::Elapsed,
            Kind::Bool => Type::Flag,
            Kind::Count | Kind::Between(..) => Type::Number,
            Kind::Person => Type::Text(Free::Person),
            Kind::Role => Type::Text(Free::Role),
            Kind::Link => Type::Text(Free::Link),
            Kind::Words(words, _) => closed(&spaced(field.name), words.iter().copied()),
            Kind::List(of) => Type::List(Box::new(self.type_of(field, *of, inside))),
            _ if inside.is_empty() => self.own_words(field.name),
            _ => Type::Text(Free::Text),
        }
    }

    /// Words that the policy closes.
    fn own_words(&self, field: &str) -> Type {
        let version = self.version;
        let or = |own: &Option<Vec<Word>>, common: &'static [&'static str], what: &str| match own {
            Some(words) => closed(what, words.iter().map(Word::as_str)),
            None => closed(what, common.iter().copied()),
        };
        match field {
            "type" => closed("a change type", version.types.iter().map(|t| t.id.as_str())),
            "procedure" => closed("a procedure", version.procedures.iter().map(|p| p.id.as_str())),
            "kind" => or(&version.kinds, ChangeKind::WORDS, "a kind of change"),
            "impact" => or(&version.impacts, Impact::WORDS, "an impact"),
            _ => Type::Text(Free::Text),
        }
    }

    /// What `policy` says, by name.
    pub(super) fn policy(&self, name: &str) -> Option<(Value, Type)> {
        let version = self.version;
        Some(match name {
            "id" => (Value::from(version.id.as_str()), Type::Text(Free::Text)),
            "version" => (Value::from(version.version.as_str()), Type::Text(Free::Text)),
            "title" => (Value::from(version.title.as_str()), Type::Text(Free::Text)),
            "classification" => (
                Value::from(version.classification.word()),
                closed("a classification", Classification::WORDS.iter().copied()),
            ),
            "owner" => (
                Value::from(version.owner.iter().map(|w| Value::from(w.as_str())).collect::<Vec<_>>()),
                Type::List(Box::new(Type::Text(Free::Text))),
            ),
            "effective" => (
                version.effective.map_or_else(super::engine::nothing, |day| instant(version.calendar.start_of(day))),
                Type::Instant,
            ),
            _ => return None,
        })
    }

    /// The names under `policy`.
    pub(super) const POLICY: [&'static str; 6] = ["id", "version", "title", "owner", "classification", "effective"];

    /// An event by name.
    pub(super) fn event(name: &str) -> Option<Event> {
        Event::parse(name)
    }
}

fn spaced(name: &str) -> String {
    let name = name.replace('_', " ");
    let article = if name.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    format!("{article} {name}")
}

fn closed<'w>(what: &str, words: impl Iterator<Item = &'w str>) -> Type {
    Type::Word(Arc::new(Words { what: what.to_owned(), words: words.map(str::to_owned).collect() }))
}

/// The name of a field of the items of a list.
pub(super) fn name_in(rows: &FieldAt, field: &FieldAt) -> String {
    let mut shape = crate::decode::record_shape();
    let mut names: Vec<&str> = Vec::new();
    for (depth, row) in rows.rows.iter().chain(&field.rows).enumerate() {
        let found = shape.fields[*row];
        if depth >= rows.rows.len() {
            names.push(found.name);
        }
        if let Kind::Document(inner) | Kind::Documents(inner) = found.kind {
            shape = inner();
        }
    }
    names.join(".")
}
