//! The calendar of what is due.

use serde::Serialize;

use super::{Fact, Link};

/// `due/index.html`.
#[derive(Debug, Clone, Default, Serialize)]
pub struct DuePage {
    /// The finding: `Two are overdue, five fall due`.
    pub headline: String,
    /// A sentence or two.
    pub lede: String,
    /// What is overdue, longest first.
    pub overdue: Vec<DueRow>,
    /// What falls due, by month, soonest first.
    pub months: Vec<DueMonth>,
    /// The same for calendars.
    pub calendar: Link,
}

/// A month in which something falls due.
#[derive(Debug, Clone, Default, Serialize)]
pub struct DueMonth {
    /// Anchor: `2026-12`.
    pub id: String,
    /// `December 2026`.
    pub title: String,
    /// Its days that have something.
    pub days: Vec<DueDay>,
}

/// A day on which something falls due.
#[derive(Debug, Clone, Default, Serialize)]
pub struct DueDay {
    /// `Tue 1 Dec`.
    pub day: String,
    /// `2026-12-01`.
    pub iso: String,
    /// What, soonest first.
    pub rows: Vec<DueRow>,
}

/// Something that is due.
#[derive(Debug, Clone, Default, Serialize)]
pub struct DueRow {
    /// The change, policy or waiver, to its page.
    pub subject: Link,
    /// What is asked for, in a sentence.
    pub asks: String,
    /// At what time of the day, or since when.
    pub when: String,
    /// Who: roles, else a person.
    pub who: String,
    /// What to do; may be empty.
    pub to_do: String,
    /// The rule, where one asks.
    pub facts: Vec<Fact>,
}
