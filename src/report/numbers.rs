//! The numbers of a quarter: which there are, what each counts, and of what.
//!
//! Each number is `n` of `of`; of that base nobody can say it of `unknown`, which are in `of` and never in `n`. Behind
//! each stand its records. The list is one table, in the order in which reports print it, and its ids are stable: a
//! closed quarter is held against it. Words and shares are made elsewhere.

mod ask;
mod table;

use jiff::Timestamp;

use super::row::Row;
use crate::model::{Configuration, Ledger, Quarter};

pub use table::NUMBERS;

/// What a number says of one record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The question is not asked of it.
    Out,
    /// No.
    No,
    /// Yes.
    Yes,
    /// Nobody can say.
    Unknown,
}

/// Which way a number is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Good {
    /// More is better.
    Up,
    /// Less is better.
    Down,
    /// Neither.
    Neither,
}

/// How a number is made.
#[derive(Clone, Copy)]
enum How {
    /// How many records answer yes, of those that are asked.
    Ask(fn(&Ledger, &Row) -> Answer),
    /// How long something took: none where it is not asked, an empty answer where nobody can say.
    Span(fn(&Row) -> Option<Option<i64>>),
    /// How often in so many days.
    Often(fn(&Row) -> usize),
    /// Something of waivers.
    Waivers(ask::OfWaivers),
    /// Deployments that no record speaks of.
    Unrecorded,
}

/// A number as it is defined.
pub struct Definition {
    /// Its id, which never changes.
    pub id: &'static str,
    /// Which part of a report it belongs to.
    pub part: Part,
    /// What it is called: `emergency changes`.
    pub label: &'static str,
    /// What exactly is counted, in sentences.
    pub says: &'static str,
    /// Which way it is better.
    pub good: Good,
    how: How,
}

/// Parts of a report that hold numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// What was done.
    Changes,
    /// What came of it.
    Outcomes,
    /// How long it took.
    Times,
    /// Whether approvals, windows and the rest were kept.
    Discipline,
    /// Emergencies.
    Emergencies,
    /// Records and waivers.
    Records,
    /// DORA's five measures.
    Dora,
}

/// What kind of number it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A share of records, waivers or deployments.
    Share,
    /// A length of time: median and ninetieth percentile.
    Span,
    /// How often in so many days.
    Often,
}

impl Definition {
    /// What kind of number it is.
    pub fn kind(&self) -> Kind {
        match self.how {
            How::Ask(_) | How::Waivers(_) | How::Unrecorded => Kind::Share,
            How::Span(_) => Kind::Span,
            How::Often(_) => Kind::Often,
        }
    }

    /// Whether its records are changes.
    pub fn of_changes(&self) -> bool {
        !matches!(self.how, How::Waivers(_) | How::Unrecorded)
    }
}

/// A number as it came out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tallied {
    /// How many.
    pub n: usize,
    /// Of how many; of a frequency, in how many days.
    pub of: usize,
    /// Of how many of these nobody can say.
    pub unknown: usize,
    /// The middle of a length of time, in seconds: of an even number the lower of the two.
    pub median: Option<i64>,
    /// The length that nine of ten do not exceed, in seconds (nearest rank).
    pub ninetieth: Option<i64>,
}

/// A number with what stands behind it.
#[derive(Clone, Debug, Default)]
pub struct Number<'r> {
    /// As it came out.
    pub tallied: Tallied,
    /// The records that are counted, in the register's order.
    pub counted: Vec<&'r Row>,
    /// Those of which nobody can say.
    pub unknown: Vec<&'r Row>,
    /// All that were asked.
    pub asked: Vec<&'r Row>,
    /// The waivers that are counted, by their numbers in the ledger.
    pub waivers: Vec<usize>,
}

/// What numbers are counted over.
#[derive(Clone, Copy)]
pub struct Span<'r> {
    /// All documents.
    pub ledger: &'r Ledger,
    /// The quarter; a month has none of the numbers that are not counted from records.
    pub quarter: Option<Quarter>,
    /// How many days of it had begun when things were judged.
    pub days: usize,
    /// Its records, in the register's order.
    pub rows: &'r [&'r Row],
    /// Which waivers lift something, of any record.
    pub used: &'r [bool],
    /// Until when things are judged.
    pub as_of: Timestamp,
}

impl<'r> Span<'r> {
    /// A quarter.
    pub fn quarter(
        ledger: &'r Ledger,
        quarter: Quarter,
        rows: &'r [&'r Row],
        used: &'r [bool],
        as_of: Timestamp,
    ) -> Self {
        let calendar = &ledger.configuration.calendar;
        let starts = calendar.fiscal_year_starts;
        let (first, last) = (quarter.first_day(starts), quarter.last_day(starts).min(calendar.day(as_of)));
        let days = first.until(last).map_or(0, |span| usize::try_from(span.get_days() + 1).unwrap_or(0));
        Self { ledger, quarter: Some(quarter), days, rows, used, as_of }
    }
}

/// Every number of a span, in the order of [`NUMBERS`], with the records behind it.
pub fn numbers(span: Span<'_>) -> Vec<Number<'_>> {
    NUMBERS.iter().map(|definition| number(definition, span)).collect()
}

/// One number of a span, with the records behind it.
pub fn number<'r>(definition: &Definition, span: Span<'r>) -> Number<'r> {
    let mut made = Number::default();
    match definition.how {
        How::Ask(ask) => {
            for row in span.rows {
                match ask(span.ledger, row) {
                    Answer::Out => continue,
                    Answer::No => {}
                    Answer::Yes => made.counted.push(row),
                    Answer::Unknown => made.unknown.push(row),
                }
                made.asked.push(row);
            }
            made.tally();
        }
        How::Span(lasted) => {
            let mut lengths = Vec::new();
            for row in span.rows {
                match lasted(row) {
                    None => continue,
                    Some(None) => made.unknown.push(row),
                    Some(Some(seconds)) => {
                        made.counted.push(row);
                        lengths.push(seconds);
                    }
                }
                made.asked.push(row);
            }
            lengths.sort_unstable();
            made.tally();
            made.tallied.median = nearest_rank(&lengths, 50);
            made.tallied.ninetieth = nearest_rank(&lengths, 90);
        }
        How::Often(times) => {
            made.counted = span.rows.iter().copied().filter(|r| times(r) > 0).collect();
            made.tallied.n = made.counted.iter().map(|r| times(r)).sum();
            made.tallied.of = span.days;
        }
        How::Waivers(of) => {
            if let Some(quarter) = span.quarter {
                (made.waivers, made.tallied.of) = ask::waivers(of, span, quarter);
                made.tallied.n = made.waivers.len();
            }
        }
        How::Unrecorded => {
            if let Some(quarter) = span.quarter {
                (made.tallied.n, made.tallied.of) = ask::unrecorded(span.ledger, quarter);
            }
        }
    }
    made
}

impl Number<'_> {
    fn tally(&mut self) {
        self.tallied.n = self.counted.len();
        self.tallied.of = self.asked.len();
        self.tallied.unknown = self.unknown.len();
    }
}

/// The smallest of a sorted list that so many per cent of it do not exceed.
fn nearest_rank(sorted: &[i64], percent: usize) -> Option<i64> {
    let rank = (sorted.len() * percent).div_ceil(100).max(1);
    sorted.get(rank - 1).copied()
}

/// The number with this id, and its place in the list.
pub fn defined(id: &str) -> Option<(usize, &'static Definition)> {
    NUMBERS.iter().enumerate().find(|(_, d)| d.id == id)
}

/// Whether a target is met: of what is good as many as asked, whatever nobody can say left out; of what is bad no more,
/// whatever nobody can say included. `asked` is in hundredths of a per cent.
pub fn meets(tallied: Tallied, good: Good, asked: u32) -> Option<bool> {
    let Tallied { n, of, unknown, .. } = tallied;
    let asked = asked as usize;
    (of > 0).then(|| match good {
        Good::Up | Good::Neither => n * 10_000 >= asked * of,
        Good::Down => (n + unknown) * 10_000 <= asked * of,
    })
}

/// Whether the configuration lets a target name a number.
pub fn may_have_target(definition: &Definition) -> bool {
    Configuration::FIGURES.contains(&definition.id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_names_a_share_and_nothing_else() {
        let shares: Vec<&str> =
            NUMBERS.iter().filter(|d| d.kind() == Kind::Share && d.id != "changes").map(|d| d.id).collect();
        let mut figures = Configuration::FIGURES.to_vec();
        figures.sort_by_key(|id| defined(id).map(|(at, _)| at));
        assert_eq!(figures, shares);
    }

    #[test]
    fn the_middle_is_the_lower_of_two_and_nine_of_ten_are_not_more() {
        let lengths: Vec<i64> = (1..=10).collect();
        assert_eq!((nearest_rank(&lengths, 50), nearest_rank(&lengths, 90)), (Some(5), Some(9)));
        assert_eq!((nearest_rank(&lengths[..3], 50), nearest_rank(&lengths[..3], 90)), (Some(2), Some(3)));
        assert_eq!((nearest_rank(&[7], 90), nearest_rank(&[], 50)), (Some(7), None));
    }

    #[test]
    fn what_nobody_can_say_counts_against_a_target() {
        let tallied = |n, unknown| Tallied { n, of: 100, unknown, ..Tallied::default() };
        assert_eq!(meets(tallied(95, 5), Good::Up, 9500), Some(true));
        assert_eq!(meets(tallied(94, 6), Good::Up, 9500), Some(false));
        assert_eq!(meets(tallied(5, 0), Good::Down, 500), Some(true));
        assert_eq!(meets(tallied(5, 1), Good::Down, 500), Some(false));
        assert_eq!(meets(Tallied::default(), Good::Up, 9500), None);
    }
}
