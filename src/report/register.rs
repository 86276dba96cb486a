//! The register of changes: every record, newest first, in pages of five hundred.

use std::cmp::Reverse;

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

    /// The records it lists, of all in the register's order.
    pub fn of<'r>(self, order: &[&'r Row]) -> Vec<&'r Row> {
        match self {
            Self::All => order.to_vec(),
            Self::Broken => order.iter().copied().filter(|r| r.verdict == Verdict::Fail).collect(),
        }
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

/// How many pages the register has; an empty one has one.
pub fn register_pages(total: usize) -> usize {
    total.div_ceil(PAGE).max(1)
}

/// How many scripts hold the rows of a register of so many records; none where one page does.
pub fn register_parts(all: usize) -> usize {
    if register_pages(all) > 1 { all.div_ceil(PART) } else { 0 }
}

/// One of these scripts, counted from 0: the rows of the register as data, for the search over all of them.
pub fn register_part(ledger: &Ledger, order: &[&Row], part: usize) -> String {
    let from = (part * PART).min(order.len());
    let rows: Vec<[String; 9]> =
        order[from..(from + PART).min(order.len())].iter().map(|row| cells(ledger, row)).collect();
    let text = serde_json::to_string(&rows).expect("texts are JSON");
    format!("tickmarkRegister({part},{text});\n")
}

/// Where one of these scripts stands.
pub fn register_part_href(part: usize) -> String {
    format!("register/data/{part}.js")
}

/// A row as its script has it: id, title, type, policy, quarter, day as sorted, day as shown, verdict, rules.
fn cells(ledger: &Ledger, row: &Row) -> [String; 9] {
    let day = row.at.map(|at| ledger.configuration.calendar.day(at));
    [
        row.id.clone(),
        row.title.clone(),
        row.type_title(ledger).to_owned(),
        policy(ledger, row).to_owned(),
        row.quarter.map(|q| q.to_string()).unwrap_or_default(),
        day.map(|d| d.to_string()).unwrap_or_default(),
        day.map(short_day).unwrap_or_default(),
        row.verdict.word().replace('-', " "),
        open_rules(ledger, row),
    ]
}

/// The rules behind a verdict that is not a pass.
fn open_rules(ledger: &Ledger, row: &Row) -> String {
    let version = row.version(ledger);
    let open = row.judgements.iter().filter(|j| matches!(j.verdict, Verdict::Fail | Verdict::Unknown));
    open.filter_map(|j| version.map(|v| v.rules[j.rule as usize].id.as_str())).collect::<Vec<_>>().join(", ")
}

/// One page of a register, counted from 1, of the records it lists; `all` is how many the whole register has.
pub fn register_page(ledger: &Ledger, view: View, order: &[&Row], all: usize, number: usize) -> RegisterPage {
    let total = order.len();
    let first = (number - 1) * PAGE;
    let part = &order[first.min(total)..(first + PAGE).min(total)];
    let mut filters = [
        Options::new("v", "Verdict", part.iter().map(|r| r.verdict.word())),
        Options::new("t", "Type", part.iter().map(|r| r.type_title(ledger))),
        Options::new("p", "Policy", part.iter().map(|r| policy(ledger, r))),
        Options::new(
            "q",
            "Quarter",
            part.iter().map(|r| r.quarter).map(|q| q.map_or_else(String::new, |q| q.to_string())),
        ),
    ];
    let rows = part.iter().map(|row| register_row(ledger, row, &filters)).collect();
    filters[3].newest_first();
    RegisterPage {
        title: view.title(),
        href: view.href(number),
        number,
        pages: page_links(view, number, register_pages(total)),
        total,
        parts: if register_pages(total) > 1 { register_parts(all) } else { 0 },
        only: (view == View::Broken).then_some("fail"),
        first: if part.is_empty() { 0 } else { first + 1 },
        last: first + part.len(),
        filters: filters.into_iter().filter_map(Options::filter).collect(),
        rows,
    }
}

fn policy<'l>(ledger: &'l Ledger, row: &Row) -> &'l str {
    row.version(ledger).map_or("none", |v| v.id.as_str())
}

/// The options of a filter, in the order of their words.
struct Options {
    key: &'static str,
    title: &'static str,
    counts: Vec<(String, usize)>,
    reversed: bool,
}

impl Options {
    fn new<T: AsRef<str>>(key: &'static str, title: &'static str, words: impl Iterator<Item = T>) -> Self {
        let mut counts = std::collections::BTreeMap::<String, usize>::new();
        for word in words {
            match counts.get_mut(word.as_ref()) {
                Some(n) => *n += 1,
                None => {
                    counts.insert(word.as_ref().to_owned(), 1);
                }
            }
        }
        Self { key, title, counts: counts.into_iter().collect(), reversed: false }
    }

    fn newest_first(&mut self) {
        self.reversed = true;
    }

    fn slot(&self, word: &str) -> String {
        let at = self.counts.iter().position(|(w, _)| w == word).filter(|at| *at < Filter::SLOTS);
        at.map_or_else(String::new, |at| format!("{}{}", self.key, at + 1))
    }

    fn filter(self) -> Option<Filter> {
        if self.counts.len() < 2 {
            return None;
        }
        let mut options: Vec<FilterOption> = self
            .counts
            .into_iter()
            .enumerate()
            .take(Filter::SLOTS)
            .map(|(at, (label, count))| FilterOption {
                slot: at + 1,
                label: label.replace('-', if self.key == "v" { " " } else { "-" }),
                count,
            })
            .collect();
        if self.reversed {
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
