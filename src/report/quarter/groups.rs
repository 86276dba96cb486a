//! The records behind the numbers of a report, gathered as they are counted: a group for each, on the records page.

use crate::model::Quarter;
use crate::report::pages::{Count, Group, GroupRecord, Link};
use crate::report::row::Row;
use crate::report::wording::{changes, mark};

/// Gathers the records behind numbers as they are counted.
pub(in crate::report) struct Groups<'r> {
    quarter: Quarter,
    pub(super) list: Vec<Group>,
    /// The records of groups too large to be listed again, with their place in the list.
    large: Vec<(usize, Vec<&'r Row>)>,
}

/// Titles are left out in groups larger than this, to keep the page small; and what is nearly another group says so.
const TITLES: usize = 300;

impl<'r> Groups<'r> {
    pub(super) fn new(quarter: Quarter) -> Self {
        Self { quarter, list: Vec::new(), large: Vec::new() }
    }

    /// A number that is the length of this list of records.
    pub(in crate::report) fn count(&mut self, id: &str, title: &str, rows: &[&'r Row]) -> Count {
        Count { n: rows.len(), href: self.add(id, title, rows) }
    }

    /// Where a list of records stands; nowhere if it is empty. Lists are in the register's order.
    pub(super) fn add(&mut self, id: &str, title: &str, rows: &[&'r Row]) -> Option<String> {
        if rows.is_empty() {
            return None;
        }
        // Two names may have one anchor; two groups never do.
        let mut id = id.to_owned();
        while self.list.iter().any(|g| g.id == id && g.title != title) {
            id.push_str("-b");
        }
        if self.list.iter().all(|g| g.id != id) {
            let group = self.group(&id, title, rows);
            self.list.push(group);
        }
        Some(href(self.quarter, &id))
    }

    fn group(&mut self, id: &str, title: &str, rows: &[&'r Row]) -> Group {
        let (base, shown) = match self.nearly(rows) {
            Some((base, but)) => (Some(base), but),
            None => (None, rows.to_vec()),
        };
        if rows.len() > TITLES && base.is_none() {
            self.large.push((self.list.len(), rows.to_vec()));
        }
        let (titled, ids) = if shown.len() <= TITLES { (&shown[..], &[][..]) } else { (&[][..], &shown[..]) };
        let record = |r: &&Row| GroupRecord { id: r.id.clone(), title: r.title.clone(), mark: mark(r.verdict) };
        Group {
            id: id.to_owned(),
            title: title.to_owned(),
            count: changes(rows.len()),
            base,
            records: titled.iter().map(record).collect(),
            ids: ids.iter().map(|r| r.id.clone()).collect(),
        }
    }

    /// The large group that a list is all of but a few, and these few.
    fn nearly(&self, rows: &[&'r Row]) -> Option<(Link, Vec<&'r Row>)> {
        if rows.len() <= TITLES {
            return None;
        }
        let near =
            self.large.iter().filter(|(_, all)| all.len() >= rows.len() && all.len() - rows.len() <= rows.len() / 8);
        let found = near.filter_map(|(at, all)| Some((*at, left_out(all, rows)?)));
        let (at, but) = found.min_by_key(|(_, but)| but.len())?;
        let group = &self.list[at];
        Some((Link { text: group.title.clone(), href: Some(format!("#{}", group.id)) }, but))
    }
}

/// What a list leaves out of another in the same order; nothing where it is no part of it.
fn left_out<'r>(all: &[&'r Row], part: &[&'r Row]) -> Option<Vec<&'r Row>> {
    let mut rest = part.iter().peekable();
    let mut out = Vec::new();
    for row in all {
        match rest.peek() {
            Some(next) if std::ptr::eq::<Row>(**next, *row) => {
                rest.next();
            }
            _ => out.push(*row),
        }
    }
    (rest.next().is_none() && out.len() == all.len() - part.len()).then_some(out)
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
