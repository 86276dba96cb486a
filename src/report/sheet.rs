//! Tables for programs that calculate: one description of a table becomes CSV and a spreadsheet, with the same cells.
//!
//! Invariants: what a person wrote is a text in either, and never a formula; days and instants are dates, numbers are
//! numbers, and a column's heading names their unit or zone; the same table makes the same bytes. What is in a table is
//! decided elsewhere.

mod csv;
mod xlsx;

#[cfg(test)]
mod tests;

use std::borrow::Cow;

use jiff::Timestamp;
use jiff::civil::Date;

pub use csv::to_csv;
pub use xlsx::to_xlsx;

/// A table.
#[derive(Clone, Debug, Default)]
pub struct Sheet {
    /// What it holds: the name of its tab. At most 31 characters, none of `[]:*?/\`.
    pub name: String,
    /// Its columns.
    pub columns: Vec<Column>,
    /// As many cells each as there are columns.
    pub rows: Vec<Vec<Cell>>,
}

/// A column of a [`Sheet`].
#[derive(Clone, Debug)]
pub struct Column {
    /// Its heading, with the unit of numbers and the zone of instants: `Lead time (hours)`.
    pub title: Cow<'static, str>,
    /// How wide it is shown, in characters.
    pub width: u8,
}

impl Column {
    /// A column with a fixed heading.
    pub fn new(title: &'static str, width: u8) -> Self {
        Self { title: title.into(), width }
    }

    /// A column whose heading names something of the site: its zone, say.
    pub fn named(title: String, width: u8) -> Self {
        Self { title: title.into(), width }
    }
}

/// What stands in a cell. Columns hold one kind, or nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// A text.
    Text(String),
    /// A word of ours.
    Word(&'static str),
    /// A whole number.
    Number(i64),
    /// A number with two digits after the point, in hundredths.
    Hundredths(i64),
    /// A day.
    Day(Date),
    /// An instant: in CSV with its offset, in a spreadsheet as the local time of the table's zone.
    Instant(Timestamp),
}

impl Cell {
    /// A text; nothing where it is blank.
    pub fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        if text.is_empty() { Self::Empty } else { Self::Text(text) }
    }

    /// How many there are.
    pub fn count(n: usize) -> Self {
        Self::Number(i64::try_from(n).unwrap_or(i64::MAX))
    }

    /// An instant, if there is one.
    pub fn instant(at: Option<Timestamp>) -> Self {
        at.map_or(Self::Empty, Self::Instant)
    }

    /// A length in hours, rounded to hundredths, from seconds.
    pub fn hours(seconds: Option<i64>) -> Self {
        seconds.map_or(Self::Empty, |s| Self::Hundredths((s + if s < 0 { -18 } else { 18 }) / 36))
    }
}

/// A text that no program takes for a formula: where its first sign would make it one, a `'` stands before it. So does
/// one before a text that begins with `'` already, so that what was written can be had back.
fn harmless(text: &str) -> Cow<'_, str> {
    const BEGIN: [char; 13] = ['=', '+', '-', '@', '\t', '\r', '\n', '\'', '＝', '＋', '－', '＠', '\0'];
    let first = text.trim_start_matches([' ', '\u{a0}', '\u{feff}']).chars().next();
    if first.is_some_and(|c| BEGIN.contains(&c)) { format!("'{text}").into() } else { text.into() }
}
