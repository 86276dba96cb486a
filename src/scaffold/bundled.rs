//! The policies that come with the program, and how each becomes one of our days.
//!
//! Dates are replaced where the YAML tree says they stand. In the text below the front matter only sentences that repeat
//! such a date word for word are brought up to date with it: the rows of a table of freezes, the month of issue.

use jiff::Span as TimeSpan;
use jiff::civil::Date;

use crate::diag::{Sink, suggest};
use crate::markdown;
use crate::model::{Day, parse_day};
use crate::source::{FileId, Span};
use crate::yaml::{self, Node};

/// A policy that comes with the program.
#[derive(Debug)]
pub struct Bundled {
    /// Its name, which is also its id.
    pub name: &'static str,
    text: &'static str,
}

/// All of them; the first suits most.
pub const BUNDLED: &[Bundled] = &[
    Bundled { name: "starter", text: include_str!("../../policies/starter.md") },
    Bundled { name: "five-stage", text: include_str!("../../policies/five-stage.md") },
    Bundled { name: "github-flow", text: include_str!("../../policies/github-flow.md") },
    Bundled { name: "git-native", text: include_str!("../../policies/git-native.md") },
    Bundled { name: "soc2-change", text: include_str!("../../policies/soc2-change.md") },
];

/// The name of the one a site starts with unless another is asked for.
pub const DEFAULT: &str = "starter";

/// How many days back a freeze may have begun that a new policy still names: the example change lies in that time.
const LOOK_BACK: i64 = 14;

impl Bundled {
    /// The one with this name.
    pub fn named(name: &str) -> Option<&'static Self> {
        BUNDLED.iter().find(|policy| policy.name == name)
    }

    /// Help for a name that none of them has.
    pub fn help(name: &str) -> String {
        suggest::help(name, BUNDLED.iter().map(|policy| policy.name))
    }

    /// Its text as of a day: approved, reviewed and in force `since`, with procedures and freezes of these years.
    pub(super) fn as_of(&self, today: Date, since: Date) -> String {
        let parts = markdown::split(self.text);
        let front = parts.front.expect("a bundled policy has front matter");
        let mut sink = Sink::new();
        let documents = yaml::parse(front.of(self.text), front.start as usize, FileId(0), &mut sink);
        let root = &documents.first().expect("the front matter of a bundled policy is a document").root;
        let mut edits = Edits { text: self.text, body: parts.body, list: Vec::new() };
        edits.effective(root, since);
        for path in [["approved", "at"], ["review", "last"]] {
            edits.set(follow(root, &path), since.to_string());
        }
        let section = |name| root.get("changes").and_then(|changes| changes.get(name));
        for procedure in section("procedures").and_then(Node::as_map).into_iter().flatten() {
            edits.procedure(&procedure.value, today);
        }
        if let Some(freezes) = section("freezes").and_then(Node::as_list) {
            edits.freezes(freezes, today);
        }
        edits.apply()
    }
}

fn follow<'n, 's>(root: &'n Node<'s>, path: &[&str]) -> Option<&'n Node<'s>> {
    path.iter().try_fold(root, |node, key| node.get(key))
}

/// The day a node says, with the node; nothing where it says none.
fn day<'n, 's>(node: Option<&'n Node<'s>>) -> Option<(&'n Node<'s>, Date)> {
    let node = node?;
    Some((node, parse_day(&node.as_scalar()?.text).ok()?))
}

/// The same day of another year; the last of February where that year has no leap day.
fn years_later(day: Date, years: i16) -> Date {
    day.saturating_add(TimeSpan::new().years(years))
}

/// Replacements in one text.
struct Edits<'t> {
    text: &'t str,
    body: Span,
    list: Vec<(Span, String)>,
}

impl Edits<'_> {
    /// Replaces a value, if it is there.
    fn set(&mut self, node: Option<&Node<'_>>, value: String) {
        self.list.extend(node.map(|node| (node.span, value)));
    }

    /// Replaces words of the body wherever they stand.
    fn reword(&mut self, old: &str, new: &str) {
        let body = self.body.of(self.text);
        let start = self.body.start as usize;
        let found = body.match_indices(old).map(|(at, _)| start + at);
        self.list.extend(found.map(|at| (Span::new(at, at + old.len()), new.to_owned())));
    }

    /// The day it takes effect. Where only the month was written, the text may name that month.
    fn effective(&mut self, root: &Node<'_>, since: Date) {
        let node = root.get("effective");
        let written = node.and_then(Node::as_scalar).map(|scalar| scalar.text.as_ref());
        if let Some(Ok(first)) = written.filter(|text| text.len() == 7).map(|month| parse_day(&format!("{month}-01"))) {
            self.reword(&month_of(first), &month_of(since));
        }
        self.set(node, since.to_string());
    }

    /// A procedure was approved on the latest such day of a year that is not after today; its other dates keep their
    /// distance in years.
    fn procedure(&mut self, procedure: &Node<'_>, today: Date) {
        let Some((_, approved)) = day(follow(procedure, &["approved", "at"])) else { return };
        let mut years = today.year() - approved.year();
        if years_later(approved, years) > today {
            years -= 1;
        }
        for path in [&["approved", "at"][..], &["tested"], &["until"]] {
            if let Some((node, day)) = day(follow(procedure, path)) {
                self.set(Some(node), years_later(day, years).to_string());
            }
        }
    }

    /// Freezes move by whole years, the first of them into the year of today, or into the last one in its first days.
    fn freezes(&mut self, freezes: &[Node<'_>], today: Date) {
        let first = freezes.iter().filter_map(|freeze| day(freeze.get("from"))).map(|(_, from)| from.year()).min();
        let Some(first) = first else { return };
        let years = today.saturating_sub(TimeSpan::new().days(LOOK_BACK)).year() - first;
        for freeze in freezes {
            let (Some(name), Some((from_node, from)), Some((until_node, until))) =
                (freeze.get("name"), day(freeze.get("from")), day(freeze.get("until")))
            else {
                continue;
            };
            let (new_from, new_until) = (years_later(from, years), years_later(until, years));
            self.set(Some(from_node), new_from.to_string());
            self.set(Some(until_node), new_until.to_string());
            let old_name = name.as_scalar().map_or("", |scalar| scalar.text.as_ref());
            let new_name = old_name.replace(&from.year().to_string(), &new_from.year().to_string());
            self.reword(&row(old_name, from, until), &row(&new_name, new_from, new_until));
            self.set(Some(name), new_name);
        }
    }

    /// The text with everything replaced.
    fn apply(mut self) -> String {
        self.list.sort_unstable_by_key(|(span, _)| *span);
        let mut text = String::with_capacity(self.text.len() + 64);
        let mut at = 0;
        for (span, new) in &self.list {
            text.push_str(&self.text[at..span.start as usize]);
            text.push_str(new);
            at = span.end as usize;
        }
        text.push_str(&self.text[at..]);
        text
    }
}

/// `March 2026`.
fn month_of(day: Date) -> String {
    let day = Day(day).to_string();
    day.split_once(' ').map_or_else(String::new, |(_, month)| month.to_owned())
}

/// A freeze as a table of the text names it.
fn row(name: &str, from: Date, until: Date) -> String {
    format!("| {name} | {} | {} |", Day(from), Day(until))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_policy_as_of_a_day_is_of_that_day() {
        let text = Bundled::named("starter").expect("the default").as_of(date(2031, 2, 3), date(2031, 2, 3));
        for part in [
            "\neffective: 2031-02-03\n",
            "\napproved: {by: engineering-lead, at: 2031-02-03}\n",
            "\nreview: {every: 12 months, last: 2031-02-03, after_incident: P2}\n",
            "\n      approved: {by: change-authority, at: 2030-03-18}\n      tested: 2030-03-13\n      until: 2032-03-31\n",
            "\n    - {name: Year end 2031, from: 2031-12-19, until: 2032-01-04, except: [emergency]}\n",
            "\n| Year end 2031 | 19 December 2031 | 4 January 2032 |\n",
        ] {
            assert!(text.contains(part), "{part}\n{text}");
        }
    }

    #[test]
    fn it_is_in_force_since_another_day_than_today() {
        let text = Bundled::named("starter").expect("the default").as_of(date(2031, 2, 3), date(2031, 1, 24));
        for part in [
            "\neffective: 2031-01-24\n",
            "\napproved: {by: engineering-lead, at: 2031-01-24}\n",
            "\nreview: {every: 12 months, last: 2031-01-24, after_incident: P2}\n",
            "\n    - {name: Year end 2031, from: 2031-12-19, until: 2032-01-04, except: [emergency]}\n",
        ] {
            assert!(text.contains(part), "{part}\n{text}");
        }
    }

    #[test]
    fn a_month_of_issue_follows_in_the_text() {
        let text = Bundled::named("soc2-change").expect("bundled").as_of(date(2031, 2, 3), date(2031, 2, 3));
        assert!(text.contains("version 1.0, February 2031."));
        assert!(text.contains("| 1.0 | February 2031 |"));
    }

    #[test]
    fn nothing_else_changes() {
        for policy in BUNDLED {
            let (old, new) = (policy.text, policy.as_of(date(2031, 2, 3), date(2031, 2, 3)));
            assert_eq!(old.lines().count(), new.lines().count(), "{}", policy.name);
            for (old, new) in old.lines().zip(new.lines()).filter(|(old, new)| old != new) {
                let wordless =
                    |line: &str| line.chars().filter(|c| !c.is_ascii_digit() && *c != '-').collect::<String>();
                let same =
                    wordless(old) == wordless(new) || old.contains("March 2026") || old.contains("effective: 2026-03");
                assert!(same, "{}: {old} → {new}", policy.name);
            }
        }
    }

    #[test]
    fn no_old_year_is_left_in_a_text() {
        for policy in BUNDLED {
            let new = policy.as_of(date(2071, 2, 3), date(2071, 2, 3));
            for year in 2020..2060 {
                // Instants stand only in the examples of rules, which are of no year.
                let left =
                    new.match_indices(&year.to_string()).find(|(at, _)| new.as_bytes().get(at + 10) != Some(&b'T'));
                assert_eq!(left, None, "{} still says {year}", policy.name);
            }
        }
    }
}
