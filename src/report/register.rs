//! The register of changes: every record, newest first, in pages of five hundred, and as data for the search over all.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::pages::{Filter, FilterOption, Link, RegisterPage, RegisterRow};
use super::row::Row;
use super::wording::{mark, short_day};
use crate::judge::Verdict;
use crate::model::Ledger;

/// How many changes stand on a page.
const PAGE: usize = 500;

/// How many changes stand in a script.
const PART: usize = 5000;

/// Which records a register lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    /// Every record.
    All,
    /// Those that broke a rule.
    Broken,
}

impl View {
    /// Both, in the order in which they are made.
    pub const EVERY: [Self; 2] = [Self::All, Self::Broken];

    /// What it lists, of all records in the register's order.
    pub fn of<'r>(self, ledger: &Ledger, order: &[&'r Row]) -> Listing<'r> {
        let listed = |row: &&&Row| self == Self::All || row.verdict == Verdict::Fail;
        let rows: Vec<&Row> = order.iter().filter(listed).copied().collect();
        let parts = if rows.len() > PAGE { register_parts(order.len()) } else { 0 };
        let choices = options(ledger, &rows).into_iter().filter_map(|o| o.filter(usize::MAX)).collect();
        Listing { view: self, rows, parts, choices }
    }

    /// The file of one of its pages, relative to the internal site; pages count from 1.
    pub fn href(self, page: usize) -> String {
        let folder = match self {
            Self::All => "register",
            Self::Broken => "register/broken",
        };
        if page == 1 { format!("{folder}/index.html") } else { format!("{folder}/{page}/index.html") }
    }

    fn title(self) -> &'static str {
        match self {
            Self::All => "Register of changes",
            Self::Broken => "Changes that broke a rule",
        }
    }
}

/// The records in the register's order: newest first.
pub fn register_order(rows: &[Row]) -> Vec<&Row> {
    let mut order: Vec<&Row> = rows.iter().filter(|r| r.page).collect();
    order.sort_by(|a, b| (Reverse(a.at), &b.id).cmp(&(Reverse(b.at), &a.id)));
    order
}

/// How many scripts hold the rows of a register of so many records; none where its one page holds them itself.
pub fn register_parts(all: usize) -> usize {
    if all > PAGE { all.div_ceil(PART) } else { 0 }
}

/// Where one of these scripts stands; they count from 0.
pub fn register_part_href(part: usize) -> String {
    format!("register/data/{part}.js")
}

/// One of these scripts: a call with its number, the words its rows have in common, and a row per change: id, title, then
/// type, policy, quarter, day, verdict and rules by their place among the words. A day is `2026-09-29 29 Sep 2026`.
pub fn register_part(ledger: &Ledger, order: &[&Row], part: usize) -> String {
    let from = (part * PART).min(order.len());
    let mut words = Words::default();
    let rows: Vec<_> = order[from..(from + PART).min(order.len())]
        .iter()
        .map(|row| {
            let day = row.at.map(|at| ledger.configuration.calendar.day(at));
            (
                &row.id,
                &row.title,
                words.place(row.type_title(ledger)),
                words.place(policy(ledger, row)),
                words.place(&row.quarter.map(|q| q.to_string()).unwrap_or_default()),
                words.place(&day.map(|day| format!("{day} {}", short_day(day))).unwrap_or_default()),
                words.place(row.verdict.word()),
                words.place(&open_rules(ledger, row)),
            )
        })
        .collect();
    let json = |result: serde_json::Result<String>| result.expect("texts and numbers are JSON");
    let (words, rows) = (json(serde_json::to_string(&words.list)), json(serde_json::to_string(&rows)));
    format!("tickmarkRegister({part},{words},{rows});\n")
}

/// Words, each once, in the order in which they came.
#[derive(Default)]
struct Words {
    list: Vec<String>,
    places: BTreeMap<String, usize>,
}

impl Words {
    fn place(&mut self, word: &str) -> usize {
        if let Some(place) = self.places.get(word) {
            return *place;
        }
        let place = self.list.len();
        self.list.push(word.to_owned());
        self.places.insert(word.to_owned(), place);
        place
    }
}

/// The rules behind a verdict that is not a pass.
fn open_rules(ledger: &Ledger, row: &Row) -> String {
    let version = row.version(ledger);
    let open = row.judgements.iter().filter(|j| matches!(j.verdict, Verdict::Fail | Verdict::Unknown));
    open.filter_map(|j| version.map(|v| v.rules[j.rule as usize].id.as_str())).collect::<Vec<_>>().join(", ")
}

/// What a register lists, and what its search offers.
pub struct Listing<'r> {
    view: View,
    rows: Vec<&'r Row>,
    parts: usize,
    choices: Vec<Filter>,
}

impl Listing<'_> {
    /// How many pages it has; an empty one has one.
    pub fn pages(&self) -> usize {
        self.rows.len().div_ceil(PAGE).max(1)
    }

    /// One of its pages, counted from 1.
    pub fn page(&self, ledger: &Ledger, number: usize) -> RegisterPage {
        let total = self.rows.len();
        let first = (number - 1) * PAGE;
        let part = &self.rows[first.min(total)..(first + PAGE).min(total)];
        let filters = options(ledger, part);
        let rows = part.iter().map(|row| register_row(ledger, row, &filters)).collect();
        RegisterPage {
            title: self.view.title(),
            href: self.view.href(number),
            number,
            pages: page_links(self.view, number, self.pages()),
            total,
            parts: self.parts,
            only: (self.view == View::Broken).then(|| Verdict::Fail.word()),
            choices: self.choices.clone(),
            first: if part.is_empty() { 0 } else { first + 1 },
            last: first + part.len(),
            filters: filters.into_iter().filter_map(|options| options.filter(Filter::SLOTS)).collect(),
            rows,
        }
    }
}

fn policy<'l>(ledger: &'l Ledger, row: &Row) -> &'l str {
    row.version(ledger).map_or("none", |v| v.id.as_str())
}

/// What records can be told apart by.
fn options(ledger: &Ledger, rows: &[&Row]) -> [Options; 4] {
    let quarters = rows.iter().map(|r| r.quarter.map(|q| q.to_string()).unwrap_or_default());
    [
        Options::new("v", "Verdict", rows.iter().map(|r| r.verdict.word())),
        Options::new("t", "Type", rows.iter().map(|r| r.type_title(ledger))),
        Options::new("p", "Policy", rows.iter().map(|r| policy(ledger, r))),
        Options::new("q", "Quarter", quarters),
    ]
}

/// The options of a filter, in the order of their words.
struct Options {
    key: &'static str,
    title: &'static str,
    counts: Vec<(String, usize)>,
}

impl Options {
    fn new<T: AsRef<str>>(key: &'static str, title: &'static str, words: impl Iterator<Item = T>) -> Self {
        let mut counts = BTreeMap::<String, usize>::new();
        for word in words {
            match counts.get_mut(word.as_ref()) {
                Some(n) => *n += 1,
                None => {
                    counts.insert(word.as_ref().to_owned(), 1);
                }
            }
        }
        Self { key, title, counts: counts.into_iter().collect() }
    }

    fn slot(&self, word: &str) -> String {
        let at = self.counts.iter().position(|(w, _)| w == word).filter(|at| *at < Filter::SLOTS);
        at.map_or_else(String::new, |at| format!("{}{}", self.key, at + 1))
    }

    /// As it is offered, with so many options at most; quarters newest first, and what has no word at last.
    fn filter(self, most: usize) -> Option<Filter> {
        if self.counts.len() < 2 {
            return None;
        }
        let option = |(at, (word, count)): (usize, (String, usize))| {
            let label = match word.as_str() {
                "" => "none".to_owned(),
                word if self.key == "v" => word.replace('-', " "),
                word => word.to_owned(),
            };
            FilterOption { slot: at + 1, label, count }
        };
        let mut options: Vec<FilterOption> = self.counts.into_iter().enumerate().take(most).map(option).collect();
        if self.key == "q" {
            options.reverse();
        }
        Some(Filter { key: self.key, title: self.title, options })
    }
}

fn register_row(ledger: &Ledger, row: &Row, filters: &[Options; 4]) -> RegisterRow {
    let quarter = row.quarter.map(|q| q.to_string()).unwrap_or_default();
    let kind = row.type_title(ledger);
    let slots = [
        filters[0].slot(row.verdict.word()),
        filters[1].slot(kind),
        filters[2].slot(policy(ledger, row)),
        filters[3].slot(&quarter),
    ];
    let day = row.at.map(|at| ledger.configuration.calendar.day(at));
    RegisterRow {
        id: row.id.clone(),
        title: row.title.clone(),
        slots: slots.iter().filter(|s| !s.is_empty()).cloned().collect::<Vec<_>>().join(" "),
        kind: kind.to_owned(),
        policy: policy(ledger, row).to_owned(),
        quarter,
        day: day.map(short_day).unwrap_or_default(),
        iso: day.map(|d| d.to_string()).unwrap_or_default(),
        mark: mark(row.verdict),
        rules: open_rules(ledger, row),
    }
}

/// Links to all pages; long runs are cut short.
fn page_links(view: View, current: usize, pages: usize) -> Vec<Link> {
    if pages < 2 {
        return Vec::new();
    }
    let mut links = Vec::new();
    let mut cut = false;
    for page in 1..=pages {
        let near = page == 1 || page == pages || page.abs_diff(current) <= 2;
        if !near {
            if !cut {
                links.push(Link { text: "…".to_owned(), href: None });
            }
            cut = true;
            continue;
        }
        cut = false;
        links.push(Link { text: page.to_string(), href: (page != current).then(|| view.href(page)) });
    }
    links
}
