//! The records behind the numbers of a report, gathered as they are counted: a group for each, on the records page.

use crate::model::Quarter;
use crate::report::pages::{Count, Group, GroupRecord};
use crate::report::row::Row;
use crate::report::wording::{changes, mark};

/// Gathers the records behind numbers as they are counted.
pub(in crate::report) struct Groups {
    quarter: Quarter,
    pub(super) list: Vec<Group>,
}

/// Titles are left out in groups larger than this, to keep the page small.
const TITLES: usize = 300;

impl Groups {
    pub(super) fn new(quarter: Quarter) -> Self {
        Self { quarter, list: Vec::new() }
    }

    /// A number that is the length of this list of records.
    pub(in crate::report) fn count(&mut self, id: &str, title: &str, rows: &[&Row]) -> Count {
        Count { n: rows.len(), href: self.add(id, title, rows) }
    }

    /// Where a list of records stands; nowhere if it is empty.
    pub(super) fn add(&mut self, id: &str, title: &str, rows: &[&Row]) -> Option<String> {
        if rows.is_empty() {
            return None;
        }
        // Two names may have one anchor; two groups never do.
        let mut id = id.to_owned();
        while self.list.iter().any(|g| g.id == id && g.title != title) {
            id.push_str("-b");
        }
        if self.list.iter().all(|g| g.id != id) {
            let (titled, ids) = if rows.len() <= TITLES { (rows, &[][..]) } else { (&[][..], rows) };
            let record = |r: &&Row| GroupRecord { id: r.id.clone(), title: r.title.clone(), mark: mark(r.verdict) };
            self.list.push(Group {
                id: id.clone(),
                title: title.to_owned(),
                count: changes(rows.len()),
                records: titled.iter().map(record).collect(),
                ids: ids.iter().map(|r| r.id.clone()).collect(),
            });
        }
        Some(href(self.quarter, &id))
    }
}

/// A group on the records page of a quarter.
pub(super) fn href(quarter: Quarter, id: &str) -> String {
    format!("reports/{quarter}/records/index.html#{id}")
}

/// A word as part of an anchor.
pub(in crate::report) fn anchor(text: &str) -> String {
    let lower = text.to_lowercase();
    lower
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .collect::<String>()
        .trim_matches('-')
        .to_owned()
}

pub(in crate::report) fn picked<'r>(rows: &[&'r Row], test: impl Fn(&Row) -> bool) -> Vec<&'r Row> {
    rows.iter().copied().filter(|r| test(r)).collect()
}
