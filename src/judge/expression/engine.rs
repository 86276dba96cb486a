//! The engine, `minijinja`, and the few functions it is given: what runs is made by the checker from what it accepted, and reads numbered
//! values only.
//!
//! Nothing here knows a record or a policy. An instant is its nanoseconds since 1970, an item of a list of documents the
//! list of those of its fields that are asked for, and what is not there is `none`.

use std::sync::{Arc, LazyLock};

use minijinja::value::{Object, ValueKind};
use minijinja::{Environment, Error, ErrorKind, Expression, UndefinedBehavior, Value};

/// How much an expression may do for one record. Lists are gone through by functions, so that this bounds the expression
/// itself, and a record's size bounds the lists.
const FUEL: u64 = 20_000;

/// The engine. It is a constant: nothing is ever added to it.
static ENGINE: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut engine = Environment::empty();
    engine.set_undefined_behavior(UndefinedBehavior::Strict);
    engine.set_debug(false);
    engine.set_fuel(Some(FUEL));
    engine.add_test("none", |value: &Value| value.is_none());
    engine.add_filter("there", there);
    engine.add_filter("or", |value: Value, instead: Value| if value.is_none() { instead } else { value });
    engine.add_filter("count", |value: &Value| value.len().unwrap_or_default());
    engine.add_filter("cell", |row: &Value, column: usize| item(row, column));
    engine.add_filter("column", column);
    engine.add_filter("pick", pick);
    engine.add_filter("first", |list: &Value| list.try_iter().map(|mut items| items.next().unwrap_or(nothing())));
    engine.add_filter("last", |list: &Value| list.try_iter().map(|items| items.last().unwrap_or(nothing())));
    engine.add_filter("least", |list: &Value| list.try_iter().map(|items| items.min().unwrap_or(nothing())));
    engine.add_filter("most", |list: &Value| list.try_iter().map(|items| items.max().unwrap_or(nothing())));
    engine.add_filter("distinct", distinct);
    engine.add_filter("small", |text: &Value| text.as_str().map_or(nothing(), |t| Value::from(t.to_lowercase())));
    engine.add_filter("joined", joined);
    engine
});

/// An expression made ready.
pub(super) type Ready = Expression<'static, 'static>;

/// Makes an expression ready.
pub(super) fn compile(text: String) -> Result<Ready, Error> {
    ENGINE.compile_expression_owned(text)
}

/// What an expression reads, by number: `v0`, `v1` … of the record, `c0`, `c1` … of the expression itself.
#[derive(Debug)]
pub(super) struct Values {
    pub(super) read: Vec<Value>,
    pub(super) constants: Arc<[Value]>,
}

impl Object for Values {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.get_value_by_str(key.as_str()?)
    }

    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Value> {
        let number: usize = key.get(1..)?.parse().ok()?;
        if key.starts_with('v') { self.read.get(number) } else { self.constants.get(number) }.cloned()
    }
}

/// What is not there.
pub(super) fn nothing() -> Value {
    Value::from(())
}

/// The number of what was not there, where that is why an expression could not be evaluated.
pub(super) fn not_there(error: &Error) -> Option<usize> {
    error.detail()?.strip_prefix(NOT_THERE)?.parse().ok()
}

const NOT_THERE: &str = "not there: ";

fn lacking(number: usize) -> Error {
    Error::new(ErrorKind::InvalidOperation, format!("{NOT_THERE}{number}"))
}

fn there(value: Value, number: usize) -> Result<Value, Error> {
    if value.is_none() { Err(lacking(number)) } else { Ok(value) }
}

fn item(row: &Value, column: usize) -> Result<Value, Error> {
    if row.is_none() { Ok(nothing()) } else { row.get_item_by_index(column) }
}

/// One field of every item. An item without it is left out, or, where `strict`, the reason that nothing can be said.
fn column(rows: &Value, column: usize, strict: bool, number: usize) -> Result<Vec<Value>, Error> {
    let mut list = Vec::new();
    for row in rows.try_iter()? {
        let value = item(&row, column)?;
        if !value.is_none() {
            list.push(value);
        } else if strict {
            return Err(lacking(number));
        }
    }
    Ok(list)
}

/// What a selection asks of an item, by its number in lowered expressions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Asks {
    Equal,
    Unequal,
    Less,
    AtMost,
    Greater,
    AtLeast,
    In,
    Missing,
}

impl Asks {
    pub(super) const ALL: [Self; 8] =
        [Self::Equal, Self::Unequal, Self::Less, Self::AtMost, Self::Greater, Self::AtLeast, Self::In, Self::Missing];

    /// The answer for an item whose field is not there.
    pub(super) fn of_nothing(self) -> bool {
        matches!(self, Self::Unequal | Self::Missing)
    }

    fn holds(self, value: &Value, against: &Value) -> Result<bool, Error> {
        Ok(match self {
            _ if value.is_none() => self.of_nothing(),
            Self::Equal => value == against,
            Self::Unequal => value != against,
            Self::Less => value < against,
            Self::AtMost => value <= against,
            Self::Greater => value > against,
            Self::AtLeast => value >= against,
            Self::In => against.try_iter()?.any(|one| one == *value),
            Self::Missing => false,
        })
    }
}

/// The items of a list for which something holds, or does not. `column` is the field that is asked, or `none` for the
/// item itself.
fn pick(rows: &Value, column: Option<usize>, asks: usize, against: &Value, manner: usize) -> Result<Vec<Value>, Error> {
    let Manner { keep, strict, number } = Manner::of(manner);
    let asks = Asks::ALL.get(asks).copied().ok_or_else(|| lacking(number))?;
    let mut list = Vec::new();
    for row in rows.try_iter()? {
        let value = column.map_or_else(|| Ok(row.clone()), |column| item(&row, column))?;
        if value.is_none() && strict && asks != Asks::Missing {
            return Err(lacking(number));
        }
        if asks.holds(&value, against)? == keep {
            list.push(row);
        }
    }
    Ok(list)
}

/// How a selection goes about it, as one number: functions take five values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Manner {
    /// Whether what holds stays, or what does not.
    pub(super) keep: bool,
    /// Whether nothing can be said where a field is missing.
    pub(super) strict: bool,
    /// Which field it is that is missing.
    pub(super) number: usize,
}

impl Manner {
    fn of(number: usize) -> Self {
        Self { keep: number & 1 == 1, strict: number & 2 == 2, number: number >> 2 }
    }

    pub(super) fn as_number(self) -> usize {
        usize::from(self.keep) | usize::from(self.strict) << 1 | self.number << 2
    }
}

fn distinct(list: &Value) -> Result<Vec<Value>, Error> {
    let mut seen: Vec<Value> = list.try_iter()?.collect();
    seen.sort_unstable();
    seen.dedup();
    Ok(seen)
}

fn joined(list: &Value, between: &str) -> Result<String, Error> {
    let words: Vec<String> = list.try_iter()?.map(|item| item.to_string()).collect();
    Ok(words.join(between))
}

/// Whether a value is a real `true` or `false`, and which.
pub(super) fn flag(value: &Value) -> Option<bool> {
    (value.kind() == ValueKind::Bool).then(|| value.is_true())
}
